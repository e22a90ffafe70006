//! What was decided and done, recorded once: the operation, with its evidence and every finding,
//! which is its own audit line. What was refused without becoming an operation has a line apart.

use crate::access::{Permit, Reason};
use crate::audit::{Event, line};
use crate::{Call, Error, notifications};
use jiff::Timestamp;
use prorata_domain::Decision;
use prorata_domain::access::Action;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::OperationId;
use prorata_store::{Tx, audit, operations};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use prorata_store::operations::Operation as Row;

/// The kinds of operation; also the word for the job in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Purchase,
    Refund,
    Exchange,
    Drain,
    Instalment,
    Expiry,
    Renewal,
    Split,
    SavingsPlanPurchase,
    SavingsPlanInstalment,
    SavingsPlanChange,
    SavingsPlanExpiry,
    TradeIn,
    Merge,
    Update,
    Archive,
    Unarchive,
    ChangeDirectory,
    /// What a change of the world made of a scope.
    Scope,
    /// An exception that the desk granted.
    Waiver,
    /// A step of a request; it is no operation, and has audit lines.
    Request,
}

impl Kind {
    pub const ALL: &'static [Kind] = &[
        Kind::Purchase,
        Kind::Refund,
        Kind::Exchange,
        Kind::Drain,
        Kind::Instalment,
        Kind::Expiry,
        Kind::Split,
        Kind::Renewal,
        Kind::SavingsPlanPurchase,
        Kind::SavingsPlanInstalment,
        Kind::SavingsPlanChange,
        Kind::SavingsPlanExpiry,
        Kind::TradeIn,
        Kind::Merge,
        Kind::Update,
        Kind::Archive,
        Kind::Unarchive,
        Kind::ChangeDirectory,
        Kind::Scope,
        Kind::Waiver,
        Kind::Request,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Purchase => "purchase",
            Kind::Refund => "refund",
            Kind::Exchange => "exchange",
            Kind::Drain => "drain",
            Kind::Instalment => "instalment",
            Kind::Expiry => "expiry",
            Kind::Renewal => "renewal",
            Kind::Split => "split",
            Kind::SavingsPlanPurchase => "savings-plan-purchase",
            Kind::SavingsPlanInstalment => "savings-plan-instalment",
            Kind::SavingsPlanChange => "savings-plan-change",
            Kind::SavingsPlanExpiry => "savings-plan-expiry",
            Kind::TradeIn => "trade-in",
            Kind::Merge => "merge",
            Kind::Update => "update",
            Kind::Archive => "archive",
            Kind::Unarchive => "unarchive",
            Kind::ChangeDirectory => "change-directory",
            Kind::Scope => "scope",
            Kind::Waiver => "waiver",
            Kind::Request => "request",
        }
    }

    /// What a caller has to be permitted for it; nothing for what happens by itself, and for what
    /// the people of the desk do.
    fn needs(self) -> Option<Action> {
        match self {
            Kind::Purchase => Some(Action::Buy),
            Kind::Refund => Some(Action::Return),
            Kind::Exchange => Some(Action::Exchange),
            Kind::TradeIn => Some(Action::TradeIn),
            Kind::Drain
            | Kind::Split
            | Kind::Merge
            | Kind::Update
            | Kind::Archive
            | Kind::Unarchive => Some(Action::Manage),
            Kind::SavingsPlanPurchase => Some(Action::BuySavingsPlan),
            Kind::SavingsPlanChange => Some(Action::ManageSavingsPlan),
            Kind::ChangeDirectory => Some(Action::ChangeDirectory),
            Kind::Instalment
            | Kind::Expiry
            | Kind::Renewal
            | Kind::SavingsPlanInstalment
            | Kind::SavingsPlanExpiry
            | Kind::Scope
            | Kind::Waiver
            | Kind::Request => None,
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// What a decision was taken from and what it was: enough to take it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence<F, R, P> {
    /// Which policy book was in use.
    pub policy: String,
    pub facts: F,
    pub request: R,
    pub decision: Decision<P>,
}

/// Something to record beside the evidence.
pub struct Deed<'d> {
    /// That the caller may, or that it is due by itself.
    pub permit: &'d Permit,
    pub id: OperationId,
    pub kind: Kind,
    /// What it was done to, as a path.
    pub target: String,
    pub billing_account: &'d str,
    /// The cap it counts toward, and how many US cents.
    pub counted: Option<(String, i64)>,
}

impl Deed<'_> {
    /// A deed of this kind needs a permit for what it does, given to whoever does it.
    fn permitted(&self, call: &Call) -> Result<(), Error> {
        let (permit, kind) = (self.permit, self.kind);
        let suits = match kind.needs() {
            Some(action) => permit.action() == action,
            None if kind == Kind::Waiver => *permit.reason() == Reason::Desk,
            None => *permit.reason() == Reason::Due,
        };
        if suits && *permit.caller() == call.caller {
            return Ok(());
        }
        let (action, scope) = (permit.action().as_str(), permit.scope());
        Err(Error::Broken(format!("`{}` with a permit to {action} at `{scope}`", kind.as_str())))
    }
}

/// Records an operation and its audit line. The document holds the evidence; the findings were
/// taken out of it before.
///
/// # Errors
/// Those of the database; [`Error::Broken`] for a permit of another caller or for another action.
pub fn record(
    tx: &mut Tx<'_>,
    call: &Call,
    deed: &Deed<'_>,
    refusal: Option<&Refusal>,
    findings: &[Finding],
    document: &impl Serialize,
) -> Result<(), Error> {
    let findings = Some(serde_json::to_string(findings)?);
    insert(tx, call, deed, refusal, serde_json::to_string(document)?, findings)
}

/// Records an operation that nothing was looked at for.
///
/// # Errors
/// Those of the database.
pub fn record_document(
    tx: &mut Tx<'_>,
    call: &Call,
    deed: &Deed<'_>,
    refusal: Option<&Refusal>,
    document: String,
) -> Result<(), Error> {
    insert(tx, call, deed, refusal, document, None)
}

fn insert(
    tx: &mut Tx<'_>,
    call: &Call,
    deed: &Deed<'_>,
    refusal: Option<&Refusal>,
    doc: String,
    findings: Option<String>,
) -> Result<(), Error> {
    deed.permitted(call)?;
    operations::insert(
        tx,
        &operations::Operation {
            id: deed.id,
            kind: deed.kind.as_str().to_owned(),
            tenant: call.caller.tenant,
            principal: call.caller.principal,
            decided_at: call.now,
            verdict: verdict(refusal).to_owned(),
            code: refusal.map(|refusal| refusal.code.to_string()),
            billing_account: deed.billing_account.to_owned(),
            cap_scope: deed.counted.as_ref().map(|(scope, _)| scope.clone()),
            counted_minor: deed.counted.as_ref().map_or(0, |(_, minor)| *minor),
            doc,
            target: Some(deed.target.clone()),
            findings,
            by: crate::audit::by(call),
        },
    )?;
    if refusal.is_none() && notifications::is_told(deed.kind) {
        notifications::send_deed(tx, call, deed)?;
    }
    Ok(())
}

/// Writes the audit line of a deed that was refused: who wanted what, what was answered, and
/// everything that was looked at.
///
/// # Errors
/// Those of the database.
pub fn audit(
    tx: &mut Tx<'_>,
    call: &Call,
    kind: Kind,
    target: &str,
    refusal: Option<&Refusal>,
    findings: &[Finding],
) -> Result<(), Error> {
    let event = Event::new(kind.as_str(), target).with(&findings)?;
    line(tx, call, &if refusal.is_some() { event.refused() } else { event })
}

fn verdict(refusal: Option<&Refusal>) -> &'static str {
    if refusal.is_some() { "refused" } else { "approved" }
}

/// The last instant at which anything was quoted or decided.
///
/// # Errors
/// Those of the database.
pub fn last_recorded_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
    Ok(operations::last_recorded_at(tx)?)
}

/// Everything that was looked at for an operation; nothing for one that was not decided.
///
/// # Errors
/// [`Error::Broken`] when the line is not what it should be.
pub fn findings(tx: &mut Tx<'_>, row: &Row) -> Result<Vec<Finding>, Error> {
    if let Some(findings) = &row.findings {
        return Ok(serde_json::from_str(findings)?);
    }
    // Rows of before had their findings in an audit line under the same id.
    match audit::findings(tx, row.tenant, row.decided_at, row.id.0)? {
        Some(findings) => Ok(serde_json::from_str(&findings)?),
        None => Ok(Vec::new()),
    }
}

/// Reads the evidence of an operation back, with its findings.
///
/// # Errors
/// [`Error::Broken`] when the document is not what it should be.
pub fn recorded<F: DeserializeOwned, R: DeserializeOwned, P: DeserializeOwned>(
    tx: &mut Tx<'_>,
    row: &Row,
) -> Result<Evidence<F, R, P>, Error> {
    let mut read: Evidence<F, R, P> = serde_json::from_str(&row.doc)?;
    read.decision.findings = findings(tx, row)?;
    Ok(read)
}

/// A kept quote as its deed reads it: without the findings, which are the most of it.
#[derive(Debug, Deserialize)]
pub struct Kept<F, R, P> {
    pub facts: F,
    pub request: R,
    decision: Proposed<P>,
}

#[derive(Debug, Deserialize)]
struct Proposed<P> {
    proposal: Option<P>,
}

impl<F, R, P> Kept<F, R, P> {
    /// What was priced, where it could be.
    pub fn proposal(&self) -> Option<&P> {
        self.decision.proposal.as_ref()
    }
}

/// Reads a quote back for its deed.
///
/// # Errors
/// [`Error::Broken`] when the document is not what it should be.
pub fn kept<F: DeserializeOwned, R: DeserializeOwned, P: DeserializeOwned>(
    document: &str,
) -> Result<Kept<F, R, P>, Error> {
    Ok(serde_json::from_str(document)?)
}
