//! One file a command, and what several of them share.

pub mod access;
pub mod approval_policy;
pub mod archive;
pub mod audit;
pub mod buy;
pub mod catalog;
pub mod demo;
pub mod desk;
pub mod drain;
pub mod exchange;
pub mod explain;
pub mod import;
pub mod issuer;
pub mod jobs;
pub mod list;
pub mod merge;
pub mod notifications;
pub mod partner;
pub mod policy;
pub mod principal;
pub mod quote;
mod rearranged;
pub mod receiver;
pub mod refund;
pub mod request;
pub mod serve;
pub mod show;
pub mod split;
pub mod support;
pub mod trade_in;
pub mod update;
pub mod user;
pub mod verify;
pub mod wanted;
pub mod world;

use crate::client::{Answer, Client, explanation_of, policy_refusal};
use crate::failure::{Doing, Failure, Outcome};
use crate::output::Output;
use crate::proof;
use clap::Args;
use prorata_domain::ids::SessionId;
use prorata_wire::explanation::Explanation;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use uuid::Uuid;

/// Whether money may be moved.
#[derive(Debug, Clone, Args)]
pub struct Consent {
    /// Only say what would happen; nothing is changed. Exit code 3 when it would be refused.
    #[arg(long)]
    pub what_if: bool,

    /// Do it without asking.
    #[arg(long, short = 'y', conflicts_with = "what_if")]
    pub yes: bool,
}

impl Consent {
    /// Fails before anything is done when nobody could be asked. `quoted`: an earlier quote is
    /// carried out, which is consent enough.
    ///
    /// # Errors
    /// A usage failure.
    pub fn check(&self, quoted: bool) -> Result<(), Failure> {
        if self.what_if || self.yes || quoted || io::stdin().is_terminal() {
            return Ok(());
        }
        Err(Failure::usage("there is no terminal to ask at whether to go on")
            .with_hint("add --yes to go on, or --what-if to see what would happen"))
    }

    /// Shows a quote and asks at the terminal, unless the answer was given on the command line.
    ///
    /// # Errors
    /// When the answer is no.
    pub fn get(&self, quote: &str, question: &str) -> Result<(), Failure> {
        if self.yes {
            return Ok(());
        }
        eprint!("{quote}\n{question} [y/N] ");
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).doing("the answer cannot be read")?;
        if matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
        Err(Failure::new("nothing was done"))
    }
}

/// Prints a quote, also one that was refused.
///
/// # Errors
/// What the server answers when it is neither.
pub fn show_quote(
    output: &Output,
    answer: Answer,
    table: fn(&Value) -> String,
) -> Result<Outcome, Failure> {
    if answer.status.is_success() {
        return show_quote_body(output, &answer.body, table);
    }
    match explanation_of(&answer.body) {
        Some(explanation) => {
            output.print(&answer.body, |_| proof::text(&explanation))?;
            Ok(Outcome::Refused)
        }
        None => Err(match answer.accepted() {
            Err(failure) => failure,
            Ok(_) => Failure::new("the server's answer cannot be understood"),
        }),
    }
}

/// Prints a quote that the server priced; the rules may still say no in it.
///
/// # Errors
/// When it cannot be printed.
pub fn show_quote_body(
    output: &Output,
    quote: &Value,
    table: fn(&Value) -> String,
) -> Result<Outcome, Failure> {
    output.print(quote, |quote| proven(quote, table, proof::text))?;
    let explained_no = explanation_of(quote).is_some_and(|explanation| !explanation.approved);
    let refused = explained_no || policy_refusal(quote).is_some();
    Ok(if refused { Outcome::Refused } else { Outcome::Done })
}

/// A table with the numbers of the explanation under it, where the answer has one.
pub fn with_proof(answer: &Value, table: impl Fn(&Value) -> String) -> String {
    proven(answer, table, proof::brief)
}

fn proven(
    answer: &Value,
    table: impl Fn(&Value) -> String,
    proof: fn(&Explanation) -> String,
) -> String {
    let mut text = table(answer);
    if let Some(explanation) = explanation_of(answer) {
        text.push('\n');
        text.push_str(&proof(&explanation));
    }
    text
}

/// The session of a refund or exchange quote.
///
/// # Errors
/// When the server gave none.
pub fn session_of(quote: &Value) -> Result<SessionId, Failure> {
    let id = quote["properties"]["sessionId"].as_str();
    id.and_then(SessionId::parse).ok_or_else(|| Failure::new("the quote came without a session"))
}

/// `ORDER/RESERVATION` from a reservation's path, as commands take it.
pub fn pair_of(id: &Value) -> String {
    let text = id.as_str().unwrap_or_default();
    prorata_wire::azure::parse_reservation_id(text)
        .map_or_else(|| text.to_owned(), |(order, reservation)| format!("{order}/{reservation}"))
}

/// A list of the server's in which a row is found by its name.
pub struct Found {
    pub list: &'static str,
    /// The member with the name.
    pub name: &'static str,
    pub what: &'static str,
}

/// The id of a row: an id stands for itself, a name is looked for in the list.
///
/// # Errors
/// When there is none of this name, or the server does not answer.
pub fn find_row(client: &Client, found: &Found, wanted: &str) -> Result<String, Failure> {
    if Uuid::try_parse(wanted).is_ok() {
        return Ok(wanted.to_owned());
    }
    let rows = client.list(found.list, usize::MAX)?;
    let named = |row: &&Value| {
        row[found.name].as_str().is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    };
    let row = rows.iter().find(named).and_then(|row| row["id"].as_str());
    let absent = || Failure::new(format!("there is no {} called `{wanted}`", found.what));
    row.map(str::to_owned).ok_or_else(absent)
}

/// Text as a value of a query.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~$".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Opens a file for reading; `-` is standard input.
///
/// # Errors
/// When it cannot be opened.
pub fn open_input(path: &str) -> Result<Box<dyn BufRead>, Failure> {
    if path == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).doing(format_args!("`{path}` cannot be read"))?;
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

/// Reads a file whole; `-` is standard input.
///
/// # Errors
/// When it cannot be read, or is longer than `bytes_max`.
pub fn read_input(path: &str, bytes_max: u64) -> Result<String, Failure> {
    let mut text = String::new();
    let unreadable = || format!("`{path}` cannot be read");
    open_input(path)?.take(bytes_max + 1).read_to_string(&mut text).doing(unreadable())?;
    if text.len() as u64 > bytes_max {
        return Err(Failure::new(format!("`{path}` is longer than {bytes_max} bytes")));
    }
    Ok(text)
}

/// Progress on one line of standard error, where that is a terminal.
pub struct Progress {
    what: &'static str,
    shown: bool,
}

impl Progress {
    pub fn of(what: &'static str) -> Progress {
        Progress { what, shown: io::stderr().is_terminal() }
    }

    pub fn tell(&mut self, count: u64) {
        if self.shown {
            eprint!("\r{count} {}", self.what);
            let _ = io::stderr().flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            eprint!("\r{:width$}\r", "", width = self.what.len() + 24);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn queries_keep_only_safe_characters() {
        assert_eq!(
            percent_encoded("properties/quantity eq 'a&b'"),
            "properties%2Fquantity%20eq%20%27a%26b%27"
        );
        assert_eq!(percent_encoded("$filter"), "$filter");
    }
}
