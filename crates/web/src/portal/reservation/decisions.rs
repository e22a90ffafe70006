//! The decisions that made a reservation what it is, and the proof of each.

use super::{Blade, Item, history, ids, shell};
use crate::portal::desk::{Asked, Desk};
use crate::portal::language::say;
use crate::portal::page::{self, Crumb, Fact, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::history as record;
use prorata_app::operations::Row;
use prorata_app::{App, Error};
use prorata_domain::ids::OperationId;

/// Revisions whose operations make a page.
const ROWS: usize = 100;

#[derive(Debug, Template)]
#[template(path = "reservation_decisions.html")]
pub struct DecisionsPage {
    pub shell: Shell,
    pub item: Item,
    pub rows: Vec<Decided>,
    pub older: Option<String>,
}

/// A decision in the list.
#[derive(Debug, Clone)]
pub struct Decided {
    pub kind: Said,
    pub at: Moment,
    pub by: String,
    pub verdict: Said,
    pub class: &'static str,
    /// The protocol's code of a refusal.
    pub code: String,
    pub href: String,
}

#[derive(Debug, Template)]
#[template(path = "reservation_decision.html")]
pub struct DecisionPage {
    pub shell: Shell,
    pub item: Item,
    pub decided: Decided,
    pub facts: Vec<Fact>,
    pub refused: Option<Refused>,
    /// Nothing for what follows from the calendar alone.
    pub proof: Option<Proof>,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let before = query.one("before").parse::<i64>().ok();
        let call = desk.call();
        let found = desk
            .app()
            .read_async(move |tx, app| record::changes(tx, app, &call, ids, before, ROWS))
            .await?;
        let item = Item::new(desk.app(), &found.order, &found.reservation, Blade::Decisions);
        let path = format!("{}/decisions", item.head.path);
        let oldest = found.rows.last().filter(|_| found.before.is_some());
        let rows = found.rows.iter().filter_map(|row| row.by.as_ref());
        let page = DecisionsPage {
            shell: shell(&desk, &item, &say("reservation-decisions")),
            older: oldest.map(|row| format!("{path}?before={}", row.number)),
            rows: rows.map(|row| decided(row, &path)).collect(),
            item,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn decided(row: &Row, path: &str) -> Decided {
    let (verdict, class) = match row.verdict.as_str() {
        "refused" => ("decision-refused", "not-met"),
        _ => ("decision-approved", "met"),
    };
    Decided {
        kind: history::kind(&row.kind),
        at: Moment(row.decided_at),
        by: history::who(row),
        verdict: say(verdict),
        class,
        code: row.code.clone().unwrap_or_default(),
        href: format!("{path}/{}", row.id),
    }
}

pub async fn one(
    desk: Desk,
    Path((order, reservation, operation)): Path<(String, String, String)>,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let operation = OperationId::parse(&operation).ok_or_else(|| Error::Absent {
            what: "decision at this address".to_owned(),
            code: "ResourceNotFound",
        })?;
        let call = desk.call();
        let (order, held, found) = desk
            .app()
            .read_async(move |tx, app| record::decision(tx, app, &call, ids, operation))
            .await?;
        let mut item = Item::new(desk.app(), &order, &held, Blade::Decisions);
        let path = format!("{}/decisions", item.head.path);
        let (name, href) = (item.head.name.clone(), item.head.path.clone());
        item.head.crumbs.push(Crumb { label: name, href });
        let label = say("reservation-decisions").into_owned();
        item.head.crumbs.push(Crumb { label, href: path.clone() });
        let decided = decided(&found.row, &path);
        let refusal = found.refusal.as_ref();
        let way = |repair: &_| vec![Suggestion::told(repair)];
        let page = DecisionPage {
            shell: shell(&desk, &item, &decided.kind),
            facts: facts(desk.app(), &found.row),
            refused: refusal.map(|refusal| Refused::new(refusal, way)),
            proof: (!found.findings.is_empty())
                .then(|| Proof::new(&desk.app().book, &found.findings, refusal, words::subject)),
            decided,
            item,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn facts(app: &App, row: &Row) -> Vec<Fact> {
    let mut facts = vec![
        Fact::identifier(say("decision-operation"), row.id),
        Fact::words(say("decision-by"), history::who(row)),
    ];
    if let Some(client) = row.by.client.as_ref().filter(|client| *client != "prorata") {
        facts.push(Fact::identifier(say("decision-client"), client));
    }
    if let Some(partner) = row.by.partner {
        facts.push(Fact::identifier(say("decision-partner"), partner));
    }
    if row.counted_minor != 0 {
        let counted = prorata_ledger::Money::new(row.counted_minor, prorata_ledger::Currency::USD);
        facts.push(Fact::figure(say("decision-counted"), words::money(counted)));
    }
    if let Some(correlation) = row.by.correlation {
        facts.push(Fact::identifier(say("decision-correlation"), correlation));
    }
    let policy = recorded_policy(&row.doc);
    let same = policy.as_deref() == Some(app.book.digest());
    if policy.is_some() {
        let says = if same { "decision-policy-same" } else { "decision-policy-other" };
        facts.push(Fact::words(say("decision-policy"), say(says)));
    }
    facts
}

/// Which policy book decided, where that was recorded.
fn recorded_policy(doc: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Document {
        policy: String,
    }
    serde_json::from_str::<Document>(doc).ok().map(|document| document.policy)
}
