//! The proof of a decision as a page shows it: every clause that was looked at, with its sentence,
//! its date, its source and the arithmetic line by line.
//!
//! The clause that decides stands first. The others stand by what came of them: not met, to take
//! note of, met, and folded away those that are not concerned; each keeps its number in the order
//! of evaluation.

mod labels;

use super::language::{say, say_with};
use super::words::{self, Said};
use prorata_domain::decision::{Finding, Line, Outcome, Refusal, Repair, Subject};
use prorata_domain::policy::Book;

pub use labels::{amount, label};

/// Findings beyond this many are folded up by the thing they are about, but for those not met.
const OPEN_MAX: usize = 40;

#[derive(Debug, Clone)]
pub struct Proof {
    /// The clause that refuses, apart from all others.
    pub deciding: Option<Clause>,
    pub groups: Vec<Group>,
    pub met: usize,
    pub not_met: usize,
    /// Warned of, or waived by a ticket.
    pub noted: usize,
    pub not_concerned: usize,
    /// The number of the clause that refuses.
    pub refusing: Option<usize>,
}

/// Findings that are about the same thing.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they are about, where a request has several things.
    pub title: Option<String>,
    pub open: bool,
    /// Those that are not met, to take note of, and met.
    pub sections: Vec<Section>,
    pub not_concerned: Vec<Clause>,
    pub total: usize,
    pub not_met: usize,
}

/// Clauses of a group of which the same came.
#[derive(Debug, Clone)]
pub struct Section {
    pub heading: Said,
    pub class: &'static str,
    pub clauses: Vec<Clause>,
}

/// A clause that was looked at.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its place in the order of evaluation, from 1.
    pub number: usize,
    pub name: String,
    /// As the policy book has it, in English.
    pub says: String,
    pub since: String,
    pub source: String,
    pub outcome: Outcome,
    /// Whether it is the one that names the refusal.
    pub refuses: bool,
    pub lines: Vec<Sum>,
}

/// A line of the arithmetic.
#[derive(Debug, Clone)]
pub struct Sum {
    pub label: Said,
    pub formula: String,
    pub amount: String,
    pub figure: bool,
}

/// Why not, and what would turn it into a yes.
#[derive(Debug, Clone)]
pub struct Refused {
    pub clause: String,
    /// A sentence, recorded in English.
    pub reason: String,
    pub repairs: Vec<Suggestion>,
}

/// A repair; where the page can do it, with the way to.
#[derive(Debug, Clone)]
pub struct Suggestion {
    pub text: String,
    pub way: Way,
}

/// How a suggestion is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Only told.
    Told,
    /// By following a link.
    Link(String),
    /// By sending the page's form with this as its `act`.
    Act(String),
}

impl Clause {
    pub fn outcome_class(&self) -> &'static str {
        class(self.outcome)
    }

    pub fn outcome_words(&self) -> Said {
        say(&format!("proof-outcome-{}", class(self.outcome)))
    }

    /// What the table of its lines is called.
    pub fn arithmetic(&self) -> Said {
        say_with("proof-arithmetic", [("clause", self.name.clone().into())])
    }

    pub fn is_met(&self) -> bool {
        self.outcome == Outcome::Met
    }

    pub fn is_not_met(&self) -> bool {
        self.outcome == Outcome::NotMet
    }
}

fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not-met",
        Outcome::NotConcerned => "not-concerned",
        Outcome::Warned => "warned",
        Outcome::Waived => "waived",
    }
}

impl Proof {
    /// The proof of some findings; `title` names a thing that findings are about.
    pub fn new(
        book: &Book,
        findings: &[Finding],
        refusal: Option<&Refusal>,
        title: impl Fn(Subject) -> String,
    ) -> Proof {
        let count = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
        let refused = refusal.map(|refusal| refusal.clause);
        // The first finding not met of the clause that refuses, and no later one of it.
        let refusing = findings.iter().position(|finding| {
            Some(finding.clause) == refused && finding.outcome == Outcome::NotMet
        });
        let several = findings.iter().any(|finding| finding.about.is_some());
        let many = findings.len() > OPEN_MAX;
        let mut deciding = None;
        let mut found: Vec<(Option<Subject>, Vec<Clause>)> = Vec::new();
        for (index, finding) in findings.iter().enumerate() {
            let clause = clause(book, finding, index + 1, refusing == Some(index));
            match found.last_mut() {
                _ if clause.refuses => deciding = Some(clause),
                Some((about, clauses)) if *about == finding.about => clauses.push(clause),
                _ => found.push((finding.about, vec![clause])),
            }
        }
        let groups = found.into_iter().map(|(about, clauses)| {
            let title = match about {
                Some(about) => Some(title(about)),
                None if several => Some(say("proof-whole").into_owned()),
                None => None,
            };
            let mut group = Group::new(title, clauses);
            group.open = !many || group.not_met > 0 || about.is_none();
            group
        });
        Proof {
            groups: groups.collect(),
            deciding,
            met: count(Outcome::Met),
            not_met: count(Outcome::NotMet),
            noted: count(Outcome::Warned) + count(Outcome::Waived),
            not_concerned: count(Outcome::NotConcerned),
            refusing: refusing.map(|index| index + 1),
        }
    }

    /// How many clauses were looked at.
    pub fn total(&self) -> usize {
        self.met + self.not_met + self.noted + self.not_concerned
    }

    /// `12 clauses looked at:`, with the counts behind it.
    pub fn tally(&self) -> Said {
        say_with("proof-tally", [("total", self.total().into())])
    }

    /// The counts by what came of the clauses, each with its class.
    pub fn counts(&self) -> Vec<(&'static str, Said)> {
        let all = [
            ("met", self.met),
            ("not-met", self.not_met),
            ("noted", self.noted),
            ("not-concerned", self.not_concerned),
        ];
        let shown = all.into_iter().filter(|(class, count)| *class != "noted" || *count > 0);
        shown
            .map(|(class, count)| {
                let said = say_with(&format!("proof-count-{class}"), [("count", count.into())]);
                (if count > 0 { class } else { "" }, said)
            })
            .collect()
    }

    /// `See clause 4 in the proof`.
    pub fn where_it_decides(&self) -> Option<(usize, Said)> {
        let number = self.refusing?;
        Some((number, say_with("proof-decides-where", [("number", number.into())])))
    }
}

impl Group {
    fn new(title: Option<String>, clauses: Vec<Clause>) -> Group {
        let total = clauses.len();
        let of = |outcomes: &[Outcome]| -> Vec<Clause> {
            clauses.iter().filter(|clause| outcomes.contains(&clause.outcome)).cloned().collect()
        };
        let section = |heading: &str, class, outcomes: &[Outcome]| Section {
            heading: say(heading),
            class,
            clauses: of(outcomes),
        };
        let sections = [
            section("proof-not-met", "not-met", &[Outcome::NotMet]),
            section("proof-noted", "noted", &[Outcome::Warned, Outcome::Waived]),
            section("proof-met", "met", &[Outcome::Met]),
        ];
        Group {
            title,
            open: true,
            not_met: sections[0].clauses.len(),
            sections: sections.into_iter().filter(|it| !it.clauses.is_empty()).collect(),
            not_concerned: of(&[Outcome::NotConcerned]),
            total,
        }
    }

    /// `7 clauses`, and how many of them are not met.
    pub fn tally(&self) -> String {
        let all = say_with("proof-clauses", [("count", self.total.into())]);
        if self.not_met == 0 {
            return all.into_owned();
        }
        let not_met = say_with("proof-count-not-met", [("count", self.not_met.into())]);
        format!("{all}, {not_met}")
    }

    /// `3 clauses are not concerned`.
    pub fn aside(&self) -> Said {
        say_with("proof-not-concerned", [("count", self.not_concerned.len().into())])
    }
}

fn clause(book: &Book, finding: &Finding, number: usize, refuses: bool) -> Clause {
    Clause {
        number,
        name: words::clause(finding.clause),
        says: book.says(finding.clause).to_owned(),
        since: say_with("proof-since", [("day", words::day(finding.since).into())]).into_owned(),
        source: book.source(finding.clause, finding.since).to_owned(),
        outcome: finding.outcome,
        refuses,
        lines: finding.lines.iter().map(sum).collect(),
    }
}

fn sum(line: &Line) -> Sum {
    Sum {
        label: label(&line.label),
        formula: line.formula.as_ref().map(words::formula).unwrap_or_default(),
        amount: labels::amount(line),
        figure: words::is_figure(&line.amount),
    }
}

impl Refused {
    /// A refusal with its repairs; `way` says how the page takes one.
    pub fn new(refusal: &Refusal, way: impl Fn(&Repair) -> Vec<Suggestion>) -> Refused {
        Refused {
            clause: words::clause(refusal.clause),
            reason: words::reason(refusal),
            repairs: refusal.repairs.iter().flat_map(way).collect(),
        }
    }

    /// `Refused: Refund cap`.
    pub fn heading(&self) -> Said {
        say_with("refused-heading", [("clause", self.clause.clone().into())])
    }
}

impl Suggestion {
    pub fn link(&self) -> Option<&str> {
        match &self.way {
            Way::Link(href) => Some(href),
            Way::Told | Way::Act(_) => None,
        }
    }

    pub fn act_word(&self) -> Option<&str> {
        match &self.way {
            Way::Act(word) => Some(word),
            Way::Told | Way::Link(_) => None,
        }
    }

    pub fn told(repair: &Repair) -> Suggestion {
        Suggestion { text: words::repair(repair), way: Way::Told }
    }

    pub fn linked(repair: &Repair, href: String) -> Suggestion {
        Suggestion { text: words::repair(repair), way: Way::Link(href) }
    }

    pub fn act(text: impl Into<String>, act: impl Into<String>) -> Suggestion {
        Suggestion { text: text.into(), way: Way::Act(act.into()) }
    }
}
