//! Microsoft.BillingBenefits: savings plans, and reservations bought under a name.

pub(super) mod list;

use super::asked::{Asked, read};
use super::table::{Entry, may, run, signed_in};
use super::{orders, problem};
use crate::arm::{ArmError, RouteTable, created, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::savings_plan::{self, purchase, update};
use prorata_app::{Error, reservation_alias};
use prorata_domain::access::Action::{
    Assign, Buy, BuySavingsPlan, ManageSavingsPlan, Read, ReadSavingsPlan,
};
use prorata_domain::access::role;
use prorata_domain::ids::{OperationId, SavingsPlanId, SavingsPlanOrderId};
use prorata_wire::azure::Fault;
use prorata_wire::azure::billing_benefits::{
    self as shape, operations, plan, purchase as bought, reservation, update as changed,
};
use prorata_wire::azure::v2022_11_01::refused;

/// Newest first. Later previews keep these shapes and add resources that are not served.
const VERSIONS: &[&str] = &["2025-12-01-preview", "2022-11-01"];

/// Seconds after which the real service wants to be asked about an operation again.
const OPERATION_SECONDS: u32 = 5;

/// Characters of the name of an alias.
const NAME_CHARS_MAX: usize = 128;

macro_rules! at {
    ($path:literal) => {
        concat!("/providers/Microsoft.BillingBenefits", $path)
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
    aliases(table, &get, &put)
        .route(get.clone(), at!("/operations"), "BillingBenefits_Operations_List", VERSIONS, {
            signed_in(run!(list_operations))
        })
        .route(post, at!("/validate"), "ValidatePurchase", VERSIONS, {
            may(BuySavingsPlan, run!(validate))
        })
        .route(get.clone(), at!("/savingsPlanOrders"), "SavingsPlanOrder_List", VERSIONS, {
            may(ReadSavingsPlan, run!(list::orders))
        })
        .route(get.clone(), at!("/savingsPlans"), "SavingsPlan_ListAll", VERSIONS, {
            may(ReadSavingsPlan, run!(list::plans))
        })
        .route(get.clone(), at!("/savingsPlanOrders/{order}"), "SavingsPlanOrder_Get", VERSIONS, {
            may(ReadSavingsPlan, run!(show_order))
        })
        .route(
            Method::POST,
            at!("/savingsPlanOrders/{order}/elevate"),
            "SavingsPlanOrder_Elevate",
            VERSIONS,
            may(Assign, run!(elevate)),
        )
        .route(
            get.clone(),
            at!("/savingsPlanOrders/{order}/savingsPlans"),
            "SavingsPlan_List",
            VERSIONS,
            may(ReadSavingsPlan, run!(list::of_order)),
        )
        .route(
            get,
            at!("/savingsPlanOrders/{order}/savingsPlans/{plan}"),
            "SavingsPlan_Get",
            VERSIONS,
            may(ReadSavingsPlan, run!(show_plan)),
        )
        .route(
            Method::PATCH,
            at!("/savingsPlanOrders/{order}/savingsPlans/{plan}"),
            "SavingsPlan_Update",
            VERSIONS,
            may(ManageSavingsPlan, run!(change)),
        )
        .route(
            Method::POST,
            at!("/savingsPlanOrders/{order}/savingsPlans/{plan}/validate"),
            "SavingsPlan_ValidateUpdate",
            VERSIONS,
            may(ManageSavingsPlan, run!(validate_change)),
        )
}

fn aliases(table: RouteTable<Entry>, get: &Method, put: &Method) -> RouteTable<Entry> {
    table
        .route(
            put.clone(),
            at!("/savingsPlanOrderAliases/{alias}"),
            "SavingsPlanOrderAlias_Create",
            VERSIONS,
            may(BuySavingsPlan, run!(buy)),
        )
        .route(
            get.clone(),
            at!("/savingsPlanOrderAliases/{alias}"),
            "SavingsPlanOrderAlias_Get",
            VERSIONS,
            may(ReadSavingsPlan, run!(show_alias)),
        )
        .route(
            put.clone(),
            at!("/reservationOrderAliases/{alias}"),
            "ReservationOrderAlias_Create",
            VERSIONS,
            may(Buy, run!(buy_reservation)),
        )
        .route(
            get.clone(),
            at!("/reservationOrderAliases/{alias}"),
            "ReservationOrderAlias_Get",
            VERSIONS,
            may(Read, run!(show_reservation_alias)),
        )
        .route(
            get.clone(),
            at!("/operationResults/{operation}"),
            "BillingBenefits_Operation_Result",
            VERSIONS,
            // The job shows an operation to whoever asked for it and to nobody else.
            signed_in(run!(result)),
        )
}

impl Asked {
    pub(super) fn savings_plan_order(&self) -> Result<SavingsPlanOrderId, ArmError> {
        self.guid("order", "BadRequest", "savings plan order", SavingsPlanOrderId::parse)
    }

    pub(super) fn savings_plan(&self) -> Result<SavingsPlanId, ArmError> {
        self.guid("plan", "BadRequest", "savings plan", SavingsPlanId::parse)
    }

    /// The name in the path: letters, digits and `-_.` make names that every client can send.
    fn alias(&self) -> Result<String, ArmError> {
        let name = self.captures.get("alias");
        let allowed = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
        if name.chars().count() <= NAME_CHARS_MAX && name.chars().all(allowed) {
            return Ok(name.to_owned());
        }
        let message = format!(
            "The name of an alias has up to {NAME_CHARS_MAX} letters, digits, `-`, `_` and `.`."
        );
        Err(ArmError::bad_request("BadRequest", message).with_target("alias"))
    }
}

async fn list_operations(_asked: Asked) -> Result<Response, ArmError> {
    Ok(json(StatusCode::OK, &operations::list()))
}

async fn buy(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.alias()?;
    let request = read(bought::parse(&asked.json().await?))?;
    let done =
        asked.write(move |tx, app, call| purchase::put(tx, app, call, &name, &request)).await?;
    let body = bought::alias(&alias_of(&done));
    Ok(made(&asked, &body, done.is_new, done.operation))
}

fn alias_of(done: &purchase::Aliased) -> bought::Alias<'_> {
    bought::Alias {
        name: &done.name,
        request: &done.request,
        order: done.order,
        is_new: done.is_new,
        state: done.state,
    }
}

/// 201 with the operation to look at, for what this call bought; else 200 with what there is.
fn made(asked: &Asked, body: &serde_json::Value, is_new: bool, operation: OperationId) -> Response {
    if !is_new {
        return json(StatusCode::OK, body);
    }
    let url = asked.url(&shape::operation_result_id(operation));
    created(body, &url, asked.retry_after(OPERATION_SECONDS))
}

async fn show_alias(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.alias()?;
    let found = asked.read(move |tx, app, call| purchase::get(tx, app, call, &name)).await?;
    Ok(json(StatusCode::OK, &bought::alias(&alias_of(&found))))
}

async fn buy_reservation(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.alias()?;
    let request = read(reservation::parse(&asked.json().await?))?;
    let done = asked
        .write(move |tx, app, call| reservation_alias::put(tx, app, call, &name, &request))
        .await?;
    let body = reservation::alias(&reservation_alias_of(&done));
    Ok(made(&asked, &body, done.is_new, done.operation))
}

fn reservation_alias_of(done: &reservation_alias::Aliased) -> reservation::Alias<'_> {
    reservation::Alias {
        name: &done.name,
        request: &done.request,
        order: done.order,
        is_new: done.is_new,
    }
}

async fn show_reservation_alias(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.alias()?;
    let found =
        asked.read(move |tx, app, call| reservation_alias::get(tx, app, call, &name)).await?;
    Ok(json(StatusCode::OK, &reservation::alias(&reservation_alias_of(&found))))
}

/// The purchase under a name. It is final at once: what was decided is on disk before the 201.
async fn result(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.guid("operation", "BadRequest", "operation", OperationId::parse)?;
    let found = asked.read(move |tx, app, call| savings_plan::operation(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &shape::operation_done(found)))
}

/// Says row by row what would be sold; a row that cannot be read is an answer like any other.
async fn validate(asked: Asked) -> Result<Response, ArmError> {
    let rows = read(bought::parse_benefits(&asked.json().await?))?;
    let requests: Vec<_> = rows.iter().filter_map(|row| row.as_ref().ok().cloned()).collect();
    let decided =
        asked.read(move |tx, app, call| purchase::validate(tx, app, call, &requests)).await?;
    let mut decided = decided.into_iter();
    let mut verdicts = Vec::with_capacity(rows.len());
    for row in rows {
        verdicts.push(match row {
            Err(faults) => Some(unreadable(&faults)),
            Ok(_) => match decided.next() {
                Some(Ok(decision)) => decision
                    .refusal
                    .map(|refusal| (refusal.code.to_string(), refused::message(&refusal))),
                Some(Err(error)) => Some(told(&asked, error)),
                None => {
                    let why = "a row to validate has no answer".to_owned();
                    return Err(asked.problem(Error::Broken(why)));
                }
            },
        });
    }
    Ok(json(StatusCode::OK, &bought::verdicts(&verdicts)))
}

fn unreadable(faults: &[Fault]) -> (String, String) {
    let code = faults.first().map_or("BadRequest", |fault| fault.code).to_owned();
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    (code, messages.join(" "))
}

/// What a caller would be told of an error, as a row.
fn told(asked: &Asked, error: Error) -> (String, String) {
    let error = problem::of(asked.app(), asked.ids.request, error);
    (error.code.to_string(), error.message)
}

async fn show_order(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.savings_plan_order()?;
    let with_schedule = asked.expands("schedule")?;
    let found = asked.read(move |tx, app, call| savings_plan::show(tx, app, call, id)).await?;
    let now = asked.call()?.now;
    if !with_schedule {
        return Ok(json(StatusCode::OK, &plan::order(&found.order, &found.plan, now)));
    }
    let payments: Vec<_> = found.payments.iter().map(orders::payment).collect();
    let body = plan::order_with_schedule((&found.order, &found.plan), &payments, now)
        .map_err(|error| asked.problem(error.into()))?;
    Ok(json(StatusCode::OK, &body))
}

async fn elevate(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.savings_plan_order()?;
    let given = asked.write(move |tx, app, call| update::elevate(tx, app, call, id)).await?;
    let Some(role) = role(&given.role) else {
        return Err(asked.problem(Error::Broken(format!("no role is called `{}`", given.role))));
    };
    Ok(json(StatusCode::OK, &plan::role(id, given.id, given.principal, role)))
}

async fn show_plan(asked: Asked) -> Result<Response, ArmError> {
    let (order, id) = (asked.savings_plan_order()?, asked.savings_plan()?);
    let expanded = asked.expands("renewProperties")?;
    let (order, held) =
        asked.read(move |tx, app, call| savings_plan::show_plan(tx, app, call, order, id)).await?;
    Ok(json(StatusCode::OK, &plan::plan(&order, &held, asked.call()?.now, expanded)))
}

async fn change(asked: Asked) -> Result<Response, ArmError> {
    let (order, id) = (asked.savings_plan_order()?, asked.savings_plan()?);
    let change = change_of(read(changed::parse(&asked.json().await?))?);
    let (order, held) =
        asked.write(move |tx, app, call| update::update(tx, app, call, order, id, &change)).await?;
    Ok(json(StatusCode::OK, &plan::plan(&order, &held, asked.call()?.now, false)))
}

pub(super) fn change_of(change: changed::Change) -> update::Change {
    update::Change {
        display_name: change.display_name,
        applied_scope: change.applied_scope,
        renew: change.renew,
        renewal: change.renewal,
    }
}

async fn validate_change(asked: Asked) -> Result<Response, ArmError> {
    validated(asked, None).await
}

/// Says of each change of a plan whether it would be taken; under an account, only of a plan that
/// the account pays for.
pub(super) async fn validated(asked: Asked, account: Option<String>) -> Result<Response, ArmError> {
    let (order, id) = (asked.savings_plan_order()?, asked.savings_plan()?);
    let rows = read(changed::parse_benefits(&asked.json().await?))?;
    let changes: Vec<_> =
        rows.iter().filter_map(|row| row.as_ref().ok().cloned()).map(change_of).collect();
    let objections = asked
        .read(move |tx, app, call| {
            if let Some(account) = &account {
                let (order, _) = savings_plan::show_plan(tx, app, call, order, id)?;
                savings_plan::require_payer(&order, account)?;
            }
            update::validate(tx, app, call, order, id, &changes)
        })
        .await?;
    let mut objections = objections.into_iter();
    let verdicts: Vec<bought::Verdict> = rows
        .iter()
        .map(|row| match row {
            Err(faults) => Some(unreadable(faults)),
            Ok(_) => objections.next().flatten().map(|found| (found.code.to_owned(), found.reason)),
        })
        .collect();
    Ok(json(StatusCode::OK, &bought::verdicts(&verdicts)))
}
