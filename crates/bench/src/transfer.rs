//! A bare double-entry transfer, to compare with: two balances read and changed, one journal row,
//! two postings.

use crate::Trouble;
use crate::measure::{Run, clients, deal};
use prorata_store::{Store, StoreError, Tx, Value};
use rusqlite::{Connection, TransactionBehavior, params};
use std::thread;
use std::time::{Duration, Instant};

const ACCOUNTS: i64 = 10_000;
const TABLES: [&str; 4] = [
    "CREATE TABLE bare_accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)",
    "CREATE TABLE bare_journal (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
    "CREATE TABLE bare_postings (journal INTEGER NOT NULL REFERENCES bare_journal (id), \
     account INTEGER NOT NULL REFERENCES bare_accounts (id), minor INTEGER NOT NULL)",
    "CREATE INDEX bare_postings_by_account ON bare_postings (account)",
];
const FILL: &str = "INSERT INTO bare_accounts (id, balance) VALUES ($1, 1000000)";
const BALANCE: &str = "SELECT balance FROM bare_accounts WHERE id = $1";
const CHANGE: &str = "UPDATE bare_accounts SET balance = $2 WHERE id = $1";
const JOURNAL: &str = "INSERT INTO bare_journal (id, at) VALUES ($1, $2)";
const POSTING: &str = "INSERT INTO bare_postings (journal, account, minor) VALUES ($1, $2, $3)";

/// Which accounts a transfer moves money between.
fn pair(number: i64) -> (i64, i64) {
    let from = number.wrapping_mul(7919).rem_euclid(ACCOUNTS);
    (from, (from + 1 + number % 97).rem_euclid(ACCOUNTS))
}

/// A store with accounts to move money between.
pub fn store(database: &str) -> Result<Store, Trouble> {
    let store = Store::open(database)?;
    store.write(|tx| -> Result<(), StoreError> {
        for table in TABLES {
            tx.execute(table, &[])?;
        }
        let accounts: Vec<Vec<Value>> = (0..ACCOUNTS).map(|id| vec![id.into()]).collect();
        tx.execute_each(FILL, &accounts).map(drop)
    })?;
    Ok(store)
}

/// Through the store: its one writer, its shared commits.
pub fn through_store(store: &Store, count: usize, at_once: usize) -> Result<Run, Trouble> {
    let work = deal(0..i64::try_from(count)?, at_once).into_iter().map(|numbers| {
        let store = store.clone();
        move |mut waits: crate::measure::Waits| async move {
            for number in numbers {
                let asked = Instant::now();
                store.write_async(move |tx| transfer(tx, number)).await?;
                waits.since(asked);
            }
            Ok(waits)
        }
    });
    clients(work.collect(), async {})
}

fn transfer(tx: &mut Tx<'_>, number: i64) -> Result<(), StoreError> {
    let (from, to) = pair(number);
    for (account, amount) in [(from, -1), (to, 1)] {
        let balance = tx.one(BALANCE, &[account.into()])?.map_or(Ok(0), |row| row.int(0))?;
        tx.execute(CHANGE, &[account.into(), (balance + amount).into()])?;
    }
    tx.execute(JOURNAL, &[number.into(), 0i64.into()])?;
    for (account, amount) in [(from, -1i64), (to, 1)] {
        tx.execute(POSTING, &[number.into(), account.into(), amount.into()])?;
    }
    Ok(())
}

/// The other way: each client with a connection of its own, each transfer with a commit of its
/// own. Stops after `longest`, since clients can starve.
pub fn by_connection(
    database: &str,
    count: usize,
    at_once: usize,
    longest: Duration,
) -> Result<Run, Trouble> {
    let first = connect(database)?;
    for table in TABLES {
        first.execute(table, [])?;
    }
    first.execute_batch("BEGIN")?;
    for id in 0..ACCOUNTS {
        first.execute(FILL, [id])?;
    }
    first.execute_batch("COMMIT")?;
    let started = Instant::now();
    let waits = thread::scope(|scope| {
        let threads: Vec<_> = deal(0..i64::try_from(count)?, at_once)
            .into_iter()
            .map(|numbers| {
                scope.spawn(move || -> Result<Vec<Duration>, Trouble> {
                    let mut connection = connect(database)?;
                    let mut waits = Vec::with_capacity(numbers.len());
                    for number in numbers {
                        if started.elapsed() > longest {
                            break;
                        }
                        let asked = Instant::now();
                        alone(&mut connection, number)?;
                        waits.push(asked.elapsed());
                    }
                    Ok(waits)
                })
            })
            .collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().map_err(|_| "a client panicked")??);
        }
        Ok::<_, Trouble>(all)
    })?;
    Ok(Run::new(started.elapsed(), waits))
}

fn connect(database: &str) -> rusqlite::Result<Connection> {
    let connection = Connection::open(database)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
    )?;
    Ok(connection)
}

fn alone(connection: &mut Connection, number: i64) -> rusqlite::Result<()> {
    let (from, to) = pair(number);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (account, amount) in [(from, -1), (to, 1)] {
        let balance: i64 = tx.prepare_cached(BALANCE)?.query_row([account], |row| row.get(0))?;
        tx.prepare_cached(CHANGE)?.execute([account, balance + amount])?;
    }
    tx.prepare_cached(JOURNAL)?.execute([number, 0])?;
    for (account, amount) in [(from, -1), (to, 1)] {
        tx.prepare_cached(POSTING)?.execute(params![number, account, amount])?;
    }
    tx.commit()
}
