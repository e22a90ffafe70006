//! Exchanges that are asked for first, and what keeps others from being made right away.

use super::{Ask, Gathered, asked, judge, not_asked, twin, well_formed};
use crate::catalog::purchase_facts;
use crate::refund::gather_held;
use crate::request::{self, Leave};
use crate::{App, Call, Error};
use prorata_domain::decision::Decision;
use prorata_domain::exchange::{Facts, Plan, Request};
use prorata_domain::partner::Asker;
use prorata_domain::request::figures::Figures;
use prorata_store::Tx;

/// Refuses what an approval policy wants to be asked for first.
pub(super) fn guarded(
    tx: &mut Tx<'_>,
    call: &Call,
    leave: Leave<'_>,
    gathered: &Gathered,
    plan: &Plan,
) -> Result<(), Error> {
    let accounts: Vec<_> = gathered.facts.accounts().collect();
    let first = accounts.first().copied().ok_or_else(not_asked)?;
    let wanted = || request::Ask::Exchange(asked(&gathered.facts, &gathered.request));
    request::guard(tx, call, leave, &accounts, wanted, || Figures::of_exchange(plan, first))
}

/// What an exchange comes to for somebody who may make it, whoever asks.
///
/// # Errors
/// [`Error::Malformed`] as for a quote; [`Error::Absent`].
pub(crate) fn priced(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &Ask,
) -> Result<(Facts, Decision<Plan>), Error> {
    well_formed(ask)?;
    let request = Request {
        returns: ask.returns.iter().map(|given| given.quantity).collect(),
        purchases: ask.purchases.clone(),
        savings_plans: ask.savings_plans.clone(),
    };
    let mut facts = Facts::default();
    for given in &ask.returns {
        let (order, _, mut held) = gather_held(tx, app, call, given.order, given.reservation)?;
        held.asker = Asker::Holder;
        facts.twins.push(twin(app, &order, &held));
        facts.returns.push(held);
    }
    for wanted in &ask.purchases {
        let mut bought = purchase_facts(tx, app, call, wanted)?;
        bought.customer = None;
        facts.purchases.push(bought);
    }
    for wanted in &ask.savings_plans {
        facts.savings_plans.push(crate::savings_plan::purchase::facts(tx, call, wanted)?);
    }
    let decision = judge(&app.book, &facts, &request, call.now)?;
    Ok((facts, decision))
}
