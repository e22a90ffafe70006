//! Requests: a customer or an agent asks for a deed, others approve it, and the desk does it.
//!
//! A request is priced as the quote of its deed is: the same facts, the same decision. It is priced
//! again when it is submitted, at each approval, and when it is done; see
//! [`prorata_domain::request`] for its states and for who has to approve. Whose right is needed is
//! in ADR 18.

mod ask;
mod document;
mod notices;
mod policies;
mod rights;
mod run;
mod shown;
mod steps;
mod waiting;

pub use ask::{Ask, Refund};
pub use document::Document;
pub use policies::{
    delete_policy, get_policy, list_policies, named_approvers, put_policy, settable_scopes,
    world_policy,
};
pub use shown::{Filter, Now, View, list, needed, priced_now, show, visible};
pub use steps::{NewRequest, approve, draft, reject, submit, withdraw};
pub use waiting::{Waiting, waiting};

pub(crate) use ask::{figures_of, operation_kind};
pub(crate) use policies::{Leave, guard};
pub(crate) use run::{REQUEST_DUE, given_up, look_at_those_of, run};
