//! The places at which roles are given: that they are there, and what lies above them.

use crate::access::{self, Permit, absent_order, groups_above};
use crate::{Call, Error, savings_plan};
use prorata_domain::access::{Action, Answer, Scope};
use prorata_domain::authorization::Place;
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_store::{Tx, orders, reservations, savings_plans, world};

/// A place that is there and that the caller may know of.
#[derive(Debug, Clone)]
pub struct Site {
    pub place: Place,
    pub scope: Scope,
    /// Itself and all places above it.
    chain: Vec<Scope>,
}

impl Site {
    /// A place, where it is one of the caller's tenant.
    ///
    /// # Errors
    /// [`Error::Absent`] for a place that is not there, or that the caller may not know of.
    pub fn find(tx: &mut Tx<'_>, call: &Call, place: Place) -> Result<Site, Error> {
        let scope = place.scope();
        // Whether they may know of it comes first, so that the answer is the same for what is there
        // and what is not.
        let verdict = access::verdict(tx, call, Action::ReadAssignments, &scope)?;
        if verdict.answer == Answer::Hidden {
            return Err(access::hidden(&scope));
        }
        exists(tx, call.caller.tenant, &place)?;
        let chain = scope.chain(&groups_above(tx, call.caller.tenant, &scope)?);
        Ok(Site { place, scope, chain })
    }

    /// The permit for an action here.
    ///
    /// # Errors
    /// [`Error::Absent`] or [`Error::Denied`].
    pub fn permit(&self, tx: &mut Tx<'_>, call: &Call, action: Action) -> Result<Permit, Error> {
        access::at(tx, call, action, &self.scope)
    }

    /// Whether a role given there counts here too.
    pub fn is_below(&self, scope: &Scope) -> bool {
        self.chain.contains(scope)
    }
}

fn exists(tx: &mut Tx<'_>, tenant: TenantId, place: &Place) -> Result<(), Error> {
    match place {
        Place::Root | Place::Capacity | Place::Benefits => Ok(()),
        Place::Order(order) => {
            let found = orders::load(tx, tenant, *order)?;
            found.map(drop).ok_or_else(|| absent_order(*order))
        }
        Place::Reservation(order, item) => {
            orders::load(tx, tenant, *order)?.ok_or_else(|| absent_order(*order))?;
            let found = reservations::load(tx, tenant, *order, *item)?;
            found.map(drop).ok_or_else(|| Error::Absent {
                what: format!("reservation `{item}` in order `{order}`"),
                code: "ReservationIdNotInReservationOrder",
            })
        }
        Place::SavingsPlanOrder(order) => {
            let found = savings_plans::held(tx, tenant, *order)?;
            found.map(drop).ok_or_else(|| savings_plan::absent_order(*order))
        }
        Place::SavingsPlan(order, plan) => {
            let found = savings_plans::held(tx, tenant, *order)?;
            let (_, held) = found.ok_or_else(|| savings_plan::absent_order(*order))?;
            let is_it = held.id == *plan;
            if is_it { Ok(()) } else { Err(savings_plan::absent_plan(*order, *plan)) }
        }
        Place::ManagementGroup(id) => {
            let found = world::management_group(tx, tenant, id)?;
            found.map(drop).ok_or_else(|| access::hidden(&place.scope()))
        }
        Place::Subscription(id) => subscription(tx, tenant, *id),
        Place::ResourceGroup(id, name) | Place::Resource(id, name, _) => {
            subscription(tx, tenant, *id)?;
            let group = Place::ResourceGroup(*id, name.clone());
            let found = world::resource_group_exists(tx, *id, name)?;
            if found { Ok(()) } else { Err(access::hidden(&group.scope())) }
        }
    }
}

fn subscription(tx: &mut Tx<'_>, tenant: TenantId, id: SubscriptionId) -> Result<(), Error> {
    let found = world::subscription(tx, id)?.filter(|row| row.tenant == tenant);
    found.map(drop).ok_or_else(|| access::hidden(&Scope::subscription(id)))
}
