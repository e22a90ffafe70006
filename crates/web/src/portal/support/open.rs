//! A new support request from a reservation: Billing, Reservation management, Exchanges and
//! refunds, with the ids filled in and the evidence going along.

use crate::portal::desk::{Desk, Posted};
use crate::portal::form::{self, Fields};
use crate::portal::language::{self, Language, say, say_if_known, say_with};
use crate::portal::page::{self, Section, Shell};
use crate::portal::reservation::{Head, ids};
use crate::portal::words::Said;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::support::evidence::Asked as Wish;
use prorata_app::support::open;
use prorata_app::{Error, reservations};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::support::{
    Contact, ContactMethod, Severity, countries, exchanges_and_refunds, languages, time_zones,
};

/// The most letters of a reason.
const REASON_MAX: usize = 4_000;

#[derive(Debug, Template)]
#[template(path = "support_new.html")]
pub struct NewTicketPage {
    pub shell: Shell,
    pub head: Head,
    /// Whether the reader may ask for support here; there is no form for who may not.
    pub may: bool,
    /// What it is about, as the service calls it: the issue, and the problem with its category.
    pub service: String,
    pub problem: String,
    pub order: String,
    pub reservation: String,
    /// A name for the ticket, so that a form sent twice asks once.
    pub ticket: String,
    pub quantity: Field,
    pub reason: String,
    pub reason_fault: Option<Said>,
    pub severities: Choices,
    pub contact: Vec<Field>,
    pub lists: Vec<Choices>,
}

/// A field of the form, with what was typed and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: &'static str,
    pub label: Said,
    pub hint: Said,
    pub complete: &'static str,
    pub value: String,
    pub fault: Option<Said>,
}

/// A field that is chosen from a list.
#[derive(Debug, Clone)]
pub struct Choices {
    pub name: &'static str,
    pub label: Said,
    /// Each value, how it reads, and whether it is chosen.
    pub options: Vec<(String, String, bool)>,
    pub fault: Option<Said>,
}

/// The fields of the contact that are typed, and what the browser fills in.
const CONTACT: [(&str, &str); 4] = [
    ("firstName", "given-name"),
    ("lastName", "family-name"),
    ("primaryEmailAddress", "email"),
    ("phoneNumber", "tel"),
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
    faults: &[(String, Said)],
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let (order, held, may) = desk
        .app()
        .read_async(move |tx, app| {
            let (found, held) = reservations::show(tx, app, &call, order, reservation)?;
            let may = open::may(tx, app, &call, order, reservation)?;
            Ok((found, held, may))
        })
        .await?;
    let fault =
        |name: &str| faults.iter().find(|fault| fault.0 == name).map(|fault| fault.1.clone());
    let text = |name: &str| typed.map(|typed| typed.one(name));
    let field = |name: &'static str, complete: &'static str, first: &str| Field {
        name,
        label: say(&format!("support-{name}")),
        hint: say_if_known(&format!("support-{name}-hint")).unwrap_or_default(),
        complete,
        value: text(name).unwrap_or_else(|| first.to_owned()),
        fault: fault(name),
    };
    let choices = |name: &'static str, first: &str, all: &[String]| {
        let chosen = text(name).unwrap_or_else(|| first.to_owned());
        let option = |value: &String| {
            let known = say_if_known(&format!("support-{name}-{value}"));
            let label = known.map_or_else(|| value.clone(), Said::into_owned);
            (value.clone(), label, *value == chosen)
        };
        Choices {
            name,
            label: say(&format!("support-{name}")),
            options: all.iter().map(option).collect(),
            fault: fault(name),
        }
    };
    let severities: Vec<String> =
        Severity::ALL.iter().map(|severity| severity.as_str().to_owned()).collect();
    let spoken = match language::spoken() {
        Language::English => "en-us",
        Language::German => "de-de",
    };
    let (service, problem) = exchanges_and_refunds();
    let page = NewTicketPage {
        may,
        shell: desk.shell(say("support-new-title"), Section::Support),
        service: service.name.clone(),
        problem: problem.name.clone(),
        order: order.id.to_string(),
        reservation: held.id.to_string(),
        ticket: text("ticket").unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
        quantity: field("quantity", "off", &held.quantity.to_string()),
        reason: typed.map(|typed| typed.long("reason")).unwrap_or_default(),
        reason_fault: fault("reason"),
        severities: choices("severity", Severity::Minimal.as_str(), &severities),
        contact: CONTACT.map(|(name, complete)| field(name, complete, "")).into(),
        lists: vec![
            in_order(choices("country", "", countries())),
            choices("preferredTimeZone", "UTC", time_zones()),
            choices("preferredSupportLanguage", spoken, languages()),
        ],
        head: crate::portal::reservation::head(desk.app(), &order, &held, true),
    };
    Ok(page::answer(status, &page))
}

/// The options by their names, after one that asks to choose.
fn in_order(mut choices: Choices) -> Choices {
    choices.options.sort_by_key(|(_, label, _)| plain(label));
    let none = choices.options.iter().all(|(_, _, chosen)| !chosen);
    choices.options.insert(0, (String::new(), say("support-choose").into_owned(), none));
    choices
}

/// A name by which names are put in order: letters without their marks.
fn plain(name: &str) -> String {
    let letter = |letter: char| match letter {
        'å' | 'ä' | 'á' | 'ã' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ö' | 'ô' | 'ó' => 'o',
        'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    name.chars().flat_map(char::to_lowercase).map(letter).collect()
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
        Ok(Redirect::to(&format!("/support/{}", opened.ticket.row.id)).into_response())
    };
    desk.settle(answer.await)
}

/// What was typed, and what is wrong with each field.
fn read(fields: &Fields) -> (Option<open::Request>, Vec<(String, Said)>) {
    let mut faults: Vec<(String, Said)> = Vec::new();
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
        faults.push(("quantity".to_owned(), fault.clone().into()));
    }
    let reason = fields.long("reason");
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        faults.push(("reason".to_owned(), say("support-reason-fault")));
    }
    let told = |field: &str| {
        say_if_known(&format!("support-{field}-fault")).unwrap_or_else(|| say("support-fault"))
    };
    faults.extend(
        contact.faults().into_iter().map(|wrong| (wrong.field.clone(), told(&wrong.field))),
    );
    let severity = Severity::parse(&fields.one("severity")).unwrap_or(Severity::Minimal);
    let request = quantity.ok().map(|quantity| open::Request {
        asked: Wish::Refund { quantity },
        reason,
        severity,
        contact,
    });
    (request, faults)
}

/// Where a ticket was before tickets had a page of their own: leads there.
pub async fn result(
    desk: Desk,
    Path((order, reservation, ticket)): Path<(String, String, String)>,
) -> Response {
    let answer = async {
        let (order, reservation) = ids(&order, &reservation)?;
        let call = desk.call();
        let found = desk
            .app()
            .read_async(move |tx, app| open::get(tx, app, &call, order, reservation, &ticket))
            .await?;
        Ok(Redirect::to(&format!("/support/{}", found.row.id)).into_response())
    };
    desk.settle(answer.await)
}

impl NewTicketPage {
    /// What the ids are for.
    fn evidence(&self) -> Said {
        say_with("support-evidence-goes-along", [("name", self.head.name.clone().into())])
    }
}
