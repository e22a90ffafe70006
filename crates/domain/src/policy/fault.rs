//! What can be wrong with a policy file.

use super::ClauseId;
use jiff::civil::Date;

/// One fault of one file, with where it is.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct PolicyFault {
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    pub what: Fault,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    #[error("not TOML: {0}")]
    Syntax(String),
    #[error("there is no clause `{0}` with values")]
    UnknownClause(String),
    #[error("there is no file for the clause `{0}`")]
    NoFile(ClauseId),
    #[error("the clause `{clause}` was already given in {other}")]
    Twice { clause: ClauseId, other: String },
    #[error("`{0}` is missing")]
    Missing(&'static str),
    #[error("there is no field `{0}` here")]
    UnknownField(String),
    #[error("`{field}` should be {wants}")]
    Unfit { field: &'static str, wants: &'static str },
    #[error("{since} does not come after {before}; values stand in the order of their dates")]
    NotRising { since: Date, before: Date },
    #[error("`{resource_type}` is in two exchange groups")]
    InTwoGroups { resource_type: String },
    #[error("`{0}` has no line for its other payments")]
    NoRoute(super::Agreement),
}
