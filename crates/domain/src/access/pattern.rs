//! Action strings with wildcards, as role definitions have them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An action string such as `Microsoft.Capacity/*/read`: `*` stands for any text, also for none
/// and for one with slashes in it; letters have no case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(String);

/// Characters of an action string.
pub const PATTERN_CHARACTERS_MAX: usize = 256;

impl Pattern {
    /// Reads an action string; `None` when it is empty, too long, or has characters that no
    /// action has.
    pub fn parse(text: &str) -> Option<Pattern> {
        let known = |letter: char| letter.is_ascii_alphanumeric() || "*/._-".contains(letter);
        let fits = !text.is_empty() && text.len() <= PATTERN_CHARACTERS_MAX;
        (fits && text.chars().all(known)).then(|| Pattern(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an action (one without wildcards) is meant.
    pub fn matches(&self, action: &str) -> bool {
        matches(self.0.as_bytes(), action.as_bytes())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Goes through both texts once and back to the last star only, so that no pattern takes longer
/// than its length times that of the action.
fn matches(pattern: &[u8], action: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < action.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(letter) if letter.eq_ignore_ascii_case(&action[read]) => {
                at += 1;
                read += 1;
            }
            _ => match star {
                Some((was, taken)) => {
                    star = Some((was, taken + 1));
                    at = was + 1;
                    read = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(pattern: &str, action: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(action)
    }

    #[test]
    fn a_star_stands_for_any_text_and_letters_have_no_case() {
        assert!(means("*", "Microsoft.Capacity/catalogs/read"));
        assert!(means("*/read", "Microsoft.Capacity/reservationOrders/reservations/read"));
        assert!(means("microsoft.capacity/*/READ", "Microsoft.Capacity/catalogs/read"));
        assert!(means("Microsoft.Capacity/*", "Microsoft.Capacity/"));
        assert!(means("a*b*c", "aXbXbXc") && means("**", "") && means("a*", "a"));
        for (pattern, action) in [
            ("Microsoft.Capacity/*/read", "Microsoft.Capacity/catalogs/write"),
            ("Microsoft.Capacity/*/read", "Microsoft.Capacity/read"),
            ("Microsoft.Capacity/catalogs", "Microsoft.Capacity/catalogs/read"),
            ("Microsoft.Capacity/catalogs/read", "Microsoft.Capacity/catalogs"),
            ("*/read", "Microsoft.Capacity/reader"),
            ("a*b", "aXc"),
            ("a", ""),
        ] {
            assert!(!means(pattern, action), "{pattern} {action}");
        }
    }

    #[test]
    fn what_no_action_has_is_no_pattern() {
        for text in ["", "a b", "a;b", "é/read", "a\n", &"a".repeat(257)] {
            assert_eq!(Pattern::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn many_stars_take_no_longer() {
        let pattern = Pattern::parse(&"a*".repeat(120)).unwrap();
        assert!(!pattern.matches(&format!("{}b", "a".repeat(100))));
        assert!(pattern.matches(&"a".repeat(200)));
    }
}
