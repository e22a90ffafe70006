//! Exporting what was sealed, so that it can be checked by itself: seals in order, under each its
//! batches, and in each the units with their rows. A unit of another tenant is its digest alone, so
//! that the batch can be checked and nothing of it is told.

use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::ids::TenantId;
use prorata_domain::seal::{Digest, Part, Recorded, Unit, of_unit};
use prorata_store::{Tx, seals};
use uuid::Uuid;

/// Seals that are looked through for those of a time, and units that are read, in one step.
const STEP: usize = 200;

/// Which seals: by the time at which they were made, and whose rows they show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// The first instant, and the first that is not meant any more.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// All tenants where none is given, for the operator.
    pub tenant: Option<TenantId>,
}

/// Where an export goes on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    seal: i64,
    batch: Option<Uuid>,
    /// Units of the batch that were given already.
    units: usize,
}

/// Notes an export of the caller's tenant, for those who may read its audit.
///
/// # Errors
/// [`Error::Denied`] as for a search.
pub fn begin(tx: &mut Tx<'_>, _app: &App, call: &Call) -> Result<(), Error> {
    super::search::may_read(tx, call)?;
    super::looked_at(tx, call, &super::Event::new("audit-export", "audit"));
    Ok(())
}

/// The next parts of an export, and where it goes on; nowhere at its end.
///
/// # Errors
/// Those of the database; [`Error::Broken`] where a batch has lost its list.
pub fn step(app: &App, wanted: Wanted, place: Place) -> Result<(Vec<Part>, Option<Place>), Error> {
    app.read(move |tx, _| next(tx, &wanted, place))
}

/// [`step`] without blocking the calling task.
///
/// # Errors
/// As [`step`].
pub async fn step_async(
    app: &App,
    wanted: Wanted,
    place: Place,
) -> Result<(Vec<Part>, Option<Place>), Error> {
    app.read_async(move |tx, _| next(tx, &wanted, place)).await
}

fn next(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    mut place: Place,
) -> Result<(Vec<Part>, Option<Place>), Error> {
    let mut parts = Vec::new();
    if place.units == 0 {
        let under = if place.seal == 0 {
            Vec::new()
        } else {
            seals::batches(tx, place.seal, place.batch, 1)?
        };
        let Some(batch) = under.into_iter().next() else {
            return next_seal(tx, wanted, place);
        };
        place.batch = Some(batch.id);
        parts.push(Part::Batch(batch));
    }
    let Some(batch) = place.batch else { return Ok((parts, None)) };
    let members = seals::members_of(tx, batch)?
        .ok_or_else(|| Error::Broken(format!("the list of batch `{batch}` is not there")))?;
    let step = members.iter().skip(place.units).take(STEP);
    for member in step {
        parts.push(unit(tx, wanted, member.unit)?);
    }
    place.units += STEP;
    if place.units >= members.len() {
        place.units = 0;
    }
    Ok((parts, Some(place)))
}

fn next_seal(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    mut place: Place,
) -> Result<(Vec<Part>, Option<Place>), Error> {
    loop {
        let chunk = seals::after(tx, place.seal, STEP)?;
        if chunk.is_empty() {
            return Ok((Vec::new(), None));
        }
        for seal in chunk {
            place = Place { seal: seal.number, batch: None, units: 0 };
            if wanted.until.is_some_and(|until| seal.at >= until) {
                return Ok((Vec::new(), None));
            }
            if wanted.from.is_none_or(|from| seal.at >= from) {
                return Ok((vec![Part::Seal(seal)], Some(place)));
            }
        }
    }
}

fn unit(tx: &mut Tx<'_>, wanted: &Wanted, unit: Unit) -> Result<Part, Error> {
    let rows = seals::rows_of(tx, unit)?;
    let theirs = rows.first().and_then(|row| row.text("tenant")).map(str::to_owned);
    let shown = wanted.tenant.is_none_or(|tenant| theirs == Some(tenant.to_string()));
    Ok(if shown {
        Part::Unit(unit, rows)
    } else {
        let mut digests: Vec<Digest> = rows.iter().map(Recorded::digest).collect();
        Part::Other(of_unit(unit, &mut digests))
    })
}
