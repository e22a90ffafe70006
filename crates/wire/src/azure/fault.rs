//! One thing that is wrong with a request.

/// What is wrong with one member of a request, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The protocol's code, such as `BadRequest` or `InvalidSubscriptionId`.
    pub code: &'static str,
    /// Where: `properties.reservationsToExchange[1].quantity`, or the name of a query parameter.
    pub path: String,
    /// A sentence that names the member, what was found and what to give.
    pub message: String,
}

/// The code for a bad value that has no better one.
pub(crate) const BAD_REQUEST: &str = "BadRequest";
/// The code for a body that cannot be understood at all.
pub(crate) const INVALID_CONTENT: &str = "InvalidRequestContent";

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, code: &'static str, path: impl Into<String>, message: String) {
        self.0.push(Fault { code, path: path.into(), message });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, when nothing was wrong with it or with anything else.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Fault>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => {
                assert!(!self.0.is_empty(), "a value that could not be read left no fault");
                Err(self.0)
            }
        }
    }
}

/// What a caller sent, as a message quotes it: short, on one line, in backticks.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN_MAX: usize = 64;
    let mut shown: String = text
        .chars()
        .take(SHOWN_MAX)
        .map(|c| if c.is_control() || c == '`' { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}
