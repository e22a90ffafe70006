//! Usage that is paid from pre-purchase plans: a contract of our own.

use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::member::Member;
use crate::explanation;
use jiff::Timestamp;
use prorata_domain::Decision;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::drain::{Plan, Request};
use prorata_domain::policy::Book;
use serde::Serialize;
use serde_json::{Value, json};

/// Characters of a usage id.
const USAGE_ID_MAX: usize = 128;

/// What a plan holds, in commit units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Balance {
    pub bought: CommitUnits,
    pub drained: CommitUnits,
    pub left: CommitUnits,
}

/// Usage as it was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    pub usage_id: String,
    pub used_at: String,
    pub recorded_at: String,
    pub commit_units: CommitUnits,
    pub covered: CommitUnits,
    pub overage: CommitUnits,
}

/// Reads the body of a drain.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Request, Vec<Fault>> {
    let mut faults = Faults::default();
    let request = read(body, &mut faults);
    faults.finish(request)
}

fn read(body: &Value, faults: &mut Faults) -> Option<Request> {
    let wants = "an object with `usageId`, `usedAt` and `commitUnits`";
    let root = Member::root(body).object(faults, wants)?;
    let usage_id = root.get("usageId").read(
        faults,
        BAD_REQUEST,
        "a text of 1 to 128 visible characters of your choosing",
        usage_id,
    );
    let used_at = root.get("usedAt").read(
        faults,
        BAD_REQUEST,
        "an instant such as `2026-03-02T12:00:00Z`",
        |text| text.parse::<Timestamp>().ok(),
    );
    let units = root.get("commitUnits").read(
        faults,
        BAD_REQUEST,
        "a number in quotes with at most six decimals, such as `\"12.5\"`",
        CommitUnits::parse,
    );
    Some(Request { usage_id: usage_id?, used_at: used_at?, units: units? })
}

fn usage_id(text: &str) -> Option<String> {
    let fits = (1..=USAGE_ID_MAX).contains(&text.chars().count());
    (fits && text.chars().all(|it| it.is_ascii_graphic())).then(|| text.to_owned())
}

/// The body of a drain, as a client sends it.
pub fn body(request: &Request) -> Value {
    json!({
        "usageId": request.usage_id,
        "usedAt": request.used_at.to_string(),
        "commitUnits": request.units,
    })
}

/// The answer to a drain; the explanation is of the first time that the usage was sent.
pub fn drained(
    book: &Book,
    usage: &Usage,
    balance: &Balance,
    decision: Option<&Decision<Plan>>,
) -> Value {
    let mut shown = json!({ "usage": usage, "commitUnits": balance });
    if let Some(decision) = decision {
        shown["explanation"] = json!(explanation::render(book, decision));
    }
    shown
}

/// A page of what was paid from a plan.
pub fn page(usage: &[Usage], balance: &Balance, next_link: Option<String>) -> Value {
    let mut shown = json!({ "value": usage, "commitUnits": balance });
    if let Some(link) = next_link {
        shown["nextLink"] = json!(link);
    }
    shown
}
