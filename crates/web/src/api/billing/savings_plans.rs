//! Savings plans by the account that pays for them.

use super::super::asked::{Asked, read};
use super::super::billing_benefits::list::{Row, page_of};
use super::super::billing_benefits::{change_of, validated};
use super::super::orders::payment;
use super::super::table::{Entry, may, run};
use super::{MARK, VERSIONS, at};
use crate::arm::{ArmError, RouteTable, json};
use crate::limits::PAGE_ROWS;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::savings_plan::{self, require_payer, update};
use prorata_app::{App, Call, Error, billing_account};
use prorata_domain::access::Action::{ManageSavingsPlan, ReadSavingsPlan};
use prorata_domain::ids::SavingsPlanOrderId;
use prorata_store::Tx;
use prorata_wire::azure::billing as shape;
use prorata_wire::azure::billing_benefits::{plan, update as changed};

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    table
        .route(
            get(),
            at!("/{account}/savingsPlanOrders"),
            "SavingsPlanOrders_ListByBillingAccount",
            VERSIONS,
            may(ReadSavingsPlan, run!(orders)),
        )
        .route(
            get(),
            at!("/{account}/savingsPlanOrders/{order}"),
            "SavingsPlanOrders_GetByBillingAccount",
            VERSIONS,
            may(ReadSavingsPlan, run!(order)),
        )
        .route(
            get(),
            at!("/{account}/savingsPlans"),
            "SavingsPlans_ListByBillingAccount",
            VERSIONS,
            may(ReadSavingsPlan, run!(plans)),
        )
        .route(
            get(),
            at!("/{account}/savingsPlanOrders/{order}/savingsPlans"),
            "SavingsPlans_ListBySavingsPlanOrder",
            VERSIONS,
            may(ReadSavingsPlan, run!(of_order)),
        )
        .route(
            get(),
            at!("/{account}/savingsPlanOrders/{order}/savingsPlans/{plan}"),
            "SavingsPlans_GetByBillingAccount",
            VERSIONS,
            may(ReadSavingsPlan, run!(show)),
        )
        .route(
            Method::PATCH,
            at!("/{account}/savingsPlanOrders/{order}/savingsPlans/{plan}"),
            "SavingsPlans_UpdateByBillingAccount",
            VERSIONS,
            may(ManageSavingsPlan, run!(change)),
        )
        .route(
            Method::POST,
            at!("/{account}/savingsPlanOrders/{order}/savingsPlans/{plan}/validate"),
            "SavingsPlans_ValidateUpdateByBillingAccount",
            VERSIONS,
            may(ManageSavingsPlan, run!(validate)),
        )
}

/// Every plan of an account that the caller may see.
fn of_account(tx: &mut Tx<'_>, app: &App, call: &Call, name: &str) -> Result<Vec<Row>, Error> {
    let account = billing_account::require(tx, call, name, None)?;
    savings_plan::list_of_account(tx, app, call, &account.id)
}

async fn plans(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.account();
    let rows = asked.read(move |tx, app, call| of_account(tx, app, call, &name)).await?;
    // All of them are of the one account.
    let account = rows.first().map(|(order, _)| order.billing_account.clone()).unwrap_or_default();
    let page = page_of(&asked, rows, MARK)?;
    let rows = page.rows.into_iter().map(|row| shape::under(&account, row)).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, page.next, page.summary)))
}

async fn orders(asked: Asked) -> Result<Response, ArmError> {
    let (name, after) = (asked.account(), asked.mark(SavingsPlanOrderId::parse)?);
    let mut rows = asked.read(move |tx, app, call| of_account(tx, app, call, &name)).await?;
    rows.retain(|(order, _)| after.is_none_or(|mark| order.id > mark));
    let next = (rows.len() > PAGE_ROWS).then(|| rows[PAGE_ROWS - 1].0.id.to_string());
    rows.truncate(PAGE_ROWS);
    let now = asked.call()?.now;
    let shown = rows
        .iter()
        .map(|(order, held)| shape::under(&order.billing_account, plan::order(order, held, now)));
    let next = next.map(|mark| asked.next_link(MARK, &mark));
    Ok(json(StatusCode::OK, &shape::page(shown.collect(), next, None)))
}

async fn order(asked: Asked) -> Result<Response, ArmError> {
    let (name, id) = (asked.account(), asked.savings_plan_order()?);
    let with_schedule = asked.expands("schedule")?;
    let found = asked
        .read(move |tx, app, call| {
            let found = savings_plan::show(tx, app, call, id)?;
            require_payer(&found.order, &name)?;
            Ok(found)
        })
        .await?;
    let now = asked.call()?.now;
    let body = if with_schedule {
        let payments: Vec<_> = found.payments.iter().map(payment).collect();
        plan::order_with_schedule((&found.order, &found.plan), &payments, now)
            .map_err(|error| asked.problem(error.into()))?
    } else {
        plan::order(&found.order, &found.plan, now)
    };
    Ok(json(StatusCode::OK, &shape::under(&found.order.billing_account, body)))
}

async fn of_order(asked: Asked) -> Result<Response, ArmError> {
    let (name, id) = (asked.account(), asked.savings_plan_order()?);
    let found = asked
        .read(move |tx, app, call| {
            let found = savings_plan::show(tx, app, call, id)?;
            require_payer(&found.order, &name)?;
            Ok(found)
        })
        .await?;
    let row = plan::plan(&found.order, &found.plan, asked.call()?.now, false);
    let row = shape::under(&found.order.billing_account, row);
    Ok(json(StatusCode::OK, &shape::page(vec![row], None, None)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (name, order, id) = (asked.account(), asked.savings_plan_order()?, asked.savings_plan()?);
    let expanded = asked.expands("renewProperties")?;
    let (order, held) = asked
        .read(move |tx, app, call| {
            let found = savings_plan::show_plan(tx, app, call, order, id)?;
            require_payer(&found.0, &name)?;
            Ok(found)
        })
        .await?;
    let body = plan::plan(&order, &held, asked.call()?.now, expanded);
    Ok(json(StatusCode::OK, &shape::under(&order.billing_account, body)))
}

async fn change(asked: Asked) -> Result<Response, ArmError> {
    let (name, order, id) = (asked.account(), asked.savings_plan_order()?, asked.savings_plan()?);
    let change = change_of(read(changed::parse(&asked.json().await?))?);
    let (order, held) = asked
        .write(move |tx, app, call| {
            let (found, _) = savings_plan::show_plan(tx, app, call, order, id)?;
            require_payer(&found, &name)?;
            update::update(tx, app, call, order, id, &change)
        })
        .await?;
    let body = plan::plan(&order, &held, asked.call()?.now, false);
    Ok(json(StatusCode::OK, &shape::under(&order.billing_account, body)))
}

async fn validate(asked: Asked) -> Result<Response, ArmError> {
    let account = Some(asked.account());
    validated(asked, account).await
}
