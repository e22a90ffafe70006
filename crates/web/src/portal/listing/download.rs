//! The list as a file: everything that the address chooses, in its order.

use super::{Wish, named};
use crate::portal::desk::{Asked, Desk};
use crate::portal::language::{self, say, spoken};
use crate::portal::words;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use prorata_app::listing::{self, Customer, From, Held, Key};
use prorata_app::{App, Error};
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::utc_day;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Rows that are read and sent at once, so that a long list takes no more memory than a short one.
const ROWS: usize = 500;
/// Parts that wait for a slow reader.
const WAITING: usize = 2;

/// Tells programs that open such files by a double click which letters these are.
const MARK: &str = "\u{feff}";

const COLUMNS: [&str; 20] = [
    "name",
    "customer",
    "customer-id",
    "status",
    "used-1",
    "used-7",
    "used-30",
    "quantity",
    "expires",
    "scope",
    "scope-id",
    "term",
    "plan",
    "product",
    "sku",
    "region",
    "renewal",
    "reservation-id",
    "order-id",
    "account",
];

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let call = desk.call();
    let day = utc_day(call.now);
    let wanted = Wish::read(&query).asked(From::Start);
    let found = desk.app().read_async(move |tx, app| listing::keys(tx, app, &call, &wanted)).await;
    let (customers, keys) = match found {
        Ok(found) => found,
        Err(error) => return desk.settle(Err(error)),
    };
    let (sender, receiver) = mpsc::channel(WAITING);
    let app = desk.app().clone();
    let sending = language::speaking(spoken(), async move {
        if let Err(error) = send(&app, &customers, keys, &sender).await {
            // Whoever reads it finds it cut off, and not complete without an end.
            let _ = sender.send(Err(io::Error::other(error.to_string()))).await;
        }
    });
    tokio::spawn(sending);
    let name = format!("attachment; filename=\"reservations-{day}.csv\"");
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (CONTENT_DISPOSITION, name),
    ];
    (headers, Body::new(Parts(receiver))).into_response()
}

type Part = Result<Bytes, io::Error>;

/// Sends the rows part by part, as fast as they are taken.
async fn send(
    app: &App,
    customers: &[Customer],
    keys: Vec<(usize, Key)>,
    to: &Sender<Part>,
) -> Result<(), Error> {
    let head = COLUMNS.map(|column| say(&format!("reservations-file-{column}")).into_owned());
    let mut text = format!("{MARK}{}", line(&head));
    for part in keys.chunks(ROWS) {
        let part = part.to_vec();
        let held = app.read_async(move |tx, _| listing::read(tx, &part)).await?;
        for held in &held {
            text.push_str(&line(&cells(held, &customers[held.customer])));
        }
        if to.send(Ok(std::mem::take(&mut text).into())).await.is_err() {
            // Nobody reads on.
            return Ok(());
        }
    }
    if !text.is_empty() {
        let _ = to.send(Ok(text.into())).await;
    }
    Ok(())
}

fn cells(held: &Held, customer: &Customer) -> [String; COLUMNS.len()] {
    let (order, reservation) = (&held.order, &held.reservation);
    let commitment = &order.commitment;
    let shares = held.used.as_ref().map_or([None; 3], |used| used.shares);
    let [day, week, month] =
        shares.map(|share| share.map_or_else(String::new, |share| share.percent().to_string()));
    let scope_id = match &reservation.applied_scope {
        AppliedScope::Shared => String::new(),
        AppliedScope::Subscription(id) => id.to_string(),
        AppliedScope::ResourceGroup { subscription, name } => format!("{subscription}/{name}"),
        AppliedScope::ManagementGroup { id, .. } => id.clone(),
    };
    let renewal = if reservation.renew { "reservations-on" } else { "reservations-off" };
    [
        named(&reservation.display_name, &reservation.sku),
        customer.name.clone(),
        customer.tenant.to_string(),
        words::state(&reservation.state).into_owned(),
        day,
        week,
        month,
        reservation.quantity.to_string(),
        order.expires_on.to_string(),
        words::applied_scope_kind(&reservation.applied_scope).into_owned(),
        scope_id,
        commitment.term.to_string(),
        words::plan(commitment.plan).into_owned(),
        commitment.resource_type.clone(),
        reservation.sku.clone(),
        commitment.location.clone(),
        say(renewal).into_owned(),
        reservation.id.to_string(),
        order.id.to_string(),
        order.billing_account.clone(),
    ]
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&harmless(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that no program for tables takes for a formula.
fn harmless(cell: &str) -> String {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', ';', '"', '\n', '\r', '\t', '\'']) || cell.trim() != cell {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A body of parts that come one after the other.
struct Parts(Receiver<Part>);

impl HttpBody for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_its_line() {
        for (cell, written) in [
            ("web", "web"),
            ("=1+1", "\"'=1+1\""),
            ("+49 30", "\"'+49 30\""),
            ("-2+3", "\"'-2+3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("＝1", "\"'＝1\""),
            ("a,b", "\"a,b\""),
            ("say \"=1\"", "\"say \"\"=1\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("Söhne", "Söhne"),
        ] {
            assert_eq!(quoted(&harmless(cell)), written, "{cell:?}");
        }
    }
}
