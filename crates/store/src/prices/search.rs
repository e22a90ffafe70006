//! Looking for products by words: what a person types who wants to buy something.

use super::limit_value;
use crate::{StoreError, Tx, Value};
use jiff::civil::Date;
use prorata_domain::catalog::{GLOBAL, sku_key};
use prorata_domain::term::Term;
use prorata_ledger::Currency;
use std::fmt::Write as _;

/// What is looked for. Whatever is left out is any.
#[derive(Debug, Clone, Copy)]
pub struct Search<'q> {
    pub resource_type: Option<&'q str>,
    /// A product that is sold without a region is found in each.
    pub location: Option<&'q str>,
    pub term: Option<Term>,
    /// Each of them has to be found.
    pub words: &'q [Word],
    /// Prices in one of these are enough.
    pub currencies: [Currency; 2],
    pub day: Date,
    pub skip: usize,
    pub take: usize,
}

/// A word, and the types that it means as well: their titles are not in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub resource_types: Vec<String>,
}

/// A product that is in the list for a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub resource_type: String,
    pub sku: String,
    pub location: String,
    pub term: Term,
}

/// What is in the list on a day, by type, location, SKU and term.
///
/// # Errors
/// Those of the database.
pub fn search(tx: &mut Tx<'_>, search: &Search<'_>) -> Result<Vec<Found>, StoreError> {
    let mut params: Vec<Value> = vec![search.day.into()];
    let mut sql = "SELECT MIN(resource_type), location, MIN(sku), term FROM prices \
                   WHERE since <= $1"
        .to_owned();
    let mut place = |value: Value| {
        params.push(value);
        format!("${}", params.len())
    };
    let [own, other] = search.currencies;
    let own = place(own.into());
    let other = place(other.into());
    let _ = write!(sql, " AND currency IN ({own}, {other})");
    if let Some(name) = search.resource_type {
        let _ = write!(sql, " AND resource_type_key = {}", place(sku_key(name).into()));
    }
    if let Some(name) = search.location {
        let here = place(sku_key(name).into());
        let _ = write!(sql, " AND location IN ({here}, {})", place(Value::fixed(GLOBAL)));
    }
    if let Some(term) = search.term {
        let _ = write!(sql, " AND term = {}", place(Value::fixed(term.as_str())));
    }
    for word in search.words {
        let like = place(containing(&word.text).into());
        let _ = write!(
            sql,
            " AND (sku_key LIKE {like} ESCAPE '!' OR location LIKE {like} ESCAPE '!' \
             OR resource_type_key LIKE {like} ESCAPE '!'"
        );
        for name in &word.resource_types {
            let _ = write!(sql, " OR resource_type_key = {}", place(sku_key(name).into()));
        }
        sql.push(')');
    }
    let take = place(limit_value(search.take));
    let skip = place(limit_value(search.skip));
    let _ = write!(
        sql,
        " GROUP BY resource_type_key, location, sku_key, term \
         ORDER BY resource_type_key, location, sku_key, term LIMIT {take} OFFSET {skip}"
    );
    let rows = tx.query_dyn(&sql, &params)?;
    let found = rows.iter().map(|row| {
        Ok(Found {
            resource_type: row.string(0)?,
            location: row.string(1)?,
            sku: row.string(2)?,
            term: row.parsed(3, "a term", Term::parse)?,
        })
    });
    found.collect()
}

/// The pattern of all keys with a text in them, with `!` before what is no sign of a pattern.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in sku_key(text).chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn signs_of_patterns_are_looked_for_as_they_are() {
        assert_eq!(containing("D2s_v3"), "%d2s!_v3%");
        assert_eq!(containing("100%!"), "%100!%!!%");
    }
}
