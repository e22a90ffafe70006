//! Exchanges and trade-ins: the decision follows from its facts, and what was posted from the plan.

use super::{
    Broken, Report, broken, count_policy, credited, entries_match, name, replayed, waived,
};
use crate::exchange::judge;
use crate::operations::{Evidence, Row, recorded};
use crate::{App, Error};
use prorata_domain::accounting::{self, Event};
use prorata_domain::exchange;
use prorata_ledger::Money;
use prorata_store::{Tx, journal};

pub(super) fn holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    posted: &[journal::Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    let read: Evidence<exchange::Facts, exchange::Request, exchange::Plan> = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = judge(&app.book, &read.facts, &read.request, row.decided_at)?;
    let Some(plan) = read.decision.plan() else {
        return Ok(posted.first().and_then(|posted| {
            broken("a refusal posts nothing", name(row), format!("entry {}", posted.id))
        }));
    };
    if let Some(found) = replayed(row, &read.decision, &again) {
        return Ok(Some(found));
    }
    let given_up: Vec<_> = read.facts.returns.iter().map(|held| held.reservation).collect();
    if let Some(found) = waived::used_by(tx, row, &plan.waivers, &given_up)? {
        return Ok(Some(found));
    }
    if let (false, Some(entry)) = (plan.swaps.is_empty(), posted.first()) {
        let what = format!("entry {}", entry.id);
        return Ok(broken("a swap posts nothing", name(row), what));
    }
    let returned = match read.request.is_trade_in() {
        true => Event::TradeInReturn,
        false => Event::ExchangeReturn,
    };
    let mut wanted = Vec::new();
    for (held, given) in read.facts.returns.iter().zip(&plan.returns) {
        let fee = given.fee.unwrap_or(Money::zero(given.value.paid.currency()));
        let entry = accounting::given_back(
            &held.account,
            held.order,
            &given.value,
            fee,
            given.destination,
        )?;
        wanted.push((returned, entry));
    }
    let returns: Vec<_> =
        posted.iter().filter(|posted| posted.event == returned.as_str()).cloned().collect();
    if let Some(found) = entries_match(row, &returns, &wanted) {
        return Ok(Some(found));
    }
    let paid: Vec<Money> = posted
        .iter()
        .filter(|posted| {
            let bought = [Event::ExchangePurchase, Event::SavingsPlanPurchase];
            bought.iter().any(|event| event.as_str() == posted.event)
        })
        .map(|posted| credited(&posted.postings))
        .collect();
    let sum = Money::sum(plan.purchases_total.currency(), paid)?;
    let mut first = Money::zero(plan.purchases_total.currency());
    for bought in &plan.purchases {
        first = first.plus(bought.first_payment()?)?;
    }
    for bought in &plan.savings_plans {
        first = first.plus(bought.commitment.payment)?;
    }
    Ok((sum != first)
        .then(|| {
            let what = format!("{sum} was posted, the first payments are {first}");
            broken("the first payments are posted", name(row), what)
        })
        .flatten())
}
