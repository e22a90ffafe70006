//! The approval policies: who has to approve what. Those who may give roles for the whole tenant
//! set them here.

mod entered;
mod page;

#[cfg(test)]
pub use entered::Entered as EnteredPolicy;
#[cfg(test)]
pub use page::{PolicyPage, Scopes};

use super::show::approvers;
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self as pages, Section, Shell};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use entered::Entered;
use prorata_app::request;
use prorata_domain::ids::PrincipalId;
use prorata_domain::request::approval::{Policy, Rule, Scope};
use prorata_domain::request::form;

/// Where the policies are.
const PATH: &str = "/requests/policies";

#[derive(Debug, Template)]
#[template(path = "policies_of_approval.html")]
pub struct PoliciesPage {
    pub shell: Shell,
    pub rows: Vec<PolicyRow>,
    /// Whether the reader may set any.
    pub sets: bool,
}

/// A policy as it is listed.
#[derive(Debug, Clone)]
pub struct PolicyRow {
    pub name: String,
    pub about: String,
    pub required: bool,
    pub since: Said,
    pub approvers: String,
    pub life: Option<String>,
    pub tolerance: Option<String>,
    pub rules: Vec<RuleSaid>,
    /// Where it is changed; nothing for who may not.
    pub change: Option<String>,
}

/// A rule in words.
#[derive(Debug, Clone)]
pub struct RuleSaid {
    pub kinds: String,
    pub from: String,
    pub asked_by: String,
    pub approvals: Said,
}

pub async fn policies(desk: Desk) -> Response {
    let answer = async {
        let call = desk.call();
        let (found, named, settable) = desk
            .read(move |tx, app| {
                let found = request::list_policies(tx, app, &call)?;
                let ids: Vec<PrincipalId> =
                    found.iter().flat_map(|it| it.approvers.principals.iter().copied()).collect();
                let named = request::named_approvers(tx, &call, &ids)?;
                Ok((found, named, request::settable_scopes(tx, &call)?))
            })
            .await?;
        let page = PoliciesPage {
            shell: desk.shell(say("approvals-heading"), Section::Requests),
            rows: found.iter().map(|policy| row(policy, &named, &settable)).collect(),
            sets: !settable.is_empty(),
        };
        Ok(pages::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn row(policy: &Policy, named: &[(PrincipalId, String)], settable: &[Scope]) -> PolicyRow {
    let since = [("day", words::day(policy.since).into())];
    let may = settable.contains(&policy.scope);
    PolicyRow {
        name: policy.name.clone(),
        about: about(&policy.scope),
        required: policy.required,
        since: say_with("approval-since", since),
        approvers: approvers(&policy.approvers, named),
        life: policy.life_days.map(words::days),
        tolerance: policy.tolerance.map(|most| most.to_string()),
        rules: policy.rules.iter().map(rule).collect(),
        change: may.then(|| address(&policy.scope, &policy.name)),
    }
}

/// Where a policy is changed.
fn address(scope: &Scope, name: &str) -> String {
    let escaped = crate::portal::form::escaped;
    format!("{PATH}/policy?scope={}&name={}", escaped(&form::scope_path(scope)), escaped(name))
}

/// Whose deeds a policy is about.
fn about(scope: &Scope) -> String {
    let named =
        |id: &str, name: &str| say_with(id, [("name", name.to_owned().into())]).into_owned();
    match scope {
        Scope::Tenant(_) => say("approval-about-tenant").into_owned(),
        Scope::BillingAccount(id) => named("approval-about-account", id),
        Scope::Customer(id) => named("approval-about-customer", id),
    }
}

fn rule(rule: &Rule) -> RuleSaid {
    let kinds: Vec<Said> = rule.kinds.iter().map(|of| super::what(*of)).collect();
    let list = |id: &str, names: &[String]| {
        (!names.is_empty()).then(|| say_with(id, [("names", names.join(", ").into())]).into_owned())
    };
    let asked = [
        list("approval-asked-customers", &rule.customers),
        list("approval-asked-roles", &rule.roles),
        list("approval-asked-except", &rule.except_roles),
    ];
    let asked: Vec<String> = asked.into_iter().flatten().collect();
    RuleSaid {
        kinds: if kinds.is_empty() {
            say("requests-kind-any").into_owned()
        } else {
            kinds.join(", ")
        },
        from: rule.from.map_or_else(|| say("approval-any-amount").into_owned(), words::money),
        asked_by: if asked.is_empty() {
            say("approval-asked-anyone").into_owned()
        } else {
            asked.join("; ")
        },
        approvals: match rule.approvals {
            0 => say("approval-approves-itself"),
            more => say_with("approval-approvals", [("count", more.into())]),
        },
    }
}

/// The form of a policy: of a new one, or of one that is there.
pub async fn edit(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        if !query.has("name") {
            return page::show(&desk, Entered::new(), StatusCode::OK).await;
        }
        let (scope, name) = (query.one("scope"), query.one("name"));
        let scope = page::scope(&desk, &scope)?;
        let call = desk.call();
        let entered = desk
            .read(move |tx, app| {
                let policy = request::get_policy(tx, app, &call, &scope, &name)?;
                let named = request::named_approvers(tx, &call, &policy.approvers.principals)?;
                Ok(Entered::of(&policy, &named))
            })
            .await?;
        page::show(&desk, entered, StatusCode::OK).await
    };
    desk.settle(answer.await)
}

/// Sets a policy, or shows its form with a rule more or less.
pub async fn save(Posted { desk, fields }: Posted) -> Response {
    let entered = Entered::read(&fields);
    let act = fields.one("act");
    let answer = async {
        let mut entered = entered;
        if act == "add" {
            entered.add_rule();
            return page::show(&desk, entered, StatusCode::OK).await;
        }
        if let Some(dropped) = act.strip_prefix("drop.") {
            entered.drop_rule(dropped);
            return page::show(&desk, entered, StatusCode::OK).await;
        }
        page::put(&desk, entered).await
    };
    desk.settle(answer.await)
}

/// Takes a policy away.
pub async fn remove(Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let entered = Entered::read(&fields);
        page::remove(&desk, entered, fields.has("confirmed")).await
    };
    desk.settle(answer.await)
}
