//! What somebody may do with a request: ask for it, approve it, have it done by their right.

use super::ask::Ask;
use super::document::person;
use crate::{Call, Error, access, partner};
use prorata_domain::access::{Action, Assignment, Scope};
use prorata_domain::request::Kind;
use prorata_domain::request::approval::Approver;
use prorata_store::{Tx, orders, world};

/// Asking needs to see what it is about: the orders, and what the subscriptions that pay may buy.
pub(super) fn may_ask(tx: &mut Tx<'_>, call: &Call, ask: &Ask) -> Result<(), Error> {
    for order in ask.orders() {
        let _ = access::order(tx, call, Action::Read, order)?;
    }
    for subscription in ask.subscriptions() {
        let _ = access::subscription(tx, call, Action::Catalog, subscription)?;
    }
    Ok(())
}

/// Whether the caller may do the deed itself. What is had of a partner is given up by the partner, so
/// there a role of the customer's own is not enough.
pub(super) fn may_do(tx: &mut Tx<'_>, call: &Call, ask: &Ask) -> Result<bool, Error> {
    if !is_yes(right(tx, call, ask))? {
        return Ok(false);
    }
    for id in ask.orders() {
        let Some(order) = orders::load(tx, call.caller.tenant, id)? else { return Ok(false) };
        if partner::to_ask(tx, call, &order)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The right to the deed itself.
fn right(tx: &mut Tx<'_>, call: &Call, ask: &Ask) -> Result<(), Error> {
    match ask {
        Ask::Refund(refund) => {
            let _ = access::order(tx, call, Action::Return, refund.ask.order)?;
        }
        Ask::Exchange(exchange) => {
            let trades_in = ask.kind() == Kind::TradeIn;
            let action = if trades_in { Action::TradeIn } else { Action::Exchange };
            for order in ask.orders() {
                let _ = access::order(tx, call, action, order)?;
            }
            for wanted in &exchange.purchases {
                let _ = access::subscription(tx, call, Action::Buy, wanted.billing_subscription)?;
            }
            for wanted in &exchange.savings_plans {
                let payer = wanted.billing_subscription;
                let _ = access::subscription(tx, call, Action::BuySavingsPlan, payer)?;
            }
        }
        Ask::Purchase(wanted) => {
            let _ = access::subscription(tx, call, Action::Buy, wanted.billing_subscription)?;
        }
        Ask::SavingsPlan(wanted) => {
            let payer = wanted.billing_subscription;
            let _ = access::subscription(tx, call, Action::BuySavingsPlan, payer)?;
        }
    }
    Ok(())
}

/// Whether a question about rights was answered with yes.
pub(super) fn is_yes(answer: Result<(), Error>) -> Result<bool, Error> {
    match answer {
        Ok(()) => Ok(true),
        Err(Error::Denied { .. } | Error::Absent { .. } | Error::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The roles that somebody holds on all that a request is about: on the orders that would be given
/// up, or else on the subscriptions that would pay.
pub(super) fn roles(tx: &mut Tx<'_>, call: &Call, ask: &Ask) -> Result<Vec<String>, Error> {
    let mut held: Option<Vec<String>> = None;
    let mut narrow = |assigned: &[Assignment], scope: &Scope| {
        let here: Vec<String> = assigned
            .iter()
            .filter(|given| given.scope.covers(scope))
            .map(|given| given.role.clone())
            .collect();
        held = Some(match held.take() {
            None => here,
            Some(held) => held.into_iter().filter(|role| here.contains(role)).collect(),
        });
    };
    let (tenant, principal) = (call.caller.tenant, call.caller.principal);
    let orders = ask.orders();
    for order in &orders {
        let assigned = world::assignments_about(tx, tenant, principal, *order)?;
        narrow(&assigned, &Scope::order(*order));
    }
    if orders.is_empty() {
        let assigned = world::assignments_above_orders(tx, tenant, principal)?;
        for subscription in ask.subscriptions() {
            narrow(&assigned, &Scope::subscription(subscription));
        }
    }
    let mut held = held.unwrap_or_default();
    held.extend(call.caller.agent.iter().flat_map(|agent| agent.roles.iter().cloned()));
    held.sort_unstable();
    held.dedup();
    Ok(held)
}

/// The caller as somebody who would approve.
pub(super) fn approver(tx: &mut Tx<'_>, call: &Call, ask: &Ask) -> Result<Approver, Error> {
    Ok(Approver {
        person: person(&call.caller),
        roles: roles(tx, call, ask)?,
        may_do: may_do(tx, call, ask)?,
    })
}
