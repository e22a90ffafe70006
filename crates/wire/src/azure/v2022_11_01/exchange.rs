//! `calculateExchange`, `exchange` and the operation both are polled by.

use super::limits::EXCHANGE_ITEMS_MAX;
use super::refund::billing_information;
use super::{purchase, refused};
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::ids::{operation_result_id, order_id, parse_reservation_id, reservation_id};
use crate::azure::member::Member;
use crate::azure::number::price;
use crate::azure::{Version, billing_benefits};
use crate::explanation;
use prorata_domain::exchange::{Facts, Plan};
use prorata_domain::ids::{OrderId, ReservationId, SavingsPlanId, SavingsPlanOrderId, SessionId};
use prorata_domain::policy::Book;
use prorata_domain::purchase::Request;
use prorata_domain::savings_plan::purchase as savings_plan;
use prorata_domain::{Decision, Refusal};
use prorata_ledger::MoneyError;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Units of a reservation that are given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenUp {
    pub order: OrderId,
    pub reservation: ReservationId,
    pub quantity: u32,
}

/// What is given up and what is bought for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub returns: Vec<GivenUp>,
    pub purchases: Vec<Request>,
    pub savings_plans: Vec<savings_plan::Request>,
}

/// Reads the body of `calculateExchange`.
///
/// # Errors
/// Every fault of it.
pub fn parse_ask(body: &Value, version: Version) -> Result<Ask, Vec<Fault>> {
    let mut faults = Faults::default();
    let ask = read_ask(body, version, &mut faults);
    faults.finish(ask)
}

fn read_ask(body: &Value, version: Version, faults: &mut Faults) -> Option<Ask> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let properties =
        root.get("properties").object(faults, "an object with what is exchanged for what")?;
    let returns_at = properties.get("reservationsToExchange");
    let items = returns_at.list(faults, "a list of reservations to give up", EXCHANGE_ITEMS_MAX);
    if items.is_empty() && !is_too_long(body, "reservationsToExchange") {
        returns_at.refuse(
            faults,
            BAD_REQUEST,
            "is empty; name at least one reservation to give up.",
        );
    }
    let returns: Vec<Option<GivenUp>> =
        items.iter().map(|item| read_given_up(item, faults)).collect();
    refuse_twice(&returns, faults);

    let purchases_at = properties.get("reservationsToPurchase");
    let items = purchases_at.list(faults, "a list of purchase requests", EXCHANGE_ITEMS_MAX);
    let plans = properties.get("savingsPlansToPurchase");
    let planned = plans.list(faults, "a list of savings plans to buy", EXCHANGE_ITEMS_MAX);
    if !planned.is_empty() && version < Version::V2022_11_01 {
        let says = "names savings plans, which need api-version 2022-11-01; use that version.";
        plans.refuse(faults, BAD_REQUEST, says);
    } else if items.is_empty() && planned.is_empty() && !is_too_long(body, "reservationsToPurchase")
    {
        let says = "is empty; name at least one reservation to buy, or return for money instead.";
        purchases_at.refuse(faults, BAD_REQUEST, says);
    }
    let purchases: Vec<Option<Request>> =
        items.iter().map(|item| purchase::read(item, version, faults)).collect();
    let savings_plans: Vec<Option<savings_plan::Request>> =
        planned.iter().map(|item| billing_benefits::purchase::read(item, faults)).collect();
    Some(Ask {
        returns: returns.into_iter().collect::<Option<_>>()?,
        purchases: purchases.into_iter().collect::<Option<_>>()?,
        savings_plans: savings_plans.into_iter().collect::<Option<_>>()?,
    })
}

/// Whether something stands there that has its own fault, so that it is not also called empty.
fn is_too_long(body: &Value, name: &str) -> bool {
    match &body["properties"][name] {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

fn read_given_up(item: &Member<'_>, faults: &mut Faults) -> Option<GivenUp> {
    let item = item.object(faults, "an object with `reservationId` and `quantity`")?;
    let id = item.get("reservationId").read(
        faults,
        "InvalidReservationId",
        "`/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{id}`",
        parse_reservation_id,
    );
    let quantity = item.get("quantity").quantity(faults, "InvalidRefundQuantity");
    let (order, reservation) = id?;
    Some(GivenUp { order, reservation, quantity: quantity? })
}

fn refuse_twice(returns: &[Option<GivenUp>], faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (index, given) in returns.iter().enumerate() {
        if let Some(given) = given
            && !seen.insert(given.reservation)
        {
            let path = format!("properties.reservationsToExchange[{index}].reservationId");
            let message = format!(
                "`{path}` names reservation `{}` a second time; give it up once, with the whole \
                 quantity.",
                given.reservation
            );
            faults.add(BAD_REQUEST, path, message);
        }
    }
}

/// Reads the body of `exchange`: the session that `calculateExchange` opened.
///
/// # Errors
/// Every fault of it.
pub fn parse_session(body: &Value) -> Result<SessionId, Vec<Fault>> {
    let mut faults = Faults::default();
    let properties = Member::root(body)
        .object(&mut faults, "an object with `properties`")
        .and_then(|root| root.get("properties").object(&mut faults, "an object with `sessionId`"));
    let session = properties.and_then(|properties| {
        properties.get("sessionId").read(
            &mut faults,
            BAD_REQUEST,
            "the GUID that `calculateExchange` answered",
            SessionId::parse,
        )
    });
    faults.finish(session)
}

/// The body of `calculateExchange`, as a client sends it.
pub fn ask_body(ask: &Ask, version: Version) -> Value {
    let returns: Vec<Value> = ask
        .returns
        .iter()
        .map(|given| {
            json!({
                "reservationId": reservation_id(given.order, given.reservation),
                "quantity": given.quantity,
            })
        })
        .collect();
    let purchases: Vec<Value> =
        ask.purchases.iter().map(|request| purchase::body(request, version)).collect();
    let mut properties = json!({
        "reservationsToExchange": returns,
        "reservationsToPurchase": purchases,
    });
    if !ask.savings_plans.is_empty() {
        let plans: Vec<Value> =
            ask.savings_plans.iter().map(billing_benefits::purchase::body).collect();
        properties["savingsPlansToPurchase"] = json!(plans);
    }
    json!({ "properties": properties })
}

/// The body of `exchange`, as a client sends it.
pub fn session_body(session: SessionId) -> Value {
    json!({ "properties": { "sessionId": session.to_string() } })
}

/// A priced exchange, quoted or done.
pub struct Exchange<'a> {
    pub session: SessionId,
    pub purchases: &'a [Request],
    pub savings_plans: &'a [savings_plan::Request],
    pub facts: &'a Facts,
    pub decision: &'a Decision<Plan>,
    pub plan: &'a Plan,
}

/// What was made of each purchase of a carried out exchange, in request order.
pub struct Bought<'a> {
    pub reservations: &'a [(OrderId, ReservationId)],
    pub savings_plans: &'a [(SavingsPlanOrderId, SavingsPlanId)],
}

/// The operation of `calculateExchange`: it succeeds also where a policy is not met, and then says
/// which one.
///
/// # Errors
/// When amounts do not fit together, which recorded facts never do.
pub fn quoted(book: &Book, exchange: &Exchange<'_>, version: Version) -> Result<Value, MoneyError> {
    let mut body = operation(exchange.session, "Succeeded");
    body["properties"] = properties(book, exchange, None, version)?;
    body["explanation"] = json!(explanation::render(book, exchange.decision));
    Ok(body)
}

/// The operation of an `exchange` that was carried out.
///
/// # Errors
/// When amounts do not fit together, which recorded facts never do.
pub fn done(
    book: &Book,
    exchange: &Exchange<'_>,
    bought: &Bought<'_>,
    version: Version,
) -> Result<Value, MoneyError> {
    let mut body = operation(exchange.session, "Succeeded");
    body["properties"] = properties(book, exchange, Some(bought), version)?;
    body["explanation"] = json!(explanation::render(book, exchange.decision));
    Ok(body)
}

/// An operation that was refused; `decision` is the one that refused it, where there is one.
///
/// The word is never `Cancelled`: some clients poll for ever on it.
pub fn failed(
    book: &Book,
    session: SessionId,
    refusal: &Refusal,
    decision: Option<&Decision<Plan>>,
) -> Value {
    let mut body = operation(session, "Failed");
    body["error"] = json!({ "code": refusal.code, "message": refused::message(refusal) });
    if let Some(decision) = decision {
        body["explanation"] = json!(explanation::render(book, decision));
    }
    body
}

fn operation(session: SessionId, status: &str) -> Value {
    json!({ "id": operation_result_id(session), "name": session.to_string(), "status": status })
}

fn properties(
    book: &Book,
    exchange: &Exchange<'_>,
    bought: Option<&Bought<'_>>,
    version: Version,
) -> Result<Value, MoneyError> {
    let plan = exchange.plan;
    let errors = refused::policy_errors(book, exchange.decision);
    Ok(json!({
        "sessionId": exchange.session.to_string(),
        "netPayable": price(plan.net_payable),
        "refundsTotal": price(plan.refunds_total),
        "purchasesTotal": price(plan.purchases_total),
        "policyResult": {
            "policyErrors": if errors.is_empty() { Value::Null } else { Value::Array(errors) },
        },
        "reservationsToPurchase": purchase_rows(exchange, bought, version),
        "savingsPlansToPurchase": plan_rows(exchange, bought),
        "reservationsToExchange": return_rows(exchange, bought.is_some())?,
    }))
}

fn purchase_rows(
    exchange: &Exchange<'_>,
    bought: Option<&Bought<'_>>,
    version: Version,
) -> Vec<Value> {
    // What a swap goes on as costs nothing more.
    let nothing = exchange.plan.swaps.iter().map(|_| exchange.plan.purchases_total);
    let totals = exchange.plan.purchases.iter().map(|plan| plan.total).chain(nothing);
    let rows = exchange.purchases.iter().zip(totals).enumerate();
    rows.map(|(index, (request, total))| {
        let mut row = json!({
            "properties": purchase::body(request, version),
            "billingCurrencyTotal": price(total),
            "paymentSchedule": null,
            "pricingCurrencyTotal": null,
        });
        if let Some((order, reservation)) = bought.and_then(|bought| bought.reservations.get(index))
        {
            row["reservationOrderId"] = json!(order_id(*order));
            row["reservationId"] = json!(reservation_id(*order, *reservation));
            row["status"] = json!("Succeeded");
        }
        row
    })
    .collect()
}

fn plan_rows(exchange: &Exchange<'_>, bought: Option<&Bought<'_>>) -> Vec<Value> {
    let rows = exchange.savings_plans.iter().zip(&exchange.plan.savings_plans).enumerate();
    rows.map(|(index, (request, plan))| {
        let made = bought.and_then(|bought| bought.savings_plans.get(index));
        billing_benefits::purchase::exchange_row(request, plan, made.copied())
    })
    .collect()
}

fn return_rows(exchange: &Exchange<'_>, is_done: bool) -> Result<Vec<Value>, MoneyError> {
    if !exchange.plan.swaps.is_empty() {
        return swap_rows(exchange, is_done);
    }
    let rows = exchange.facts.returns.iter().zip(&exchange.plan.returns);
    rows.map(|(held, given)| {
        let value = &given.value;
        let mut row = json!({
            "reservationId": reservation_id(held.order, held.reservation),
            "quantity": value.quantity,
            "billingRefundAmount": price(value.refund),
            "billingInformation":
                billing_information(value.paid_for_held, value.refund, value.cancelled)?,
        });
        if is_done {
            row["status"] = json!("Succeeded");
        }
        Ok(row)
    })
    .collect()
}

/// What is given up in a swap comes to nothing: what was paid for it goes on.
fn swap_rows(exchange: &Exchange<'_>, is_done: bool) -> Result<Vec<Value>, MoneyError> {
    let rows = exchange.facts.returns.iter().enumerate().filter_map(|(index, held)| {
        let swap = exchange.plan.swaps.iter().find(|swap| swap.returned == index)?;
        Some((held, swap))
    });
    rows.map(|(held, swap)| {
        let nothing = exchange.plan.refunds_total;
        let mut row = json!({
            "reservationId": reservation_id(held.order, held.reservation),
            "quantity": swap.quantity,
            "billingRefundAmount": price(nothing),
            "billingInformation": billing_information(nothing, nothing, nothing)?,
        });
        if is_done {
            row["status"] = json!("Succeeded");
        }
        Ok(row)
    })
    .collect()
}
