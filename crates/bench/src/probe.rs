//! For work on the deeds themselves: what each costs the writer's thread. Processor time, unlike
//! the time on the clock, says much the same on a busy machine; a profiler can look on. It runs
//! only when it is asked for by name.

use crate::deeds::{exchange, prepare, refund};
use crate::measure::{Folder, Run};
use crate::table::{Figures, Line};
use crate::{Extent, Trouble, desk, transfer};
use prorata_store::Store;

const CLIENTS: usize = 32;
const CUSTOMERS: usize = 128;
const DEEDS: usize = 20_000;

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("probe")?;
    let count = extent.of(DEEDS);
    let (mut refunds, mut exchanges, mut bare) =
        (Costs::default(), Costs::default(), Costs::default());
    for repetition in 0..extent.repetitions {
        let app = desk::open(Store::open(&folder.file(&format!("{repetition}.db")))?)?;
        let prepared = prepare(&app, CUSTOMERS, count)?;
        let people = &prepared.customers;
        refunds.add(|| refund(&app, people, &prepared.refunds, CLIENTS))?;
        exchanges.add(|| exchange(&app, people, &prepared.exchanges, CLIENTS))?;
        eprintln!("  verify: {}", desk::verify(&app)?);
        app.store.close();
        let store = transfer::store(&folder.file(&format!("bare-{repetition}.db")))?;
        bare.add(|| transfer::through_store(&store, count, CLIENTS))?;
        store.close();
    }
    let reference = "a bare transfer";
    let mut lines = Vec::new();
    for (what, costs) in [("refund", refunds), ("exchange", exchanges)] {
        lines.push(
            Line::new(format!("writer's time for a {what}"), "us", costs.time)
                .beside(reference, bare.time.clone()),
        );
        lines.push(
            Line::new(format!("written for a {what}"), "KB", costs.written)
                .beside(reference, bare.written.clone()),
        );
    }
    Ok(lines)
}

/// What a run cost the writer's thread, for each deed.
#[derive(Default)]
struct Costs {
    /// Microseconds of processor time.
    time: Figures,
    /// KB handed to the file system: the log, with whole pages.
    written: Figures,
}

impl Costs {
    fn add(&mut self, run: impl FnOnce() -> Result<Run, Trouble>) -> Result<(), Trouble> {
        let (time, bytes) = writer()?;
        let run = run()?;
        eprintln!("  {:.0}/s, p99 {:.1} ms", run.per_second(), run.wait(990));
        let (time_after, bytes_after) = writer()?;
        self.time.push((time_after - time) / 1e3 / run.done as f64);
        self.written.push((bytes_after - bytes) / 1e3 / run.done as f64);
        Ok(())
    }
}

/// Nanoseconds that the writers' threads of this program have run, and bytes that they have
/// written; those that ended count no more.
fn writer() -> Result<(f64, f64), Trouble> {
    let (mut time, mut bytes) = (0.0, 0.0);
    for thread in std::fs::read_dir("/proc/self/task")? {
        let thread = thread?.path();
        // A thread may end while it is looked at.
        let Ok(name) = std::fs::read_to_string(thread.join("comm")) else { continue };
        if name.trim() != "store-write" {
            continue;
        }
        let stat = std::fs::read_to_string(thread.join("schedstat"))?;
        time += stat.split_whitespace().next().ok_or("no schedstat")?.parse::<f64>()?;
        let io = std::fs::read_to_string(thread.join("io"))?;
        let wchar = io.lines().find_map(|line| line.strip_prefix("wchar: ")).ok_or("no wchar")?;
        bytes += wchar.parse::<f64>()?;
    }
    Ok((time, bytes))
}
