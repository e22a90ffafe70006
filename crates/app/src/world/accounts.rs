//! The issuers of a world document, whose accounts there are which principals, and guests.

use super::{Count, Document, PrincipalRow, derived, principal_id};
use crate::identity::issuers;
use crate::{App, Error, Fault};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::principal::PrincipalKind;
use prorata_store::Tx;
use prorata_store::issuers::{self as rows, Identity};
use prorata_store::world::{self, Principal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An account at an issuer that is a principal of a tenant: one of the document's or an earlier
/// world's, else one that is made here and has no secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityRow {
    pub tenant_id: TenantId,
    /// The principal's client id.
    pub client_id: Uuid,
    /// The id of a trusted issuer.
    pub issuer: String,
    /// What the issuer knows the account by: never a name or an address.
    pub subject: String,
    /// The object id of a principal that is made here; made from tenant and client id when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PrincipalId>,
    /// The name of a principal that is made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `User` or `ServicePrincipal`, of one that is made here; a person when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A principal of one tenant that is a guest in another.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuestRow {
    pub tenant_id: TenantId,
    pub home_tenant_id: TenantId,
    /// The client id that it has at home.
    pub client_id: Uuid,
}

type Client = (TenantId, String);

/// What the rows come to.
#[derive(Default)]
pub(super) struct Checked {
    made: Vec<Principal>,
    bound: Vec<(Identity, TenantId, PrincipalId)>,
    guests: Vec<Principal>,
}

impl Checked {
    /// The principal of a client id in a tenant, where these rows have one.
    pub(super) fn principal(&self, tenant: TenantId, client: Uuid) -> Option<PrincipalId> {
        let client = client.to_string();
        let mut all = self.made.iter().chain(&self.guests);
        all.find(|row| row.tenant == tenant && row.client_id == client).map(|row| row.id)
    }
}

/// Writes issuers, the principals that are accounts of theirs, and guests.
pub(super) fn put(
    tx: &mut Tx<'_>,
    document: &Document,
    checked: &Checked,
    count: &mut Count,
) -> Result<(), Error> {
    for row in &document.issuers {
        count.add(issuers::put(tx, row)?);
    }
    for principal in &checked.made {
        world::put_principal(tx, principal)?;
    }
    for (identity, tenant, principal) in &checked.bound {
        count.add(rows::bind(tx, identity, *tenant, *principal)?);
    }
    for guest in &checked.guests {
        count.add(world::put_principal(tx, guest)?);
    }
    Ok(())
}

/// What the rows come to, or everything that is wrong with them.
pub(super) fn check(
    app: &App,
    document: &Document,
    faults: &mut Vec<Fault>,
) -> Result<Checked, Error> {
    let (tenants, kept) = kept(app, document)?;
    faults.extend(issuers::faults(app, &document.issuers, |tenant| tenants.contains(&tenant))?);
    let trusted: BTreeMap<String, String> = issuers::list(app)
        .into_iter()
        .map(|shown| shown.row)
        .chain(document.issuers.iter().cloned())
        .map(|row| (row.id, row.issuer))
        .collect();
    let mut checked = Checked::default();
    for (index, row) in document.identities.iter().enumerate() {
        let at = |field: &str| format!("identities[{index}].{field}");
        identity(document, row, (&kept, &trusted), &at, &mut checked, faults);
        if !tenants.contains(&row.tenant_id) {
            faults
                .push(Fault::new(at("tenantId"), "must name a tenant of this or an earlier world"));
        }
    }
    for (index, row) in document.guests.iter().enumerate() {
        let at = |field: &str| format!("guests[{index}].{field}");
        guest(document, row, &kept, &at, &mut checked, faults);
        if !tenants.contains(&row.tenant_id) {
            faults
                .push(Fault::new(at("tenantId"), "must name a tenant of this or an earlier world"));
        }
    }
    Ok(checked)
}

type Kept = BTreeMap<Client, Principal>;

fn kept(app: &App, document: &Document) -> Result<(BTreeSet<TenantId>, Kept), Error> {
    let mut tenants: BTreeSet<TenantId> = document.tenants.iter().map(|row| row.id).collect();
    let mut clients: BTreeSet<Client> = BTreeSet::new();
    for row in &document.identities {
        clients.insert((row.tenant_id, row.client_id.to_string()));
    }
    for row in &document.guests {
        clients.insert((row.home_tenant_id, row.client_id.to_string()));
        clients.insert((row.tenant_id, row.client_id.to_string()));
    }
    app.read(move |tx, _| {
        tenants.extend(world::tenants(tx)?.into_iter().map(|tenant| tenant.id));
        let mut kept = Kept::new();
        for client in clients {
            if let Some(found) = world::principal_by_client(tx, client.0, &client.1)? {
                kept.insert(client, found);
            }
        }
        Ok((tenants, kept))
    })
}

fn of_document(document: &Document, tenant: TenantId, client: Uuid) -> Option<&PrincipalRow> {
    let mut rows = document.principals.iter();
    rows.find(|row| row.tenant_id == tenant && row.client_id == client)
}

fn identity(
    document: &Document,
    row: &IdentityRow,
    (kept, trusted): (&Kept, &BTreeMap<String, String>),
    at: &impl Fn(&str) -> String,
    checked: &mut Checked,
    faults: &mut Vec<Fault>,
) {
    let url = trusted.get(&row.issuer);
    if url.is_none() {
        faults.push(Fault::new(at("issuer"), "must name an issuer of this or an earlier world"));
    }
    if row.subject.is_empty() || row.subject.len() > 255 || row.subject.contains(char::is_control) {
        faults.push(Fault::new(at("subject"), "must be a text of at most 255 bytes"));
    }
    let client = row.client_id.to_string();
    let known = kept.get(&(row.tenant_id, client.clone()));
    let kind = match row.kind.as_deref() {
        None => known.map_or(PrincipalKind::User, |known| known.kind),
        Some(word) => PrincipalKind::parse(word).unwrap_or_else(|| {
            faults.push(Fault::new(at("kind"), "must be User or ServicePrincipal"));
            PrincipalKind::User
        }),
    };
    let id = if let Some(of_ours) = of_document(document, row.tenant_id, row.client_id) {
        principal_id(of_ours)
    } else {
        let name = row.name.clone().or_else(|| known.map(|known| known.name.clone()));
        let id = known
            .map(|known| known.id)
            .or(row.id)
            .unwrap_or_else(|| PrincipalId(derived(&[row.tenant_id.0, row.client_id])));
        if name.as_ref().is_none_or(|name| name.is_empty() || name.contains(char::is_control)) {
            let message = "must say what the principal is called, for there is none of this client";
            faults.push(Fault::new(at("name"), message));
        }
        checked.made.push(Principal {
            tenant: row.tenant_id,
            id,
            client_id: client,
            name: name.unwrap_or_default(),
            secret_hash: known.map(|known| known.secret_hash.clone()).unwrap_or_default(),
            kind,
            home: known.and_then(|known| known.home),
        });
        id
    };
    if row.id.is_some_and(|given| given != id) {
        let message = format!("differs from `{id}`, the object id this client has already");
        faults.push(Fault::new(at("id"), message));
    }
    let identity = url.map(|url| Identity { issuer: url.clone(), subject: row.subject.clone() });
    checked.bound.extend(identity.map(|identity| (identity, row.tenant_id, id)));
}

fn guest(
    document: &Document,
    row: &GuestRow,
    kept: &Kept,
    at: &impl Fn(&str) -> String,
    checked: &mut Checked,
    faults: &mut Vec<Fault>,
) {
    let client = row.client_id.to_string();
    let made = |row: &&Principal| row.client_id == client;
    let of_ours = of_document(document, row.home_tenant_id, row.client_id);
    let home = of_ours.map(|own| (principal_id(own), own.name.clone(), PrincipalKind::default()));
    let home = home.or_else(|| {
        let mut rows = checked.made.iter().filter(made);
        let own = rows.find(|own| own.tenant == row.home_tenant_id);
        let own = own.or_else(|| kept.get(&(row.home_tenant_id, client.clone())));
        own.filter(|own| own.home.is_none()).map(|own| (own.id, own.name.clone(), own.kind))
    });
    let Some((id, name, kind)) = home else {
        faults.push(Fault::new(at("clientId"), "must name a principal of the home tenant"));
        return;
    };
    let there = kept.get(&(row.tenant_id, client.clone()));
    if row.tenant_id == row.home_tenant_id {
        faults.push(Fault::new(at("homeTenantId"), "must be another tenant"));
    } else if of_document(document, row.tenant_id, row.client_id).is_some()
        || there.is_some_and(|there| there.home.is_none())
    {
        let message = "has an account of its own in the tenant already";
        faults.push(Fault::new(at("clientId"), message));
    }
    checked.guests.push(Principal {
        tenant: row.tenant_id,
        id,
        client_id: client,
        name,
        secret_hash: String::new(),
        kind,
        home: Some(row.home_tenant_id),
    });
}
