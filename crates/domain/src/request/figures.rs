//! What a request comes to, and whether that has moved since somebody looked at it.

use super::Kind;
use crate::reservation::BillingAccount;
use crate::{exchange, purchase, refund, savings_plan};
use prorata_ledger::{Currency, Money, MoneyError, Rounding, rounding};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What a request comes to, at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What is at stake, which thresholds look at: of a return all that is given up (the money back
    /// and the payments never made), of anything else the whole commitment that is bought.
    pub stake: Money,
    /// The same in US dollars, at the rate kept with the account that pays.
    pub stake_usd: Money,
    /// The amounts that approvers see, and whose moving stops the request.
    pub lines: Vec<Figure>,
}

/// One amount of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    pub label: Cow<'static, str>,
    pub amount: Money,
}

impl Figures {
    fn new(
        stake: Money,
        account: &BillingAccount,
        lines: impl IntoIterator<Item = (&'static str, Money)>,
    ) -> Result<Figures, MoneyError> {
        let rate = match stake.currency() {
            Currency::USD => Decimal::ONE,
            _ => account.usd_rate,
        };
        let stake_usd = rounding::scale(stake, rate, Currency::USD, Rounding::Conversion)?;
        let figure =
            |(label, amount): (&'static str, Money)| Figure { label: label.into(), amount };
        Ok(Figures { stake, stake_usd, lines: lines.into_iter().map(figure).collect() })
    }

    /// # Errors
    /// When amounts do not fit together, as for all of these.
    pub fn of_refund(plan: &refund::Plan, account: &BillingAccount) -> Result<Figures, MoneyError> {
        let lines = [("paid out", plan.payout), ("payments never made", plan.value.cancelled)];
        Figures::new(plan.value.given_up()?, account, lines)
    }

    pub fn of_exchange(
        plan: &exchange::Plan,
        account: &BillingAccount,
    ) -> Result<Figures, MoneyError> {
        let lines = [
            ("given up", plan.refunds_total),
            ("bought", plan.purchases_total),
            ("net payable", plan.net_payable),
        ];
        Figures::new(plan.purchases_total, account, lines)
    }

    pub fn of_purchase(
        plan: &purchase::Plan,
        account: &BillingAccount,
    ) -> Result<Figures, MoneyError> {
        Figures::new(plan.total, account, [("total", plan.total)])
    }

    pub fn of_savings_plan(
        plan: &savings_plan::purchase::Plan,
        account: &BillingAccount,
    ) -> Result<Figures, MoneyError> {
        Figures::new(plan.total, account, [("total", plan.total)])
    }

    /// The first amount that has moved from what it was by more than each tolerance allows.
    pub fn moved_from(&self, was: &Figures, tolerances: &[Tolerance]) -> Option<Moved> {
        let of = |figures: &Figures, label: &str| {
            figures.lines.iter().find(|line| line.label == label).map(|line| line.amount)
        };
        self.lines.iter().find_map(|line| {
            let zero = Money::zero(line.amount.currency());
            let before = of(was, &line.label).unwrap_or(zero);
            let allowed = |tolerance: &Tolerance| tolerance.allows(before, line.amount, self);
            let broken = tolerances.iter().find(|tolerance| !allowed(tolerance));
            broken.map(|tolerance| Moved {
                label: line.label.clone(),
                was: before,
                is: line.amount,
                tolerance: *tolerance,
            })
        })
    }
}

/// By how much an amount may move before a request is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tolerance {
    /// At most so much, in US dollars or in the currency of the account.
    Amount(Money),
    /// At most so many parts in a hundred of what it was.
    Percent(Decimal),
}

impl Tolerance {
    /// Whether an amount may be another one now. Nothing is rounded: both sides are compared
    /// exactly, an amount in dollars by the figures' own relation of stake and dollars.
    fn allows(self, was: Money, is: Money, now: &Figures) -> bool {
        if was.currency() != is.currency() {
            return false;
        }
        let moved = (is.to_decimal() - was.to_decimal()).abs();
        match self {
            Tolerance::Percent(percent) => {
                moved * Decimal::ONE_HUNDRED <= percent * was.to_decimal().abs()
            }
            Tolerance::Amount(most) if most.currency() == is.currency() => {
                moved <= most.to_decimal()
            }
            // moved / stake is the share of the stake that moved; in dollars that is the same share.
            // What is too large to be compared has moved too far.
            Tolerance::Amount(most) if most.currency() == now.stake_usd.currency() => {
                let moved = moved.checked_mul(now.stake_usd.to_decimal());
                let allowed = most.to_decimal().checked_mul(now.stake.to_decimal());
                moved.zip(allowed).is_some_and(|(moved, allowed)| moved <= allowed)
            }
            Tolerance::Amount(_) => false,
        }
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tolerance::Amount(most) => write!(f, "{most}"),
            Tolerance::Percent(percent) => write!(f, "{} %", percent.normalize()),
        }
    }
}

/// An amount that moved too far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub label: Cow<'static, str>,
    pub was: Money,
    pub is: Money,
    pub tolerance: Tolerance,
}

impl Moved {
    /// # Errors
    /// When the two do not fit together.
    pub fn difference(&self) -> Result<Money, MoneyError> {
        self.is.minus(self.was)
    }
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Moved { label, was, is, tolerance } = self;
        write!(f, "{label} was {was} and is {is} now, ")?;
        if let Ok(difference) = self.difference() {
            write!(f, "a difference of {difference}; ")?;
        }
        write!(f, "it may move by {tolerance}")
    }
}

impl Kind {
    /// The noun for one of these, as sentences have it.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Refund => "a refund",
            Kind::Exchange => "an exchange",
            Kind::Purchase => "a purchase",
            Kind::SavingsPlan => "a savings plan",
            Kind::TradeIn => "a trade-in",
        }
    }
}
