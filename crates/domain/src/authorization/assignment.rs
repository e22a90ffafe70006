//! Giving a role and taking it away.

use super::{Place, Rejection, RejectionKind};
use crate::access::{Action, Match, RoleDefinition, Scope};
use crate::ids::{AssignmentId, PrincipalId, TenantId};
use crate::principal::PrincipalKind;

/// Who gets which role where, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub id: AssignmentId,
    pub place: Place,
    pub principal: PrincipalId,
    /// What the caller takes the principal for, where they say.
    pub principal_type: Option<PrincipalType>,
    /// What is said of it.
    pub description: Option<String>,
}

/// The kinds of principal of the protocol. The desk has people and programs; the others are names
/// it knows and has nobody of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalType {
    User,
    Group,
    ServicePrincipal,
    ForeignGroup,
    Device,
}

impl PrincipalType {
    pub const ALL: [PrincipalType; 5] = [
        PrincipalType::User,
        PrincipalType::Group,
        PrincipalType::ServicePrincipal,
        PrincipalType::ForeignGroup,
        PrincipalType::Device,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            PrincipalType::User => "User",
            PrincipalType::Group => "Group",
            PrincipalType::ServicePrincipal => "ServicePrincipal",
            PrincipalType::ForeignGroup => "ForeignGroup",
            PrincipalType::Device => "Device",
        }
    }

    /// Reads a name in any casing.
    pub fn parse(text: &str) -> Option<PrincipalType> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }
}

impl From<PrincipalKind> for PrincipalType {
    fn from(kind: PrincipalKind) -> Self {
        match kind {
            PrincipalKind::User => PrincipalType::User,
            PrincipalKind::ServicePrincipal => PrincipalType::ServicePrincipal,
        }
    }
}

/// What is so when a role is given.
#[derive(Debug, Clone)]
pub struct Facts<'f> {
    pub tenant: TenantId,
    /// The role that is meant, where the tenant has it.
    pub role: Option<&'f RoleDefinition>,
    /// What the principal is, where the tenant knows it.
    pub principal: Option<PrincipalKind>,
    /// What the id stands for already.
    pub named: Option<Named>,
    /// The assignment of this role to this principal at this very scope, under whatever id.
    pub same: Option<AssignmentId>,
}

/// What an assignment's id stands for already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Whether it is of the caller's tenant, this principal, this role and this scope.
    pub is_same: bool,
    pub description: Option<String>,
}

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Give,
    /// The assignment is there; what is said of it changes.
    Change,
    /// All of it is there already.
    Nothing,
}

/// Whether a role can be given as wished.
///
/// # Errors
/// The first reason why not, with the protocol's code.
pub fn decide(facts: &Facts<'_>, wish: &Wish) -> Result<Plan, Rejection> {
    if let Some(named) = &facts.named {
        return again(named, wish);
    }
    let role = facts.role.ok_or_else(|| Rejection {
        kind: RejectionKind::Absent,
        code: "RoleDefinitionDoesNotExist",
        message: "The role definition that is named does not exist in this tenant. List the role \
                  definitions at the scope for those that do."
            .to_owned(),
        target: "properties.roleDefinitionId",
    })?;
    let scope = wish.place.scope();
    if !role.is_assignable_at(&scope) {
        return Err(not_assignable(role, &scope));
    }
    principal_fits(facts, wish)?;
    match facts.same {
        None => Ok(Plan::Give),
        Some(id) => Err(Rejection {
            kind: RejectionKind::Conflict,
            code: "RoleAssignmentExists",
            message: format!(
                "The role assignment already exists. The id of the one there is {id}; change or \
                 delete that one."
            ),
            target: "properties",
        }),
    }
}

/// The id is in use: the same again is the same answer, and what an assignment is cannot change.
fn again(named: &Named, wish: &Wish) -> Result<Plan, Rejection> {
    if !named.is_same {
        return Err(Rejection {
            kind: RejectionKind::Invalid,
            code: "RoleAssignmentUpdateNotPermitted",
            message: "This id stands for another assignment, whose tenant, principal, role and \
                      scope are not changed. Use a new id, or delete that assignment first."
                .to_owned(),
            target: "properties",
        });
    }
    Ok(if named.description == wish.description { Plan::Nothing } else { Plan::Change })
}

fn not_assignable(role: &RoleDefinition, scope: &Scope) -> Rejection {
    let places: Vec<String> =
        role.assignable_scopes.iter().map(|scope| format!("`{scope}`")).collect();
    Rejection {
        kind: RejectionKind::Invalid,
        code: "RoleDefinitionNotAssignableAtScope",
        message: format!(
            "The role `{}` cannot be given at `{scope}`. It can be given at {} and below.",
            role.name,
            places.join(", ")
        ),
        target: "properties.roleDefinitionId",
    }
}

fn principal_fits(facts: &Facts<'_>, wish: &Wish) -> Result<(), Rejection> {
    let (principal, tenant) = (wish.principal, facts.tenant);
    let Some(kind) = facts.principal.map(PrincipalType::from) else {
        return Err(Rejection {
            kind: RejectionKind::Invalid,
            code: "PrincipalNotFound",
            message: format!(
                "Principal {principal} does not exist in the directory {tenant}. Give the object \
                 id of a user or a service principal of that directory; groups are not kept here."
            ),
            target: "properties.principalId",
        });
    };
    match wish.principal_type {
        Some(said) if said != kind => Err(Rejection {
            kind: RejectionKind::Invalid,
            code: "UnmatchedPrincipalType",
            message: format!(
                "Principal {principal} is of type {}, not {}. Leave `principalType` out, or give \
                 the one it is of.",
                kind.as_str(),
                said.as_str()
            ),
            target: "properties.principalType",
        }),
        _ => Ok(()),
    }
}

/// Whether an assignment can be taken away: somebody must be left who may give roles there, or
/// nobody with a role could mend it afterwards.
///
/// `others` are the roles of all other assignments at the scope and above it.
///
/// # Errors
/// The reason why not.
pub fn may_remove<'r>(
    scope: &Scope,
    role: Option<&RoleDefinition>,
    mut others: impl Iterator<Item = &'r RoleDefinition>,
) -> Result<(), Rejection> {
    if !role.is_some_and(gives_roles) || others.any(gives_roles) {
        return Ok(());
    }
    let action = Action::Assign.provider_name();
    Err(Rejection {
        kind: RejectionKind::Conflict,
        code: "CannotDeleteLastRbacAdminAssignment",
        message: format!(
            "This is the last assignment with which roles can be given at `{scope}`. Give somebody \
             a role with `{action}` there or above, such as Owner, and then delete this one."
        ),
        target: "roleAssignmentName",
    })
}

fn gives_roles(role: &RoleDefinition) -> bool {
    matches!(role.says(Action::Assign.provider_name()), Match::Allowed { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::role;
    use crate::ids::OrderId;
    use uuid::Uuid;

    fn wish() -> Wish {
        Wish {
            id: AssignmentId(Uuid::from_u128(1)),
            place: Place::Order(OrderId(Uuid::from_u128(2))),
            principal: PrincipalId(Uuid::from_u128(3)),
            principal_type: None,
            description: None,
        }
    }

    fn facts() -> Facts<'static> {
        Facts {
            tenant: TenantId(Uuid::from_u128(4)),
            role: role("Reservations Reader"),
            principal: Some(PrincipalKind::User),
            named: None,
            same: None,
        }
    }

    fn code(facts: &Facts<'_>, wish: &Wish) -> &'static str {
        decide(facts, wish).unwrap_err().code
    }

    #[test]
    fn a_role_is_given_once_whatever_the_id() {
        assert_eq!(decide(&facts(), &wish()), Ok(Plan::Give));
        let same = Some(AssignmentId(Uuid::from_u128(9)));
        let refused = decide(&Facts { same, ..facts() }, &wish()).unwrap_err();
        assert_eq!(refused.code, "RoleAssignmentExists");
        assert!(refused.message.contains("00000000-0000-0000-0000-000000000009"));
    }

    #[test]
    fn the_same_id_is_the_same_assignment() {
        let named = |is_same| Some(Named { is_same, description: None });
        let again = Facts { named: named(true), ..facts() };
        assert_eq!(decide(&again, &wish()), Ok(Plan::Nothing));
        let told = Wish { description: Some("why".into()), ..wish() };
        assert_eq!(decide(&again, &told), Ok(Plan::Change));
        let other = Facts { named: named(false), ..facts() };
        assert_eq!(code(&other, &wish()), "RoleAssignmentUpdateNotPermitted");
    }

    #[test]
    fn role_place_and_principal_have_to_fit() {
        let none = Facts { role: None, ..facts() };
        assert_eq!(code(&none, &wish()), "RoleDefinitionDoesNotExist");
        for (place, fits) in [
            (Place::Root, false),
            (Place::ManagementGroup("all".into()), false),
            (Place::Benefits, false),
            (Place::Capacity, true),
        ] {
            let wish = Wish { place: place.clone(), ..wish() };
            assert_eq!(decide(&facts(), &wish).is_ok(), fits, "{place:?}");
        }
        let nobody = Facts { principal: None, ..facts() };
        assert_eq!(code(&nobody, &wish()), "PrincipalNotFound");
        for kind in PrincipalType::ALL {
            let wish = Wish { principal_type: Some(kind), ..wish() };
            let fits = kind == PrincipalType::User;
            assert_eq!(decide(&facts(), &wish).is_ok(), fits, "{kind:?}");
            assert_eq!(PrincipalType::parse(&kind.as_str().to_uppercase()), Some(kind));
        }
    }

    #[test]
    fn somebody_who_may_give_roles_stays() {
        let scope = Scope::capacity();
        let (owner, reader) = (role("Owner"), role("Reader"));
        let left = |role, others: &[Option<&'static RoleDefinition>]| {
            may_remove(&scope, role, others.iter().copied().flatten()).is_ok()
        };
        assert!(!left(owner, &[]) && !left(owner, &[reader, None]));
        assert!(left(reader, &[]) && left(None, &[]));
        assert!(left(owner, &[reader, role("User Access Administrator")]));
    }
}
