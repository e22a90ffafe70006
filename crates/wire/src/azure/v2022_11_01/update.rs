//! Changing a reservation: the body of PATCH, and the question which scopes it may have.

use super::limits::DISPLAY_NAME_CHARS_MAX;
use super::{purchase, scope};
use crate::azure::Version;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::ids::{ScopePath, parse_scope};
use crate::azure::member::Member;
use prorata_domain::ids::TenantId;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::update::Request;
use serde_json::{Map, Value, json};

/// Scopes that one question may ask about.
const SCOPES_MAX: usize = 100;

/// Reads the body of PATCH on a reservation.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value, version: Version) -> Result<Request, Vec<Fault>> {
    let mut faults = Faults::default();
    let request = read(body, version, &mut faults);
    faults.finish(request)
}

fn read(body: &Value, version: Version, faults: &mut Faults) -> Option<Request> {
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let properties = root.get("properties").object(faults, "an object with what is changed")?;
    let is_scoped = ["appliedScopeType", "appliedScopes", "appliedScopeProperties"]
        .into_iter()
        .any(|name| properties.get(name).is_given());
    let applied_scope = if is_scoped { scope::read(&properties, version, faults) } else { None };
    let instance_flexibility = properties.get("instanceFlexibility").read_optional(
        faults,
        BAD_REQUEST,
        "`On` or `Off`",
        purchase::on_or_off,
    );
    let display_name =
        properties.get("name").optional_text(faults, "a name to show", DISPLAY_NAME_CHARS_MAX);
    let renew = properties.get("renew");
    let renew = renew.is_given().then(|| renew.flag(faults));
    let bought = properties
        .get("renewProperties")
        .optional_object(faults, "an object with `purchaseProperties`")
        .get("purchaseProperties");
    let renew_as = if bought.is_given() { purchase::read(&bought, version, faults) } else { None };
    let request = Request {
        applied_scope,
        instance_flexibility,
        display_name: display_name.map(str::to_owned),
        renew,
        renew_as: renew_as.map(Box::new),
        review_at: purchase::review(&properties, faults),
    };
    if request == Request::default() && faults.is_empty() {
        let says = "names nothing to change; give one of `appliedScopeType`, \
                    `instanceFlexibility`, `name`, `renew` and `reviewDateTime`.";
        properties.refuse(faults, BAD_REQUEST, says);
    }
    Some(request)
}

/// The body of PATCH, as a client sends it.
pub fn body(request: &Request) -> Value {
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| {
        properties.insert(name.to_owned(), value);
    };
    if let Some(wanted) = &request.applied_scope {
        put("appliedScopeType", json!(scope::type_name(wanted)));
        if let Some(detailed) = scope::properties(wanted) {
            put("appliedScopeProperties", detailed);
        }
    }
    if let Some(on) = request.instance_flexibility {
        put("instanceFlexibility", json!(if on { "On" } else { "Off" }));
    }
    if let Some(name) = &request.display_name {
        put("name", json!(name));
    }
    if let Some(renew) = request.renew {
        put("renew", json!(renew));
    }
    if let Some(wanted) = &request.renew_as {
        let bought = purchase::body(wanted, Version::V2022_11_01);
        put("renewProperties", json!({ "purchaseProperties": bought }));
    }
    if let Some(at) = request.review_at {
        put("reviewDateTime", crate::azure::instant(at));
    }
    json!({ "properties": properties })
}

/// Reads the body of `availableScopes`: each scope as it was written, and as what it is read; a
/// management group is one of the caller's tenant.
///
/// # Errors
/// Every fault of it.
pub fn parse_scopes(
    body: &Value,
    tenant: TenantId,
) -> Result<Vec<(String, Option<AppliedScope>)>, Vec<Fault>> {
    let mut faults = Faults::default();
    let scopes = read_scopes(body, tenant, &mut faults);
    faults.finish(scopes)
}

fn read_scopes(
    body: &Value,
    tenant: TenantId,
    faults: &mut Faults,
) -> Option<Vec<(String, Option<AppliedScope>)>> {
    const CHARS_MAX: usize = 512;
    let root = Member::root(body).object(faults, "an object with `properties`")?;
    let properties = root.get("properties").object(faults, "an object with `scopes`")?;
    let list = properties.get("scopes");
    let items = list.list(faults, "a list of scope paths", SCOPES_MAX);
    if items.is_empty() {
        list.refuse(faults, BAD_REQUEST, "is empty or missing; give a list of scope paths.");
        return None;
    }
    let read = |item: &Member<'_>, faults: &mut Faults| {
        let text = item.text(faults, "a scope path such as `/subscriptions/{id}`", CHARS_MAX)?;
        let scope = parse_scope(text).map(|path| match path {
            ScopePath::Subscription(id) => AppliedScope::Subscription(id),
            ScopePath::ResourceGroup { subscription, name } => {
                AppliedScope::ResourceGroup { subscription, name }
            }
            ScopePath::ManagementGroup(id) => AppliedScope::ManagementGroup { tenant, id },
        });
        Some((text.to_owned(), scope))
    };
    let scopes: Vec<_> = items.iter().map(|item| read(item, faults)).collect();
    scopes.into_iter().collect()
}

/// What `availableScopes` answers: each scope as it was written, and whether it may be chosen.
pub fn scopes<'s>(answered: impl Iterator<Item = (&'s str, bool)>) -> Value {
    let scopes: Vec<Value> =
        answered.map(|(scope, valid)| json!({ "scope": scope, "valid": valid })).collect();
    json!({ "properties": { "scopes": scopes } })
}
