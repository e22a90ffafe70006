//! The proof that a caller may do something.

use super::refusal;
use crate::{Call, Caller, Error};
use prorata_domain::access::{Action, Finding, Scope, Verdict};

/// That a caller may do an action at a scope, and why. Jobs that change something demand one.
///
/// ```compile_fail
/// use prorata_app::access::Permit;
/// // Nobody outside can make one, not even from another.
/// fn forged(other: Permit) -> Permit {
///     Permit { caller: other.caller.clone(), ..other }
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a permit is there to be handed to the job"]
pub struct Permit {
    caller: Caller,
    action: Action,
    scope: Scope,
    reason: Reason,
}

/// Why something may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The first ground that allows it.
    Ground(Box<Finding>),
    /// The desk does it by itself, since it has fallen due.
    Due,
    /// One of the people who run the desk does it for others.
    Desk,
}

/// Whether an action moves money, or gives others the right to.
fn asks_second_factor(action: Action) -> bool {
    use Action::{
        Assign, Buy, BuySavingsPlan, DefineRole, Exchange, ManageSavingsPlan, Renew, Return,
        TradeIn,
    };
    matches!(
        action,
        Buy | Renew
            | Return
            | Exchange
            | TradeIn
            | BuySavingsPlan
            | ManageSavingsPlan
            | Assign
            | DefineRole
    )
}

impl Permit {
    /// The permit that a verdict gives.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Denied`] or [`Error::SecondFactorAsked`].
    pub(super) fn of(call: &Call, verdict: Verdict) -> Result<Permit, Error> {
        let reason = match verdict.reason() {
            Some(finding) if verdict.is_allowed() => Reason::Ground(Box::new(finding.clone())),
            _ => return Err(refusal(call, verdict)),
        };
        let Verdict { action, scope, .. } = verdict;
        if call.lacks_second_factor && asks_second_factor(action) {
            return Err(Error::SecondFactorAsked { action });
        }
        Ok(Permit { caller: call.caller.clone(), action, scope, reason })
    }

    /// The permit for what the desk does by itself at the instant at which it is due, in the name
    /// of whoever bought; nobody asks for it, so nobody is asked.
    pub(crate) fn due(call: &Call, scope: Scope) -> Permit {
        let action = Action::Manage;
        Permit { caller: call.caller.clone(), action, scope, reason: Reason::Due }
    }

    /// The permit of one of the people who run the desk, who was found among them.
    pub(crate) fn of_desk(call: &Call, scope: Scope) -> Permit {
        let action = Action::Manage;
        Permit { caller: call.caller.clone(), action, scope, reason: Reason::Desk }
    }

    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn action(&self) -> Action {
        self.action
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Stops what this is no permit for: another action, or another place. What is due by itself
    /// was asked of nobody.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub(crate) fn require(&self, action: Action, scope: &Scope) -> Result<(), Error> {
        if self.reason == Reason::Due || (self.action == action && self.scope.covers(scope)) {
            return Ok(());
        }
        let (wanted, given) = (action.as_str(), self.action.as_str());
        Err(Error::Broken(format!(
            "a permit to {given} at `{}` was used to {wanted} at `{scope}`",
            self.scope
        )))
    }
}
