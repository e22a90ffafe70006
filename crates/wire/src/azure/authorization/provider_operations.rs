//! The actions that roles are made of, by provider and resource type.

use crate::azure::{Version, billing_benefits, v2022_11_01};
use prorata_domain::access::Action;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An action's name, and what it is called where its provider says so.
type Row = (String, Option<String>, Option<String>);

/// Every provider that has actions; with their resource types, where that is asked for.
pub fn list(expanded: bool) -> Vec<Value> {
    providers().iter().map(|(namespace, rows)| provider(namespace, rows, expanded)).collect()
}

/// One provider by its namespace in any casing.
pub fn show(namespace: &str, expanded: bool) -> Option<Value> {
    let providers = providers();
    let (known, rows) =
        providers.iter().find(|(known, _)| known.eq_ignore_ascii_case(namespace))?;
    Some(provider(known, rows, expanded))
}

fn providers() -> BTreeMap<String, Vec<Row>> {
    let mut rows = published(&v2022_11_01::operations::list(Version::V2022_11_01));
    rows.extend(published(&billing_benefits::operations::list()));
    rows.extend(Action::ALL.iter().map(|action| (action.provider_name().to_owned(), None, None)));
    let mut seen = BTreeSet::new();
    let mut providers: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let Some((namespace, _)) = row.0.split_once('/') else { continue };
        if seen.insert(row.0.to_ascii_lowercase()) {
            providers.entry(namespace.to_owned()).or_default().push(row);
        }
    }
    providers
}

/// The rows of a provider's own list of operations.
fn published(list: &Value) -> Vec<Row> {
    let rows = list["value"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    rows.iter()
        .filter_map(|row| {
            let display = &row["display"];
            Some((text(&row["name"])?, text(&display["operation"]), text(&display["description"])))
        })
        .collect()
}

fn provider(namespace: &str, rows: &[Row], expanded: bool) -> Value {
    let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut own = Vec::new();
    for (name, called, description) in rows {
        let operation = json!({
            "name": name,
            "displayName": called.as_deref().unwrap_or(name),
            "description": description.as_deref().unwrap_or(name),
            "isDataAction": false,
        });
        // `Microsoft.Capacity/catalogs/read`: between the namespace and the verb is the type.
        let parts: Vec<&str> = name.split('/').collect();
        match parts.as_slice() {
            [_, kind @ .., _] if !kind.is_empty() => {
                kinds.entry(kind.join("/").to_ascii_lowercase()).or_default().push(operation);
            }
            _ => own.push(operation),
        }
    }
    let mut shown = json!({
        "id": format!("/providers/Microsoft.Authorization/providerOperations/{namespace}"),
        "name": namespace,
        "type": "Microsoft.Authorization/providerOperations",
        "displayName": namespace.replace('.', " "),
        "operations": own,
    });
    if expanded {
        let kinds = kinds.into_iter().map(|(kind, operations)| {
            json!({ "name": kind, "displayName": kind, "operations": operations })
        });
        shown["resourceTypes"] = kinds.collect();
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_that_a_role_can_name_is_listed_once() {
        let mut names = Vec::new();
        for provider in list(true) {
            let kinds = provider["resourceTypes"].as_array().unwrap().iter();
            let groups = kinds.map(|kind| &kind["operations"]).chain([&provider["operations"]]);
            for operation in groups.flat_map(|group| group.as_array().unwrap()) {
                names.push(operation["name"].as_str().unwrap().to_ascii_lowercase());
            }
        }
        for action in Action::ALL {
            let name = action.provider_name().to_ascii_lowercase();
            assert_eq!(names.iter().filter(|known| **known == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn a_provider_is_found_in_any_casing_and_shown_as_wide_as_asked() {
        let capacity = show("microsoft.CAPACITY", true).unwrap();
        assert_eq!(capacity["name"], "Microsoft.Capacity");
        let kinds = capacity["resourceTypes"].as_array().unwrap();
        assert!(kinds.iter().any(|kind| kind["name"] == "catalogs"));
        assert!(show("Microsoft.Capacity", false).unwrap().get("resourceTypes").is_none());
        assert_eq!(show("Microsoft.Nothing", true), None);
    }
}
