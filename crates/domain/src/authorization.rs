//! Giving and taking roles, and making roles of one's own, as resources: what may be done with
//! them beside the right to do it, which [`access`](crate::access) decides.

pub mod assignment;
pub mod definition;
mod place;

pub use place::Place;

use std::fmt;

/// Why a role cannot be given, taken or made as things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub kind: RejectionKind,
    /// The protocol's code, such as `RoleAssignmentExists`.
    pub code: &'static str,
    /// Why, and what would help.
    pub message: String,
    /// The member or resource that is meant.
    pub target: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionKind {
    /// The request can never be done.
    Invalid,
    /// What it names is not there.
    Absent,
    /// It can be done once something else has changed.
    Conflict,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
