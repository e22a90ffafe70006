//! `prorata list`: the reservations that the caller may see.

use super::{pair_of, percent_encoded};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::Args;
use serde_json::Value;

/// List reservations.
#[derive(Debug, Args)]
pub struct List {
    /// Only those that fit, such as "properties/reservedResourceType eq 'VirtualMachines'".
    #[arg(long)]
    filter: Option<String>,

    /// In this order, such as "properties/expiryDate desc".
    #[arg(long = "orderby", value_name = "FIELD [asc|desc]")]
    order_by: Option<String>,

    /// Only those in this state: Succeeded, Expiring, Expired, Cancelled and others.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,

    /// At most this many.
    #[arg(long, value_name = "ROWS", default_value_t = 1000)]
    top: usize,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl List {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let mut path = "/providers/Microsoft.Capacity/reservations".to_owned();
        let terms = [
            ("$filter", &self.filter),
            ("$orderby", &self.order_by),
            ("selectedState", &self.state),
        ];
        for (name, value) in terms {
            if let Some(value) = value {
                path.push(if path.contains('?') { '&' } else { '?' });
                path.push_str(&format!("{}={}", percent_encoded(name), percent_encoded(value)));
            }
        }
        let rows = client.list(&path, self.top)?;
        self.output.print(&Value::Array(rows), list_table)?;
        Ok(Outcome::Done)
    }
}

/// Reservations for people, one a line.
fn list_table(rows: &Value) -> String {
    columns(
        &["Name", "Product", "Region", "Units", "Term", "Plan", "State", "Ends", "Reservation"],
        rows.as_array().into_iter().flatten().map(|row| {
            let properties = &row["properties"];
            vec![
                plain(&properties["displayName"]),
                plain(&row["sku"]["name"]),
                plain(&row["location"]),
                plain(&properties["quantity"]),
                plain(&properties["term"]),
                plain(&properties["billingPlan"]),
                plain(&properties["displayProvisioningState"]),
                plain(&properties["expiryDate"]),
                pair_of(&row["id"]),
            ]
        }),
    )
}
