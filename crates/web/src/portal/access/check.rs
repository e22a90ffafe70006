//! The answer to why somebody can or cannot do something, as the page shows it.

use super::Subject;
use crate::portal::form::escaped;
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use prorata_app::authorization::Answered;
use prorata_domain::access::{Action, Answer, Finding, Outcome, Remedy, Scope, role};
use prorata_domain::authorization::Place;

#[derive(Debug, Clone)]
pub struct Check {
    pub allowed: bool,
    pub heading: String,
    /// Said where they may not even see it.
    pub hidden: bool,
    pub grounds: Vec<Ground>,
    pub remedies: Vec<Help>,
}

/// One ground and what it came to.
#[derive(Debug, Clone)]
pub struct Ground {
    pub word: Said,
    pub class: &'static str,
    pub what: String,
    pub says: String,
}

/// A change that helps, and where it can be made.
#[derive(Debug, Clone)]
pub struct Help {
    pub says: String,
    pub href: Option<String>,
}

/// How a check is shown; `gives` is whether the reader may give roles.
pub fn check(subject: Subject, answered: &Answered, gives: bool) -> Check {
    let verdict = &answered.verdict;
    let may = if verdict.is_allowed() { "access-is-allowed" } else { "access-is-not-allowed" };
    let values = [("name", answered.name.clone().into()), ("deed", deed(verdict.action).into())];
    let grounds = verdict.findings.iter().map(|finding| ground(subject, finding)).collect();
    let remedies = verdict.remedies.iter().map(|remedy| Help {
        says: words::capital(&plain(subject, &remedy.to_string())),
        href: gives.then(|| link(subject, answered, remedy)).flatten(),
    });
    Check {
        allowed: verdict.is_allowed(),
        heading: say_with(may, values).into_owned(),
        hidden: verdict.answer == Answer::Hidden,
        grounds,
        remedies: remedies.collect(),
    }
}

fn ground(subject: Subject, finding: &Finding) -> Ground {
    let (word, class) = match &finding.outcome {
        Outcome::Allows { .. } => ("access-allows", "met"),
        Outcome::Bars(_) => ("access-bars", "not-met"),
        Outcome::Silent(_) => ("access-does-not", "not-concerned"),
    };
    Ground {
        word: say(word),
        class,
        what: words::capital(&plain(subject, &finding.ground.to_string())),
        says: words::sentence(&plain(subject, &finding.outcome.to_string())),
    }
}

/// The form that gives the role that helps, filled in.
fn link(subject: Subject, answered: &Answered, remedy: &Remedy) -> Option<String> {
    let (Remedy::Give { role: name, scope } | Remedy::TakeOwnership { role: name, scope }) = remedy
    else {
        return None;
    };
    let place = match Place::parse(scope.as_str())? {
        Place::Order(order) if order == subject.order => "order",
        place if place == subject.place() => "reservation",
        _ => return None,
    };
    let role = role(name)?.id;
    Some(format!(
        "{}?to={}&role={role}&at={place}#give",
        subject.path(),
        escaped(&answered.principal.to_string())
    ))
}

/// Words of the domain, with the places of this page by their names and without marks.
fn plain(subject: Subject, text: &str) -> String {
    let order = Scope::order(subject.order);
    let mut text = text.to_owned();
    if let Some(id) = subject.reservation {
        let here = Scope::reservation(subject.order, id);
        text = text.replace(&format!("`{here}`"), "this reservation");
    }
    text.replace(&format!("`{order}`"), "the order")
        .replace(&format!("`{}`", Scope::capacity()), "all reservations")
        .replace("`/`", "the whole tenant")
        .replace('`', "")
}

/// What somebody wants to do, as it follows "is allowed to".
pub fn deed(action: Action) -> String {
    say(match action {
        Action::Read => "access-deed-read",
        Action::Catalog => "access-deed-catalog",
        Action::Buy => "access-deed-buy",
        Action::Manage => "access-deed-manage",
        Action::Renew => "access-deed-renew",
        Action::Return => "access-deed-return",
        Action::Exchange => "access-deed-exchange",
        Action::TradeIn => "access-deed-trade-in",
        Action::ChangeDirectory => "access-deed-change-directory",
        Action::ReadSavingsPlan => "access-deed-read-savings-plan",
        Action::BuySavingsPlan => "access-deed-buy-savings-plan",
        Action::ManageSavingsPlan => "access-deed-manage-savings-plan",
        Action::ReadAssignments => "access-deed-read-assignments",
        Action::Assign => "access-deed-assign",
        Action::Unassign => "access-deed-unassign",
        Action::ReadRoles => "access-deed-read-roles",
        Action::DefineRole => "access-deed-define-role",
        Action::DeleteRole => "access-deed-delete-role",
        Action::ReadSubscription => "access-deed-read-subscription",
        Action::ReadManagementGroup => "access-deed-read-management-group",
        Action::OpenTicket => "access-deed-open-ticket",
        Action::ReadTicket => "access-deed-read-ticket",
        Action::ReadActivity => "access-deed-read-activity",
    })
    .into_owned()
}
