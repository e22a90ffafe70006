//! Lines of bounded length, and the fields of one line.

use super::MAX_LINE;
use std::borrow::Cow;
use std::io::{self, BufRead};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The lines of an input, numbered from 1, none longer in memory than [`MAX_LINE`].
pub(super) struct Lines<R> {
    input: R,
    number: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Lines::after(input, 0)
    }

    /// The lines of an input of which `number` lines were read before.
    pub(super) fn after(input: R, number: u64) -> Self {
        Lines { input, number, line: Vec::new() }
    }

    /// The next line without its end, or why it cannot be had; `None` at the end of the input.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Result<&str, &'static str>)>> {
        self.line.clear();
        let mut too_long = false;
        let mut any = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            if chunk.is_empty() {
                break;
            }
            any = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            too_long |= self.line.len() + part.len() > MAX_LINE;
            if !too_long {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if too_long {
            return Ok(Some((self.number, Err("the line is longer than 65536 bytes"))));
        }
        let mut line = self.line.as_slice();
        if self.number == 1 {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        line = line.strip_suffix(b"\r").unwrap_or(line);
        Ok(Some((self.number, std::str::from_utf8(line).map_err(|_| "the line is not UTF-8"))))
    }
}

/// The fields of one CSV line. Quotes may hold commas and doubled quotes, but not line ends: so a
/// forgotten quote spoils its own line and no other.
pub(super) fn fields(line: &str) -> Result<Vec<Cow<'_, str>>, &'static str> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted)?,
            None => plain_field(rest)?,
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

type Field<'a> = (Cow<'a, str>, Option<&'a str>);

fn plain_field(rest: &str) -> Result<Field<'_>, &'static str> {
    let (field, after) = match rest.split_once(',') {
        Some((field, after)) => (field, Some(after)),
        None => (rest, None),
    };
    if field.contains('"') {
        return Err("a quote stands inside a field that is not quoted");
    }
    Ok((Cow::Borrowed(field.trim()), after))
}

fn quoted_field(rest: &str) -> Result<Field<'_>, &'static str> {
    let mut field = String::new();
    let mut rest = rest;
    loop {
        let (part, after) = rest.split_once('"').ok_or("a quote is not closed on its line")?;
        field.push_str(part);
        if let Some(after) = after.strip_prefix('"') {
            field.push('"');
            rest = after;
        } else if after.is_empty() {
            return Ok((Cow::Owned(field), None));
        } else if let Some(after) = after.strip_prefix(',') {
            return Ok((Cow::Owned(field), Some(after)));
        } else {
            return Err("something stands between a closing quote and the next comma");
        }
    }
}
