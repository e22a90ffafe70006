//! The one place where an error of a job becomes an answer.

use crate::arm::{ArmError, Detail};
use axum::http::StatusCode;
use prorata_app::{App, Error};
use prorata_domain::authorization::{Rejection, RejectionKind};
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::policy::Book;
use prorata_wire::azure::Fault;
use prorata_wire::azure::v2022_11_01::refused;
use prorata_wire::explanation;
use serde_json::json;
use uuid::Uuid;

/// Seconds after which trying a busy database again makes sense.
const BUSY_SECONDS: u32 = 1;

/// What a caller is told of an error. `reference` is logged beside the cause that they are not
/// told.
pub(crate) fn of(app: &App, reference: Uuid, error: Error) -> ArmError {
    match error {
        Error::Malformed(found) => faults(
            found
                .into_iter()
                .map(|fault| Fault {
                    code: "BadRequest",
                    message: format!("`{}` {}.", fault.path, fault.message.trim_end_matches('.')),
                    path: fault.path,
                })
                .collect(),
        ),
        Error::Unknown(why) => ArmError::new(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            format!("The caller is not known: {why}."),
        ),
        Error::Denied { client, principal, action, scope, remedies } => {
            let helps: Vec<String> = remedies.iter().map(ToString::to_string).collect();
            let helps = match helps.is_empty() {
                true => "No role helps here".to_owned(),
                false => format!("What would help: {}", helps.join(", and ")),
            };
            ArmError::forbidden(format!(
                "The client '{client}' with object id '{principal}' does not have authorization \
                 to perform action '{}' over scope '{scope}'. {helps}; if access was granted just \
                 now, sign in again.",
                action.provider_name()
            ))
        }
        Error::SecondFactorAsked { action } => ArmError::forbidden(format!(
            "Your tenant asks for a second factor before '{}'. Set one up on the page of your \
             account, and sign in with it.",
            action.provider_name()
        )),
        Error::Absent { what, code } => ArmError::not_found(
            code,
            format!("There is no {what}, or none that you may see. Check the id and the tenant."),
        ),
        Error::KeyReused { what, code } => ArmError::conflict(
            code,
            format!("The {what} was used before with other content. Ask for a new one."),
        ),
        Error::Rejected(rejection) => rejected(rejection),
        Error::TooMuch(what) => {
            ArmError::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", what)
        }
        Error::Busy(why) => {
            tracing::warn!(%reference, why, "busy");
            ArmError::busy(
                "The server is busy and did not carry the request out. Send it again; that is \
                 safe.",
                BUSY_SECONDS,
            )
        }
        Error::Disk(why) => {
            tracing::error!(%reference, why, "the disk is full or fails");
            ArmError::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "InsufficientStorage",
                "The disk of the database is full, or does not work. Nothing of this request was \
                 kept, and what was answered before is safe. Send it again once the operator has \
                 mended it.",
            )
        }
        Error::Refused(refused) => refusal(&app.book, &refused.refusal, &refused.findings),
        Error::Broken(why) => {
            tracing::error!(%reference, why, "a request failed");
            ArmError::internal(reference)
        }
    }
}

/// A role that cannot be given, taken or made as things are.
fn rejected(rejection: Rejection) -> ArmError {
    let status = match rejection.kind {
        RejectionKind::Invalid => StatusCode::BAD_REQUEST,
        RejectionKind::Absent => StatusCode::NOT_FOUND,
        RejectionKind::Conflict => StatusCode::CONFLICT,
    };
    ArmError::new(status, rejection.code, rejection.message).with_target(rejection.target)
}

/// 400 with every fault of a request. A single fault gives its own code and target; several share
/// theirs, or are a bad request together.
pub(crate) fn faults(mut faults: Vec<Fault>) -> ArmError {
    if faults.len() == 1 {
        let fault = faults.remove(0);
        let error = ArmError::bad_request(fault.code, fault.message);
        return if fault.path.is_empty() { error } else { error.with_target(fault.path) };
    }
    let first = faults.first().map_or("BadRequest", |fault| fault.code);
    let shared = faults.iter().all(|fault| fault.code == first);
    let paths: Vec<String> = faults.iter().map(|fault| format!("`{}`", fault.path)).collect();
    let message = format!(
        "The request has {} faults, at {}. The details say how to mend each.",
        faults.len(),
        paths.join(", ")
    );
    let mut error = ArmError::bad_request(if shared { first } else { "BadRequest" }, message);
    error.details = faults
        .into_iter()
        .map(|fault| Detail {
            code: fault.code.into(),
            message: fault.message,
            target: Some(fault.path).filter(|path| !path.is_empty()),
        })
        .collect();
    error
}

/// A refusal as an error: its code, the reason with what would help, each clause that was not met,
/// and the whole explanation as additional information.
pub(crate) fn refusal(book: &Book, refusal: &Refusal, findings: &[Finding]) -> ArmError {
    let message = refused::message(refusal);
    let mut error = ArmError::new(status(&refusal.code), refusal.code.clone(), message)
        .with_target(refusal.clause.as_str());
    error.details = refused::unmet(book, findings)
        .into_iter()
        .map(|unmet| Detail {
            // The refusal may say more closely than its clause what is wrong.
            code: if unmet.target == refusal.clause.as_str() {
                refusal.code.clone()
            } else {
                unmet.code.into()
            },
            message: unmet.message,
            target: Some(unmet.target),
        })
        .collect();
    error.with_info("Explanation", json!(explanation::refused(book, refusal, findings)))
}

/// The status that goes with a code of the protocol.
fn status(code: &str) -> StatusCode {
    match code {
        "OperationCannotBePerformedInCurrentState"
        | "ReservationOrderIdAlreadyExists"
        | "FulfillmentOutOfStockError" => StatusCode::CONFLICT,
        "Forbidden" | "AuthorizationFailed" => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    }
}
