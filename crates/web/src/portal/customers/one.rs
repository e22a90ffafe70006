//! The page of a customer's account.

use super::figures_of;
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::home::{account_path, part};
use crate::portal::language::{say, say_if_known, say_with};
use crate::portal::page::{self, Fact, Section, Shell};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::partner::customers;
use prorata_app::portfolio::Pool;
use prorata_app::portfolio::customer::{self, Kind, Ledger, View};
use prorata_domain::ids::TenantId;
use prorata_domain::term::{days_between, utc_day};

#[derive(Debug, Clone, Template)]
#[template(path = "customer.html")]
pub struct CustomerPage {
    pub shell: Shell,
    pub path: String,
    pub name: String,
    pub lead: Said,
    pub as_of: Option<Said>,
    pub reservations: String,
    /// Going on in the customer's tenant.
    pub enter: Option<Enter>,
    pub done: bool,
    pub failing: bool,
    pub facts: Vec<Fact>,
    pub cap: Cap,
    pub subscriptions: Vec<Subscription>,
    pub buying: Option<Buying>,
    /// Nothing where it is summed up when it is asked for.
    pub ledger: Option<Vec<Balance>>,
    pub credits: Vec<Credit>,
}

#[derive(Debug, Clone)]
pub struct Enter {
    pub to: String,
    pub label: Said,
}

/// The pool of refunds.
#[derive(Debug, Clone)]
pub struct Cap {
    pub left: String,
    pub of: Said,
    pub used: String,
    pub used_since: Said,
    pub used_part: i64,
    pub scope: String,
    pub none: Said,
    pub days: Vec<Day>,
}

/// A day that counts.
#[derive(Debug, Clone)]
pub struct Day {
    pub on: String,
    pub amount: String,
    pub back: String,
}

#[derive(Debug, Clone)]
pub struct Subscription {
    pub name: String,
    pub id: String,
    pub state: String,
}

/// Whether the customer may buy for itself.
#[derive(Debug, Clone)]
pub struct Buying {
    pub state: Said,
    pub class: &'static str,
    pub means: Said,
    /// For whoever may change it.
    pub form: Option<Form>,
    /// Why the caller may not.
    pub reason: Option<Said>,
    pub shows_log: bool,
    pub log: Vec<Change>,
}

#[derive(Debug, Clone)]
pub struct Form {
    pub allow: &'static str,
    pub confirm: Said,
    pub button: Said,
    /// Whether it was sent without the confirmation.
    pub fault: bool,
}

#[derive(Debug, Clone)]
pub struct Change {
    pub at: Moment,
    pub by: String,
    pub to: Said,
}

#[derive(Debug, Clone)]
pub struct Balance {
    pub kind: Said,
    pub amount: String,
}

#[derive(Debug, Clone)]
pub struct Credit {
    pub given: String,
    pub last: String,
    pub left: String,
    pub amount: String,
}

impl CustomerPage {
    /// What a screen reader calls a table that scrolls.
    fn sideways(&self, id: &str) -> Said {
        say_with("scrolls-sideways", [("what", say(id).into())])
    }
}

/// What is asked of the page beside the account.
#[derive(Debug, Clone, Copy, Default)]
struct Asking {
    sum_all: bool,
    done: bool,
    fault: bool,
}

pub async fn show(
    desk: Desk,
    Path((tenant, account)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let sum_all = query.one("sum") == "ledger";
    let done = query.one("done") == "buying";
    let asking = Asking { sum_all, done, fault: false };
    desk.settle(answer(&desk, &tenant, account, asking, StatusCode::OK).await)
}

/// Says whether the customer may buy for itself. Saying the same again changes nothing.
pub async fn submit(
    Path((tenant, account)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let done = async {
        let customer = id(&tenant)?;
        if fields.one("confirmed") != "yes" {
            let asking = Asking { fault: true, ..Asking::default() };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return answer(&desk, &tenant, account.clone(), asking, status).await;
        }
        let (call, allowed) = (desk.call(), fields.one("allow") == "yes");
        desk.app()
            .write_async(move |tx, app| customers::permit(tx, app, &call, customer, allowed))
            .await?;
        let path = account_path(customer, &account);
        Ok(Redirect::to(&format!("{path}?done=buying")).into_response())
    };
    desk.settle(done.await)
}

fn id(tenant: &str) -> Result<TenantId, Error> {
    TenantId::parse(tenant)
        .ok_or_else(|| Error::Absent { what: "customer".to_owned(), code: "CustomerNotFound" })
}

async fn answer(
    desk: &Desk,
    tenant: &str,
    account: String,
    asking: Asking,
    status: StatusCode,
) -> Result<Response, Error> {
    let (tenant, call) = (id(tenant)?, desk.call());
    let today = utc_day(call.now);
    let view = desk
        .app()
        .read_async(move |tx, app| customer::show(tx, app, &call, tenant, &account, asking.sum_all))
        .await?;
    let here = desk.session.caller.tenant;
    let shell = desk.shell(named(&view, here), Section::Customers);
    Ok(page::answer(status, &page(shell, &view, here, asking, today)))
}

/// A customer is called by its name, an account of one's own by its own.
fn named(view: &View, here: TenantId) -> String {
    match view.tenant == here {
        true => view.payer.account.id.clone(),
        false => view.tenant_name.clone(),
    }
}

fn page(shell: Shell, view: &View, here: TenantId, asking: Asking, today: Date) -> CustomerPage {
    let account = &view.payer.account;
    let elsewhere = view.tenant != here;
    let enter = elsewhere.then(|| Enter {
        to: format!("{} /reservations", view.tenant),
        label: say_with("customer-enter", [("name", view.tenant_name.clone().into())]),
    });
    CustomerPage {
        path: account_path(view.tenant, &account.id),
        name: named(view, here),
        lead: format!("{}, {}", words::agreement(account.agreement), account.currency).into(),
        as_of: view.as_of.map(figures_of),
        reservations: format!("/reservations?customer={}", view.tenant),
        enter,
        done: asking.done,
        failing: account.failing_on(today).is_some(),
        facts: facts(view),
        cap: cap(&view.payer.pool),
        subscriptions: view
            .subscriptions
            .iter()
            .map(|row| Subscription {
                name: row.name.clone(),
                id: row.id.to_string(),
                state: row.state.clone(),
            })
            .collect(),
        buying: view.buying.as_ref().map(|said| buying(said, asking.fault)),
        ledger: match &view.ledger {
            Ledger::Much => None,
            Ledger::Summed(rows) => Some(rows.iter().map(balance).collect()),
        },
        credits: credits(view, today),
        shell,
    }
}

fn facts(view: &View) -> Vec<Fact> {
    let (account, summary) = (&view.payer.account, &view.summary);
    let active = i64::try_from(summary.active).unwrap_or(i64::MAX);
    let mut facts = vec![
        Fact::words(say("customer-agreement"), words::agreement(account.agreement)),
        Fact::words(say("customer-payment"), words::payment(account.payment)),
        Fact::words(say("customer-currency"), account.currency.to_string()),
    ];
    let currency = account.currency.to_string();
    if currency != "USD" {
        let label = say_with("customer-rate", [("currency", currency.into())]);
        facts.push(Fact::figure(label, words::decimal(&account.usd_rate.normalize().to_string())));
    }
    facts.push(Fact::figure(say("customer-active"), words::count(active)));
    facts.extend(
        summary
            .commitment
            .iter()
            .map(|amount| Fact::figure(say("customer-commitment"), words::money(*amount))),
    );
    facts.extend(
        summary.next_expiry.map(|day| Fact::words(say("customer-next-end"), words::day(day))),
    );
    facts.extend(
        account
            .prepayment_ends
            .map(|day| Fact::words(say("customer-prepayment-ends"), words::day(day))),
    );
    facts.push(Fact::identifier(say("customer-id"), &account.id));
    facts.extend(account.profile.as_ref().map(|id| Fact::identifier(say("customer-profile"), id)));
    facts.push(Fact::identifier(say("customer-tenant"), view.tenant));
    facts
}

fn cap(pool: &Pool) -> Cap {
    let since = || [("day", words::day(pool.since).into())];
    let day = |(on, amount, back): &(Date, prorata_ledger::Money, Date)| Day {
        on: words::short_day(*on),
        amount: words::figure(*amount),
        back: words::short_day(*back),
    };
    Cap {
        left: words::figure(pool.left),
        of: say_with("customer-cap-of", [("cap", words::money(pool.cap).into())]),
        used: words::figure(pool.used),
        used_since: say_with("customer-cap-used", since()),
        used_part: part(pool.used, pool.cap),
        scope: pool.scope.clone(),
        none: say_with("customer-cap-none", since()),
        days: pool.days.iter().map(day).collect(),
    }
}

fn buying(said: &customer::Buying, fault: bool) -> Buying {
    let partner = || [("partner", said.partner.clone().into())];
    let (state, class, means) = match said.allowed {
        true => ("customer-buying-on", "active", "customer-buying-on-means"),
        false => ("customer-buying-off", "ended", "customer-buying-off-means"),
    };
    let form = said.may_change.is_ok().then(|| match said.allowed {
        true => Form {
            allow: "no",
            confirm: say("customer-buying-confirm-off"),
            button: say("customer-buying-forbid"),
            fault,
        },
        false => Form {
            allow: "yes",
            confirm: say_with("customer-buying-confirm", partner()),
            button: say("customer-buying-allow"),
            fault,
        },
    });
    let reason = said.may_change.as_ref().err().filter(|reason| !reason.is_empty());
    let change = |change: &customer::Change| Change {
        at: Moment(change.at),
        by: change.by.clone(),
        to: say(if change.allowed { "customer-buying-on" } else { "customer-buying-off" }),
    };
    Buying {
        state: say(state),
        class,
        means: say_with(means, partner()),
        form,
        reason: reason.map(|reason| {
            say_with("customer-buying-not-yours", [("reason", words::sentence(reason).into())])
        }),
        shows_log: said.may_change.is_ok() || reason.is_some() || !said.changes.is_empty(),
        log: said.changes.iter().map(change).collect(),
    }
}

fn balance((kind, amount): &(Kind, prorata_ledger::Money)) -> Balance {
    let said = match kind {
        Kind::Prepaid => say("customer-ledger-prepaid"),
        Kind::Used => say("customer-ledger-used"),
        Kind::SavingsPlanPrepaid => say("customer-ledger-savings-plan-prepaid"),
        Kind::SavingsPlanUsed => say("customer-ledger-savings-plan-used"),
        Kind::Fee => say("customer-ledger-fee"),
        Kind::Payer(means) => say_if_known(&format!("customer-ledger-payer-{means}"))
            .unwrap_or_else(|| means.clone().into()),
        Kind::Other(name) => name.clone().into(),
    };
    Balance { kind: said, amount: words::money(*amount) }
}

fn credits(view: &View, today: Date) -> Vec<Credit> {
    let credit = |credit: &prorata_app::portfolio::Credit| {
        let last = credit.lapses_on.yesterday().unwrap_or(credit.lapses_on);
        Credit {
            given: words::short_day(credit.given_on),
            last: words::short_day(last),
            left: words::in_days(days_between(today, last)),
            amount: words::money(credit.amount),
        }
    };
    view.payer.credits.iter().map(credit).collect()
}
