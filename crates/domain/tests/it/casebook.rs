//! The casebook: `cases/<job>/*.toml`, one case a file, read by one `check` a job.
//!
//! A case says on which day what is held and asked for, and what must come of it. Its file is
//! named after what it shows; `source` says where the expectation is from, `note` why the case is
//! set up as it is. What is left out has the defaults of [`form`].

mod archive;
mod coverage;
mod directory;
mod drain;
mod exchange;
mod form;
mod item;
mod merge;
mod partner;
mod payment;
mod purchase;
mod refund;
mod renewal;
mod request;
mod savings_plan;
mod scope;
mod split;
mod trade_in;
mod update;
mod waiver;

use crate::proof;
use form::Expect;
use prorata_domain::policy::Book;
use prorata_domain::proration::ReturnValue;
use prorata_domain::{Decision, Finding};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Amounts of a decision by the names that cases call them.
type Amounts = BTreeMap<String, String>;

fn files(job: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(job);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no case", folder.display());
    files
}

/// Runs a check on every case of a job and reports all that fail, not only the first.
fn run<C: DeserializeOwned>(job: &str, check: impl Fn(&C) -> Vec<Finding>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut failed = Vec::new();
    for file in files(job) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let case = toml::from_str::<C>(&text).unwrap_or_else(|fault| panic!("{fault}"));
            check(&case)
        }));
        match tried {
            Ok(found) => findings.extend(found),
            Err(fault) => {
                let text = fault.downcast_ref::<String>().cloned();
                let text = text.or_else(|| fault.downcast_ref::<&str>().map(|s| s.to_string()));
                failed.push(format!("{job}/{name}: {}", text.unwrap_or_default()));
            }
        }
    }
    assert!(failed.is_empty(), "{} cases failed:\n{}", failed.len(), failed.join("\n"));
    findings
}

/// The built-in book, with the texts of a case in place of its own.
fn book(policy: &[String]) -> Book {
    let files = policy.iter().map(|text| ("case", text.as_str()));
    Book::built_in().with_files(files).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(|fault| format!("\n{fault}")).collect::<String>())
    })
}

/// Compares a decision with what a case expects of it.
fn compare<P>(expect: &Expect, decision: &Decision<P>, amounts: &Amounts)
where
    P: Serialize + DeserializeOwned + PartialEq + Debug,
{
    proof::check(decision);
    let lines = proof::lines(&decision.findings);
    let told = || proof::text(&decision.findings).join("\n");
    match (expect.verdict, &decision.refusal) {
        (form::Verdict::Approved, None) => {}
        (form::Verdict::Approved, Some(refusal)) => panic!("refused: {}", refusal.reason),
        (form::Verdict::Refused, None) => panic!("approved\n{}", told()),
        (form::Verdict::Refused, Some(refusal)) => {
            assert_eq!(Some(refusal.clause.as_str()), expect.clause.as_deref(), "clause");
            assert_eq!(Some(&*refusal.code), expect.code.as_deref(), "code");
            let repairs: Vec<_> = refusal.repairs.iter().map(ToString::to_string).collect();
            assert_eq!(repairs, expect.repairs, "repairs");
            if let Some(reason) = &expect.reason {
                assert_eq!(&refusal.reason, reason, "reason");
            }
        }
    }
    for (name, amount) in &expect.amounts {
        let found = amounts.get(name).map(String::as_str);
        assert_eq!(found, Some(amount.as_str()), "{name}\n{}", told());
    }
    for line in &expect.lines {
        assert!(lines.contains(line), "no line `{line}` in\n{}", lines.join("\n"));
    }
    if !expect.findings.is_empty() {
        let heads: Vec<_> = decision.findings.iter().map(proof::head).collect();
        assert_eq!(heads, expect.findings, "findings");
    }
}

/// Decides again from what was recorded as text, and expects the same.
fn replay<F, R, P>(
    facts: &F,
    request: &R,
    decision: &Decision<P>,
    decide: impl Fn(&F, &R) -> Decision<P>,
) where
    F: Serialize + DeserializeOwned + PartialEq + Debug,
    R: Serialize + DeserializeOwned + PartialEq + Debug,
    P: PartialEq + Debug,
{
    let again = |text: String| serde_json::from_str::<(F, R)>(&text).unwrap();
    let (read_facts, read_request) = again(serde_json::to_string(&(facts, request)).unwrap());
    assert_eq!((&read_facts, &read_request), (facts, request));
    assert_eq!(&decide(&read_facts, &read_request), decision);
}

/// The amounts of what a return is worth, each name after `prefix`.
fn value_amounts(prefix: &str, value: &ReturnValue) -> Amounts {
    let used_of_held = value.paid_for_held.minus(value.refund).unwrap();
    [
        ("payments_made", value.payments_made.to_string()),
        ("payments", value.payments.to_string()),
        ("paid_for_held", value.paid_for_held.to_string()),
        ("paid", value.paid.to_string()),
        ("used", value.used.to_string()),
        // What the recorded answers call prorated: it covers the units that are kept, too.
        ("paid_for_held_less_refund", used_of_held.to_string()),
        ("refund", value.refund.to_string()),
        ("refund_of_record", value.refund_of_record.to_string()),
        ("cancelled", value.cancelled.to_string()),
        ("given_up", value.given_up().unwrap().to_string()),
        ("refund_usd", value.refund_usd.to_string()),
        ("cancelled_usd", value.cancelled_usd.to_string()),
    ]
    .map(|(name, amount)| (format!("{prefix}{name}"), amount))
    .into()
}
