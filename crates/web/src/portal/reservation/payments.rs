//! The payments of a reservation's order: its schedule, what was paid and given back, and every
//! line that it has in the ledger.

use super::{Blade, Item, history, ids, shell};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::orders::{self, Payment, PaymentStatus};
use prorata_app::{Error, reservations};
use prorata_domain::reservation::Order;
use prorata_domain::term::utc_day;
use prorata_ledger::{Account, Currency, Money, MoneyError};
use prorata_store::journal::Posted;

#[derive(Debug, Template)]
#[template(path = "reservation_payments.html")]
pub struct PaymentsPage {
    pub shell: Shell,
    pub item: Item,
    /// Nothing where the order may not be read.
    pub payments: Option<Payments>,
}

#[derive(Debug, Clone)]
pub struct Payments {
    /// Said once for all amounts.
    pub currency: String,
    pub sums: Vec<(Said, String)>,
    pub rows: Vec<PaymentRow>,
    pub entries: Vec<Entry>,
}

/// A payment of the schedule.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub number: String,
    pub due: String,
    pub amount: String,
    pub status: Said,
    pub class: &'static str,
    pub paid_on: Option<String>,
}

/// An entry of the ledger; its lines balance.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: Moment,
    pub event: Said,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub account: String,
    pub debit: String,
    pub credit: String,
}

pub async fn show(desk: Desk, Path((order, reservation)): Path<(String, String)>) -> Response {
    desk.settle(page_of(&desk, &order, &reservation).await)
}

async fn page_of(desk: &Desk, order: &str, reservation: &str) -> Result<Response, Error> {
    let (order, id) = ids(order, reservation)?;
    let call = desk.call();
    let (order, held, found) = desk
        .app()
        .read_async(move |tx, app| {
            let (order, held) = reservations::show(tx, app, &call, order, id)?;
            // A role on the reservation alone does not show its order.
            let found = match orders::show(tx, app, &call, order.id) {
                Ok(view) => {
                    let posted = prorata_app::history::ledger(tx, app, &call, order.id)?;
                    Some((view.payments, posted))
                }
                Err(Error::Denied { .. } | Error::Absent { .. }) => None,
                Err(error) => return Err(error),
            };
            Ok((order, held, found))
        })
        .await?;
    let item = Item::new(desk.app(), &order, &held, Blade::Payments);
    let payments = found.map(|(rows, posted)| payments(&order, &rows, &posted)).transpose()?;
    let shell = shell(desk, &item, &say("reservation-payments"));
    Ok(page::answer(StatusCode::OK, &PaymentsPage { shell, item, payments }))
}

fn payments(order: &Order, rows: &[Payment], posted: &[Posted]) -> Result<Payments, MoneyError> {
    let currency = order.commitment.unit_total.currency();
    let of = |status| {
        let amounts = rows.iter().filter(|row| row.status == status).map(|row| row.amount);
        Money::sum(currency, amounts)
    };
    let overdue = of(PaymentStatus::Failed)?;
    let mut sums = vec![
        (say("payments-paid"), words::figure(of(PaymentStatus::Succeeded)?)),
        (say("payments-returned"), words::figure(returned(posted, currency)?)),
        (say("payments-to-come"), words::figure(of(PaymentStatus::Scheduled)?)),
    ];
    if let Some(next) = rows.iter().find(|row| row.status == PaymentStatus::Scheduled) {
        sums.push((say("payments-next"), words::short_day(next.due)));
    }
    if !overdue.is_zero() {
        sums.push((say("payments-overdue"), words::figure(overdue)));
    }
    Ok(Payments {
        currency: currency.code().to_owned(),
        sums,
        rows: rows.iter().map(payment_row).collect(),
        entries: posted.iter().map(|posted| entry(order, posted)).collect::<Result<_, _>>()?,
    })
}

/// What the payer got back: what stands on its accounts as a debit.
fn returned(posted: &[Posted], currency: Currency) -> Result<Money, MoneyError> {
    let back = posted
        .iter()
        .flat_map(|entry| &entry.postings)
        .filter(|posting| posting.account.as_str().starts_with("payer/"))
        .map(|posting| posting.amount)
        .filter(|amount| !amount.is_negative() && amount.currency() == currency);
    Money::sum(currency, back)
}

fn payment_row(row: &Payment) -> PaymentRow {
    let (status, class) = match row.status {
        PaymentStatus::Succeeded => ("payment-paid", "met"),
        PaymentStatus::Failed => ("payment-refused", "not-met"),
        PaymentStatus::Scheduled => ("payment-scheduled", "not-concerned"),
        PaymentStatus::Cancelled => ("payment-never", "not-concerned"),
    };
    PaymentRow {
        number: words::count(row.number),
        due: words::short_day(row.due),
        amount: words::figure(row.amount),
        status: say(status),
        class,
        paid_on: row.paid_at.map(|at| words::short_day(utc_day(at))),
    }
}

fn entry(order: &Order, posted: &Posted) -> Result<Entry, MoneyError> {
    let lines = posted.postings.iter().map(|posting| {
        let (mut debit, mut credit) = (String::new(), String::new());
        if posting.amount.is_negative() {
            credit = words::figure(Money::zero(posting.amount.currency()).minus(posting.amount)?);
        } else {
            debit = words::figure(posting.amount);
        }
        Ok(Line {
            name: named(order, &posting.account),
            account: posting.account.as_str().to_owned(),
            debit,
            credit,
        })
    });
    Ok(Entry {
        at: Moment(posted.at),
        event: history::kind(&posted.event),
        lines: lines.collect::<Result<_, _>>()?,
    })
}

/// An account of the ledger in words.
fn named(order: &Order, account: &Account) -> String {
    let path = account.as_str();
    if path == "fee/return" {
        return say("account-fee").into_owned();
    }
    if let Some(means) = path.strip_prefix("payer/").and_then(|rest| rest.rsplit('/').next()) {
        let known = crate::portal::language::say_if_known(&format!("account-means-{means}"));
        let means = known.unwrap_or_else(|| means.to_owned().into());
        return say_with("account-payer", [("means", means.into())]).into_owned();
    }
    let own = path.starts_with(&format!("order/{}/", order.id));
    match (path.rsplit('/').next(), own) {
        (Some("prepaid"), true) => say("account-prepaid").into_owned(),
        (Some("used"), true) => say("account-used").into_owned(),
        (Some("prepaid"), false) => say("account-other-prepaid").into_owned(),
        (Some("used"), false) => say("account-other-used").into_owned(),
        _ => path.to_owned(),
    }
}
