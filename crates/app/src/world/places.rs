//! Resource groups, management groups, and which subscription is in which of these.

use super::{Count, Document};
use crate::scope::Touched;
use crate::{App, Error, Fault};
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::scope::Tree;
use prorata_store::{Tx, groups, world};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubscriptionState {
    #[default]
    Enabled,
    Disabled,
    Deleted,
}

impl SubscriptionState {
    pub fn as_str(self) -> &'static str {
        match self {
            SubscriptionState::Enabled => "Enabled",
            SubscriptionState::Disabled => "Disabled",
            SubscriptionState::Deleted => "Deleted",
        }
    }
}

/// Whether a group is there, or is taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupState {
    #[default]
    Present,
    Deleted,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceGroupRow {
    pub subscription_id: SubscriptionId,
    pub name: String,
    #[serde(default)]
    pub state: GroupState,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManagementGroupRow {
    pub tenant_id: TenantId,
    pub id: String,
    pub name: String,
    /// The group right above it; left out, it is right below the tenant's root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    #[serde(default)]
    pub state: GroupState,
}

/// Where applied scopes may stand otherwise once a document is applied.
pub(super) fn touched(document: &Document) -> Touched {
    let mut touched = Touched::default();
    for row in &document.subscriptions {
        touched.subscriptions.insert(row.id);
        touched.tenants.insert(row.tenant_id);
    }
    touched.subscriptions.extend(document.resource_groups.iter().map(|row| row.subscription_id));
    touched.tenants.extend(document.management_groups.iter().map(|row| row.tenant_id));
    touched
}

/// Writes the groups of a document, and puts its subscriptions into theirs.
pub(super) fn put(tx: &mut Tx<'_>, document: &Document, count: &mut Count) -> Result<(), Error> {
    for row in &document.resource_groups {
        count.add(match row.state {
            GroupState::Present => world::put_resource_group(tx, row.subscription_id, &row.name)?,
            GroupState::Deleted => {
                groups::remove_resource_group(tx, row.subscription_id, &row.name)?
            }
        });
    }
    for row in &document.management_groups {
        if row.state == GroupState::Deleted {
            count.add(groups::remove_group(tx, row.tenant_id, &row.id)?);
            continue;
        }
        let group = world::ManagementGroup {
            tenant: row.tenant_id,
            id: row.id.clone(),
            name: row.name.clone(),
        };
        let changed = world::put_management_group(tx, &group)?;
        let placed = groups::place_group(tx, row.tenant_id, &row.id, row.parent.as_deref())?;
        count.add(changed || placed);
    }
    for row in &document.subscriptions {
        // It was counted with its row.
        groups::place_subscription(tx, row.id, row.management_group.as_deref())?;
    }
    Ok(())
}

/// Groups that are named and are not there, and groups that are above themselves.
pub(super) fn faults(app: &App, document: &Document) -> Result<Vec<Fault>, Error> {
    let trees = trees(app, document)?;
    let none = BTreeMap::new();
    let is_there = |tenant: &TenantId, id: &str| {
        trees.get(tenant).unwrap_or(&none).contains_key(&id.to_ascii_lowercase())
    };
    let mut faults = Vec::new();
    let message = "must name a management group of the same tenant, of this or an earlier world";
    for (index, row) in document.management_groups.iter().enumerate() {
        let path = format!("managementGroups[{index}].parent");
        if row.state == GroupState::Deleted {
            continue;
        }
        if row.parent.as_ref().is_some_and(|parent| !is_there(&row.tenant_id, parent)) {
            faults.push(Fault::new(path, message));
        } else if let Some(groups) = trees.get(&row.tenant_id)
            && Tree::new(groups.clone()).goes_round(&row.id)
        {
            faults.push(Fault::new(path, "puts the group below itself"));
        }
    }
    for (index, row) in document.subscriptions.iter().enumerate() {
        if row.management_group.as_ref().is_some_and(|group| !is_there(&row.tenant_id, group)) {
            faults.push(Fault::new(format!("subscriptions[{index}].managementGroup"), message));
        }
    }
    Ok(faults)
}

/// The groups of each tenant with the one right above, as they will be.
type Groups = BTreeMap<String, Option<String>>;

fn trees(app: &App, document: &Document) -> Result<BTreeMap<TenantId, Groups>, Error> {
    let groups = document.management_groups.iter().map(|row| row.tenant_id);
    let tenants: BTreeSet<TenantId> = groups
        .chain(
            document
                .subscriptions
                .iter()
                .filter(|row| row.management_group.is_some())
                .map(|row| row.tenant_id),
        )
        .collect();
    let mut trees = app.read(move |tx, _| {
        let mut trees = BTreeMap::new();
        for tenant in tenants {
            trees.insert(tenant, groups::tree(tx, tenant)?.into_iter().collect::<Groups>());
        }
        Ok(trees)
    })?;
    for row in &document.management_groups {
        let groups = trees.entry(row.tenant_id).or_default();
        let id = row.id.to_ascii_lowercase();
        match row.state {
            GroupState::Deleted => groups.remove(&id),
            GroupState::Present => {
                groups.insert(id, row.parent.as_ref().map(|parent| parent.to_ascii_lowercase()))
            }
        };
    }
    Ok(trees)
}
