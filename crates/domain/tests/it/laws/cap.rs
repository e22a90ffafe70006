//! No sequence of refunds passes the cap in any window.

use super::world::{self, noon, plus_days};
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::*;
use prorata_domain::policy::Book;
use prorata_domain::refund::{self, Facts, Request};
use prorata_domain::reservation::Held;

/// Moves a holding so that it is live today and pays it up to today.
fn live_today(held: &Held, age: i64, today: Date) -> Held {
    let mut held = held.clone();
    let length = i64::from(held.commitment.term.months()) * 28;
    held.starts_on = plus_days(today, -(age % length));
    held.expires_on = held.commitment.term.end(held.starts_on);
    held.payments_made = world::due_by(&held.commitment, held.starts_on, today);
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_window_holds_more_than_the_cap(
        wishes in vec((world::refunds(), 0..90i64, 0..2_000i64), 1..60),
        begin in world::days(),
    ) {
        let book = Book::built_in();
        let mut counted: Vec<(Date, i64)> = Vec::new();
        let mut today = begin;
        for (wish, pause, age) in wishes {
            today = plus_days(today, pause);
            let held = live_today(&wish.facts.held, age, today);
            let facts = Facts { held, cap_used: counted.clone() };
            let mut quantity = wish.request.quantity;
            // Whoever is refused takes as much as is offered, so that the cap is neared.
            for _ in 0..2 {
                let decided =
                    refund::decide(book, &facts, &Request { quantity }, noon(today)).unwrap();
                if let Some(plan) = decided.plan() {
                    counted.push((today, plan.counted.minor()));
                    break;
                }
                let repairs = decided.refusal.map(|refusal| refusal.repairs).unwrap_or_default();
                let less = repairs.iter().find_map(|repair| match repair {
                    prorata_domain::Repair::ReduceQuantity { to, .. } => Some(*to),
                    _ => None,
                });
                match less {
                    Some(less) => quantity = less,
                    None => break,
                }
            }
        }
        for (end, _) in &counted {
            // Before 2020-07-01 the window was twelve months, which are never shorter.
            let opens = plus_days(*end, -364);
            let sum: i64 = counted
                .iter()
                .filter(|(day, _)| (opens..=*end).contains(day))
                .map(|(_, minor)| minor)
                .sum();
            prop_assert!(sum <= 5_000_000, "{sum} from {opens} to {end}: {counted:?}");
        }
    }
}
