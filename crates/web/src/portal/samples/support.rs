//! Samples of asking for support.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::page::Section;
use crate::portal::support::{Field, NewTicketPage, Said, TicketPage};

pub fn samples() -> Vec<(&'static str, String)> {
    let path = format!("/reservations/{ORDER}/{RESERVATION}");
    let page = |fault: Option<&str>| NewTicketPage {
        shell: shell("New support request", Section::Reservations),
        path: path.clone(),
        name: HOSTILE.to_owned(),
        product: "3 × Standard_B1ls, West US, 1 year, paid monthly".to_owned(),
        order: ORDER.to_owned(),
        reservation: RESERVATION.to_owned(),
        ticket: RESERVATION.to_owned(),
        fields: vec![Field {
            name: "country",
            label: "Country",
            hint: "Three letters, such as USA.",
            complete: "off",
            value: HOSTILE.to_owned(),
            fault: fault.map(str::to_owned),
        }],
    };
    let ticket = |said| TicketPage {
        shell: shell("Support request", Section::Reservations),
        path: path.clone(),
        title: HOSTILE.to_owned(),
        number: "26030200000001".to_owned(),
        status: "open",
        facts: vec![("Description", HOSTILE.to_owned())],
        said,
    };
    let said = Said {
        subject: HOSTILE.to_owned(),
        sender: HOSTILE.to_owned(),
        at: "10 February 2023".to_owned(),
        body: HOSTILE.to_owned(),
    };
    vec![
        rendered("support: asking", &page(None)),
        rendered("support: asking, faulty", &page(Some(HOSTILE))),
        rendered("support: a ticket", &ticket(Vec::new())),
        rendered("support: a ticket with an answer", &ticket(vec![said])),
    ]
}
