//! The lines of the arithmetic in the language of the page. They are recorded in English, with
//! labels that are fixed words; those have messages of their own.

use crate::portal::language::say_if_known;
use crate::portal::words::{self, Said};
use prorata_domain::decision::{Amount, Line};
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::BillingPlan;

/// The end of a message's id for a recorded text: its letters and digits, with dashes between.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The label of a line; as recorded where it is no fixed word.
pub fn label(label: &str) -> Said {
    say_if_known(&format!("line-{}", slug(label)))
        .unwrap_or_else(|| words::capital(&label.replace('`', "")).into())
}

/// The amount of a line; words that stand for something are said in the language of the page.
pub fn amount(line: &Line) -> String {
    if let Amount::Text(text) = &line.amount {
        let known = match line.label.as_ref() {
            "state" => state(text),
            "billing plan" => BillingPlan::parse(text).map(words::plan),
            "means of payment" => say_if_known(&format!("payment-{text}")),
            _ => say_if_known(&format!("value-{}", slug(text))),
        };
        if let Some(known) = known {
            return known.into_owned();
        }
    }
    words::amount_of(&line.label, &line.amount)
}

/// The state that has this name.
fn state(name: &str) -> Option<Said> {
    let live = ReservationState::Active;
    if name == live.name() {
        return Some(words::state(&live));
    }
    say_if_known(&format!("state-{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::language::{Language, has, speaking_now};
    use prorata_domain::policy::ClauseId;
    use std::path::Path;

    #[test]
    fn every_clause_has_a_name_in_every_language() {
        for language in Language::ALL {
            for clause in ClauseId::ALL {
                let id = format!("clause-{}", clause.as_str());
                assert!(has(language, &id), "{language:?}: {id}");
            }
        }
    }

    /// The labels that the sources of the decisions write as fixed words.
    fn labels(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                labels(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for call in text.split("Line::new(").skip(1) {
                if let Some(label) = call.trim_start().strip_prefix('"') {
                    found.extend(label.split('"').next().map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn every_label_of_a_line_is_said_in_every_language() {
        let mut found = Vec::new();
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/src");
        labels(Path::new(sources), &mut found);
        assert!(found.len() > 100, "only {} labels", found.len());
        for label in found {
            for language in Language::ALL {
                let id = format!("line-{}", slug(&label));
                assert!(has(language, &id), "{language:?}: {id}, for `{label}`");
            }
        }
    }

    #[test]
    fn lines_are_said_in_the_language_of_the_page() {
        let said = |language, label: &'static str, text: &'static str| {
            let line = Line::new(label, text);
            speaking_now(language, || (super::label(&line.label).into_owned(), amount(&line)))
        };
        let pair = |label: &str, amount: &str| (label.to_owned(), amount.to_owned());
        let german = |label, text| said(Language::German, label, text);
        assert_eq!(said(Language::English, "state", "active"), pair("State", "Active"));
        assert_eq!(german("state", "active"), pair("Zustand", "Aktiv"));
        assert_eq!(german("billing plan", "Upfront"), pair("Zahlungsweise", "Im Voraus"));
        assert_eq!(german("renewal", "off"), pair("Verlängerung", "aus"));
        assert_eq!(german("policy", "large"), pair("Richtlinie", "large"));
        assert_eq!(german("state of `x`", "active"), pair("State of x", "active"));
        assert_eq!(slug("the same at today's price"), "the-same-at-today-s-price");
    }
}
