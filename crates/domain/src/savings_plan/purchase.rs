//! Buying a savings plan.
//!
//! The clauses are looked at in the order of [`ClauseId`]: commitment, savings plan offer, term,
//! applied scope, currency, price. A plan that is not sold has no terms, so the list ends there.

use super::Commitment;
use crate::billing::Instalment;
use crate::decision::{
    Amount, Decision, Finding, Formula, Impossible, Line, Outcome, Refusal, Repair, Subject,
};
use crate::ids::SubscriptionId;
use crate::policy::{Book, ClauseId, Clauses, PlanOffer};
use crate::proration::{finding, structural, unit_payment};
use crate::purchase::Noted;
use crate::reservation::{AppliedScope, BillingAccount};
use crate::term::{BillingPlan, Term, due_date, utc_day};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::{Currency, Hourly, Money, MoneyError, Rounding, rounding};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Everything the purchase of a plan may look at. What is sold is in the policy book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub account: BillingAccount,
    /// Why the applied scope cannot be used; nothing when it can.
    pub scope_fault: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub sku: String,
    pub billing_subscription: SubscriptionId,
    pub term: Term,
    pub plan: BillingPlan,
    pub hourly: Hourly,
    pub display_name: String,
    pub applied_scope: AppliedScope,
    pub renew: bool,
}

/// What the purchase of a plan does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub commitment: Commitment,
    /// All payments together.
    pub total: Money,
    pub total_usd: Money,
    /// Each payment: the day it falls due, counted from today.
    pub schedule: Vec<Instalment>,
    pub expires_on: Date,
}

/// Decides the purchase of a plan.
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
    let assessed = assess(facts, request, &clauses, today, None);
    Ok(Decision { proposal: assessed.plan, refusal: assessed.refusal, findings: assessed.findings })
}

/// One plan looked at, alone or for what is given up.
pub(crate) struct Assessed {
    pub plan: Option<Plan>,
    pub refusal: Option<Refusal>,
    pub findings: Vec<Finding>,
}

impl Assessed {
    fn note(&mut self, (finding, refusal): Noted) {
        self.findings.push(finding);
        if self.refusal.is_none() {
            self.refusal = refusal;
        }
    }
}

pub(crate) fn assess(
    facts: &Facts,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
    about: Option<Subject>,
) -> Assessed {
    let mut assessed = Assessed { plan: None, refusal: None, findings: Vec::with_capacity(6) };
    assessed.note(commitment(request, about));
    let offer = clauses.savings_plan_offer.value.offer(&request.sku);
    assessed.note(offered(request, offer, clauses, about));
    let Some(offer) = offer else { return assessed };
    assessed.note(term(request, offer, about));
    assessed.note(applied_scope(facts, about));
    // For what is given up, one finding is about the currencies of all.
    if about.is_none() {
        assessed.note(currency(facts, request));
    }
    match priced(facts, offer, request, today) {
        Ok(plan) => {
            let lines = price_lines(&plan);
            assessed.note((structural(ClauseId::Price, about, Outcome::Met, lines), None));
            assessed.plan = Some(plan);
        }
        Err(fault) => {
            let refusal = Refusal {
                clause: ClauseId::Price,
                code: "BadRequest".into(),
                reason: format!(
                    "the total of a commitment of {} cannot be kept: {fault}",
                    request.hourly
                ),
                repairs: Vec::new(),
            };
            let found = structural(ClauseId::Price, about, Outcome::NotMet, Vec::new());
            assessed.note((found, Some(refusal)));
        }
    }
    assessed
}

fn commitment(request: &Request, about: Option<Subject>) -> Noted {
    let lines = vec![Line::new("commitment", Amount::Hourly(request.hourly))];
    if request.hourly.thousandths() > 0 {
        return (structural(ClauseId::Commitment, about, Outcome::Met, lines), None);
    }
    let refusal = Refusal {
        clause: ClauseId::Commitment,
        code: "BadRequest".into(),
        reason: "the hourly commitment must be at least 0.001".to_owned(),
        repairs: Vec::new(),
    };
    (structural(ClauseId::Commitment, about, Outcome::NotMet, lines), Some(refusal))
}

fn offered(
    request: &Request,
    offer: Option<&PlanOffer>,
    clauses: &Clauses<'_>,
    about: Option<Subject>,
) -> Noted {
    let rule = clauses.savings_plan_offer;
    let mut lines = vec![Line::new("plan", request.sku.clone())];
    if let Some(offer) = offer {
        lines.push(Line::new("kind", offer.kind.as_str()));
        return (finding(rule, about, Outcome::Met, lines), None);
    }
    let sold: Vec<String> = rule.value.offers.iter().map(|offer| offer.sku.clone()).collect();
    lines.push(Line::new("sold", sold.join(", ")));
    let field = Cow::Borrowed("sku.name");
    let refusal = Refusal {
        clause: ClauseId::SavingsPlanOffer,
        code: "InvalidFulfillmentRequestParameters".into(),
        reason: format!("no savings plan named `{}` is sold", request.sku),
        repairs: vec![Repair::Choose { about, field, values: sold }],
    };
    (finding(rule, about, Outcome::NotMet, lines), Some(refusal))
}

fn term(request: &Request, offer: &PlanOffer, about: Option<Subject>) -> Noted {
    let values: Vec<String> = offer.terms.iter().map(|term| term.as_str().to_owned()).collect();
    let lines = vec![
        Line::new("asked for", request.term.as_str()),
        Line::new("offered", values.join(", ")),
    ];
    if offer.terms.contains(&request.term) {
        return (structural(ClauseId::Term, about, Outcome::Met, lines), None);
    }
    let refusal = Refusal {
        clause: ClauseId::Term,
        code: "UnsupportedReservationTerm".into(),
        reason: format!("`term` {} is not offered for `{}`", request.term, offer.sku),
        repairs: vec![Repair::Choose { about, field: Cow::Borrowed("term"), values }],
    };
    (structural(ClauseId::Term, about, Outcome::NotMet, lines), Some(refusal))
}

fn applied_scope(facts: &Facts, about: Option<Subject>) -> Noted {
    let Some(reason) = &facts.scope_fault else {
        return (structural(ClauseId::AppliedScope, about, Outcome::Met, Vec::new()), None);
    };
    let refusal = Refusal {
        clause: ClauseId::AppliedScope,
        code: "AppliedScopesNotAssociatedWithCommerceAccount".into(),
        reason: reason.clone(),
        repairs: Vec::new(),
    };
    let lines = vec![Line::new("fault", reason.clone())];
    (structural(ClauseId::AppliedScope, about, Outcome::NotMet, lines), Some(refusal))
}

/// The commitment is in the currency of the account that pays.
fn currency(facts: &Facts, request: &Request) -> Noted {
    let (billed, asked) = (facts.account.currency, request.hourly.currency());
    let lines = vec![Line::new("billed in", billed.code()), Line::new("asked for", asked.code())];
    if billed == asked {
        return (structural(ClauseId::Currency, None, Outcome::Met, lines), None);
    }
    let refusal = Refusal {
        clause: ClauseId::Currency,
        code: "BadRequest".into(),
        reason: format!("the commitment is in {asked}, and the account is billed in {billed}"),
        repairs: vec![Repair::Choose {
            about: None,
            field: Cow::Borrowed("commitment.currencyCode"),
            values: vec![billed.code().to_owned()],
        }],
    };
    (structural(ClauseId::Currency, None, Outcome::NotMet, lines), Some(refusal))
}

/// What a plan of this commitment costs.
///
/// # Errors
/// When an amount does not fit.
pub fn whole_term(hourly: Hourly, term: Term) -> Result<Money, MoneyError> {
    hourly.times(term.hours())
}

fn priced(
    facts: &Facts,
    offer: &PlanOffer,
    request: &Request,
    today: Date,
) -> Result<Plan, MoneyError> {
    let payments = request.plan.payments(request.term);
    let whole_term = whole_term(request.hourly, request.term)?;
    let commitment = Commitment {
        sku: offer.sku.clone(),
        kind: offer.kind,
        term: request.term,
        plan: request.plan,
        hourly: request.hourly,
        whole_term,
        payment: unit_payment(whole_term, payments)?,
        usd_rate: facts.account.usd_rate,
    };
    let total = commitment.total()?;
    let amount = commitment.payment;
    Ok(Plan {
        total_usd: rounding::scale(
            total,
            commitment.usd_rate,
            Currency::USD,
            Rounding::Conversion,
        )?,
        schedule: (0..payments)
            .map(|index| Instalment { number: index + 1, due: due_date(today, index), amount })
            .collect(),
        expires_on: request.term.end(today),
        total,
        commitment,
    })
}

fn price_lines(plan: &Plan) -> Vec<Line> {
    let bought = &plan.commitment;
    let payments = i64::from(bought.payments());
    let mut lines = vec![
        Line::new("commitment", Amount::Hourly(bought.hourly)),
        Line::new("whole term", bought.whole_term)
            .by(Formula::Hours { of: bought.hourly, hours: bought.term.hours() }),
    ];
    if payments > 1 {
        lines.push(Line::new("one payment", bought.payment).by(Formula::Share {
            of: bought.whole_term,
            part: 1,
            whole: payments,
            rounding: Rounding::Instalment,
        }));
    }
    lines.push(
        Line::new("total", plan.total).by(Formula::Times { of: bought.payment, count: payments }),
    );
    if plan.total.currency() != Currency::USD {
        lines.push(Line::new("total in US dollars", plan.total_usd).by(Formula::Scale {
            of: plan.total,
            rate: bought.usd_rate,
            rounding: Rounding::Conversion,
        }));
    }
    lines
}
