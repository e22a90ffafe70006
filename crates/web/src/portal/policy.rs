//! The policy book: every clause, what it says on a day, since when, where that stands, what it
//! said before, and what is going to change.

mod clause;
mod timeline;

pub use clause::show as show_clause;
#[cfg(test)]
pub use clause::{ClausePage, Used, page as page_of};
pub use timeline::{Band, Scale, Year};

use super::desk::{Asked, Desk};
use super::form::Fields;
use super::language::{say, say_if_known, say_with};
use super::page::{self, Section, Shell};
use super::words::{self, Said, in_days};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use prorata_domain::policy::{ClauseInfo, Job, Turn, ValueInfo};
use prorata_domain::term::{days_between, utc_day};
use std::borrow::Cow;

/// Changes that are told above the clauses.
const NEXT_MAX: usize = 6;

#[derive(Debug, Template)]
#[template(path = "policy.html")]
pub struct PolicyPage {
    pub shell: Shell,
    pub asked: Looked,
    pub jobs: Vec<JobChoice>,
    pub next: Vec<Change>,
    pub years: Vec<Year>,
    pub groups: Vec<Group>,
    /// How many clauses are shown.
    pub found: Said,
}

/// What is looked at: the day, the words and the job, as the form has them.
#[derive(Debug, Clone)]
pub struct Looked {
    /// As typed.
    pub typed: String,
    pub on: Date,
    pub words: String,
    pub job: Option<Job>,
    pub is_today: bool,
    pub fault: Option<Said>,
}

/// A job to look at alone.
#[derive(Debug, Clone)]
pub struct JobChoice {
    pub word: &'static str,
    pub label: Said,
    pub chosen: bool,
}

/// Something that is dated after the day.
#[derive(Debug, Clone)]
pub struct Change {
    pub day: String,
    pub away: String,
    pub clause: String,
    pub href: String,
    /// In the catalog's words.
    pub what: Said,
    /// In the book's words, where they are those of the book.
    pub recorded: Option<String>,
}

/// Clauses whose first job is the same.
#[derive(Debug, Clone)]
pub struct Group {
    pub word: &'static str,
    pub title: Said,
    pub rules: Vec<Rule>,
}

/// A clause in the list.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: &'static str,
    pub href: String,
    pub name: String,
    pub says: String,
    /// The other jobs that it applies to.
    pub also: String,
    /// What it says on the day; nothing for one that has no dated values.
    pub value: Option<String>,
    /// Since when, in words.
    pub since: Said,
    pub source: String,
    pub band: Option<Band>,
    pub label: String,
    /// Its other values, the newest first.
    pub others: Vec<Other>,
}

#[derive(Debug, Clone)]
pub struct Other {
    pub since: String,
    pub value: String,
    pub is_later: bool,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let today = utc_day(desk.app().now());
    let asked = Looked::read(&query, today);
    let clauses: Vec<ClauseInfo<'_>> = desk.app().book.clauses().collect();
    let shell = desk.shell(say("policy-title"), Section::Policy);
    page::answer(StatusCode::OK, &page(shell, asked, &clauses, today))
}

pub fn page(shell: Shell, asked: Looked, clauses: &[ClauseInfo<'_>], today: Date) -> PolicyPage {
    let scale = Scale::of(clauses, asked.on, today);
    let shown: Vec<&ClauseInfo<'_>> = clauses.iter().filter(|one| asked.means(one)).collect();
    let rules = |means: &dyn Fn(&ClauseInfo<'_>) -> bool| -> Vec<Rule> {
        let meant = shown.iter().filter(|clause| means(clause));
        meant.map(|clause| rule(clause, &asked, scale)).collect()
    };
    let of_job = |job: &Job| Group {
        word: job.as_str(),
        title: job_words(*job),
        rules: rules(&|clause| is_dated(clause) && clause.applies.first() == Some(job)),
    };
    let mut groups: Vec<Group> = Job::ALL.iter().map(of_job).collect();
    let always = rules(&|clause| !is_dated(clause));
    groups.push(Group { word: "always", title: say("policy-always"), rules: always });
    groups.retain(|group| !group.rules.is_empty());
    let choice = |job: &Job| JobChoice {
        word: job.as_str(),
        label: job_words(*job),
        chosen: asked.job == Some(*job),
    };
    PolicyPage {
        jobs: Job::ALL.iter().map(choice).collect(),
        next: next(clauses, &asked, today),
        years: scale.years(),
        found: say_with("policy-found", [("count", count(shown.len()).into())]),
        groups,
        asked,
        shell,
    }
}

/// Whether a clause has values with dates, and is not about the shape of a request alone.
fn is_dated(clause: &ClauseInfo<'_>) -> bool {
    clause.values.iter().any(|value| value.read.is_some())
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Looked {
    fn read(query: &Fields, today: Date) -> Looked {
        let typed = query.one("on");
        let read = typed.parse::<Date>();
        let fault = (!typed.is_empty() && read.is_err()).then(|| say("policy-day-fault"));
        let on = read.unwrap_or(today);
        Looked {
            typed: if typed.is_empty() { today.to_string() } else { typed },
            on,
            words: query.one("words"),
            job: Job::parse(&query.one("job")),
            is_today: on == today,
            fault,
        }
    }

    /// That it is not today's rules that are shown.
    pub fn as_of(&self) -> Said {
        say_with("policy-as-of", [("day", words::day(self.on).into())])
    }

    pub fn next_heading(&self) -> Said {
        match self.is_today {
            true => say("policy-next"),
            false => say_with("policy-next-after", [("day", words::day(self.on).into())]),
        }
    }

    /// What a link carries on to a clause's page.
    fn carried(&self) -> String {
        if self.is_today { String::new() } else { format!("?on={}", self.on) }
    }

    /// Whether a clause is meant: of the job, and with every word somewhere.
    fn means(&self, clause: &ClauseInfo<'_>) -> bool {
        if self.job.is_some_and(|job| !clause.applies.contains(&job)) {
            return false;
        }
        let mut text = format!("{} {} {}", words::clause(clause.id), clause.name, clause.says);
        for value in &clause.values {
            text.push_str(&format!(" {} {} {}", value.since, value.summary, value.source));
        }
        let text = text.to_lowercase();
        self.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

impl Rule {
    pub fn others_words(&self) -> Said {
        say_with("policy-others", [("count", count(self.others.len()).into())])
    }
}

/// `Since 1 Jul 2020`.
fn since(day: Date) -> Said {
    say_with("policy-since", [("day", words::short_day(day).into())])
}

pub fn job_words(job: Job) -> Said {
    say(&format!("policy-job-{}", job.as_str()))
}

fn rule(clause: &ClauseInfo<'_>, asked: &Looked, scale: Scale) -> Rule {
    let holds = clause.on(asked.on);
    let dated = holds.filter(|value| value.read.is_some());
    let others = clause.values.iter().rev().filter(|value| Some(*value) != holds);
    let others: Vec<Other> = others
        .map(|value| Other {
            since: words::short_day(value.since),
            value: words::regrouped(&value.summary),
            is_later: value.since > asked.on,
        })
        .collect();
    // The first is the group that it stands in.
    let skipped = usize::from(dated.is_some());
    let also: Vec<Said> = clause.applies.iter().skip(skipped).map(|job| job_words(*job)).collect();
    Rule {
        id: clause.name,
        href: format!("/policy/{}{}", clause.name, asked.carried()),
        name: words::clause(clause.id),
        says: clause.says.to_owned(),
        also: also.join(", "),
        value: dated.map(|value| words::regrouped(&value.summary)),
        since: dated.map(|value| since(value.since)).unwrap_or_default(),
        source: dated.map(|value| value.source.to_owned()).unwrap_or_default(),
        band: dated.map(|_| scale.band(clause, asked.on)),
        label: label(clause, asked.on),
        others,
    }
}

/// What the picture of a clause's dates shows, in a sentence.
fn label(clause: &ClauseInfo<'_>, on: Date) -> String {
    let days: Vec<String> =
        clause.values.iter().map(|value| words::short_day(value.since)).collect();
    let holds = clause.on(on).map(|value| words::short_day(value.since)).unwrap_or_default();
    say_with(
        "policy-band",
        [
            ("clause", words::clause(clause.id).into()),
            ("count", count(days.len()).into()),
            ("days", days.join(", ").into()),
            ("holds", holds.into()),
        ],
    )
    .into_owned()
}

/// What is dated after the day, the nearest first.
fn next(clauses: &[ClauseInfo<'_>], asked: &Looked, today: Date) -> Vec<Change> {
    let mut turns: Vec<(&ClauseInfo<'_>, Turn<'_>)> = Vec::new();
    for clause in clauses {
        turns.extend(clause.after(asked.on).into_iter().map(|turn| (clause, turn)));
    }
    turns.sort_by_key(|(clause, turn)| (turn.day, clause.id));
    turns.truncate(NEXT_MAX);
    turns.iter().map(|(clause, turn)| change(clause, turn, asked, today)).collect()
}

fn change(clause: &ClauseInfo<'_>, turn: &Turn<'_>, asked: &Looked, today: Date) -> Change {
    let (what, recorded) = turn_words(clause, turn);
    Change {
        day: words::day(turn.day),
        away: in_days(days_between(today, turn.day)),
        clause: words::clause(clause.id),
        href: format!("/policy/{}{}", clause.name, asked.carried()),
        what,
        recorded,
    }
}

/// What happens on a day: in the catalog's words, and in the book's own where those say more.
pub fn turn_words(clause: &ClauseInfo<'_>, turn: &Turn<'_>) -> (Said, Option<String>) {
    if turn.begins {
        return (say("policy-turn-begins"), Some(words::regrouped(&turn.value.summary)));
    }
    named_words(clause, turn.value)
}

/// What a day that a value names is for.
pub fn named_words(clause: &ClauseInfo<'_>, value: &ValueInfo<'_>) -> (Said, Option<String>) {
    match say_if_known(&format!("policy-turn-{}", clause.name)) {
        Some(said) => (said, None),
        None => (Cow::Borrowed(""), Some(value.summary.clone())),
    }
}
