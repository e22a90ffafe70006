//! `$filter` and `$orderby` of the reservation list: `eq`, `and`, `or`, parentheses; one field to
//! order by.

mod field;
pub(super) mod lexer;

pub use field::Field;

use super::fault::{BAD_REQUEST, Fault, quoted};
use lexer::{Token, tokens};

/// A condition on reservations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    Eq(Field, FilterValue),
    And(Vec<Filter>),
    Or(Vec<Filter>),
}

/// What a field is compared with. Words are compared without letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    Text(String),
    Number(i64),
    Flag(bool),
    Null,
}

/// The field a list is ordered by, and whether from high to low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderBy {
    pub field: Field,
    pub descending: bool,
}

/// Characters of a filter; the longest that our own pages make has some hundred.
const CHARS_MAX: usize = 4096;
/// Comparisons in one filter.
const TERMS_MAX: usize = 100;
/// Parentheses within parentheses.
const DEPTH_MAX: usize = 16;

/// Reads a `$filter`; an empty one is none.
///
/// # Errors
/// A fault that quotes the place where it cannot be read.
pub fn parse_filter(text: &str) -> Result<Option<Filter>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if text.chars().count() > CHARS_MAX {
        return Err(fault(format!("`$filter` is longer than {CHARS_MAX} characters.")));
    }
    let tokens = tokens(text).map_err(|rest| {
        fault(format!("`$filter` cannot be read from {} on. {HELP}", quoted(rest)))
    })?;
    let mut reader = Reader { tokens: &tokens, terms: 0 };
    let filter = reader.any(0)?;
    match reader.tokens.first() {
        None => Ok(Some(filter)),
        Some(token) => Err(fault(format!(
            "`$filter` goes on with {} where it should end. {HELP}",
            token.shown()
        ))),
    }
}

/// Reads a `$orderby` such as `properties/displayName desc`; an empty one is none.
///
/// # Errors
/// A fault that names the fields that can be ordered by.
pub fn parse_order_by(text: &str) -> Result<Option<OrderBy>, Fault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (path, direction) = match words.as_slice() {
        [] => return Ok(None),
        [path] => (*path, "asc"),
        [path, direction] => (*path, *direction),
        _ => return Err(order_fault(format!("`$orderby` is {}.", quoted(text)))),
    };
    let descending = match direction.to_ascii_lowercase().as_str() {
        "asc" => false,
        "desc" => true,
        _ => return Err(order_fault(format!("`$orderby` ends with {}.", quoted(direction)))),
    };
    let field = Field::parse(path)
        .ok_or_else(|| order_fault(format!("`$orderby` names {}.", quoted(path))))?;
    Ok(Some(OrderBy { field, descending }))
}

const HELP: &str =
    "Write comparisons such as `properties/term eq 'P1Y'`, joined by `and` and `or`.";

fn fault(message: String) -> Fault {
    Fault { code: BAD_REQUEST, path: "$filter".to_owned(), message }
}

fn order_fault(what: String) -> Fault {
    let message =
        format!("{what} Give one field, then `asc` or `desc`. Fields: {}.", Field::names());
    Fault { code: BAD_REQUEST, path: "$orderby".to_owned(), message }
}

struct Reader<'t> {
    tokens: &'t [Token<'t>],
    terms: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<&'t Token<'t>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found =
            matches!(self.tokens.first(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(word));
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    /// Terms joined by `or`, which binds weaker than `and`.
    fn any(&mut self, depth: usize) -> Result<Filter, Fault> {
        let mut parts = vec![self.all(depth)?];
        while self.take_word("or") {
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Filter::Or))
    }

    fn all(&mut self, depth: usize) -> Result<Filter, Fault> {
        let mut parts = vec![self.term(depth)?];
        while self.take_word("and") {
            parts.push(self.term(depth)?);
        }
        Ok(one_or(parts, Filter::And))
    }

    fn term(&mut self, depth: usize) -> Result<Filter, Fault> {
        self.terms += 1;
        if self.terms > TERMS_MAX || depth > DEPTH_MAX {
            return Err(fault(format!(
                "`$filter` is too large: at most {TERMS_MAX} comparisons and {DEPTH_MAX} levels of \
                 parentheses are allowed."
            )));
        }
        match self.next() {
            Some(Token::Open) => {
                let inner = self.any(depth + 1)?;
                match self.next() {
                    Some(Token::Close) => Ok(inner),
                    _ => Err(fault(format!("`$filter` lacks a closing parenthesis. {HELP}"))),
                }
            }
            Some(Token::Word(path)) => self.comparison(path),
            other => Err(expected("the name of a field", other)),
        }
    }

    fn comparison(&mut self, path: &str) -> Result<Filter, Fault> {
        let field = Field::parse(path).ok_or_else(|| {
            fault(format!(
                "`$filter` names {}, which is not a field of the list. Fields: {}.",
                quoted(path),
                Field::names()
            ))
        })?;
        match self.next() {
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("eq") => {}
            other => return Err(expected("`eq`, the only comparison there is,", other)),
        }
        let value = match self.next() {
            Some(Token::Text(text)) => FilterValue::Text(text.clone()),
            Some(Token::Word(word)) => literal(word).ok_or_else(|| {
                expected("text in single quotes, a number, true or false", Some(&Token::Word(word)))
            })?,
            other => return Err(expected("a value", other)),
        };
        match field.fit(value) {
            Ok(value) => Ok(Filter::Eq(field, value)),
            Err(wanted) => Err(fault(format!(
                "`$filter` compares `{field}`, which is {wanted}, with another kind of value."
            ))),
        }
    }
}

fn literal(word: &str) -> Option<FilterValue> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Some(FilterValue::Flag(true)),
        "false" => Some(FilterValue::Flag(false)),
        "null" => Some(FilterValue::Null),
        // Instants and days may stand without quotes.
        _ => word.parse().map(FilterValue::Number).ok().or_else(|| {
            word.starts_with(|c: char| c.is_ascii_digit())
                .then(|| FilterValue::Text(word.to_owned()))
        }),
    }
}

fn one_or(mut parts: Vec<Filter>, many: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    if parts.len() == 1 { parts.remove(0) } else { many(parts) }
}

fn expected(what: &str, found: Option<&Token<'_>>) -> Fault {
    let found = found.map_or("its end".to_owned(), Token::shown);
    fault(format!("`$filter` needs {what} where it has {found}. {HELP}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eq(field: Field, text: &str) -> Filter {
        Filter::Eq(field, FilterValue::Text(text.to_owned()))
    }

    fn filter(text: &str) -> Filter {
        parse_filter(text).unwrap().unwrap()
    }

    fn message(text: &str) -> String {
        let fault = parse_filter(text).unwrap_err();
        assert_eq!((fault.code, fault.path.as_str()), ("BadRequest", "$filter"));
        fault.message
    }

    #[test]
    fn reads_what_clients_send() {
        assert_eq!(
            filter("(properties/archived eq false)"),
            Filter::Eq(Field::Archived, FilterValue::Flag(false))
        );
        assert_eq!(
            filter(
                "properties/reservedResourceType EQ 'VirtualMachines' and properties/quantity eq 3"
            ),
            Filter::And(vec![
                eq(Field::ReservedResourceType, "VirtualMachines"),
                Filter::Eq(Field::Quantity, FilterValue::Number(3)),
            ])
        );
        assert_eq!(filter("Properties/DisplayName eq 'it''s'"), eq(Field::DisplayName, "it's"));
        assert_eq!(filter("sku/name eq 'Standard_B1ls'"), eq(Field::SkuName, "Standard_B1ls"));
        assert_eq!(
            filter("properties/expiryDate eq 2024-03-04"),
            eq(Field::ExpiryDate, "2024-03-04")
        );
        assert_eq!(parse_filter("  ").unwrap(), None);
    }

    #[test]
    fn and_binds_stronger_than_or() {
        let (a, b, c) = (eq(Field::Term, "P1Y"), eq(Field::Term, "P3Y"), eq(Field::SkuName, "x"));
        let text = "properties/term eq 'P1Y' or properties/term eq 'P3Y' and sku/name eq 'x'";
        assert_eq!(
            filter(text),
            Filter::Or(vec![a.clone(), Filter::And(vec![b.clone(), c.clone()])])
        );
        let text = "(properties/term eq 'P1Y' or properties/term eq 'P3Y') and sku/name eq 'x'";
        assert_eq!(filter(text), Filter::And(vec![Filter::Or(vec![a, b]), c]));
    }

    #[test]
    fn faults_say_where_and_what() {
        for (text, says) in [
            ("properties/term ne 'P1Y'", "the only comparison"),
            ("properties/colour eq 'red'", "`properties/colour`"),
            ("properties/term eq", "its end"),
            ("properties/term eq P1Y", "single quotes"),
            ("properties/term eq 'P1Y", "`'P1Y`"),
            ("(properties/term eq 'P1Y'", "closing parenthesis"),
            ("properties/term eq 'P1Y' properties/term eq 'P1Y'", "should end"),
            ("properties/quantity eq 'many'", "a whole number"),
            ("properties/archived eq 1", "true or false"),
            ("and", "`and`"),
            ("properties/term eq 'P1Y'; drop", "`; drop`"),
        ] {
            let message = message(text);
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let many = vec!["properties/term eq 'P1Y'"; 101].join(" or ");
        assert!(message(&many).contains("too large"));
        let deep = format!("{}properties/term eq 'P1Y'{}", "(".repeat(40), ")".repeat(40));
        assert!(message(&deep).contains("too large"));
        assert!(message(&"x".repeat(5000)).contains("longer"));
    }

    #[test]
    fn orders_by_one_field() {
        let order = |text| parse_order_by(text);
        assert_eq!(
            order("properties/displayName desc").unwrap(),
            Some(OrderBy { field: Field::DisplayName, descending: true })
        );
        assert_eq!(
            order("sku/name").unwrap(),
            Some(OrderBy { field: Field::SkuName, descending: false })
        );
        assert_eq!(order("").unwrap(), None);
        for text in ["colour", "sku/name up", "sku/name asc, properties/term"] {
            let fault = order(text).unwrap_err();
            assert!(fault.message.contains("properties/displayName"), "{}", fault.message);
        }
    }
}
