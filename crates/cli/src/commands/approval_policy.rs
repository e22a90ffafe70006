//! `prorata approval-policy`: who has to approve what.

use super::{percent_encoded, read_input};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::{Args, Subcommand};
use serde_json::Value;

/// Bytes of a policy.
const POLICY_BYTES_MAX: u64 = 1 << 20;

/// Set who has to approve what before it is done.
#[derive(Debug, Args)]
pub struct ApprovalPolicies {
    #[command(subcommand)]
    what: What,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the policies that your tenant's deeds meet.
    List,
    /// Show a policy as it would be written.
    Show {
        name: String,
        #[command(flatten)]
        about: About,
    },
    /// Set a policy.
    Set {
        name: String,
        /// A file with the policy in JSON; `-` is standard input.
        file: String,
        #[command(flatten)]
        about: About,
    },
    /// Take a policy away.
    Delete {
        name: String,
        #[command(flatten)]
        about: About,
    },
}

#[derive(Debug, Args)]
struct About {
    /// Whose deeds: `tenant`, `billing-account/ID` or `customer/ID`.
    #[arg(long, default_value = "tenant")]
    scope: String,
}

impl ApprovalPolicies {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let at = |name: &str, about: &About| {
            let (name, scope) = (percent_encoded(name), percent_encoded(&about.scope));
            format!("/prorata/approval-policies/{name}?scope={scope}")
        };
        match &self.what {
            What::List => {
                let rows = client.list("/prorata/approval-policies", usize::MAX)?;
                self.output.print(&Value::Array(rows), table)?;
            }
            What::Show { name, about } => {
                self.output.print(&client.get(&at(name, about))?, one)?;
            }
            What::Set { name, file, about } => {
                let text = read_input(file, POLICY_BYTES_MAX)?;
                let policy: Value = serde_json::from_str(&text)
                    .map_err(|error| Failure::usage(format!("`{file}` is no JSON: {error}")))?;
                self.output.print(&client.put(&at(name, about), &policy)?.body, one)?;
            }
            What::Delete { name, about } => drop(client.delete(&at(name, about))?),
        }
        Ok(Outcome::Done)
    }
}

fn table(rows: &Value) -> String {
    columns(
        &["Policy", "Of", "Version", "Since", "Required", "Rules"],
        rows.as_array().into_iter().flatten().map(|row| {
            let rules = row["policy"]["rules"].as_array().map_or(0, Vec::len);
            let cell = |name: &str| plain(&row[name]);
            vec![
                cell("name"),
                cell("scope"),
                cell("version"),
                cell("since"),
                plain(&row["policy"]["required"]),
                rules.to_string(),
            ]
        }),
    )
}

fn one(row: &Value) -> String {
    let policy = serde_json::to_string_pretty(&row["policy"]).unwrap_or_default();
    format!("{}\n{policy}\n", table(&Value::Array(vec![row.clone()])))
}
