//! What every decision owes, whoever asked: findings in order, a refusal that its findings carry,
//! and arithmetic that can be done again from what stands beside it.

use prorata_domain::decision::Subject;
use prorata_domain::policy::ClauseId;
use prorata_domain::{Amount, Decision, Finding, Line, Outcome};
use prorata_ledger::{MoneyError, rounding};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// The findings as text: a line a clause, and below it its arithmetic.
pub fn text(findings: &[Finding]) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings {
        lines.push(format!("{} since {}", head(finding), finding.since));
        lines.extend(finding.lines.iter().map(|line| match &line.formula {
            Some(formula) => format!("  {} = {} ({formula})", line.label, line.amount),
            None => format!("  {} = {}", line.label, line.amount),
        }));
    }
    lines
}

/// A finding in a few words, as the casebook lists them: `quantity (return 1) met`.
pub fn head(finding: &Finding) -> String {
    let about = finding.about.map_or_else(String::new, |subject| format!(" ({subject})"));
    format!("{}{about} {}", finding.clause, outcome(finding.outcome))
}

/// Every line with the clause it stands under: `refund-cap: cap = 50000.00 USD`.
pub fn lines(findings: &[Finding]) -> Vec<String> {
    let of = |finding: &Finding| {
        let about = finding.about.map_or_else(String::new, |subject| format!(" ({subject})"));
        let name = format!("{}{about}", finding.clause);
        let show = move |line: &Line| format!("{name}: {} = {}", line.label, line.amount);
        finding.lines.iter().map(show).collect::<Vec<_>>()
    };
    findings.iter().flat_map(of).collect()
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not met",
        Outcome::NotConcerned => "not concerned",
        Outcome::Warned => "warned",
        Outcome::Waived => "waived",
    }
}

/// The first finding that is not met.
pub fn first_not_met(findings: &[Finding]) -> Option<&Finding> {
    findings.iter().find(|finding| finding.outcome == Outcome::NotMet)
}

/// Whether any finding about a clause is not met.
pub fn refuses(findings: &[Finding], clause: ClauseId) -> bool {
    findings.iter().any(|one| one.clause == clause && one.outcome == Outcome::NotMet)
}

/// Checks what holds for every decision.
pub fn check<P>(decision: &Decision<P>)
where
    P: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let refused = first_not_met(&decision.findings).map(|finding| finding.clause);
    assert_eq!(decision.refusal.as_ref().map(|refusal| refusal.clause), refused);
    assert_eq!(decision.is_approved(), refused.is_none());
    if let Some(refusal) = &decision.refusal {
        assert!(!refusal.code.is_empty() && !refusal.reason.is_empty());
    }
    assert!(!decision.findings.is_empty());
    in_order(&decision.findings);
    for finding in &decision.findings {
        for line in &finding.lines {
            redo(line);
        }
    }
    let recorded = serde_json::to_string(decision).unwrap();
    assert_eq!(&serde_json::from_str::<Decision<P>>(&recorded).unwrap(), decision);
}

/// Each part of a request is looked at by each clause once, in the order of the clauses; returns
/// come first, then purchases, then what concerns all of it.
fn in_order(findings: &[Finding]) {
    let place = |about: Option<Subject>| match about {
        Some(Subject::Return(position)) => (0, position),
        Some(Subject::Purchase(position)) => (1, position),
        Some(Subject::SavingsPlan(position)) => (2, position),
        None => (3, 0),
    };
    for pair in findings.windows(2) {
        let key = |finding: &Finding| (place(finding.about), finding.clause);
        assert!(key(&pair[0]) < key(&pair[1]), "{} before {}", head(&pair[0]), head(&pair[1]));
    }
}

/// Does a line's arithmetic again.
fn redo(line: &Line) {
    use prorata_domain::decision::Formula;
    let Some(formula) = &line.formula else { return };
    let money = |amount: Result<_, MoneyError>| Amount::Money(amount.unwrap());
    let again = match formula {
        Formula::Share { of, part, whole, rounding } => {
            money(rounding::share(*of, *part, *whole, *rounding))
        }
        Formula::Times { of, count } => money(of.times(*count)),
        Formula::Hours { of, hours } => money(of.times(*hours)),
        Formula::Minus { from, less } => money(from.minus(*less)),
        Formula::Plus { first, second } => money(first.plus(*second)),
        Formula::Scale { of, rate, rounding } => {
            let Amount::Money(amount) = line.amount else { panic!("{} is not money", line.label) };
            money(rounding::scale(*of, *rate, amount.currency(), *rounding))
        }
        Formula::Days { from, to } => Amount::Days(prorata_domain::term::days_between(*from, *to)),
        Formula::Lesser { first, second } => money(first.lesser(*second)),
    };
    assert_eq!(again, line.amount, "{}: {formula}", line.label);
}
