//! Batches and seals: what each commit added to the audit and the journal, and the chain over it.
//!
//! A batch is written in the transaction that adds its rows, and knows of no other batch, so those
//! who write at the same time do not wait for each other. A seal is made a little later over the
//! batches that are open then, in the order of their identifiers, and over the seal before it: the
//! chain has one maker at a time, and nobody who works waits for it. [`prorata_domain::seal`]
//! says what the digests are made from.

use crate::orders::limit_value;
use crate::sealed::{Batch, SealedRow, members, recorded};
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::seal::{self as sealing, Recorded, Seal, Unit, hex};
use uuid::Uuid;

pub use crate::sealed::{Mark, Member, mark};

const INSERT_BATCH: &str =
    "INSERT INTO batches (id, seal, row_count, digest) VALUES ($1, 0, $2, $3)";
const INSERT_MEMBERS: &str = "INSERT INTO batch_members (batch, members) VALUES ($1, $2)";
const OF_SEAL: &str = "SELECT id, row_count, digest FROM batches WHERE seal = $1 AND id > $2 \
    ORDER BY seal, id LIMIT $3";
const MEMBERS: &str = "SELECT members FROM batch_members WHERE batch = $1";
const TAKE: &str = "UPDATE batches SET seal = $2 WHERE id = $1 AND seal = 0";
const INSERT_SEAL: &str = "INSERT INTO seals (number, at, batch_count, row_count, previous, \
    digest) VALUES ($1, $2, $3, $4, $5, $6)";
const LAST: &str = "SELECT number, at, batch_count, row_count, previous, digest FROM seals \
    WHERE number > 0 ORDER BY number DESC LIMIT 1";
const AFTER: &str = "SELECT number, at, batch_count, row_count, previous, digest FROM seals \
    WHERE number > $1 ORDER BY number LIMIT $2";
/// The columns of the rows of a unit, as [`columns`] has them.
const OPERATION: &str = "SELECT id, kind, tenant, principal, decided_at, verdict, code, \
    billing_account, cap_scope, counted_minor, doc, target, findings, caller_kind, home, client, \
    name, partner, address, agent, correlation FROM operations WHERE id = $1";
const ENTRIES: &str =
    "SELECT operation, id, posted_at, event FROM entries WHERE operation = $1 ORDER BY id";
const POSTINGS: &str = "SELECT entry, line, account, minor, currency FROM postings \
    WHERE entry = $1 ORDER BY line";
const LINE: &str = "SELECT id, at, tenant, principal, action, target, verdict, findings, \
    caller_kind, home, client, name, partner, address, agent, correlation, decision FROM audit \
    WHERE tenant = $1 AND at = $2 AND id = $3";
const COUNT_OPERATIONS: &str = "SELECT COUNT(*) FROM operations";
const COUNT_LINES: &str = "SELECT COUNT(*) FROM audit";
const COUNT_ENTRIES: &str = "SELECT COUNT(*) FROM entries";
const COUNT_POSTINGS: &str = "SELECT COUNT(*) FROM postings";
const OPERATION_IDS: &str = "SELECT id FROM operations WHERE id > $1 ORDER BY id LIMIT $2";
const LINE_IDS: &str = "SELECT tenant, at, id FROM audit WHERE (tenant, at, id) > ($1, $2, $3) \
    ORDER BY tenant, at, id LIMIT $4";
const STRAY_ENTRIES: &str = "SELECT COUNT(*), MIN(e.id) FROM entries e \
    LEFT JOIN operations o ON o.id = e.operation WHERE o.id IS NULL";
const STRAY_POSTINGS: &str = "SELECT COUNT(*), MIN(p.entry) FROM postings p \
    LEFT JOIN entries e ON e.id = p.entry WHERE e.id IS NULL";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT_BATCH,
    INSERT_MEMBERS,
    OF_SEAL,
    MEMBERS,
    TAKE,
    INSERT_SEAL,
    LAST,
    AFTER,
    OPERATION,
    ENTRIES,
    POSTINGS,
    LINE,
    COUNT_OPERATIONS,
    COUNT_LINES,
    COUNT_ENTRIES,
    COUNT_POSTINGS,
    OPERATION_IDS,
    LINE_IDS,
    STRAY_ENTRIES,
    STRAY_POSTINGS,
];

/// The writes of a batch, for the commit that adds its rows.
pub(crate) fn writes(batch: &Batch) -> [(&'static str, Vec<Value>); 2] {
    let rows = i64::try_from(batch.rows).unwrap_or(i64::MAX);
    [
        (INSERT_BATCH, vec![batch.id.into(), rows.into(), hex(&batch.digest).into()]),
        (INSERT_MEMBERS, vec![batch.id.into(), batch.members.clone().into()]),
    ]
}

/// The next batches under a seal, or the open ones under 0, after one of them or from the first.
///
/// # Errors
/// Those of the database, as for all functions here.
pub fn batches(
    tx: &mut Tx<'_>,
    seal: i64,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<sealing::Batch>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let read = |row: &Row| {
        Ok(sealing::Batch { id: row.uuid(0)?, rows: row.int(1)?, digest: row.string(2)? })
    };
    tx.query(OF_SEAL, &[seal.into(), after, limit_value(limit)])?.iter().map(read).collect()
}

/// The units of a batch in order; nothing where its list is not there or damaged.
pub fn members_of(tx: &mut Tx<'_>, batch: Uuid) -> Result<Option<Vec<Member>>, StoreError> {
    let row = tx.one(MEMBERS, &[batch.into()])?;
    row.map(|row| Ok(members(row.text(0)?))).transpose().map(Option::flatten)
}

/// The last seal, if there is one.
pub fn last(tx: &mut Tx<'_>) -> Result<Option<Seal>, StoreError> {
    tx.one(LAST, &[])?.map(|row| read(&row)).transpose()
}

/// The next seals after a number, in order.
pub fn after(tx: &mut Tx<'_>, number: i64, limit: usize) -> Result<Vec<Seal>, StoreError> {
    tx.query(AFTER, &[number.into(), limit_value(limit)])?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Seal, StoreError> {
    Ok(Seal {
        number: row.int(0)?,
        at: row.instant(1)?,
        batches: row.int(2)?,
        rows: row.int(3)?,
        previous: row.string(4)?,
        digest: row.string(5)?,
    })
}

/// Seals batches that were open a moment ago.
///
/// # Errors
/// [`StoreError::Busy`] where another process has sealed one of them; those of the database.
pub fn seal(
    tx: &mut Tx<'_>,
    batches: &[sealing::Batch],
    at: Timestamp,
) -> Result<Seal, StoreError> {
    let last = last(tx)?;
    let number = last.as_ref().map_or(0, |last| last.number) + 1;
    let previous = last.map(|last| last.digest).unwrap_or_default();
    let seal = Seal {
        number,
        at,
        batches: i64::try_from(batches.len()).unwrap_or(i64::MAX),
        rows: batches.iter().map(|batch| batch.rows).sum(),
        digest: hex(&sealing::of_seal(number, at, &previous, batches)),
        previous,
    };
    let params = [
        seal.number.into(),
        seal.at.into(),
        seal.batches.into(),
        seal.rows.into(),
        (&seal.previous).into(),
        (&seal.digest).into(),
    ];
    tx.execute(INSERT_SEAL, &params)?;
    let taken: Vec<Vec<Value>> =
        batches.iter().map(|batch| vec![batch.id.into(), number.into()]).collect();
    if tx.execute_each(TAKE, &taken)? != batches.len() as u64 {
        return Err(StoreError::Busy("another process has sealed these batches".to_owned()));
    }
    Ok(seal)
}

/// The rows of a unit as they are now.
pub fn rows_of(tx: &mut Tx<'_>, unit: Unit) -> Result<Vec<Recorded>, StoreError> {
    let mut rows = Vec::with_capacity(8);
    match unit {
        Unit::Line { id, tenant, at } => {
            for row in tx.query(LINE, &[tenant.into(), at.into(), id.into()])? {
                rows.push(recorded("audit", &row)?);
            }
        }
        Unit::Operation(id) => {
            for row in tx.query(OPERATION, &[id.into()])? {
                rows.push(recorded("operations", &row)?);
            }
            for row in tx.query(ENTRIES, &[id.into()])? {
                rows.push(recorded("entries", &row)?);
                for posting in tx.query(POSTINGS, &[row.text(1)?.into()])? {
                    rows.push(recorded("postings", &posting)?);
                }
            }
        }
    }
    Ok(rows)
}

/// How many rows there are in the sealed tables: operations, lines, entries and postings.
pub fn counts(tx: &mut Tx<'_>) -> Result<[i64; 4], StoreError> {
    let mut counts = [0; 4];
    for (count, sql) in
        counts.iter_mut().zip([COUNT_OPERATIONS, COUNT_LINES, COUNT_ENTRIES, COUNT_POSTINGS])
    {
        *count = tx.one(sql, &[])?.map_or(Ok(0), |row| row.int(0))?;
    }
    Ok(counts)
}

/// The next operations, by identifier.
pub fn operations(
    tx: &mut Tx<'_>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<Unit>, StoreError> {
    let after = after.map_or(Value::fixed(""), Value::from);
    let rows = tx.query(OPERATION_IDS, &[after, limit_value(limit)])?;
    rows.iter().map(|row| Ok(Unit::Operation(row.uuid(0)?))).collect()
}

/// The next audit lines, by tenant and time, after one of them or from the first.
pub fn lines(tx: &mut Tx<'_>, after: Option<Unit>, limit: usize) -> Result<Vec<Unit>, StoreError> {
    let mut params = match after {
        Some(Unit::Line { id, tenant, at }) => vec![tenant.into(), at.into(), id.into()],
        _ => vec![Value::fixed(""), Value::Int(i64::MIN), Value::fixed("")],
    };
    params.push(limit_value(limit));
    let read =
        |row: &Row| Ok(Unit::Line { tenant: row.uuid(0)?, at: row.int(1)?, id: row.uuid(2)? });
    tx.query(LINE_IDS, &params)?.iter().map(read).collect()
}

/// Rows of the journal that belong to nothing: how many, and the first of them, for a person.
pub fn strays(tx: &mut Tx<'_>) -> Result<Option<(i64, String)>, StoreError> {
    for (sql, what) in [(STRAY_ENTRIES, "entry"), (STRAY_POSTINGS, "posting of entry")] {
        if let Some(row) = tx.one(sql, &[])?
            && row.int(0)? > 0
        {
            return Ok(Some((row.int(0)?, format!("{what} {}", row.text(1)?))));
        }
    }
    Ok(None)
}

/// Units that share a batch when they are adopted.
const ADOPTED: usize = 256;

/// Puts everything that was recorded before there were batches into some.
pub(crate) fn adopt(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let units = operations(tx, after, ADOPTED)?;
        let Some(last) = units.last() else { break };
        after = Some(last.id());
        adopt_units(tx, &units)?;
    }
    let mut after = None;
    loop {
        let units = lines(tx, after, ADOPTED)?;
        let Some(last) = units.last() else { return Ok(()) };
        after = Some(*last);
        adopt_units(tx, &units)?;
    }
}

fn adopt_units(tx: &mut Tx<'_>, units: &[Unit]) -> Result<(), StoreError> {
    let mut sealed = Vec::with_capacity(units.len() * 8);
    for unit in units {
        for row in rows_of(tx, *unit)? {
            sealed.push(SealedRow { unit: *unit, digest: row.digest() });
        }
    }
    for (sql, params) in writes(&Batch::of(tx.new_id(), &sealed)) {
        tx.queue(sql, params);
    }
    Ok(())
}
