//! Every resource type, on days on which rules changed: what is decided of it is what its row says.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use prorata_domain::catalog::types::{TypeRow, row};
use prorata_domain::catalog::{Catalog, GLOBAL, Placement, ResourceType, product_title};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId};
use prorata_domain::partner::Asker;
use prorata_domain::policy::{Agreement, Book, ClauseId, Payment};
use prorata_domain::proration::unit_payment;
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, Commitment, Held, ReservationState,
};
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_domain::{Outcome, exchange, purchase, refund};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A day before and a day after each change of a list, and one far ahead.
const DAYS: [Date; 12] = [
    date(2019, 6, 1),
    date(2019, 10, 31),
    date(2019, 11, 1),
    date(2022, 10, 9),
    date(2022, 10, 10),
    date(2024, 12, 4),
    date(2024, 12, 5),
    date(2026, 1, 14),
    date(2026, 1, 15),
    date(2026, 3, 19),
    date(2027, 1, 31),
    date(2027, 2, 1),
];

fn account() -> BillingAccount {
    BillingAccount {
        id: "1".to_owned(),
        agreement: Agreement::Ea,
        currency: Currency::USD,
        payment: Payment::Overage,
        usd_rate: Decimal::ONE,
        profile: None,
        customer: None,
        prepayment_ends: None,
        failing: None,
    }
}

/// What the catalog would offer of a type on a day, as the app puts it together.
fn offered(kind: &ResourceType, term: Term, day: Date) -> purchase::Facts {
    let value = kind.on(day);
    let location = match kind.location {
        Placement::Regional => "westeurope",
        Placement::Global => GLOBAL,
    };
    let offer = purchase::Offer {
        resource_type: kind.name.clone(),
        sku: "some-sku".to_owned(),
        location: location.to_owned(),
        title: product_title(kind, "some-sku", "EU West", term),
        terms: value.terms.clone(),
        plans: value.billing_plans.clone(),
        series: None,
        newer: Vec::new(),
        commit_units: kind.pre_purchase.then(|| CommitUnits::parse("5000").unwrap()),
        unit_total: Some(Money::new(100_000, Currency::USD)),
        converted_from: None,
    };
    purchase::Facts {
        account: account(),
        offer: value.sold.then_some(offer),
        sold_in: Vec::new(),
        type_stopped: kind.stopped_on(day).map(|value| value.since),
        scope_fault: None,
        customer: None,
    }
}

fn asked(kind: &ResourceType, term: Term, plan: BillingPlan) -> purchase::Request {
    purchase::Request {
        resource_type: kind.name.clone(),
        sku: "some-sku".to_owned(),
        location: (kind.location == Placement::Regional).then(|| "westeurope".to_owned()),
        billing_subscription: SubscriptionId(Uuid::from_u128(7)),
        term,
        plan,
        quantity: 1,
        display_name: "one of each".to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: None,
        renew: false,
        review_at: None,
    }
}

/// One unit that was bought ten days ago, paid upfront.
fn held(kind: &ResourceType, term: Term, day: Date) -> Held {
    let bought = day.checked_sub(jiff::ToSpan::days(10)).unwrap();
    let unit_total = Money::new(100_000, Currency::USD);
    Held {
        reservation: ReservationId(Uuid::from_u128(1)),
        order: OrderId(Uuid::from_u128(2)),
        commitment: Commitment {
            resource_type: kind.name.clone(),
            sku: "some-sku".to_owned(),
            location: "westeurope".to_owned(),
            term,
            plan: BillingPlan::Upfront,
            unit_total,
            unit_payment: unit_payment(unit_total, 1).unwrap(),
            usd_rate: Decimal::ONE,
        },
        quantity: 1,
        state: ReservationState::Active,
        starts_on: bought,
        expires_on: term.end(bought),
        purchased_at: day_start(bought),
        acquired_by: AcquiredBy::Purchase,
        carried: None,
        renews: false,
        payments_made: 1,
        current_unit_total: Some(unit_total),
        account: account(),
        overdue: None,
        waivers: Vec::new(),
        asker: Asker::Holder,
    }
}

fn each(check: impl Fn(&ResourceType, &TypeRow<'_>, Date, Timestamp)) {
    let catalog = Catalog::built_in();
    for kind in catalog.resource_types() {
        for day in DAYS {
            check(kind, &row(kind, Book::built_in(), day), day, day_start(day));
        }
    }
}

#[test]
fn what_is_sold_is_priced_and_what_is_not_names_its_clause() {
    each(|kind, row, day, now| {
        for term in Term::ALL {
            for plan in BillingPlan::ALL {
                let facts = offered(kind, term, day);
                let request = asked(kind, term, plan);
                let decision = purchase::decide(Book::built_in(), &facts, &request, now).unwrap();
                let expected = if !row.sold {
                    Some(ClauseId::Sellable)
                } else if !row.terms.contains(&term) {
                    Some(ClauseId::Term)
                } else if !row.billing_plans.contains(&plan) {
                    Some(ClauseId::BillingPlan)
                } else {
                    None
                };
                let refused = decision.refusal.as_ref().map(|refusal| refusal.clause);
                assert_eq!(refused, expected, "{} for {term} {plan} on {day}", kind.name);
                if let Some(plan) = decision.plan() {
                    assert_eq!(plan.commit_units.is_some(), row.pre_purchase, "{}", kind.name);
                }
            }
        }
    });
}

#[test]
fn what_is_returned_and_exchanged_is_what_the_row_says() {
    each(|kind, row, day, now| {
        let term = row.terms[row.terms.len() - 1];
        let book = Book::built_in();
        let facts = refund::Facts { held: held(kind, term, day), cap_used: Vec::new() };
        let decision = refund::decide(book, &facts, &refund::Request { quantity: 1 }, now).unwrap();
        let refused = decision.refusal.as_ref().map(|refusal| refusal.clause);
        let expected = (!row.refundable).then_some(ClauseId::NotRefundable);
        assert_eq!(refused, expected, "{} returned on {day}", kind.name);

        let catalog = Catalog::built_in();
        for target in catalog.resource_types() {
            let wanted = target.on(day).terms.clone();
            let term = wanted[wanted.len() - 1];
            let mut offer = offered(target, term, day);
            // Whether it is sold is another test's matter.
            offer.type_stopped = None;
            let facts = exchange::Facts {
                returns: vec![facts.held.clone()],
                purchases: vec![offer],
                ..exchange::Facts::default()
            };
            let request = exchange::Request {
                returns: vec![1],
                purchases: vec![asked(target, term, BillingPlan::Upfront)],
                savings_plans: Vec::new(),
            };
            let decision = exchange::decide(book, &facts, &request, now).unwrap();
            let not_met = |clause| {
                decision
                    .findings
                    .iter()
                    .any(|found| found.clause == clause && found.outcome == Outcome::NotMet)
            };
            let what = format!("{} for {} on {day}", kind.name, target.name);
            assert_eq!(not_met(ClauseId::NotExchangeable), !row.exchangeable, "{what}");
            if row.exchangeable {
                let becomes = target.name == kind.name
                    || row.becomes.iter().any(|name| name.eq_ignore_ascii_case(&target.name));
                assert_eq!(not_met(ClauseId::ExchangeGroups), !becomes, "{what}");
                // Ten days old: bought before the end of exchanges, if that came since.
                assert!(!not_met(ClauseId::ExchangeRight), "{what}");
            }
        }
    });
}
