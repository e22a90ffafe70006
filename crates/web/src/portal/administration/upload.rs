//! Taking a file in: read from the form as it arrives, then parsed and written beside the requests,
//! all of its good rows together or none.

use super::imports::{blank, path_of};
use super::{Area, FieldFaults, require};
use crate::portal::desk::{Desk, Portal, is_foreign, not_our_form};
use crate::portal::form::Fields;
use crate::portal::language::say;
use crate::portal::session::brings_back;
use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use jiff::civil::Date;
use prorata_app::administration::imports::{self, Kind, Loaded, Rejected, Rows, Said, Sent};
use prorata_app::utilization::UtilizationRow;
use prorata_app::{App, Call, Error};
use prorata_domain::ids::TenantId;
use prorata_domain::term::utc_day;
use prorata_wire::import::utilization_csv::DayRow;
use prorata_wire::import::{
    ImportError, Imported, price_csv, ratio_csv, retail_json, size_csv, utilization_csv,
};
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Bytes of a file. The list of one currency's reservation prices of all regions has some 40 MiB;
/// whoever has more takes it in at the command line, which reads files of any size.
pub const FILE_BYTES_MAX: usize = 64 << 20;

/// Bytes of a form around the file.
const FORM_BYTES_MAX: usize = 64 << 10;

/// Characters kept of a file's name.
const NAME_CHARS_MAX: usize = 128;

/// How long the count of what is loaded is good: it reads everything.
const COUNT_GOOD_FOR: Duration = Duration::from_secs(60);

pub fn routes() -> Router<Arc<Portal>> {
    Router::new()
        .route("/administration/imports/new", post(submit))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX + FORM_BYTES_MAX))
}

/// A file that is being taken in.
#[derive(Debug, Clone)]
pub struct Running {
    pub kind: Kind,
    pub file: String,
    pub rows: Arc<AtomicU64>,
}

/// The files that are being taken in at this server; one at a time, since each is held in memory.
#[derive(Clone)]
pub struct Uploads {
    running: Arc<Mutex<HashMap<Uuid, Running>>>,
    turn: Arc<Semaphore>,
    loaded: Arc<Mutex<Option<(Instant, Loaded)>>>,
}

impl Default for Uploads {
    fn default() -> Uploads {
        Uploads {
            running: Arc::default(),
            turn: Arc::new(Semaphore::new(1)),
            loaded: Arc::default(),
        }
    }
}

impl Uploads {
    pub fn running(&self, id: Uuid) -> Option<Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Which file is being taken in.
    pub fn any(&self) -> Option<Uuid> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).keys().next().copied()
    }

    /// What is loaded, as it was counted a moment ago.
    pub fn counted(&self) -> Option<Loaded> {
        let kept = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| at.elapsed() < COUNT_GOOD_FOR).map(|(_, held)| held.clone())
    }

    pub fn count(&self, loaded: Option<Loaded>) {
        let kept = loaded.map(|loaded| (Instant::now(), loaded));
        *self.loaded.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    fn begin(&self, sent: &Sent, permit: OwnedSemaphorePermit) -> UnderWay {
        let rows = Arc::new(AtomicU64::new(0));
        let running = Running { kind: sent.kind, file: sent.file.clone(), rows: rows.clone() };
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(sent.id, running);
        UnderWay { uploads: self.clone(), id: sent.id, rows, _permit: permit }
    }
}

/// Holds the turn of a file, and gives it back however its taking in ends.
struct UnderWay {
    uploads: Uploads,
    id: Uuid,
    rows: Arc<AtomicU64>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.uploads.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
        self.uploads.count(None);
    }
}

/// What a form says beside its file.
struct Asked {
    sent: Sent,
    since: Option<Date>,
    /// Whose reservations were used; only of utilization.
    tenant: TenantId,
    strict: bool,
}

async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let desk = match Desk::from_request_parts(&mut parts, &portal).await {
        Ok(desk) => desk,
        Err(response) => return response,
    };
    // Who may not is turned away before anything of the file is read.
    if is_foreign(&parts.headers) {
        return not_our_form(&portal, Some(&desk.session));
    }
    if let Err(error) = require(&desk, Area::Imports) {
        return desk.settle(Err(error));
    }
    match Multipart::from_request(Request::from_parts(parts, body), &()).await {
        Ok(form) => take(&desk, form).await.unwrap_or_else(|response| *response),
        Err(_) => refused(&desk, &Fields::default(), "file", "admin-fault-form"),
    }
}

/// The form again, with what is wrong at a field.
fn refused(desk: &Desk, fields: &Fields, field: &str, id: &str) -> Response {
    let mut faults = FieldFaults::default();
    faults.add(field, say(id));
    blank(desk, StatusCode::UNPROCESSABLE_ENTITY, fields, faults)
}

type Taken<T> = Result<T, Box<Response>>;

/// Reads the form: the fields, which stand before the file, and then the file.
async fn take(desk: &Desk, mut form: Multipart) -> Taken<Response> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    loop {
        let fields = Fields::new(pairs.clone());
        let unreadable = |_| Box::new(refused(desk, &fields, "file", "admin-fault-file-broken"));
        let Some(mut field) = form.next_field().await.map_err(unreadable)? else {
            return Err(Box::new(refused(desk, &fields, "file", "admin-fault-no-file")));
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = read_text(&mut field).await;
            let text =
                text.ok_or_else(|| Box::new(not_our_form(&desk.portal, Some(&desk.session))))?;
            pairs.push((name, text));
            continue;
        }
        if !brings_back(&fields.one("form_token"), &desk.session.form_token) {
            return Err(Box::new(not_our_form(&desk.portal, Some(&desk.session))));
        }
        return file(desk, &fields, field).await;
    }
}

/// A short field; nothing where it is long or cannot be read.
async fn read_text(field: &mut Field<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.ok()? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > 1024 {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}

async fn file(desk: &Desk, fields: &Fields, mut field: Field<'_>) -> Taken<Response> {
    let name: String = field.file_name().unwrap_or_default().chars().take(NAME_CHARS_MAX).collect();
    let refuse = |field: &str, id: &str| Box::new(refused(desk, fields, field, id));
    let kind =
        Kind::parse(&fields.one("kind")).ok_or_else(|| refuse("kind", "admin-fault-list"))?;
    let since = match fields.one("since").as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| refuse("since", "admin-fault-day"))?),
    };
    let tenant = match fields.one("tenant").as_str() {
        "" => desk.session.caller.tenant,
        text => TenantId::parse(text).ok_or_else(|| refuse("tenant", "admin-fault-tenant"))?,
    };
    if name.is_empty() {
        return Err(refuse("file", "admin-fault-no-file"));
    }
    let id = super::once::form_id(fields);
    let there = Redirect::to(&path_of(id)).into_response();
    let uploads = desk.portal.uploads.clone();
    if uploads.running(id).is_some() {
        return Ok(there);
    }
    let permit = uploads.turn.clone().try_acquire_owned();
    let permit = permit.map_err(|_| refuse("file", "admin-fault-other-import"))?;
    let mut chunks = VecDeque::new();
    let (mut bytes, cut) = (0_usize, |_| refuse("file", "admin-fault-file-size"));
    while let Some(chunk) = field.chunk().await.map_err(cut)? {
        bytes += chunk.len();
        if bytes > FILE_BYTES_MAX {
            return Err(refuse("file", "admin-fault-file-size"));
        }
        chunks.push_back(chunk);
    }
    let sent = Sent { id, kind, file: name };
    let asked = Asked { sent, since, tenant, strict: fields.has("strict") };
    let under_way = uploads.begin(&asked.sent, permit);
    let (app, call) = (desk.app().clone(), desk.call());
    // Not waited for: its page tells how far it is.
    tokio::task::spawn_blocking(move || run(&app, &call, &asked, chunks, &under_way));
    Ok(there)
}

/// Parses the file and writes its good rows; whatever comes of it is in its report.
fn run(app: &App, call: &Call, asked: &Asked, chunks: VecDeque<Bytes>, under_way: &UnderWay) {
    let input = BufReader::new(Chunks(chunks));
    let told = |rows: u64| under_way.rows.store(rows, Ordering::Relaxed);
    let sent = &asked.sent;
    let outcome = match read(app, asked, input, told) {
        Err(error) => imports::refuse(app, call, sent, Said::default(), &error.to_string()),
        Ok((_, said)) if asked.strict && said.rejected_total > 0 => {
            imports::refuse(app, call, sent, said, "strict")
        }
        Ok((rows, said)) if rows.is_empty() && said.rejected_total > 0 => {
            imports::refuse(app, call, sent, said, "all-rejected")
        }
        Ok((rows, said)) => match imports::take_in(app, call, sent, rows, said.clone()) {
            Err(Error::Malformed(faults)) => {
                let first =
                    faults.first().map(|fault| format!("{}: {}", fault.path, fault.message));
                imports::refuse(app, call, sent, said, &first.unwrap_or_default())
            }
            other => other,
        },
    };
    let Err(error) = outcome else { return };
    tracing::error!(import = %sent.id, %error, "a list could not be taken in");
    if let Err(error) = imports::refuse(app, call, sent, Said::default(), "failed") {
        tracing::error!(import = %sent.id, %error, "nor could that be recorded");
    }
}

fn read(
    app: &App,
    asked: &Asked,
    input: impl BufRead,
    mut told: impl FnMut(u64),
) -> Result<(Rows, Said), ImportError> {
    let told = &mut told;
    Ok(match asked.sent.kind {
        Kind::RetailPrices => {
            let (rows, said) = parted(retail_json::read(input, &app.catalog, told)?);
            (Rows::Prices(rows), said)
        }
        Kind::Prices => {
            let (rows, said) = parted(price_csv::read(input, &app.catalog, told)?);
            (Rows::Prices(rows), said)
        }
        Kind::Ratios => {
            let since = asked.since.unwrap_or_else(|| utc_day(app.now()));
            let (rows, said) = parted(ratio_csv::read(input, since, told)?);
            (Rows::Ratios(rows), said)
        }
        Kind::Sizes => {
            let (rows, said) = parted(size_csv::read(input, told)?);
            (Rows::Sizes(rows), said)
        }
        Kind::Utilization => {
            let (rows, said) = parted(utilization_csv::read(input, told)?);
            let rows = rows.into_iter().map(|row| used(asked.tenant, row));
            (Rows::Utilization(rows.collect()), said)
        }
    })
}

/// A row of a file, which names no tenant itself.
fn used(tenant: TenantId, row: DayRow) -> UtilizationRow {
    UtilizationRow {
        tenant_id: tenant,
        reservation_order_id: row.order,
        reservation_id: row.reservation,
        usage_date: row.day.day,
        reserved_hours: row.day.reserved.to_decimal(),
        used_hours: row.day.used.to_decimal(),
    }
}

fn parted<T>(read: Imported<T>) -> (Vec<T>, Said) {
    let rejected = read.rejected.into_iter().take(imports::REJECTED_MAX);
    let rejected =
        rejected.map(|row| Rejected { line: row.line, field: row.field, reason: row.reason });
    let said = Said {
        rejected: rejected.collect(),
        rejected_total: read.rejected_total,
        skipped: read.skipped_because,
    };
    (read.rows, said)
}

/// The file as it arrived, read once from front to back.
struct Chunks(VecDeque<Bytes>);

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(first) = self.0.front_mut() {
            let count = first.len().min(into.len());
            if count > 0 || into.is_empty() {
                into[..count].copy_from_slice(&first.split_to(count));
                return Ok(count);
            }
            self.0.pop_front();
        }
        Ok(0)
    }
}

/// Counts what is loaded, unless that was done a moment ago.
///
/// # Errors
/// Those of the use case.
pub async fn loaded(desk: &Desk) -> Result<Loaded, Error> {
    let uploads = &desk.portal.uploads;
    if let Some(counted) = uploads.counted() {
        return Ok(counted);
    }
    let call = desk.call();
    let loaded = desk.app().read_async(move |tx, _| imports::loaded(tx, &call)).await?;
    uploads.count(Some(loaded.clone()));
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_parts_is_read_as_one() {
        let parts = ["ab", "", "cde", "f"].map(|part| Bytes::from_static(part.as_bytes()));
        let mut text = String::new();
        let mut input = BufReader::with_capacity(2, Chunks(parts.into_iter().collect()));
        input.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abcdef");
    }

    #[test]
    fn a_file_has_its_turn_and_gives_it_back() {
        let uploads = Uploads::default();
        let sent = Sent { id: Uuid::from_u128(1), kind: Kind::Sizes, file: "x".to_owned() };
        let permit = uploads.turn.clone().try_acquire_owned().unwrap();
        let under_way = uploads.begin(&sent, permit);
        assert!(uploads.running(sent.id).is_some() && uploads.any() == Some(sent.id));
        assert!(uploads.turn.clone().try_acquire_owned().is_err(), "one at a time");
        drop(under_way);
        assert!(uploads.running(sent.id).is_none());
        assert!(uploads.turn.clone().try_acquire_owned().is_ok());
    }
}
