//! Rearranging reservations: splitting, merging, changing, archiving, moving.

use super::asked::{Asked, read};
use super::problem;
use super::reservations::{rendered, with_sources};
use super::table::{Entry, may, run};
use super::versions::{ARCHIVE, CHANGE_DIRECTORY, SINCE_2017, SINCE_2019};
use crate::arm::{ArmError, RouteTable, done, empty, json};
use crate::limits::PAGE_ROWS;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::{applied, archive, directory, merge, rearrange, reservations, split, update};
use prorata_domain::Decision;
use prorata_domain::access::Action::{ChangeDirectory, Manage, Read};
use prorata_wire::azure::v2022_11_01::{
    applied as applied_shape, directory as directory_shape, rearrange as shape,
    reservation as reservation_shape, update as update_shape,
};
use prorata_wire::explanation;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/split",
            "Reservation_Split",
            SINCE_2017,
            may(Manage, run!(split_item)),
        )
        .route(
            Method::PATCH,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}",
            "Reservation_Update",
            SINCE_2017,
            may(Manage, run!(update_item)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}/availableScopes",
            "Reservation_AvailableScopes",
            SINCE_2019,
            may(Manage, run!(available_scopes)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}/archive",
            "Reservation_Archive",
            ARCHIVE,
            may(Manage, run!(archive_item)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}/unarchive",
            "Reservation_Unarchive",
            ARCHIVE,
            may(Manage, run!(unarchive_item)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}/revisions",
            "Reservation_ListRevisions",
            SINCE_2017,
            may(Read, run!(revisions)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/changeDirectory",
            "ReservationOrder_ChangeDirectory",
            CHANGE_DIRECTORY,
            may(ChangeDirectory, run!(change_directory)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}/providers/Microsoft.Capacity/appliedReservations",
            "GetAppliedReservationList",
            SINCE_2017,
            may(Read, run!(applied_reservations)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/merge",
            "Reservation_Merge",
            SINCE_2017,
            may(Manage, run!(merge_items)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/mergeoperationresults/{result}",
            "Reservation_MergeResult",
            SINCE_2017,
            may(Read, run!(result)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/splitoperationresults/{result}",
            "Reservation_SplitResult",
            SINCE_2017,
            may(Read, run!(result)),
        )
}

async fn split_item(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let wanted = read(shape::parse_split(&asked.json().await?, order))?;
    let ask = split::Ask { order, reservation: wanted.reservation, quantities: wanted.quantities };
    if asked.flag("whatIf")? {
        let seen = asked.read(move |tx, app, call| split::preview(tx, app, call, &ask)).await?;
        return previewed(&asked, &seen);
    }
    let made = asked.write(move |tx, app, call| split::split(tx, app, call, &ask)).await?;
    answer(&asked, shape::Job::Split, &made)
}

async fn merge_items(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let sources = read(shape::parse_merge(&asked.json().await?, order))?;
    let ask = merge::Ask { order, sources };
    if asked.flag("whatIf")? {
        let seen = asked.read(move |tx, app, call| merge::preview(tx, app, call, &ask)).await?;
        return previewed(&asked, &seen);
    }
    let made = asked.write(move |tx, app, call| merge::merge(tx, app, call, &ask)).await?;
    answer(&asked, shape::Job::Merge, &made)
}

/// What `whatIf=true` answers in place of the deed: the decision, as an error where it is a no.
fn previewed<P>(asked: &Asked, decision: &Decision<P>) -> Result<Response, ArmError> {
    let book = &asked.app().book;
    if let Some(refusal) = &decision.refusal {
        return Err(problem::refusal(book, refusal, &decision.findings));
    }
    let body = serde_json::json!({ "explanation": explanation::render(book, decision) });
    Ok(json(StatusCode::OK, &body))
}

/// 200 with the reservations, and the place where the same answer is found again.
fn answer(
    asked: &Asked,
    job: shape::Job,
    made: &rearrange::Rearranged,
) -> Result<Response, ArmError> {
    let now = asked.call()?.now;
    let body = shape::rows(&made.order, &made.reservations, now, asked.version);
    let location = asked.url(&shape::result_id(job, made.order.id, made.subject));
    Ok(done(&body, &location))
}

async fn result(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let sent = asked.captures.get("result");
    let Some(subject) = shape::parse_result(sent) else {
        let shown: String = sent.chars().take(64).collect();
        let message = format!(
            "`{shown}` is no result; take the address that the split or merge answered as it is."
        );
        return Err(ArmError::bad_request("BadRequest", message).with_target("result"));
    };
    let made =
        asked.read(move |tx, app, call| rearrange::result(tx, app, call, order, subject)).await?;
    let now = asked.call()?.now;
    let body = shape::rows(&made.order, &made.reservations, now, asked.version);
    Ok(json(StatusCode::OK, &body))
}

async fn update_item(asked: Asked) -> Result<Response, ArmError> {
    let (order, reservation) = (asked.order()?, asked.reservation()?);
    let changes = read(update_shape::parse(&asked.json().await?, asked.version))?;
    let ask = update::Ask { order, reservation, changes };
    if asked.flag("whatIf")? {
        let seen = asked.read(move |tx, app, call| update::preview(tx, app, call, &ask)).await?;
        return previewed(&asked, &seen);
    }
    let rows = asked
        .write(move |tx, app, call| {
            let changed = update::update(tx, app, call, &ask)?;
            with_sources(tx, vec![changed])
        })
        .await?;
    let body = rendered(&rows, asked.call()?.now, asked.version).pop().unwrap_or_default();
    Ok(json(StatusCode::OK, &body))
}

async fn available_scopes(asked: Asked) -> Result<Response, ArmError> {
    let (order, reservation) = (asked.order()?, asked.reservation()?);
    let tenant = asked.call()?.caller.tenant;
    let wanted = read(update_shape::parse_scopes(&asked.json().await?, tenant))?;
    let scopes: Vec<_> = wanted.iter().map(|(_, scope)| scope.clone()).collect();
    let valid = asked
        .read(move |tx, app, call| {
            update::available_scopes(tx, app, call, order, reservation, &scopes)
        })
        .await?;
    let answered = wanted.iter().map(|(text, _)| text.as_str()).zip(valid);
    Ok(json(StatusCode::OK, &update_shape::scopes(answered)))
}

async fn archive_item(asked: Asked) -> Result<Response, ArmError> {
    put_away(asked, true).await
}

async fn unarchive_item(asked: Asked) -> Result<Response, ArmError> {
    put_away(asked, false).await
}

async fn put_away(asked: Asked, archived: bool) -> Result<Response, ArmError> {
    let (order, item) = (asked.order()?, asked.reservation()?);
    asked
        .write(move |tx, app, call| archive::archive(tx, app, call, order, item, archived))
        .await?;
    Ok(empty(StatusCode::OK))
}

async fn revisions(asked: Asked) -> Result<Response, ArmError> {
    let (order, item) = (asked.order()?, asked.reservation()?);
    let before = match asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()) {
        None => None,
        Some(mark) => Some(mark.parse::<i64>().map_err(|_| {
            let message = "`$skiptoken` is not one that a next link gave; start at the first page.";
            ArmError::bad_request("BadRequest", message).with_target("$skiptoken")
        })?),
    };
    let (order, page) = asked
        .read(move |tx, app, call| {
            reservations::revisions(tx, app, call, order, item, before, PAGE_ROWS)
        })
        .await?;
    let now = asked.call()?.now;
    let rows = page
        .rows
        .iter()
        .map(|was| {
            let row = &was.reservation;
            reservation_shape::revision(&order, row, was.step, now, asked.version)
        })
        .collect();
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &reservation_shape::page(rows, next, None, asked.version)))
}

async fn change_directory(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let destination = read(directory_shape::parse(&asked.json().await?))?;
    let moved = asked
        .write(move |tx, app, call| directory::change_directory(tx, app, call, order, destination))
        .await?;
    Ok(json(StatusCode::OK, &directory_shape::moved(&moved.order, &moved.reservations)))
}

async fn applied_reservations(asked: Asked) -> Result<Response, ArmError> {
    let subscription = asked.subscription()?;
    let orders = asked
        .read(move |tx, app, call| applied::applied_reservations(tx, app, call, subscription))
        .await?;
    Ok(json(StatusCode::OK, &applied_shape::show(subscription, orders.into_iter())))
}
