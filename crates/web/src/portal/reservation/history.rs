//! What a reservation was: every revision, with what it changed field by field, who did it and
//! when.

use super::{Blade, Item, ids, shell, switch};
use crate::portal::desk::{Asked, Desk};
use crate::portal::language::{say, say_if_known};
use crate::portal::page::{self, Shell};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::history::{self, Change};
use prorata_app::operations::Row;
use prorata_domain::reservation::Reservation;

/// Revisions of a page.
const ROWS: usize = 25;

#[derive(Debug, Template)]
#[template(path = "reservation_history.html")]
pub struct HistoryPage {
    pub shell: Shell,
    pub item: Item,
    pub revisions: Vec<Revision>,
    /// Where older ones are.
    pub older: Option<String>,
    pub newest: Option<String>,
}

/// A revision, and what it changed of the one before.
#[derive(Debug, Clone)]
pub struct Revision {
    pub number: String,
    pub title: Said,
    pub at: Moment,
    pub by: String,
    pub changes: Vec<Difference>,
    /// The decision behind it.
    pub decision: Option<String>,
}

/// A field that is not what it was; the first revision has nothing before it.
#[derive(Debug, Clone)]
pub struct Difference {
    pub field: Said,
    pub was: Option<String>,
    pub then: String,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let before = query.one("before").parse::<i64>().ok();
        let call = desk.call();
        let found = desk
            .app()
            .read_async(move |tx, app| history::changes(tx, app, &call, ids, before, ROWS))
            .await?;
        let item = Item::new(desk.app(), &found.order, &found.reservation, Blade::History);
        let path = format!("{}/history", item.head.path);
        let oldest = found.rows.last().filter(|_| found.before.is_some());
        let page = HistoryPage {
            shell: shell(&desk, &item, &say("reservation-history")),
            older: oldest.map(|row| format!("{path}?before={}", row.number)),
            newest: before.map(|_| path),
            revisions: revisions(&found.rows, found.before.as_ref(), &item.head.path),
            item,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn revisions(rows: &[Change], before: Option<&Reservation>, path: &str) -> Vec<Revision> {
    let olders = rows.iter().skip(1).map(|row| Some(&row.reservation));
    let olders = olders.chain(std::iter::once(before));
    let revision = |(row, older): (&Change, Option<&Reservation>)| Revision {
        number: words::count(row.number),
        title: row.by.as_ref().map_or_else(|| say("decision-kind-unknown"), |by| kind(&by.kind)),
        at: Moment(row.at),
        by: row.by.as_ref().map_or_else(|| say("history-by-unknown").into_owned(), who),
        changes: differences(older, &row.reservation),
        decision: row.by.as_ref().map(|by| format!("{path}/decisions/{}", by.id)),
    };
    rows.iter().zip(olders).map(revision).collect()
}

/// The name of a kind of operation.
pub fn kind(word: &str) -> Said {
    say_if_known(&format!("decision-kind-{word}"))
        .unwrap_or_else(|| words::capital(&word.replace('-', " ")).into())
}

/// Who did it: their name, the desk itself, or the identifier of somebody whose name was not kept.
pub fn who(row: &Row) -> String {
    if row.by.client.as_deref() == Some("prorata") {
        return say("history-by-desk").into_owned();
    }
    row.by.name.clone().unwrap_or_else(|| row.principal.to_string())
}

type Told = (&'static str, String);

/// The fields that are told, each with its value in words.
fn fields(row: &Reservation) -> [Told; 9] {
    [
        ("history-state", words::state(&row.state).into_owned()),
        ("reservation-quantity", words::units(row.quantity)),
        ("reservation-name", row.display_name.clone()),
        ("reservation-sku", row.sku.clone()),
        ("reservation-scope", words::applied_scope(&row.applied_scope).into_owned()),
        ("reservation-flexibility", switch(row.instance_flexibility).into_owned()),
        ("reservation-renewal", switch(row.renew).into_owned()),
        ("history-renew-as", renew_as(row)),
        ("history-archived", say(if row.archived { "history-yes" } else { "history-no" }).into()),
    ]
}

fn renew_as(row: &Reservation) -> String {
    row.renew_as.as_ref().map_or_else(
        || say("history-the-same").into_owned(),
        |wanted| format!("{} × {}", words::count(wanted.quantity), wanted.sku),
    )
}

/// What may come and go beside the fields.
fn benefit(row: &Reservation) -> String {
    row.no_benefit.map_or_else(
        || say("history-benefits").into_owned(),
        |why| say(&format!("no-benefit-{}", why.as_str())).into_owned(),
    )
}

pub fn differences(older: Option<&Reservation>, row: &Reservation) -> Vec<Difference> {
    let Some(older) = older else {
        // The rest of a first revision is as it has to be.
        let first = fields(row).into_iter().take(7);
        let told = |(field, then): Told| Difference { field: say(field), was: None, then };
        return first.filter(|(_, then)| !then.is_empty()).map(told).collect();
    };
    let benefits = [("history-benefit", benefit(older)), ("history-benefit", benefit(row))];
    let [was, is] = benefits;
    let pairs = fields(older).into_iter().zip(fields(row)).chain([(was, is)]);
    let differing = pairs.filter(|((_, was), (_, then))| was != then);
    differing
        .map(|((field, was), (_, then))| Difference { field: say(field), was: Some(was), then })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::samples::held;

    #[test]
    fn only_what_differs_is_told() {
        let row = held();
        let renamed = Reservation { display_name: "other".to_owned(), renew: true, ..row.clone() };
        let told = differences(Some(&row), &renamed);
        let fields: Vec<&str> = told.iter().map(|one| one.field.as_ref()).collect();
        assert_eq!(fields, ["Name", "Renewal"]);
        assert_eq!((told[1].was.as_deref(), told[1].then.as_str()), (Some("Off"), "On"));
        assert!(differences(Some(&row), &row).is_empty());
        assert!(differences(None, &row).iter().all(|one| one.was.is_none()));
    }
}
