//! Microsoft.Billing: accounts and profiles, and what they pay for.
//!
//! Reservations, savings plans and their orders have the shapes of their own providers, under ids
//! that begin with the account.

use super::v2022_11_01::order::billing_account as account_id;
use super::v2022_11_01::reservation::Summary;
use prorata_domain::policy::Agreement;
use prorata_domain::reservation::BillingAccount;
use serde_json::{Value, json};

/// An account as GET answers it.
pub fn account(account: &BillingAccount) -> Value {
    let agreement = match account.agreement {
        Agreement::Ea => "EnterpriseAgreement",
        Agreement::Mca => "MicrosoftCustomerAgreement",
        Agreement::Csp => "MicrosoftPartnerAgreement",
        Agreement::Payg => "MicrosoftOnlineServicesProgram",
    };
    let mut properties = json!({
        "accountStatus": "Active",
        "agreementType": agreement,
        "displayName": account.id,
        "hasReadAccess": true,
        "hasNoBillingProfiles": account.profile.is_none(),
    });
    if account.agreement == Agreement::Ea {
        properties["enrollmentDetails"] = json!({ "currency": account.currency.code() });
    }
    json!({
        "id": account_id(&account.id),
        "name": account.id,
        "type": "Microsoft.Billing/billingAccounts",
        "properties": properties,
    })
}

/// The billing profile of an account, as GET answers it.
pub fn profile(account: &BillingAccount, name: &str) -> Value {
    json!({
        "id": format!("{}/billingProfiles/{name}", account_id(&account.id)),
        "name": name,
        "type": "Microsoft.Billing/billingAccounts/billingProfiles",
        "properties": {
            "billingRelationshipType": "Direct",
            "currency": account.currency.code(),
            "displayName": name,
            "hasReadAccess": true,
            "status": "Active",
        },
    })
}

/// An order, a reservation or a plan of another provider, as the account that pays for it has it.
/// Its name is the last part of its id, also where the other provider puts the order before it.
pub fn under(account: &str, mut body: Value) -> Value {
    let id = body["id"].as_str().unwrap_or_default();
    // `/providers/{namespace}/{the rest}`, and so is the type without its slash.
    if let Some(rest) = id.splitn(4, '/').nth(3) {
        let name = rest.rsplit('/').next().unwrap_or_default();
        (body["id"], body["name"]) =
            (json!(format!("{}/{rest}", account_id(account))), json!(name));
    }
    let kind = body["type"].as_str().unwrap_or_default();
    if let Some((_, rest)) = kind.split_once('/') {
        body["type"] = json!(format!("Microsoft.Billing/billingAccounts/{rest}"));
    }
    body
}

/// The body of PATCH on a reservation, in the words of its own provider: here its name is called
/// `displayName`.
pub fn renamed(mut body: Value) -> Value {
    if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("name");
        if let Some(name) = properties.remove("displayName") {
            properties.insert("name".to_owned(), name);
        }
    }
    body
}

/// A page; the counts are over all rows, where they were asked for.
pub fn page(rows: Vec<Value>, next_link: Option<String>, summary: Option<Summary>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    if let Some(summary) = summary {
        body["summary"] = summary.body();
    }
    body
}
