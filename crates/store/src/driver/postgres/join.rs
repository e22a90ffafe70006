//! Several plain inserts as one statement.

use std::fmt::Write as _;

/// Inserts that become one statement at most.
pub(super) const JOINED_MAX: usize = 16;

/// Whether a statement may be joined with others: the parts of a joined statement run in no
/// order and do not see each other, which makes no difference to rows that are only added.
pub(super) fn joins(sql: &str) -> bool {
    sql.starts_with("INSERT INTO")
        && !sql.contains("ON CONFLICT")
        && !sql.contains("RETURNING")
        && !sql.contains("SELECT")
}

/// The parts as one statement, whose parameters are those of the parts one after the other.
pub(super) fn joined(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 16).sum());
    let mut params = 0;
    for (position, part) in parts.iter().enumerate() {
        let last = position + 1 == parts.len();
        if !last {
            let word = if position == 0 { "WITH" } else { "," };
            // Writing into a string cannot fail.
            let _ = write!(text, "{word} part{position} AS (");
        }
        params = shift(part, params, &mut text);
        text.push_str(if last { "" } else { ") " });
    }
    text
}

/// A plain insert with its rows written so many times, one list of parameters after the other.
pub(super) fn repeated(sql: &str, count: usize) -> String {
    let at = sql.find("VALUES ").map_or(sql.len(), |at| at + "VALUES ".len());
    let (head, row) = sql.split_at(at);
    let mut text = String::with_capacity(head.len() + row.len() * count + count * 8);
    text.push_str(head);
    let mut params = 0;
    for position in 0..count {
        text.push_str(if position == 0 { "" } else { ", " });
        params = shift(row, params, &mut text);
    }
    text
}

/// Writes a part with its parameters counted on from `before`; answers how many there are now.
fn shift(part: &str, before: usize, text: &mut String) -> usize {
    let mut most = before;
    let mut pieces = part.split('$');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = piece[..digits].parse().unwrap_or(0);
        most = most.max(before + number);
        let _ = write!(text, "${}{}", before + number, &piece[digits..]);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::{joined, joins, repeated};

    #[test]
    fn parameters_count_on() {
        let one = "INSERT INTO a (x, y) VALUES ($1, $2)";
        let two = "INSERT INTO b (x, y, z) VALUES ($2, $1, 0)";
        assert_eq!(
            joined(&[one, two, one]),
            "WITH part0 AS (INSERT INTO a (x, y) VALUES ($1, $2)) \
             , part1 AS (INSERT INTO b (x, y, z) VALUES ($4, $3, 0)) \
             INSERT INTO a (x, y) VALUES ($5, $6)"
        );
    }

    #[test]
    fn rows_are_repeated() {
        let sql = "INSERT INTO a (x, y) VALUES ($1, 0), ($2, 'b')";
        let twice = "INSERT INTO a (x, y) VALUES ($1, 0), ($2, 'b'), ($3, 0), ($4, 'b')";
        assert_eq!(repeated(sql, 1), sql);
        assert_eq!(repeated(sql, 2), twice);
    }

    #[test]
    fn only_plain_inserts_join() {
        assert!(joins("INSERT INTO a (x) VALUES ($1)"));
        assert!(!joins("INSERT INTO a (x) VALUES ($1) ON CONFLICT (x) DO NOTHING"));
        assert!(!joins("UPDATE a SET x = $1"));
    }
}
