//! A year of a thousand customers in sandbox time.

use crate::measure::Folder;
use crate::table::{Figures, Line};
use crate::year::{Pace, live};
use crate::{Extent, Trouble, transfer};
use prorata_store::Store;
use std::time::Instant;

const CUSTOMERS: usize = 1_000;
const SEED: u64 = 2024;
const TRANSFERS: usize = 10_000;

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let folder = Folder::make("clock")?;
    let customers = extent.of(CUSTOMERS);
    let (mut seconds, mut jobs, mut bare) =
        (Figures::default(), Figures::default(), Figures::default());
    let mut record: Option<String> = None;
    for repetition in 0..extent.repetitions {
        let started = Instant::now();
        let lived = live(Store::memory()?, SEED, customers, Pace::Leap)?;
        let took = started.elapsed().as_secs_f64();
        seconds.push(took);
        jobs.push(ratio(lived.jobs, took));
        let report = prorata_app::verify::run(&lived.app)?;
        if let Some(broken) = report.broken {
            return Err(format!("{}: {}: {}", broken.law, broken.row, broken.what).into());
        }
        let again = lived.record()?;
        match &record {
            Some(first) if *first != again => return Err("the same seed gave another year".into()),
            Some(_) => {}
            None => {
                eprintln!("  {} jobs, {} bytes of records", lived.jobs, again.len());
                record = Some(again);
            }
        }
        lived.app.store.close();
        let store = transfer::store(&folder.file(&format!("bare-{repetition}.db")))?;
        let run = transfer::through_store(&store, extent.of(TRANSFERS), 1)?;
        bare.push(run.per_second());
        store.close();
    }
    Ok(vec![
        Line::new(format!("a year of {customers} customers"), "s", seconds),
        Line::new("  jobs of it, one transaction each, in memory", "/s", jobs)
            .beside("bare transfers on disk, 1 client", bare),
    ])
}

fn ratio(count: u64, seconds: f64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds
}
