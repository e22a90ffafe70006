//! Approval policies: asking them, keeping deeds from walking around them, and setting them.

use super::ask::{Ask, Priced, payers};
use super::rights::{may_do, roles};
use crate::audit::{self, Event};
use crate::{App, Call, Error, Fault, access};
use prorata_domain::access::{Action, Scope as Place};
use prorata_domain::decision::Finding;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::policy::ClauseId;
use prorata_domain::request::Running;
use prorata_domain::request::approval::{Facts, Need, Payer, Policy, Scope, decide, refuse_direct};
use prorata_domain::request::figures::{Figures, Tolerance};
use prorata_domain::request::form::{self, Form};
use prorata_domain::reservation::BillingAccount;
use prorata_domain::term::utc_day;
use prorata_ledger::MoneyError;
use prorata_store::{Tx, approval_policies as rows, world};
use serde_json::json;

/// By what a deed is done that approval policies may speak of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leave<'r> {
    /// At the caller's own wish: a policy may want it to be asked for first.
    Wish,
    /// It was asked for and approved; a request that runs is the proof.
    Request(&'r Running),
}

/// The policies about those who pay, in the order in which they are looked at.
fn about(tx: &mut Tx<'_>, tenant: TenantId, payers: &[Payer]) -> Result<Vec<Policy>, Error> {
    let mut all: Vec<Policy> = Vec::new();
    for payer in payers {
        let customer = payer.customer.as_deref().unwrap_or_default();
        for document in rows::about(tx, tenant, &payer.billing_account, customer)? {
            let policy: Policy = serde_json::from_str(&document)?;
            if !all.contains(&policy) {
                all.push(policy);
            }
        }
    }
    Ok(all)
}

/// What was asked of the policies, and what they answer.
pub(super) struct Asked {
    pub facts: Facts,
    pub need: Need,
    pub findings: Vec<Finding>,
}

/// Asks the policies about something that was priced; `call` is who asks for it.
pub(super) fn ask(
    tx: &mut Tx<'_>,
    call: &Call,
    ask: &Ask,
    priced: &Priced,
) -> Result<Option<Asked>, Error> {
    let Some(figures) = priced.figures.clone() else { return Ok(None) };
    let facts = Facts {
        tenant: call.caller.tenant,
        payers: priced.payers.clone(),
        kind: ask.kind(),
        figures,
        roles: roles(tx, call, ask)?,
        may_do: may_do(tx, call, ask)?,
    };
    let policies = about(tx, facts.tenant, &facts.payers)?;
    let (need, findings) = decide(&policies, &facts);
    Ok(Some(Asked { facts, need, findings }))
}

/// How far a request may move: as its policies say, else as the policy book does.
pub(super) fn tolerances(app: &App, call: &Call, need: &Need) -> Vec<Tolerance> {
    if need.tolerances.is_empty() {
        let clauses = app.book.in_force(utc_day(call.now));
        return vec![Tolerance::Percent(clauses.request_tolerance.value.percent)];
    }
    need.tolerances.clone()
}

/// Refuses a deed at the caller's own wish that a policy wants to be asked for first. Without any
/// policy that requires requests this is one read.
///
/// # Errors
/// [`Error::Refused`] naming the policy, and how to ask.
pub(crate) fn guard(
    tx: &mut Tx<'_>,
    call: &Call,
    leave: Leave<'_>,
    accounts: &[&BillingAccount],
    wanted: impl FnOnce() -> Ask,
    figures: impl FnOnce() -> Result<Figures, MoneyError>,
) -> Result<(), Error> {
    match leave {
        Leave::Wish => {}
        Leave::Request(running) if running.runner() == call.caller.principal => return Ok(()),
        Leave::Request(_) => {
            return Err(Error::Broken("a request runs for somebody else".to_owned()));
        }
    }
    let payers = payers(accounts);
    let policies = about(tx, call.caller.tenant, &payers)?;
    if !policies.iter().any(|policy| policy.required) {
        return Ok(());
    }
    let wanted = wanted();
    let facts = Facts {
        tenant: call.caller.tenant,
        payers,
        kind: wanted.kind(),
        figures: figures()?,
        roles: roles(tx, call, &wanted)?,
        // Whoever got here may do it.
        may_do: true,
    };
    let (need, findings) = decide(&policies, &facts);
    match refuse_direct(&need, &facts) {
        Some(refusal) => Err(Error::refused(refusal, findings)),
        None => Ok(()),
    }
}

/// The policies that the caller's deeds may meet: those of their tenant, and of the accounts that
/// pay for its subscriptions.
///
/// # Errors
/// [`Error::Denied`] without the right to read all orders.
pub fn list_policies(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<Vec<Policy>, Error> {
    let _ = access::at(tx, call, Action::Read, &Place::capacity())?;
    let mut paying = paying(tx, call.caller.tenant)?;
    // The tenant's own are there also where nobody pays.
    paying.push(Payer { billing_account: String::new(), customer: None });
    about(tx, call.caller.tenant, &paying)
}

/// One policy.
///
/// # Errors
/// [`Error::Absent`]; those of [`list_policies`].
pub fn get_policy(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    scope: &Scope,
    name: &str,
) -> Result<Policy, Error> {
    let listed = list_policies(tx, app, call)?;
    let found = listed.into_iter().find(|policy| same(&policy.scope, scope) && policy.name == name);
    found.ok_or_else(|| absent(name))
}

fn same(one: &Scope, other: &Scope) -> bool {
    match (one, other) {
        (Scope::Tenant(one), Scope::Tenant(other)) => one == other,
        (Scope::BillingAccount(one), Scope::BillingAccount(other))
        | (Scope::Customer(one), Scope::Customer(other)) => one.eq_ignore_ascii_case(other),
        (Scope::Tenant(_) | Scope::BillingAccount(_) | Scope::Customer(_), _) => false,
    }
}

fn absent(name: &str) -> Error {
    Error::Absent { what: format!("approval policy `{name}`"), code: "ApprovalPolicyNotFound" }
}

/// Sets a policy; the same again changes nothing.
///
/// # Errors
/// [`Error::Denied`] for who may not give roles for the whole tenant; [`Error::Refused`] where it
/// would bind other tenants; [`Error::Malformed`] with every fault of the form.
pub fn put_policy(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    scope: &Scope,
    name: &str,
    form: &Form,
) -> Result<Policy, Error> {
    may_set(tx, call, scope)?;
    let before = named(tx, scope, name)?;
    let version = before.as_ref().map_or(0, |policy| policy.version);
    let policy = read(form, scope, name, version + 1, call)?;
    if let Some(before) = before.filter(|before| is_unchanged(before, &policy)) {
        return Ok(before);
    }
    rows::put(tx, &policy, &serde_json::to_string(&policy)?)?;
    tell(tx, call, "approval-policy-set", &policy)?;
    Ok(policy)
}

/// Takes a policy away; one that is not there is no fault.
///
/// # Errors
/// As [`put_policy`].
pub fn delete_policy(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    scope: &Scope,
    name: &str,
) -> Result<(), Error> {
    may_set(tx, call, scope)?;
    let Some(policy) = named(tx, scope, name)? else { return Ok(()) };
    rows::delete(tx, scope, name)?;
    tell(tx, call, "approval-policy-delete", &policy)
}

/// A policy of a world document, or that there is to be none: its operator sets and deletes them as
/// they like. Answers whether anything changed.
///
/// # Errors
/// [`Error::Malformed`].
pub fn world_policy(
    tx: &mut Tx<'_>,
    call: &Call,
    scope: &Scope,
    name: &str,
    form: Option<&Form>,
) -> Result<bool, Error> {
    let before = named(tx, scope, name)?;
    let Some(form) = form else {
        let Some(policy) = before else { return Ok(false) };
        rows::delete(tx, scope, name)?;
        tell(tx, call, "approval-policy-delete", &policy)?;
        return Ok(true);
    };
    let version = before.as_ref().map_or(0, |policy| policy.version);
    let policy = read(form, scope, name, version + 1, call)?;
    if before.is_some_and(|before| is_unchanged(&before, &policy)) {
        return Ok(false);
    }
    rows::put(tx, &policy, &serde_json::to_string(&policy)?)?;
    tell(tx, call, "approval-policy-set", &policy)?;
    Ok(true)
}

fn named(tx: &mut Tx<'_>, scope: &Scope, name: &str) -> Result<Option<Policy>, Error> {
    let document = rows::named(tx, scope, name)?;
    Ok(document.map(|document| serde_json::from_str(&document)).transpose()?)
}

fn read(
    form: &Form,
    scope: &Scope,
    name: &str,
    version: i64,
    call: &Call,
) -> Result<Policy, Error> {
    form::read(form, scope.clone(), name, version, utc_day(call.now)).map_err(|faults| {
        Error::Malformed(faults.into_iter().map(|(path, says)| Fault::new(path, says)).collect())
    })
}

fn is_unchanged(before: &Policy, now: &Policy) -> bool {
    Policy { version: before.version, since: before.since, ..now.clone() } == *before
}

fn tell(tx: &mut Tx<'_>, call: &Call, action: &str, policy: &Policy) -> Result<(), Error> {
    let target = format!("approval-policy/{}/{}", form::scope_path(&policy.scope), policy.name);
    audit::line(tx, call, &Event::new(action, target).with(&json!(policy))?)
}

/// Policies bind everybody's deeds, so who sets them may give roles for the whole tenant; and one
/// about an account or a customer is set where that concerns no other tenant.
fn may_set(tx: &mut Tx<'_>, call: &Call, scope: &Scope) -> Result<(), Error> {
    let _ = access::at(tx, call, Action::Assign, &Place::root())?;
    if let Scope::Tenant(tenant) = scope
        && *tenant != call.caller.tenant
    {
        return Err(absent("tenant"));
    }
    if pays_here(tx, call.caller.tenant, scope)?
        && rows::strangers(tx, call.caller.tenant, scope)? == 0
    {
        return Ok(());
    }
    Err(Error::refused(
        prorata_domain::Refusal {
            clause: ClauseId::Approval,
            code: "Forbidden".into(),
            reason: format!(
                "`{}` does not pay for subscriptions of this tenant alone; its approval policies \
                 are set by the operator, in the world document",
                form::scope_path(scope)
            ),
            repairs: Vec::new(),
        },
        Vec::new(),
    ))
}

/// Whether the tenant has a subscription that the policy would be about.
fn pays_here(tx: &mut Tx<'_>, tenant: TenantId, scope: &Scope) -> Result<bool, Error> {
    for payer in paying(tx, tenant)? {
        let about = match scope {
            Scope::Tenant(_) => true,
            Scope::BillingAccount(id) => payer.billing_account.eq_ignore_ascii_case(id),
            Scope::Customer(id) => {
                payer.customer.is_some_and(|customer| customer.eq_ignore_ascii_case(id))
            }
        };
        if about {
            return Ok(true);
        }
    }
    Ok(matches!(scope, Scope::Tenant(_)))
}

/// Whose deeds the caller may set policies about: the tenant's, and those of who pays for it alone.
/// Nothing for who may set none.
///
/// # Errors
/// Those of the database.
pub fn settable_scopes(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<Scope>, Error> {
    if !access::may(tx, call, Action::Assign, &Place::root())? {
        return Ok(Vec::new());
    }
    let tenant = call.caller.tenant;
    let mut found = vec![Scope::Tenant(tenant)];
    for payer in paying(tx, tenant)? {
        let account = Scope::BillingAccount(payer.billing_account);
        let customer = payer.customer.map(Scope::Customer);
        for scope in std::iter::once(account).chain(customer) {
            if !found.contains(&scope) && rows::strangers(tx, tenant, &scope)? == 0 {
                found.push(scope);
            }
        }
    }
    Ok(found)
}

/// The names of those whom policies name as approvers, as far as they are of the caller's tenant.
///
/// # Errors
/// Those of the database.
pub fn named_approvers(
    tx: &mut Tx<'_>,
    call: &Call,
    ids: &[PrincipalId],
) -> Result<Vec<(PrincipalId, String)>, Error> {
    let mut named = Vec::with_capacity(ids.len());
    for id in ids {
        let found = world::principal(tx, call.caller.tenant, *id)?;
        named.extend(found.map(|found| (*id, found.name)));
    }
    Ok(named)
}

/// Who pays for the subscriptions of a tenant.
fn paying(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Payer>, Error> {
    let mut paying: Vec<Payer> = Vec::new();
    for row in world::subscriptions(tx, tenant)? {
        if paying.iter().any(|payer| payer.billing_account == row.billing_account) {
            continue;
        }
        let account = world::billing_account(tx, &row.billing_account)?;
        paying.extend(account.iter().flat_map(|account| payers(&[account])));
    }
    Ok(paying)
}
