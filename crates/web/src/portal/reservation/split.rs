//! Splitting a reservation: how many units each part gets, what becomes of them, and the deed.

use super::{Blade, Item, ids, shell};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::{self, Fields};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::split::{self, Ask};
use prorata_app::{App, Error, reservations};
use prorata_domain::Decision;
use prorata_domain::decision::Repair;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::split::Plan;

/// Parts of one split in the form.
const PARTS_MAX: usize = 20;

#[derive(Debug, Template)]
#[template(path = "reservation_split.html")]
pub struct SplitPage {
    pub shell: Shell,
    pub item: Item,
    pub held: String,
    pub parts: Vec<PartField>,
    pub may_add: bool,
    pub alert: Option<String>,
    /// Nothing while a part is no number.
    pub preview: Option<Preview>,
}

/// A part as it was typed.
#[derive(Debug, Clone)]
pub struct PartField {
    pub number: usize,
    pub typed: String,
    pub fault: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Preview {
    pub rows: Vec<PartRow>,
    /// What else becomes of it.
    pub notes: Vec<Said>,
    pub refused: Option<Refused>,
    pub button: Said,
    pub proof: Proof,
}

/// A reservation that the split would make.
#[derive(Debug, Clone)]
pub struct PartRow {
    pub number: usize,
    pub units: String,
    pub price: String,
    /// Where it lies in the picture of the whole, in thousandths.
    pub x: i64,
    pub width: i64,
    pub quantity: u32,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        page_of(&desk, ids, &query, StatusCode::OK, None).await
    };
    desk.settle(answer.await)
}

/// The texts of the parts; one more where that was asked for. Two halves where nothing was typed.
fn typed(query: &Fields, held: u32) -> Vec<String> {
    let mut parts = query.all("part");
    if parts.is_empty() {
        let half = held / 2;
        return vec![(held - half).to_string(), half.to_string()];
    }
    if query.one("act") == "more" {
        parts.push(String::new());
    }
    parts.truncate(PARTS_MAX);
    parts
}

/// The quantities, or what is wrong with each; a part that was left empty is none.
fn read(parts: &[String]) -> Result<Vec<u32>, Vec<Option<String>>> {
    let read: Vec<Result<Option<u32>, String>> = parts
        .iter()
        .map(|part| match part.as_str() {
            "" => Ok(None),
            text => form::quantity(text, u32::MAX).map(Some),
        })
        .collect();
    if read.iter().all(Result::is_ok) {
        return Ok(read.into_iter().flatten().flatten().collect());
    }
    Err(read.into_iter().map(Result::err).collect())
}

async fn page_of(
    desk: &Desk,
    (order, id): (OrderId, ReservationId),
    query: &Fields,
    status: StatusCode,
    alert: Option<String>,
) -> Result<Response, Error> {
    let call = desk.call();
    let query = query.clone();
    let (order, held, parts, decision) = desk
        .app()
        .read_async(move |tx, app| {
            let (order, held) = reservations::show(tx, app, &call, order, id)?;
            let parts = typed(&query, held.quantity);
            let decision = match read(&parts) {
                Ok(quantities) => {
                    let ask = Ask { order: order.id, reservation: id, quantities };
                    Some((split::preview(tx, app, &call, &ask)?, ask.quantities))
                }
                Err(_) => None,
            };
            Ok((order, held, parts, decision))
        })
        .await?;
    let item = Item::new(desk.app(), &order, &held, Blade::Form);
    let preview = decision
        .map(|(decision, quantities)| {
            preview(desk.app(), &item.head.path, &order, &held, &quantities, &decision)
        })
        .transpose()?;
    let faults = read(&parts).err().unwrap_or_default();
    let field = |(index, typed): (usize, String)| PartField {
        number: index + 1,
        typed,
        fault: faults.get(index).cloned().flatten(),
    };
    let page = SplitPage {
        shell: shell(desk, &item, &say("reservation-split")),
        held: words::units(held.quantity),
        may_add: parts.len() < PARTS_MAX,
        parts: parts.into_iter().enumerate().map(field).collect(),
        alert,
        preview,
        item,
    };
    Ok(page::answer(status, &page))
}

fn preview(
    app: &App,
    path: &str,
    order: &Order,
    held: &Reservation,
    quantities: &[u32],
    decision: &Decision<Plan>,
) -> Result<Preview, Error> {
    let mut rows = Vec::with_capacity(quantities.len());
    let whole = quantities.iter().map(|part| i64::from(*part)).sum::<i64>().max(1);
    let mut before = 0;
    for (index, quantity) in quantities.iter().enumerate() {
        let (x, end) = (before * 1000 / whole, (before + i64::from(*quantity)) * 1000 / whole);
        before += i64::from(*quantity);
        rows.push(PartRow {
            number: index + 1,
            units: words::units(*quantity),
            price: words::money(order.commitment.unit_total.times(i64::from(*quantity))?),
            x,
            width: end - x,
            quantity: *quantity,
        });
    }
    let mut notes = vec![
        say_with("split-note-end", [("day", words::day(order.expires_on).into())]),
        say("split-note-same"),
        say("split-note-roles"),
    ];
    if held.renew {
        notes.push(say("split-note-renewal"));
    }
    let way = |repair: &Repair| match repair {
        Repair::Choose { values, .. } => values
            .iter()
            .map(|value| {
                let parts: Vec<String> =
                    value.split(" + ").map(|part| format!("part={part}")).collect();
                let says = say_with("split-repair", [("parts", value.clone().into())]);
                let href = format!("{path}/split?{}", parts.join("&"));
                Suggestion { text: says.into_owned(), ..Suggestion::linked(repair, href) }
            })
            .collect(),
        other => vec![Suggestion::told(other)],
    };
    Ok(Preview {
        notes,
        refused: decision.refusal.as_ref().map(|refusal| Refused::new(refusal, way)),
        button: say_with("split-button", [("count", rows.len().into())]),
        proof: Proof::new(&app.book, &decision.findings, decision.refusal.as_ref(), words::subject),
        rows,
    })
}

pub async fn submit(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let Ok(quantities) = read(&fields.all("part")) else {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page_of(&desk, ids, &fields, status, None).await;
        };
        let ask = Ask { order: ids.0, reservation: ids.1, quantities };
        let call = desk.call();
        // The same split of it again is the same answer.
        let made = desk.app().deed_async(move |tx, app| split::split(tx, app, &call, &ask)).await;
        match made {
            Ok(_) => {
                let to = format!("/reservations/{}/{}?done=split", ids.0, ids.1);
                Ok(Redirect::to(&to).into_response())
            }
            Err(Error::Refused(refused)) => {
                let why = words::reason(&refused.refusal);
                page_of(&desk, ids, &fields, StatusCode::CONFLICT, Some(why)).await
            }
            Err(error) => Err(error),
        }
    };
    desk.settle(answer.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_two_halves_first_and_empty_ones_are_left_out() {
        let fields = |pairs: &[(&str, &str)]| {
            let owned = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            Fields::new(owned.collect())
        };
        assert_eq!(typed(&fields(&[]), 5), ["3", "2"]);
        let asked = fields(&[("part", "4"), ("part", ""), ("act", "more")]);
        let parts = typed(&asked, 5);
        assert_eq!(parts, ["4", "", ""]);
        assert_eq!(read(&parts), Ok(vec![4]));
        let faults = read(&["4".to_owned(), "x".to_owned()]).unwrap_err();
        assert!(faults[0].is_none() && faults[1].is_some());
        let many: Vec<(&str, &str)> = (0..40).map(|_| ("part", "1")).collect();
        assert_eq!(typed(&fields(&many), 40).len(), PARTS_MAX);
    }
}
