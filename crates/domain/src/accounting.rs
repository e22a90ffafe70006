//! From a plan to a balanced journal entry: one function for each business event.
//!
//! Accounts: `payer/{billing account}/{means}` is what was taken from (credit) or given back to
//! (debit) the payer; `order/{id}/prepaid` is what was paid and neither used nor returned yet;
//! `order/{id}/used` is the used part of what was returned or has expired; `fee/return` is what
//! was kept of refunds. Orders of savings plans have the same two accounts under
//! `savings-plan-order/{id}`.

use crate::decision::Impossible;
use crate::ids::{OrderId, SavingsPlanOrderId};
use crate::policy::Destination;
use crate::proration::ReturnValue;
use crate::reservation::BillingAccount;
use prorata_ledger::{Account, Entry, Money, Posting};

/// What an entry is about, as the journal shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Purchase,
    Instalment,
    Renewal,
    Refund,
    ExchangeReturn,
    ExchangePurchase,
    Expiry,
    SavingsPlanPurchase,
    SavingsPlanInstalment,
    SavingsPlanExpiry,
    TradeInReturn,
}

impl Event {
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Purchase => "purchase",
            Event::Instalment => "instalment",
            Event::Renewal => "renewal",
            Event::Refund => "refund",
            Event::ExchangeReturn => "exchange-return",
            Event::ExchangePurchase => "exchange-purchase",
            Event::Expiry => "expiry",
            Event::SavingsPlanPurchase => "savings-plan-purchase",
            Event::SavingsPlanInstalment => "savings-plan-instalment",
            Event::SavingsPlanExpiry => "savings-plan-expiry",
            Event::TradeInReturn => "trade-in-return",
        }
    }
}

pub fn prepaid(order: OrderId) -> Account {
    Account::new(format!("order/{order}/prepaid"))
}

pub fn savings_plan_prepaid(order: SavingsPlanOrderId) -> Account {
    Account::new(format!("savings-plan-order/{order}/prepaid"))
}

/// The order whose [`savings_plan_prepaid`] account this is.
pub fn savings_plan_prepaid_by(account: &Account) -> Option<SavingsPlanOrderId> {
    let rest = account.as_str().strip_prefix("savings-plan-order/")?;
    SavingsPlanOrderId::parse(rest.strip_suffix("/prepaid")?)
}

/// The order whose [`prepaid`] account this is.
pub fn prepaid_by(account: &Account) -> Option<OrderId> {
    OrderId::parse(account.as_str().strip_prefix("order/")?.strip_suffix("/prepaid")?)
}

pub fn used(order: OrderId) -> Account {
    Account::new(format!("order/{order}/used"))
}

fn payer(account: &BillingAccount, means: &str) -> Account {
    Account::new(format!("payer/{}/{means}", account.id))
}

/// A payment for an order, at purchase or when an instalment falls due. Nothing for nothing.
///
/// # Errors
/// When the amounts do not fit.
pub fn payment(
    account: &BillingAccount,
    order: OrderId,
    amount: Money,
) -> Result<Option<Entry>, Impossible> {
    paid_into(account, prepaid(order), amount)
}

/// The same for an order of savings plans.
///
/// # Errors
/// When the amounts do not fit.
pub fn savings_plan_payment(
    account: &BillingAccount,
    order: SavingsPlanOrderId,
    amount: Money,
) -> Result<Option<Entry>, Impossible> {
    paid_into(account, savings_plan_prepaid(order), amount)
}

fn paid_into(
    account: &BillingAccount,
    prepaid: Account,
    amount: Money,
) -> Result<Option<Entry>, Impossible> {
    let from = Money::zero(amount.currency()).minus(amount)?;
    entry(vec![
        Posting { account: prepaid, amount },
        Posting { account: payer(account, account.payment.as_str()), amount: from },
    ])
}

/// Units given up: what was paid for them leaves the order, the refund less the fee goes to its
/// destination, the rest was used. Nothing where nothing was paid.
///
/// # Errors
/// When the amounts do not fit or do not balance.
pub fn given_back(
    account: &BillingAccount,
    order: OrderId,
    value: &ReturnValue,
    fee: Money,
    destination: Destination,
) -> Result<Option<Entry>, Impossible> {
    let payout = value.refund.minus(fee)?;
    let from = Money::zero(value.paid.currency()).minus(value.paid)?;
    entry(vec![
        Posting { account: payer(account, destination.as_str()), amount: payout },
        Posting { account: Account::new("fee/return"), amount: fee },
        Posting { account: used(order), amount: value.used },
        Posting { account: prepaid(order), amount: from },
    ])
}

/// The end of a term: what was paid and never returned was used.
///
/// # Errors
/// When the amounts do not fit.
pub fn expiry(order: OrderId, left: Money) -> Result<Option<Entry>, Impossible> {
    let from = Money::zero(left.currency()).minus(left)?;
    entry(vec![
        Posting { account: used(order), amount: left },
        Posting { account: prepaid(order), amount: from },
    ])
}

/// The same for a savings plan, which is never returned: all that was paid was used.
///
/// # Errors
/// When the amounts do not fit.
pub fn savings_plan_expiry(
    order: SavingsPlanOrderId,
    left: Money,
) -> Result<Option<Entry>, Impossible> {
    let from = Money::zero(left.currency()).minus(left)?;
    entry(vec![
        Posting { account: Account::new(format!("savings-plan-order/{order}/used")), amount: left },
        Posting { account: savings_plan_prepaid(order), amount: from },
    ])
}

fn entry(postings: Vec<Posting>) -> Result<Option<Entry>, Impossible> {
    if postings.iter().all(|posting| posting.amount.is_zero()) {
        return Ok(None);
    }
    Ok(Some(Entry::new(postings)?))
}
