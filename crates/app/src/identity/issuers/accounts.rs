//! Whose accounts are which principals.

use super::config::{IssuerRow, Provision, Shape};
use super::{Trusted, mapping};
use crate::identity::jwt::{Claims, unusable};
use crate::{App, Caller, Error, PrincipalKind};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::Tx;
use prorata_store::issuers::{self as rows, Identity};
use prorata_store::world::{self, Principal};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An account as a token tells it.
struct Seen {
    identity: Identity,
    tenant: TenantId,
    client: Option<String>,
    name: String,
    kind: PrincipalKind,
    /// The object id that the account has at its issuer, where that is unique by itself.
    object: Option<Uuid>,
}

/// Who the account of a checked token is here. Where the issuer may provision, the first sight
/// makes a principal, which has no role. It blocks.
///
/// # Errors
/// [`Error::Unknown`] for an account that nobody here is bound to.
pub fn caller(app: &App, issuer: &Trusted, claims: &Claims) -> Result<Caller, Error> {
    known(app, issuer, seen(&issuer.row, issuer.tenant(claims)?, claims)?)
}

/// As [`caller`], of an ID token, which is always a person's.
///
/// # Errors
/// Those of [`caller`].
pub fn person(app: &App, issuer: &Trusted, claims: &Claims) -> Result<Caller, Error> {
    let seen = seen(&issuer.row, issuer.tenant(claims)?, claims)?;
    known(app, issuer, Seen { kind: PrincipalKind::User, ..seen })
}

fn known(app: &App, issuer: &Trusted, seen: Seen) -> Result<Caller, Error> {
    let (identity, tenant) = (seen.identity.clone(), seen.tenant);
    let found = app.read(move |tx, _| Ok(rows::principal(tx, &identity, tenant)?))?;
    let client = seen.client.clone();
    let principal = match found {
        Some(principal) => principal,
        None if may_provision(&issuer.row, seen.kind) => {
            app.write(move |tx, _| provision(tx, &seen))?
        }
        None => return Err(unusable(not_bound(&seen))),
    };
    Ok(acting(principal, client))
}

/// The caller that a principal is; `client` is the program it uses, where a token says so.
pub(super) fn acting(principal: Principal, client: Option<String>) -> Caller {
    Caller {
        kind: principal.kind,
        home: principal.home.unwrap_or(principal.tenant),
        ..Caller::new(
            principal.tenant,
            principal.id,
            client.unwrap_or(principal.client_id),
            principal.name,
        )
    }
}

fn seen(row: &IssuerRow, tenant: TenantId, claims: &Claims) -> Result<Seen, Error> {
    let subject = mapping::subject(row, claims)?;
    let object = (row.shape == Shape::Entra).then(|| Uuid::try_parse(subject).ok()).flatten();
    Ok(Seen {
        identity: Identity { issuer: row.issuer.clone(), subject: subject.to_owned() },
        tenant,
        client: mapping::client(row, claims).map(mapping::shown),
        name: mapping::name(row, claims),
        kind: mapping::kind(row, claims),
        object,
    })
}

fn may_provision(row: &IssuerRow, kind: PrincipalKind) -> bool {
    match row.provision {
        Provision::None => false,
        Provision::Users => kind == PrincipalKind::User,
        Provision::All => true,
    }
}

fn not_bound(seen: &Seen) -> String {
    format!(
        "no principal of the tenant `{}` is the account `{}` of `{}`",
        seen.tenant, seen.identity.subject, seen.identity.issuer
    )
}

/// Makes the principal of an account. An object id that is somebody's already is never taken over:
/// only an operator says that two accounts are one.
fn provision(tx: &mut Tx<'_>, seen: &Seen) -> Result<Principal, Error> {
    if let Some(made) = rows::principal(tx, &seen.identity, seen.tenant)? {
        return Ok(made);
    }
    let id = seen.object.map_or_else(|| derived(seen), PrincipalId);
    if world::principal(tx, seen.tenant, id)?.is_some() {
        return Err(unusable(not_bound(seen)));
    }
    // A program is known by its client id, unless another one is.
    let own = seen.client.clone().filter(|_| seen.kind == PrincipalKind::ServicePrincipal);
    let client_id = match own {
        Some(own) if world::principal_by_client(tx, seen.tenant, &own)?.is_none() => own,
        _ => id.to_string(),
    };
    let principal = Principal {
        tenant: seen.tenant,
        id,
        client_id: client_id.to_ascii_lowercase(),
        name: seen.name.clone(),
        secret_hash: String::new(),
        kind: seen.kind,
        home: None,
    };
    world::put_principal(tx, &principal)?;
    rows::bind(tx, &seen.identity, seen.tenant, id)?;
    Ok(principal)
}

fn derived(seen: &Seen) -> PrincipalId {
    PrincipalId(id_of(&seen.identity, seen.tenant))
}

/// The id of a principal that is made for an account: the same for the same account.
pub fn id_of(identity: &Identity, tenant: TenantId) -> Uuid {
    let text = format!("{}\n{tenant}\n{}", identity.issuer, identity.subject);
    let digest = Sha256::digest(text);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
