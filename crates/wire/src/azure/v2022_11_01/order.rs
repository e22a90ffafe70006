//! Reservation orders.

use super::purchase::in_dollars;
use super::reservation;
use crate::azure::Version;
use crate::azure::ids::{order_id, reservation_id};
use crate::azure::number::{day, instant, price, same_hour};
use crate::azure::published::{self, Kind};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::term::utc_day;
use prorata_ledger::{Money, MoneyError};
use serde_json::{Value, json};

/// An order with what is under it.
pub struct View<'a> {
    pub order: &'a Order,
    pub reservations: &'a [Reservation],
}

/// A payment of an order.
#[derive(Debug, Clone, Copy)]
pub struct Payment {
    pub due: Date,
    pub amount: Money,
    pub paid_at: Option<Timestamp>,
    pub status: PaymentStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentStatus {
    Succeeded,
    Failed,
    Scheduled,
    Cancelled,
}

impl PaymentStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            PaymentStatus::Succeeded => "Succeeded",
            PaymentStatus::Failed => "Failed",
            PaymentStatus::Scheduled => "Scheduled",
            PaymentStatus::Cancelled => "Cancelled",
        }
    }
}

/// An order as GET answers it.
pub fn show(view: &View<'_>, now: Timestamp, version: Version) -> Value {
    let order = view.order;
    let mut body = frame(view, state(view, now));
    let properties = &mut body["properties"];
    properties["createdDateTime"] = instant(order.started_at);
    properties["benefitStartTime"] = instant(order.started_at);
    properties["expiryDate"] = day(order.expires_on);
    if version >= Version::V2022_11_01 {
        properties["expiryDateTime"] = instant(same_hour(order.expires_on, order.started_at));
        if let Some(at) = order.review_at {
            properties["reviewDateTime"] = instant(at);
        }
    }
    if published::embeds_reservations(version) {
        let whole = view.reservations.iter();
        let whole = whole.map(|row| reservation::show(order, row, now, version));
        properties["reservations"] = whole.collect();
    }
    published::trim(Kind::Order, &mut body, version);
    body
}

/// The same with every payment, made and to come (`$expand=schedule`).
///
/// # Errors
/// When the payments do not add up, which recorded ones always do.
pub fn show_with_schedule(
    view: &View<'_>,
    payments: &[Payment],
    now: Timestamp,
    version: Version,
) -> Result<Value, MoneyError> {
    let mut body = show(view, now, version);
    body["properties"]["planInformation"] = plan_information(view.order, payments)?;
    published::trim(Kind::Order, &mut body, version);
    Ok(body)
}

/// An order just placed, as the purchase answers it: begun, without the times it does not have yet.
pub fn placed(view: &View<'_>) -> Value {
    frame(view, "Creating")
}

/// A page of orders.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}

fn frame(view: &View<'_>, state: &str) -> Value {
    let order = view.order;
    let reservations: Vec<Value> = view
        .reservations
        .iter()
        // Orders name the provider in mixed case inside this list only; clients compare without.
        .map(|row| {
            let id = reservation_id(order.id, row.id);
            json!({ "id": id.replacen("microsoft.capacity", "Microsoft.Capacity", 1) })
        })
        .collect();
    let mut properties = json!({
        "displayName": order.display_name,
        "requestDateTime": instant(order.requested_at),
        "originalQuantity": order.original_quantity,
        "term": order.commitment.term.as_str(),
        "provisioningState": state,
        "billingPlan": order.commitment.plan.as_str(),
        "billingAccountId": billing_account(&order.billing_account),
        "reservations": reservations,
    });
    if let Some(profile) = &order.billing_profile {
        properties["billingProfileId"] =
            json!(format!("{}/billingProfiles/{profile}", billing_account(&order.billing_account)));
    }
    json!({
        "id": order_id(order.id),
        "name": order.id.to_string(),
        "type": "microsoft.capacity/reservationOrders",
        "etag": order.version,
        "properties": properties,
    })
}

pub(in crate::azure) fn billing_account(id: &str) -> String {
    if id.starts_with('/') {
        id.to_owned()
    } else {
        format!("/providers/Microsoft.Billing/billingAccounts/{id}")
    }
}

/// The order's state: that of what it holds. Ended orders are `Expired` where something lived to
/// its end, else `Cancelled`.
fn state(view: &View<'_>, now: Timestamp) -> &'static str {
    let lived_out = |row: &Reservation| row.state.is_active() || row.state.has_expired();
    let unpaid = |row: &Reservation| matches!(row.state, ReservationState::BillingFailed { .. });
    let over = utc_day(now) >= view.order.expires_on;
    if !over && view.reservations.iter().any(|row| row.state.is_active()) {
        "Succeeded"
    } else if view.reservations.iter().any(lived_out) {
        "Expired"
    } else if view.reservations.iter().any(unpaid) {
        "BillingFailed"
    } else {
        "Cancelled"
    }
}

fn plan_information(order: &Order, payments: &[Payment]) -> Result<Value, MoneyError> {
    let rate = order.commitment.usd_rate;
    let currency = order.commitment.unit_total.currency();
    let counted = payments.iter().filter(|row| row.status != PaymentStatus::Cancelled);
    let total = Money::sum(currency, counted.map(|row| row.amount))?;
    let next = payments.iter().find(|row| row.status == PaymentStatus::Scheduled);
    let transactions: Vec<Value> = payments
        .iter()
        .map(|row| {
            let mut payment = json!({
                "dueDate": day(row.due),
                "pricingCurrencyTotal": in_dollars(row.amount, rate).map(price),
                "status": row.status.as_str(),
            });
            if row.status == PaymentStatus::Failed {
                payment["extendedStatusInfo"] = json!({
                    "statusCode": "PaymentInstrumentError",
                    "message": "The means of payment was refused",
                });
            }
            if let Some(paid_at) = row.paid_at {
                payment["paymentDate"] = day(utc_day(paid_at));
                payment["billingCurrencyTotal"] = price(row.amount);
                payment["billingAccount"] = json!(order.billing_account);
            }
            payment
        })
        .collect();
    let mut plan = json!({
        "pricingCurrencyTotal": in_dollars(total, rate).map(price),
        "startDate": day(order.start_day()),
        "transactions": transactions,
    });
    if let Some(next) = next {
        plan["nextPaymentDueDate"] = day(next.due);
    }
    Ok(plan)
}
