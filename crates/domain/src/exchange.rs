//! Giving up units of some reservations for others.
//!
//! For each return, in request order: state, quantity, self-service, not exchangeable, exchange
//! right, young return, lowest price, proration, settlement. For each purchase: the clauses of a purchase,
//! then the exchange groups. For each savings plan: the clauses of its purchase, then the types that
//! may become it. Then the currency, the exchange floor, and the refund cap, which an
//! exchange does not touch. The first clause not met names the refusal. An exchange for nothing but
//! premium-storage twins is a swap, of which most of this does not hold.

mod returns;
mod rights;
mod swap;

pub(crate) use returns::returns;
pub use swap::{Swap, Twin};

use crate::decision::{
    Amount, Decision, Finding, Formula, Impossible, Line, Outcome, Refusal, Repair, Subject,
};
use crate::ids::WaiverId;
use crate::policy::{Book, ClauseId, Clauses, Destination};
use crate::proration::{self, ReturnValue, finding, structural};
use crate::purchase;

use crate::reservation::{BillingAccount, Held};
use crate::rights::Carried;
use crate::savings_plan::purchase as savings_plan;
use crate::term::utc_day;
use crate::trade_in;
use crate::waiver::Exceptions;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::Money;
use serde::{Deserialize, Serialize};

/// Everything an exchange may look at; positions match those of the request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub returns: Vec<Held>,
    pub purchases: Vec<purchase::Facts>,
    /// The premium-storage twin of each return, where its size has one.
    #[serde(default)]
    pub twins: Vec<Option<Twin>>,
    /// Of the savings plans that are bought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub savings_plans: Vec<savings_plan::Facts>,
}

impl Facts {
    /// The accounts behind it, those of what is given up first.
    pub fn accounts(&self) -> impl Iterator<Item = &BillingAccount> {
        let returns = self.returns.iter().map(|held| &held.account);
        let purchases = self.purchases.iter().map(|bought| &bought.account);
        let plans = self.savings_plans.iter().map(|bought| &bought.account);
        returns.chain(purchases).chain(plans)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// How many units of each held reservation are given up.
    pub returns: Vec<u32>,
    pub purchases: Vec<purchase::Request>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub savings_plans: Vec<savings_plan::Request>,
}

impl Request {
    /// Whether nothing but savings plans is bought, which is a trade-in and no exchange.
    pub fn is_trade_in(&self) -> bool {
        self.purchases.is_empty() && !self.savings_plans.is_empty()
    }
}

/// What an exchange does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub returns: Vec<Return>,
    pub purchases: Vec<purchase::Plan>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub savings_plans: Vec<savings_plan::Plan>,
    /// Of a swap, what each purchase goes on from; there are no returns and purchases then.
    #[serde(default)]
    pub swaps: Vec<Swap>,
    /// What each purchase carries over of the rights of what is given up.
    #[serde(default)]
    pub carried: Vec<Option<Carried>>,
    /// What comes back and what is never paid, of all returns.
    pub refunds_total: Money,
    /// The whole terms' price of all that is bought.
    pub purchases_total: Money,
    /// Purchases less refunds; never negative in a plan that is approved.
    pub net_payable: Money,
    /// The exceptions that it needs, which it uses up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    pub value: ReturnValue,
    /// Units that live on in a new reservation of the same order with the same end.
    pub kept: u32,
    pub destination: Destination,
    /// The first day without the credit, where it is one that lapses.
    #[serde(default)]
    pub credit_lapses: Option<Date>,
    /// What is kept back of the refund; an exchange has no fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
}

/// The findings so far and the first refusal among them.
#[derive(Default)]
pub(crate) struct Notes {
    pub findings: Vec<Finding>,
    pub refusal: Option<Refusal>,
    pub exceptions: Exceptions,
}

impl Notes {
    pub fn note(&mut self, finding: Finding, refusal: Option<Refusal>) {
        let (finding, refusal) = self.exceptions.apply(finding, refusal);
        self.findings.push(finding);
        if self.refusal.is_none() {
            self.refusal = refusal;
        }
    }
}

/// Decides an exchange.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    matching(facts, request)?;
    let today = utc_day(now);
    let clauses = book.in_force(today);
    let mut notes = Notes {
        findings: Vec::with_capacity(8 * facts.returns.len() + 8 * facts.purchases.len() + 3),
        refusal: None,
        exceptions: Exceptions::of(&facts.returns, &clauses, today),
    };
    if facts.savings_plans.is_empty()
        && let Some(pairs) = swap::pairing(facts, request, clauses.premium_storage_swap.value)
    {
        let proposal = swap::decide(&mut notes, facts, request, &pairs, &clauses, today)?;
        let waivers = notes.exceptions.used();
        let proposal = proposal.map(|plan| Plan { waivers, ..plan });
        return Ok(Decision { proposal, refusal: notes.refusal, findings: notes.findings });
    }
    let returns = returns(&mut notes, facts, request, &clauses, today)?;
    let mut purchases = Vec::with_capacity(facts.purchases.len());
    for (index, (asked_facts, asked)) in facts.purchases.iter().zip(&request.purchases).enumerate()
    {
        let about = Subject::Purchase(position(index));
        let assessed = purchase::assess(asked_facts, asked, &clauses, today, Some(about));
        notes.findings.extend(assessed.findings);
        notes.refusal = notes.refusal.or(assessed.refusal);
        groups(&mut notes, facts, &asked.resource_type, &clauses, about);
        rights::renewal_of_purchase(&mut notes, facts, request, index, &clauses, today, about);
        swap::why_not(&mut notes, facts, request, index, &clauses, about);
        purchases.extend(assessed.plan);
    }
    let savings_plans = savings_plans(&mut notes, facts, request, &clauses, today);
    let complete = returns.len() == facts.returns.len()
        && purchases.len() == facts.purchases.len()
        && savings_plans.len() == facts.savings_plans.len();
    let proposal = if currency(&mut notes, facts, request) && complete {
        let carried = rights::carried(facts, &purchases, &clauses, today);
        match totals(returns, purchases, savings_plans, carried) {
            Ok(plan) => {
                floor(&mut notes, facts, &plan, &clauses, today)?;
                Some(plan)
            }
            Err(fault) => {
                too_large(&mut notes, &fault);
                None
            }
        }
    } else {
        None
    };
    cap_unconcerned(&mut notes, &clauses);
    let waivers = notes.exceptions.used();
    let proposal = proposal.map(|plan| Plan { waivers, ..plan });
    Ok(Decision { proposal, refusal: notes.refusal, findings: notes.findings })
}

/// Refuses facts that are not those of the request.
pub(crate) fn matching(facts: &Facts, request: &Request) -> Result<(), Impossible> {
    let fits = facts.returns.len() == request.returns.len()
        && facts.purchases.len() == request.purchases.len()
        && facts.savings_plans.len() == request.savings_plans.len();
    match fits {
        true => Ok(()),
        false => Err(Impossible::Facts("the facts of an exchange do not match its request")),
    }
}

/// Looks at every savings plan that is bought; answers those that could be priced.
pub(crate) fn savings_plans(
    notes: &mut Notes,
    facts: &Facts,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
) -> Vec<savings_plan::Plan> {
    let mut plans = Vec::with_capacity(facts.savings_plans.len());
    for (index, (known, asked)) in
        facts.savings_plans.iter().zip(&request.savings_plans).enumerate()
    {
        let about = Subject::SavingsPlan(position(index));
        let assessed = savings_plan::assess(known, asked, clauses, today, Some(about));
        notes.findings.extend(assessed.findings);
        notes.refusal = notes.refusal.take().or(assessed.refusal);
        if let Some(plan) = assessed.plan {
            trade_in::types(notes, facts, &plan, clauses, about);
            plans.push(plan);
        }
    }
    plans
}

/// What is exchanged or traded in does not count toward the refund cap.
pub(crate) fn cap_unconcerned(notes: &mut Notes, clauses: &Clauses<'_>) {
    let lines = vec![Line::new("counted by this exchange", Amount::Count(0))];
    notes.note(finding(clauses.refund_cap, None, Outcome::NotConcerned, lines), None);
}

pub(crate) fn position(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

fn groups(notes: &mut Notes, facts: &Facts, to: &str, clauses: &Clauses<'_>, about: Subject) {
    let rule = clauses.exchange_groups;
    let stray = facts
        .returns
        .iter()
        .map(|held| held.commitment.resource_type.as_str())
        .find(|from| !rule.value.may_become(from, to));
    let lines =
        vec![Line::new("bought", to.to_owned()), Line::new("group of it", rule.value.group_of(to))];
    let Some(from) = stray else {
        notes.note(finding(rule, Some(about), Outcome::Met, lines), None);
        return;
    };
    let allowed: Vec<String> = rule
        .value
        .allowed_targets(from)
        .into_iter()
        .filter(|target| {
            facts
                .returns
                .iter()
                .all(|held| rule.value.may_become(&held.commitment.resource_type, target))
        })
        .collect();
    let repairs = if allowed.is_empty() {
        Vec::new()
    } else {
        vec![Repair::BuyWithin { about: Some(about), resource_types: allowed }]
    };
    let refusal = Refusal {
        clause: ClauseId::ExchangeGroups,
        code: "BadRequest".into(),
        reason: format!(
            "a `{from}` reservation cannot be exchanged for `{to}`; return it and buy instead"
        ),
        repairs,
    };
    notes.note(finding(rule, Some(about), Outcome::NotMet, lines), Some(refusal));
}

/// All accounts of an exchange bill in one currency, and savings plans are committed to in it.
pub(crate) fn currency(notes: &mut Notes, facts: &Facts, request: &Request) -> bool {
    let mut currencies: Vec<_> = facts
        .returns
        .iter()
        .map(|held| held.commitment.unit_total.currency())
        .chain(facts.purchases.iter().map(|facts| facts.account.currency))
        .chain(facts.savings_plans.iter().map(|facts| facts.account.currency))
        .chain(request.savings_plans.iter().map(|asked| asked.hourly.currency()))
        .collect();
    currencies.sort_unstable();
    currencies.dedup();
    let one = currencies.len() <= 1;
    let codes: Vec<&str> = currencies.iter().map(|currency| currency.code()).collect();
    let codes = codes.join(", ");
    notes.note(
        structural(
            ClauseId::Currency,
            None,
            if one { Outcome::Met } else { Outcome::NotMet },
            vec![Line::new("currencies", codes.clone())],
        ),
        (!one).then(|| Refusal {
            clause: ClauseId::Currency,
            code: "BadRequest".into(),
            reason: format!("one exchange cannot mix amounts in {codes}"),
            repairs: Vec::new(),
        }),
    );
    one
}

pub(crate) fn totals(
    returns: Vec<Return>,
    purchases: Vec<purchase::Plan>,
    savings_plans: Vec<savings_plan::Plan>,
    carried: Vec<Option<Carried>>,
) -> Result<Plan, Impossible> {
    let currency = returns
        .first()
        .map(|given| given.value.paid.currency())
        .or_else(|| purchases.first().map(|plan| plan.total.currency()))
        .or_else(|| savings_plans.first().map(|plan| plan.total.currency()))
        .ok_or(Impossible::Facts("an exchange of nothing for nothing"))?;
    let mut refunds_total = Money::zero(currency);
    for given in &returns {
        refunds_total = refunds_total.plus(given.value.given_up()?)?;
    }
    let bought = purchases.iter().map(|plan| plan.total);
    let bought = bought.chain(savings_plans.iter().map(|plan| plan.total));
    let purchases_total = Money::sum(currency, bought)?;
    let net_payable = purchases_total.minus(refunds_total)?;
    Ok(Plan {
        returns,
        purchases,
        savings_plans,
        swaps: Vec::new(),
        carried,
        refunds_total,
        purchases_total,
        net_payable,
        waivers: Vec::new(),
    })
}

pub(crate) fn too_large(notes: &mut Notes, fault: &Impossible) {
    notes.note(
        structural(ClauseId::Price, None, Outcome::NotMet, Vec::new()),
        Some(Refusal {
            clause: ClauseId::Price,
            code: "BadRequest".into(),
            reason: format!("the totals of this exchange cannot be kept: {fault}"),
            repairs: Vec::new(),
        }),
    );
}

/// What is bought must be worth at least what is given up, over the whole terms.
fn floor(
    notes: &mut Notes,
    facts: &Facts,
    plan: &Plan,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<(), Impossible> {
    let short = plan.net_payable.is_negative();
    let lines = vec![
        Line::new("given up", plan.refunds_total),
        Line::new("bought", plan.purchases_total),
        Line::new("net payable", plan.net_payable)
            .by(Formula::Minus { from: plan.purchases_total, less: plan.refunds_total }),
    ];
    let refusal = if short {
        let by = plan.refunds_total.minus(plan.purchases_total)?;
        let mut repairs = vec![Repair::RaisePurchase { by }];
        repairs.extend(trade_in::raised(plan, by)?);
        if let ([held], [given]) = (facts.returns.as_slice(), plan.returns.as_slice()) {
            let most =
                largest_return(held, given.value.quantity, plan.purchases_total, clauses, today)?;
            let about = Some(Subject::Return(1));
            repairs.extend(most.map(|to| Repair::ReduceQuantity { about, to }));
        }
        Some(Refusal {
            clause: ClauseId::ExchangeFloor,
            code: "BadRequest".into(),
            reason: format!(
                "what is bought ({}) is worth less than what is given up ({})",
                plan.purchases_total, plan.refunds_total
            ),
            repairs,
        })
    } else {
        None
    };
    let outcome = if short { Outcome::NotMet } else { Outcome::Met };
    notes.note(finding(clauses.exchange_floor, None, outcome, lines), refusal);
    Ok(())
}

/// The most units of a single return that the purchases are worth.
pub(crate) fn largest_return(
    held: &Held,
    asked: u32,
    purchases_total: Money,
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Option<u32>, Impossible> {
    let (mut passes, mut fails) = (0, asked);
    while fails - passes > 1 {
        let middle = passes + (fails - passes) / 2;
        let given_up = proration::value(held, middle, clauses, today)?.given_up()?;
        if given_up.minor() <= purchases_total.minor() { passes = middle } else { fails = middle }
    }
    Ok((passes > 0).then_some(passes))
}
