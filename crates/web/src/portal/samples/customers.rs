//! Samples of the pages of customers.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::customers::one::{
    Balance, Buying, Cap, Change, Credit, CustomerPage, Day, Enter, Form, Subscription,
};
use crate::portal::customers::{Column, CustomersPage, Row};
use crate::portal::page::{Fact, Section};
use crate::portal::words::Moment;
use jiff::Timestamp;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = lists();
    found.extend(one());
    found
}

fn lists() -> Vec<(&'static str, String)> {
    let column = |label: &'static str, href: Option<&str>, sorted: bool, is_figure| Column {
        label: label.into(),
        href: href.map(str::to_owned),
        sorted: sorted.then_some("ascending"),
        is_figure,
    };
    let row = |href: Option<String>, account: &str, left: Option<&str>| Row {
        name: HOSTILE.to_owned(),
        account: account.to_owned(),
        href,
        agreement: "Cloud Solution Provider".into(),
        active: "12".to_owned(),
        commitment: vec!["1,234.50 USD".to_owned(), "99.00 EUR".to_owned()],
        next: Some("12 Feb 2023".to_owned()),
        soon: left.map(|_| "in 2 days".to_owned()),
        left: left.map(str::to_owned),
        used_part: 420,
    };
    let page = |rows: Vec<Row>, q: &str, more: Option<&str>| CustomersPage {
        shell: shell("Customers", Section::Customers),
        lead: "2 accounts".into(),
        as_of: more.map(|_| "Figures of 10 February 2023, 12:00 UTC.".into()),
        q: q.to_owned(),
        sort: if more.is_some() { "next" } else { "" },
        columns: vec![
            column("Customer", Some("/customers"), false, false),
            column("Agreement", None, false, false),
            column("Active", Some("/customers?sort=active"), false, true),
            column("Commitment", None, false, true),
            column("Next end", Some("/customers?sort=next"), true, false),
            column("Left", Some("/customers?sort=left"), false, true),
        ],
        rows,
        sideways: "Customers, scrolls sideways".into(),
        empty: "You see no account.".into(),
        previous: more.map(str::to_owned),
        next: more.map(str::to_owned),
    };
    let href = format!("/customers/{ORDER}/account");
    let rows = vec![row(Some(href), HOSTILE, Some("29,000.00")), row(None, "no account yet", None)];
    vec![
        rendered("customers: a page", &page(rows, HOSTILE, Some("/customers?page=2"))),
        rendered("customers: none", &page(Vec::new(), "", None)),
    ]
}

fn one() -> Vec<(&'static str, String)> {
    let cap = |days| Cap {
        left: "29,000.00".to_owned(),
        of: "of 50,000.00 USD".into(),
        used: "21,000.00".to_owned(),
        used_since: "Used since 11 February 2022".into(),
        used_part: 420,
        scope: HOSTILE.to_owned(),
        none: "Nothing was counted.".into(),
        days,
    };
    let form = |fault| Form {
        allow: "yes",
        confirm: HOSTILE.into(),
        button: "Allow the customer to buy".into(),
        fault,
    };
    let buying = |form, reason: Option<&'static str>, log| Buying {
        state: "Off".into(),
        class: "ended",
        means: HOSTILE.into(),
        form,
        reason: reason.map(Into::into),
        shows_log: true,
        log,
    };
    let bare = CustomerPage {
        shell: shell(HOSTILE, Section::Customers),
        path: format!("/customers/{ORDER}/account"),
        name: HOSTILE.to_owned(),
        lead: "Cloud Solution Provider, USD".into(),
        as_of: None,
        reservations: format!("/reservations?customer={ORDER}"),
        enter: None,
        done: false,
        failing: false,
        facts: vec![Fact::identifier("Account", HOSTILE)],
        cap: cap(Vec::new()),
        subscriptions: Vec::new(),
        buying: None,
        ledger: Some(Vec::new()),
        credits: Vec::new(),
    };
    let change =
        Change { at: Moment(Timestamp::UNIX_EPOCH), by: HOSTILE.to_owned(), to: "On".into() };
    let day = Day {
        on: "3 Mar 2022".to_owned(),
        amount: "500.00".to_owned(),
        back: "3 Mar 2023".to_owned(),
    };
    let full = CustomerPage {
        as_of: Some("Figures of 10 February 2023, 12:00 UTC.".into()),
        enter: Some(Enter {
            to: format!("{ORDER} /reservations"),
            label: format!("Go on in {HOSTILE}").into(),
        }),
        done: true,
        failing: true,
        cap: cap(vec![day]),
        subscriptions: vec![Subscription {
            name: HOSTILE.to_owned(),
            id: RESERVATION.to_owned(),
            state: "Enabled".to_owned(),
        }],
        buying: Some(buying(Some(form(false)), None, vec![change])),
        ledger: Some(vec![Balance { kind: HOSTILE.into(), amount: "−3,960.00 USD".to_owned() }]),
        credits: vec![Credit {
            given: "1 Mar 2023".to_owned(),
            last: "29 May 2023".to_owned(),
            left: "in 88 days".to_owned(),
            amount: "541.48 USD".to_owned(),
        }],
        ..bare.clone()
    };
    let faulty = CustomerPage {
        buying: Some(buying(Some(form(true)), None, Vec::new())),
        ledger: None,
        ..bare.clone()
    };
    let theirs = CustomerPage {
        buying: Some(buying(None, Some("You may not change it."), Vec::new())),
        ..bare.clone()
    };
    vec![
        rendered("customer: all there is", &full),
        rendered("customer: not confirmed", &faulty),
        rendered("customer: may not change it", &theirs),
        rendered("customer: bare", &bare),
    ]
}
