//! What is bought against what is given up: the sums, the scale that tips, and the smallest changes
//! that would level it.

use crate::portal::language::{say, say_with};
use crate::portal::words;
use prorata_app::exchange::Ask;
use prorata_domain::decision::{Refusal, Repair};
use prorata_domain::exchange::Plan;
use prorata_domain::policy::ClauseId;
use prorata_ledger::{Money, MoneyError};

/// Products of the basket for which a top-up is offered.
const TOP_UPS_MAX: usize = 4;

#[derive(Debug, Clone)]
pub struct Balance {
    pub currency: String,
    pub given: String,
    pub bought: String,
    pub net: String,
    /// Whether less is bought than is given up.
    pub short: bool,
    /// What is missing, or how much more is bought than has to be, in words.
    pub says: String,
    pub scale: Scale,
    /// The smallest changes that would do, the smallest first.
    pub top_ups: Vec<TopUp>,
    /// What comes back at once, and what is paid at once.
    pub back_now: String,
    pub paid_now: String,
}

/// A change that would level the scale, as a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUp {
    pub text: String,
    pub act: String,
    pub smallest: bool,
}

/// The picture of the scale, in the units of its view box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// How far the beam's right end is below the middle, and its left end above.
    pub drop: i64,
    /// How high what is given up and what is bought are piled up on the pans.
    pub given: i64,
    pub bought: i64,
}

/// How high the greater pile is, and how far the beam tips at most.
const PILE: i128 = 44;
const DROP: i128 = 26;
/// The least that the beam tips where the two differ at all, so that it is seen.
const DROP_SEEN: i128 = 6;

impl Scale {
    fn of(given: Money, bought: Money) -> Scale {
        let (given, bought) = (i128::from(given.minor()), i128::from(bought.minor()));
        let most = given.max(bought).max(1);
        let tipped = (bought - given) * DROP / most;
        let drop = match bought.cmp(&given) {
            std::cmp::Ordering::Less => tipped.min(-DROP_SEEN),
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => tipped.max(DROP_SEEN),
        };
        let pile = |amount: i128| {
            let height = amount * PILE / most;
            if amount > 0 { height.max(2) } else { 0 }
        };
        let whole = |number: i128| i64::try_from(number).unwrap_or_default();
        Scale { drop: whole(drop), given: whole(pile(given)), bought: whole(pile(bought)) }
    }

    pub fn left(&self) -> i64 {
        48 - self.drop
    }

    pub fn right(&self) -> i64 {
        48 + self.drop
    }
}

impl Balance {
    /// # Errors
    /// When recorded amounts do not fit together.
    pub fn new(ask: &Ask, plan: &Plan, refusal: Option<&Refusal>) -> Result<Balance, MoneyError> {
        let currency = plan.refunds_total.currency();
        let back = Money::sum(currency, plan.returns.iter().map(|given| given.value.refund))?;
        let mut paid = Money::zero(currency);
        for bought in &plan.purchases {
            paid = paid.plus(bought.first_payment()?)?;
        }
        let short = plan.net_payable.is_negative();
        let gap =
            if short { plan.refunds_total.minus(plan.purchases_total)? } else { plan.net_payable };
        let says = if !plan.swaps.is_empty() {
            say("exchange-balance-swap")
        } else if plan.purchases.is_empty() {
            say_with("exchange-balance-empty", [("amount", words::money(gap).into())])
        } else if short {
            say_with("exchange-balance-short", [("amount", words::money(gap).into())])
        } else if gap.minor() == 0 {
            say("exchange-balance-level")
        } else {
            say_with("exchange-balance-enough", [("amount", words::money(gap).into())])
        };
        let floor = refusal.filter(|refusal| refusal.clause == ClauseId::ExchangeFloor);
        let top_ups = floor.map(|refusal| top_ups(ask, plan, refusal)).unwrap_or_default();
        Ok(Balance {
            currency: currency.to_string(),
            given: words::figure(plan.refunds_total),
            bought: words::figure(plan.purchases_total),
            net: words::figure(plan.net_payable),
            short,
            says: says.into_owned(),
            scale: Scale::of(plan.refunds_total, plan.purchases_total),
            top_ups,
            back_now: words::figure(back),
            paid_now: words::figure(paid),
        })
    }
}

/// The repairs of the floor, as buttons.
fn top_ups(ask: &Ask, plan: &Plan, refusal: &Refusal) -> Vec<TopUp> {
    let mut found = Vec::new();
    for repair in &refusal.repairs {
        match repair {
            Repair::RaisePurchase { by } => found.extend(raised(ask, plan, *by)),
            Repair::ReduceQuantity { to, .. } if ask.returns.len() == 1 => {
                let text = words::repair(repair);
                found.push(TopUp { text, act: format!("reduce.0.{to}"), smallest: false });
            }
            _ => {}
        }
    }
    found
}

/// For each product of the basket alone, the quantity that makes up for what is missing; what costs
/// least comes first.
pub fn raised(ask: &Ask, plan: &Plan, by: Money) -> Vec<TopUp> {
    let rows = plan.purchases.iter().zip(&ask.purchases).enumerate();
    let mut found: Vec<(i128, TopUp)> = rows
        .filter_map(|(row, (bought, asked))| {
            let unit = i128::from(bought.commitment.unit_payment.minor())
                * i128::from(bought.commitment.payments());
            if unit <= 0 {
                return None;
            }
            // A count of units, and no amount: how often the unit's price goes into what is missing.
            let more = (i128::from(by.minor()) + unit - 1) / unit;
            let to = u32::try_from(i128::from(bought.quantity) + more).ok()?;
            let cost = Money::new(i64::try_from(more * unit).ok()?, by.currency());
            let text = say_with(
                "exchange-top-up",
                [
                    ("to", words::count(to).into()),
                    ("sku", asked.sku.clone().into()),
                    ("from", words::count(bought.quantity).into()),
                    ("amount", words::money(cost).into()),
                ],
            );
            let act = format!("set.{row}.quantity.{to}");
            Some((more * unit, TopUp { text: text.into_owned(), act, smallest: false }))
        })
        .collect();
    found.sort_by_key(|(cost, _)| *cost);
    found.truncate(TOP_UPS_MAX);
    let mut found: Vec<TopUp> = found.into_iter().map(|(_, top_up)| top_up).collect();
    if let Some(first) = found.first_mut() {
        first.smallest = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_ledger::Currency;

    #[test]
    fn the_scale_tips_to_the_heavier_side_and_so_that_it_is_seen() {
        let of = |given, bought| {
            Scale::of(Money::new(given, Currency::USD), Money::new(bought, Currency::USD))
        };
        assert_eq!(of(100, 100), Scale { drop: 0, given: 44, bought: 44 });
        assert_eq!(of(100, 0), Scale { drop: -26, given: 44, bought: 0 });
        assert_eq!(of(100, 50), Scale { drop: -13, given: 44, bought: 22 });
        assert_eq!(of(100_000, 99_999).drop, -6);
        assert_eq!(of(99_999, 100_000).drop, 6);
        assert_eq!(of(0, 0), Scale { drop: 0, given: 0, bought: 0 });
        assert_eq!(of(1_000_000, 1).bought, 2, "a little is seen");
    }
}
