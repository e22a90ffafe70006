//! Roles on billing accounts, and what they allow on what the account pays for.

use super::Action;
use crate::policy::Agreement;
use serde::Deserialize;
use std::fmt;
use std::sync::OnceLock;

/// One of the known billing roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BillingRoleName(usize);

/// What a billing role is; the rows of `catalog/azure/billing-roles.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BillingRoleDefinition {
    pub name: String,
    /// Of the account that it is given on.
    pub agreement: Agreement,
    pub level: Level,
    /// What it allows on the orders that are paid by it.
    pub actions: Vec<Action>,
    /// Whether it lets buy while the account's policy switch is off.
    #[serde(default)]
    pub buys_when_off: bool,
}

/// Where a billing role is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Account,
    Profile,
}

fn all() -> &'static [BillingRoleDefinition] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        role: Vec<BillingRoleDefinition>,
    }
    static ROLES: OnceLock<Vec<BillingRoleDefinition>> = OnceLock::new();
    ROLES.get_or_init(|| {
        let text = include_str!("../../../../catalog/azure/billing-roles.toml");
        toml::from_str::<File>(text).expect("a test reads the billing roles").role
    })
}

impl BillingRoleName {
    /// Reads a name in any casing.
    pub fn parse(name: &str) -> Option<BillingRoleName> {
        all().iter().position(|role| role.name.eq_ignore_ascii_case(name)).map(BillingRoleName)
    }

    /// Every billing role, in the order of the file.
    pub fn all() -> impl Iterator<Item = BillingRoleName> {
        (0..all().len()).map(BillingRoleName)
    }

    pub fn definition(self) -> &'static BillingRoleDefinition {
        &all()[self.0]
    }

    pub fn as_str(self) -> &'static str {
        &self.definition().name
    }
}

impl fmt::Display for BillingRoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn billing_roles_are_read_and_differ_in_name() {
        for name in BillingRoleName::all() {
            assert_eq!(BillingRoleName::parse(&name.to_string().to_uppercase()), Some(name));
        }
        assert_eq!(BillingRoleName::parse("nobody"), None);
    }
}
