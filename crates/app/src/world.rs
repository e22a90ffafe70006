//! A world document: the accounts, tenants, subscriptions, principals, roles and prices that a
//! desk works for. Applying one twice changes nothing.

mod accounts;
mod approval;
mod billing_roles;
mod desk;
mod partners;
mod payment;
mod people;
mod places;
mod prices;
mod rows;

pub use accounts::{GuestRow, IdentityRow};
pub use approval::ApprovalPolicyRow;
pub use billing_roles::{AccountAdministratorRow, BillingPolicyRow, BillingRoleRow};
pub use desk::DeskMemberRow;
pub use partners::{AgentRow, CustomerRow, PartnerRow};
pub use people::UserRow;
pub use places::{GroupState, ManagementGroupRow, ResourceGroupRow, SubscriptionState};
pub use prices::PriceDocument;

use crate::identity::issuers::{self, IssuerRow};
use crate::identity::{hash_secret, secret_matches};
use crate::utilization::{self, UtilizationRow};
use crate::{App, Error, Fault, audit, scope};
use jiff::civil::Date;
use prorata_domain::access::{Scope, role};
use prorata_domain::catalog::PriceRow;
use prorata_domain::ids::{AssignmentId, PrincipalId, SubscriptionId, TenantId};
use prorata_domain::policy::{Agreement, Payment};
use prorata_domain::principal::PrincipalKind;
use prorata_domain::reservation::BillingAccount;
use prorata_ledger::Currency;
use prorata_store::{Tx, world};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The document, as it is written in JSON or TOML.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Document {
    pub billing_accounts: Vec<AccountRow>,
    pub tenants: Vec<TenantRow>,
    pub subscriptions: Vec<SubscriptionRow>,
    pub resource_groups: Vec<ResourceGroupRow>,
    pub management_groups: Vec<ManagementGroupRow>,
    pub principals: Vec<PrincipalRow>,
    pub users: Vec<UserRow>,
    pub issuers: Vec<IssuerRow>,
    pub identities: Vec<IdentityRow>,
    pub guests: Vec<GuestRow>,
    pub partners: Vec<PartnerRow>,
    pub role_assignments: Vec<RoleRow>,
    pub billing_roles: Vec<BillingRoleRow>,
    pub billing_policies: Vec<BillingPolicyRow>,
    pub account_administrators: Vec<AccountAdministratorRow>,
    pub approval_policies: Vec<ApprovalPolicyRow>,
    pub desk_members: Vec<DeskMemberRow>,
    pub prices: Vec<PriceDocument>,
    /// How much of reservations that are there already was used, by UTC days.
    pub utilization: Vec<UtilizationRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountRow {
    pub id: String,
    /// `ea`, `mca`, `csp` or `payg`.
    pub agreement: String,
    pub currency: String,
    /// `prepayment`, `overage`, `wire`, `card` or `invoice`.
    pub payment: String,
    /// US dollars for one unit of the currency, as a decimal in text.
    #[serde(default = "one")]
    pub usd_rate: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepayment_ends: Option<Date>,
    /// `ok`, `soft-error` or `hard-error`: lets the means of payment fail on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_state: Option<String>,
    /// The first day on which a failing means of payment works again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_state_until: Option<Date>,
}

fn one() -> Decimal {
    Decimal::ONE
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TenantRow {
    pub id: TenantId,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubscriptionRow {
    pub id: SubscriptionId,
    pub tenant_id: TenantId,
    pub billing_account: String,
    pub name: String,
    /// Whether something runs in it still.
    #[serde(default)]
    pub state: SubscriptionState,
    /// The management group that it is right in; left out, it is in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub management_group: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrincipalRow {
    /// The object id; made from tenant and client id when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PrincipalId>,
    pub tenant_id: TenantId,
    pub client_id: Uuid,
    pub name: String,
    /// Kept as a hash only.
    pub client_secret: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleRow {
    pub tenant_id: TenantId,
    /// The tenant of the account, where that is another one: so a partner's agent is given a role
    /// by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_tenant_id: Option<TenantId>,
    /// The client id of a principal, of an account of another issuer, or of a guest; the object id
    /// of a person.
    pub client_id: Uuid,
    /// A built-in role by name or GUID.
    pub role: String,
    /// `/`, `/subscriptions/…`, `/providers/Microsoft.Capacity`, or an order or reservation.
    pub scope: String,
}

/// How many rows were written; the others were there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Report {
    pub applied: u64,
    pub unchanged: u64,
}

/// A document that was read and checked.
struct Checked {
    accounts: Vec<BillingAccount>,
    identities: accounts::Checked,
    people: people::Checked,
    partners: partners::Checked,
    assignments: Vec<world::RoleAssignment>,
    prices: Vec<PriceRow>,
}

/// Applies a document: all of it or nothing.
///
/// # Errors
/// [`Error::Malformed`] with every fault of the document.
pub fn apply(app: &App, document: Document) -> Result<Report, Error> {
    let checked = check(app, &document)?;
    let hashes = hashes(app, &document)?;
    let prices = checked.prices;
    let touched = rows::tenants(&document);
    let of_issuers = !(document.issuers.is_empty() && document.identities.is_empty());
    let report = app.write(move |tx, app| {
        let mut count = Count::default();
        let before = scope::before(tx, places::touched(&document))?;
        for account in &checked.accounts {
            let changed = world::put_billing_account(tx, account)?;
            count.add(changed);
            if changed {
                payment::charge_overdue(tx, app, account)?;
            }
        }
        for row in &document.tenants {
            count
                .add(world::put_tenant(tx, &world::Tenant { id: row.id, name: row.name.clone() })?);
        }
        for row in &document.subscriptions {
            count.add(put_subscription(tx, row)?);
        }
        places::put(tx, &document, &mut count)?;
        scope::follow(tx, app, &before, app.now())?;
        for (row, hash) in document.principals.iter().zip(&hashes) {
            count.add(world::put_principal(
                tx,
                &world::Principal {
                    id: principal_id(row),
                    tenant: row.tenant_id,
                    client_id: row.client_id.to_string(),
                    name: row.name.clone(),
                    secret_hash: hash.clone(),
                    kind: PrincipalKind::ServicePrincipal,
                    home: None,
                },
            )?);
        }
        people::put(tx, &checked.people, &mut count)?;
        accounts::put(tx, &document, &checked.identities, &mut count)?;
        partners::put(tx, &checked.partners, &mut count)?;
        for row in &checked.assignments {
            count.add(world::put_assignment(tx, row)?);
        }
        billing_roles::put(tx, &document, &mut count)?;
        desk::put(tx, &document, app.now(), &mut count)?;
        approval::put(tx, app, &document, &mut count)?;
        let written = prorata_store::prices::put(tx, &prices)?
            + utilization::put(tx, app, &document.utilization, "utilization")?;
        let figures = prices.len() + document.utilization.len();
        count.applied += written;
        count.unchanged += (figures as u64).saturating_sub(written);
        let report = count.report();
        if report.applied > 0 {
            prorata_store::partners::changed(tx)?;
            audit::applied(tx, app, &touched, &report)?;
        }
        Ok(report)
    })?;
    if of_issuers {
        issuers::reload(app)?;
    }
    Ok(report)
}

/// Whether a database holds nothing but, at most, a part of this document: then the document may
/// be applied as if for the first time, for instance after a first start that was cut off.
///
/// # Errors
/// Those of the database.
pub fn is_untouched(app: &App, document: &Document) -> Result<bool, Error> {
    let known: Vec<TenantId> = document.tenants.iter().map(|row| row.id).collect();
    app.read(move |tx, _| {
        let strangers = world::tenants(tx)?.iter().any(|tenant| !known.contains(&tenant.id));
        Ok(!strangers && crate::operations::last_recorded_at(tx)?.is_none())
    })
}

#[derive(Default)]
struct Count {
    applied: u64,
    unchanged: u64,
}

impl Count {
    fn add(&mut self, changed: bool) {
        if changed { self.applied += 1 } else { self.unchanged += 1 }
    }

    fn report(&self) -> Report {
        Report { applied: self.applied, unchanged: self.unchanged }
    }
}

fn put_subscription(tx: &mut Tx<'_>, row: &SubscriptionRow) -> Result<bool, Error> {
    Ok(world::put_subscription(
        tx,
        &world::Subscription {
            id: row.id,
            tenant: row.tenant_id,
            billing_account: row.billing_account.clone(),
            name: row.name.clone(),
            state: row.state.as_str().to_owned(),
        },
    )?)
}

/// The object id of a principal: as given, else made from its tenant and client id, so that the
/// same document gives the same principal.
pub fn principal_id(row: &PrincipalRow) -> PrincipalId {
    row.id.unwrap_or_else(|| PrincipalId(derived(&[row.tenant_id.0, row.client_id])))
}

/// The object id of a person whose row gives none.
fn derived_of(tenant: TenantId, user_name: &str) -> PrincipalId {
    let digest = Sha256::digest(format!("{tenant}/{user_name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    PrincipalId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

fn derived(parts: &[Uuid]) -> Uuid {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The hash kept for each principal: the one there already when the secret is still the same, so
/// that applying twice changes nothing.
fn hashes(app: &App, document: &Document) -> Result<Vec<String>, Error> {
    let wanted: Vec<(TenantId, String)> =
        document.principals.iter().map(|row| (row.tenant_id, row.client_id.to_string())).collect();
    let kept = app.read(move |tx, _| {
        let mut kept = Vec::with_capacity(wanted.len());
        for (tenant, client) in &wanted {
            kept.push(world::principal_by_client(tx, *tenant, client)?);
        }
        Ok(kept)
    })?;
    document
        .principals
        .iter()
        .zip(kept)
        .map(|(row, kept)| match kept {
            Some(kept) if secret_matches(&row.client_secret, &kept.secret_hash) => {
                Ok(kept.secret_hash)
            }
            _ => hash_secret(&row.client_secret),
        })
        .collect()
}

fn check(app: &App, document: &Document) -> Result<Checked, Error> {
    let mut faults = rows::faults(app, document)?;
    let mut checked = Checked {
        accounts: Vec::new(),
        identities: accounts::check(app, document, &mut faults)?,
        people: people::check(app, document, &mut faults)?,
        partners: partners::check(app, document, &mut faults)?,
        assignments: Vec::new(),
        prices: Vec::new(),
    };
    for (index, row) in document.billing_accounts.iter().enumerate() {
        let at = |field: &str| format!("billingAccounts[{index}].{field}");
        checked.accounts.extend(account(row, &at, &mut faults));
    }
    for (index, row) in document.principals.iter().enumerate() {
        if row.client_secret.len() < 8 {
            let path = format!("principals[{index}].clientSecret");
            faults.push(Fault::new(path, "must have at least 8 characters"));
        }
    }
    for (index, row) in document.role_assignments.iter().enumerate() {
        let at = |field: &str| format!("roleAssignments[{index}].{field}");
        let people = (&checked.identities, &checked.people);
        let assigned = assignment(document, people, row, &at, &mut faults);
        checked.assignments.extend(assigned);
    }
    for (index, row) in document.prices.iter().enumerate() {
        let at = |field: &str| format!("prices[{index}].{field}");
        checked.prices.extend(prices::price(app, row, &at, &mut faults));
    }
    approval::check(app, document, &mut faults);
    if faults.is_empty() { Ok(checked) } else { Err(Error::Malformed(faults)) }
}

fn account(
    row: &AccountRow,
    at: &impl Fn(&str) -> String,
    faults: &mut Vec<Fault>,
) -> Option<BillingAccount> {
    let agreement = Agreement::parse(&row.agreement);
    if agreement.is_none() {
        faults.push(Fault::new(at("agreement"), "must be one of ea, mca, csp, payg"));
    }
    let payment = Payment::parse(&row.payment);
    if payment.is_none() {
        let means = "must be one of prepayment, overage, wire, card, invoice";
        faults.push(Fault::new(at("payment"), means));
    }
    let currency = Currency::parse(&row.currency);
    if let Err(error) = &currency {
        faults.push(Fault::new(at("currency"), error.to_string()));
    }
    if row.usd_rate <= Decimal::ZERO {
        faults.push(Fault::new(at("usdRate"), "must be more than 0"));
    }
    if currency == Ok(Currency::USD) && row.usd_rate != Decimal::ONE {
        faults.push(Fault::new(at("usdRate"), "must be 1 for an account in USD"));
    }
    let failing = payment::failing(row, at, faults);
    Some(BillingAccount {
        id: row.id.clone(),
        agreement: agreement?,
        currency: currency.ok()?,
        payment: payment?,
        usd_rate: row.usd_rate,
        profile: row.profile.clone(),
        customer: row.customer.clone(),
        prepayment_ends: row.prepayment_ends,
        failing: failing?,
    })
}

fn assignment(
    document: &Document,
    (identities, people): (&accounts::Checked, &people::Checked),
    row: &RoleRow,
    at: &impl Fn(&str) -> String,
    faults: &mut Vec<Fault>,
) -> Option<world::RoleAssignment> {
    let found = role(&row.role);
    if found.is_none() {
        faults.push(Fault::new(at("role"), format!("no role is called `{}`", row.role)));
    }
    let scope = Scope::parse(&row.scope);
    if scope.is_none() {
        faults.push(Fault::new(at("scope"), "must be a path that begins with a slash"));
    }
    let named = |principal: &&PrincipalRow| {
        let home = row.home_tenant_id.unwrap_or(row.tenant_id);
        principal.client_id == row.client_id && principal.tenant_id == home
    };
    let principal = document.principals.iter().find(named).map(principal_id);
    let principal = principal.or_else(|| identities.principal(row.tenant_id, row.client_id));
    let principal = principal.or_else(|| people.principal(row.tenant_id, row.client_id));
    if principal.is_none() {
        faults.push(Fault::new(at("clientId"), "must name a principal of this document"));
    }
    let (role, scope, principal) = (found?, scope?, principal?);
    let digest = Sha256::digest(format!("{principal}|{}|{scope}", role.id));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Some(world::RoleAssignment {
        id: AssignmentId(uuid::Builder::from_random_bytes(bytes).into_uuid()),
        tenant: row.tenant_id,
        principal,
        role: role.name.clone(),
        scope: scope.as_str().to_owned(),
    })
}
