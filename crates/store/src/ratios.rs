//! Size-flexibility ratios: how much one SKU counts within its group, from a day on.

use crate::{Row, StoreError, Tx, Value};
use jiff::civil::Date;
use prorata_domain::catalog::{RatioRow, sku_key};

const PUT: &str = "INSERT INTO ratios (group_key, sku_key, since, group_name, sku, ratio) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (group_key, sku_key, since) DO UPDATE \
    SET group_name = excluded.group_name, sku = excluded.sku, ratio = excluded.ratio \
    WHERE ratios.group_name <> excluded.group_name OR ratios.sku <> excluded.sku \
    OR ratios.ratio <> excluded.ratio";
const OF_SKU: &str = "SELECT group_name, sku, ratio, since, group_key, sku_key FROM ratios \
    WHERE sku_key = $1 AND since <= $2 ORDER BY group_key, sku_key, since";
const OF_GROUP: &str = "SELECT group_name, sku, ratio, since, group_key, sku_key FROM ratios \
    WHERE group_key = $1 AND since <= $2 ORDER BY group_key, sku_key, since";
const COUNT: &str = "SELECT COUNT(*) FROM ratios";
const HELD: &str = "SELECT COUNT(*), COUNT(DISTINCT group_key), MIN(since), MAX(since) FROM ratios";

pub(crate) const STATEMENTS: &[&str] = &[PUT, OF_SKU, OF_GROUP, COUNT, HELD];

/// Puts rows in, replacing those of the same group, SKU and day; answers how many are new or
/// different.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn put(tx: &mut Tx<'_>, rows: &[RatioRow]) -> Result<u64, StoreError> {
    let params: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            vec![
                sku_key(&row.group).into(),
                sku_key(&row.sku).into(),
                row.since.into(),
                (&row.group).into(),
                (&row.sku).into(),
                row.ratio.into(),
            ]
        })
        .collect();
    tx.execute_each(PUT, &params)
}

/// The ratios of a SKU in force on a day, one for each of its groups.
pub fn of_sku(tx: &mut Tx<'_>, sku: &str, day: Date) -> Result<Vec<RatioRow>, StoreError> {
    latest(&tx.query(OF_SKU, &[sku_key(sku).into(), day.into()])?)
}

/// The ratios of a group in force on a day, by SKU.
pub fn of_group(tx: &mut Tx<'_>, group: &str, day: Date) -> Result<Vec<RatioRow>, StoreError> {
    latest(&tx.query(OF_GROUP, &[sku_key(group).into(), day.into()])?)
}

/// What is held of ratios.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    pub rows: i64,
    pub groups: i64,
    /// The first days of the oldest and of the newest one.
    pub since: Option<(Date, Date)>,
}

/// What is held of ratios. It reads all of them.
pub fn held(tx: &mut Tx<'_>) -> Result<Held, StoreError> {
    let Some(row) = tx.one(HELD, &[])? else { return Ok(Held::default()) };
    Ok(Held { rows: row.int(0)?, groups: row.int(1)?, since: row.opt_day(2)?.zip(row.opt_day(3)?) })
}

/// How many ratios there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Of rows sorted by key and day, the last of each key.
fn latest(rows: &[Row]) -> Result<Vec<RatioRow>, StoreError> {
    let mut ratios: Vec<RatioRow> = Vec::new();
    let mut key: Option<(&str, &str)> = None;
    for row in rows {
        let ratio = RatioRow {
            group: row.string(0)?,
            sku: row.string(1)?,
            ratio: row.decimal(2)?,
            since: row.day(3)?,
        };
        let this = (row.text(4)?, row.text(5)?);
        if key == Some(this) {
            ratios.pop();
        }
        key = Some(this);
        ratios.push(ratio);
    }
    Ok(ratios)
}
