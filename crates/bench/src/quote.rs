//! A large desk: 100 000 reservations of one tenant. What a quote costs at a steady rate, the first
//! page of the list, start-up and memory.

use crate::client::Address;
use crate::http::verified;
use crate::measure::{Folder, Run, runtime};
use crate::server::{DATABASE, Server};
use crate::table::{Figures, Goal, Line};
use crate::{Extent, Trouble, desk};
use prorata_store::Store;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, mpsc};

const RESERVATIONS: usize = 100_000;
const A_SECOND: u32 = 500;
const SECONDS: usize = 20;
/// More connections than are ever busy at once, so that the schedule is kept.
const CONNECTIONS: usize = 64;
const PAGES: usize = 200;
const VERSION: &str = "api-version=2022-11-01";
const JSON: &str = "application/json";

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let (folder, bare) = (Folder::make("quote")?, Folder::make("empty")?);
    let database = folder.file(DATABASE);
    let customers = desk::customers(1);
    let app = desk::open(Store::open(&database)?)?;
    desk::settle(&app, &customers)?;
    let held = desk::buy(&app, &customers, extent.of(RESERVATIONS))?;
    desk::keep_time(&app)?;
    app.store.close();
    drop(app);
    eprintln!("  {} reservations were bought", held.len());

    let mut figures: [Figures; 8] = Default::default();
    let [quotes, health, pages, orders, ready, ready_empty, memory, memory_empty] = &mut figures;
    let count = A_SECOND as usize * extent.of(SECONDS);
    for repetition in 0..extent.repetitions {
        // The files of an authority are made at the first start, which is not every start.
        Server::start(bare.path())?.stop()?;
        let empty = Server::start(bare.path())?;
        ready_empty.push(empty.ready_in.as_secs_f64() * 1e3);
        memory_empty.push(empty.resident()?);
        empty.stop()?;
        if repetition == 0 {
            Server::start(folder.path())?.stop()?;
        }
        let server = Server::start(folder.path())?;
        ready.push(server.ready_in.as_secs_f64() * 1e3);
        let token = &server.tokens(&customers)?[0];
        let address = &server.address;

        let asks = (0..count).map(|number| {
            // All over the table, the same in every run.
            let bought = &held[number.wrapping_mul(7_919) % held.len()];
            let order = format!("/providers/Microsoft.Capacity/reservationOrders/{}", bought.order);
            let body = serde_json::json!({ "id": order, "properties": {
                "scope": "Reservation",
                "reservationToReturn": {
                    "reservationId": format!("{order}/reservations/{}", bought.reservation),
                    "quantity": 1 + number % 2,
                },
            }});
            let path = format!("{order}/calculateRefund?{VERSION}");
            address.request("POST", &path, token, JSON, &body.to_string())
        });
        quotes.push(at_a_rate(address, asks.collect())?.wait(990));
        let healthy = vec![address.request("GET", "/healthz", "", JSON, ""); count];
        health.push(at_a_rate(address, healthy)?.wait(990));

        let list = format!("/providers/Microsoft.Capacity/reservations?{VERSION}");
        let list = address.request("GET", &list, token, JSON, "");
        pages.push(in_turn(address, &list, PAGES)?.wait(990));
        let order =
            format!("/providers/Microsoft.Capacity/reservationOrders/{}?{VERSION}", held[0].order);
        let order = address.request("GET", &order, token, JSON, "");
        orders.push(in_turn(address, &order, PAGES)?.wait(990));
        memory.push(server.resident()?);
        server.stop()?;
    }
    eprintln!("  verify: {}", verified(folder.path())?);

    let [quotes, health, pages, orders, ready, ready_empty, memory, memory_empty] = figures;
    Ok(vec![
        Line::new(format!("calculateRefund at {A_SECOND}/s, p99"), "ms", quotes)
            .goal(Goal::Below(5.0))
            .beside("GET /healthz at the same rate, p99", health),
        Line::new(format!("first page of {} reservations, p99", held.len()), "ms", pages)
            .goal(Goal::Below(20.0))
            .beside("GET of one order, p99", orders),
        Line::new("start-up with them", "ms", ready)
            .goal(Goal::Below(200.0))
            .beside("with an empty database", ready_empty),
        Line::new("resident memory with them, after all this", "MB", memory)
            .goal(Goal::Below(150.0))
            .beside("fresh, with an empty database", memory_empty),
    ])
}

/// Sends requests by a fixed schedule, whether earlier ones were answered or not. Each wait counts
/// from the scheduled instant, so a stall is felt by all that fall into it.
fn at_a_rate(address: &Address, requests: Vec<Vec<u8>>) -> Result<Run, Trouble> {
    let runtime = runtime()?;
    let (send, receive) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let receive = Arc::new(Mutex::new(receive));
    let count = requests.len();
    let tasks = runtime.block_on(async {
        let mut tasks = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let mut connection = address.connect().await?;
            let receive = Arc::clone(&receive);
            tasks.push(runtime.spawn(async move {
                let mut waits: Vec<Duration> = Vec::new();
                loop {
                    let Some((due, request)) = receive.lock().await.recv().await else { break };
                    connection.expect(&request, 200).await?;
                    waits.push(due.elapsed());
                }
                Ok::<_, Trouble>(waits)
            }));
        }
        Ok::<_, Trouble>(tasks)
    })?;
    let started = Instant::now();
    let step = Duration::from_secs(1) / A_SECOND;
    for (number, request) in (0..).zip(requests) {
        let due = started + step * number;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        send.send((due, request))?;
    }
    drop(send);
    let waits = runtime.block_on(async {
        let mut waits = Vec::with_capacity(count);
        for task in tasks {
            waits.extend(task.await??);
        }
        Ok::<_, Trouble>(waits)
    })?;
    Ok(Run::new(started.elapsed(), waits))
}

/// The same request again and again on one connection.
fn in_turn(address: &Address, request: &[u8], count: usize) -> Result<Run, Trouble> {
    runtime()?.block_on(async {
        let mut connection = address.connect().await?;
        let started = Instant::now();
        let mut waits = Vec::with_capacity(count);
        for _ in 0..count {
            let asked = Instant::now();
            connection.expect(request, 200).await?;
            waits.push(asked.elapsed());
        }
        Ok(Run::new(started.elapsed(), waits))
    })
}
