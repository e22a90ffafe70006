//! May they: one function of the facts, the action and the scope.
//!
//! Each ground is looked at by itself and allows, bars or says nothing. The answer is yes where one
//! allows and none bars. Grounds are independent of each other and of their order.

use super::check::{Check, Checks};
use super::verdict::{Answer, Finding, Ground, Outcome, Reach, Remedy, Silence, Verdict};
use super::{
    Action, Assignment, BillingRole, BillingRoleName, Customers, Facts, Level, Match, Relation,
    RoleDefinition, Rule, Scope, ScopeKind, roles,
};

/// Whether the facts allow an action at a scope, with every ground that was looked at.
pub fn decide(facts: &Facts, action: Action, scope: &Scope) -> Verdict {
    let asked = Asked::new(facts, action, scope, Checks::EVERY);
    let mut findings: Vec<Finding> = asked.bars().collect();
    findings.extend(facts.assignments.iter().map(|given| asked.assignment_finding(given)));
    findings.extend(asked.others());
    findings.sort();
    findings.dedup();
    let answer = asked.answer();
    let remedies = if answer == Answer::Allowed { Vec::new() } else { remedies(&asked, &findings) };
    Verdict { action, scope: scope.clone(), answer, findings, remedies }
}

/// Whether the facts allow an action at a scope; [`decide`] without its reasons.
pub fn permits(facts: &Facts, action: Action, scope: &Scope) -> bool {
    Asked::new(facts, action, scope, Checks::EVERY).is_allowed()
}

/// Whether the facts let somebody know of what is at a scope: they may read it or have a role on a
/// part of it, or it is there for everybody.
pub fn sees(facts: &Facts, scope: &Scope) -> bool {
    Asked::new(facts, Action::Read, scope, Checks::EVERY).is_seen()
}

/// Whether one assignment alone, among these facts, allows an action at a scope.
pub fn grants(facts: &Facts, given: &Assignment, action: Action, scope: &Scope) -> bool {
    let asked = Asked::new(facts, action, scope, Checks::EVERY);
    matches!(asked.assignment(given), Outcome::Allows { .. })
        && !asked.bars().any(|bar| matches!(bar.outcome, Outcome::Bars(_)))
}

/// The answer of an evaluator that makes these checks.
#[cfg(test)]
pub(super) fn answer(facts: &Facts, action: Action, scope: &Scope, checks: Checks) -> Answer {
    Asked::new(facts, action, scope, checks).answer()
}

/// One question, with what follows from it alone.
struct Asked<'f> {
    facts: &'f Facts,
    action: Action,
    rule: &'static Rule,
    /// The scope that was named.
    named: Scope,
    /// The scope that is asked: the order for what is asked of orders.
    scope: Scope,
    checks: Checks,
}

impl<'f> Asked<'f> {
    fn new(facts: &'f Facts, action: Action, named: &Scope, checks: Checks) -> Asked<'f> {
        let rule = action.rule();
        let at_order = rule.at_order && !checks.holds(Check::AtOrder, false);
        let order = named.order_id().filter(|_| at_order);
        let scope = order.map_or_else(|| named.clone(), Scope::order);
        Asked { facts, action, rule, named: named.clone(), scope, checks }
    }

    fn is_allowed(&self) -> bool {
        let allows = |outcome: &Outcome| matches!(outcome, Outcome::Allows { .. });
        let facts = self.facts;
        !self.bars().any(|bar| matches!(bar.outcome, Outcome::Bars(_)))
            && (facts.assignments.iter().any(|given| allows(&self.assignment(given)))
                || self.others().any(|finding| allows(&finding.outcome)))
    }

    fn answer(&self) -> Answer {
        if self.is_allowed() {
            Answer::Allowed
        } else if self.checks.holds(Check::Hidden, self.is_seen()) {
            Answer::Denied
        } else {
            Answer::Hidden
        }
    }

    /// Whether the caller may know of what is there: they may read it or a part of it, or it is
    /// there for everybody.
    fn is_seen(&self) -> bool {
        if self.facts.relation == Relation::Other {
            return false;
        }
        let Some(reading) = reading(self.named.kind()) else { return true };
        let sees = Asked::new(self.facts, reading, &self.named, self.checks);
        let part = |given: &Assignment| {
            self.named.covers(&given.scope) && self.facts.role(&given.role).is_some()
        };
        sees.is_allowed() || self.facts.assignments.iter().any(part)
    }

    /// Whether what is given at a scope holds at the one asked about.
    fn reaches(&self, given: &Scope) -> bool {
        *given == self.scope || given.is_above(&self.scope, &self.facts.groups)
    }

    /// How a scope at which something is given lies to the one asked about.
    fn reach(&self, given: &Scope) -> Reach {
        if *given == self.scope {
            Reach::Here
        } else if self.reaches(given) {
            let mut via = self.scope.chain(&self.facts.groups);
            via.truncate(via.iter().position(|scope| scope == given).map_or(0, |up| up + 1));
            via.reverse();
            Reach::Inherited { via }
        } else if self.scope.covers(given) {
            Reach::Below
        } else if !passes_down(given.kind()) && is_held(self.scope.kind()) {
            Reach::NotInherited
        } else {
            Reach::Beside
        }
    }

    fn assignment_finding(&self, given: &Assignment) -> Finding {
        let reach = self.reach(&given.scope);
        let outcome = self.assignment(given);
        let defined = self.facts.role(&given.role);
        Finding {
            ground: Ground::Assignment {
                scope: given.scope.clone(),
                role: given.role.clone(),
                defined: defined.map(|role| (role.id, role.kind, role.name.clone())),
                id: given.id,
                reach,
            },
            outcome,
        }
    }

    fn assignment(&self, given: &Assignment) -> Outcome {
        let Some(role) = self.facts.role(&given.role) else {
            return Outcome::Silent(Silence::UnknownRole);
        };
        if !self.checks.holds(Check::Reach, self.reaches(&given.scope)) {
            return Outcome::Silent(Silence::OutOfReach);
        }
        let is_free = self.facts.relation != Relation::Guest || self.facts.customer.is_none();
        let on_order = is_free || !self.rule.guest_on_order || given.scope == self.scope;
        if !self.checks.holds(Check::GuestOnOrder, on_order) {
            return Outcome::Silent(Silence::GuestNeedsOrder);
        }
        self.role(role)
    }

    /// What a role says of the action, wherever it is given.
    fn role(&self, role: &RoleDefinition) -> Outcome {
        let listed = |list: &[&RoleDefinition]| list.iter().any(|named| named.id == role.id);
        if !role.is_built_in() {
            if !self.checks.holds(Check::CustomRoles, self.rule.custom) {
                return Outcome::Silent(Silence::Custom);
            }
        } else if !self.rule.built_in.is_empty() {
            if listed(&self.rule.built_in) {
                return Outcome::Allows { by: None };
            }
            if !self.checks.holds(Check::NamedRoles, false) {
                return Outcome::Silent(Silence::NotOneOf { roles: names(&self.rule.built_in) });
            }
        }
        let above_all = matches!(
            self.scope.kind(),
            ScopeKind::Root | ScopeKind::Capacity | ScopeKind::Benefits
        );
        let wide = !above_all || self.rule.tenant_wide.is_empty() || listed(&self.rule.tenant_wide);
        if role.is_built_in() && !self.checks.holds(Check::TenantWide, wide) {
            return Outcome::Silent(Silence::NotTenantWide {
                roles: names(&self.rule.tenant_wide),
            });
        }
        match role.says(&self.rule.provider) {
            Match::Allowed { by } => Outcome::Allows { by: Some(by.clone()) },
            Match::TakenOut { by } => {
                if self.checks.holds(Check::NotActions, false) {
                    Outcome::Allows { by: None }
                } else {
                    Outcome::Silent(Silence::TakenOut { by: by.clone() })
                }
            }
            Match::NotNamed => {
                if self.checks.holds(Check::Actions, false) {
                    Outcome::Allows { by: None }
                } else {
                    Outcome::Silent(Silence::NotNamed)
                }
            }
        }
    }

    /// What may allow the action beside the caller's roles.
    fn others(&self) -> impl Iterator<Item = Finding> + '_ {
        let facts = self.facts;
        let billing = facts.billing_roles.iter().map(|role| Finding {
            outcome: self.billing_role(role),
            ground: Ground::BillingRole(role.clone()),
        });
        let owned = facts.owned_when_paid.map(|subscription| {
            let may = self.checks.holds(Check::FormerOwner, self.rule.owned_when_paid);
            let outcome = if may && is_held(self.scope.kind()) {
                Outcome::Allows { by: None }
            } else {
                Outcome::Silent(Silence::NotOfOwner)
            };
            Finding { ground: Ground::OwnedWhenPaid { subscription }, outcome }
        });
        billing.chain(owned).chain(self.agent())
    }

    fn billing_role(&self, role: &BillingRole) -> Outcome {
        let Some(payer) = self.facts.payer.as_ref().filter(|_| is_held(self.scope.kind())) else {
            return Outcome::Silent(Silence::OtherPayer);
        };
        let definition = role.name.definition();
        if !self.checks.holds(Check::BillingAgreement, definition.agreement == payer.agreement) {
            return Outcome::Silent(Silence::OtherAgreement);
        }
        if !self.pays(role, Check::BillingAccount, Check::BillingProfile) {
            return Outcome::Silent(Silence::OtherPayer);
        }
        if self.checks.holds(Check::BillingActions, definition.actions.contains(&self.action)) {
            Outcome::Allows { by: None }
        } else {
            Outcome::Silent(Silence::NotOfBillingRole)
        }
    }

    /// Whether what a billing role is given on pays.
    fn pays(&self, role: &BillingRole, account: Check, profile: Check) -> bool {
        let Some(payer) = &self.facts.payer else { return false };
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        };
        let by_profile = role.name.definition().level == Level::Profile;
        self.checks.holds(account, role.account.eq_ignore_ascii_case(&payer.account))
            && self.checks.holds(profile, !by_profile || same(&role.profile, &payer.profile))
    }

    fn agent(&self) -> Option<Finding> {
        let agent = self.facts.agent.as_ref()?;
        let named = self.rule.agent.as_deref();
        let task = named.and_then(|name| agent.tasks.iter().find(|task| task.name == name));
        let outcome = match task.map(|task| &task.verdict) {
            Some(Ok(_)) => Outcome::Allows { by: None },
            _ if self.checks.holds(Check::AgentTask, false) => Outcome::Allows { by: None },
            Some(Err(why)) => Outcome::Silent(Silence::Agent(why.clone())),
            None => Outcome::Silent(Silence::NoTask),
        };
        Some(Finding { ground: Ground::Agent { partner: agent.partner.clone() }, outcome })
    }

    /// What may bar the action, whatever allows it.
    fn bars(&self) -> impl Iterator<Item = Finding> + '_ {
        let other = (self.facts.relation == Relation::Other).then(|| Finding {
            ground: Ground::OtherTenant,
            outcome: self.bar(Check::Tenant, "it is not of this tenant".to_owned()),
        });
        other.into_iter().chain(self.customer()).chain(self.policy())
    }

    fn bar(&self, check: Check, why: String) -> Outcome {
        if self.checks.holds(check, false) {
            Outcome::Silent(Silence::NotConcerned)
        } else {
            Outcome::Bars(why)
        }
    }

    /// What a partner's customer leaves to the partner. Guests and agents have rules of their own.
    fn customer(&self) -> Option<Finding> {
        let customer = self.facts.customer.as_ref()?;
        if self.facts.relation != Relation::Own || self.facts.agent.is_some() {
            return None;
        }
        let outcome = match self.rule.customer {
            Customers::May => Outcome::Silent(Silence::NotConcerned),
            Customers::Barred => {
                let why = "a partner's customer asks the partner to do it".to_owned();
                self.bar(Check::CustomerBarred, why)
            }
            Customers::Permitted => match &customer.buying_refused {
                Some(why) => self.bar(Check::CustomerBuying, why.clone()),
                None => Outcome::Silent(Silence::NotConcerned),
            },
        };
        Some(Finding { ground: Ground::Customer { partner: customer.partner.clone() }, outcome })
    }

    /// The account's switch for reservations.
    fn policy(&self) -> Option<Finding> {
        let payer = self.facts.payer.as_ref().filter(|_| self.action == Action::Buy)?;
        if payer.sells_reservations {
            return None;
        }
        let excepted = self.facts.billing_roles.iter().any(|role| {
            role.name.definition().buys_when_off
                && role.name.definition().agreement == payer.agreement
                && self.pays(role, Check::PolicyAccount, Check::PolicyAccount)
        });
        let outcome = if excepted {
            Outcome::Silent(Silence::NotConcerned)
        } else {
            let why = "its subscriptions buy no reservations while it is off".to_owned();
            self.bar(Check::PurchasePolicy, why)
        };
        Some(Finding { ground: Ground::PurchasePolicy { account: payer.account.clone() }, outcome })
    }
}

fn names(roles: &[&RoleDefinition]) -> Vec<String> {
    roles.iter().map(|role| role.name.clone()).collect()
}

/// What has to be allowed for somebody to know of a place; nothing for places that everybody
/// knows of.
fn reading(kind: ScopeKind) -> Option<Action> {
    match kind {
        ScopeKind::Root | ScopeKind::Capacity | ScopeKind::Benefits => None,
        ScopeKind::Order | ScopeKind::Reservation => Some(Action::Read),
        ScopeKind::SavingsPlanOrder | ScopeKind::SavingsPlan => Some(Action::ReadSavingsPlan),
        ScopeKind::Subscription | ScopeKind::ResourceGroup | ScopeKind::Other => {
            Some(Action::ReadSubscription)
        }
        ScopeKind::ManagementGroup => Some(Action::ReadManagementGroup),
    }
}

/// Whether it is something that is bought and held.
fn is_held(kind: ScopeKind) -> bool {
    matches!(
        kind,
        ScopeKind::Order
            | ScopeKind::Reservation
            | ScopeKind::SavingsPlanOrder
            | ScopeKind::SavingsPlan
    )
}

/// Whether what is held can inherit from a place of this kind.
fn passes_down(kind: ScopeKind) -> bool {
    !matches!(kind, ScopeKind::Subscription | ScopeKind::ResourceGroup | ScopeKind::ManagementGroup)
}

/// From the least to the most powerful, as a remedy names them.
const GIVEN: [&str; 11] = [
    "Reservations Reader",
    "Management Group Reader",
    "Reservation Purchaser",
    "Savings plan Purchaser",
    "Support Request Contributor",
    "Reader",
    "Reservations Contributor",
    "Contributor",
    "Reservations Administrator",
    "User Access Administrator",
    "Owner",
];

/// The smallest changes that make it a yes: each bar's, and the least role that allows it at the
/// scope asked about.
fn remedies(asked: &Asked<'_>, findings: &[Finding]) -> Vec<Remedy> {
    let mut remedies = Vec::new();
    for finding in findings.iter().filter(|one| matches!(one.outcome, Outcome::Bars(_))) {
        match &finding.ground {
            Ground::Customer { partner } => {
                return vec![Remedy::AskPartner { partner: partner.clone() }];
            }
            Ground::PurchasePolicy { account } => {
                let buys = |role: &BillingRoleName| role.definition().buys_when_off;
                let of = |role: &BillingRoleName| {
                    asked.facts.payer.as_ref().map(|payer| payer.agreement)
                        == Some(role.definition().agreement)
                };
                let roles = BillingRoleName::all().filter(|role| buys(role) && of(role));
                let roles = roles.map(|role| role.as_str().to_owned()).collect();
                remedies.push(Remedy::SwitchPolicyOn { account: account.clone(), roles });
            }
            _ => return Vec::new(),
        }
    }
    for finding in findings {
        if let (Ground::Agent { partner }, Outcome::Silent(Silence::Agent(why))) =
            (&finding.ground, &finding.outcome)
        {
            remedies.push(Remedy::AsAgent { partner: partner.clone(), why: why.clone() });
        }
    }
    let allowed = findings.iter().any(|one| matches!(one.outcome, Outcome::Allows { .. }));
    if !allowed {
        let Some(role) = least(asked) else { return remedies };
        let (role, scope) = (role.name.clone(), asked.scope.clone());
        let may_give = permits(asked.facts, Action::Assign, &scope);
        remedies.push(match may_give {
            true => Remedy::TakeOwnership { role, scope },
            false => Remedy::Give { role, scope },
        });
    }
    remedies
}

/// The least role that would allow it where it is asked.
fn least(asked: &Asked<'_>) -> Option<&'static RoleDefinition> {
    let fits = |role: &&RoleDefinition| {
        let given = Assignment::new(role.name.clone(), asked.scope.clone());
        role.is_assignable_at(&asked.scope)
            && matches!(asked.assignment(&given), Outcome::Allows { .. })
    };
    let mut known = GIVEN.iter().filter_map(|name| roles().iter().find(|role| role.name == *name));
    known.find(fits)
}
