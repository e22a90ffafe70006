//! What a role allows: built-in definitions, which are data, and custom ones, which are facts.

use super::{Pattern, Scope};
use crate::ids::RoleId;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// A set of allowed actions under a name. Built-in ones are in `catalog/azure/roles.toml`; custom
/// ones are made by tenants and given to the evaluator with the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDefinition {
    pub id: RoleId,
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub kind: RoleKind,
    /// The scopes at which (and below which) it may be given.
    pub assignable_scopes: Vec<Scope>,
    /// An action is allowed where any of these allows it.
    pub permissions: Vec<Permission>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleKind {
    BuiltIn,
    Custom,
}

/// Actions that are allowed, less those that are taken out again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    pub actions: Vec<Pattern>,
    #[serde(default)]
    pub not_actions: Vec<Pattern>,
    /// Actions on what is inside resources; none of the desk's is one, they are kept as given.
    #[serde(default)]
    pub data_actions: Vec<Pattern>,
    #[serde(default)]
    pub not_data_actions: Vec<Pattern>,
}

/// What a definition says of one action, with the pattern that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match<'r> {
    Allowed {
        by: &'r Pattern,
    },
    /// An action pattern matched, and so did one that takes it out again.
    TakenOut {
        by: &'r Pattern,
    },
    NotNamed,
}

impl RoleDefinition {
    /// What the definition says of a provider's action. One permission that allows it is enough.
    pub fn says(&self, action: &str) -> Match<'_> {
        let mut found = Match::NotNamed;
        for permission in &self.permissions {
            let Some(by) = permission.actions.iter().find(|pattern| pattern.matches(action)) else {
                continue;
            };
            match permission.not_actions.iter().find(|pattern| pattern.matches(action)) {
                None => return Match::Allowed { by },
                Some(by) => found = Match::TakenOut { by },
            }
        }
        found
    }

    pub fn is_built_in(&self) -> bool {
        self.kind == RoleKind::BuiltIn
    }

    /// Whether the role may be given at a scope.
    pub fn is_assignable_at(&self, scope: &Scope) -> bool {
        self.assignable_scopes.iter().any(|given| given.covers(scope))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    name: String,
    id: RoleId,
    description: String,
    assignable: Vec<String>,
    actions: Vec<String>,
    #[serde(default)]
    not_actions: Vec<String>,
}

fn read(text: &str) -> Result<Vec<RoleDefinition>, String> {
    #[derive(Deserialize)]
    struct File {
        role: Vec<Row>,
    }
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    file.role.into_iter().map(definition).collect()
}

fn definition(row: Row) -> Result<RoleDefinition, String> {
    let patterns = |texts: &[String]| {
        let parse = |text: &String| Pattern::parse(text).ok_or_else(|| format!("action `{text}`"));
        texts.iter().map(parse).collect::<Result<Vec<_>, _>>()
    };
    let scopes = row
        .assignable
        .iter()
        .map(|path| Scope::parse(path).ok_or_else(|| format!("scope `{path}`")));
    Ok(RoleDefinition {
        assignable_scopes: scopes.collect::<Result<_, _>>()?,
        permissions: vec![Permission {
            actions: patterns(&row.actions)?,
            not_actions: patterns(&row.not_actions)?,
            ..Permission::default()
        }],
        id: row.id,
        name: row.name,
        description: row.description,
        kind: RoleKind::BuiltIn,
    })
}

/// All built-in roles.
pub fn roles() -> &'static [RoleDefinition] {
    static ROLES: OnceLock<Vec<RoleDefinition>> = OnceLock::new();
    ROLES.get_or_init(|| {
        read(include_str!("../../../../catalog/azure/roles.toml"))
            .expect("a test reads the built-in roles")
    })
}

/// A built-in role by its name (any casing) or its GUID.
pub fn role(name: &str) -> Option<&'static RoleDefinition> {
    let named = roles().iter().find(|role| role.name.eq_ignore_ascii_case(name));
    named.or_else(|| {
        let id = RoleId::parse(name)?;
        roles().iter().find(|role| role.id == id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_roles_are_read_and_differ_in_name_and_id() {
        let all = roles();
        assert!(all.len() >= 12);
        for (index, one) in all.iter().enumerate() {
            let twin = |other: &RoleDefinition| other.id == one.id || other.name == one.name;
            assert!(!all[..index].iter().any(twin), "{}", one.name);
            assert!(!one.assignable_scopes.is_empty() && one.is_built_in(), "{}", one.name);
            assert_eq!(role(&one.name.to_uppercase()), Some(one));
            assert_eq!(role(&one.id.to_string().to_uppercase()), Some(one));
        }
        assert_eq!(role("Nobody"), None);
    }

    #[test]
    fn what_is_taken_out_stays_out_unless_another_permission_allows_it() {
        let pattern = |text| Pattern::parse(text).unwrap();
        let allows = |actions: &[&'static str], not_actions: &[&'static str]| Permission {
            actions: actions.iter().copied().map(pattern).collect(),
            not_actions: not_actions.iter().copied().map(pattern).collect(),
            ..Permission::default()
        };
        let mut role = role("Reader").unwrap().clone();
        role.permissions = vec![allows(&["A/*"], &["A/b/*"])];
        assert_eq!(role.says("A/c/read"), Match::Allowed { by: &pattern("A/*") });
        assert_eq!(role.says("A/b/read"), Match::TakenOut { by: &pattern("A/b/*") });
        assert_eq!(role.says("B/read"), Match::NotNamed);
        role.permissions.push(allows(&["*/read"], &[]));
        assert_eq!(role.says("A/b/read"), Match::Allowed { by: &pattern("*/read") });
    }

    #[test]
    fn a_file_with_a_mistake_is_refused_with_its_place() {
        let text = "[[role]]\nname = 'A'\nid = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'\n\
                    description = ''\nassignable = ['/']\nactions = ['a b']\n";
        assert_eq!(read(text), Err("action `a b`".to_owned()));
        let text = text.replace("'a b'", "'*'").replace("'/'", "'x'");
        assert_eq!(read(&text), Err("scope `x`".to_owned()));
    }
}
