//! Returning units of a reservation for money.
//!
//! The clauses are looked at in the order of [`ClauseId`], and the first one not met names the
//! refusal: state, quantity, self-service, not refundable, young return, lowest price, proration,
//! fee, scope of the cap, what counts toward it, the cap, settlement. A reservation that is not
//! live, or a quantity that is not held, has no value, so the list ends before the first clause
//! that needs one.

mod cap;

pub use cap::{cap_scope, cap_scopes};

use crate::decision::{
    Amount, Decision, Finding, Formula, Impossible, Line, Outcome, Refusal, Repair,
};
use crate::ids::WaiverId;
use crate::payment;
use crate::policy::{Agreement, Book, ClauseId, Clauses, Destination, FeeBase};
use crate::proration::{self, ReturnValue, finding, structural, whether_live};
use crate::reservation::Held;
use crate::term::{BillingPlan, utc_day};
use crate::waiver::Exceptions;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use prorata_ledger::{Money, Rounding, rounding};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Everything a refund may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub held: Held,
    /// What earlier refunds in the same cap scope counted, in US cents by UTC day; only days
    /// whose refunds still count.
    pub cap_used: Vec<(Date, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub quantity: u32,
}

/// What a refund does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub value: ReturnValue,
    /// Units that live on in a new reservation of the same order with the same end.
    pub kept: u32,
    pub fee: Money,
    /// Paid out: the refund less the fee.
    pub payout: Money,
    /// What this refund counts toward the cap, in US dollars.
    pub counted: Money,
    /// Counted in the window before this refund, and the cap itself, in US dollars.
    pub cap_used: Money,
    pub cap: Money,
    pub destination: Destination,
    /// The first day without the credit, where it is one that lapses.
    pub credit_lapses: Option<Date>,
    /// The exceptions that it needs, which it uses up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverId>,
}

/// Decides a refund.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let today = utc_day(now);
    let clauses = book.in_force(today);
    let held = &facts.held;
    let mut findings = Vec::with_capacity(12);
    let mut refusal = None;
    let mut exceptions = Exceptions::of([held], &clauses, today);
    let mut note = |finding: Finding, refuse: Option<Refusal>| {
        let (finding, refuse) = exceptions.apply(finding, refuse);
        findings.push(finding);
        if refusal.is_none() {
            refusal = refuse;
        }
    };

    let [state, counted] = standing(held, request.quantity, today, None);
    note_all(&mut note, [Some(state), payment::owed(held, &clauses, None), Some(counted)]);
    let (outcome, refuse) = self_service(held, &clauses);
    note(finding(clauses.self_service, None, outcome, self_service_lines(held)), refuse);
    let (outcome, refuse) = refundable(held, &clauses);
    note(finding(clauses.not_refundable, None, outcome, vec![type_line(held)]), refuse);
    if request.quantity == 0 || request.quantity > held.quantity || !is_live(held, today) {
        return Ok(Decision { proposal: None, refusal, findings });
    }

    let mut plan = price(facts, request.quantity, &clauses, today)?;
    for priced in proration::findings(held, &plan.value, &clauses, today, None)? {
        note(priced, None);
    }
    note(fee_finding(&plan, &clauses)?, None);
    note(cap::scope_finding(&held.account, &clauses), None);
    note(cap::counts_finding(&plan, &clauses), None);
    let (outcome, refuse) = if plan.cap_used.plus(plan.counted)?.minor() > plan.cap.minor() {
        (Outcome::NotMet, Some(cap::refuse(facts, request, &plan, &clauses, today)?))
    } else {
        (Outcome::Met, None)
    };
    note(
        finding(clauses.refund_cap, None, outcome, cap::lines(facts, &plan, &clauses, today)?),
        refuse,
    );
    note(settlement_finding(held, &clauses, None, plan.destination, plan.credit_lapses), None);
    beside_the_cap(&mut plan, &mut findings);
    plan.waivers = exceptions.used();
    Ok(Decision { proposal: Some(plan), refusal, findings })
}

/// A return that is let past the cap counts nothing toward it: what others may return does not
/// depend on the exception.
fn beside_the_cap(plan: &mut Plan, findings: &mut [Finding]) {
    let cap = |finding: &&mut Finding| finding.clause == ClauseId::RefundCap;
    if let Some(cap) = findings.iter_mut().find(cap)
        && cap.outcome == Outcome::Waived
    {
        plan.counted = Money::zero(plan.counted.currency());
        cap.lines.push(Line::new("counted toward the cap", plan.counted));
    }
}

fn note_all(
    note: &mut impl FnMut(Finding, Option<Refusal>),
    findings: impl IntoIterator<Item = Option<(Finding, Option<Refusal>)>>,
) {
    for (finding, refusal) in findings.into_iter().flatten() {
        note(finding, refusal);
    }
}

/// The clauses every return begins with: the reservation is live and holds that many units.
pub(crate) fn standing(
    held: &Held,
    quantity: u32,
    today: Date,
    about: Option<crate::decision::Subject>,
) -> [(Finding, Option<Refusal>); 2] {
    let live = is_live(held, today);
    let state = whether_live(&held.state, held.expires_on, live, about);
    let state_refusal = (!live).then(|| Refusal {
        clause: ClauseId::ReservationState,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason: if held.state.is_active() {
            format!("reservation `{}` expired on {}", held.reservation, held.expires_on)
        } else {
            format!("reservation `{}` is {}", held.reservation, held.state.name())
        },
        repairs: Vec::new(),
    });
    let enough = quantity >= 1 && quantity <= held.quantity;
    let counted = structural(
        ClauseId::Quantity,
        about,
        if enough { Outcome::Met } else { Outcome::NotMet },
        vec![
            Line::new("units held", Amount::Count(i64::from(held.quantity))),
            Line::new("units to return", Amount::Count(i64::from(quantity))),
        ],
    );
    let counted_refusal = (!enough).then(|| Refusal {
        clause: ClauseId::Quantity,
        code: "InvalidRefundQuantity".into(),
        reason: format!(
            "reservation `{}` holds {} units; `quantity` must be from 1 to {}, not {quantity}",
            held.reservation, held.quantity, held.quantity
        ),
        repairs: if held.quantity == 0 {
            Vec::new()
        } else {
            vec![Repair::ReduceQuantity { about, to: held.quantity }]
        },
    });
    [(state, state_refusal), (counted, counted_refusal)]
}

/// Whether a reservation is active and its term is not over.
pub(crate) fn is_live(held: &Held, today: Date) -> bool {
    held.state.is_active() && today < held.expires_on
}

fn type_line(held: &Held) -> Line {
    Line::new("resource type", held.commitment.resource_type.clone())
}

fn refundable(held: &Held, clauses: &Clauses<'_>) -> (Outcome, Option<Refusal>) {
    let kind = &held.commitment.resource_type;
    if !clauses.not_refundable.value.contains(kind) {
        return (Outcome::Met, None);
    }
    (
        Outcome::NotMet,
        Some(Refusal {
            clause: ClauseId::NotRefundable,
            code: "SelfServiceRefundNotSupported".into(),
            reason: format!("reservations of type `{kind}` cannot be returned; contact support"),
            repairs: Vec::new(),
        }),
    )
}

fn self_service_lines(held: &Held) -> Vec<Line> {
    let mut lines = vec![
        Line::new("agreement", held.account.agreement.as_str()),
        Line::new("billing plan", held.commitment.plan.as_str()),
    ];
    lines.extend(held.asker.line());
    lines
}

/// Whether the holder may return or exchange without asking anybody.
pub(crate) fn self_service(held: &Held, clauses: &Clauses<'_>) -> (Outcome, Option<Refusal>) {
    let rule = clauses.self_service.value;
    if let Some(partner) = held.asker.partner_to_ask()
        && !rule.customer_of_partner
    {
        return (Outcome::NotMet, Some(partner_acts(partner, "returned or exchanged")));
    }
    let who = if held.account.agreement == Agreement::Csp && !rule.partner {
        "reservations of a partner's customer"
    } else if held.commitment.plan == BillingPlan::Monthly && !rule.monthly {
        "reservations paid monthly"
    } else {
        return (Outcome::Met, None);
    };
    (
        Outcome::NotMet,
        Some(Refusal {
            clause: ClauseId::SelfService,
            code: "SelfServiceRefundNotSupported".into(),
            reason: format!("{who} cannot be returned or exchanged without a support request yet"),
            repairs: Vec::new(),
        }),
    )
}

/// The refusal of what only the partner does.
pub(crate) fn partner_acts(partner: &str, what: &str) -> Refusal {
    Refusal {
        clause: ClauseId::SelfService,
        code: "AuthorizationFailed".into(),
        reason: format!(
            "a reservation that a customer has of its partner is {what} by the partner, `{partner}`, \
             and not by the customer"
        ),
        repairs: vec![Repair::AskPartner { partner: partner.to_owned() }],
    }
}

/// Prices the return of some units and what it counts toward the cap.
fn price(
    facts: &Facts,
    quantity: u32,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Plan, Impossible> {
    let held = &facts.held;
    let value = proration::value(held, quantity, clauses, today)?;
    let rule = clauses.return_fee.value;
    let base = match rule.base {
        FeeBase::CancelledCommitment => value.given_up()?,
        FeeBase::CashRefund => value.refund,
    };
    let fee =
        rounding::scale(base, rule.rate, base.currency(), Rounding::Fee)?.lesser(value.refund)?;
    let counted = cap::counted(&value, clauses)?;
    let (destination, credit_lapses) = settle(held, clauses, today);
    Ok(Plan {
        kept: held.quantity - quantity,
        payout: value.refund.minus(fee)?,
        fee,
        counted,
        cap_used: cap::used_in_window(facts, clauses, today)?,
        cap: clauses.refund_cap.value.amount,
        destination,
        credit_lapses,
        waivers: Vec::new(),
        value,
    })
}

/// Where the money of a return goes, and the first day without it where it is a credit that lapses.
pub(crate) fn settle(
    held: &Held,
    clauses: &Clauses<'_>,
    today: Date,
) -> (Destination, Option<Date>) {
    // Whether the Prepayment it was bought with belongs to a term that has ended since.
    let ended =
        held.account.prepayment_ends.is_some_and(|end| held.starts_on < end && end <= today);
    let rule = clauses.refund_settlement.value;
    let destination = rule.destination(held.account.agreement, held.account.payment, ended);
    let lapses = destination == Destination::CreditNinetyDays;
    (destination, lapses.then(|| today.saturating_add(rule.credit_days.days())))
}

fn fee_finding(plan: &Plan, clauses: &Clauses<'_>) -> Result<Finding, Impossible> {
    let rule = clauses.return_fee.value;
    let base = match rule.base {
        FeeBase::CancelledCommitment => plan.value.given_up()?,
        FeeBase::CashRefund => plan.value.refund,
    };
    let outcome = if rule.rate == Decimal::ZERO { Outcome::NotConcerned } else { Outcome::Met };
    let by_rate = rounding::scale(base, rule.rate, base.currency(), Rounding::Fee)?;
    let scaled = Formula::Scale { of: base, rate: rule.rate, rounding: Rounding::Fee };
    let mut lines = vec![Line::new("fee rate", Amount::Rate(rule.rate))];
    if by_rate == plan.fee {
        lines.push(Line::new("fee", plan.fee).by(scaled));
    } else {
        // Nobody pays to return: a fee takes at most what comes back.
        lines.push(Line::new("fee by the rate", by_rate).by(scaled));
        lines.push(
            Line::new("fee", plan.fee)
                .by(Formula::Lesser { first: by_rate, second: plan.value.refund }),
        );
    }
    lines.push(
        Line::new("paid out", plan.payout)
            .by(Formula::Minus { from: plan.value.refund, less: plan.fee }),
    );
    Ok(finding(clauses.return_fee, None, outcome, lines))
}

pub(crate) fn settlement_finding(
    held: &Held,
    clauses: &Clauses<'_>,
    about: Option<crate::decision::Subject>,
    destination: Destination,
    credit_lapses: Option<Date>,
) -> Finding {
    let mut lines = vec![
        Line::new("agreement", held.account.agreement.as_str()),
        Line::new("payment method", held.account.payment.as_str()),
        Line::new("refunded to", destination.as_str()),
    ];
    if let Some(day) = credit_lapses {
        lines.push(Line::new("credit lapses on", day));
    }
    finding(clauses.refund_settlement, about, Outcome::Met, lines)
}
