//! The deeds through HTTP with TLS, against the real server. The clients are light but share the
//! cores with it; the reference, asked through the same clients, says what the way there costs.

use crate::client::Address;
use crate::deeds::prepare;
use crate::measure::{Folder, Run, Runs, Waits, clients, deal};
use crate::server::{DATABASE, Server};
use crate::table::{Goal, Line};
use crate::{Extent, Trouble, desk};
use prorata_store::Store;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const CLIENTS: usize = 64;
const CUSTOMERS: usize = 128;
const DEEDS: usize = 16_000;
const VERSION: &str = "api-version=2022-11-01";
const JSON: &str = "application/json";

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("http")?;
    let filled = folder.file("filled.db");
    let deeds = extent.of(DEEDS);
    let app = desk::open(Store::open(&filled)?)?;
    let prepared = prepare(&app, CUSTOMERS, deeds)?;
    desk::keep_time(&app)?;
    app.store.close();
    drop(app);
    eprintln!("  prepared {deeds} deeds of each kind");

    let (mut refunds, mut exchanges) = (Runs::default(), Runs::default());
    let (mut health, mut shown) = (Runs::default(), Runs::default());
    let mut data = folder.path().to_owned();
    for repetition in 0..extent.repetitions {
        data = folder.path().join(format!("data-{repetition}"));
        std::fs::create_dir_all(&data)?;
        let database = data.join(DATABASE);
        std::fs::copy(&filled, &database)?;
        std::fs::File::open(&database)?.sync_all()?;
        let server = Server::start(&data)?;
        let tokens = server.tokens(&prepared.customers)?;
        let address = &server.address;

        let ask = address.request("GET", "/healthz", "", JSON, "");
        health.add(&run(address, vec![ask; deeds], 200)?);
        let reads = prepared.refunds.iter().map(|refund| {
            let path = format!("{}?{VERSION}", order(&refund.deed));
            address.request("GET", &path, &tokens[refund.customer], JSON, "")
        });
        shown.add(&run(address, reads.collect(), 200)?);
        let returns = prepared.refunds.iter().map(|refund| {
            let (order, deed) = (order(&refund.deed), &refund.deed);
            let body = serde_json::json!({ "properties": {
                "sessionId": deed.session.to_string(),
                "scope": "Reservation",
                "returnReason": deed.reason,
                "reservationToReturn": {
                    "reservationId": format!("{order}/reservations/{}", deed.reservation),
                    "quantity": deed.quantity,
                },
            }});
            let path = format!("{order}/return?{VERSION}");
            address.request("POST", &path, &tokens[refund.customer], JSON, &body.to_string())
        });
        refunds.add(&run(address, returns.collect(), 202)?);
        let changes = prepared.exchanges.iter().map(|exchange| {
            let session = exchange.session.to_string();
            let body = serde_json::json!({ "properties": { "sessionId": session } });
            let path = format!("/providers/Microsoft.Capacity/exchange?{VERSION}");
            address.request("POST", &path, &tokens[exchange.customer], JSON, &body.to_string())
        });
        exchanges.add(&run(address, changes.collect(), 202)?);
        server.stop()?;
    }
    eprintln!("  verify after the last run: {}", verified(&data)?);

    let way = "GET /healthz";
    let mut lines = Vec::new();
    for (what, runs) in [("refunds", refunds), ("exchanges", exchanges)] {
        lines.push(
            Line::new(format!("HTTP {what}, {CLIENTS} clients"), "/s", runs.per_second)
                .goal(Goal::Above(5_000.0))
                .beside(way, health.per_second.clone()),
        );
        lines.push(Line::new("  p99 wait", "ms", runs.p99).beside(way, health.p99.clone()));
        lines.push(
            Line::new("  longest wait", "ms", runs.longest)
                .goal(Goal::Below(100.0))
                .beside(way, health.longest.clone()),
        );
    }
    lines.push(
        Line::new(format!("HTTP orders shown, {CLIENTS} clients"), "/s", shown.per_second)
            .beside(way, health.per_second),
    );
    Ok(lines)
}

/// The path of a deed's order.
fn order(deed: &prorata_app::refund::Deed) -> String {
    format!("/providers/Microsoft.Capacity/reservationOrders/{}", deed.order)
}

/// Sends requests on kept connections, one after the other on each.
pub fn run(address: &Address, requests: Vec<Vec<u8>>, status: u16) -> Result<Run, Trouble> {
    let ready = Arc::new(tokio::sync::Barrier::new(CLIENTS + 1));
    let work = deal(requests, CLIENTS).into_iter().map(|requests| {
        let (address, ready) = (address.clone(), Arc::clone(&ready));
        move |mut waits: Waits| async move {
            let connected = address.connect().await;
            ready.wait().await;
            let mut connection = connected?;
            for request in requests {
                let asked = Instant::now();
                connection.expect(&request, status).await?;
                waits.since(asked);
            }
            Ok(waits)
        }
    });
    let started = Arc::clone(&ready);
    let all_ready = async move {
        started.wait().await;
    };
    clients(work.collect(), all_ready)
}

/// Opens what the stopped server left and checks every law over it.
pub fn verified(data: &Path) -> Result<String, Trouble> {
    let database = data.join(DATABASE).display().to_string();
    let app = desk::open(Store::open(&database)?)?;
    desk::verify(&app)
}
