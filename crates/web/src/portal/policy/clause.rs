//! One clause: all that it ever said, and the decisions that looked at it.

use super::timeline::{Band, Scale, Year};
use super::{Change, Looked, change, count, is_dated, job_words, label, named_words, since};
use crate::portal::desk::{Asked, Desk};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Crumb, Section, Shell};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::explain::{self, Looking};
use prorata_domain::decision::Outcome;
use prorata_domain::policy::{ClauseId, ClauseInfo};
use prorata_domain::term::utc_day;

#[derive(Debug, Template)]
#[template(path = "policy_clause.html")]
pub struct ClausePage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub asked: Looked,
    pub id: &'static str,
    pub name: String,
    pub says: String,
    pub jobs: Vec<Said>,
    pub next: Vec<Change>,
    pub years: Vec<Year>,
    /// Nothing for a clause that has no dated values.
    pub band: Option<Band>,
    pub label: String,
    /// The newest first.
    pub values: Vec<Dated>,
    pub used: Vec<Used>,
    /// How many decisions were looked through.
    pub looked: Said,
}

impl ClausePage {
    fn scrolls(&self) -> Said {
        say_with("scrolls-sideways", [("what", say("policy-decisions").into())])
    }
}

/// A value with everything that is known of it.
#[derive(Debug, Clone)]
pub struct Dated {
    /// The days of it, in words.
    pub when: Said,
    pub value: String,
    /// Days that it names, each with what happens then.
    pub named: Vec<(String, Said)>,
    pub source: String,
    /// When the source was read, in words.
    pub read: Said,
    pub holds: bool,
    pub is_later: bool,
}

/// A decision that looked at the clause.
#[derive(Debug, Clone)]
pub struct Used {
    pub href: String,
    pub at: Moment,
    pub what: Said,
    pub outcome: Said,
    pub class: &'static str,
    pub since: String,
}

pub async fn show(desk: Desk, Path(clause): Path<String>, Asked(query): Asked) -> Response {
    let answer = async {
        let id = ClauseId::parse(&clause).ok_or_else(absent)?;
        let call = desk.call();
        let found =
            desk.app().read_async(move |tx, app| explain::using(tx, app, &call, id)).await?;
        let today = utc_day(desk.app().now());
        let clauses: Vec<ClauseInfo<'_>> = desk.app().book.clauses().collect();
        let info = clauses.iter().find(|one| one.id == id).ok_or_else(absent)?;
        let shell = desk.shell(words::clause(id), Section::Policy);
        let looked = Looked::read(&query, today);
        let scale = Scale::of(&clauses, looked.on, today);
        let page = page(shell, info, looked, scale, today);
        let page = ClausePage {
            used: found.rows.iter().map(used).collect(),
            looked: say_with("policy-looked-through", [("count", count(found.through).into())]),
            ..page
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn absent() -> Error {
    Error::Absent { what: "clause at this address".to_owned(), code: "ResourceNotFound" }
}

pub fn page(
    shell: Shell,
    clause: &ClauseInfo<'_>,
    asked: Looked,
    scale: Scale,
    today: Date,
) -> ClausePage {
    let is_dated = is_dated(clause);
    let turns = clause.after(asked.on);
    let mut back = "/policy".to_owned();
    if !asked.is_today {
        back.push_str(&format!("?on={}", asked.on));
    }
    ClausePage {
        crumbs: vec![Crumb { label: say("policy-title").into_owned(), href: back }],
        id: clause.name,
        name: words::clause(clause.id),
        says: clause.says.to_owned(),
        jobs: clause.applies.iter().map(|job| job_words(*job)).collect(),
        next: turns.iter().map(|turn| change(clause, turn, &asked, today)).collect(),
        years: scale.years(),
        band: is_dated.then(|| scale.band(clause, asked.on)),
        label: label(clause, asked.on),
        values: if is_dated { values(clause, asked.on) } else { Vec::new() },
        used: Vec::new(),
        looked: Said::Borrowed(""),
        asked,
        shell,
    }
}

fn values(clause: &ClauseInfo<'_>, on: Date) -> Vec<Dated> {
    let holds = clause.on(on).map(|value| value.since);
    let ends = clause.values.iter().skip(1).map(|next| next.since.yesterday().ok());
    let dated = clause.values.iter().zip(ends.chain([None])).map(|(value, end)| Dated {
        when: match end {
            None => since(value.since),
            Some(end) => say_with(
                "policy-from-to",
                [
                    ("from", words::short_day(value.since).into()),
                    ("to", words::short_day(end).into()),
                ],
            ),
        },
        value: words::regrouped(&value.summary),
        named: value
            .names
            .iter()
            .map(|day| (words::day(*day), named_words(clause, value).0))
            .collect(),
        source: value.source.to_owned(),
        read: value.read.map_or(Said::Borrowed(""), |day| {
            say_with("policy-read", [("day", words::short_day(day).into())])
        }),
        holds: holds == Some(value.since),
        is_later: value.since > on,
    });
    let mut dated: Vec<Dated> = dated.collect();
    dated.reverse();
    dated
}

fn used(row: &Looking) -> Used {
    let (outcome, class) = match row.outcome {
        Outcome::Met => ("policy-outcome-met", "met"),
        Outcome::NotMet => ("policy-outcome-not-met", "failed"),
        Outcome::NotConcerned => ("policy-outcome-not-concerned", "ended"),
        Outcome::Warned => ("policy-outcome-warned", "pending"),
        Outcome::Waived => ("policy-outcome-waived", "pending"),
    };
    Used {
        href: format!("/decisions/{}", row.operation),
        at: Moment(row.at),
        what: say(&format!("operation-{}", row.kind)),
        outcome: say(outcome),
        class,
        since: words::short_day(row.since),
    }
}
