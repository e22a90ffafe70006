//! What can go wrong in a job. A refusal is an answer, and comes with its explanation.

use crate::Call;
use crate::operations::Kind;
use prorata_domain::access::{Action, Remedy, Scope};
use prorata_domain::authorization::Rejection;
use prorata_domain::decision::{Finding, Impossible, Refusal};
use prorata_store::StoreError;

/// Something wrong with one field of a request: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The path of the field, such as `properties.quantity`.
    pub path: String,
    pub message: String,
}

impl Fault {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { path: path.into(), message: message.into() }
    }
}

/// A request that was understood and refused: why, and everything that was looked at.
#[derive(Debug, Clone)]
pub struct Refused {
    pub refusal: Refusal,
    pub findings: Vec<Finding>,
    /// The deed that was attempted; refused deeds are audited, refused quotes are not.
    pub(crate) attempt: Option<Attempt>,
}

/// Who attempted what.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub call: Call,
    pub kind: Kind,
    pub target: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request does not parse; every fault of it.
    #[error("the request has {} faults, first `{}`: {}", .0.len(), .0[0].path, .0[0].message)]
    Malformed(Vec<Fault>),
    /// No credentials, or bad ones.
    #[error("the caller is not known: {0}")]
    Unknown(String),
    /// May see it, may not do it.
    #[error("not allowed to {} at `{scope}`", action.provider_name())]
    Denied {
        client: String,
        principal: String,
        action: Action,
        scope: Scope,
        /// The smallest changes that would let them, all of them together; empty where nothing
        /// does.
        remedies: Vec<Remedy>,
    },
    /// They may, but their tenant asks for a second factor first, and this session has none.
    #[error("the tenant asks for a second factor before {}", action.provider_name())]
    SecondFactorAsked { action: Action },
    /// Not there, or not theirs to know of.
    #[error("{what} is not there")]
    Absent { what: String, code: &'static str },
    /// The same id was used with other content.
    #[error("{what} was used before with other content")]
    KeyReused { what: String, code: &'static str },
    /// A limit of ours.
    #[error("{0}")]
    TooMuch(String),
    /// Try again later: retries used up, shutdown.
    #[error("{0}")]
    Busy(String),
    /// The disk of the database is full or fails: nothing can be written until the operator has
    /// mended it.
    #[error("{0}")]
    Disk(String),
    /// Understood, and refused.
    #[error("{}", .0.refusal.reason)]
    Refused(Box<Refused>),
    /// A role that cannot be given, taken or made as things are.
    #[error("{0}")]
    Rejected(Rejection),
    /// A bug or a corrupt row; the operator sees the whole chain, the caller only a reference.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    pub fn malformed(path: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Malformed(vec![Fault::new(path, message)])
    }

    pub fn refused(refusal: Refusal, findings: Vec<Finding>) -> Error {
        Error::Refused(Box::new(Refused { refusal, findings, attempt: None }))
    }

    /// Says which deed a refusal was about, so that it is audited.
    pub(crate) fn attempted(mut self, call: &Call, kind: Kind, target: String) -> Error {
        if let Error::Refused(refused) = &mut self {
            refused.attempt = Some(Attempt { call: call.clone(), kind, target });
        }
        self
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) | StoreError::Io(_) => Error::Disk(error.to_string()),
            StoreError::Mark(_) => {
                Error::malformed("$skiptoken", "is not the mark that a page before gave")
            }
            _ if error.is_temporary() => Error::Busy(error.to_string()),
            _ => Error::Broken(chain(&error)),
        }
    }
}

impl From<Impossible> for Error {
    fn from(error: Impossible) -> Self {
        Error::Broken(chain(&error))
    }
}

impl From<prorata_ledger::MoneyError> for Error {
    fn from(error: prorata_ledger::MoneyError) -> Self {
        Error::Broken(chain(&error))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Broken(format!("a recorded document cannot be read: {error}"))
    }
}

/// An error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
