//! Why somebody can or cannot do something.

use super::Site;
use crate::{Call, Error, access};
use prorata_domain::access::{Action, Answer, Verdict};
use prorata_domain::authorization::Place;
use prorata_domain::ids::PrincipalId;
use prorata_domain::principal::PrincipalKind;
use prorata_store::{Tx, world};

/// An answer, and who was asked about.
#[derive(Debug, Clone)]
pub struct Answered {
    pub verdict: Verdict,
    pub principal: PrincipalId,
    pub name: String,
    pub kind: PrincipalKind,
}

/// Why somebody can or cannot do something at a place. Everybody may ask about themselves, also at
/// a place that they may not see, whether it is there or not; about others ask those who may see
/// who has which role there.
///
/// # Errors
/// [`Error::Absent`] for a place or a principal that is not there, [`Error::Denied`].
pub fn why(
    tx: &mut Tx<'_>,
    call: &Call,
    principal: Option<PrincipalId>,
    action: Action,
    place: Place,
) -> Result<Answered, Error> {
    let caller = &call.caller;
    let principal = principal.unwrap_or(caller.principal);
    let verdict = access::why(tx, call, principal, action, &place.scope())?;
    let is_own = principal == caller.principal;
    if !is_own || verdict.answer != Answer::Hidden {
        Site::find(tx, call, place)?;
    }
    let (name, kind) = match world::principal(tx, caller.tenant, principal)? {
        Some(known) => (known.name, known.kind),
        None => (caller.name.clone(), caller.kind),
    };
    Ok(Answered { verdict, principal, name, kind })
}
