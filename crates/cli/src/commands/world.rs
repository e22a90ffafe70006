//! `prorata world apply`: accounts, tenants, subscriptions, principals, roles and prices from one
//! document.

use crate::database::Database;
use crate::failure::{Doing, Failure, Outcome};
use crate::output::write;
use clap::Args;
use prorata_app::world::{self, Document};

/// Bytes of a document that are read.
const DOCUMENT_BYTES_MAX: u64 = 64 << 20;

/// Apply a world document: all of it or nothing. Applying it again changes nothing.
#[derive(Debug, Args)]
pub struct Apply {
    /// A JSON or TOML file; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: String,

    #[command(flatten)]
    database: Database,
}

impl Apply {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let text = super::read_input(&self.file, DOCUMENT_BYTES_MAX)?;
        let document = read(&text).doing(format_args!("`{}` cannot be used", self.file))?;
        let report = world::apply(&self.database.open()?, document)?;
        write(&format!("{} rows applied, {} unchanged\n", report.applied, report.unchanged))?;
        Ok(Outcome::Done)
    }
}

fn read(text: &str) -> Result<Document, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    with_days_as_text(toml::Value::Table(table)).try_into().map_err(|error| error.to_string())
}

/// TOML has days of its own; the document has them as text.
fn with_days_as_text(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(day) => toml::Value::String(day.to_string()),
        toml::Value::Array(items) => {
            toml::Value::Array(items.into_iter().map(with_days_as_text).collect())
        }
        toml::Value::Table(members) => toml::Value::Table(
            members.into_iter().map(|(name, value)| (name, with_days_as_text(value))).collect(),
        ),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_document_is_json_or_toml() {
        let toml = "[[billingAccounts]]\nid = \"1\"\nagreement = \"ea\"\ncurrency = \"USD\"\n\
                    payment = \"prepayment\"\nprepaymentEnds = 2027-07-01\n";
        let json = r#" {"billingAccounts": [{"id": "1", "agreement": "ea", "currency": "USD",
                    "payment": "prepayment", "prepaymentEnds": "2027-07-01"}]}"#;
        let day = |text| read(text).unwrap().billing_accounts[0].prepayment_ends;
        assert_eq!(day(toml), day(json));
        assert!(day(toml).is_some());
        assert!(read("colour = 1").unwrap_err().contains("colour"));
    }
}
