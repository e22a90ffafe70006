//! The desk's lists: what is loaded, taking another file in, and what came of each.

use super::upload::{FILE_BYTES_MAX, Running, loaded};
use super::{Area, Choice, FieldFaults, Frame, below, tabbed};
use crate::portal::desk::Desk;
use crate::portal::form::Fields;
use crate::portal::language::{say, say_if_known, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::administration::imports::{self, Done, Kind, Loaded};
use std::sync::atomic::Ordering;
use uuid::Uuid;

#[derive(Debug, Template)]
#[template(path = "administration_imports.html")]
pub struct ImportsPage {
    pub shell: Shell,
    pub frame: Frame,
    /// Nothing where the form alone is shown again.
    pub held: Option<Vec<Held>>,
    pub past: Vec<Past>,
    pub form: Upload,
    /// The page of a file that is being taken in now.
    pub running: Option<String>,
}

/// A list as it is loaded.
#[derive(Debug)]
pub struct Held {
    pub list: Said,
    pub rows: String,
    pub detail: String,
    pub since: String,
}

/// An import of before.
#[derive(Debug)]
pub struct Past {
    pub href: String,
    pub file: String,
    pub list: Said,
    pub by: String,
    pub at: Moment,
    pub written: String,
    pub rejected: String,
    pub state: Said,
    pub class: &'static str,
}

/// The form, as it was filled in so far; a file has to be chosen again.
#[derive(Debug, Default)]
pub struct Upload {
    pub id: String,
    pub kinds: Vec<Choice>,
    pub since: String,
    pub tenant: String,
    pub strict: bool,
    pub size: Said,
    pub faults: FieldFaults,
}

#[derive(Debug, Template)]
#[template(path = "administration_import.html")]
pub struct ImportPage {
    pub shell: Shell,
    pub frame: Frame,
    pub path: String,
    pub file: String,
    pub list: Said,
    pub progress: Option<Progress>,
    pub report: Option<Report>,
}

/// How far it is.
#[derive(Debug)]
pub struct Progress {
    pub rows: Said,
}

/// What came of it.
#[derive(Debug)]
pub struct Report {
    pub taken: bool,
    pub heading: Said,
    /// Why nothing was taken; as the reader of the file said it, where that is set.
    pub refused: Option<String>,
    pub refused_in_english: bool,
    pub by: String,
    pub at: Moment,
    pub written: String,
    pub unchanged: String,
    pub rejected: String,
    pub rows: Vec<(String, String, String)>,
    /// Said where more were rejected than are shown.
    pub more: Option<Said>,
    pub skipped: Vec<(String, String)>,
}

pub fn path_of(id: Uuid) -> String {
    format!("{}/{id}", Area::Imports.path())
}

pub async fn list(desk: Desk) -> Response {
    let answered = async {
        let (shell, frame) = tabbed(&desk, Area::Imports)?;
        let held = held(&loaded(&desk).await?);
        let call = desk.call();
        let past = desk.app().read_async(move |tx, _| imports::reports(tx, &call)).await?;
        let page = ImportsPage {
            shell,
            frame,
            held: Some(held),
            past: past.iter().map(row).collect(),
            form: upload(&Fields::default(), FieldFaults::default()),
            running: desk.portal.uploads.any().map(path_of),
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answered.await)
}

/// The form alone, with what is wrong with it.
pub fn blank(desk: &Desk, status: StatusCode, fields: &Fields, faults: FieldFaults) -> Response {
    desk.settle(tabbed(desk, Area::Imports).map(|(shell, frame)| {
        let form = upload(fields, faults);
        let running = desk.portal.uploads.any().map(path_of);
        let page = ImportsPage { shell, frame, held: None, past: Vec::new(), form, running };
        page::answer(status, &page)
    }))
}

fn upload(fields: &Fields, faults: FieldFaults) -> Upload {
    let chosen = Kind::parse(&fields.one("kind")).unwrap_or(Kind::RetailPrices);
    let choice = |kind: Kind| Choice {
        word: kind.as_str().to_owned(),
        label: name(kind).into_owned(),
        chosen: kind == chosen,
    };
    Upload {
        // What was sent with it came to nothing.
        id: Uuid::new_v4().to_string(),
        kinds: Kind::ALL.map(choice).into(),
        since: fields.one("since"),
        tenant: fields.one("tenant"),
        strict: fields.has("strict"),
        size: say_with("admin-file-size", [("size", (FILE_BYTES_MAX >> 20).into())]),
        faults,
    }
}

fn name(kind: Kind) -> Said {
    match kind {
        Kind::RetailPrices => say("admin-list-retail-prices"),
        Kind::Prices => say("admin-list-prices"),
        Kind::Ratios => say("admin-list-ratios"),
        Kind::Sizes => say("admin-list-sizes"),
        Kind::Utilization => say("admin-list-utilization"),
    }
}

fn held(loaded: &Loaded) -> Vec<Held> {
    let between = |oldest: Date, newest: Date| {
        if oldest == newest {
            return words::short_day(oldest);
        }
        let values = [
            ("oldest", words::short_day(oldest).into()),
            ("newest", words::short_day(newest).into()),
        ];
        say_with("admin-since-between", values).into_owned()
    };
    let mut rows: Vec<Held> = loaded
        .prices
        .iter()
        .map(|held| Held {
            list: say_with("admin-held-prices", [("currency", held.currency.to_string().into())]),
            rows: words::count(held.rows),
            detail: say_with("admin-held-types", [("count", held.resource_types.into())])
                .into_owned(),
            since: between(held.oldest, held.newest),
        })
        .collect();
    rows.push(Held {
        list: say("admin-held-ratios"),
        rows: words::count(loaded.ratios.rows),
        detail: say_with("admin-held-groups", [("count", loaded.ratios.groups.into())])
            .into_owned(),
        since: loaded.ratios.since.map(|(old, new)| between(old, new)).unwrap_or_default(),
    });
    rows.push(Held {
        list: say("admin-held-sizes"),
        rows: words::count(loaded.sizes),
        detail: String::new(),
        since: String::new(),
    });
    rows
}

fn row(done: &Done) -> Past {
    let (state, class) = match (&done.refused, done.rejected_total) {
        (Some(_), _) => (say("admin-import-refused"), "not-met"),
        (None, 0) => (say("admin-import-taken"), "met"),
        (None, _) => (say("admin-import-partly"), "soon"),
    };
    Past {
        href: path_of(done.id),
        file: done.file.clone(),
        list: name(done.kind),
        by: done.by.clone(),
        at: Moment(done.at),
        written: whole(done.written),
        rejected: whole(done.rejected_total),
        state,
        class,
    }
}

fn whole(number: u64) -> String {
    words::count(i64::try_from(number).unwrap_or(i64::MAX))
}

pub async fn show(desk: Desk, Path(id): Path<String>) -> Response {
    let answered = async {
        let absent = || Error::Absent { what: "import at this address".into(), code: "NotFound" };
        let id = Uuid::try_parse(&id).map_err(|_| absent())?;
        super::require(&desk, Area::Imports)?;
        // It may come to its end between the two looks, so the report is looked for last.
        let running = desk.portal.uploads.running(id);
        let call = desk.call();
        let past = desk.app().read_async(move |tx, _| imports::reports(tx, &call)).await?;
        let done = past.into_iter().find(|done| done.id == id);
        let (file, kind) = match (&done, &running) {
            (Some(done), _) => (done.file.clone(), done.kind),
            (None, Some(running)) => (running.file.clone(), running.kind),
            (None, None) => return Err(absent()),
        };
        let (shell, frame) = below(&desk, Area::Imports, file.clone())?;
        let page = ImportPage {
            shell,
            frame,
            path: path_of(id),
            file,
            list: name(kind),
            progress: running.filter(|_| done.is_none()).map(|running| progress(&running)),
            report: done.map(report),
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answered.await)
}

fn progress(running: &Running) -> Progress {
    let rows = running.rows.load(Ordering::Relaxed);
    Progress { rows: say_with("admin-import-rows", [("count", rows.into())]) }
}

fn report(done: Done) -> Report {
    let known =
        done.refused.as_ref().and_then(|why| say_if_known(&format!("admin-import-refused-{why}")));
    let more = done.rejected_total.saturating_sub(done.rejected.len() as u64);
    Report {
        taken: done.refused.is_none(),
        heading: match (&done.refused, done.rejected_total) {
            (Some(_), _) => say("admin-import-nothing"),
            (None, 0) => say("admin-import-all"),
            (None, _) => say("admin-import-some"),
        },
        refused_in_english: known.is_none(),
        refused: match known {
            Some(said) => Some(said.into_owned()),
            None => done.refused.as_deref().map(words::sentence),
        },
        by: done.by,
        at: Moment(done.at),
        written: whole(done.written),
        unchanged: whole(done.unchanged),
        rejected: whole(done.rejected_total),
        rows: done
            .rejected
            .into_iter()
            .map(|row| (whole(row.line), row.field, row.reason.replace('`', "")))
            .collect(),
        more: (more > 0).then(|| say_with("admin-import-more", [("count", more.into())])),
        skipped: done.skipped.into_iter().map(|(why, count)| (why, whole(count))).collect(),
    }
}
