//! What is kept of a request beside its columns, and changing it.

use super::ask::Ask;
use crate::audit::{self, Event as AuditEvent};
use crate::call::PartnerAgent;
use crate::{Call, Caller, Error, PrincipalKind};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::{PrincipalId, RequestId, TenantId};
use prorata_domain::request::approval::Facts;
use prorata_domain::request::figures::{Figures, Tolerance};
use prorata_domain::request::{Event, Person, State};
use prorata_store::Tx;
use prorata_store::requests::{self, Request, Step};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A request: what it wants, what it comes to, and how it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    pub ask: Ask,
    /// In the words of who asks.
    pub comment: String,
    pub state: State,
    /// What it came to when it was priced last; nothing where it cannot be priced.
    pub figures: Option<Figures>,
    pub priced_at: Timestamp,
    /// The digest of the policy book by which it was priced.
    pub policy: String,
    /// Why it could not be done as it was priced last.
    pub refusal: Option<Refusal>,
    /// What it came to when it was submitted: that is what may not move too far.
    #[serde(default)]
    pub submitted_figures: Option<Figures>,
    /// How far it may move.
    #[serde(default)]
    pub tolerances: Vec<Tolerance>,
    /// What the approval policies were asked about last, and what they looked at.
    #[serde(default)]
    pub asked: Option<Facts>,
    #[serde(default)]
    pub policy_findings: Vec<Finding>,
    /// Those who take part, as they called: it is done by the right of one of them.
    #[serde(default)]
    callers: Vec<Known>,
}

/// A caller, to be acted for later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    tenant: TenantId,
    principal: PrincipalId,
    client: String,
    name: String,
    kind: String,
    home: TenantId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<(TenantId, Vec<String>)>,
}

impl Document {
    pub(super) fn new(ask: Ask, comment: String, state: State, now: Timestamp) -> Document {
        Document {
            ask,
            comment,
            state,
            figures: None,
            priced_at: now,
            policy: String::new(),
            refusal: None,
            submitted_figures: None,
            tolerances: Vec::new(),
            asked: None,
            policy_findings: Vec::new(),
            callers: Vec::new(),
        }
    }

    /// Remembers a caller as one who takes part.
    pub(super) fn remember(&mut self, caller: &Caller) {
        self.callers.retain(|known| known.principal != caller.principal);
        self.callers.push(Known {
            tenant: caller.tenant,
            principal: caller.principal,
            client: caller.client.clone(),
            name: caller.name.clone(),
            kind: caller.kind.as_str().to_owned(),
            home: caller.home,
            agent: caller.agent.as_ref().map(|agent| (agent.tenant, agent.roles.clone())),
        });
    }

    /// A call of somebody who takes part, made by the desk for them.
    pub(super) fn call_of(
        &self,
        person: &Person,
        now: Timestamp,
        request: RequestId,
    ) -> Option<Call> {
        let known = self.callers.iter().find(|known| known.principal == person.principal)?;
        let caller = Caller {
            kind: PrincipalKind::parse(&known.kind).unwrap_or_default(),
            home: known.home,
            agent: known.agent.clone().map(|(tenant, roles)| PartnerAgent { tenant, roles }),
            ..Caller::new(known.tenant, known.principal, known.client.clone(), known.name.clone())
        };
        Some(Call::new(caller, now, request.0))
    }
}

/// The person behind a caller. A program is one whatever tenants it is in; people are known by the
/// tenant of their account and their name there, so that two principals of one person are one.
pub(super) fn person(caller: &Caller) -> Person {
    let account = match caller.kind {
        PrincipalKind::ServicePrincipal => format!("app/{}", caller.client.to_lowercase()),
        PrincipalKind::User => format!("user/{}/{}", caller.home, caller.name.to_lowercase()),
    };
    Person { principal: caller.principal, account, name: caller.name.clone() }
}

/// A request of the caller's tenant, whoever may see it.
pub(super) fn load(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: RequestId,
) -> Result<(Request, Document), Error> {
    let row = requests::load(tx, id)?.filter(|row| row.tenant == tenant);
    let row = row.ok_or_else(|| absent(id))?;
    let document = serde_json::from_str(&row.doc)?;
    Ok((row, document))
}

pub(super) fn absent(id: RequestId) -> Error {
    Error::Absent { what: format!("request `{id}`"), code: "RequestNotFound" }
}

/// What happened to a request, and who says what about it.
pub(super) struct Happened<'h> {
    pub event: Event,
    /// Nobody where the desk does it by itself.
    pub by: Option<&'h Person>,
    pub comment: &'h str,
}

/// Writes a new request with its first step.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &mut Request,
    document: &Document,
    findings: &[Finding],
    by: &Person,
) -> Result<(), Error> {
    row.doc = serde_json::to_string(document)?;
    row.findings = serde_json::to_string(findings)?;
    requests::insert(tx, row, &document.ask.orders())?;
    let happened = Happened { event: Event::Draft, by: Some(by), comment: &document.comment };
    record(tx, call, row, document, &happened)
}

/// Writes how a request stands now. Findings are those of the last pricing, where there was one.
pub(super) fn save(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &mut Request,
    document: &Document,
    findings: Option<&[Finding]>,
    happened: &Happened<'_>,
) -> Result<(), Error> {
    row.status = document.state.status();
    row.operation = document.state.operation();
    row.updated_at = call.now;
    row.doc = serde_json::to_string(document)?;
    if let Some(findings) = findings {
        row.findings = serde_json::to_string(findings)?;
    }
    if !requests::replace(tx, row)? {
        return Err(Error::Busy(format!("request `{}` was changed meanwhile", row.id)));
    }
    row.version += 1;
    record(tx, call, row, document, happened)
}

/// A step has the number of the version that it led to, and an audit line.
fn record(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &Request,
    document: &Document,
    happened: &Happened<'_>,
) -> Result<(), Error> {
    let step = Step {
        at: call.now,
        event: happened.event,
        status: row.status,
        principal: happened.by.map(|by| by.principal),
        name: happened.by.map_or_else(|| "prorata".to_owned(), |by| by.name.clone()),
        comment: happened.comment.to_owned(),
    };
    requests::add_step(tx, row.id, row.version, &step)?;
    let figures = document.figures.as_ref();
    let event =
        AuditEvent::new(format!("request-{}", happened.event), format!("request/{}", row.id))
            .about(row.id.0)
            .with(&json!({
                "kind": row.kind,
                "target": row.target,
                "status": row.status,
                "stake": figures.map(|figures| figures.stake.to_string()),
                "comment": happened.comment,
                "operation": row.operation.map(|operation| operation.to_string()),
                "policies": document.policy_findings,
            }))?;
    audit::line(tx, call, &event)
}
