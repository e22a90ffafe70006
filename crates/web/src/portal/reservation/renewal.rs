//! What the renewal of a reservation would buy, when its price is locked, and what it would cost.

use crate::portal::language::say_with;
use crate::portal::words;
use jiff::civil::Date;
use prorata_app::renewal::Outlook;
use prorata_domain::policy::Book;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::rights::{self, Units};

/// The last day before a day, in words.
pub fn last_day_before(day: Date) -> String {
    words::day(day.yesterday().unwrap_or(day))
}

/// What a renewal would do, in words.
#[derive(Debug, Clone, Default)]
pub struct Renewal {
    /// What would be bought.
    pub buys: Option<String>,
    /// At which price.
    pub price: Option<String>,
    /// When the price is locked, or was.
    pub locks: Option<String>,
    /// The right that would be given away.
    pub trap: Option<String>,
    /// Why it could not be bought today, as the rule says it.
    pub refused: Option<String>,
}

impl Renewal {
    pub fn warns(&self) -> bool {
        self.trap.is_some() || self.refused.is_some()
    }

    /// What renewing a reservation would do, whether it is switched on or not.
    pub fn of(
        book: &Book,
        order: &Order,
        held: &Reservation,
        outlook: Option<&Outlook>,
        today: Date,
    ) -> Renewal {
        let mut said = Renewal::default();
        let rule = book.in_force(order.expires_on).renewal_lock.value;
        let locked_on = rule.locked_on(order.expires_on);
        if let Some(outlook) = outlook {
            let what = &outlook.request.purchase;
            let values = [
                ("units", words::units(what.quantity).into()),
                ("sku", what.sku.clone().into()),
                ("term", words::term(what.term).into()),
                ("paid", words::paid(what.plan).into()),
            ];
            said.buys = Some(say_with("prospect-renewal-buys", values).into_owned());
            let total = match (&outlook.lock, outlook.today.plan()) {
                (Some(lock), _) => Some(("prospect-renewal-locked-price", lock.total)),
                (None, Some(plan)) => Some(("prospect-renewal-price", plan.total)),
                (None, None) => None,
            };
            said.price = total.map(|(id, total)| {
                say_with(id, [("amount", words::money(total).into())]).into_owned()
            });
            said.refused = outlook.today.refusal.as_ref().map(words::reason);
            if let Some(lock) = &outlook.lock {
                let day = words::day(lock.locked_on);
                said.locks =
                    Some(say_with("prospect-renewal-locked", [("day", day.into())]).into_owned());
            }
        }
        if said.locks.is_none() && today < locked_on {
            let day = words::day(locked_on);
            said.locks =
                Some(say_with("prospect-renewal-locks", [("day", day.into())]).into_owned());
        }
        let clauses = book.in_force(today);
        let trap = rights::renewal_trap(&clauses, &Units::of(order, held), today, order.expires_on);
        said.trap = trap.map(|trap| {
            let day = last_day_before(trap.renews_on);
            say_with("prospect-renewal-trap", [("day", day.into())]).into_owned()
        });
        said
    }
}
