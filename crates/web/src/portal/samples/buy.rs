//! Samples of the pages that buy.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::buy::{
    Allowed, BuyPage, Costs, Faults, Made, ProductPage, ReviewPage, ScopeChoice, ScopeGroup,
    Summary, Wish,
};
use crate::portal::compare::{self, Compare, Cost};
use crate::portal::form::Hidden;
use crate::portal::page::{Fact, Section};
use crate::portal::products::{Choice, ChoiceGroup, Pick, Products, Row};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Moment};
use jiff::civil::date;
use prorata_domain::decision::Decision;
use prorata_domain::policy::{Agreement, Book, Payment};
use prorata_domain::purchase::{Facts, Offer, Plan, Request, decide};
use prorata_domain::reservation::{AppliedScope, BillingAccount};
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = searches();
    found.extend(products());
    found.extend(reviews());
    found
}

fn searches() -> Vec<(&'static str, String)> {
    let choice = |value: &str| Choice::new(value, HOSTILE, HOSTILE);
    let row = |pick| Row {
        sku: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        region: "West US".to_owned(),
        term: "1 year".to_owned(),
        price: "32.00".to_owned(),
        payment: "2.66".to_owned(),
        pick,
    };
    let page = |payers: Vec<ScopeChoice>| BuyPage {
        shell: shell("Buy", Section::Buy),
        payers,
        products: Products {
            text: HOSTILE.to_owned(),
            types: vec![ChoiceGroup { label: HOSTILE.to_owned(), choices: vec![choice("a")] }],
            regions: vec![choice("")],
            terms: vec![choice("P1Y")],
            plans: vec![choice("Monthly")],
            currency: Some("USD".to_owned()),
            rows: vec![
                row(Pick::Link("/buy?product=a".to_owned())),
                row(Pick::Barred(HOSTILE.to_owned())),
            ],
            tally: "2 products".to_owned(),
            earlier: None,
            later: Some(Pick::Link("/buy?find-from=25".to_owned())),
        },
    };
    vec![rendered("buy: search", &page(choices())), rendered("buy: nobody pays", &page(Vec::new()))]
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

fn known() -> Facts {
    let account = BillingAccount {
        id: HOSTILE.to_owned(),
        agreement: Agreement::Mca,
        currency: Currency::USD,
        payment: Payment::Card,
        usd_rate: Decimal::ONE,
        profile: None,
        customer: None,
        prepayment_ends: None,
        failing: None,
    };
    let usd = |minor| Money::new(minor, Currency::USD);
    let offer = Offer {
        resource_type: "VirtualMachines".to_owned(),
        sku: HOSTILE.to_owned(),
        location: "westus".to_owned(),
        title: HOSTILE.to_owned(),
        terms: vec![Term::P1Y, Term::P3Y],
        plans: BillingPlan::ALL.into(),
        series: None,
        newer: Vec::new(),
        commit_units: None,
        unit_total: Some(usd(3_200)),
        converted_from: Some((usd(3_200), Decimal::TWO)),
    };
    Facts {
        account,
        offer: Some(offer),
        sold_in: Vec::new(),
        type_stopped: None,
        scope_fault: None,
        customer: None,
    }
}

fn decided(term: Term) -> Decision<Plan> {
    let request = Request {
        resource_type: "VirtualMachines".to_owned(),
        sku: HOSTILE.to_owned(),
        location: Some("westus".to_owned()),
        billing_subscription: prorata_domain::ids::SubscriptionId::parse(ORDER).unwrap(),
        term,
        plan: BillingPlan::Monthly,
        quantity: 3,
        display_name: HOSTILE.to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: None,
        renew: true,
        review_at: None,
    };
    decide(Book::built_in(), &known(), &request, day_start(date(2026, 3, 2))).unwrap()
}

fn costs() -> Costs {
    Costs::new(decided(Term::P1Y).plan().unwrap(), &known()).unwrap()
}

fn proof(decision: &Decision<Plan>) -> Proof {
    let refusal = decision.refusal.as_ref();
    Proof::new(Book::built_in(), &decision.findings, refusal, words::subject)
}

fn summary(term: Term, allowed: Allowed) -> Summary {
    let decision = decided(term);
    let told = |repair: &_| {
        vec![Suggestion::told(repair), Suggestion::linked(repair, "/buy/product?a=b".to_owned())]
    };
    Summary {
        costs: decision.is_approved().then(costs),
        refused: decision.refusal.as_ref().map(|refusal| Refused::new(refusal, told)),
        allowed,
        proof: proof(&decision),
    }
}

fn products() -> Vec<(&'static str, String)> {
    let usd = |minor| Money::new(minor, Currency::USD);
    let cost = |term, plan: BillingPlan, total: i64| Cost {
        term,
        plan,
        total: usd(total),
        payment: usd(total / i64::from(plan.payments(term))),
    };
    let offered = [
        cost(Term::P1Y, BillingPlan::Upfront, 12_000),
        cost(Term::P3Y, BillingPlan::Monthly, 18_000),
    ];
    let page = |summary: Option<Summary>, faulty: bool| {
        let said = faulty.then(|| HOSTILE.to_owned());
        let costs: &[Cost] = if faulty { &[] } else { &offered };
        ProductPage {
            shell: shell("Buy", Section::Buy),
            name: HOSTILE.to_owned(),
            kind: HOSTILE.to_owned(),
            region: "West US".to_owned(),
            alert: said.clone(),
            wish: Wish {
                sku: HOSTILE.to_owned(),
                quantity: HOSTILE.to_owned(),
                name: HOSTILE.to_owned(),
                renew: true,
                ..Wish::default()
            },
            faults: Faults { quantity: said },
            payers: choices(),
            scopes: vec![ScopeGroup { label: "Everything".into(), choices: choices() }],
            compare: Compare {
                name: "offer",
                legend: "Term and payment".into(),
                hint: "For 3 units, in USD.".into(),
                offers: compare::cards(costs, "P3Y-Monthly").unwrap(),
            },
            summary,
            hidden: vec![Hidden::new("sku", HOSTILE)],
            request_id: RESERVATION.to_owned(),
        }
    };
    let barred = Allowed::No { why: HOSTILE.to_owned(), helps: vec![HOSTILE.to_owned()] };
    let first = Allowed::AskedFirst(HOSTILE.to_owned());
    vec![
        rendered("buy: product", &page(Some(summary(Term::P1Y, Allowed::Yes)), false)),
        rendered("buy: others approve", &page(Some(summary(Term::P1Y, first)), false)),
        rendered("buy: may not", &page(Some(summary(Term::P1Y, barred)), false)),
        rendered("buy: refused", &page(Some(summary(Term::P5Y, Allowed::Yes)), false)),
        rendered("buy: faulty", &page(None, true)),
    ]
}

fn reviews() -> Vec<(&'static str, String)> {
    let said = || Some(HOSTILE.to_owned());
    let page = |holds: bool, made: Option<Made>| ReviewPage {
        shell: shell("Review", Section::Buy),
        path: format!("/buy/{ORDER}"),
        name: HOSTILE.to_owned(),
        facts: vec![Fact::words("Name", HOSTILE), Fact::figure("Quantity", "3")],
        costs: costs(),
        proof: proof(&decided(Term::P1Y)),
        alert: None,
        confirmed: None,
        holds_until: holds.then(|| Moment(day_start(date(2026, 3, 3)))),
        asked_first: None,
        back: "/buy/product?sku=a".to_owned(),
        made,
    };
    let made = |failed| {
        Some(Made {
            at: Moment(day_start(date(2026, 3, 2))),
            failed,
            order: ORDER.to_owned(),
            bought: vec![(format!("/reservations/{ORDER}/{RESERVATION}"), HOSTILE.to_owned())],
        })
    };
    vec![
        rendered("buy: review", &page(true, None)),
        rendered(
            "buy: review, not confirmed",
            &ReviewPage { alert: said(), confirmed: said(), ..page(true, None) },
        ),
        rendered(
            "buy: review, others approve",
            &ReviewPage { asked_first: said(), ..page(true, None) },
        ),
        rendered("buy: lapsed", &page(false, None)),
        rendered("buy: made", &page(false, made(None))),
        rendered("buy: payment refused", &page(false, made(said()))),
    ]
}

#[test]
fn the_samples_are_what_their_names_say() {
    assert!(decided(Term::P1Y).is_approved());
    let refused = decided(Term::P5Y).refusal.unwrap();
    assert_eq!(refused.code, "UnsupportedReservationTerm");
    assert_eq!(costs().schedule.len(), 12);
}
