//! Approval policies as their owners write them, in JSON or TOML.

use super::Kind;
use super::approval::{Approvers, Policy, Rule, Scope};
use super::figures::Tolerance;
use crate::ids::{PrincipalId, TenantId};
use jiff::civil::Date;
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The most approvals that a rule may ask for, and the most rules of a policy.
const APPROVALS_MAX: u32 = 10;
pub const RULES_MAX: usize = 100;
const NAMES_MAX: usize = 100;
const NAME_CHARACTERS_MAX: usize = 64;
const DAYS_MAX: i64 = 365;

/// A policy, apart from whose deeds it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Form {
    /// Whether what needs approval cannot be done without a request.
    #[serde(default)]
    pub required: bool,
    /// Days for which a request waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life_days: Option<i64>,
    /// By how much amounts may move: `2 %` or `50.00 USD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<String>,
    /// Left out: whoever may do the deed.
    #[serde(default)]
    pub approvers: ApproversForm,
    pub rules: Vec<RuleForm>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ApproversForm {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Object ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub principals: Vec<PrincipalId>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleForm {
    /// `refund`, `exchange`, `purchase`, `savings-plan`, `trade-in`; left out, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except_roles: Vec<String>,
    /// `500.00 USD`: from this amount at stake on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub approvals: u32,
}

/// What a policy is about, as the path `tenant`, `billing-account/ID` or `customer/ID`.
pub fn read_scope(text: &str, tenant: TenantId) -> Option<Scope> {
    let (kind, id) = text.split_once('/').unwrap_or((text, ""));
    let named = !id.is_empty() && id.chars().count() <= 256 && !id.chars().any(char::is_control);
    match kind {
        "tenant" if id.is_empty() => Some(Scope::Tenant(tenant)),
        "billing-account" if named => Some(Scope::BillingAccount(id.to_owned())),
        "customer" if named => Some(Scope::Customer(id.to_owned())),
        _ => None,
    }
}

/// The path of a scope, for who is in its tenant.
pub fn scope_path(scope: &Scope) -> String {
    match scope {
        Scope::Tenant(_) => "tenant".to_owned(),
        Scope::BillingAccount(id) => format!("billing-account/{id}"),
        Scope::Customer(id) => format!("customer/{id}"),
    }
}

/// Whether a text can name a policy.
pub fn is_name(text: &str) -> bool {
    let letters =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (1..=NAME_CHARACTERS_MAX).contains(&text.len()) && text.chars().all(letters)
}

/// Reads a policy, or answers all that is wrong with it: a path in the form, and what to do.
///
/// # Errors
/// Every fault.
pub fn read(
    form: &Form,
    scope: Scope,
    name: &str,
    version: i64,
    since: Date,
) -> Result<Policy, Vec<(String, String)>> {
    let mut faults = Vec::new();
    if !is_name(name) || [super::approval::FOUR_EYES, super::approval::RIGHT].contains(&name) {
        let says = "must be 1 to 64 letters, digits, dots, dashes or underscores, and neither \
                    `four-eyes` nor `right`";
        faults.push(("name".to_owned(), says.to_owned()));
    }
    if form.life_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        faults.push(("lifeDays".to_owned(), format!("must be from 1 to {DAYS_MAX}")));
    }
    let tolerance = form.tolerance.as_deref().map(read_tolerance);
    if tolerance == Some(None) {
        let says = "must be a percentage such as `2 %` or an amount such as `50.00 USD`";
        faults.push(("tolerance".to_owned(), says.to_owned()));
    }
    if form.rules.is_empty() || form.rules.len() > RULES_MAX {
        faults.push(("rules".to_owned(), format!("must have 1 to {RULES_MAX} rules")));
    }
    let approvers = &form.approvers;
    if approvers.roles.len() + approvers.principals.len() > NAMES_MAX {
        faults.push(("approvers".to_owned(), format!("must name at most {NAMES_MAX}")));
    }
    let mut rules = Vec::new();
    for (index, rule) in form.rules.iter().enumerate() {
        rules.extend(read_rule(rule, index, &mut faults));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Policy {
        name: name.to_owned(),
        scope,
        version,
        since,
        required: form.required,
        life_days: form.life_days,
        tolerance: tolerance.flatten(),
        approvers: Approvers {
            roles: approvers.roles.clone(),
            principals: approvers.principals.clone(),
        },
        rules,
    })
}

fn read_rule(form: &RuleForm, index: usize, faults: &mut Vec<(String, String)>) -> Option<Rule> {
    let mut fault = |field: &str, says: &str| {
        faults.push((format!("rules[{index}].{field}"), says.to_owned()));
    };
    let kinds: Option<Vec<Kind>> = form.kinds.iter().map(|kind| Kind::parse(kind)).collect();
    if kinds.is_none() {
        fault("kinds", "must be among refund, exchange, purchase, savings-plan, trade-in");
    }
    let from = form.from.as_deref().map(read_amount);
    if from == Some(None) {
        fault("from", "must be an amount such as `500.00 USD`");
    }
    if form.approvals > APPROVALS_MAX {
        fault("approvals", &format!("must be from 0 to {APPROVALS_MAX}"));
    }
    for (field, names) in [
        ("customers", &form.customers),
        ("roles", &form.roles),
        ("exceptRoles", &form.except_roles),
    ] {
        if names.len() > NAMES_MAX || names.iter().any(|name| name.trim().is_empty()) {
            fault(field, &format!("must be at most {NAMES_MAX} names, none of them empty"));
        }
    }
    Some(Rule {
        kinds: kinds?,
        customers: form.customers.clone(),
        roles: form.roles.clone(),
        except_roles: form.except_roles.clone(),
        from: from.flatten(),
        approvals: form.approvals,
    })
}

/// Reads `500.00 USD`; nothing for a negative amount, or one with parts of a cent.
fn read_amount(text: &str) -> Option<Money> {
    let (amount, currency) = text.trim().split_once(' ')?;
    let currency = Currency::parse(currency.trim()).ok()?;
    // Only as amounts are written: `1.000` is a thousand to some, and one to others.
    let is_plain = amount.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount = Decimal::from_str_exact(amount).ok().filter(|_| is_plain)?;
    (amount.scale() <= currency.exponent())
        .then(|| Money::from_decimal(amount, currency).ok())
        .flatten()
}

/// Reads `2 %` or `50.00 USD`. Percentages have at most four decimals.
fn read_tolerance(text: &str) -> Option<Tolerance> {
    let Some(percent) = text.trim().strip_suffix('%') else {
        return read_amount(text).map(Tolerance::Amount);
    };
    let percent = Decimal::from_str_exact(percent.trim()).ok()?.normalize();
    let fits = percent >= Decimal::ZERO && percent <= Decimal::ONE_HUNDRED && percent.scale() <= 4;
    fits.then_some(Tolerance::Percent(percent))
}

/// A policy as it would be written.
pub fn write(policy: &Policy) -> Form {
    let rule = |rule: &Rule| RuleForm {
        kinds: rule.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        customers: rule.customers.clone(),
        roles: rule.roles.clone(),
        except_roles: rule.except_roles.clone(),
        from: rule.from.map(|from| from.to_string()),
        approvals: rule.approvals,
    };
    Form {
        required: policy.required,
        life_days: policy.life_days,
        tolerance: policy.tolerance.map(|tolerance| tolerance.to_string()),
        approvers: ApproversForm {
            roles: policy.approvers.roles.clone(),
            principals: policy.approvers.principals.clone(),
        },
        rules: policy.rules.iter().map(rule).collect(),
    }
}
