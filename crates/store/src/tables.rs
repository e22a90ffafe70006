//! Which tables a statement names, found once by reading its text.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A set of tables. There are as many places as bits; tables beyond that share places, so two
/// sets may seem to meet that do not, never the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tables(u128);

/// Places for tables.
pub(crate) const PLACES: usize = 128;

/// What is known of a statement from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement {
    pub tables: Tables,
    /// Whether it only reads.
    pub reads: bool,
}

impl Tables {
    pub(crate) const NONE: Tables = Tables(0);
    pub(crate) const ALL: Tables = Tables(u128::MAX);

    pub(crate) fn named(names: &[&str]) -> Tables {
        names.iter().fold(Tables::NONE, |tables, name| tables.and(Tables(1 << place(name))))
    }

    pub(crate) fn and(self, other: Tables) -> Tables {
        Tables(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Tables) -> Tables {
        Tables(self.0 & !other.0)
    }

    pub(crate) fn meets(self, other: Tables) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The place of each table of the set.
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        (0..PLACES).filter(move |place| self.0 & (1 << place) != 0)
    }
}

impl Statement {
    pub(crate) fn of(sql: &'static str) -> Statement {
        thread_local! {
            /// By address and length: the texts are constants.
            static KNOWN: RefCell<HashMap<(usize, usize), Statement>> = RefCell::default();
        }
        KNOWN.with_borrow_mut(|known| {
            *known.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(|| Statement {
                tables: Tables::named(&names(sql)),
                reads: sql.trim_start().starts_with("SELECT"),
            })
        })
    }
}

/// The tables that a text names: what follows the words that introduce one.
pub(crate) fn names(sql: &str) -> Vec<&str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut names = Vec::new();
    let mut rest = sql;
    let mut introduced = false;
    while let Some(start) = rest.find(|letter: char| !letter.is_ascii_whitespace()) {
        rest = &rest[start..];
        let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length.max(1).min(rest.len()));
        if introduced && word.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            names.push(word);
        }
        introduced = matches!(word, "FROM" | "JOIN" | "INTO" | "UPDATE");
        rest = after;
    }
    names
}

fn place(name: &str) -> usize {
    static PLACED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut placed = PLACED.lock().unwrap_or_else(PoisonError::into_inner);
    let at = placed.iter().position(|known| known == name).unwrap_or_else(|| {
        placed.push(name.to_owned());
        placed.len() - 1
    });
    at % PLACES
}

#[cfg(test)]
mod tests {
    use super::{Statement, Tables, names};

    #[test]
    fn tables_are_found_where_a_statement_names_them() {
        assert_eq!(names("SELECT a FROM x JOIN y ON y.a = x.a WHERE a = $1"), ["x", "y"]);
        assert_eq!(names("SELECT b FROM (SELECT a FROM x) AS e LEFT JOIN y ON 1"), ["x", "y"]);
        assert_eq!(
            names("INSERT INTO x (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = x.a"),
            ["x"]
        );
        assert_eq!(names("UPDATE x SET a = 1 WHERE id IN (SELECT id FROM y)"), ["x", "y"]);
    }

    #[test]
    fn sets_of_tables_meet_where_they_share_one() {
        let one = Statement::of("SELECT a FROM x JOIN y ON y.a = x.a");
        let other = Statement::of("UPDATE y SET a = 1");
        assert!(one.reads && !other.reads);
        assert!(one.tables.meets(other.tables));
        assert!(!one.tables.without(Tables::named(&["y"])).meets(other.tables));
    }

    /// A table that is named in a way this reading does not see would be taken for unchanged.
    #[test]
    fn no_statement_names_a_table_otherwise() {
        let mut known: Vec<&str> = crate::statements().into_iter().flat_map(names).collect();
        known.sort_unstable();
        known.dedup();
        for sql in crate::statements() {
            let found = names(sql);
            let listed = sql.split("FROM ").skip(1).any(|rest| {
                let clause = rest.split(" WHERE").next().unwrap_or(rest);
                let clause = clause.split("ORDER BY").next().unwrap_or(clause);
                clause
                    .split(", ")
                    .skip(1)
                    .any(|item| known.contains(&item.split(' ').next().unwrap_or(item)))
            });
            assert!(!found.is_empty(), "{sql}");
            assert!(!listed, "{sql} lists tables with commas");
        }
    }

    /// [`crate::reservations::replace`] stands for the reading of its row by the revision alone.
    #[test]
    fn every_change_of_a_reservation_counts_as_a_revision() {
        let changes = crate::statements().into_iter().filter(|sql| {
            sql.starts_with("UPDATE reservations") || sql.starts_with("DELETE FROM reservations")
        });
        for sql in changes {
            assert!(sql.contains("revision = $") && sql.ends_with("AND revision = $4"), "{sql}");
        }
    }
}
