//! Exports: one JSON document a line, in the order of the chain; and a table for people.
//!
//! ```text
//! {"seal":{"number":1,"at":"…","previous":"","digest":"…","batches":1,"rows":2}}
//! {"batch":{"id":"…","rows":2,"digest":"…"}}
//! {"unit":{"kind":"line","id":"…","rows":[{"table":"audit","values":[["id","…"],…]}]}}
//! {"unit":{"digest":"…"}}
//! {"end":{"seals":1}}
//! ```
//!
//! Behind a seal come its batches, behind a batch its units. A unit that is not shown is its digest
//! alone. Values are in the order in which they are digested, each behind its name: numbers as
//! numbers, times as microseconds since 1970, and documents as text.

use prorata_domain::seal::{Cell, Part, Recorded, columns, hex};
use serde_json::{Value, json};
use std::borrow::Cow;

/// A part as one line, with its end.
pub fn json_line(part: &Part) -> String {
    let value = match part {
        Part::Seal(seal) => json!({ "seal": {
            "number": seal.number,
            "at": seal.at.as_microsecond(),
            "previous": seal.previous,
            "digest": seal.digest,
            "batches": seal.batches,
            "rows": seal.rows,
        }}),
        Part::Batch(batch) => json!({ "batch": {
            "id": batch.id.to_string(),
            "rows": batch.rows,
            "digest": batch.digest,
        }}),
        Part::Unit(unit, rows) => json!({ "unit": {
            "kind": unit.kind(),
            "id": unit.id().to_string(),
            "rows": rows.iter().map(row).collect::<Vec<_>>(),
        }}),
        Part::Other(digest) => json!({ "unit": { "digest": hex(digest) } }),
    };
    format!("{value}\n")
}

/// The last line, by which a file is known to be whole.
pub fn end_line(seals: u64) -> String {
    format!("{}\n", json!({ "end": { "seals": seals } }))
}

fn row(row: &Recorded) -> Value {
    let names = columns(row.table).iter().map(|name| name.trim_end_matches('*'));
    let values: Vec<Value> =
        names.zip(&row.cells).map(|(name, cell)| json!([name, value(cell)])).collect();
    json!({ "table": row.table, "values": values })
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Number(number) => json!(number),
        Cell::Text(text) => json!(text),
    }
}

/// The columns of the table for people.
pub const CSV_HEAD: &str = "at,tenant,principal,kind,name,client,home,partner,action,target,\
    verdict,code,address,agent,correlation,decision,id\r\n";

/// A part as rows of the table for people: operations and audit lines; nothing of the others.
pub fn csv(part: &Part) -> String {
    let Part::Unit(_, rows) = part else { return String::new() };
    let mut text = String::new();
    for row in rows {
        let (at, action) = match row.table {
            "operations" => ("decided_at", "kind"),
            "audit" => ("at", "action"),
            _ => continue,
        };
        let cells = [
            time(row, at),
            cell(row, "tenant"),
            cell(row, "principal"),
            cell(row, "caller_kind"),
            cell(row, "name"),
            cell(row, "client"),
            cell(row, "home"),
            cell(row, "partner"),
            cell(row, action),
            cell(row, "target"),
            cell(row, "verdict"),
            cell(row, "code"),
            cell(row, "address"),
            cell(row, "agent"),
            cell(row, "correlation"),
            cell(row, if row.table == "audit" { "decision" } else { "id" }),
            cell(row, "id"),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn time(row: &Recorded, column: &str) -> String {
    let place = columns(row.table).iter().position(|name| *name == column);
    match place.and_then(|place| row.cells.get(place)) {
        Some(Cell::Number(micros)) => {
            jiff::Timestamp::from_microsecond(*micros).map_or(String::new(), |at| at.to_string())
        }
        _ => String::new(),
    }
}

fn cell(row: &Recorded, column: &str) -> String {
    guarded(row.text(column).unwrap_or_default())
}

/// A text as a cell: quoted where it has to be, and harmless in a program that would take it for a
/// formula.
fn guarded(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    if text.contains(['"', ',', '\n', '\r', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two_cells() {
        for (text, cell) in [
            ("plain", "plain"),
            ("", ""),
            ("=1+1", "\"'=1+1\""),
            ("@sum(a1)", "\"'@sum(a1)\""),
            ("+cmd|' /c calc'!a0", "\"'+cmd|' /c calc'!a0\""),
            ("-2", "\"'-2\""),
            ("\t=1", "\"'\t=1\""),
            ("a,b", "\"a,b\""),
            ("a\r\n=b", "\"a\r\n=b\""),
            ("say \"so\"", "\"say \"\"so\"\"\""),
        ] {
            assert_eq!(guarded(text), cell);
        }
    }
}
