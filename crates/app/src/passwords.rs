//! What may be a password: long enough, and not what everybody tries first. What it is made of is
//! everybody's own affair.

use crate::identity::{hash_secret, secret_matches};
use crate::{Error, Fault};
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Characters at least: what current advice asks of a password that may stand alone.
pub const CHARS_MIN: usize = 12;

/// Bytes at most; a sentence fits, and hashing takes no longer for it.
pub const BYTES_MAX: usize = 512;

/// A run of the same few characters is no password, however long.
const DIFFERENT_MIN: usize = 5;

/// Words and rows of keys that passwords are mostly made of, one a line, in lower case.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A password that was typed, in the one form in which it is hashed. It shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    /// The same characters give the same password, however a keyboard composes them.
    pub fn typed(text: &str) -> Password {
        Password(text.nfc().collect())
    }

    /// Whether this can be anybody's; what is longer is not worth hashing.
    pub fn is_plausible(&self) -> bool {
        !self.0.is_empty() && self.0.len() <= BYTES_MAX
    }

    /// The hash that is kept.
    ///
    /// # Errors
    /// When it cannot be hashed.
    pub fn hash(&self) -> Result<String, Error> {
        hash_secret(&self.0)
    }

    /// Whether this is the password with that hash.
    pub fn matches(&self, hash: &str) -> bool {
        secret_matches(&self.0, hash)
    }

    /// What speaks against choosing it. `own` are names that everybody knows of the person.
    pub fn fault(&self, path: &str, own: &[&str]) -> Option<Fault> {
        let chars = self.0.chars().count();
        let said = if chars < CHARS_MIN {
            format!("must have at least {CHARS_MIN} characters; it has {chars}")
        } else if self.0.len() > BYTES_MAX {
            format!("must have at most {BYTES_MAX} bytes")
        } else if is_common(&self.0, own) {
            "is among the first that would be tried; take several words that do not belong \
             together"
                .to_owned()
        } else {
            return None;
        };
        Some(Fault::new(path, said))
    }
}

/// Whether nothing is left of a password when common words, the person's own names and runs are
/// taken out of it, read as it stands or with signs for letters.
fn is_common(text: &str, own: &[&str]) -> bool {
    let lower = text.to_lowercase();
    let different: HashSet<char> = lower.chars().collect();
    if different.len() < DIFFERENT_MIN || is_run(&lower) {
        return true;
    }
    let parts = own.iter().flat_map(|name| name.split(['@', '.', '-', '_', ' ', '+']));
    let names = parts.filter(|part| part.chars().count() >= 3).map(str::to_lowercase);
    let mut words: Vec<String> =
        names.chain(COMMON.iter().map(|word| (*word).to_owned())).collect();
    // Longer words first, so that a part of a word does not hide the whole.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let plain_words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    is_all(&lower, &words) || is_all(&plain(&lower), &plain_words)
}

/// Whether a text is made of these words and of little else but digits and signs.
fn is_all(text: &str, words: &[String]) -> bool {
    let mut left = text.to_owned();
    for word in words.iter().filter(|word| !word.is_empty()) {
        left = left.replace(word.as_str(), "");
    }
    let letters = left.chars().filter(|letter| letter.is_alphabetic()).count();
    left.len() < text.len() && letters < 3
}

/// Digits and signs that stand for letters, as those letters.
fn plain(lower: &str) -> String {
    let letter = |sign| match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    lower.chars().map(letter).collect()
}

/// Whether each character is the one after or before the last, as in 123456 or fedcba.
fn is_run(lower: &str) -> bool {
    let codes: Vec<i64> = lower.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps = codes.windows(2).filter(|pair| (pair[1] - pair[0]).abs() <= 1).count();
    // The turn from 9 to 0 is one of these runs as well.
    steps + 2 >= codes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<String> {
        let own = ["anna.berg@contoso.example", "Anna Berg"];
        Password::typed(text).fault("password", &own).map(|fault| fault.message)
    }

    #[test]
    fn a_password_is_long_and_of_anything() {
        for fine in [
            "correct horse battery",
            "tulip anvil quarry",
            "ZwölfBäumeAmSee",
            "kq3v9x0mw2ta",
            "  spaces  count too  ",
            "пароль из нескольких слов",
            "\u{1f40e}\u{1f50b} horse and staple",
        ] {
            assert_eq!(fault(fine), None, "{fine}");
        }
        assert!(fault("elevenchars").unwrap().contains("at least 12 characters; it has 11"));
        assert!(fault(&"long words ".repeat(60)).unwrap().contains("at most 512 bytes"));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "password1234",
            "P@ssw0rd2026!",
            "passwordpassword",
            "qwertyuiop12",
            "123456789012",
            "abcdefghijkl",
            "aaaaaaaaaaaaaaaa",
            "abababababab",
            "letmein12345",
            "Anna.Berg.2026",
            "contoso-anna-1",
            "Welcome2026!!",
            "prorata12345",
            "adminadmin123",
        ] {
            assert!(fault(common).is_some_and(|said| said.contains("first")), "{common}");
        }
    }

    #[test]
    fn characters_are_the_same_however_they_are_composed() {
        let (composed, taken_apart) = ("Zw\u{f6}lfB\u{e4}ume", "Zwo\u{308}lfBa\u{308}ume");
        assert_ne!(composed, taken_apart);
        let hash = Password::typed(composed).hash().unwrap();
        assert!(Password::typed(taken_apart).matches(&hash));
        assert!(!Password::typed("ZwolfBaume").matches(&hash));
        assert_eq!(format!("{:?}", Password::typed("secret")), "Password");
    }
}
