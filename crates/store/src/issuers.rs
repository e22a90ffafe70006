//! The issuers besides the desk's own, whose accounts are which principals here, and the answers of
//! theirs that were taken.

use crate::world::{Principal, Tenant, read_principal};
use crate::{Row, StoreError, Tx};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};

const PUT: &str = "INSERT INTO issuers (id, url, doc, secret) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (id) DO UPDATE SET url = excluded.url, doc = excluded.doc, \
    secret = excluded.secret WHERE issuers.url <> excluded.url OR issuers.doc <> excluded.doc \
    OR issuers.secret IS DISTINCT FROM excluded.secret";
const ALL: &str = "SELECT id, url, doc, secret FROM issuers ORDER BY id";
const REMOVE: &str = "DELETE FROM issuers WHERE id = $1";

const BIND: &str = "INSERT INTO identities (issuer, tenant, subject, principal) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (issuer, tenant, subject) \
    DO UPDATE SET principal = excluded.principal WHERE identities.principal <> excluded.principal";
const PRINCIPAL: &str = "SELECT p.tenant, p.id, p.client_id, p.name, p.secret_hash, p.kind, p.home \
    FROM identities i JOIN principals p ON p.tenant = i.tenant AND p.id = i.principal \
    WHERE i.issuer = $1 AND i.tenant = $2 AND i.subject = $3";
const IDENTITIES: &str = "SELECT issuer, subject FROM identities \
    WHERE tenant = $1 AND principal = $2 ORDER BY issuer, subject";
const UNBIND: &str = "DELETE FROM identities WHERE issuer = $1 AND tenant = $2 AND subject = $3";

/// Where an account is known: its own tenant first, then those where it is a guest.
const TENANTS: &str = "SELECT t.id, t.name FROM principals p JOIN tenants t ON t.id = p.tenant \
    WHERE p.id = $1 AND (p.tenant = $2 OR p.home = $2) \
    ORDER BY COALESCE(p.home, ''), t.name, t.id";

const USE: &str =
    "INSERT INTO used_states (id, lapses_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
const FORGET: &str = "DELETE FROM used_states WHERE lapses_at < $1";

pub(crate) const STATEMENTS: &[&str] =
    &[PUT, ALL, REMOVE, BIND, PRINCIPAL, IDENTITIES, UNBIND, TENANTS, USE, FORGET];

/// An issuer, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Issuer {
    pub id: String,
    /// The `iss` of its tokens, or the form of it.
    pub url: String,
    /// JSON: all that may be shown.
    pub doc: String,
    /// The client secret by which the issuer knows the desk.
    pub secret: Option<String>,
}

/// An account at an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, issuer: &Issuer) -> Result<bool, StoreError> {
    let row = [
        (&issuer.id).into(),
        (&issuer.url).into(),
        (&issuer.doc).into(),
        issuer.secret.as_deref().into(),
    ];
    Ok(tx.execute(PUT, &row)? > 0)
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Issuer>, StoreError> {
    let read = |row: &Row| {
        Ok(Issuer {
            id: row.string(0)?,
            url: row.string(1)?,
            doc: row.string(2)?,
            secret: row.opt_string(3)?,
        })
    };
    tx.query(ALL, &[])?.iter().map(read).collect()
}

/// Trusts an issuer no more. What its accounts were bound to stays: the same issuer may come back.
pub fn remove(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(REMOVE, &[id.into()])? > 0)
}

/// Says which principal of a tenant an account is.
pub fn bind(
    tx: &mut Tx<'_>,
    identity: &Identity,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<bool, StoreError> {
    let row =
        [(&identity.issuer).into(), tenant.into(), (&identity.subject).into(), principal.into()];
    Ok(tx.execute(BIND, &row)? > 0)
}

/// An account is no principal of the tenant any more.
pub fn unbind(tx: &mut Tx<'_>, identity: &Identity, tenant: TenantId) -> Result<bool, StoreError> {
    let row = [(&identity.issuer).into(), tenant.into(), (&identity.subject).into()];
    Ok(tx.execute(UNBIND, &row)? > 0)
}

/// The principal that an account is in a tenant.
pub fn principal(
    tx: &mut Tx<'_>,
    identity: &Identity,
    tenant: TenantId,
) -> Result<Option<Principal>, StoreError> {
    let row = [(&identity.issuer).into(), tenant.into(), (&identity.subject).into()];
    tx.one(PRINCIPAL, &row)?.map(|row| read_principal(&row)).transpose()
}

/// The accounts that are a principal.
pub fn identities(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Identity>, StoreError> {
    let read = |row: &Row| Ok(Identity { issuer: row.string(0)?, subject: row.string(1)? });
    tx.query(IDENTITIES, &[tenant.into(), principal.into()])?.iter().map(read).collect()
}

/// The tenants in which an account of the tenant `home` is known: that one first, then those in
/// which it is a guest.
pub fn tenants_of(
    tx: &mut Tx<'_>,
    home: TenantId,
    principal: PrincipalId,
) -> Result<Vec<Tenant>, StoreError> {
    let read = |row: &Row| Ok(Tenant { id: TenantId(row.uuid(0)?), name: row.string(1)? });
    tx.query(TENANTS, &[principal.into(), home.into()])?.iter().map(read).collect()
}

/// Takes an answer of an issuer; `false` when it was taken before. It is remembered until it would
/// not be taken any more for its age.
pub fn use_once(
    tx: &mut Tx<'_>,
    id: &str,
    lapses_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    tx.execute(FORGET, &[now.into()])?;
    Ok(tx.execute(USE, &[id.into(), lapses_at.into()])? > 0)
}
