//! The savings plans that are held, and one of them with its payments.

use super::desk::{Desk, Portal};
use super::language::{say, say_with};
use super::page::{self, Fact, Section, Shell};
use super::words::{self, Said};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::orders::{Payment, PaymentStatus};
use prorata_app::savings_plan::{self, View};
use prorata_domain::ids::{SavingsPlanId, SavingsPlanOrderId};
use prorata_domain::savings_plan::{Order, SavingsPlan, State};
use prorata_domain::term::{days_between, utc_day};
use prorata_ledger::{Money, MoneyError};
use std::sync::Arc;

pub fn routes() -> Router<Arc<Portal>> {
    Router::new()
        .route("/savings-plans", get(list))
        .route("/savings-plans/{order}/{plan}", get(show))
}

#[derive(Debug, Template)]
#[template(path = "savings_plans.html")]
pub struct PlansPage {
    pub shell: Shell,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub plan: Said,
    pub commitment: String,
    pub term: Said,
    pub paid: Said,
    pub scope: Said,
    pub state: Said,
    pub class: &'static str,
    pub ends: String,
    pub renews: Said,
}

#[derive(Debug, Template)]
#[template(path = "savings_plan.html")]
pub struct PlanPage {
    pub shell: Shell,
    pub name: String,
    pub lead: String,
    pub state: Said,
    pub class: &'static str,
    pub facts: Vec<Fact>,
    /// The ids that others ask for: what each is, and what it says.
    pub ids: Vec<(Said, String)>,
    /// The plans that this one followed on and was followed by.
    pub relations: Vec<(Said, String)>,
    /// Nothing where the order may not be read.
    pub payments: Option<Payments>,
}

#[derive(Debug, Clone)]
pub struct Payments {
    pub currency: String,
    pub paid: String,
    pub to_come: String,
    pub rows: Vec<PaymentRow>,
}

#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub number: String,
    pub due: String,
    pub amount: String,
    pub status: Said,
    pub class: &'static str,
}

/// The page of a plan.
pub fn path(order: SavingsPlanOrderId, plan: SavingsPlanId) -> String {
    format!("/savings-plans/{order}/{plan}")
}

async fn list(desk: Desk) -> Response {
    let answer = async {
        let call = desk.call();
        let held =
            desk.app().read_async(move |tx, app| savings_plan::list_plans(tx, app, &call)).await?;
        let page = PlansPage {
            shell: desk.shell(say("plans-title"), Section::TradeIn),
            rows: held.iter().map(|(order, plan)| row(order, plan)).collect(),
        };
        Ok::<_, Error>(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn row(order: &Order, plan: &SavingsPlan) -> Row {
    let what = &order.commitment;
    Row {
        href: path(order.id, plan.id),
        name: named(plan, order),
        plan: kind(order),
        commitment: words::hourly(what.hourly),
        term: words::term(what.term),
        paid: words::plan(what.plan),
        scope: words::applied_scope_kind(&plan.applied_scope),
        state: state(plan.state),
        class: class(plan.state),
        ends: words::short_day(order.expires_on),
        renews: say(if plan.renew { "plans-renews" } else { "plans-renews-not" }),
    }
}

fn named(plan: &SavingsPlan, order: &Order) -> String {
    super::listing::named(&plan.display_name, &order.commitment.sku)
}

fn kind(order: &Order) -> Said {
    super::trade_in::plan_name(order.commitment.kind.as_str())
}

fn state(state: State) -> Said {
    say(&format!("plans-state-{}", state.as_str()))
}

fn class(state: State) -> &'static str {
    match state {
        State::Active => "active",
        State::Expired => "ended",
    }
}

async fn show(desk: Desk, Path((order, plan)): Path<(String, String)>) -> Response {
    desk.settle(page_of(&desk, &order, &plan).await)
}

async fn page_of(desk: &Desk, order: &str, plan: &str) -> Result<Response, Error> {
    let ids = SavingsPlanOrderId::parse(order).zip(SavingsPlanId::parse(plan));
    let (order, id) = ids.ok_or_else(|| Error::Absent {
        what: "savings plan at this address".to_owned(),
        code: "SavingsPlanNotFound",
    })?;
    let call = desk.call();
    let today = utc_day(call.now);
    let ((order, plan), view) = desk
        .app()
        .read_async(move |tx, app| {
            let held = savings_plan::show_plan(tx, app, &call, order, id)?;
            // A role on the plan alone does not show its order.
            let view = match savings_plan::show(tx, app, &call, order) {
                Ok(view) => Some(view),
                Err(Error::Denied { .. } | Error::Absent { .. }) => None,
                Err(error) => return Err(error),
            };
            Ok((held, view))
        })
        .await?;
    let shell = desk.shell(named(&plan, &order), Section::TradeIn);
    let page = build(shell, &order, &plan, view.as_ref(), today)?;
    Ok(page::answer(StatusCode::OK, &page))
}

fn build(
    shell: Shell,
    order: &Order,
    plan: &SavingsPlan,
    view: Option<&View>,
    today: Date,
) -> Result<PlanPage, MoneyError> {
    let what = &order.commitment;
    let ids = vec![
        (say("plans-order"), order.id.to_string()),
        (say("plans-plan"), plan.id.to_string()),
        (say("buy-payer"), order.billing_subscription.to_string()),
    ];
    let relation = |id, to: Option<(SavingsPlanOrderId, SavingsPlanId)>| {
        to.map(|(order, plan)| (say(id), path(order, plan)))
    };
    let relations = [
        relation("plans-followed-on", plan.renew_source),
        relation("plans-followed-by", plan.renew_destination),
    ];
    Ok(PlanPage {
        name: named(plan, order),
        lead: format!("{}, {}, {}", kind(order), words::term(what.term), words::paid(what.plan)),
        state: state(plan.state),
        class: class(plan.state),
        facts: facts(order, plan, today)?,
        ids,
        relations: relations.into_iter().flatten().collect(),
        payments: view.map(payments).transpose()?,
        shell,
    })
}

fn facts(order: &Order, plan: &SavingsPlan, today: Date) -> Result<Vec<Fact>, MoneyError> {
    let what = &order.commitment;
    let left = days_between(today, order.expires_on);
    let ends = match plan.state {
        State::Active => {
            format!("{}, {}", words::day(order.expires_on), words::in_days(left))
        }
        State::Expired => words::day(order.expires_on),
    };
    let acquired = format!("plans-acquired-{}", plan.acquired_by.as_str());
    let renews = if plan.renew { "buy-renews" } else { "buy-renews-not" };
    Ok(vec![
        Fact::figure(say("trade-in-commitment"), words::hourly(what.hourly)),
        Fact::figure(say("trade-in-whole"), words::money(what.total()?)),
        Fact::words(say("plans-began"), words::day(order.start_day())),
        Fact::words(say("buy-ends"), ends),
        Fact::words(say("buy-renewal"), say(renews)),
        Fact::words(say("buy-scope"), words::applied_scope(&plan.applied_scope)),
        Fact::words(say("plans-acquired"), say(&acquired)),
    ])
}

fn payments(view: &View) -> Result<Payments, MoneyError> {
    let currency = view.order.commitment.payment.currency();
    let sum = |wanted: fn(PaymentStatus) -> bool| {
        let amounts = view.payments.iter().filter(|payment| wanted(payment.status));
        Money::sum(currency, amounts.map(|payment| payment.amount))
    };
    Ok(Payments {
        currency: currency.code().to_owned(),
        paid: words::money(sum(|status| status == PaymentStatus::Succeeded)?),
        to_come: words::money(sum(|status| status == PaymentStatus::Scheduled)?),
        rows: view.payments.iter().map(payment).collect(),
    })
}

fn payment(payment: &Payment) -> PaymentRow {
    let (word, class) = match payment.status {
        PaymentStatus::Succeeded => ("succeeded", "met"),
        PaymentStatus::Scheduled => ("scheduled", "not-concerned"),
        PaymentStatus::Failed => ("failed", "failed"),
        PaymentStatus::Cancelled => ("cancelled", "ended"),
    };
    PaymentRow {
        number: payment.number.to_string(),
        due: words::short_day(payment.due),
        amount: words::figure(payment.amount),
        status: say(&format!("plans-payment-{word}")),
        class,
    }
}

impl PlansPage {
    pub fn tally(&self) -> Said {
        let count = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        say_with("plans-tally", [("count", count.into())])
    }
}
