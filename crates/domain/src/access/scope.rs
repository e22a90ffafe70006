//! Places in the tree of scopes, and what lies above each.

use crate::ids::{OrderId, ReservationId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in the tree of scopes, as a lower-case path without a trailing slash; `` is the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

    pub fn management_group(id: &str) -> Scope {
        Scope(format!(
            "/providers/microsoft.management/managementgroups/{}",
            id.to_ascii_lowercase()
        ))
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

/// What kind of place a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeKind {
    Root,
    /// All orders of a tenant.
    Capacity,
    Order,
    Reservation,
    /// All savings plan orders of a tenant.
    Benefits,
    SavingsPlanOrder,
    SavingsPlan,
    ManagementGroup,
    Subscription,
    ResourceGroup,
    /// Anything else: a resource, a billing account.
    Other,
}

impl ScopeKind {
    pub const ALL: [ScopeKind; 11] = [
        ScopeKind::Root,
        ScopeKind::Capacity,
        ScopeKind::Order,
        ScopeKind::Reservation,
        ScopeKind::Benefits,
        ScopeKind::SavingsPlanOrder,
        ScopeKind::SavingsPlan,
        ScopeKind::ManagementGroup,
        ScopeKind::Subscription,
        ScopeKind::ResourceGroup,
        ScopeKind::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ScopeKind::Root => "root",
            ScopeKind::Capacity => "capacity",
            ScopeKind::Order => "order",
            ScopeKind::Reservation => "reservation",
            ScopeKind::Benefits => "benefits",
            ScopeKind::SavingsPlanOrder => "savings-plan-order",
            ScopeKind::SavingsPlan => "savings-plan",
            ScopeKind::ManagementGroup => "management-group",
            ScopeKind::Subscription => "subscription",
            ScopeKind::ResourceGroup => "resource-group",
            ScopeKind::Other => "other",
        }
    }
}

impl Scope {
    pub fn kind(&self) -> ScopeKind {
        // One more place than the longest path that is told apart.
        let (mut parts, mut count) = ([""; 7], 0);
        for part in self.0.split('/').skip(1).take(parts.len()) {
            parts[count] = part;
            count += 1;
        }
        match parts[..count] {
            [] => ScopeKind::Root,
            ["providers", "microsoft.capacity"] => ScopeKind::Capacity,
            ["providers", "microsoft.capacity", "reservationorders", _] => ScopeKind::Order,
            ["providers", "microsoft.capacity", "reservationorders", _, "reservations", _] => {
                ScopeKind::Reservation
            }
            ["providers", "microsoft.billingbenefits"] => ScopeKind::Benefits,
            ["providers", "microsoft.billingbenefits", "savingsplanorders", _] => {
                ScopeKind::SavingsPlanOrder
            }
            [
                "providers",
                "microsoft.billingbenefits",
                "savingsplanorders",
                _,
                "savingsplans",
                _,
            ] => ScopeKind::SavingsPlan,
            ["providers", "microsoft.management", "managementgroups", _] => {
                ScopeKind::ManagementGroup
            }
            ["subscriptions", _] => ScopeKind::Subscription,
            ["subscriptions", _, "resourcegroups", _] => ScopeKind::ResourceGroup,
            _ => ScopeKind::Other,
        }
    }

    /// Whether this scope is above another: `groups` are the management groups above the other's
    /// subscription or group.
    pub fn is_above(&self, other: &Scope, groups: &[Scope]) -> bool {
        let is_path = self != other && self.covers(other) && self.kind() != ScopeKind::Other;
        let in_group =
            || other.0.starts_with("/subscriptions/") || other.kind() == ScopeKind::ManagementGroup;
        is_path || (groups.contains(self) && in_group())
    }

    /// The scope itself and all above it, up to the root; `groups` are the management groups above
    /// its subscription or group, the nearest first.
    pub fn chain(&self, groups: &[Scope]) -> Vec<Scope> {
        let mut chain = vec![self.clone()];
        let up = |parts: usize| {
            let kept: Vec<&str> = self.0.split('/').take(parts + 1).collect();
            Scope(kept.join("/"))
        };
        match self.kind() {
            ScopeKind::Root => return chain,
            ScopeKind::Reservation => chain.extend([up(4), up(2)]),
            ScopeKind::SavingsPlan => chain.extend([up(4), up(2)]),
            ScopeKind::Order | ScopeKind::SavingsPlanOrder => chain.push(up(2)),
            ScopeKind::Subscription | ScopeKind::ManagementGroup => {
                chain.extend(groups.iter().cloned());
            }
            ScopeKind::ResourceGroup => {
                chain.push(up(2));
                chain.extend(groups.iter().cloned());
            }
            ScopeKind::Capacity | ScopeKind::Benefits => {}
            ScopeKind::Other => {
                let in_group = self.0.starts_with("/subscriptions/")
                    && up(4).kind() == ScopeKind::ResourceGroup;
                chain.extend(in_group.then(|| up(4)));
                if self.0.starts_with("/subscriptions/") {
                    chain.push(up(2));
                    chain.extend(groups.iter().cloned());
                }
            }
        }
        chain.push(Scope::root());
        chain
    }
}

impl TryFrom<String> for Scope {
    type Error = &'static str;

    fn try_from(path: String) -> Result<Scope, &'static str> {
        Scope::parse(&path).ok_or("a scope begins with a slash")
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> String {
        scope.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
