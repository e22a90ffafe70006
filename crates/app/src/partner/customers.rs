//! What a partner's agents see of their customers, and what they allow them.

use super::act::{absent_customer, act_for};
use super::{RESERVATIONS, Standing, standing};
use crate::limits::PAGE_ROWS_MAX;
use crate::orders::Page;
use crate::reservations::{self, Listed, Query};
use crate::{App, Call, Error, audit};
use prorata_domain::ids::TenantId;
use prorata_domain::partner::{Facts, PartnerRole, PartnerTask, Relationship, decide};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;
use prorata_store::partners::{self, Agent, Customer, Partner, Permission};
pub use prorata_store::portfolio::SoldTo;
use prorata_store::{Tx, portfolio, world};
use serde_json::json;

/// Who the caller is as an agent.
#[derive(Debug, Clone)]
pub struct Myself {
    pub partner: Partner,
    /// The caller's own roles that hold today.
    pub roles: Vec<PartnerRole>,
    /// Everybody with a role, had or to come.
    pub agents: Vec<Agent>,
}

/// A customer as an agent sees it.
#[derive(Debug, Clone)]
pub struct View {
    pub customer: Customer,
    /// Whether the relationship holds today.
    pub holds: bool,
    pub billing_accounts: Vec<String>,
    pub subscriptions: Vec<world::Subscription>,
}

/// The caller as an agent of their own tenant.
///
/// # Errors
/// [`Error::Absent`] where that tenant is no partner.
pub fn myself(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<Myself, Error> {
    let partner = own_partner(tx, call)?;
    let today = utc_day(call.now);
    let roles = partners::roles(tx, partner.tenant, call.caller.principal, today)?;
    let agents = if roles.is_empty() { Vec::new() } else { partners::agents(tx, partner.tenant)? };
    Ok(Myself { partner, roles, agents })
}

fn own_partner(tx: &mut Tx<'_>, call: &Call) -> Result<Partner, Error> {
    let at_home = call.caller.home == call.caller.tenant;
    let partner = if at_home { partners::partner(tx, call.caller.tenant)? } else { None };
    partner.ok_or_else(|| Error::Absent {
        what: "partner whose agent you are; sign in to the partner's own tenant".to_owned(),
        code: "PartnerNotFound",
    })
}

/// A page of the customers of the caller's partner, by their tenants' ids. What the caller may not
/// see is not there.
///
/// # Errors
/// [`Error::Absent`] where the caller's tenant is no partner.
pub fn list(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    after: Option<TenantId>,
    limit: usize,
) -> Result<Page<View>, Error> {
    let partner = own_partner(tx, call)?;
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let mut found = partners::customers(tx, partner.tenant, after, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.customer.to_string());
    let mut rows = Vec::with_capacity(found.len());
    for customer in found {
        let known = seen(tx, app, call, customer.customer)?;
        if known.is_some() {
            rows.push(view(tx, call, customer)?);
        }
    }
    Ok(Page { rows, next })
}

/// The caller's standing to a customer of whom they may see something.
fn seen(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
) -> Result<Option<Standing>, Error> {
    let caller = &call.caller;
    let Some(standing) = standing(tx, call, caller.home, caller.principal, customer)? else {
        return Ok(None);
    };
    let sees = standing.decide(app, call, PartnerTask::See)?.is_approved();
    Ok(sees.then_some(standing))
}

fn view(tx: &mut Tx<'_>, call: &Call, customer: Customer) -> Result<View, Error> {
    let billing_accounts = partners::accounts(tx, customer.partner, customer.customer)?;
    let mut subscriptions = world::subscriptions(tx, customer.customer)?;
    subscriptions.retain(|row| billing_accounts.contains(&row.billing_account));
    let holds = customer.relationship.holds_on(utc_day(call.now));
    Ok(View { customer, holds, billing_accounts, subscriptions })
}

/// One customer.
///
/// # Errors
/// [`Error::Absent`] for a tenant that never was a customer, [`Error::Refused`] for an agent who
/// may not see it.
pub fn show(tx: &mut Tx<'_>, app: &App, call: &Call, customer: TenantId) -> Result<View, Error> {
    let (_, standing) = act_for(tx, app, call, customer, PartnerTask::See)?;
    let known = standing.customer.ok_or_else(|| absent_customer(customer))?;
    view(tx, call, known)
}

/// A page of a customer's reservations that its partner pays for.
///
/// # Errors
/// As [`show`].
pub fn reservations(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    query: &Query,
) -> Result<Listed, Error> {
    let (there, _) = act_for(tx, app, call, customer, PartnerTask::See)?;
    reservations::list_all(tx, app, &there, query)
}

/// A reservation of one of the customers.
#[derive(Debug, Clone)]
pub struct Held {
    pub customer: TenantId,
    pub customer_name: String,
    pub order: Order,
    pub reservation: Reservation,
}

/// A page of the reservations of all customers for whom the caller may see them, customer by
/// customer. A mark names the customer and where its list goes on.
///
/// # Errors
/// [`Error::Absent`] where the caller's tenant is no partner; [`Error::Malformed`] for a mark that
/// no page gave.
pub fn all_reservations(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<Held>, Error> {
    let partner = own_partner(tx, call)?;
    let limit = limit.clamp(1, PAGE_ROWS_MAX);
    let (mut within, mut mark) = match after {
        None => (None, None),
        Some(text) => {
            let wrong = || Error::malformed("$skiptoken", "is not one that a next link gave");
            let (customer, rest) = text.split_once('~').ok_or_else(wrong)?;
            let customer = TenantId::parse(customer).ok_or_else(wrong)?;
            (Some(customer), Some(rest.to_owned()).filter(|rest| !rest.is_empty()))
        }
    };
    let mut rows = Vec::new();
    loop {
        // What a mark names is looked at again from there; then come those after it.
        let next = match (within, &mark) {
            (Some(customer), Some(_)) => partners::customer(tx, partner.tenant, customer)?,
            _ => partners::customers(tx, partner.tenant, within, 1)?.into_iter().next(),
        };
        let Some(customer) = next else { return Ok(Page { rows, next: None }) };
        let id = customer.customer;
        within = Some(id);
        if seen(tx, app, call, id)?.is_none() {
            mark = None;
            continue;
        }
        let query = Query { limit: limit - rows.len(), after: mark.take(), ..Query::default() };
        let page = reservations(tx, app, call, id, &query)?;
        rows.extend(page.rows.into_iter().map(|(order, reservation)| Held {
            customer: id,
            customer_name: customer.name.clone(),
            order,
            reservation,
        }));
        mark = page.next;
        if rows.len() >= limit || mark.is_some() {
            let rest = mark.unwrap_or_default();
            return Ok(Page { rows, next: Some(format!("{id}~{rest}")) });
        }
    }
}

/// The customers of whose reservations the caller may see something, with the accounts that the
/// partner pays with for them: what [`list`] finds, all at once. Nothing where the caller is not an
/// agent at home.
///
/// # Errors
/// Those of the database.
pub fn sold(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Option<Vec<SoldTo>>, Error> {
    let caller = &call.caller;
    if caller.home != caller.tenant {
        return Ok(None);
    }
    let Some(partner) = partners::partner(tx, caller.tenant)? else { return Ok(None) };
    let today = utc_day(call.now);
    let roles = partners::roles(tx, partner.tenant, caller.principal, today)?;
    if roles.is_empty() {
        return Ok(None);
    }
    let rows = app.sold.by(tx, &partner, today)?;
    let guest_in = portfolio::guest_in(tx, caller.principal, caller.home)?;
    // Where the relationship holds, what an agent sees hangs on being a guest there and on nothing
    // else of the customer.
    let relationship = Relationship { since: today, until: None, azure_plan: false, market: None };
    let sees = |is_guest: bool| {
        let facts = Facts {
            partner: partner.tenant,
            partner_name: partner.name.clone(),
            kind: partner.kind,
            provider: None,
            relationship: Some(relationship.clone()),
            roles: roles.clone(),
            is_guest,
            is_named: false,
        };
        Ok::<bool, Error>(decide(&app.book, &facts, &PartnerTask::See, call.now)?.is_approved())
    };
    let (as_agent, as_guest) = (sees(false)?, sees(true)?);
    let sees = |row: &&SoldTo| if guest_in.contains(&row.customer) { as_guest } else { as_agent };
    Ok(Some(rows.iter().filter(sees).cloned().collect()))
}

/// Whether a customer may buy reservations for itself.
///
/// # Errors
/// As [`show`].
pub fn permission(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
) -> Result<Option<Permission>, Error> {
    let (_, standing) = act_for(tx, app, call, customer, PartnerTask::SeePermission)?;
    let known = standing.customer.ok_or_else(|| absent_customer(customer))?;
    Ok(partners::permission(tx, known.partner, customer, RESERVATIONS)?)
}

/// What is written into the audit when a customer may buy from then on.
pub(crate) const ALLOWED: &str = "create-customer-purchase-permissions";

/// What such a line is about.
pub(crate) fn permission_target(customer: TenantId) -> String {
    format!("customer/{customer}/permissions/{RESERVATIONS}")
}

/// Lets a customer buy reservations for itself, which the partner pays, or stops letting it. Each
/// change is recorded in the customer's tenant; saying the same again changes nothing.
///
/// # Errors
/// As [`show`].
pub fn permit(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    allowed: bool,
) -> Result<Permission, Error> {
    let action = if allowed { ALLOWED } else { "delete-customer-purchase-permissions" };
    let target = permission_target(customer);
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::ChangePermission)?;
    let known = standing.customer.ok_or_else(|| absent_customer(customer))?;
    let before = partners::permission(tx, known.partner, customer, RESERVATIONS)?;
    let said = Permission { allowed, changed_at: call.now, changed_by: call.caller.principal };
    // By default nothing is allowed, and to say so changes nothing.
    if before.as_ref().map_or(!allowed, |before| before.allowed == allowed) {
        return Ok(before.unwrap_or(said));
    }
    partners::put_permission(tx, known.partner, customer, RESERVATIONS, &said)?;
    let details = json!({ "partner": known.partner, "allowed": allowed });
    audit::line(tx, &there, &audit::Event::new(action, target).with(&details)?)?;
    Ok(said)
}
