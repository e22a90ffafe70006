//! What support can be asked about, and what a request must say of who asks.
//!
//! Services, problems, countries, time zones, languages and limits are data, in
//! `catalog/azure/support.toml`.

pub mod contact;
pub mod ticket;

pub use contact::{Contact, ContactMethod, Wrong};
pub use ticket::{Change, Consent, ContactChange, Content, Message, Quota, QuotaRequest};

use crate::policy::words::words;
use serde::Deserialize;
use std::sync::OnceLock;

words! {
    /// How much a problem hurts.
    Severity {
        Minimal = "minimal",
        Moderate = "moderate",
        Critical = "critical",
        HighestCriticalImpact = "highestcriticalimpact",
    }
}

words! {
    /// Whether a ticket waits for an answer.
    Status {
        Open = "open",
        Closed = "closed",
    }
}

words! {
    /// What kind of question a service takes; it says what else a ticket tells.
    ServiceKind {
        Billing = "billing",
        Quota = "quota",
        Subscription = "subscription",
        Technical = "technical",
    }
}

/// Something that support can be asked about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name on the interface, a GUID.
    pub id: String,
    /// As people read it.
    pub name: String,
    pub kind: ServiceKind,
    pub resource_types: Vec<String>,
    #[serde(rename = "problem")]
    pub problems: Vec<Problem>,
}

/// A kind of problem with a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Its name on the interface, a GUID.
    pub id: String,
    /// Our own word for it.
    pub key: String,
    /// As people read it.
    pub name: String,
}

/// Minutes to the first answer, by severity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Minutes {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "read")]
    _read: toml::value::Datetime,
    minimal: i32,
    moderate: i32,
    critical: i32,
    highestcriticalimpact: i32,
}

/// Limits of files that go with a ticket, in bytes where nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLimits {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "read")]
    _read: toml::value::Datetime,
    pub chunk_bytes: i64,
    pub file_bytes: i64,
    pub chunks: i64,
    /// Hours for which files can be added to a workspace.
    pub workspace_hours: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "read")]
    _read: toml::value::Datetime,
    languages: Vec<String>,
    countries: Vec<String>,
    time_zones: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    severity: Minutes,
    files: FileLimits,
    contact: Lists,
    service: Vec<Service>,
}

fn file() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| {
        let text = include_str!("../../../catalog/azure/support.toml");
        toml::from_str(text).expect("a test reads what support can be asked about")
    })
}

/// All services, in the order in which they are listed.
pub fn services() -> &'static [Service] {
    &file().service
}

/// A service by its name on the interface, in any casing.
pub fn service(id: &str) -> Option<&'static Service> {
    services().iter().find(|service| service.id.eq_ignore_ascii_case(id))
}

impl Service {
    /// A problem by its name on the interface, in any casing.
    pub fn problem(&self, id: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.id.eq_ignore_ascii_case(id))
    }
}

/// Where exchanges and refunds of reservations are asked for.
///
/// # Panics
/// Never, where the catalog's file is the one that was tested.
pub fn exchanges_and_refunds() -> (&'static Service, &'static Problem) {
    services()
        .iter()
        .find_map(|service| {
            let found = service.problems.iter().find(|it| it.key == "exchanges-and-refunds");
            found.map(|problem| (service, problem))
        })
        .expect("a test finds where exchanges and refunds are asked for")
}

/// Limits of files that go with a ticket.
pub fn file_limits() -> &'static FileLimits {
    &file().files
}

/// Time zones by name.
pub fn time_zones() -> &'static [String] {
    &file().contact.time_zones
}

/// Countries by their three letters.
pub fn countries() -> &'static [String] {
    &file().contact.countries
}

/// Languages in which support answers.
pub fn languages() -> &'static [String] {
    &file().contact.languages
}

impl Severity {
    /// Minutes to the first answer.
    pub fn answer_minutes(self) -> i32 {
        let minutes = &file().severity;
        match self {
            Severity::Minimal => minutes.minimal,
            Severity::Moderate => minutes.moderate,
            Severity::Critical => minutes.critical,
            Severity::HighestCriticalImpact => minutes.highestcriticalimpact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_service_and_problem_has_an_id_of_its_own() {
        let mut ids = BTreeSet::new();
        for service in services() {
            assert!(ids.insert(&service.id), "{} is there twice", service.id);
            assert!(!service.problems.is_empty(), "{}", service.name);
            for problem in &service.problems {
                assert!(ids.insert(&problem.id), "{} is there twice", problem.id);
                assert_eq!(service.problem(&problem.id.to_uppercase()), Some(problem));
            }
        }
        let (service, problem) = exchanges_and_refunds();
        assert_eq!(service.name, "Billing");
        assert_eq!(problem.name, "Reservation management / Exchanges and refunds");
    }

    #[test]
    fn the_graver_a_problem_the_sooner_the_answer() {
        let minutes: Vec<i32> = Severity::ALL.iter().map(|one| one.answer_minutes()).collect();
        assert!(minutes.is_sorted_by(|later, sooner| later > sooner), "{minutes:?}");
    }

    #[test]
    fn the_lists_are_whole() {
        assert_eq!(countries().len(), 249);
        assert!(countries().iter().all(|code| code.len() == 3));
        assert!(time_zones().iter().any(|zone| zone == "Pacific Standard Time"));
        assert_eq!(languages().len(), 11);
        assert_eq!(file_limits().file_bytes, file_limits().chunk_bytes * file_limits().chunks);
    }
}
