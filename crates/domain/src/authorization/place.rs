//! The places at which roles are given, by their paths.

use crate::access::Scope;
use crate::ids::{OrderId, ReservationId, SavingsPlanId, SavingsPlanOrderId, SubscriptionId};

/// What a scope path names. Names keep the letters they were written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Root,
    /// All reservation orders of a tenant.
    Capacity,
    Order(OrderId),
    Reservation(OrderId, ReservationId),
    /// All savings plan orders of a tenant.
    Benefits,
    SavingsPlanOrder(SavingsPlanOrderId),
    SavingsPlan(SavingsPlanOrderId, SavingsPlanId),
    ManagementGroup(String),
    Subscription(SubscriptionId),
    ResourceGroup(SubscriptionId, String),
    /// Something in a resource group: the subscription, the group, and the path from
    /// `providers/` on.
    Resource(SubscriptionId, String, String),
}

/// Characters of a path.
const CHARACTERS_MAX: usize = 1024;

impl Place {
    /// Reads a path such as `/providers/Microsoft.Capacity/reservationOrders/…`: fixed segments
    /// have no case. `None` for what is no place of a role.
    pub fn parse(path: &str) -> Option<Place> {
        if path.len() > CHARACTERS_MAX || path.chars().any(char::is_control) {
            return None;
        }
        let rest = path.strip_prefix('/').or_else(|| path.is_empty().then_some(""))?;
        let segments: Vec<&str> =
            rest.trim_end_matches('/').split('/').filter(|part| !part.is_empty()).collect();
        let is = |at: usize, fixed: &str| {
            segments.get(at).is_some_and(|sent| sent.eq_ignore_ascii_case(fixed))
        };
        if segments.is_empty() {
            return Some(Place::Root);
        }
        if is(0, "subscriptions") {
            return in_subscription(SubscriptionId::parse(segments.get(1)?)?, &segments[2..]);
        }
        if !is(0, "providers") {
            return None;
        }
        let ids = segments.get(2..).unwrap_or_default();
        if is(1, "Microsoft.Capacity") {
            return in_capacity(ids);
        }
        if is(1, "Microsoft.BillingBenefits") {
            return in_benefits(ids);
        }
        match ids {
            [groups, name]
                if is(1, "Microsoft.Management")
                    && groups.eq_ignore_ascii_case("managementGroups") =>
            {
                Some(Place::ManagementGroup((*name).to_owned()))
            }
            _ => None,
        }
    }

    /// The path, with the providers' own letters in the fixed segments.
    pub fn path(&self) -> String {
        match self {
            Place::Root => "/".to_owned(),
            Place::Capacity => "/providers/Microsoft.Capacity".to_owned(),
            Place::Order(order) => {
                format!("/providers/Microsoft.Capacity/reservationOrders/{order}")
            }
            Place::Reservation(order, item) => {
                format!(
                    "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{item}"
                )
            }
            Place::Benefits => "/providers/Microsoft.BillingBenefits".to_owned(),
            Place::SavingsPlanOrder(order) => {
                format!("/providers/Microsoft.BillingBenefits/savingsPlanOrders/{order}")
            }
            Place::SavingsPlan(order, plan) => {
                format!("{}/savingsPlans/{plan}", Place::SavingsPlanOrder(*order).path())
            }
            Place::ManagementGroup(name) => {
                format!("/providers/Microsoft.Management/managementGroups/{name}")
            }
            Place::Subscription(id) => format!("/subscriptions/{id}"),
            Place::ResourceGroup(id, name) => format!("/subscriptions/{id}/resourceGroups/{name}"),
            Place::Resource(id, group, rest) => {
                format!("/subscriptions/{id}/resourceGroups/{group}/{rest}")
            }
        }
    }

    pub fn scope(&self) -> Scope {
        // A place's path begins with a slash.
        Scope::parse(&self.path()).unwrap_or_else(Scope::root)
    }
}

fn in_subscription(id: SubscriptionId, rest: &[&str]) -> Option<Place> {
    match rest {
        [] => Some(Place::Subscription(id)),
        [groups, name, rest @ ..] if groups.eq_ignore_ascii_case("resourceGroups") => {
            let name = (*name).to_owned();
            match rest {
                [] => Some(Place::ResourceGroup(id, name)),
                // A provider, then types and names in pairs.
                [providers, _, types @ ..]
                    if providers.eq_ignore_ascii_case("providers")
                        && types.len() >= 2
                        && types.len().is_multiple_of(2) =>
                {
                    let rest = format!("providers/{}", rest[1..].join("/"));
                    Some(Place::Resource(id, name, rest))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn in_capacity(ids: &[&str]) -> Option<Place> {
    let is_orders = |sent: &str| sent.eq_ignore_ascii_case("reservationOrders");
    match ids {
        [] => Some(Place::Capacity),
        [orders, order] if is_orders(orders) => OrderId::parse(order).map(Place::Order),
        [orders, order, items, item]
            if is_orders(orders) && items.eq_ignore_ascii_case("reservations") =>
        {
            Some(Place::Reservation(OrderId::parse(order)?, ReservationId::parse(item)?))
        }
        _ => None,
    }
}

fn in_benefits(ids: &[&str]) -> Option<Place> {
    let is_orders = |sent: &str| sent.eq_ignore_ascii_case("savingsPlanOrders");
    match ids {
        [] => Some(Place::Benefits),
        [orders, order] if is_orders(orders) => {
            SavingsPlanOrderId::parse(order).map(Place::SavingsPlanOrder)
        }
        [orders, order, plans, plan]
            if is_orders(orders) && plans.eq_ignore_ascii_case("savingsPlans") =>
        {
            let (order, plan) = (SavingsPlanOrderId::parse(order)?, SavingsPlanId::parse(plan)?);
            Some(Place::SavingsPlan(order, plan))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-4000-8000-00000000000a";

    #[test]
    fn a_path_is_read_in_any_casing_and_written_in_the_providers() {
        for (path, written) in [
            ("", "/"),
            ("/", "/"),
            ("/PROVIDERS/microsoft.capacity/", "/providers/Microsoft.Capacity"),
            ("/providers/microsoft.billingbenefits", "/providers/Microsoft.BillingBenefits"),
            ("/subscriptions/{}", "/subscriptions/{}"),
            ("//subscriptions/{}", "/subscriptions/{}"),
            ("/subscriptions/{}/resourcegroups/Web", "/subscriptions/{}/resourceGroups/Web"),
            (
                "/providers/microsoft.capacity/reservationorders/{}/Reservations/{}",
                "/providers/Microsoft.Capacity/reservationOrders/{}/reservations/{}",
            ),
            (
                "/providers/microsoft.billingbenefits/savingsplanorders/{}/savingsplans/{}",
                "/providers/Microsoft.BillingBenefits/savingsPlanOrders/{}/savingsPlans/{}",
            ),
            (
                "/providers/microsoft.management/managementgroups/Root",
                "/providers/Microsoft.Management/managementGroups/Root",
            ),
            (
                "/subscriptions/{}/resourceGroups/g/Providers/Microsoft.Web/sites/a/slots/b",
                "/subscriptions/{}/resourceGroups/g/providers/Microsoft.Web/sites/a/slots/b",
            ),
        ] {
            let (path, written) = (path.replace("{}", ID), written.replace("{}", ID));
            let place = Place::parse(&path).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(place.path(), written);
            assert_eq!(Place::parse(&written), Some(place.clone()));
            assert_eq!(place.scope().as_str(), written.to_ascii_lowercase());
        }
    }

    #[test]
    fn what_is_no_place_is_not_read() {
        for path in [
            "subscriptions/{}",
            "/subscriptions",
            "/subscriptions/x",
            "/subscriptions/{}/resourceGroups",
            "/subscriptions/{}/resourceGroups/g/providers/Microsoft.Web",
            "/subscriptions/{}/resourceGroups/g/providers/Microsoft.Web/sites",
            "/subscriptions/{}/../{}",
            "/providers",
            "/providers/Microsoft.Capacity/reservationOrders",
            "/providers/Microsoft.Capacity/reservationOrders/x",
            "/providers/Microsoft.Capacity/reservationOrders/{}/reservations",
            "/providers/Microsoft.Capacity/reservationOrders/{}/../{}",
            "/providers/Microsoft.Web/sites/a",
            "/providers/Microsoft.Management/managementGroups",
            "/providers/Microsoft.Management/managementGroups/a/b",
            "/providers/Microsoft.Management/managementGroups/a\n",
        ] {
            assert_eq!(Place::parse(&path.replace("{}", ID)), None, "{path}");
        }
        assert_eq!(Place::parse(&format!("/providers/{}", "a".repeat(2000))), None);
    }
}
