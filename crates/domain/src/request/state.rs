//! How a request goes on. Each state holds what is true in it, and can only be made from one that
//! may come before it: what is inside cannot be written from outside this file.
//!
//! ```text
//! draft ──► submitted ──► approved ──► running ──► done
//!   │         │  │            │           └──────► failed
//!   │         │  └► rejected  │
//!   └─────────┴───────────────┴──► withdrawn, expired, stopped
//! ```
//! A draft is only withdrawn or expires. What approves itself is approved as it is submitted.

mod look;

use super::Person;
use super::approval::{Approver, Demand, stricter};
use super::figures::Moved;
use super::status::{Event, Status};
use crate::ids::{OperationId, PrincipalId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Draft(Draft),
    Submitted(Submitted),
    Approved(Approved),
    Running(Running),
    Rejected(Rejected),
    Withdrawn(Withdrawn),
    Expired(Expired),
    Stopped(Stopped),
    Done(Done),
    Failed(Failed),
}

/// Written down, and nobody's business yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    drafter: Person,
    /// For whom it was drafted, where it is somebody else.
    on_behalf_of: Option<Person>,
}

/// Waiting for approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    draft: Draft,
    by: Person,
    at: Timestamp,
    demands: Vec<Demand>,
    approvals: Vec<Approval>,
}

/// One yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub person: Person,
    pub at: Timestamp,
    pub comment: String,
    /// The policies whose demand it counts for.
    pub counts_for: Vec<String>,
}

/// Everybody who had to said yes; the desk will do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    submitted: Submitted,
    at: Timestamp,
}

/// Being done, by the right of somebody who asked for it or approved it. Deeds that need approval
/// want to see one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    approved: Approved,
    runner: PrincipalId,
    at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    submitted: Submitted,
    by: Person,
    at: Timestamp,
    reason: String,
}

/// Taken back, or its object was gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    from: Before,
    /// Nobody where what it was about is gone.
    by: Option<Person>,
    at: Timestamp,
    reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    from: Before,
    at: Timestamp,
}

/// Not what was asked for any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    from: Before,
    cause: Cause,
    at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    running: Running,
    operation: OperationId,
    at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    running: Running,
    code: String,
    reason: String,
    at: Timestamp,
}

/// What a request was before it ended without being done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Before {
    Draft(Draft),
    Submitted(Submitted),
    Approved(Approved),
}

/// Why a request was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An amount moved further than it may.
    Moved(Moved),
    /// The rules say no now.
    Refused { code: String, reason: String },
    /// Nobody who asked for it or approved it may do it.
    NoRight { reason: String },
    /// The policies ask for more approvals now than were given.
    MoreApprovals { policy: String, approvals: u32 },
}

impl Cause {
    /// The word for it.
    pub fn code(&self) -> &str {
        match self {
            Cause::Moved(_) => "PriceMoved",
            Cause::Refused { code, .. } => code,
            Cause::NoRight { .. } => "AuthorizationFailed",
            Cause::MoreApprovals { .. } => "MoreApprovalsNeeded",
        }
    }

    pub fn reason(&self) -> String {
        match self {
            Cause::Moved(moved) => moved.to_string(),
            Cause::Refused { reason, .. } | Cause::NoRight { reason } => reason.clone(),
            Cause::MoreApprovals { policy, approvals } => {
                format!("the approval policy `{policy}` asks for {approvals} approvals now")
            }
        }
    }
}

/// Why something cannot happen to a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    #[error("a request that is {} cannot {event}", .status)]
    OutOfTurn { status: Status, event: Event },
    /// Four eyes are those of two people.
    #[error("`{name}` drafted or submitted this request, and another person has to decide on it")]
    Own { name: String },
    #[error("`{name}` has approved this request already, and another person has to")]
    Twice { name: String },
    #[error("`{name}` is not among those who may decide on this request: {approvers}")]
    NotAnApprover { name: String, approvers: String },
    #[error("only who drafted or submitted a request can {event} it")]
    NotTheirs { event: Event },
}

impl State {
    /// A new request.
    pub fn draft(drafter: Person, on_behalf_of: Option<Person>) -> State {
        let on_behalf_of = on_behalf_of.filter(|person| !person.is_same(&drafter));
        State::Draft(Draft { drafter, on_behalf_of })
    }

    pub fn status(&self) -> Status {
        match self {
            State::Draft(_) => Status::Draft,
            State::Submitted(_) => Status::Submitted,
            State::Approved(_) => Status::Approved,
            State::Running(_) => Status::Running,
            State::Rejected(_) => Status::Rejected,
            State::Withdrawn(_) => Status::Withdrawn,
            State::Expired(_) => Status::Expired,
            State::Stopped(_) => Status::Stopped,
            State::Done(_) => Status::Done,
            State::Failed(_) => Status::Failed,
        }
    }

    fn out_of_turn<T>(&self, event: Event) -> Result<T, NotPossible> {
        Err(NotPossible::OutOfTurn { status: self.status(), event })
    }

    /// Puts a draft before its approvers; without demands it is approved at once.
    ///
    /// # Errors
    /// [`NotPossible`], as for all events.
    pub fn submit(
        self,
        by: Person,
        demands: Vec<Demand>,
        at: Timestamp,
    ) -> Result<State, NotPossible> {
        let State::Draft(draft) = self else { return self.out_of_turn(Event::Submit) };
        if !draft.is_of(&by) {
            return Err(NotPossible::NotTheirs { event: Event::Submit });
        }
        Ok(Submitted { draft, by, at, demands, approvals: Vec::new() }.settled(at))
    }

    /// Adds a yes, under what the policies ask for now if that is more than before.
    pub fn approve(
        self,
        approver: &Approver,
        demands: Vec<Demand>,
        comment: String,
        at: Timestamp,
    ) -> Result<State, NotPossible> {
        let State::Submitted(mut submitted) = self else {
            return self.out_of_turn(Event::Approve);
        };
        submitted.demands = stricter(&submitted.demands, demands);
        let counts_for = submitted.counts_for(approver)?;
        let person = approver.person.clone();
        submitted.approvals.push(Approval { person, at, comment, counts_for });
        Ok(submitted.settled(at))
    }

    pub fn reject(
        self,
        approver: &Approver,
        reason: String,
        at: Timestamp,
    ) -> Result<State, NotPossible> {
        let State::Submitted(submitted) = self else { return self.out_of_turn(Event::Reject) };
        submitted.counts_for(approver).or_else(|error| match error {
            // Who approved may think again, until it is approved by all.
            NotPossible::Twice { .. } => Ok(Vec::new()),
            other => Err(other),
        })?;
        let by = approver.person.clone();
        Ok(State::Rejected(Rejected { submitted, by, at, reason }))
    }

    /// Takes a request back: by one of those whose it is, or by nobody when what it was about is
    /// gone.
    pub fn withdraw(
        self,
        by: Option<Person>,
        reason: String,
        at: Timestamp,
    ) -> Result<State, NotPossible> {
        let from = self.before(Event::Withdraw)?;
        if by.as_ref().is_some_and(|by| !from.is_of(by)) {
            return Err(NotPossible::NotTheirs { event: Event::Withdraw });
        }
        Ok(State::Withdrawn(Withdrawn { from, by, at, reason }))
    }

    pub fn expire(self, at: Timestamp) -> Result<State, NotPossible> {
        let from = self.before(Event::Expire)?;
        Ok(State::Expired(Expired { from, at }))
    }

    pub fn stop(self, cause: Cause, at: Timestamp) -> Result<State, NotPossible> {
        match self.before(Event::Stop)? {
            Before::Draft(_) => {
                Err(NotPossible::OutOfTurn { status: Status::Draft, event: Event::Stop })
            }
            from => Ok(State::Stopped(Stopped { from, cause, at })),
        }
    }

    /// Begins to do what was approved, by the right of `runner`.
    pub fn run(self, runner: PrincipalId, at: Timestamp) -> Result<Running, NotPossible> {
        let State::Approved(approved) = self else { return self.out_of_turn(Event::Run) };
        if !approved.submitted.people().any(|person| person.principal == runner) {
            return Err(NotPossible::NotTheirs { event: Event::Run });
        }
        Ok(Running { approved, runner, at })
    }

    /// What it was, for an event that only what was not begun can have.
    fn before(self, event: Event) -> Result<Before, NotPossible> {
        match self {
            State::Draft(draft) => Ok(Before::Draft(draft)),
            State::Submitted(submitted) => Ok(Before::Submitted(submitted)),
            State::Approved(approved) => Ok(Before::Approved(approved)),
            State::Running(_)
            | State::Rejected(_)
            | State::Withdrawn(_)
            | State::Expired(_)
            | State::Stopped(_)
            | State::Done(_)
            | State::Failed(_) => self.out_of_turn(event),
        }
    }
}

impl Draft {
    pub fn drafter(&self) -> &Person {
        &self.drafter
    }

    pub fn on_behalf_of(&self) -> Option<&Person> {
        self.on_behalf_of.as_ref()
    }

    fn is_of(&self, person: &Person) -> bool {
        self.drafter.is_same(person)
            || self.on_behalf_of.as_ref().is_some_and(|other| other.is_same(person))
    }
}

impl Submitted {
    pub fn by(&self) -> &Person {
        &self.by
    }

    pub fn at(&self) -> Timestamp {
        self.at
    }

    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// Who submitted it, and then who approved it, in that order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        let approvers = self.approvals.iter().map(|approval| &approval.person);
        std::iter::once(&self.by).chain(approvers)
    }

    fn is_of(&self, person: &Person) -> bool {
        self.by.is_same(person) || self.draft.is_of(person)
    }

    /// Which demands the yes of somebody would count for.
    ///
    /// # Errors
    /// [`NotPossible::Own`], [`NotPossible::Twice`] or [`NotPossible::NotAnApprover`].
    pub fn counts_for(&self, approver: &Approver) -> Result<Vec<String>, NotPossible> {
        let name = || approver.person.name.clone();
        if self.is_of(&approver.person) {
            return Err(NotPossible::Own { name: name() });
        }
        if self.approvals.iter().any(|given| given.person.is_same(&approver.person)) {
            return Err(NotPossible::Twice { name: name() });
        }
        let counting = self.demands.iter().filter(|demand| demand.counts(approver));
        let counts_for: Vec<String> = counting.map(|demand| demand.policy.clone()).collect();
        if counts_for.is_empty() {
            let approvers: Vec<String> =
                self.demands.iter().map(|demand| demand.approvers.to_string()).collect();
            let approvers = approvers.join("; ");
            return Err(NotPossible::NotAnApprover { name: name(), approvers });
        }
        Ok(counts_for)
    }

    fn settled(self, at: Timestamp) -> State {
        if self.demands.iter().all(|demand| demand.is_met(&self.approvals)) {
            State::Approved(Approved { submitted: self, at })
        } else {
            State::Submitted(self)
        }
    }
}

impl Running {
    /// # Errors
    /// None; what runs can always end.
    pub fn finish(self, operation: OperationId, at: Timestamp) -> State {
        State::Done(Done { running: self, operation, at })
    }

    pub fn fail(self, code: String, reason: String, at: Timestamp) -> State {
        State::Failed(Failed { running: self, code, reason, at })
    }

    pub fn runner(&self) -> PrincipalId {
        self.runner
    }
}

impl Before {
    fn is_of(&self, person: &Person) -> bool {
        match self {
            Before::Draft(draft) => draft.is_of(person),
            Before::Submitted(submitted) => submitted.is_of(person),
            Before::Approved(approved) => approved.submitted.is_of(person),
        }
    }
}
