//! The shapes of Microsoft.BillingBenefits, api-version 2022-11-01 and the previews that kept them:
//! savings plans, and reservations bought under a name.

pub mod operations;
pub mod plan;
pub mod purchase;
pub mod reservation;
pub mod trade_in;
pub mod update;

use prorata_domain::ids::{OperationId, SavingsPlanId, SavingsPlanOrderId};
use serde_json::{Value, json};

/// `/providers/microsoft.billingbenefits/savingsPlanOrders/{order}`.
pub fn order_id(order: SavingsPlanOrderId) -> String {
    format!("/providers/microsoft.billingbenefits/savingsPlanOrders/{order}")
}

/// `/providers/microsoft.billingbenefits/savingsPlanOrders/{order}/savingsPlans/{plan}`.
pub fn plan_id(order: SavingsPlanOrderId, plan: SavingsPlanId) -> String {
    format!("{}/savingsPlans/{plan}", order_id(order))
}

/// `/providers/microsoft.billingbenefits/operationResults/{operation}`.
pub fn operation_result_id(operation: OperationId) -> String {
    format!("/providers/microsoft.billingbenefits/operationResults/{operation}")
}

/// An operation that was carried out.
pub fn operation_done(operation: OperationId) -> Value {
    json!({
        "id": operation_result_id(operation),
        "name": operation.to_string(),
        "status": "Succeeded",
    })
}

/// A page of rows.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}
