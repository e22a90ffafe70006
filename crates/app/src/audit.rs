//! The audit: who looked at money or changed something, on whose behalf, from where, and what was
//! answered.
//!
//! *An operation is its own line*, so a job that records one ([`crate::operations::record`]) writes
//! nothing else. Everything else that changes something calls [`line`] in the transaction that
//! changes it, so that one is never there without the other. What only shows money calls
//! [`looked_at`], whose line is on disk before the answer is given.
//!
//! No secret is ever part of a line: name what it belongs to.

pub mod export;
pub mod seal;
pub mod search;

use crate::{App, Call, Caller, Error, Origin};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::audit::{self as rows, By, Line};
use prorata_store::{Tx, directory};
use serde::Serialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Longest text of a line that comes from outside, in bytes.
const OUTSIDE_MAX: usize = 200;
/// Longest target, in bytes; an exchange names all that it gives up.
const TARGET_MAX: usize = 4000;

/// What came of what a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was done, or shown.
    Approved,
    /// A rule forbids it.
    Refused,
    /// The caller may not, or may not even know of it.
    Denied,
    /// It was tried and came to nothing: a wrong password, a payment not made.
    Failed,
}

impl Verdict {
    pub const ALL: [Verdict; 4] =
        [Verdict::Approved, Verdict::Refused, Verdict::Denied, Verdict::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Refused => "refused",
            Verdict::Denied => "denied",
            Verdict::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    action: String,
    target: String,
    verdict: Verdict,
    decision: Option<Uuid>,
    details: String,
}

impl Event {
    /// Something that was done or shown. `action` is the provider's name of the operation where
    /// it has one (`Microsoft.Authorization/roleAssignments/write`), else a word of ours such as
    /// `refund-quote`. `target` is a path such as `order/ID/reservation/ID` or
    /// `principal/ID`.
    pub fn new(action: impl Into<String>, target: impl Into<String>) -> Event {
        Event {
            action: action.into(),
            target: target.into(),
            verdict: Verdict::Approved,
            decision: None,
            details: "[]".to_owned(),
        }
    }

    #[must_use]
    pub fn refused(self) -> Event {
        self.as_verdict(Verdict::Refused)
    }

    #[must_use]
    pub fn denied(self) -> Event {
        self.as_verdict(Verdict::Denied)
    }

    #[must_use]
    pub fn failed(self) -> Event {
        self.as_verdict(Verdict::Failed)
    }

    #[must_use]
    pub fn as_verdict(self, verdict: Verdict) -> Event {
        Event { verdict, ..self }
    }

    /// Names the quote, request, ticket or operation that it is about.
    #[must_use]
    pub fn about(self, decision: Uuid) -> Event {
        Event { decision: Some(decision), ..self }
    }

    /// What more there is to say, as JSON: the findings of a decision, or an object. Nothing
    /// secret.
    ///
    /// # Errors
    /// [`Error::Broken`] when it cannot be written.
    pub fn with(self, details: &impl Serialize) -> Result<Event, Error> {
        Ok(Event { details: serde_json::to_string(details)?, ..self })
    }
}

/// Writes one audit line, in the transaction of what it is about:
///
/// ```ignore
/// let event = Event::new("Microsoft.Authorization/roleAssignments/write", target)
///     .about(assignment.id.0)
///     .with(&json!({ "role": role, "principal": principal }))?;
/// audit::line(tx, call, &event)?;
/// ```
///
/// Use it wherever something changes without an operation: roles, users, secrets, sessions,
/// policies, waivers, requests, tickets. Where the call is refused, the transaction is undone and
/// its line with it: give the error back, the edge writes the line of what was denied.
///
/// # Errors
/// Those of the database.
pub fn line(tx: &mut Tx<'_>, call: &Call, event: &Event) -> Result<(), Error> {
    let line = made(tx, call, event);
    Ok(rows::insert(tx, &line)?)
}

fn made(tx: &Tx<'_>, call: &Call, event: &Event) -> Line {
    Line {
        id: tx.new_id(),
        at: call.now,
        tenant: call.caller.tenant,
        principal: call.caller.principal,
        action: event.action.clone(),
        target: bounded(&event.target, TARGET_MAX),
        verdict: event.verdict.as_str().to_owned(),
        findings: event.details.clone(),
        by: by(call),
        decision: event.decision,
    }
}

/// Writes the line of a quote that was priced, with everything that was looked at where the answer
/// is no. The quote itself is taken away some time after it lapsed.
///
/// # Errors
/// Those of the database.
pub(crate) fn quoted(
    tx: &mut Tx<'_>,
    call: &Call,
    action: &str,
    target: String,
    quote: Uuid,
    refusal: Option<&Refusal>,
    findings: &[Finding],
) -> Result<(), Error> {
    let event = Event::new(action, target).about(quote);
    let event = if refusal.is_some() { event.refused().with(&findings)? } else { event };
    line(tx, call, &event)
}

/// Writes the lines of a world document that changed something: one in each tenant that it names,
/// or without one in the operator's, which is nobody's.
///
/// # Errors
/// Those of the database.
pub(crate) fn applied(
    tx: &mut Tx<'_>,
    app: &App,
    tenants: &BTreeSet<TenantId>,
    report: &impl Serialize,
) -> Result<(), Error> {
    let nobodys = BTreeSet::from([NOBODYS]);
    let event = Event::new("world-apply", "world").with(report)?;
    for tenant in if tenants.is_empty() { &nobodys } else { tenants } {
        line(tx, &operator(*tenant, app.now()), &event)?;
    }
    Ok(())
}

/// The tenant of lines that belong to none: what the operator did for all of them, and sign-ins to
/// tenants that are not there.
pub const NOBODYS: TenantId = TenantId(Uuid::nil());

/// A call of whoever runs this program, at its command line.
pub fn operator(tenant: TenantId, now: Timestamp) -> Call {
    let principal = PrincipalId(Uuid::nil());
    Call::new(Caller::new(tenant, principal, SYSTEM, "the operator"), now, Uuid::nil())
}

/// Writes the line of a sign-in: of a program that got a token, or of one that failed. Of what was
/// typed nothing is kept but a client's id that is a GUID, since people type secrets into the wrong
/// field; so a failed sign-in is of the account that was named, or of nobody. It blocks.
///
/// # Errors
/// Those of the database.
pub fn sign_in(
    app: &App,
    named: Named<'_>,
    origin: &Origin,
    correlation: Uuid,
) -> Result<(), Error> {
    let nobody = |tenant, client: &str| {
        let client = Uuid::try_parse(client).map(|id| id.to_string()).unwrap_or_default();
        Caller::new(tenant, PrincipalId(Uuid::nil()), client, "")
    };
    let (caller, verdict) = match named {
        Named::Known(caller, verdict) => (caller.clone(), verdict),
        Named::Unknown { tenant, client } => {
            let tenant = match tenant {
                Some(tenant) => app.read(move |tx, _| Ok(directory::tenant(tx, tenant)?))?,
                None => None,
            };
            (nobody(tenant.map_or(NOBODYS, |tenant| tenant.id), client), Verdict::Failed)
        }
    };
    let target = format!("principal/{}", caller.principal);
    let event = Event::new("sign-in", target).as_verdict(verdict);
    let call = Call { origin: origin.clone(), ..Call::new(caller, app.now(), correlation) };
    app.store.write(move |tx| line(tx, &call, &event))
}

/// Who signs in.
#[derive(Debug, Clone, Copy)]
pub enum Named<'n> {
    /// An account that is there.
    Known(&'n Caller, Verdict),
    /// None that is told: what failed may have been its name.
    Unknown { tenant: Option<TenantId>, client: &'n str },
}

/// Notes that money is shown: call it in the job that shows it, also in one that only reads. The
/// line is on disk before the answer is given.
pub fn looked_at(tx: &mut Tx<'_>, call: &Call, event: &Event) {
    let line = made(tx, call, event);
    tx.note(line);
}

/// Writes lines that were noted.
pub(crate) fn write(tx: &mut Tx<'_>, notes: &[Line]) -> Result<(), Error> {
    notes.iter().try_for_each(|line| Ok(rows::insert(tx, line)?))
}

/// The event of a call that was denied or refused without a line of its own, for the edge, which
/// knows the call: `what` names what was called, and `target` on what.
pub fn turned_away(error: &Error, what: &str, target: &str) -> Option<Event> {
    match error {
        Error::Denied { action, .. } | Error::SecondFactorAsked { action } => {
            Some(Event::new(action.provider_name(), target).denied())
        }
        Error::Absent { .. } => Some(Event::new(what, target).denied()),
        Error::Refused(refused) if refused.attempt.is_none() => {
            let event = Event::new(what, target).refused();
            event.with(&refused.findings).ok()
        }
        _ => None,
    }
}

/// Who calls and from where, for an operation or a line.
pub(crate) fn by(call: &Call) -> By {
    let caller = &call.caller;
    // What the clock does has no address, and is done by this program itself.
    let system = caller.client == SYSTEM && call.origin.address.is_none();
    By {
        kind: Some(if system { SYSTEM } else { caller.kind.as_str() }.to_owned()),
        home: (caller.home != caller.tenant).then_some(caller.home),
        client: Some(shown(&caller.client)),
        name: Some(shown(&caller.name)),
        partner: caller.agent.as_ref().map(|agent| agent.tenant),
        address: call.origin.address.map(|address| address.to_string()),
        agent: call.origin.agent.as_deref().map(shown),
        correlation: Some(call.correlation),
    }
}

/// The client of what the desk does by itself.
pub const SYSTEM: &str = "prorata";

/// A text from outside as it may stand in a line: bounded, and in one line.
fn shown(text: &str) -> String {
    bounded(text, OUTSIDE_MAX)
}

fn bounded(text: &str, most: usize) -> String {
    let text = &text[..text.floor_char_boundary(most)];
    text.replace(char::is_control, " ")
}
