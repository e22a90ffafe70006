//! Exceptions: a clause that somebody at the desk waives for one reservation, once.
//!
//! Granting one is a decision like any other: the reservation is live, the clauses are among those
//! that may be waived, the exception lapses soon enough, and who grants it did not ask for it. What
//! a waiver does to a later decision is in [`Exceptions`]: a clause that is not met and is waived
//! for the reservation shows as waived, with the ticket, and refuses nothing. A waiver never makes
//! a clause about shape or arithmetic pass, whatever its row says: only what the policy book lists
//! can be waived.

use crate::decision::{
    Amount, Decision, Finding, Impossible, Line, Outcome, Refusal, Repair, Subject,
};
use crate::ids::{PrincipalId, ReservationId, WaiverId};
use crate::policy::{Book, ClauseId, Clauses};
use crate::proration::{finding, whether_live};
use crate::refund::is_live;
use crate::reservation::Held;
use crate::term::utc_day;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// The label of the line that names the ticket in a finding that is waived.
pub const TICKET_LINE: &str = "waived by ticket";

/// An exception that was granted and not used yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    pub id: WaiverId,
    /// The name of the ticket that it answers.
    pub ticket: String,
    pub clauses: Vec<ClauseId>,
    /// The first UTC day on which it is no longer good.
    pub lapses_on: Date,
}

/// Everything that granting an exception may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub held: Held,
    /// The ticket that is answered.
    pub ticket: String,
    /// Who asked for it.
    pub opened_by: PrincipalId,
    /// Who wants to grant it.
    pub granted_by: PrincipalId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub clauses: Vec<ClauseId>,
    pub lapses_on: Date,
}

/// The exception that is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub reservation: ReservationId,
    /// In the order of [`ClauseId`], each once.
    pub clauses: Vec<ClauseId>,
    pub lapses_on: Date,
}

/// Decides whether an exception may be granted.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other; never because of the request.
pub fn decide(
    book: &Book,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Decision<Plan>, Impossible> {
    let today = utc_day(now);
    let clauses = book.in_force(today);
    let mut findings = Vec::with_capacity(2);
    let mut refusal = None;
    let (state, refused) = live(&facts.held, today);
    findings.push(state);
    refusal = refusal.or(refused);
    let (allowed, refused) = allowed(facts, request, &clauses, today);
    findings.push(allowed);
    refusal = refusal.or(refused);
    let mut wanted = request.clauses.clone();
    wanted.sort_unstable();
    wanted.dedup();
    let plan =
        Plan { reservation: facts.held.reservation, clauses: wanted, lapses_on: request.lapses_on };
    Ok(Decision { proposal: Some(plan), refusal, findings })
}

fn live(held: &Held, today: Date) -> (Finding, Option<Refusal>) {
    let live = is_live(held, today);
    let found = whether_live(&held.state, held.expires_on, live, None);
    let refusal = (!live).then(|| Refusal {
        clause: ClauseId::ReservationState,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason: "an exception is granted only for a reservation that is live".to_owned(),
        repairs: Vec::new(),
    });
    (found, refusal)
}

/// Whether these clauses may be waived, until that day, by that person.
fn allowed(
    facts: &Facts,
    request: &Request,
    clauses: &Clauses<'_>,
    today: Date,
) -> (Finding, Option<Refusal>) {
    let rule = clauses.waiver;
    let latest = today.saturating_add(rule.value.days.days());
    let names = |clauses: &[ClauseId]| {
        clauses.iter().map(|clause| clause.as_str()).collect::<Vec<_>>().join(", ")
    };
    let lines = vec![
        Line::new("asked to waive", names(&request.clauses)),
        Line::new("may be waived", names(&rule.value.clauses)),
        Line::new("lapses on", request.lapses_on),
        Line::new("at the latest on", latest),
        Line::new("the ticket was opened by", facts.opened_by.to_string()),
        Line::new("granted by", facts.granted_by.to_string()),
    ];
    let stray = request.clauses.iter().find(|clause| !rule.value.clauses.contains(clause));
    let choose = |field: &'static str, values: Vec<String>| {
        vec![Repair::Choose { about: None, field: field.into(), values }]
    };
    let refused = if request.clauses.is_empty() || stray.is_some() {
        let reason = match stray {
            Some(clause) => format!("the clause `{clause}` can never be waived"),
            None => "an exception names the clauses that it waives".to_owned(),
        };
        let may = rule.value.clauses.iter().map(|clause| clause.as_str().to_owned()).collect();
        Some(("BadRequest", reason, choose("clauses", may)))
    } else if request.lapses_on <= today || request.lapses_on > latest {
        let reason = format!(
            "an exception lapses after {today} and not after {latest}, {} was asked for",
            request.lapses_on
        );
        Some(("BadRequest", reason, choose("lapsesOn", vec![latest.to_string()])))
    } else if facts.opened_by == facts.granted_by {
        let reason = "who opened a ticket cannot grant an exception on it".to_owned();
        Some(("Forbidden", reason, Vec::new()))
    } else {
        None
    };
    let outcome = if refused.is_some() { Outcome::NotMet } else { Outcome::Met };
    let refusal = refused.map(|(code, reason, repairs)| Refusal {
        clause: ClauseId::Waiver,
        code: code.into(),
        reason,
        repairs,
    });
    (finding(rule, None, outcome, lines), refusal)
}

/// The exceptions that a decision may make use of, and those that it did.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    /// Of each reservation that is given up, in the order of the request.
    open: Vec<Vec<Waiver>>,
    used: Vec<WaiverId>,
}

impl Exceptions {
    /// What is good today of what the held reservations have, as far as the book lets it be waived.
    pub fn of<'h>(
        held: impl IntoIterator<Item = &'h Held>,
        clauses: &Clauses<'_>,
        today: Date,
    ) -> Exceptions {
        let may = &clauses.waiver.value.clauses;
        let good = |waiver: &Waiver| Waiver {
            clauses: waiver.clauses.iter().copied().filter(|it| may.contains(it)).collect(),
            ..waiver.clone()
        };
        let open = held
            .into_iter()
            .map(|held| held.waivers.iter().filter(|it| today < it.lapses_on).map(good).collect())
            .collect();
        Exceptions { open, used: Vec::new() }
    }

    /// Waives a finding that is not met, where every reservation that it is about has an exception
    /// from its clause. A finding about what is bought, or about everything, is about all of them.
    pub fn apply(
        &mut self,
        mut finding: Finding,
        refusal: Option<Refusal>,
    ) -> (Finding, Option<Refusal>) {
        if finding.outcome != Outcome::NotMet {
            return (finding, refusal);
        }
        let about = match finding.about {
            Some(Subject::Return(position)) => {
                let at = usize::try_from(position).unwrap_or_default().saturating_sub(1);
                self.open.get(at..=at).unwrap_or_default()
            }
            _ => self.open.as_slice(),
        };
        let fitting = |open: &Vec<Waiver>| {
            open.iter().find(|waiver| waiver.clauses.contains(&finding.clause)).cloned()
        };
        let Some(found) = about.iter().map(fitting).collect::<Option<Vec<Waiver>>>() else {
            return (finding, refusal);
        };
        if found.is_empty() {
            return (finding, refusal);
        }
        finding.outcome = Outcome::Waived;
        for waiver in found {
            let line = Line::new(TICKET_LINE, Amount::Text(waiver.ticket.into()));
            if !finding.lines.contains(&line) {
                finding.lines.push(line);
            }
            if !self.used.contains(&waiver.id) {
                self.used.push(waiver.id);
            }
        }
        (finding, None)
    }

    /// Those that were made use of, in the order in which they were needed.
    pub fn used(self) -> Vec<WaiverId> {
        self.used
    }
}
