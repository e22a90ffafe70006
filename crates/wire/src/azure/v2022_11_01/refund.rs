//! `calculateRefund` and `return`.

use super::limits::REASON_CHARS_MAX;
use super::purchase::in_dollars;
use super::refused;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::ids::{parse_order_id, parse_reservation_id, reservation_id};
use crate::azure::member::Member;
use crate::azure::number::price;
use crate::explanation;
use prorata_domain::Decision;
use prorata_domain::ids::{OrderId, ReservationId, SessionId};
use prorata_domain::policy::Book;
use prorata_domain::refund::Plan;
use prorata_domain::reservation::Held;
use prorata_ledger::{Money, MoneyError};
use serde_json::{Value, json};

/// What is to be returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub reservation: ReservationId,
    pub quantity: u32,
}

/// The body of `return`: a quote to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub session: SessionId,
    pub returned: Ask,
    pub reason: String,
}

/// Reads the body of `calculateRefund` on an order.
///
/// # Errors
/// Every fault of it.
pub fn parse_ask(body: &Value, order: OrderId) -> Result<Ask, Vec<Fault>> {
    let mut faults = Faults::default();
    let ask = read_ask(body, order, &mut faults);
    faults.finish(ask)
}

fn read_ask(body: &Value, order: OrderId, faults: &mut Faults) -> Option<Ask> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let id = root.get("id");
    let named = id.read_optional(
        faults,
        "InvalidReservationOrderId",
        "the id of the order, `/providers/Microsoft.Capacity/reservationOrders/{id}`",
        parse_order_id,
    );
    if named.is_some_and(|named| named != order) {
        let says = format!("names another order than the path, which says `{order}`.");
        id.refuse(faults, BAD_REQUEST, &says);
    }
    let properties = root.get("properties").object(faults, "an object with what is returned")?;
    read_returned(&properties, order, faults)
}

/// Reads the body of `return` on an order.
///
/// # Errors
/// Every fault of it.
pub fn parse_deed(body: &Value, order: OrderId) -> Result<Deed, Vec<Fault>> {
    let mut faults = Faults::default();
    let deed = read_deed(body, order, &mut faults);
    faults.finish(deed)
}

fn read_deed(body: &Value, order: OrderId, faults: &mut Faults) -> Option<Deed> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let properties = root.get("properties").object(faults, "an object with what is returned")?;
    let session = properties.get("sessionId").read(
        faults,
        BAD_REQUEST,
        "the GUID that `calculateRefund` answered",
        SessionId::parse,
    );
    let reason =
        properties.get("returnReason").optional_text(faults, "a sentence", REASON_CHARS_MAX);
    let returned = read_returned(&properties, order, faults);
    Some(Deed {
        session: session?,
        returned: returned?,
        reason: reason.unwrap_or_default().to_owned(),
    })
}

fn read_returned(properties: &Member<'_>, order: OrderId, faults: &mut Faults) -> Option<Ask> {
    properties.get("scope").read_optional(faults, BAD_REQUEST, "`Reservation`", |text| {
        text.eq_ignore_ascii_case("Reservation").then_some(())
    });
    let returned = properties
        .get("reservationToReturn")
        .object(faults, "an object with `reservationId` and `quantity`")?;
    let id = returned.get("reservationId");
    let reservation = id.read(
        faults,
        "InvalidReservationId",
        "`/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{id}`",
        // The order is known from the path, so the bare GUID is enough.
        |text| {
            ReservationId::parse(text).map(|id| (order, id)).or_else(|| parse_reservation_id(text))
        },
    );
    if reservation.is_some_and(|(named, _)| named != order) {
        let says = format!("names a reservation of another order than the path, `{order}`.");
        id.refuse(faults, "ReservationIdNotInReservationOrder", &says);
    }
    let quantity = returned.get("quantity").quantity(faults, "InvalidRefundQuantity");
    Some(Ask { reservation: reservation?.1, quantity: quantity? })
}

/// The body of `calculateRefund`, as a client sends it.
pub fn ask_body(order: OrderId, ask: &Ask) -> Value {
    json!({
        "id": crate::azure::order_id(order),
        "properties": { "scope": "Reservation", "reservationToReturn": returned(order, ask) },
    })
}

/// The body of `return`, as a client sends it.
pub fn deed_body(order: OrderId, deed: &Deed) -> Value {
    json!({ "properties": {
        "sessionId": deed.session.to_string(),
        "scope": "Reservation",
        "returnReason": deed.reason,
        "reservationToReturn": returned(order, &deed.returned),
    }})
}

fn returned(order: OrderId, ask: &Ask) -> Value {
    json!({
        "reservationId": reservation_id(order, ask.reservation),
        "quantity": ask.quantity,
    })
}

/// The answer to `calculateRefund`: amounts, the state of the cap, and the clauses not met.
///
/// # Errors
/// When amounts do not fit together, which recorded facts never do.
pub fn quote(
    book: &Book,
    session: SessionId,
    held: &Held,
    decision: &Decision<Plan>,
    plan: &Plan,
) -> Result<Value, MoneyError> {
    let errors = refused::policy_errors(book, decision);
    let mut body = response(session, held, plan, errors)?;
    body["explanation"] = json!(explanation::render(book, decision));
    Ok(body)
}

/// The answer to `return`: the same amounts as its quote.
///
/// # Errors
/// When amounts do not fit together, which recorded facts never do.
pub fn done(session: SessionId, held: &Held, plan: &Plan) -> Result<Value, MoneyError> {
    response(session, held, plan, Vec::new())
}

fn response(
    session: SessionId,
    held: &Held,
    plan: &Plan,
    policy_errors: Vec<Value>,
) -> Result<Value, MoneyError> {
    let value = &plan.value;
    let mut billing = billing_information(value.paid_for_held, value.refund, value.cancelled)?;
    billing["billingPlan"] = json!(held.commitment.plan.as_str());
    billing["completedTransactions"] = json!(value.payments_made);
    billing["totalTransactions"] = json!(value.payments);
    Ok(json!({
        "id": reservation_id(held.order, held.reservation),
        "properties": {
            "sessionId": session.to_string(),
            "quantity": value.quantity,
            "billingRefundAmount": price(plan.payout),
            "pricingRefundAmount": in_dollars(plan.payout, held.commitment.usd_rate).map(price),
            "policyResult": { "properties": {
                "consumedRefundsTotal": price(plan.cap_used),
                "maxRefundLimit": price(plan.cap),
                "policyErrors": policy_errors,
            }},
            "billingInformation": billing,
        },
    }))
}

/// What was paid and what of it is gone, for all units held; what is never paid, for the returned
/// units. That mixture is the recorded service's.
pub(super) fn billing_information(
    paid_for_held: Money,
    refund: Money,
    cancelled: Money,
) -> Result<Value, MoneyError> {
    Ok(json!({
        "billingCurrencyTotalPaidAmount": price(paid_for_held),
        "billingCurrencyProratedAmount": price(paid_for_held.minus(refund)?),
        "billingCurrencyRemainingCommitmentAmount": price(cancelled),
    }))
}
