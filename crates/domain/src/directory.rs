//! Moving an order with all its reservations to another tenant.
//!
//! Who pays stays the same. Scopes keep pointing where they did, and keep discounting it; only a
//! management group is nothing in another tenant, so that scope has to be chosen again.

use crate::decision::{Decision, Impossible, Line, Outcome, Refusal};
use crate::ids::{OrderId, ReservationId, TenantId};
use crate::policy::{Book, ClauseId};
use crate::proration::structural;
use crate::rearrange::Item;
use crate::reservation::{AppliedScope, NoBenefit, Order, Reservation};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything a change of directory may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub order: OrderId,
    /// The tenant that has the order now.
    pub tenant: TenantId,
    /// Every reservation of the order, ended ones included.
    pub items: Vec<Item>,
    /// Whether the caller is known in the destination, as somebody of that tenant or as a guest:
    /// nobody can be given orders by strangers, nor learn which tenants there are.
    pub caller_is_known_there: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub destination: TenantId,
}

/// What a change of directory does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub destination: TenantId,
    pub reservations: Vec<ReservationId>,
    /// Those whose scope is a management group of the tenant that is left.
    pub without_benefit: Vec<ReservationId>,
}

/// Decides a change of directory.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    _book: &Book,
    facts: &Facts,
    request: &Request,
    _now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let to = request.destination;
    let reason = if to == facts.tenant {
        Some(format!("order `{}` is in tenant `{to}` already", facts.order))
    } else if !facts.caller_is_known_there {
        Some(format!("there is no tenant `{to}` in which you are known"))
    } else {
        None
    };
    let outcome = if reason.is_none() { Outcome::Met } else { Outcome::NotMet };
    let lines =
        vec![Line::new("tenant", facts.tenant.to_string()), Line::new("to", to.to_string())];
    let findings = vec![structural(ClauseId::Directory, None, outcome, lines)];
    let refusal = reason.map(|reason| Refusal {
        clause: ClauseId::Directory,
        code: "InvalidTenantId".into(),
        reason,
        repairs: Vec::new(),
    });
    let loses = |item: &&Item| {
        item.reservation.state.is_active()
            && matches!(item.reservation.applied_scope, AppliedScope::ManagementGroup { .. })
    };
    let proposal = refusal.is_none().then(|| Plan {
        destination: to,
        reservations: facts.items.iter().map(|item| item.reservation.id).collect(),
        without_benefit: facts.items.iter().filter(loses).map(|item| item.reservation.id).collect(),
    });
    Ok(Decision { proposal, refusal, findings })
}

/// The order and its reservations as they are in the other tenant.
pub fn carry_out(
    order: &Order,
    reservations: &[Reservation],
    plan: &Plan,
    now: Timestamp,
) -> (Order, Vec<Reservation>) {
    let moved = Order { tenant: plan.destination, version: order.version + 1, ..order.clone() };
    let rows = reservations
        .iter()
        .map(|was| Reservation {
            tenant: plan.destination,
            no_benefit: if plan.without_benefit.contains(&was.id) {
                Some(NoBenefit::ManagementGroupMissing)
            } else {
                was.no_benefit
            },
            updated_at: now,
            revision: was.revision + 1,
            ..was.clone()
        })
        .collect();
    (moved, rows)
}
