//! What clients walk before they ask for a reservation: the cloud's endpoints, subscriptions,
//! tenants, locations, resource groups.

use crate::desk::{Answer, Desk, ELSEWHERE, HOST, OTHER_TENANT, POUNDS, SUBSCRIPTION, TENANT};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

const NOW: &str = "2023-03-04T04:17:25Z";

async fn open(desk: &Desk, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    desk.send(request.body(Body::empty()).unwrap()).await
}

async fn walk(desk: &Desk, who: &str, path: &str, version: &str) -> Answer {
    let uri = format!("{path}?api-version={version}");
    let request = Request::builder()
        .uri(uri)
        .header("host", HOST)
        .header("x-forwarded-proto", "https")
        .header("authorization", format!("Bearer {}", desk.token(who)));
    desk.send(request.body(Body::empty()).unwrap()).await
}

fn ids<'a>(answer: &'a Answer, member: &str) -> Vec<&'a str> {
    let rows = answer.ok(200)["value"].as_array().unwrap();
    rows.iter().map(|row| row[member].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_cloud_is_described_in_the_form_of_the_version() {
    let desk = Desk::at(NOW).await;
    let base = format!("https://{HOST}");
    let headers = [("host", HOST), ("x-forwarded-proto", "https")];
    let at = |version: &str| format!("/metadata/endpoints?api-version={version}");

    let one = open(&desk, &at("2022-09-01"), &headers).await;
    let expected = json!({
        "name": "Prorata",
        "portal": base,
        "resourceManager": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base, format!("{base}/")],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {},
    });
    assert_eq!(one.ok(200), &expected);
    for version in ["2019-05-01", "2020-06-01"] {
        let list = open(&desk, &at(version), &headers).await;
        assert_eq!(list.ok(200), &json!([expected]), "{version}");
    }
    for version in ["2015-01-01", "2018-05-01"] {
        let flat = open(&desk, &at(version), &headers).await;
        assert_eq!(flat.ok(200)["authentication"]["loginEndpoint"], base, "{version}");
        assert_eq!(flat.body["portalEndpoint"], base, "{version}");
    }

    let proxied = [
        ("host", "10.0.0.1:8080"),
        ("x-forwarded-host", "cloud.example"),
        ("x-forwarded-proto", "https"),
    ];
    let outside = open(&desk, &at("2022-09-01"), &proxied).await;
    assert_eq!(outside.ok(200)["resourceManager"], "https://cloud.example");

    let none = open(&desk, "/metadata/endpoints", &headers).await;
    assert_eq!(none.code(400), "MissingApiVersionParameter");
    assert_eq!(
        open(&desk, &at("2014-01-01"), &headers).await.code(400),
        "InvalidApiVersionParameter"
    );
}

#[tokio::test]
async fn a_caller_finds_the_subscriptions_of_their_tenant_and_no_others() {
    let desk = Desk::at(NOW).await;
    let ours = walk(&desk, "owner", "/subscriptions", "2022-12-01").await;
    assert_eq!(ids(&ours, "subscriptionId"), [SUBSCRIPTION, POUNDS]);
    assert_eq!(
        ours.body["value"][0],
        json!({
            "id": format!("/subscriptions/{SUBSCRIPTION}"),
            "subscriptionId": SUBSCRIPTION,
            "tenantId": TENANT,
            "displayName": "s",
            "state": "Enabled",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionPolicies": {"spendingLimit": "Off"},
        })
    );
    let old = walk(&desk, "reader", "/subscriptions", "2016-06-01").await;
    assert_eq!(old.ok(200)["value"][0]["tenantId"], Value::Null);
    let theirs = walk(&desk, "stranger", "/subscriptions", "2019-11-01").await;
    assert_eq!(ids(&theirs, "subscriptionId"), [ELSEWHERE]);
    assert_eq!(theirs.body["value"][0]["tenantId"], OTHER_TENANT);
    let none = walk(&desk, "nobody", "/subscriptions", "2022-12-01").await;
    assert_eq!(none.ok(200)["value"], json!([]));

    for who in ["owner", "nobody"] {
        for path in ["", "/locations", "/resourceGroups", "/resourcegroups/rg-1"] {
            let path = format!("/subscriptions/{ELSEWHERE}{path}");
            let answer = walk(&desk, who, &path, "2018-05-01").await;
            let answer = if answer.status == 400 {
                walk(&desk, who, &path, "2022-12-01").await
            } else {
                answer
            };
            assert_eq!(answer.code(404), "SubscriptionNotFound", "{who} {path}");
        }
    }
    let bad = walk(&desk, "owner", "/subscriptions/x", "2022-12-01").await;
    assert_eq!(bad.code(400), "InvalidSubscriptionId");
    let token = open(&desk, "/subscriptions?api-version=2022-12-01", &[("host", HOST)]).await;
    assert_eq!(token.code(401), "AuthenticationFailed");
}

#[tokio::test]
async fn a_subscription_has_locations_and_resource_groups() {
    let desk = Desk::at(NOW).await;
    let at = format!("/subscriptions/{}", SUBSCRIPTION.to_uppercase());
    let one = walk(&desk, "owner", &at, "2022-12-01").await;
    assert_eq!(one.ok(200)["subscriptionId"], SUBSCRIPTION);

    let found = walk(&desk, "owner", &format!("{at}/locations"), "2022-12-01").await;
    let west = found.ok(200)["value"].as_array().unwrap();
    let west = west.iter().find(|row| row["name"] == "westus").unwrap();
    assert_eq!(west["displayName"], "West US");
    assert_eq!(west["id"], format!("/subscriptions/{SUBSCRIPTION}/locations/westus"));

    let groups = walk(&desk, "owner", &format!("{at}/resourcegroups"), "2021-04-01").await;
    assert_eq!(ids(&groups, "name"), ["rg-1"]);
    let group = walk(&desk, "owner", &format!("{at}/resourceGroups/RG-1"), "2021-04-01").await;
    let id = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-1");
    assert_eq!(group.ok(200)["id"], id);
    let none = walk(&desk, "owner", &format!("{at}/resourceGroups/rg-2"), "2021-04-01").await;
    assert_eq!(none.code(404), "ResourceGroupNotFound");
}

#[tokio::test]
async fn the_only_tenant_that_is_listed_is_ones_own() {
    let desk = Desk::at(NOW).await;
    let ours = walk(&desk, "nobody", "/tenants", "2022-12-01").await;
    assert_eq!(ids(&ours, "tenantId"), [TENANT]);
    assert_eq!(ours.body["value"][0]["displayName"], "ours");
    let theirs = walk(&desk, "stranger", "/tenants", "2016-06-01").await;
    let id = format!("/tenants/{OTHER_TENANT}");
    assert_eq!(theirs.ok(200)["value"], json!([{"id": id, "tenantId": OTHER_TENANT}]));
}

#[tokio::test]
async fn subscriptions_come_in_pages() {
    let desk = Desk::at(NOW).await;
    let rows: Vec<Value> = (0..400)
        .map(|number| {
            let id = format!("22222222-0000-4000-9000-{number:012}");
            json!({"id": id, "tenantId": TENANT, "billingAccount": "100", "name": "many"})
        })
        .collect();
    let world = json!({ "subscriptions": rows }).to_string();
    let applied = Request::builder()
        .method(Method::POST)
        .uri("/sandbox/world")
        .header("host", HOST)
        .body(Body::from(world))
        .unwrap();
    desk.send(applied).await.ok(200);
    let first = walk(&desk, "owner", "/subscriptions", "2022-12-01").await;
    let link = first.ok(200)["nextLink"].as_str().unwrap().to_owned();
    assert!(link.contains("api-version=2022-12-01"), "{link}");
    let second = desk.follow(&link).await;
    assert!(second.ok(200)["nextLink"].is_null());
    let mut all = ids(&first, "subscriptionId");
    all.extend(ids(&second, "subscriptionId"));
    assert_eq!(all.len(), 402);
    all.dedup();
    assert_eq!(all.len(), 402);
    let mark = walk(&desk, "owner", "/subscriptions", "2022-12-01&$skiptoken=x").await;
    assert_eq!(mark.code(400), "BadRequest");
}

#[tokio::test]
async fn providers_are_what_is_served_and_registered() {
    let desk = Desk::at(NOW).await;
    let at = format!("/subscriptions/{SUBSCRIPTION}/providers");
    let listed = walk(&desk, "owner", &at, "2021-04-01").await;
    let rows = listed.ok(200)["value"].as_array().unwrap();
    let capacity = rows.iter().find(|row| row["namespace"] == "Microsoft.Capacity").unwrap();
    assert_eq!(capacity["registrationState"], "Registered");
    let types = capacity["resourceTypes"].as_array().unwrap();
    let named = |name: &str| types.iter().find(|row| row["resourceType"] == name);
    let versions = named("reservationOrders").unwrap()["apiVersions"].as_array().unwrap();
    assert_eq!((versions.len(), &versions[0]), (8, &json!("2022-11-01")));
    assert!(named("reservationOrders/reservations").is_some());
    assert!(named("reservationOrders/calculateRefund").is_some());
    assert!(named("boats").is_none());

    let one = walk(&desk, "owner", &format!("{at}/microsoft.capacity"), "2021-04-01").await;
    assert_eq!(one.ok(200), capacity);
    let path = format!("{at}/Microsoft.Capacity/register");
    let done = desk.call("owner", Method::POST, &path, "2016-02-01", None).await;
    assert_eq!(done.ok(200)["registrationState"], "Registered");
    let none = walk(&desk, "owner", &format!("{at}/Microsoft.Nothing"), "2021-04-01").await;
    assert_eq!(none.code(404), "InvalidResourceNamespace");
    let path = format!("/subscriptions/{ELSEWHERE}/providers/Microsoft.Capacity");
    let theirs = walk(&desk, "owner", &path, "2021-04-01").await;
    assert_eq!(theirs.code(404), "SubscriptionNotFound");
    let tenant = walk(&desk, "nobody", "/providers", "2021-04-01").await;
    assert!(ids(&tenant, "namespace").contains(&"Microsoft.Capacity"));
}

#[tokio::test]
async fn service_limits_are_another_product() {
    let desk = Desk::at(NOW).await;
    let at = format!(
        "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Capacity/resourceProviders/\
         Microsoft.Compute/locations/westus"
    );
    for (method, path) in [
        (Method::GET, "serviceLimits"),
        (Method::GET, "serviceLimits/standardFSv2Family"),
        (Method::PUT, "serviceLimits/standardFSv2Family"),
        (Method::PATCH, "serviceLimits/standardFSv2Family"),
        (Method::GET, "serviceLimitsRequests"),
    ] {
        let path = format!("{at}/{path}");
        let body = json!({});
        let answer = desk.call("owner", method, &path, "2020-10-25", Some(&body)).await;
        assert_eq!(answer.code(404), "ServiceLimitsNotServed", "{path}");
        assert!(answer.message().contains("another product"));
    }
}

/// A tree of three groups, with a subscription in the lowest; the other tenant has one of its own.
async fn with_groups() -> Desk {
    let desk = Desk::at(NOW).await;
    let group = |tenant: &str, id: &str, parent: Option<&str>| {
        let mut row = json!({"tenantId": tenant, "id": id, "name": format!("the {id}")});
        if let Some(parent) = parent {
            row["parent"] = json!(parent);
        }
        row
    };
    let world = json!({
        "managementGroups": [
            group(TENANT, "top", None),
            group(TENANT, "middle", Some("top")),
            group(TENANT, "low", Some("middle")),
            group(OTHER_TENANT, "theirs", None),
        ],
        "subscriptions": [{
            "id": SUBSCRIPTION, "tenantId": TENANT, "billingAccount": "100", "name": "s",
            "managementGroup": "low",
        }],
    });
    let applied = Request::builder()
        .method(Method::POST)
        .uri("/sandbox/world")
        .header("host", HOST)
        .body(Body::from(world.to_string()))
        .unwrap();
    desk.send(applied).await.ok(200);
    desk
}

#[tokio::test]
async fn the_tree_of_management_groups_is_walked_for_scopes() {
    let desk = with_groups().await;
    let at = "/providers/Microsoft.Management";
    let listed = walk(&desk, "owner", &format!("{at}/managementGroups"), "2020-05-01").await;
    assert_eq!(ids(&listed, "name"), ["low", "middle", "top"]);

    let path = format!("{at}/managementGroups/TOP");
    let get = |query: &str| {
        let path = format!("{path}?{query}");
        let desk = &desk;
        async move { desk.call("owner", Method::GET, &path, "2020-05-01", None).await }
    };
    let one = get("").await;
    assert_eq!(one.ok(200)["properties"]["displayName"], "the top");
    assert!(one.body["properties"].get("children").is_none());
    let shallow = get("$expand=children").await;
    let child = &shallow.ok(200)["properties"]["children"][0];
    assert_eq!((&child["name"], child.get("children")), (&json!("middle"), None));
    let deep = get("$expand=children&$recurse=true").await;
    let low = &deep.ok(200)["properties"]["children"][0]["children"][0];
    assert_eq!(low["children"][0]["id"], format!("/subscriptions/{SUBSCRIPTION}"));
    let path = format!("{at}/managementGroups/middle");
    let middle = walk(&desk, "owner", &path, "2020-05-01").await;
    assert_eq!(middle.ok(200)["properties"]["details"]["parent"]["name"], "top");

    let path = format!("{at}/managementGroups/top/descendants");
    let below = walk(&desk, "owner", &path, "2020-05-01").await;
    assert_eq!(ids(&below, "name"), ["middle", "low", SUBSCRIPTION]);
    let path = format!("{path}?$top=2");
    let first = desk.call("owner", Method::GET, &path, "2020-05-01", None).await;
    assert_eq!(ids(&first, "name"), ["middle", "low"]);
    let rest = desk.follow(first.body["nextLink"].as_str().unwrap()).await;
    assert_eq!(ids(&rest, "name"), [SUBSCRIPTION]);

    let path = format!("{at}/getEntities");
    let all = desk.call("owner", Method::POST, &path, "2020-05-01", None).await;
    assert_eq!(ids(&all, "name"), ["low", "middle", "top", SUBSCRIPTION]);
    let chain = &all.body["value"][3]["properties"]["parentNameChain"];
    assert_eq!(chain, &json!(["top", "middle", "low"]));
}

#[tokio::test]
async fn management_groups_of_another_tenant_or_without_a_role_do_not_exist() {
    let desk = with_groups().await;
    let at = "/providers/Microsoft.Management/managementGroups";
    let theirs = walk(&desk, "stranger", at, "2020-05-01").await;
    assert_eq!(ids(&theirs, "name"), ["theirs"]);
    let none = walk(&desk, "nobody", at, "2020-05-01").await;
    assert_eq!(none.ok(200)["value"], json!([]));
    for (who, group) in [("owner", "theirs"), ("stranger", "top"), ("nobody", "top")] {
        for below in ["", "/descendants"] {
            let path = format!("{at}/{group}{below}");
            let answer = walk(&desk, who, &path, "2020-05-01").await;
            assert_eq!(answer.code(404), "NotFound", "{who} {group}");
        }
    }
}
