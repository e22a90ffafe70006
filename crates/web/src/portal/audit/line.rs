//! One line of the audit with all that it says, and the way to its decision.

use super::{absent, action, decision, kind};
use crate::portal::desk::Desk;
use crate::portal::language::say;
use crate::portal::page::{self, Crumb, Fact, Section, Shell};
use crate::portal::proof::Proof;
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::audit::search::{self, Entry, Opened, parse_mark};
use prorata_domain::decision::Finding;
use serde_json::Value;

#[derive(Debug, Template)]
#[template(path = "audit_line.html")]
pub struct LinePage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub what: Said,
    pub verdict: Said,
    pub class: &'static str,
    pub at: Moment,
    pub facts: Vec<Fact>,
    /// What the line leads to: a label and an address.
    pub leads: Vec<(Said, String)>,
    pub proof: Option<Proof>,
    /// What more it says, as it was recorded.
    pub details: Option<String>,
}

pub async fn show(desk: Desk, Path(mark): Path<String>) -> Response {
    let answer = async {
        let at = parse_mark(&mark).ok_or_else(absent)?;
        let call = desk.call();
        let (opened, about) = desk
            .app()
            .read_async(move |tx, app| {
                let opened = search::open(tx, app, &call, at)?;
                let about = decision::reservation_of(tx, app, &call, &opened.entry.target)?;
                Ok((opened, about))
            })
            .await?;
        Ok(page::answer(StatusCode::OK, &page(&desk, &opened, about)))
    };
    desk.settle(answer.await)
}

fn page(desk: &Desk, opened: &Opened, about: Option<String>) -> LinePage {
    let entry = &opened.entry;
    let what = action(&entry.action);
    let (verdict, class) = decision::verdict(&entry.verdict);
    let findings = entry.details.as_deref();
    let findings: Option<Vec<Finding>> =
        findings.and_then(|details| serde_json::from_str(details).ok());
    let findings = findings.filter(|findings| !findings.is_empty());
    let details = match &findings {
        Some(_) => None,
        None => entry.details.as_deref().and_then(pretty),
    };
    LinePage {
        shell: desk.shell(what.clone(), Section::Audit),
        crumbs: vec![Crumb { label: say("audit-title").into_owned(), href: "/audit".to_owned() }],
        what,
        verdict,
        class,
        at: Moment(entry.at),
        facts: facts(entry),
        leads: leads(desk, opened, about),
        proof: findings
            .map(|findings| Proof::new(&desk.app().book, &findings, None, words::subject)),
        details,
    }
}

/// JSON with line ends; nothing where there is nothing in it.
fn pretty(details: &str) -> Option<String> {
    let value: Value = serde_json::from_str(details).ok()?;
    let empty = match &value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if empty { None } else { serde_json::to_string_pretty(&value).ok() }
}

fn facts(entry: &Entry) -> Vec<Fact> {
    let by = &entry.by;
    let mut facts = vec![
        Fact::words(say("audit-who"), by.name.clone().unwrap_or_default()),
        Fact::words(say("audit-kind"), kind(entry)),
        Fact::identifier(say("audit-principal"), entry.principal),
        Fact::identifier(say("audit-action"), &entry.action),
        Fact::identifier(say("audit-target"), &entry.target),
        Fact::identifier(say("audit-tenant"), entry.tenant),
        Fact::identifier(say("audit-line-id"), entry.id),
    ];
    let mut put = |label: &str, value: Option<String>| {
        facts.extend(value.map(|value| Fact::identifier(say(label), value)));
    };
    put("audit-code", entry.code.clone());
    put("audit-address", by.address.clone());
    put("audit-agent", by.agent.clone());
    put("audit-client", by.client.clone());
    put("audit-home", by.home.map(|id| id.to_string()));
    put("audit-correlation", by.correlation.map(|id| id.to_string()));
    put("audit-decision-id", entry.decision.map(|id| id.to_string()));
    facts
}

fn leads(desk: &Desk, opened: &Opened, about: Option<String>) -> Vec<(Said, String)> {
    let entry = &opened.entry;
    let mut leads = Vec::new();
    if let Some(operation) = opened.operation {
        leads.push((say("audit-to-decision"), format!("/decisions/{operation}")));
    } else if let Some(id) = entry.decision.filter(|_| entry.tenant == desk.session.caller.tenant) {
        if entry.target.starts_with("request/") {
            leads.push((say("audit-to-request"), format!("/requests/{id}")));
        }
        if entry.target.starts_with("ticket/") || entry.target.contains("/ticket/") {
            leads.push((say("audit-to-ticket"), format!("/support/{id}")));
        }
    }
    leads.extend(about.map(|path| (say("audit-to-reservation"), path)));
    if let Some(correlation) = entry.by.correlation {
        let href = format!("/audit?correlation={correlation}");
        leads.push((say("audit-same-request"), href));
    }
    leads
}
