//! The picture of all that is held, kept in memory. It follows what each transaction since has
//! changed, and is made anew from time to time beside the requests.

use super::{Payer, Place, Summary};
use crate::{App, Error};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::TenantId;
use prorata_store::reservations::register;
use prorata_store::{Tx, portfolio, world};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Rows read at a time, so that no page of them is large.
const CHUNK: usize = 2_000;

/// What a request brings up to date itself: so many accounts, and so many orders of them.
const PLACES_MOST: usize = 20;
const ORDERS_MOST: usize = 1_000;

/// Not all that a picture shows is a change of a reservation: usage is loaded beside them, and
/// orders leave for other tenants. So it is made anew after some time, which is longer where it
/// takes long: no more than a two-hundredth of one processor, so that few requests run beside it.
const GOOD_FOR: Duration = Duration::from_secs(10);
const TIMES_ITS_COST: u32 = 200;

/// What all accounts pay for in all tenants.
#[derive(Clone)]
pub(super) struct Snapshot {
    today: Date,
    /// The desk's time when it was made, or brought up to date.
    pub at: Timestamp,
    pub payers: BTreeMap<Place, Arc<Payer>>,
    pub held: BTreeMap<Place, Arc<Summary>>,
    /// From where on what changed is not here yet.
    next: i64,
    made: Instant,
    cost: Duration,
}

impl Snapshot {
    /// Reads everything.
    fn read(tx: &mut Tx<'_>, app: &App, today: Date) -> Result<Snapshot, Error> {
        let (begun, at) = (Instant::now(), app.now());
        let next = register::horizon(tx)?;
        let clauses = app.book.in_force(today);
        let mut held: BTreeMap<Place, Summary> = BTreeMap::new();
        let mut mark = None;
        loop {
            let (rows, more) = portfolio::page(tx, mark, CHUNK)?;
            for row in rows {
                let place = (row.tenant, row.billing_account.clone());
                held.entry(place).or_default().add(&row, &clauses, today);
            }
            mark = more;
            if mark.is_none() {
                break;
            }
        }
        let mut snapshot = Snapshot {
            today,
            at,
            payers: BTreeMap::new(),
            held: held.into_iter().map(|(place, found)| (place, Arc::new(found))).collect(),
            next,
            made: Instant::now(),
            cost: Duration::ZERO,
        };
        for place in snapshot.held.keys().cloned().collect::<Vec<_>>() {
            snapshot.read_payer(tx, app, place)?;
        }
        snapshot.cost = begun.elapsed();
        Ok(snapshot)
    }

    fn read_payer(&mut self, tx: &mut Tx<'_>, app: &App, place: Place) -> Result<(), Error> {
        if let Some(account) = world::billing_account(tx, &place.1)? {
            let payer = Payer::of(tx, &app.book, place.0, account, self.today)?;
            self.payers.insert(place, Arc::new(payer));
        }
        Ok(())
    }

    /// The places in which something changed since; nothing where they are too many to be read now.
    fn changed(&self, tx: &mut Tx<'_>) -> Result<Option<BTreeSet<Place>>, Error> {
        let mut places = BTreeSet::new();
        for row in register::changed(tx, self.next)? {
            places.insert((row.tenant, row.billing_account));
            if places.len() > PLACES_MOST {
                return Ok(None);
            }
        }
        let mut orders = 0;
        for (tenant, account) in &places {
            orders += portfolio::orders_of_payer(tx, account, *tenant, ORDERS_MOST + 1)?;
        }
        Ok((orders <= ORDERS_MOST).then_some(places))
    }

    /// The picture with some places as they are now.
    fn with(
        mut self,
        tx: &mut Tx<'_>,
        app: &App,
        places: BTreeSet<Place>,
    ) -> Result<Snapshot, Error> {
        self.next = register::horizon(tx)?;
        self.at = app.now();
        let clauses = app.book.in_force(self.today);
        for place in places {
            let mut summary = Summary::default();
            for row in portfolio::of_payer(tx, &place.1, place.0)? {
                summary.add(&row, &clauses, self.today);
            }
            self.held.insert(place.clone(), Arc::new(summary));
            self.read_payer(tx, app, place)?;
        }
        Ok(self)
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
    /// The picture of a day, and whether something that changed since is not in it: so much that it
    /// is made anew beside this. Where there is none, it is made now.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn snapshot(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        today: Date,
    ) -> Result<(Arc<Snapshot>, bool), Error> {
        let Some(snapshot) = self.of_day(today) else {
            return Ok((self.first(tx, app, today)?, false));
        };
        let Some(places) = snapshot.changed(tx)? else {
            self.renew_beside(app, today);
            return Ok((snapshot, true));
        };
        if !snapshot.is_good() {
            self.renew_beside(app, today);
        }
        if places.is_empty() {
            return Ok((snapshot, false));
        }
        let fresh = Arc::new(Snapshot::clone(&snapshot).with(tx, app, places)?);
        self.keep(&fresh);
        Ok((fresh, false))
    }

    fn first(&self, tx: &mut Tx<'_>, app: &App, today: Date) -> Result<Arc<Snapshot>, Error> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = self.of_day(today) {
            return Ok(snapshot);
        }
        let snapshot = Arc::new(Snapshot::read(tx, app, today)?);
        self.latest().snapshot = Some(snapshot.clone());
        Ok(snapshot)
    }

    /// Whether there is a picture of a day.
    pub(super) fn is_of(&self, today: Date) -> bool {
        self.of_day(today).is_some()
    }

    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of_day(&self, today: Date) -> Option<Arc<Snapshot>> {
        self.latest().snapshot.clone().filter(|snapshot| snapshot.today == today)
    }

    /// Keeps a picture, unless there is one by now that knows more.
    fn keep(&self, fresh: &Arc<Snapshot>) {
        let mut latest = self.latest();
        let knows_more = |kept: &Arc<Snapshot>| {
            kept.today == fresh.today && (kept.next, kept.made) > (fresh.next, fresh.made)
        };
        if !latest.snapshot.as_ref().is_some_and(knows_more) {
            latest.snapshot = Some(fresh.clone());
        }
    }

    fn renew_beside(&self, app: &App, today: Date) {
        let mut latest = self.latest();
        if !std::mem::replace(&mut latest.is_renewed, true) {
            let app = app.clone();
            std::thread::spawn(move || renew(&app, today));
        }
    }
}

fn renew(app: &App, today: Date) {
    let made = app.read(move |tx, app| Snapshot::read(tx, app, today));
    match made {
        Ok(snapshot) => app.portfolio.latest().snapshot = Some(Arc::new(snapshot)),
        Err(error) => tracing::error!(%error, "the picture of what is held could not be renewed"),
    }
    app.portfolio.latest().is_renewed = false;
}
