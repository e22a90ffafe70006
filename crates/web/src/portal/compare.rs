//! Offers side by side, of which one is chosen: what each costs in all, today, by the month and by
//! the hour.

use super::language::{say, say_with};
use super::words::{self, Said};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Money, MoneyError, Rounding, rounding};

/// Offers of one question, under the name of its field.
#[derive(Debug, Clone)]
pub struct Compare {
    pub name: &'static str,
    pub legend: Said,
    /// What holds for all of them, such as the currency.
    pub hint: Said,
    pub offers: Vec<Offer>,
}

/// One offer as a card.
#[derive(Debug, Clone)]
pub struct Offer {
    pub id: String,
    pub value: String,
    pub title: Said,
    pub plan: Said,
    /// The figure that people look for first.
    pub lead: Row,
    pub rows: Vec<Row>,
    /// What sets it apart from the others.
    pub mark: Option<Mark>,
    pub chosen: bool,
}

/// A short word on a card, as a badge.
#[derive(Debug, Clone)]
pub struct Mark {
    pub label: Said,
    pub class: &'static str,
}

/// A figure and what it is.
#[derive(Debug, Clone)]
pub struct Row {
    pub label: Said,
    pub value: String,
}

impl Row {
    pub fn new(label: &str, value: impl Into<String>) -> Row {
        Row { label: say(label), value: value.into() }
    }
}

/// What an offer costs, as far as offers are compared by it.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub term: Term,
    pub plan: BillingPlan,
    pub total: Money,
    /// One payment, of as many as the plan has.
    pub payment: Money,
}

impl Cost {
    pub fn value(&self) -> String {
        value(self.term, self.plan)
    }

    /// When it is paid: today, then, and by the month.
    ///
    /// # Errors
    /// When an amount does not fit.
    pub fn payments(&self) -> Result<Vec<Row>, MoneyError> {
        let payments = self.plan.payments(self.term);
        let months = i64::from(self.term.months());
        let by_month = rounding::share(self.total, 1, months, Rounding::UsedPart)?;
        let later = match payments - 1 {
            0 => say("compare-nothing-more"),
            left => say_with(
                "compare-more-payments",
                [("count", left.into()), ("amount", words::figure(self.payment).into())],
            ),
        };
        Ok(vec![
            Row::new("compare-today", words::figure(self.payment)),
            Row::new("compare-then", later),
            Row::new("compare-by-month", words::figure(by_month)),
        ])
    }

    /// The rows of a card; `dearest` is what the saving is held against.
    fn rows(&self, dearest: Option<&Cost>) -> Result<Vec<Row>, MoneyError> {
        let by_hour = rounding::price_of_an_hour(self.total, self.term.hours())?;
        let percent = dearest.map_or(0, |dearest| saving(self, dearest));
        let saves = match percent {
            1.. => say_with("compare-percent", [("percent", percent.into())]),
            _ => say("compare-no-saving"),
        };
        let mut rows = self.payments()?;
        rows.push(Row::new("compare-by-hour", words::decimal(&by_hour.to_string())));
        rows.push(Row::new("compare-saves", saves));
        Ok(rows)
    }
}

/// How a choice of term and plan is sent.
pub fn value(term: Term, plan: BillingPlan) -> String {
    format!("{term}-{plan}")
}

/// Reads what [`value`] wrote.
pub fn parse(text: &str) -> Option<(Term, BillingPlan)> {
    let (term, plan) = text.split_once('-')?;
    Term::parse(term).zip(BillingPlan::parse(plan))
}

/// Of how many hundredths an hour under an offer is cheaper than under another, cut to whole ones.
pub fn saving(offer: &Cost, other: &Cost) -> i64 {
    let hour =
        |cost: &Cost, by: &Cost| i128::from(cost.total.minor()) * i128::from(by.term.hours());
    let (ours, theirs) = (hour(offer, other), hour(other, offer));
    if theirs <= 0 {
        return 0;
    }
    i64::try_from((theirs - ours) * 100 / theirs).unwrap_or(0)
}

/// The offer of which an hour costs most; of equals the first.
pub fn dearest(costs: &[Cost]) -> Option<&Cost> {
    costs.iter().reduce(|dearest, cost| if is_dearer(cost, dearest) { cost } else { dearest })
}

fn is_dearer(cost: &Cost, than: &Cost) -> bool {
    let hour =
        |cost: &Cost, by: &Cost| i128::from(cost.total.minor()) * i128::from(by.term.hours());
    hour(cost, than) > hour(than, cost)
}

/// Cards of offers by what they cost.
///
/// # Errors
/// When an amount does not fit.
pub fn cards(costs: &[Cost], chosen: &str) -> Result<Vec<Offer>, MoneyError> {
    let dearest = dearest(costs);
    let cheapest =
        costs.iter().reduce(|best, cost| if is_dearer(best, cost) { cost } else { best });
    let mark = |cost: &Cost| {
        let least = cheapest.is_some_and(|best| saving(best, cost) == 0);
        let differs = dearest.zip(cheapest).is_some_and(|(most, best)| saving(best, most) > 0);
        (least && differs).then(|| Mark { label: say("compare-cheapest"), class: "met" })
    };
    let card = |(index, cost): (usize, &Cost)| {
        Ok(Offer {
            id: format!("offer-{}", index + 1),
            value: cost.value(),
            title: words::term(cost.term),
            plan: words::paid(cost.plan),
            lead: Row::new("compare-in-all", words::figure(cost.total)),
            rows: cost.rows(dearest)?,
            mark: mark(cost),
            chosen: cost.value() == chosen,
        })
    };
    costs.iter().enumerate().map(card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_ledger::Currency;

    fn cost(term: Term, plan: BillingPlan, total: i64) -> Cost {
        let total = Money::new(total, Currency::USD);
        let payment = Money::new(total.minor() / i64::from(plan.payments(term)), Currency::USD);
        Cost { term, plan, total, payment }
    }

    #[test]
    fn an_hour_is_what_offers_are_compared_by() {
        let year = cost(Term::P1Y, BillingPlan::Upfront, 10_000);
        let three = cost(Term::P3Y, BillingPlan::Monthly, 18_000);
        let offers = [three, year];
        assert_eq!(dearest(&offers).unwrap().term, Term::P1Y);
        assert_eq!(saving(&three, &year), 40);
        assert_eq!(saving(&year, &year), 0);
        let cards = cards(&offers, "P1Y-Upfront").unwrap();
        assert!(cards[1].chosen && !cards[0].chosen);
        assert!(cards[0].mark.is_some() && cards[1].mark.is_none());
        let row = |card: &Offer, at: usize| card.rows[at].value.clone();
        assert_eq!(row(&cards[0], 0), "5.00");
        assert_eq!(row(&cards[0], 1), "35 × 5.00");
        assert_eq!(row(&cards[0], 2), "5.00");
        assert_eq!(row(&cards[0], 4), "40 %");
        assert_eq!(row(&cards[1], 3), "0.0114");
    }

    #[test]
    fn nothing_stands_out_among_equals() {
        let offers =
            [BillingPlan::Upfront, BillingPlan::Monthly].map(|plan| cost(Term::P1Y, plan, 12_000));
        assert!(cards(&offers, "").unwrap().iter().all(|card| card.mark.is_none()));
    }

    #[test]
    fn a_choice_is_read_as_it_was_written() {
        for term in Term::ALL {
            for plan in BillingPlan::ALL {
                assert_eq!(parse(&value(term, plan)), Some((term, plan)));
            }
        }
        assert_eq!(parse("P1Y"), None);
        assert_eq!(parse("P2Y-Upfront"), None);
    }
}
