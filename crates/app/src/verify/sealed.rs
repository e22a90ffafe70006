//! Whether the audit and the journal are what was sealed: each row as it was, in its batch, each
//! batch under its seal, each seal behind the one before.

use super::{Report, broken};
use crate::{App, Error};
use prorata_domain::seal::{
    Batch, Digest, Head, Recorded, Seal, Unit, hex, of_batch, of_seal, of_unit,
};
use prorata_store::Tx;
use prorata_store::seals::{self, Member, mark};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows read at a time.
const CHUNK: usize = 500;

/// What the walk along the chain has seen.
#[derive(Default)]
struct Walk {
    /// Every unit of every batch.
    units: HashSet<Unit>,
    rows: i64,
}

/// Checks the chain, and against a head that was written down elsewhere where there is one.
///
/// # Errors
/// Those of the database; what is broken is in the report.
pub fn chain(app: &App, head: Option<Head>) -> Result<Report, Error> {
    app.read(move |tx, _| {
        let mut report = Report::default();
        holds(tx, head.as_ref(), &mut report)?;
        Ok(report)
    })
}

pub(super) fn holds(
    tx: &mut Tx<'_>,
    head: Option<&Head>,
    report: &mut Report,
) -> Result<(), Error> {
    let mut walk = Walk::default();
    let mut last: Option<Seal> = None;
    loop {
        let number = last.as_ref().map_or(0, |seal| seal.number);
        let chunk = seals::after(tx, number, CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        for seal in chunk {
            report.broken = seal_holds(tx, &mut walk, last.as_ref(), &seal)?;
            if report.broken.is_none() {
                report.broken = head.and_then(|head| is_head(&seal, head));
            }
            if report.broken.is_some() {
                return Ok(());
            }
            report.seals += 1;
            last = Some(seal);
        }
    }
    let number = last.as_ref().map_or(0, |seal| seal.number);
    if let Some(head) = head.filter(|head| head.number > number) {
        let what = format!("the chain ends at seal {number}; what was sealed after it is gone");
        report.broken = broken("the chain reaches its head", format!("seal {}", head.number), what);
        return Ok(());
    }
    let open = batches_of(tx, 0)?;
    for batch in &open {
        report.broken = batch_holds(tx, &mut walk, "no seal yet", batch)?;
        if report.broken.is_some() {
            return Ok(());
        }
    }
    report.sealed_rows = walk.rows;
    report.broken = all_is_sealed(tx, &walk)?;
    Ok(())
}

fn is_head(seal: &Seal, head: &Head) -> Option<super::Broken> {
    if seal.number != head.number || seal.digest == head.digest {
        return None;
    }
    let what = format!("its digest is {}, the head says {}", seal.digest, head.digest);
    broken("the chain reaches its head", format!("seal {}", seal.number), what)
}

fn seal_holds(
    tx: &mut Tx<'_>,
    walk: &mut Walk,
    before: Option<&Seal>,
    seal: &Seal,
) -> Result<Option<super::Broken>, Error> {
    const LAW: &str = "seals are a chain";
    let row = format!("seal {}", seal.number);
    let (number, previous) =
        before.map_or((1, ""), |before| (before.number + 1, before.digest.as_str()));
    if seal.number != number {
        return Ok(broken(LAW, row, format!("seal {number} is not there")));
    }
    let batches = batches_of(tx, seal.number)?;
    for batch in &batches {
        if let Some(found) = batch_holds(tx, walk, &row, batch)? {
            return Ok(Some(found));
        }
    }
    let rows: i64 = batches.iter().map(|batch| batch.rows).sum();
    if (seal.batches, seal.rows) != (batches.len() as i64, rows) {
        let what = format!(
            "it was made over {} batches with {} rows; there are {} with {rows}",
            seal.batches,
            seal.rows,
            batches.len()
        );
        return Ok(broken(LAW, row, what));
    }
    if seal.previous != previous {
        return Ok(broken(LAW, row, "it does not follow the seal before it".to_owned()));
    }
    let digest = hex(&of_seal(seal.number, seal.at, previous, &batches));
    let what = || format!("its digest is {}, its batches give {digest}", seal.digest);
    Ok(if digest == seal.digest { None } else { broken(LAW, row, what()) })
}

fn batches_of(tx: &mut Tx<'_>, seal: i64) -> Result<Vec<Batch>, Error> {
    let mut batches: Vec<Batch> = Vec::new();
    loop {
        let chunk = seals::batches(tx, seal, batches.last().map(|batch| batch.id), CHUNK)?;
        if chunk.is_empty() {
            return Ok(batches);
        }
        batches.extend(chunk);
    }
}

fn batch_holds(
    tx: &mut Tx<'_>,
    walk: &mut Walk,
    seal: &str,
    batch: &Batch,
) -> Result<Option<super::Broken>, Error> {
    const LAW: &str = "batches are as they were committed";
    let row = format!("batch {} ({seal})", batch.id);
    let Some(members) = seals::members_of(tx, batch.id)? else {
        return Ok(broken(LAW, row, "the list of what is in it is gone or damaged".to_owned()));
    };
    let mut digests = Vec::with_capacity(members.len());
    let mut count = 0;
    for member in &members {
        if !walk.units.insert(member.unit) {
            let unit = named(member.unit);
            return Ok(broken(LAW, row, format!("{unit} is in another batch too")));
        }
        let rows = seals::rows_of(tx, member.unit)?;
        count += rows.len() as i64;
        let mut found: Vec<Digest> = rows.iter().map(Recorded::digest).collect();
        if let Some((name, what)) = differs(member, &rows, &found) {
            return Ok(broken("recorded rows stay as they were", format!("{name}, {row}"), what));
        }
        digests.push(of_unit(member.unit, &mut found));
    }
    walk.rows += count;
    let digest = hex(&of_batch(batch.id, digests.into_iter()));
    let what = || format!("its digest is {}, its rows give {digest}", batch.digest);
    let whole = digest == batch.digest && count == batch.rows;
    Ok(if whole { None } else { broken(LAW, row, what()) })
}

/// Which row of a unit is not one of those that were sealed, or how many are gone.
fn differs(member: &Member, rows: &[Recorded], digests: &[Digest]) -> Option<(String, String)> {
    let mut marks = member.marks.clone();
    for (row, digest) in rows.iter().zip(digests) {
        match marks.iter().position(|sealed| *sealed == mark(digest)) {
            Some(place) => drop(marks.swap_remove(place)),
            None => {
                let what = "it was changed or added after it was sealed".to_owned();
                return Some((row.name(), what));
            }
        }
    }
    let gone = marks.len();
    (gone > 0).then(|| {
        let what = format!("{gone} of the {} rows that were sealed are gone", member.marks.len());
        (named(member.unit), what)
    })
}

fn named(unit: Unit) -> String {
    match unit {
        Unit::Operation(id) => format!("operation {id}"),
        Unit::Line { id, .. } => format!("audit line {id}"),
    }
}

/// Nothing is recorded that is in no batch.
fn all_is_sealed(tx: &mut Tx<'_>, walk: &Walk) -> Result<Option<super::Broken>, Error> {
    const LAW: &str = "what is recorded is sealed";
    if seals::counts(tx)?.iter().sum::<i64>() == walk.rows {
        return Ok(None);
    }
    let stranger = |units: &[Unit]| units.iter().find(|unit| !walk.units.contains(unit)).copied();
    let mut after: Option<Uuid> = None;
    loop {
        let units = seals::operations(tx, after, CHUNK)?;
        let Some(last) = units.last() else { break };
        after = Some(last.id());
        if let Some(found) = stranger(&units) {
            return Ok(broken(LAW, named(found), "it is in no batch".to_owned()));
        }
    }
    let mut after: Option<Unit> = None;
    loop {
        let units = seals::lines(tx, after, CHUNK)?;
        let Some(last) = units.last() else { break };
        after = Some(*last);
        if let Some(found) = stranger(&units) {
            return Ok(broken(LAW, named(found), "it is in no batch".to_owned()));
        }
    }
    let (count, row) = seals::strays(tx)?.unwrap_or_default();
    Ok(broken(LAW, row, format!("it belongs to nothing that was sealed, as {count} such rows")))
}
