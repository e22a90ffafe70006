//! A form whose session had ended when it was sent, or that is of an earlier one: nothing is done,
//! and nothing that was typed is lost. It is kept in the page itself, and can be sent again.

use super::desk::Portal;
use super::form::Fields;
use super::language::say;
use super::page::{self, Section, Shell};
use super::session::{Session, random_text};
use super::words::Said;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

/// Fields that are not put into a page again.
const SECRET: [&str; 7] = ["password", "old", "new", "again", "proof", "secret", "code"];

/// Fields that say what a form does, and nothing that was typed.
const NOT_TYPED: [&str; 3] = ["form_token", "act", "confirmed"];

/// Fields that are left out: a form says anew whose it is, and what is confirmed is looked at again.
const LEFT_OUT: [&str; 2] = ["form_token", "confirmed"];

#[derive(Debug, Template)]
#[template(path = "kept.html")]
pub struct KeptPage {
    pub shell: Shell,
    pub what: Said,
    /// Of nobody's session while there is none; the page after signing in has the right one.
    pub form_token: String,
    /// Where the form goes, and what is in it.
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// Whether there is something in a form that is worth keeping, and nothing that must not be.
pub fn is_kept(fields: &Fields) -> bool {
    let mut names = fields.pairs().map(|(name, _)| name);
    fields.has("form_token")
        && names.clone().any(|name| !NOT_TYPED.contains(&name))
        && !names.any(|name| SECRET.contains(&name))
}

/// The page that keeps a form.
pub fn answer(
    portal: &Portal,
    session: Option<&Session>,
    action: String,
    fields: &Fields,
) -> Response {
    let (heading, what) = match session {
        Some(_) => ("error-not-our-form", "kept-of-earlier"),
        None => ("kept-signed-out", "kept-signed-out-what"),
    };
    let rest = fields.pairs().filter(|(name, _)| !LEFT_OUT.contains(name));
    let shell = portal.shell(session, say(heading), Section::None);
    let form_token = session.map_or_else(random_text, |_| shell.form_token().to_owned());
    let page = KeptPage {
        shell,
        form_token,
        what: say(what),
        action,
        fields: rest.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
    };
    page::answer(StatusCode::FORBIDDEN, &page)
}
