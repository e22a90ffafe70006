//! The journal at the end of the story: what stands on which account, and that it adds up.

use super::tell::title;
use crate::failure::Failure;
use crate::output::{columns, write};
use prorata_app::App;
use prorata_app::world::Document;
use prorata_ledger::{Account, Currency, Money};
use prorata_store::journal;
use std::collections::BTreeMap;

/// Accounts read at a time.
const CHUNK: usize = 500;

/// Prints the balances of the journal; those of each currency sum to zero.
///
/// # Errors
/// Those of the database, and sums beyond 64 bits.
pub fn books(app: &App, world: &Document) -> Result<(), Failure> {
    let mut balances: BTreeMap<(Currency, String), Money> = BTreeMap::new();
    for (account, balance) in totals(app)? {
        let key = (balance.currency(), shown(world, account.as_str()));
        let sum = balances.entry(key).or_insert(Money::zero(balance.currency()));
        *sum = sum.plus(balance).map_err(prorata_app::Error::from)?;
    }
    let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
    for ((currency, _), balance) in &balances {
        let sum = sums.entry(*currency).or_insert(Money::zero(*currency));
        *sum = sum.plus(*balance).map_err(prorata_app::Error::from)?;
    }
    let width = balances.values().map(|money| money.to_string().len()).max().unwrap_or(0);
    let row = |name: &str, money: Money| {
        vec![name.to_owned(), format!("{money:>width$}", money = money.to_string())]
    };
    let mut rows = Vec::new();
    for (currency, sum) in &sums {
        let of_currency = balances.iter().filter(|((other, _), _)| other == currency);
        rows.extend(of_currency.map(|((_, name), balance)| row(name, *balance)));
        rows.push(row("sum", *sum));
    }
    let mut text = title("The journal: what stands where, and that it adds up to nothing");
    text.push_str(&columns(&["Account", "Balance"], rows));
    write(&text)
}

fn totals(app: &App) -> Result<Vec<(Account, Money)>, Failure> {
    Ok(app.read(|tx, _| {
        let mut all = Vec::new();
        loop {
            let after = all.last().map(|(account, _): &(Account, Money)| account.clone());
            let chunk = journal::totals(tx, after.as_ref(), CHUNK)?;
            let read = chunk.len();
            all.extend(chunk);
            if read < CHUNK {
                return Ok(all);
            }
        }
    })?)
}

/// An account as people read it; all orders are put together.
fn shown(world: &Document, account: &str) -> String {
    let Some(rest) = account.strip_prefix("payer/") else {
        return match account.rsplit('/').next() {
            Some("prepaid") => "orders: paid, not used yet".to_owned(),
            Some("used") => "orders: used up".to_owned(),
            _ => account.to_owned(),
        };
    };
    let (id, means) = rest.rsplit_once('/').unwrap_or((rest, ""));
    let tenant = world
        .subscriptions
        .iter()
        .find(|row| row.billing_account == id)
        .and_then(|row| world.tenants.iter().find(|tenant| tenant.id == row.tenant_id));
    format!("{}: {}", tenant.map_or(id, |tenant| &tenant.name), means.replace('-', " "))
}
