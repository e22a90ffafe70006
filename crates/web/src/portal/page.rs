//! What all pages share: the frame around them, and the page that says what went wrong.

use super::assets;
use super::language::{self, Language, say};
use super::look::{self, Theme};
use super::words::Said;
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
    pub language: Language,
    pub theme: Theme,
    pub stylesheet: &'static str,
    pub script: &'static str,
    pub mark: &'static str,
}

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    None,
    Home,
    Customers,
    Reservations,
    Buy,
    Exchange,
    TradeIn,
    Requests,
    Support,
    Policy,
    Audit,
    Administration,
}

impl Section {
    /// The entries of the navigation, in groups: what is held, what is done, what is looked up.
    const SHOWN: &[&[(Section, &str, &str)]] = &[
        &[
            (Section::Home, "nav-home", "/"),
            (Section::Customers, "nav-customers", "/customers"),
            (Section::Reservations, "nav-reservations", "/reservations"),
        ],
        &[
            (Section::Buy, "nav-buy", "/buy"),
            (Section::Exchange, "nav-exchange", "/exchange"),
            (Section::TradeIn, "nav-trade-in", "/trade-in"),
            (Section::Requests, "nav-requests", "/requests"),
            (Section::Support, "nav-support", "/support"),
        ],
        &[
            (Section::Policy, "nav-policy", "/policy"),
            (Section::Audit, "nav-audit", "/audit"),
            (Section::Administration, "nav-administration", "/administration"),
        ],
    ];

    /// Whether it is there for somebody.
    fn is_for(self, somebody: Option<&SignedIn>) -> bool {
        match self {
            Section::Administration => somebody.is_some_and(|one| one.administers),
            Section::Audit => somebody.is_some_and(|one| one.audits),
            _ => true,
        }
    }
}

/// An entry of the navigation.
#[derive(Debug, Clone)]
pub struct Entry {
    pub label: Said,
    pub href: &'static str,
    pub current: bool,
}

/// One of a few things to choose, of which one is chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub word: &'static str,
    pub label: Said,
    pub chosen: bool,
}

#[derive(Debug, Clone)]
pub struct SignedIn {
    pub name: String,
    pub tenant: String,
    pub form_token: String,
    /// Whether there is anything for them to look after.
    pub administers: bool,
    /// Whether they may read the audit of their tenant.
    pub audits: bool,
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
            language: language::spoken(),
            theme: look::theme(),
            stylesheet: assets::stylesheet(),
            script: assets::script(),
            mark: assets::mark(),
        }
    }

    /// The groups of the navigation.
    pub fn navigation(&self) -> Vec<Vec<Entry>> {
        let entry = |&(section, label, href): &(Section, &str, &'static str)| Entry {
            label: say(label),
            href,
            current: section == self.section,
        };
        let shown = |(section, ..): &&(Section, &str, &'static str)| {
            section.is_for(self.signed_in.as_ref())
        };
        let groups = Section::SHOWN.iter();
        let groups = groups.map(|group| group.iter().filter(shown).map(entry).collect());
        groups.filter(|group: &Vec<Entry>| !group.is_empty()).collect()
    }

    pub fn languages(&self) -> [Choice; 2] {
        Language::ALL.map(|language| Choice {
            word: language.tag(),
            label: language.name().into(),
            chosen: language == self.language,
        })
    }

    pub fn themes(&self) -> [Choice; 3] {
        Theme::ALL.map(|theme| Choice {
            word: theme.word(),
            label: say(&format!("theme-{}", theme.word())),
            chosen: theme == self.theme,
        })
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
    /// Whether that is as the desk recorded it, in English, and not of the catalog.
    pub recorded: bool,
    /// What to do next, one step a sentence.
    pub advice: Vec<Said>,
    /// What the operator finds the failure by.
    pub reference: Option<String>,
}

impl ErrorPage {
    fn number(&self) -> Said {
        language::say_with("error-number", [("status", self.status.to_string().into())])
    }
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
    pub label: Said,
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
    pub fn words(label: impl Into<Said>, value: impl Into<String>) -> Fact {
        Fact { label: label.into(), value: value.into(), kind: FactKind::Words }
    }

    pub fn figure(label: impl Into<Said>, value: impl Into<String>) -> Fact {
        Fact { kind: FactKind::Figure, ..Fact::words(label, value) }
    }

    pub fn identifier(label: impl Into<Said>, value: impl ToString) -> Fact {
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
