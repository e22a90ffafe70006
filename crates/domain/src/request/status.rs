//! The names of the states of a request, and of what happens to it.

use crate::policy::words::words;

words! {
    /// The name of a state.
    Status {
        Draft = "draft",
        Submitted = "submitted",
        Approved = "approved",
        Running = "running",
        Rejected = "rejected",
        Withdrawn = "withdrawn",
        Expired = "expired",
        Stopped = "stopped",
        Done = "done",
        Failed = "failed",
    }
}

impl Status {
    /// Whether something may still become of it.
    pub fn is_open(self) -> bool {
        match self {
            Status::Draft | Status::Submitted | Status::Approved | Status::Running => true,
            Status::Rejected
            | Status::Withdrawn
            | Status::Expired
            | Status::Stopped
            | Status::Done
            | Status::Failed => false,
        }
    }
}

words! {
    /// What happens to a request.
    Event {
        Draft = "draft",
        Submit = "submit",
        Approve = "approve",
        Reject = "reject",
        Withdraw = "withdraw",
        Expire = "expire",
        Stop = "stop",
        Run = "run",
        Finish = "finish",
        Fail = "fail",
    }
}
