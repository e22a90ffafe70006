//! Microsoft.Support, of a subscription and of a tenant as a whole, and asking for an exception
//! from a reservation, with the desk's side of it.

mod communications;
mod desk;
mod files;
mod reservation;
mod tickets;

use super::asked::Asked;
use super::table::{Entry, may, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_domain::access::Action::{OpenTicket, Read, ReadTicket};
use prorata_domain::ids::SubscriptionId;
use prorata_domain::support;
use prorata_wire::azure::support as shape;

const VERSIONS: &[&str] = &["2024-04-01"];

/// Seconds after which the real service wants to be asked about an operation again.
const OPERATION_SECONDS: u32 = 5;

/// The most rows of a page.
const PAGE_MAX: usize = 100;

macro_rules! tenant {
    ($path:literal) => {
        concat!("/providers/Microsoft.Support", $path)
    };
}
macro_rules! subscription {
    ($path:literal) => {
        concat!("/subscriptions/{subscription}/providers/Microsoft.Support", $path)
    };
}

/// One operation on both paths. Of a tenant's tickets everybody sees and changes their own, so the
/// job there asks for no role at first.
macro_rules! both {
    ($table:expr, $method:ident $path:literal, $group:literal, $operation:literal, $action:expr, $handler:path) => {
        $table
            .route(
                Method::$method,
                subscription!($path),
                concat!($group, "_", $operation),
                VERSIONS,
                may($action, run!($handler)),
            )
            .route(
                Method::$method,
                tenant!($path),
                concat!($group, "NoSubscription_", $operation),
                VERSIONS,
                signed_in(run!($handler)),
            )
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let table = reservation_routes(desk_routes(file_routes(ticket_routes(subjects(table)))));
    let table = both!(
        table, GET "/operationsStatus/{operation}", "Support", "OperationStatus", ReadTicket,
        tickets::operation
    );
    both!(
        table, GET "/operationResults/{operation}", "Support", "OperationResult", ReadTicket,
        tickets::operation
    )
}

fn subjects(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    table
        .route(get(), tenant!("/operations"), "Support_Operations_List", VERSIONS, {
            signed_in(run!(operations))
        })
        .route(get(), tenant!("/services"), "Services_List", VERSIONS, signed_in(run!(services)))
        .route(get(), tenant!("/services/{service}"), "Services_Get", VERSIONS, {
            signed_in(run!(service))
        })
        .route(
            get(),
            tenant!("/services/{service}/problemClassifications"),
            "ProblemClassifications_List",
            VERSIONS,
            signed_in(run!(problems)),
        )
        .route(
            get(),
            tenant!("/services/{service}/problemClassifications/{problem}"),
            "ProblemClassifications_Get",
            VERSIONS,
            signed_in(run!(problem)),
        )
}

fn ticket_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let table = both!(
        table, POST "/checkNameAvailability", "SupportTickets", "CheckNameAvailability",
        OpenTicket, tickets::check_name
    );
    let table = both!(
        table, GET "/supportTickets", "SupportTickets", "List", ReadTicket, tickets::list
    );
    let table = both!(
        table, GET "/supportTickets/{ticket}", "SupportTickets", "Get", ReadTicket, tickets::show
    );
    let table = both!(
        table, PUT "/supportTickets/{ticket}", "SupportTickets", "Create", OpenTicket,
        tickets::open
    );
    let table = both!(
        table, PATCH "/supportTickets/{ticket}", "SupportTickets", "Update", OpenTicket,
        tickets::update
    );
    let table = both!(
        table, POST "/supportTickets/{ticket}/checkNameAvailability", "Communications",
        "CheckNameAvailability", OpenTicket, communications::check_name
    );
    let table = both!(
        table, GET "/supportTickets/{ticket}/communications", "Communications", "List",
        ReadTicket, communications::list
    );
    let table = both!(
        table, GET "/supportTickets/{ticket}/communications/{communication}", "Communications",
        "Get", ReadTicket, communications::show
    );
    let table = both!(
        table, PUT "/supportTickets/{ticket}/communications/{communication}", "Communications",
        "Create", OpenTicket, communications::say
    );
    let table = both!(
        table, GET "/supportTickets/{ticket}/chatTranscripts", "ChatTranscripts", "List",
        ReadTicket, communications::chats
    );
    both!(
        table, GET "/supportTickets/{ticket}/chatTranscripts/{chat}", "ChatTranscripts", "Get",
        ReadTicket, communications::chat
    )
}

fn file_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let table = both!(
        table, GET "/fileWorkspaces/{workspace}", "FileWorkspaces", "Get", ReadTicket,
        files::workspace
    );
    let table = both!(
        table, PUT "/fileWorkspaces/{workspace}", "FileWorkspaces", "Create", OpenTicket,
        files::make_workspace
    );
    let table = both!(
        table, GET "/fileWorkspaces/{workspace}/files", "Files", "List", ReadTicket, files::list
    );
    let table = both!(
        table, GET "/fileWorkspaces/{workspace}/files/{file}", "Files", "Get", ReadTicket,
        files::show
    );
    let table = both!(
        table, PUT "/fileWorkspaces/{workspace}/files/{file}", "Files", "Create", OpenTicket,
        files::make
    );
    both!(
        table, POST "/fileWorkspaces/{workspace}/files/{file}/upload", "Files", "Upload",
        OpenTicket, files::upload
    )
}

macro_rules! of_reservation {
    ($path:literal) => {
        concat!("/prorata/reservationOrders/{order}/reservations/{reservation}", $path)
    };
}

/// Asking from a reservation, in a shape of our own.
fn reservation_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(
            Method::POST,
            of_reservation!("/evidence"),
            "Support_Evidence",
            &[],
            may(OpenTicket, run!(reservation::evidence)),
        )
        .route(
            Method::PUT,
            of_reservation!("/supportTickets/{ticket}"),
            "Support_Open",
            &[],
            may(OpenTicket, run!(reservation::open)),
        )
        .route(
            Method::GET,
            of_reservation!("/supportTickets/{ticket}"),
            "Support_Ticket",
            &[],
            may(Read, run!(reservation::show)),
        )
        .route(
            Method::GET,
            of_reservation!("/supportTickets/{ticket}/files/{file}"),
            "Support_File",
            &[],
            may(Read, run!(reservation::file)),
        )
}

/// What those at the desk do; for others it is not there, which the job says.
fn desk_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    const TICKET: &str = "/prorata/desk/supportTickets/{ticket}";
    table
        .route(
            Method::GET,
            "/prorata/desk/supportTickets",
            "Desk_Tickets",
            &[],
            signed_in(run!(desk::list)),
        )
        .route(Method::GET, TICKET, "Desk_Ticket", &[], signed_in(run!(desk::show)))
        .route(Method::PATCH, TICKET, "Desk_SetStatus", &[], signed_in(run!(desk::set_status)))
        .route(
            Method::GET,
            "/prorata/desk/supportTickets/{ticket}/files/{file}",
            "Desk_File",
            &[],
            signed_in(run!(desk::file)),
        )
        .route(
            Method::PUT,
            "/prorata/desk/supportTickets/{ticket}/communications/{communication}",
            "Desk_Answer",
            &[],
            signed_in(run!(desk::answer)),
        )
        .route(
            Method::PUT,
            "/prorata/desk/supportTickets/{ticket}/exceptions/{exception}",
            "Desk_Grant",
            &[],
            signed_in(run!(desk::grant)),
        )
}

/// The subscription of the path, if it has one.
fn subscription(asked: &Asked) -> Result<Option<SubscriptionId>, ArmError> {
    asked.captures.find("subscription").map(|_| asked.subscription()).transpose()
}

/// A name in the path, as it was sent.
fn name(asked: &Asked, segment: &str) -> String {
    asked.captures.get(segment).to_owned()
}

/// Rows of a page, as `$top` wants them.
fn top(asked: &Asked, absent: usize, most: usize) -> Result<usize, ArmError> {
    let wanted = asked.number("$top", absent)?;
    if (1..=most).contains(&wanted) {
        return Ok(wanted);
    }
    let message = format!("`$top` is {wanted}; give a number of rows from 1 to {most}.");
    Err(ArmError::bad_request("BadRequest", message).with_target("$top"))
}

async fn operations(_asked: Asked) -> Result<Response, ArmError> {
    Ok(json(StatusCode::OK, &shape::operations::list()))
}

async fn services(_asked: Asked) -> Result<Response, ArmError> {
    let rows = support::services().iter().map(shape::service).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None)))
}

fn find_service(asked: &Asked) -> Result<&'static support::Service, ArmError> {
    let id = asked.captures.get("service");
    support::service(id).ok_or_else(|| {
        let shown: String = id.chars().take(64).collect();
        let message = format!("There is no service `{shown}`. List the services to see which are.");
        ArmError::not_found("ResourceNotFound", message)
    })
}

async fn service(asked: Asked) -> Result<Response, ArmError> {
    Ok(json(StatusCode::OK, &shape::service(find_service(&asked)?)))
}

async fn problems(asked: Asked) -> Result<Response, ArmError> {
    let service = find_service(&asked)?;
    let rows = service.problems.iter().map(|problem| shape::problem(service, problem)).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None)))
}

async fn problem(asked: Asked) -> Result<Response, ArmError> {
    let service = find_service(&asked)?;
    let id = asked.captures.get("problem");
    let problem = service.problem(id).ok_or_else(|| {
        let shown: String = id.chars().take(64).collect();
        let message = format!("{} has no problem classification `{shown}`.", service.name);
        ArmError::not_found("ResourceNotFound", message)
    })?;
    Ok(json(StatusCode::OK, &shape::problem(service, problem)))
}
