//! What rearranging leaves as it was: units, dates, rights, and what a return is worth.

use super::world::{self, noon};
use proptest::collection::vec;
use proptest::prelude::*;
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::policy::Book;
use prorata_domain::rearrange::Item;
use prorata_domain::reservation::{AcquiredBy, AppliedScope, Held, Reservation};
use prorata_domain::term::day_start;
use prorata_domain::{merge, refund, split};
use uuid::Uuid;

/// A reservation as it is kept, of a holding.
pub fn kept(held: &Held, quantity: u32) -> Item {
    let purchased_at = day_start(held.starts_on);
    Item {
        reservation: Reservation {
            id: held.reservation,
            order: OrderId(Uuid::from_u128(1)),
            tenant: TenantId(Uuid::from_u128(2)),
            display_name: "made up".to_owned(),
            sku: held.commitment.sku.clone(),
            quantity,
            applied_scope: AppliedScope::Shared,
            instance_flexibility: true,
            renew: true,
            archived: false,
            state: held.state.clone(),
            acquired_by: AcquiredBy::Purchase,
            purchased_at,
            carried: None,
            effective_at: purchased_at,
            updated_at: purchased_at,
            source: None,
            merged_from: Vec::new(),
            review_at: None,
            renew_as: None,
            no_benefit: None,
            revision: 1,
        },
        resource_type: held.commitment.resource_type.clone(),
        expires_on: held.expires_on,
    }
}

fn ids(count: usize) -> Vec<ReservationId> {
    (0..count).map(|number| ReservationId(Uuid::from_u128(1000 + number as u128))).collect()
}

proptest! {
    /// A split of what is live makes parts that are the whole together and like it in everything
    /// that a right or an amount hangs on; merged again they are the whole again.
    #[test]
    fn what_is_split_and_merged_is_what_it_was(
        wish in world::refunds(),
        parts in vec(1u32..50, 2..8),
    ) {
        let now = noon(wish.today);
        let quantity = parts.iter().sum();
        let item = kept(&wish.facts.held, quantity);
        let request = split::Request { quantities: parts.clone() };
        let facts = split::Facts { item: item.clone() };
        let decision = split::decide(Book::built_in(), &facts, &request, now).unwrap();
        prop_assume!(decision.plan().is_some());
        let plan = decision.plan().unwrap();
        let (ended, made) = split::carry_out(&item.reservation, plan, &ids(parts.len()), now);
        prop_assert_eq!(made.iter().map(|part| part.quantity).sum::<u32>(), quantity);
        prop_assert_eq!(ended.state.became(), made.iter().map(|part| part.id).collect::<Vec<_>>());
        prop_assert!(!ended.renew && made.iter().all(|part| !part.renew));
        for part in &made {
            prop_assert_eq!(part.purchased_at, item.reservation.purchased_at);
            prop_assert_eq!(&part.applied_scope, &item.reservation.applied_scope);
            prop_assert_eq!(part.source, Some(item.reservation.id));
        }

        let items: Vec<Item> = made
            .iter()
            .map(|part| Item { reservation: part.clone(), ..item.clone() })
            .collect();
        let sources: Vec<_> = made.iter().map(|part| part.id).collect();
        let (facts, request) = (merge::Facts { items }, merge::Request { sources });
        let decision = merge::decide(Book::built_in(), &facts, &request, now).unwrap();
        let plan = decision.plan().expect("parts of one whole are alike");
        let into = ReservationId(Uuid::from_u128(5000));
        let (sources, merged) = merge::carry_out(&made, plan, into, now).unwrap();
        prop_assert!(sources.iter().all(|source| source.state.became() == [into]));
        prop_assert_eq!(&merged.merged_from, &request.sources);
        // All but what says how it came about is as it was before the split.
        let was = Reservation {
            id: into,
            renew: false,
            acquired_by: AcquiredBy::Merge,
            merged_from: request.sources,
            effective_at: now,
            updated_at: now,
            ..item.reservation
        };
        prop_assert_eq!(merged, was);
    }

    /// What a split part is worth is what as many units of the whole were worth, to the cent, with
    /// the same clauses met.
    #[test]
    fn a_part_is_worth_what_it_was_worth_in_the_whole(wish in world::refunds()) {
        let (facts, today) = (&wish.facts, noon(wish.today));
        let units = wish.request.quantity.clamp(1, facts.held.quantity);
        let request = refund::Request { quantity: units };
        let part = refund::Facts {
            held: Held {
                quantity: units,
                acquired_by: AcquiredBy::Split,
                reservation: ReservationId(Uuid::from_u128(4000)),
                ..facts.held.clone()
            },
            ..facts.clone()
        };
        let whole = refund::decide(Book::built_in(), facts, &request, today).unwrap();
        let part = refund::decide(Book::built_in(), &part, &request, today).unwrap();
        prop_assert_eq!(whole.is_approved(), part.is_approved());
        let value = |decision: &prorata_domain::Decision<refund::Plan>| {
            decision.proposal.as_ref().map(|plan| {
                (plan.payout, plan.fee, plan.counted, plan.value.refund, plan.value.cancelled)
            })
        };
        prop_assert_eq!(value(&whole), value(&part));
    }

    /// A list that does not add up is refused, and what the refusal proposes is not.
    #[test]
    fn what_a_refused_split_proposes_would_do(
        wish in world::refunds(),
        quantity in 2u32..60,
        parts in vec(0u32..30, 0..6),
    ) {
        let item = kept(&wish.facts.held, quantity);
        let now = noon(wish.today);
        let facts = split::Facts { item };
        let decide = |quantities: Vec<u32>| {
            let request = split::Request { quantities };
            split::decide(Book::built_in(), &facts, &request, now).unwrap()
        };
        let decision = decide(parts);
        let Some(refusal) = &decision.refusal else { return Ok(()) };
        if refusal.clause != prorata_domain::policy::ClauseId::Quantity {
            return Ok(());
        }
        let prorata_domain::Repair::Choose { values, .. } = &refusal.repairs[0] else {
            panic!("{:?}", refusal.repairs)
        };
        let proposed = values[0].split(" + ").map(|part| part.parse().unwrap()).collect();
        prop_assert!(decide(proposed).is_approved());
    }
}
