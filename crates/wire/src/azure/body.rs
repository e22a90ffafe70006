//! From the bytes of a request body to JSON, naming the member at which it cannot be read.

use super::fault::{Fault, INVALID_CONTENT};
use serde_json::Value;

/// Reads a JSON body; `None` when there is nothing in it but white space.
///
/// A byte order mark is skipped, since Windows PowerShell puts one in front. Nesting is bounded by
/// the JSON reader at 128 levels.
///
/// # Errors
/// A fault that says what is wrong, with line, column and the member where it is.
pub fn parse(bytes: &[u8]) -> Result<Option<Value>, Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = place(bytes, error.valid_up_to());
        fault(place, format!("the byte at offset {} is not UTF-8", error.valid_up_to()))
    })?;
    serde_json::from_str(text).map(Some).map_err(|error| {
        let start = line_start(bytes, error.line());
        // The column counts the bytes read of the line, so the fault lies just before it.
        let offset = (start + error.column()).saturating_sub(1).min(bytes.len());
        fault(place(bytes, offset), format!("{error}"))
    })
}

fn fault(path: String, what: String) -> Fault {
    let near = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
    let message = format!(
        "The request body is not valid JSON{near}: {what}. Send JSON in UTF-8 with finite numbers."
    );
    Fault { code: INVALID_CONTENT, path, message }
}

fn line_start(bytes: &[u8], line: usize) -> usize {
    if line <= 1 {
        return 0;
    }
    let mut ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.nth(line - 2).map_or(0, |(at, _)| at + 1)
}

/// An open bracket on the way to a place.
enum Open {
    Object { key: String, value_next: bool },
    Array { index: usize },
}

/// The path of the member that is being read at an offset of a text that may be broken.
fn place(bytes: &[u8], offset: usize) -> String {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < offset {
        match bytes[at] {
            b'{' => open.push(Open::Object { key: String::new(), value_next: false }),
            b'[' => open.push(Open::Array { index: 0 }),
            b'}' | b']' => {
                open.pop();
            }
            b':' => {
                if let Some(Open::Object { value_next, .. }) = open.last_mut() {
                    *value_next = true;
                }
            }
            b',' => match open.last_mut() {
                Some(Open::Object { key, value_next }) => {
                    key.clear();
                    *value_next = false;
                }
                Some(Open::Array { index }) => *index += 1,
                None => {}
            },
            b'"' => {
                let end = string_end(bytes, at + 1);
                if let Some(Open::Object { key, value_next: false }) = open.last_mut()
                    && end < offset
                {
                    *key = String::from_utf8_lossy(&bytes[at + 1..end]).into_owned();
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    written(&open)
}

/// The offset of the quote that ends a string, or the end of the text.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn written(open: &[Open]) -> String {
    const LEVELS_SHOWN_MAX: usize = 12;
    let mut path = String::new();
    for level in open.iter().take(LEVELS_SHOWN_MAX) {
        match level {
            Open::Object { key, .. } if key.is_empty() => {}
            Open::Object { key, .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.extend(key.chars().filter(|c| !c.is_control()).take(64));
            }
            Open::Array { index } => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(body: &str) -> String {
        parse(body.as_bytes()).unwrap_err().path
    }

    #[test]
    fn a_number_beyond_all_bounds_is_named() {
        assert_eq!(path(r#"{"properties": {"quantity": 1e400}}"#), "properties.quantity");
        let body = "{\n \"properties\": {\n \"list\": [1, {\"a\": \"x,]\"},\n {\"q\": 1e999, \"b\": 2}]\n}}";
        assert_eq!(path(body), "properties.list[2].q");
    }

    #[test]
    fn what_is_not_json_is_named() {
        assert_eq!(path(r#"{"sku": {"name": NaN}}"#), "sku.name");
        assert_eq!(path(r#"{"a": {"b": "unfinished"#), "a.b");
        assert_eq!(path("{"), "");
        let fault = parse(b"{\"a\": \"\xff\"}").unwrap_err();
        assert!(fault.message.contains("`a`") && fault.message.contains("offset 7"), "{fault:?}");
        let fault = parse(r#"{"a": Infinity}"#.as_bytes()).unwrap_err();
        assert!(fault.message.contains("line 1 column"), "{fault:?}");
    }

    #[test]
    fn deep_nesting_ends_in_a_fault() {
        for body in ["[".repeat(100_000), "{\"a\":".repeat(30_000)] {
            let fault = parse(body.as_bytes()).unwrap_err();
            assert!(fault.message.contains("recursion limit"), "{}", fault.message);
            assert!(fault.path.len() < 100);
        }
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(parse(b" \r\n").unwrap(), None);
        assert_eq!(parse(b"\xef\xbb\xbf[]").unwrap(), Some(serde_json::json!([])));
    }
}
