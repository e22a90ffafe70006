//! What seals are made from: digests of rows, and what a commit adds, by its units.
//!
//! A *unit* is what was written as one: an operation with its entries and their postings, or an
//! audit line. Its digest is made from those of its rows, a *batch* from the digests of the units
//! that one commit added, and a seal from those of batches ([`crate::seals`]).
//!
//! A digest is SHA-256 over netstrings (`5:hello,`): the name of the table and then its columns in
//! the order of [`columns`], numbers in decimal digits, and `~` for what is null. Documents are
//! taken as they were before they were packed. So who has an export can make all of it again with
//! nothing of ours.

use crate::{Row, StoreError, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use uuid::Uuid;

/// A digest of 32 bytes.
pub type Digest = [u8; 32];

/// What was written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// An operation, its entries and their postings.
    Operation(Uuid),
    /// An audit line, with what it is found by: its tenant and time, in microseconds since 1970.
    Line { id: Uuid, tenant: Uuid, at: i64 },
}

impl Unit {
    pub fn kind(&self) -> &'static str {
        match self {
            Unit::Operation(_) => "operation",
            Unit::Line { .. } => "line",
        }
    }

    pub fn id(&self) -> Uuid {
        match self {
            Unit::Operation(id) | Unit::Line { id, .. } => *id,
        }
    }
}

/// The columns of a sealed table in the order in which they are digested; `*` marks documents.
/// The statements that read rows for this name the same columns in the same order.
pub fn columns(table: &str) -> &'static [&'static str] {
    match table {
        "operations" => &[
            "id",
            "kind",
            "tenant",
            "principal",
            "decided_at",
            "verdict",
            "code",
            "billing_account",
            "cap_scope",
            "counted_minor",
            "doc*",
            "target",
            "findings*",
            "caller_kind",
            "home",
            "client",
            "name",
            "partner",
            "address",
            "agent",
            "correlation",
        ],
        "audit" => &[
            "id",
            "at",
            "tenant",
            "principal",
            "action",
            "target",
            "verdict",
            "findings*",
            "caller_kind",
            "home",
            "client",
            "name",
            "partner",
            "address",
            "agent",
            "correlation",
            "decision",
        ],
        "entries" => &["operation", "id", "posted_at", "event"],
        "postings" => &["entry", "line", "account", "minor", "currency"],
        _ => &[],
    }
}

/// A digest in the making.
pub struct Digester(Sha256);

impl Digester {
    /// Begins with a word that says what is digested: for a row the name of its table.
    pub fn of(what: &str) -> Digester {
        let mut digester = Digester(Sha256::new());
        digester.text(what);
        digester
    }

    pub fn text(&mut self, text: &str) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut left = text.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        self.0.update(&digits[at..]);
        self.0.update(b":");
        self.0.update(text.as_bytes());
        self.0.update(b",");
    }

    pub fn number(&mut self, number: i64) {
        self.text(&number.to_string());
    }

    pub fn null(&mut self) {
        self.0.update(b"~");
    }

    fn id(&mut self, id: &Uuid) {
        let mut letters = Uuid::encode_buffer();
        self.text(id.as_hyphenated().encode_lower(&mut letters));
    }

    /// A value as it goes to the database; a document is given as it was before it was packed.
    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            Value::Int(number) => self.number(*number),
            Value::Text(text) => self.text(text),
            Value::Id(id) => self.id(id),
        }
    }

    pub fn done(self) -> Digest {
        self.0.finalize().into()
    }
}

/// The digest of a row from the values with which it is written; `documents` are those of its
/// columns that are packed, in order, as they were before.
pub(crate) fn of_values(table: &str, values: &[Value], documents: &[Option<&str>]) -> Digest {
    let mut digester = Digester::of(table);
    let mut documents = documents.iter();
    for (column, value) in columns(table).iter().zip(values) {
        match column.ends_with('*').then(|| documents.next()).flatten() {
            Some(Some(document)) => digester.text(document),
            Some(None) => digester.null(),
            None => digester.value(value),
        }
    }
    digester.done()
}

/// A value of a row of a sealed table; a document is as it was before it was packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Null,
    Number(i64),
    Text(String),
}

/// A row of a sealed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub table: &'static str,
    /// In the order of [`columns`].
    pub cells: Vec<Cell>,
}

impl Recorded {
    pub(crate) fn read(table: &'static str, row: &Row) -> Result<Recorded, StoreError> {
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

    pub fn digest(&self) -> Digest {
        let mut digester = Digester::of(self.table);
        for cell in &self.cells {
            match cell {
                Cell::Null => digester.null(),
                Cell::Number(number) => digester.number(*number),
                Cell::Text(text) => digester.text(text),
            }
        }
        digester.done()
    }

    /// The value of a column, if it is a text.
    pub fn text(&self, column: &str) -> Option<&str> {
        let at = columns(self.table).iter().position(|name| name.trim_end_matches('*') == column)?;
        match self.cells.get(at)? {
            Cell::Text(text) => Some(text),
            Cell::Null | Cell::Number(_) => None,
        }
    }

    /// Which row it is, for a person.
    pub fn name(&self) -> String {
        let cell = |at: usize| match self.cells.get(at) {
            Some(Cell::Text(text)) => text.clone(),
            Some(Cell::Number(number)) => number.to_string(),
            Some(Cell::Null) | None => String::new(),
        };
        match self.table {
            "operations" => format!("operation {}", cell(0)),
            "entries" => format!("entry {} of operation {}", cell(1), cell(0)),
            "postings" => format!("posting {} of entry {}", cell(1), cell(0)),
            _ => format!("audit line {}", cell(0)),
        }
    }
}

/// A row that a transaction adds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SealedRow {
    pub unit: Unit,
    pub digest: Digest,
}

/// The digest of a unit from those of its rows, in whatever order.
pub fn of_unit(unit: Unit, rows: &mut [Digest]) -> Digest {
    rows.sort_unstable();
    let mut digester = Digester::of("unit");
    digester.text(unit.kind());
    digester.id(&unit.id());
    for row in rows {
        digester.0.update(row);
    }
    digester.done()
}

/// The digest of a batch from those of its units in order.
pub fn of_batch(id: Uuid, units: impl Iterator<Item = Digest>) -> Digest {
    let mut digester = Digester::of("batch");
    digester.id(&id);
    for unit in units {
        digester.0.update(unit);
    }
    digester.done()
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

/// A digest as 64 letters.
pub fn hex(digest: &Digest) -> String {
    let mut text = String::with_capacity(64);
    for byte in digest {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Reads 64 letters.
pub fn parse_hex(text: &str) -> Option<Digest> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::{Batch, Digester, SealedRow, Unit, hex, mark, members, parse_hex};
    use uuid::Uuid;

    #[test]
    fn a_digest_is_of_netstrings() {
        let mut digester = Digester::of("t");
        digester.text("");
        digester.text("hello, hello");
        digester.number(-12);
        digester.null();
        // printf '1:t,0:,12:hello, hello,3:-12,~' | sha256sum
        let known = "e29c7cf5edc749fc8c6617a8372ea5fbd40d9667603ffc35d2542c559ec6f9dd";
        assert_eq!(hex(&digester.done()), known);
        assert_eq!(parse_hex(known).map(|digest| hex(&digest)).as_deref(), Some(known));
        assert_eq!((parse_hex("zz"), parse_hex(&"z".repeat(64))), (None, None));
    }

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
