//! Stepping into a customer's tenant.

use super::{Standing, standing};
use crate::limits::PAGE_ROWS_MAX;
use crate::{App, Call, Caller, Error, PartnerAgent};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::partner::PartnerTask;
use prorata_domain::term::utc_day;
use prorata_store::world::{Principal, Tenant};
use prorata_store::{Tx, partners, world};
use uuid::Uuid;

/// The call of an agent as one for a customer, for something that is done in Partner Center.
///
/// # Errors
/// [`Error::Absent`] for a tenant that never was a customer; [`Error::Refused`] where the agent
/// may not.
pub fn act_for(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    task: PartnerTask,
) -> Result<(Call, Standing), Error> {
    let caller = &call.caller;
    let found = standing(tx, call, caller.home, caller.principal, customer)?;
    let found =
        found.filter(|standing| standing.customer.is_some() && caller.home == caller.tenant);
    let standing = found.ok_or_else(|| absent_customer(customer))?;
    standing.require(app, call, task)?;
    let agent = PartnerAgent {
        tenant: caller.home,
        roles: standing.facts.roles.iter().map(|role| role.title().to_owned()).collect(),
    };
    let caller = Caller { tenant: customer, agent: Some(agent), ..caller.clone() };
    Ok((Call { caller, in_partner_center: true, ..call.clone() }, standing))
}

pub(super) fn absent_customer(customer: TenantId) -> Error {
    Error::Absent { what: format!("customer `{customer}` of yours"), code: "CustomerNotFound" }
}

/// The account of an agent that a client of a customer's tenant is, where it is none of the
/// tenant's own or a guest there: that of one of the customer's partners, by the client's id.
/// Where the client is an agent of several of them it is not known which.
///
/// # Errors
/// Those of the database.
pub fn agent_account(
    tx: &mut Tx<'_>,
    customer: TenantId,
    client: &str,
) -> Result<Option<Principal>, Error> {
    let [partner] = partners::employers(tx, client, customer)?[..] else { return Ok(None) };
    let account = world::principal_by_client(tx, partner, client)?;
    Ok(account.map(|account| in_tenant(account, customer)))
}

/// The same account in a customer's tenant.
fn in_tenant(account: Principal, customer: TenantId) -> Principal {
    Principal { tenant: customer, home: Some(account.tenant), ..account }
}

/// The account of somebody of a partner, in the tenant of one of its customers.
///
/// # Errors
/// Those of the database.
pub(crate) fn agent_by_id(
    tx: &mut Tx<'_>,
    partner: TenantId,
    id: PrincipalId,
    customer: TenantId,
) -> Result<Option<Principal>, Error> {
    if partners::customer(tx, partner, customer)?.is_none() {
        return Ok(None);
    }
    let account = world::principal(tx, partner, id)?.filter(|account| account.home.is_none());
    Ok(account.map(|account| in_tenant(account, customer)))
}

/// A caller who is in a tenant of another than that of their account: as the agent that they are,
/// unless they have a guest account there. One who is neither is not known there.
///
/// # Errors
/// [`Error::Unknown`] for somebody who may not enter the tenant; those of the database.
pub(crate) fn as_agent(app: &App, caller: Caller) -> Result<Caller, Error> {
    if caller.home == caller.tenant {
        return Ok(caller);
    }
    app.read(move |tx, app| {
        if world::principal(tx, caller.tenant, caller.principal)?.is_some() {
            return Ok(caller);
        }
        let call = Call::new(caller, app.now(), Uuid::nil());
        let caller = &call.caller;
        let found = standing(tx, &call, caller.home, caller.principal, caller.tenant)?;
        let sees = match &found {
            Some(standing) => standing.decide(app, &call, PartnerTask::See)?.is_approved(),
            None => false,
        };
        let Some(standing) = found.filter(|_| sees) else {
            return Err(Error::Unknown("the client or its secret is wrong".to_owned()));
        };
        let roles = standing.facts.roles.iter().map(|role| role.title().to_owned()).collect();
        let agent = Some(PartnerAgent { tenant: caller.home, roles });
        Ok(Caller { agent, ..call.caller })
    })
}

/// The tenants of the customers for whom somebody of a partner is an agent, by name.
///
/// # Errors
/// Those of the database.
pub(crate) fn tenants_of(
    tx: &mut Tx<'_>,
    home: TenantId,
    principal: PrincipalId,
    now: Timestamp,
) -> Result<Vec<Tenant>, Error> {
    let today = utc_day(now);
    if partners::roles(tx, home, principal, today)?.is_empty() {
        return Ok(Vec::new());
    }
    let customers = partners::customers(tx, home, None, PAGE_ROWS_MAX)?;
    let mut tenants: Vec<Tenant> = customers
        .into_iter()
        .filter(|row| row.relationship.holds_on(today))
        .map(|row| Tenant { id: row.customer, name: row.name })
        .collect();
    tenants.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(tenants)
}
