//! Merging a reservation with others of its order: which, what differs, and the deed.

use super::act::changeable;
use super::{Blade, Item, ids, shell, switch};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::listing::{named, path};
use crate::portal::page::{self, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::merge::{self, Ask};
use prorata_app::{App, Error, orders};
use prorata_domain::Decision;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::merge::Plan;
use prorata_domain::reservation::Reservation;
use prorata_domain::term::utc_day;

#[derive(Debug, Template)]
#[template(path = "reservation_merge.html")]
pub struct MergePage {
    pub shell: Shell,
    pub item: Item,
    pub siblings: Vec<Sibling>,
    pub alert: Option<String>,
    /// Nothing while none is chosen.
    pub preview: Option<Preview>,
}

/// Another live reservation of the order.
#[derive(Debug, Clone)]
pub struct Sibling {
    pub id: String,
    pub name: String,
    pub units: String,
    pub scope: Said,
    pub flexibility: Said,
    pub bought: String,
    pub sku: String,
    pub chosen: bool,
    /// Whether it is unlike the reservation of the page, in each of these columns.
    pub unlike: Unlike,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Unlike {
    pub scope: bool,
    pub flexibility: bool,
    pub bought: bool,
    pub sku: bool,
}

#[derive(Debug, Clone)]
pub struct Preview {
    pub says: Said,
    pub notes: Vec<Said>,
    pub refused: Option<Refused>,
    pub chosen: Vec<String>,
    pub proof: Proof,
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

/// The reservation of the page and those that were chosen, each once.
fn sources(id: ReservationId, fields: &Fields) -> Vec<ReservationId> {
    let mut sources = vec![id];
    for chosen in fields.all("with").iter().filter_map(|text| ReservationId::parse(text)) {
        if !sources.contains(&chosen) {
            sources.push(chosen);
        }
    }
    sources
}

async fn page_of(
    desk: &Desk,
    (order, id): (OrderId, ReservationId),
    query: &Fields,
    status: StatusCode,
    alert: Option<String>,
) -> Result<Response, Error> {
    let call = desk.call();
    let sources = sources(id, query);
    let chosen = sources.clone();
    let (order, held, siblings, decision) = desk
        .app()
        .read_async(move |tx, app| {
            let (order, held) = changeable(tx, app, &call, order, id)?;
            let mut siblings = orders::show(tx, app, &call, order.id)?.reservations;
            siblings.retain(|row| row.id != id && row.state.is_active());
            let decision = if sources.len() < 2 {
                None
            } else {
                Some(merge::preview(tx, app, &call, &Ask { order: order.id, sources })?)
            };
            Ok((order, held, siblings, decision))
        })
        .await?;
    let item = Item::new(desk.app(), &order, &held, Blade::Form);
    let preview =
        decision.map(|decision| preview(desk.app(), &held, &siblings, &chosen, &decision));
    let row = |row: &Reservation| sibling(&held, row, chosen.contains(&row.id));
    let page = MergePage {
        shell: shell(desk, &item, &say("reservation-merge")),
        siblings: siblings.iter().map(row).collect(),
        alert,
        preview,
        item,
    };
    Ok(page::answer(status, &page))
}

fn sibling(held: &Reservation, row: &Reservation, chosen: bool) -> Sibling {
    Sibling {
        id: row.id.to_string(),
        name: named(&row.display_name, &row.sku),
        units: words::units(row.quantity),
        scope: words::applied_scope(&row.applied_scope),
        flexibility: switch(row.instance_flexibility),
        bought: words::short_day(utc_day(row.purchased_at)),
        sku: row.sku.clone(),
        chosen,
        unlike: Unlike {
            scope: !held.applied_scope.is_same(&row.applied_scope),
            flexibility: held.instance_flexibility != row.instance_flexibility,
            bought: utc_day(held.purchased_at) != utc_day(row.purchased_at),
            sku: held.sku != row.sku,
        },
    }
}

fn preview(
    app: &App,
    held: &Reservation,
    siblings: &[Reservation],
    chosen: &[ReservationId],
    decision: &Decision<Plan>,
) -> Preview {
    let others = siblings.iter().filter(|row| chosen.contains(&row.id));
    let sum = others.map(|row| row.quantity).fold(held.quantity, u32::saturating_add);
    let values = [
        ("count", chosen.len().into()),
        ("units", words::units(sum).into()),
        ("name", named(&held.display_name, &held.sku).into()),
    ];
    let mut notes = vec![say("merge-note-first"), say("merge-note-roles")];
    if decision.proposal.as_ref().is_some_and(|plan| plan.ends_renewal) {
        notes.push(say("merge-note-renewal"));
    }
    let way = |repair: &_| vec![Suggestion::told(repair)];
    Preview {
        says: say_with("merge-becomes", values),
        notes,
        refused: decision.refusal.as_ref().map(|refusal| Refused::new(refusal, way)),
        chosen: chosen.iter().skip(1).map(ToString::to_string).collect(),
        proof: Proof::new(&app.book, &decision.findings, decision.refusal.as_ref(), words::subject),
    }
}

pub async fn submit(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let (order, id) = ids(&order, &reservation)?;
        let sources = sources(id, &fields);
        if sources.len() < 2 {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let says = say("merge-choose").into_owned();
            return page_of(&desk, (order, id), &fields, status, Some(says)).await;
        }
        let call = desk.call();
        let ask = Ask { order, sources };
        // The same merge again is the same answer.
        let made = desk.app().deed_async(move |tx, app| merge::merge(tx, app, &call, &ask)).await;
        match made {
            Ok(done) => {
                let merged = done.reservations.last().map_or(id, |row| row.id);
                let to = format!("{}?done=merged", path(order, merged));
                Ok(Redirect::to(&to).into_response())
            }
            Err(Error::Refused(refused)) => {
                let why = words::reason(&refused.refusal);
                page_of(&desk, (order, id), &fields, StatusCode::CONFLICT, Some(why)).await
            }
            Err(error) => Err(error),
        }
    };
    desk.settle(answer.await)
}
