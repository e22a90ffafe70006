//! The audit: who did what, when, from where and on whose behalf, and the decision behind a line.

mod asked;
mod decision;
mod export;
mod line;
mod seal;

pub use asked::Searched;
#[cfg(test)]
pub use decision::DecisionPage;
pub use decision::show as decision;
pub use export::show as export;
#[cfg(test)]
pub use line::LinePage;
pub use line::show as line;
pub use seal::show as seal;
#[cfg(test)]
pub use seal::{Checked, Head, SealPage};

use super::desk::{Asked, Desk};
use super::language::{say, say_if_known, say_with};
use super::page::{self, Section, Shell};
use super::words::{Moment, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::Error;
use prorata_app::audit::search::{self, Entry};
use std::borrow::Cow;

/// Lines of a page.
const ROWS: usize = 50;

#[derive(Debug, Template)]
#[template(path = "audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    pub form: Searched,
    pub rows: Vec<Row>,
    pub next: Option<String>,
    /// Where the first page is, when this is a later one.
    pub first: Option<String>,
    /// Where the lines of this time can be had as files.
    pub exports: Vec<(Said, String)>,
}

/// A line in the list.
#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub at: Moment,
    pub who: String,
    /// What kind of caller, and for which partner.
    pub kind: Said,
    pub what: Said,
    pub target: String,
    pub verdict: Said,
    pub class: &'static str,
    pub address: String,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let form = Searched::read(&query);
        let call = desk.call();
        let (rows, next) = match form.query(&query, ROWS) {
            Some(wanted) => {
                let found = desk
                    .app()
                    .read_async(move |tx, app| search::run(tx, app, &call, &wanted))
                    .await?;
                (found.rows.iter().map(row).collect(), found.next)
            }
            None => {
                desk.app().read_async(move |tx, _| search::may_read(tx, &call)).await?;
                (Vec::new(), None)
            }
        };
        let status =
            if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let page = AuditPage {
            shell: desk.shell(say("audit-title"), Section::Audit),
            next: next.map(|mark| form.href(&[("after", &mark)])),
            first: query.has("after").then(|| form.href(&[])),
            exports: form.exports(),
            rows,
            form,
        };
        Ok(page::answer(status, &page))
    };
    desk.settle(answer.await)
}

fn row(entry: &Entry) -> Row {
    let (verdict, class) = decision::verdict(&entry.verdict);
    let name = entry.by.name.clone().filter(|name| !name.is_empty());
    Row {
        href: format!("/audit/lines/{}", search::mark((entry.at, entry.id))),
        at: Moment(entry.at),
        who: name.unwrap_or_else(|| entry.principal.to_string()),
        kind: kind(entry),
        what: action(&entry.action),
        target: entry.target.clone(),
        verdict,
        class,
        address: entry.by.address.clone().unwrap_or_default(),
    }
}

/// What kind of caller it was, and on whose behalf.
pub fn kind(entry: &Entry) -> Said {
    let kind = match entry.by.kind.as_deref() {
        Some("User" | "user") => say("audit-kind-user"),
        Some("ServicePrincipal" | "servicePrincipal") => say("audit-kind-program"),
        Some("prorata") => say("audit-kind-desk"),
        _ => Cow::Borrowed(""),
    };
    match entry.by.partner {
        Some(partner) => say_with(
            "audit-kind-for-partner",
            [("kind", kind.into_owned().into()), ("partner", partner.to_string().into())],
        ),
        None => kind,
    }
}

/// What was done: in words where the catalog has them, else by its name.
pub fn action(action: &str) -> Said {
    let id = action.replace(['/', '.'], "-").to_lowercase();
    say_if_known(&format!("operation-{id}"))
        .or_else(|| say_if_known(&format!("audit-action-{id}")))
        .unwrap_or_else(|| Cow::Owned(action.to_owned()))
}

/// What is not there.
fn absent() -> Error {
    Error::Absent { what: "audit line at this address".to_owned(), code: "ResourceNotFound" }
}
