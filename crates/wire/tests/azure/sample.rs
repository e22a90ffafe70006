//! Orders, reservations and decisions to be shown.

use jiff::Timestamp;
use prorata_domain::Decision;
use prorata_domain::exchange;
use prorata_domain::ids::{
    OrderId, PrincipalId, ReservationId, SessionId, SubscriptionId, TenantId,
};
use prorata_domain::policy::{Agreement, Book, Payment};
use prorata_domain::purchase::{self, Offer};
use prorata_domain::refund;
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, Commitment, Held, Order, Reservation,
    ReservationState,
};
use prorata_domain::term::{BillingPlan, Term, utc_day};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use uuid::Uuid;

pub const ORDER: OrderId = OrderId(Uuid::from_u128(0xaaaa));
pub const ITEM: ReservationId = ReservationId(Uuid::from_u128(0xbbbb));
pub const SESSION: SessionId = SessionId(Uuid::from_u128(0xcccc));
pub const SUBSCRIPTION: SubscriptionId = SubscriptionId(Uuid::from_u128(0xdddd));
pub const TENANT: TenantId = TenantId(Uuid::from_u128(0xeeee));

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn pounds(minor: i64) -> Money {
    Money::new(minor, Currency::parse("GBP").unwrap())
}

pub fn account() -> BillingAccount {
    BillingAccount {
        id: "8608480".to_owned(),
        agreement: Agreement::Mca,
        currency: Currency::parse("GBP").unwrap(),
        payment: Payment::Wire,
        usd_rate: Decimal::new(1203, 3),
        profile: Some("profile-1".to_owned()),
        customer: None,
        prepayment_ends: None,
        failing: None,
    }
}

pub fn request(plan: BillingPlan, quantity: u32) -> purchase::Request {
    purchase::Request {
        resource_type: "VirtualMachines".to_owned(),
        sku: "standard_b1ls".to_owned(),
        location: Some("westus".to_owned()),
        billing_subscription: SUBSCRIPTION,
        term: Term::P1Y,
        plan,
        quantity,
        display_name: "web".to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: Some(true),
        renew: false,
        review_at: None,
    }
}

pub fn purchase_facts(unit_total: Money) -> purchase::Facts {
    purchase::Facts {
        account: account(),
        offer: Some(Offer {
            resource_type: "VirtualMachines".to_owned(),
            sku: "Standard_B1ls".to_owned(),
            location: "westus".to_owned(),
            title: "Reserved VM Instance, Standard_B1ls, US West, 1 Year".to_owned(),
            terms: vec![Term::P1Y, Term::P3Y],
            plans: vec![BillingPlan::Upfront, BillingPlan::Monthly],
            series: None,
            newer: Vec::new(),
            commit_units: None,
            unit_total: Some(unit_total),
            converted_from: None,
        }),
        sold_in: Vec::new(),
        type_stopped: None,
        scope_fault: None,
        customer: None,
    }
}

pub fn price_quote(plan: BillingPlan, quantity: u32) -> Decision<purchase::Plan> {
    let now = at("2023-02-10T01:45:07Z");
    let facts = purchase_facts(pounds(3200));
    purchase::decide(Book::built_in(), &facts, &request(plan, quantity), now).unwrap()
}

pub fn order(plan: BillingPlan) -> Order {
    let started_at = at("2023-03-04T04:17:25.770789299Z");
    let monthly = plan == BillingPlan::Monthly;
    Order {
        id: ORDER,
        tenant: TENANT,
        billing_account: account().id,
        billing_profile: account().profile,
        billing_subscription: SUBSCRIPTION,
        buyer: PrincipalId(Uuid::from_u128(1)),
        display_name: "web".to_owned(),
        commitment: Commitment {
            resource_type: "VirtualMachines".to_owned(),
            sku: "Standard_B1s".to_owned(),
            location: "uksouth".to_owned(),
            term: Term::P1Y,
            plan,
            unit_total: pounds(2196),
            unit_payment: pounds(if monthly { 183 } else { 2196 }),
            usd_rate: Decimal::new(1191, 3),
        },
        commit_units: None,
        original_quantity: 3,
        requested_at: started_at,
        started_at,
        expires_on: Term::P1Y.end(utc_day(started_at)),
        payments_made: 1,
        renew: false,
        review_at: None,
        version: 4,
    }
}

pub fn reservation(state: ReservationState) -> Reservation {
    let at = at("2023-03-04T04:17:25.770789299Z");
    Reservation {
        id: ITEM,
        order: ORDER,
        tenant: TENANT,
        display_name: "web".to_owned(),
        sku: "Standard_B1ls".to_owned(),
        quantity: 3,
        applied_scope: AppliedScope::Shared,
        instance_flexibility: true,
        renew: true,
        archived: false,
        state,
        acquired_by: AcquiredBy::Purchase,
        purchased_at: at,
        carried: None,
        effective_at: at,
        updated_at: at,
        source: None,
        merged_from: Vec::new(),
        review_at: None,
        renew_as: None,
        no_benefit: None,
        revision: 7,
    }
}

pub fn held(plan: BillingPlan) -> Held {
    Held::new(&order(plan), &reservation(ReservationState::Active), account(), None)
}

/// The recorded return of 2023-03-06: one of three, paid monthly, in the third day.
pub fn refund_quote(cap_used: Vec<(jiff::civil::Date, i64)>) -> Decision<refund::Plan> {
    let facts = refund::Facts { held: held(BillingPlan::Monthly), cap_used };
    let now = at("2023-03-06T23:26:47Z");
    refund::decide(Book::built_in(), &facts, &refund::Request { quantity: 1 }, now).unwrap()
}

pub struct Exchanged {
    pub purchases: Vec<purchase::Request>,
    pub facts: exchange::Facts,
    pub decision: Decision<exchange::Plan>,
}

/// One of three monthly units for something worth `unit_total` pence.
pub fn exchange_quote(unit_total: i64) -> Exchanged {
    let purchases = vec![request(BillingPlan::Upfront, 1)];
    let facts = exchange::Facts {
        returns: vec![held(BillingPlan::Monthly)],
        purchases: vec![purchase_facts(pounds(unit_total))],
        ..exchange::Facts::default()
    };
    let asked = exchange::Request {
        returns: vec![1],
        purchases: purchases.clone(),
        savings_plans: Vec::new(),
    };
    let now = at("2023-03-06T23:40:33Z");
    let decision = exchange::decide(Book::built_in(), &facts, &asked, now).unwrap();
    Exchanged { purchases, facts, decision }
}
