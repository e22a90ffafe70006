//! What is given up, looked at one by one: in an exchange, or for savings plans alone.

use super::{Facts, Notes, Request, Return, position, rights};
use crate::decision::{Finding, Impossible, Line, Outcome, Refusal, Subject};
use crate::policy::{ClauseId, Clauses};
use crate::proration::{self, finding};
use crate::refund::{is_live, self_service, settle, settlement_finding, standing};
use crate::reservation::Held;
use crate::{payment, trade_in};
use jiff::civil::Date;

/// Looks at everything that is given up, in an exchange or for savings plans alone; answers what
/// could be valued.
pub(crate) fn returns(
    notes: &mut Notes,
    facts: &Facts,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Vec<Return>, Impossible> {
    let mut returns = Vec::with_capacity(facts.returns.len());
    for (index, (held, quantity)) in facts.returns.iter().zip(&request.returns).enumerate() {
        let earlier = &facts.returns[..index];
        let given = Given {
            held,
            quantity: *quantity,
            again: earlier.iter().any(|other| other.reservation == held.reservation),
            about: Subject::Return(position(index)),
            traded_in: request.is_trade_in(),
        };
        returns.extend(assess_return(notes, &given, clauses, today)?);
    }
    Ok(returns)
}

/// Units that are to be given up.
#[derive(Clone, Copy)]
struct Given<'g> {
    held: &'g Held,
    quantity: u32,
    /// Whether an earlier return is of the same reservation.
    again: bool,
    about: Subject,
    /// Whether they are given up for savings plans alone.
    traded_in: bool,
}

fn assess_return(
    notes: &mut Notes,
    given: &Given<'_>,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Option<Return>, Impossible> {
    let Given { held, quantity, again, about, traded_in } = *given;
    let [state, counted] = standing(held, quantity, today, Some(about));
    notes.note(state.0, state.1);
    if let Some((owed, refusal)) = payment::owed(held, clauses, Some(about)) {
        notes.note(owed, refusal);
    }
    let counted = if again { returned_twice(held, counted.0) } else { counted };
    notes.note(counted.0, counted.1);
    let (outcome, refusal) = self_service(held, clauses);
    notes.note(finding(clauses.self_service, Some(about), outcome, Vec::new()), refusal);
    if !traded_in {
        exchangeable(notes, held, clauses, about);
        let kept = held.quantity.saturating_sub(quantity);
        rights::assess(notes, held, kept, clauses, today, about);
    }
    if again || quantity == 0 || quantity > held.quantity || !is_live(held, today) {
        return Ok(None);
    }
    let value = proration::value(held, quantity, clauses, today)?;
    for priced in proration::findings(held, &value, clauses, today, Some(about))? {
        notes.note(priced, None);
    }
    let fee = match traded_in {
        true => Some(trade_in::fee(notes, &value, clauses, about)?),
        false => None,
    };
    let (destination, credit_lapses) = settle(held, clauses, today);
    notes.note(settlement_finding(held, clauses, Some(about), destination, credit_lapses), None);
    let kept = held.quantity - quantity;
    Ok(Some(Return { kept, destination, credit_lapses, value, fee }))
}

fn exchangeable(notes: &mut Notes, held: &Held, clauses: &Clauses<'_>, about: Subject) {
    let kind = &held.commitment.resource_type;
    let barred = clauses.not_exchangeable.value.contains(kind);
    notes.note(
        finding(
            clauses.not_exchangeable,
            Some(about),
            if barred { Outcome::NotMet } else { Outcome::Met },
            vec![Line::new("resource type", kind.clone())],
        ),
        barred.then(|| Refusal {
            clause: ClauseId::NotExchangeable,
            code: "SelfServiceRefundNotSupported".into(),
            reason: format!("reservations of type `{kind}` cannot be exchanged"),
            repairs: Vec::new(),
        }),
    );
}

/// Two returns of one reservation could each fit and together give up more than is held.
pub(super) fn returned_twice(held: &Held, counted: Finding) -> (Finding, Option<Refusal>) {
    let refusal = Refusal {
        clause: ClauseId::Quantity,
        code: "InvalidRefundQuantity".into(),
        reason: format!(
            "reservation `{}` is returned twice; ask for all units of it in one return",
            held.reservation
        ),
        repairs: Vec::new(),
    };
    (Finding { outcome: Outcome::NotMet, ..counted }, Some(refusal))
}
