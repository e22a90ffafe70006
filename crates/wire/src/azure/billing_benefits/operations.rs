//! The list of operations that the provider publishes.

use serde_json::{Value, json};

const OPERATIONS: [(&str, &str, &str, &str); 10] = [
    (
        "savingsPlanOrderAliases/read",
        "SavingsPlanOrderAliases",
        "Get Savings plan order alias",
        "Read all savings plan order aliases",
    ),
    (
        "savingsPlanOrderAliases/write",
        "SavingsPlanOrderAliases",
        "Create SavingsPlanOrderAliases",
        "Create a Savings plan order alias",
    ),
    (
        "reservationOrderAliases/read",
        "ReservationOrderAliases",
        "Get Reservation order alias",
        "Read all reservation order aliases",
    ),
    (
        "reservationOrderAliases/write",
        "ReservationOrderAliases",
        "Create ReservationOrderAliases",
        "Create a Reservation order alias",
    ),
    (
        "savingsPlanOrders/read",
        "SavingsPlanOrders",
        "Get Savings plan orders",
        "Read all savings plan orders",
    ),
    (
        "savingsPlanOrders/write",
        "SavingsPlanOrders",
        "Create SavingsPlanOrders",
        "Buy a Savings plan",
    ),
    (
        "savingsPlanOrders/action",
        "SavingsPlanOrders",
        "Update SavingsPlanOrders",
        "Update a Savings plan order",
    ),
    (
        "savingsPlanOrders/savingsPlans/read",
        "SavingsPlans",
        "Get SavingsPlans",
        "Read All SavingsPlans",
    ),
    (
        "savingsPlanOrders/savingsPlans/write",
        "SavingsPlans",
        "Patch SavingsPlans",
        "Patch an existing Savings plan",
    ),
    (
        "register/action",
        "SavingsPlans",
        "Registers the Benefits Resource Provider.",
        "Registers the Benefits resource provider and enables the creation of Benefits resources.",
    ),
];

/// Every operation, on one page.
pub fn list() -> Value {
    let rows: Vec<Value> = OPERATIONS
        .iter()
        .map(|(name, resource, operation, description)| {
            json!({
                "name": format!("Microsoft.BillingBenefits/{name}"),
                "isDataAction": false,
                "display": {
                    "provider": "Microsoft Benefits",
                    "resource": resource,
                    "operation": operation,
                    "description": description,
                },
            })
        })
        .collect();
    json!({ "value": rows })
}
