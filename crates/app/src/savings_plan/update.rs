//! Changing a savings plan: its name, where its benefit goes, and what happens at its end.

use super::plan_of;
use crate::access;
use crate::catalog::{paying_account, scope_fault};
use crate::operations::{Deed, Kind, record_document};
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Scope};
use prorata_domain::decision::Refusal;
use prorata_domain::ids::{AssignmentId, OperationId, SavingsPlanId, SavingsPlanOrderId};
use prorata_domain::policy::ClauseId;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::savings_plan::purchase::Request;
use prorata_domain::savings_plan::{SavingsPlan, State};
use prorata_store::savings_plans::{self, HeldRow};
use prorata_store::{Tx, world};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What is to be changed; what is nothing stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub display_name: Option<String>,
    pub applied_scope: Option<AppliedScope>,
    pub renew: Option<bool>,
    /// What is bought at the end in place of the same again.
    pub renewal: Option<Request>,
}

/// Why a change would not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    pub clause: ClauseId,
    pub code: &'static str,
    pub reason: String,
}

/// Changes a plan.
///
/// # Errors
/// [`Error::Malformed`] when the change says nothing or cannot be; [`Error::Absent`] or
/// [`Error::Denied`].
pub fn update(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    order: SavingsPlanOrderId,
    id: SavingsPlanId,
    change: &Change,
) -> Result<HeldRow, Error> {
    let permit = access::savings_plan(tx, call, Action::ManageSavingsPlan, order, id)?;
    let (order, plan) = plan_of(tx, call, order, id)?;
    if let Some(objection) = objection(tx, call, &order, &plan, change)? {
        return Err(Error::refused(
            Refusal {
                clause: objection.clause,
                code: objection.code.into(),
                reason: objection.reason,
                repairs: Vec::new(),
            },
            Vec::new(),
        ));
    }
    let was = plan.revision;
    let changed = SavingsPlan {
        display_name: change.display_name.clone().unwrap_or(plan.display_name),
        applied_scope: change.applied_scope.clone().unwrap_or(plan.applied_scope),
        renew: change.renew.unwrap_or(plan.renew),
        renewal: change.renewal.clone().or(plan.renewal),
        effective_at: call.now,
        updated_at: call.now,
        revision: was + 1,
        ..plan
    };
    let operation = OperationId(tx.new_id());
    if !savings_plans::update(tx, &changed, was, operation)? {
        return Err(Error::Busy(format!("savings plan `{id}` was changed meanwhile")));
    }
    let deed = Deed {
        permit: &permit,
        id: operation,
        kind: Kind::SavingsPlanChange,
        target: format!("savings-plan-order/{}/savings-plan/{id}", order.id),
        billing_account: &order.billing_account,
        counted: None,
    };
    record_document(tx, call, &deed, None, serde_json::to_string(change)?)?;
    Ok((order, changed))
}

/// Whether each of some changes of a plan would be made.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn validate(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    order: SavingsPlanOrderId,
    id: SavingsPlanId,
    changes: &[Change],
) -> Result<Vec<Option<Objection>>, Error> {
    let _ = access::savings_plan(tx, call, Action::ManageSavingsPlan, order, id)?;
    let (order, plan) = plan_of(tx, call, order, id)?;
    changes.iter().map(|change| objection(tx, call, &order, &plan, change)).collect()
}

fn objection(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &prorata_domain::savings_plan::Order,
    plan: &SavingsPlan,
    change: &Change,
) -> Result<Option<Objection>, Error> {
    let object = |clause, code, reason: String| Ok(Some(Objection { clause, code, reason }));
    let (state, scoped) = (ClauseId::ReservationState, ClauseId::AppliedScope);
    if plan.state != State::Active {
        let reason = format!("savings plan `{}` has ended and can no longer be changed", plan.id);
        return object(state, "OperationCannotBePerformedInCurrentState", reason);
    }
    if *change == Change::default() {
        let reason = "the change names nothing; give `displayName`, `appliedScopeType`, `renew` or \
                      `renewProperties`";
        return object(state, "BadRequest", reason.to_owned());
    }
    let same = change.display_name.as_ref().is_none_or(|it| *it == plan.display_name)
        && change.applied_scope.as_ref().is_none_or(|it| *it == plan.applied_scope)
        && change.renew.is_none_or(|it| it == plan.renew)
        && change.renewal.as_ref().is_none_or(|it| Some(it) == plan.renewal.as_ref());
    if same {
        let code = match change.applied_scope {
            Some(_) => "AppliedScopesSameAsExisting",
            None => "PatchValuesSameAsExisting",
        };
        return object(scoped, code, "the savings plan is like that already".to_owned());
    }
    if let Some(scope) = &change.applied_scope {
        let account = super::account_of(tx, order)?;
        if let Some(fault) = scope_fault(tx, call, &account, scope)? {
            return object(scoped, "AppliedScopesNotAssociatedWithCommerceAccount", fault);
        }
    }
    if let Some(renewal) = &change.renewal {
        let account = match paying_account(tx, call, renewal.billing_subscription) {
            Ok(account) => account,
            Err(Error::Absent { what, code }) => {
                return object(scoped, code, format!("there is no {what}"));
            }
            Err(error) => return Err(error),
        };
        if let Some(fault) = scope_fault(tx, call, &account, &renewal.applied_scope)? {
            return object(scoped, "AppliedScopesNotAssociatedWithCommerceAccount", fault);
        }
    }
    Ok(None)
}

/// Makes the caller, who may give roles there, an owner of an order; answers the role.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`].
pub fn elevate(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    order: SavingsPlanOrderId,
) -> Result<world::RoleAssignment, Error> {
    let _ = access::savings_plan_order(tx, call, Action::Assign, order)?;
    super::held(tx, call, order)?;
    // The same caller and order are the same role, however often it is asked for.
    let name = format!("{}/{}/{order}", call.caller.tenant, call.caller.principal);
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(name)[..16]);
    let given = world::RoleAssignment {
        id: AssignmentId(Uuid::from_bytes(id)),
        tenant: call.caller.tenant,
        principal: call.caller.principal,
        role: "Owner".to_owned(),
        scope: Scope::savings_plan_order(order).as_str().to_owned(),
    };
    world::put_assignment(tx, &given)?;
    Ok(given)
}
