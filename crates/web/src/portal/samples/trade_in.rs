//! Samples of the pages that trade in, and of savings plans.

use super::refund::held;
use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::buy::{Allowed, ScopeChoice, ScopeGroup};
use crate::portal::compare::{Compare, Mark, Offer, Row};
use crate::portal::page::{Fact, Section};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::savings_plans::{self, PaymentRow, Payments, PlanPage, PlansPage};
use crate::portal::trade_in::{
    Draft, GiveRow, Given, Made, ReviewPage, Summary, Sums, TradeInPage,
};
use crate::portal::words;
use jiff::civil::date;
use prorata_domain::decision::Decision;
use prorata_domain::exchange::{Facts, Plan, Request};
use prorata_domain::ids::SubscriptionId;
use prorata_domain::policy::Book;
use prorata_domain::reservation::{AppliedScope, ReservationState};
use prorata_domain::savings_plan::purchase;
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_domain::trade_in;
use prorata_ledger::{Currency, Hourly};

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = choosing();
    found.extend(reviews());
    found.extend(plans());
    found
}

/// A trade-in of two units for a commitment of so many thousandths.
fn decided(thousandths: i64) -> (Facts, Decision<Plan>) {
    let held = held(ReservationState::Active);
    let account = held.account.clone();
    let known = purchase::Facts { account, scope_fault: None };
    let facts = Facts { returns: vec![held], savings_plans: vec![known], ..Facts::default() };
    let wanted = purchase::Request {
        sku: "Compute_Savings_Plan".to_owned(),
        billing_subscription: SubscriptionId::parse(ORDER).unwrap(),
        term: Term::P1Y,
        plan: BillingPlan::Monthly,
        hourly: Hourly::new(thousandths, Currency::USD),
        display_name: HOSTILE.to_owned(),
        applied_scope: AppliedScope::Shared,
        renew: true,
    };
    let request = Request { returns: vec![2], purchases: Vec::new(), savings_plans: vec![wanted] };
    let now = day_start(date(2026, 11, 21));
    let decision = trade_in::decide(Book::built_in(), &facts, &request, now).unwrap();
    (facts, decision)
}

fn sums(thousandths: i64) -> Option<Sums> {
    let (facts, decision) = decided(thousandths);
    Sums::new(&facts, decision.proposal.as_ref().unwrap(), date(2026, 11, 21)).unwrap()
}

fn proof(decision: &Decision<Plan>) -> Proof {
    let refusal = decision.refusal.as_ref();
    Proof::new(Book::built_in(), &decision.findings, refusal, |subject| {
        format!("{}: {HOSTILE}", words::subject(subject))
    })
}

fn refused(decision: &Decision<Plan>) -> Option<Refused> {
    let ways =
        |repair: &_| vec![Suggestion::told(repair), Suggestion::act(HOSTILE, "commit.0.206")];
    decision.refusal.as_ref().map(|refusal| Refused::new(refusal, ways))
}

fn choices() -> Vec<ScopeChoice> {
    [("a", false), (HOSTILE, true)]
        .map(|(value, chosen)| ScopeChoice {
            value: value.to_owned(),
            label: HOSTILE.to_owned(),
            chosen,
        })
        .into()
}

fn choosing() -> Vec<(&'static str, String)> {
    let said = || Some(HOSTILE.to_owned());
    let row = |number, fault: Option<String>, barred: Option<String>| GiveRow {
        number,
        value: format!("{ORDER}/{RESERVATION}"),
        href: format!("/reservations/{ORDER}/{RESERVATION}"),
        name: HOSTILE.to_owned(),
        product: HOSTILE.to_owned(),
        held: 3,
        ends: "10 Feb 2024".to_owned(),
        taken: barred.is_none(),
        units: HOSTILE.to_owned(),
        fault,
        brings: "28.43".to_owned(),
        barred,
    };
    let card = |number: usize, mark| Offer {
        id: format!("offer-{number}"),
        value: "P1Y-Monthly".to_owned(),
        title: "1 year".into(),
        plan: "paid monthly".into(),
        lead: Row::new("trade-in-by-hour", "0.206"),
        rows: vec![Row::new("compare-in-all", "1,804.56")],
        mark,
        chosen: number == 1,
    };
    let summary = |thousandths, allowed| {
        let (_, decision) = decided(thousandths);
        Summary {
            heading: "For a commitment of 0.206 USD an hour".into(),
            sums: sums(thousandths),
            refused: refused(&decision),
            allowed,
            proof: proof(&decision),
        }
    };
    let page = |rows, offers, summary: Option<Summary>| TradeInPage {
        shell: shell("Trade in", Section::TradeIn),
        alert: None,
        plans: choices(),
        rows,
        cut: Some("100".to_owned()),
        currency: "USD".to_owned(),
        compare: Compare { name: "offer", legend: "Term".into(), hint: "In USD.".into(), offers },
        draft: Draft { name: HOSTILE.to_owned(), hourly: HOSTILE.to_owned(), ..Draft::default() },
        hourly_fault: None,
        smallest: Some(("0.206 USD an hour".to_owned(), "0.206".to_owned())),
        covering: Some(("0.3 USD an hour".to_owned(), "0.3".to_owned())),
        payers: choices(),
        scopes: vec![ScopeGroup { label: "Everything".into(), choices: choices() }],
        summary,
    };
    let rows = || vec![row(1, None, None), row(2, said(), None), row(3, None, said())];
    let little = Mark { label: "Too little".into(), class: "not-met" };
    let cards = || vec![card(1, None), card(2, Some(little.clone()))];
    let first = Allowed::AskedFirst(HOSTILE.to_owned());
    let faulty =
        TradeInPage { alert: said(), hourly_fault: said(), ..page(rows(), Vec::new(), None) };
    let unsold = TradeInPage { plans: Vec::new(), ..page(Vec::new(), Vec::new(), None) };
    vec![
        rendered("trade-in", &page(rows(), cards(), Some(summary(3_000, Allowed::Yes)))),
        rendered("trade-in: others approve", &page(rows(), cards(), Some(summary(3_000, first)))),
        rendered("trade-in: refused", &page(rows(), cards(), Some(summary(1, Allowed::Yes)))),
        rendered("trade-in: faulty", &faulty),
        rendered("trade-in: nothing held", &page(Vec::new(), Vec::new(), None)),
        rendered("trade-in: none sold", &unsold),
    ]
}

fn reviews() -> Vec<(&'static str, String)> {
    let said = || Some(HOSTILE.to_owned());
    let page = |thousandths, made: Option<Made>| {
        let (_, decision) = decided(thousandths);
        ReviewPage {
            shell: shell("Review", Section::TradeIn),
            path: format!("/trade-in/{ORDER}"),
            given: vec![
                Given {
                    name: HOSTILE.to_owned(),
                    what: HOSTILE.to_owned(),
                    href: "/reservations/a/b".to_owned(),
                    value: Some(["1.83", "26.60", "1"].map(str::to_owned)),
                    destination: "to the invoice".to_owned(),
                },
                Given {
                    name: HOSTILE.to_owned(),
                    what: HOSTILE.to_owned(),
                    href: "/reservations/a/b".to_owned(),
                    value: None,
                    destination: String::new(),
                },
            ],
            facts: vec![Fact::words("Name", HOSTILE)],
            sums: sums(thousandths),
            proof: proof(&decision),
            alert: None,
            confirmed: None,
            asked_first: None,
            back: "/trade-in?take=a".to_owned(),
            made,
        }
    };
    let made = |thousandths| {
        let (_, decision) = decided(thousandths);
        let refused = refused(&decision);
        let plan = refused.is_none().then(|| ("/savings-plans/a/b".to_owned(), HOSTILE.to_owned()));
        Some(Made { refused, plan, operation: ORDER.to_owned() })
    };
    vec![
        rendered("trade-in: review", &page(3_000, None)),
        rendered(
            "trade-in: review, not confirmed",
            &ReviewPage { alert: said(), confirmed: said(), ..page(3_000, None) },
        ),
        rendered(
            "trade-in: review, others approve",
            &ReviewPage { asked_first: said(), ..page(3_000, None) },
        ),
        rendered("trade-in: made", &page(3_000, made(3_000))),
        rendered("trade-in: refused when made", &page(1, made(1))),
    ]
}

fn plans() -> Vec<(&'static str, String)> {
    let row = savings_plans::Row {
        href: "/savings-plans/a/b".to_owned(),
        name: HOSTILE.to_owned(),
        plan: "Savings plan for compute".into(),
        commitment: "0.206 USD an hour".to_owned(),
        term: "1 year".into(),
        paid: "Monthly".into(),
        scope: "Shared".into(),
        state: "Active".into(),
        class: "active",
        ends: "10 Feb 2024".to_owned(),
        renews: "On".into(),
    };
    let list = |rows| PlansPage { shell: shell("Savings plans", Section::TradeIn), rows };
    let payment = PaymentRow {
        number: "1".to_owned(),
        due: "10 Feb 2023".to_owned(),
        amount: "150.38".to_owned(),
        status: "Paid".into(),
        class: "met",
    };
    let page = |payments| PlanPage {
        shell: shell("Savings plan", Section::TradeIn),
        name: HOSTILE.to_owned(),
        lead: HOSTILE.to_owned(),
        state: "Active".into(),
        class: "active",
        facts: vec![Fact::words("Applied scope", HOSTILE)],
        ids: vec![("Order".into(), ORDER.to_owned())],
        relations: vec![("Followed by".into(), "/savings-plans/a/b".to_owned())],
        payments,
    };
    let payments = Payments {
        currency: "USD".to_owned(),
        paid: "150.38 USD".to_owned(),
        to_come: "0.00 USD".to_owned(),
        rows: vec![payment],
    };
    vec![
        rendered("savings plans", &list(vec![row])),
        rendered("savings plans: none", &list(Vec::new())),
        rendered("savings plan", &page(Some(payments))),
        rendered("savings plan: its order unseen", &page(None)),
    ]
}

#[test]
fn the_samples_are_what_their_names_say() {
    assert!(decided(3_000).1.is_approved(), "{:?}", decided(3_000).1.refusal);
    let refused = decided(1).1.refusal.unwrap();
    assert_eq!(refused.clause, prorata_domain::policy::ClauseId::TradeInFloor);
    assert!(sums(1).unwrap().balance.short && !sums(3_000).unwrap().balance.short);
}
