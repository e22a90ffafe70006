//! What the caller sees of subscriptions and management groups.

use super::facts;
use crate::{Call, Error};
use prorata_domain::access::Action;
use prorata_domain::access::{Facts, Scope, permits, sees};
use prorata_domain::ids::SubscriptionId;
use prorata_store::{Tx, directory};
use std::collections::BTreeMap;

/// The caller's grounds above all orders, with the tenant's tree of groups.
pub(crate) struct Above {
    facts: Facts,
    /// Each group with the one right above it.
    parents: BTreeMap<String, Option<String>>,
    /// The group that each subscription is right in.
    members: BTreeMap<SubscriptionId, String>,
}

impl Above {
    /// Reads them.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn of(tx: &mut Tx<'_>, call: &Call) -> Result<Above, Error> {
        let tenant = call.caller.tenant;
        let facts = facts::all(tx, call, &Scope::root())?;
        let groups = directory::groups(tx, tenant)?;
        let members = directory::members(tx, tenant)?;
        Ok(Above {
            facts,
            parents: groups.into_iter().map(|group| (group.id, group.parent)).collect(),
            members: members.into_iter().map(|member| (member.id, member.group)).collect(),
        })
    }

    /// Whether the caller sees a subscription: they may look at it, or have a role in it.
    pub(crate) fn sees_subscription(&self, id: SubscriptionId) -> bool {
        let above = self.members.get(&id).map_or_else(Vec::new, |group| self.chain(group));
        self.sees(above, &Scope::subscription(id))
    }

    /// Whether the caller sees a management group.
    pub(crate) fn sees_group(&self, id: &str) -> bool {
        let mut above = self.chain(id);
        above.drain(..above.len().min(1));
        self.sees(above, &Scope::management_group(id))
    }

    /// Whether the caller reads every order of the tenant.
    pub(crate) fn reads_all_orders(&self) -> bool {
        permits(&self.facts, Action::Read, &Scope::capacity())
    }

    /// The accounts on which the caller has a billing role by which they read an order.
    pub(crate) fn reads_paid_by(&self, account: &str) -> bool {
        let reads = |role: &&prorata_domain::access::BillingRole| {
            role.name.definition().actions.contains(&Action::Read)
        };
        self.facts
            .billing_roles
            .iter()
            .filter(reads)
            .any(|role| role.account.eq_ignore_ascii_case(account))
    }

    fn sees(&self, groups: Vec<Scope>, scope: &Scope) -> bool {
        sees(&Facts { groups, ..self.facts.clone() }, scope)
    }

    /// A group and those above it, the nearest first.
    fn chain(&self, id: &str) -> Vec<Scope> {
        let (mut above, mut next) = (Vec::new(), Some(id.to_owned()));
        // A tree is no deeper than it has groups, also where rows should go round in a circle.
        while let Some(id) = next.filter(|_| above.len() <= self.parents.len()) {
            above.push(Scope::management_group(&id));
            next = self.parents.get(&id).cloned().flatten();
        }
        above
    }
}
