//! What the published rules say, one test a rule.

use crate::access::*;
use crate::ids::{OrderId, ReservationId, SubscriptionId};
use uuid::Uuid;

fn order() -> Scope {
    Scope::order(OrderId(Uuid::from_u128(1)))
}

fn item() -> Scope {
    Scope::reservation(OrderId(Uuid::from_u128(1)), ReservationId(Uuid::from_u128(2)))
}

fn subscription() -> Scope {
    Scope::subscription(SubscriptionId(Uuid::from_u128(3)))
}

fn with(role: &str, scope: Scope) -> Facts {
    Facts::of(vec![Assignment::new(role, scope)])
}

fn may(role: &str, at: Scope, action: Action, scope: &Scope) -> bool {
    permits(&with(role, at), action, scope)
}

#[test]
fn a_reservation_inherits_from_its_order_from_capacity_and_from_the_root() {
    for above in [Scope::root(), Scope::capacity(), order(), item()] {
        assert!(may("Reader", above.clone(), Action::Read, &item()), "{above}");
    }
    assert!(!may("Reader", item(), Action::Read, &order()), "an item is not its order");
    let beside = Scope::order(OrderId(Uuid::from_u128(9)));
    assert!(!may("Owner", beside, Action::Read, &item()));
}

#[test]
fn subscriptions_and_groups_pass_nothing_down_to_orders() {
    let group = Scope::management_group("all");
    for at in [subscription(), group.clone()] {
        let verdict = decide(&with("Owner", at.clone()), Action::Read, &order());
        assert_eq!(verdict.answer, Answer::Hidden, "{at}");
        let Ground::Assignment { reach, .. } = &verdict.findings[0].ground else { panic!() };
        assert_eq!(*reach, Reach::NotInherited);
    }
    let facts = Facts { groups: vec![group.clone()], ..with("Owner", group) };
    assert!(permits(&facts, Action::Buy, &subscription()));
}
