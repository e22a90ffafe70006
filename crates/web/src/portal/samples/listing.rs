//! Samples of the list of reservations.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::listing::{
    Choice, Column, Elsewhere, Field, Filters, Form, Kept, ListingPage, Row, SeveralPage,
    SeveralRow, State, Tab, Table, Used, Views,
};
use crate::portal::page::{Crumb, Section};

fn choice(value: &str, chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: HOSTILE.to_owned(), chosen }
}

fn filters(customer: Option<Customers>) -> Filters {
    let customer = customer.map(|customers| crate::portal::listing::Customer {
        value: HOSTILE.to_owned(),
        choices: match customers {
            Customers::Few => vec![choice("", false), choice(ORDER, true)],
            Customers::Many => Vec::new(),
        },
    });
    Filters {
        text: HOSTILE.to_owned(),
        fields: vec![Field {
            name: "type",
            label: "Product type".into(),
            choices: vec![choice("", false), choice("VirtualMachines", true)],
        }],
        kept: vec![("sort", "-name".to_owned())],
        clear: Some("/reservations".to_owned()),
        group: customer
            .is_some()
            .then(|| ("Group by customer".into(), "/reservations?group=customer".to_owned())),
        customer,
    }
}

fn views(some: bool) -> Views {
    let kept = Kept {
        id: ORDER.to_owned(),
        name: HOSTILE.to_owned(),
        href: "/reservations?show=ended".to_owned(),
        current: true,
        forget: HOSTILE.to_owned(),
    };
    Views {
        kept: if some { vec![kept] } else { Vec::new() },
        id: ORDER.to_owned(),
        query: "show=ended".to_owned(),
        name: HOSTILE.to_owned(),
        fault: some.then(|| "Give it a name.".into()),
    }
}

fn several(what: What) -> SeveralPage {
    let row = |badge: &'static str, class| SeveralRow {
        href: format!("/reservations/{ORDER}/{RESERVATION}"),
        name: HOSTILE.to_owned(),
        product: HOSTILE.to_owned(),
        what: HOSTILE.to_owned(),
        badge: badge.into(),
        class,
    };
    let form = Form {
        deed: "renew-on",
        gives: vec![format!("{ORDER}/{RESERVATION}")],
        confirm: "Let 1 reservation renew by itself".to_owned(),
        button: "Switch renewal on".into(),
        fault: Some("Tick this.".into()),
    };
    let elsewhere =
        Elsewhere { to: format!("{ORDER} /exchange?give={ORDER}"), button: HOSTILE.to_owned() };
    SeveralPage {
        shell: shell("Switch renewal on", Section::Reservations),
        crumbs: vec![Crumb { label: "Reservations".to_owned(), href: "/reservations".to_owned() }],
        lead: "Each is bought again.".to_owned(),
        rows: vec![row("Will be done", "active"), row("Cannot be done", "refused")],
        form: (what == What::Ask).then_some(form),
        go: (what == What::Go).then(|| ("/exchange?give=x".to_owned(), "Exchange 1".to_owned())),
        elsewhere: if what == What::Go { vec![elsewhere] } else { Vec::new() },
        done: what == What::Done,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Ask,
    Go,
    Done,
}

enum Customers {
    Few,
    Many,
}

fn row(state: &str, class: &'static str, soon: Option<&str>) -> Row {
    Row {
        group: None,
        give: format!("{ORDER}/{RESERVATION}"),
        href: format!("/reservations/{ORDER}/{RESERVATION}"),
        enter: None,
        name: HOSTILE.to_owned(),
        product: "Reserved VM Instance".to_owned(),
        sku: HOSTILE.to_owned(),
        customer: HOSTILE.to_owned(),
        region: "West US".to_owned(),
        quantity: "12".to_owned(),
        used: soon.map(|_| Used {
            percent: "62 %".to_owned(),
            width: 62,
            is_low: true,
            about: HOSTILE.to_owned(),
        }),
        choose: HOSTILE.to_owned(),
        term: "1 year".into(),
        plan: "Monthly".into(),
        state: State { words: state.to_owned(), class },
        expires: "10 Feb 2024".to_owned(),
        soon: soon.map(str::to_owned),
        scope: "Shared".into(),
        renewal: "On".into(),
    }
}

fn page(rows: Vec<Row>, customers: Option<Customers>, beside: bool) -> ListingPage {
    let tab = |label: &'static str, current| Tab {
        label: label.into(),
        count: "1,234".to_owned(),
        href: "/reservations?show=all".to_owned(),
        current,
    };
    let column = |sorted, is_figure| Column {
        label: "Column".into(),
        href: "/reservations?sort=name".to_owned(),
        sorted,
        is_figure,
    };
    let several = customers.is_some();
    let mut columns =
        vec![column(Some("descending"), false), column(None, false), column(None, true)];
    columns.resize_with(if several { 11 } else { 10 }, || column(None, false));
    let mark = |name: &str| beside.then(|| format!("/reservations?{name}=x"));
    ListingPage {
        shell: shell("Reservations", Section::Reservations),
        lead: "1,234 reservations".to_owned(),
        tabs: vec![tab("Active", true), tab("All", false)],
        filters: filters(customers),
        views: views(several),
        download: "/reservations.csv?q=x".to_owned(),
        deeds: vec![("archive", "Archive".into())],
        figures_hint: beside.then(|| "Load some.".into()),
        table: Table {
            columns,
            rows,
            several,
            has_figures: true,
            sideways: "Reservations, scrolls sideways".into(),
            sortings: vec![choice("/reservations", true)],
        },
        first: mark("show"),
        previous: mark("before"),
        next: mark("after"),
        empty: "You see no reservations.".into(),
    }
}

pub fn samples() -> Vec<(&'static str, String)> {
    let rows = || {
        vec![
            row("Active", "active", None),
            row("Expiring soon", "warned", Some("in 12 days")),
            row("Returned", "ended", None),
        ]
    };
    let mut of_customers = rows();
    of_customers[0].group = Some((HOSTILE.to_owned(), "3 reservations".to_owned()));
    for row in &mut of_customers {
        row.enter = Some(ORDER.to_owned());
    }
    vec![
        rendered("reservations: a page", &page(rows(), None, true)),
        rendered("reservations: of customers", &page(of_customers, Some(Customers::Few), false)),
        rendered("reservations: none", &page(Vec::new(), Some(Customers::Many), false)),
        rendered("several: to be confirmed", &several(What::Ask)),
        rendered("several: elsewhere", &several(What::Go)),
        rendered("several: done", &several(What::Done)),
    ]
}
