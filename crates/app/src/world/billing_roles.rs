//! Who may on billing accounts, what these allow, and who administers the account of a
//! subscription, as a world document says.

use super::{Count, Document};
use crate::{Error, Fault};
use prorata_domain::access::{BillingRole, BillingRoleName, Level};
use prorata_domain::ids::{PrincipalId, SubscriptionId, TenantId};
use prorata_store::{Tx, access, world};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A billing role of somebody on an account, or on its profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BillingRoleRow {
    pub tenant_id: TenantId,
    /// The client id of a principal of that tenant, or the object id of a person.
    pub client_id: Uuid,
    /// One of those in `catalog/azure/billing-roles.toml`.
    pub role: String,
    pub billing_account: String,
    /// For a role on a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

/// What an account lets its subscriptions do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BillingPolicyRow {
    pub billing_account: String,
    /// The switch "Reserved Instances": off, only the account's administrators buy.
    pub reserved_instances: bool,
}

/// Who administers the account that a subscription belongs to: an owner of all it pays for from
/// then on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountAdministratorRow {
    pub subscription_id: SubscriptionId,
    /// The client id of a principal of the subscription's tenant, or the object id of a person.
    pub client_id: Uuid,
}

/// Writes what the document says of these, once its accounts, subscriptions and principals are
/// there.
pub(super) fn put(tx: &mut Tx<'_>, document: &Document, count: &mut Count) -> Result<(), Error> {
    let mut faults = Vec::new();
    for (index, row) in document.billing_roles.iter().enumerate() {
        let at = |field: &str| format!("billingRoles[{index}].{field}");
        let principal = principal(tx, row.tenant_id, row.client_id, at("clientId"), &mut faults)?;
        if let (Some(role), Some(principal)) = (role(tx, row, &at, &mut faults)?, principal) {
            count.add(access::put_billing_role(tx, row.tenant_id, principal, &role)?);
        }
    }
    for (index, row) in document.billing_policies.iter().enumerate() {
        if world::billing_account(tx, &row.billing_account)?.is_none() {
            let path = format!("billingPolicies[{index}].billingAccount");
            faults.push(Fault::new(path, "names no account, in this or an earlier world"));
            continue;
        }
        count.add(access::set_policy(tx, &row.billing_account, row.reserved_instances)?);
    }
    for (index, row) in document.account_administrators.iter().enumerate() {
        let at = |field: &str| format!("accountAdministrators[{index}].{field}");
        let Some(subscription) = world::subscription(tx, row.subscription_id)? else {
            let message = "names no subscription, in this or an earlier world";
            faults.push(Fault::new(at("subscriptionId"), message));
            continue;
        };
        let (tenant, path) = (subscription.tenant, at("clientId"));
        if let Some(admin) = principal(tx, tenant, row.client_id, path, &mut faults)? {
            count.add(access::set_account_admin(tx, row.subscription_id, Some(admin))?);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Malformed(faults)) }
}

fn principal(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: Uuid,
    path: String,
    faults: &mut Vec<Fault>,
) -> Result<Option<PrincipalId>, Error> {
    let found = match world::principal_by_client(tx, tenant, &id.to_string())? {
        Some(found) => Some(found),
        None => world::principal(tx, tenant, PrincipalId(id))?,
    };
    if found.is_none() {
        let message = "names no principal of the tenant, in this or an earlier world";
        faults.push(Fault::new(path, message));
    }
    Ok(found.map(|found| found.id))
}

/// A role that fits the account on which it is given.
fn role(
    tx: &mut Tx<'_>,
    row: &BillingRoleRow,
    at: &impl Fn(&str) -> String,
    faults: &mut Vec<Fault>,
) -> Result<Option<BillingRole>, Error> {
    let name = BillingRoleName::parse(&row.role);
    if name.is_none() {
        let known: Vec<&str> = BillingRoleName::all().map(BillingRoleName::as_str).collect();
        faults.push(Fault::new(at("role"), format!("must be one of {}", known.join(", "))));
    }
    let account = world::billing_account(tx, &row.billing_account)?;
    if account.is_none() {
        let message = "names no account, in this or an earlier world";
        faults.push(Fault::new(at("billingAccount"), message));
    }
    let (Some(name), Some(account)) = (name, account) else { return Ok(None) };
    let definition = name.definition();
    if definition.agreement != account.agreement {
        let message = format!("is a role of {} accounts", definition.agreement.as_str());
        faults.push(Fault::new(at("role"), message));
        return Ok(None);
    }
    let profile = match definition.level {
        Level::Account if row.profile.is_some() => Err("a role on the whole account has none"),
        Level::Profile if row.profile.is_none() => Err("must name the profile it is given on"),
        Level::Account | Level::Profile => Ok(row.profile.clone()),
    };
    match profile {
        Ok(profile) => Ok(Some(BillingRole { name, account: account.id, profile })),
        Err(message) => {
            faults.push(Fault::new(at("profile"), message));
            Ok(None)
        }
    }
}
