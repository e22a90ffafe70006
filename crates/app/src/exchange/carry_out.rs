//! Writing what an exchange or a trade-in does.

use super::{Bought, Gathered, not_asked};
use crate::purchase::{Placement, place};
use crate::refund::{Ending, GivenUp as GivingUp, give_up};
use crate::savings_plan::purchase::place_all;
use crate::{App, Call, Error, swap};
use prorata_domain::accounting::{self, Event};
use prorata_domain::exchange::Plan;
use prorata_domain::ids::{EntryId, OperationId, OrderId};
use prorata_domain::reservation::AcquiredBy;
use prorata_ledger::Money;
use prorata_store::{Tx, journal};

/// Places savings plans, ends what is given up, posts what comes back, and places what is bought
/// beside: plans are there before the reservations that they stand in for are gone.
pub(super) fn carry_out(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    gathered: &Gathered,
    plan: &Plan,
    operation: OperationId,
) -> Result<Bought, Error> {
    crate::waivers::use_up(tx, call, operation, &plan.waivers)?;
    if !plan.swaps.is_empty() {
        let reservations = swap::carry_out(tx, call, gathered, &plan.swaps, operation)?;
        return Ok(Bought { reservations, savings_plans: Vec::new() });
    }
    let savings_plans = place_all(tx, app, call, gathered, plan, operation)?;
    let event = match gathered.request.is_trade_in() {
        true => Event::TradeInReturn,
        false => Event::ExchangeReturn,
    };
    for (index, ((order, reservation), given)) in
        gathered.held.iter().zip(&plan.returns).enumerate()
    {
        let permit = gathered.givers.get(index).ok_or_else(not_asked)?;
        let (kept, ending) = (given.kept, Ending::Exchanged);
        let given_up = GivingUp { permit, kept, operation, ending };
        give_up(tx, call, order, reservation.clone(), &given_up)?;
        let account = &gathered.facts.returns[index].account;
        let fee = given.fee.unwrap_or(Money::zero(given.value.paid.currency()));
        let entry =
            accounting::given_back(account, order.id, &given.value, fee, given.destination)?;
        if let Some(entry) = entry {
            let id = EntryId(tx.new_id());
            journal::post(
                tx,
                &journal::Post {
                    id,
                    operation,
                    at: call.now,
                    event: event.as_str(),
                    entry: &entry,
                },
            )?;
        }
    }
    let mut bought = Vec::with_capacity(plan.purchases.len());
    for (index, wanted) in plan.purchases.iter().enumerate() {
        let (permit, owners) = gathered.buyers.get(index).ok_or_else(not_asked)?;
        let placement = Placement {
            permit,
            owners: owners.clone(),
            order: OrderId(tx.new_id()),
            operation,
            acquired_by: AcquiredBy::Exchange,
            carried: plan.carried.get(index).copied().flatten(),
            source: None,
        };
        let account = &gathered.facts.purchases[index].account;
        let request = &gathered.request.purchases[index];
        let (order, reservation) = place(tx, app, call, account, request, wanted, &placement)?;
        bought.push((order.id, reservation.id));
    }
    Ok(Bought { reservations: bought, savings_plans })
}
