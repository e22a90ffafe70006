//! What the caller may read of all orders: the same answers that single reads give, for lists.

use super::facts::{self, paid_by, reads};
use crate::{Call, Error, partner};
use prorata_domain::access::{Action, Assignment, Facts, Scope, ScopeKind, grants, permits};
use prorata_domain::ids::{OrderId, ReservationId, SavingsPlanId, SavingsPlanOrderId};
use prorata_store::reservations::Visible;
use prorata_store::{Tx, access, world};
use std::collections::{BTreeMap, BTreeSet};

/// What the caller may read of a tenant's reservations.
#[derive(Debug, Clone)]
pub struct Readable {
    /// Orders that are read whole: all, or those with a ground to.
    pub orders: Visible,
    /// Reservations with a role of their own, in orders that are not read whole.
    pub parts: BTreeSet<(OrderId, ReservationId)>,
}

impl Readable {
    /// Reads what the caller may read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(tx: &mut Tx<'_>, call: &Call) -> Result<Readable, Error> {
        let facts = facts::all(tx, call, &Scope::capacity())?;
        if permits(&facts, Action::Read, &Scope::capacity()) {
            return Ok(Readable { orders: Visible::All, parts: BTreeSet::new() });
        }
        let (tenant, principal) = (call.caller.tenant, call.caller.principal);
        let assignments = world::assignments_of(tx, tenant, principal)?;
        let given = facts::with_roles(tx, call, assignments)?;
        let (mut orders, mut parts) = (BTreeSet::new(), BTreeSet::new());
        let mut by_role = ByRole::default();
        for one in &given.assignments {
            let Some(order) = one.scope.order_id() else { continue };
            if !by_role.reads(&given, one, Action::Read) {
                continue;
            }
            match one.scope.reservation_id() {
                Some(part) => drop(parts.insert((order, part))),
                None => drop(orders.insert(order)),
            }
        }
        for account in accounts(&facts) {
            let Some(payer) = access::payer(tx, &account)? else { continue };
            for (order, profile) in access::paid_orders(tx, tenant, &account)? {
                if reads(&paid_by(&facts, &payer, profile), order) {
                    orders.insert(order);
                }
            }
        }
        for account in partner::seen_accounts(tx, call)? {
            let paid = access::paid_orders(tx, tenant, &account)?;
            orders.extend(paid.into_iter().map(|(order, _)| order));
        }
        orders.extend(access::all_owned_when_paid(tx, tenant, principal)?.into_iter().map(OrderId));
        parts.retain(|(order, _)| !orders.contains(order));
        Ok(Readable { orders: Visible::Orders(orders.into_iter().collect()), parts })
    }

    /// Every order of which at least a part is read.
    pub(crate) fn with_parts(&self) -> Visible {
        let Visible::Orders(whole) = &self.orders else { return self.orders.clone() };
        let mut orders = whole.clone();
        orders.extend(self.parts.iter().map(|(order, _)| *order));
        orders.sort_unstable();
        orders.dedup();
        Visible::Orders(orders)
    }

    /// Whether anything of an order is read.
    pub(crate) fn holds_order(&self, order: OrderId) -> bool {
        self.reads(order) || self.parts.iter().any(|(part_of, _)| *part_of == order)
    }

    /// Whether an order is read whole.
    pub(crate) fn reads(&self, order: OrderId) -> bool {
        match &self.orders {
            Visible::Orders(whole) => whole.binary_search(&order).is_ok(),
            Visible::All | Visible::Assigned { .. } => true,
        }
    }

    pub(crate) fn holds(&self, order: OrderId, reservation: ReservationId) -> bool {
        self.reads(order) || self.parts.contains(&(order, reservation))
    }
}

/// Which savings plans the caller may read.
#[derive(Debug, Clone)]
pub struct ReadablePlans {
    all: bool,
    orders: BTreeSet<SavingsPlanOrderId>,
    plans: BTreeSet<Scope>,
}

impl ReadablePlans {
    /// Reads what the caller may read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(tx: &mut Tx<'_>, call: &Call) -> Result<ReadablePlans, Error> {
        let facts = facts::all(tx, call, &Scope::benefits())?;
        let all = permits(&facts, Action::ReadSavingsPlan, &Scope::benefits());
        let mut found = ReadablePlans { all, orders: BTreeSet::new(), plans: BTreeSet::new() };
        if all {
            return Ok(found);
        }
        let (tenant, principal) = (call.caller.tenant, call.caller.principal);
        let assignments = world::assignments_of(tx, tenant, principal)?;
        let given = facts::with_roles(tx, call, assignments)?;
        let mut by_role = ByRole::default();
        for one in &given.assignments {
            let Some(order) = one.scope.savings_plan_order_id() else { continue };
            if !by_role.reads(&given, one, Action::ReadSavingsPlan) {
                continue;
            }
            match one.scope.kind() {
                ScopeKind::SavingsPlanOrder => drop(found.orders.insert(order)),
                _ => drop(found.plans.insert(one.scope.clone())),
            }
        }
        for account in accounts(&facts) {
            let Some(payer) = access::payer(tx, &account)? else { continue };
            for (order, profile) in access::paid_savings_plan_orders(tx, tenant, &account)? {
                let scope = Scope::savings_plan_order(order);
                if permits(&paid_by(&facts, &payer, profile), Action::ReadSavingsPlan, &scope) {
                    found.orders.insert(order);
                }
            }
        }
        let owned = access::all_owned_when_paid(tx, tenant, principal)?;
        found.orders.extend(owned.into_iter().map(SavingsPlanOrderId));
        for account in partner::seen_accounts(tx, call)? {
            let paid = access::paid_savings_plan_orders(tx, tenant, &account)?;
            found.orders.extend(paid.into_iter().map(|(order, _)| order));
        }
        Ok(found)
    }

    pub(crate) fn whole(&self, order: SavingsPlanOrderId) -> bool {
        self.all || self.orders.contains(&order)
    }

    pub(crate) fn holds(&self, order: SavingsPlanOrderId, plan: SavingsPlanId) -> bool {
        self.whole(order) || self.plans.contains(&Scope::savings_plan(order, plan))
    }
}

/// What a role gives at the scope where it is given depends on the role and the kind of scope
/// alone: somebody who bought very many orders has as many assignments of one role.
#[derive(Default)]
struct ByRole(BTreeMap<(String, ScopeKind), bool>);

impl ByRole {
    fn reads(&mut self, facts: &Facts, given: &Assignment, action: Action) -> bool {
        let kind = given.scope.kind();
        if !matches!(
            kind,
            ScopeKind::Order
                | ScopeKind::Reservation
                | ScopeKind::SavingsPlanOrder
                | ScopeKind::SavingsPlan
        ) {
            return false;
        }
        let key = (given.role.clone(), kind);
        *self.0.entry(key).or_insert_with(|| grants(facts, given, action, &given.scope))
    }
}

/// The accounts on which there is a billing role.
fn accounts(facts: &Facts) -> BTreeSet<String> {
    facts.billing_roles.iter().map(|role| role.account.clone()).collect()
}
