//! Changing a reservation: its scope, its name, its flexibility, its renewal and its review.
//!
//! The clauses are looked at in this order, and the first one not met names the refusal: state,
//! applied scope, instance flexibility, change, self-service.

use crate::decision::{Decision, Finding, Impossible, Line, Outcome, Refusal, Repair};
use crate::partner::Asker;
use crate::policy::{Book, ClauseId, Clauses};
use crate::proration::{finding, structural};
use crate::purchase;
use crate::rearrange::{Item, live};
use crate::refund::partner_acts;
use crate::reservation::{AppliedScope, Reservation};
use crate::term::utc_day;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The type whose units cover other sizes of their group, where that is wanted.
const FLEXIBLE: &str = "VirtualMachines";

/// Everything an update may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub item: Item,
    /// Why the wanted scope cannot be used; nothing when it can, or when none is wanted.
    pub scope_fault: Option<String>,
    /// For whom the request speaks.
    #[serde(default, skip_serializing_if = "Asker::is_holder")]
    pub asker: Asker,
}

/// What is to be changed; what is nothing stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub applied_scope: Option<AppliedScope>,
    pub instance_flexibility: Option<bool>,
    pub display_name: Option<String>,
    pub renew: Option<bool>,
    /// What to buy at renewal in place of the same again.
    pub renew_as: Option<Box<purchase::Request>>,
    pub review_at: Option<Timestamp>,
}

/// What an update does: the wanted values that differ from those there were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub changes: Request,
}

/// Decides an update.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let item = &facts.item;
    let changes = changes(&item.reservation, request);
    let mut looked_at = vec![live(item, utc_day(now), None)];
    if let Some(scope) = &request.applied_scope {
        looked_at.push(applied_scope(facts, scope));
    }
    if changes.instance_flexibility.is_some() {
        looked_at.push(flexibility(item));
    }
    looked_at.push(change(&item.reservation, request, &changes));
    looked_at.extend(by_oneself(facts, &changes, &book.in_force(utc_day(now))));
    let (findings, refusals): (Vec<Finding>, Vec<Option<Refusal>>) = looked_at.into_iter().unzip();
    let refusal = refusals.into_iter().flatten().next();
    let proposal = refusal.is_none().then_some(Plan { changes });
    Ok(Decision { proposal, refusal, findings })
}

/// The wanted values that the reservation does not have yet.
fn changes(row: &Reservation, request: &Request) -> Request {
    let renewed = request.renew.unwrap_or(row.renew);
    Request {
        applied_scope: request
            .applied_scope
            .clone()
            .filter(|scope| !scope.is_same(&row.applied_scope)),
        instance_flexibility: request
            .instance_flexibility
            .filter(|on| *on != row.instance_flexibility),
        display_name: request.display_name.clone().filter(|name| *name != row.display_name),
        renew: request.renew.filter(|renew| *renew != row.renew),
        renew_as: request
            .renew_as
            .clone()
            .filter(|wanted| renewed && row.renew_as.as_ref() != Some(wanted)),
        review_at: request.review_at.filter(|at| row.review_at != Some(*at)),
    }
}

fn applied_scope(facts: &Facts, scope: &AppliedScope) -> (Finding, Option<Refusal>) {
    let mut lines = vec![Line::new("applied scope", scope.to_string())];
    let Some(fault) = &facts.scope_fault else {
        return (structural(ClauseId::AppliedScope, None, Outcome::Met, lines), None);
    };
    lines.push(Line::new("cannot be used", fault.clone()));
    let refusal = Refusal {
        clause: ClauseId::AppliedScope,
        code: "AppliedScopesNotAssociatedWithCommerceAccount".into(),
        reason: fault.clone(),
        repairs: if facts.item.reservation.applied_scope == AppliedScope::Shared {
            Vec::new()
        } else {
            vec![Repair::Choose {
                about: None,
                field: "appliedScopeType".into(),
                values: vec!["Shared".to_owned()],
            }]
        },
    };
    (structural(ClauseId::AppliedScope, None, Outcome::NotMet, lines), Some(refusal))
}

/// A partner's customer changes neither the scope nor the renewal.
fn by_oneself(
    facts: &Facts,
    changes: &Request,
    clauses: &Clauses<'_>,
) -> Option<(Finding, Option<Refusal>)> {
    let rule = clauses.self_service;
    let mut lines = vec![facts.asker.line()?];
    let by_partner = [
        ("applied scope", changes.applied_scope.is_some()),
        ("renewal", changes.renew.is_some() || changes.renew_as.is_some()),
    ];
    let named: Vec<&str> =
        by_partner.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
    lines.push(Line::new("by the partner alone", named.join(", ")));
    let asked = facts.asker.partner_to_ask().filter(|_| !rule.value.customer_of_partner);
    let refusal = asked
        .filter(|_| !named.is_empty())
        .map(|partner| partner_acts(partner, "renewed and given another scope"));
    let outcome = if refusal.is_none() { Outcome::Met } else { Outcome::NotMet };
    Some((finding(rule, None, outcome, lines), refusal))
}

/// Whether units of a type may cover other sizes of their group.
pub fn is_flexible(resource_type: &str) -> bool {
    resource_type.eq_ignore_ascii_case(FLEXIBLE)
}

fn flexibility(item: &Item) -> (Finding, Option<Refusal>) {
    let kind = &item.resource_type;
    let is_flexible = is_flexible(kind);
    let outcome = if is_flexible { Outcome::Met } else { Outcome::NotMet };
    let lines = vec![Line::new("resource type", kind.clone())];
    let refusal = (!is_flexible).then(|| Refusal {
        clause: ClauseId::InstanceFlexibility,
        code: "BadRequest".into(),
        reason: format!(
            "only `{FLEXIBLE}` reservations have an instance flexibility; this one is of type \
             `{kind}`"
        ),
        repairs: Vec::new(),
    });
    (structural(ClauseId::InstanceFlexibility, None, outcome, lines), refusal)
}

/// Something is different afterwards.
fn change(row: &Reservation, wanted: &Request, changes: &Request) -> (Finding, Option<Refusal>) {
    let named = |request: &Request| -> Vec<&'static str> {
        [
            ("appliedScopeType", request.applied_scope.is_some()),
            ("instanceFlexibility", request.instance_flexibility.is_some()),
            ("name", request.display_name.is_some()),
            ("renew", request.renew.is_some()),
            ("renewProperties", request.renew_as.is_some()),
            ("reviewDateTime", request.review_at.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_there)| is_there.then_some(name))
        .collect()
    };
    let (asked, differs) = (named(wanted), named(changes));
    let lines = vec![
        Line::new("asked for", asked.join(", ")),
        Line::new("differs from what is there", differs.join(", ")),
    ];
    let refusal = if wanted.renew_as.is_some() && !wanted.renew.unwrap_or(row.renew) {
        Some(Refusal {
            clause: ClauseId::Change,
            code: "BadRequest".into(),
            reason: "`renewProperties` says what to buy at renewal, and renewal is off".to_owned(),
            repairs: vec![Repair::Choose {
                about: None,
                field: "renew".into(),
                values: vec!["true".to_owned()],
            }],
        })
    } else if differs.is_empty() {
        Some(Refusal {
            clause: ClauseId::Change,
            code: if wanted.applied_scope.is_some() {
                "AppliedScopesSameAsExisting".into()
            } else {
                "PatchValuesSameAsExisting".into()
            },
            reason: format!(
                "reservation `{}` has these values already: {}",
                row.id,
                asked.join(", ")
            ),
            repairs: Vec::new(),
        })
    } else {
        None
    };
    let outcome = if refusal.is_none() { Outcome::Met } else { Outcome::NotMet };
    (structural(ClauseId::Change, None, outcome, lines), refusal)
}

/// The reservation as an update leaves it.
pub fn carry_out(was: &Reservation, plan: &Plan, now: Timestamp) -> Reservation {
    let changes = plan.changes.clone();
    let renew = changes.renew.unwrap_or(was.renew);
    Reservation {
        // A scope that may be chosen is one that benefits.
        no_benefit: was.no_benefit.filter(|_| changes.applied_scope.is_none()),
        applied_scope: changes.applied_scope.unwrap_or_else(|| was.applied_scope.clone()),
        instance_flexibility: changes.instance_flexibility.unwrap_or(was.instance_flexibility),
        display_name: changes.display_name.unwrap_or_else(|| was.display_name.clone()),
        renew,
        renew_as: changes.renew_as.or_else(|| was.renew_as.clone()).filter(|_| renew),
        review_at: changes.review_at.or(was.review_at),
        effective_at: now,
        updated_at: now,
        revision: was.revision + 1,
        ..was.clone()
    }
}
