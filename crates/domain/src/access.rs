//! Who may do what: roles assigned at a scope allow actions there and below.
//!
//! A reservation lies under its order, the order under `/providers/Microsoft.Capacity`, and that
//! under `/`. Subscriptions lie under `/` only: a role on a subscription allows buying with it, and
//! nothing on the orders it paid for. Returning and exchanging need a role on the *order*.
//!
//! Savings plans lie in the same way under `/providers/Microsoft.BillingBenefits`, and a role on
//! reservations is none on them. Trading reservations in needs to own their order, and to be
//! allowed to buy a savings plan with the subscription that pays.

mod action;
mod pattern;
mod role;
mod scope;

pub use action::{Action, Customers, Rule};
pub use pattern::{PATTERN_CHARACTERS_MAX, Pattern};
pub use role::{Match, Permission, RoleDefinition, RoleKind, role, roles};
pub use scope::{Scope, ScopeKind};

/// A role given to somebody at a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The role's name.
    pub role: String,
    pub scope: Scope,
}

/// Whether any assignment allows an action at a scope.
pub fn allows(assignments: &[Assignment], action: Action, scope: &Scope) -> bool {
    let rule = action.rule();
    assignments.iter().any(|assignment| {
        assignment.scope.covers(scope)
            && role(&assignment.role).is_some_and(|role| match rule.built_in.is_empty() {
                true => matches!(role.says(&rule.provider), Match::Allowed { .. }),
                false => rule.built_in.iter().any(|named| named.id == role.id),
            })
    })
}
