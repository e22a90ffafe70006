//! Buying a reservation.
//!
//! The clauses are looked at in the order of [`ClauseId`], and the first one not met names the
//! refusal: customer purchase, quantity, sellable, term, billing plan, applied scope, price, legacy sale stop. A
//! product that is not sold has no terms, so the list ends there.

use crate::billing;
use crate::commit_units::CommitUnits;
use crate::decision::{
    Amount, Decision, Finding, Formula, Impossible, Line, Outcome, Refusal, Repair, Subject,
};
use crate::partner;
use crate::policy::{Book, ClauseId, Clauses};
use crate::proration::{finding, structural, unit_payment};
use crate::reservation::{AcquiredBy, AppliedScope, BillingAccount, Commitment};
use crate::rights::{self, Units};
use crate::term::{BillingPlan, Term, day_start, utc_day};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::{Currency, Money, MoneyError, Rounding, rounding};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A product as the catalog sells it on the day of the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub resource_type: String,
    /// The SKU as the catalog spells it.
    pub sku: String,
    pub location: String,
    /// "Reserved VM Instance, Standard_B1ls, US West, 1 Year".
    pub title: String,
    pub terms: Vec<Term>,
    pub plans: Vec<BillingPlan>,
    /// The VM series, by which legacy sales stop.
    pub series: Option<String>,
    /// The same size in later versions that are sold here for the term, where the sale of this one
    /// has stopped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newer: Vec<String>,
    /// What one unit of a pre-purchase plan holds; nothing for what is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_units: Option<CommitUnits>,
    /// The price of one unit for the term asked for, in the account's currency.
    pub unit_total: Option<Money>,
    /// The price list's own currency and rate, where the price was converted from it.
    pub converted_from: Option<(Money, rust_decimal::Decimal)>,
}

/// Everything a purchase may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub account: BillingAccount,
    pub offer: Option<Offer>,
    /// Regions in which the SKU is sold, when it is not where it was asked for.
    pub sold_in: Vec<String>,
    /// Since when no reservation of the type is sold, where that is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_stopped: Option<Date>,
    /// Why the applied scope cannot be used; nothing when it can.
    pub scope_fault: Option<String>,
    /// What allows the buyer to buy, where that is somebody of a partner's customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<partner::Buying>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub resource_type: String,
    pub sku: String,
    pub location: Option<String>,
    pub billing_subscription: crate::ids::SubscriptionId,
    pub term: Term,
    pub plan: BillingPlan,
    pub quantity: u32,
    pub display_name: String,
    pub applied_scope: AppliedScope,
    pub instance_flexibility: Option<bool>,
    pub renew: bool,
    pub review_at: Option<Timestamp>,
}

/// What a purchase does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub commitment: Commitment,
    pub quantity: u32,
    pub title: String,
    /// All payments together.
    pub total: Money,
    pub total_usd: Money,
    /// Each payment: the day it falls due, counted from today.
    pub schedule: Vec<billing::Instalment>,
    pub expires_on: Date,
    /// What one unit of a pre-purchase plan holds; nothing for what is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_units: Option<CommitUnits>,
}

impl Plan {
    /// The payment that is made at once.
    ///
    /// # Errors
    /// When the amount does not fit.
    pub fn first_payment(&self) -> Result<Money, MoneyError> {
        self.commitment.unit_payment.times(i64::from(self.quantity))
    }
}

/// Decides a purchase.
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
    let bought_by =
        facts.customer.as_ref().map(|buying| partner::customer_purchase(buying, &clauses));
    let mut assessed = assess(facts, request, &clauses, today, None);
    if let Some((finding, refusal)) = bought_by {
        assessed.findings.insert(0, finding);
        assessed.refusal = refusal.or(assessed.refusal);
    }
    assessed.findings.extend(renewal(facts, request, &clauses, today, None));
    Ok(Decision { proposal: assessed.plan, refusal: assessed.refusal, findings: assessed.findings })
}

/// One purchase looked at, alone or inside an exchange.
pub(crate) struct Assessed {
    pub plan: Option<Plan>,
    pub refusal: Option<Refusal>,
    pub findings: Vec<Finding>,
}

pub(crate) fn assess(
    facts: &Facts,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
    about: Option<Subject>,
) -> Assessed {
    let mut assessed = Assessed { plan: None, refusal: None, findings: Vec::with_capacity(7) };
    assessed.note(quantity(request, about));
    assessed.note(sellable(facts, request, about));
    let Some(offer) = &facts.offer else { return assessed };
    assessed.note(one_of(ClauseId::Term, about, "term", request.term, &offer.terms, |term| {
        (term.as_str(), "UnsupportedReservationTerm")
    }));
    assessed.note(one_of(
        ClauseId::BillingPlan,
        about,
        "billingPlan",
        request.plan,
        &offer.plans,
        |plan| (plan.as_str(), "BadRequest"),
    ));
    assessed.note(applied_scope(facts.scope_fault.as_deref(), about));
    match priced(facts, offer, request, today) {
        Ok(Some(plan)) => {
            let lines = price_lines(offer, &plan);
            assessed.note((structural(ClauseId::Price, about, Outcome::Met, lines), None));
            assessed.plan = Some(plan);
        }
        Ok(None) => assessed.note(refuse_price(
            about,
            "CalculatePriceFailed",
            format!(
                "`{}` in `{}` for {} has no price in {}",
                offer.sku, offer.location, request.term, facts.account.currency
            ),
        )),
        Err(fault) => assessed.note(refuse_price(
            about,
            "BadRequest",
            format!("the total of `quantity` {} cannot be kept: {fault}", request.quantity),
        )),
    }
    assessed.note(legacy(offer, request, clauses, today, about));
    assessed
}

/// What right what is bought now will lose when it is renewed, where it is to be.
pub(crate) fn renewal(
    facts: &Facts,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
    about: Option<Subject>,
) -> Option<Finding> {
    let offer = facts.offer.as_ref().filter(|_| request.renew)?;
    let units = Units {
        resource_type: &offer.resource_type,
        sku: &offer.sku,
        acquired_by: AcquiredBy::Purchase,
        purchased_at: day_start(today),
        carried: None,
    };
    Some(rights::renewal(&units, clauses, today, request.term.end(today), about))
}

impl Assessed {
    fn note(&mut self, (finding, refusal): (Finding, Option<Refusal>)) {
        self.findings.push(finding);
        if self.refusal.is_none() {
            self.refusal = refusal;
        }
    }
}

pub(crate) type Noted = (Finding, Option<Refusal>);

pub(crate) fn sellable(facts: &Facts, request: &Request, about: Option<Subject>) -> Noted {
    let lines = vec![
        Line::new("resource type", request.resource_type.clone()),
        Line::new("SKU", request.sku.clone()),
        Line::new("location", request.location.clone().unwrap_or_else(|| "global".to_owned())),
    ];
    if facts.offer.is_some() {
        return (structural(ClauseId::Sellable, about, Outcome::Met, lines), None);
    }
    let (reason, repairs) = if let Some(since) = facts.type_stopped {
        (format!("no `{}` is sold since {since}", request.resource_type), Vec::new())
    } else if facts.sold_in.is_empty() {
        (format!("no `{}` named `{}` is sold", request.resource_type, request.sku), Vec::new())
    } else {
        let place = request.location.as_deref().unwrap_or("no location");
        let repair = Repair::Choose {
            about,
            field: Cow::Borrowed("location"),
            values: facts.sold_in.clone(),
        };
        (format!("`{}` is not sold in `{place}`", request.sku), vec![repair])
    };
    let refusal = Refusal {
        clause: ClauseId::Sellable,
        code: "InvalidFulfillmentRequestParameters".into(),
        reason,
        repairs,
    };
    (structural(ClauseId::Sellable, about, Outcome::NotMet, lines), Some(refusal))
}

fn one_of<T: Copy + PartialEq>(
    clause: ClauseId,
    about: Option<Subject>,
    field: &'static str,
    asked: T,
    offered: &[T],
    name: impl Fn(&T) -> (&'static str, &'static str),
) -> Noted {
    let (asked_name, code) = name(&asked);
    let values: Vec<String> = offered.iter().map(|value| name(value).0.to_owned()).collect();
    let lines = vec![Line::new("asked for", asked_name), Line::new("offered", values.join(", "))];
    if offered.contains(&asked) {
        return (structural(clause, about, Outcome::Met, lines), None);
    }
    let refusal = Refusal {
        clause,
        code: code.into(),
        reason: format!("`{field}` {asked_name} is not offered for this product"),
        repairs: vec![Repair::Choose { about, field: Cow::Borrowed(field), values }],
    };
    (structural(clause, about, Outcome::NotMet, lines), Some(refusal))
}

fn legacy(
    offer: &Offer,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
    about: Option<Subject>,
) -> Noted {
    let rule = clauses.legacy_sale_stop;
    let series = offer.series.as_deref().unwrap_or("none");
    let stopped_on = |term, day| rule.value.stops(&offer.resource_type, series, term, day);
    let mut lines = vec![Line::new("series", series.to_owned())];
    let Some(stop) = rule.value.cutoff.filter(|_| stopped_on(request.term, Date::MAX)) else {
        return (finding(rule, about, Outcome::NotConcerned, lines), None);
    };
    lines.push(Line::new("no longer sold from", stop));
    if !stopped_on(request.term, today) {
        return (finding(rule, about, Outcome::Met, lines), None);
    }
    let other: Vec<String> = offer
        .terms
        .iter()
        .filter(|term| !stopped_on(**term, today))
        .map(|term| term.as_str().to_owned())
        .collect();
    let choose = |field, values: Vec<String>| {
        (!values.is_empty()).then_some(Repair::Choose {
            about,
            field: Cow::Borrowed(field),
            values,
        })
    };
    let repairs =
        choose("term", other).into_iter().chain(choose("sku", offer.newer.clone())).collect();
    let refusal = Refusal {
        clause: ClauseId::LegacySaleStop,
        code: "InvalidFulfillmentRequestParameters".into(),
        reason: format!(
            "reservations of the {series} series for {} are no longer sold since {stop}",
            request.term
        ),
        repairs,
    };
    (finding(rule, about, Outcome::NotMet, lines), Some(refusal))
}

pub(crate) fn applied_scope(fault: Option<&str>, about: Option<Subject>) -> Noted {
    match fault {
        None => (structural(ClauseId::AppliedScope, about, Outcome::Met, Vec::new()), None),
        Some(reason) => {
            let refusal = Refusal {
                clause: ClauseId::AppliedScope,
                code: "AppliedScopesNotAssociatedWithCommerceAccount".into(),
                reason: reason.to_owned(),
                repairs: Vec::new(),
            };
            let lines = vec![Line::new("fault", reason.to_owned())];
            (structural(ClauseId::AppliedScope, about, Outcome::NotMet, lines), Some(refusal))
        }
    }
}

pub(crate) fn quantity(request: &Request, about: Option<Subject>) -> Noted {
    let lines = vec![Line::new("units", Amount::Count(i64::from(request.quantity)))];
    if request.quantity > 0 {
        return (structural(ClauseId::Quantity, about, Outcome::Met, lines), None);
    }
    let refusal = Refusal {
        clause: ClauseId::Quantity,
        code: "BadRequest".into(),
        reason: "`quantity` must be at least 1".to_owned(),
        repairs: Vec::new(),
    };
    (structural(ClauseId::Quantity, about, Outcome::NotMet, lines), Some(refusal))
}

fn priced(
    facts: &Facts,
    offer: &Offer,
    request: &Request,
    today: Date,
) -> Result<Option<Plan>, MoneyError> {
    let Some(unit_total) = offer.unit_total else { return Ok(None) };
    let payments = request.plan.payments(request.term);
    let commitment = Commitment {
        resource_type: offer.resource_type.clone(),
        sku: offer.sku.clone(),
        location: offer.location.clone(),
        term: request.term,
        plan: request.plan,
        unit_total,
        unit_payment: unit_payment(unit_total, payments)?,
        usd_rate: facts.account.usd_rate,
    };
    let each = commitment.unit_payment.times(i64::from(request.quantity))?;
    let total = each.times(i64::from(payments))?;
    Ok(Some(Plan {
        total_usd: rounding::scale(
            total,
            commitment.usd_rate,
            Currency::USD,
            Rounding::Conversion,
        )?,
        schedule: billing::schedule(&commitment, request.quantity, today)?,
        expires_on: request.term.end(today),
        title: offer.title.clone(),
        commit_units: offer.commit_units,
        quantity: request.quantity,
        total,
        commitment,
    }))
}

fn price_lines(offer: &Offer, plan: &Plan) -> Vec<Line> {
    let commitment = &plan.commitment;
    let payments = i64::from(commitment.payments());
    let mut lines = Vec::with_capacity(5);
    let unit = Line::new("price of a unit for the term", commitment.unit_total);
    lines.push(match offer.converted_from {
        Some((of, rate)) => unit.by(Formula::Scale { of, rate, rounding: Rounding::Conversion }),
        None => unit,
    });
    if payments > 1 {
        lines.push(Line::new("one payment for a unit", commitment.unit_payment).by(
            Formula::Share {
                of: commitment.unit_total,
                part: 1,
                whole: payments,
                rounding: Rounding::Instalment,
            },
        ));
    }
    lines.push(Line::new("payments", Amount::Count(payments)));
    let of_one = Money::new(
        commitment.unit_payment.minor().saturating_mul(payments),
        commitment.unit_payment.currency(),
    );
    lines.push(
        Line::new("total", plan.total)
            .by(Formula::Times { of: of_one, count: i64::from(plan.quantity) }),
    );
    if let Some(holds) = plan.commit_units {
        lines.push(Line::new("commit units in one unit", Amount::Rate(holds.to_decimal())));
    }
    if plan.total.currency() != Currency::USD {
        lines.push(Line::new("total in US dollars", plan.total_usd).by(Formula::Scale {
            of: plan.total,
            rate: commitment.usd_rate,
            rounding: Rounding::Conversion,
        }));
    }
    lines
}

fn refuse_price(about: Option<Subject>, code: &'static str, reason: String) -> Noted {
    let refusal =
        Refusal { clause: ClauseId::Price, code: Cow::Borrowed(code), reason, repairs: Vec::new() };
    (structural(ClauseId::Price, about, Outcome::NotMet, Vec::new()), Some(refusal))
}
