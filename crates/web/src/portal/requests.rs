//! Requests that others approve: the list, one of them with its figures, findings and history,
//! asking for something, and the policies that say who approves.

mod about;
mod ask;
mod list;
mod policies;
mod show;

pub use about::Thing;
#[cfg(test)]
pub use ask::{NewRequestPage, Of};
pub use ask::{ask, begin, submit};
pub use list::list;
#[cfg(test)]
pub use list::{RequestsPage, Row, Tab};
#[cfg(test)]
pub use policies::{EnteredPolicy, PoliciesPage, PolicyPage, PolicyRow, RuleSaid, Scopes};
pub use policies::{edit, policies, remove, save};
#[cfg(test)]
pub use show::{Alert, Demand, Line, May, RequestPage, Step};
pub use show::{act, show};

use super::language::say;
use super::words::Said;
use prorata_domain::request::{Kind, Status};

/// The word for a kind of request.
pub fn what(kind: Kind) -> Said {
    say(&format!("request-kind-{}", kind.as_str()))
}

fn status(status: Status) -> Said {
    say(&format!("request-status-{}", status.as_str()))
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Approved | Status::Running | Status::Done => "active",
        Status::Draft | Status::Submitted => "pending",
        Status::Stopped | Status::Failed => "failed",
        Status::Rejected | Status::Withdrawn | Status::Expired => "ended",
    }
}
