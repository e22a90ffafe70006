//! Resource ids and scopes: paths whose fixed segments have no letter case.

use prorata_domain::ids::{OrderId, ReservationId, SessionId, SubscriptionId};

/// What a scope path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopePath {
    Subscription(SubscriptionId),
    ResourceGroup { subscription: SubscriptionId, name: String },
    ManagementGroup(String),
}

/// `/providers/microsoft.capacity/reservationOrders/{order}`.
pub fn order_id(order: OrderId) -> String {
    format!("/providers/microsoft.capacity/reservationOrders/{order}")
}

/// `/providers/microsoft.capacity/reservationOrders/{order}/reservations/{reservation}`.
pub fn reservation_id(order: OrderId, reservation: ReservationId) -> String {
    format!("{}/reservations/{reservation}", order_id(order))
}

/// `/providers/microsoft.capacity/operationResults/{session}`.
pub fn operation_result_id(session: SessionId) -> String {
    format!("/providers/microsoft.capacity/operationResults/{session}")
}

/// `/subscriptions/{subscription}`.
pub fn subscription_id(subscription: SubscriptionId) -> String {
    format!("/subscriptions/{subscription}")
}

/// Reads an order's path, or its bare GUID.
pub fn parse_order_id(text: &str) -> Option<OrderId> {
    if let Some(order) = OrderId::parse(text.trim()) {
        return Some(order);
    }
    match segments(text).as_slice() {
        [providers, capacity, orders, order] if is_capacity_order(providers, capacity, orders) => {
            OrderId::parse(order)
        }
        _ => None,
    }
}

/// Reads a reservation's path: which order it names, and which reservation of it.
pub fn parse_reservation_id(text: &str) -> Option<(OrderId, ReservationId)> {
    match segments(text).as_slice() {
        [providers, capacity, orders, order, reservations, reservation]
            if is_capacity_order(providers, capacity, orders)
                && reservations.eq_ignore_ascii_case("reservations") =>
        {
            Some((OrderId::parse(order)?, ReservationId::parse(reservation)?))
        }
        _ => None,
    }
}

/// Reads `/subscriptions/{guid}`, or the bare GUID, which the Azure CLI sends as it was typed.
pub fn parse_subscription(text: &str) -> Option<SubscriptionId> {
    match parse_scope(text)? {
        ScopePath::Subscription(subscription) => Some(subscription),
        ScopePath::ResourceGroup { .. } | ScopePath::ManagementGroup(_) => None,
    }
}

/// Reads the path of a subscription, resource group or management group, or a bare GUID as a
/// subscription.
pub fn parse_scope(text: &str) -> Option<ScopePath> {
    if let Some(subscription) = SubscriptionId::parse(text.trim()) {
        return Some(ScopePath::Subscription(subscription));
    }
    match segments(text).as_slice() {
        [subscriptions, id] if subscriptions.eq_ignore_ascii_case("subscriptions") => {
            SubscriptionId::parse(id).map(ScopePath::Subscription)
        }
        [subscriptions, id, groups, name]
            if subscriptions.eq_ignore_ascii_case("subscriptions")
                && groups.eq_ignore_ascii_case("resourceGroups")
                && is_resource_group_name(name) =>
        {
            let subscription = SubscriptionId::parse(id)?;
            Some(ScopePath::ResourceGroup { subscription, name: (*name).to_owned() })
        }
        [providers, management, groups, id]
            if providers.eq_ignore_ascii_case("providers")
                && management.eq_ignore_ascii_case("Microsoft.Management")
                && groups.eq_ignore_ascii_case("managementGroups")
                && is_management_group_id(id) =>
        {
            Some(ScopePath::ManagementGroup((*id).to_owned()))
        }
        _ => None,
    }
}

/// Whether a management group may have this id: up to 90 letters, digits and `-_().`.
pub(crate) fn is_management_group_id(text: &str) -> bool {
    named(text, |c| c.is_ascii_alphanumeric() || "-_().".contains(c))
}

fn is_resource_group_name(text: &str) -> bool {
    named(text, |c| c.is_alphanumeric() || "-_().".contains(c)) && !text.ends_with('.')
}

fn named(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    const CHARS_MAX: usize = 90;
    !text.is_empty() && text.chars().count() <= CHARS_MAX && text.chars().all(allowed)
}

fn is_capacity_order(providers: &str, capacity: &str, orders: &str) -> bool {
    providers.eq_ignore_ascii_case("providers")
        && capacity.eq_ignore_ascii_case("Microsoft.Capacity")
        && orders.eq_ignore_ascii_case("reservationOrders")
}

/// The segments of an absolute path; none for anything else.
fn segments(text: &str) -> Vec<&str> {
    const SEGMENTS_MAX: usize = 8;
    let Some(path) = text.trim().strip_prefix('/') else { return Vec::new() };
    path.trim_end_matches('/').split('/').take(SEGMENTS_MAX + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "276e7ae4-84d0-4da6-ab4b-d6b94f3557da";
    const B: &str = "6EF59113-3482-40DA-8D79-787F823E34BC";

    #[test]
    fn paths_have_no_letter_case() {
        let path = format!("/Providers/microsoft.Capacity/reservationorders/{A}/Reservations/{B}/");
        let (order, reservation) = parse_reservation_id(&path).unwrap();
        assert_eq!(
            reservation_id(order, reservation),
            format!(
                "/providers/microsoft.capacity/reservationOrders/{A}/reservations/{}",
                B.to_lowercase()
            )
        );
        assert_eq!(parse_order_id(&order_id(order)), Some(order));
        assert_eq!(parse_order_id(A), Some(order));
    }

    #[test]
    fn what_is_not_a_path_is_refused() {
        let long = format!("/providers/Microsoft.Capacity/reservationOrders/{A}/x/y/z/{A}/{B}");
        let other = format!("/providers/Microsoft.Compute/reservationOrders/{A}/reservations/{B}");
        let braces = format!("{{{A}}}");
        for text in ["", "/", A, "//", &long, &other, &braces, "providers/Microsoft.Capacity"] {
            assert_eq!(parse_reservation_id(text), None, "{text}");
        }
        for text in ["", &long, &braces, &A.replace('-', "")] {
            assert_eq!(parse_order_id(text), None, "{text}");
        }
    }

    #[test]
    fn scopes_are_three_kinds() {
        let subscription = SubscriptionId::parse(A).unwrap();
        for text in [A.to_owned(), format!("/subscriptions/{A}"), format!(" /SUBSCRIPTIONS/{A}/")] {
            assert_eq!(parse_subscription(&text), Some(subscription), "{text}");
        }
        assert_eq!(
            parse_scope(&format!("/subscriptions/{A}/resourcegroups/Rg-1")),
            Some(ScopePath::ResourceGroup { subscription, name: "Rg-1".to_owned() })
        );
        assert_eq!(
            parse_scope("/providers/Microsoft.Management/managementGroups/corp"),
            Some(ScopePath::ManagementGroup("corp".to_owned()))
        );
        let dotted = format!("/subscriptions/{A}/resourceGroups/ends.");
        let long = format!("/subscriptions/{A}/resourceGroups/{}", "x".repeat(91));
        for text in ["", "corp", "/subscriptions/x", "/subscriptions", &dotted, &long] {
            assert_eq!(parse_scope(text), None, "{text}");
        }
    }
}
