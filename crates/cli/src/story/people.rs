//! Who acts in the story.

use super::{AppliedScope, BillingPlan, Failure, Request, Term, unlike};
use prorata_app::world::{Document, principal_id};
use prorata_app::{App, Call, Caller, PartnerAgent};
use prorata_domain::ids::SubscriptionId;
use uuid::Uuid;

/// The customers' principals, and an agent.
pub struct People {
    pub alder: Person,
    pub birch: Person,
    pub cedar: Person,
    /// The partner's agent, acting for Cedar Games.
    pub agent: Person,
}

/// A principal and the subscription they pay with.
pub struct Person {
    /// The customer, or the partner and the customer, as the story names them.
    pub customer: String,
    caller: Caller,
    subscription: SubscriptionId,
}

impl People {
    /// # Errors
    /// When the world lacks one of them.
    pub fn of(world: &Document) -> Result<People, Failure> {
        Ok(People {
            alder: Person::named(world, "alder-owner")?,
            birch: Person::named(world, "birch-owner")?,
            cedar: Person::named(world, "cedar-owner")?,
            agent: Person::agent(world, "fir-agent", "cedar-owner")?,
        })
    }
}

impl Person {
    fn named(world: &Document, name: &str) -> Result<Person, Failure> {
        let absent = || unlike("somebody is missing from the sample world");
        let row = world.principals.iter().find(|row| row.name == name).ok_or_else(absent)?;
        let tenant = world.tenants.iter().find(|tenant| tenant.id == row.tenant_id);
        let paying = world.subscriptions.iter().find(|paying| paying.tenant_id == row.tenant_id);
        Ok(Person {
            customer: tenant.ok_or_else(absent)?.name.clone(),
            caller: Caller::new(
                row.tenant_id,
                principal_id(row),
                row.client_id.to_string(),
                row.name.clone(),
            ),
            subscription: paying.ok_or_else(absent)?.id,
        })
    }

    /// An agent of a partner, in the tenant of the customer that somebody is of.
    fn agent(world: &Document, name: &str, of: &str) -> Result<Person, Failure> {
        let absent = || unlike("somebody is missing from the sample world");
        let row = world.principals.iter().find(|row| row.name == name).ok_or_else(absent)?;
        let partner = world.tenants.iter().find(|tenant| tenant.id == row.tenant_id);
        let partner = &partner.ok_or_else(absent)?.name;
        let there = Person::named(world, of)?;
        let agent = PartnerAgent { tenant: row.tenant_id, roles: Vec::new() };
        Ok(Person {
            customer: format!("{partner}, for {}, ", there.customer).trim_end().to_owned(),
            caller: Caller {
                home: row.tenant_id,
                agent: Some(agent),
                ..Caller::new(
                    there.caller.tenant,
                    principal_id(row),
                    row.client_id.to_string(),
                    row.name.clone(),
                )
            },
            subscription: there.subscription,
        })
    }

    /// A call of theirs, now.
    pub fn call(&self, app: &App) -> Call {
        Call::new(self.caller.clone(), app.now(), Uuid::new_v4())
    }

    /// A virtual machine size that they want to reserve.
    pub fn wants(
        &self,
        sku: &str,
        location: &str,
        term: Term,
        plan: BillingPlan,
        quantity: u32,
        name: &str,
    ) -> Request {
        Request {
            resource_type: "VirtualMachines".to_owned(),
            sku: sku.to_owned(),
            location: Some(location.to_owned()),
            billing_subscription: self.subscription,
            term,
            plan,
            quantity,
            display_name: name.to_owned(),
            applied_scope: AppliedScope::Shared,
            instance_flexibility: None,
            renew: false,
            review_at: None,
        }
    }
}
