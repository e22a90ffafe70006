//! What partners' agents do for customers, and what that leaves to the customers themselves.
//!
//! An agent is somebody of the partner's own tenant with a Partner Center role. Acting for a
//! customer means acting in the customer's tenant; what is done there is the customer's, and is
//! recorded with who did it and for whom they did it.

mod act;
pub mod cart;
pub mod customers;
pub mod inventory;
mod sold;

pub use act::{act_for, agent_account};
pub(crate) use act::{agent_by_id, as_agent, tenants_of};
pub(crate) use sold::Sold;

use crate::{App, Call, Error};
use prorata_domain::Decision;
use prorata_domain::access::{self, Assignment, Scope, role};
use prorata_domain::ids::{PrincipalId, SubscriptionId, TenantId};
use prorata_domain::partner::{Asker, Buying, Facts, Grant, PartnerKind, PartnerTask, decide};
use prorata_domain::policy::{Agreement, Book};
use prorata_domain::reservation::{BillingAccount, Order};
use prorata_domain::term::utc_day;
use prorata_store::partners::{self, Customer, Seller};
use prorata_store::{Tx, directory, world};

/// What a customer may be allowed to buy for itself.
pub(crate) const RESERVATIONS: &str = "reservations";

/// Who acts for which customer, and on what ground.
#[derive(Debug, Clone)]
pub struct Standing {
    pub facts: Facts,
    /// The relationship with the customer; none where there never was one.
    pub customer: Option<Customer>,
}

impl Standing {
    /// Decides one task.
    ///
    /// # Errors
    /// None but those of all decisions.
    pub fn decide(
        &self,
        app: &App,
        call: &Call,
        task: PartnerTask,
    ) -> Result<Decision<Grant>, Error> {
        Ok(decide(&app.book, &self.facts, &task, call.now)?)
    }

    /// Refuses what the agent may not, with everything that was looked at.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn require(&self, app: &App, call: &Call, task: PartnerTask) -> Result<Grant, Error> {
        let decision = self.decide(app, call, task)?;
        match (decision.refusal, decision.proposal) {
            (None, Some(grant)) => Ok(grant),
            (Some(refusal), _) => Err(Error::refused(refusal, decision.findings)),
            (None, None) => Err(Error::Broken("an agent may without a role".to_owned())),
        }
    }
}

/// How somebody of a tenant stands to a customer; nothing where that tenant is no partner.
///
/// # Errors
/// Those of the database.
pub fn standing(
    tx: &mut Tx<'_>,
    call: &Call,
    home: TenantId,
    principal: PrincipalId,
    customer: TenantId,
) -> Result<Option<Standing>, Error> {
    let Some(partner) = partners::partner(tx, home)? else { return Ok(None) };
    let today = utc_day(call.now);
    let (mut known, mut provider) = (partners::customer(tx, home, customer)?, None);
    if known.is_none() && partner.kind == PartnerKind::IndirectReseller {
        let through = partners::resold(tx, home, customer)?;
        let holds = |row: &&Customer| row.relationship.holds_on(today);
        known = through.iter().find(holds).or(through.first()).cloned();
        if let Some(through) = &known {
            provider = directory::tenant(tx, through.partner)?.map(|tenant| tenant.name);
        }
    }
    let guest = world::principal(tx, customer, principal)?;
    let facts = Facts {
        partner: home,
        partner_name: partner.name,
        kind: partner.kind,
        provider,
        relationship: known.as_ref().map(|row| row.relationship.clone()),
        roles: partners::roles(tx, home, principal, today)?,
        is_guest: guest.is_some_and(|guest| guest.home == Some(home)),
        is_named: false,
    };
    Ok(Some(Standing { facts, customer: known }))
}

/// The caller as an agent, for the evaluator: what was decided of each task. Nothing for whoever
/// is at home in the tenant, for a guest who is no agent, and for what another partner sells or
/// none does.
///
/// A role by name in the customer's tenant is a ground of its own, and is not asked for here.
///
/// # Errors
/// Those of the database.
pub(crate) fn agent(
    tx: &mut Tx<'_>,
    book: &Book,
    call: &Call,
    billing_account: &str,
) -> Result<Option<access::Agent>, Error> {
    let caller = &call.caller;
    if caller.home == caller.tenant {
        return Ok(None);
    }
    let found = standing(tx, call, caller.home, caller.principal, caller.tenant)?;
    let Some(standing) = found.filter(|standing| !standing.facts.roles.is_empty()) else {
        return Ok(None);
    };
    let through = standing.customer.as_ref().map(|customer| customer.partner);
    let seller = partners::seller(tx, billing_account)?.map(|seller| seller.partner);
    if through.is_none() || seller != through {
        return Ok(None);
    }
    let mut tasks = Vec::with_capacity(PartnerTask::ALL.len());
    for &task in PartnerTask::ALL {
        // What is bought by a cart is bought in Partner Center, wherever it is recorded.
        let asked = match task {
            PartnerTask::BuyInPortal if call.in_partner_center => PartnerTask::Buy,
            task => task,
        };
        let decision = decide(book, &standing.facts, &asked, call.now)?;
        let verdict = match (decision.refusal, decision.proposal) {
            (None, Some(grant)) => Ok(grant.role.title().to_owned()),
            (Some(refusal), _) => Err(with_repairs(&refusal)),
            (None, None) => Err("no role allows it".to_owned()),
        };
        tasks.push(access::AgentTask { name: task.as_str().to_owned(), verdict });
    }
    Ok(Some(access::Agent { partner: standing.facts.partner_name, tasks }))
}

/// The accounts of which the caller, as an agent, sees what they pay for in the customer's tenant.
///
/// # Errors
/// Those of the database.
pub(crate) fn seen_accounts(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<String>, Error> {
    let caller = &call.caller;
    if caller.home == caller.tenant {
        return Ok(Vec::new());
    }
    let found = standing(tx, call, caller.home, caller.principal, caller.tenant)?;
    let Some(standing) = found else { return Ok(Vec::new()) };
    let sees = decide(Book::built_in(), &standing.facts, &PartnerTask::See, call.now)?;
    match standing.customer.filter(|_| sees.is_approved()) {
        Some(customer) => Ok(partners::accounts(tx, customer.partner, customer.customer)?),
        None => Ok(Vec::new()),
    }
}

/// A reason with what would help.
fn with_repairs(refusal: &prorata_domain::Refusal) -> String {
    let repairs: Vec<String> = refusal.repairs.iter().map(ToString::to_string).collect();
    if repairs.is_empty() {
        refusal.reason.clone()
    } else {
        format!("{}; either {}", refusal.reason, repairs.join(", or "))
    }
}

/// Whether somebody acts as an agent whose standing is gone: the relationship does not hold, or no
/// role is left. Nothing of the customer's is there for them any more, whatever they were given.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_estranged(tx: &mut Tx<'_>, call: &Call) -> Result<bool, Error> {
    let caller = &call.caller;
    if caller.home == caller.tenant
        || world::principal(tx, caller.tenant, caller.principal)?.is_some()
    {
        return Ok(false);
    }
    let found = standing(tx, call, caller.home, caller.principal, caller.tenant)?;
    let today = utc_day(call.now);
    Ok(found.is_none_or(|standing| {
        let facts = &standing.facts;
        facts.roles.is_empty()
            || !facts.relationship.as_ref().is_some_and(|known| known.holds_on(today))
    }))
}

/// For whom the caller speaks about what an account pays for.
///
/// # Errors
/// Those of the database.
pub(crate) fn asker(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
) -> Result<Asker, Error> {
    if account.agreement != Agreement::Csp {
        return Ok(Asker::Holder);
    }
    let Some(seller) = partners::seller(tx, &account.id)? else { return Ok(Asker::Holder) };
    Ok(if call.caller.home == seller.partner {
        Asker::Partner { name: seller.name }
    } else {
        Asker::Customer { partner: seller.name }
    })
}

/// The partner that the caller has to ask for what gives up a part of an order; nothing where the
/// caller may ask for it by themselves, as far as that goes.
///
/// # Errors
/// Those of the database.
pub fn to_ask(tx: &mut Tx<'_>, call: &Call, order: &Order) -> Result<Option<String>, Error> {
    let Some(account) = world::billing_account(tx, &order.billing_account)? else {
        return Ok(None);
    };
    Ok(asker(tx, call, &account)?.partner_to_ask().map(str::to_owned))
}

/// What allows the caller to buy with an account that a partner pays; nothing where no partner is
/// recorded for it, or the caller is of the partner.
///
/// # Errors
/// Those of the database.
pub(crate) fn buying(
    tx: &mut Tx<'_>,
    call: &Call,
    account: &BillingAccount,
    subscription: SubscriptionId,
) -> Result<Option<Buying>, Error> {
    if account.agreement != Agreement::Csp {
        return Ok(None);
    }
    let Some(seller) = partners::seller(tx, &account.id)? else { return Ok(None) };
    let caller = &call.caller;
    let given = world::assignments_above_orders(tx, caller.tenant, caller.principal)?;
    buying_from(tx, call, &seller, subscription, &given)
}

fn buying_from(
    tx: &mut Tx<'_>,
    call: &Call,
    seller: &Seller,
    subscription: SubscriptionId,
    assigned: &[Assignment],
) -> Result<Option<Buying>, Error> {
    if call.caller.home == seller.partner {
        return Ok(None);
    }
    let said = partners::permission(tx, seller.partner, call.caller.tenant, RESERVATIONS)?;
    let allowed = said.is_some_and(|said| said.allowed);
    let scope = Scope::subscription(subscription);
    let mut roles: Vec<String> = assigned
        .iter()
        .filter(|given| given.scope.covers(&scope))
        .filter_map(|given| role(&given.role).map(|role| role.name.clone()))
        .collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(Some(Buying { partner: seller.name.clone(), allowed, roles }))
}

/// The tenant as a partner's customer, for the evaluator: by whom what an account pays for is
/// sold, and why the caller may not buy with a subscription.
///
/// # Errors
/// Those of the database.
pub(crate) fn customer(
    tx: &mut Tx<'_>,
    book: &Book,
    call: &Call,
    account: &str,
    buys_with: Option<SubscriptionId>,
    assigned: &[Assignment],
) -> Result<Option<access::Customer>, Error> {
    let Some(seller) = partners::seller(tx, account)? else { return Ok(None) };
    let buying = match buys_with {
        Some(subscription) => buying_from(tx, call, &seller, subscription, assigned)?,
        None => None,
    };
    let clauses = book.in_force(utc_day(call.now));
    let refused = buying.and_then(|buying| buying.refusal(&clauses));
    let buying_refused = refused.map(|refusal| with_repairs(&refusal));
    Ok(Some(access::Customer { partner: seller.name, buying_refused }))
}
