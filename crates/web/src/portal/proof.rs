//! The proof of a decision as a page shows it: every clause that was looked at, in order, with
//! its sentence, its date, its source and the arithmetic line by line.

use super::words;
use prorata_domain::decision::{Finding, Line, Outcome, Refusal, Repair, Subject};
use prorata_domain::policy::Book;

/// Findings beyond this many are folded up by the thing they are about, but for those not met.
const OPEN_MAX: usize = 40;

#[derive(Debug, Clone)]
pub struct Proof {
    pub groups: Vec<Group>,
    pub met: usize,
    pub not_met: usize,
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
    pub clauses: Vec<Clause>,
    pub not_met: usize,
}

/// A clause that was looked at.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its place in the order of evaluation, from 1.
    pub number: usize,
    pub name: String,
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
    pub label: String,
    pub formula: String,
    pub amount: String,
    pub figure: bool,
}

/// Why not, and what would turn it into a yes.
#[derive(Debug, Clone)]
pub struct Refused {
    pub clause: String,
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
        match self.outcome {
            Outcome::Met => "met",
            Outcome::NotMet => "not-met",
            Outcome::NotConcerned => "not-concerned",
            Outcome::Warned => "warned",
            Outcome::Waived => "waived",
        }
    }

    pub fn outcome_words(&self) -> &'static str {
        match self.outcome {
            Outcome::Met => "Met",
            Outcome::NotMet => "Not met",
            Outcome::NotConcerned => "Not concerned",
            Outcome::Warned => "Take note",
            Outcome::Waived => "Waived by ticket",
        }
    }

    pub fn is_met(&self) -> bool {
        self.outcome == Outcome::Met
    }

    pub fn is_not_met(&self) -> bool {
        self.outcome == Outcome::NotMet
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
        let mut groups: Vec<(Option<Subject>, Group)> = Vec::new();
        for (index, finding) in findings.iter().enumerate() {
            let clause = clause(book, finding, index + 1, refusing == Some(index));
            match groups.last_mut() {
                Some((about, group)) if *about == finding.about => group.clauses.push(clause),
                _ => {
                    let name = match finding.about {
                        Some(about) => Some(title(about)),
                        None if several => Some("The exchange as a whole".to_owned()),
                        None => None,
                    };
                    let group =
                        Group { title: name, open: true, clauses: vec![clause], not_met: 0 };
                    groups.push((finding.about, group));
                }
            }
        }
        let many = findings.len() > OPEN_MAX;
        let groups = groups.into_iter().map(|(about, mut group)| {
            group.not_met = group.clauses.iter().filter(|clause| clause.is_not_met()).count();
            group.open = !many || group.not_met > 0 || about.is_none();
            group
        });
        Proof {
            groups: groups.collect(),
            met: count(Outcome::Met),
            not_met: count(Outcome::NotMet),
            not_concerned: [Outcome::NotConcerned, Outcome::Warned, Outcome::Waived]
                .map(count)
                .iter()
                .sum(),
            refusing: refusing.map(|index| index + 1),
        }
    }

    /// How many clauses were looked at.
    pub fn total(&self) -> usize {
        self.met + self.not_met + self.not_concerned
    }
}

fn clause(book: &Book, finding: &Finding, number: usize, refuses: bool) -> Clause {
    Clause {
        number,
        name: words::clause(finding.clause),
        says: book.says(finding.clause).to_owned(),
        since: words::day(finding.since),
        source: book.source(finding.clause, finding.since).to_owned(),
        outcome: finding.outcome,
        refuses,
        lines: finding.lines.iter().map(sum).collect(),
    }
}

fn sum(line: &Line) -> Sum {
    Sum {
        label: words::capital(&line.label),
        formula: line.formula.as_ref().map(words::formula).unwrap_or_default(),
        amount: words::amount_of(&line.label, &line.amount),
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
