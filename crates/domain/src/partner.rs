//! What an agent of a partner may do for a customer, and on what ground.
//!
//! The clauses are looked at in this order, and the first one not met names the refusal: reseller
//! relationship, partner kind, partner role, guest account, explicit access, and for a purchase in
//! Partner Center excluded markets.

use crate::decision::{Decision, Finding, Impossible, Line, Outcome, Refusal, Repair};
use crate::ids::TenantId;
use crate::policy::{Book, ClauseId, Clauses};
use crate::proration::{finding, structural};
use crate::term::utc_day;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use crate::policy::{PartnerKind, PartnerRole, PartnerTask};

/// A partner's relationship with a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// Its first day.
    pub since: Date,
    /// The first day without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Whether the customer buys under an Azure plan.
    #[serde(default)]
    pub azure_plan: bool,
    /// The customer's market by its ISO 3166 code, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<String>,
}

impl Relationship {
    pub fn holds_on(&self, day: Date) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

/// Everything that what an agent may do depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The partner's tenant, and its name.
    pub partner: TenantId,
    pub partner_name: String,
    pub kind: PartnerKind,
    /// The name of the provider through which an indirect reseller acts for this customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The relationship with the customer, whether it holds or not; none where there never was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Relationship>,
    /// The agent's roles that hold.
    pub roles: Vec<PartnerRole>,
    /// Whether the agent has a guest account in the customer's tenant.
    #[serde(default)]
    pub is_guest: bool,
    /// Whether the agent was given, by name, a role on the customer's subscription or order that
    /// allows it.
    #[serde(default)]
    pub is_named: bool,
}

/// That an agent may, and by which of the roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub task: PartnerTask,
    pub role: PartnerRole,
}

/// Decides whether an agent may do something for a customer.
///
/// # Errors
/// None; it is as all decisions are.
pub fn decide(
    book: &Book,
    facts: &Facts,
    task: &PartnerTask,
    now: Timestamp,
) -> Result<Decision<Grant>, Impossible> {
    let (task, today) = (*task, utc_day(now));
    let clauses = book.in_force(today);
    let mut noted =
        vec![relationship(facts, today), kind(facts, &clauses), role(facts, task, &clauses)];
    noted.push(guest(facts, task, &clauses));
    noted.push(explicit(facts, task, &clauses));
    if task == PartnerTask::Buy {
        noted.push(market(facts, &clauses));
    }
    let (findings, refusals): (Vec<Finding>, Vec<Option<Refusal>>) = noted.into_iter().unzip();
    let refusal = refusals.into_iter().flatten().next();
    let proposal = match (&refusal, by(facts, task, &clauses)) {
        (None, Some(role)) => Some(Grant { task, role }),
        _ => None,
    };
    Ok(Decision { proposal, refusal, findings })
}

type Noted = (Finding, Option<Refusal>);

/// The agent's roles that allow a task; those that need no access by name come first.
fn by(facts: &Facts, task: PartnerTask, clauses: &Clauses<'_>) -> Option<PartnerRole> {
    let allowed = clauses.partner_role.value.of(task);
    let named = |role: &PartnerRole| clauses.explicit_access.value.is_needed(*role, task);
    let mut held: Vec<PartnerRole> =
        facts.roles.iter().copied().filter(|role| allowed.contains(role)).collect();
    held.sort_by_key(|role| (named(role), *role));
    held.first().copied()
}

fn refuse(clause: ClauseId, reason: String, repairs: Vec<Repair>) -> Refusal {
    Refusal { clause, code: "AuthorizationFailed".into(), reason, repairs }
}

fn relationship(facts: &Facts, today: Date) -> Noted {
    let mut lines = vec![Line::new("partner", facts.partner_name.clone())];
    let Some(known) = &facts.relationship else {
        let reason = format!("`{}` is no partner of this customer", facts.partner_name);
        let refusal = refuse(ClauseId::ResellerRelationship, reason, Vec::new());
        let finding = structural(ClauseId::ResellerRelationship, None, Outcome::NotMet, lines);
        return (finding, Some(refusal));
    };
    lines.push(Line::new("since", known.since));
    lines.extend(known.until.map(|until| Line::new("first day without it", until)));
    let reason = if today < known.since {
        Some(format!("the relationship with this customer begins on {}", known.since))
    } else if known.holds_on(today) {
        None
    } else {
        known.until.map(|until| format!("the relationship with this customer ended on {until}"))
    };
    let outcome = if reason.is_none() { Outcome::Met } else { Outcome::NotMet };
    let repairs =
        if today < known.since { vec![Repair::WaitUntil { day: known.since }] } else { Vec::new() };
    let refusal = reason.map(|reason| refuse(ClauseId::ResellerRelationship, reason, repairs));
    (structural(ClauseId::ResellerRelationship, None, outcome, lines), refusal)
}

fn kind(facts: &Facts, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.partner_kind;
    let mut lines = vec![Line::new("kind of partner", facts.kind.as_str())];
    lines.extend(facts.provider.clone().map(|provider| Line::new("provider", provider)));
    if rule.value.kinds.contains(&facts.kind) {
        return (finding(rule, None, Outcome::Met, lines), None);
    }
    let what = facts.kind.as_str().replace('-', " ");
    let reason = format!(
        "`{}` is an {what}: it acts for customers through its provider",
        facts.partner_name
    );
    let ask =
        facts.provider.iter().map(|provider| Repair::AskPartner { partner: provider.clone() });
    let refusal = refuse(ClauseId::PartnerKind, reason, ask.collect());
    (finding(rule, None, Outcome::NotMet, lines), Some(refusal))
}

fn titles(roles: &[PartnerRole]) -> Vec<String> {
    roles.iter().map(|role| role.title().to_owned()).collect()
}

fn listed(roles: &[PartnerRole]) -> String {
    if roles.is_empty() { "none".to_owned() } else { titles(roles).join(", ") }
}

fn role(facts: &Facts, task: PartnerTask, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.partner_role;
    let allowed = rule.value.of(task);
    let lines = vec![
        Line::new("to do", task.as_str()),
        Line::new("roles of the agent", listed(&facts.roles)),
        Line::new("roles that may", listed(allowed)),
    ];
    if by(facts, task, clauses).is_some() {
        return (finding(rule, None, Outcome::Met, lines), None);
    }
    let reason = format!(
        "to {} for a customer an agent is one of: {}; yours: {}",
        in_words(task),
        listed(allowed),
        listed(&facts.roles)
    );
    let repair = Repair::ObtainRole { roles: titles(allowed), at: "Partner Center".to_owned() };
    let refusal = refuse(ClauseId::PartnerRole, reason, vec![repair]);
    (finding(rule, None, Outcome::NotMet, lines), Some(refusal))
}

fn guest(facts: &Facts, task: PartnerTask, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.guest_account;
    let is_caught = facts.is_guest && !rule.value.tasks.contains(&task) && !facts.is_named;
    let lines = vec![
        Line::new("guest account in the customer's tenant", yes(facts.is_guest)),
        Line::new("a role there by name", yes(facts.is_named)),
    ];
    if !is_caught {
        return (finding(rule, None, Outcome::Met, lines), None);
    }
    let reason = format!(
        "you have a guest account in the customer's tenant, and there you are that guest: it sees \
         reservations and cannot {}; being an agent does not change that",
        in_words(task)
    );
    let repairs = vec![Repair::LeaveTenant, Repair::JoinOrder];
    let refusal = refuse(ClauseId::GuestAccount, reason, repairs);
    (finding(rule, None, Outcome::NotMet, lines), Some(refusal))
}

fn explicit(facts: &Facts, task: PartnerTask, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.explicit_access;
    let lines = vec![
        Line::new("to do", task.as_str()),
        Line::new("a role there by name", yes(facts.is_named)),
    ];
    let needing = by(facts, task, clauses).filter(|role| rule.value.is_needed(*role, task));
    let Some(role) = needing.filter(|_| !facts.is_named) else {
        return (finding(rule, None, Outcome::Met, lines), None);
    };
    let reason = format!(
        "a {} needs access by name to the customer's subscription or order to {}",
        role.title(),
        in_words(task)
    );
    let (roles, at) = match task {
        PartnerTask::BuyInPortal => (vec!["Owner", "Reservation Purchaser"], "the subscription"),
        PartnerTask::Support => {
            (vec!["Owner", "Contributor", "Support Request Contributor"], "the subscription")
        }
        _ => (vec!["Owner", "Reservations Administrator"], "the order"),
    };
    let repair = Repair::ObtainRole {
        roles: roles.into_iter().map(str::to_owned).collect(),
        at: at.to_owned(),
    };
    let refusal = refuse(ClauseId::ExplicitAccess, reason, vec![repair]);
    (finding(rule, None, Outcome::NotMet, lines), Some(refusal))
}

fn market(facts: &Facts, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.excluded_markets;
    let market = facts.relationship.as_ref().and_then(|known| known.market.as_deref());
    let lines = vec![Line::new("market", market.unwrap_or("not recorded").to_owned())];
    let Some(market) = market.filter(|market| rule.value.contains(market)) else {
        return (finding(rule, None, Outcome::Met, lines), None);
    };
    let refusal = Refusal {
        clause: ClauseId::ExcludedMarkets,
        code: "NotSupportedCountry".into(),
        reason: format!("partners sell no reservations in the market `{market}`"),
        repairs: Vec::new(),
    };
    (finding(rule, None, Outcome::NotMet, lines), Some(refusal))
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn in_words(task: PartnerTask) -> &'static str {
    match task {
        PartnerTask::See => "see reservations",
        PartnerTask::Manage => "change reservations",
        PartnerTask::Return => "return reservations",
        PartnerTask::Exchange => "exchange reservations",
        PartnerTask::Buy => "buy in Partner Center",
        PartnerTask::BuyInPortal => "buy in the customer's tenant",
        PartnerTask::SeePermission => "see what the customer may buy",
        PartnerTask::ChangePermission => "change what the customer may buy",
        PartnerTask::Support => "ask for support",
    }
}

/// For whom a request about a reservation speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asker {
    /// Whoever pays: no partner is recorded for the account.
    #[default]
    Holder,
    /// The partner that the account is recorded for.
    Partner { name: String },
    /// Anybody else of the customer that the partner sells to.
    Customer { partner: String },
}

impl Asker {
    /// Left out of recorded facts where it says nothing.
    pub fn is_holder(&self) -> bool {
        *self == Asker::Holder
    }

    /// Who asks, where there is something to say.
    pub(crate) fn line(&self) -> Option<Line> {
        match self {
            Asker::Holder => None,
            Asker::Partner { name } => Some(Line::new("asked by the partner", name.clone())),
            Asker::Customer { partner } => {
                Some(Line::new("asked by a customer of", partner.clone()))
            }
        }
    }

    /// The partner that has to be asked, where it has to be.
    pub fn partner_to_ask(&self) -> Option<&str> {
        match self {
            Asker::Customer { partner } => Some(partner),
            Asker::Holder | Asker::Partner { .. } => None,
        }
    }
}

/// Whether somebody of a partner's customer may buy for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buying {
    pub partner: String,
    /// Whether the partner allows it.
    pub allowed: bool,
    /// The caller's roles on the subscription that pays.
    pub roles: Vec<String>,
}

impl Buying {
    /// Why not, where that is so.
    pub fn refusal(&self, clauses: &Clauses<'_>) -> Option<Refusal> {
        customer_purchase(self, clauses).1
    }
}

/// Looks at a purchase by a partner's customer.
pub(crate) fn customer_purchase(buying: &Buying, clauses: &Clauses<'_>) -> Noted {
    let rule = clauses.customer_purchase;
    let has_role = buying
        .roles
        .iter()
        .any(|role| rule.value.roles.iter().any(|wanted| wanted.eq_ignore_ascii_case(role)));
    let roles = if buying.roles.is_empty() { "none".to_owned() } else { buying.roles.join(", ") };
    let lines = vec![
        Line::new("partner", buying.partner.clone()),
        Line::new("the partner allows it", yes(buying.allowed)),
        Line::new("roles on the subscription", roles),
        Line::new("roles that may buy", rule.value.roles.join(", ")),
    ];
    let refusal = if !buying.allowed {
        let reason = format!(
            "the subscription is sold by `{}`, which has not allowed its customer to buy",
            buying.partner
        );
        let ask = Repair::AskPartner { partner: buying.partner.clone() };
        Some(refuse(ClauseId::CustomerPurchase, reason, vec![ask]))
    } else if !has_role {
        let roles = rule.value.roles.clone();
        let reason =
            format!("a partner's customer buys as {} of the subscription", roles.join(" or "));
        let repair = Repair::ObtainRole { roles, at: "the subscription".to_owned() };
        Some(refuse(ClauseId::CustomerPurchase, reason, vec![repair]))
    } else {
        None
    };
    let outcome = if refusal.is_none() { Outcome::Met } else { Outcome::NotMet };
    (finding(rule, None, outcome, lines), refusal)
}
