//! The picture of all that is held, kept in memory and renewed beside the requests.

use super::{Payer, Place, Summary};
use crate::{App, Error};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::TenantId;
use prorata_store::{Tx, portfolio, world};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Rows read at a time, so that no page of them is large.
const CHUNK: usize = 2_000;

/// A picture is good for some seconds, and for longer where it takes long to make: it costs no more
/// than a fiftieth of one processor.
const GOOD_FOR: Duration = Duration::from_secs(5);
const TIMES_ITS_COST: u32 = 50;

/// What all accounts pay for in all tenants.
pub(super) struct Snapshot {
    pub today: Date,
    /// The desk's time when it was made.
    pub at: Timestamp,
    pub payers: BTreeMap<Place, Arc<Payer>>,
    pub held: BTreeMap<Place, Arc<Summary>>,
    made: Instant,
    cost: Duration,
}

impl Snapshot {
    /// Reads everything.
    fn read(tx: &mut Tx<'_>, app: &App, today: Date) -> Result<Snapshot, Error> {
        let (begun, at) = (Instant::now(), app.now());
        let clauses = app.book.in_force(today);
        let mut held: BTreeMap<Place, Summary> = BTreeMap::new();
        let mut mark = None;
        loop {
            let (rows, next) = portfolio::page(tx, mark, CHUNK)?;
            for row in rows {
                let place = (row.tenant, row.billing_account.clone());
                held.entry(place).or_default().add(&row, &clauses, today);
            }
            mark = next;
            if mark.is_none() {
                break;
            }
        }
        let mut payers = BTreeMap::new();
        for place in held.keys() {
            if let Some(account) = world::billing_account(tx, &place.1)? {
                let payer = Payer::of(tx, &app.book, place.0, account, today)?;
                payers.insert(place.clone(), Arc::new(payer));
            }
        }
        let held = held.into_iter().map(|(place, summary)| (place, Arc::new(summary))).collect();
        Ok(Snapshot { today, at, payers, held, made: Instant::now(), cost: begun.elapsed() })
    }

    fn is_good(&self) -> bool {
        self.made.elapsed() < GOOD_FOR.max(self.cost * TIMES_ITS_COST)
    }

    /// What is held in a tenant, by the account that pays.
    pub(super) fn of_tenant(&self, tenant: TenantId) -> BTreeMap<String, Arc<Summary>> {
        let all = self.held.range((tenant, String::new())..);
        let own = all.take_while(|((of, _), _)| *of == tenant);
        own.map(|((_, account), summary)| (account.clone(), summary.clone())).collect()
    }
}

/// The picture as it was made last.
#[derive(Default)]
pub(crate) struct Kept {
    latest: Mutex<Latest>,
    /// Whoever makes the first one; others wait for it.
    making: Mutex<()>,
}

#[derive(Default)]
struct Latest {
    snapshot: Option<Arc<Snapshot>>,
    is_renewed: bool,
}

impl Kept {
    /// The picture of a day: the one that is kept, though it may be some seconds old, or one that is
    /// made now where there is none.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn snapshot(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        today: Date,
    ) -> Result<Arc<Snapshot>, Error> {
        if let Some(snapshot) = self.of_day(app, today) {
            return Ok(snapshot);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = self.of_day(app, today) {
            return Ok(snapshot);
        }
        let snapshot = Arc::new(Snapshot::read(tx, app, today)?);
        self.latest().snapshot = Some(snapshot.clone());
        Ok(snapshot)
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept of a day; where it is not good any more, it is renewed beside this.
    fn of_day(&self, app: &App, today: Date) -> Option<Arc<Snapshot>> {
        let mut latest = self.latest();
        let snapshot = latest.snapshot.clone().filter(|snapshot| snapshot.today == today)?;
        if !snapshot.is_good() && !latest.is_renewed {
            latest.is_renewed = true;
            let app = app.clone();
            std::thread::spawn(move || renew(&app, today));
        }
        Some(snapshot)
    }
}

fn renew(app: &App, today: Date) {
    let made = app.read(move |tx, app| Snapshot::read(tx, app, today));
    let mut latest = app.portfolio.latest();
    latest.is_renewed = false;
    match made {
        Ok(snapshot) => latest.snapshot = Some(Arc::new(snapshot)),
        Err(error) => tracing::error!(%error, "the picture of what is held could not be renewed"),
    }
}
