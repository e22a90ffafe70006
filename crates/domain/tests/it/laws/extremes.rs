//! Whatever is recorded and asked, an answer comes and nothing wraps or panics: contradictions and
//! amounts beyond 64 bits are errors, never wrong figures.

use super::world::{self, noon, plus_days};
use jiff::civil::date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use prorata_domain::policy::Book;
use prorata_domain::reservation::Held;
use prorata_domain::term::{BillingPlan, Term};
use prorata_domain::{exchange, purchase, refund};
use prorata_ledger::Money;
use rust_decimal::Decimal;

fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0),
        Just(i64::MAX),
        Just(i64::MAX - 1),
        0..1_000i64,
        0..=i64::MAX,
        -1_000..0i64,
        Just(i64::MIN)
    ]
}

fn rates() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        Just(Decimal::ZERO),
        Just(Decimal::MAX),
        Just(Decimal::ONE),
        (any::<i64>(), 0..=28u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
    ]
}

/// A holding of which any figure may be anything.
fn anything() -> impl Strategy<Value = (Held, jiff::civil::Date)> {
    let figures = (amounts(), amounts(), option::of(amounts()), rates(), any::<u32>(), -3..70i32);
    let shape =
        (select(&Term::ALL[..]), select(&BillingPlan::ALL[..]), -3..2_000i64, any::<bool>());
    (world::accounts().prop_flat_map(world::live), figures, shape).prop_map(
        |(
            (mut held, today),
            (total, payment, current, rate, quantity, made),
            (term, plan, away, own),
        )| {
            let currency = held.commitment.unit_total.currency();
            held.commitment.unit_total = Money::new(total, currency);
            held.commitment.unit_payment = Money::new(payment, currency);
            held.commitment.usd_rate = rate;
            held.current_unit_total = current.map(|minor| Money::new(minor, currency));
            held.quantity = quantity;
            if own {
                held.payments_made = made;
                (held.commitment.term, held.commitment.plan) = (term, plan);
            }
            (held, plus_days(today, away))
        },
    )
}

#[test]
fn a_record_that_contradicts_itself_is_an_error() {
    let whole = world::upfront(&world::Upfront {
        unit_total: "365.00 USD",
        price_today: None,
        quantity: 1,
        starts_on: date(2026, 1, 1),
    });
    let negative = Money::new(-1, whole.commitment.unit_payment.currency());
    let too_often = Held { payments_made: 2, ..whole.clone() };
    let mut unpaid = Held { payments_made: -1, ..whole.clone() };
    let wrong = [too_often, unpaid.clone(), {
        unpaid.payments_made = 0;
        unpaid.commitment.unit_payment = negative;
        unpaid
    }];
    let decide = |held: &Held| {
        let facts = refund::Facts { held: held.clone(), cap_used: Vec::new() };
        let request = refund::Request { quantity: 1 };
        refund::decide(Book::built_in(), &facts, &request, noon(date(2026, 5, 4)))
    };
    assert!(decide(&whole).is_ok());
    for held in wrong {
        assert!(decide(&held).is_err(), "{held:?}");
    }
}

#[test]
fn facts_that_do_not_match_their_request_are_an_error() {
    let none = exchange::Facts::default();
    let now = noon(date(2026, 5, 4));
    let asked =
        |returns| exchange::Request { returns, purchases: Vec::new(), savings_plans: Vec::new() };
    assert!(exchange::decide(Book::built_in(), &none, &asked(vec![1]), now).is_err());
    // Nothing for nothing can be understood, and is refused.
    let nothing = exchange::decide(Book::built_in(), &none, &asked(Vec::new()), now).unwrap();
    assert!(!nothing.is_approved());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn of_refunds((held, today) in anything(), quantity in any::<u32>(), some in any::<bool>(),
                  counted in vec((-3..400i64, amounts()), 0..4)) {
        let cap_used =
            counted.into_iter().map(|(ago, minor)| (plus_days(today, -ago), minor)).collect();
        let quantity = if some { quantity % held.quantity.max(1) } else { quantity };
        let facts = refund::Facts { held, cap_used };
        let request = refund::Request { quantity };
        let decided = refund::decide(Book::built_in(), &facts, &request, noon(today));
        if let Some(plan) = decided.as_ref().ok().and_then(|decided| decided.plan()) {
            prop_assert!(!plan.value.refund.is_negative() && !plan.counted.is_negative());
            prop_assert!(plan.value.refund.minor() <= plan.value.paid.minor());
        }
    }

    #[test]
    fn of_exchanges((held, today) in anything(), quantity in 0..50u32,
                    bought in vec((world::purchases(), amounts(), rates(), any::<u32>()), 0..3)) {
        let mut facts = exchange::Facts { returns: vec![held], ..exchange::Facts::default() };
        let mut request = exchange::Request {
            returns: vec![quantity],
            purchases: Vec::new(),
            savings_plans: Vec::new(),
        };
        for (case, minor, rate, units) in bought {
            let mut one = case.facts;
            let offer = one.offer.as_mut().unwrap();
            offer.unit_total = offer.unit_total.map(|price| Money::new(minor, price.currency()));
            one.account.usd_rate = rate;
            facts.purchases.push(one);
            request.purchases.push(purchase::Request { quantity: units, ..case.request });
        }
        let decided = exchange::decide(Book::built_in(), &facts, &request, noon(today));
        if let Some(plan) = decided.as_ref().ok().and_then(|decided| decided.plan()) {
            prop_assert!(!plan.net_payable.is_negative());
        }
    }

    #[test]
    fn of_purchases(case in world::purchases(), minor in amounts(), rate in rates(),
                    quantity in any::<u32>()) {
        let mut facts = case.facts;
        let offer = facts.offer.as_mut().unwrap();
        offer.unit_total = offer.unit_total.map(|price| Money::new(minor, price.currency()));
        facts.account.usd_rate = rate;
        let request = purchase::Request { quantity, ..case.request };
        let decided = purchase::decide(Book::built_in(), &facts, &request, noon(case.today));
        if let Some(plan) = decided.as_ref().ok().and_then(|decided| decided.plan()) {
            prop_assert!(!plan.total.is_negative());
        }
    }
}
