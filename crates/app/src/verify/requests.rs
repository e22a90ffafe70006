//! Laws of requests: what was done was approved by those who had to, by nobody for themselves, and
//! is what was asked for.

use super::{Broken, CHUNK, broken};
use crate::Error;
use crate::operations::Kind;
use crate::request::{Document, operation_kind};
use prorata_domain::request::Status;
use prorata_store::requests::{self, Request};
use prorata_store::{Tx, operations};

/// Looks at every request; answers how many there are, and the first that breaks a law.
pub(super) fn hold(tx: &mut Tx<'_>) -> Result<(u64, Option<Broken>), Error> {
    let (mut count, mut after) = (0, None);
    loop {
        let chunk = requests::page(tx, after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok((count, None)) };
        after = Some(last.id);
        for row in chunk {
            count += 1;
            let document: Document = serde_json::from_str(&row.doc)?;
            let found = match approved_by_others(tx, &row, &document)? {
                None => done(tx, &row, &document)?,
                found => found,
            };
            if found.is_some() {
                return Ok((count, found));
            }
        }
    }
}

fn name(row: &Request) -> String {
    format!("request {}", row.id)
}

/// Approvals are those that have rows, of other people than those whose request it is, each once;
/// and what went on from there had all that its policies asked for.
fn approved_by_others(
    tx: &mut Tx<'_>,
    row: &Request,
    document: &Document,
) -> Result<Option<Broken>, Error> {
    let state = &document.state;
    let steps = requests::steps(tx, row.id)?;
    let last = steps.last().map(|step| step.status);
    if last != Some(row.status) || state.status() != row.status {
        let what = format!(
            "is {}, its document is {}, {last:?} is its last step",
            row.status,
            state.status()
        );
        return Ok(broken("a request is what its last step made it", name(row), what));
    }
    if i64::try_from(steps.len()).ok() != Some(row.version) {
        let what = format!("{} steps led to version {}", steps.len(), row.version);
        return Ok(broken("each change of a request has a step", name(row), what));
    }
    let rows = requests::approvals(tx, row.id)?;
    let Some(submitted) = state.submitted() else {
        let what = "was approved before it was submitted".to_owned();
        let early = (!rows.is_empty()).then(|| broken("drafts have no approvals", name(row), what));
        return Ok(early.flatten());
    };
    let given = submitted.approvals();
    let same = given.len() == rows.len()
        && given.iter().all(|approval| {
            rows.iter()
                .any(|row| row.principal == approval.person.principal && row.at == approval.at)
        });
    if !same {
        let what = format!("{} approvals are counted, {} have rows", given.len(), rows.len());
        return Ok(broken("each approval has one row", name(row), what));
    }
    let draft = state.drafted();
    let owners = [Some(draft.drafter()), draft.on_behalf_of(), Some(submitted.by())];
    for (index, approval) in given.iter().enumerate() {
        let own = owners.iter().flatten().any(|owner| owner.is_same(&approval.person));
        if own || given[..index].iter().any(|other| other.person.is_same(&approval.person)) {
            let what = format!("`{}` approved it", approval.person.name);
            return Ok(broken("nobody approves their own, or twice", name(row), what));
        }
    }
    let open = submitted.demands().iter().find(|demand| !demand.is_met(given));
    let went_on =
        [Status::Approved, Status::Running, Status::Done, Status::Failed].contains(&row.status);
    Ok(match open {
        Some(demand) if went_on => {
            let what = format!("`{}` asks for {}", demand.policy, demand.approvals);
            broken("what is done has its approvals", name(row), what)
        }
        _ => None,
    })
}

/// A request that is done has its operation, of its kind, for its account, by the right of one who
/// takes part, and of the amounts that were approved; any other has none.
fn done(tx: &mut Tx<'_>, row: &Request, document: &Document) -> Result<Option<Broken>, Error> {
    let law = "a request that is done has its operation, and only that one";
    if row.operation != document.state.operation() {
        return Ok(broken(law, name(row), "its column and its state differ".to_owned()));
    }
    let Some(id) = row.operation else {
        let missing = row.status == Status::Done;
        return Ok(missing.then(|| broken(law, name(row), "has none".to_owned())).flatten());
    };
    let Some(operation) = operations::load(tx, row.tenant, id)? else {
        return Ok(broken(law, name(row), format!("operation {id} is not there")));
    };
    let wanted = operation_kind(row.kind);
    if Kind::parse(&operation.kind) != Some(wanted) || operation.code.is_some() {
        let what = format!("operation {id} is a {} that was {}", operation.kind, operation.verdict);
        return Ok(broken(law, name(row), what));
    }
    if Some(operation.principal) != document.state.runner() {
        let what = format!("operation {id} was done by {}", operation.principal);
        return Ok(broken("a request is done by the right it says", name(row), what));
    }
    if operation.billing_account != row.billing_account {
        let what = format!("operation {id} is of `{}`", operation.billing_account);
        return Ok(broken("a request is of the account it says", name(row), what));
    }
    let Some(was) = &document.submitted_figures else {
        return Ok(broken(law, name(row), "it was never priced".to_owned()));
    };
    let done = crate::request::figures_of(&operation, row.kind)?;
    let moved = done.and_then(|done| done.moved_from(was, &document.tolerances));
    Ok(moved.and_then(|moved| {
        broken("a request is done for what was approved", name(row), moved.to_string())
    }))
}
