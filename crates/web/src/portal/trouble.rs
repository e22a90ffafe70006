//! What went wrong, in words for whoever reads a page.

use super::language::{say, say_with};
use super::words::{self, Said};
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
    pub heading: Said,
    pub what: String,
    /// Whether that is as the desk recorded it, in English, and not of the catalog.
    pub recorded: bool,
    pub advice: Vec<Said>,
    pub reference: Option<String>,
}

impl Told {
    fn new(status: StatusCode, heading: &str, what: impl Into<String>, advice: &[&str]) -> Told {
        Told {
            status,
            heading: say(heading),
            what: what.into(),
            recorded: false,
            advice: advice.iter().map(|step| say(step)).collect(),
            reference: None,
        }
    }

    fn recorded(status: StatusCode, heading: &str, what: &str, advice: &[&str]) -> Told {
        Told {
            recorded: true,
            ..Told::new(status, heading, words::sentence(&what.replace('`', "")), advice)
        }
    }
}

/// An error in words, with what to do about it.
pub fn tell(error: &Error) -> Told {
    match error {
        Error::Malformed(faults) => {
            let faults: Vec<String> =
                faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect();
            let status = StatusCode::BAD_REQUEST;
            Told::recorded(status, "error-malformed", &faults.join("; "), &["error-malformed-do"])
        }
        Error::Unknown(_) => {
            let (status, what) = (StatusCode::FORBIDDEN, error.to_string());
            Told::recorded(status, "error-unknown", &what, &["error-unknown-do"])
        }
        Error::Denied { action, scope, .. } => {
            let values =
                [("to", in_words(*action).into()), ("place", scope.as_str().to_owned().into())];
            let what = say_with("error-denied-what", values);
            Told::new(StatusCode::FORBIDDEN, "error-denied", what, &["error-denied-do"])
        }
        Error::SecondFactorAsked { action } => {
            let what = say_with("error-second-factor-what", [("to", in_words(*action).into())]);
            let advice = ["error-second-factor-set-up", "error-second-factor-sign-in"];
            Told::new(StatusCode::FORBIDDEN, "error-second-factor", what, &advice)
        }
        Error::Absent { what, .. } => {
            let what = say_with("error-absent-what", [("what", what.replace('`', "").into())]);
            let advice = ["error-absent-look", "error-absent-ask"];
            Told::new(StatusCode::NOT_FOUND, "error-absent", what, &advice)
        }
        Error::KeyReused { what, .. } => {
            let what = words::capital(&what.replace('`', ""));
            let what = say_with("error-key-reused-what", [("what", what.into())]);
            let advice = ["error-key-reused-look", "error-key-reused-do"];
            Told::new(StatusCode::CONFLICT, "error-key-reused", what, &advice)
        }
        Error::TooMuch(_) => {
            let (status, what) = (StatusCode::BAD_REQUEST, error.to_string());
            Told::recorded(status, "error-too-much", &what, &["error-too-much-do"])
        }
        Error::Busy(_) | Error::Disk(_) => {
            let what = words::sentence(&error.to_string());
            let what = format!("{what} {}", say("error-busy-nothing"));
            Told::new(StatusCode::SERVICE_UNAVAILABLE, "error-busy", what, &["error-busy-do"])
        }
        Error::Rejected(rejection) => {
            let (status, what) = (StatusCode::CONFLICT, &rejection.message);
            Told::recorded(status, "error-rejected", what, &["error-rejected-do"])
        }
        Error::Refused(refused) => {
            let (status, what) = (StatusCode::CONFLICT, words::reason(&refused.refusal));
            Told::recorded(status, "error-refused", &what, &["error-refused-do"])
        }
        Error::Broken(chain) => broken(chain),
    }
}

/// What somebody wants to do, as it follows "is allowed".
pub fn in_words(action: Action) -> Said {
    say(&format!("to-{}", action.as_str()))
}

/// The operator sees the whole chain of causes, the reader a reference to it.
fn broken(chain: &str) -> Told {
    let reference = identity::new_correlation().to_string();
    tracing::error!(%reference, chain, "a page failed");
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    let advice = ["error-broken-again", "error-broken-tell"];
    let told = Told::new(status, "error-broken", say("error-broken-what"), &advice);
    Told { reference: Some(reference), ..told }
}
