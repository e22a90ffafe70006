//! Who is told of a request, and what.

use super::document::Document;
use crate::{Call, Error};
use prorata_domain::request::Person;
use prorata_domain::request::approval::Demand;
use prorata_store::Tx;
use prorata_store::notifications::{self as rows, Notification};
use prorata_store::requests::Request;
use serde_json::{Value, json};

/// What is told of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// It waits for approvers.
    Submitted,
    Approved,
    Rejected,
    Withdrawn,
    Stopped,
    Done,
    Failed,
    /// It ends soon, and still waits.
    Expiring,
    Expired,
}

impl Notice {
    fn kind(self) -> &'static str {
        match self {
            Notice::Submitted => "request-submitted",
            Notice::Approved => "request-approved",
            Notice::Rejected => "request-rejected",
            Notice::Withdrawn => "request-withdrawn",
            Notice::Stopped => "request-stopped",
            Notice::Done => "request-done",
            Notice::Failed => "request-failed",
            Notice::Expiring => "request-expiring",
            Notice::Expired => "request-expired",
        }
    }

    /// Whether it is for those who may approve; else for those whose request it is.
    fn is_for_approvers(self) -> bool {
        matches!(self, Notice::Submitted | Notice::Expiring)
    }
}

/// Puts a notice into the outbox. `to` names principals; approvers who are known only by a role, or
/// by their right to the deed, are in `approvers`.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    call: &Call,
    row: &Request,
    document: &Document,
    notice: Notice,
) -> Result<(), Error> {
    let figures = document.figures.as_ref();
    let why = document.state.why();
    let mut particulars = json!({
        "request": row.id,
        "requestKind": row.kind,
        "about": row.target,
        "status": row.status,
        "stake": figures.map(|figures| figures.stake.to_string()),
        "stakeUsd": figures.map(|figures| figures.stake_usd.to_string()),
        "requester": document.state.drafted().drafter().name,
        "comment": document.comment,
        "expiresAt": row.expires_at.to_string(),
        "to": owners(document),
    });
    if let Some((code, reason)) = why {
        particulars["code"] = json!(code);
        particulars["reason"] = json!(reason);
    }
    if let Some(operation) = row.operation {
        particulars["operation"] = json!(operation);
    }
    if notice.is_for_approvers()
        && let Some(submitted) = document.state.submitted()
    {
        particulars["to"] = json!(named(submitted.demands()));
        particulars["approvers"] = approvers(submitted.demands());
    }
    let id = tx.new_id();
    rows::insert(
        tx,
        &Notification {
            tenant: row.tenant,
            at: call.now,
            id,
            kind: notice.kind().to_owned(),
            billing_account: row.billing_account.clone(),
            target: format!("request/{}", row.id),
            doc: particulars.to_string(),
        },
    )?;
    Ok(())
}

fn owners(document: &Document) -> Value {
    let draft = document.state.drafted();
    let submitter = document.state.submitted().map(|submitted| submitted.by());
    let people = [Some(draft.drafter()), draft.on_behalf_of(), submitter].into_iter().flatten();
    let mut all: Vec<String> = people.map(|person: &Person| person.principal.to_string()).collect();
    all.sort_unstable();
    all.dedup();
    json!(all)
}

fn named(demands: &[Demand]) -> Vec<String> {
    let principals = demands.iter().flat_map(|demand| &demand.approvers.principals);
    let mut all: Vec<String> = principals.map(ToString::to_string).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn approvers(demands: &[Demand]) -> Value {
    let each = demands.iter().map(|demand| {
        json!({
            "policy": demand.policy,
            "approvals": demand.approvals,
            "by": demand.approvers.to_string(),
            "roles": demand.approvers.roles,
        })
    });
    json!(each.collect::<Vec<_>>())
}
