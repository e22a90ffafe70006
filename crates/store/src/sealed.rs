//! What seals are made from, where rows are written: the digest of each row as it goes to the
//! database, and what a commit adds, as a batch. [`prorata_domain::seal`] says what digests are.

use crate::{Row, StoreError, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use prorata_domain::seal::{Cell, Digest, Digester, Recorded, Unit, columns, of_batch, of_unit};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The digest of a row from the values with which it is written; `documents` are those of its
/// columns that are packed, in order, as they were before.
pub(crate) fn of_values(table: &str, values: &[Value], documents: &[Option<&str>]) -> Digest {
    let mut digester = Digester::of(table);
    let mut documents = documents.iter();
    for (column, value) in columns(table).iter().zip(values) {
        match column.ends_with('*').then(|| documents.next()).flatten() {
            Some(Some(document)) => digester.text(document),
            Some(None) => digester.null(),
            None => add(&mut digester, value),
        }
    }
    digester.done()
}

fn add(digester: &mut Digester, value: &Value) {
    match value {
        Value::Null => digester.null(),
        Value::Int(number) => digester.number(*number),
        Value::Text(text) => digester.text(text),
        Value::Id(id) => digester.id(id),
    }
}

/// A row that was read, with the columns of its table in their order.
pub(crate) fn recorded(table: &'static str, row: &Row) -> Result<Recorded, StoreError> {
    let cell = |(index, column): (usize, &&str)| {
        Ok(if row.is_null(index) {
            Cell::Null
        } else if let Ok(number) = row.int(index) {
            Cell::Number(number)
        } else if column.ends_with('*') {
            Cell::Text(row.packed(index)?)
        } else {
            Cell::Text(row.string(index)?)
        })
    };
    let cells = columns(table).iter().enumerate().map(cell).collect::<Result<_, StoreError>>()?;
    Ok(Recorded { table, cells })
}

/// A row that a transaction adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SealedRow {
    pub unit: Unit,
    pub digest: Digest,
}

/// A unit of a batch, with a short mark of each of its rows, by which one that was changed is told
/// from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub unit: Unit,
    /// The first bytes of the digests of its rows, in order.
    pub marks: Vec<Mark>,
}

/// The first bytes of a row's digest.
pub type Mark = [u8; 4];

/// The mark of a row.
pub fn mark(digest: &Digest) -> Mark {
    [digest[0], digest[1], digest[2], digest[3]]
}

/// What a commit adds, as a batch.
#[derive(Debug)]
pub(crate) struct Batch {
    pub id: Uuid,
    pub rows: usize,
    pub digest: Digest,
    pub members: String,
}

impl Batch {
    /// The units in the order of their first rows.
    pub(crate) fn of(id: Uuid, rows: &[SealedRow]) -> Batch {
        let mut places: BTreeMap<Unit, usize> = BTreeMap::new();
        let mut units: Vec<(Unit, Vec<Digest>)> = Vec::new();
        for row in rows {
            let place = *places.entry(row.unit).or_insert(units.len());
            match units.get_mut(place) {
                Some((_, digests)) => digests.push(row.digest),
                None => units.push((row.unit, vec![row.digest])),
            }
        }
        let mut bytes = Vec::with_capacity(units.len() * 40);
        let mut digests = Vec::with_capacity(units.len());
        for (unit, rows) in &mut units {
            digests.push(of_unit(*unit, rows));
            match unit {
                Unit::Operation(id) => {
                    bytes.push(b'o');
                    bytes.extend_from_slice(id.as_bytes());
                }
                Unit::Line { id, tenant, at } => {
                    bytes.push(b'l');
                    bytes.extend_from_slice(id.as_bytes());
                    bytes.extend_from_slice(tenant.as_bytes());
                    bytes.extend_from_slice(&at.to_le_bytes());
                }
            }
            bytes.extend_from_slice(&u32::try_from(rows.len()).unwrap_or(u32::MAX).to_le_bytes());
            rows.iter().for_each(|row| bytes.extend_from_slice(&mark(row)));
        }
        Batch {
            id,
            rows: rows.len(),
            digest: of_batch(id, digests.into_iter()),
            members: STANDARD_NO_PAD.encode(bytes),
        }
    }
}

/// Reads the members of a batch; nothing where they are damaged.
pub(crate) fn members(text: &str) -> Option<Vec<Member>> {
    let bytes = STANDARD_NO_PAD.decode(text).ok()?;
    let mut rest = bytes.as_slice();
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (letter, after) = rest.split_first()?;
        let (id, after) = after.split_first_chunk::<16>()?;
        let id = Uuid::from_bytes(*id);
        let (unit, after) = match letter {
            b'o' => (Unit::Operation(id), after),
            b'l' => {
                let (tenant, after) = after.split_first_chunk::<16>()?;
                let (at, after) = after.split_first_chunk::<8>()?;
                let tenant = Uuid::from_bytes(*tenant);
                (Unit::Line { id, tenant, at: i64::from_le_bytes(*at) }, after)
            }
            _ => return None,
        };
        let (count, after) = after.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let length = count.checked_mul(size_of::<Mark>())?;
        let (marks, after) = after.split_at_checked(length)?;
        let marks = marks.as_chunks().0.to_vec();
        members.push(Member { unit, marks });
        rest = after;
    }
    Some(members)
}

#[cfg(test)]
mod tests {
    use super::{Batch, SealedRow, Unit, mark, members};
    use uuid::Uuid;

    #[test]
    fn members_come_back_in_the_order_of_their_first_rows() {
        let one = Unit::Operation(Uuid::from_u128(7));
        let tenant = Uuid::from_u128(2);
        let other = Unit::Line { id: Uuid::from_u128(3), tenant, at: -5 };
        let row = |unit, byte| SealedRow { unit, digest: [byte; 32] };
        let batch = Batch::of(Uuid::from_u128(1), &[row(one, 9), row(other, 5), row(one, 2)]);
        assert_eq!(batch.rows, 3);
        let read = members(&batch.members).unwrap();
        let units: Vec<Unit> = read.iter().map(|member| member.unit).collect();
        assert_eq!(units, [one, other]);
        assert_eq!(read[0].marks, [mark(&[2; 32]), mark(&[9; 32])]);
        for damaged in ["*", "b", &batch.members[..batch.members.len() - 4]] {
            assert_eq!(members(damaged), None, "{damaged}");
        }
    }
}
