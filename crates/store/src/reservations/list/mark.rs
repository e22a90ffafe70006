//! Where a page of a list begins.

use super::{Field, OrderBy};
use crate::{StoreError, Value};
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{Order, Reservation};

/// The key of the last row of a page, as a text: the sorted field, the order, the reservation.
pub(super) fn mark((order, reservation): &(Order, Reservation), order_by: OrderBy) -> String {
    let commitment = &order.commitment;
    let field = match order_by.field {
        Field::Sku => reservation.sku.clone(),
        Field::ResourceType => commitment.resource_type.clone(),
        Field::Location => commitment.location.clone(),
        Field::DisplayName => reservation.display_name.clone(),
        Field::AppliedScopeType => match super::super::scope_values(&reservation.applied_scope).0 {
            Value::Text(word) => word.into_owned(),
            Value::Null | Value::Int(_) | Value::Id(_) => String::new(),
        },
        Field::Term => commitment.term.to_string(),
        Field::State => reservation.state.name().to_owned(),
        Field::Quantity => reservation.quantity.to_string(),
        Field::Archived => i64::from(reservation.archived).to_string(),
        Field::Renew => i64::from(reservation.renew).to_string(),
        Field::ExpiresOn => order.expires_on.to_string(),
        Field::EffectiveAt => reservation.effective_at.as_microsecond().to_string(),
        Field::PurchasedAt => reservation.purchased_at.as_microsecond().to_string(),
        Field::NoBenefit => {
            reservation.no_benefit.map_or(String::new(), |lack| lack.as_str().to_owned())
        }
        Field::BillingAccount => order.billing_account.clone(),
        Field::BillingProfile => order.billing_profile.clone().unwrap_or_default(),
    };
    // Ids have a fixed length, so the field may hold anything.
    format!("{}{}{field}", order.id, reservation.id)
}

/// A number of rows to leave out; a mark is never one, it has dashes.
pub(super) fn read_count(after: &str) -> Option<u32> {
    const DIGITS_MAX: usize = 10;
    (after.len() <= DIGITS_MAX).then_some(())?;
    after.bytes().all(|byte| byte.is_ascii_digit()).then(|| after.parse().ok())?
}

pub(super) fn read_mark(mark: &str, order_by: OrderBy) -> Result<[Value; 3], StoreError> {
    let parse = || {
        let order = OrderId::parse(mark.get(..36)?)?;
        let id = prorata_domain::ids::ReservationId::parse(mark.get(36..72)?)?;
        let field = mark.get(72..)?;
        let field =
            if order_by.field.is_number() { Value::Int(field.parse().ok()?) } else { field.into() };
        Some([field, order.into(), id.into()])
    };
    parse().ok_or_else(|| StoreError::Mark(mark.chars().take(200).collect()))
}
