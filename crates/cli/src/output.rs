//! What goes to standard output: a table, JSON or tab-separated values, and nothing else.

use crate::failure::{Doing, Failure};
use clap::{Args, ValueEnum};
use comfy_table::{ContentArrangement, Table, presets};
use prorata_ledger::Currency;
use rust_decimal::Decimal;
use serde_json::Value;
use std::io::{self, ErrorKind, Write};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// The whole answer.
    Json,
    /// One row a line, for `cut` and its like; no header.
    Tsv,
}

/// How an answer is shown.
#[derive(Debug, Clone, Args)]
pub struct Output {
    /// How to print the answer.
    #[arg(short, long, value_enum, default_value = "table")]
    pub output: Format,

    /// Show only this part of the answer: a JMESPath expression, such as `properties.sessionId`.
    #[arg(long, value_name = "JMESPATH")]
    pub query: Option<String>,
}

impl Output {
    /// Prints an answer; `table` shows all of it to people.
    ///
    /// # Errors
    /// When the query cannot be read, or standard output cannot be written.
    pub fn print(
        &self,
        answer: &Value,
        table: impl FnOnce(&Value) -> String,
    ) -> Result<(), Failure> {
        let queried = self.query.as_deref().map(|query| search(query, answer)).transpose()?;
        let shown = queried.as_ref().unwrap_or(answer);
        let text = match self.output {
            Format::Table if queried.is_none() => table(answer),
            Format::Table => general_table(shown),
            Format::Json => format!("{shown:#}\n"),
            Format::Tsv => tab_separated(shown),
        };
        write(&text)
    }

    /// Fails early when the query cannot be read, before anything is done.
    ///
    /// # Errors
    /// A usage failure that shows where the expression breaks off.
    pub fn check(&self) -> Result<(), Failure> {
        self.query.as_deref().map_or(Ok(()), |query| compile(query).map(|_| ()))
    }
}

/// Writes to standard output. A reader that went away is no failure.
///
/// # Errors
/// When it cannot be written for another reason.
pub fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).doing("standard output cannot be written")
        }
        _ => Ok(()),
    }
}

fn compile(query: &str) -> Result<jmespath::Expression<'static>, Failure> {
    jmespath::compile(query)
        .map_err(|error| Failure::usage(format!("the query `{query}` cannot be read: {error}")))
}

fn search(query: &str, answer: &Value) -> Result<Value, Failure> {
    let found = compile(query)?
        .search(answer)
        .map_err(|error| Failure::usage(format!("the query `{query}` fails: {error}")))?;
    serde_json::to_value(&*found).doing("the result of the query cannot be shown")
}

/// Columns under a header line, two spaces apart.
pub fn columns(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.to_vec());
    table.add_row(header.iter().map(|title| "-".repeat(title.chars().count())));
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    trimmed(&table.to_string())
}

/// `label  value` lines, with the values under each other.
pub fn pairs(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(label, value)| format!("{label:width$}  {value}\n")).collect()
}

fn trimmed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Any value as a table: the plain members of objects are the columns.
fn general_table(value: &Value) -> String {
    let rows: Vec<&Value> = match value {
        Value::Null => return String::new(),
        Value::Array(items) if items.is_empty() => return String::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    };
    let mut names: Vec<&str> = Vec::new();
    for row in &rows {
        for (name, member) in row.as_object().into_iter().flatten() {
            if !member.is_object() && !member.is_array() && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    if names.is_empty() {
        return columns(&["Result"], rows.into_iter().map(|row| vec![plain(row)]));
    }
    columns(
        &names,
        rows.into_iter().map(|row| names.iter().map(|name| plain(&row[*name])).collect()),
    )
}

/// A value in one field: text without quotes, nothing for null, nested values as JSON.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Rows of tab-separated fields; tabs and line ends inside a field are written `\t` and `\n`.
fn tab_separated(value: &Value) -> String {
    let field = |value: &Value| {
        plain(value).replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
    };
    let line = |value: &Value| match value {
        Value::Object(members) => members.values().map(field).collect::<Vec<_>>().join("\t"),
        Value::Array(items) => items.iter().map(field).collect::<Vec<_>>().join("\t"),
        other => field(other),
    };
    match value {
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(|item| line(item) + "\n").collect(),
        other => line(other) + "\n",
    }
}

/// An amount of the API, `{"currencyCode", "amount"}`, as people read it; empty for none.
pub fn price(value: &Value) -> String {
    let Some(code) = value["currencyCode"].as_str() else { return String::new() };
    format!("{} {code}", number(&value["amount"], code))
}

/// A number of the API with the decimals that its currency has.
fn number(value: &Value, currency: &str) -> String {
    let digits = Currency::parse(currency).map_or(2, Currency::exponent);
    let text = value.to_string();
    match text.parse::<Decimal>() {
        Ok(mut amount) => {
            // Never fewer digits than the answer has.
            amount.rescale(amount.normalize().scale().max(digits));
            amount.to_string()
        }
        Err(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn money_has_the_decimals_of_its_currency() {
        let shown =
            |amount: Value, code: &str| price(&json!({"currencyCode": code, "amount": amount}));
        assert_eq!(shown(json!(32.0), "USD"), "32.00 USD");
        assert_eq!(shown(json!(63.84), "USD"), "63.84 USD");
        assert_eq!(shown(json!(1200.0), "JPY"), "1200 JPY");
        assert_eq!(price(&Value::Null), "");
    }

    #[test]
    fn a_query_picks_and_a_bad_one_is_refused() {
        let answer = json!({"rows": [{"a": 1, "b": "x"}, {"a": 2, "b": "y\tz"}]});
        assert_eq!(search("rows[?a > `1`].b | [0]", &answer).unwrap(), json!("y\tz"));
        assert_eq!(search("rows[", &answer).unwrap_err().kind, crate::failure::Kind::Usage);
    }

    #[test]
    fn tab_separated_values_have_one_line_a_row() {
        let rows = json!([{"a": 1, "b": "x"}, {"a": null, "b": "y\tz"}]);
        assert_eq!(tab_separated(&rows), "1\tx\n\ty\\tz\n");
        assert_eq!(tab_separated(&json!("plain")), "plain\n");
        assert_eq!(tab_separated(&json!(["one", 2])), "one\n2\n");
        assert_eq!(tab_separated(&json!([])), "");
    }

    #[test]
    fn a_general_table_shows_the_plain_members() {
        let rows = json!([{"a": 1, "deep": {"x": 1}}, {"b": "x"}]);
        assert_eq!(general_table(&rows), "a  b\n-  -\n1\n   x\n");
        assert_eq!(general_table(&json!(["one"])), "Result\n------\none\n");
    }
}
