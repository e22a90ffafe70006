//! Role definitions, and what a caller may at a scope.

use super::assignments::role_definition_id;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use jiff::Timestamp;
use prorata_domain::access::{Pattern, Permission, RoleDefinition, RoleKind, Scope};
use prorata_domain::authorization::Place;
use prorata_domain::ids::PrincipalId;
use serde_json::{Value, json};

const KIND: &str = "Microsoft.Authorization/roleDefinitions";
const NAME_CHARS_MAX: usize = 512;
const DESCRIPTION_CHARS_MAX: usize = 2048;
const PERMISSIONS_MAX: usize = 20;
const ACTIONS_MAX: usize = 1000;
const SCOPES_MAX: usize = 2000;

/// A role as it is asked for; its id is in the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub name: String,
    pub description: String,
    pub permissions: Vec<Permission>,
    pub assignable: Vec<Place>,
}

/// Who made a role and when, and who changed it last.
pub type Stamps = [(Timestamp, PrincipalId); 2];

/// Reads the body of a PUT.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Ask, Vec<Fault>> {
    let mut faults = Faults::default();
    let ask = read(body, &mut faults);
    faults.finish(ask)
}

fn read(body: &Value, faults: &mut Faults) -> Option<Ask> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let wanted = "an object with `roleName`, `permissions` and `assignableScopes`";
    let properties = root.get("properties").object(faults, wanted)?;
    let name = properties.get("roleName").text(faults, "the role's name", NAME_CHARS_MAX);
    let description = properties.get("description").optional_text(
        faults,
        "what the role is for",
        DESCRIPTION_CHARS_MAX,
    );
    properties.get("type").read_optional(faults, BAD_REQUEST, "CustomRole", |text| {
        text.eq_ignore_ascii_case("CustomRole").then_some(())
    });
    let permissions = permissions(&properties.get("permissions"), faults);
    let assignable = assignable(&properties.get("assignableScopes"), faults);
    Some(Ask {
        name: name?.to_owned(),
        description: description.unwrap_or_default().to_owned(),
        permissions: permissions?,
        assignable: assignable?,
    })
}

fn permissions(member: &Member<'_>, faults: &mut Faults) -> Option<Vec<Permission>> {
    let items = member.list(faults, "a list of permissions", PERMISSIONS_MAX);
    if items.is_empty() {
        member.refuse(
            faults,
            BAD_REQUEST,
            "has nothing in it; give a list with `actions`, such as `Microsoft.Capacity/*/read`.",
        );
        return None;
    }
    let read = |item: &Member<'_>, faults: &mut Faults| {
        let item = item.object(faults, "an object with `actions`")?;
        Some(Permission {
            actions: patterns(&item.get("actions"), faults),
            not_actions: patterns(&item.get("notActions"), faults),
            data_actions: patterns(&item.get("dataActions"), faults),
            not_data_actions: patterns(&item.get("notDataActions"), faults),
        })
    };
    let read: Vec<Option<Permission>> = items.iter().map(|item| read(item, faults)).collect();
    read.into_iter().collect()
}

fn patterns(member: &Member<'_>, faults: &mut Faults) -> Vec<Pattern> {
    let wanted = "an action such as `Microsoft.Capacity/*/read`";
    let items = member.list(faults, "a list of actions", ACTIONS_MAX);
    let read =
        |item: &Member<'_>| item.read(faults, "InvalidActionOrNotAction", wanted, Pattern::parse);
    items.iter().filter_map(read).collect()
}

fn assignable(member: &Member<'_>, faults: &mut Faults) -> Option<Vec<Place>> {
    let items = member.list(faults, "a list of scopes", SCOPES_MAX);
    if items.is_empty() {
        let says = "has nothing in it; name the scopes at which the role can be given.";
        member.refuse(faults, BAD_REQUEST, says);
        return None;
    }
    let wanted = "a scope such as `/subscriptions/{GUID}` or `/providers/Microsoft.Capacity`";
    let read = |item: &Member<'_>| {
        item.read(faults, "InvalidAssignableScope", wanted, |text| {
            text.starts_with('/').then(|| Place::parse(text)).flatten()
        })
    };
    let read: Vec<Option<Place>> = items.iter().map(read).collect();
    read.into_iter().collect()
}

/// A role in the shape of all versions, to somebody who asks at a place.
pub fn show(role: &RoleDefinition, at: &Place, stamps: Option<Stamps>) -> Value {
    let scopes: Vec<String> = role.assignable_scopes.iter().map(scope_path).collect();
    let kind = match role.kind {
        RoleKind::BuiltIn => "BuiltInRole",
        RoleKind::Custom => "CustomRole",
    };
    let mut properties = json!({
        "roleName": role.name,
        "type": kind,
        "description": role.description,
        "assignableScopes": scopes,
        "permissions": role.permissions.iter().map(permission).collect::<Vec<_>>(),
    });
    if let Some([created, updated]) = stamps {
        properties["createdOn"] = instant(created.0);
        properties["createdBy"] = json!(created.1.to_string());
        properties["updatedOn"] = instant(updated.0);
        properties["updatedBy"] = json!(updated.1.to_string());
    }
    json!({
        "id": role_definition_id(at, role.id),
        "type": KIND,
        "name": role.id.to_string(),
        "properties": properties,
    })
}

/// What a role allows, as definitions and the list of permissions have it.
pub fn permission(permission: &Permission) -> Value {
    json!({
        "actions": permission.actions,
        "notActions": permission.not_actions,
        "dataActions": permission.data_actions,
        "notDataActions": permission.not_data_actions,
    })
}

/// A scope in the providers' letters.
pub fn scope_path(scope: &Scope) -> String {
    Place::parse(scope.as_str()).map_or_else(|| scope.as_str().to_owned(), |place| place.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_domain::access::role;

    #[test]
    fn a_role_is_read() {
        let body = json!({ "properties": {
            "roleName": " Watcher ",
            "type": "customRole",
            "permissions": [{ "actions": ["Microsoft.Capacity/*/read"], "notActions": [] }],
            "assignableScopes": ["/providers/microsoft.capacity"],
        } });
        let ask = parse(&body).unwrap();
        assert_eq!((ask.name.as_str(), ask.description.as_str()), ("Watcher", ""));
        assert_eq!(ask.assignable, [Place::Capacity]);
        assert_eq!(ask.permissions[0].actions[0].as_str(), "Microsoft.Capacity/*/read");
    }

    #[test]
    fn every_fault_of_a_role_is_told_at_once() {
        let body = json!({ "properties": {
            "type": "BuiltInRole",
            "permissions": [{ "actions": ["a b", 1] }, 5],
            "assignableScopes": ["/nowhere", "subscriptions"],
        } });
        let faults = parse(&body).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "properties.roleName",
                "properties.type",
                "properties.permissions[0].actions[0]",
                "properties.permissions[0].actions[1]",
                "properties.permissions[1]",
                "properties.assignableScopes[0]",
                "properties.assignableScopes[1]",
            ]
        );
        let empty = parse(&json!({ "properties": { "roleName": "x" } })).unwrap_err();
        assert_eq!(empty.len(), 2);
    }

    #[test]
    fn a_built_in_role_is_shown_with_its_scopes_in_the_providers_letters() {
        let role = role("Reservations Reader").unwrap();
        let shown = show(role, &Place::Capacity, None);
        assert_eq!(
            shown["properties"]["assignableScopes"],
            json!(["/providers/Microsoft.Capacity"])
        );
        assert_eq!(shown["properties"]["type"], "BuiltInRole");
        let id = format!("/providers/Microsoft.Authorization/roleDefinitions/{}", role.id);
        assert_eq!(shown["id"], id);
        assert!(shown["properties"].get("createdOn").is_none());
    }
}
