//! What a decision about access is taken from.

use super::{BillingRoleName, RoleDefinition, Scope, role};
use crate::ids::{AssignmentId, RoleId, SubscriptionId};
use crate::policy::Agreement;

/// A role given to somebody at a scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// Which assignment it is, where that is known.
    pub id: Option<AssignmentId>,
    /// The name of a built-in role, or the id of a custom one.
    pub role: String,
    pub scope: Scope,
}

impl Assignment {
    pub fn new(role: impl Into<String>, scope: Scope) -> Assignment {
        Assignment { id: None, role: role.into(), scope }
    }
}

/// Everything that access depends on: who the caller is to the tenant, what they were given there,
/// and what is known of the place that is asked about.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub relation: Relation,
    /// The caller's roles in the tenant; those that lie elsewhere do no harm.
    pub assignments: Vec<Assignment>,
    /// Custom roles that assignments name.
    pub roles: Vec<RoleDefinition>,
    /// The caller's roles on billing accounts and profiles.
    pub billing_roles: Vec<BillingRole>,
    /// Who pays for the order or savings plan that is asked about, or would pay for what is bought.
    pub payer: Option<Payer>,
    /// The subscription that paid for the order, where the caller owned it when it did.
    pub owned_when_paid: Option<SubscriptionId>,
    /// The management groups above the subscription or group that is asked about, nearest first.
    pub groups: Vec<Scope>,
    /// For a partner's agent: what they may for this customer.
    pub agent: Option<Agent>,
    /// Where the tenant is a partner's customer: by whom it is sold to.
    pub customer: Option<Customer>,
}

impl Facts {
    /// The facts of somebody of the tenant who has nothing but these roles.
    pub fn of(assignments: Vec<Assignment>) -> Facts {
        Facts { assignments, ..Facts::default() }
    }

    /// The definition of a role that an assignment names.
    pub(super) fn role(&self, name: &str) -> Option<&RoleDefinition> {
        role(name).or_else(|| {
            let id = RoleId::parse(name)?;
            self.roles.iter().find(|role| role.id == id)
        })
    }
}

/// What the caller's account is to the tenant in which they act.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The account is the tenant's.
    #[default]
    Own,
    /// The account is another tenant's, and is let in as a guest.
    Guest,
    /// What is asked about is another tenant's.
    Other,
}

/// A role of the caller on a billing account, or on one of its profiles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BillingRole {
    pub name: BillingRoleName,
    pub account: String,
    /// The profile, for a role that is given on one.
    pub profile: Option<String>,
}

/// Who pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    pub account: String,
    pub profile: Option<String>,
    pub agreement: Agreement,
    /// The account's switch "Reserved Instances": whether its subscriptions may buy them.
    pub sells_reservations: bool,
}

/// A partner's agent who acts for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub partner: String,
    /// What was decided of each task; see [`crate::partner`].
    pub tasks: Vec<AgentTask>,
}

/// Whether an agent may do one of the tasks of agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentTask {
    /// As `agent` names it in `catalog/azure/actions.toml`.
    pub name: String,
    /// The role by which they may, or the reason why they may not.
    pub verdict: Result<String, String>,
}

/// That the tenant is a partner's customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub partner: String,
    /// Why its own people may not buy; nothing where they may.
    pub buying_refused: Option<String>,
}
