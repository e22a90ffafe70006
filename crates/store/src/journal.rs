//! The journal: entries and their postings. Rows are only ever added, an entry in the transaction
//! that records its operation: they are sealed as one.
//!
//! What accounts hold is summed from all postings, for checks and reports: nothing that serves
//! asks for it. An index by account, or a table of balances kept by upsert, would cost each deed a
//! page for each of its postings, and the table would make all payments of one payer wait for one
//! row.

use crate::orders::limit_value;
use crate::sealed::of_values;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::{EntryId, OperationId, TenantId};
use prorata_domain::seal::Unit;
use prorata_ledger::{Account, Currency, Entry, Money, Posting};

const INSERT_ENTRY: &str =
    "INSERT INTO entries (operation, id, posted_at, event) VALUES ($1, $2, $3, $4)";
const INSERT_ONE: &str =
    "INSERT INTO postings (entry, line, account, minor, currency) VALUES ($1, $2, $3, $4, $5)";
const INSERT_TWO: &str = "INSERT INTO postings (entry, line, account, minor, currency) \
    VALUES ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10)";
const INSERT_THREE: &str = "INSERT INTO postings (entry, line, account, minor, currency) \
    VALUES ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15)";
const INSERT_FOUR: &str = "INSERT INTO postings (entry, line, account, minor, currency) \
    VALUES ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15), \
    ($16, $17, $18, $19, $20)";
const OF_OPERATION: &str = "SELECT e.operation, e.id, e.posted_at, e.event, p.account, p.minor, \
    p.currency FROM entries e JOIN postings p ON p.entry = e.id \
    WHERE e.operation = $1 ORDER BY e.id, p.line";
const POSTINGS: &str =
    "SELECT account, minor, currency FROM postings WHERE entry = $1 ORDER BY line";
/// A page of entries with their postings: the inner query bounds the entries.
const PAGE: &str = "SELECT e.operation, e.id, e.posted_at, e.event, p.account, p.minor, \
    p.currency FROM (SELECT operation, id, posted_at, event FROM entries \
    WHERE (operation, id) > ($1, $2) ORDER BY operation, id LIMIT $3) AS e \
    LEFT JOIN postings p ON p.entry = e.id ORDER BY e.operation, e.id, p.line";
/// The next entries that operations of a tenant posted for one payer, by time; the inner query
/// bounds the entries.
const OF_PAYER: &str = "SELECT e.operation, e.id, e.posted_at, e.event, p.account, p.minor, \
    p.currency FROM (SELECT e.operation, e.id, e.posted_at, e.event FROM operations o \
    JOIN entries e ON e.operation = o.id WHERE o.tenant = $1 AND o.billing_account = $2 \
    AND o.decided_at >= $3 AND o.decided_at < $4 AND (e.posted_at, e.id) > ($5, $6) \
    ORDER BY e.posted_at, e.id LIMIT $7) AS e \
    JOIN postings p ON p.entry = e.id ORDER BY e.posted_at, e.id, p.line";
const TOTALS: &str = "SELECT account, currency, CAST(SUM(minor) AS BIGINT) FROM postings \
    WHERE account > $1 GROUP BY account, currency ORDER BY account, currency LIMIT $2";

pub(crate) const STATEMENTS: &[&str] = &[
    INSERT_ENTRY,
    INSERT_ONE,
    INSERT_TWO,
    INSERT_THREE,
    INSERT_FOUR,
    OF_OPERATION,
    POSTINGS,
    PAGE,
    OF_PAYER,
    TOTALS,
];

/// An entry to post: it balances, since there are no others.
#[derive(Debug, Clone, Copy)]
pub struct Post<'p> {
    pub id: EntryId,
    pub operation: OperationId,
    pub at: Timestamp,
    pub event: &'p str,
    pub entry: &'p Entry,
}

/// An entry as it lies in the journal. Whether it balances is for `verify` to find out, so the
/// postings are bare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub id: EntryId,
    pub operation: OperationId,
    pub at: Timestamp,
    pub event: String,
    pub postings: Vec<Posting>,
}

/// # Errors
/// Those of the database, as for all functions here.
pub fn post(tx: &mut Tx<'_>, post: &Post<'_>) -> Result<(), StoreError> {
    let unit = Unit::Operation(post.operation.0);
    let entry = vec![post.operation.into(), post.id.into(), post.at.into(), post.event.into()];
    let digest = of_values("entries", &entry, &[]);
    tx.queue(INSERT_ENTRY, entry);
    tx.seal(unit, digest);
    let lines: Vec<(i64, &Posting)> = (1..).zip(post.entry.postings()).collect();
    for lines in lines.chunks(4) {
        let sql = match lines.len() {
            1 => INSERT_ONE,
            2 => INSERT_TWO,
            3 => INSERT_THREE,
            _ => INSERT_FOUR,
        };
        let mut params: Vec<Value> = Vec::with_capacity(lines.len() * 5);
        for (line, posting) in lines {
            params.push(post.id.into());
            params.push((*line).into());
            params.push(posting.account.as_str().into());
            params.push(posting.amount.into());
            params.push(posting.amount.currency().into());
        }
        let digests: Vec<_> =
            params.chunks(5).map(|posting| of_values("postings", posting, &[])).collect();
        tx.queue(sql, params);
        digests.into_iter().for_each(|digest| tx.seal(unit, digest));
    }
    Ok(())
}

/// What an operation posted.
pub fn of_operation(tx: &mut Tx<'_>, operation: OperationId) -> Result<Vec<Posted>, StoreError> {
    gather(&tx.query(OF_OPERATION, &[operation.into()])?)
}

/// The lines of an entry.
pub fn postings(tx: &mut Tx<'_>, entry: EntryId) -> Result<Vec<Posting>, StoreError> {
    let read = |row: &Row| {
        let amount = Money::new(row.int(1)?, row.currency(2)?);
        Ok(Posting { account: Account::new(row.text(0)?), amount })
    };
    tx.query(POSTINGS, &[entry.into()])?.iter().map(read).collect()
}

/// The next entries, by operation, after one of them or from the first.
pub fn page(
    tx: &mut Tx<'_>,
    after: Option<(OperationId, EntryId)>,
    limit: usize,
) -> Result<Vec<Posted>, StoreError> {
    let (operation, id) = match after {
        Some((operation, id)) => (operation.into(), id.into()),
        None => (Value::fixed(""), Value::fixed("")),
    };
    gather(&tx.query(PAGE, &[operation, id, limit_value(limit)])?)
}

/// Which entries of one payer.
#[derive(Debug, Clone, Copy)]
pub struct OfPayer<'q> {
    pub tenant: TenantId,
    pub billing_account: &'q str,
    pub from: Timestamp,
    /// The first instant that is not meant any more.
    pub until: Timestamp,
    pub after: Option<(Timestamp, EntryId)>,
    pub limit: usize,
}

/// The next entries of operations that a tenant had one account pay for, by time.
pub fn of_payer(tx: &mut Tx<'_>, query: &OfPayer<'_>) -> Result<Vec<Posted>, StoreError> {
    let (at, id) = match query.after {
        Some((at, id)) => (at.into(), id.into()),
        None => (Value::Int(i64::MIN), Value::fixed("")),
    };
    let params = [
        query.tenant.into(),
        query.billing_account.into(),
        query.from.into(),
        query.until.into(),
        at,
        id,
        limit_value(query.limit),
    ];
    gather(&tx.query(OF_PAYER, &params)?)
}

/// The next sums by account and currency, after an account or from the first; each page looks at
/// all postings. A page may end
/// within an account that has several currencies; a `limit` of at least their number and `after`
/// being the last *complete* account make the next one whole.
pub fn totals(
    tx: &mut Tx<'_>,
    after: Option<&Account>,
    limit: usize,
) -> Result<Vec<(Account, Money)>, StoreError> {
    let after = after.map_or("", Account::as_str);
    let read = |row: &Row| {
        let currency: Currency = row.currency(1)?;
        Ok((Account::new(row.text(0)?), Money::new(row.int(2)?, currency)))
    };
    tx.query(TOTALS, &[after.into(), limit_value(limit)])?.iter().map(read).collect()
}

fn gather(rows: &[Row]) -> Result<Vec<Posted>, StoreError> {
    let mut entries: Vec<Posted> = Vec::new();
    for row in rows {
        let id = EntryId(row.uuid(1)?);
        if entries.last().is_none_or(|entry| entry.id != id) {
            entries.push(Posted {
                id,
                operation: OperationId(row.uuid(0)?),
                at: row.instant(2)?,
                event: row.string(3)?,
                postings: Vec::with_capacity(4),
            });
        }
        if let (Some(entry), false) = (entries.last_mut(), row.is_null(4)) {
            entry.postings.push(Posting {
                account: Account::new(row.text(4)?),
                amount: Money::new(row.int(5)?, row.currency(6)?),
            });
        }
    }
    Ok(entries)
}
