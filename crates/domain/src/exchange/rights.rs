//! The right to exchange a covered service: without limit until its end, then once more for units
//! bought before, and never for units bought after.

use super::Notes;
use crate::decision::{Line, Outcome, Refusal, Subject};
use crate::policy::{ClauseId, Clauses};
use crate::proration::finding;
use crate::reservation::Held;
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

/// The last exchange of each unit: units bought before the cut-off may be exchanged once after
/// it, and what they become was bought after it; units bought after it never.
pub(super) fn assess(
    notes: &mut Notes,
    held: &Held,
    clauses: &Clauses<'_>,
    today: Date,
    about: Subject,
) {
    let rule = clauses.exchange_right;
    let bought = utc_day(held.purchased_at);
    let kind = &held.commitment.resource_type;
    let mut lines = vec![Line::new("bought on", bought)];
    let cutoff = rule.value.cutoff.filter(|_| rule.value.covers(kind));
    let Some(cutoff) = cutoff else {
        notes.note(finding(rule, Some(about), Outcome::NotConcerned, lines), None);
        return;
    };
    lines.push(Line::new("exchange ends for what is bought from", cutoff));
    // What an exchange makes is bought after the cutoff, so one last exchange needs no count.
    let last = bought < cutoff && rule.value.final_rights > 0;
    let gone = today >= cutoff && !last;
    let right = if gone {
        "none"
    } else if today < cutoff {
        "not limited yet"
    } else {
        "one last exchange for each unit"
    };
    lines.push(Line::new("right", right));
    let outcome = if gone { Outcome::NotMet } else { Outcome::Met };
    notes.note(
        finding(rule, Some(about), outcome, lines),
        gone.then(|| Refusal {
            clause: ClauseId::ExchangeRight,
            code: "OperationCannotBePerformedInCurrentState".into(),
            reason: if bought < cutoff {
                format!("`{kind}` reservations cannot be exchanged since {cutoff}, only returned")
            } else {
                format!(
                    "reservation `{}` was bought on {bought}; `{kind}` reservations bought from \
                     {cutoff} on cannot be exchanged, only returned or traded in",
                    held.reservation
                )
            },
            repairs: Vec::new(),
        }),
    );
}
