//! What somebody wants to do, in the provider's words, and what the published rules ask for it
//! beside a matching role.

use crate::access::{RoleDefinition, role};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

macro_rules! actions {
    ($($name:ident = $text:literal,)*) => {
        /// What somebody wants to do. The provider's string of each, and the rules about it, are
        /// in `catalog/azure/actions.toml`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Action {
            $($name,)*
        }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$name,)*];

            /// Our own name of the action.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Action::$name => $text,)*
                }
            }
        }
    };
}

actions! {
    Read = "read",
    Catalog = "catalog",
    Buy = "buy",
    Manage = "manage",
    Renew = "renew",
    Return = "return",
    Exchange = "exchange",
    TradeIn = "trade-in",
    ChangeDirectory = "change-directory",
    ReadSavingsPlan = "read-savings-plan",
    BuySavingsPlan = "buy-savings-plan",
    ManageSavingsPlan = "manage-savings-plan",
    ReadAssignments = "read-assignments",
    Assign = "assign",
    Unassign = "unassign",
    ReadRoles = "read-roles",
    DefineRole = "define-role",
    DeleteRole = "delete-role",
    ReadSubscription = "read-subscription",
    ReadManagementGroup = "read-management-group",
    OpenTicket = "open-ticket",
    ReadTicket = "read-ticket",
    ReadActivity = "read-activity",
}

impl Action {
    pub fn parse(text: &str) -> Option<Action> {
        Action::ALL.iter().copied().find(|action| action.as_str() == text)
    }

    /// The action by our name of it or by the provider's (any casing); of several that the
    /// provider has one name for, the first.
    pub fn find(text: &str) -> Option<Action> {
        Action::parse(text).or_else(|| {
            let named = |action: &Action| action.provider_name().eq_ignore_ascii_case(text);
            Action::ALL.iter().copied().find(named)
        })
    }

    /// The provider's own name of the action, as refusals show it.
    pub fn provider_name(self) -> &'static str {
        &self.rule().provider
    }

    /// What the published rules say of it.
    pub fn rule(self) -> &'static Rule {
        &rules()[self as usize]
    }
}

/// What is asked for an action beside a role whose actions match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The provider's action string.
    pub provider: String,
    /// Only these built-in roles give it; empty where any does whose actions match.
    pub built_in: Vec<&'static RoleDefinition>,
    /// Whether a custom role can give it.
    pub custom: bool,
    /// Whether it is asked of the order, also where it is about a reservation.
    pub at_order: bool,
    /// The built-in roles that give it above all orders; empty where any does.
    pub tenant_wide: Vec<&'static RoleDefinition>,
    /// Whether who owned the subscription when it paid may.
    pub owned_when_paid: bool,
    /// What it is among the tasks of a partner's agents.
    pub agent: Option<String>,
    pub customer: Customers,
    /// Whether a guest in a partner's customer needs the role on the order itself.
    pub guest_on_order: bool,
}

/// What a partner's customer may by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Customers {
    /// What their roles allow.
    #[default]
    May,
    /// Where the partner allows it.
    Permitted,
    /// Never.
    Barred,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    name: Action,
    provider: String,
    #[serde(default)]
    built_in: Vec<String>,
    #[serde(default = "yes")]
    custom: bool,
    #[serde(default)]
    at: Option<Place>,
    #[serde(default)]
    tenant_wide: Vec<String>,
    #[serde(default)]
    owned_when_paid: bool,
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    customer: Customers,
    #[serde(default)]
    guest: Option<GuestPlace>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Place {
    Order,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum GuestPlace {
    OnOrder,
}

fn read(text: &str) -> Result<Vec<Rule>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        action: Vec<Row>,
    }
    let mut file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    file.action.sort_by_key(|row| row.name);
    let named: Vec<Action> = file.action.iter().map(|row| row.name).collect();
    if named != Action::ALL {
        return Err("each action has one row".to_owned());
    }
    file.action.into_iter().map(rule).collect()
}

fn rule(row: Row) -> Result<Rule, String> {
    let all = |names: &[String]| names.iter().map(|name| known(name)).collect::<Result<_, _>>();
    Ok(Rule {
        built_in: all(&row.built_in)?,
        tenant_wide: all(&row.tenant_wide)?,
        provider: row.provider,
        custom: row.custom,
        at_order: row.at.is_some(),
        owned_when_paid: row.owned_when_paid,
        agent: row.agent,
        customer: row.customer,
        guest_on_order: row.guest.is_some(),
    })
}

fn known(name: &str) -> Result<&'static RoleDefinition, String> {
    role(name).ok_or_else(|| format!("role `{name}`"))
}

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        read(include_str!("../../../../catalog/azure/actions.toml"))
            .expect("a test reads the actions")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_has_its_row_and_is_found_by_either_name() {
        for action in Action::ALL.iter().copied() {
            assert_eq!(Action::parse(action.as_str()), Some(action));
            let found = Action::find(&action.provider_name().to_uppercase()).unwrap();
            assert_eq!(found.provider_name(), action.provider_name());
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
        assert_eq!(Action::find("nothing"), None);
    }

    #[test]
    fn a_missing_row_and_an_unknown_role_are_told() {
        let text = include_str!("../../../../catalog/azure/actions.toml");
        let lacking = text.replacen("name = \"catalog\"", "name = \"read\"", 1);
        assert_eq!(read(&lacking).unwrap_err(), "each action has one row");
        let unknown = text.replacen("Reservation Purchaser", "Purchaser", 1);
        assert_eq!(read(&unknown).unwrap_err(), "role `Purchaser`");
    }
}
