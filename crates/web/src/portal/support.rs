//! A new support request from a reservation, and what became of it.

use super::desk::{Asked, Desk, Posted};
use super::form::{self, Fields};
use super::page::{self, Section, Shell};
use super::reservation::ids;
use super::words;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::support::communications::{self, Query};
use prorata_app::support::evidence::Asked as Wish;
use prorata_app::support::{Ticket, open};
use prorata_app::{Error, reservations};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::support::{Contact, ContactMethod, Severity, Status};
use prorata_domain::term::utc_day;

#[derive(Debug, Template)]
#[template(path = "support_new.html")]
pub struct NewTicketPage {
    pub shell: Shell,
    pub path: String,
    pub name: String,
    pub product: String,
    pub order: String,
    pub reservation: String,
    /// A name for the ticket, so that a form sent twice asks once.
    pub ticket: String,
    pub fields: Vec<Field>,
}

/// A field of the form, with what was typed and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub complete: &'static str,
    pub value: String,
    pub fault: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "support_ticket.html")]
pub struct TicketPage {
    pub shell: Shell,
    pub path: String,
    pub title: String,
    pub number: String,
    pub status: &'static str,
    pub facts: Vec<(&'static str, String)>,
    pub said: Vec<Said>,
}

#[derive(Debug, Clone)]
pub struct Said {
    pub subject: String,
    pub sender: String,
    pub at: String,
    pub body: String,
}

/// Name, label, hint and what the browser fills in, of each field.
const FIELDS: [(&str, &str, &str, &str); 9] = [
    ("quantity", "Units to return", "", "off"),
    ("reason", "Why", "What the desk needs to know to let it go.", "off"),
    ("firstName", "First name", "", "given-name"),
    ("lastName", "Last name", "", "family-name"),
    ("primaryEmailAddress", "Mail address", "", "email"),
    ("phoneNumber", "Telephone", "Only where you want to be called back.", "tel"),
    ("country", "Country", "Three letters, such as USA.", "off"),
    ("preferredTimeZone", "Time zone", "Such as Pacific Standard Time, or UTC.", "off"),
    ("preferredSupportLanguage", "Language", "Such as en-us.", "off"),
];

pub async fn show(desk: Desk, Path((order, reservation)): Path<(String, String)>) -> Response {
    let answer = async {
        let (order, reservation) = ids(&order, &reservation)?;
        asking(&desk, order, reservation, None, &[], StatusCode::OK).await
    };
    desk.settle(answer.await)
}

async fn asking(
    desk: &Desk,
    order: OrderId,
    reservation: ReservationId,
    typed: Option<&Fields>,
    faults: &[(String, String)],
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let (order, held) = desk
        .app()
        .read_async(move |tx, app| reservations::show(tx, app, &call, order, reservation))
        .await?;
    let head = super::reservation::head(desk.app(), &order, &held, true);
    let first = |name: &str| match name {
        "quantity" => held.quantity.to_string(),
        "preferredTimeZone" => "UTC".to_owned(),
        "preferredSupportLanguage" => "en-us".to_owned(),
        _ => String::new(),
    };
    let field = |(name, label, hint, complete)| Field {
        name,
        label,
        hint,
        complete,
        value: typed.map_or_else(|| first(name), |typed| typed.one(name)),
        fault: faults.iter().find(|fault| fault.0 == name).map(|fault| fault.1.clone()),
    };
    let page = NewTicketPage {
        shell: desk.shell("New support request", Section::Reservations),
        path: head.path,
        name: head.name,
        product: head.product,
        order: order.id.to_string(),
        reservation: held.id.to_string(),
        ticket: typed.map_or_else(|| uuid::Uuid::new_v4().to_string(), |typed| typed.one("ticket")),
        fields: FIELDS.map(field).into(),
    };
    Ok(page::answer(status, &page))
}

/// Opens the ticket that was asked for, and leads to it.
pub async fn submit(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let (order, reservation) = ids(&order, &reservation)?;
        let (request, faults) = read(&fields);
        let Some(request) = request.filter(|_| faults.is_empty()) else {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return asking(&desk, order, reservation, Some(&fields), &faults, status).await;
        };
        let (call, name) = (desk.call(), fields.one("ticket"));
        let opened = desk
            .app()
            .deed_async(move |tx, app| {
                open::put(tx, app, &call, order, reservation, &name, &request)
            })
            .await?;
        let ticket = form::escaped(&opened.ticket.row.name);
        let to = format!("/reservations/{order}/{reservation}/support/{ticket}");
        Ok(Redirect::to(&to).into_response())
    };
    desk.settle(answer.await)
}

/// What was typed, and what is wrong with each field.
fn read(fields: &Fields) -> (Option<open::Request>, Vec<(String, String)>) {
    let mut faults = Vec::new();
    let quantity = form::quantity(&fields.one("quantity"), u32::MAX);
    let phone = Some(fields.one("phoneNumber")).filter(|number| !number.is_empty());
    let contact = Contact {
        first_name: fields.one("firstName"),
        last_name: fields.one("lastName"),
        preferred_contact_method: match phone {
            Some(_) => ContactMethod::Phone,
            None => ContactMethod::Email,
        },
        primary_email_address: fields.one("primaryEmailAddress"),
        additional_email_addresses: Vec::new(),
        phone_number: phone,
        preferred_time_zone: fields.one("preferredTimeZone"),
        country: fields.one("country"),
        preferred_support_language: fields.one("preferredSupportLanguage"),
    };
    if let Err(fault) = &quantity {
        faults.push(("quantity".to_owned(), fault.clone()));
    }
    let reason = fields.one("reason");
    if reason.is_empty() {
        faults.push(("reason".to_owned(), "Say why.".to_owned()));
    }
    let told = |message: &str| format!("This {message}.");
    faults.extend(contact.faults().into_iter().map(|wrong| (wrong.field, told(&wrong.message))));
    let request = quantity.ok().map(|quantity| open::Request {
        asked: Wish::Refund { quantity },
        reason,
        severity: Severity::Minimal,
        contact,
    });
    (request, faults)
}

pub async fn result(
    desk: Desk,
    Path((order, reservation, ticket)): Path<(String, String, String)>,
    Asked(_query): Asked,
) -> Response {
    let answer = async {
        let (order, reservation) = ids(&order, &reservation)?;
        let call = desk.call();
        let (ticket, said) = desk
            .app()
            .read_async(move |tx, app| {
                let found = open::get(tx, app, &call, order, reservation, &ticket)?;
                let query = Query { limit: 100, ..Query::default() };
                let at = found.row.place.subscription;
                let said = communications::list(tx, app, &call, at, &found.row.name, &query)?;
                Ok((found, said.rows))
            })
            .await?;
        let said = said.into_iter().map(|one| Said {
            subject: one.subject,
            sender: one.sender,
            at: words::day(utc_day(one.at)),
            body: one.body,
        });
        let page = shown(&desk, &ticket, format!("/reservations/{order}/{reservation}"));
        let page = TicketPage { said: said.collect(), ..page };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn shown(desk: &Desk, ticket: &Ticket, path: String) -> TicketPage {
    let content = &ticket.content;
    let about = content.subject().map_or("", |subject| subject.1.name.as_str());
    let contact = &content.contact;
    TicketPage {
        shell: desk.shell("Support request", Section::Reservations),
        path,
        title: content.title.clone(),
        number: ticket.row.number.clone(),
        status: match ticket.status() {
            Status::Open => "open",
            Status::Closed => "closed",
        },
        facts: vec![
            ("About", about.to_owned()),
            ("Opened", words::day(utc_day(ticket.row.created_at))),
            ("Answered to", contact.primary_email_address.clone()),
            ("Files", content.file_workspace_name.clone().unwrap_or_default()),
            ("Description", content.description.clone()),
        ],
        said: Vec::new(),
    }
}
