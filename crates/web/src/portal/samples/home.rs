//! Samples of the page that everybody begins at.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::home::{Back, Countdown, Credit, Figure, HomePage, Line, Link, Row, Waiting};
use crate::portal::page::Section;

pub fn samples() -> Vec<(&'static str, String)> {
    let row = |enter: Option<&str>| Row {
        link: Link {
            name: HOSTILE.to_owned(),
            href: format!("/reservations/{ORDER}/{RESERVATION}"),
            enter: enter.map(str::to_owned),
        },
        whose: format!("3 × Standard_B1ls · {HOSTILE}"),
        on: "12 Feb 2023".to_owned(),
        left: "in 2 days".to_owned(),
        then: "Renewed".into(),
        class: "active",
    };
    let full = HomePage {
        nothing: None,
        as_of: Some("Figures of 10 February 2023, 12:00 UTC.".into()),
        glance: vec![
            Figure {
                label: "Active reservations".into(),
                value: "1,234".to_owned(),
                unit: String::new(),
                sub: "of 87 customers".into(),
                href: Some("/reservations"),
            },
            Figure {
                label: "Commitment".into(),
                value: "1,234,567.89".to_owned(),
                unit: "USD".to_owned(),
                sub: "over their whole terms".into(),
                href: None,
            },
        ],
        expiring: vec![row(None), row(Some(ORDER))],
        countdown: Some(Countdown {
            days: "72".to_owned(),
            unit: "days".into(),
            until: "until 1 February 2027".into(),
        }),
        rights: vec![Line { label: "Free until that day".into(), count: "12".to_owned() }],
        services: "VirtualMachines, CosmosDb".to_owned(),
        traps: vec![row(Some(ORDER))],
        trap_count: "1".to_owned(),
        waiting: vec![Waiting {
            link: Link {
                name: "Refund".to_owned(),
                href: format!("/requests/{RESERVATION}"),
                enter: Some(ORDER.to_owned()),
            },
            customer: Some(HOSTILE.to_owned()),
            stake: "720.00 USD".to_owned(),
            by: HOSTILE.into(),
            until: "until 24 February 2023".into(),
        }],
        caps: vec![Back {
            name: HOSTILE.to_owned(),
            href: format!("/customers/{ORDER}/account"),
            used_part: 420,
            used: "21,000.00".to_owned(),
            left: "29,000.00".to_owned(),
            back: Some("500.00 on 3 March 2023".into()),
        }],
        caps_mean: Some("What may still be returned.".into()),
        caps_rest: vec!["3 pools have all of it left.".into()],
        usage: vec![row(None)],
        usage_how: false,
        usage_all: Some("/reservations?under=80&sort=utilization".to_owned()),
        credits: vec![Credit {
            name: HOSTILE.to_owned(),
            href: format!("/customers/{ORDER}/account"),
            amount: "541.48 USD".to_owned(),
            last: "9 May 2023".to_owned(),
            left: "in 88 days".to_owned(),
        }],
        ..bare()
    };
    let nothing = HomePage { nothing: Some("/account"), ..bare() };
    vec![
        rendered("home: much to look at", &full),
        rendered("home: all is well", &bare()),
        rendered("home: nothing to see", &nothing),
    ]
}

fn bare() -> HomePage {
    HomePage {
        shell: shell("Home", Section::Home),
        nothing: None,
        as_of: None,
        glance: Vec::new(),
        expiring: Vec::new(),
        expiring_none: "Nothing ends.".into(),
        renewal_means: "A renewal buys anew.".into(),
        countdown: None,
        rights_means: "Exchanges have no end.".into(),
        rights: Vec::new(),
        services: String::new(),
        traps: Vec::new(),
        trap_count: "0".to_owned(),
        waiting: Vec::new(),
        caps: Vec::new(),
        caps_mean: None,
        caps_rest: Vec::new(),
        usage: Vec::new(),
        usage_says: "No usage was loaded.".into(),
        usage_how: true,
        usage_all: None,
        credits: Vec::new(),
    }
}
