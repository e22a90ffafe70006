//! Samples of the list of reservations.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::listing::{Choice, Column, Field, Filters, ListingPage, Row, State, Tab, Table};
use crate::portal::page::Section;

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
    columns.resize_with(if several { 10 } else { 9 }, || column(None, false));
    let mark = |name: &str| beside.then(|| format!("/reservations?{name}=x"));
    ListingPage {
        shell: shell("Reservations", Section::Reservations),
        lead: "1,234 reservations".to_owned(),
        tabs: vec![tab("Active", true), tab("All", false)],
        filters: filters(customers),
        table: Table {
            columns,
            rows,
            several,
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
    ]
}
