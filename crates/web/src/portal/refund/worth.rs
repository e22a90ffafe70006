//! What a return comes to: the figures, and its effect on the cap.

use crate::portal::words;
use prorata_domain::refund::Plan;
use prorata_ledger::{Money, MoneyError};

/// The sum of a return, as it stands beside the proof.
#[derive(Debug, Clone)]
pub struct Worth {
    pub units: String,
    pub payout: String,
    /// The sum, line by line; the last is what is paid out.
    pub figures: Vec<Figure>,
    /// What is never paid, where payments were still to come.
    pub cancelled: Option<String>,
    /// Where the money goes, as the end of "The money goes …".
    pub destination: String,
    /// What becomes of the units that are kept.
    pub kept: Option<String>,
    pub cap: Cap,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub label: &'static str,
    pub amount: String,
    pub total: bool,
}

/// The cap before and after, in US dollars.
#[derive(Debug, Clone)]
pub struct Cap {
    pub used: String,
    pub counted: String,
    /// What would be left; nothing when it does not fit.
    pub left: Option<String>,
    /// By how much it does not fit.
    pub over: Option<String>,
    pub cap: String,
    pub bar: Bar,
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
    /// # Errors
    /// When recorded amounts do not fit together.
    pub fn new(plan: &Plan, quantity: u32) -> Result<Worth, MoneyError> {
        let value = &plan.value;
        let nothing = Money::zero(value.paid.currency());
        let minus = |amount: Money| nothing.minus(amount).map(words::money);
        let figure = |label, amount| Figure { label, amount, total: false };
        let mut figures = vec![
            figure("Paid so far for these units", words::money(value.paid)),
            figure("Part of it that is used", minus(value.used)?),
        ];
        if !plan.fee.is_zero() {
            figures.push(figure("Fee", minus(plan.fee)?));
        }
        let payout = words::money(plan.payout);
        figures.push(Figure { label: "Paid out", amount: payout.clone(), total: true });
        let lapses = plan
            .credit_lapses
            .map_or_else(String::new, |day| format!("; the credit lapses on {}", words::day(day)));
        Ok(Worth {
            units: words::units(quantity),
            payout,
            figures,
            cancelled: (!value.cancelled.is_zero()).then(|| words::money(value.cancelled)),
            destination: format!("{}{lapses}", words::destination(plan.destination)),
            kept: (plan.kept > 0).then(|| {
                let verb = if plan.kept == 1 { "lives" } else { "live" };
                format!(
                    "{} {verb} on in a new reservation of the same order, with the same end",
                    words::units(plan.kept)
                )
            }),
            cap: Cap::new(plan)?,
        })
    }
}

impl Cap {
    fn new(plan: &Plan) -> Result<Cap, MoneyError> {
        let together = plan.cap_used.plus(plan.counted)?;
        let left = plan.cap.minus(together)?;
        let over = if left.is_negative() { Some(together.minus(plan.cap)?) } else { None };
        let whole = if over.is_some() { together } else { plan.cap };
        let used = thousandths(plan.cap_used, whole);
        let cap = thousandths(plan.cap, whole);
        let counted = thousandths(plan.counted, whole).min((cap - used).max(0));
        Ok(Cap {
            used: words::money(plan.cap_used),
            counted: words::money(plan.counted),
            left: (!left.is_negative()).then(|| words::money(left)),
            over: over.map(words::money),
            cap: words::money(plan.cap),
            bar: Bar { used, counted, cap },
        })
    }
}

/// How many thousandths of the whole an amount is, from 0 to 1000; only for drawing.
fn thousandths(part: Money, whole: Money) -> i64 {
    let whole = i128::from(whole.minor().max(1));
    let share = i128::from(part.minor()) * 1000 / whole;
    i64::try_from(share.clamp(0, 1000)).unwrap_or(1000)
}
