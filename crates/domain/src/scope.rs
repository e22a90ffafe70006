//! What becomes of an applied scope when the world around it changes.
//!
//! A reservation for a management group is shared again once the last subscription of its payer has
//! left the group. One whose subscription was deleted or moved, or whose resource group or
//! management group is no more, benefits nothing until it gets another scope.

use crate::decision::{Amount, Decision, Impossible, Line, Outcome, Refusal};
use crate::policy::{Book, ClauseId};
use crate::proration::structural;
use crate::rearrange::{Item, live};
use crate::reservation::{AppliedScope, NoBenefit, Reservation};
use crate::term::utc_day;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the applied scope of a reservation stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub item: Item,
    /// What is wrong with the scope, where something is.
    pub lacks: Option<NoBenefit>,
    /// The payer's subscriptions in the management group, before and now.
    pub members: Option<Members>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    pub before: u32,
    pub now: u32,
}

/// There is nothing to ask for: the world has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {}

/// What follows for the reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The scope it falls back to, where it does.
    pub falls_back: bool,
    pub no_benefit: Option<NoBenefit>,
}

/// Decides what follows for a reservation; refused when nothing does.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other.
pub fn decide(
    _book: &Book,
    facts: &Facts,
    _request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let row = &facts.item.reservation;
    let (state, not_live) = live(&facts.item, utc_day(now), None);
    let falls_back = facts.members.is_some_and(|members| members.before > 0 && members.now == 0)
        && facts.lacks.is_none();
    let mut lines = vec![Line::new("applied scope", row.applied_scope.to_string())];
    if let Some(members) = facts.members {
        let count = |units: u32| Amount::Count(i64::from(units));
        lines.push(Line::new("subscriptions of the payer in it before", count(members.before)));
        lines.push(Line::new("subscriptions of the payer in it now", count(members.now)));
    }
    if let Some(lacks) = facts.lacks {
        lines.push(Line::new("benefits nothing", lacks.as_str()));
    }
    let changes = falls_back || facts.lacks != row.no_benefit;
    let outcome = if changes { Outcome::Met } else { Outcome::NotMet };
    let scope = structural(ClauseId::AppliedScope, None, outcome, lines);
    let refusal = not_live.or_else(|| {
        (!changes).then(|| Refusal {
            clause: ClauseId::AppliedScope,
            code: "AppliedScopesSameAsExisting".into(),
            reason: format!("the scope of reservation `{}` stands as it did", row.id),
            repairs: Vec::new(),
        })
    });
    let proposal = refusal.is_none().then_some(Plan { falls_back, no_benefit: facts.lacks });
    Ok(Decision { proposal, refusal, findings: vec![state, scope] })
}

/// The reservation as the change of the world leaves it.
pub fn carry_out(was: &Reservation, plan: &Plan, now: Timestamp) -> Reservation {
    Reservation {
        applied_scope: if plan.falls_back {
            AppliedScope::Shared
        } else {
            was.applied_scope.clone()
        },
        no_benefit: plan.no_benefit,
        effective_at: if plan.falls_back { now } else { was.effective_at },
        updated_at: now,
        revision: was.revision + 1,
        ..was.clone()
    }
}

/// The management groups of a tenant: each with the one right above it, in lower case.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    above: BTreeMap<String, Option<String>>,
}

impl Tree {
    pub fn new(groups: impl IntoIterator<Item = (String, Option<String>)>) -> Tree {
        Tree { above: groups.into_iter().collect() }
    }

    /// Whether something right in the group `inside` is in `group`: right in it, or in one below.
    pub fn covers(&self, group: &str, inside: Option<&str>) -> bool {
        let mut at = inside;
        // A chain longer than there are groups would go round in a circle.
        for _ in 0..=self.above.len() {
            match at {
                None => return false,
                Some(id) if id.eq_ignore_ascii_case(group) => return true,
                Some(id) => at = self.above.get(id).and_then(Option::as_deref),
            }
        }
        false
    }

    /// Whether a group is above itself.
    pub fn goes_round(&self, group: &str) -> bool {
        let above = self.above.get(&group.to_ascii_lowercase()).and_then(Option::as_deref);
        self.covers(group, above)
    }
}
