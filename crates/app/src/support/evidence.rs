//! What goes with a request for an exception: everything that is known of a reservation and of the
//! decision that is asked for, as files whose bytes depend on nothing but the facts.
//!
//! `evidence.json` is for programs, `evidence.md` says the same for people, and `evidence.sha256`
//! has the digests of both, so that `sha256sum --check` tells later whether they are as they were.

use super::files::digest;
use crate::{App, Call, Error, exchange, refund, reservations};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::{EntryId, OperationId, OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::waiver::Waiver;
use prorata_domain::{accounting, refund as returning};
use prorata_ledger::Posting;
use prorata_store::reservations::Revision;
use prorata_store::{Tx, journal, payments, waivers};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The form of `evidence.json`.
const FORM: &str = "prorata-evidence/1";

/// What is asked for beside the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Asked {
    /// A return of so many units.
    Refund { quantity: u32 },
    /// An exchange.
    Exchange(exchange::Ask),
}

/// A file of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    pub name: &'static str,
    pub text: String,
    /// SHA-256 of the text, in hexadecimal.
    pub digest: String,
}

/// The evidence, ready to be kept or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub order: Order,
    pub reservation: Reservation,
    /// Why what is asked for would be refused now; nothing where it would be done.
    pub refusal: Option<Refusal>,
    pub files: Vec<PackFile>,
}

/// What `evidence.json` holds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'d> {
    form: &'static str,
    as_of: Timestamp,
    order: &'d Order,
    reservation: &'d Reservation,
    asked: &'d Asked,
    /// Which policy book decided.
    policy: &'d str,
    decision: &'d Decided,
    /// Exceptions that are open already.
    exceptions: &'d [Waiver],
    ledger: Vec<Entry>,
    revisions: Vec<Was<'d>>,
}

/// The decision that is asked for, as it would be now.
#[derive(Serialize)]
struct Decided {
    approved: bool,
    refusal: Option<Refusal>,
    findings: Vec<Finding>,
    proposal: Option<serde_json::Value>,
    facts: serde_json::Value,
}

/// An entry of the ledger about the order.
#[derive(Serialize)]
struct Entry {
    id: EntryId,
    at: Timestamp,
    event: String,
    postings: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    account: String,
    amount: String,
}

#[derive(Serialize)]
struct Was<'w> {
    number: i64,
    at: Timestamp,
    operation: OperationId,
    reservation: &'w Reservation,
}

/// Puts the evidence together: prices what is asked for now, and writes nothing but the payments
/// that are due.
///
/// # Errors
/// [`Error::Absent`] or [`Error::Denied`]; never because of a rule.
pub fn pack(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    asked: &Asked,
) -> Result<Pack, Error> {
    reservations::show(tx, app, call, order, reservation)?;
    let decided = decide(tx, app, call, order, reservation, asked)?;
    let (order, reservation) = reservations::show(tx, app, call, order, reservation)?;
    let revisions =
        prorata_store::reservations::revisions(tx, reservation.tenant, order.id, reservation.id)?;
    let exceptions = waivers::open(tx, reservation.id)?;
    let ledger = ledger(tx, &order, &revisions)?;
    let document = Document {
        form: FORM,
        as_of: call.now,
        order: &order,
        reservation: &reservation,
        asked,
        policy: app.book.digest(),
        decision: &decided,
        exceptions: &exceptions,
        ledger,
        revisions: revisions
            .iter()
            .map(|one| {
                let (number, at, operation) = (one.number, one.at, one.operation);
                Was { number, at, operation, reservation: &one.reservation }
            })
            .collect(),
    };
    let mut json = serde_json::to_string_pretty(&document)?;
    json.push('\n');
    let told = tell(app, &document, &digest(json.as_bytes()));
    let mut files = vec![file("evidence.json", json), file("evidence.md", told)];
    let sums = files.iter().map(|file| format!("{}  {}\n", file.digest, file.name)).collect();
    files.push(file("evidence.sha256", sums));
    let refusal = decided.refusal;
    Ok(Pack { order, reservation, refusal, files })
}

fn file(name: &'static str, text: String) -> PackFile {
    PackFile { name, digest: digest(text.as_bytes()), text }
}

/// Decides what is asked for, as a quote would, without keeping one.
fn decide(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    reservation: ReservationId,
    asked: &Asked,
) -> Result<Decided, Error> {
    match asked {
        Asked::Refund { quantity } => {
            let ask = refund::Ask { order, reservation, quantity: *quantity };
            let facts = refund::facts(tx, app, call, &ask)?;
            let request = returning::Request { quantity: *quantity };
            let decision = returning::decide(&app.book, &facts, &request, call.now)?;
            Decided::new(decision, &facts)
        }
        Asked::Exchange(ask) => {
            let (facts, decision) = exchange::priced(tx, app, call, ask)?;
            Decided::new(decision, &facts)
        }
    }
}

impl Decided {
    fn new<P: Serialize>(
        decision: prorata_domain::Decision<P>,
        facts: &impl Serialize,
    ) -> Result<Decided, Error> {
        Ok(Decided {
            approved: decision.is_approved(),
            proposal: decision.proposal.as_ref().map(serde_json::to_value).transpose()?,
            refusal: decision.refusal,
            findings: decision.findings,
            facts: serde_json::to_value(facts)?,
        })
    }
}

/// What was posted about the order, by time: by the operations that made the reservation what it
/// is, and by the order's payments.
fn ledger(tx: &mut Tx<'_>, order: &Order, revisions: &[Revision]) -> Result<Vec<Entry>, Error> {
    let mut entries = BTreeMap::new();
    for revision in revisions {
        for posted in journal::of_operation(tx, revision.operation)? {
            let about = |posting: &Posting| accounting::prepaid_by(&posting.account);
            if posted.postings.iter().any(|posting| about(posting) == Some(order.id)) {
                let entry = entry(posted.id, posted.at, posted.event, &posted.postings);
                entries.insert((posted.at, posted.id), entry);
            }
        }
    }
    for paid in payments::of_order(tx, order.id)? {
        let key = (paid.paid_at, paid.entry);
        let postings = journal::postings(tx, paid.entry)?;
        if !postings.is_empty() && !entries.contains_key(&key) {
            let event = format!("payment {} due on {}", paid.number, paid.due);
            entries.insert(key, entry(paid.entry, paid.paid_at, event, &postings));
        }
    }
    Ok(entries.into_values().collect())
}

fn entry(id: EntryId, at: Timestamp, event: String, postings: &[Posting]) -> Entry {
    let line = |posting: &Posting| Line {
        account: posting.account.as_str().to_owned(),
        amount: posting.amount.to_string(),
    };
    Entry { id, at, event, postings: postings.iter().map(line).collect() }
}

/// The same for people.
fn tell(app: &App, document: &Document<'_>, digest: &str) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_out(&mut text, app, document, digest);
    text
}

fn write_out(
    out: &mut String,
    app: &App,
    document: &Document<'_>,
    digest: &str,
) -> std::fmt::Result {
    let Document { order, reservation, decision, .. } = document;
    writeln!(out, "# Evidence for reservation {}\n", reservation.id)?;
    writeln!(out, "As of {}. Policy book {}.\n", document.as_of, document.policy)?;
    properties(out, order, reservation)?;
    writeln!(out, "\n## What is asked for\n")?;
    match document.asked {
        Asked::Refund { quantity } => writeln!(out, "A refund of {quantity} units.")?,
        Asked::Exchange(ask) => {
            for given in &ask.returns {
                let (quantity, id) = (given.quantity, given.reservation);
                writeln!(out, "- giving up {quantity} units of {id}")?;
            }
            for wanted in &ask.purchases {
                let (quantity, sku) = (wanted.quantity, plain(&wanted.sku));
                writeln!(out, "- buying {quantity} x {sku} for {}", wanted.term.as_str())?;
            }
            for plan in &ask.savings_plans {
                writeln!(out, "- committing {} for {}", plan.hourly, plan.term.as_str())?;
            }
        }
    }
    writeln!(out, "\n## Decision\n")?;
    match &decision.refusal {
        None => writeln!(out, "Approved.")?,
        Some(refusal) => {
            let (clause, code) = (refusal.clause, &refusal.code);
            writeln!(out, "Refused by `{clause}` ({code}): {}.", plain(&refusal.reason))?;
            for repair in &refusal.repairs {
                writeln!(out, "- {repair}")?;
            }
        }
    }
    writeln!(out, "\n## Proof\n")?;
    for finding in &decision.findings {
        proof(out, app, finding)?;
    }
    writeln!(out, "\n## Ledger\n")?;
    for entry in &document.ledger {
        writeln!(out, "- {} {} ({})", entry.at, entry.event, entry.id)?;
        for line in &entry.postings {
            writeln!(out, "    - {} {}", line.account, line.amount)?;
        }
    }
    writeln!(out, "\n## Revisions\n")?;
    for was in &document.revisions {
        let (state, quantity) = (was.reservation.state.name(), was.reservation.quantity);
        let (number, at, operation) = (was.number, was.at, was.operation);
        writeln!(out, "- {number}: {at}, {state}, {quantity} units, by operation {operation}")?;
    }
    writeln!(out, "\n---\n\nSHA-256 of evidence.json: {digest}")
}

fn properties(out: &mut String, order: &Order, reservation: &Reservation) -> std::fmt::Result {
    writeln!(out, "## Properties\n\n| property | value |\n|---|---|")?;
    let commitment = order.commitment_of(reservation);
    let rows = [
        ("reservation", reservation.id.to_string()),
        ("order", order.id.to_string()),
        ("name", plain(&reservation.display_name)),
        ("tenant", order.tenant.to_string()),
        ("billing account", plain(&order.billing_account)),
        ("billing subscription", order.billing_subscription.to_string()),
        ("resource type", commitment.resource_type),
        ("SKU", plain(&commitment.sku)),
        ("location", plain(&commitment.location)),
        ("term", commitment.term.as_str().to_owned()),
        ("billing plan", commitment.plan.as_str().to_owned()),
        ("price of a unit", commitment.unit_total.to_string()),
        ("quantity", reservation.quantity.to_string()),
        ("state", reservation.state.name().to_owned()),
        ("bought at", reservation.purchased_at.to_string()),
        ("first day", order.start_day().to_string()),
        ("first day without it", order.expires_on.to_string()),
        ("payments made", order.payments_made.to_string()),
    ];
    rows.into_iter().try_for_each(|(name, value)| writeln!(out, "| {name} | {value} |"))
}

fn proof(out: &mut String, app: &App, finding: &Finding) -> std::fmt::Result {
    let about = finding.about.map_or_else(String::new, |about| format!(" ({about})"));
    let outcome = serde_json::to_string(&finding.outcome).unwrap_or_default();
    let (clause, since) = (finding.clause, finding.since);
    writeln!(
        out,
        "- `{clause}`{about} {}, in force since {since}: {}",
        outcome.trim_matches('"'),
        app.book.says(clause)
    )?;
    for line in &finding.lines {
        write!(out, "    - {} = {}", line.label, plain(&line.amount.to_string()))?;
        match &line.formula {
            Some(formula) => writeln!(out, " = {formula}")?,
            None => writeln!(out)?,
        }
    }
    writeln!(out, "    - source: {}", app.book.source(clause, since))
}

/// A text from outside in one line, with nothing in it that a reader could take for more.
fn plain(text: &str) -> String {
    let safe = |letter: char| match letter {
        '|' | '`' | '<' | '>' | '[' | ']' | '*' | '\\' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().map(safe).collect()
}
