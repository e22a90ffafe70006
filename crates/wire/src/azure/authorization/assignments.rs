//! Role assignments.

use crate::azure::fault::{Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use jiff::Timestamp;
use prorata_domain::authorization::Place;
use prorata_domain::authorization::assignment::PrincipalType;
use prorata_domain::ids::{AssignmentId, PrincipalId, RoleId};
use serde_json::{Value, json};

const KIND: &str = "Microsoft.Authorization/roleAssignments";
/// Characters of a description.
const DESCRIPTION_CHARS_MAX: usize = 1024;

/// What is asked for: which role for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub role: RoleId,
    pub principal: PrincipalId,
    pub principal_type: Option<PrincipalType>,
    pub description: Option<String>,
}

/// An assignment, as it is shown.
#[derive(Debug, Clone)]
pub struct Assignment<'a> {
    pub id: AssignmentId,
    /// The path at which the role is given.
    pub scope: &'a str,
    pub role: RoleId,
    pub principal: PrincipalId,
    /// What the principal is, where the directory still has it.
    pub principal_type: Option<PrincipalType>,
    pub description: Option<&'a str>,
    pub created: Option<(Timestamp, PrincipalId)>,
    pub updated: Option<(Timestamp, PrincipalId)>,
}

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
    let properties = root
        .get("properties")
        .object(faults, "an object with `roleDefinitionId` and `principalId`")?;
    let role = properties.get("roleDefinitionId").read(
        faults,
        super::INVALID_ROLE_DEFINITION,
        "the id of a role definition, such as \
         `/providers/Microsoft.Authorization/roleDefinitions/{GUID}`",
        parse_role_id,
    );
    let principal = properties.get("principalId").read(
        faults,
        "InvalidPrincipalId",
        "the object id of a principal, which is a GUID",
        PrincipalId::parse,
    );
    let principal_type = properties.get("principalType").read_optional(
        faults,
        "InvalidPrincipalType",
        "one of User, Group, ServicePrincipal, ForeignGroup, Device",
        PrincipalType::parse,
    );
    let description = properties.get("description").optional_text(
        faults,
        "what the assignment is for",
        DESCRIPTION_CHARS_MAX,
    );
    let condition = properties.get("condition");
    if condition.is_filled() {
        // Kept and not looked at, it would let an assignment allow more than it says.
        let says = "cannot be kept: conditions are not evaluated here. Leave it out, and give a \
                    narrower role or scope instead.";
        condition.refuse(faults, "ConditionNotSupported", says);
    }
    Some(Ask {
        role: role?,
        principal: principal?,
        principal_type,
        description: description.map(str::to_owned),
    })
}

/// Reads a role definition's path at whatever scope, or its bare GUID.
pub fn parse_role_id(text: &str) -> Option<RoleId> {
    let text = text.trim();
    if let Some(id) = RoleId::parse(text) {
        return Some(id);
    }
    let segments: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
    match segments.as_slice() {
        [.., providers, namespace, kind, id]
            if providers.eq_ignore_ascii_case("providers")
                && namespace.eq_ignore_ascii_case("Microsoft.Authorization")
                && kind.eq_ignore_ascii_case("roleDefinitions") =>
        {
            RoleId::parse(id)
        }
        _ => None,
    }
}

/// An assignment's path.
pub fn assignment_id(scope: &str, id: AssignmentId) -> String {
    format!("{}/providers/{KIND}/{id}", scope.trim_end_matches('/'))
}

/// A role definition's path, as somebody sees it who asks at a place: that of the subscription
/// where the place lies in one.
pub fn role_definition_id(at: &Place, id: RoleId) -> String {
    let prefix = match at {
        Place::Subscription(subscription)
        | Place::ResourceGroup(subscription, _)
        | Place::Resource(subscription, _, _) => format!("/subscriptions/{subscription}"),
        _ => String::new(),
    };
    format!("{prefix}/providers/Microsoft.Authorization/roleDefinitions/{id}")
}

/// An assignment in the shape of a version, to somebody who asks at a place.
pub fn show(view: &Assignment<'_>, at: &Place, version: &str) -> Value {
    let mut properties = json!({
        "roleDefinitionId": role_definition_id(at, view.role),
        "principalId": view.principal.to_string(),
        "scope": view.scope,
    });
    if let Some(kind) = view.principal_type.filter(|_| version >= "2018-09-01") {
        properties["principalType"] = json!(kind.as_str());
    }
    if let Some(description) = view.description.filter(|_| version >= "2020-03-01") {
        properties["description"] = json!(description);
    }
    for (on, by, stamp) in
        [("createdOn", "createdBy", view.created), ("updatedOn", "updatedBy", view.updated)]
    {
        if let Some((at, who)) = stamp {
            properties[on] = instant(at);
            properties[by] = json!(who.to_string());
        }
    }
    json!({
        "id": assignment_id(view.scope, view.id),
        "type": KIND,
        "name": view.id.to_string(),
        "properties": properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_domain::ids::SubscriptionId;
    use uuid::Uuid;

    const ROLE: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    const ID: &str = "0000000a-0000-4000-8000-00000000000a";

    #[test]
    fn a_role_is_named_at_any_scope_or_barely() {
        for path in [
            ROLE.to_owned(),
            ROLE.to_uppercase(),
            format!("/providers/microsoft.authorization/roledefinitions/{ROLE}"),
            format!("/subscriptions/{ID}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}"),
        ] {
            assert_eq!(parse_role_id(&path), RoleId::parse(ROLE), "{path}");
        }
        for path in ["", "Owner", "/roleDefinitions/x", &format!("/x/roleDefinitions/{ROLE}")] {
            assert_eq!(parse_role_id(path), None, "{path}");
        }
    }

    #[test]
    fn every_fault_of_a_body_is_told_at_once() {
        let body = json!({ "properties": {
            "roleDefinitionId": "Owner",
            "principalType": "Robot",
            "description": "x".repeat(2000),
            "condition": "@Resource[a] StringEquals 'b'",
        } });
        let faults = parse(&body).unwrap_err();
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(
            codes,
            [
                "InvalidRoleDefinitionId",
                "BadRequest",
                "InvalidPrincipalType",
                "BadRequest",
                "ConditionNotSupported",
            ]
        );
        assert_eq!(parse(&json!([])).unwrap_err()[0].code, "InvalidRequestContent");
    }

    #[test]
    fn what_a_client_leaves_out_or_sends_as_nothing_is_nothing() {
        let body = json!({ "properties": {
            "roleDefinitionId": ROLE, "principalId": ID, "condition": null, "description": "",
        } });
        let ask = parse(&body).unwrap();
        assert_eq!((ask.principal_type, ask.description), (None, None));
    }

    #[test]
    fn older_versions_have_fewer_members() {
        let subscription = SubscriptionId(Uuid::from_u128(5));
        let view = Assignment {
            id: AssignmentId(Uuid::from_u128(1)),
            scope: "/",
            role: RoleId::parse(ROLE).unwrap(),
            principal: PrincipalId(Uuid::from_u128(2)),
            principal_type: Some(PrincipalType::User),
            description: Some("why"),
            created: None,
            updated: None,
        };
        let shown = show(&view, &Place::Subscription(subscription), "2022-04-01");
        let role = shown["properties"]["roleDefinitionId"].as_str().unwrap();
        assert!(role.starts_with(&format!("/subscriptions/{subscription}/providers/")), "{role}");
        let id = shown["id"].as_str().unwrap();
        assert!(id.starts_with("/providers/Microsoft.Authorization/roleAssignments/"), "{id}");
        let members = |version| {
            let shown = show(&view, &Place::Root, version);
            shown["properties"].as_object().unwrap().keys().len()
        };
        assert_eq!(members("2015-07-01"), 3);
        assert_eq!(members("2018-09-01-preview"), 4);
        assert_eq!(members("2020-04-01-preview"), 5);
    }
}
