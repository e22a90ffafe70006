//! Carts, and whether products can be bought.

use super::LINES_MAX;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::member::Member;
use crate::azure::{instant, price};
use crate::explanation;
use jiff::Timestamp;
use prorata_domain::Decision;
use prorata_domain::cart::{CartScope, Line, Lines, Product, Wanted};
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::policy::Book;
use prorata_domain::purchase::Plan;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::Currency;
use serde_json::{Value, json};
use uuid::Uuid;

const NAME_CHARS_MAX: usize = 64;
const ID_CHARS_MAX: usize = 256;
const RESELLER: &str = "transaction_reseller";

/// Reads a cart: whether its attestation is accepted, and what is wanted with each line.
///
/// # Errors
/// Every fault of it.
pub fn parse_cart(body: &Value) -> Result<(bool, Vec<Wanted>), Vec<Fault>> {
    let mut faults = Faults::default();
    let read = read_cart(body, &mut faults);
    faults.finish(read)
}

fn read_cart(body: &Value, faults: &mut Faults) -> Option<(bool, Vec<Wanted>)> {
    let root = Member::root(body).object(faults, "an object with `lineItems`")?;
    let attested = root.get("partnerOnRecordAttestationAccepted").flag(faults);
    let items = root.get("lineItems");
    let rows = items.list(faults, "a list of what is wanted", LINES_MAX);
    if rows.is_empty() && faults.is_empty() {
        items.refuse(faults, BAD_REQUEST, "is empty; give at least one line.");
    }
    let wanted: Vec<Option<Wanted>> = rows.iter().map(|row| read_line(row, faults)).collect();
    Some((attested, wanted.into_iter().collect::<Option<Vec<_>>>()?))
}

fn read_line(row: &Member<'_>, faults: &mut Faults) -> Option<Wanted> {
    let row = row.object(faults, "a line: an object with `catalogItemId` and `quantity`")?;
    let product = read_product(&row.get("catalogItemId"), faults);
    let quantity = row.get("quantity").quantity(faults, BAD_REQUEST);
    let context = row.get("provisioningContext").object(faults, "an object with `subscriptionId`");
    let subscription = context.as_ref().and_then(|context| {
        let wanted = "the GUID of the subscription that pays";
        context.get("subscriptionId").read(faults, BAD_REQUEST, wanted, SubscriptionId::parse)
    });
    let scope = context.as_ref().and_then(|context| {
        let found = context.get("scope").read_optional(
            faults,
            BAD_REQUEST,
            "`Shared` or `Single`",
            |text| match text.to_ascii_lowercase().as_str() {
                "shared" => Some(CartScope::Shared),
                "single" => Some(CartScope::Single),
                _ => None,
            },
        );
        found.or(Some(CartScope::Shared))
    });
    let term = read_term(&row, context.as_ref(), faults);
    let plan = row.get("billingCycle").read_optional(
        faults,
        BAD_REQUEST,
        "`oneTime` or `monthly`",
        |text| match text.to_ascii_lowercase().as_str() {
            "onetime" | "one_time" => Some(BillingPlan::Upfront),
            "monthly" => Some(BillingPlan::Monthly),
            _ => None,
        },
    );
    let currency = row.get("currencyCode").read_optional(
        faults,
        BAD_REQUEST,
        "a currency's code such as `USD`",
        |text| Currency::parse(text).ok(),
    );
    let name = row.get("friendlyName").optional_text(faults, "a name to show", NAME_CHARS_MAX);
    let reseller = read_reseller(&row, faults);
    Some(Wanted {
        product: product?,
        quantity: quantity?,
        term: term?,
        plan: plan.unwrap_or(BillingPlan::Upfront),
        currency,
        name: name.map(str::to_owned),
        subscription: subscription?,
        scope: scope?,
        reseller,
    })
}

fn read_product(at: &Member<'_>, faults: &mut Faults) -> Option<Product> {
    let wanted = "a product such as `VirtualMachines:Standard_D2s_v5:westeurope`";
    let text = at.text(faults, wanted, ID_CHARS_MAX)?;
    let product = Product::parse(text);
    if product.is_none() {
        at.refuse(faults, BAD_REQUEST, &format!("is not one; give {wanted}."));
    }
    product
}

/// The term stands in the line, or as `1Year` and so on in its context.
fn read_term(row: &Member<'_>, context: Option<&Member<'_>>, faults: &mut Faults) -> Option<Term> {
    let duration = context.map(|context| context.get("duration")).filter(Member::is_filled);
    match duration {
        Some(duration) if !row.get("termDuration").is_filled() => {
            duration.read(faults, BAD_REQUEST, "`1Year`, `3Years` or `5Years`", |text| {
                match text.to_ascii_lowercase().trim_end_matches('s') {
                    "1year" => Some(Term::P1Y),
                    "3year" => Some(Term::P3Y),
                    "5year" => Some(Term::P5Y),
                    _ => None,
                }
            })
        }
        _ => {
            row.get("termDuration").read(faults, BAD_REQUEST, "`P1Y`, `P3Y` or `P5Y`", Term::parse)
        }
    }
}

fn read_reseller(row: &Member<'_>, faults: &mut Faults) -> Option<TenantId> {
    let named = row.get("participants").list(faults, "a list of pairs `key` and `value`", 1);
    let pair = named.first()?.object(faults, "an object with `key` and `value`")?;
    let wanted = format!("`{RESELLER}`");
    let key = |text: &str| text.eq_ignore_ascii_case(RESELLER).then_some(());
    pair.get("key").read(faults, BAD_REQUEST, &wanted, key)?;
    pair.get("value").read(faults, BAD_REQUEST, "the reseller's tenant id", TenantId::parse)
}

/// What is asked about products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryAsked {
    /// Has to be the customer of the path.
    pub customer: TenantId,
    pub subscription: SubscriptionId,
    pub region: String,
    pub products: Vec<Product>,
}

/// Reads a question whether products can be bought.
///
/// # Errors
/// Every fault of it.
pub fn parse_inventory(body: &Value) -> Result<InventoryAsked, Vec<Fault>> {
    let mut faults = Faults::default();
    let read = read_inventory(body, &mut faults);
    faults.finish(read)
}

fn read_inventory(body: &Value, faults: &mut Faults) -> Option<InventoryAsked> {
    let wanted = "an object with `targetItems` and `inventoryContext`";
    let root = Member::root(body).object(faults, wanted)?;
    let items = root.get("targetItems");
    let rows = items.list(faults, "a list of products", LINES_MAX);
    if rows.is_empty() && faults.is_empty() {
        items.refuse(faults, BAD_REQUEST, "is empty; give at least one product.");
    }
    let products: Vec<Option<Product>> = rows
        .iter()
        .map(|row| {
            let row = row.object(faults, "an object with `productId`")?;
            read_product(&row.get("productId"), faults)
        })
        .collect();
    let context = root
        .get("inventoryContext")
        .object(faults, "an object with `customerId`, `azureSubscriptionId` and `armRegionName`")?;
    let customer = context.get("customerId").read(
        faults,
        BAD_REQUEST,
        "the GUID of the customer's tenant",
        TenantId::parse,
    );
    let subscription = context.get("azureSubscriptionId").read(
        faults,
        BAD_REQUEST,
        "the GUID of a subscription",
        SubscriptionId::parse,
    );
    let region = context.get("armRegionName").text(faults, "a region, such as `westeurope`", 64);
    Some(InventoryAsked {
        customer: customer?,
        subscription: subscription?,
        region: region?.to_owned(),
        products: products.into_iter().collect::<Option<Vec<_>>>()?,
    })
}

/// Products, each with where it is sold when it is not in the region asked for.
pub fn inventory<'p>(
    region: &str,
    rows: impl Iterator<Item = (&'p Product, Option<&'p [String]>)>,
) -> Value {
    let shown = |(product, sold_in): (&Product, Option<&[String]>)| {
        let restrictions: Vec<Value> = sold_in
            .iter()
            .map(|places| {
                json!({
                    "reasonCode": "NotAvailableForSubscription",
                    "description": format!(
                        "Not sold in `{region}`; it is in {}.",
                        places.join(", ")
                    ),
                    "properties": { "type": "Location", "values": region },
                })
            })
            .collect();
        json!({
            "productId": product.to_string(),
            "isRestricted": sold_in.is_some(),
            "restrictions": restrictions,
        })
    };
    json!({ "value": rows.map(shown).collect::<Vec<_>>() })
}

/// A cart to show.
pub struct CartShown<'c> {
    pub id: Uuid,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub lapses_at: Timestamp,
    pub changed_by: String,
    pub status: &'c str,
    pub lines: &'c Lines,
    /// For each line what was decided; empty where nothing was.
    pub priced: &'c [Option<Decision<Plan>>],
    /// Whether what is bought is shared, whatever is wanted.
    pub azure_plan: bool,
}

/// A cart with what each line would cost.
pub fn cart(book: &Book, shown: &CartShown<'_>) -> Value {
    let lines: Vec<Value> = shown
        .lines
        .lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let decision = shown.priced.get(number).and_then(Option::as_ref);
            line_item(book, number, line, decision, shown.azure_plan)
        })
        .collect();
    json!({
        "id": shown.id.to_string(),
        "creationTimestamp": instant(shown.created_at),
        "lastModifiedTimestamp": instant(shown.changed_at),
        "expirationTimestamp": instant(shown.lapses_at),
        "lastModifiedUser": shown.changed_by,
        "status": shown.status,
        "partnerOnRecordAttestationAccepted": shown.lines.attested,
        "lineItems": lines,
    })
}

fn line_item(
    book: &Book,
    number: usize,
    line: &Line,
    decision: Option<&Decision<Plan>>,
    azure_plan: bool,
) -> Value {
    let wanted = &line.wanted;
    let scope = match wanted.scope {
        CartScope::Single if !azure_plan => "Single",
        CartScope::Single | CartScope::Shared => "Shared",
    };
    let mut item = json!({
        "id": number,
        "catalogItemId": wanted.product.to_string(),
        "quantity": wanted.quantity,
        "termDuration": wanted.term.as_str(),
        "billingCycle": if wanted.plan == BillingPlan::Monthly { "monthly" } else { "oneTime" },
        "provisioningContext": {
            "subscriptionId": wanted.subscription.to_string(),
            "scope": scope,
        },
        "orderGroup": number.to_string(),
    });
    if let Some(name) = &wanted.name {
        item["friendlyName"] = json!(name);
    }
    if let Some(reseller) = wanted.reseller {
        item["participants"] = json!([{ "key": RESELLER, "value": reseller.to_string() }]);
    }
    if let Some(order) = line.order {
        item["orderId"] = json!(order.to_string());
    }
    if let Some(fault) = &line.fault {
        item["error"] = json!({
            "errorCode": fault.code.number(),
            "errorName": fault.code.name(),
            "errorDescription": fault.message,
        });
    }
    if let Some(decision) = decision {
        if let Some(plan) = &decision.proposal {
            item["currencyCode"] = json!(plan.total.currency().code());
            item["pricing"] = json!({
                "title": plan.title,
                "extendedPrice": price(plan.total),
                "payments": plan.schedule.len(),
                "firstPayment": plan.schedule.first().map(|first| price(first.amount)),
            });
        }
        item["explanation"] = json!(explanation::render(book, decision));
    }
    item
}

/// What became of a cart: an order for each line that was bought, and why the others were not.
pub fn checked_out(id: Uuid, status: &str, lines: &Lines) -> Value {
    let rows = || lines.lines.iter().enumerate();
    let orders: Vec<Value> = rows()
        .filter_map(|(number, line)| {
            line.order.map(
                |order| json!({ "orderGroupId": number.to_string(), "orderId": order.to_string() }),
            )
        })
        .collect();
    let errors: Vec<Value> = rows()
        .filter_map(|(number, line)| {
            let fault = line.fault.as_ref().filter(|_| line.order.is_none())?;
            Some(json!({
                "orderGroupId": number.to_string(),
                "code": fault.code.number(),
                "name": fault.code.name(),
                "description": fault.message,
            }))
        })
        .collect();
    json!({ "cartId": id.to_string(), "status": status, "orders": orders, "orderErrors": errors })
}
