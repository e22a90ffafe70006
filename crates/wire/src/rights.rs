//! Where a reservation stands, as the API shows it beside the published members.

use crate::explanation::{Clause, findings};
use crate::usage::Balance;
use prorata_domain::policy::Book;
use prorata_domain::reservation::AcquiredBy;
use prorata_domain::rights::{Right, Span, Standing, Why};
use prorata_domain::term::utc_day;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The explanation of a reservation: what its type and its purchase date decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The hash of the policy book that was looked at.
    pub policy: String,
    pub rights: Rights,
    /// What a pre-purchase plan holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_units: Option<Value>,
    /// In the order of the clauses.
    pub findings: Vec<Clause>,
}

/// The right of each unit to be exchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rights {
    pub units: u32,
    pub bought_on: String,
    /// `purchase`, `exchange`, `renewal`, `split`, `merge`, `partialReturn` or `swap`.
    pub acquired_by: String,
    /// What an exchange left of the right of the units before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// From today to the end of the term; empty for what has ended or cannot be exchanged.
    pub exchanges: Vec<Exchanges>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Carried {
    pub bought_on: String,
    pub used: u32,
}

/// How often each unit may be exchanged on some days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchanges {
    pub from: String,
    /// The first day on which it is no longer so.
    pub until: String,
    /// `unlimited`, `last` or `none`.
    pub right: String,
    /// How many exchanges each unit has left, where they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// Why there is none: `boughtAfter`, `used` or `nothingLeft`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    pub says: String,
}

/// Shows where a reservation stands by `book`.
pub fn render(book: &Book, standing: &Standing, holds: Option<&Balance>) -> Explanation {
    Explanation {
        policy: book.digest().to_owned(),
        rights: Rights {
            units: standing.units,
            bought_on: standing.bought_on.to_string(),
            acquired_by: acquired_by(standing.acquired_by).to_owned(),
            carried: standing.carried.map(|carried| Carried {
                bought_on: utc_day(carried.bought_at).to_string(),
                used: carried.used,
            }),
            exchanges: standing.spans.iter().map(exchanges).collect(),
        },
        commit_units: holds.map(|holds| json!(holds)),
        findings: findings(book, &standing.findings),
    }
}

fn exchanges(span: &Span) -> Exchanges {
    let (right, left, why) = match span.right {
        Right::Unlimited => ("unlimited", None, None),
        Right::Last(left) => ("last", Some(left), None),
        Right::None(why) => ("none", Some(0), Some(why)),
    };
    let says = match span.right {
        Right::Unlimited => format!("any number of exchanges until {}", span.until),
        Right::Last(_) => format!("{} from {} to {}", span.right.in_words(), span.from, span.until),
        Right::None(Why::BoughtAfter) => {
            "no exchange: bought after exchanges had ended for it".to_owned()
        }
        Right::None(Why::Used) => "no exchange: the units had their last one".to_owned(),
        Right::None(Why::NothingLeft) => format!("no exchange from {} on", span.from),
    };
    let why = why.map(|why| match why {
        Why::BoughtAfter => "boughtAfter",
        Why::Used => "used",
        Why::NothingLeft => "nothingLeft",
    });
    Exchanges {
        from: span.from.to_string(),
        until: span.until.to_string(),
        right: right.to_owned(),
        left,
        why: why.map(str::to_owned),
        says,
    }
}

fn acquired_by(by: AcquiredBy) -> &'static str {
    match by {
        AcquiredBy::Purchase => "purchase",
        AcquiredBy::Exchange => "exchange",
        AcquiredBy::Renewal => "renewal",
        AcquiredBy::Split => "split",
        AcquiredBy::Merge => "merge",
        AcquiredBy::PartialReturn => "partialReturn",
        AcquiredBy::Swap => "swap",
    }
}
