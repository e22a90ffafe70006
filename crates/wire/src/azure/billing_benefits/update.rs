//! Changes of a savings plan.

use super::purchase;
use crate::azure::Version;
use crate::azure::fault::{Fault, Faults};
use crate::azure::member::Member;
use crate::azure::v2022_11_01::limits::DISPLAY_NAME_CHARS_MAX;
use crate::azure::v2022_11_01::scope;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::savings_plan::purchase::Request;
use serde_json::Value;

/// What is to be changed; what is nothing stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    pub display_name: Option<String>,
    pub applied_scope: Option<AppliedScope>,
    pub renew: Option<bool>,
    pub renewal: Option<Request>,
}

/// Reads the body of an update.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Change, Vec<Fault>> {
    let mut faults = Faults::default();
    let change = Member::root(body)
        .object(&mut faults, "an object with `properties`")
        .and_then(|root| root.get("properties").object(&mut faults, "an object with what changes"))
        .and_then(|properties| read(&properties, &mut faults));
    faults.finish(change)
}

/// Reads the body of `validate` of a plan: each change, or what is wrong with it.
///
/// # Errors
/// The faults of the list as a whole.
pub fn parse_benefits(body: &Value) -> Result<Vec<Result<Change, Vec<Fault>>>, Vec<Fault>> {
    purchase::benefits(body, |item| {
        let mut faults = Faults::default();
        let change = item
            .object(&mut faults, "an object with what changes")
            .and_then(|properties| read(&properties, &mut faults));
        faults.finish(change)
    })
}

fn read(properties: &Member<'_>, faults: &mut Faults) -> Option<Change> {
    let display_name = properties.get("displayName").optional_text(
        faults,
        "a name to show",
        DISPLAY_NAME_CHARS_MAX,
    );
    let scoped = ["appliedScopeType", "appliedScopeProperties", "appliedScopes"]
        .iter()
        .any(|name| properties.get(name).is_given());
    let applied_scope =
        if scoped { Some(scope::read(properties, Version::V2022_11_01, faults)?) } else { None };
    let renew = properties.get("renew");
    let renew = renew.is_given().then(|| renew.flag(faults));
    let wanted = "an object with `purchaseProperties`";
    let renewal = properties.get("renewProperties").optional_object(faults, wanted);
    let renewal = renewal.get("purchaseProperties");
    let renewal = if renewal.is_given() { Some(purchase::read(&renewal, faults)?) } else { None };
    Some(Change { display_name: display_name.map(str::to_owned), applied_scope, renew, renewal })
}
