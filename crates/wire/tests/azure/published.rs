//! Our shapes against the provider's published examples.
//!
//! The examples are not part of the repository. They are looked for in `$PRORATA_SHARED/specs`, or
//! in `../shared/specs` beside the workspace; where they are missing each test says so and passes.

use crate::sample;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::Book;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::BillingPlan;
use prorata_wire::azure::v2022_11_01::{
    exchange, operations, order, purchase, refund, reservation,
};
use prorata_wire::azure::{Version, parse_order_id};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A published example, or `None` after saying loudly that it is not there.
fn example(version: Version, name: &str) -> Option<Value> {
    let shared = std::env::var_os("PRORATA_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = shared
        .join("specs/Microsoft.Capacity")
        .join(version.as_str())
        .join(format!("examples/{name}.json"));
    let Ok(text) = std::fs::read_to_string(&path) else {
        // Straight to the stream: the harness swallows what a passing test prints by macro.
        let note = format!("SKIPPED: no published example at {}\n", path.display());
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn request(example: &Value) -> &Value {
    &example["parameters"]["body"]
}

fn answer<'e>(example: &'e Value, status: &str) -> &'e Value {
    &example["responses"][status]["body"]
}

/// Every member of the published answer is in ours with the same type, but for those `left_out`.
fn same_shape(published: &Value, ours: &Value, path: &str, left_out: &[&str]) {
    match (published, ours) {
        (Value::Null, _) => {}
        (Value::Object(members), Value::Object(_)) => {
            for (name, value) in members {
                let path = format!("{path}.{name}");
                if !left_out.contains(&name.as_str()) {
                    let found = ours.get(name).unwrap_or_else(|| panic!("we lack {path}"));
                    same_shape(value, found, &path, left_out);
                }
            }
        }
        (Value::Array(items), Value::Array(found)) => {
            if let (Some(item), Some(found)) = (items.first(), found.first()) {
                same_shape(item, found, &format!("{path}[]"), left_out);
            }
        }
        _ => {
            let same = std::mem::discriminant(published) == std::mem::discriminant(ours);
            assert!(same, "{path}: published {published}, ours {ours}");
        }
    }
}

#[test]
fn published_purchases_are_read() {
    for version in Version::ALL {
        for name in ["CalculateReservationOrder", "PurchaseReservationOrder"] {
            let Some(example) = example(version, name) else { return };
            let read = purchase::parse(request(&example), version).unwrap();
            assert_eq!((read.sku.as_str(), read.quantity), ("standard_D1", 1));
            assert_eq!(read.location.as_deref(), Some("westus"));
        }
    }
}

#[test]
fn published_returns_are_read() {
    for version in Version::ALL {
        let Some(quote) = example(version, "CalculateRefund") else { return };
        // The example's path names another order than its body; the body is taken here.
        let order = parse_order_id(request(&quote)["id"].as_str().unwrap()).unwrap();
        assert_eq!(refund::parse_ask(request(&quote), order).unwrap().quantity, 1);
        let Some(deed) = example(version, "Return") else { return };
        assert_eq!(
            refund::parse_deed(request(&deed), order).unwrap().reason,
            "PurchasedWrongProduct"
        );
    }
}

#[test]
fn published_exchanges_are_read() {
    for version in Version::ALL {
        let Some(quote) = example(version, "CalculateExchange") else { return };
        // Savings plans are read since 2022-11-01.
        let ask = match exchange::parse_ask(request(&quote), version) {
            Ok(ask) => ask,
            Err(faults) => {
                assert!(version < Version::V2022_11_01, "{faults:?}");
                assert_eq!(faults[0].path, "properties.savingsPlansToPurchase");
                let mut body = request(&quote).clone();
                let members = body["properties"].as_object_mut().unwrap();
                assert!(members.remove("savingsPlansToPurchase").is_some());
                exchange::parse_ask(&body, version).unwrap()
            }
        };
        assert_eq!((ask.returns.len(), ask.purchases.len()), (1, 1));
        if version == Version::V2022_11_01 {
            let hourly: Vec<_> =
                ask.savings_plans.iter().map(|plan| plan.hourly.to_string()).collect();
            assert_eq!(hourly, ["15.23 USD an hour"]);
        }
        let Some(deed) = example(version, "Exchange") else { return };
        exchange::parse_session(request(&deed)).unwrap();
    }
}

#[test]
fn quotes_have_the_published_members() {
    let version = Version::V2022_11_01;
    let Some(example) = example(version, "CalculateReservationOrder") else { return };
    let decision = sample::price_quote(BillingPlan::Monthly, 1);
    let ours = purchase::quote(
        Book::built_in(),
        &purchase::Quote {
            order: sample::ORDER,
            request: &sample::request(BillingPlan::Monthly, 1),
            account: &sample::account(),
            decision: &decision,
            plan: decision.plan().unwrap(),
        },
    );
    same_shape(answer(&example, "200"), &ours, "", &[]);
}

#[test]
fn orders_have_the_published_members() {
    let version = Version::V2022_11_01;
    let Some(plain) = example(version, "GetReservationOrderDetails") else { return };
    let order = sample::order(BillingPlan::Monthly);
    let rows = [sample::reservation(ReservationState::Active)];
    let view = order::View { order: &order, reservations: &rows };
    let now = sample::at("2023-05-01T00:00:00Z");
    same_shape(answer(&plain, "200"), &order::show(&view, now, version), "", &[]);
    let Some(expanded) = example(version, "GetReservationOrderDetailsWithExpandPlanInformation")
    else {
        return;
    };
    let payment = |status, paid| order::Payment {
        due: jiff::civil::date(2023, 6, 4),
        amount: sample::pounds(549),
        paid_at: paid,
        status,
    };
    let payments = [
        payment(order::PaymentStatus::Succeeded, Some(now)),
        payment(order::PaymentStatus::Scheduled, None),
    ];
    let ours = order::show_with_schedule(&view, &payments, now, version).unwrap();
    same_shape(answer(&expanded, "200"), &ours, "", &[]);
    let Some(placed) = example(version, "PurchaseReservationOrder") else { return };
    let not_yet = ["createdDateTime", "expiryDate", "expiryDateTime"];
    same_shape(answer(&placed, "202"), &order::placed(&view), "", &not_yet);
}

#[test]
fn reservations_have_the_published_members() {
    let version = Version::V2022_11_01;
    let Some(list) = example(version, "GetReservations") else { return };
    let order = sample::order(BillingPlan::Monthly);
    let row = sample::reservation(ReservationState::Active);
    let now = sample::at("2023-05-01T00:00:00Z");
    let ours = reservation::page(
        vec![reservation::show(&order, &row, now, version)],
        None,
        Some(reservation::Summary::default()),
        version,
    );
    let renewal = ["renewSource", "provisioningSubState", "nextLink"];
    same_shape(answer(&list, "200"), &ours, "", &renewal);
    let Some(one) = example(version, "GetReservationDetails") else { return };
    let row = prorata_domain::reservation::Reservation {
        applied_scope: prorata_domain::reservation::AppliedScope::Subscription(
            sample::SUBSCRIPTION,
        ),
        ..row
    };
    let ours = reservation::show(&order, &row, now, version);
    let elsewhere =
        ["renewSource", "renewDestination", "renewProperties", "mergeProperties", "swapProperties"];
    same_shape(answer(&one, "200"), &ours, "", &elsewhere);
}

#[test]
fn returns_and_exchanges_have_the_published_members() {
    let version = Version::V2022_11_01;
    let Some(quote) = example(version, "CalculateRefund") else { return };
    let decision = sample::refund_quote(vec![(jiff::civil::date(2022, 9, 20), 4_999_900)]);
    let plan = decision.proposal.as_ref().unwrap();
    let (book, held) = (Book::built_in(), sample::held(BillingPlan::Monthly));
    let ours = refund::quote(book, sample::SESSION, &held, &decision, plan).unwrap();
    same_shape(answer(&quote, "200"), &ours, "", &[]);
    let Some(deed) = example(version, "Return") else { return };
    let ours = refund::done(sample::SESSION, &held, plan).unwrap();
    same_shape(answer(&deed, "202"), &ours, "", &[]);

    let Some(quote) = example(version, "CalculateExchange") else { return };
    let quoted = sample::exchange_quote(9900);
    let shown = exchange::Exchange {
        session: sample::SESSION,
        purchases: &quoted.purchases,
        savings_plans: &[],
        facts: &quoted.facts,
        decision: &quoted.decision,
        plan: quoted.decision.plan().unwrap(),
    };
    let ours = exchange::quoted(book, &shown, version).unwrap();
    same_shape(answer(&quote, "200"), &ours, "", &[]);
    let Some(deed) = example(version, "Exchange") else { return };
    let bought = (OrderId(uuid::Uuid::nil()), ReservationId(uuid::Uuid::nil()));
    let made = exchange::Bought { reservations: &[bought], savings_plans: &[] };
    let ours = exchange::done(book, &shown, &made, version).unwrap();
    same_shape(answer(&deed, "200"), &ours, "", &[]);
    let Some(list) = example(version, "GetOperations") else { return };
    same_shape(answer(&list, "200"), &operations::list(Version::V2022_11_01), "", &[]);
}
