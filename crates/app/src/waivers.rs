//! Using an exception up, in the transaction of the deed that needs it.

use crate::{Call, Error};
use prorata_domain::ids::{OperationId, WaiverId};
use prorata_domain::{Decision, waiver};
use prorata_store::{Tx, waivers};

/// What an operation that granted an exception recorded.
pub type Evidence = crate::operations::Evidence<waiver::Facts, waiver::Request, waiver::Plan>;

/// Uses up the exceptions that a plan needs. Two deeds at once cannot both have one: the second
/// finds it used, runs again, and is decided without it.
///
/// # Errors
/// [`Error::Busy`] when something else used one meanwhile.
pub(crate) fn use_up(
    tx: &mut Tx<'_>,
    call: &Call,
    operation: OperationId,
    needed: &[WaiverId],
) -> Result<(), Error> {
    for id in needed {
        if !waivers::use_up(tx, *id, operation, call.now)? {
            return Err(Error::Busy(format!("the exception `{id}` was used meanwhile")));
        }
    }
    Ok(())
}

/// The plan of an exception that may be granted.
///
/// # Errors
/// [`Error::Refused`] with the findings.
pub(crate) fn granted(decision: &Decision<waiver::Plan>) -> Result<&waiver::Plan, Error> {
    if let Some(refusal) = &decision.refusal {
        return Err(Error::refused(refusal.clone(), decision.findings.clone()));
    }
    crate::purchase::approved(decision)
}
