//! The contract of the store: one list of functions, run on every database.

#[path = "../../testkit/src/postgres.rs"]
#[allow(dead_code)] // The store's tests use a part of what is there.
mod postgres;

#[path = "it/authorization.rs"]
mod authorization;
#[path = "it/catalog.rs"]
mod catalog;
#[path = "it/clock.rs"]
mod clock;
#[path = "it/deeds.rs"]
mod deeds;
#[path = "it/drains.rs"]
mod drains;
#[path = "it/held.rs"]
mod held;
#[path = "it/issuers.rs"]
mod issuers;
#[path = "it/list.rs"]
mod list;
#[path = "it/partners.rs"]
mod partners;
#[path = "it/portfolio.rs"]
mod portfolio;
#[path = "it/rearrange.rs"]
mod rearrange;
#[path = "it/receivers.rs"]
mod receivers;
#[path = "it/requests.rs"]
mod requests;
#[path = "it/rows.rs"]
mod rows;
#[path = "it/sample.rs"]
mod sample;
#[path = "it/savings_plans.rs"]
mod savings_plans;
#[path = "it/schema.rs"]
mod schema;
#[path = "it/seam.rs"]
mod seam;
#[path = "it/support.rs"]
mod support;
#[path = "it/users.rs"]
mod users;
#[path = "it/utilization.rs"]
mod utilization;

use prorata_store::Store;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs a contract on every database.
macro_rules! contracts {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[test] fn $name() { super::$name(&crate::memory()); })*
        }
        mod file {
            $(#[test] fn $name() {
                let folder = crate::Folder::new();
                super::$name(&folder.store());
            })*
        }
        mod postgres {
            $(#[test] fn $name() {
                if let Some(store) = crate::postgres() { super::$name(&store); }
            })*
        }
    };
}
pub(crate) use contracts;

pub(crate) fn memory() -> Store {
    Store::memory().unwrap()
}

pub(crate) fn postgres() -> Option<Store> {
    let cluster = postgres::Cluster::shared()?;
    Some(Store::open(&cluster.database()).unwrap())
}

/// A folder that goes with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("prorata-store-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("prorata.db")
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(self.database().to_str().unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
