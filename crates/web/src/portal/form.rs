//! Forms as they arrive: names and texts, kept as typed so that a faulty form is shown again with
//! everything in it.

/// The fields of a form or a query, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

/// Characters of one field that are looked at; more than any honest name or id has.
const FIELD_CHARACTERS_MAX: usize = 512;

impl Fields {
    pub fn new(pairs: Vec<(String, String)>) -> Fields {
        Fields(pairs)
    }

    /// The text of a field, without blanks around it; empty when it was not sent.
    pub fn one(&self, name: &str) -> String {
        self.0.iter().find(|(key, _)| key == name).map(|(_, text)| tidy(text)).unwrap_or_default()
    }

    /// A password as it was typed: blanks belong to it.
    pub fn secret(&self, name: &str) -> String {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, text)| text.chars().take(FIELD_CHARACTERS_MAX).collect()).unwrap_or_default()
    }

    /// The texts of a field that was sent several times.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, text)| tidy(text)).collect()
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

/// Reads a number of units. Group signs and blanks that people type are left out.
///
/// # Errors
/// What is wrong with it, in words for the place beside the field.
pub fn quantity(text: &str, most: u32) -> Result<u32, String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    if digits.is_empty() {
        return Err(format!("Enter how many units, from 1 to {most}."));
    }
    match digits.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        Ok(_) => Err(format!("Enter a number from 1 to {most}.")),
        Err(_) => Err(format!("Enter a whole number from 1 to {most}.")),
    }
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

    #[test]
    fn quantities_are_read_as_people_type_them() {
        assert_eq!(quantity("1,000", 2000), Ok(1000));
        assert_eq!(quantity("3", 3), Ok(3));
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
    fn texts_are_escaped_for_addresses() {
        assert_eq!(escaped("/a b&ü"), "%2Fa%20b%26%C3%BC");
    }
}
