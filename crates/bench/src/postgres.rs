//! The deeds on PostgreSQL, beside what pgbench's simple update reaches on the same server in the
//! same run. The server is thrown away afterwards; every commit is on its disk.

#[path = "../../testkit/src/postgres.rs"]
#[expect(dead_code, reason = "the tests' own ways to start a server are not needed here")]
mod cluster;

use crate::deeds::{exchange, prepare, refund};
use crate::measure::Runs;
use crate::table::{Figures, Goal, Line};
use crate::{Extent, Trouble, desk};
use cluster::Cluster;
use prorata_store::Store;
use std::path::PathBuf;
use std::process::Command;

const CLIENTS: usize = 32;
const CUSTOMERS: usize = 128;
const DEEDS: usize = 4_000;
/// Hundred thousands of accounts; one for each client, as pgbench's manual advises.
const SCALE: usize = 32;
const SECONDS: usize = 10;

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let Some(cluster) = Cluster::start_durable() else {
        eprintln!("  SKIPPED: PostgreSQL is not installed here");
        return Ok(Vec::new());
    };
    let pgbench = cluster.programs().map_or_else(|| "pgbench".into(), |at| at.join("pgbench"));
    let plain = cluster.database();
    let scale = if extent.quick { SCALE / 4 } else { SCALE };
    run(&pgbench, &["-i", "-q", "-s", &scale.to_string(), &plain])?;

    let app = desk::open(Store::open(&cluster.database())?)?;
    let deeds = extent.of(DEEDS);
    let prepared = prepare(&app, CUSTOMERS, deeds * extent.repetitions)?;
    eprintln!("  prepared {} deeds of each kind", deeds * extent.repetitions);

    let (mut refunds, mut exchanges, mut simple) =
        (Runs::default(), Runs::default(), Figures::default());
    let parts = prepared.refunds.chunks(deeds).zip(prepared.exchanges.chunks(deeds));
    for (returned, exchanged) in parts {
        simple.push(simple_updates(&pgbench, &plain, extent)?);
        refunds.add(&refund(&app, &prepared.customers, returned, CLIENTS)?);
        exchanges.add(&exchange(&app, &prepared.customers, exchanged, CLIENTS)?);
    }
    eprintln!("  verify after the last run: {}", desk::verify(&app)?);
    app.store.close();

    let mut lines = Vec::new();
    for (what, runs) in [("refunds", refunds), ("exchanges", exchanges)] {
        lines.push(
            Line::new(format!("PostgreSQL {what}, {CLIENTS} clients"), "/s", runs.per_second)
                .goal(Goal::OfReference(0.6))
                .beside("pgbench -N, same server and clients", simple.clone()),
        );
        lines.push(Line::new("  p99 wait", "ms", runs.p99));
        lines.push(Line::new("  longest wait", "ms", runs.longest));
    }
    Ok(lines)
}

/// Simple updates a second.
fn simple_updates(pgbench: &PathBuf, database: &str, extent: Extent) -> Result<f64, Trouble> {
    let (clients, seconds) = (CLIENTS.to_string(), extent.of(SECONDS).max(2).to_string());
    let said = run(pgbench, &["-N", "-n", "-c", &clients, "-j", "2", "-T", &seconds, database])?;
    let tps = said.lines().find_map(|line| line.trim().strip_prefix("tps = "));
    let tps = tps.and_then(|rest| rest.split_whitespace().next()).ok_or("pgbench told no rate")?;
    Ok(tps.parse()?)
}

fn run(program: &PathBuf, arguments: &[&str]) -> Result<String, Trouble> {
    let output = Command::new(program).args(arguments).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} failed: {said}", program.display()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
