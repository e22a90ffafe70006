//! What a return comes to: the figures, its effect on the cap, and what will happen.

use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use prorata_domain::decision::{Refusal, Repair};
use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::refund::Plan;
use prorata_ledger::{Money, MoneyError};

/// The sum of a return, as it stands beside the proof.
#[derive(Debug, Clone)]
pub struct Worth {
    pub payout: String,
    /// What the figures are in.
    pub currency: String,
    /// The sum, line by line; the last is what is paid out.
    pub figures: Vec<Figure>,
    pub cap: Cap,
    /// All that happens when it is confirmed, a sentence each.
    pub happens: Vec<Said>,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub label: Said,
    pub amount: String,
    pub total: bool,
}

/// The cap before and after, in US dollars.
#[derive(Debug, Clone)]
pub struct Cap {
    pub currency: String,
    pub used: String,
    pub counted: String,
    /// What would be left; nothing when it does not fit.
    pub left: Option<Figure>,
    /// By how much it does not fit.
    pub over: Option<Figure>,
    pub bar: Bar,
    /// From when on it would fit, or when what it counts is free again.
    pub until: Option<Said>,
}

/// The picture of the cap, in thousandths of its width: what was used, then what this counts, up
/// to the cap. Where the two together pass the cap, it stands within the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub used: i64,
    pub counted: i64,
    pub cap: i64,
}

impl Worth {
    /// What returning some units comes to, by the rules of the day on which they are.
    ///
    /// # Errors
    /// When recorded amounts do not fit together.
    pub fn new(
        plan: &Plan,
        quantity: u32,
        refusal: Option<&Refusal>,
        book: &Book,
        day: Date,
    ) -> Result<Worth, MoneyError> {
        let value = &plan.value;
        let currency = value.paid.currency();
        let nothing = Money::zero(currency);
        let minus = |amount: Money| nothing.minus(amount).map(words::figure);
        let figure = |label, amount| Figure { label: say(label), amount, total: false };
        let mut figures = vec![
            figure("refund-paid", words::figure(value.paid)),
            figure("refund-used", minus(value.used)?),
        ];
        if !plan.fee.is_zero() {
            figures.push(figure("refund-fee", minus(plan.fee)?));
        }
        let paid_out =
            Figure { total: true, ..figure("refund-paid-out", words::figure(plan.payout)) };
        figures.push(paid_out);
        let frees = book.in_force(day).refund_cap.value.returns_on(day);
        Ok(Worth {
            payout: words::money(plan.payout),
            currency: currency.to_string(),
            figures,
            cap: Cap::new(plan, refusal, frees)?,
            happens: happens(plan, quantity, frees),
        })
    }
}

impl Worth {
    pub fn sum_heading(&self) -> Said {
        say_with("refund-sum-of", [("currency", self.currency.clone().into())])
    }
}

fn happens(plan: &Plan, quantity: u32, frees: Date) -> Vec<Said> {
    let (payout, to) = (words::money(plan.payout), words::destination(plan.destination));
    let mut said = vec![
        say_with("refund-ends-now", [("units", words::units(quantity).into())]),
        say_with("refund-money", [("payout", payout.into()), ("destination", to.into())]),
    ];
    let day = |id, day| say_with(id, [("day", words::day(day).into())]);
    said.extend(plan.credit_lapses.map(|lapses| day("refund-credit-lapses", lapses)));
    if !plan.value.cancelled.is_zero() {
        let amount = words::money(plan.value.cancelled);
        said.push(say_with("refund-cancelled", [("amount", amount.into())]));
    }
    if plan.kept > 0 {
        said.push(say_with("refund-kept", [("count", plan.kept.into())]));
    }
    if !plan.counted.is_zero() {
        let amount = words::money(plan.counted).into();
        said.push(say_with(
            "refund-counts",
            [("amount", amount), ("day", words::day(frees).into())],
        ));
    }
    said.push(say("refund-final"));
    said
}

impl Cap {
    pub fn heading(&self) -> Said {
        say_with("refund-cap-of", [("currency", self.currency.clone().into())])
    }

    fn new(plan: &Plan, refusal: Option<&Refusal>, frees: Date) -> Result<Cap, MoneyError> {
        let together = plan.cap_used.plus(plan.counted)?;
        let left = plan.cap.minus(together)?;
        let over = if left.is_negative() { Some(together.minus(plan.cap)?) } else { None };
        let whole = if over.is_some() { together } else { plan.cap };
        let used = thousandths(plan.cap_used, whole);
        let cap = thousandths(plan.cap, whole);
        let counted = thousandths(plan.counted, whole).min((cap - used).max(0));
        let of_cap = |id, amount| Figure {
            label: say_with(id, [("cap", words::figure(plan.cap).into())]),
            amount: words::figure(amount),
            total: true,
        };
        Ok(Cap {
            currency: plan.cap.currency().to_string(),
            used: words::figure(plan.cap_used),
            counted: words::figure(plan.counted),
            left: over.is_none().then(|| of_cap("refund-cap-left", left)),
            over: over.map(|over| of_cap("refund-cap-over", over)),
            bar: Bar { used, counted, cap },
            until: match refusal {
                Some(refusal) => first_day(refusal).map(|day| dated("refund-cap-fits", day)),
                None => (!plan.counted.is_zero()).then(|| dated("refund-cap-frees", frees)),
            },
        })
    }
}

fn dated(id: &str, day: Date) -> Said {
    say_with(id, [("day", words::day(day).into())])
}

/// The first day on which a return that the cap refuses would fit.
fn first_day(refusal: &Refusal) -> Option<Date> {
    let mut repairs = refusal.repairs.iter().filter(|_| refusal.clause == ClauseId::RefundCap);
    repairs.find_map(|repair| match repair {
        Repair::WaitUntil { day } => Some(*day),
        _ => None,
    })
}

/// How many thousandths of the whole an amount is, from 0 to 1000; only for drawing.
fn thousandths(part: Money, whole: Money) -> i64 {
    let whole = i128::from(whole.minor().max(1));
    let share = i128::from(part.minor()) * 1000 / whole;
    i64::try_from(share.clamp(0, 1000)).unwrap_or(1000)
}
