//! What refunds counted toward their caps: one row for each cap and UTC day, in US cents.

use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::civil::Date;

const USED_SINCE: &str =
    "SELECT day, used_minor FROM cap_days WHERE cap_scope = $1 AND day >= $2 ORDER BY day";
const ADD: &str = "INSERT INTO cap_days (cap_scope, day, used_minor) VALUES ($1, $2, $3) \
    ON CONFLICT (cap_scope, day) DO UPDATE SET used_minor = cap_days.used_minor + $3";
const PAGE: &str = "SELECT cap_scope, day, used_minor FROM cap_days \
    WHERE (cap_scope, day) > ($1, $2) ORDER BY cap_scope, day LIMIT $3";

pub(crate) const STATEMENTS: &[&str] = &[USED_SINCE, ADD, PAGE];

/// Says that this transaction is about to use up some of a cap, so that those of this process
/// which do so too go one after the other. [`add`] says so itself; saying it before
/// [`used_since`] spares running the transaction twice when another has just used the cap.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn enter(tx: &mut Tx<'_>, scope: &str) -> Result<(), StoreError> {
    tx.contend(scope)
}

/// What was counted on each day from `first` on; days without refunds are left out.
pub fn used_since(
    tx: &mut Tx<'_>,
    scope: &str,
    first: Date,
) -> Result<Vec<(Date, i64)>, StoreError> {
    let read = |row: &Row| Ok((row.day(0)?, row.int(1)?));
    tx.query(USED_SINCE, &[scope.into(), first.into()])?.iter().map(read).collect()
}

/// Counts an amount on a day.
pub fn add(tx: &mut Tx<'_>, scope: &str, day: Date, minor: i64) -> Result<(), StoreError> {
    enter(tx, scope)?;
    tx.queue(ADD, vec![scope.into(), day.into(), minor.into()]);
    Ok(())
}

/// The next days of all caps, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<(&str, Date)>,
    limit: usize,
) -> Result<Vec<(String, Date, i64)>, StoreError> {
    let (scope, day) = match after {
        Some((scope, day)) => (scope.into(), day.into()),
        None => (Value::fixed(""), Value::fixed("")),
    };
    let read = |row: &Row| Ok((row.string(0)?, row.day(1)?, row.int(2)?));
    tx.query(PAGE, &[scope, day, limit_value(limit)])?.iter().map(read).collect()
}
