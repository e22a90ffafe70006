//! Looking at the tree of management groups, as clients walk it for scopes.

use crate::access::assignments_above;
use crate::{App, Call, Error};
use prorata_domain::access::{Assignment, Scope, role};
use prorata_store::Tx;
use prorata_store::directory::{self, Group, Member};

/// What the caller sees of a tenant's tree: groups with a role on them or above them, and what is
/// right in these.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    pub groups: Vec<Group>,
    pub members: Vec<Member>,
}

impl Tree {
    /// A group by its id in any casing.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id.eq_ignore_ascii_case(id))
    }

    /// The groups right in a group.
    pub fn groups_in<'t>(&'t self, id: &'t str) -> impl Iterator<Item = &'t Group> {
        self.groups.iter().filter(move |group| group.parent.as_deref() == Some(id))
    }

    /// The subscriptions right in a group.
    pub fn members_in<'t>(&'t self, id: &'t str) -> impl Iterator<Item = &'t Member> {
        self.members.iter().filter(move |member| member.group == id)
    }
}

/// The tree as the caller sees it.
///
/// # Errors
/// Those of the database.
pub fn tree(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<Tree, Error> {
    let tenant = call.caller.tenant;
    let assigned = assignments_above(tx, call)?;
    let groups = directory::groups(tx, tenant)?;
    let seen: Vec<Group> =
        groups.iter().filter(|group| sees(&assigned, &groups, group)).cloned().collect();
    let mut members = directory::members(tx, tenant)?;
    members.retain(|member| seen.iter().any(|group| group.id == member.group));
    Ok(Tree { groups: seen, members })
}

/// The tree, of which a group is part.
///
/// # Errors
/// [`Error::Absent`] for a group that is not there, or that the caller has no role on or above.
pub fn show(tx: &mut Tx<'_>, app: &App, call: &Call, id: &str) -> Result<Tree, Error> {
    let tree = tree(tx, app, call)?;
    if tree.group(id).is_some() {
        return Ok(tree);
    }
    let shown: String = id.chars().filter(|letter| !letter.is_control()).take(90).collect();
    Err(Error::Absent { what: format!("management group `{shown}`"), code: "NotFound" })
}

/// Any known role on the group, on one above it, or at the root.
fn sees(assigned: &[Assignment], groups: &[Group], group: &Group) -> bool {
    // A tree is no deeper than it has groups, also where rows should go round in a circle.
    let mut above = Some(group);
    for _ in 0..groups.len() {
        let Some(at) = above else { return false };
        let path = format!("/providers/microsoft.management/managementgroups/{}", at.id);
        let covers = |given: &&Assignment| {
            Scope::parse(&path).is_some_and(|scope| given.scope.covers(&scope))
        };
        if assigned.iter().filter(covers).any(|given| role(&given.role).is_some()) {
            return true;
        }
        let parent = at.parent.as_deref();
        above = parent.and_then(|parent| groups.iter().find(|other| other.id == parent));
    }
    false
}
