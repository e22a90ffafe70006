//! Looking at a request, in whatever state it is.

use super::{Before, Draft, Person, State, Submitted};
use crate::ids::{OperationId, PrincipalId};

impl State {
    /// Who wrote it, and for whom.
    pub fn drafted(&self) -> &Draft {
        match self {
            State::Draft(draft) => draft,
            State::Submitted(submitted) => &submitted.draft,
            State::Approved(approved) => &approved.submitted.draft,
            State::Running(running) => &running.approved.submitted.draft,
            State::Rejected(rejected) => &rejected.submitted.draft,
            State::Withdrawn(withdrawn) => withdrawn.from.drafted(),
            State::Expired(expired) => expired.from.drafted(),
            State::Stopped(stopped) => stopped.from.drafted(),
            State::Done(done) => &done.running.approved.submitted.draft,
            State::Failed(failed) => &failed.running.approved.submitted.draft,
        }
    }

    /// What was put before the approvers, and what they said; nothing while it is a draft.
    pub fn submitted(&self) -> Option<&Submitted> {
        match self {
            State::Draft(_) => None,
            State::Submitted(submitted) => Some(submitted),
            State::Approved(approved) => Some(&approved.submitted),
            State::Running(running) => Some(&running.approved.submitted),
            State::Rejected(rejected) => Some(&rejected.submitted),
            State::Withdrawn(withdrawn) => withdrawn.from.submitted(),
            State::Expired(expired) => expired.from.submitted(),
            State::Stopped(stopped) => stopped.from.submitted(),
            State::Done(done) => Some(&done.running.approved.submitted),
            State::Failed(failed) => Some(&failed.running.approved.submitted),
        }
    }

    /// What was done, where it was.
    pub fn operation(&self) -> Option<OperationId> {
        if let State::Done(done) = self { Some(done.operation) } else { None }
    }

    /// By whose right it was or is done.
    pub fn runner(&self) -> Option<PrincipalId> {
        match self {
            State::Running(running) => Some(running.runner),
            State::Done(done) => Some(done.running.runner),
            State::Failed(failed) => Some(failed.running.runner),
            State::Draft(_)
            | State::Submitted(_)
            | State::Approved(_)
            | State::Rejected(_)
            | State::Withdrawn(_)
            | State::Expired(_)
            | State::Stopped(_) => None,
        }
    }

    /// Who said no, where somebody did.
    pub fn rejected_by(&self) -> Option<&Person> {
        if let State::Rejected(rejected) = self { Some(&rejected.by) } else { None }
    }

    /// Who took it back, where somebody did.
    pub fn withdrawn_by(&self) -> Option<&Person> {
        if let State::Withdrawn(withdrawn) = self { withdrawn.by.as_ref() } else { None }
    }

    /// Why it ended as it did: a code and a sentence; nothing for what is open, done or expired.
    pub fn why(&self) -> Option<(String, String)> {
        match self {
            State::Rejected(rejected) => Some(("Rejected".to_owned(), rejected.reason.clone())),
            State::Withdrawn(gone) => Some(("Withdrawn".to_owned(), gone.reason.clone())),
            State::Stopped(stopped) => {
                Some((stopped.cause.code().to_owned(), stopped.cause.reason()))
            }
            State::Failed(failed) => Some((failed.code.clone(), failed.reason.clone())),
            State::Draft(_)
            | State::Submitted(_)
            | State::Approved(_)
            | State::Running(_)
            | State::Expired(_)
            | State::Done(_) => None,
        }
    }
}

impl Before {
    fn drafted(&self) -> &Draft {
        match self {
            Before::Draft(draft) => draft,
            Before::Submitted(submitted) => &submitted.draft,
            Before::Approved(approved) => &approved.submitted.draft,
        }
    }

    fn submitted(&self) -> Option<&Submitted> {
        match self {
            Before::Draft(_) => None,
            Before::Submitted(submitted) => Some(submitted),
            Before::Approved(approved) => Some(&approved.submitted),
        }
    }
}
