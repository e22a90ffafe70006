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
mod billing_role;
mod check;
mod decide;
mod facts;
mod pattern;
mod role;
mod scope;
#[cfg(test)]
mod tests;
mod verdict;

pub use action::{Action, Customers, Rule};
pub use billing_role::{BillingRoleDefinition, BillingRoleName, Level};
pub use decide::{decide, grants, permits, sees};
pub use facts::{Agent, AgentTask, Assignment, BillingRole, Customer, Facts, Payer, Relation};
pub use pattern::{PATTERN_CHARACTERS_MAX, Pattern};
pub use role::{Match, Permission, RoleDefinition, RoleKind, role, roles};
pub use scope::{Scope, ScopeKind};
pub use verdict::{Answer, Finding, Ground, Outcome, Reach, Remedy, Silence, Verdict};
