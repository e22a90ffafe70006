//! Asking for support: the tickets, one of them with all that was said and the evidence that came
//! with it, and for the desk answering, granting an exception and closing.

mod act;
mod evidence;
mod open;
mod ticket;

pub use act::submit as act;
#[cfg(test)]
pub use evidence::{Evidence, Posted as Booked, Was};
#[cfg(test)]
pub use open::{Choices, Field, NewTicketPage};
pub use open::{result, show, submit};
#[cfg(test)]
pub use ticket::{Answer, Exception, FileRow, Grant, GrantFaults, Said, TicketPage, Waived};
pub use ticket::{file, show as ticket};

use super::desk::{Asked, Desk};
use super::form::escaped;
use super::language::say;
use super::page::{self, Section, Shell};
use super::words::{Moment, Said as Text};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::support::case::{self, Whose};
use prorata_app::support::{Query, Ticket, desk as at_desk, read_mark};
use prorata_domain::ids::TenantId;
use prorata_domain::support::{Severity, Status};
use std::collections::HashMap;

/// Tickets of a page.
const ROWS: usize = 50;

#[derive(Debug, Template)]
#[template(path = "support.html")]
pub struct SupportPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub statuses: Vec<Tab>,
    pub rows: Vec<Row>,
    pub next: Option<String>,
    pub empty: Text,
    /// Whether tickets of several tenants are among them.
    pub of_desk: bool,
}

/// Which tickets.
#[derive(Debug, Clone)]
pub struct Tab {
    pub label: Text,
    pub href: String,
    pub current: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub number: String,
    pub title: String,
    pub tenant: String,
    pub tenant_id: String,
    pub severity: Text,
    pub status: Text,
    pub class: &'static str,
    pub opened: Moment,
    pub changed: Moment,
}

pub async fn list(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let call = desk.call();
        let is_desk = desk.app().read_async(move |tx, _| case::is_desk(tx, &call)).await?;
        let whose = match query.one("show").as_str() {
            "tenant" => Whose::Tenant,
            "desk" if is_desk => Whose::Desk,
            "" if is_desk => Whose::Desk,
            _ => Whose::Mine,
        };
        let status = match query.one("status").as_str() {
            "all" => None,
            "closed" => Some(Status::Closed),
            _ => Some(Status::Open),
        };
        let wanted = Query {
            status,
            after: read_mark(&query.one("after")),
            limit: ROWS,
            ..Query::default()
        };
        let call = desk.call();
        let (page, names) = desk
            .app()
            .read_async(move |tx, app| {
                let page = case::list(tx, app, &call, whose, &wanted)?;
                let names = match whose {
                    Whose::Desk => at_desk::tenant_names(tx, &call, &page.rows)?,
                    Whose::Mine | Whose::Tenant => HashMap::new(),
                };
                Ok((page, names))
            })
            .await?;
        let page = SupportPage {
            shell: desk.shell(say("support-title"), Section::Support),
            tabs: tabs(whose, status, is_desk),
            statuses: statuses(whose, status),
            rows: page.rows.iter().map(|ticket| row(ticket, &names)).collect(),
            next: page.next.map(|mark| format!("{}&after={}", href(whose, status), escaped(&mark))),
            empty: say(match whose {
                Whose::Mine => "support-none-of-mine",
                Whose::Tenant => "support-none-of-tenant",
                Whose::Desk => "support-none-of-desk",
            }),
            of_desk: whose == Whose::Desk,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn word(whose: Whose) -> &'static str {
    match whose {
        Whose::Mine => "mine",
        Whose::Tenant => "tenant",
        Whose::Desk => "desk",
    }
}

fn href(whose: Whose, status: Option<Status>) -> String {
    let status = status.map_or("all", Status::as_str);
    format!("/support?show={}&status={status}", word(whose))
}

fn tabs(shown: Whose, status: Option<Status>, is_desk: bool) -> Vec<Tab> {
    let mut all = vec![Whose::Mine, Whose::Tenant];
    if is_desk {
        all.insert(0, Whose::Desk);
    }
    let tab = |whose: Whose| Tab {
        label: say(&format!("support-of-{}", word(whose))),
        href: href(whose, status),
        current: whose == shown,
    };
    all.into_iter().map(tab).collect()
}

fn statuses(whose: Whose, shown: Option<Status>) -> Vec<Tab> {
    [(Some(Status::Open), "open"), (Some(Status::Closed), "closed"), (None, "all")]
        .map(|(status, word)| Tab {
            label: say(&format!("support-{word}")),
            href: href(whose, status),
            current: status == shown,
        })
        .into()
}

fn row(ticket: &Ticket, names: &HashMap<TenantId, String>) -> Row {
    let tenant = ticket.row.place.tenant;
    let (status, class) = status(ticket.status());
    Row {
        href: format!("/support/{}", ticket.row.id),
        number: ticket.row.number.clone(),
        title: ticket.content.title.clone(),
        tenant: names.get(&tenant).cloned().unwrap_or_default(),
        tenant_id: tenant.to_string(),
        severity: severity(ticket.content.severity),
        status,
        class,
        opened: Moment(ticket.row.created_at),
        changed: Moment(ticket.row.modified_at),
    }
}

fn status(status: Status) -> (Text, &'static str) {
    match status {
        Status::Open => (say("support-open"), "pending"),
        Status::Closed => (say("support-closed"), "ended"),
    }
}

fn severity(severity: Severity) -> Text {
    say(&format!("support-severity-{}", severity.as_str()))
}
