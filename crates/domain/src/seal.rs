//! Seals over what is recorded: digests of rows, of what was written together, and the chain over
//! those, by which whoever has the rows finds out whether they are as they were.
//!
//! A *unit* is what was written as one: an operation with its entries and their postings, or an
//! audit line. Its digest is made from those of its rows, a *batch* from the digests of the units
//! that one commit added, and a *seal* from those of batches and the seal before it.
//!
//! A digest is SHA-256 over netstrings (`5:hello,`): the name of the table and then its columns in
//! the order of [`columns`], numbers in decimal digits, and `~` for what is null. So who has an
//! export can make all of it again with nothing of ours.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
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

    pub fn id(&mut self, id: &Uuid) {
        let mut letters = Uuid::encode_buffer();
        self.text(id.as_hyphenated().encode_lower(&mut letters));
    }

    pub fn done(self) -> Digest {
        self.0.finalize().into()
    }
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
        let at =
            columns(self.table).iter().position(|name| name.trim_end_matches('*') == column)?;
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

/// The digest of a unit from those of its rows, in whatever order.
pub fn of_unit(unit: Unit, rows: &mut [Digest]) -> Digest {
    of_rows(unit.kind(), unit.id(), rows)
}

/// The same, by the word for what the unit is and its identifier.
pub fn of_rows(kind: &str, id: Uuid, rows: &mut [Digest]) -> Digest {
    rows.sort_unstable();
    let mut digester = Digester::of("unit");
    digester.text(kind);
    digester.id(&id);
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

/// What is known of a batch without its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub id: Uuid,
    pub rows: i64,
    /// In letters, as it was written.
    pub digest: String,
}

/// A link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// From 1 on, without gaps.
    pub number: i64,
    /// When it was made, by the system's clock.
    pub at: Timestamp,
    pub batches: i64,
    pub rows: i64,
    /// The digest of the seal before; empty for the first.
    pub previous: String,
    pub digest: String,
}

/// The digest of a seal over its batches in order.
pub fn of_seal(number: i64, at: Timestamp, previous: &str, batches: &[Batch]) -> Digest {
    let mut digester = Digester::of("seal");
    digester.number(number);
    digester.number(at.as_microsecond());
    digester.text(previous);
    for batch in batches {
        digester.id(&batch.id);
        digester.number(batch.rows);
        digester.text(&batch.digest);
    }
    digester.done()
}

/// The last link of a chain, as it is written down elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub number: i64,
    pub digest: String,
}

/// A part of an export: seals in order, behind each its batches, and behind each of them its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Seal(Seal),
    Batch(Batch),
    Unit(Unit, Vec<Recorded>),
    /// A unit that is not shown: its digest alone, so that its batch can be checked all the same.
    Other(Digest),
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
    use super::{Digester, hex, parse_hex};

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
}
