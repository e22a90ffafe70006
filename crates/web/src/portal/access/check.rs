//! The answer to why somebody can or cannot do something, as the page shows it.

use super::Subject;
use crate::portal::form::escaped;
use crate::portal::trouble::in_words;
use crate::portal::words;
use prorata_app::authorization::Answered;
use prorata_domain::access::{Answer, Finding, Outcome, Remedy, Scope, role};
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
    pub word: &'static str,
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
    let may = if verdict.is_allowed() { "is allowed" } else { "is not allowed" };
    let grounds = verdict.findings.iter().map(|finding| ground(subject, finding)).collect();
    let remedies = verdict.remedies.iter().map(|remedy| Help {
        says: words::capital(&plain(subject, &remedy.to_string())),
        href: gives.then(|| link(subject, answered, remedy)).flatten(),
    });
    Check {
        allowed: verdict.is_allowed(),
        heading: format!("{} {may} {}", answered.name, in_words(verdict.action)),
        hidden: verdict.answer == Answer::Hidden,
        grounds,
        remedies: remedies.collect(),
    }
}

fn ground(subject: Subject, finding: &Finding) -> Ground {
    let (word, class) = match &finding.outcome {
        Outcome::Allows { .. } => ("Allows", "met"),
        Outcome::Bars(_) => ("Bars", "not-met"),
        Outcome::Silent(_) => ("Does not", "not-concerned"),
    };
    Ground {
        word,
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
