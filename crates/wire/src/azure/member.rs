//! Reading the members of a JSON request, one typed look at a time.

use super::fault::{BAD_REQUEST, Faults, INVALID_CONTENT, quoted};
use rust_decimal::Decimal;
use serde_json::Value;

/// A member of a request: where it is, and what stands there. `null` is the same as nothing.
#[derive(Clone)]
pub(crate) struct Member<'v> {
    pub path: String,
    value: Option<&'v Value>,
}

impl<'v> Member<'v> {
    /// The whole body; `at` is empty, or the path of a member that is a request of its own.
    pub fn root(value: &'v Value) -> Member<'v> {
        Member { path: String::new(), value: Some(value) }
    }

    /// A member by its name; of anything but an object there is none.
    pub fn get(&self, name: &str) -> Member<'v> {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let value = self.value.and_then(|value| value.get(name)).filter(|value| !value.is_null());
        Member { path, value }
    }

    pub fn is_given(&self) -> bool {
        self.value.is_some()
    }

    /// Whether anything but blank text stands there, which optional members read as nothing.
    pub fn is_filled(&self) -> bool {
        match self.value {
            Some(Value::String(text)) => !text.trim().is_empty(),
            found => found.is_some(),
        }
    }

    fn fault(&self, faults: &mut Faults, code: &'static str, says: &str) {
        let subject =
            if self.path.is_empty() { "The body".to_owned() } else { format!("`{}`", self.path) };
        faults.add(code, self.path.clone(), format!("{subject} {says}"));
    }

    /// Says that the member's value will not do.
    pub fn refuse(&self, faults: &mut Faults, code: &'static str, says: &str) {
        self.fault(faults, code, says);
    }

    fn wrong(&self, faults: &mut Faults, wanted: &str) {
        let found = match self.value {
            None => {
                return self.fault(faults, BAD_REQUEST, &format!("is missing; give {wanted}."));
            }
            Some(Value::Null) => "nothing",
            Some(Value::Bool(_)) => "true or false",
            Some(Value::Number(_)) => "a number",
            Some(Value::String(_)) => "text",
            Some(Value::Array(_)) => "a list",
            Some(Value::Object(_)) => "an object",
        };
        self.fault(faults, BAD_REQUEST, &format!("is {found}; give {wanted}."));
    }

    /// A required object.
    pub fn object(&self, faults: &mut Faults, wanted: &str) -> Option<Member<'v>> {
        if matches!(self.value, Some(Value::Object(_))) {
            return Some(self.clone());
        }
        if self.path.is_empty() {
            self.fault(faults, INVALID_CONTENT, &format!("must be {wanted}."));
        } else {
            self.wrong(faults, wanted);
        }
        None
    }

    /// An object that may be missing: then all its members are.
    pub fn optional_object(&self, faults: &mut Faults, wanted: &str) -> Member<'v> {
        match self.value {
            None | Some(Value::Object(_)) => self.clone(),
            Some(_) => {
                self.wrong(faults, wanted);
                Member { path: self.path.clone(), value: None }
            }
        }
    }

    /// Required text, trimmed, of at most `chars_max` characters and without control characters.
    pub fn text(&self, faults: &mut Faults, wanted: &str, chars_max: usize) -> Option<&'v str> {
        match self.value {
            Some(Value::String(text)) if text.trim().is_empty() => {
                self.fault(faults, BAD_REQUEST, &format!("is empty; give {wanted}."));
                None
            }
            Some(Value::String(text)) => self.bounded(faults, text.trim(), chars_max),
            _ => {
                self.wrong(faults, wanted);
                None
            }
        }
    }

    /// The same where nothing and empty text are fine, and mean `None`.
    pub fn optional_text(
        &self,
        faults: &mut Faults,
        wanted: &str,
        chars_max: usize,
    ) -> Option<&'v str> {
        match self.value {
            None => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(_) => self.text(faults, wanted, chars_max),
        }
    }

    fn bounded<'t>(&self, faults: &mut Faults, text: &'t str, chars_max: usize) -> Option<&'t str> {
        let chars = text.chars().count();
        if chars > chars_max {
            let says = format!("has {chars} characters; at most {chars_max} are allowed.");
            self.fault(faults, BAD_REQUEST, &says);
            return None;
        }
        if !is_plain(text) {
            let says = "has a control character; leave tabs, line breaks and the like out.";
            self.fault(faults, BAD_REQUEST, says);
            return None;
        }
        Some(text)
    }

    /// Required text of several lines, of at most `chars_max` characters; line breaks and tabs are
    /// kept, other control characters are refused.
    pub fn prose(&self, faults: &mut Faults, wanted: &str, chars_max: usize) -> Option<String> {
        let Some(Value::String(text)) = self.value else {
            self.wrong(faults, wanted);
            return None;
        };
        let plain = text.replace(['\n', '\r', '\t'], " ");
        if plain.trim().is_empty() {
            self.fault(faults, BAD_REQUEST, &format!("is empty; give {wanted}."));
            return None;
        }
        self.bounded(faults, &plain, chars_max)?;
        Some(text.clone())
    }

    /// Required text that `read` understands.
    pub fn read<T>(
        &self,
        faults: &mut Faults,
        code: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        /// More than any id or word that is looked for; longer text only costs.
        const CHARS_MAX: usize = 512;
        let text = self.text(faults, wanted, CHARS_MAX)?;
        let value = read(text);
        if value.is_none() {
            self.fault(faults, code, &format!("is {}; give {wanted}.", quoted(text)));
        }
        value
    }

    /// The same where nothing and empty text mean `None`.
    pub fn read_optional<T>(
        &self,
        faults: &mut Faults,
        code: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        match self.value {
            None => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(_) => self.read(faults, code, wanted, read),
        }
    }

    /// `true` or `false`; missing is `false`.
    pub fn flag(&self, faults: &mut Faults) -> bool {
        match self.value {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.wrong(faults, "true or false without quotes");
                false
            }
        }
    }

    /// A required whole number of units, from 1 to what 32 bits hold. `code` is for numbers
    /// outside; anything that is not a whole number is a bad request.
    pub fn quantity(&self, faults: &mut Faults, code: &'static str) -> Option<u32> {
        const WANTED: &str = "a whole number of units, at least 1";
        let Some(Value::Number(number)) = self.value else {
            self.wrong(faults, WANTED);
            return None;
        };
        let units = match (number.as_i64(), number.as_f64()) {
            (Some(units), _) => Some(units),
            // `1.0` and `1e2` are whole numbers in JSON, which has one kind of number.
            (None, Some(units)) if units.fract() == 0.0 && units.abs() <= f64::from(u32::MAX) => {
                Some(units as i64)
            }
            (None, Some(units)) if units.fract() != 0.0 => {
                self.fault(faults, BAD_REQUEST, &format!("is {number}; give {WANTED}."));
                return None;
            }
            (None, _) => None,
        };
        let quantity = units.and_then(|units| u32::try_from(units).ok()).filter(|units| *units > 0);
        if quantity.is_none() {
            let says = format!("is {number}; give a whole number from 1 to {}.", u32::MAX);
            self.fault(faults, code, &says);
        }
        quantity
    }

    /// A required number, exactly as it was written.
    pub fn decimal(&self, faults: &mut Faults, wanted: &str) -> Option<Decimal> {
        let Some(Value::Number(number)) = self.value else {
            self.wrong(faults, wanted);
            return None;
        };
        let text = number.to_string();
        let decimal = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
        if decimal.is_err() {
            self.fault(faults, BAD_REQUEST, &format!("is {number}; give {wanted}."));
        }
        decimal.ok()
    }

    /// The items of a list that may be missing; at most `items_max`.
    pub fn list(&self, faults: &mut Faults, wanted: &str, items_max: usize) -> Vec<Member<'v>> {
        match self.value {
            None => Vec::new(),
            Some(Value::Array(items)) if items.len() > items_max => {
                let says = format!(
                    "has {} items; at most {items_max} are allowed in one request.",
                    items.len()
                );
                self.fault(faults, BAD_REQUEST, &says);
                Vec::new()
            }
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| Member {
                    path: format!("{}[{index}]", self.path),
                    value: Some(item).filter(|item| !item.is_null()),
                })
                .collect(),
            Some(_) => {
                self.wrong(faults, wanted);
                Vec::new()
            }
        }
    }
}

/// Whether a text has neither control characters nor any that turn the line it is shown in.
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(|letter| letter.is_control() || turns_direction(letter))
}

/// Whether a character sets the direction of what follows: in a name it could show the amount
/// beside it backwards.
fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn quantity(value: Value) -> Result<u32, (&'static str, String)> {
        let body = json!({ "quantity": value });
        let mut faults = Faults::default();
        let read = Member::root(&body).get("quantity").quantity(&mut faults, "OutOfRange");
        faults.finish(read).map_err(|faults| (faults[0].code, faults[0].message.clone()))
    }

    #[test]
    fn quantities_are_whole_and_positive() {
        for (value, units) in [(json!(1), 1), (json!(4_294_967_295_u64), u32::MAX), (json!(2.0), 2)]
        {
            assert_eq!(quantity(value), Ok(units));
        }
        for value in [json!(0), json!(-1), json!(4_294_967_296_u64), json!(u64::MAX), json!(1e300)]
        {
            let (code, message) = quantity(value).unwrap_err();
            assert_eq!(code, "OutOfRange");
            assert!(message.contains("from 1 to 4294967295"), "{message}");
        }
        for value in [json!(1.5), json!("1"), json!(null), json!([1]), json!({}), json!(true)] {
            let (code, message) = quantity(value).unwrap_err();
            assert_eq!(code, "BadRequest");
            assert!(message.starts_with("`quantity` is ") && message.ends_with('.'), "{message}");
        }
    }

    #[test]
    fn text_cannot_turn_the_line_it_is_shown_in() {
        for text in ["a\u{202e}b", "a\u{2066}b", "a\u{2069}b"] {
            let body = json!({ "name": text });
            let mut faults = Faults::default();
            assert_eq!(Member::root(&body).get("name").text(&mut faults, "a name", 9), None);
        }
        let body = json!({ "name": "\u{5e9}\u{5dc}\u{5d5}\u{5dd}\u{200f}" });
        let mut faults = Faults::default();
        assert!(Member::root(&body).get("name").text(&mut faults, "a name", 9).is_some());
    }

    #[test]
    fn text_is_bounded_and_plain() {
        let mut faults = Faults::default();
        let body = json!({"ok": " a b ", "long": "xxxx", "tab": "a\tb", "number": 1, "blank": " "});
        let root = Member::root(&body);
        assert_eq!(root.get("ok").text(&mut faults, "a name", 3), Some("a b"));
        assert_eq!(root.get("blank").optional_text(&mut faults, "a name", 3), None);
        for name in ["long", "tab", "number", "blank", "absent"] {
            assert_eq!(root.get(name).text(&mut faults, "a name", 3), None, "{name}");
        }
        let faults = faults.finish::<()>(None).unwrap_err();
        let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`long` has 4 characters; at most 3 are allowed.",
                "`tab` has a control character; leave tabs, line breaks and the like out.",
                "`number` is a number; give a name.",
                "`blank` is empty; give a name.",
                "`absent` is missing; give a name.",
            ]
        );
    }
}
