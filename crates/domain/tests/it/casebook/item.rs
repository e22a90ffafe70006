//! Reservations as cases of rearranging write them, with what holds where they say nothing.

use super::form::Native;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::rearrange;
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, NoBenefit, Reservation, ReservationState,
};
use prorata_domain::term::day_start;
use serde::Deserialize;

/// A reservation that is rearranged.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Item {
    /// Which reservation it is; else its position.
    number: Option<u128>,
    resource_type: Option<String>,
    sku: Option<String>,
    quantity: Option<u32>,
    name: Option<String>,
    purchased_at: Option<Native<Timestamp>>,
    expires_on: Option<Native<Date>>,
    state: Option<ReservationState>,
    scope: Option<AppliedScope>,
    capacity_first: bool,
    renew: bool,
    archived: bool,
    no_benefit: Option<NoBenefit>,
}

impl Item {
    /// Two machines bought on 2026-01-01 for a year, shared, where nothing else is said.
    pub fn read(&self, position: u128) -> rearrange::Item {
        let bought = day_start(date(2026, 1, 1));
        let purchased_at = self.purchased_at.map_or(bought, |at| at.0);
        let number = self.number.unwrap_or(position);
        rearrange::Item {
            reservation: Reservation {
                id: ReservationId(uuid::Uuid::from_u128(number)),
                order: OrderId(uuid::Uuid::from_u128(100)),
                tenant: TenantId(uuid::Uuid::from_u128(200)),
                display_name: self.name.clone().unwrap_or_else(|| "machines".to_owned()),
                sku: self.sku.clone().unwrap_or_else(|| "Standard_D2s_v5".to_owned()),
                quantity: self.quantity.unwrap_or(2),
                applied_scope: self.scope.clone().unwrap_or(AppliedScope::Shared),
                instance_flexibility: !self.capacity_first,
                renew: self.renew,
                archived: self.archived,
                state: self.state.clone().unwrap_or(ReservationState::Active),
                acquired_by: AcquiredBy::Purchase,
                purchased_at,
                carried: None,
                effective_at: purchased_at,
                updated_at: purchased_at,
                source: None,
                merged_from: Vec::new(),
                review_at: None,
                renew_as: None,
                no_benefit: self.no_benefit,
                revision: 1,
            },
            resource_type: self
                .resource_type
                .clone()
                .unwrap_or_else(|| "VirtualMachines".to_owned()),
            expires_on: self.expires_on.map_or(date(2027, 1, 1), |day| day.0),
        }
    }
}
