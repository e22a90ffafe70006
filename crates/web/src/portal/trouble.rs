//! What went wrong, in words for whoever reads a page.

use super::words;
use axum::http::StatusCode;
use prorata_app::{Error, identity};
use prorata_domain::access::Action;

/// An error's status and sentence, for a page that has a place of its own for them.
pub fn said(error: &Error) -> (StatusCode, String) {
    let told = tell(error);
    (told.status, told.what)
}

/// What an error page says.
pub struct Told {
    pub status: StatusCode,
    pub heading: &'static str,
    pub what: String,
    pub advice: Vec<String>,
    pub reference: Option<String>,
}

/// An error in words, with what to do about it.
pub fn tell(error: &Error) -> Told {
    let told = |status, heading, what: String, advice: &[&str]| Told {
        status,
        heading,
        what: words::sentence(&what),
        advice: advice.iter().map(|&step| step.to_owned()).collect(),
        reference: None,
    };
    match error {
        Error::Malformed(faults) => {
            let faults: Vec<String> =
                faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect();
            told(
                StatusCode::BAD_REQUEST,
                "The request could not be read",
                faults.join("; "),
                &["Go back, correct it, and send it again."],
            )
        }
        Error::Unknown(_) => told(
            StatusCode::FORBIDDEN,
            "You are not signed in",
            error.to_string(),
            &["Sign in again."],
        ),
        Error::Denied { action, scope, .. } => told(
            StatusCode::FORBIDDEN,
            "You may not do this",
            format!("your roles do not allow you {} at {scope}", in_words(*action)),
            &["Ask an owner of the reservation order, or an administrator of the tenant, for a \
               role that does."],
        ),
        Error::SecondFactorAsked { action } => told(
            StatusCode::FORBIDDEN,
            "A second factor is asked for",
            format!(
                "your tenant asks for a second factor before you are allowed {}",
                in_words(*action)
            ),
            &[
                "Set one up on the page of your account, which is behind your name above.",
                "Sign out, and sign in with it.",
            ],
        ),
        Error::Absent { what, .. } => told(
            StatusCode::NOT_FOUND,
            "This is not there",
            format!("there is no {} that you may see", what.replace('`', "")),
            &[
                "Check the address for a typing error.",
                "If you expected to see it, ask for a role on its reservation order.",
            ],
        ),
        Error::KeyReused { .. } => told(
            StatusCode::CONFLICT,
            "This was done already",
            format!("{}; nothing was done now", error.to_string().replace('`', "")),
            &["Look at the list of reservations for what was done.", "Ask for a new quote."],
        ),
        Error::TooMuch(_) => told(
            StatusCode::BAD_REQUEST,
            "This is too much at once",
            error.to_string(),
            &["Do it in smaller parts."],
        ),
        Error::Busy(_) | Error::Disk(_) => told(
            StatusCode::SERVICE_UNAVAILABLE,
            "Not now",
            format!("{error}; nothing was done"),
            &["Wait a moment, and send it again."],
        ),
        Error::Rejected(rejection) => told(
            StatusCode::CONFLICT,
            "This cannot be done as things are",
            rejection.message.replace('`', ""),
            &["Look at who has access there now."],
        ),
        Error::Refused(refused) => told(
            StatusCode::CONFLICT,
            "This was refused",
            words::reason(&refused.refusal),
            &["Ask for a new quote."],
        ),
        Error::Broken(chain) => broken(chain),
    }
}

/// What somebody wants to do, as it follows "is allowed".
pub fn in_words(action: Action) -> &'static str {
    match action {
        Action::Read => "to look",
        Action::Catalog => "to see the catalog",
        Action::Buy => "to buy",
        Action::Manage => "to change reservations",
        Action::Renew => "to change what happens at the end of the term",
        Action::Return => "to return reservations",
        Action::Exchange => "to exchange reservations",
        Action::TradeIn => "to trade reservations in",
        Action::ChangeDirectory => "to move orders to another tenant",
        Action::ReadSavingsPlan => "to look at savings plans",
        Action::BuySavingsPlan => "to buy savings plans",
        Action::ManageSavingsPlan => "to change savings plans",
        Action::ReadAssignments => "to see who has which role",
        Action::Assign => "to give roles",
        Action::Unassign => "to take roles away",
        Action::ReadRoles => "to see the roles",
        Action::DefineRole => "to define roles",
        Action::DeleteRole => "to delete roles",
        Action::ReadSubscription => "to see subscriptions",
        Action::ReadManagementGroup => "to see management groups",
        Action::OpenTicket => "to open support requests",
        Action::ReadTicket => "to see support requests",
        Action::ReadActivity => "to see the activity log",
    }
}

/// The operator sees the whole chain of causes, the reader a reference to it.
fn broken(chain: &str) -> Told {
    let reference = identity::new_correlation().to_string();
    tracing::error!(%reference, chain, "a page failed");
    Told {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        heading: "Something is wrong on our side",
        what: "The page could not be made. Nothing was changed.".to_owned(),
        advice: vec![
            "Try again in a moment.".to_owned(),
            "If it stays like this, tell the operator the reference below.".to_owned(),
        ],
        reference: Some(reference),
    }
}
