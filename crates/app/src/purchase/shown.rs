//! Purchases to be shown: a product's terms and plans side by side, a quote that waits to be
//! carried out, and what became of it.

use crate::access;
use crate::audit::{self, Event};
use crate::catalog::{paying_account, purchase_facts};
use crate::limits::PAGE_ROWS_MAX;
use crate::operations::{Evidence, Kind, findings};
use crate::{App, Call, Error, partner, subscriptions};
use jiff::Timestamp;
use prorata_domain::access::{Action, Scope, Verdict};
use prorata_domain::decision::Decision;
use prorata_domain::ids::{OperationId, OrderId};
use prorata_domain::purchase::{Facts, Plan, Request, decide};
use prorata_domain::reservation::{AcquiredBy, BillingAccount, Reservation};
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::quotes::{self, QuoteKind};
use prorata_store::world::Subscription;
use prorata_store::{Tx, operations, reservations};

/// A subscription that could pay, and the account behind it.
#[derive(Debug, Clone)]
pub struct Payer {
    pub subscription: Subscription,
    pub account: BillingAccount,
}

/// A product for a term and a plan that it is sold for.
#[derive(Debug, Clone)]
pub struct Offered {
    pub term: Term,
    pub plan: BillingPlan,
    pub decision: Decision<Plan>,
}

/// What a product comes to in every way that it is sold.
#[derive(Debug, Clone)]
pub struct Compared {
    pub facts: Facts,
    /// As it was asked for.
    pub decision: Decision<Plan>,
    /// By term, and by plan within one.
    pub offers: Vec<Offered>,
    /// Whether the caller may buy it, and why.
    pub verdict: Verdict,
}

/// A purchase as it stands.
#[derive(Debug, Clone)]
pub struct Shown {
    pub order: OrderId,
    pub request: Request,
    pub facts: Facts,
    pub decision: Decision<Plan>,
    pub stage: Stage,
}

/// How far a purchase has come.
#[derive(Debug, Clone)]
pub enum Stage {
    Quoted {
        at: Timestamp,
        lapses_at: Timestamp,
    },
    /// With what was bought, as it is held now.
    Made {
        at: Timestamp,
        bought: Vec<Reservation>,
    },
}

/// The subscriptions that the caller sees, each with the account that pays for it.
///
/// # Errors
/// Those of the database.
pub fn payers(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Vec<Payer>, Error> {
    let seen = subscriptions::list(tx, app, call, None, PAGE_ROWS_MAX)?;
    let mut payers: Vec<Payer> = Vec::with_capacity(seen.rows.len());
    for subscription in seen.rows {
        let known = payers
            .iter()
            .find(|payer| payer.subscription.billing_account == subscription.billing_account)
            .map(|payer| payer.account.clone());
        let account = match known {
            Some(account) => account,
            None => paying_account(tx, call, subscription.id)?,
        };
        payers.push(Payer { subscription, account });
    }
    Ok(payers)
}

/// What a product comes to for each term and plan that it is sold for, and whether the caller may
/// buy it. Nothing is kept of it.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`] for who may not see what the subscription may buy.
pub fn compare(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    request: &Request,
) -> Result<Compared, Error> {
    let payer = request.billing_subscription;
    let _ = access::subscription(tx, call, Action::Catalog, payer)?;
    audit::looked_at(tx, call, &Event::new("catalog", format!("subscription/{payer}")));
    let verdict = access::verdict(tx, call, Action::Buy, &Scope::subscription(payer))?;
    let mut facts = purchase_facts(tx, app, call, request)?;
    // What keeps the caller from buying is said once, by the verdict.
    if verdict.is_allowed() {
        facts.customer = partner::buying(tx, call, &facts.account, payer)?;
    }
    let mut offers = Vec::new();
    for term in facts.offer.iter().flat_map(|offer| offer.terms.clone()) {
        for plan in BillingPlan::ALL {
            let wanted = Request { term, plan, ..request.clone() };
            let mut known = purchase_facts(tx, app, call, &wanted)?;
            if !known.offer.as_ref().is_some_and(|offer| offer.plans.contains(&plan)) {
                continue;
            }
            known.customer.clone_from(&facts.customer);
            let decision = decide(&app.book, &known, &wanted, call.now)?;
            offers.push(Offered { term, plan, decision });
        }
    }
    let decision = decide(&app.book, &facts, request, call.now)?;
    Ok(Compared { facts, decision, offers, verdict })
}

/// A purchase by the id of its order: the caller's quote, or what became of it.
///
/// # Errors
/// [`Error::Absent`] when the caller has none of that id.
pub fn shown(tx: &mut Tx<'_>, _app: &App, call: &Call, id: OrderId) -> Result<Shown, Error> {
    let absent = || Error::Absent { what: format!("purchase `{id}`"), code: "ResourceNotFound" };
    let row = operations::load(tx, call.caller.tenant, OperationId(id.0))?
        .filter(|row| row.kind == Kind::Purchase.as_str());
    if let Some(row) = row {
        if row.principal != call.caller.principal {
            return Err(absent());
        }
        audit::looked_at(
            tx,
            call,
            &Event::new("purchase-result", format!("order/{id}")).about(id.0),
        );
        let kept: Evidence<Facts, Request, Plan> = serde_json::from_str(&row.doc)?;
        let decision = Decision { findings: findings(tx, &row)?, ..kept.decision };
        let mut bought = reservations::of_order(tx, call.caller.tenant, id)?;
        bought.retain(|held| held.acquired_by == AcquiredBy::Purchase);
        let stage = Stage::Made { at: row.decided_at, bought };
        return Ok(Shown { order: id, request: kept.request, facts: kept.facts, decision, stage });
    }
    let quote = quotes::load(tx, id.0)?
        .filter(|quote| quote.kind == QuoteKind::Price && quote.tenant == call.caller.tenant)
        .filter(|quote| quote.principal == call.caller.principal)
        .ok_or_else(absent)?;
    let kept: Evidence<Facts, Request, Plan> = serde_json::from_str(&quote.doc)?;
    // Who was allowed when it was quoted may not be any more.
    let _ = access::subscription(tx, call, Action::Buy, kept.request.billing_subscription)?;
    let decision = Decision { findings: serde_json::from_str(&quote.findings)?, ..kept.decision };
    let stage = Stage::Quoted { at: quote.created_at, lapses_at: quote.lapses_at };
    Ok(Shown { order: id, request: kept.request, facts: kept.facts, decision, stage })
}
