//! Roles that a tenant makes for itself.

use super::{Place, Rejection, RejectionKind};
use crate::access::{Permission, RoleDefinition, role};
use crate::ids::{AssignmentId, RoleId};

/// A role as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub id: RoleId,
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
    /// Where, and below which, it may be given.
    pub assignable: Vec<Place>,
}

/// What is so when a role is made or changed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'f> {
    /// What the id stands for already.
    pub before: Option<&'f RoleDefinition>,
    /// The tenant's own role of the wished name.
    pub namesake: Option<RoleId>,
}

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Put,
    /// All of it is there already.
    Nothing,
}

/// Whether a role can be made or changed as wished.
///
/// # Errors
/// The first reason why not, with the protocol's code.
pub fn decide(facts: &Facts<'_>, wish: &Wish) -> Result<Plan, Rejection> {
    refuse_built_in(facts.before)?;
    if wish.assignable.contains(&Place::Root) {
        return Err(Rejection {
            kind: RejectionKind::Invalid,
            code: "InvalidAssignableScope",
            message: "A role of a tenant's own cannot be assignable at `/`. Name management \
                      groups, subscriptions, `/providers/Microsoft.Capacity` or orders instead."
                .to_owned(),
            target: "properties.assignableScopes",
        });
    }
    let other = facts.namesake.is_some_and(|id| id != wish.id);
    let named = role(&wish.name).is_some_and(|known| known.name.eq_ignore_ascii_case(&wish.name));
    if other || named {
        return Err(Rejection {
            kind: RejectionKind::Conflict,
            code: "RoleDefinitionWithSameNameExists",
            message: format!(
                "A role named `{}` already exists in this directory. Use a different name.",
                wish.name
            ),
            target: "properties.roleName",
        });
    }
    let scopes: Vec<_> = wish.assignable.iter().map(Place::scope).collect();
    let same = |before: &RoleDefinition| {
        before.name == wish.name
            && before.description == wish.description
            && before.permissions == wish.permissions
            && before.assignable_scopes == scopes
    };
    Ok(if facts.before.is_some_and(same) { Plan::Nothing } else { Plan::Put })
}

/// Whether a role can be deleted, of which there is this assignment.
///
/// # Errors
/// The reason why not.
pub fn may_delete(
    before: &RoleDefinition,
    assigned: Option<AssignmentId>,
) -> Result<(), Rejection> {
    refuse_built_in(Some(before))?;
    let Some(id) = assigned else { return Ok(()) };
    Err(Rejection {
        kind: RejectionKind::Conflict,
        code: "RoleDefinitionHasAssignments",
        message: format!(
            "There are existing role assignments referencing the role `{}`, such as {id}. Delete \
             them first.",
            before.name
        ),
        target: "roleDefinitionId",
    })
}

fn refuse_built_in(before: Option<&RoleDefinition>) -> Result<(), Rejection> {
    match before.filter(|role| role.is_built_in()) {
        None => Ok(()),
        Some(role) => Err(Rejection {
            kind: RejectionKind::Conflict,
            code: "BuiltInRoleCannotBeChanged",
            message: format!(
                "`{}` is a built-in role, which is not changed or deleted. Make a role of your own \
                 under another id.",
                role.name
            ),
            target: "roleDefinitionId",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Pattern, RoleKind};
    use crate::ids::SubscriptionId;
    use uuid::Uuid;

    const OWN: RoleId = RoleId(Uuid::from_u128(7));

    fn wish() -> Wish {
        Wish {
            id: OWN,
            name: "Order watcher".into(),
            description: String::new(),
            permissions: vec![Permission {
                actions: vec![Pattern::parse("Microsoft.Capacity/*/read").unwrap()],
                ..Permission::default()
            }],
            assignable: vec![Place::Capacity],
        }
    }

    fn made(wish: &Wish) -> RoleDefinition {
        RoleDefinition {
            id: wish.id,
            name: wish.name.clone(),
            description: wish.description.clone(),
            kind: RoleKind::Custom,
            assignable_scopes: wish.assignable.iter().map(Place::scope).collect(),
            permissions: wish.permissions.clone(),
        }
    }

    fn code(facts: &Facts<'_>, wish: &Wish) -> &'static str {
        decide(facts, wish).unwrap_err().code
    }

    #[test]
    fn a_role_is_made_changed_and_left_as_it_is() {
        let before = made(&wish());
        let facts = Facts { before: Some(&before), namesake: Some(OWN) };
        assert_eq!(decide(&Facts::default(), &wish()), Ok(Plan::Put));
        assert_eq!(decide(&facts, &wish()), Ok(Plan::Nothing));
        for changed in [
            Wish { name: "Watcher".into(), ..wish() },
            Wish { description: "looks on".into(), ..wish() },
            Wish { permissions: Vec::new(), ..wish() },
            Wish { assignable: vec![Place::Subscription(SubscriptionId(OWN.0))], ..wish() },
        ] {
            assert_eq!(decide(&facts, &changed), Ok(Plan::Put));
        }
    }

    #[test]
    fn names_are_taken_once_and_the_root_by_nobody() {
        let facts = Facts { namesake: Some(RoleId(Uuid::from_u128(8))), ..Facts::default() };
        assert_eq!(code(&facts, &wish()), "RoleDefinitionWithSameNameExists");
        let owner = Wish { name: "OWNER".into(), ..wish() };
        assert_eq!(code(&Facts::default(), &owner), "RoleDefinitionWithSameNameExists");
        let root = Wish { assignable: vec![Place::Capacity, Place::Root], ..wish() };
        assert_eq!(code(&Facts::default(), &root), "InvalidAssignableScope");
    }

    #[test]
    fn built_in_roles_and_assigned_ones_stay() {
        let owner = role("Owner").unwrap();
        let facts = Facts { before: Some(owner), namesake: None };
        assert_eq!(code(&facts, &wish()), "BuiltInRoleCannotBeChanged");
        assert_eq!(may_delete(owner, None).unwrap_err().code, "BuiltInRoleCannotBeChanged");
        let before = made(&wish());
        assert_eq!(may_delete(&before, None), Ok(()));
        let assigned = Some(AssignmentId(Uuid::from_u128(9)));
        let refused = may_delete(&before, assigned).unwrap_err();
        assert_eq!(refused.code, "RoleDefinitionHasAssignments");
        assert!(refused.message.contains("00000000-0000-0000-0000-000000000009"));
    }
}
