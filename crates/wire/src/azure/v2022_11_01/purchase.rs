//! Purchase requests, and the answer to `calculatePrice`.

use super::limits::{DISPLAY_NAME_CHARS_MAX, NAME_CHARS_MAX};
use super::scope;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::member::Member;
use crate::azure::number::{amount, day, instant, no_amount, parse_instant, price};
use crate::azure::{Version, ids};
use crate::explanation;
use jiff::Timestamp;
use prorata_domain::Decision;
use prorata_domain::ids::OrderId;
use prorata_domain::policy::{Agreement, Book};
use prorata_domain::purchase::{Plan, Request};
use prorata_domain::reservation::BillingAccount;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Money, Rounding, rounding};
use serde_json::{Map, Value, json};

/// Reads the body of `calculatePrice` and of a purchase.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value, version: Version) -> Result<Request, Vec<Fault>> {
    let mut faults = Faults::default();
    let request = read(&Member::root(body), version, &mut faults);
    faults.finish(request)
}

/// Reads a purchase request wherever it stands.
pub(in crate::azure) fn read(
    at: &Member<'_>,
    version: Version,
    faults: &mut Faults,
) -> Option<Request> {
    let at = at.object(faults, "a purchase request: an object with `sku` and `properties`")?;
    let sku = at
        .get("sku")
        .object(faults, "an object such as `{\"name\": \"Standard_D2s_v5\"}`")
        .and_then(|sku| {
            let wanted = "the name of a SKU, such as `Standard_D2s_v5`";
            sku.get("name").text(faults, wanted, NAME_CHARS_MAX)
        });
    let location = at
        .get("location")
        .optional_text(faults, "a region, such as `westeurope`", NAME_CHARS_MAX)
        .and_then(region);
    let properties = at.get("properties").object(faults, "an object with what is bought")?;
    // Each is read before the first `?`, so that one request shows all its faults at once.
    let resource_type = properties.get("reservedResourceType").text(
        faults,
        "a resource type, such as `VirtualMachines`",
        NAME_CHARS_MAX,
    );
    let billing_subscription = properties.get("billingScopeId").read(
        faults,
        "InvalidSubscriptionId",
        "`/subscriptions/{id}` with the GUID of the subscription that pays",
        ids::parse_subscription,
    );
    let term = properties.get("term").read(
        faults,
        "UnsupportedReservationTerm",
        "`P1Y`, `P3Y` or `P5Y`",
        Term::parse,
    );
    let plan = properties.get("billingPlan").read(
        faults,
        BAD_REQUEST,
        "`Upfront` or `Monthly`",
        BillingPlan::parse,
    );
    let quantity = properties.get("quantity").quantity(faults, BAD_REQUEST);
    let display_name =
        properties.get("displayName").text(faults, "a name to show", DISPLAY_NAME_CHARS_MAX);
    let applied_scope = scope::read(&properties, version, faults);
    let renew = properties.get("renew").flag(faults);
    let instance_flexibility = flexibility(&properties, faults);
    let review_at = review(&properties, faults);
    Some(Request {
        resource_type: resource_type?.to_owned(),
        sku: sku?.to_owned(),
        location,
        billing_subscription: billing_subscription?,
        term: term?,
        plan: plan?,
        quantity: quantity?,
        display_name: display_name?.to_owned(),
        applied_scope: applied_scope?,
        instance_flexibility,
        renew,
        review_at,
    })
}

/// A region's ARM name from any spelling (`West US`); nothing for products without a region.
fn region(text: &str) -> Option<String> {
    let name: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    (name != "global").then_some(name)
}

fn flexibility(properties: &Member<'_>, faults: &mut Faults) -> Option<bool> {
    let wanted = "an object such as `{\"instanceFlexibility\": \"On\"}`";
    properties
        .get("reservedResourceProperties")
        .optional_object(faults, wanted)
        .get("instanceFlexibility")
        .read_optional(faults, BAD_REQUEST, "`On` or `Off`", on_or_off)
}

pub(super) fn on_or_off(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

pub(super) fn review(properties: &Member<'_>, faults: &mut Faults) -> Option<Timestamp> {
    /// PowerShell sends the first instant of its calendar for "none".
    const YEAR_ONE_ENDS: Timestamp = Timestamp::constant(-62_104_060_800, 0);
    properties
        .get("reviewDateTime")
        .read_optional(
            faults,
            BAD_REQUEST,
            "an instant such as `2027-03-04T00:00:00Z`",
            parse_instant,
        )
        .filter(|at| *at >= YEAR_ONE_ENDS)
}

/// A purchase request as JSON: what a client sends, and what exchanges repeat in their answers.
pub fn body(request: &Request, version: Version) -> Value {
    let scope = &request.applied_scope;
    let mut properties = Map::new();
    let mut put = |name: &str, value: Value| {
        properties.insert(name.to_owned(), value);
    };
    put("reservedResourceType", json!(request.resource_type));
    put("billingScopeId", json!(ids::subscription_id(request.billing_subscription)));
    put("term", json!(request.term.as_str()));
    put("billingPlan", json!(request.plan.as_str()));
    put("quantity", json!(request.quantity));
    put("displayName", json!(request.display_name));
    put("appliedScopeType", json!(scope::type_name(scope)));
    if version >= Version::V2022_11_01 {
        if let Some(detailed) = scope::properties(scope) {
            put("appliedScopeProperties", detailed);
        }
    } else if let Some(list) = scope::list(scope) {
        put("appliedScopes", list);
    }
    put("renew", json!(request.renew));
    if let Some(on) = request.instance_flexibility {
        let word = if on { "On" } else { "Off" };
        put("reservedResourceProperties", json!({ "instanceFlexibility": word }));
    }
    if let Some(at) = request.review_at {
        put("reviewDateTime", instant(at));
    }
    let mut body = json!({ "sku": { "name": request.sku }, "properties": properties });
    if let Some(location) = &request.location {
        body["location"] = json!(location);
    }
    body
}

/// A price quote, as `calculatePrice` answers it.
pub struct Quote<'a> {
    pub order: OrderId,
    pub request: &'a Request,
    pub account: &'a BillingAccount,
    pub decision: &'a Decision<Plan>,
    pub plan: &'a Plan,
}

/// The answer to `calculatePrice`. Prices are without tax.
pub fn quote(book: &Book, quote: &Quote<'_>) -> Value {
    let plan = quote.plan;
    let mut properties = json!({
        "billingCurrencyTotal": price(plan.total),
        "pricingCurrencyTotal": price(plan.total_usd),
        "netTotal": amount(plan.total_usd),
        "taxTotal": no_amount(),
        "grandTotal": amount(plan.total_usd),
        "isTaxIncluded": false,
        "isBillingPartnerManaged": quote.account.agreement == Agreement::Csp,
        "reservationOrderId": quote.order.to_string(),
        "skuTitle": plan.title,
        "skuDescription": quote.request.sku,
    });
    if plan.commitment.plan == BillingPlan::Monthly {
        properties["paymentSchedule"] = payments(plan);
    }
    json!({ "properties": properties, "explanation": explanation::render(book, quote.decision) })
}

/// Every payment still to be made; the first one shows what is charged now.
fn payments(plan: &Plan) -> Value {
    let rate = plan.commitment.usd_rate;
    plan.schedule
        .iter()
        .map(|payment| {
            let mut row = json!({
                "dueDate": day(payment.due),
                "pricingCurrencyTotal": in_dollars(payment.amount, rate).map(price),
                "status": "Scheduled",
            });
            if payment.number == 1 {
                row["billingCurrencyTotal"] = price(payment.amount);
            }
            row
        })
        .collect()
}

/// An amount in the pricing currency, at the rate of the quote or purchase; nothing where it does
/// not fit.
pub(in crate::azure) fn in_dollars(amount: Money, rate: rust_decimal::Decimal) -> Option<Money> {
    rounding::scale(amount, rate, Currency::USD, Rounding::Conversion).ok()
}
