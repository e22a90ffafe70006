//! What a return or an exchange would come to on other days, past and to come, side by side.
//! Nothing is recorded: what is shown is asked for by the address alone.

mod answer;
mod form;

pub use answer::Compared;
#[cfg(test)]
pub use answer::{Cell, Clause, Column, Row, Verdict};
#[cfg(test)]
pub use form::Typed;
pub use form::{Choice, Form};

use super::desk::{Asked, Desk};
use super::language::{say, say_with};
use super::listing::named;
use super::page::{self, Section, Shell};
use super::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use prorata_app::reservations::{self, Query};
use prorata_app::what_if;
use prorata_domain::policy::{ClauseInfo, Job};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;
use prorata_store::reservations::{Field, Filter};

/// Reservations that are offered to choose from; any other is come to from its own page.
const OFFERED: usize = 50;
/// Days that are proposed.
const PROPOSED: usize = 6;

#[derive(Debug, Template)]
#[template(path = "what_if.html")]
pub struct WhatIfPage {
    pub shell: Shell,
    pub form: Form,
    pub reservations: Vec<Choice>,
    pub tabs: Vec<Tab>,
    /// Days on which rules about this change.
    pub proposals: Vec<Proposal>,
    /// The reservation that is looked at, in one line, and its page.
    pub about: Option<(String, String)>,
    /// Nothing before a reservation is chosen, and while the form is faulty.
    pub compared: Option<Compared>,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Tab {
    pub label: Said,
    pub href: String,
    pub current: bool,
}

/// A day to look at.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub day: String,
    pub clause: String,
    pub href: String,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let today = utc_day(desk.app().now());
        let mut form = Form::read(&query, today);
        let call = desk.call();
        let active = Filter::Eq(Field::State, "active".into());
        let wanted = Query { filter: Some(active), limit: OFFERED, ..Query::default() };
        let listed = desk
            .app()
            .read_async(move |tx, app| reservations::list_all(tx, app, &call, &wanted))
            .await?;
        let held = match form.chosen()? {
            None => None,
            Some((order, id)) => {
                let call = desk.call();
                let held = desk
                    .app()
                    .read_async(move |tx, app| reservations::show(tx, app, &call, order, id))
                    .await?;
                Some(held)
            }
        };
        let clauses: Vec<ClauseInfo<'_>> = desk.app().book.clauses().collect();
        if let Some((order, held)) = &held {
            form.begin(order, held, proposed(&clauses, form.job(), today).first().copied(), today);
        }
        let compared = match form.ask() {
            Some(ask) => {
                let (call, days) = (desk.call(), form.days());
                let found = desk
                    .app()
                    .read_async(move |tx, app| what_if::run(tx, app, &call, &ask, &days))
                    .await?;
                Some(Compared::new(&desk.app().book, &found.answers)?)
            }
            None => None,
        };
        let page = WhatIfPage {
            shell: desk.shell(say("what-if-title"), Section::Policy),
            reservations: offered(&listed.rows, held.as_ref()),
            tabs: tabs(&form),
            proposals: proposals(&clauses, &form, today),
            about: held.as_ref().map(|(order, held)| about(&desk, order, held)),
            compared,
            form,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn about(desk: &Desk, order: &Order, held: &Reservation) -> (String, String) {
    let head = super::reservation::head(desk.app(), order, held, true);
    (format!("{}: {}", head.name, head.product), head.path)
}

fn offered(rows: &[(Order, Reservation)], chosen: Option<&(Order, Reservation)>) -> Vec<Choice> {
    let id = chosen.map(|(_, held)| held.id);
    let choice = |(order, held): &(Order, Reservation)| Choice {
        value: format!("{}/{}", order.id, held.id),
        label: format!(
            "{} ({} × {})",
            named(&held.display_name, &held.sku),
            words::count(held.quantity),
            held.sku
        ),
        chosen: Some(held.id) == id,
    };
    let mut choices: Vec<Choice> = rows.iter().map(choice).collect();
    if !choices.iter().any(|choice| choice.chosen) {
        choices.extend(chosen.map(choice));
    }
    choices
}

fn tabs(form: &Form) -> Vec<Tab> {
    [(false, "what-if-refund"), (true, "what-if-exchange")]
        .map(|(exchange, label)| Tab {
            label: say(label),
            href: form.href_for(exchange),
            current: form.is_exchange == exchange,
        })
        .into()
}

/// The days on which rules about a job change: those to come, the nearest first, then the latest of
/// those that have passed.
fn proposed(clauses: &[ClauseInfo<'_>], job: Job, today: Date) -> Vec<Date> {
    dated(clauses, job, today).into_iter().map(|(day, _)| day).collect()
}

fn dated<'c>(
    clauses: &'c [ClauseInfo<'c>],
    job: Job,
    today: Date,
) -> Vec<(Date, &'c ClauseInfo<'c>)> {
    let of_job: Vec<&ClauseInfo<'_>> =
        clauses.iter().filter(|clause| clause.applies.contains(&job)).collect();
    let mut later: Vec<(Date, &ClauseInfo<'_>)> = Vec::new();
    let mut past: Vec<(Date, &ClauseInfo<'_>)> = Vec::new();
    for clause in of_job {
        later.extend(clause.after(today).iter().map(|turn| (turn.day, clause)));
        let begun = clause.values.iter().skip(1).filter(|value| value.since <= today);
        past.extend(begun.map(|value| (value.since.yesterday().unwrap_or(value.since), clause)));
    }
    later.sort_by_key(|(day, clause)| (*day, clause.id));
    past.sort_by_key(|(day, clause)| (std::cmp::Reverse(*day), clause.id));
    later.truncate(PROPOSED / 2);
    later.extend(past);
    // One day of each clause, and each day once.
    let mut seen: Vec<(Date, &str)> = Vec::new();
    later.retain(|(day, clause)| {
        let is_new = seen.iter().all(|(known, name)| known != day && *name != clause.name);
        seen.push((*day, clause.name));
        is_new
    });
    later.truncate(PROPOSED);
    later
}

fn proposals(clauses: &[ClauseInfo<'_>], form: &Form, today: Date) -> Vec<Proposal> {
    dated(clauses, form.job(), today)
        .into_iter()
        .map(|(day, clause)| Proposal {
            day: words::short_day(day),
            clause: {
                let id = if day > today { "what-if-after" } else { "what-if-before" };
                say_with(id, [("clause", words::clause(clause.id).into())]).into_owned()
            },
            href: form.href_with(&[today, day]),
        })
        .collect()
}
