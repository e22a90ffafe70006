//! Running clients against something, and what their waits came to.

use crate::Trouble;
use crate::cpu::Cpu;
use crate::table::Figures;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What one run of many clients came to.
#[derive(Debug)]
pub struct Run {
    pub done: usize,
    pub took: Duration,
    /// Every single wait, ascending.
    pub waits: Vec<Duration>,
    /// What this process used meanwhile.
    pub cpu: Cpu,
}

impl Run {
    pub fn new(took: Duration, mut waits: Vec<Duration>) -> Run {
        waits.sort_unstable();
        Run { done: waits.len(), took, waits, cpu: Cpu::default() }
    }

    pub fn per_second(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64()
    }

    /// The wait that this part of all waits, in thousandths, did not pass; in milliseconds.
    pub fn wait(&self, thousandths: usize) -> f64 {
        let at = (self.waits.len() * thousandths / 1000).min(self.waits.len().saturating_sub(1));
        self.waits.get(at).map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3)
    }
}

/// The same run several times.
#[derive(Debug, Default)]
pub struct Runs {
    pub per_second: Figures,
    pub p99: Figures,
    pub longest: Figures,
}

impl Runs {
    pub fn add(&mut self, run: &Run) {
        self.per_second.push(run.per_second());
        self.p99.push(run.wait(990));
        self.longest.push(run.wait(1000));
    }
}

/// Lets clients work at once, each doing its own things one after the other, as tasks on one
/// thread: waiting clients cost nothing, so the cores are left to what is measured. Time counts
/// from when all of them are `ready`.
pub fn clients<C, F>(work: Vec<C>, ready: impl Future<Output = ()>) -> Result<Run, Trouble>
where
    C: FnOnce(Waits) -> F,
    F: Future<Output = Result<Waits, Trouble>> + Send + 'static,
{
    runtime()?.block_on(async {
        let tasks: Vec<_> =
            work.into_iter().map(|client| tokio::spawn(client(Waits::default()))).collect();
        ready.await;
        let (started, before) = (Instant::now(), Cpu::now());
        let mut waits = Vec::new();
        for task in tasks {
            waits.extend(task.await??.0);
        }
        let (took, cpu) = (started.elapsed(), Cpu::now().since(&before));
        Ok(Run { cpu, ..Run::new(took, waits) })
    })
}

/// One thread for all clients.
pub fn runtime() -> Result<tokio::runtime::Runtime, Trouble> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

/// The waits of one client.
#[derive(Debug, Default)]
pub struct Waits(Vec<Duration>);

impl Waits {
    pub fn since(&mut self, asked: Instant) {
        self.0.push(asked.elapsed());
    }
}

/// Deals things out to clients in turn.
pub fn deal<T>(things: impl IntoIterator<Item = T>, clients: usize) -> Vec<Vec<T>> {
    let mut hands: Vec<Vec<T>> = (0..clients).map(|_| Vec::new()).collect();
    for (index, thing) in things.into_iter().enumerate() {
        hands[index % clients].push(thing);
    }
    hands
}

/// A folder on the disk that the program was built on (the usual place for temporary files may be
/// memory), gone when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn make(name: &str) -> Result<Folder, Trouble> {
        let program = std::env::current_exe()?;
        let beside = program.parent().ok_or("the program lies in no folder")?;
        let folder = beside.join(format!("bench-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Folder(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the build's folder and goes with it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
