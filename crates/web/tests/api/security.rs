//! The security document answers every requirement of its lists, and names tests that exist.

use crate::compatibility::{exists, root};
use std::collections::BTreeMap;

/// The requirements of ASVS 5.0.0 at levels 1 and 2, section by section. A section that is not here
/// has requirements of level 3 alone.
const REQUIREMENTS: &str = "\
    1.1: 1-2; 1.2: 1-9; 1.3: 1-11; 1.4: 1-3; 1.5: 1-2; \
    2.1: 1-3; 2.2: 1-3; 2.3: 1-4; 2.4: 1; \
    3.2: 1-2; 3.3: 1-4; 3.4: 1-6; 3.5: 1-5; 3.7: 1-2; \
    4.1: 1-3; 4.2: 1; 4.3: 1-2; 4.4: 1-4; \
    5.1: 1; 5.2: 1-3; 5.3: 1-2; 5.4: 1-3; \
    6.1: 1-3; 6.2: 1-12; 6.3: 1-4; 6.4: 1-4; 6.5: 1-5; 6.6: 1-3; 6.8: 1-4; \
    7.1: 1-3; 7.2: 1-4; 7.3: 1-2; 7.4: 1-5; 7.5: 1-2; 7.6: 1-2; \
    8.1: 1-2; 8.2: 1-3; 8.3: 1; 8.4: 1; \
    9.1: 1-3; 9.2: 1-4; \
    10.1: 1-2; 10.2: 1-2; 10.3: 1-4; 10.4: 1-11; 10.5: 1-5; 10.6: 1-2; 10.7: 1-3; \
    11.1: 1-2; 11.2: 1-3; 11.3: 1-3; 11.4: 1-4; 11.5: 1; 11.6: 1; \
    12.1: 1-3; 12.2: 1-2; 12.3: 1-4; \
    13.1: 1; 13.2: 1-5; 13.3: 1-2; 13.4: 1-5; \
    14.1: 1-2; 14.2: 1-4; 14.3: 1-3; \
    15.1: 1-3; 15.2: 1-3; 15.3: 1-7; \
    16.1: 1; 16.2: 1-5; 16.3: 1-4; 16.4: 1-3; 16.5: 1-3; \
    17.1: 1; 17.2: 1-4; 17.3: 1-2";

/// How many those are.
const REQUIREMENTS_COUNT: usize = 253;

const TOP_TEN: usize = 10;

/// The attacks that have a test of their own.
const ATTACKS: [&str; 14] = [
    "token of another tenant",
    "`alg` none and confusion",
    "expired",
    "wrong audience",
    "replayed code",
    "CSRF",
    "session fixation",
    "mass assignment",
    "id guessing",
    "path tricks in scopes",
    "header smuggling through the proxy settings",
    "webhook to an inner address",
    "log injection",
    "secrets in logs",
];

fn requirements() -> Vec<String> {
    let mut ids = Vec::new();
    for section in REQUIREMENTS.split(';') {
        let (section, numbers) = section.trim().split_once(": ").unwrap();
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
        ids.extend((first..=last).map(|number| format!("{section}.{number}")));
    }
    ids
}

fn document() -> String {
    std::fs::read_to_string(root().join("docs/security.md")).unwrap()
}

/// What the document says of each id in the first column of a table: the other columns.
fn rows(document: &str) -> BTreeMap<&str, Vec<Vec<&str>>> {
    let mut rows: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in document.lines().filter(|line| line.starts_with('|')) {
        let mut cells = line.trim().trim_matches('|').split('|').map(str::trim);
        let Some(id) = cells.next() else { continue };
        rows.entry(id).or_default().push(cells.collect());
    }
    rows
}

/// The tests that a text names.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|quoted| is_test(quoted))
}

/// Whether a quoted text is `file::test`; modules have such colons as well.
fn is_test(quoted: &str) -> bool {
    quoted.split_once("::").is_some_and(|(file, _)| file.contains('.'))
}

/// The files that a text leads to, from the folder of the document.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// Whether an answer stands on something: a test, a document, or a reason that is said to be one.
fn is_answer(text: &str) -> bool {
    let reasons = ["does not apply: ", "open: ", "by construction: ", "operator: "];
    tests(text).next().is_some()
        || links(text).next().is_some()
        || reasons.iter().any(|reason| text.contains(reason))
}

#[test]
fn every_requirement_is_answered_once() {
    let (document, ids) = (document(), requirements());
    assert_eq!(ids.len(), REQUIREMENTS_COUNT);
    let rows = rows(&document);
    let mut faults = Vec::new();
    let of_ten = (1..=TOP_TEN).map(|number| format!("API{number}"));
    let attacks = ATTACKS.map(str::to_owned);
    let wanted: Vec<String> = ids.into_iter().chain(of_ten).chain(attacks.clone()).collect();
    for id in &wanted {
        match rows.get(id.as_str()).map_or(&[][..], Vec::as_slice) {
            [row] => {
                let answer = row.last().copied().unwrap_or_default();
                if !is_answer(answer) {
                    faults.push(format!("{id}: names no test, no document and no reason"));
                }
                if attacks.contains(id) && tests(answer).next().is_none() {
                    faults.push(format!("{id}: has no test"));
                }
            }
            found => faults.push(format!("{id}: is there {} times", found.len())),
        }
    }
    let is_id = |id: &str| id.starts_with(|letter: char| letter.is_ascii_digit());
    for id in rows.keys().filter(|id| is_id(id) && !wanted.iter().any(|one| one == *id)) {
        faults.push(format!("{id}: is no requirement of these levels"));
    }
    assert!(faults.is_empty(), "docs/security.md:\n{}", faults.join("\n"));
}

#[test]
fn every_test_and_document_that_is_named_exists() {
    let document = document();
    let missing = tests(&document).filter(|test| !exists(test)).map(str::to_owned);
    let lost = links(&document)
        .filter(|link| !link.contains("://") && !link.starts_with('#'))
        .map(|link| link.split('#').next().unwrap())
        .filter(|link| !root().join("docs").join(link).exists())
        .map(str::to_owned);
    let faults: Vec<String> = missing.chain(lost).collect();
    assert!(faults.is_empty(), "docs/security.md names what is not there:\n{}", faults.join("\n"));
    assert!(tests(&document).count() > 100, "tests are named");
}

#[test]
fn what_is_open_is_told_at_the_beginning() {
    let document = document();
    let open: Vec<&str> = requirements_of(&document, "open: ");
    let summary = document.split("## What is open").nth(1).unwrap();
    let summary = summary.split("\n## ").next().unwrap();
    let named: Vec<&str> = summary.split('`').skip(1).step_by(2).collect();
    assert!(!open.is_empty());
    for id in &open {
        assert!(named.contains(id), "{id} is open and not in the summary");
    }
    for id in named.iter().filter(|id| id.starts_with(|letter: char| letter.is_ascii_digit())) {
        assert!(open.contains(id), "{id} is in the summary and not open");
    }
}

fn requirements_of<'d>(document: &'d str, reason: &str) -> Vec<&'d str> {
    let rows = rows(document).into_iter();
    let with = rows.filter(|(_, found)| {
        found.iter().any(|row| row.last().is_some_and(|answer| answer.starts_with(reason)))
    });
    with.map(|(id, _)| id).filter(|id| id.split('.').count() == 3).collect()
}
