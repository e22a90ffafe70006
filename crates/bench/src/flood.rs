//! Good calls beside a flood of bad tokens. Both come at a rate of their own, whatever the server
//! answers: each wait counts from the instant at which its call was due, so that a server that
//! falls behind is not asked less. The reference is the same good calls, in the same run, with
//! nothing beside them.

use crate::client::Address;
use crate::deeds::prepare;
use crate::measure::{Folder, Run, runtime};
use crate::server::{DATABASE, Server};
use crate::table::{Figures, Goal, Line};
use crate::{Extent, Trouble, desk};
use prorata_store::Store;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

const GOOD_PER_SECOND: usize = 200;
const GOOD_CONNECTIONS: usize = 16;
const SECONDS: usize = 10;
const BAD: usize = 10_000;
const BAD_CONNECTIONS: usize = 64;
const JSON: &str = "application/json";

/// One stream of requests: when each is due, and what it may be answered.
struct Stream {
    address: Address,
    requests: Vec<Vec<u8>>,
    connections: usize,
    every: Duration,
    statuses: &'static [u16],
}

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("flood")?;
    let app = desk::open(Store::open(&folder.file(DATABASE))?)?;
    let prepared = prepare(&app, 8, extent.of(800))?;
    app.store.close();
    drop(app);
    let server = Server::start_in_earnest(folder.path())?;
    let tokens = server.tokens(&prepared.customers)?;
    let address = &server.address;
    let good: Vec<Vec<u8>> = prepared
        .refunds
        .iter()
        .map(|refund| {
            let order = refund.deed.order;
            let path = format!(
                "/providers/Microsoft.Capacity/reservationOrders/{order}?api-version=2022-11-01"
            );
            address.request("GET", &path, &tokens[refund.customer], JSON, "")
        })
        .collect();
    let calls = GOOD_PER_SECOND * SECONDS;
    let good = || Stream {
        address: address.clone(),
        requests: good.iter().cycle().take(calls).cloned().collect(),
        connections: GOOD_CONNECTIONS,
        every: Duration::from_secs(1) / GOOD_PER_SECOND as u32,
        statuses: &[200],
    };
    let flood = |round: usize| Stream {
        address: address.clone(),
        requests: bad(address, &tokens[0], round),
        connections: BAD_CONNECTIONS,
        every: Duration::from_secs(SECONDS as u64) / BAD as u32,
        statuses: &[401, 429],
    };
    play(good())?;
    let (mut quiet, mut flooded, mut ratio) =
        (Figures::default(), Figures::default(), Figures::default());
    for round in 0..extent.repetitions {
        let alone = play(good())?.wait(990);
        let beside = flood(round);
        let flooding = std::thread::spawn(move || play(beside));
        let together = play(good())?.wait(990);
        let turned_away = flooding.join().map_err(|_| "the flood broke off")??;
        eprintln!(
            "  p99 {alone:.2} ms alone, {together:.2} ms beside {} bad tokens in {:.1} s",
            turned_away.done,
            turned_away.took.as_secs_f64()
        );
        quiet.push(alone);
        flooded.push(together);
        ratio.push(together / alone);
    }
    server.stop()?;
    let name = format!("good calls beside {BAD} bad tokens in {SECONDS} s, p99");
    Ok(vec![
        Line::new(name, "ms", flooded).beside("the same calls alone", quiet),
        Line::new("  times what it is alone", "", ratio).goal(Goal::Below(2.0)),
    ])
}

/// Bad tokens, no two alike: signed by nobody with our key's name, of no algorithm, with another
/// key's name, too long, and no token at all.
fn bad(address: &Address, token: &str, round: usize) -> Vec<Vec<u8>> {
    let (body, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let (header, claims) = body.split_once('.').unwrap_or((body, ""));
    let path = "/providers/Microsoft.Capacity/reservationOrders?api-version=2022-11-01";
    let forged = |number: usize| {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = write!(text, "{round:04x}{number:08x}");
        let changed = &signature[text.len().min(signature.len())..];
        match number % 5 {
            0 | 1 => format!("{header}.{claims}.{text}{changed}"),
            2 => format!("eyJhbGciOiJub25lIn0.{claims}.{text}"),
            3 => format!("eyJhbGciOiJFUzI1NiIsImtpZCI6Im5vYm9keSJ9.{claims}.{text}{changed}"),
            _ => format!("{text}{}", "x".repeat(8 << 10)),
        }
    };
    (0..BAD).map(|number| address.request("GET", path, &forged(number), JSON, "")).collect()
}

/// Sends each request when it is due, in turn on so many kept connections.
fn play(stream: Stream) -> Result<Run, Trouble> {
    runtime()?.block_on(async {
        let mut lanes: Vec<Vec<(u32, Vec<u8>)>> = vec![Vec::new(); stream.connections];
        for (number, request) in stream.requests.into_iter().enumerate() {
            lanes[number % stream.connections].push((number as u32, request));
        }
        let ready = Arc::new(tokio::sync::Barrier::new(stream.connections));
        let mut tasks = Vec::new();
        for lane in lanes {
            let (address, ready) = (stream.address.clone(), Arc::clone(&ready));
            let (every, statuses) = (stream.every, stream.statuses);
            tasks.push(tokio::spawn(async move {
                let connected = address.connect().await;
                ready.wait().await;
                let (start, mut connection) = (Instant::now(), connected?);
                let mut waits = Vec::with_capacity(lane.len());
                for (number, request) in lane {
                    let due = start + every * number;
                    tokio::time::sleep_until(due.into()).await;
                    let status = connection.send(&request).await?.status;
                    if !statuses.contains(&status) {
                        return Err(format!("{status} in place of {statuses:?}").into());
                    }
                    waits.push(due.elapsed());
                }
                Ok::<_, Trouble>(waits)
            }));
        }
        let started = Instant::now();
        let mut waits = Vec::new();
        for task in tasks {
            waits.extend(task.await??);
        }
        Ok(Run::new(started.elapsed(), waits))
    })
}
