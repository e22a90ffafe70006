//! An account that pays: what is left of its cap, and credits that it holds.

use crate::Error;
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_domain::ids::TenantId;
use prorata_domain::policy::{Agreement, Book, Destination, Payment};
use prorata_domain::refund::{cap_scope, cap_scopes};
use prorata_domain::reservation::BillingAccount;
use prorata_domain::term::{day_start, utc_day};
use prorata_ledger::{Currency, Money};
use prorata_store::{Tx, cap, portfolio};

/// What refunds of an account have used of the cap on them, and what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The name under which they are counted.
    pub scope: String,
    pub cap: Money,
    pub used: Money,
    pub left: Money,
    /// The first day that counts.
    pub since: Date,
    /// What was counted on each day, and when that comes back.
    pub days: Vec<(Date, Money, Date)>,
}

impl Pool {
    /// The next day on which something comes back, and how much.
    pub fn next_return(&self) -> Option<(Date, Money)> {
        self.days.first().map(|(_, amount, back)| (*back, *amount))
    }
}

/// Money that was given back as a credit of limited life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    pub amount: Money,
    pub given_on: Date,
    /// The first day without it.
    pub lapses_on: Date,
}

/// An account that pays for something in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    pub account: BillingAccount,
    pub pool: Pool,
    /// Those that have not lapsed, the first to lapse first.
    pub credits: Vec<Credit>,
}

impl Payer {
    /// Reads what an account has used of its cap, and what it holds.
    ///
    /// # Errors
    /// Those of the database; amounts that do not fit.
    pub fn of(
        tx: &mut Tx<'_>,
        book: &Book,
        tenant: TenantId,
        account: BillingAccount,
        today: Date,
    ) -> Result<Payer, Error> {
        let pool = pool(tx, book, &account, today)?;
        let credits = credits(tx, book, tenant, &account, today)?;
        Ok(Payer { account, pool, credits })
    }
}

fn pool(
    tx: &mut Tx<'_>,
    book: &Book,
    account: &BillingAccount,
    today: Date,
) -> Result<Pool, Error> {
    let clauses = book.in_force(today);
    let rule = clauses.refund_cap.value;
    let since = rule.window_opens(today);
    let mut days: Vec<(Date, Money, Date)> = Vec::new();
    for scope in cap_scopes(account, book, today) {
        for (day, minor) in cap::used_since(tx, &scope, since)? {
            days.push((day, Money::new(minor, Currency::USD), rule.returns_on(day)));
        }
    }
    days.sort_unstable_by_key(|(day, ..)| *day);
    let used = Money::sum(Currency::USD, days.iter().map(|(_, amount, _)| *amount))?;
    let left = rule.amount.minus(used)?;
    let left = if left.minor() < 0 { Money::zero(Currency::USD) } else { left };
    let scope = cap_scope(account, &clauses);
    Ok(Pool { scope, cap: rule.amount, used, left, since, days })
}

/// Only what was bought under a Prepayment term that has ended comes back as such a credit.
fn credits(
    tx: &mut Tx<'_>,
    book: &Book,
    tenant: TenantId,
    account: &BillingAccount,
    today: Date,
) -> Result<Vec<Credit>, Error> {
    let may_have = account.agreement == Agreement::Ea && account.payment == Payment::Prepayment;
    if !may_have || account.prepayment_ends.is_none_or(|end| end > today) {
        return Ok(Vec::new());
    }
    let life = book.in_force(today).refund_settlement.value.credit_days;
    let since = day_start(today.saturating_sub(life.days()));
    let to = format!("payer/{}/{}", account.id, Destination::CreditNinetyDays.as_str());
    let given = portfolio::given_back(tx, tenant, since, &account.id, &to)?;
    let credit = |(at, amount)| {
        let given_on = utc_day(at);
        let life = book.in_force(given_on).refund_settlement.value.credit_days;
        Credit { amount, given_on, lapses_on: given_on.saturating_add(life.days()) }
    };
    Ok(given.into_iter().map(credit).filter(|credit| credit.lapses_on > today).collect())
}
