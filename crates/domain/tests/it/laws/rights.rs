//! Rights to exchange never grow, whatever is done with the units.

use super::world::{self, plus_days};
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::prelude::*;
use prorata_domain::exchange;
use prorata_domain::policy::{Book, ExchangeRight};
use prorata_domain::reservation::AcquiredBy;
use prorata_domain::rights::{Carried, Right, Units, ahead, carried, on};
use prorata_domain::term::day_start;

const END: Date = date(2027, 2, 1);

/// What somebody does with a unit, so many days after what was done before.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Split, merge, swap and partial return alike: what becomes of it keeps what it has.
    Rearrange,
    Exchange,
    Renew,
}

fn steps() -> impl Strategy<Value = Vec<(Step, i64)>> {
    let step = prop_oneof![
        2 => Just(Step::Rearrange),
        3 => Just(Step::Exchange),
        1 => Just(Step::Renew),
    ];
    vec((step, 1..200i64), 1..12)
}

fn rule(final_rights: u32) -> ExchangeRight {
    ExchangeRight {
        cutoff: Some(END),
        final_rights,
        covered: vec!["VirtualMachines".to_owned()],
        later: Vec::new(),
        retiring: Vec::new(),
    }
}

fn bought(on: Date, by: AcquiredBy, carried: Option<Carried>) -> Units<'static> {
    Units {
        resource_type: "VirtualMachines",
        sku: "Standard_D2s_v5",
        acquired_by: by,
        purchased_at: day_start(on),
        carried,
    }
}

/// How many more exchanges a right is good for.
fn worth(right: Right) -> u32 {
    match right {
        Right::Unlimited => u32::MAX,
        Right::Last(left) => left,
        Right::None(_) => 0,
    }
}

proptest! {
    /// From the end on a unit is exchanged no more often than the rule leaves it, and no step gives
    /// it back what it had before.
    #[test]
    fn rights_never_grow(final_rights in 0..4u32, begin in 0..600i64, steps in steps()) {
        let rule = rule(final_rights);
        let mut day = plus_days(date(2026, 1, 1), begin);
        let mut unit = bought(day, AcquiredBy::Purchase, None);
        let mut exchanged = 0;
        for (step, days) in steps {
            day = plus_days(day, days);
            let had = worth(on(&rule, &unit, day));
            let next = match step {
                Step::Rearrange => unit,
                Step::Renew => bought(day, AcquiredBy::Renewal, None),
                Step::Exchange if had == 0 => continue,
                Step::Exchange => {
                    let carried = carried(&rule, [unit], unit.resource_type, unit.sku, day);
                    bought(day, AcquiredBy::Exchange, carried)
                }
            };
            let has = worth(on(&rule, &next, day));
            prop_assert!(has <= had, "{step:?} on {day} makes {has} of {had}");
            if day >= END {
                if matches!(step, Step::Exchange) {
                    prop_assert_eq!(has, had - 1);
                    exchanged += 1;
                }
                if matches!(step, Step::Renew) {
                    prop_assert_eq!(has, 0);
                }
            }
            unit = next;
        }
        prop_assert!(exchanged <= final_rights);
    }

    /// What is given up together with others is not better off than alone.
    #[test]
    fn units_given_up_together_have_what_the_least_of_them_has(
        final_rights in 0..4u32,
        days in vec(0..800i64, 1..4),
        used in vec(0..3u32, 4),
        later in 0..300i64,
    ) {
        let rule = rule(final_rights);
        let day = plus_days(date(2028, 4, 1), later);
        let units: Vec<Units<'_>> = days
            .iter()
            .zip(used)
            .map(|(back, used)| {
                let bought_at = day_start(plus_days(date(2026, 1, 1), *back));
                let carried = (used > 0).then_some(Carried { bought_at, used });
                Units { purchased_at: bought_at, ..bought(date(2026, 1, 1), AcquiredBy::Exchange, carried) }
            })
            .collect();
        let least = units.iter().map(|unit| worth(on(&rule, unit, day))).min().unwrap();
        let over = carried(&rule, units, "VirtualMachines", "Standard_D2s_v5", day);
        let made = bought(day, AcquiredBy::Exchange, over);
        prop_assert_eq!(worth(on(&rule, &made, day)), least.saturating_sub(1));
    }

    /// What is told of the days ahead is what holds on each of them, without a gap.
    #[test]
    fn what_is_told_of_the_days_ahead_holds_on_them(
        final_rights in 0..3u32,
        begin in 0..900i64,
        length in 1..1100i64,
    ) {
        let rule = rule(final_rights);
        let from = plus_days(date(2025, 6, 1), begin);
        let unit = bought(from, AcquiredBy::Purchase, None);
        let expires_on = plus_days(from, length);
        let spans = ahead(&rule, &unit, from, expires_on);
        prop_assert_eq!(spans.first().map(|span| span.from), Some(from));
        prop_assert_eq!(spans.last().map(|span| span.until), Some(expires_on));
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].until, pair[1].from);
            prop_assert!(pair[0].right != pair[1].right);
        }
        for span in spans {
            for day in [span.from, span.until.yesterday().unwrap()] {
                prop_assert_eq!(on(&rule, &unit, day), span.right);
            }
        }
    }

    /// A plan carries over what the rule says of what is given up, and nothing to what is bought
    /// while exchanges go on.
    #[test]
    fn a_plan_carries_over_what_is_left(asked in world::exchanges()) {
        let book = Book::built_in();
        let decision =
            exchange::decide(book, &asked.facts, &asked.request, world::noon(asked.today)).unwrap();
        let Some(plan) = decision.plan() else { return Ok(()) };
        prop_assert_eq!(plan.carried.len(), plan.purchases.len());
        let rule = book.in_force(asked.today).exchange_right.value;
        for (bought, over) in plan.purchases.iter().zip(&plan.carried) {
            let what = &bought.commitment;
            let ended = rule.ends_for(&what.resource_type, &what.sku).is_some_and(|end| asked.today >= end);
            prop_assert_eq!(over.is_some(), ended);
            if let Some(over) = over {
                prop_assert!(over.used >= 1);
                let latest = asked.facts.returns.iter().map(|held| held.purchased_at).max().unwrap();
                prop_assert_eq!(over.bought_at, latest);
            }
        }
    }
}
