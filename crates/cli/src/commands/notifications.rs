//! `prorata notifications`: what the caller's tenant is to be told.

use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::Args;
use serde_json::Value;

/// List what your tenant is to be told: ends of terms, renewals, refused payments, purchases.
#[derive(Debug, Args)]
pub struct Notifications {
    /// At most this many, the oldest first.
    #[arg(long, value_name = "ROWS", default_value_t = 1000)]
    top: usize,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Notifications {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let rows = client.list("/prorata/notifications", self.top)?;
        self.output.print(&Value::Array(rows), table)?;
        Ok(Outcome::Done)
    }
}

fn table(rows: &Value) -> String {
    columns(
        &["When", "What", "About", "Details"],
        rows.as_array().into_iter().flatten().map(|row| {
            let details = row["details"].as_object().into_iter().flatten();
            let details = details.map(|(name, value)| format!("{name}: {}", plain(value)));
            vec![
                plain(&row["at"]),
                plain(&row["kind"]),
                plain(&row["target"]),
                details.collect::<Vec<_>>().join(", "),
            ]
        }),
    )
}
