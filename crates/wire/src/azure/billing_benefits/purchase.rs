//! What is asked for when a savings plan is bought, and the answers to it.

use super::{order_id, plan_id};
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::member::Member;
use crate::azure::number::{hourly_price, price};
use crate::azure::v2022_11_01::limits::{DISPLAY_NAME_CHARS_MAX, NAME_CHARS_MAX};
use crate::azure::v2022_11_01::scope;
use crate::azure::{Version, ids};
use prorata_domain::ids::{SavingsPlanId, SavingsPlanOrderId, SubscriptionId};
use prorata_domain::savings_plan::State;
use prorata_domain::savings_plan::purchase::{Plan, Request};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Hourly};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// Plans in one request to validate.
const BENEFITS_MAX: usize = 100;

/// Reads the body of a savings plan order alias.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Request, Vec<Fault>> {
    let mut faults = Faults::default();
    let request = read(&Member::root(body), &mut faults);
    faults.finish(request)
}

/// Reads the body of `validate`: each plan, or what is wrong with it.
///
/// # Errors
/// The faults of the list as a whole.
pub fn parse_benefits(body: &Value) -> Result<Vec<Result<Request, Vec<Fault>>>, Vec<Fault>> {
    benefits(body, |item| {
        let mut faults = Faults::default();
        let request = read(item, &mut faults);
        faults.finish(request)
    })
}

/// The rows of a body with `benefits`, each read by itself.
pub(super) fn benefits<T>(
    body: &Value,
    read: impl Fn(&Member<'_>) -> Result<T, Vec<Fault>>,
) -> Result<Vec<Result<T, Vec<Fault>>>, Vec<Fault>> {
    let mut faults = Faults::default();
    let rows =
        Member::root(body).object(&mut faults, "an object with `benefits`").and_then(|root| {
            let list = root.get("benefits");
            let items = list.list(&mut faults, "a list of what is to be validated", BENEFITS_MAX);
            if items.is_empty() && matches!(&body["benefits"], Value::Null | Value::Array(_)) {
                let is_long = body["benefits"].as_array().is_some_and(|items| !items.is_empty());
                if !is_long {
                    let says = "is empty; name at least one benefit to validate.";
                    list.refuse(&mut faults, BAD_REQUEST, says);
                }
            }
            (!items.is_empty()).then(|| items.iter().map(&read).collect::<Vec<_>>())
        });
    faults.finish(rows)
}

/// Reads a purchase wherever it stands.
pub(in crate::azure) fn read(at: &Member<'_>, faults: &mut Faults) -> Option<Request> {
    let at = at.object(faults, "an object with `sku` and `properties`")?;
    let sku = at
        .get("sku")
        .object(faults, "an object such as `{\"name\": \"Compute_Savings_Plan\"}`")
        .and_then(|sku| {
            let wanted = "the name of a savings plan, such as `Compute_Savings_Plan`";
            sku.get("name").text(faults, wanted, NAME_CHARS_MAX)
        });
    let properties = at.get("properties").object(faults, "an object with what is bought")?;
    let billing_subscription = properties.get("billingScopeId").read(
        faults,
        "InvalidSubscriptionId",
        "`/subscriptions/{id}` with the GUID of the subscription that pays",
        parse_billing_scope,
    );
    let term = properties.get("term").read(faults, BAD_REQUEST, "`P1Y` or `P3Y`", Term::parse);
    let plan = billing_plan(&properties, faults);
    let hourly = commitment(&properties.get("commitment"), faults);
    let display_name = properties.get("displayName").optional_text(
        faults,
        "a name to show",
        DISPLAY_NAME_CHARS_MAX,
    );
    let applied_scope = scope::read(&properties, Version::V2022_11_01, faults);
    let renew = properties.get("renew").flag(faults);
    let sku = sku?;
    Some(Request {
        sku: sku.to_owned(),
        billing_subscription: billing_subscription?,
        term: term?,
        plan: plan?,
        hourly: hourly?,
        display_name: display_name.unwrap_or(sku).to_owned(),
        applied_scope: applied_scope?,
        renew,
    })
}

/// `/subscriptions/{guid}`, or the same as billing accounts list it:
/// `/providers/Microsoft.Billing/billingAccounts/{account}/billingSubscriptions/{guid}`.
pub(super) fn parse_billing_scope(text: &str) -> Option<SubscriptionId> {
    if let Some(subscription) = ids::parse_subscription(text) {
        return Some(subscription);
    }
    let segments: Vec<&str> = text.trim().strip_prefix('/')?.split('/').collect();
    match segments.as_slice() {
        [providers, billing, accounts, _, subscriptions, id]
            if providers.eq_ignore_ascii_case("providers")
                && billing.eq_ignore_ascii_case("Microsoft.Billing")
                && accounts.eq_ignore_ascii_case("billingAccounts")
                && subscriptions.eq_ignore_ascii_case("billingSubscriptions") =>
        {
            SubscriptionId::parse(id)
        }
        _ => None,
    }
}

/// `P1M` for monthly payments; nothing for all at once.
pub(super) fn billing_plan(properties: &Member<'_>, faults: &mut Faults) -> Option<BillingPlan> {
    let plan = properties.get("billingPlan");
    if !plan.is_given() {
        return Some(BillingPlan::Upfront);
    }
    let wanted = "`P1M` for monthly payments, or leave it out to pay upfront";
    plan.read(faults, BAD_REQUEST, wanted, |text| {
        if text.eq_ignore_ascii_case("P1M") {
            Some(BillingPlan::Monthly)
        } else {
            BillingPlan::parse(text)
        }
    })
}

fn commitment(at: &Member<'_>, faults: &mut Faults) -> Option<Hourly> {
    const WANTED: &str =
        "an object such as `{\"grain\": \"Hourly\", \"currencyCode\": \"USD\", \"amount\": 1.5}`";
    let at = at.object(faults, WANTED)?;
    let grain = at.get("grain");
    if grain.is_given() {
        grain.read(faults, BAD_REQUEST, "`Hourly`", |text| {
            text.eq_ignore_ascii_case("Hourly").then_some(())
        });
    }
    let currency = at.get("currencyCode").read(
        faults,
        BAD_REQUEST,
        "the code of a currency, such as `USD`",
        |text| Currency::parse(text).ok(),
    );
    let amount = at.get("amount");
    let decimal = amount.decimal(faults, "an amount for each hour, such as 1.5")?;
    if decimal <= Decimal::ZERO {
        amount.refuse(faults, BAD_REQUEST, "is not positive; commit at least 0.001 an hour.");
        return None;
    }
    let currency = currency?;
    let hourly = Hourly::from_decimal(decimal, currency).ok();
    if hourly.is_none() {
        let says = "has more than three decimals, or is too large; give at most three decimals.";
        amount.refuse(faults, BAD_REQUEST, says);
    }
    hourly
}

/// A purchase as JSON: what a client sends, and what answers repeat of it.
pub fn body(request: &Request) -> Value {
    json!({ "sku": { "name": request.sku }, "properties": properties(request) })
}

fn properties(request: &Request) -> Map<String, Value> {
    let scope = &request.applied_scope;
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| {
        properties.insert(name.to_owned(), value);
    };
    put("displayName", json!(request.display_name));
    put("billingScopeId", json!(ids::subscription_id(request.billing_subscription)));
    put("term", json!(request.term.as_str()));
    if let Some(plan) = plan_word(request.plan) {
        put("billingPlan", json!(plan));
    }
    put("appliedScopeType", json!(scope::type_name(scope)));
    if let Some(detailed) = scope::properties(scope) {
        put("appliedScopeProperties", detailed);
    }
    put("commitment", commitment_body(request.hourly));
    put("renew", json!(request.renew));
    properties
}

/// What the published list of billing plans has a word for.
pub(super) fn plan_word(plan: BillingPlan) -> Option<&'static str> {
    match plan {
        BillingPlan::Monthly => Some("P1M"),
        BillingPlan::Upfront => None,
    }
}

pub(super) fn commitment_body(hourly: Hourly) -> Value {
    let mut commitment = hourly_price(hourly);
    commitment["grain"] = json!("Hourly");
    commitment
}

/// What was bought under a name.
pub struct Alias<'a> {
    pub name: &'a str,
    pub request: &'a Request,
    pub order: SavingsPlanOrderId,
    /// Just begun, as the purchase itself answers.
    pub is_new: bool,
    pub state: State,
}

/// A savings plan order alias.
pub fn alias(alias: &Alias<'_>) -> Value {
    let mut body = body(alias.request);
    body["id"] = json!(format!(
        "/providers/microsoft.billingbenefits/savingsPlanOrderAliases/{}",
        alias.name
    ));
    body["name"] = json!(alias.name);
    body["type"] = json!("Microsoft.BillingBenefits/savingsPlanOrderAliases");
    let properties = &mut body["properties"];
    properties["savingsPlanOrderId"] = json!(order_id(alias.order));
    properties["provisioningState"] = json!(match (alias.is_new, alias.state) {
        (true, _) => "Creating",
        (false, State::Active) => "Succeeded",
        (false, State::Expired) => "Expired",
    });
    body
}

/// Whether a benefit would be taken: nothing when it would, else the code and the reason.
pub type Verdict = Option<(String, String)>;

/// The answer to a request to validate, row by row.
pub fn verdicts(rows: &[Verdict]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| match row {
            None => json!({ "valid": true }),
            Some((code, reason)) => {
                json!({ "valid": false, "reasonCode": code, "reason": reason })
            }
        })
        .collect();
    json!({ "benefits": rows })
}

/// The row of a plan in the answer to an exchange: what was asked for and its whole cost.
pub(in crate::azure) fn exchange_row(
    request: &Request,
    plan: &Plan,
    bought: Option<(SavingsPlanOrderId, SavingsPlanId)>,
) -> Value {
    let mut row = json!({
        "properties": body(request),
        "billingCurrencyTotal": price(plan.total),
    });
    if let Some((order, plan)) = bought {
        row["savingsPlanOrderId"] = json!(order_id(order));
        row["savingsPlanId"] = json!(plan_id(order, plan));
        row["status"] = json!("Succeeded");
    }
    row
}
