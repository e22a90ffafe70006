//! Microsoft.Management: groups of subscriptions.
//!
//! Groups without one above them have no parent here: the root that the provider puts above all of
//! a tenant's groups is no scope of a reservation, so it is not told.

use super::subscription_id;
use prorata_domain::ids::{SubscriptionId, TenantId};
use serde_json::{Value, json};

const KIND: &str = "Microsoft.Management/managementGroups";

/// A group by its id and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

/// What is in a group.
#[derive(Debug, Clone)]
pub enum Child<'a> {
    /// A group, with what is in it where that was asked for.
    Group(Group<'a>, Vec<Child<'a>>),
    Subscription(SubscriptionId, &'a str),
}

/// `/providers/Microsoft.Management/managementGroups/{id}`.
pub fn group_id(id: &str) -> String {
    format!("/providers/Microsoft.Management/managementGroups/{id}")
}

/// A group, as a row of the list of groups.
pub fn row(group: Group<'_>, tenant: TenantId) -> Value {
    json!({
        "id": group_id(group.id),
        "type": KIND,
        "name": group.id,
        "properties": { "tenantId": tenant.to_string(), "displayName": group.name },
    })
}

/// A group as GET answers it; with what is in it, where that was asked for.
pub fn show(
    group: Group<'_>,
    tenant: TenantId,
    parent: Option<Group<'_>>,
    children: Option<&[Child<'_>]>,
) -> Value {
    let mut body = row(group, tenant);
    let mut details = json!({});
    if let Some(parent) = parent {
        details["parent"] = json!({
            "id": group_id(parent.id),
            "name": parent.id,
            "displayName": parent.name,
        });
    }
    body["properties"]["details"] = details;
    if let Some(children) = children {
        body["properties"]["children"] = children.iter().map(child).collect();
    }
    body
}

fn child(of: &Child<'_>) -> Value {
    match of {
        Child::Group(group, children) => {
            let mut body = json!({
                "id": group_id(group.id),
                "type": KIND,
                "name": group.id,
                "displayName": group.name,
            });
            if !children.is_empty() {
                body["children"] = children.iter().map(child).collect();
            }
            body
        }
        Child::Subscription(id, name) => json!({
            "id": subscription_id(*id),
            "type": "/subscriptions",
            "name": id.to_string(),
            "displayName": name,
        }),
    }
}

/// What is below a group, at whatever depth, with the group that it is right in.
pub fn descendant(of: &Child<'_>, parent: &str) -> Value {
    let properties =
        |name: &str| json!({ "displayName": name, "parent": { "id": group_id(parent) } });
    match of {
        Child::Group(group, _) => json!({
            "id": group_id(group.id),
            "type": KIND,
            "name": group.id,
            "properties": properties(group.name),
        }),
        Child::Subscription(id, name) => json!({
            "id": subscription_id(*id),
            "type": format!("{KIND}/subscriptions"),
            "name": id.to_string(),
            "properties": properties(name),
        }),
    }
}

/// A group or subscription among all that the caller sees, with the chain of groups above it from
/// the top.
pub fn entity(of: &Child<'_>, tenant: TenantId, above: &[Group<'_>]) -> Value {
    let parent = above.last().map(|group| json!({ "id": group_id(group.id) }));
    let (id, kind, name, shown) = match of {
        Child::Group(group, _) => {
            (group_id(group.id), KIND.to_owned(), group.id.to_owned(), group.name)
        }
        Child::Subscription(id, name) => {
            (subscription_id(*id), "/subscriptions".to_owned(), id.to_string(), *name)
        }
    };
    let mut properties = json!({
        "tenantId": tenant.to_string(),
        "displayName": shown,
        "permissions": "view",
        "inheritedPermissions": "view",
        "parentDisplayNameChain": above.iter().map(|group| group.name).collect::<Vec<_>>(),
        "parentNameChain": above.iter().map(|group| group.id).collect::<Vec<_>>(),
    });
    if let Some(parent) = parent {
        properties["parent"] = parent;
    }
    json!({ "id": id, "type": kind, "name": name, "properties": properties })
}
