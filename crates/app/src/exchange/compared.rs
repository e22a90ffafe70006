//! The ways in which reservations can be traded in, side by side.

use super::{Ask, gather, judge, well_formed};
use crate::{App, Call, Error};
use prorata_domain::decision::{Decision, Repair};
use prorata_domain::exchange::{Facts, Plan, Request};
use prorata_domain::term::{BillingPlan, Term, utc_day};
use prorata_domain::trade_in::commitment_for;
use prorata_ledger::{Currency, Hourly};
use prorata_store::Tx;

/// A term and a plan that the savings plan is sold for.
#[derive(Debug, Clone)]
pub struct OfferedPlan {
    pub term: Term,
    pub plan: BillingPlan,
    /// The smallest commitment that is worth what is given up; nothing where that has no price.
    pub smallest: Option<Hourly>,
    /// What is committed to here: what was asked for, or else the smallest.
    pub hourly: Hourly,
    pub decision: Decision<Plan>,
}

/// A trade-in in every way that its savings plan is sold.
#[derive(Debug, Clone)]
pub struct ComparedTradeIn {
    pub facts: Facts,
    pub currency: Currency,
    pub offers: Vec<OfferedPlan>,
}

impl ComparedTradeIn {
    pub fn offer(&self, term: Term, plan: BillingPlan) -> Option<&OfferedPlan> {
        self.offers.iter().find(|offer| (offer.term, offer.plan) == (term, plan))
    }
}

/// What a trade-in comes to for the caller, who may make it, for each term and plan that its one
/// savings plan is sold for. A commitment of nothing asks for the smallest that passes. Nothing is
/// kept of it, so that it can be asked for while somebody still chooses.
///
/// # Errors
/// As a quote's.
pub fn compare(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<ComparedTradeIn, Error> {
    well_formed(ask)?;
    let gathered = gather(tx, app, call, ask)?;
    let (facts, request) = (gathered.facts, gathered.request);
    let (Some(known), Some(wanted)) = (facts.savings_plans.first(), request.savings_plans.first())
    else {
        return Err(Error::malformed("savingsPlansToPurchase", "name one"));
    };
    let currency = known.account.currency;
    let sold = app.book.in_force(utc_day(call.now)).savings_plan_offer.value;
    let terms = sold.offer(&wanted.sku).map_or_else(Vec::new, |offer| offer.terms.clone());
    let asked = wanted.hourly;
    let mut offers = Vec::new();
    for term in terms {
        for plan in BillingPlan::ALL {
            let decided =
                |hourly| judge(&app.book, &facts, &with(&request, term, plan, hourly), call.now);
            let least = Hourly::new(1, currency);
            let decision = decided(least)?;
            let smallest = smallest(&decision, term, least)?;
            let hourly = match asked.thousandths() {
                0 => smallest.unwrap_or(least),
                _ => asked,
            };
            let decision = if hourly == least { decision } else { decided(hourly)? };
            offers.push(OfferedPlan { term, plan, smallest, hourly, decision });
        }
    }
    Ok(ComparedTradeIn { facts, currency, offers })
}

/// The request with another plan.
fn with(request: &Request, term: Term, plan: BillingPlan, hourly: Hourly) -> Request {
    let mut request = request.clone();
    for wanted in &mut request.savings_plans {
        (wanted.term, wanted.plan, wanted.hourly) = (term, plan, hourly);
    }
    request
}

/// The smallest commitment that passes, as the decision on the least one tells it.
fn smallest(least: &Decision<Plan>, term: Term, hourly: Hourly) -> Result<Option<Hourly>, Error> {
    let Some(refusal) = &least.refusal else { return Ok(Some(hourly)) };
    let raised = refusal.repairs.iter().find_map(|repair| match repair {
        Repair::RaiseCommitment { to, .. } => Some(*to),
        _ => None,
    });
    // Where another clause refuses, the value alone says what would be enough.
    match (raised, &least.proposal) {
        (Some(to), _) => Ok(Some(to)),
        (None, Some(plan)) => Ok(Some(commitment_for(plan.refunds_total, term)?)),
        (None, None) => Ok(None),
    }
}
