//! The portal at a large desk: 100 000 reservations of 1 000 customers. What the server takes for
//! each page and for each way to look at the list, for an agent who sees all of it and for somebody
//! who sees one customer; and how heavy a page is with all that belongs to it.

use crate::client::{Address, Connection};
use crate::desk::{self, Bought, Customer};
use crate::measure::{Folder, Run, runtime};
use crate::server::{DATABASE, Server};
use crate::table::{Figures, Goal, Line};
use crate::{Extent, Trouble};
use prorata_app::sessions::{self, Proof};
use prorata_app::{App, Origin};
use prorata_store::Store;
use std::time::Instant;

const RESERVATIONS: usize = 100_000;
const CUSTOMERS: usize = 1_000;
/// Times that a page is asked for.
const ASKED: usize = 300;
/// So much shorter is the list's goal than what a person notices.
const LIST_MS: f64 = 10.0;
const OTHERS_MS: f64 = 5.0;
const PAGE_KB: f64 = 150.0;

/// Ways to look at the list: unfiltered, sorted by each column both ways, narrowed down, searched,
/// and far behind.
const LISTS: [(&str, &str); 22] = [
    ("as it opens", ""),
    ("all", "?show=all"),
    ("ended", "?show=ended"),
    ("by name", "?show=all&sort=name"),
    ("by name, down", "?show=all&sort=-name"),
    ("by product", "?show=all&sort=product"),
    ("by region, down", "?show=all&sort=-region"),
    ("by quantity", "?show=all&sort=quantity"),
    ("by term", "?show=all&sort=-term"),
    ("by status", "?show=all&sort=status"),
    ("by scope", "?show=all&sort=scope"),
    ("by renewal", "?show=all&sort=renewal"),
    ("by expiry, down", "?show=all&sort=-expires"),
    ("by customer", "?show=all&sort=customer"),
    ("in groups", "?show=all&group=customer&sort=-quantity"),
    ("of one customer", "?customer=customer%20777"),
    ("of a type and region", "?type=VirtualMachines&region=westeurope&term=P1Y"),
    ("of a scope, renewed or not", "?scope=shared&renew=off"),
    ("expiring within a year", "?within=365&sort=name"),
    ("searched by a name", "?q=web"),
    ("searched by a rare name", "?q=web%2077777"),
    ("searched for nothing", "?q=nothing%20is%20called%20so"),
];

/// Other pages of the portal, of who holds one customer's reservations.
const PAGES: [(&str, &str); 21] = [
    ("home", "/"),
    ("customers", "/customers"),
    ("a reservation", "/reservations/{item}"),
    ("its access", "/reservations/{item}/access"),
    ("its configuration", "/reservations/{item}/configuration"),
    ("its history", "/reservations/{item}/history"),
    ("its payments", "/reservations/{item}/payments"),
    ("its decisions", "/reservations/{item}/decisions"),
    ("a refund", "/reservations/{item}/refund"),
    ("an exchange of one", "/exchange?give={item}"),
    ("an exchange", "/exchange"),
    ("buying", "/buy"),
    ("a trade-in of one", "/trade-in?give={item}"),
    ("a trade-in", "/trade-in"),
    ("savings plans", "/savings-plans"),
    ("requests", "/requests"),
    ("support", "/support"),
    ("policy", "/policy"),
    ("what-if", "/what-if?of={item}&do=refund&quantity=1"),
    ("audit", "/audit"),
    ("account", "/account"),
];

/// Those of them that are about all customers, of an agent who has them all.
const PAGES_OF_ALL: [(&str, &str); 3] = [
    ("home of all customers", "/"),
    ("customers, all", "/customers"),
    ("customers, searched", "/customers?q=7"),
];

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("page")?;
    let customers = desk::customers(extent.of(CUSTOMERS));
    let app = desk::open(Store::open(&folder.file(DATABASE))?)?;
    desk::settle_as(&app, &customers, "csp")?;
    let held = desk::buy(&app, &customers, extent.of(RESERVATIONS))?;
    let agent = desk::sell(&app, &customers)?;
    let owner = &customers[held[0].customer];
    desk::own(&app, owner, held[0].customer as u128 + 1)?;
    let (all, one) = (sign_in(&app, &agent)?, sign_in(&app, owner)?);
    desk::keep_time(&app)?;
    app.store.close();
    drop(app);
    eprintln!("  {} reservations of {} customers", held.len(), customers.len());

    let server = Server::start(folder.path())?;
    let times = extent.repetitions;
    let mut lines = lists(&server.address, &all, &one, times)?;
    lines.extend(others(&server.address, &all, &held[0], &PAGES_OF_ALL, times)?);
    lines.extend(others(&server.address, &one, &held[0], &PAGES, times)?);
    lines.push(weight(&server.address, &all)?);
    server.stop()?;
    Ok(lines)
}

/// A session of somebody's, as their browser holds it.
fn sign_in(app: &App, who: &Customer) -> Result<String, Trouble> {
    let caller = who.caller.clone();
    let begun = app.write(move |tx, app| {
        sessions::begin(tx, app, &caller, Proof::Secret, &Origin::default())
    })?;
    Ok(format!("__Host-prorata={}", begun.cookie))
}

/// The list for who sees all, each way beside the answer that takes least; then for who sees one
/// customer.
fn lists(address: &Address, all: &str, one: &str, times: usize) -> Result<Vec<Line>, Trouble> {
    let health = address.page("/healthz", "", false);
    let mut lines = Vec::new();
    for (who, cookie) in [("all", all), ("one customer", one)] {
        for (name, query) in LISTS {
            let path = format!("/reservations{query}");
            let runs = in_turns(address, &address.page(&path, cookie, true), times)?;
            let beside = in_turns(address, &health, times)?;
            let line = |part, reference, thousandths| {
                let title = format!("list, {who}: {name}, {part}");
                Line::new(title, "ms", waits(&runs, thousandths))
                    .beside(reference, waits(&beside, thousandths))
            };
            let (usual, longest) = (waits(&runs, 500), waits(&runs, 990));
            eprintln!("  {who}: {name}: {:.2} / {:.2} ms", usual.median(), longest.median());
            lines.push(line("p99", "GET /healthz in turn, p99", 990).goal(Goal::Below(LIST_MS)));
            if query.is_empty() {
                lines.push(line("p50", "GET /healthz in turn, p50", 500));
            }
        }
    }
    Ok(lines)
}

fn others(
    address: &Address,
    cookie: &str,
    held: &Bought,
    pages: &[(&str, &str)],
    times: usize,
) -> Result<Vec<Line>, Trouble> {
    let item = format!("{}/{}", held.order, held.reservation);
    let health = in_turns(address, &address.page("/healthz", "", false), times)?;
    let mut lines = Vec::new();
    for (name, path) in pages {
        let path = path.replace("{item}", &item);
        let request = address.page(&path, cookie, true);
        let found = status(address, &request)?;
        if found != 200 {
            return Err(format!("{found} at {path}").into());
        }
        let runs = in_turns(address, &request, times)?;
        let (usual, longest) = (waits(&runs, 500), waits(&runs, 990));
        eprintln!("  {name}: {:.2} / {:.2} ms", usual.median(), longest.median());
        lines.push(
            Line::new(format!("{name}, p99"), "ms", longest)
                .goal(Goal::Below(OTHERS_MS))
                .beside("GET /healthz in turn, p99", waits(&health, 990)),
        );
    }
    Ok(lines)
}

/// What a browser fetches for the first page that it ever sees: the page and the files that it
/// names, as they travel.
fn weight(address: &Address, cookie: &str) -> Result<Line, Trouble> {
    let kilobytes = runtime()?.block_on(async {
        let mut connection = address.connect().await?;
        let plain = address.page("/reservations", cookie, false);
        let text = String::from_utf8(connection.expect(&plain, 200).await?.body.to_vec())?;
        let mut names: Vec<&str> =
            text.split(['"', '\'']).filter(|text| text.starts_with("/assets/")).collect();
        names.sort_unstable();
        names.dedup();
        let mut bytes = length(&mut connection, address, "/reservations", cookie).await?;
        for name in names {
            bytes += length(&mut connection, address, name, cookie).await?;
        }
        Ok::<_, Trouble>(bytes as f64 / 1e3)
    })?;
    Ok(Line::new("the list with all its files, as it travels", "kB", Figures::of([kilobytes]))
        .goal(Goal::Below(PAGE_KB)))
}

async fn length(
    connection: &mut Connection,
    address: &Address,
    path: &str,
    cookie: &str,
) -> Result<usize, Trouble> {
    Ok(connection.expect(&address.page(path, cookie, true), 200).await?.body.len())
}

fn status(address: &Address, request: &[u8]) -> Result<u16, Trouble> {
    runtime()?.block_on(async {
        let mut connection = address.connect().await?;
        Ok(connection.send(request).await?.status)
    })
}

/// The same request in several runs.
fn in_turns(address: &Address, request: &[u8], times: usize) -> Result<Vec<Run>, Trouble> {
    (0..times).map(|_| in_turn(address, request)).collect()
}

/// What a part of the requests of each run took at most.
fn waits(runs: &[Run], thousandths: usize) -> Figures {
    Figures::of(runs.iter().map(|run| run.wait(thousandths)))
}

/// The same request again and again on one connection, after a few that warm it up.
fn in_turn(address: &Address, request: &[u8]) -> Result<Run, Trouble> {
    runtime()?.block_on(async {
        let mut connection = address.connect().await?;
        for _ in 0..10 {
            connection.expect(request, 200).await?;
        }
        let started = Instant::now();
        let mut waits = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let asked = Instant::now();
            connection.expect(request, 200).await?;
            waits.push(asked.elapsed());
        }
        Ok(Run::new(started.elapsed(), waits))
    })
}
