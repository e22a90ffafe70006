//! One ticket: what is asked, what was said, the evidence, the exceptions that were granted for it,
//! and what the reader may do.

use super::evidence::Evidence;
use super::{severity, status};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Crumb, Fact, Section, Shell};
use crate::portal::words::{self, Moment, Said as Text};
use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use prorata_app::Error;
use prorata_app::support::case::{self, Side};
use prorata_app::support::communications::FROM_DESK;
use prorata_app::support::desk::{Case, Granted};
use prorata_app::support::files;
use prorata_domain::policy::ClauseId;
use prorata_domain::support::{Status, service};
use prorata_domain::term::utc_day;
use uuid::Uuid;

/// The file that is read on the page.
const EVIDENCE: &str = "evidence.json";
/// Days for which an exception is proposed.
const PROPOSED_DAYS: i64 = 30;

#[derive(Debug, Template)]
#[template(path = "support_ticket.html")]
pub struct TicketPage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub path: String,
    pub title: String,
    pub number: String,
    pub status: Text,
    pub class: &'static str,
    pub is_open: bool,
    pub description: String,
    pub facts: Vec<Fact>,
    /// The page of the reservation that it is about, for those whose tenant's it is.
    pub about: Option<String>,
    pub said: Vec<Said>,
    pub evidence: Option<Evidence>,
    pub files: Vec<FileRow>,
    pub exceptions: Vec<Exception>,
    /// Said above everything, where something was refused.
    pub alert: Option<String>,
    /// The form for an answer; nothing for who may only read, and for a ticket that is closed.
    pub answer: Option<Answer>,
    /// The form for an exception; nothing for who is not at the desk.
    pub grant: Option<Grant>,
    /// Whether the reader works at the desk and asked for it, so that others grant exceptions.
    pub others_grant: bool,
    pub may_close: bool,
}

/// Something that was said.
#[derive(Debug, Clone)]
pub struct Said {
    pub subject: String,
    pub sender: String,
    pub from_desk: bool,
    pub at: Moment,
    pub body: String,
}

#[derive(Debug, Clone)]
pub struct FileRow {
    pub name: String,
    pub href: String,
    pub size: String,
    /// SHA-256 of it, where it was read.
    pub digest: Option<String>,
}

/// An exception that was granted.
#[derive(Debug, Clone)]
pub struct Exception {
    pub clauses: String,
    pub reason: String,
    pub lapses: String,
    pub granted: Moment,
    pub state: Text,
    pub class: &'static str,
}

/// The form for an answer, as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The name under which it is kept: the same form again says nothing twice.
    pub name: String,
    pub subject: String,
    pub body: String,
    pub subject_fault: Option<Text>,
    pub body_fault: Option<Text>,
}

/// The form for an exception, as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct Grant {
    /// The id of the exception: the same form again grants nothing twice.
    pub id: String,
    pub clauses: Vec<Waived>,
    pub lapses_on: String,
    /// The last day that may be chosen.
    pub latest: String,
    pub reason: String,
    /// The reservation, where the ticket does not name one: `order/item`.
    pub of: Option<String>,
    pub confirmed: bool,
    pub faults: GrantFaults,
}

#[derive(Debug, Clone, Default)]
pub struct GrantFaults {
    pub clauses: Option<Text>,
    pub lapses_on: Option<Text>,
    pub reason: Option<Text>,
    pub of: Option<Text>,
    pub confirmed: Option<Text>,
}

impl GrantFaults {
    pub fn any(&self) -> bool {
        let faults = [&self.clauses, &self.lapses_on, &self.reason, &self.of, &self.confirmed];
        faults.iter().any(|fault| fault.is_some())
    }
}

/// A clause that may be waived.
#[derive(Debug, Clone)]
pub struct Waived {
    pub word: &'static str,
    pub label: String,
    pub says: String,
    pub chosen: bool,
}

/// What a form that was sent brings back to the page.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    pub answer: Option<Answer>,
    pub grant: Option<Grant>,
    pub alert: Option<String>,
}

pub async fn show(desk: Desk, Path(ticket): Path<String>) -> Response {
    let answer = async {
        let id = id(&ticket)?;
        page(&desk, id, Filled::default(), StatusCode::OK).await
    };
    desk.settle(answer.await)
}

/// The id of a path.
///
/// # Errors
/// [`Error::Absent`] for what is no id.
pub fn id(text: &str) -> Result<Uuid, Error> {
    let absent =
        |_| Error::Absent { what: "ticket at this address".to_owned(), code: "ResourceNotFound" };
    Uuid::try_parse(text).map_err(absent)
}

/// The page of a ticket, with what was typed into its forms.
pub async fn page(
    desk: &Desk,
    id: Uuid,
    filled: Filled,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let (case, side, evidence) = desk
        .app()
        .read_async(move |tx, app| {
            let (found, side) = case::show(tx, app, &call, id)?;
            let has = found.files.iter().any(|file| file.name == EVIDENCE);
            let evidence = match has {
                true => Some(case::file(tx, app, &call, id, EVIDENCE)?),
                false => None,
            };
            Ok((found, side, evidence))
        })
        .await?;
    Ok(page::answer(status, &shown(desk, &case, &side, evidence.as_deref(), filled)))
}

fn shown(
    desk: &Desk,
    case: &Case,
    side: &Side,
    evidence: Option<&[u8]>,
    filled: Filled,
) -> TicketPage {
    let ticket = &case.ticket;
    let (row, content) = (&ticket.row, &ticket.content);
    let is_open = ticket.status() == Status::Open;
    let (status, class) = status(ticket.status());
    let path = format!("/support/{}", row.id);
    let file = |file: &files::File| FileRow {
        name: file.name.clone(),
        href: format!("{path}/files/{}", crate::portal::form::escaped(&file.name)),
        size: words::count(file.file_size),
        digest: evidence.filter(|_| file.name == EVIDENCE).map(files::digest),
    };
    let said = case.said.iter().map(|said| Said {
        subject: said.subject.clone(),
        sender: said.sender.clone(),
        from_desk: said.direction == FROM_DESK,
        at: Moment(said.at),
        body: said.body.clone(),
    });
    let ours = row.place.tenant == desk.session.caller.tenant;
    let about = row.about.filter(|_| ours);
    let own = ours && row.principal == desk.session.caller.principal;
    TicketPage {
        shell: desk.shell(content.title.clone(), Section::Support),
        crumbs: vec![Crumb {
            label: say("support-title").into_owned(),
            href: "/support".to_owned(),
        }],
        title: content.title.clone(),
        number: row.number.clone(),
        description: content.description.clone(),
        facts: facts(case, side),
        about: about.map(|(order, item)| crate::portal::listing::path(order, item)),
        said: said.collect(),
        evidence: evidence.and_then(|bytes| Evidence::read(&desk.app().book, bytes)),
        files: case.files.iter().map(file).collect(),
        exceptions: case.exceptions.iter().map(|one| exception(desk, one)).collect(),
        alert: filled.alert,
        answer: (is_open && side.writes()).then(|| {
            filled.answer.unwrap_or_else(|| Answer {
                name: Uuid::new_v4().to_string(),
                subject: content.title.clone(),
                ..Answer::default()
            })
        }),
        others_grant: is_open && side.is_desk() && own,
        grant: (is_open && side.is_desk() && !own)
            .then(|| filled.grant.unwrap_or_else(|| grant(desk, row.about.is_none(), &[]))),
        may_close: side.writes(),
        status,
        class,
        is_open,
        path,
    }
}

/// An empty form for an exception, with these clauses ticked.
pub fn grant(desk: &Desk, asks_of: bool, chosen: &[ClauseId]) -> Grant {
    let today = utc_day(desk.app().now());
    let book = &desk.app().book;
    let rule = book.in_force(today).waiver.value;
    let latest = today.saturating_add(rule.days.days());
    let waived = |clause: &ClauseId| Waived {
        word: clause.as_str(),
        label: words::clause(*clause),
        says: book.says(*clause).to_owned(),
        chosen: chosen.contains(clause),
    };
    Grant {
        id: Uuid::new_v4().to_string(),
        clauses: rule.clauses.iter().map(waived).collect(),
        lapses_on: today.saturating_add(PROPOSED_DAYS.days()).min(latest).to_string(),
        latest: latest.to_string(),
        of: asks_of.then(String::new),
        ..Grant::default()
    }
}

fn exception(desk: &Desk, granted: &Granted) -> Exception {
    let names: Vec<String> =
        granted.waiver.clauses.iter().map(|clause| words::clause(*clause)).collect();
    let lapsed = granted.waiver.lapses_on <= utc_day(desk.app().now());
    let (state, class) = match (granted.used, lapsed) {
        (Some((_, at)), _) => {
            (say_with("support-exception-used", [("day", words::day(utc_day(at)).into())]), "ended")
        }
        (None, true) => (say("support-exception-lapsed"), "ended"),
        (None, false) => (say("support-exception-open"), "met"),
    };
    Exception {
        clauses: names.join(", "),
        reason: granted.reason.clone(),
        lapses: words::day(granted.waiver.lapses_on),
        granted: Moment(granted.granted_at),
        state,
        class,
    }
}

fn facts(case: &Case, side: &Side) -> Vec<Fact> {
    let (row, content) = (&case.ticket.row, &case.ticket.content);
    let contact = &content.contact;
    let kind = service(&content.service);
    let problem = kind.and_then(|kind| kind.problem(&content.problem));
    let subject = match (kind, problem) {
        (Some(kind), Some(problem)) => format!("{} / {}", kind.name, problem.name),
        (Some(kind), None) => kind.name.clone(),
        _ => String::new(),
    };
    let mut facts = vec![
        Fact::words(say("support-subject"), subject),
        Fact::words(say("support-severity"), severity(content.severity)),
        Fact::words(say("support-opened"), words::moment(row.created_at)),
        Fact::words(
            say("support-contact"),
            format!(
                "{} {}, {}",
                contact.first_name, contact.last_name, contact.primary_email_address
            ),
        ),
    ];
    if let Some(phone) = &contact.phone_number {
        facts.push(Fact::words(say("support-phone"), phone));
    }
    if let Some((order, item)) = row.about {
        facts.push(Fact::identifier(say("support-order"), order));
        facts.push(Fact::identifier(say("support-reservation"), item));
    }
    if side.is_desk() {
        facts.push(Fact::identifier(say("support-tenant"), row.place.tenant));
        facts.push(Fact::identifier(say("support-opened-by"), row.principal));
    }
    facts
}

/// A file that came with a ticket, to keep.
pub async fn file(desk: Desk, Path((ticket, name)): Path<(String, String)>) -> Response {
    let answer = async {
        let id = id(&ticket)?;
        let call = desk.call();
        let asked = name.clone();
        let bytes =
            desk.app().read_async(move |tx, app| case::file(tx, app, &call, id, &asked)).await?;
        let kind = match name.rsplit_once('.').map(|(_, suffix)| suffix) {
            Some("json") => "application/json",
            Some("md" | "txt" | "sha256") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        // Names have letters, digits, hyphens, underscores and dots alone.
        let kept = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
            .unwrap_or(HeaderValue::from_static("attachment"));
        let headers = [(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, kept)];
        Ok((headers, bytes).into_response())
    };
    desk.settle(answer.await)
}
