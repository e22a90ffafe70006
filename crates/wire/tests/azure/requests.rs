//! What callers send, well and badly.

use crate::sample::{ITEM, ORDER, SUBSCRIPTION, request};
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::BillingPlan;
use prorata_wire::azure::v2022_11_01::{exchange, purchase, refund};
use prorata_wire::azure::{Fault, Version};
use serde_json::{Value, json};

fn body() -> Value {
    purchase::body(&request(BillingPlan::Monthly, 2), Version::V2022_11_01)
}

fn parse(body: &Value) -> Result<Request, Vec<Fault>> {
    purchase::parse(body, Version::V2022_11_01)
}

/// The body with some of its properties changed.
fn with(changes: Value) -> Value {
    let mut body = body();
    for (name, value) in changes.as_object().unwrap() {
        body["properties"][name] = value.clone();
    }
    body
}

fn faults(body: &Value) -> Vec<(String, String)> {
    let faults = parse(body).expect_err("this request has faults");
    faults.into_iter().map(|fault| (fault.code.to_owned(), fault.path)).collect()
}

/// The one fault of a request.
fn fault(changes: Value) -> (String, String) {
    let body = with(changes);
    let mut faults = faults(&body);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

fn is(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), format!("properties.{path}"))
}

fn id() -> String {
    format!("/subscriptions/{SUBSCRIPTION}")
}

#[test]
fn a_purchase_reads_back_as_it_was_written() {
    let tenant = crate::sample::TENANT;
    let scopes = [
        AppliedScope::Shared,
        AppliedScope::Subscription(SUBSCRIPTION),
        AppliedScope::ResourceGroup { subscription: SUBSCRIPTION, name: "rg-1".to_owned() },
        AppliedScope::ManagementGroup { tenant, id: "corp".to_owned() },
    ];
    for applied_scope in scopes {
        let wanted = Request {
            applied_scope,
            renew: true,
            instance_flexibility: Some(false),
            review_at: Some(crate::sample::at("2027-03-04T00:00:00Z")),
            ..request(BillingPlan::Upfront, 3)
        };
        for version in Version::ALL {
            let group = matches!(wanted.applied_scope, AppliedScope::ManagementGroup { .. });
            if group && version < Version::V2022_11_01 {
                continue;
            }
            let body = purchase::body(&wanted, version);
            assert_eq!(purchase::parse(&body, version), Ok(wanted.clone()), "{body}");
        }
    }
}

#[test]
fn what_real_callers_send_is_taken() {
    let mut odd = with(json!({
        "billingScopeId": SUBSCRIPTION.to_string(),
        "reservedResourceProperties": {},
        "reviewDateTime": "0001-01-01T00:00:00.0000000",
        "appliedScopes": null,
        "appliedScopeProperties": {},
        "term": "p1y",
        "billingPlan": "monthly",
        "unknownMember": {"a": [1]},
    }));
    odd["sku"] = json!({"name": "STANDARD_B1LS", "tier": "x"});
    let request = parse(&odd).unwrap();
    assert_eq!((request.sku.as_str(), request.review_at), ("STANDARD_B1LS", None));
    assert_eq!(request.instance_flexibility, None);
    let blank = with(json!({"reservedResourceProperties": {"instanceFlexibility": ""}}));
    assert_eq!(parse(&blank).unwrap().instance_flexibility, None);
    for (sent, kept) in [
        (json!("West US"), Some("westus")),
        (json!("WESTUS"), Some("westus")),
        (json!("global"), None),
        (json!(""), None),
        (json!(null), None),
    ] {
        let mut body = body();
        body["location"] = sent;
        assert_eq!(parse(&body).unwrap().location.as_deref(), kept);
    }
}

#[test]
fn all_faults_of_a_request_come_at_once() {
    let empty = json!({"properties": {}});
    let missing: Vec<String> = faults(&empty).into_iter().map(|(_, path)| path).collect();
    assert_eq!(
        missing,
        [
            "sku",
            "properties.reservedResourceType",
            "properties.billingScopeId",
            "properties.term",
            "properties.billingPlan",
            "properties.quantity",
            "properties.displayName",
            "properties.appliedScopeType",
        ]
    );
    assert_eq!(faults(&json!([])), [("InvalidRequestContent".to_owned(), String::new())]);
    let none: Vec<String> = faults(&json!({})).into_iter().map(|(_, path)| path).collect();
    assert_eq!(none, ["sku", "properties"]);
}

#[test]
fn every_fault_names_the_member_and_the_fix() {
    let all = [
        json!({}),
        json!({"properties": {}}),
        with(json!({"quantity": -1, "term": "P2Y", "displayName": 7, "renew": "yes"})),
        with(json!({"appliedScopeType": "Single", "billingScopeId": "/subscriptions/x"})),
    ];
    for body in all {
        for fault in parse(&body).unwrap_err() {
            assert!(fault.message.starts_with(&format!("`{}`", fault.path)), "{}", fault.message);
            assert!(fault.message.contains("give ") && fault.message.ends_with('.'), "{fault:?}");
        }
    }
}

#[test]
fn values_out_of_range_are_refused() {
    for quantity in
        [json!(-1), json!(0), json!(1.5), json!(4_294_967_296_u64), json!("1"), json!(1e300)]
    {
        assert_eq!(fault(json!({"quantity": quantity})), is("BadRequest", "quantity"));
    }
    assert_eq!(fault(json!({"term": "P2Y"})), is("UnsupportedReservationTerm", "term"));
    assert_eq!(fault(json!({"term": 1})), is("BadRequest", "term"));
    assert_eq!(fault(json!({"billingPlan": "Weekly"})), is("BadRequest", "billingPlan"));
    assert_eq!(fault(json!({"displayName": "x".repeat(65)})), is("BadRequest", "displayName"));
    assert_eq!(fault(json!({"displayName": "a\nb"})), is("BadRequest", "displayName"));
    assert_eq!(fault(json!({"displayName": " "})), is("BadRequest", "displayName"));
    assert_eq!(fault(json!({"reviewDateTime": "soon"})), is("BadRequest", "reviewDateTime"));
    assert_eq!(fault(json!({"renew": "true"})), is("BadRequest", "renew"));
    let scope = fault(json!({"billingScopeId": "/subscriptions/1"}));
    assert_eq!(scope, is("InvalidSubscriptionId", "billingScopeId"));
    let long = fault(json!({"billingScopeId": "x".repeat(100_000)}));
    assert_eq!(long, is("BadRequest", "billingScopeId"));
    let flexible = json!({"reservedResourceProperties": {"instanceFlexibility": "Maybe"}});
    assert_eq!(fault(flexible), is("BadRequest", "reservedResourceProperties.instanceFlexibility"));
    let mut long_sku = body();
    long_sku["sku"]["name"] = json!("x".repeat(129));
    assert_eq!(faults(&long_sku), [("BadRequest".to_owned(), "sku.name".to_owned())]);
}

#[test]
fn applied_scopes_are_complete_and_not_contradictory() {
    let single = json!({"appliedScopeType": "Single"});
    assert_eq!(fault(single), is("MissingAppliedScopesForSingle", "appliedScopes"));
    // Blank text is nothing.
    let blank = json!({"subscriptionId": "", "resourceGroupId": " ", "managementGroupId": ""});
    let single = json!({"appliedScopeType": "Single", "appliedScopeProperties": blank});
    assert_eq!(fault(single), is("MissingAppliedScopesForSingle", "appliedScopes"));
    let blank = json!({"managementGroupId": "", "tenantId": SUBSCRIPTION.to_string()});
    let group = json!({"appliedScopeType": "ManagementGroup", "appliedScopeProperties": blank});
    assert_eq!(fault(group), is("BadRequest", "appliedScopeProperties.managementGroupId"));
    let two = json!({"appliedScopeType": "Single", "appliedScopes": [id(), id()]});
    assert_eq!(fault(two), is("InvalidSingleAppliedScopesCount", "appliedScopes"));
    let bad = json!({"appliedScopeType": "Single", "appliedScopes": ["/x"]});
    assert_eq!(fault(bad), is("BadRequest", "appliedScopes[0]"));
    let shared = json!({"appliedScopeType": "Shared", "appliedScopes": [id()]});
    assert_eq!(fault(shared), is("BadRequest", "appliedScopes"));
    let shared = json!({
        "appliedScopeType": "Shared", "appliedScopeProperties": {"subscriptionId": id()}
    });
    assert_eq!(fault(shared), is("BadRequest", "appliedScopeProperties"));
    let unlike = json!({
        "appliedScopeType": "Single",
        "appliedScopes": [id()],
        "appliedScopeProperties": {"resourceGroupId": format!("{}/resourceGroups/rg", id())},
    });
    assert_eq!(fault(unlike), is("BadRequest", "appliedScopeProperties"));
    let alike = with(json!({
        "appliedScopeType": "Single",
        "appliedScopes": [id()],
        "appliedScopeProperties": {"subscriptionId": id(), "displayName": "x"},
    }));
    assert_eq!(parse(&alike).unwrap().applied_scope, AppliedScope::Subscription(SUBSCRIPTION));
    let group = json!({
        "appliedScopeType": "ManagementGroup", "appliedScopeProperties": {"managementGroupId": "corp"}
    });
    assert_eq!(fault(group.clone()), is("BadRequest", "appliedScopeProperties.tenantId"));
    let old = purchase::parse(&with(group), Version::V2022_03_01).unwrap_err();
    assert!(old[0].message.contains("2022-11-01"), "{old:?}");
    assert_eq!(fault(json!({"appliedScopeType": "All"})), is("BadRequest", "appliedScopeType"));
}

#[test]
fn returns_read_back_as_they_were_written() {
    let ask = refund::Ask { reservation: ITEM, quantity: 2 };
    assert_eq!(refund::parse_ask(&refund::ask_body(ORDER, &ask), ORDER), Ok(ask.clone()));
    let reason = "bought the wrong product".to_owned();
    let deed = refund::Deed { session: crate::sample::SESSION, returned: ask, reason };
    assert_eq!(refund::parse_deed(&refund::deed_body(ORDER, &deed), ORDER), Ok(deed));
}

#[test]
fn returns_with_faults_name_them() {
    let other = prorata_domain::ids::OrderId(uuid::Uuid::from_u128(5));
    let ask = refund::Ask { reservation: ITEM, quantity: 2 };
    let body = refund::ask_body(ORDER, &ask);
    let paths = |faults: Vec<Fault>| -> Vec<(&'static str, String)> {
        faults.into_iter().map(|fault| (fault.code, fault.path)).collect()
    };
    let id = "properties.reservationToReturn.reservationId".to_owned();
    assert_eq!(
        paths(refund::parse_ask(&body, other).unwrap_err()),
        [("BadRequest", "id".to_owned()), ("ReservationIdNotInReservationOrder", id.clone()),]
    );
    let mut bad = body.clone();
    bad["properties"]["scope"] = json!("Everything");
    bad["properties"]["reservationToReturn"] = json!({"reservationId": "x", "quantity": 0});
    assert_eq!(
        paths(refund::parse_ask(&bad, ORDER).unwrap_err()),
        [
            ("BadRequest", "properties.scope".to_owned()),
            ("InvalidReservationId", id),
            ("InvalidRefundQuantity", "properties.reservationToReturn.quantity".to_owned()),
        ]
    );
    let no_session = paths(refund::parse_deed(&body, ORDER).unwrap_err());
    assert_eq!(no_session, [("BadRequest", "properties.sessionId".to_owned())]);
}

#[test]
fn exchanges_read_back_as_they_were_written() {
    let ask = exchange::Ask {
        returns: vec![exchange::GivenUp { order: ORDER, reservation: ITEM, quantity: 1 }],
        purchases: vec![request(BillingPlan::Upfront, 1), request(BillingPlan::Monthly, 5)],
        savings_plans: Vec::new(),
    };
    for version in Version::ALL {
        let body = exchange::ask_body(&ask, version);
        assert_eq!(exchange::parse_ask(&body, version), Ok(ask.clone()));
    }
    let session = crate::sample::SESSION;
    assert_eq!(exchange::parse_session(&exchange::session_body(session)), Ok(session));
    assert_eq!(exchange::parse_session(&json!({})).unwrap_err()[0].path, "properties");
}

#[test]
fn exchanges_with_faults_name_them() {
    let paths = |body: &Value| -> Vec<String> {
        let faults = exchange::parse_ask(body, Version::V2022_11_01).unwrap_err();
        faults.into_iter().map(|fault| fault.path).collect()
    };
    let (to, from) = ("properties.reservationsToPurchase", "properties.reservationsToExchange");
    assert_eq!(paths(&json!({"properties": {}})), [from, to]);
    let given = json!({
        "reservationId": prorata_wire::azure::reservation_id(ORDER, ITEM), "quantity": 1
    });
    let mut body = json!({"properties": {
        "reservationsToExchange": [given, given, {"reservationId": ITEM.to_string()}, 7],
        "reservationsToPurchase": [body(), {"properties": {"quantity": "x"}}],
    }});
    assert_eq!(
        paths(&body)[..5],
        [
            format!("{from}[2].reservationId"),
            format!("{from}[2].quantity"),
            format!("{from}[3]"),
            format!("{from}[1].reservationId"),
            format!("{to}[1].sku"),
        ]
    );
    body["properties"]["reservationsToExchange"] = json!(vec![given; 101]);
    body["properties"]["reservationsToPurchase"] = json!("none");
    assert_eq!(paths(&body), [from, to]);
    body["properties"]["savingsPlansToPurchase"] = json!([{}]);
    assert!(paths(&body).contains(&"properties.savingsPlansToPurchase[0].sku".to_owned()));
}
