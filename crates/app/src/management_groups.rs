//! Looking at the tree of management groups, as clients walk it for scopes.

use crate::access::Above;
use crate::{App, Call, Error};
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
    let above = Above::of(tx, call)?;
    let groups = directory::groups(tx, tenant)?;
    let seen: Vec<Group> =
        groups.iter().filter(|group| above.sees_group(&group.id)).cloned().collect();
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
