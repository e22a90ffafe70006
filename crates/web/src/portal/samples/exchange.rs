//! Samples of the exchange pages.

use super::refund::held;
use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::exchange::{
    Balance, Bought, BoughtValue, Brings, Cell, ExchangeProgressPage, ExchangeResultPage, GiveRow,
    Hidden, Line, Link, Outcome, PurchasePage, ReturnPage, Returned, ReturnedValue, ReviewPage,
    Say, Scale, Sum, TopUp, Totals, Used, WantFaults, Way, Why,
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
    let row = |number: usize, ticked| GiveRow {
        value: format!("{ORDER}/{RESERVATION}{number}"),
        index: number - 1,
        number,
        href: format!("/reservations/{ORDER}/{RESERVATION}"),
        name: HOSTILE.to_owned(),
        product: "Standard_B1ls, West US, 1 year, paid monthly".to_owned(),
        held: 3,
        expires: "10 February 2024".to_owned(),
        quantity: HOSTILE.to_owned(),
        ticked,
        brings: Some(Brings {
            worth: "96.00 USD".to_owned(),
            parts: Some("1.83 back, 94.17 never paid".to_owned()),
        }),
        used: None,
        bar: None,
        fault: None,
    };
    let used = Used {
        part: 464,
        percent: "46.43 %".to_owned(),
        unused: Some("1 unit not needed".to_owned()),
    };
    let page = |rows, only, fault: Option<&str>| ReturnPage {
        shell: shell("Exchange: return", Section::Exchange),
        rows,
        filter: if only { String::new() } else { HOSTILE.to_owned() },
        only,
        hidden: vec![Hidden { name: "subscription", value: HOSTILE.to_owned() }],
        fault: fault.map(str::to_owned),
        told: fault.map(|_| HOSTILE.to_owned()),
        cut: (!only).then(|| "25".to_owned()),
        sum: match only {
            true => Sum::default(),
            false => Sum {
                what: "3 units of 2 reservations, worth".to_owned(),
                worth: vec!["96.00 USD".to_owned(), "12.00 EUR".to_owned()],
            },
        },
    };
    let rows = vec![
        row(1, false),
        GiveRow { fault: Some("Enter a number from 1 to 3.".to_owned()), ..row(2, true) },
        GiveRow { used: Some(used), ..row(3, true) },
        GiveRow { bar: Some(why()), brings: None, ..row(4, false) },
        GiveRow { bar: Some(Why::said(HOSTILE)), brings: None, ..row(5, false) },
    ];
    let nothing = ReturnPage { filter: String::new(), ..page(Vec::new(), false, None) };
    vec![
        rendered("exchange: return", &page(rows.clone(), false, Some("Enter something."))),
        rendered("exchange: return of what was chosen elsewhere", &page(rows, true, None)),
        rendered("exchange: nothing has these words", &page(Vec::new(), false, None)),
        rendered("exchange: nothing to return", &nothing),
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
    let line = |index: usize, faults| Line {
        number: index + 1,
        index,
        sku: HOSTILE.to_owned(),
        about: "West US, 1 year, paid monthly".to_owned(),
        hidden: vec![Hidden { name: "sku", value: HOSTILE.to_owned() }],
        quantity: HOSTILE.to_owned(),
        total: Some("96.00 USD".to_owned()),
        scopes: choices(),
        name: HOSTILE.to_owned(),
        faults,
    };
    let faulty = WantFaults { product: said(), quantity: said() };
    let page = |lines: Vec<Line>, short| PurchasePage {
        shell: shell("Exchange: purchase", Section::Exchange),
        given: vec![HOSTILE.to_owned(), "1 × Standard_B2s, West US, 3 years".to_owned()],
        balance: Some(balance(short)),
        refused: short.then(why),
        ways: ways(),
        twins: if short { None } else { said() },
        lines,
        payers: choices(),
        subscription_fault: if short { said() } else { None },
        hidden: vec![Hidden { name: "give", value: HOSTILE.to_owned() }],
        alert: if short { said() } else { None },
        products: products(short, Pick::Act("add.<b>".to_owned())),
    };
    let lines = vec![line(0, WantFaults::default()), line(1, faulty)];
    let bare = PurchasePage { balance: None, ways: Vec::new(), ..page(Vec::new(), true) };
    vec![
        rendered("exchange: purchase", &page(lines.clone(), false)),
        rendered("exchange: purchase, too little", &page(lines, true)),
        rendered("exchange: purchase, nothing yet", &bare),
    ]
}

fn why() -> Why {
    Why { clause: "Exchange right".to_owned(), says: HOSTILE.to_owned() }
}

fn balance(short: bool) -> Balance {
    let top_up = |smallest| TopUp {
        text: HOSTILE.to_owned(),
        act: "set.0.quantity.12".to_owned(),
        smallest,
    };
    Balance {
        currency: "USD".to_owned(),
        given: "28.43".to_owned(),
        bought: "96.00".to_owned(),
        net: "67.57".to_owned(),
        short,
        says: HOSTILE.to_owned(),
        scale: Scale { drop: if short { -12 } else { 8 }, given: 44, bought: 20 },
        top_ups: if short { vec![top_up(true), top_up(false)] } else { Vec::new() },
        back_now: "1.83".to_owned(),
        paid_now: "8.00".to_owned(),
    }
}

fn ways() -> Vec<Way> {
    let cell = || Cell { amount: "96.00 USD".to_owned(), says: "to pay".into() };
    let way = |name: &'static str, here, refused: Option<&str>| Way {
        name: name.into(),
        detail: if here { HOSTILE.to_owned() } else { String::new() },
        here,
        now: cell(),
        in_all: Cell::default(),
        until: "10 February 2024".to_owned(),
        cap: "not touched".to_owned(),
        rights: HOSTILE.to_owned(),
        links: vec![Link { href: "/reservations".to_owned(), label: HOSTILE.to_owned() }],
        refused: refused.map(str::to_owned),
    };
    vec![way("Keep", false, None), way("Exchange", true, None), way("Return", false, Some(HOSTILE))]
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
        payment: if monthly { "102.83".to_owned() } else { String::new() },
        pick,
    };
    Products {
        text: HOSTILE.to_owned(),
        types: vec![group(""), group("Types")],
        regions: choices(),
        terms: choices(),
        plans: choices(),
        currency: Some("USD".to_owned()),
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
        happens: if priced { vec![HOSTILE.to_owned()] } else { Vec::new() },
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
        hidden: vec![Hidden::new("give", RESERVATION), Hidden::new("name", HOSTILE)],
    };
    let progress = |running| ExchangeProgressPage {
        shell: shell("Exchange", Section::Exchange),
        session: RESERVATION.to_owned(),
        running,
    };
    let asked = ReviewPage {
        asked_first: Some(HOSTILE.to_owned()),
        ..review(outcome(false, true), Say::default())
    };
    vec![
        rendered("exchange: to be asked for", &asked),
        rendered("exchange: in progress", &progress(true)),
        rendered("exchange: sent and not made", &progress(false)),
        rendered("exchange: review", &review(outcome(false, true), Say::default())),
        rendered("exchange: review, not confirmed", &review(outcome(false, true), said)),
        rendered("exchange: refused", &review(outcome(true, true), Say::default())),
        rendered("exchange: not priced", &review(outcome(true, false), Say::default())),
        rendered("exchange: made", &result(outcome(false, true))),
        rendered("exchange: refused when made", &result(outcome(true, false))),
    ]
}
