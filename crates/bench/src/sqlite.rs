//! Durable deeds per second on SQLite, in process.

use crate::deeds::{exchange, prepare, refund};
use crate::measure::{Folder, Run, Runs};
use crate::table::{Goal, Line};
use crate::{Extent, Trouble, desk, transfer};
use prorata_app::App;
use prorata_store::Store;
use std::time::Duration;

/// Clients at once, and how many deeds they do in all.
const POINTS: [(usize, usize); 4] = [(1, 4_000), (8, 12_000), (32, 20_000), (128, 20_000)];
const CUSTOMERS: usize = 128;
const GOAL_AT: usize = 32;

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("sqlite")?;
    let filled = folder.file("filled.db");
    let most = POINTS.iter().map(|(_, deeds)| *deeds).max().unwrap_or_default();
    let app = desk::open(Store::open(&filled)?)?;
    let prepared = prepare(&app, CUSTOMERS, extent.of(most))?;
    eprintln!("  prepared {} deeds of each kind", extent.of(most));
    app.store.close();
    drop(app);

    let mut lines = Vec::new();
    let mut last = None;
    for (at_once, deeds) in POINTS {
        let count = extent.of(deeds);
        let (mut refunds, mut exchanges) = (Runs::default(), Runs::default());
        let (mut bare, mut alone) = (Runs::default(), Runs::default());
        for repetition in 0..extent.repetitions {
            let name = |what: &str| folder.file(&format!("{what}-{at_once}-{repetition}.db"));
            let people = &prepared.customers;
            let run = on_copy(&filled, &name("refund"), |app| {
                refund(app, people, &prepared.refunds[..count], at_once)
            })?;
            refunds.add(&run);
            let file = name("exchange");
            let run = on_copy(&filled, &file, |app| {
                exchange(app, people, &prepared.exchanges[..count], at_once)
            })?;
            exchanges.add(&run);
            last = Some(file);
            let store = transfer::store(&name("bare"))?;
            bare.add(&transfer::through_store(&store, count, at_once)?);
            store.close();
            let patience = Duration::from_secs(10);
            alone.add(&transfer::by_connection(&name("alone"), count, at_once, patience)?);
        }
        let goal =
            |line: Line| if at_once == GOAL_AT { line.goal(Goal::Above(15_000.0)) } else { line };
        let clients =
            if at_once == 1 { "1 client".to_owned() } else { format!("{at_once} clients") };
        for (what, runs) in [("refunds", refunds), ("exchanges", exchanges)] {
            lines.push(goal(
                Line::new(format!("SQLite {what}, {clients}"), "/s", runs.per_second)
                    .beside("bare transfers with group commit", bare.per_second.clone()),
            ));
            lines.push(
                Line::new(format!("  p99 wait, {clients}"), "ms", runs.p99)
                    .beside("bare transfers with group commit", bare.p99.clone()),
            );
            lines.push(
                Line::new(format!("  longest wait, {clients}"), "ms", runs.longest)
                    .beside("bare transfers, a connection per client", alone.longest.clone()),
            );
        }
        lines.push(
            Line::new(format!("bare transfers, {clients}"), "/s", bare.per_second)
                .beside("a connection per client", alone.per_second),
        );
    }
    if let Some(file) = last {
        let app = desk::open(Store::open(&file)?)?;
        eprintln!("  verify after the last run: {}", desk::verify(&app)?);
    }
    Ok(lines)
}

/// Runs something on a copy of a filled database.
pub fn on_copy(
    filled: &str,
    copy: &str,
    run: impl FnOnce(&App) -> Result<Run, Trouble>,
) -> Result<Run, Trouble> {
    std::fs::copy(filled, copy)?;
    // The copy's own pages are not to be written out while the deeds are measured.
    std::fs::File::open(copy)?.sync_all()?;
    let app = desk::open(Store::open(copy)?)?;
    let run = run(&app)?;
    app.store.close();
    Ok(run)
}
