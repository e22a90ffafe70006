//! Samples of access control.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::access::check::{Check, Ground, Help};
use crate::portal::access::{AccessPage, Asked, Choice, Form, Row};
use crate::portal::page::{Crumb, Section};
use crate::portal::reservation::Blade;

pub fn samples() -> Vec<(&'static str, String)> {
    let reader = AccessPage { rows: None, form: None, ..page() };
    let order = AccessPage { item: None, notice: Some("The role was given.".into()), ..page() };
    let yes = AccessPage { check: Some(check(true)), ..page() };
    let no = AccessPage { check: Some(check(false)), ..page() };
    let helpless =
        Check { grounds: Vec::new(), remedies: Vec::new(), hidden: true, ..check(false) };
    let faulty = AccessPage {
        alert: Some(HOSTILE.to_owned()),
        asked: Asked { fault: Some("Nobody.".to_owned()), ..page().asked },
        form: Some(Form {
            principal_fault: Some("Nobody.".to_owned()),
            role_fault: Some("Choose one.".to_owned()),
            ..form()
        }),
        ..page()
    };
    vec![
        rendered("access: a reservation", &page()),
        rendered("access: an order", &order),
        rendered("access: a reader", &reader),
        rendered("access: allowed", &yes),
        rendered("access: not allowed", &no),
        rendered("access: hidden", &AccessPage { check: Some(helpless), ..page() }),
        rendered("access: faults", &faulty),
    ]
}

fn choice(word: &str, chosen: bool) -> Choice {
    Choice { word: word.to_owned(), label: HOSTILE.to_owned(), chosen }
}

fn form() -> Form {
    Form {
        principal: HOSTILE.to_owned(),
        description: HOSTILE.to_owned(),
        roles: vec![choice(ORDER, false), choice(RESERVATION, true)],
        places: vec![choice("order", true), choice("reservation", false)],
        principals: vec![(HOSTILE.to_owned(), ORDER.to_owned())],
        ..Form::default()
    }
}

fn check(allowed: bool) -> Check {
    let ground = |word: &'static str, class| Ground {
        word: word.into(),
        class,
        what: HOSTILE.to_owned(),
        says: "None of its actions matches.".to_owned(),
    };
    let help = |href: Option<&str>| Help {
        says: format!("Be given {HOSTILE}."),
        href: href.map(str::to_owned),
    };
    let remedies = if allowed { Vec::new() } else { vec![help(Some("/x#give")), help(None)] };
    Check {
        allowed,
        heading: format!("{HOSTILE} is not allowed to look"),
        hidden: false,
        grounds: vec![ground("Allows", "met"), ground("Bars", "not-met")],
        remedies,
    }
}

fn page() -> AccessPage {
    let here = format!("/reservations/{ORDER}/{RESERVATION}");
    let row = |removes, description: &str, own_role| Row {
        id: RESERVATION.to_owned(),
        principal: HOSTILE.to_owned(),
        kind: "User".into(),
        principal_id: ORDER.to_owned(),
        role: HOSTILE.to_owned(),
        own_role,
        place: "The order".to_owned(),
        given: "10 Feb 2023".to_owned(),
        description: description.to_owned(),
        removes,
    };
    AccessPage {
        shell: shell("Access control", Section::Reservations),
        crumbs: vec![Crumb { label: HOSTILE.to_owned(), href: here.clone() }],
        name: HOSTILE.to_owned(),
        lead: "Who has which role.".into(),
        path: format!("{here}/access"),
        item: Some(super::reservation::item(Blade::Access)),
        notice: None,
        alert: None,
        asked: Asked {
            principal: HOSTILE.to_owned(),
            fault: None,
            actions: vec![choice("read", false), choice("return", true)],
        },
        check: None,
        rows: Some(vec![row(Some("order"), HOSTILE, true), row(None, "", false)]),
        form: Some(form()),
    }
}
