use serde::{Deserialize, Serialize};
use std::fmt;

/// The name of an account in the journal, such as `order/4f…/prepaid`.
///
/// The ledger gives names no meaning; who may use which is the domain's business.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(String);

impl Account {
    pub fn new(name: impl Into<String>) -> Account {
        Account(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
