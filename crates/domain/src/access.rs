//! Who may do what: roles assigned at a scope allow actions there and below.
//!
//! A reservation lies under its order, the order under `/providers/Microsoft.Capacity`, and that
//! under `/`. Subscriptions lie under `/` only: a role on a subscription allows buying with it, and
//! nothing on the orders it paid for. Returning and exchanging need a role on the *order*.
//!
//! Savings plans lie in the same way under `/providers/Microsoft.BillingBenefits`, and a role on
//! reservations is none on them. Trading reservations in needs to own their order, and to be
//! allowed to buy a savings plan with the subscription that pays.

use crate::ids::{OrderId, ReservationId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId};
use serde::Deserialize;
use std::fmt;
use std::sync::OnceLock;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Read,
    Catalog,
    Buy,
    Manage,
    Return,
    Exchange,
    Assign,
    ReadSavingsPlan,
    BuySavingsPlan,
    ManageSavingsPlan,
    TradeIn,
    ChangeDirectory,
}

impl Action {
    pub const ALL: [Action; 12] = [
        Action::Read,
        Action::Catalog,
        Action::Buy,
        Action::Manage,
        Action::Return,
        Action::Exchange,
        Action::Assign,
        Action::ReadSavingsPlan,
        Action::BuySavingsPlan,
        Action::ManageSavingsPlan,
        Action::TradeIn,
        Action::ChangeDirectory,
    ];

    /// The provider's own name of the action, as refusals show it.
    pub fn provider_name(self) -> &'static str {
        match self {
            Action::Read => "Microsoft.Capacity/reservationOrders/read",
            Action::Catalog => "Microsoft.Capacity/catalogs/read",
            Action::Buy => "Microsoft.Capacity/reservationOrders/write",
            Action::Manage => "Microsoft.Capacity/reservationOrders/reservations/write",
            Action::Return => "Microsoft.Capacity/reservationOrders/return/action",
            Action::Exchange => "Microsoft.Capacity/exchange/action",
            Action::Assign => "Microsoft.Authorization/roleAssignments/write",
            Action::ReadSavingsPlan => "Microsoft.BillingBenefits/savingsPlanOrders/read",
            Action::BuySavingsPlan => "Microsoft.BillingBenefits/savingsPlanOrders/write",
            Action::ManageSavingsPlan => {
                "Microsoft.BillingBenefits/savingsPlanOrders/savingsPlans/write"
            }
            Action::TradeIn => "Microsoft.Capacity/reservationOrders/tradeIn/action",
            Action::ChangeDirectory => {
                "Microsoft.Capacity/reservationOrders/changeDirectory/action"
            }
        }
    }
}

/// A place in the tree of scopes, as a lower-case path without a trailing slash; `` is the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

impl Scope {
    /// Reads a scope path such as `/subscriptions/…`; `None` when it does not begin with a slash.
    pub fn parse(path: &str) -> Option<Scope> {
        path.starts_with('/').then(|| Scope(path.trim_end_matches('/').to_ascii_lowercase()))
    }

    pub fn root() -> Scope {
        Scope(String::new())
    }

    /// All orders of a tenant.
    pub fn capacity() -> Scope {
        Scope("/providers/microsoft.capacity".to_owned())
    }

    pub fn subscription(id: SubscriptionId) -> Scope {
        Scope(format!("/subscriptions/{id}"))
    }

    pub fn order(id: OrderId) -> Scope {
        Scope(format!("/providers/microsoft.capacity/reservationorders/{id}"))
    }

    pub fn reservation(order: OrderId, id: ReservationId) -> Scope {
        Scope(format!("/providers/microsoft.capacity/reservationorders/{order}/reservations/{id}"))
    }

    /// All savings plan orders of a tenant.
    pub fn benefits() -> Scope {
        Scope("/providers/microsoft.billingbenefits".to_owned())
    }

    pub fn savings_plan_order(id: SavingsPlanOrderId) -> Scope {
        Scope(format!("/providers/microsoft.billingbenefits/savingsplanorders/{id}"))
    }

    pub fn savings_plan(order: SavingsPlanOrderId, id: SavingsPlanId) -> Scope {
        Scope(format!("{}/savingsplans/{id}", Scope::savings_plan_order(order)))
    }

    /// The savings plan order this scope is or lies in, where it does.
    pub fn savings_plan_order_id(&self) -> Option<SavingsPlanOrderId> {
        let rest =
            self.0.strip_prefix("/providers/microsoft.billingbenefits/savingsplanorders/")?;
        SavingsPlanOrderId::parse(rest.split('/').next()?)
    }

    /// The path in lower case; `/` for the root.
    pub fn as_str(&self) -> &str {
        if self.0.is_empty() { "/" } else { &self.0 }
    }

    /// Whether this scope is `other` or above it.
    pub fn covers(&self, other: &Scope) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The order this scope is or lies in, where it does.
    pub fn order_id(&self) -> Option<OrderId> {
        let rest = self.0.strip_prefix("/providers/microsoft.capacity/reservationorders/")?;
        OrderId::parse(rest.split('/').next()?)
    }

    /// The reservation this scope is, where it is one.
    pub fn reservation_id(&self) -> Option<ReservationId> {
        let (order, id) = (self.order_id()?, ReservationId::parse(self.0.rsplit('/').next()?)?);
        (*self == Scope::reservation(order, id)).then_some(id)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A built-in role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub name: String,
    /// The role definition's GUID.
    pub id: String,
    pub actions: Vec<Action>,
}

/// All built-in roles.
pub fn roles() -> &'static [Role] {
    #[derive(Deserialize)]
    struct File {
        role: Vec<Role>,
    }
    static ROLES: OnceLock<Vec<Role>> = OnceLock::new();
    ROLES.get_or_init(|| {
        let text = include_str!("../../../catalog/azure/roles.toml");
        toml::from_str::<File>(text).expect("a test reads the built-in roles").role
    })
}

/// A role by its name (any casing) or its GUID.
pub fn role(name: &str) -> Option<&'static Role> {
    roles()
        .iter()
        .find(|role| role.name.eq_ignore_ascii_case(name) || role.id.eq_ignore_ascii_case(name))
}

/// A role given to somebody at a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The role's name.
    pub role: String,
    pub scope: Scope,
}

/// Whether any assignment allows an action at a scope.
pub fn allows(assignments: &[Assignment], action: Action, scope: &Scope) -> bool {
    assignments.iter().any(|assignment| {
        assignment.scope.covers(scope)
            && role(&assignment.role).is_some_and(|role| role.actions.contains(&action))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(role: &str, scope: Scope) -> Vec<Assignment> {
        vec![Assignment { role: role.to_owned(), scope }]
    }

    #[test]
    fn every_role_has_the_actions_its_file_says_and_no_other_at_each_scope() {
        let order = OrderId(uuid::Uuid::from_u128(1));
        let item = Scope::reservation(order, ReservationId(uuid::Uuid::from_u128(2)));
        for role in roles() {
            for action in Action::ALL {
                let expected = role.actions.contains(&action);
                for at in [Scope::root(), Scope::capacity(), Scope::order(order)] {
                    let given = assigned(&role.name, at.clone());
                    assert_eq!(allows(&given, action, &item), expected, "{} {action:?}", role.name);
                }
                let below = assigned(&role.name, item.clone());
                assert!(!allows(&below, action, &Scope::order(order)), "an item is not its order");
                let beside = assigned(&role.name, Scope::order(OrderId(uuid::Uuid::from_u128(9))));
                assert!(!allows(&beside, action, &item));
            }
        }
    }

    #[test]
    fn a_subscription_allows_nothing_on_orders() {
        let subscription = Scope::subscription(SubscriptionId(uuid::Uuid::from_u128(3)));
        let given = assigned("Owner", subscription.clone());
        assert!(allows(&given, Action::Buy, &subscription));
        assert!(!allows(&given, Action::Read, &Scope::capacity()));
    }

    #[test]
    fn a_scope_knows_the_reservation_it_is() {
        let (order, id) = (OrderId(uuid::Uuid::from_u128(1)), ReservationId(uuid::Uuid::max()));
        let item = Scope::reservation(order, id);
        assert_eq!((item.order_id(), item.reservation_id()), (Some(order), Some(id)));
        assert_eq!(Scope::order(order).reservation_id(), None);
        let below = Scope::parse(&format!("{item}/revisions/{id}")).unwrap();
        assert_eq!((below.order_id(), below.reservation_id()), (Some(order), None));
    }

    #[test]
    fn a_scope_covers_whole_segments_only() {
        let short = Scope::parse("/subscriptions/1").unwrap();
        assert!(!short.covers(&Scope::parse("/subscriptions/12").unwrap()));
        assert!(short.covers(&Scope::parse("/Subscriptions/1/resourceGroups/x/").unwrap()));
        assert_eq!(Scope::parse("subscriptions"), None);
    }
}
