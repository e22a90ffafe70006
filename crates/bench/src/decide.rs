//! How long a decision takes: facts in memory, findings included, nothing stored.

use crate::table::{Figures, Goal, Line};
use crate::{Extent, Trouble};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use prorata_domain::catalog::{Catalog, product_title};
use prorata_domain::decision::Decision;
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId};
use prorata_domain::policy::{Agreement, Book, Payment};
use prorata_domain::proration::unit_payment;
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, Commitment, Held, ReservationState,
};
use prorata_domain::term::{BillingPlan, Term, day_start, due_date};
use prorata_domain::{exchange, purchase, refund};
use prorata_ledger::{Currency, Money, Rounding, rounding};
use rust_decimal::Decimal;
use std::hint::black_box;
use std::time::Instant;
use uuid::Uuid;

/// Returns and purchases of the large exchange.
const WIDE: u32 = 10;
const KIND: &str = "VirtualMachines";

pub fn measure(extent: Extent) -> Result<Vec<Line>, Trouble> {
    let book = Book::built_in();
    let today = date(2026, 11, 21);
    let now = day_start(today);
    let rounds = extent.of(20_000);

    let facts = exchange_facts(today)?;
    let request = exchange::Request {
        returns: facts.returns.iter().map(|held| held.quantity / 2).collect(),
        purchases: (0..WIDE).map(purchase_request).collect(),
        savings_plans: Vec::new(),
    };
    approved(&exchange::decide(book, &facts, &request, now)?)?;
    let wide = time(extent, rounds, || exchange::decide(book, &facts, &request, now))?;

    let sums = time(extent, rounds * 20, || bare(&facts.returns, &facts.purchases))?;
    let returned = refund::Facts {
        held: facts.returns[0].clone(),
        cap_used: (1..=8).map(|back| (due_date(today, -back), 100_000)).collect(),
    };
    let quantity = refund::Request { quantity: returned.held.quantity / 2 };
    approved(&refund::decide(book, &returned, &quantity, now)?)?;
    let one_return = time(extent, rounds * 5, || refund::decide(book, &returned, &quantity, now))?;
    let asked = &request.purchases[0];
    approved(&purchase::decide(book, &facts.purchases[0], asked, now)?)?;
    let one_purchase =
        time(extent, rounds * 5, || purchase::decide(book, &facts.purchases[0], asked, now))?;

    let reference = "20 shares and 20 conversions, the arithmetic alone";
    Ok(vec![
        Line::new("decide an exchange of 10 for 10", "us", wide)
            .goal(Goal::Below(50.0))
            .beside(reference, sums.clone()),
        Line::new("decide a refund", "us", one_return).beside(reference, sums.clone()),
        Line::new("decide a purchase", "us", one_purchase).beside(reference, sums),
    ])
}

/// Microseconds for one call, once for each repetition.
fn time<T, E: std::error::Error + Send + Sync + 'static>(
    extent: Extent,
    rounds: usize,
    mut call: impl FnMut() -> Result<T, E>,
) -> Result<Figures, Trouble> {
    // The first calls find cold caches and are not what a busy server does.
    for _ in 0..rounds / 20 {
        black_box(call()?);
    }
    let mut figures = Figures::default();
    for _ in 0..extent.repetitions {
        let started = Instant::now();
        for _ in 0..rounds {
            black_box(call()?);
        }
        figures.push(started.elapsed().as_secs_f64() * 1e6 / rounds as f64);
    }
    Ok(figures)
}

fn approved<P>(decision: &Decision<P>) -> Result<(), Trouble> {
    match &decision.refusal {
        None => Ok(()),
        Some(refusal) => Err(format!("refused: {}", refusal.reason).into()),
    }
}

/// The arithmetic that no such exchange can do without.
fn bare(
    returns: &[Held],
    purchases: &[purchase::Facts],
) -> Result<Money, prorata_ledger::MoneyError> {
    let mut sum = Money::zero(returns[0].commitment.unit_total.currency());
    for (held, bought) in returns.iter().zip(purchases) {
        let used =
            rounding::share(black_box(held.commitment.unit_payment), 123, 365, Rounding::UsedPart)?;
        let dollars =
            rounding::scale(used, held.commitment.usd_rate, Currency::USD, Rounding::Conversion)?;
        let price = bought.offer.as_ref().and_then(|offer| offer.unit_total).unwrap_or(sum);
        let payment = rounding::share(black_box(price), 1, 12, Rounding::Instalment)?;
        let again =
            rounding::scale(payment, bought.account.usd_rate, Currency::USD, Rounding::Conversion)?;
        black_box((dollars, again));
        sum = sum.plus(used)?.plus(payment)?;
    }
    Ok(sum)
}

fn euro() -> Result<Currency, Trouble> {
    Ok(Currency::parse("EUR")?)
}

fn account() -> Result<BillingAccount, Trouble> {
    Ok(BillingAccount {
        id: "c2f1".to_owned(),
        agreement: Agreement::Mca,
        currency: euro()?,
        payment: Payment::Wire,
        usd_rate: Decimal::new(11767, 4),
        profile: Some("bench".to_owned()),
        customer: None,
        prepayment_ends: None,
        failing: None,
    })
}

fn exchange_facts(today: Date) -> Result<exchange::Facts, Trouble> {
    let catalog = Catalog::built_in();
    Ok(exchange::Facts {
        returns: (0..WIDE).map(|index| held(index, today)).collect::<Result<_, _>>()?,
        purchases: (0..WIDE)
            .map(|index| offered(&catalog, index))
            .collect::<Result<_, Trouble>>()?,
        ..exchange::Facts::default()
    })
}

/// Both plans, both common terms, begun months ago.
fn held(index: u32, today: Date) -> Result<Held, Trouble> {
    let plan = if index.is_multiple_of(2) { BillingPlan::Upfront } else { BillingPlan::Monthly };
    let term = if index.is_multiple_of(3) { Term::P3Y } else { Term::P1Y };
    let starts_on = due_date(today, -1 - i32::try_from(index % 9)?);
    let unit_total = Money::new(100_000 + i64::from(index) * 777, euro()?);
    let payments_made =
        if plan == BillingPlan::Upfront { 1 } else { 2 + i32::try_from(index % 9)? };
    Ok(Held {
        asker: Default::default(),
        waivers: Vec::new(),
        reservation: ReservationId(Uuid::from_u128(u128::from(index) + 1)),
        order: OrderId(Uuid::from_u128(u128::from(index) + 100)),
        commitment: Commitment {
            resource_type: KIND.to_owned(),
            sku: "Standard_D2s_v5".to_owned(),
            location: "westeurope".to_owned(),
            term,
            plan,
            unit_total,
            unit_payment: unit_payment(unit_total, plan.payments(term))?,
            usd_rate: Decimal::new(11767, 4),
        },
        quantity: 10,
        state: ReservationState::Active,
        starts_on,
        expires_on: term.end(starts_on),
        purchased_at: day_start(starts_on),
        acquired_by: AcquiredBy::Purchase,
        carried: None,
        renews: false,
        payments_made,
        current_unit_total: Some(Money::new(unit_total.minor() - 500, euro()?)),
        overdue: None,
        account: account()?,
    })
}

fn purchase_request(index: u32) -> purchase::Request {
    purchase::Request {
        resource_type: KIND.to_owned(),
        sku: "Standard_D4s_v5".to_owned(),
        location: Some("westeurope".to_owned()),
        billing_subscription: SubscriptionId(Uuid::from_u128(7)),
        term: Term::P3Y,
        plan: if index.is_multiple_of(2) { BillingPlan::Monthly } else { BillingPlan::Upfront },
        quantity: 8,
        display_name: "bench".to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: Some(true),
        renew: false,
        review_at: None::<Timestamp>,
    }
}

fn offered(catalog: &Catalog, index: u32) -> Result<purchase::Facts, Trouble> {
    let kind = catalog.resource_type(KIND).ok_or("virtual machines are not in the catalog")?;
    let sku = "Standard_D4s_v5".to_owned();
    let region = catalog.region_title("westeurope");
    Ok(purchase::Facts {
        account: account()?,
        customer: None,
        offer: Some(purchase::Offer {
            resource_type: KIND.to_owned(),
            title: product_title(kind, &sku, region, Term::P3Y),
            series: kind.series_of(&sku),
            newer: Vec::new(),
            commit_units: None,
            sku,
            location: "westeurope".to_owned(),
            terms: kind.all_terms(),
            plans: BillingPlan::ALL.to_vec(),
            unit_total: Some(Money::new(200_000 + i64::from(index) * 1_111, euro()?)),
            converted_from: None,
        }),
        sold_in: Vec::new(),
        type_stopped: None,
        scope_fault: None,
    })
}
