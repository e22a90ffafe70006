//! Issuers besides the desk's own: any OpenID provider that an operator trusts, for the tenants it
//! speaks for. Whose tokens they are is known by issuer and subject, never by a name or an address.

mod accounts;
mod config;
mod key_set;
mod mapping;
mod people;
mod provider;

pub(super) use accounts::caller;
pub use config::{ClaimNames, IssuerRow, Provision, Shape};
pub use people::{Answered, Begun, SignedIn, begin, finish, sign_out};
pub(super) use provider::Look;
pub use provider::Standing;

use super::LEEWAY_SECONDS;
use super::jwt::{Claims, Token, unusable};
use super::tokens::audience;
use crate::{App, Error, Fault};
use key_set::Key;
use prorata_domain::ids::TenantId;
use prorata_store::issuers::{self as rows, Issuer as Row};
use prorata_store::{Store, Tx};
use provider::Kept;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Another process may have changed the list: so long one goes on with what is known.
const KNOWN_FOR: Duration = Duration::from_secs(30);

/// An issuer that is trusted, and what is known of it.
pub struct Trusted {
    pub row: IssuerRow,
    kept: Arc<Kept>,
    kept_row: Row,
}

impl Trusted {
    fn new(row: Row) -> Result<Trusted, Error> {
        let mut read: IssuerRow = serde_json::from_str(&row.doc)?;
        read.client_secret.clone_from(&row.secret);
        let kept =
            Kept::new(&read.issuer, &read.discovery_url(), read.inner_network, read.ca.clone())?;
        Ok(Trusted { row: read, kept: Arc::new(kept), kept_row: row })
    }

    pub(super) fn look(&self, kid: Option<&str>) -> Look {
        self.kept.look(kid)
    }

    /// The key of a token; it may block.
    pub(super) fn find(&self, kid: Option<&str>) -> Result<Key, Error> {
        match self.kept.find(kid)? {
            Look::Found(key) => Ok(key),
            Look::Absent => Err(unusable("the token is signed by a key that its issuer has not")),
            Look::Down | Look::Ask => Err(down(self)),
        }
    }

    /// The tenant for which the issuer says something in a token, if it may speak for it.
    fn tenant(&self, claims: &Claims) -> Result<TenantId, Error> {
        mapping::tenant(&self.row, claims)
    }
}

/// The caller that a principal is.
pub(super) fn acting(principal: prorata_store::world::Principal) -> crate::Caller {
    accounts::acting(principal, None)
}

/// The issuer does not answer, and nothing is known of it.
pub(super) fn down(issuer: &Trusted) -> Error {
    Error::Busy(format!("the issuer `{}` does not answer; try again later", issuer.row.id))
}

/// Every issuer that is trusted, as the list was last read.
pub(crate) struct Issuers {
    list: RwLock<Arc<List>>,
    reading: Mutex<()>,
}

struct List {
    issuers: Vec<Arc<Trusted>>,
    read_at: Instant,
}

impl Issuers {
    pub(crate) fn open(store: &Store) -> Result<Issuers, Error> {
        let list = read(store, &[])?;
        Ok(Issuers { list: RwLock::new(Arc::new(list)), reading: Mutex::default() })
    }

    fn list(&self) -> Arc<List> {
        self.list.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The issuer that a token says it is of, if it is one of these.
    pub(super) fn of(&self, claims: &Claims) -> Option<Arc<Trusted>> {
        let named = claims.text("iss")?;
        let list = self.list();
        let found = list.issuers.iter().find(|issuer| issuer.row.is_called(named, claims))?;
        Some(found.clone())
    }

    fn by_id(&self, id: &str) -> Option<Arc<Trusted>> {
        self.list().issuers.iter().find(|issuer| issuer.row.id == id).cloned()
    }

    /// Whether the list is to be read again before it decides; only one reads it.
    pub(super) fn may_be_old(&self) -> bool {
        self.list().read_at.elapsed() > KNOWN_FOR && self.reading.try_lock().is_ok()
    }

    /// Reads the list again, or lets be what another call has just read. Answers whether it is
    /// another one now.
    fn reload(&self, store: &Store, read_before: Instant) -> Result<bool, Error> {
        let _alone = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.list();
        if before.read_at > read_before {
            return Ok(false);
        }
        let list = read(store, &before.issuers)?;
        let same = before.issuers.len() == list.issuers.len()
            && before.issuers.iter().zip(&list.issuers).all(|(one, new)| Arc::ptr_eq(one, new));
        *self.list.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(list);
        Ok(!same)
    }
}

/// Reads the list; what is known of an issuer that did not change stays known.
fn read(store: &Store, before: &[Arc<Trusted>]) -> Result<List, Error> {
    let rows = store.read(|tx| Ok::<_, Error>(rows::all(tx)?))?;
    let issuers =
        rows.into_iter().map(|row| match before.iter().find(|issuer| issuer.kept_row == row) {
            Some(same) => Ok(same.clone()),
            None => Trusted::new(row).map(Arc::new),
        });
    Ok(List { issuers: issuers.collect::<Result<_, Error>>()?, read_at: Instant::now() })
}

/// Reads the list of issuers again where another process may have changed it. It blocks.
pub(super) fn keep_up(app: &App) -> Result<(), Error> {
    let read_at = app.gate.issuers.list().read_at;
    if read_at.elapsed() > KNOWN_FOR && app.gate.issuers.reload(&app.store, read_at)? {
        app.gate.memory.forget_all();
    }
    Ok(())
}

/// Reads the list of issuers again, after it was changed here.
///
/// # Errors
/// Those of the database.
pub fn reload(app: &App) -> Result<(), Error> {
    app.gate.issuers.reload(&app.store, Instant::now())?;
    app.gate.memory.forget_all();
    Ok(())
}

/// Everything about a token that does not need the database: the signature by the issuer's own key,
/// time, audience, and the tenant that it speaks for. Answers when the token ends.
pub(super) fn check(
    issuer: &Trusted,
    key: &Key,
    token: &Token<'_>,
    now: i64,
) -> Result<i64, Error> {
    signed(issuer, key, token)?;
    let ends = token.claims.good_until(now, LEEWAY_SECONDS)?;
    mapping::is_access(&issuer.row, token)?;
    audience(&token.claims, |audience| issuer.row.accepts(audience))?;
    issuer.tenant(&token.claims)?;
    mapping::has_role(&issuer.row, &token.claims)?;
    Ok(ends)
}

/// The signature of a token, by a key of its issuer and with that key's algorithm.
fn signed(issuer: &Trusted, key: &Key, token: &Token<'_>) -> Result<(), Error> {
    if key.issuer.as_deref().is_some_and(|named| !issuer.row.has_key_of(named)) {
        return Err(unusable("the token is signed by a key of another issuer"));
    }
    if !key.verifies(&token.header.alg, token.signed, token.signature) {
        return Err(unusable("the token's signature is not valid"));
    }
    Ok(())
}

/// An issuer as it is shown: without its secret.
#[derive(Debug, Clone)]
pub struct Shown {
    pub row: IssuerRow,
    pub standing: Standing,
}

/// All trusted issuers, by id.
pub fn list(app: &App) -> Vec<Shown> {
    let shown = |issuer: &Arc<Trusted>| Shown {
        row: IssuerRow { client_secret: None, ..issuer.row.clone() },
        standing: issuer.kept.standing(),
    };
    app.gate.issuers.list().issuers.iter().map(shown).collect()
}

/// The issuers at which people may sign in at the portal, by what they are called: id and name.
pub fn for_people(app: &App) -> Vec<(String, String)> {
    let list = app.gate.issuers.list();
    let rows = list.issuers.iter().map(|issuer| &issuer.row);
    let rows = rows.filter(|row| row.client_id.is_some());
    let mut found: Vec<_> = rows.map(|row| (row.id.clone(), row.shown_name().to_owned())).collect();
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found
}

/// Trusts an issuer, or changes what is known of it; answers whether anything is different now. The
/// row was checked ([`IssuerRow::faults`]).
pub(crate) fn put(tx: &mut Tx<'_>, row: &IssuerRow) -> Result<bool, Error> {
    let shown = IssuerRow { client_secret: None, ..row.clone() };
    let row = Row {
        id: row.id.clone(),
        url: row.issuer.clone(),
        doc: serde_json::to_string(&shown)?,
        secret: row.client_secret.clone(),
    };
    Ok(rows::put(tx, &row)?)
}

/// What is wrong with a list of issuers, by itself and with those that are kept. `tenant_is_there`
/// tells which tenants there are.
///
/// # Errors
/// Those of the database.
pub(crate) fn faults(
    app: &App,
    list: &[IssuerRow],
    tenant_is_there: impl Fn(TenantId) -> bool,
) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    for (index, row) in list.iter().enumerate() {
        let at = |field: &str| format!("issuers[{index}].{field}");
        row.faults(&at, &mut faults);
        for (place, tenant) in row.tenants.iter().enumerate() {
            if !tenant_is_there(*tenant) {
                let path = at(&format!("tenants[{place}]"));
                faults.push(Fault::new(path, "must name a tenant of this or an earlier world"));
            }
        }
        let others = list[..index].iter();
        if others.clone().any(|other| other.id == row.id) {
            faults.push(Fault::new(at("id"), "is there twice"));
        }
        let kept = app.gate.issuers.list();
        let kept = kept.issuers.iter().map(|issuer| &issuer.row);
        let mut others = others.chain(kept).filter(|other| other.id != row.id);
        if let Some(other) = others.find(|other| other.forms().any(|form| row.has_form(form))) {
            let message = format!("is that of the issuer `{}` already", other.id);
            faults.push(Fault::new(at("issuer"), message));
        }
    }
    Ok(faults)
}

/// Trusts an issuer, or changes what is known of it. Answers whether anything is different now.
///
/// # Errors
/// [`Error::Malformed`] with every fault of the row.
pub fn add(app: &App, row: IssuerRow) -> Result<bool, Error> {
    let tenants = app.read(|tx, _| Ok(prorata_store::world::tenants(tx)?))?;
    let there = |id| tenants.iter().any(|tenant| tenant.id == id);
    let mut faults = faults(app, std::slice::from_ref(&row), there)?;
    if !faults.is_empty() {
        for fault in &mut faults {
            fault.path = fault.path.trim_start_matches("issuers[0].").to_owned();
        }
        return Err(Error::Malformed(faults));
    }
    let changed = app.write(move |tx, _| put(tx, &row))?;
    reload(app)?;
    Ok(changed)
}

/// Trusts an issuer no more; `false` when there is none of this id.
///
/// # Errors
/// Those of the database.
pub fn remove(app: &App, id: &str) -> Result<bool, Error> {
    let id = id.to_owned();
    let removed = app.write(move |tx, _| Ok(rows::remove(tx, &id)?))?;
    reload(app)?;
    Ok(removed)
}
