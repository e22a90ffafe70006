//! The audit: who looked at money or changed something, on whose behalf, from where, and what was
//! answered.
//!
//! *An operation is its own line*, so a job that records one ([`crate::operations::record`]) writes
//! nothing else. Everything else that changes something calls [`line`] in the transaction that
//! changes it, so that one is never there without the other. What only looks at money goes through
//! [`crate::App::look_up`], which writes the line before it answers.
//!
//! No secret is ever part of a line: name what it belongs to.

pub mod export;
pub mod seal;
pub mod search;

use crate::{App, Call, Caller, Error};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::Tx;
use prorata_store::audit::{self as rows, By, Line};
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
    let line = Line {
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
    };
    Ok(rows::insert(tx, &line)?)
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

/// What came of a job for the audit; nothing where it neither showed anything nor says anything of
/// the caller's rights.
pub fn verdict_of<T>(outcome: &Result<T, Error>) -> Option<Verdict> {
    match outcome {
        Ok(_) => Some(Verdict::Approved),
        Err(Error::Denied { .. } | Error::Absent { .. }) => Some(Verdict::Denied),
        Err(Error::Refused(_)) => Some(Verdict::Refused),
        Err(_) => None,
    }
}

/// The write of the line of a look-up, once its outcome is known.
pub(crate) fn looked_up<T>(
    call: &Call,
    event: Event,
    outcome: &Result<T, Error>,
) -> Option<impl FnMut(&mut Tx<'_>) -> Result<(), Error> + Send + use<T>> {
    let event = event.as_verdict(verdict_of(outcome)?);
    let call = call.clone();
    Some(move |tx: &mut Tx<'_>| line(tx, &call, &event))
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
