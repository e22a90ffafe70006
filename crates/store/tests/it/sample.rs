//! Rows to write, as small as they can be.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use prorata_domain::ids::{
    OperationId, OrderId, PrincipalId, ReservationId, SubscriptionId, TenantId,
};
use prorata_domain::policy::{Agreement, Payment};
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, Commitment, Order, Reservation, ReservationState,
};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Money};
use prorata_store::{Store, StoreError, Tx, world};
use uuid::Uuid;

pub(crate) const TENANT: TenantId = TenantId(Uuid::from_u128(0x1));
pub(crate) const OTHER_TENANT: TenantId = TenantId(Uuid::from_u128(0x2));
pub(crate) const PRINCIPAL: PrincipalId = PrincipalId(Uuid::from_u128(0x3));
pub(crate) const OPERATION: OperationId = OperationId(Uuid::from_u128(0x4));

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn day(number: i8) -> Date {
    date(2024, 3, number)
}

pub(crate) fn account() -> BillingAccount {
    BillingAccount {
        id: "account".into(),
        agreement: Agreement::Mca,
        currency: Currency::USD,
        payment: Payment::ALL[0],
        usd_rate: "1.25".parse().unwrap(),
        profile: Some("profile".into()),
        customer: None,
        prepayment_ends: Some(day(9)),
        failing: None,
    }
}

/// Tenants and the account, which other rows refer to.
pub(crate) fn put_world(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for id in [TENANT, OTHER_TENANT] {
        world::put_tenant(tx, &world::Tenant { id, name: "tenant".into() })?;
    }
    world::put_billing_account(tx, &account()).map(drop)
}

pub(crate) fn order(number: u128) -> Order {
    Order {
        id: OrderId(Uuid::from_u128(0x1000 + number)),
        tenant: TENANT,
        billing_account: "account".into(),
        billing_profile: None,
        billing_subscription: SubscriptionId(Uuid::from_u128(0x5)),
        buyer: PRINCIPAL,
        display_name: format!("order {number}"),
        commitment: Commitment {
            resource_type: "VirtualMachines".into(),
            sku: "Standard_D2s_v5".into(),
            location: "westeurope".into(),
            term: Term::P3Y,
            plan: BillingPlan::Monthly,
            unit_total: usd(36_000),
            unit_payment: usd(1_000),
            usd_rate: "1.1".parse().unwrap(),
        },
        commit_units: None,
        original_quantity: 10,
        requested_at: at(0),
        started_at: at(1),
        expires_on: day(20),
        payments_made: 1,
        renew: false,
        review_at: None,
        version: 1,
    }
}

pub(crate) fn reservation(order: &Order, number: u128) -> Reservation {
    Reservation {
        id: ReservationId(Uuid::from_u128(0x9000 + number)),
        order: order.id,
        tenant: order.tenant,
        display_name: format!("reservation {number}"),
        sku: order.commitment.sku.clone(),
        quantity: 10,
        applied_scope: AppliedScope::Shared,
        instance_flexibility: true,
        renew: false,
        archived: false,
        state: ReservationState::Active,
        acquired_by: AcquiredBy::Purchase,
        purchased_at: at(1),
        carried: None,
        effective_at: at(1),
        updated_at: at(1),
        source: None,
        merged_from: Vec::new(),
        review_at: None,
        renew_as: None,
        no_benefit: None,
        revision: 1,
    }
}

/// Runs in one writing transaction and fails the test on any error.
pub(crate) fn write<T: Send + 'static>(
    store: &Store,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(move |tx| work(tx)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}
