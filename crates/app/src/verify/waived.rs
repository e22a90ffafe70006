//! Exceptions: each was granted by a decision that holds, and is used up by one operation at most,
//! for the reservation that it was granted for.

use super::{Broken, CHUNK, Report, broken, count_policy, name, replayed};
use crate::operations::{Kind, Row, recorded};
use crate::{App, Error, waivers as granting};
use prorata_domain::ids::{OperationId, ReservationId, WaiverId};
use prorata_domain::term::utc_day;
use prorata_domain::waiver;
use prorata_store::{Tx, journal, operations, waivers};
use serde::Deserialize;

const LAW: &str = "an exception is used once, for its reservation";

/// The exceptions that a plan needed are used by its operation, and were for what it gave up.
pub(super) fn used_by(
    tx: &mut Tx<'_>,
    row: &Row,
    needed: &[WaiverId],
    given_up: &[ReservationId],
) -> Result<Option<Broken>, Error> {
    for id in needed {
        let Some(granted) = waivers::load(tx, *id)? else {
            return Ok(broken(LAW, name(row), format!("the exception {id} is not there")));
        };
        if granted.used.is_none_or(|used| used.0 != row.id) {
            let what = format!("the exception {id} is used by {:?}", granted.used);
            return Ok(broken(LAW, name(row), what));
        }
        if !given_up.contains(&granted.reservation) {
            let what = format!("the exception {id} is for reservation {}", granted.reservation);
            return Ok(broken(LAW, name(row), what));
        }
    }
    Ok(None)
}

/// What granting an exception recorded is decided again, and the exception is what was decided.
pub(super) fn holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    posted: &[journal::Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    let read: granting::Evidence = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = waiver::decide(&app.book, &read.facts, &read.request, row.decided_at)?;
    if let Some(found) = replayed(row, &read.decision, &again) {
        return Ok(Some(found));
    }
    if let Some(entry) = posted.first() {
        return Ok(broken("an exception posts nothing", name(row), format!("entry {}", entry.id)));
    }
    let Some(granted) = waivers::load(tx, WaiverId(row.id.0))? else {
        return Ok(broken("a grant has its exception", name(row), "there is none".to_owned()));
    };
    let plan = read.decision.plan();
    let same = plan.is_some_and(|plan| {
        plan.reservation == granted.reservation
            && plan.clauses == granted.waiver.clauses
            && plan.lapses_on == granted.waiver.lapses_on
    });
    Ok(match same {
        true => None,
        false => broken("a grant has its exception", name(row), format!("{:?}", granted.waiver)),
    })
}

#[derive(Deserialize)]
struct Document {
    decision: Decided,
}

#[derive(Deserialize)]
struct Decided {
    proposal: Option<Proposed>,
}

#[derive(Deserialize)]
struct Proposed {
    #[serde(default)]
    waivers: Vec<WaiverId>,
}

/// Every exception was granted by an operation, and one that is used is so by an operation that
/// needed it, before it lapsed.
pub(super) fn rows_hold(tx: &mut Tx<'_>) -> Result<Option<Broken>, Error> {
    let mut after = None;
    loop {
        let chunk = waivers::page(tx, after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok(None) };
        after = Some(last.waiver.id);
        for granted in chunk {
            let id = granted.waiver.id;
            let row = || format!("exception {id}");
            let origin = operations::load_any(tx, OperationId(id.0))?;
            if origin.is_none_or(|origin| origin.kind != Kind::Waiver.as_str()) {
                let what = "no operation granted it".to_owned();
                return Ok(broken("an exception was granted", row(), what));
            }
            let Some((operation, at)) = granted.used else { continue };
            let needed = match operations::load_any(tx, operation)? {
                Some(found) => serde_json::from_str::<Document>(&found.doc)?
                    .decision
                    .proposal
                    .is_some_and(|plan| plan.waivers.contains(&id)),
                None => false,
            };
            let lapsed = utc_day(at) >= granted.waiver.lapses_on;
            if !needed || lapsed {
                let what = format!("operation {operation} did not need it, or it had lapsed");
                return Ok(broken(LAW, row(), what));
            }
        }
    }
}
