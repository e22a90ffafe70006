//! Forms as they arrive: names and texts, kept as typed so that a faulty form is shown again with
//! everything in it.

use super::language::{say, say_with};

/// The fields of a form or a query, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

/// Characters of one field that are looked at; more than any honest name or id has.
const FIELD_CHARACTERS_MAX: usize = 512;
/// The same of a text of several lines; one more than any may have, so that it is said.
const LONG_CHARACTERS_MAX: usize = 32_001;

/// The same of a list of names, of an address, or of the code of a sign-in.
const TEXT_CHARACTERS_MAX: usize = 16_384;

impl Fields {
    /// A character of nothing, which nobody types and PostgreSQL does not keep, is shown as one that
    /// cannot be read.
    pub fn new(mut pairs: Vec<(String, String)>) -> Fields {
        for (_, text) in &mut pairs {
            if text.contains('\0') {
                *text = text.replace('\0', "\u{fffd}");
            }
        }
        Fields(pairs)
    }

    /// The text of a field, without blanks around it; empty when it was not sent.
    pub fn one(&self, name: &str) -> String {
        self.0.iter().find(|(key, _)| key == name).map(|(_, text)| tidy(text)).unwrap_or_default()
    }

    /// A text that may be longer than a name: a list of names, an address, several lines.
    pub fn text(&self, name: &str) -> String {
        let found = self.0.iter().find(|(key, _)| key == name);
        let cut = |text: &str| text.trim().chars().take(TEXT_CHARACTERS_MAX).collect();
        found.map(|(_, text)| cut(text)).unwrap_or_default()
    }

    /// A password as it was typed: blanks belong to it.
    pub fn secret(&self, name: &str) -> String {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, text)| text.chars().take(FIELD_CHARACTERS_MAX).collect()).unwrap_or_default()
    }

    /// A text of several lines, with the ends of lines as everywhere else.
    pub fn long(&self, name: &str) -> String {
        let found = self.0.iter().find(|(key, _)| key == name);
        let text = found.map(|(_, text)| text.replace("\r\n", "\n")).unwrap_or_default();
        text.trim().chars().take(LONG_CHARACTERS_MAX).collect()
    }

    /// The texts of a field that was sent several times.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, text)| tidy(text)).collect()
    }

    /// The fields as they were sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }
}

fn tidy(text: &str) -> String {
    text.trim().chars().take(FIELD_CHARACTERS_MAX).collect()
}

/// A field that a form carries along unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    pub name: &'static str,
    pub value: String,
}

impl Hidden {
    pub fn new(name: &'static str, value: impl Into<String>) -> Hidden {
        Hidden { name, value: value.into() }
    }
}

/// Reads a number of units. Blanks that people type are left out, and so are signs between groups
/// of three digits as the language writes them.
///
/// # Errors
/// What is wrong with it, in words for the place beside the field.
pub fn quantity(text: &str, most: u32) -> Result<u32, String> {
    let fault = |id: &str| say_with(id, [("most", most.into())]).into_owned();
    let typed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.is_empty() {
        return Err(fault("quantity-empty"));
    }
    match ungrouped(&typed).parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        Ok(_) => Err(fault("quantity-range")),
        Err(_) => Err(fault("quantity-whole")),
    }
}

/// The digits of a number that is written in groups of three; any other text as it is.
pub fn ungrouped(text: &str) -> String {
    let sign = say("group-sign");
    let mut groups = text.split(sign.as_ref());
    let first = groups.next().unwrap_or_default();
    // What begins with a zero has a decimal sign of another language, and no groups.
    let begins = (1..=3).contains(&first.len()) && !first.starts_with('0');
    if begins && groups.all(|group| group.len() == 3) {
        return text.replace(sign.as_ref(), "");
    }
    text.to_owned()
}

/// A text as part of a path or a query.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                safe.push(char::from(byte));
            }
            _ => safe.push_str(&format!("%{byte:02X}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::language::{Language, speaking_now};

    #[test]
    fn quantities_are_read_as_people_type_them() {
        assert_eq!(quantity("1,000", 2000), Ok(1000));
        assert_eq!(quantity("3", 3), Ok(3));
        assert_eq!(quantity(" 12 000 ", 20_000), Ok(12_000));
        assert!(quantity("1,00", 2000).is_err() && quantity("1.000", 2000).is_err());
        assert!(quantity("0,500", 2000).is_err() && quantity("1,000,00", 200_000).is_err());
        let german = |text| speaking_now(Language::German, || quantity(text, 2000));
        assert_eq!(german("1.000"), Ok(1000));
        assert_eq!(german("1,5").unwrap_err(), "Geben Sie eine ganze Zahl von 1 bis 2.000 ein.");
        for (text, said) in [
            ("", "Enter how many units, from 1 to 3."),
            ("4", "Enter a number from 1 to 3."),
            ("0", "Enter a number from 1 to 3."),
            ("-1", "Enter a whole number from 1 to 3."),
            ("2.5", "Enter a whole number from 1 to 3."),
            ("99999999999", "Enter a whole number from 1 to 3."),
        ] {
            assert_eq!(quantity(text, 3).unwrap_err(), said, "{text}");
        }
    }

    #[test]
    fn a_field_has_no_character_of_nothing_and_a_long_one_is_whole() {
        let long = "x".repeat(2000);
        let fields = Fields::new(vec![
            ("name".to_owned(), "a\0b".to_owned()),
            ("code".to_owned(), long.clone()),
        ]);
        assert_eq!(fields.one("name"), "a\u{fffd}b");
        assert_eq!(fields.text("code"), long);
        assert_eq!(fields.one("code").len(), 512);
    }

    #[test]
    fn texts_are_escaped_for_addresses() {
        assert_eq!(escaped("/a b&ü"), "%2Fa%20b%26%C3%BC");
    }
}
