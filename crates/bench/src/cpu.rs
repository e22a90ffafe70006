//! Processor time by thread, which other programs on the machine do not blur as they do a clock.

use std::collections::BTreeMap;

/// Seconds that the threads of this process have run, by name; nothing where the system does not
/// tell.
#[derive(Debug, Clone, Default)]
pub struct Cpu(BTreeMap<String, f64>);

impl Cpu {
    pub fn now() -> Cpu {
        let mut seconds = BTreeMap::new();
        let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        for thread in threads {
            let file = |name: &str| std::fs::read_to_string(thread.path().join(name));
            let (Ok(name), Ok(told)) = (file("comm"), file("sched")) else { continue };
            *seconds.entry(name.trim().to_owned()).or_default() += runtime(&told);
        }
        Cpu(seconds)
    }

    /// What was used since then.
    pub fn since(self, before: &Cpu) -> Cpu {
        let used = |(name, seconds): (String, f64)| {
            let earlier = before.0.get(&name).copied().unwrap_or_default();
            (name, seconds - earlier)
        };
        Cpu(self.0.into_iter().map(used).collect())
    }

    /// Seconds of the threads whose name begins so.
    pub fn of(&self, name: &str) -> f64 {
        self.0.iter().filter(|(other, _)| other.starts_with(name)).map(|(_, used)| used).sum()
    }
}

fn runtime(told: &str) -> f64 {
    let line = told.lines().find(|line| line.starts_with("se.sum_exec_runtime"));
    let millis = line.and_then(|line| line.split(':').nth(1)).and_then(|it| it.trim().parse().ok());
    millis.map_or(0.0, |millis: f64| millis / 1e3)
}
