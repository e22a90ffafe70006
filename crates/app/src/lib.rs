//! The use cases: the only place where reading, deciding and writing meet.
//!
//! Each job has the same three steps in the same order: gather (reads only), decide (pure, in the
//! domain), record (writes only). The API, the portal, the CLI and the tests call the same
//! functions; nothing here knows HTTP.

pub mod access;
pub mod administration;
pub mod applied;
pub mod archive;
pub mod audit;
pub mod authorization;
pub mod billing;
pub mod billing_account;
pub mod call;
pub mod catalog;
pub mod clock;
pub mod deliveries;
pub mod directory;
pub mod drain;
mod due;
pub mod error;
pub mod exchange;
pub mod explain;
pub mod history;
pub mod identity;
pub mod limits;
pub mod listing;
pub mod management_groups;
pub mod merge;
pub mod notifications;
pub mod operations;
pub mod orders;
pub mod outbound;
pub mod partner;
pub mod passwords;
pub mod portfolio;
pub mod prices;
pub mod purchase;
pub mod rearrange;
pub mod receivers;
pub mod refund;
pub mod renewal;
pub mod request;
pub mod reservation_alias;
pub mod reservations;
pub mod revocations;
pub mod savings_plan;
mod scope;
pub mod sealed;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod split;
pub mod subscriptions;
pub mod support;
mod swap;
mod sweep;
pub mod transactions;
pub mod update;
pub mod users;
pub mod utilization;
pub mod verify;
pub mod waivers;
pub mod what_if;
pub mod worker;
pub mod world;

pub use call::{Call, Caller, Origin, PartnerAgent, PrincipalKind};
pub use error::{Error, Fault};

use clock::Clock;
use identity::Gate;
use jiff::Timestamp;
use prorata_domain::catalog::Catalog;
use prorata_domain::policy::Book;
use prorata_store::{Store, Tx};
use revocations::Revocations;
use sealed::Sealer;
use std::sync::Arc;

/// Everything a use case needs besides its transaction. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub book: Arc<Book>,
    pub catalog: Arc<Catalog>,
    pub clock: Arc<Clock>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) revocations: Arc<Revocations>,
    pub(crate) register: Arc<listing::register::Register>,
    /// Whether webhooks may go to addresses that are not public.
    pub inner_receivers: bool,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) portfolio: Arc<portfolio::Kept>,
    pub(crate) sold: Arc<partner::Sold>,
}

impl App {
    /// Opens the application over a database: makes its signing keys at first start and takes up
    /// the sandbox clock where it was left.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn open(store: Store, book: Book, clock: Clock) -> Result<App, Error> {
        let gate = Gate::open(&store)?;
        let revocations = Revocations::open(&store)?;
        let sealer = Sealer::open(&store)?;
        clock.resume(&store)?;
        Ok(App {
            store,
            book: Arc::new(book),
            catalog: Arc::new(Catalog::built_in()),
            clock: Arc::new(clock),
            gate: Arc::new(gate),
            revocations: Arc::new(revocations),
            register: Arc::default(),
            inner_receivers: false,
            sealer: Arc::new(sealer),
            portfolio: Arc::default(),
            sold: Arc::default(),
        })
    }

    /// The same with a key of the operator's for what is sealed, which is nowhere in the database.
    ///
    /// # Errors
    /// When the key does not fit.
    pub fn with_sealing_key(mut self, key: &[u8; sealed::KEY_BYTES]) -> Result<App, Error> {
        self.sealer = Arc::new(Sealer::new(key)?);
        Ok(self)
    }

    /// What seals and signs what the desk gives out or keeps.
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The instant at which calls are decided: the system's, or the sandbox's.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs a job in a writing transaction; it may run again when the database asks for it. A
    /// refused deed leaves nothing but an audit line.
    ///
    /// # Errors
    /// Those of the job, and those of the database.
    pub fn write<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let outcome = self.store.write(move |tx| finished(tx, &app, &mut job));
        if let Some(refused) = attempted(&outcome) {
            self.store.write(move |tx| audit_refusal(tx, &refused))?;
        }
        outcome
    }

    /// [`App::write`] without blocking the calling task.
    ///
    /// # Errors
    /// Those of the job, and those of the database.
    pub async fn write_async<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let outcome = self.store.write_async(move |tx| finished(tx, &app, &mut job)).await;
        if let Some(refused) = attempted(&outcome) {
            self.store.write_async(move |tx| audit_refusal(tx, &refused)).await?;
        }
        outcome
    }

    /// As [`App::write`], for a job that reads, decides and then writes: it is run on a snapshot
    /// first, beside the writer, and in the writing transaction only if that has changed.
    ///
    /// # Errors
    /// Those of the job, and those of the database.
    pub fn deed<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let outcome = self.store.deed(move |tx| finished(tx, &app, &mut job));
        if let Some(refused) = attempted(&outcome) {
            self.store.write(move |tx| audit_refusal(tx, &refused))?;
        }
        outcome
    }

    /// [`App::deed`] without blocking the calling task.
    ///
    /// # Errors
    /// Those of the job, and those of the database.
    pub async fn deed_async<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let outcome = self.store.deed_async(move |tx| finished(tx, &app, &mut job)).await;
        if let Some(refused) = attempted(&outcome) {
            self.store.write_async(move |tx| audit_refusal(tx, &refused)).await?;
        }
        outcome
    }

    /// Runs a job on a snapshot. What it notes of money that it shows ([`audit::looked_at`]) is on
    /// disk before the answer is given.
    ///
    /// # Errors
    /// Those of the job, and those of the database.
    pub fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let (answer, notes) = self.store.read(move |tx| noted(tx, &app, job))?;
        if !notes.is_empty() {
            self.store.write(move |tx| audit::write(tx, &notes))?;
        }
        answer
    }

    /// [`App::read`] without blocking the calling task.
    ///
    /// # Errors
    /// Those of the job, and those of the database.
    pub async fn read_async<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let (answer, notes) = self.store.read_async(move |tx| noted(tx, &app, job)).await?;
        if !notes.is_empty() {
            self.store.write_async(move |tx| audit::write(tx, &notes)).await?;
        }
        answer
    }
}

/// Runs a job that reads, and answers beside its outcome what it noted; also where it failed, since
/// it may have noted before what it was refused.
fn noted<T>(
    tx: &mut Tx<'_>,
    app: &App,
    job: impl FnOnce(&mut Tx<'_>, &App) -> Result<T, Error>,
) -> Result<(Result<T, Error>, Vec<prorata_store::audit::Line>), Error> {
    let answer = job(tx, app);
    Ok((answer, tx.take_notes()))
}

/// Runs a job that writes, with what it notes in the same transaction.
fn finished<T>(
    tx: &mut Tx<'_>,
    app: &App,
    job: &mut impl FnMut(&mut Tx<'_>, &App) -> Result<T, Error>,
) -> Result<T, Error> {
    let answer = job(tx, app)?;
    let notes = tx.take_notes();
    audit::write(tx, &notes)?;
    Ok(answer)
}

/// The refusal of a deed, whose transaction was rolled back.
fn attempted<T>(outcome: &Result<T, Error>) -> Option<error::Refused> {
    match outcome {
        Err(Error::Refused(refused)) if refused.attempt.is_some() => Some((**refused).clone()),
        _ => None,
    }
}

fn audit_refusal(tx: &mut Tx<'_>, refused: &error::Refused) -> Result<(), Error> {
    let Some(attempt) = &refused.attempt else { return Ok(()) };
    let refusal = Some(&refused.refusal);
    operations::audit(tx, &attempt.call, attempt.kind, &attempt.target, refusal, &refused.findings)
}
