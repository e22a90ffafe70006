//! How a command ends: well, refused, or failed with words for people.

use prorata_app::Error;
use prorata_wire::azure::v2022_11_01::refused;
use std::fmt::Display;
use std::process::ExitCode;

/// How a command ended that could say what it had to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// The rules say no; the answer was printed.
    Refused,
    /// Something checked is not in order; the answer was printed.
    NotInOrder,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::Refused => Kind::Refused.into(),
            Outcome::NotInOrder => Kind::Failed.into(),
        }
    }
}

/// What kind of failure it is: the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Exit code 1.
    Failed,
    /// Exit code 2: the command line asks for something that cannot be.
    Usage,
    /// Exit code 3: understood, and refused by a rule.
    Refused,
}

impl From<Kind> for ExitCode {
    fn from(kind: Kind) -> ExitCode {
        ExitCode::from(match kind {
            Kind::Failed => 1,
            Kind::Usage => 2,
            Kind::Refused => 3,
        })
    }
}

/// Why a command did not do what it was asked: for standard error.
#[derive(Debug)]
pub struct Failure {
    pub kind: Kind,
    /// A code of the protocol, where there is one.
    pub code: Option<String>,
    pub message: String,
    /// Further faults, one a line.
    pub details: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Failure {
    pub fn new(message: impl Display) -> Failure {
        Failure {
            kind: Kind::Failed,
            code: None,
            message: message.to_string(),
            details: Vec::new(),
            hint: None,
        }
    }

    pub fn usage(message: impl Display) -> Failure {
        Failure { kind: Kind::Usage, ..Failure::new(message) }
    }

    pub fn with_hint(mut self, hint: impl Display) -> Failure {
        self.hint = Some(hint.to_string());
        self
    }

    pub fn with_code(mut self, code: impl Display) -> Failure {
        self.code = Some(code.to_string());
        self
    }

    /// Writes the failure to standard error.
    pub fn report(&self) {
        match &self.code {
            Some(code) => eprintln!("error: {code}: {}", self.message),
            None => eprintln!("error: {}", self.message),
        }
        for detail in &self.details {
            eprintln!("  - {detail}");
        }
        if let Some(hint) = &self.hint {
            eprintln!("hint: {hint}");
        }
    }
}

/// Puts what was being done in front of an error.
pub trait Doing<T> {
    /// # Errors
    /// The failure with its context.
    fn doing(self, what: impl Display) -> Result<T, Failure>;
}

impl<T, E: Display> Doing<T> for Result<T, E> {
    fn doing(self, what: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("{what}: {error}")))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Malformed(faults) => Failure {
                details: faults
                    .iter()
                    .map(|fault| format!("`{}` {}", fault.path, fault.message))
                    .collect(),
                ..Failure::new(match faults.len() {
                    1 => "the document has a fault".to_owned(),
                    count => format!("the document has {count} faults"),
                })
            },
            Error::Absent { ref what, code } => {
                Failure::new(format!("{what} is not there")).with_code(code)
            }
            Error::KeyReused { code, .. } => Failure::new(&error).with_code(code),
            Error::Rejected(ref rejection) => Failure::new(&error).with_code(rejection.code),
            Error::Refused(refused) => Failure {
                kind: Kind::Refused,
                ..Failure::new(refused::message(&refused.refusal)).with_code(refused.refusal.code)
            },
            Error::Busy(_) => Failure::new(error).with_hint("try again in a moment"),
            Error::Disk(_) => Failure::new(error).with_hint("look after its disk"),
            Error::Unknown(_)
            | Error::Denied { .. }
            | Error::SecondFactorAsked { .. }
            | Error::TooMuch(_)
            | Error::Broken(_) => Failure::new(error),
        }
    }
}
