//! Samples of the pages of requests.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::page::{Crumb, Fact, Section};
use crate::portal::proof::Proof;
use crate::portal::requests::{
    Demand, Line, NewRequestPage, RequestPage, RequestsPage, Row, Step, Tab,
};
use crate::portal::words;
use prorata_domain::policy::Book;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = lists();
    found.extend(one());
    found.extend(asking());
    found
}

fn lists() -> Vec<(&'static str, String)> {
    let page = |rows, next: Option<&str>| RequestsPage {
        shell: shell("Requests", Section::Requests),
        tabs: vec![
            Tab { label: "Waiting for me", href: "/requests", current: true },
            Tab { label: "Mine", href: "/requests?show=mine", current: false },
        ],
        rows,
        next: next.map(str::to_owned),
        empty: "Nothing waits for your decision.",
    };
    let row = |status, class, until: &str| Row {
        href: format!("/requests/{RESERVATION}"),
        what: "Refund",
        by: HOSTILE.to_owned(),
        stake: "720.00 USD".to_owned(),
        status,
        class,
        asked: "10 February 2023".to_owned(),
        until: until.to_owned(),
    };
    let rows = vec![
        row("Waiting for approval", "pending", "24 February 2023"),
        row("Done", "active", ""),
        row("Stopped", "failed", ""),
    ];
    vec![
        rendered("requests: a page", &page(rows, Some("/requests?show=all&after=x"))),
        rendered("requests: none", &page(Vec::new(), None)),
    ]
}

fn one() -> Vec<(&'static str, String)> {
    let page = |may: [bool; 3], alert: Option<&str>, fault: Option<&str>| RequestPage {
        shell: shell("Refund asked for by somebody", Section::Requests),
        crumbs: vec![Crumb { label: "Requests".to_owned(), href: "/requests".to_owned() }],
        path: format!("/requests/{RESERVATION}"),
        what: "Refund",
        status: "Waiting for approval",
        class: "pending",
        alert: alert.map(str::to_owned),
        stake: Some("720.00 USD".to_owned()),
        lines: vec![Line { label: "Paid out".to_owned(), amount: "720.00 USD".to_owned() }],
        facts: vec![
            Fact::words("Asked for by", HOSTILE),
            Fact::words("Why", HOSTILE),
            Fact::identifier("Request id", RESERVATION),
        ],
        demands: vec![
            Demand {
                policy: HOSTILE.to_owned(),
                given: "0 of 1".to_owned(),
                by: HOSTILE.to_owned(),
                met: false,
            },
            Demand {
                policy: "four-eyes".to_owned(),
                given: "1 of 1".to_owned(),
                by: "who may do the deed".to_owned(),
                met: true,
            },
        ],
        steps: vec![Step {
            at: "10 February 2023, 12:00".to_owned(),
            what: "Drafted",
            by: HOSTILE.to_owned(),
            comment: HOSTILE.to_owned(),
        }],
        proof: Proof::new(Book::built_in(), &[], None, words::subject),
        may_submit: may[0],
        may_decide: may[1],
        may_withdraw: may[2],
        fault: fault.map(str::to_owned),
    };
    vec![
        rendered("request: to decide on", &page([false, true, false], None, None)),
        rendered("request: a draft", &page([true, false, true], Some(HOSTILE), None)),
        rendered(
            "request: a faulty form",
            &page([false, true, false], None, Some("Say why, for who asked.")),
        ),
        rendered("request: over", &page([false, false, false], Some("It expired."), None)),
    ]
}

fn asking() -> Vec<(&'static str, String)> {
    let page = |fault: Option<&str>| NewRequestPage {
        shell: shell("Ask for a refund", Section::Requests),
        of: format!("{ORDER}/{RESERVATION}"),
        name: HOSTILE.to_owned(),
        product: "3 × Standard_B1ls, West US, 1 year, paid monthly".to_owned(),
        held: "3 units".to_owned(),
        quantity: HOSTILE.to_owned(),
        comment: HOSTILE.to_owned(),
        fault: fault.map(str::to_owned),
        id: RESERVATION.to_owned(),
    };
    vec![
        rendered("request: asking", &page(None)),
        rendered("request: asking, faulty", &page(Some("Enter a whole number."))),
    ]
}
