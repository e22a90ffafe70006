//! JSON bodies. What is understood is written as a client writes it, and understood as the same.

use prorata_domain::ids::{OrderId, TenantId};
use prorata_wire::azure::billing_benefits as plans;
use prorata_wire::azure::v2022_11_01::{directory as directories, rearrange as rearranged};
use prorata_wire::azure::v2022_11_01::{exchange as exchanges, purchase as purchases};
use prorata_wire::azure::v2022_11_01::{refund as refunds, update as updates};
use prorata_wire::azure::{Fault, Version, parse_body, parse_order_id};
use serde_json::Value;

const VERSIONS: [&str; 2] = ["2022-11-01", "2022-03-01"];

/// The order that bodies are sent to.
const ORDER: &str = "/providers/Microsoft.Capacity/reservationOrders/\
                     44444444-0000-4000-8000-000000000001";

fn body(bytes: &[u8]) -> Option<Value> {
    match parse_body(bytes) {
        Ok(body) => body,
        Err(fault) => {
            told(std::slice::from_ref(&fault));
            None
        }
    }
}

fn told(faults: &[Fault]) {
    assert!(!faults.is_empty(), "refused without a fault");
    assert!(faults.iter().all(|fault| !fault.code.is_empty() && !fault.message.is_empty()));
}

fn versions() -> impl Iterator<Item = Version> {
    VERSIONS.into_iter().filter_map(Version::parse)
}

fn order() -> OrderId {
    parse_order_id(ORDER).expect("the order of all bodies has an id")
}

pub fn purchase(bytes: &[u8]) {
    let Some(body) = body(bytes) else { return };
    for version in versions() {
        match purchases::parse(&body, version) {
            Err(faults) => told(&faults),
            Ok(request) => {
                let written = purchases::body(&request, version);
                let again = purchases::parse(&written, version);
                assert_eq!(again.as_ref(), Ok(&request), "{written}");
            }
        }
    }
}

pub fn refund(bytes: &[u8]) {
    let Some(body) = body(bytes) else { return };
    match refunds::parse_ask(&body, order()) {
        Err(faults) => told(&faults),
        Ok(ask) => {
            let written = refunds::ask_body(order(), &ask);
            assert_eq!(refunds::parse_ask(&written, order()), Ok(ask), "{written}");
        }
    }
    match refunds::parse_deed(&body, order()) {
        Err(faults) => told(&faults),
        Ok(deed) => {
            let written = refunds::deed_body(order(), &deed);
            assert_eq!(refunds::parse_deed(&written, order()), Ok(deed), "{written}");
        }
    }
}

pub fn exchange(bytes: &[u8]) {
    let Some(body) = body(bytes) else { return };
    for version in versions() {
        match exchanges::parse_ask(&body, version) {
            Err(faults) => told(&faults),
            Ok(ask) => {
                let written = exchanges::ask_body(&ask, version);
                assert_eq!(exchanges::parse_ask(&written, version), Ok(ask), "{written}");
            }
        }
    }
    match exchanges::parse_session(&body) {
        Err(faults) => told(&faults),
        Ok(session) => {
            let written = exchanges::session_body(session);
            assert_eq!(exchanges::parse_session(&written), Ok(session), "{written}");
        }
    }
}

pub fn rearrange(bytes: &[u8]) {
    if let Some((item, revision)) =
        std::str::from_utf8(bytes).ok().and_then(rearranged::parse_result)
    {
        assert_eq!(rearranged::parse_result(&format!("{item}_{revision}")), Some((item, revision)));
    }
    let Some(body) = body(bytes) else { return };
    match rearranged::parse_split(&body, order()) {
        Err(faults) => told(&faults),
        Ok(split) => {
            let written = rearranged::split_body(order(), &split);
            assert_eq!(rearranged::parse_split(&written, order()), Ok(split), "{written}");
        }
    }
    match rearranged::parse_merge(&body, order()) {
        Err(faults) => told(&faults),
        Ok(sources) => {
            let written = rearranged::merge_body(order(), &sources);
            assert_eq!(rearranged::parse_merge(&written, order()), Ok(sources), "{written}");
        }
    }
    if let Err(faults) = directories::parse(&body) {
        told(&faults);
    }
    if let Err(faults) = updates::parse_scopes(&body, TenantId(order().0)) {
        told(&faults);
    }
}

/// The body of PATCH; what it renews as is a purchase request inside it.
pub fn update(bytes: &[u8]) {
    let Some(body) = body(bytes) else { return };
    for version in versions() {
        match updates::parse(&body, version) {
            Err(faults) => told(&faults),
            Ok(request) => {
                let written = updates::body(&request);
                let again = updates::parse(&written, Version::V2022_11_01);
                assert_eq!(again.as_ref(), Ok(&request), "{written}");
            }
        }
    }
}

/// Savings plans: bought, asked about, changed.
pub fn savings_plan(bytes: &[u8]) {
    let Some(body) = body(bytes) else { return };
    match plans::purchase::parse(&body) {
        Err(faults) => told(&faults),
        Ok(request) => {
            let written = plans::purchase::body(&request);
            assert_eq!(plans::purchase::parse(&written).as_ref(), Ok(&request), "{written}");
        }
    }
    let refused = [
        plans::purchase::parse_benefits(&body).err(),
        plans::reservation::parse(&body).err(),
        plans::update::parse(&body).err(),
        plans::update::parse_benefits(&body).err(),
    ];
    for faults in refused.iter().flatten() {
        told(faults);
    }
}
