//! What callers are answered.

use crate::sample::{
    ITEM, ORDER, SESSION, account, at, exchange_quote, held, order, price_quote, refund_quote,
    request, reservation,
};
use jiff::civil::date;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::Book;
use prorata_domain::reservation::{AcquiredBy, AppliedScope, Reservation, ReservationState};
use prorata_domain::term::BillingPlan;
use prorata_wire::azure::Version;
use prorata_wire::azure::v2022_11_01::{catalog, exchange, order as orders, purchase, refund};
use prorata_wire::azure::v2022_11_01::{operations, refused, reservation as reservations};
use prorata_wire::explanation::{self, Explanation};
use serde_json::{Value, json};

const NEW: Version = Version::V2022_11_01;
const OLD: Version = Version::V2022_03_01;

fn quote(plan: BillingPlan, quantity: u32) -> Value {
    let decision = price_quote(plan, quantity);
    purchase::quote(
        Book::built_in(),
        &purchase::Quote {
            order: ORDER,
            request: &request(plan, quantity),
            account: &account(),
            decision: &decision,
            plan: decision.plan().unwrap(),
        },
    )
}

#[test]
fn a_monthly_quote_has_its_payments() {
    let quote = quote(BillingPlan::Monthly, 2);
    let properties = &quote["properties"];
    assert_eq!(properties["billingCurrencyTotal"], json!({"currencyCode": "GBP", "amount": 63.84}));
    assert_eq!(properties["pricingCurrencyTotal"], json!({"currencyCode": "USD", "amount": 76.8}));
    assert_eq!(properties["skuTitle"], "Reserved VM Instance, Standard_B1ls, US West, 1 Year");
    assert_eq!(properties["skuDescription"], "standard_b1ls");
    assert_eq!(properties["reservationOrderId"], ORDER.to_string());
    let schedule = properties["paymentSchedule"].as_array().unwrap();
    assert_eq!(schedule.len(), 12);
    assert_eq!(
        schedule[0],
        json!({
            "dueDate": "2023-02-10",
            "pricingCurrencyTotal": {"currencyCode": "USD", "amount": 6.4},
            "billingCurrencyTotal": {"currencyCode": "GBP", "amount": 5.32},
            "status": "Scheduled",
        })
    );
    assert_eq!(schedule[11]["dueDate"], "2024-01-10");
    assert!(schedule[1].get("billingCurrencyTotal").is_none());
    let upfront = self::quote(BillingPlan::Upfront, 1);
    assert!(upfront["properties"].get("paymentSchedule").is_none());
}

#[test]
fn the_recorded_return_is_answered_to_the_penny() {
    let decision = refund_quote(vec![(date(2022, 9, 20), 43193)]);
    let book = Book::built_in();
    let held = held(BillingPlan::Monthly);
    let answer = refund::quote(book, SESSION, &held, &decision, decision.plan().unwrap()).unwrap();
    let properties = &answer["properties"];
    let pounds = |amount: f64| json!({"currencyCode": "GBP", "amount": amount});
    assert_eq!(properties["billingRefundAmount"], pounds(1.83));
    assert_eq!(properties["pricingRefundAmount"], json!({"currencyCode": "USD", "amount": 2.18}));
    let billing = &properties["billingInformation"];
    assert_eq!(billing["billingCurrencyTotalPaidAmount"], pounds(5.49));
    assert_eq!(billing["billingCurrencyProratedAmount"], pounds(3.66));
    assert_eq!(billing["billingCurrencyRemainingCommitmentAmount"], pounds(20.13));
    assert_eq!(
        (&billing["completedTransactions"], &billing["totalTransactions"]),
        (&json!(1), &json!(12))
    );
    let policy = &properties["policyResult"]["properties"];
    assert_eq!(policy["maxRefundLimit"], json!({"currencyCode": "USD", "amount": 50000.0}));
    assert_eq!(policy["consumedRefundsTotal"]["amount"], 431.93);
    assert_eq!(policy["policyErrors"], json!([]));
    assert_eq!(
        refund::done(SESSION, &held, decision.plan().unwrap()).unwrap()["properties"],
        *properties
    );
}

#[test]
fn a_refused_return_says_why_and_what_would_help() {
    let decision = refund_quote(vec![(date(2022, 9, 20), 4_999_900)]);
    let book = Book::built_in();
    let plan = decision.proposal.as_ref().unwrap();
    let answer =
        refund::quote(book, SESSION, &held(BillingPlan::Monthly), &decision, plan).unwrap();
    let errors = &answer["properties"]["policyResult"]["properties"]["policyErrors"];
    assert_eq!(errors.as_array().unwrap().len(), 1);
    assert_eq!(errors[0]["code"], "RefundLimitExceeded");
    let message = errors[0]["message"].as_str().unwrap();
    assert!(message.contains("toward a cap of 50000.00 USD"), "{message}");
    assert!(message.ends_with(" Ask again on 2023-03-21 or later."), "{message}");
    let explanation: Explanation = serde_json::from_value(answer["explanation"].clone()).unwrap();
    assert_eq!(explanation, explanation::render(book, &decision));
    assert!(!explanation.approved);
    let refusal = explanation.refusal.unwrap();
    assert_eq!((refusal.clause.as_str(), refusal.message.as_str()), ("refund-cap", message));
    assert!(refusal.repairs.iter().any(|help| help.day.as_deref() == Some("2023-03-21")));
    let cap = explanation.findings.iter().find(|row| row.clause == "refund-cap").unwrap();
    assert_eq!(cap.outcome, "not-met");
    assert!(!cap.source.is_empty() && !cap.says.is_empty() && !cap.lines.is_empty());
    let unmet = refused::unmet(book, &decision.findings);
    assert_eq!((unmet.len(), unmet[0].code), (1, "RefundLimitExceeded"));
}

fn exchange(unit_total: i64, bought: Option<&exchange::Bought<'_>>) -> Value {
    let quoted = exchange_quote(unit_total);
    let plan = quoted.decision.proposal.as_ref().unwrap();
    let shown = exchange::Exchange {
        session: SESSION,
        purchases: &quoted.purchases,
        savings_plans: &[],
        facts: &quoted.facts,
        decision: &quoted.decision,
        plan,
    };
    let book = Book::built_in();
    match bought {
        None => exchange::quoted(book, &shown, NEW).unwrap(),
        Some(bought) => exchange::done(book, &shown, bought, NEW).unwrap(),
    }
}

#[test]
fn an_exchange_quote_is_an_operation_that_succeeded() {
    let answer = exchange(9900, None);
    assert_eq!(answer["status"], "Succeeded");
    assert_eq!(answer["name"], SESSION.to_string());
    let properties = &answer["properties"];
    assert_eq!(properties["sessionId"], SESSION.to_string());
    let pounds = |amount: f64| json!({"currencyCode": "GBP", "amount": amount});
    assert_eq!(properties["refundsTotal"], pounds(21.96));
    assert_eq!(properties["purchasesTotal"], pounds(99.0));
    assert_eq!(properties["netPayable"], pounds(77.04));
    assert_eq!(properties["policyResult"], json!({"policyErrors": null}));
    assert!(properties["reservationsToExchange"][0].get("status").is_none());
    assert_eq!(properties["reservationsToExchange"][0]["billingRefundAmount"], pounds(1.83));
    let row = &properties["reservationsToPurchase"][0];
    assert_eq!(row["properties"], purchase::body(&request(BillingPlan::Upfront, 1), NEW));
    assert!(row["paymentSchedule"].is_null() && row["pricingCurrencyTotal"].is_null());
}

#[test]
fn an_exchange_for_too_little_succeeds_with_policy_errors() {
    let answer = exchange(1000, None);
    assert_eq!(answer["status"], "Succeeded");
    let errors = &answer["properties"]["policyResult"]["policyErrors"];
    let message = errors[0]["message"].as_str().unwrap();
    assert!(message.contains("Buy for at least 11.96 GBP more."), "{message}");
    let quoted = exchange_quote(1000);
    let refusal = quoted.decision.refusal.as_ref().unwrap();
    let failed = exchange::failed(Book::built_in(), SESSION, refusal, Some(&quoted.decision));
    assert_eq!(failed["status"], "Failed");
    assert_eq!(failed["error"], errors[0]);
    assert!(failed.get("properties").is_none());
}

#[test]
fn an_exchange_that_was_made_names_what_it_made() {
    let bought = (OrderId(uuid::Uuid::from_u128(1)), ReservationId(uuid::Uuid::from_u128(2)));
    let made = exchange::Bought { reservations: &[bought], savings_plans: &[] };
    let answer = exchange(9900, Some(&made));
    let row = &answer["properties"]["reservationsToPurchase"][0];
    assert_eq!(row["reservationOrderId"], prorata_wire::azure::order_id(bought.0));
    assert_eq!(row["reservationId"], prorata_wire::azure::reservation_id(bought.0, bought.1));
    assert_eq!(row["status"], "Succeeded");
    assert_eq!(answer["properties"]["reservationsToExchange"][0]["status"], "Succeeded");
}

#[test]
fn an_order_shows_its_state_and_payments() {
    let order = order(BillingPlan::Monthly);
    let rows = [reservation(ReservationState::Active)];
    let view = orders::View { order: &order, reservations: &rows };
    let now = at("2023-03-06T00:00:00Z");
    let placed = orders::placed(&view);
    assert_eq!(placed["properties"]["provisioningState"], "Creating");
    for absent in ["createdDateTime", "benefitStartTime", "expiryDate", "expiryDateTime"] {
        assert!(placed["properties"].get(absent).is_none(), "{absent}");
    }
    let shown = orders::show(&view, now, NEW);
    assert_eq!(shown["id"], format!("/providers/microsoft.capacity/reservationOrders/{ORDER}"));
    assert_eq!(shown["etag"], 4);
    let properties = &shown["properties"];
    assert_eq!(properties["provisioningState"], "Succeeded");
    assert_eq!(properties["expiryDate"], "2024-03-04");
    assert_eq!(properties["expiryDateTime"], "2024-03-04T04:17:25.7707892Z");
    assert_eq!(properties["requestDateTime"], "2023-03-04T04:17:25.7707892Z");
    assert!(orders::show(&view, now, OLD)["properties"].get("expiryDateTime").is_none());
    assert_eq!(
        properties["reservations"][0]["id"],
        format!("/providers/Microsoft.Capacity/reservationOrders/{ORDER}/reservations/{ITEM}")
    );
    let row = |due, paid: bool| orders::Payment {
        due,
        amount: crate::sample::pounds(549),
        paid_at: paid.then(|| at("2023-03-04T04:17:25Z")),
        status: if paid {
            orders::PaymentStatus::Succeeded
        } else {
            orders::PaymentStatus::Scheduled
        },
    };
    let payments = [row(date(2023, 3, 4), true), row(date(2023, 4, 4), false)];
    let shown = orders::show_with_schedule(&view, &payments, now, NEW).unwrap();
    let plan = &shown["properties"]["planInformation"];
    assert_eq!(plan["nextPaymentDueDate"], "2023-04-04");
    assert_eq!(plan["pricingCurrencyTotal"], json!({"currencyCode": "USD", "amount": 13.08}));
    assert_eq!(plan["transactions"][0]["paymentDate"], "2023-03-04");
    assert_eq!(plan["transactions"][1]["status"], "Scheduled");
    assert!(plan["transactions"][1].get("billingCurrencyTotal").is_none());
    let over = orders::show(&view, at("2024-03-04T00:00:00Z"), NEW);
    assert_eq!(over["properties"]["provisioningState"], "Expired");
    let rows = [reservation(ReservationState::Returned { rest: None })];
    let gone = orders::show(&orders::View { order: &order, reservations: &rows }, now, NEW);
    assert_eq!(gone["properties"]["provisioningState"], "Cancelled");
}

fn shown(row: &Reservation, now: &str) -> Value {
    reservations::show(&order(BillingPlan::Upfront), row, at(now), NEW)["properties"].clone()
}

#[test]
fn a_reservation_shows_where_it_is_in_its_life() {
    let rest = ReservationId(uuid::Uuid::from_u128(9));
    let active = ReservationState::Active;
    for (state, now, provisioning, display, status, renewal) in [
        (active.clone(), "2023-05-01T00:00:00Z", "Succeeded", "Succeeded", None, "On"),
        (active.clone(), "2024-02-02T23:59:59Z", "Succeeded", "Succeeded", None, "On"),
        (active.clone(), "2024-02-03T00:00:00Z", "Succeeded", "Expiring", None, "On"),
        (active, "2024-03-04T00:00:00Z", "Expired", "Expired", Some("Expired"), "NotApplicable"),
        (
            ReservationState::Expired,
            "2024-05-01T00:00:00Z",
            "Expired",
            "Expired",
            Some("Expired"),
            "NotApplicable",
        ),
        (
            ReservationState::Returned { rest: Some(rest) },
            "2023-05-01T00:00:00Z",
            "Cancelled",
            "Cancelled",
            Some("Cancelled"),
            "NotApplicable",
        ),
        (
            ReservationState::Split { into: vec![rest] },
            "2023-05-01T00:00:00Z",
            "Cancelled",
            "Cancelled",
            Some("Split"),
            "NotApplicable",
        ),
        (
            ReservationState::Merged { into: rest },
            "2023-05-01T00:00:00Z",
            "Cancelled",
            "Cancelled",
            Some("Merged"),
            "NotApplicable",
        ),
    ] {
        let properties = shown(&reservation(state.clone()), now);
        assert_eq!(properties["provisioningState"], provisioning, "{state:?} {now}");
        assert_eq!(properties["displayProvisioningState"], display, "{state:?} {now}");
        assert_eq!(properties["extendedStatusInfo"]["statusCode"].as_str(), status, "{state:?}");
        assert_eq!(properties["userFriendlyRenewState"], renewal, "{state:?} {now}");
        let live = provisioning == "Succeeded";
        let grains = properties["utilization"]["aggregates"].as_array().unwrap().len();
        assert_eq!(grains, if live { 3 } else { 0 }, "{state:?} {now}");
    }
}

#[test]
fn a_reservation_shows_what_it_came_from_and_became() {
    let rest = ReservationId(uuid::Uuid::from_u128(9));
    let now = "2023-05-01T00:00:00Z";
    let id = |item| json!(prorata_wire::azure::reservation_id(ORDER, item));
    let given = shown(&reservation(ReservationState::Returned { rest: Some(rest) }), now);
    assert_eq!(given["splitProperties"], json!({"splitDestinations": [rest.to_string()]}));
    let kept = Reservation {
        id: rest,
        source: Some(ITEM),
        acquired_by: AcquiredBy::PartialReturn,
        ..reservation(ReservationState::Active)
    };
    assert_eq!(shown(&kept, now)["splitProperties"], json!({"splitSource": id(ITEM)}));
    let parts = vec![rest, ITEM];
    let split = shown(&reservation(ReservationState::Split { into: parts.clone() }), now);
    let bare: Vec<String> = parts.iter().map(ToString::to_string).collect();
    assert_eq!(split["splitProperties"], json!({ "splitDestinations": bare }));
    let whole = Reservation {
        merged_from: parts.clone(),
        acquired_by: AcquiredBy::Merge,
        ..reservation(ReservationState::Active)
    };
    let sources: Vec<Value> = parts.into_iter().map(id).collect();
    assert_eq!(shown(&whole, now)["mergeProperties"], json!({ "mergeSources": sources }));
    let merged = shown(&reservation(ReservationState::Merged { into: rest }), now);
    assert_eq!(merged["mergeProperties"], json!({"mergeDestination": id(rest)}));
}

#[test]
fn applied_scopes_differ_by_version() {
    let subscription = crate::sample::SUBSCRIPTION;
    let row = Reservation {
        applied_scope: AppliedScope::ResourceGroup { subscription, name: "rg".to_owned() },
        ..reservation(ReservationState::Active)
    };
    let order = order(BillingPlan::Upfront);
    let now = at("2023-05-01T00:00:00Z");
    let path = format!("/subscriptions/{subscription}/resourceGroups/rg");
    let new = &reservations::show(&order, &row, now, NEW)["properties"];
    assert_eq!(new["appliedScopeProperties"]["resourceGroupId"], path);
    assert_eq!(
        (&new["appliedScopeType"], &new["userFriendlyAppliedScopeType"]),
        (&json!("Single"), &json!("ResourceGroup"))
    );
    assert!(new.get("appliedScopes").is_none());
    let old = &reservations::show(&order, &row, now, OLD)["properties"];
    assert_eq!(old["appliedScopes"], json!([path]));
    for absent in ["appliedScopeProperties", "purchaseDateTime", "expiryDateTime"] {
        assert!(old.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn pages_leave_out_what_is_not_there() {
    let last = reservations::page(vec![json!({})], None, None, NEW);
    assert_eq!(last, json!({"value": [{}]}));
    let summary = reservations::Summary { succeeded: 3, ..Default::default() };
    let page = reservations::page(Vec::new(), Some("https://x/y".to_owned()), Some(summary), NEW);
    assert_eq!(page["nextLink"], "https://x/y");
    assert_eq!(
        (&page["summary"]["succeededCount"], &page["summary"]["noBenefitCount"]),
        (&json!(3), &json!(0))
    );
    assert!(operations::list(NEW)["value"].as_array().unwrap().len() >= 10);
}

#[test]
fn the_catalog_is_a_bare_array_before_2022_11_01() {
    let plans = [BillingPlan::Upfront, BillingPlan::Monthly];
    let term = prorata_domain::term::Term::P1Y;
    let product = catalog::Product {
        resource_type: "virtualMachines",
        sku: "Standard_B1ls",
        location: "westus",
        tier: Some("Standard"),
        size: Some("B1ls"),
        series: Some("Bsv1"),
        flexibility_group: Some("BS Series"),
        prices: vec![catalog::Price {
            term,
            plans: &plans,
            unit_total: crate::sample::pounds(3200),
        }],
        restricted: &[term],
    };
    let row = catalog::row(&product, NEW);
    assert_eq!(row["billingPlans"], json!({"p1Y": ["Upfront", "Monthly"]}));
    assert_eq!(row["msrp"], json!({"p1Y": {"currencyCode": "GBP", "amount": 32.0}}));
    assert_eq!(row["terms"], json!(["P1Y"]));
    assert_eq!(row["restrictions"][0]["type"], "Term");
    assert!(row["skuProperties"].as_array().unwrap().iter().all(|it| it["value"].is_string()));
    assert!(catalog::page(vec![row.clone()], None, 1, OLD).is_array());
    let page = catalog::page(vec![row], None, 1, NEW);
    assert_eq!((page["totalItems"].as_i64(), page.get("nextLink")), (Some(1), None));
}
