//! Stepping into a customer's tenant.

use super::{Standing, standing};
use crate::{App, Call, Caller, Error, PartnerAgent};
use prorata_domain::ids::TenantId;
use prorata_domain::partner::PartnerTask;
use prorata_store::world::Principal;
use prorata_store::{Tx, partners, world};

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
    Ok(account.map(|account| Principal { tenant: customer, home: Some(partner), ..account }))
}
