//! Faults of a world document's rows among themselves and with what is kept already.

use super::{Document, principal_id};
use crate::{App, Error, Fault};
use prorata_domain::ids::{PrincipalId, SubscriptionId, TenantId};
use prorata_store::world;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of an id or a name.
const TEXT_CHARACTERS_MAX: usize = 256;

/// What is kept already of all that a document names.
struct Kept {
    tenants: BTreeSet<TenantId>,
    accounts: BTreeSet<String>,
    subscriptions: BTreeSet<SubscriptionId>,
    /// The object ids of clients, by tenant and client id.
    principals: BTreeMap<(TenantId, String), PrincipalId>,
}

/// The tenants that a document names.
pub(super) fn tenants(document: &Document) -> BTreeSet<TenantId> {
    let named = document.tenants.iter().map(|row| row.id);
    let named = named.chain(document.subscriptions.iter().map(|row| row.tenant_id));
    let named = named.chain(document.management_groups.iter().map(|row| row.tenant_id));
    let named = named.chain(document.principals.iter().map(|row| row.tenant_id));
    named.chain(document.role_assignments.iter().map(|row| row.tenant_id)).collect()
}

/// Rows that name what is neither in the document nor kept already, that are there twice, or whose
/// texts cannot be shown.
pub(super) fn faults(app: &App, document: &Document) -> Result<Vec<Fault>, Error> {
    let kept = kept(app, document)?;
    let mut faults = Vec::new();
    texts(document, &mut faults);
    twice(document, &mut faults);
    references(document, &kept, &mut faults);
    faults.extend(super::places::faults(app, document)?);
    for (index, row) in document.principals.iter().enumerate() {
        let known = kept.principals.get(&(row.tenant_id, row.client_id.to_string()));
        if let Some(known) = known.filter(|known| **known != principal_id(row)) {
            let message = format!("differs from `{known}`, the object id this client has already");
            faults.push(Fault::new(format!("principals[{index}].id"), message));
        }
    }
    Ok(faults)
}

fn kept(app: &App, document: &Document) -> Result<Kept, Error> {
    let accounts: BTreeSet<String> =
        document.subscriptions.iter().map(|row| row.billing_account.clone()).collect();
    let subscriptions: BTreeSet<SubscriptionId> =
        document.resource_groups.iter().map(|row| row.subscription_id).collect();
    let clients: BTreeSet<(TenantId, String)> =
        document.principals.iter().map(|row| (row.tenant_id, row.client_id.to_string())).collect();
    app.read(move |tx, _| {
        let mut kept = Kept {
            tenants: world::tenants(tx)?.into_iter().map(|tenant| tenant.id).collect(),
            accounts: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            principals: BTreeMap::new(),
        };
        for account in &accounts {
            kept.accounts.extend(world::billing_account(tx, account)?.map(|account| account.id));
        }
        for subscription in &subscriptions {
            kept.subscriptions.extend(world::subscription(tx, *subscription)?.map(|row| row.id));
        }
        for client in &clients {
            if let Some(principal) = world::principal_by_client(tx, client.0, &client.1)? {
                kept.principals.insert(client.clone(), principal.id);
            }
        }
        Ok(kept)
    })
}

fn references(document: &Document, kept: &Kept, faults: &mut Vec<Fault>) {
    let tenants: BTreeSet<TenantId> = document.tenants.iter().map(|row| row.id).collect();
    let accounts: BTreeSet<&str> =
        document.billing_accounts.iter().map(|row| row.id.as_str()).collect();
    let subscriptions: BTreeSet<SubscriptionId> =
        document.subscriptions.iter().map(|row| row.id).collect();
    let mut check = |path: String, what: &str, is_there: bool| {
        if !is_there {
            faults
                .push(Fault::new(path, format!("must name a {what} of this or an earlier world")));
        }
    };
    let tenant = |id: &TenantId| tenants.contains(id) || kept.tenants.contains(id);
    for (index, row) in document.subscriptions.iter().enumerate() {
        let at = format!("subscriptions[{index}]");
        check(format!("{at}.tenantId"), "tenant", tenant(&row.tenant_id));
        let account = &row.billing_account;
        let is_there = accounts.contains(account.as_str()) || kept.accounts.contains(account);
        check(format!("{at}.billingAccount"), "billing account", is_there);
    }
    for (index, row) in document.resource_groups.iter().enumerate() {
        let id = &row.subscription_id;
        let is_there = subscriptions.contains(id) || kept.subscriptions.contains(id);
        check(format!("resourceGroups[{index}].subscriptionId"), "subscription", is_there);
    }
    for (index, row) in document.management_groups.iter().enumerate() {
        check(format!("managementGroups[{index}].tenantId"), "tenant", tenant(&row.tenant_id));
    }
    for (index, row) in document.principals.iter().enumerate() {
        check(format!("principals[{index}].tenantId"), "tenant", tenant(&row.tenant_id));
    }
}

/// Of two rows for one thing the later would win at each time the document is applied.
fn twice(document: &Document, faults: &mut Vec<Fault>) {
    again("billingAccounts", "id", document.billing_accounts.iter().map(|row| &row.id), faults);
    again("tenants", "id", document.tenants.iter().map(|row| row.id), faults);
    again("subscriptions", "id", document.subscriptions.iter().map(|row| row.id), faults);
    let groups = document.management_groups.iter();
    let groups = groups.map(|row| (row.tenant_id, row.id.to_ascii_lowercase()));
    again("managementGroups", "id", groups, faults);
    let clients = document.principals.iter().map(|row| (row.tenant_id, row.client_id));
    again("principals", "clientId", clients, faults);
    let given = document.principals.iter().enumerate().filter(|(_, row)| row.id.is_some());
    let mut seen = BTreeSet::new();
    for (index, row) in given {
        if !seen.insert((row.tenant_id, row.id)) {
            faults.push(Fault::new(format!("principals[{index}].id"), "is there twice"));
        }
    }
}

fn again<K: Ord>(list: &str, field: &str, keys: impl Iterator<Item = K>, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for (index, key) in keys.enumerate() {
        if !seen.insert(key) {
            faults.push(Fault::new(format!("{list}[{index}].{field}"), "is there twice"));
        }
    }
}

/// Ids and names are there, are short, and can be shown; PostgreSQL keeps no zero characters.
fn texts(document: &Document, faults: &mut Vec<Fault>) {
    let mut check = |list: &str, index: usize, field: &str, text: &str| {
        let wrong = if text.trim().is_empty() {
            "must not be empty"
        } else if text.chars().any(char::is_control) {
            "must be without control characters"
        } else if text.chars().count() > TEXT_CHARACTERS_MAX {
            "must have at most 256 characters"
        } else {
            return;
        };
        faults.push(Fault::new(format!("{list}[{index}].{field}"), wrong));
    };
    for (index, row) in document.billing_accounts.iter().enumerate() {
        check("billingAccounts", index, "id", &row.id);
        for (field, text) in [("profile", &row.profile), ("customer", &row.customer)] {
            text.iter().for_each(|text| check("billingAccounts", index, field, text));
        }
    }
    for (index, row) in document.tenants.iter().enumerate() {
        check("tenants", index, "name", &row.name);
    }
    for (index, row) in document.subscriptions.iter().enumerate() {
        check("subscriptions", index, "name", &row.name);
    }
    for (index, row) in document.resource_groups.iter().enumerate() {
        check("resourceGroups", index, "name", &row.name);
    }
    for (index, row) in document.management_groups.iter().enumerate() {
        check("managementGroups", index, "id", &row.id);
        check("managementGroups", index, "name", &row.name);
    }
    for (index, row) in document.principals.iter().enumerate() {
        check("principals", index, "name", &row.name);
    }
    for (index, row) in document.role_assignments.iter().enumerate() {
        check("roleAssignments", index, "scope", &row.scope);
    }
    for (index, row) in document.prices.iter().enumerate() {
        check("prices", index, "sku", &row.sku);
        check("prices", index, "location", &row.location);
    }
}
