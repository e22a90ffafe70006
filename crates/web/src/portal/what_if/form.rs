//! The form: of which reservation, what is to be done, and on which days.

use crate::portal::form::{Fields, escaped, quantity};
use crate::portal::language::say;
use crate::portal::reservation::ids;
use crate::portal::words::{self, Said};
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::what_if::{Ask, Wanted};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::Job;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::{BillingPlan, Term};

/// Days that are looked at together.
pub const DAYS: usize = 3;

/// The form as it was filled in, with what is wrong beside each field.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// `order/item`; empty before one is chosen.
    pub of: String,
    pub is_exchange: bool,
    pub quantity: String,
    pub quantity_fault: Option<Said>,
    pub sku: String,
    pub sku_fault: Option<Said>,
    pub location: String,
    pub term: String,
    pub plan: String,
    pub bought: String,
    pub bought_fault: Option<Said>,
    pub typed_days: Vec<Typed>,
    /// The type of what is given up: an exchange is for another product of it.
    pub resource_type: String,
}

/// A day as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub number: usize,
    pub text: String,
    pub fault: Option<Said>,
}

/// One of some things to choose from.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Form {
    pub fn read(query: &Fields, today: Date) -> Form {
        let mut texts: Vec<String> =
            query.all("on").into_iter().filter(|text| !text.is_empty()).collect();
        texts.truncate(DAYS);
        let typed = texts.into_iter().map(|text| {
            let read = text.parse::<Date>().ok();
            // Beyond a life of reservations nothing is told apart, and sums of days would not fit.
            let far = today.saturating_add(30.years());
            let fault = read.is_none_or(|day| day > far || day.year() < 2000);
            (text, fault.then(|| say("what-if-day-fault")))
        });
        let mut typed_days: Vec<Typed> = typed
            .enumerate()
            .map(|(index, (text, fault))| Typed { number: index + 1, text, fault })
            .collect();
        if typed_days.is_empty() && query.has("of") {
            typed_days.push(Typed { number: 1, text: today.to_string(), fault: None });
        }
        Form {
            of: query.one("of"),
            is_exchange: query.one("do") == "exchange",
            quantity: query.one("quantity"),
            sku: query.one("sku"),
            location: query.one("location"),
            term: query.one("term"),
            plan: query.one("plan"),
            bought: query.one("bought"),
            typed_days,
            ..Form::default()
        }
    }

    /// The reservation that was chosen.
    ///
    /// # Errors
    /// [`Error::Absent`] for what is no reservation's name.
    pub fn chosen(&self) -> Result<Option<(OrderId, ReservationId)>, Error> {
        if self.of.is_empty() {
            return Ok(None);
        }
        let (order, item) = self.of.split_once('/').unwrap_or((&self.of, ""));
        ids(order, item).map(Some)
    }

    pub fn job(&self) -> Job {
        if self.is_exchange { Job::Exchange } else { Job::Refund }
    }

    /// Fills in what was not said, as is likely, and notes what is wrong.
    pub fn begin(
        &mut self,
        order: &Order,
        held: &Reservation,
        proposed: Option<Date>,
        today: Date,
    ) {
        let what = &order.commitment;
        let fill = |field: &mut String, like: String| {
            if field.is_empty() {
                *field = like;
            }
        };
        self.resource_type = what.resource_type.clone();
        fill(&mut self.quantity, held.quantity.to_string());
        fill(&mut self.location, what.location.clone());
        fill(&mut self.term, what.term.to_string());
        fill(&mut self.plan, what.plan.to_string());
        fill(&mut self.bought, self.quantity.clone());
        // One day alone is compared with today, and today with the next day that is dated.
        if let [only] = self.typed_days.as_slice() {
            let is_today = only.text == today.to_string();
            let other = match is_today {
                true => proposed.unwrap_or_else(|| today.saturating_add(30.days())),
                false => today,
            };
            let other = Typed { number: 0, text: other.to_string(), fault: None };
            self.typed_days.insert(usize::from(is_today), other);
        }
        while self.typed_days.len() < DAYS {
            self.typed_days.push(Typed::default());
        }
        for (number, typed) in (1..).zip(&mut self.typed_days) {
            typed.number = number;
        }
        self.quantity_fault = quantity(&self.quantity, held.quantity).err().map(Said::from);
        if self.is_exchange {
            self.sku_fault = self.sku.is_empty().then(|| say("what-if-sku-missing"));
            self.bought_fault = quantity(&self.bought, u32::MAX).err().map(Said::from);
        }
    }

    /// The days that were typed.
    pub fn days(&self) -> Vec<Date> {
        let typed = self.typed_days.iter().filter(|typed| typed.fault.is_none());
        let mut days: Vec<Date> = typed.filter_map(|typed| typed.text.parse().ok()).collect();
        days.dedup();
        days
    }

    /// What is asked; nothing before a reservation is chosen, or while something is wrong.
    pub fn ask(&self) -> Option<Ask> {
        let (order, reservation) = self.chosen().ok()??;
        let given = quantity(&self.quantity, u32::MAX).ok()?;
        let faulty = self.quantity_fault.is_some() || self.days().is_empty();
        if faulty {
            return None;
        }
        let into = match self.is_exchange {
            false => None,
            true => Some(self.wanted()?),
        };
        Some(Ask { order, reservation, quantity: given, into })
    }

    fn wanted(&self) -> Option<Wanted> {
        if self.sku.is_empty() {
            return None;
        }
        Some(Wanted {
            resource_type: self.resource_type.clone(),
            sku: self.sku.clone(),
            location: (!self.location.is_empty()).then(|| self.location.clone()),
            term: Term::ALL.into_iter().find(|term| term.as_str() == self.term)?,
            plan: BillingPlan::ALL.into_iter().find(|plan| plan.as_str() == self.plan)?,
            quantity: quantity(&self.bought, u32::MAX).ok()?,
        })
    }

    pub fn terms(&self) -> Vec<Choice> {
        let choice = |term: Term| Choice {
            value: term.as_str().to_owned(),
            label: words::term(term).into_owned(),
            chosen: term.as_str() == self.term,
        };
        Term::ALL.map(choice).into()
    }

    pub fn plans(&self) -> Vec<Choice> {
        let choice = |plan: BillingPlan| Choice {
            value: plan.as_str().to_owned(),
            label: words::plan(plan).into_owned(),
            chosen: plan.as_str() == self.plan,
        };
        BillingPlan::ALL.map(choice).into()
    }

    /// The word for what is done.
    pub fn deed(&self) -> &'static str {
        if self.is_exchange { "exchange" } else { "refund" }
    }

    /// The page with other days.
    pub fn href_with(&self, days: &[Date]) -> String {
        self.href(self.is_exchange, days)
    }

    /// The page for the other thing to do.
    pub fn href_for(&self, exchange: bool) -> String {
        self.href(exchange, &self.days())
    }

    fn href(&self, exchange: bool, days: &[Date]) -> String {
        let mut href = format!("/what-if?do={}", if exchange { "exchange" } else { "refund" });
        let mut add = |name: &str, text: &str| {
            if !text.is_empty() {
                href.push_str(&format!("&{name}={}", escaped(text)));
            }
        };
        add("of", &self.of);
        add("quantity", &self.quantity);
        if exchange {
            for (name, text) in [
                ("sku", &self.sku),
                ("location", &self.location),
                ("term", &self.term),
                ("plan", &self.plan),
                ("bought", &self.bought),
            ] {
                add(name, text);
            }
        }
        for day in days {
            add("on", &day.to_string());
        }
        href
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let pairs = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Form::read(&Fields::new(pairs.collect()), date(2026, 11, 22))
    }

    #[test]
    fn days_are_read_and_told_when_they_are_none() {
        let read = form(&[("on", "2023-05-01"), ("on", ""), ("on", "2027-02-01"), ("on", "soon")]);
        assert_eq!(read.days(), [date(2023, 5, 1), date(2027, 2, 1)]);
        let faults: Vec<bool> = read.typed_days.iter().map(|day| day.fault.is_some()).collect();
        assert_eq!(faults, [false, false, true]);
        assert!(form(&[("on", "9999-01-01")]).typed_days[0].fault.is_some());
    }

    #[test]
    fn what_is_no_reservation_is_not_there() {
        assert!(form(&[("of", "x/y")]).chosen().is_err());
        assert!(form(&[]).chosen().is_ok_and(|chosen| chosen.is_none()));
    }

    #[test]
    fn addresses_carry_the_form_on() {
        let read = form(&[("of", "a/b"), ("quantity", "2"), ("sku", "S&1"), ("on", "2023-05-01")]);
        assert_eq!(read.href_for(false), "/what-if?do=refund&of=a%2Fb&quantity=2&on=2023-05-01");
        assert!(read.href_for(true).contains("&sku=S%261&"));
    }
}
