//! Tokens that end before their time: those of a principal that was closed, of a secret or a
//! session that was taken away.
//!
//! Each verification asks the memory of this process, which costs a look into a map. What this
//! process revokes is in it before the answer goes out; what another process of the same database
//! revokes is read from there, at most [`AGE_MAX`] later.

use crate::limits::TOKEN_SECONDS;
use crate::{App, Caller, Error, identity};
use jiff::{SignedDuration, Timestamp};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::revocations::{self, Revocation};
use prorata_store::{Store, StoreError, Tx};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use uuid::Uuid;

/// How old the memory may be where other processes write to the database as well.
pub const AGE_MAX: Duration = Duration::from_secs(1);

/// How far back a look goes beyond the one before: a transaction may end that much after the
/// instant it noted.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

/// A revocation of tokens is kept until they have long expired by themselves.
const KEPT: SignedDuration = SignedDuration::from_secs(2 * TOKEN_SECONDS);

/// Revocations that are remembered before those that no longer matter are forgotten.
const REMEMBERED: usize = 4096;

/// What this process knows of revocations.
#[derive(Debug)]
pub struct Revocations {
    by_subject: RwLock<HashMap<(TenantId, Uuid), Revocation>>,
    /// When the database was last asked, in microseconds since 1970.
    asked_at: AtomicI64,
    /// Whether other processes may write to the same database.
    shared: bool,
}

impl Revocations {
    pub(crate) fn open(store: &Store) -> Result<Revocations, Error> {
        let rows = store.read(|tx| revocations::since(tx, Timestamp::UNIX_EPOCH))?;
        let known = Revocations {
            by_subject: RwLock::default(),
            asked_at: AtomicI64::new(Timestamp::now().as_microsecond()),
            shared: store.kind() != "sqlite",
        };
        known.learn(&rows);
        Ok(known)
    }

    /// Whether a token is still taken: of whom it is, the secret or session it goes back to, and
    /// the second at which it was issued.
    pub fn allow(&self, caller: &Caller, credential: Option<Uuid>, issued_at: i64) -> bool {
        let known = self.by_subject.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return true;
        }
        subjects(caller, credential)
            .filter_map(|subject| known.get(&subject))
            .all(|revoked| !revoked.closed && issued_at >= revoked.tokens_from)
    }

    /// The second that a token issued now has to say at least, so that what was revoked in this
    /// very second stays so.
    pub fn issue_from(&self, caller: &Caller, now: i64) -> i64 {
        let known = self.by_subject.read().unwrap_or_else(PoisonError::into_inner);
        let from = subjects(caller, None)
            .filter_map(|subject| known.get(&subject))
            .map(|revoked| revoked.tokens_from)
            .filter(|from| *from <= now + 1);
        from.max().map_or(now, |from| from.max(now))
    }

    /// Whether an account is closed: nobody signs in with it.
    pub fn is_closed(&self, tenant: TenantId, principal: PrincipalId) -> bool {
        let known = self.by_subject.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&(tenant, principal.0)).is_some_and(|revoked| revoked.closed)
    }

    /// Takes up what was committed; answers whether anything of it is news.
    fn learn(&self, rows: &[Revocation]) -> bool {
        let mut known = self.by_subject.write().unwrap_or_else(PoisonError::into_inner);
        let mut news = false;
        for row in rows {
            news |= known.insert((row.tenant, row.subject), *row) != Some(*row);
        }
        if known.len() > REMEMBERED {
            let past = Timestamp::now() - KEPT;
            known.retain(|_, row| row.closed || row.changed_at > past);
        }
        news
    }

    /// Whether it is time to ask the database, and says so to nobody else for a while.
    fn is_due(&self, now: Timestamp) -> Option<Timestamp> {
        if !self.shared {
            return None;
        }
        let (asked, now) = (self.asked_at.load(Ordering::Acquire), now.as_microsecond());
        let age = u64::try_from(now - asked).ok().map(Duration::from_micros);
        if age.is_some_and(|age| age < AGE_MAX) {
            return None;
        }
        Timestamp::from_microsecond(asked).ok().map(|asked| asked - OVERLAP)
    }
}

/// What a token can be revoked by: its principal here and at home, its secret or session.
fn subjects(
    caller: &Caller,
    credential: Option<Uuid>,
) -> impl Iterator<Item = (TenantId, Uuid)> + use<> {
    let own = (caller.tenant, caller.principal.0);
    let home = (caller.home, caller.principal.0);
    let credential = credential.map(|id| (caller.home, id));
    [Some(own), (home != own).then_some(home), credential].into_iter().flatten()
}

/// What a transaction revoked: it takes effect once [`App::revoked`] has it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "tokens end when the application is told"]
pub struct Revoked {
    principal: PrincipalId,
    rows: Vec<Revocation>,
}

impl Revoked {
    pub(crate) fn of(principal: PrincipalId, rows: Vec<Revocation>) -> Revoked {
        Revoked { principal, rows }
    }
}

impl App {
    /// Lets what a committed transaction revoked take effect: from here on no token of it is taken.
    pub fn revoked(&self, revoked: Revoked) {
        if self.revocations.learn(&revoked.rows) {
            identity::forget(self, revoked.principal);
        }
    }
}

/// Learns what other processes revoked, where that was not asked for a second.
///
/// # Errors
/// Those of the database.
pub async fn keep_up(app: &App) -> Result<(), Error> {
    let now = Timestamp::now();
    let Some(from) = app.revocations.is_due(now) else { return Ok(()) };
    let rows = app.read_async(move |tx, _| Ok(revocations::since(tx, from)?)).await?;
    if app.revocations.learn(&rows) {
        identity::forget_all(app);
    }
    app.revocations.asked_at.fetch_max(now.as_microsecond(), Ordering::AcqRel);
    Ok(())
}

/// Ends every token that goes back to a secret or a session. [`Revocations::learn`] takes the
/// answer once the transaction is through.
///
/// # Errors
/// Those of the database, as for all functions here.
pub(crate) fn end_credential(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    credential: Uuid,
) -> Result<Revocation, StoreError> {
    put(tx, tenant, credential, i64::MAX, false)
}

/// Ends every token of a principal; those that are issued from now on are taken.
pub(crate) fn end_tokens(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Revocation, StoreError> {
    let closed = revocations::one(tx, tenant, principal.0)?.is_some_and(|row| row.closed);
    put(tx, tenant, principal.0, Timestamp::now().as_second() + 1, closed)
}

/// Closes an account, or opens it again: tokens from before stay ended.
pub(crate) fn set_closed(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
    closed: bool,
) -> Result<Revocation, StoreError> {
    put(tx, tenant, principal.0, Timestamp::now().as_second() + 1, closed)
}

fn put(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subject: Uuid,
    tokens_from: i64,
    closed: bool,
) -> Result<Revocation, StoreError> {
    let now = Timestamp::now();
    revocations::forget(tx, now - KEPT)?;
    let row = Revocation { tenant, subject, tokens_from, closed, changed_at: now };
    revocations::put(tx, &row)?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId(Uuid::from_u128(1));
    const HOME: TenantId = TenantId(Uuid::from_u128(2));
    const WHO: PrincipalId = PrincipalId(Uuid::from_u128(3));

    fn revoked(tenant: TenantId, subject: Uuid, tokens_from: i64, closed: bool) -> Revocation {
        Revocation { tenant, subject, tokens_from, closed, changed_at: Timestamp::now() }
    }

    #[test]
    fn a_token_is_ended_by_its_principal_its_home_and_its_secret() {
        let store = Store::memory().unwrap();
        let known = Revocations::open(&store).unwrap();
        let guest = Caller { home: HOME, ..Caller::new(TENANT, WHO, "c", "Ada") };
        let (secret, other) = (Uuid::from_u128(8), Uuid::from_u128(9));
        assert!(known.allow(&guest, Some(secret), 100));
        known.learn(&[revoked(HOME, secret, i64::MAX, false)]);
        assert!(!known.allow(&guest, Some(secret), 100));
        assert!(known.allow(&guest, Some(other), 100), "a token of another secret stays");
        known.learn(&[revoked(TENANT, WHO.0, 101, false)]);
        assert!(!known.allow(&guest, None, 100));
        assert!(known.allow(&guest, None, 101));
        assert_eq!(known.issue_from(&guest, 100), 101);
        assert_eq!(known.issue_from(&guest, 200), 200);
        known.learn(&[revoked(HOME, WHO.0, 50, true)]);
        assert!(!known.allow(&guest, None, 1000), "closed at home is closed everywhere");
        assert!(known.is_closed(HOME, WHO) && !known.is_closed(TENANT, WHO));
        known.learn(&[revoked(HOME, WHO.0, 60, false)]);
        assert!(known.allow(&guest, None, 1000));
    }
}
