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

#[test]
fn buying_needs_a_built_in_owner_or_purchaser() {
    for (role, buys) in [
        ("Owner", true),
        ("Reservation Purchaser", true),
        ("Contributor", false),
        ("Savings plan Purchaser", false),
        ("Reservations Administrator", false),
    ] {
        assert_eq!(may(role, subscription(), Action::Buy, &subscription()), buys, "{role}");
    }
    let imitation = super::matrix::custom_roles().remove(0);
    let given = Assignment::new(imitation.id.to_string(), subscription());
    let facts = Facts { roles: vec![imitation], ..Facts::of(vec![given]) };
    let verdict = decide(&facts, Action::Buy, &subscription());
    assert_eq!(verdict.findings[0].outcome, Outcome::Silent(Silence::Custom));
    let role = "Reservation Purchaser".to_owned();
    assert_eq!(
        verdict.remedies,
        [Remedy::TakeOwnership { role, scope: subscription() }],
        "who may give roles there may give it to themselves"
    );
}

#[test]
fn returning_needs_the_role_on_the_order() {
    for (role, returns) in [
        ("Owner", true),
        ("Reservations Administrator", true),
        ("Contributor", false),
        ("Reservations Contributor", false),
        ("Reservations Reader", false),
    ] {
        for action in [Action::Return, Action::Exchange] {
            assert_eq!(may(role, order(), action, &order()), returns, "{role}");
            assert_eq!(may(role, order(), action, &item()), returns, "asked of its order");
        }
    }
    let verdict = decide(&with("Owner", item()), Action::Return, &item());
    assert_eq!(verdict.answer, Answer::Denied, "a role on the item alone is not enough");
    let role = "Reservations Administrator".to_owned();
    assert_eq!(verdict.remedies, [Remedy::Give { role, scope: order() }]);
}

#[test]
fn a_renewal_needs_both_to_be_owned() {
    for (role, renews) in
        [("Owner", true), ("Contributor", false), ("Reservations Administrator", false)]
    {
        assert_eq!(may(role, item(), Action::Renew, &item()), renews, "{role}");
    }
    assert!(!may("Owner", item(), Action::Renew, &subscription()));
    assert!(may("Owner", subscription(), Action::Renew, &subscription()));
}

#[test]
fn above_all_orders_roles_are_given_by_access_administrators() {
    for (role, gives) in [
        ("User Access Administrator", true),
        ("Owner", true),
        ("Reservations Administrator", false),
        ("Contributor", false),
    ] {
        let scope = Scope::capacity();
        assert_eq!(may(role, scope.clone(), Action::Assign, &scope), gives, "{role}");
    }
    let below = may("Reservations Administrator", Scope::capacity(), Action::Assign, &order());
    assert!(below, "on an order a reservations administrator gives them");
}

#[test]
fn who_owned_the_subscription_when_it_paid_sees_manages_and_delegates() {
    let facts =
        Facts { owned_when_paid: Some(SubscriptionId(Uuid::from_u128(3))), ..Facts::default() };
    for (action, may) in [
        (Action::Read, true),
        (Action::Manage, true),
        (Action::Assign, true),
        (Action::Return, false),
        (Action::Exchange, false),
        (Action::TradeIn, false),
    ] {
        assert_eq!(permits(&facts, action, &order()), may, "{action:?}");
    }
    assert!(!permits(&facts, Action::Read, &Scope::capacity()));
}

#[test]
fn who_may_take_ownership_is_told_so() {
    let name = BillingRoleName::parse("enterprise-administrator").unwrap();
    let facts = Facts {
        billing_roles: vec![BillingRole { name, account: "account".to_owned(), profile: None }],
        payer: Some(super::matrix::payer(crate::policy::Agreement::Ea)),
        ..Facts::default()
    };
    let verdict = decide(&facts, Action::Return, &order());
    assert_eq!(verdict.answer, Answer::Denied);
    let role = "Reservations Administrator".to_owned();
    assert_eq!(verdict.remedies, [Remedy::TakeOwnership { role, scope: order() }]);
    assert_eq!(
        verdict.findings[0].to_string(),
        "billing role `enterprise-administrator` on account `account`: does not allow it: it is \
         none of what this billing role may"
    );
}

#[test]
fn the_way_down_is_told() {
    let verdict = decide(&with("Reader", Scope::capacity()), Action::Read, &item());
    let told = verdict.reason().unwrap().to_string();
    let (order, item) = (order(), item());
    assert_eq!(
        told,
        format!(
            "`Reader` at `/providers/microsoft.capacity`, inherited down \
             `/providers/microsoft.capacity` > `{order}` > `{item}`: allows it by `*/read`"
        )
    );
}

#[test]
fn a_part_that_is_seen_makes_the_whole_a_denial_and_no_secret() {
    let verdict = decide(&with("Reader", item()), Action::Read, &order());
    assert_eq!(verdict.answer, Answer::Denied);
    let stranger = decide(&Facts::default(), Action::Read, &order());
    assert_eq!(stranger.answer, Answer::Hidden);
}

#[test]
fn a_customer_asks_the_partner_and_a_guest_is_added_to_the_order() {
    let partner = "Reseller".to_owned();
    let customer = Customer { partner: partner.clone(), buying_refused: None };
    let owner = Facts { customer: Some(customer), ..with("Owner", Scope::capacity()) };
    let verdict = decide(&owner, Action::Return, &order());
    assert_eq!(verdict.remedies, [Remedy::AskPartner { partner }]);
    let guest = Facts { relation: Relation::Guest, ..owner };
    let verdict = decide(&guest, Action::Return, &order());
    assert_eq!(verdict.answer, Answer::Denied);
    let added = Facts { assignments: with("Owner", order()).assignments, ..guest };
    assert!(permits(&added, Action::Return, &order()));
    assert!(permits(&added, Action::Return, &item()), "asked of its order");
}
