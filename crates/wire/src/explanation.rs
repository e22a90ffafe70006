//! A decision in words and numbers, for everyone who shows one: the API, the CLI and the portal.

use crate::azure::v2022_11_01::refused;
use prorata_domain::decision::{Amount, Finding, Formula, Line, Refusal, Repair};
use prorata_domain::policy::Book;
use prorata_domain::{Decision, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A decision as it is shown, and as the API gives it beside its published members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub approved: bool,
    /// The hash of the policy book that was looked at.
    pub policy: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Why>,
    /// Every clause that was looked at, in the order of evaluation.
    pub findings: Vec<Clause>,
}

/// The first clause that was not met, and what would help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    pub clause: String,
    pub code: String,
    /// The reason and the repairs in sentences.
    pub message: String,
    pub reason: String,
    pub repairs: Vec<Help>,
}

/// One change that alone would turn the answer into a yes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Help {
    /// `reduceQuantity`, `raisePurchase`, `waitUntil`, `buyWithin`, `choose` or `quoteAgain`.
    pub kind: String,
    pub says: String,
    /// Which part of an exchange: `return 1`, `purchase 2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The largest quantity that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// The smallest amount to be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Value>,
    /// The first day on which it fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// The member of the request to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What would do instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// A clause that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clause {
    pub clause: String,
    pub says: String,
    /// From when on the value that was applied holds, and where it stands.
    pub since: String,
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// `met`, `not-met`, `not-concerned` or `warned`.
    pub outcome: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Row>,
}

/// A line of the arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub label: String,
    /// As people read it: `20.72 GBP`, `31 days`.
    pub amount: String,
    /// As programs read it: a price, a number, or text.
    pub value: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

/// Shows a decision that was taken by `book`.
pub fn render<P>(book: &Book, decision: &Decision<P>) -> Explanation {
    Explanation {
        approved: decision.is_approved(),
        policy: book.digest().to_owned(),
        refusal: decision.refusal.as_ref().map(why),
        findings: findings(book, &decision.findings),
    }
}

/// Shows a refusal that has no decision at hand.
pub fn refused(book: &Book, refusal: &Refusal, looked_at: &[Finding]) -> Explanation {
    Explanation {
        approved: false,
        policy: book.digest().to_owned(),
        refusal: Some(why(refusal)),
        findings: findings(book, looked_at),
    }
}

pub(crate) fn findings(book: &Book, findings: &[Finding]) -> Vec<Clause> {
    findings
        .iter()
        .map(|finding| Clause {
            clause: finding.clause.as_str().to_owned(),
            says: book.says(finding.clause).to_owned(),
            since: finding.since.to_string(),
            source: book.source(finding.clause, finding.since).to_owned(),
            about: finding.about.map(|about| about.to_string()),
            outcome: outcome(finding.outcome).to_owned(),
            lines: finding.lines.iter().map(row).collect(),
        })
        .collect()
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not-met",
        Outcome::NotConcerned => "not-concerned",
        Outcome::Warned => "warned",
        Outcome::Waived => "waived",
    }
}

fn why(refusal: &Refusal) -> Why {
    Why {
        clause: refusal.clause.as_str().to_owned(),
        code: refusal.code.clone().into_owned(),
        message: refused::message(refusal),
        reason: refusal.reason.clone(),
        repairs: refusal.repairs.iter().map(help).collect(),
    }
}

fn help(repair: &Repair) -> Help {
    let mut help = Help {
        kind: String::new(),
        says: repair.to_string(),
        about: None,
        quantity: None,
        amount: None,
        day: None,
        field: None,
        values: Vec::new(),
    };
    help.kind = match repair {
        Repair::ReduceQuantity { about, to } => {
            help.about = about.map(|about| about.to_string());
            help.quantity = Some(*to);
            "reduceQuantity"
        }
        Repair::RaisePurchase { by } => {
            help.amount = Some(crate::azure::price(*by));
            "raisePurchase"
        }
        Repair::RaiseCommitment { about, to } => {
            help.about = about.map(|about| about.to_string());
            help.amount = Some(crate::azure::hourly_price(*to));
            "raiseCommitment"
        }
        Repair::WaitUntil { day } => {
            help.day = Some(day.to_string());
            "waitUntil"
        }
        Repair::BuyWithin { about, resource_types } => {
            help.about = about.map(|about| about.to_string());
            help.values.clone_from(resource_types);
            "buyWithin"
        }
        Repair::Choose { about, field, values } => {
            help.about = about.map(|about| about.to_string());
            help.field = Some(field.clone().into_owned());
            help.values.clone_from(values);
            "choose"
        }
        Repair::PayOverdue { amount } => {
            help.amount = Some(crate::azure::price(*amount));
            "payOverdue"
        }
        Repair::AskForApproval { .. } => "askForApproval",
        Repair::AskPartner { partner } => {
            help.values = vec![partner.clone()];
            "askPartner"
        }
        Repair::ObtainRole { roles, at } => {
            help.field = Some(at.clone());
            help.values.clone_from(roles);
            "obtainRole"
        }
        Repair::LeaveTenant => "leaveTenant",
        Repair::JoinOrder => "joinOrder",
        Repair::QuoteAgain => "quoteAgain",
    }
    .to_owned();
    help
}

fn row(line: &Line) -> Row {
    Row {
        label: line.label.clone().into_owned(),
        amount: line.amount.to_string(),
        value: match &line.amount {
            Amount::Money(money) => crate::azure::price(*money),
            Amount::Hourly(hourly) => crate::azure::hourly_price(*hourly),
            Amount::Count(count) | Amount::Days(count) => json!(count),
            Amount::Date(date) => json!(date.to_string()),
            Amount::Rate(rate) => json!(rate.normalize().to_string()),
            Amount::Text(text) => json!(text),
        },
        formula: line.formula.as_ref().map(Formula::to_string),
    }
}
