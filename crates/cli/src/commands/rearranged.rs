//! What the commands that rearrange reservations share.

use super::pair_of;
use crate::output::{columns, plain};
use serde_json::Value;

/// The same request, to be decided only.
pub fn what_if(path: &str) -> String {
    format!("{path}?whatIf=true")
}

/// A preview has nothing but its explanation.
pub fn nothing(_: &Value) -> String {
    String::new()
}

/// Reservations for people, one a line.
pub fn table(rows: &Value) -> String {
    columns(
        &["Name", "Units", "State", "Benefits", "Renews", "Reservation"],
        rows.as_array().into_iter().flatten().map(|row| {
            let properties = &row["properties"];
            let state = match properties["extendedStatusInfo"]["statusCode"].as_str() {
                Some(code @ ("Split" | "Merged")) => code.to_owned(),
                _ => plain(&properties["displayProvisioningState"]),
            };
            vec![
                plain(&properties["displayName"]),
                plain(&properties["quantity"]),
                state,
                plain(&properties["userFriendlyAppliedScopeType"]),
                plain(&properties["userFriendlyRenewState"]),
                pair_of(&row["id"]),
            ]
        }),
    )
}
