//! The tokens of a `$filter`.

use crate::azure::fault::quoted;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::azure) enum Token<'t> {
    Open,
    Close,
    /// A field, an operator, a number, `true`.
    Word(&'t str),
    /// Text in single quotes; a quote within is written twice.
    Text(String),
}

impl Token<'_> {
    pub fn shown(&self) -> String {
        match self {
            Token::Open => "`(`".to_owned(),
            Token::Close => "`)`".to_owned(),
            Token::Word(word) => quoted(word),
            Token::Text(text) => quoted(&format!("'{text}'")),
        }
    }
}

/// Splits a filter; the error is the rest from where it cannot be read.
pub(in crate::azure) fn tokens(text: &str) -> Result<Vec<Token<'_>>, &str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let after = match first {
            '(' => {
                tokens.push(Token::Open);
                &rest[1..]
            }
            ')' => {
                tokens.push(Token::Close);
                &rest[1..]
            }
            '\'' => {
                let (text, after) = quoted_text(rest).ok_or(rest)?;
                tokens.push(Token::Text(text));
                after
            }
            c if is_word(c) => {
                let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                tokens.push(Token::Word(&rest[..end]));
                &rest[end..]
            }
            _ => return Err(rest),
        };
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/_.-:+".contains(c)
}

/// Text from its opening quote on, and what follows the closing one.
fn quoted_text(rest: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            text.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            return Some((text, &rest[at + 1..]));
        }
    }
    None
}
