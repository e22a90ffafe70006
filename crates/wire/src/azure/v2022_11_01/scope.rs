//! The applied scope: three types on the wire, four kinds in the domain, and two ways to write
//! them (`appliedScopes` and, since 2022-11-01, `appliedScopeProperties`).

use crate::azure::Version;
use crate::azure::fault::{BAD_REQUEST, Faults};
use crate::azure::ids::{ScopePath, is_management_group_id, parse_scope, subscription_id};
use crate::azure::member::Member;
use prorata_domain::ids::TenantId;
use prorata_domain::reservation::AppliedScope;
use serde_json::{Value, json};

const SCOPE: &str = "`/subscriptions/{id}` or `/subscriptions/{id}/resourceGroups/{name}` with a subscription's GUID";
const GROUP: &str = "`/providers/Microsoft.Management/managementGroups/{id}`";

enum Type {
    Single,
    Shared,
    ManagementGroup,
}

/// Reads the applied scope out of `properties` of a purchase request.
pub(in crate::azure) fn read(
    properties: &Member<'_>,
    version: Version,
    faults: &mut Faults,
) -> Option<AppliedScope> {
    let kind = properties.get("appliedScopeType");
    let list = properties.get("appliedScopes");
    let items = list.list(faults, "a list with one scope path", 100);
    let old = items
        .first()
        .filter(|_| items.len() == 1)
        .and_then(|item| item.read(faults, BAD_REQUEST, SCOPE, parse_scope));
    let detailed = Detailed::read(&properties.get("appliedScopeProperties"), faults);
    match kind.read(faults, BAD_REQUEST, "`Single`, `Shared` or `ManagementGroup`", parse_type)? {
        Type::Shared => {
            if !items.is_empty() {
                list.refuse(faults, BAD_REQUEST, CONTRADICTS_SHARED);
            }
            if detailed.scope.is_some() || detailed.group.is_some() {
                detailed.at.refuse(faults, BAD_REQUEST, CONTRADICTS_SHARED);
            }
            Some(AppliedScope::Shared)
        }
        Type::Single => {
            if items.len() > 1 {
                let says = format!("has {} scopes; `Single` takes exactly one.", items.len());
                list.refuse(faults, "InvalidSingleAppliedScopesCount", &says);
                return None;
            }
            single(&list, items.len(), old, &detailed, faults)
        }
        Type::ManagementGroup if version < Version::V2022_11_01 => {
            let says = "`ManagementGroup` needs api-version 2022-11-01; use that version.";
            kind.refuse(faults, BAD_REQUEST, &format!("is {says}"));
            None
        }
        Type::ManagementGroup => {
            if let Some(ScopePath::Subscription(_) | ScopePath::ResourceGroup { .. }) = old {
                list.refuse(faults, BAD_REQUEST, "names no management group; leave it out.");
            }
            if detailed.scope.is_some() {
                let says = "names a subscription beside a management group; give only one of them.";
                detailed.at.refuse(faults, BAD_REQUEST, says);
            }
            detailed.management_group(faults)
        }
    }
}

const CONTRADICTS_SHARED: &str =
    "names a scope while `appliedScopeType` is `Shared`; leave it out, or give `Single`.";

fn parse_type(text: &str) -> Option<Type> {
    match text.to_ascii_lowercase().as_str() {
        "single" => Some(Type::Single),
        "shared" => Some(Type::Shared),
        "managementgroup" => Some(Type::ManagementGroup),
        _ => None,
    }
}

fn single(
    list: &Member<'_>,
    listed: usize,
    old: Option<ScopePath>,
    detailed: &Detailed<'_>,
    faults: &mut Faults,
) -> Option<AppliedScope> {
    if detailed.group.is_some() {
        let says = "names a management group while `appliedScopeType` is `Single`.";
        detailed.at.refuse(faults, BAD_REQUEST, says);
    }
    let old = match old {
        Some(ScopePath::ManagementGroup(_)) => {
            let says = "names a management group while `appliedScopeType` is `Single`.";
            list.refuse(faults, BAD_REQUEST, says);
            return None;
        }
        Some(ScopePath::Subscription(id)) => Some(AppliedScope::Subscription(id)),
        Some(ScopePath::ResourceGroup { subscription, name }) => {
            Some(AppliedScope::ResourceGroup { subscription, name })
        }
        None => None,
    };
    match (old, &detailed.scope) {
        (Some(old), Some(new)) if !same(&old, new) => {
            let says =
                "and `appliedScopes` name different scopes; give one of them, or both alike.";
            detailed.at.refuse(faults, BAD_REQUEST, says);
            None
        }
        (Some(old), _) => Some(old),
        (None, Some(new)) => Some(new.clone()),
        (None, None) => {
            // A scope that is there but cannot be read has its own fault.
            if listed == 0 && !detailed.broken {
                let says = format!(
                    "is missing while `appliedScopeType` is `Single`; give a list with one {SCOPE}."
                );
                list.refuse(faults, "MissingAppliedScopesForSingle", &says);
            }
            None
        }
    }
}

fn same(a: &AppliedScope, b: &AppliedScope) -> bool {
    match (a, b) {
        (
            AppliedScope::ResourceGroup { subscription: a, name: left },
            AppliedScope::ResourceGroup { subscription: b, name: right },
        ) => a == b && left.eq_ignore_ascii_case(right),
        _ => a == b,
    }
}

/// What `appliedScopeProperties` says.
struct Detailed<'v> {
    at: Member<'v>,
    /// A subscription or a resource group.
    scope: Option<AppliedScope>,
    group: Option<String>,
    tenant: Option<TenantId>,
    /// Something was given that could not be read.
    broken: bool,
}

impl<'v> Detailed<'v> {
    fn read(at: &Member<'v>, faults: &mut Faults) -> Detailed<'v> {
        let at = at.optional_object(faults, "an object such as `{\"subscriptionId\": \"...\"}`");
        let subscription = at.get("subscriptionId");
        let resource_group = at.get("resourceGroupId");
        let group = at.get("managementGroupId");
        let tenant = at.get("tenantId");
        let given = subscription.is_filled() || resource_group.is_filled();
        let id = subscription.read_optional(
            faults,
            "InvalidSubscriptionId",
            "`/subscriptions/{id}` with a subscription's GUID",
            crate::azure::parse_subscription,
        );
        let inside = resource_group.read_optional(
            faults,
            BAD_REQUEST,
            "`/subscriptions/{id}/resourceGroups/{name}`",
            |text| match parse_scope(text)? {
                ScopePath::ResourceGroup { subscription, name } => {
                    Some(AppliedScope::ResourceGroup { subscription, name })
                }
                ScopePath::Subscription(_) | ScopePath::ManagementGroup(_) => None,
            },
        );
        if let (Some(id), Some(AppliedScope::ResourceGroup { subscription, .. })) = (id, &inside)
            && id != *subscription
        {
            let says = "lies in another subscription than `subscriptionId`; give only one of them.";
            resource_group.refuse(faults, BAD_REQUEST, says);
        }
        let scope = inside.or(id.map(AppliedScope::Subscription));
        let group = group.read_optional(faults, BAD_REQUEST, GROUP, |text| {
            match parse_scope(text) {
                Some(ScopePath::ManagementGroup(id)) => Some(id),
                // A GUID alone reads as a subscription's; here it is the group's.
                _ => is_management_group_id(text).then(|| text.to_owned()),
            }
        });
        let tenant = tenant.read_optional(
            faults,
            "InvalidTenantId",
            "the GUID of a tenant",
            TenantId::parse,
        );
        Detailed { broken: given && scope.is_none(), at, scope, group, tenant }
    }

    fn management_group(&self, faults: &mut Faults) -> Option<AppliedScope> {
        let group = self.at.get("managementGroupId");
        let tenant = self.at.get("tenantId");
        if !group.is_filled() {
            let says =
                format!("is missing while `appliedScopeType` is `ManagementGroup`; give {GROUP}.");
            group.refuse(faults, BAD_REQUEST, &says);
        }
        if !tenant.is_filled() {
            let says = "is missing while `appliedScopeType` is `ManagementGroup`; give the GUID of \
                        the tenant.";
            tenant.refuse(faults, BAD_REQUEST, says);
        }
        Some(AppliedScope::ManagementGroup { tenant: self.tenant?, id: self.group.clone()? })
    }
}

/// `Single`, `Shared` or `ManagementGroup`.
pub(in crate::azure) fn type_name(scope: &AppliedScope) -> &'static str {
    match scope {
        AppliedScope::Shared => "Shared",
        AppliedScope::Subscription(_) | AppliedScope::ResourceGroup { .. } => "Single",
        AppliedScope::ManagementGroup { .. } => "ManagementGroup",
    }
}

/// The same with resource groups by their own name.
pub(in crate::azure) fn friendly_name(scope: &AppliedScope) -> &'static str {
    match scope {
        AppliedScope::ResourceGroup { .. } => "ResourceGroup",
        _ => type_name(scope),
    }
}

/// `appliedScopes`: the path, for `Single`.
pub(in crate::azure) fn list(scope: &AppliedScope) -> Option<Value> {
    match scope {
        AppliedScope::Subscription(id) => Some(json!([subscription_id(*id)])),
        AppliedScope::ResourceGroup { subscription, name } => {
            Some(json!([resource_group_id(*subscription, name)]))
        }
        AppliedScope::Shared | AppliedScope::ManagementGroup { .. } => None,
    }
}

/// `appliedScopeProperties`; nothing for `Shared`.
pub(in crate::azure) fn properties(scope: &AppliedScope) -> Option<Value> {
    match scope {
        AppliedScope::Shared => None,
        AppliedScope::Subscription(id) => {
            Some(json!({ "subscriptionId": subscription_id(*id), "displayName": id.to_string() }))
        }
        AppliedScope::ResourceGroup { subscription, name } => Some(json!({
            "resourceGroupId": resource_group_id(*subscription, name),
            "displayName": name,
        })),
        AppliedScope::ManagementGroup { tenant, id } => Some(json!({
            "tenantId": tenant.to_string(),
            "managementGroupId": format!("/providers/Microsoft.Management/managementGroups/{id}"),
            "displayName": id,
        })),
    }
}

fn resource_group_id(subscription: prorata_domain::ids::SubscriptionId, name: &str) -> String {
    format!("{}/resourceGroups/{name}", subscription_id(subscription))
}
