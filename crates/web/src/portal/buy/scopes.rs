//! The applied scopes to choose from.

use crate::portal::language::say;
use crate::portal::words::Said;
use prorata_app::management_groups::Tree;
use prorata_app::purchase::Payer;
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::reservation::AppliedScope;

#[derive(Debug, Clone)]
pub struct ScopeGroup {
    pub label: Said,
    pub choices: Vec<ScopeChoice>,
}

#[derive(Debug, Clone)]
pub struct ScopeChoice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// A scope as forms send it.
pub fn word(scope: &AppliedScope) -> String {
    match scope {
        AppliedScope::Shared => "shared".to_owned(),
        AppliedScope::Subscription(id) => format!("subscription/{id}"),
        AppliedScope::ResourceGroup { subscription, name } => {
            format!("resource-group/{subscription}/{name}")
        }
        AppliedScope::ManagementGroup { id, .. } => format!("management-group/{id}"),
    }
}

/// Reads what [`word`] wrote; anything else is shared.
pub fn read(text: &str, tenant: TenantId) -> AppliedScope {
    let read = || {
        let (kind, rest) = text.split_once('/')?;
        Some(match kind {
            "subscription" => AppliedScope::Subscription(SubscriptionId::parse(rest)?),
            "resource-group" => {
                let (subscription, name) = rest.split_once('/')?;
                let subscription = SubscriptionId::parse(subscription)?;
                AppliedScope::ResourceGroup { subscription, name: name.to_owned() }
            }
            "management-group" => AppliedScope::ManagementGroup { tenant, id: rest.to_owned() },
            _ => return None,
        })
    };
    read().unwrap_or(AppliedScope::Shared)
}

/// What may be chosen where one subscription pays: all that its account pays for, the resource
/// groups in it, and the management groups that the caller sees.
pub fn choices(
    payer: &Payer,
    payers: &[Payer],
    resource_groups: &[String],
    tree: &Tree,
    chosen: &str,
) -> Vec<ScopeGroup> {
    let choice = |value: String, label: String| ScopeChoice {
        chosen: value.eq_ignore_ascii_case(chosen),
        value,
        label,
    };
    let of = payer.subscription.id;
    let same =
        |other: &&Payer| other.subscription.billing_account == payer.subscription.billing_account;
    let subscriptions = payers.iter().filter(same).map(|other| {
        let scope = AppliedScope::Subscription(other.subscription.id);
        choice(word(&scope), other.subscription.name.clone())
    });
    let groups = resource_groups.iter().map(|name| {
        let scope = AppliedScope::ResourceGroup { subscription: of, name: name.clone() };
        choice(word(&scope), name.clone())
    });
    let trees = tree
        .groups
        .iter()
        .map(|group| choice(format!("management-group/{}", group.id), group.name.clone()));
    let shared = choice(word(&AppliedScope::Shared), say("buy-scope-shared").into_owned());
    let found: [(&str, Vec<ScopeChoice>); 4] = [
        ("buy-scope-all", vec![shared]),
        ("buy-scope-subscriptions", subscriptions.collect()),
        ("buy-scope-resource-groups", groups.collect()),
        ("buy-scope-management-groups", trees.collect()),
    ];
    found
        .into_iter()
        .filter(|(_, choices)| !choices.is_empty())
        .map(|(label, choices)| ScopeGroup { label: say(label), choices })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_were_written() {
        let id = "11111111-2222-4333-8444-555555555555";
        let (tenant, subscription) =
            (TenantId::parse(id).unwrap(), SubscriptionId::parse(id).unwrap());
        for scope in [
            AppliedScope::Shared,
            AppliedScope::Subscription(subscription),
            AppliedScope::ResourceGroup { subscription, name: "a/b c".to_owned() },
            AppliedScope::ManagementGroup { tenant, id: "top".to_owned() },
        ] {
            assert_eq!(read(&word(&scope), tenant), scope);
        }
        for text in ["", "subscription/x", "planet/earth", "resource-group/x"] {
            assert_eq!(read(text, tenant), AppliedScope::Shared, "{text}");
        }
    }
}
