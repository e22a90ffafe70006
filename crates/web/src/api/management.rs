//! Microsoft.Management: the tree of groups and subscriptions, as clients walk it for scopes.

use super::asked::Asked;
use super::table::{Entry, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use crate::limits::PAGE_ROWS_MAX;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::management_groups::{self, Tree};
use prorata_store::directory::{Group, Member};
use prorata_wire::azure::management::{self as shape, Child};
use prorata_wire::azure::resources::page;
use serde_json::Value;

const VERSIONS: &[&str] = &["2023-04-01", "2021-04-01", "2020-05-01"];

macro_rules! at {
    ($path:literal) => {
        concat!("/providers/Microsoft.Management", $path)
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    table
        .route(get(), at!("/managementGroups"), "ManagementGroups_List", VERSIONS, {
            signed_in(run!(list))
        })
        .route(get(), at!("/managementGroups/{group}"), "ManagementGroups_Get", VERSIONS, {
            signed_in(run!(show))
        })
        .route(
            get(),
            at!("/managementGroups/{group}/descendants"),
            "ManagementGroups_GetDescendants",
            VERSIONS,
            signed_in(run!(descendants)),
        )
        .route(Method::POST, at!("/getEntities"), "Entities_List", VERSIONS, {
            signed_in(run!(entities))
        })
}

fn named(group: &Group) -> shape::Group<'_> {
    shape::Group { id: &group.id, name: &group.name }
}

fn member(row: &Member) -> Child<'_> {
    Child::Subscription(row.id, &row.name)
}

/// What is in a group, down to this many levels.
fn children<'t>(tree: &'t Tree, id: &'t str, levels: usize) -> Vec<Child<'t>> {
    let Some(below) = levels.checked_sub(1) else { return Vec::new() };
    let groups = tree
        .groups_in(id)
        .map(|group| Child::Group(named(group), children(tree, &group.id, below)));
    groups.chain(tree.members_in(id).map(member)).collect()
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let tree = asked.read(management_groups::tree).await?;
    let tenant = asked.call()?.caller.tenant;
    let rows = tree.groups.iter().map(|group| shape::row(named(group), tenant)).collect();
    Ok(json(StatusCode::OK, &page(rows, None)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let expanded = asked.expands("children")?;
    let recurse = asked.flag("$recurse")?;
    let id = asked.captures.get("group").to_ascii_lowercase();
    let wanted = id.clone();
    let tree =
        asked.read(move |tx, app, call| management_groups::show(tx, app, call, &wanted)).await?;
    let Some(group) = tree.group(&id) else { return Err(gone()) };
    let parent = group.parent.as_deref().and_then(|id| tree.group(id)).map(named);
    let levels = if recurse { tree.groups.len() + 1 } else { 1 };
    let children = expanded.then(|| children(&tree, &group.id, levels));
    let tenant = asked.call()?.caller.tenant;
    let body = shape::show(named(group), tenant, parent, children.as_deref());
    Ok(json(StatusCode::OK, &body))
}

fn gone() -> ArmError {
    ArmError::not_found("NotFound", "There is no such management group.")
}

async fn descendants(asked: Asked) -> Result<Response, ArmError> {
    let (top, from) = (asked.number("$top", PAGE_ROWS_MAX)?, mark(&asked)?);
    let id = asked.captures.get("group").to_ascii_lowercase();
    let wanted = id.clone();
    let tree =
        asked.read(move |tx, app, call| management_groups::show(tx, app, call, &wanted)).await?;
    let mut rows = Vec::new();
    below(&children(&tree, &id, tree.groups.len() + 1), &id, &mut rows);
    Ok(part(&asked, rows, from, top))
}

fn below(children: &[Child<'_>], parent: &str, rows: &mut Vec<Value>) {
    for child in children {
        rows.push(shape::descendant(child, parent));
        if let Child::Group(group, inner) = child {
            below(inner, group.id, rows);
        }
    }
}

/// Every group and subscription of the tree that the caller sees.
async fn entities(asked: Asked) -> Result<Response, ArmError> {
    let (top, from) = (asked.number("$top", PAGE_ROWS_MAX)?, mark(&asked)?);
    let from = from + asked.number("$skip", 0)?;
    let tree = asked.read(management_groups::tree).await?;
    let tenant = asked.call()?.caller.tenant;
    let mut rows = Vec::new();
    for group in &tree.groups {
        let above = above(&tree, group.parent.as_deref());
        rows.push(shape::entity(&Child::Group(named(group), Vec::new()), tenant, &above));
    }
    for row in &tree.members {
        rows.push(shape::entity(&member(row), tenant, &above(&tree, Some(&row.group))));
    }
    Ok(part(&asked, rows, from, top))
}

/// The groups above, from the top to the one right above.
fn above<'t>(tree: &'t Tree, parent: Option<&'t str>) -> Vec<shape::Group<'t>> {
    let mut chain = Vec::new();
    let mut next = parent.and_then(|id| tree.group(id));
    while let Some(group) = next.filter(|_| chain.len() < tree.groups.len()) {
        chain.push(named(group));
        next = group.parent.as_deref().and_then(|id| tree.group(id));
    }
    chain.reverse();
    chain
}

fn mark(asked: &Asked) -> Result<usize, ArmError> {
    Ok(asked.mark(|mark| mark.parse().ok())?.unwrap_or(0))
}

/// The rows of a page, and the link to the next.
fn part(asked: &Asked, rows: Vec<Value>, from: usize, top: usize) -> Response {
    let top = top.clamp(1, PAGE_ROWS_MAX);
    let next = (rows.len() > from.saturating_add(top))
        .then(|| asked.next_link("$skiptoken", &(from + top).to_string()));
    let rows = rows.into_iter().skip(from).take(top).collect();
    json(StatusCode::OK, &page(rows, next))
}
