//! Processor time of a deed on SQLite, by thread: what a deed costs, also on a busy machine.

use crate::deeds::{exchange, prepare, refund};
use crate::measure::{Folder, Run};
use crate::sqlite::on_copy;
use crate::table::{Figures, Line};
use crate::{Extent, Trouble, desk};
use prorata_store::Store;

const CLIENTS: usize = 32;
const CUSTOMERS: usize = 128;
const DEEDS: usize = 20_000;

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("cost")?;
    let filled = folder.file("filled.db");
    let app = desk::open(Store::open(&filled)?)?;
    let prepared = prepare(&app, CUSTOMERS, extent.of(DEEDS))?;
    app.store.close();
    let people = &prepared.customers;
    let (mut refunds, mut exchanges) = (Vec::new(), Vec::new());
    for repetition in 0..extent.repetitions {
        let file = |what: &str| folder.file(&format!("{what}-{repetition}.db"));
        refunds.push(on_copy(&filled, &file("refund"), |app| {
            refund(app, people, &prepared.refunds, CLIENTS)
        })?);
        exchanges.push(on_copy(&filled, &file("exchange"), |app| {
            exchange(app, people, &prepared.exchanges, CLIENTS)
        })?);
    }
    let mut lines = Vec::new();
    for (what, runs) in [("refund", refunds), ("exchange", exchanges)] {
        let each = |thread: &str| {
            let micros = |run: &Run| run.cpu.of(thread) * 1e6 / run.done as f64;
            Figures::of(runs.iter().map(micros))
        };
        for (thread, name) in [
            ("the writer", "store-write"),
            ("the readers", "store-read"),
            // The system keeps but the first letters of a name.
            ("checkpoints", "store-check"),
            ("clients", "tokio"),
            ("all threads", ""),
        ] {
            lines.push(Line::new(format!("a {what}: {thread}"), "us", each(name)));
        }
        let per_second = Figures::of(runs.iter().map(Run::per_second));
        lines.push(Line::new(format!("  {what}s by the clock"), "/s", per_second));
    }
    Ok(lines)
}
