//! Approval policies: who has to say yes to what, as data of the customer's own.
//!
//! A policy is set for a tenant, a billing account or a customer of a partner, and holds rules. A
//! rule *binds* when the kind of deed, the customer, the roles of who asks and the amount at stake
//! are those it speaks of; of the rules of one policy that bind, the one that asks for most counts.
//! Each policy is satisfied for itself, by approvers of its own, so a further policy never asks for
//! less. Where no rule binds at all, one approval is asked for, by somebody who may do the deed.

use super::figures::{Figures, Tolerance};
use super::state::Approval;
use super::{Kind, Person};
use crate::decision::{Finding, Line, Outcome, Refusal, Repair};
use crate::ids::{PrincipalId, TenantId};
use crate::policy::ClauseId;
use jiff::civil::Date;
use prorata_ledger::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The demand that is made where no policy speaks.
pub const FOUR_EYES: &str = "four-eyes";

/// The demand that somebody who approves may do the deed, where who asks may not.
pub const RIGHT: &str = "right";

/// Who has to say yes to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub name: String,
    pub scope: Scope,
    /// Counts up with each change.
    pub version: i64,
    /// The day of the last change.
    pub since: Date,
    /// Whether what needs approval cannot be done without a request.
    pub required: bool,
    /// Days after which a request lapses; the policy book's where not said.
    pub life_days: Option<i64>,
    /// By how much its amounts may move; the policy book's where not said.
    pub tolerance: Option<Tolerance>,
    pub approvers: Approvers,
    pub rules: Vec<Rule>,
}

/// Whose deeds a policy is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    Tenant(TenantId),
    BillingAccount(String),
    /// A partner's customer, by its id with the billing account.
    Customer(String),
}

/// Who may approve.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvers {
    /// Holders of one of these roles on all that the deed is about.
    pub roles: Vec<String>,
    pub principals: Vec<PrincipalId>,
}

impl Approvers {
    /// Nobody is named: then it is whoever may do the deed.
    fn is_open(&self) -> bool {
        self.roles.is_empty() && self.principals.is_empty()
    }

    fn includes(&self, approver: &Approver) -> bool {
        (self.is_open() && approver.may_do)
            || self.principals.contains(&approver.person.principal)
            || approver.roles.iter().any(|role| has(&self.roles, role))
    }
}

impl fmt::Display for Approvers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_open() {
            return f.write_str("who may do the deed");
        }
        let people = self.principals.iter().map(|id| format!("principal {id}"));
        let all: Vec<String> = self.roles.iter().cloned().chain(people).collect();
        f.write_str(&all.join(", "))
    }
}

fn has(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// How many approvals a kind of deed needs; what is left out speaks of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub kinds: Vec<Kind>,
    /// Customers of a partner.
    pub customers: Vec<String>,
    /// Only for those who ask with one of these roles.
    pub roles: Vec<String>,
    /// Not for those who ask with one of these roles.
    pub except_roles: Vec<String>,
    /// From this amount at stake on, in US dollars or in the currency of the account.
    pub from: Option<Money>,
    /// None: it approves itself.
    pub approvals: u32,
}

/// Who pays for a deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    pub billing_account: String,
    pub customer: Option<String>,
}

/// Everything that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub tenant: TenantId,
    pub payers: Vec<Payer>,
    pub kind: Kind,
    pub figures: Figures,
    /// The roles of who asks, on what the deed is about.
    pub roles: Vec<String>,
    /// Whether who asks may do the deed.
    pub may_do: bool,
}

/// Somebody who would approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    pub person: Person,
    /// Their roles on all that the deed is about.
    pub roles: Vec<String>,
    /// Whether they may do the deed.
    pub may_do: bool,
}

/// What one policy asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    pub policy: String,
    pub version: i64,
    /// At least 1.
    pub approvals: u32,
    pub approvers: Approvers,
}

impl Demand {
    /// Whether an approval by this person counts for it.
    pub fn counts(&self, approver: &Approver) -> bool {
        self.approvers.includes(approver)
    }

    /// How many of the approvals given count for it.
    pub fn given(&self, approvals: &[Approval]) -> usize {
        approvals.iter().filter(|approval| has(&approval.counts_for, &self.policy)).count()
    }

    /// Whether enough approved.
    pub fn is_met(&self, approvals: &[Approval]) -> bool {
        self.given(approvals) >= self.approvals as usize
    }

    /// Puts two demands of one policy together: the stricter number, by the approvers of now.
    fn with(self, earlier: &Demand) -> Demand {
        Demand { approvals: self.approvals.max(earlier.approvals), ..self }
    }
}

/// What is asked for now, and no less than was asked for before.
pub fn stricter(before: &[Demand], now: Vec<Demand>) -> Vec<Demand> {
    let mut all: Vec<Demand> = before.to_vec();
    for demand in now {
        match all.iter_mut().find(|known| known.policy == demand.policy) {
            Some(known) => *known = demand.with(known),
            None => all.push(demand),
        }
    }
    all
}

/// What the policies ask for, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// In the order of the policies; empty where it approves itself.
    pub demands: Vec<Demand>,
    /// The policy by which it cannot be done without a request.
    pub required_by: Option<String>,
    /// The shortest life that a policy gives a request.
    pub life_days: Option<i64>,
    /// Each of them has to hold.
    pub tolerances: Vec<Tolerance>,
}

/// Decides who has to approve. There is a finding for each rule of each policy that is about who
/// pays, in the order of the policies.
pub fn decide(policies: &[Policy], facts: &Facts) -> (Need, Vec<Finding>) {
    let mut need =
        Need { demands: Vec::new(), required_by: None, life_days: None, tolerances: Vec::new() };
    let mut findings = Vec::new();
    let mut spoken = false;
    for policy in policies.iter().filter(|policy| policy.concerns(facts)) {
        need.life_days = [need.life_days, policy.life_days].into_iter().flatten().min();
        need.tolerances.extend(policy.tolerance);
        let mut most: Option<u32> = None;
        for (index, rule) in policy.rules.iter().enumerate() {
            let binds = rule.binds(facts);
            if binds {
                most = most.max(Some(rule.approvals));
            }
            findings.push(finding(policy, index, rule, binds, facts));
        }
        let Some(approvals) = most else { continue };
        spoken = true;
        if approvals == 0 {
            continue;
        }
        if policy.required && need.required_by.is_none() {
            need.required_by = Some(policy.name.clone());
        }
        let (policy, approvers) = (policy, policy.approvers.clone());
        let (name, version) = (policy.name.clone(), policy.version);
        need.demands.push(Demand { policy: name, version, approvals, approvers });
    }
    let open = |name: &str| Demand {
        policy: name.to_owned(),
        version: 0,
        approvals: 1,
        approvers: Approvers::default(),
    };
    if !spoken {
        need.demands.push(open(FOUR_EYES));
    }
    if !facts.may_do {
        need.demands.push(open(RIGHT));
    }
    (need, findings)
}

impl Policy {
    fn concerns(&self, facts: &Facts) -> bool {
        match &self.scope {
            Scope::Tenant(tenant) => *tenant == facts.tenant,
            Scope::BillingAccount(id) => {
                facts.payers.iter().any(|payer| payer.billing_account.eq_ignore_ascii_case(id))
            }
            Scope::Customer(id) => facts.payers.iter().any(|payer| payer.is_customer(id)),
        }
    }
}

impl Payer {
    fn is_customer(&self, id: &str) -> bool {
        self.customer.as_deref().is_some_and(|customer| customer.eq_ignore_ascii_case(id))
    }
}

impl Rule {
    fn binds(&self, facts: &Facts) -> bool {
        let customer = |id: &String| facts.payers.iter().any(|payer| payer.is_customer(id));
        let holds = |roles: &[String]| facts.roles.iter().any(|role| has(roles, role));
        (self.kinds.is_empty() || self.kinds.contains(&facts.kind))
            && (self.customers.is_empty() || self.customers.iter().any(customer))
            && (self.roles.is_empty() || holds(&self.roles))
            && !holds(&self.except_roles)
            && self.from.is_none_or(|from| from.minor() <= 0 || reaches(&facts.figures, from))
    }
}

/// Whether what is at stake reaches a threshold. One in a currency that the amounts are not in
/// cannot be compared, and binds: a policy that does not fit is no way around it.
fn reaches(figures: &Figures, from: Money) -> bool {
    match at_stake(figures, from.currency()) {
        Some(stake) => stake.minor() >= from.minor(),
        None => true,
    }
}

fn at_stake(figures: &Figures, currency: Currency) -> Option<Money> {
    [figures.stake, figures.stake_usd].into_iter().find(|stake| stake.currency() == currency)
}

fn finding(policy: &Policy, index: usize, rule: &Rule, binds: bool, facts: &Facts) -> Finding {
    let outcome = match (binds, rule.approvals) {
        (false, _) => Outcome::NotConcerned,
        (true, 0) => Outcome::Met,
        (true, _) => Outcome::NotMet,
    };
    let mut lines = vec![
        Line::new("policy", policy.name.clone()),
        Line::new("rule", crate::Amount::Count(i64::try_from(index + 1).unwrap_or(i64::MAX))),
    ];
    let currency = rule.from.map_or(facts.figures.stake.currency(), Money::currency);
    lines.push(Line::new(
        "at stake",
        at_stake(&facts.figures, currency).unwrap_or(facts.figures.stake),
    ));
    lines.extend(rule.from.map(|from| Line::new("from", from)));
    lines.push(Line::new("approvals", crate::Amount::Count(i64::from(rule.approvals))));
    if rule.approvals > 0 {
        lines.push(Line::new("by", policy.approvers.to_string()));
    }
    Finding { clause: ClauseId::Approval, since: policy.since, about: None, outcome, lines }
}

/// The refusal of a deed that has to be asked for first; nothing where it may be done right away.
pub fn refuse_direct(need: &Need, facts: &Facts) -> Option<Refusal> {
    let name = need.required_by.as_ref()?;
    let demand = need.demands.iter().find(|demand| demand.policy == *name)?;
    let approvals = match demand.approvals {
        1 => "1 approval".to_owned(),
        more => format!("{more} approvals"),
    };
    Some(Refusal {
        clause: ClauseId::Approval,
        code: "Forbidden".into(),
        reason: format!(
            "the approval policy `{name}` asks for {approvals} of {} with {} at stake before it is \
             done, by {}",
            facts.kind.noun(),
            facts.figures.stake,
            demand.approvers
        ),
        repairs: vec![Repair::AskForApproval { kind: facts.kind.as_str().into() }],
    })
}
