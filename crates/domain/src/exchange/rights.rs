//! The right to exchange, in the decision of an exchange.

use super::{Facts, Notes, Request};
use crate::decision::{Line, Outcome, Refusal, Subject};
use crate::policy::{ClauseId, Clauses};
use crate::proration::finding;
use crate::purchase;
use crate::reservation::{AcquiredBy, Held};
use crate::rights::{self, Carried, Right, Units, Why};
use crate::term::utc_day;
use jiff::civil::Date;

/// The finding of a swap, which asks for no right and uses none up.
pub(super) fn unconcerned(notes: &mut Notes, held: &Held, clauses: &Clauses<'_>, about: Subject) {
    let lines = vec![
        Line::new("bought on", utc_day(held.purchased_at)),
        Line::new("right", "a swap asks for none and uses none up"),
    ];
    let outcome = Outcome::NotConcerned;
    notes.note(finding(clauses.exchange_right, Some(about), outcome, lines), None);
}

/// Whether units of what is held may be exchanged, and what their renewal would cost those that
/// are kept.
pub(super) fn assess(
    notes: &mut Notes,
    held: &Held,
    kept: u32,
    clauses: &Clauses<'_>,
    today: Date,
    about: Subject,
) {
    let units = Units::held(held);
    let (found, right) = rights::look(&units, clauses, today, Some(about));
    let refusal = match right {
        Right::None(why) => Some(refuse(held, why, clauses)),
        Right::Unlimited | Right::Last(_) => None,
    };
    notes.note(found, refusal);
    if held.renews && kept > 0 {
        notes.findings.push(rights::renewal(&units, clauses, today, held.expires_on, Some(about)));
    }
}

fn refuse(held: &Held, why: Why, clauses: &Clauses<'_>) -> Refusal {
    let what = &held.commitment;
    let kind = &what.resource_type;
    let end = clauses.exchange_right.value.ends_for(kind, &what.sku);
    let end = end.map_or_else(String::new, |end| end.to_string());
    let bought = match held.acquired_by {
        AcquiredBy::Renewal => "renewed",
        _ => "bought",
    };
    let reason = match why {
        Why::BoughtAfter => format!(
            "reservation `{}` was {bought} on {}; `{kind}` reservations bought from {end} on \
             cannot be exchanged, only returned or traded in",
            held.reservation,
            utc_day(held.purchased_at)
        ),
        Why::Used => format!(
            "the units of reservation `{}` had their last exchange; they can only be returned or \
             traded in",
            held.reservation
        ),
        Why::NothingLeft => {
            format!("`{kind}` reservations cannot be exchanged since {end}, only returned")
        }
    };
    Refusal {
        clause: ClauseId::ExchangeRight,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason,
        repairs: Vec::new(),
    }
}

/// What each purchase carries over of the rights of all that is given up.
pub(super) fn carried(
    facts: &Facts,
    purchases: &[purchase::Plan],
    clauses: &Clauses<'_>,
    today: Date,
) -> Vec<Option<Carried>> {
    let of = |plan: &purchase::Plan| {
        let what = &plan.commitment;
        let given_up = facts.returns.iter().map(Units::held);
        let rule = clauses.exchange_right.value;
        rights::carried(rule, given_up, &what.resource_type, &what.sku, today)
    };
    purchases.iter().map(of).collect()
}

/// What a purchase that is set to be renewed will lose by that.
pub(super) fn renewal_of_purchase(
    notes: &mut Notes,
    facts: &Facts,
    request: &Request,
    index: usize,
    clauses: &Clauses<'_>,
    today: Date,
    about: Subject,
) {
    let (Some(asked), Some(offered)) = (request.purchases.get(index), facts.purchases.get(index))
    else {
        return;
    };
    notes.findings.extend(purchase::renewal(offered, asked, clauses, today, Some(about)));
}
