//! What the server's answers say: failures, refusals, and explanations beside them.

use crate::failure::{Failure, Kind};
use prorata_wire::explanation::Explanation;
use serde_json::Value;
use ureq::http::StatusCode;

/// The failure that an answer tells of.
pub fn failure(status: StatusCode, body: &Value) -> Failure {
    let error = &body["error"];
    let message = error["message"].as_str().or(error["error_description"].as_str());
    let message = message
        .map_or_else(|| format!("the server answered {status} and nothing else"), str::to_owned);
    let detail = |row: &Value| {
        let says = row["message"].as_str()?;
        Some(match row["target"].as_str() {
            Some(target) => format!("{target}: {says}"),
            None => says.to_owned(),
        })
    };
    let details: Vec<String> =
        error["details"].as_array().into_iter().flatten().filter_map(detail).collect();
    Failure {
        kind: if explanation_of(body).is_some() { Kind::Refused } else { Kind::Failed },
        code: error["code"].as_str().map(str::to_owned),
        message,
        details,
        hint: hint(status),
    }
}

fn hint(status: StatusCode) -> Option<String> {
    let says = match status {
        StatusCode::UNAUTHORIZED => "sign in again; check the tenant, the client id and its secret",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            "wait a moment and ask again"
        }
        _ => return None,
    };
    Some(says.to_owned())
}

/// The explanation of an answer, or of the error in it.
pub fn explanation_of(body: &Value) -> Option<Explanation> {
    let read = |value: &Value| serde_json::from_value(value.clone()).ok();
    if let Some(found) = read(&body["explanation"]) {
        return Some(found);
    }
    let infos = body["error"]["additionalInfo"].as_array()?;
    infos.iter().find_map(|info| read(&info["info"]).or_else(|| read(&info["info"]["explanation"])))
}

/// The refusal that a quote carries in itself: its policy errors, where it has any.
pub fn policy_refusal(body: &Value) -> Option<Failure> {
    let result = &body["properties"]["policyResult"];
    let errors = result["properties"]["policyErrors"].as_array();
    let errors = errors.or(result["policyErrors"].as_array())?;
    let (first, rest) = errors.split_first()?;
    Some(Failure {
        kind: Kind::Refused,
        code: first["code"].as_str().map(str::to_owned),
        message: first["message"].as_str().unwrap_or("a rule says no").to_owned(),
        details: rest
            .iter()
            .filter_map(|error| error["message"].as_str())
            .map(str::to_owned)
            .collect(),
        hint: None,
    })
}

/// The failure that an operation ended in, where it did.
pub fn operation_failure(body: &Value) -> Option<Failure> {
    (body["status"].as_str() == Some("Failed"))
        .then(|| Failure { kind: Kind::Refused, ..failure(StatusCode::OK, body) })
}
