//! The answer to "may they", with everything that was looked at.

use super::{Action, BillingRole, Pattern, RoleKind, Scope};
use crate::ids::{AssignmentId, RoleId, SubscriptionId};
use std::fmt;

/// Whether somebody may do something at a scope, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub action: Action,
    pub scope: Scope,
    pub answer: Answer,
    /// One for each ground looked at, in the order of [`Ground`].
    pub findings: Vec<Finding>,
    /// Where it is no: the smallest changes that would make it a yes, all of them together. Empty
    /// where nothing helps.
    pub remedies: Vec<Remedy>,
}

impl Verdict {
    pub fn is_allowed(&self) -> bool {
        self.answer == Answer::Allowed
    }

    /// The finding that settles it: the first that allows, or the first that bars it.
    pub fn reason(&self) -> Option<&Finding> {
        let bars = |finding: &&Finding| matches!(finding.outcome, Outcome::Bars(_));
        let allows = |finding: &&Finding| matches!(finding.outcome, Outcome::Allows { .. });
        match self.answer {
            Answer::Allowed => self.findings.iter().find(allows),
            Answer::Denied | Answer::Hidden => self.findings.iter().find(bars),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    Allowed,
    /// They may see what is there, and may not do this.
    Denied,
    /// They may not even see it: for them it is not there.
    Hidden,
}

impl Answer {
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Allowed => "allowed",
            Answer::Denied => "denied",
            Answer::Hidden => "hidden",
        }
    }
}

/// One thing that was looked at, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub ground: Ground,
    pub outcome: Outcome,
}

/// What may allow an action, or bar it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// What is asked about is another tenant's.
    OtherTenant,
    /// The tenant is a partner's customer.
    Customer {
        partner: String,
    },
    /// The account's policy switch "Reserved Instances".
    PurchasePolicy {
        account: String,
    },
    Assignment {
        scope: Scope,
        /// As the assignment names it.
        role: String,
        /// The role's definition, where it is known.
        defined: Option<(RoleId, RoleKind, String)>,
        id: Option<AssignmentId>,
        reach: Reach,
    },
    BillingRole(BillingRole),
    /// The caller owned the subscription when it paid.
    OwnedWhenPaid {
        subscription: SubscriptionId,
    },
    /// Being a partner's agent.
    Agent {
        partner: String,
    },
}

/// How a scope at which a role is given lies to the one that is asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// It is the same.
    Here,
    /// It is above; the scopes on the way down, both ends included, the highest first.
    Inherited { via: Vec<Scope> },
    /// It is a part of what is asked about.
    Below,
    /// It is a subscription, resource group or management group: orders inherit nothing of these.
    NotInherited,
    /// It is somewhere else.
    Beside,
}

impl Reach {
    pub fn reaches(&self) -> bool {
        matches!(self, Reach::Here | Reach::Inherited { .. })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It allows the action: by the action pattern that matched, or, without one, by its name.
    Allows { by: Option<Pattern> },
    /// Nothing allows the action while this is so.
    Bars(String),
    /// It neither allows nor bars.
    Silent(Silence),
}

/// Why a ground does not allow an action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silence {
    /// The role is given at a scope that does not reach the one asked about.
    OutOfReach,
    /// No such role is known.
    UnknownRole,
    /// No action of the role matches.
    NotNamed,
    /// An action of the role matches, and a notAction takes it out again.
    TakenOut { by: Pattern },
    /// Only these roles give it.
    NotOneOf { roles: Vec<String> },
    /// No custom role gives it, whatever its actions.
    Custom,
    /// Above all orders only these roles give it.
    NotTenantWide { roles: Vec<String> },
    /// A guest needs the role on the order itself.
    GuestNeedsOrder,
    /// The billing role does not have it.
    NotOfBillingRole,
    /// Another account, or another profile of the account, pays.
    OtherPayer,
    /// The role is one of another agreement.
    OtherAgreement,
    /// Whoever owned the subscription may see, manage and delegate, and no more.
    NotOfOwner,
    /// Why the agent may not.
    Agent(String),
    /// It is none of the tasks of agents.
    NoTask,
    /// It bars nothing here.
    NotConcerned,
}

/// A change that helps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// This role at this scope.
    Give {
        role: String,
        scope: Scope,
    },
    /// The caller may give themselves this role at this scope.
    TakeOwnership {
        role: String,
        scope: Scope,
    },
    /// Switching reservations on for the account, or asking who may buy while they are off.
    SwitchPolicyOn {
        account: String,
        roles: Vec<String>,
    },
    AskPartner {
        partner: String,
    },
    /// What holds an agent of the partner back, and what helps.
    AsAgent {
        partner: String,
        why: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.ground, self.outcome)
    }
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ground::OtherTenant => f.write_str("another tenant"),
            Ground::Customer { partner } => write!(f, "customer of `{partner}`"),
            Ground::PurchasePolicy { account } => {
                write!(f, "policy \"Reserved Instances\" of billing account `{account}`")
            }
            Ground::Assignment { scope, role, defined, reach, .. } => {
                let (name, custom) = match defined {
                    Some((_, kind, name)) => (name, *kind == RoleKind::Custom),
                    None => (role, false),
                };
                let custom = if custom { "custom role " } else { "" };
                write!(f, "{custom}`{name}` at `{scope}`, {reach}")
            }
            Ground::BillingRole(role) => match &role.profile {
                Some(profile) => write!(
                    f,
                    "billing role `{}` on profile `{profile}` of account `{}`",
                    role.name, role.account
                ),
                None => write!(f, "billing role `{}` on account `{}`", role.name, role.account),
            },
            Ground::OwnedWhenPaid { subscription } => {
                write!(f, "owned subscription `{subscription}` when it paid")
            }
            Ground::Agent { partner } => write!(f, "agent of partner `{partner}`"),
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reach::Here => f.write_str("the scope itself"),
            Reach::Inherited { via } => {
                let path: Vec<String> = via.iter().map(|scope| format!("`{scope}`")).collect();
                write!(f, "inherited down {}", path.join(" > "))
            }
            Reach::Below => f.write_str("a part of it"),
            Reach::NotInherited => {
                f.write_str("which reservations and savings plans do not inherit from")
            }
            Reach::Beside => f.write_str("which is elsewhere"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Allows { by: Some(pattern) } => write!(f, "allows it by `{pattern}`"),
            Outcome::Allows { by: None } => f.write_str("allows it by its name"),
            Outcome::Bars(why) => write!(f, "bars it: {why}"),
            Outcome::Silent(why) => write!(f, "does not allow it: {why}"),
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Silence::OutOfReach => f.write_str("it does not reach this scope"),
            Silence::UnknownRole => f.write_str("there is no such role"),
            Silence::NotNamed => f.write_str("none of its actions matches"),
            Silence::TakenOut { by } => write!(f, "its notAction `{by}` takes it out"),
            Silence::NotOneOf { roles } => write!(f, "only {} give it", roles.join(" or ")),
            Silence::Custom => f.write_str("no custom role gives it, whatever its actions"),
            Silence::NotTenantWide { roles } => {
                write!(f, "above all orders only {} give it", roles.join(" or "))
            }
            Silence::GuestNeedsOrder => f.write_str("a guest needs the role on the order itself"),
            Silence::NotOfBillingRole => f.write_str("it is none of what this billing role may"),
            Silence::OtherPayer => f.write_str("something else pays for it"),
            Silence::OtherAgreement => f.write_str("the role is one of another agreement"),
            Silence::NotOfOwner => {
                f.write_str("who owned it may see, manage and delegate, and no more")
            }
            Silence::Agent(why) => f.write_str(why),
            Silence::NoTask => f.write_str("it is none of the tasks of agents"),
            Silence::NotConcerned => f.write_str("it has nothing to say here"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::Give { role, scope } => write!(f, "be given the role `{role}` at `{scope}`"),
            Remedy::TakeOwnership { role, scope } => {
                write!(f, "give yourself the role `{role}` at `{scope}`, which you may")
            }
            Remedy::SwitchPolicyOn { account, roles } => write!(
                f,
                "have the policy \"Reserved Instances\" of billing account `{account}` switched \
                 on, or ask somebody who is {} there",
                roles.join(" or ")
            ),
            Remedy::AskPartner { partner } => write!(f, "ask the partner `{partner}`"),
            Remedy::AsAgent { partner, why } => {
                write!(f, "mend what holds back an agent of `{partner}` ({why})")
            }
        }
    }
}
