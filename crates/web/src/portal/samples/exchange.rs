//! Samples of the exchange pages.

use super::refund::held;
use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::exchange::{
    Bought, BoughtValue, ExchangeResultPage, GiveRow, Hidden, OnSale, Outcome, PurchasePage,
    ReturnPage, Returned, ReturnedValue, ReviewPage, Say, Totals, WantFaults, WantRow,
};
use crate::portal::page::Section;
use crate::portal::products::{Choice, ChoiceGroup, Pick, Products, Row};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words;
use jiff::civil::date;
use prorata_domain::exchange::{Facts, Request, decide};
use prorata_domain::policy::Book;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::day_start;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = returns();
    found.extend(purchases());
    found.extend(reviews());
    found
}

fn returns() -> Vec<(&'static str, String)> {
    let row = |number, fault: Option<&str>| GiveRow {
        value: format!("{ORDER}/{RESERVATION}"),
        number,
        href: format!("/reservations/{ORDER}/{RESERVATION}"),
        name: HOSTILE.to_owned(),
        product: "Standard_B1ls, West US, 1 year, monthly".to_owned(),
        held: 3,
        expires: "10 February 2024".to_owned(),
        quantity: HOSTILE.to_owned(),
        fault: fault.map(str::to_owned),
    };
    let page = |rows, fault: Option<&str>| ReturnPage {
        shell: shell("Exchange: return", Section::Exchange),
        rows,
        hidden: vec![Hidden { name: "subscription", value: HOSTILE.to_owned() }],
        fault: fault.map(str::to_owned),
        cut: Some("100".to_owned()),
    };
    let rows = vec![row(1, None), row(2, Some("Enter a number from 1 to 3."))];
    vec![
        rendered("exchange: return", &page(rows, Some("Enter something."))),
        rendered("exchange: nothing to return", &page(Vec::new(), None)),
    ]
}

fn purchases() -> Vec<(&'static str, String)> {
    let choices = || {
        vec![
            Choice { value: "a".to_owned(), label: HOSTILE.to_owned(), chosen: false },
            Choice { value: HOSTILE.to_owned(), label: "b".to_owned(), chosen: true },
        ]
    };
    let said = || Some(HOSTILE.to_owned());
    let row = |index: usize, faults, on_sale| WantRow {
        number: index + 1,
        index,
        types: vec![ChoiceGroup {
            label: "What is returned may become".to_owned(),
            choices: choices(),
        }],
        locations: choices(),
        terms: choices(),
        plans: choices(),
        scopes: choices(),
        sku: HOSTILE.to_owned(),
        quantity: HOSTILE.to_owned(),
        name: HOSTILE.to_owned(),
        faults,
        on_sale,
        on_sale_words: "1 SKU on sale".to_owned(),
        may_remove: true,
    };
    let sold = OnSale { sku: HOSTILE.to_owned(), prices: vec!["32.00 USD for 1 year".to_owned()] };
    let faulty = WantFaults { sku: said(), location: said(), quantity: said() };
    let page = PurchasePage {
        shell: shell("Exchange: purchase", Section::Exchange),
        given: vec![HOSTILE.to_owned(), "1 × Standard_B2s, West US, 3 years".to_owned()],
        rows: vec![row(0, WantFaults::default(), vec![sold]), row(1, faulty, Vec::new())],
        subscription: HOSTILE.to_owned(),
        subscription_fault: said(),
        hidden: vec![Hidden { name: "give", value: HOSTILE.to_owned() }],
        alert: said(),
        products: products(true, Pick::Act("add.<b>".to_owned())),
    };
    vec![rendered("exchange: purchase", &page)]
}

/// The search of the catalog, with products that can be had and one that cannot.
pub fn products(monthly: bool, pick: Pick) -> Products {
    let choices = || {
        vec![
            Choice { value: String::new(), label: "Any".to_owned(), chosen: false },
            Choice { value: HOSTILE.to_owned(), label: HOSTILE.to_owned(), chosen: true },
        ]
    };
    let group = |label: &str| ChoiceGroup { label: label.to_owned(), choices: choices() };
    let row = |pick| Row {
        sku: HOSTILE.to_owned(),
        title: "Reserved VM Instance".to_owned(),
        region: "West US".to_owned(),
        term: "1 year".to_owned(),
        price: "1,234.00".to_owned(),
        payment: "102.83".to_owned(),
        pick,
    };
    Products {
        text: HOSTILE.to_owned(),
        types: vec![group(""), group("Types")],
        regions: choices(),
        terms: choices(),
        plans: choices(),
        currency: Some("USD".to_owned()),
        monthly,
        rows: vec![row(pick.clone()), row(Pick::Barred(HOSTILE.to_owned()))],
        tally: "2 products".to_owned(),
        earlier: Some(pick.clone()),
        later: Some(pick),
    }
}

/// An outcome with the proof of a decision; the rows are typed.
fn outcome(refused: bool, priced: bool) -> Outcome {
    let facts = Facts { returns: vec![held(ReservationState::Active)], ..Facts::default() };
    let request = Request { returns: vec![2], purchases: Vec::new(), savings_plans: Vec::new() };
    let now = day_start(date(2026, 11, 21));
    let decision = decide(Book::built_in(), &facts, &request, now).unwrap();
    let refusal = decision.refusal.as_ref().expect("nothing is bought");
    let suggestions =
        |repair: &_| vec![Suggestion::told(repair), Suggestion::act(HOSTILE, "set.0.sku.<b>")];
    let shown = refused.then_some(refusal);
    Outcome {
        returns: vec![Returned {
            what: HOSTILE.to_owned(),
            href: format!("/reservations/{ORDER}/{RESERVATION}"),
            value: priced.then(|| ReturnedValue {
                refund: "1.83 USD".to_owned(),
                cancelled: "26.60 USD".to_owned(),
                kept: "1".to_owned(),
                destination: "back to the card that paid".to_owned(),
            }),
        }],
        purchases: vec![Bought {
            what: HOSTILE.to_owned(),
            href: (!refused).then(|| "/reservations/a/b".to_owned()),
            value: priced.then(|| BoughtValue {
                total: "96.00 USD".to_owned(),
                first_payment: "8.00 USD".to_owned(),
                payments: "12".to_owned(),
                expires: "10 February 2024".to_owned(),
            }),
        }],
        totals: priced.then(|| Totals {
            refunds: "28.43 USD".to_owned(),
            purchases: "96.00 USD".to_owned(),
            net: "67.57 USD".to_owned(),
            short: refused,
            back_now: "1.83 USD".to_owned(),
            paid_now: "8.00 USD".to_owned(),
        }),
        refused: shown.map(|refusal| Refused::new(refusal, suggestions)),
        proof: Proof::new(Book::built_in(), &decision.findings, shown, |subject| {
            format!("{}: {HOSTILE}", words::subject(subject))
        }),
    }
}

fn reviews() -> Vec<(&'static str, String)> {
    let review = |outcome, say| ReviewPage {
        shell: shell("Exchange: review", Section::Exchange),
        session: RESERVATION.to_owned(),
        holds_for: "15 minutes".to_owned(),
        outcome,
        asked_first: None,
        hidden: vec![Hidden { name: "sku", value: HOSTILE.to_owned() }],
        say,
    };
    let said = Say { alert: Some(HOSTILE.to_owned()), confirmed: Some("Tick the box.".to_owned()) };
    let result = |outcome| ExchangeResultPage {
        shell: shell("Exchange", Section::Exchange),
        operation: RESERVATION.to_owned(),
        outcome,
    };
    vec![
        rendered("exchange: review", &review(outcome(false, true), Say::default())),
        rendered("exchange: review, not confirmed", &review(outcome(false, true), said)),
        rendered("exchange: refused", &review(outcome(true, true), Say::default())),
        rendered("exchange: not priced", &review(outcome(true, false), Say::default())),
        rendered("exchange: made", &result(outcome(false, true))),
        rendered("exchange: refused when made", &result(outcome(true, false))),
    ]
}
