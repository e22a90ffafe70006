//! Samples of what would be decided on other days.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::language::say;
use crate::portal::page::Section;
use crate::portal::what_if::{
    Cell, Choice, Clause, Column, Compared, Form, Proposal, Row, Tab, Typed, Verdict, WhatIfPage,
};

pub fn samples() -> Vec<(&'static str, String)> {
    let page = |reservations, form, compared| WhatIfPage {
        shell: shell("What if", Section::Policy),
        form,
        reservations,
        tabs: vec![Tab {
            label: say("what-if-refund"),
            href: "/what-if".to_owned(),
            current: true,
        }],
        proposals: vec![Proposal {
            day: "1 Feb 2027".to_owned(),
            clause: HOSTILE.to_owned(),
            href: "/what-if?do=refund".to_owned(),
        }],
        about: Some((HOSTILE.to_owned(), format!("/reservations/{ORDER}/{RESERVATION}"))),
        compared,
    };
    let choices = || {
        vec![Choice {
            value: format!("{ORDER}/{RESERVATION}"),
            label: HOSTILE.to_owned(),
            chosen: true,
        }]
    };
    vec![
        rendered("what if: nothing held", &page(Vec::new(), Form::default(), None)),
        rendered("what if: nothing chosen", &page(choices(), Form::default(), None)),
        rendered("what if: faulty", &page(choices(), form(true), None)),
        rendered("what if: compared", &page(choices(), form(false), Some(compared()))),
    ]
}

fn form(faulty: bool) -> Form {
    let fault = || faulty.then(|| say("what-if-day-fault"));
    Form {
        of: format!("{ORDER}/{RESERVATION}"),
        is_exchange: true,
        quantity: HOSTILE.to_owned(),
        quantity_fault: fault(),
        sku: HOSTILE.to_owned(),
        sku_fault: fault(),
        bought_fault: fault(),
        typed_days: (1..=3)
            .map(|number| Typed { number, text: HOSTILE.to_owned(), fault: fault() })
            .collect(),
        ..Form::default()
    }
}

fn compared() -> Compared {
    let column = |approved: bool| Column {
        day: "1 February 2027".to_owned(),
        how: say("what-if-later"),
        approved,
        amount: approved.then(|| (say("what-if-paid-out"), "720.00 USD".to_owned())),
        refused: (!approved).then(|| {
            let href = "/policy/exchange-right?on=2027-02-01".to_owned();
            ("Exchange right".to_owned(), href, HOSTILE.to_owned())
        }),
        repairs: vec![HOSTILE.to_owned()],
        difference: (!approved).then(|| say("what-if-no-difference")),
    };
    let row = || Row {
        label: HOSTILE.to_owned(),
        cells: vec![
            Cell { text: "720.00 USD".to_owned(), differs: false },
            Cell { text: HOSTILE.to_owned(), differs: true },
        ],
    };
    let verdict = |refuses| Verdict {
        words: say("policy-outcome-not-met"),
        class: "failed",
        since: "22 Jul 2026".to_owned(),
        refuses,
    };
    Compared {
        columns: vec![column(true), column(false)],
        figures: vec![row()],
        clauses: vec![Clause {
            name: "Exchange right".to_owned(),
            href: "/policy/exchange-right".to_owned(),
            about: Some("Return 1".to_owned()),
            says: HOSTILE.to_owned(),
            cells: vec![verdict(false), verdict(true)],
            lines: vec![row()],
        }],
    }
}
