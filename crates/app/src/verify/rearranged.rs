//! Rearrangements: decided again from their facts, and nothing posted for them.

use super::{Broken, Report, broken, count_policy, name, replayed};
use crate::operations::{Evidence, Kind, Row, recorded};
use crate::{App, Error};
use jiff::Timestamp;
use prorata_domain::decision::Impossible;
use prorata_domain::policy::Book;
use prorata_domain::{Decision, archive, directory, merge, scope, split, update};
use prorata_store::Tx;
use prorata_store::journal::Posted;
use serde::de::DeserializeOwned;

/// Checks an operation of a kind that is a rearrangement.
pub(super) fn holds(
    tx: &mut Tx<'_>,
    app: &App,
    kind: Kind,
    row: &Row,
    posted: &[Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    if let Some(entry) = posted.first() {
        let what = format!("entry {}", entry.id);
        return Ok(broken("a rearrangement posts nothing", name(row), what));
    }
    match kind {
        Kind::Split => again(tx, app, row, report, split::decide),
        Kind::Merge => again(tx, app, row, report, merge::decide),
        Kind::Update => again(tx, app, row, report, update::decide),
        Kind::Archive | Kind::Unarchive => again(tx, app, row, report, archive::decide),
        Kind::ChangeDirectory => again(tx, app, row, report, directory::decide),
        Kind::Scope => again(tx, app, row, report, scope::decide),
        _ => Ok(None),
    }
}

type Decide<F, R, P> = fn(&Book, &F, &R, Timestamp) -> Result<Decision<P>, Impossible>;

fn again<F, R, P>(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    report: &mut Report,
    decide: Decide<F, R, P>,
) -> Result<Option<Broken>, Error>
where
    F: DeserializeOwned,
    R: DeserializeOwned,
    P: DeserializeOwned + PartialEq,
{
    let read: Evidence<F, R, P> = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = decide(&app.book, &read.facts, &read.request, row.decided_at)?;
    Ok(replayed(row, &read.decision, &again))
}
