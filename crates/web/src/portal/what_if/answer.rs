//! The decisions side by side: the verdicts, the figures, and what makes the difference.

use crate::portal::language::{say, say_with};
use crate::portal::proof;
use crate::portal::words::{self, Said};
use prorata_app::Error;
use prorata_app::what_if::{Answer, Decided, When};
use prorata_domain::decision::{Finding, Line, Outcome, Refusal, Subject};
use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::{exchange, refund};
use prorata_ledger::Money;

/// The decisions of some days.
#[derive(Debug, Clone)]
pub struct Compared {
    pub columns: Vec<Column>,
    /// Figures, one a row.
    pub figures: Vec<Row>,
    /// The clauses that are not the same on all days.
    pub clauses: Vec<Clause>,
}

impl Compared {
    /// The day of a column, for a screen on which columns stand below each other.
    pub fn day_of(&self, column: &usize) -> &str {
        self.columns.get(*column).map_or("", |column| &column.day)
    }
}

/// What is decided for a day.
#[derive(Debug, Clone)]
pub struct Column {
    pub day: String,
    /// How the day is looked at.
    pub how: Said,
    pub approved: bool,
    /// The amount that matters most, and what it is.
    pub amount: Option<(Said, String)>,
    /// The clause that refuses, its page, and why.
    pub refused: Option<(String, String, String)>,
    pub repairs: Vec<String>,
    /// What makes the difference to the first day.
    pub difference: Option<Said>,
}

/// A label and a cell for each day.
#[derive(Debug, Clone)]
pub struct Row {
    pub label: String,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone)]
pub struct Cell {
    pub text: String,
    /// Whether it is not what the first day has.
    pub differs: bool,
}

/// A clause that is not the same on all days.
#[derive(Debug, Clone)]
pub struct Clause {
    pub name: String,
    pub href: String,
    /// What it is about, where a request has several things.
    pub about: Option<String>,
    pub says: String,
    pub cells: Vec<Verdict>,
    /// Its lines that differ.
    pub lines: Vec<Row>,
}

/// What came of a clause on a day.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub words: Said,
    pub class: &'static str,
    /// Since when the value was in force; empty where it was not looked at.
    pub since: String,
    pub refuses: bool,
}

type Key = (ClauseId, Option<Subject>);

impl Compared {
    /// # Errors
    /// When recorded amounts do not fit together.
    pub fn new(book: &Book, answers: &[Answer]) -> Result<Compared, Error> {
        let first = answers.first();
        let columns = answers.iter().map(|answer| {
            let base = first.filter(|base| base.day != answer.day);
            column(answer, base)
        });
        Ok(Compared {
            columns: columns.collect(),
            figures: figures(answers)?,
            clauses: clauses(book, answers),
        })
    }
}

fn findings(answer: &Answer) -> &[Finding] {
    match &answer.decided {
        Decided::Refund(decision) => &decision.findings,
        Decided::Exchange(decision) => &decision.findings,
    }
}

fn refusal(answer: &Answer) -> Option<&Refusal> {
    match &answer.decided {
        Decided::Refund(decision) => decision.refusal.as_ref(),
        Decided::Exchange(decision) => decision.refusal.as_ref(),
    }
}

fn find(answer: &Answer, key: Key) -> Option<&Finding> {
    findings(answer).iter().find(|finding| (finding.clause, finding.about) == key)
}

fn column(answer: &Answer, base: Option<&Answer>) -> Column {
    let refusal = refusal(answer);
    let amount = match &answer.decided {
        Decided::Refund(decision) => decision
            .proposal
            .as_ref()
            .map(|plan| (say("what-if-paid-out"), words::money(plan.payout))),
        Decided::Exchange(decision) => decision
            .proposal
            .as_ref()
            .map(|plan| (say("what-if-net-payable"), words::money(plan.net_payable))),
    };
    Column {
        day: words::day(answer.day),
        how: say(match answer.when {
            When::Today => "what-if-today",
            When::Later => "what-if-later",
            When::RulesOf => "what-if-rules-of",
        }),
        approved: refusal.is_none(),
        amount,
        refused: refusal.map(|refusal| {
            let href = format!("/policy/{}?on={}", refusal.clause.as_str(), answer.day);
            (words::clause(refusal.clause), href, words::reason(refusal))
        }),
        repairs: refusal
            .map(|refusal| refusal.repairs.iter().map(words::repair).collect())
            .unwrap_or_default(),
        difference: base.map(|base| difference(answer, base)),
    }
}

/// What makes the difference to another day, in a sentence.
fn difference(answer: &Answer, base: &Answer) -> Said {
    let named = |clause: ClauseId| words::clause(clause);
    let day = words::day(base.day);
    match (refusal(answer), refusal(base)) {
        (Some(refusal), None) | (None, Some(refusal)) => {
            return say_with(
                "what-if-turns",
                [("clause", named(refusal.clause).into()), ("day", day.into())],
            );
        }
        (Some(here), Some(there)) if here.clause != there.clause => {
            return say_with("what-if-other-reason", [("clause", named(here.clause).into())]);
        }
        _ => {}
    }
    let mut changed: Vec<ClauseId> = Vec::new();
    for finding in findings(answer) {
        let there = find(base, (finding.clause, finding.about));
        let same =
            there.is_some_and(|it| (it.since, it.outcome) == (finding.since, finding.outcome));
        if !same && !changed.contains(&finding.clause) {
            changed.push(finding.clause);
        }
    }
    if !changed.is_empty() {
        let names: Vec<String> = changed.into_iter().map(named).collect();
        return say_with("what-if-rules-differ", [("clauses", names.join(", ").into())]);
    }
    let same = findings(answer) == findings(base);
    say(if same { "what-if-no-difference" } else { "what-if-days-differ" })
}

/// The figures of the plans, a row each; a day without a plan has none.
fn figures(answers: &[Answer]) -> Result<Vec<Row>, Error> {
    let columns: Vec<Vec<(&'static str, Option<Money>)>> = answers
        .iter()
        .map(|answer| match &answer.decided {
            Decided::Refund(decision) => decision.proposal.as_ref().map(of_refund),
            Decided::Exchange(decision) => decision.proposal.as_ref().map(of_exchange),
        })
        .map(Option::unwrap_or_default)
        .collect();
    let labels: Vec<&'static str> = columns
        .iter()
        .max_by_key(|column| column.len())
        .into_iter()
        .flatten()
        .map(|row| row.0)
        .collect();
    let row = |(index, label): (usize, &&'static str)| {
        let texts = columns.iter().map(|column| {
            let amount = column.get(index).and_then(|row| row.1);
            amount.map_or_else(|| "–".to_owned(), words::money)
        });
        Row { label: say(label).into_owned(), cells: cells(texts.collect()) }
    };
    Ok(labels.iter().enumerate().map(row).collect())
}

fn of_refund(plan: &refund::Plan) -> Vec<(&'static str, Option<Money>)> {
    let value = &plan.value;
    vec![
        ("what-if-paid", Some(value.paid)),
        ("what-if-used", Some(value.used)),
        ("what-if-fee", Some(plan.fee)),
        ("what-if-paid-out", Some(plan.payout)),
        ("what-if-never-paid", Some(value.cancelled)),
        ("what-if-counted", Some(plan.counted)),
        ("what-if-cap-used", Some(plan.cap_used)),
        ("what-if-cap", Some(plan.cap)),
    ]
}

fn of_exchange(plan: &exchange::Plan) -> Vec<(&'static str, Option<Money>)> {
    let bought = plan.purchases.first();
    vec![
        ("what-if-comes-back", Some(plan.refunds_total)),
        ("what-if-bought", Some(plan.purchases_total)),
        ("what-if-first-payment", bought.and_then(|bought| bought.first_payment().ok())),
        ("what-if-net-payable", Some(plan.net_payable)),
    ]
}

/// What stands where a day has no such figure.
const NONE: &str = "–";

impl Cell {
    /// Whether it stands out: another figure than that of the first day, and not none at all.
    pub fn is_marked(&self) -> bool {
        self.differs && self.text != NONE
    }
}

fn cells(texts: Vec<String>) -> Vec<Cell> {
    let first = texts.first().cloned().unwrap_or_default();
    texts.into_iter().map(|text| Cell { differs: text != first, text }).collect()
}

/// The clauses whose outcome, value or figures are not the same on all days, in order.
fn clauses(book: &Book, answers: &[Answer]) -> Vec<Clause> {
    let mut keys: Vec<Key> = Vec::new();
    for finding in answers.iter().flat_map(findings) {
        let key = (finding.clause, finding.about);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let refuses = |key: Key| {
        answers.iter().any(|answer| {
            refusal(answer).is_some_and(|refusal| refusal.clause == key.0)
                && find(answer, key).is_some_and(|finding| finding.outcome == Outcome::NotMet)
        })
    };
    let differs = |key: Key| {
        let found: Vec<Option<&Finding>> = answers.iter().map(|answer| find(answer, key)).collect();
        found.windows(2).any(|pair| pair[0] != pair[1])
    };
    let mut kept: Vec<Key> =
        keys.into_iter().filter(|key| differs(*key) || refuses(*key)).collect();
    // What refuses, and what has another outcome or value, comes before what only reckons otherwise.
    kept.sort_by_key(|key| {
        let found: Vec<_> = answers
            .iter()
            .map(|answer| find(answer, *key).map(|it| (it.outcome, it.since)))
            .collect();
        let same = found.windows(2).all(|pair| pair[0] == pair[1]);
        (!refuses(*key), same)
    });
    let several = kept.iter().any(|key| key.1.is_some());
    kept.into_iter().map(|key| clause(book, answers, key, several)).collect()
}

fn clause(book: &Book, answers: &[Answer], key: Key, several: bool) -> Clause {
    let verdict = |answer: &Answer| {
        let found = find(answer, key);
        let refuses = found.is_some_and(|it| it.outcome == Outcome::NotMet)
            && refusal(answer).is_some_and(|refusal| refusal.clause == key.0);
        let (words, class) = match found.map(|finding| finding.outcome) {
            Some(Outcome::Met) => ("policy-outcome-met", "met"),
            Some(Outcome::NotMet) => ("policy-outcome-not-met", "failed"),
            Some(Outcome::NotConcerned) => ("policy-outcome-not-concerned", "ended"),
            Some(Outcome::Warned) => ("policy-outcome-warned", "pending"),
            Some(Outcome::Waived) => ("policy-outcome-waived", "pending"),
            None => ("what-if-not-looked-at", "ended"),
        };
        let since = found.map(|it| words::short_day(it.since)).unwrap_or_default();
        Verdict { words: say(words), class, since, refuses }
    };
    let found: Vec<Option<&Finding>> = answers.iter().map(|answer| find(answer, key)).collect();
    Clause {
        name: words::clause(key.0),
        href: format!("/policy/{}", key.0.as_str()),
        about: key.1.filter(|_| several).map(words::subject),
        says: book.says(key.0).to_owned(),
        cells: answers.iter().map(verdict).collect(),
        lines: lines(&found),
    }
}

/// The lines of a clause that differ between the days, by their labels.
fn lines(found: &[Option<&Finding>]) -> Vec<Row> {
    let mut labels: Vec<&str> = Vec::new();
    for line in found.iter().flatten().flat_map(|finding| &finding.lines) {
        if !labels.contains(&line.label.as_ref()) {
            labels.push(&line.label);
        }
    }
    let text = |finding: &Option<&Finding>, label: &str| {
        let line: Option<&Line> =
            finding.and_then(|finding| finding.lines.iter().find(|line| line.label == label));
        line.map_or_else(|| "–".to_owned(), proof::amount)
    };
    let rows = labels.into_iter().map(|label| Row {
        label: proof::label(label).into_owned(),
        cells: cells(found.iter().map(|finding| text(finding, label)).collect()),
    });
    rows.filter(|row| row.cells.iter().any(|cell| cell.differs)).collect()
}
