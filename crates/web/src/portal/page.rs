//! What all pages share: the frame around them, and the page that says what went wrong.

use super::assets;
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// The frame of a page.
#[derive(Debug, Clone)]
pub struct Shell {
    pub title: String,
    pub section: Section,
    pub signed_in: Option<SignedIn>,
    /// The UTC day of all that the page says; of a test bench, with the time.
    pub as_of: String,
    /// Whether time is a test bench's.
    pub sandbox: bool,
    pub stylesheet: &'static str,
    pub mark: &'static str,
}

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    None,
    Reservations,
    Exchange,
    Requests,
}

#[derive(Debug, Clone)]
pub struct SignedIn {
    pub name: String,
    pub tenant: String,
    pub form_token: String,
}

impl Shell {
    pub fn new(
        title: impl Into<String>,
        section: Section,
        signed_in: Option<SignedIn>,
        as_of: String,
        sandbox: bool,
    ) -> Shell {
        Shell {
            title: title.into(),
            section,
            signed_in,
            as_of,
            sandbox,
            stylesheet: assets::stylesheet(),
            mark: assets::mark(),
        }
    }

    pub fn is_reservations(&self) -> bool {
        self.section == Section::Reservations
    }

    pub fn is_exchange(&self) -> bool {
        self.section == Section::Exchange
    }

    pub fn is_requests(&self) -> bool {
        self.section == Section::Requests
    }

    /// What a form of this page brings back to prove that we made it.
    pub fn form_token(&self) -> &str {
        self.signed_in.as_ref().map_or("", |signed_in| &signed_in.form_token)
    }
}

/// Something went wrong, and what to do about it.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    pub status: u16,
    pub heading: String,
    pub what: String,
    /// What to do next, one step a sentence.
    pub advice: Vec<String>,
    /// What the operator finds the failure by.
    pub reference: Option<String>,
}

/// A step of the way from the list to here; the page itself has no address.
#[derive(Debug, Clone)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// A term and what it is.
#[derive(Debug, Clone)]
pub struct Fact {
    pub label: &'static str,
    pub value: String,
    /// A figure or an identifier is set in a face of its own.
    pub kind: FactKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    Words,
    Figure,
    Identifier,
}

impl Fact {
    pub fn words(label: &'static str, value: impl Into<String>) -> Fact {
        Fact { label, value: value.into(), kind: FactKind::Words }
    }

    pub fn figure(label: &'static str, value: impl Into<String>) -> Fact {
        Fact { kind: FactKind::Figure, ..Fact::words(label, value) }
    }

    pub fn identifier(label: &'static str, value: impl ToString) -> Fact {
        Fact { kind: FactKind::Identifier, ..Fact::words(label, value.to_string()) }
    }

    pub fn class(&self) -> &'static str {
        match self.kind {
            FactKind::Words => "",
            FactKind::Figure => "figure",
            FactKind::Identifier => "identifier",
        }
    }
}

/// The answer with a page in it. A template that cannot be written out is a bug of ours.
pub fn answer(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be written.").into_response()
        }
    }
}
