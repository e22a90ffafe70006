//! A trade-in in the making, as its form sends it.

use crate::portal::compare;
use crate::portal::form::{self, Fields};
use crate::portal::language::say;
use prorata_app::exchange::{Ask, GivenUp};
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId, TenantId};
use prorata_domain::savings_plan::purchase::Request;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Hourly};
use rust_decimal::Decimal;

/// Everything as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The savings plan by its name.
    pub sku: String,
    /// The reservations that are ticked, as `order/reservation`.
    pub takes: Vec<String>,
    /// How many units of each listed reservation, in the order of the page; empty where none can
    /// be typed.
    pub quantities: Vec<(String, String)>,
    /// Term and plan, as the comparison writes them.
    pub offer: String,
    /// What is committed to for each hour; empty for the smallest that passes.
    pub hourly: String,
    pub subscription: String,
    pub scope: String,
    pub name: String,
    pub renew: bool,
}

/// What a button of the form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Look,
    /// Take the commitment.
    Commit(String),
    /// Give up so many units of a reservation.
    Reduce {
        path: String,
        to: u32,
    },
    /// Take another savings plan.
    Plan(String),
    /// Take another term and plan.
    Offer(String),
    Review,
}

impl Act {
    pub fn read(text: &str) -> Act {
        let (word, rest) = text.split_once('.').unwrap_or((text, ""));
        match word {
            "review" => Act::Review,
            "commit" => Act::Commit(rest.to_owned()),
            "plan" => Act::Plan(rest.to_owned()),
            "offer" => Act::Offer(rest.to_owned()),
            "reduce" => {
                let read = || {
                    let (to, path) = rest.split_once('.')?;
                    Some(Act::Reduce { path: path.to_owned(), to: to.parse().ok()? })
                };
                read().unwrap_or(Act::Look)
            }
            _ => Act::Look,
        }
    }
}

impl Draft {
    /// Reads the page's form, or a link to it, which names what is given up as `give`.
    pub fn read(fields: &Fields) -> Draft {
        let rows = fields.all("row").into_iter().zip(fields.all("units"));
        let quantities: Vec<(String, String)> = rows.collect();
        let mut takes = fields.all("take");
        takes.extend(fields.all("give"));
        if fields.one("ticked") == "all" {
            takes.extend(quantities.iter().map(|(row, _)| row.clone()));
        }
        Draft {
            sku: fields.one("plan"),
            takes,
            quantities,
            offer: fields.one("offer"),
            hourly: fields.one("hourly"),
            subscription: fields.one("subscription"),
            scope: fields.one("scope"),
            name: fields.one("name"),
            renew: fields.has("renew"),
        }
    }

    /// The same after a button was pressed.
    pub fn after(mut self, act: &Act) -> Draft {
        match act {
            Act::Commit(hourly) => self.hourly.clone_from(hourly),
            Act::Plan(sku) => self.sku.clone_from(sku),
            Act::Offer(offer) => self.offer.clone_from(offer),
            Act::Reduce { path, to } => {
                match self.quantities.iter_mut().find(|(row, _)| row == path) {
                    Some((_, units)) => *units = to.to_string(),
                    None => self.quantities.push((path.clone(), to.to_string())),
                }
            }
            Act::Look | Act::Review => {}
        }
        self
    }

    /// The fields of a link to the page, on which all of the rows are ticked. That is said once, so
    /// that the link stays short enough for as many rows as there can be.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::with_capacity(2 * self.quantities.len() + 8);
        pairs.push(("ticked", "all".to_owned()));
        for (row, units) in &self.quantities {
            pairs.push(("row", row.clone()));
            pairs.push(("units", units.clone()));
        }
        let renew = if self.renew { "yes" } else { "" };
        let rest = [
            ("plan", self.sku.as_str()),
            ("offer", &self.offer),
            ("hourly", &self.hourly),
            ("subscription", &self.subscription),
            ("scope", &self.scope),
            ("name", &self.name),
            ("renew", renew),
        ];
        let filled = rest.into_iter().filter(|(_, text)| !text.is_empty());
        pairs.extend(filled.map(|(name, text)| (name, text.to_owned())));
        pairs
    }

    pub fn is_taken(&self, path: &str) -> bool {
        self.takes.iter().any(|taken| taken.eq_ignore_ascii_case(path))
    }

    /// Where the page had a row that it listed; all that it did not have come after.
    pub fn place(&self, path: &str) -> usize {
        let place = self.quantities.iter().position(|(row, _)| row.eq_ignore_ascii_case(path));
        place.unwrap_or(usize::MAX)
    }

    /// The units typed for a reservation.
    pub fn units(&self, path: &str) -> Option<&str> {
        let row = self.quantities.iter().find(|(row, _)| row.eq_ignore_ascii_case(path));
        row.map(|(_, units)| units.as_str()).filter(|units| !units.is_empty())
    }

    pub fn chosen(&self) -> (Term, BillingPlan) {
        compare::parse(&self.offer).unwrap_or((Term::P1Y, BillingPlan::Monthly))
    }

    /// The commitment as typed: nothing where it is empty, else an amount above zero.
    ///
    /// # Errors
    /// When it is no amount of at most three decimals.
    pub fn commitment(&self, currency: Currency) -> Result<Option<Hourly>, ()> {
        if self.hourly.is_empty() {
            return Ok(None);
        }
        let amount = decimal(&self.hourly).ok_or(())?;
        let hourly = Hourly::from_decimal(amount, currency).map_err(|_| ())?;
        if hourly.thousandths() > 0 { Ok(Some(hourly)) } else { Err(()) }
    }

    /// The request for a savings plan; a commitment of nothing stands for the smallest.
    pub fn wanted(
        &self,
        payer: SubscriptionId,
        tenant: TenantId,
        (term, plan): (Term, BillingPlan),
        hourly: Hourly,
    ) -> Request {
        Request {
            sku: self.sku.clone(),
            billing_subscription: payer,
            term,
            plan,
            hourly,
            display_name: if self.name.is_empty() { self.sku.clone() } else { self.name.clone() },
            applied_scope: crate::portal::buy::scopes::read(&self.scope, tenant),
            renew: self.renew,
        }
    }
}

/// What is given up, with what is wanted for it.
pub fn ask(returns: Vec<GivenUp>, wanted: Request) -> Ask {
    Ask { returns, purchases: Vec::new(), savings_plans: vec![wanted] }
}

/// An order and a reservation from a path.
pub fn ids(path: &str) -> Option<(OrderId, ReservationId)> {
    let (order, reservation) = path.split_once('/')?;
    OrderId::parse(order).zip(ReservationId::parse(reservation))
}

/// Reads an amount in the signs of the reader's language. A German point that sets no groups of
/// three apart is a decimal sign as well.
fn decimal(text: &str) -> Option<Decimal> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = match text.split_once(say("decimal-sign").as_ref()) {
        Some((whole, fraction)) => format!("{}.{fraction}", form::ungrouped(whole)),
        None => form::ungrouped(&text),
    };
    Decimal::from_str_exact(&plain).ok()
}

/// Units of a row that is ticked: what is typed, or all that is held.
///
/// # Errors
/// What is wrong with it.
pub fn units(draft: &Draft, path: &str, held: u32) -> Result<u32, String> {
    match draft.units(path) {
        None => Ok(held),
        Some(typed) => form::quantity(typed, held),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::language::{Language, speaking_now};

    #[test]
    fn buttons_are_read_and_unknown_ones_only_look() {
        assert_eq!(Act::read("commit.0.206"), Act::Commit("0.206".to_owned()));
        let reduce = Act::Reduce { path: "a/b".to_owned(), to: 15 };
        assert_eq!(Act::read("reduce.15.a/b"), reduce);
        assert_eq!(Act::read("offer.P3Y-Monthly"), Act::Offer("P3Y-Monthly".to_owned()));
        for text in ["", "look", "reduce.x.a/b", "reduce.1", "execute"] {
            assert_eq!(Act::read(text), Act::Look, "{text}");
        }
    }

    #[test]
    fn amounts_are_read_as_the_reader_writes_them() {
        let read = |hourly: &str| {
            let draft = Draft { hourly: hourly.to_owned(), ..Draft::default() };
            draft.commitment(Currency::USD)
        };
        let usd = |thousandths| Ok(Some(Hourly::new(thousandths, Currency::USD)));
        assert_eq!(read("1,000.206"), usd(1_000_206));
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("1,250"), usd(1_250_000));
        // Neither in groups of three nor with a decimal sign: what is meant is asked, not guessed.
        let unclear = ["0,206", "1,5", "12,50", "1,2500", "1.000,206", "1,00.5"];
        for text in ["0", "-1", "0.2065", "much", "1 USD"].into_iter().chain(unclear) {
            assert_eq!(read(text), Err(()), "{text}");
        }
        speaking_now(Language::German, || {
            assert_eq!(read("1.000,206"), usd(1_000_206));
            assert_eq!(read("0.206"), usd(206));
            assert_eq!(read("1.5"), usd(1500));
            // As the page itself writes it.
            assert_eq!(read("1.250"), usd(1_250_000));
            for text in ["1.5,2", "1,250.5", "0.206,5"] {
                assert_eq!(read(text), Err(()), "{text}");
            }
        });
    }

    #[test]
    fn a_draft_survives_its_own_link() {
        let path = "a/b".to_owned();
        let draft = Draft {
            sku: "Compute_Savings_Plan".to_owned(),
            takes: vec![path.clone()],
            quantities: vec![(path, "2".to_owned())],
            offer: "P3Y-Monthly".to_owned(),
            hourly: "0.206".to_owned(),
            subscription: "c".to_owned(),
            scope: "shared".to_owned(),
            name: "<b>".to_owned(),
            renew: true,
        };
        let pairs = draft.pairs().into_iter().map(|(name, text)| (name.to_owned(), text));
        assert_eq!(Draft::read(&Fields::new(pairs.collect())), draft);

        // Servers and browsers take addresses of 16 KiB.
        let id = "11111111-2222-4333-8444-555555555555";
        let row = (format!("{id}/{id}"), "100000".to_owned());
        let long = Draft { quantities: vec![row; 100], ..draft };
        let pairs = long.pairs().into_iter();
        let bytes: usize =
            pairs.map(|(name, text)| name.len() + form::escaped(&text).len() + 2).sum();
        assert!(bytes < 14 << 10, "{bytes}");
    }

    #[test]
    fn units_are_all_that_is_held_unless_typed() {
        let path = "a/b".to_owned();
        let draft = Draft { takes: vec![path.clone()], ..Draft::default() };
        assert_eq!(units(&draft, &path, 3), Ok(3));
        let fewer = draft.after(&Act::Reduce { path: path.clone(), to: 2 });
        assert_eq!(units(&fewer, &path, 3), Ok(2));
        assert!(units(&fewer, &path, 1).is_err());
        assert!(fewer.is_taken("A/B") && !fewer.is_taken("a/c"));
    }
}
