//! Made-up accounts, holdings and offers, in all currencies, terms and plans and on awkward days.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId};
use prorata_domain::partner::Asker;
use prorata_domain::policy::{Agreement, Payment};
use prorata_domain::proration::unit_payment;
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, Commitment, Held, ReservationState,
};
use prorata_domain::term::{BillingPlan, Term, day_start, days_between, due_date};
use prorata_domain::{exchange, purchase, refund};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;

/// A return for money that somebody asks for.
#[derive(Debug, Clone)]
pub struct Refund {
    pub facts: refund::Facts,
    pub request: refund::Request,
    pub today: Date,
}

/// An exchange that somebody asks for.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub facts: exchange::Facts,
    pub request: exchange::Request,
    pub today: Date,
}

/// A purchase that somebody asks for.
#[derive(Debug, Clone)]
pub struct Purchase {
    pub facts: purchase::Facts,
    pub request: purchase::Request,
    pub today: Date,
}

/// A holding written down by hand.
pub struct Upfront {
    pub unit_total: &'static str,
    pub price_today: Option<&'static str>,
    pub quantity: u32,
    pub starts_on: Date,
}

pub fn noon(day: Date) -> Timestamp {
    day_start(day).checked_add(12.hours()).unwrap()
}

pub fn plus_days(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap()
}

pub fn money(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').unwrap();
    Money::from_decimal(amount.parse().unwrap(), Currency::parse(currency).unwrap()).unwrap()
}

pub fn upfront(of: &Upfront) -> Held {
    let account = account(Currency::USD, Decimal::ONE);
    let unit_total = money(of.unit_total);
    let commitment =
        Commitment { ..commitment(&account, Term::P1Y, BillingPlan::Upfront, unit_total) };
    Held {
        current_unit_total: of.price_today.map(money),
        overdue: None,
        ..held(account, commitment, of.quantity, of.starts_on, of.starts_on)
    }
}

fn account(currency: Currency, usd_rate: Decimal) -> BillingAccount {
    BillingAccount {
        id: "1".to_owned(),
        agreement: Agreement::Ea,
        currency,
        payment: Payment::Overage,
        usd_rate,
        profile: None,
        customer: None,
        prepayment_ends: None,
        failing: None,
    }
}

fn commitment(
    account: &BillingAccount,
    term: Term,
    plan: BillingPlan,
    unit_total: Money,
) -> Commitment {
    Commitment {
        resource_type: "VirtualMachines".to_owned(),
        sku: "Standard_D2s_v5".to_owned(),
        location: "westeurope".to_owned(),
        term,
        plan,
        unit_total,
        unit_payment: unit_payment(unit_total, plan.payments(term)).unwrap(),
        usd_rate: account.usd_rate,
    }
}

/// A holding with all payments made that fell due by `today`.
pub fn held(
    account: BillingAccount,
    commitment: Commitment,
    quantity: u32,
    starts_on: Date,
    today: Date,
) -> Held {
    Held {
        reservation: ReservationId(uuid::Uuid::from_u128(1)),
        order: OrderId(uuid::Uuid::from_u128(2)),
        payments_made: due_by(&commitment, starts_on, today),
        quantity,
        state: ReservationState::Active,
        starts_on,
        expires_on: commitment.term.end(starts_on),
        purchased_at: day_start(starts_on),
        acquired_by: AcquiredBy::Purchase,
        carried: None,
        renews: false,
        current_unit_total: None,
        overdue: None,
        waivers: Vec::new(),
        asker: Asker::Holder,
        account,
        commitment,
    }
}

/// How many payments of a commitment have fallen due by a day.
pub fn due_by(commitment: &Commitment, starts_on: Date, today: Date) -> i32 {
    let due = |index: &i32| due_date(starts_on, *index) <= today;
    (0..commitment.payments()).take_while(due).count().try_into().unwrap()
}

pub fn accounts() -> impl Strategy<Value = BillingAccount> {
    let rates = prop_oneof![
        Just(("USD", Decimal::ONE)),
        (1..4_000_000i64).prop_map(|millionths| ("EUR", Decimal::new(millionths, 6))),
        (1..20_000i64).prop_map(|millionths| ("JPY", Decimal::new(millionths, 6))),
        (1..4_000_000i64).prop_map(|millionths| ("KWD", Decimal::new(millionths, 6))),
    ];
    let days = option::of(days());
    (rates, select(Agreement::ALL), select(Payment::ALL), days).prop_map(
        |((code, rate), agreement, payment, prepayment_ends)| BillingAccount {
            agreement,
            payment,
            prepayment_ends,
            failing: None,
            profile: (agreement == Agreement::Mca).then(|| "P1".to_owned()),
            customer: (agreement == Agreement::Csp).then(|| "C1".to_owned()),
            ..account(Currency::parse(code).unwrap(), rate)
        },
    )
}

/// Days from 2019 to 2031, the ends of months and leap days more often than chance has them.
pub fn days() -> impl Strategy<Value = Date> {
    let any = (0..4_500i64).prop_map(|days| plus_days(date(2019, 1, 1), days));
    let awkward = select(vec![
        date(2020, 2, 29),
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2028, 2, 29),
        date(2023, 1, 31),
        date(2023, 8, 31),
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2027, 1, 31),
        date(2027, 3, 31),
    ]);
    prop_oneof![2 => any, 1 => awkward]
}

/// Prices of a unit that make totals far below the cap, around it and above it.
fn minors() -> impl Strategy<Value = i64> {
    prop_oneof![0..100i64, 0..200_000i64, 0..20_000_000i64]
}

/// Kinds of reservation; the most usual one more often.
fn kinds() -> impl Strategy<Value = String> {
    let usual = Just("VirtualMachines");
    let others = select(vec!["AVS", "CosmosDb", "SqlDatabases", "SqlDataWarehouse", "SuseLinux"]);
    prop_oneof![3 => usual, 1 => others].prop_map(str::to_owned)
}

/// A holding of an account that is live on a day, and that day.
pub fn live(account: BillingAccount) -> impl Strategy<Value = (Held, Date)> {
    let terms = (select(&Term::ALL[..]), select(&BillingPlan::ALL[..]));
    let numbers = (minors(), option::of(minors()), 1..60u32, 0..4u8, 0..1_000_000i64);
    (Just(account), terms, kinds(), days(), numbers).prop_map(
        |(account, (term, plan), kind, starts_on, (minor, current, quantity, late, at))| {
            let currency = account.currency;
            let commitment = Commitment {
                resource_type: kind,
                ..commitment(&account, term, plan, Money::new(minor, currency))
            };
            let length = days_between(starts_on, term.end(starts_on));
            let today = plus_days(starts_on, at % length);
            let mut held = held(account, commitment, quantity, starts_on, today);
            if late == 0 {
                // One payment has not been taken yet.
                held.payments_made = (held.payments_made - 1).max(0);
            }
            held.current_unit_total = current.map(|minor| Money::new(minor, currency));
            (held, today)
        },
    )
}

/// Returns for money that are well formed: something live, of which so much is held.
pub fn refunds() -> impl Strategy<Value = Refund> {
    let counted = vec((0..500i64, 0..3_000_000i64), 0..6);
    let asked = (accounts().prop_flat_map(live), any::<u32>(), counted);
    asked.prop_map(|((held, today), part, counted)| {
        let quantity = 1 + part % held.quantity;
        let mut cap_used: Vec<_> =
            counted.into_iter().map(|(ago, minor)| (plus_days(today, -ago), minor)).collect();
        cap_used.sort_unstable();
        let request = refund::Request { quantity };
        Refund { facts: refund::Facts { held, cap_used }, request, today }
    })
}

fn offers(account: BillingAccount) -> impl Strategy<Value = (purchase::Facts, purchase::Request)> {
    let terms = (select(&Term::ALL[..]), select(&BillingPlan::ALL[..]));
    let skus = select(vec![("Standard_D2s_v5", "Dsv5"), ("Standard_D2_v2", "Dv2")]);
    (Just(account), terms, kinds(), skus, minors(), 0..60u32).prop_map(
        |(account, (term, plan), kind, (sku, series), minor, quantity)| {
            let offer = purchase::Offer {
                resource_type: kind.clone(),
                sku: sku.to_owned(),
                location: "westeurope".to_owned(),
                title: "made up".to_owned(),
                terms: vec![Term::P1Y, Term::P3Y],
                plans: BillingPlan::ALL.to_vec(),
                series: Some(series.to_owned()),
                newer: Vec::new(),
                commit_units: None,
                unit_total: Some(Money::new(minor, account.currency)),
                converted_from: None,
            };
            let request = purchase::Request {
                resource_type: kind,
                sku: sku.to_owned(),
                location: Some("westeurope".to_owned()),
                billing_subscription: SubscriptionId(uuid::Uuid::from_u128(3)),
                term,
                plan,
                quantity,
                display_name: "made up".to_owned(),
                applied_scope: AppliedScope::Shared,
                instance_flexibility: None,
                renew: false,
                review_at: None,
            };
            let facts = purchase::Facts {
                account,
                offer: Some(offer),
                sold_in: Vec::new(),
                type_stopped: None,
                scope_fault: None,
                customer: None,
            };
            (facts, request)
        },
    )
}

pub fn purchases() -> impl Strategy<Value = Purchase> {
    (accounts().prop_flat_map(offers), days()).prop_map(|((facts, request), today)| Purchase {
        facts,
        request,
        today,
    })
}

/// Exchanges of one to three holdings for one or two others, all live on the same day.
pub fn exchanges() -> impl Strategy<Value = Exchange> {
    let parts = accounts().prop_flat_map(|account| {
        (vec(live(account.clone()), 1..4), vec(offers(account), 1..3), any::<u32>())
    });
    parts.prop_map(|(given, bought, part)| {
        let today = given[0].1;
        let mut facts = exchange::Facts::default();
        let mut request = exchange::Request {
            returns: Vec::new(),
            purchases: Vec::new(),
            savings_plans: Vec::new(),
        };
        for ((mut held, its_day), number) in given.into_iter().zip(10..) {
            held.reservation = ReservationId(uuid::Uuid::from_u128(number));
            move_days(&mut held, days_between(its_day, today), today);
            request.returns.push(1 + part % held.quantity);
            facts.returns.push(held);
        }
        for (offer, asked) in bought {
            facts.purchases.push(offer);
            request.purchases.push(asked);
        }
        Exchange { facts, request, today }
    })
}

/// Moves a holding in time, so that it is live on another day.
fn move_days(held: &mut Held, days: i64, today: Date) {
    held.starts_on = plus_days(held.starts_on, days);
    // Terms differ in days by where they begin.
    while held.commitment.term.end(held.starts_on) <= today {
        held.starts_on = plus_days(held.starts_on, 1);
    }
    held.expires_on = held.commitment.term.end(held.starts_on);
    held.purchased_at = day_start(held.starts_on);
    held.payments_made = due_by(&held.commitment, held.starts_on, today);
}
