//! The tenants in which one account acts: its own, and those where it is a guest.

use super::issuers::acting;
use crate::{App, Caller, Error, partner};
use prorata_domain::ids::TenantId;
use prorata_store::issuers;
use prorata_store::world::{self, Tenant};

/// The tenants that a caller may choose from: that of the account first, then those where it is a
/// guest, then those of customers for whom it is an agent.
///
/// # Errors
/// Those of the database.
pub fn tenants(app: &App, caller: &Caller) -> Result<Vec<Tenant>, Error> {
    let (home, principal) = (caller.home, caller.principal);
    app.read(move |tx, app| {
        let mut found = issuers::tenants_of(tx, home, principal)?;
        let known: Vec<TenantId> = found.iter().map(|tenant| tenant.id).collect();
        let mut customers = partner::tenants_of(tx, home, principal, app.now())?;
        customers.retain(|tenant| !known.contains(&tenant.id));
        found.extend(customers);
        Ok(found)
    })
}

/// The same account in another tenant, where it is known.
///
/// # Errors
/// [`Error::Absent`] for a tenant in which it is not.
pub fn switch(app: &App, caller: &Caller, tenant: TenantId) -> Result<Caller, Error> {
    let (home, id) = (caller.home, caller.principal);
    let found = app.read(move |tx, _| {
        let found = match world::principal(tx, tenant, id)? {
            Some(found) => Some(found),
            None => partner::agent_by_id(tx, home, id, tenant)?,
        };
        Ok(found.filter(|found| found.home.unwrap_or(found.tenant) == home))
    })?;
    let absent = || Error::Absent { what: format!("tenant `{tenant}`"), code: "TenantNotFound" };
    let there = acting(found.ok_or_else(absent)?);
    partner::as_agent(app, Caller { client: caller.client.clone(), ..there })
}
