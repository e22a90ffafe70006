//! What a page that gives roles needs: who may be given which role, and whether the caller may.

use super::{Site, own_roles};
use crate::{Call, Error, access};
use prorata_domain::access::{Action, RoleDefinition, roles};
use prorata_domain::authorization::Place;
use prorata_domain::ids::PrincipalId;
use prorata_store::world::Principal;
use prorata_store::{Tx, world};

/// What the caller may do with roles at a place.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    pub may_assign: bool,
    pub may_remove: bool,
    /// The roles that can be given there; none for a caller who may not.
    pub roles: Vec<RoleDefinition>,
    /// Everybody who can be given one; nobody for a caller who may not.
    pub principals: Vec<Principal>,
}

/// What the caller may do with roles at a place.
///
/// # Errors
/// [`Error::Absent`] for a place that is not there.
pub fn offer(tx: &mut Tx<'_>, call: &Call, place: Place) -> Result<Offer, Error> {
    let site = Site::find(tx, call, place)?;
    let mut offer = Offer {
        may_assign: access::may(tx, call, Action::Assign, &site.scope)?,
        may_remove: access::may(tx, call, Action::Unassign, &site.scope)?,
        ..Offer::default()
    };
    if offer.may_assign {
        let tenant = call.caller.tenant;
        let own = own_roles(tx, tenant)?;
        let fits = |role: &&RoleDefinition| role.is_assignable_at(&site.scope);
        offer.roles = roles().iter().chain(&own).filter(fits).cloned().collect();
        offer.principals = world::principals(tx, tenant)?;
    }
    Ok(offer)
}

/// A principal of the caller's tenant as people name one: by its object id, its client id, or a
/// name that only one has.
///
/// # Errors
/// [`Error::Malformed`] where there is none, or several.
pub fn principal_called(tx: &mut Tx<'_>, call: &Call, text: &str) -> Result<PrincipalId, Error> {
    let tenant = call.caller.tenant;
    if let Some(id) = PrincipalId::parse(text)
        && let Some(found) = world::principal(tx, tenant, id)?
    {
        return Ok(found.id);
    }
    if let Some(found) = world::principal_by_client(tx, tenant, text)? {
        return Ok(found.id);
    }
    let all = world::principals(tx, tenant)?;
    let same = |one: &&Principal| one.name.to_lowercase() == text.to_lowercase();
    let mut named = all.iter().filter(same);
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(only.id),
        (Some(_), Some(_)) => {
            let says = "is the name of several principals; give the object id of the one meant";
            Err(Error::malformed("principal", says))
        }
        (None, _) => {
            let says = "is nobody of this tenant; give a name, a client id or an object id";
            Err(Error::malformed("principal", says))
        }
    }
}
