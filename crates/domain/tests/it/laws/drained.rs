//! What was drained of a plan and what is left of it come to what was bought.

use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::*;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::drain::{Facts, Request, decide};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::Book;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::day_start;
use uuid::Uuid;

fn units(millionths: i64) -> CommitUnits {
    CommitUnits::from_millionths(millionths).unwrap()
}

proptest! {
    #[test]
    fn drained_and_left_are_what_was_bought(
        holds in 1..50_000_000i64,
        quantity in 1..5u32,
        usage in vec(1..20_000_000i64, 1..20),
    ) {
        let mut facts = Facts {
            order: OrderId(Uuid::from_u128(1)),
            reservation: ReservationId(Uuid::from_u128(2)),
            resource_type: "Databricks".to_owned(),
            state: ReservationState::Active,
            quantity,
            holds: Some(units(holds)),
            drained: CommitUnits::ZERO,
            started_at: day_start(date(2026, 3, 1)),
            expires_on: date(2027, 3, 1),
        };
        let bought = holds * i64::from(quantity);
        let (mut covered, mut overage) = (0, 0);
        for (number, millionths) in usage.iter().enumerate() {
            let now = day_start(date(2026, 6, 1));
            let request =
                Request { usage_id: number.to_string(), used_at: now, units: units(*millionths) };
            let decision = decide(Book::built_in(), &facts, &request, now).unwrap();
            let Some(plan) = decision.plan() else {
                // An empty plan has ended, and only that refuses.
                prop_assert_eq!(covered, bought);
                continue;
            };
            prop_assert_eq!(plan.covered.plus(plan.overage), Some(request.units));
            covered += plan.covered.millionths();
            overage += plan.overage.millionths();
            prop_assert_eq!(plan.left.millionths(), bought - covered);
            prop_assert!(plan.overage.is_zero() || plan.left.is_zero());
            facts.drained = units(covered);
            if plan.left.is_zero() {
                facts.state = ReservationState::Drained;
            }
        }
        prop_assert!(covered <= bought);
        prop_assert!(overage == 0 || covered == bought);
    }
}
