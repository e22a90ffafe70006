//! The overview of a reservation: what it is, how much of it was used, what each unit may still do,
//! and what may be done with it.

use super::commands::{Barred, Command, Rights, commands, why_partner};
use super::prospects::{Prospect, Return, Seen, prospects};
use super::usage::{self, Usage};
use super::{Blade, Item, ids, region, shell, switch};
use crate::portal::desk::{Asked, Desk};
use crate::portal::language::{say, say_if_known, say_with};
use crate::portal::listing::path;
use crate::portal::page::{self, Fact, Shell};
use crate::portal::words::{self, Said, in_days};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_app::drain;
use prorata_app::renewal::{self, Outlook};
use prorata_app::{
    App, Call, Error, access, history, orders, partner, refund, reservations, utilization,
};
use prorata_domain::Decision;
use prorata_domain::access::{Action, Scope};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::refund::Plan;
use prorata_domain::reservation::{NoBenefit, Order, Reservation, ReservationState};
use prorata_domain::rights::{self, Standing};
use prorata_domain::term::{days_between, utc_day};
use prorata_store::Tx;

#[derive(Debug, Template)]
#[template(path = "reservation.html")]
pub struct OverviewPage {
    pub shell: Shell,
    pub item: Item,
    pub commands: Vec<Command>,
    /// What cannot be done now, and why.
    pub barred: Vec<Barred>,
    /// What is wrong with its scope.
    pub alert: Option<Said>,
    pub facts: Vec<Fact>,
    pub usage: Usage,
    /// Nothing for one that has ended.
    pub prospects: Vec<Prospect>,
    pub relations: Vec<Relation>,
}

/// Another reservation that this one came from or became.
#[derive(Debug, Clone)]
pub struct Relation {
    pub words: Said,
    pub href: String,
    pub name: String,
}

/// What the page is made from.
pub struct Gathered {
    pub order: Order,
    pub held: Reservation,
    pub sees_order: bool,
    /// Decisions on returning all units and one; nothing while a payment is being made.
    pub refund: Option<Vec<Decision<Plan>>>,
    pub outlook: Option<Outlook>,
    pub rights: Rights,
    /// The partner that gives it up for the reader, who is of its customer.
    pub partner: Option<String>,
    pub siblings: Vec<Reservation>,
    pub usage: usage::Known,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let days = usage::span(&query.one("days"));
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let notice = say_if_known(&format!("reservation-done-{}", query.one("done")));
        page_of(&desk, ids, days, notice.filter(|_| query.has("done"))).await
    };
    desk.settle(answer.await)
}

async fn page_of(
    desk: &Desk,
    ids: (OrderId, ReservationId),
    days: i32,
    notice: Option<Said>,
) -> Result<Response, Error> {
    let call = desk.call();
    let now = call.now;
    let since = usage::since(now, days);
    let found = desk.app().read_async(move |tx, app| gather(tx, app, &call, ids, since)).await?;
    let (app, today) = (desk.app(), utc_day(now));
    let (order, held) = (&found.order, &found.held);
    let standing = rights::standing(&app.book, order, held, today);
    let item = Item::new(app, order, held, Blade::Overview).noting(notice);
    let path = item.head.path.clone();
    let (commands, barred) = commands(app, &found, &standing, &path, today)?;
    let page = OverviewPage {
        shell: shell(desk, &item, &say("reservation-overview")),
        commands,
        barred,
        alert: held.no_benefit.map(no_benefit),
        facts: facts(app, order, held, today)?,
        usage: Usage::new(&path, (order.id, held.id), days, now, &found.usage),
        prospects: cards(app, &found, &standing, &path, today)?,
        relations: relations(order, held),
        item,
    };
    Ok(page::answer(StatusCode::OK, &page))
}

fn gather(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    since: jiff::Timestamp,
) -> Result<Gathered, Error> {
    let (order, held) = reservations::show(tx, app, call, order, id)?;
    let sees_order = access::may(tx, call, Action::Read, &Scope::order(order.id))?;
    let live = held.state.is_active();
    let (mut refund, mut outlook, mut siblings) = (None, None, Vec::new());
    if sees_order && live {
        refund = refund::preview(tx, app, call, (order.id, id), &[held.quantity, 1])?;
        siblings = orders::show(tx, app, call, order.id)?.reservations;
        siblings.retain(|row| row.id != id && row.state.is_active());
    }
    if sees_order && live && held.renew {
        outlook = Some(renewal::outlook(tx, app, call, &order, &held)?);
    }
    let rights = Rights::of(tx, call, &order, id)?;
    let partner = partner::to_ask(tx, call, &order)?;
    let usage = used(tx, app, call, &order, &held, since)?;
    Ok(Gathered { order, held, sees_order, refund, outlook, rights, partner, siblings, usage })
}

fn used(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: &Order,
    held: &Reservation,
    since: jiff::Timestamp,
) -> Result<usage::Known, Error> {
    let place = (held.tenant, order.id, held.id);
    let summed = utilization::summed(tx, place)?;
    let days = match &summed {
        Some(summed) => {
            let first = summed.last_day.saturating_sub(usage::longest().days());
            utilization::days(tx, place, first, summed.last_day)?
        }
        None => Vec::new(),
    };
    let ids = (order.id, held.id);
    let drains = history::drained(tx, app, call, ids, since, usage::USAGES_MAX)?;
    Ok(usage::Known { summed, days, balance: drain::balance(tx, order, held)?, drains })
}

fn cards(
    app: &App,
    found: &Gathered,
    standing: &Standing,
    path: &str,
    today: Date,
) -> Result<Vec<Prospect>, Error> {
    if !found.held.state.is_active() || today >= found.order.expires_on {
        return Ok(Vec::new());
    }
    let refund = match found.refund.as_deref() {
        _ if !found.sees_order => Return::Unseen,
        Some([all, one]) => Return::Priced { all, one },
        _ => Return::Charging,
    };
    let mut cards = prospects(&Seen {
        book: &app.book,
        order: &found.order,
        held: &found.held,
        today,
        standing,
        refund,
        outlook: found.outlook.as_ref(),
        path,
    })?;
    // What the reader may not do leads nowhere.
    for card in &mut cards {
        let may = match card.id {
            "return" => found.rights.returns,
            "exchange" => found.rights.exchanges,
            "trade-in" => found.rights.trades,
            "renewal" => found.rights.renews,
            _ => true,
        };
        let asks = found.partner.as_deref().filter(|_| matches!(card.id, "exchange" | "trade-in"));
        if (!may || asks.is_some()) && card.way.take().is_some() {
            card.lines.push(
                asks.filter(|_| may)
                    .map_or_else(|| say("reservation-why-role").into_owned(), why_partner),
            );
        }
    }
    Ok(cards)
}

fn facts(app: &App, order: &Order, held: &Reservation, today: Date) -> Result<Vec<Fact>, Error> {
    let what = &order.commitment;
    let resource_type = app.catalog.resource_type(&what.resource_type);
    let kind = resource_type.map_or(what.resource_type.as_str(), |found| &found.title);
    let whole = what.unit_total.times(i64::from(held.quantity))?;
    let ends = words::day(order.expires_on);
    let expires = if held.state.is_active() {
        let left = in_days(days_between(today, order.expires_on));
        say_with("reservation-ends-in", [("day", ends.into()), ("left", left.into())])
    } else {
        ends.into()
    };
    Ok(vec![
        Fact::words(say("reservation-ends"), expires),
        Fact::words(say("reservation-scope"), words::applied_scope(&held.applied_scope)),
        Fact::words(say("reservation-renewal"), switch(held.renew)),
        Fact::words(say("reservation-product"), kind),
        Fact::words(say("reservation-sku"), &held.sku),
        Fact::words(say("reservation-region"), region(app, &what.location)),
        Fact::figure(say("reservation-quantity"), words::units(held.quantity)),
        Fact::words(say("reservation-term"), words::term(what.term)),
        Fact::words(say("reservation-plan"), words::plan(what.plan)),
        Fact::figure(say("reservation-unit-price"), words::money(what.unit_total)),
        Fact::figure(say("reservation-price"), words::money(whole)),
        Fact::words(say("reservation-began"), words::day(order.start_day())),
    ])
}

fn no_benefit(why: NoBenefit) -> Said {
    say(&format!("no-benefit-{}", why.as_str()))
}

fn relations(order: &Order, held: &Reservation) -> Vec<Relation> {
    let relation = |words: &str, order: OrderId, id: ReservationId| Relation {
        words: say(words),
        href: path(order, id),
        name: id.to_string(),
    };
    let here = |words, id| relation(words, order.id, id);
    let mut found: Vec<Relation> =
        held.source.iter().map(|id| here("relation-source", *id)).collect();
    found.extend(held.merged_from.iter().map(|id| here("relation-merged-from", *id)));
    match &held.state {
        ReservationState::Active
        | ReservationState::Expired
        | ReservationState::NotRenewed
        | ReservationState::Drained
        | ReservationState::BillingFailed { .. } => {}
        ReservationState::Renewed { order, into } => {
            found.push(relation("relation-renewed", *order, *into));
        }
        ReservationState::Returned { rest } | ReservationState::Exchanged { rest } => {
            found.extend(rest.map(|id| here("relation-rest", id)));
        }
        ReservationState::Split { into } => {
            found.extend(into.iter().map(|id| here("relation-split", *id)));
        }
        ReservationState::Merged { into } => found.push(here("relation-merged", *into)),
        ReservationState::Swapped { into, rest } => {
            found.push(here("relation-swapped", *into));
            found.extend(rest.map(|id| here("relation-rest", id)));
        }
    }
    found
}
