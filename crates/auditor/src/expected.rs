//! What an answer should say, and where it says something else.

use crate::money::Amount;
use rust_decimal::Decimal;
use serde_json::Value;
use std::fmt;

/// One thing that an answer should say.
#[derive(Clone, PartialEq, Debug)]
pub enum Want {
    /// `{"currencyCode", "amount"}`.
    Money(Amount),
    /// A number alone.
    Number(Decimal),
    Text(String),
    /// Text in which letter case says nothing, as in identifiers.
    Id(String),
    /// The last part of an id, where answers give it alone or with its path.
    Ends(String),
    Count(usize),
    Flag(bool),
    /// The codes of a list of errors, in order; nothing and an empty list are the same.
    Codes(Vec<String>),
    Absent,
}

/// An answer as it should be.
#[derive(Clone, Debug)]
pub struct Expected {
    pub status: u16,
    /// The code of the error, where there is an opinion on it.
    pub code: Option<&'static str>,
    /// JSON pointers and what should stand there.
    members: Vec<(String, Want)>,
}

impl Expected {
    pub fn status(status: u16) -> Expected {
        Expected { status, code: None, members: Vec::new() }
    }

    /// A refusal by its status and code.
    pub fn refused(status: u16, code: &'static str) -> Expected {
        Expected { status, code: Some(code), members: Vec::new() }
    }

    pub fn want(mut self, at: impl Into<String>, want: Want) -> Expected {
        self.members.push((at.into(), want));
        self
    }

    /// Where an answer differs.
    pub fn differences(&self, status: u16, body: &Value) -> Vec<Difference> {
        let mut found = Vec::new();
        if status != self.status {
            found.push(Difference::new("status", self.status, status));
        }
        if let Some(code) = self.code {
            let said = body["error"]["code"].as_str().unwrap_or("none");
            if said != code {
                found.push(Difference::new("/error/code", code, said));
            }
        }
        for (at, want) in &self.members {
            let said = body.pointer(at).unwrap_or(&Value::Null);
            if !want.is(said) {
                found.push(Difference::new(at.as_str(), want, said));
            }
        }
        found
    }

    /// How many figures and words are expected.
    pub fn weight(&self) -> usize {
        1 + usize::from(self.code.is_some()) + self.members.len()
    }
}

impl Want {
    fn is(&self, said: &Value) -> bool {
        match self {
            Want::Money(amount) => {
                said["currencyCode"].as_str() == Some(&amount.currency.code())
                    && number(&said["amount"]) == Some(amount.decimal())
            }
            Want::Number(wanted) => number(said) == Some(*wanted),
            Want::Text(text) => said.as_str() == Some(text),
            Want::Id(id) => said.as_str().is_some_and(|said| said.eq_ignore_ascii_case(id)),
            Want::Ends(id) => said.as_str().is_some_and(|said| {
                said.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(id))
            }),
            Want::Count(count) => said.as_array().is_some_and(|rows| rows.len() == *count),
            Want::Flag(flag) => said.as_bool() == Some(*flag),
            Want::Codes(codes) => {
                let rows = said.as_array().map_or(&[][..], Vec::as_slice);
                rows.iter().map(|row| row["code"].as_str().unwrap_or_default()).eq(codes.iter())
            }
            Want::Absent => said.is_null(),
        }
    }
}

/// A JSON number exactly as it is written.
fn number(said: &Value) -> Option<Decimal> {
    said.as_number()?.to_string().parse().ok()
}

impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Want::Money(amount) => amount.fmt(f),
            Want::Number(number) => number.fmt(f),
            Want::Text(text) | Want::Id(text) | Want::Ends(text) => f.write_str(text),
            Want::Count(count) => write!(f, "{count} rows"),
            Want::Flag(flag) => flag.fmt(f),
            Want::Codes(codes) => write!(f, "codes [{}]", codes.join(", ")),
            Want::Absent => f.write_str("nothing"),
        }
    }
}

/// A place in an answer that says something else than it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    pub at: String,
    pub expected: String,
    pub said: String,
}

impl Difference {
    pub fn new(
        at: impl Into<String>,
        expected: impl fmt::Display,
        said: impl fmt::Display,
    ) -> Difference {
        Difference { at: at.into(), expected: expected.to_string(), said: said.to_string() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, said {}", self.at, self.expected, self.said)
    }
}
