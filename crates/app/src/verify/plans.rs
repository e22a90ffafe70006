//! Savings plans: what their accounts hold is what was paid for them, and each purchase follows
//! from its facts and posts its first payment.

use super::{Broken, CHUNK, Report, broken, count_policy, credited, name, replayed};
use crate::operations::{Evidence, Row, recorded};
use crate::{App, Error};
use prorata_domain::accounting;
use prorata_domain::ids::SavingsPlanOrderId;
use prorata_domain::savings_plan::purchase::{Facts, Plan, Request, decide};
use prorata_domain::savings_plan::{Order, State};
use prorata_ledger::{Entry, Money, MoneyError};
use prorata_store::{Tx, journal, savings_plans};
use std::collections::HashMap;

/// What is paid for an order and not used yet.
pub(super) type Prepaid = HashMap<SavingsPlanOrderId, Money>;

/// Adds up what an entry leaves prepaid for savings plans.
pub(super) fn add_up(prepaid: &mut Prepaid, entry: &Entry) -> Result<(), MoneyError> {
    for posting in entry.postings() {
        if let Some(order) = accounting::savings_plan_prepaid_by(&posting.account) {
            let zero = Money::zero(posting.amount.currency());
            let holds = prepaid.entry(order).or_insert(zero);
            *holds = holds.plus(posting.amount)?;
        }
    }
    Ok(())
}

/// Every order of savings plans holds one plan, and what was paid for it.
pub(super) fn orders_hold(
    tx: &mut Tx<'_>,
    mut prepaid: Prepaid,
    report: &mut Report,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let chunk = savings_plans::all(tx, after, CHUNK)?;
        let Some(last) = chunk.last() else {
            let stray = prepaid.iter().find(|(_, holds)| !holds.is_zero());
            report.broken = stray.and_then(|(order, holds)| {
                let what = format!("{holds} is prepaid for an order that is not there");
                broken("accounts are of orders", format!("savings plan order {order}"), what)
            });
            return Ok(());
        };
        after = Some((last.tenant, last.id));
        for order in chunk {
            report.orders += 1;
            report.broken = order_holds(tx, &order, prepaid.remove(&order.id))?;
            if report.broken.is_some() {
                return Ok(());
            }
        }
    }
}

fn order_holds(
    tx: &mut Tx<'_>,
    order: &Order,
    prepaid: Option<Money>,
) -> Result<Option<Broken>, Error> {
    let row = format!("savings plan order {}", order.id);
    let Some((_, plan)) = savings_plans::held(tx, order.tenant, order.id)? else {
        return Ok(broken("an order holds its plan", row, "it holds none".to_owned()));
    };
    let paid = savings_plans::payments(tx, order.id)?;
    let numbers: Vec<i32> = paid.iter().map(|payment| payment.number).collect();
    if numbers != (1..=order.payments_made).collect::<Vec<_>>() {
        let what = format!("{} payments are counted, rows are {numbers:?}", order.payments_made);
        return Ok(broken("each payment has one row", row, what));
    }
    let currency = order.commitment.payment.currency();
    let expected = match plan.state {
        State::Active => order.commitment.payment.times(i64::from(order.payments_made))?,
        State::Expired => Money::zero(currency),
    };
    let prepaid = prepaid.unwrap_or(Money::zero(currency));
    Ok(if prepaid == expected {
        None
    } else {
        let what = format!("{prepaid} is prepaid, {expected} was paid for the plan");
        broken("an order's account holds what was paid for it", row, what)
    })
}

/// The purchase of a plan is what its facts lead to, and posts its first payment.
pub(super) fn purchase_holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    posted: &[journal::Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    let read: Evidence<Facts, Request, Plan> = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = decide(&app.book, &read.facts, &read.request, row.decided_at)?;
    if let Some(found) = replayed(row, &read.decision, &again) {
        return Ok(Some(found));
    }
    let Some(plan) = read.decision.plan() else { return Ok(None) };
    let first = plan.commitment.payment;
    let paid: Vec<Money> = posted.iter().map(|posted| credited(&posted.postings)).collect();
    let expected = if first.is_zero() { Vec::new() } else { vec![first] };
    Ok((paid != expected)
        .then(|| {
            let what = format!("{paid:?} was posted, the first payment is {first}");
            broken("the first payment is posted", name(row), what)
        })
        .flatten())
}
