//! The partners of a world document: their customers, what they pay these with, and their agents.

use super::{Count, Document, principal_id};
use crate::{App, Error, Fault};
use jiff::civil::Date;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::partner::{PartnerKind, PartnerRole, Relationship};
use prorata_domain::policy::Agreement;
use prorata_store::partners::{Agent, Customer};
use prorata_store::{Tx, partners, world};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A tenant that sells to others.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartnerRow {
    pub tenant_id: TenantId,
    /// `direct-bill`, `indirect-provider` or `indirect-reseller`.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<CustomerRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentRow>,
}

/// A customer of the partner. An indirect reseller's customers are told with its provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerRow {
    pub tenant_id: TenantId,
    /// The first day of the relationship.
    pub since: Date,
    /// The first day without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The accounts, of agreement `csp`, with which the partner pays for the customer.
    #[serde(default)]
    pub billing_accounts: Vec<String>,
    /// Whether the customer buys under an Azure plan.
    #[serde(default)]
    pub azure_plan: bool,
    /// The customer's market by its ISO 3166 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<String>,
    /// The indirect reseller through whom an indirect provider sells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_tenant_id: Option<TenantId>,
}

/// Somebody of the partner with a Partner Center role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgentRow {
    pub client_id: Uuid,
    /// `Admin agent`, `Sales agent` and so on.
    pub role: String,
    /// The first day of the role; left out, it is had since ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The first day without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What the rows come to.
#[derive(Default)]
pub(super) struct Checked {
    partners: Vec<(TenantId, PartnerKind)>,
    customers: Vec<Customer>,
    accounts: Vec<(String, TenantId, TenantId)>,
    agents: Vec<(TenantId, Agent)>,
}

/// What is kept already of all that the rows name.
#[derive(Default)]
struct Kept {
    tenants: BTreeSet<TenantId>,
    kinds: BTreeMap<TenantId, PartnerKind>,
    csp: BTreeSet<String>,
    clients: BTreeMap<(TenantId, Uuid), PrincipalId>,
}

/// Writes partners, then their customers with what pays for these, and agents.
pub(super) fn put(tx: &mut Tx<'_>, checked: &Checked, count: &mut Count) -> Result<(), Error> {
    for (tenant, kind) in &checked.partners {
        count.add(partners::put_partner(tx, *tenant, *kind)?);
    }
    for row in &checked.customers {
        count.add(partners::put_customer(tx, row)?);
    }
    for (account, partner, customer) in &checked.accounts {
        count.add(partners::put_account(tx, account, *partner, *customer)?);
    }
    for (partner, agent) in &checked.agents {
        count.add(partners::put_agent(tx, *partner, agent)?);
    }
    Ok(())
}

/// What the rows come to, or everything that is wrong with them.
pub(super) fn check(
    app: &App,
    document: &Document,
    faults: &mut Vec<Fault>,
) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    if document.partners.is_empty() {
        return Ok(checked);
    }
    let kept = kept(app, document)?;
    let mut seen = BTreeSet::new();
    for (index, row) in document.partners.iter().enumerate() {
        let at = format!("partners[{index}]");
        if !kept.tenants.contains(&row.tenant_id) {
            faults.push(Fault::new(
                format!("{at}.tenantId"),
                "must name a tenant of this or an earlier world",
            ));
        }
        if !seen.insert(row.tenant_id) {
            faults.push(Fault::new(format!("{at}.tenantId"), "is there twice"));
        }
        let kind = PartnerKind::parse(&row.kind);
        if kind.is_none() {
            let message = "must be one of direct-bill, indirect-provider, indirect-reseller";
            faults.push(Fault::new(format!("{at}.kind"), message));
        }
        checked.partners.extend(kind.map(|kind| (row.tenant_id, kind)));
        for (number, customer) in row.customers.iter().enumerate() {
            let at = |field: &str| format!("{at}.customers[{number}].{field}");
            check_customer(row, kind, customer, &kept, &at, &mut checked, faults);
        }
        for (number, agent) in row.agents.iter().enumerate() {
            let at = |field: &str| format!("{at}.agents[{number}].{field}");
            check_agent(row.tenant_id, agent, &kept, &at, &mut checked, faults);
        }
    }
    let mut paid = BTreeSet::new();
    for (account, ..) in &checked.accounts {
        if !paid.insert(account) {
            let message = format!("names account `{account}`, which another customer has already");
            faults.push(Fault::new("partners.customers.billingAccounts", message));
        }
    }
    Ok(checked)
}

fn kept(app: &App, document: &Document) -> Result<Kept, Error> {
    let mut kept = Kept::default();
    kept.tenants.extend(document.tenants.iter().map(|row| row.id));
    let csp = document.billing_accounts.iter().filter(|row| row.agreement == "csp");
    kept.csp.extend(csp.map(|row| row.id.clone()));
    for row in &document.principals {
        kept.clients.insert((row.tenant_id, row.client_id), principal_id(row));
    }
    let rows = document.partners.clone();
    app.read(move |tx, _| {
        kept.tenants.extend(world::tenants(tx)?.into_iter().map(|tenant| tenant.id));
        for row in &rows {
            for customer in &row.customers {
                for account in &customer.billing_accounts {
                    let found = world::billing_account(tx, account)?;
                    let sold = found.filter(|found| found.agreement == Agreement::Csp);
                    kept.csp.extend(sold.map(|found| found.id));
                }
                if let Some(reseller) = customer.reseller_tenant_id {
                    let found = partners::partner(tx, reseller)?;
                    kept.kinds.extend(found.map(|found| (reseller, found.kind)));
                }
            }
            for agent in &row.agents {
                let client = agent.client_id.to_string();
                let found = world::principal_by_client(tx, row.tenant_id, &client)?;
                let at_home = found.filter(|found| found.home.is_none());
                kept.clients.extend(at_home.map(|own| ((row.tenant_id, agent.client_id), own.id)));
            }
        }
        // What the document says of a partner is what will hold.
        for row in &rows {
            kept.kinds.extend(PartnerKind::parse(&row.kind).map(|kind| (row.tenant_id, kind)));
        }
        Ok(kept)
    })
}

fn check_customer(
    partner: &PartnerRow,
    kind: Option<PartnerKind>,
    row: &CustomerRow,
    kept: &Kept,
    at: &impl Fn(&str) -> String,
    checked: &mut Checked,
    faults: &mut Vec<Fault>,
) {
    let mut refuse = |field: &str, message: &str| faults.push(Fault::new(at(field), message));
    if !kept.tenants.contains(&row.tenant_id) {
        refuse("tenantId", "must name a tenant of this or an earlier world");
    }
    if row.tenant_id == partner.tenant_id {
        refuse("tenantId", "must be another tenant than the partner's");
    }
    if kind == Some(PartnerKind::IndirectReseller) {
        refuse("tenantId", "is told with the provider of an indirect reseller");
    }
    if row.until.is_some_and(|until| until <= row.since) {
        refuse("until", "must come after `since`");
    }
    let is_code =
        |text: &String| text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase());
    if row.market.as_ref().is_some_and(|market| !is_code(market)) {
        refuse("market", "must be an ISO 3166 code of two capital letters");
    }
    if let Some(reseller) = row.reseller_tenant_id {
        if kind != Some(PartnerKind::IndirectProvider) {
            refuse("resellerTenantId", "is for the customers of an indirect provider");
        } else if kept.kinds.get(&reseller) != Some(&PartnerKind::IndirectReseller) {
            refuse("resellerTenantId", "must name an indirect reseller");
        }
    }
    for account in &row.billing_accounts {
        if !kept.csp.contains(account) {
            refuse("billingAccounts", "must name billing accounts of agreement csp");
        }
        checked.accounts.push((account.clone(), partner.tenant_id, row.tenant_id));
    }
    checked.customers.push(Customer {
        partner: partner.tenant_id,
        customer: row.tenant_id,
        name: String::new(),
        relationship: Relationship {
            since: row.since,
            until: row.until,
            azure_plan: row.azure_plan,
            market: row.market.clone(),
        },
        reseller: row.reseller_tenant_id,
    });
}

fn check_agent(
    partner: TenantId,
    row: &AgentRow,
    kept: &Kept,
    at: &impl Fn(&str) -> String,
    checked: &mut Checked,
    faults: &mut Vec<Fault>,
) {
    let role = PartnerRole::named(&row.role);
    if role.is_none() {
        let known: Vec<&str> = PartnerRole::ALL.iter().map(|role| role.title()).collect();
        faults.push(Fault::new(at("role"), format!("must be one of {}", known.join(", "))));
    }
    let principal = kept.clients.get(&(partner, row.client_id));
    if principal.is_none() {
        let message = "must name a principal of the partner's tenant, of this or an earlier world";
        faults.push(Fault::new(at("clientId"), message));
    }
    let since = row.since.unwrap_or(jiff::civil::date(2000, 1, 1));
    if row.until.is_some_and(|until| until <= since) {
        faults.push(Fault::new(at("until"), "must come after `since`"));
    }
    let (Some(role), Some(&principal)) = (role, principal) else { return };
    let agent = Agent { principal, name: String::new(), role, since, until: row.until };
    checked.agents.push((partner, agent));
}
