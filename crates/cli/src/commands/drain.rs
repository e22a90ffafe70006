//! `prorata drain`: usage that is paid from a pre-purchase plan, one or a whole file of it.

use super::wanted;
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain};
use clap::Args;
use jiff::Timestamp;
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::drain::Request;
use prorata_wire::usage;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Pay usage from a pre-purchase plan, or show what it paid.
#[derive(Debug, Args)]
pub struct Drain {
    /// The plan: ORDER/RESERVATION, or its path.
    #[arg(value_parser = wanted::held)]
    plan: wanted::Held,

    /// The usage's id, of your choosing; the same again changes nothing.
    #[arg(long, value_name = "ID", requires = "units")]
    usage: Option<String>,

    /// How many commit units it takes, such as 12.5.
    #[arg(long, value_name = "NUMBER", value_parser = units, requires = "usage")]
    units: Option<CommitUnits>,

    /// When it happened; without it, now.
    #[arg(long, value_name = "INSTANT", requires = "usage")]
    at: Option<Timestamp>,

    /// A CSV with the columns usage_id, used_at and commit_units; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "usage")]
    file: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

fn units(text: &str) -> Result<CommitUnits, String> {
    CommitUnits::parse(text)
        .ok_or_else(|| "must be a number with at most six decimals, such as 12.5".to_owned())
}

impl Drain {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let usage = self.usage()?;
        let client = Client::sign_in(&self.connection)?;
        let wanted::Held { order, reservation } = self.plan;
        let path = format!("/prorata/reservations/{order}/{reservation}/usage");
        if usage.is_empty() {
            self.output.print(&client.get(&path)?, listed)?;
            return Ok(Outcome::Done);
        }
        let mut answers = Vec::with_capacity(usage.len());
        for request in &usage {
            answers.push(client.post(&path, &usage::body(request))?.accepted()?.body);
        }
        match answers.as_slice() {
            [one] if self.file.is_none() => self.output.print(one, paid)?,
            _ => self.output.print(&Value::Array(answers), all_paid)?,
        }
        Ok(Outcome::Done)
    }

    /// What is to be paid; nothing where only a look is wanted.
    fn usage(&self) -> Result<Vec<Request>, Failure> {
        if let Some(file) = &self.file {
            return read_file(file);
        }
        let (Some(usage_id), Some(units)) = (&self.usage, self.units) else {
            return Ok(Vec::new());
        };
        let used_at = self.at.unwrap_or_else(Timestamp::now);
        Ok(vec![Request { usage_id: usage_id.clone(), used_at, units }])
    }
}

/// Every row of the file, or all that is wrong with it: nothing is sent of a broken one.
fn read_file(path: &PathBuf) -> Result<Vec<Request>, Failure> {
    let failed = |what: String| Failure::usage(format!("{}: {what}", path.display()));
    let mut reader = if path.as_os_str() == "-" {
        csv::Reader::from_reader(Box::new(std::io::stdin()) as Box<dyn std::io::Read>)
    } else {
        let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
        csv::Reader::from_reader(Box::new(file) as Box<dyn std::io::Read>)
    };
    let head = reader.headers().map_err(|error| failed(error.to_string()))?.clone();
    let column = |name: &str| {
        let found = head.iter().position(|column| column == name);
        found.ok_or_else(|| failed(format!("has no column `{name}`")))
    };
    let (id, at, units) = (column("usage_id")?, column("used_at")?, column("commit_units")?);
    let (mut usage, mut wrong) = (Vec::new(), Vec::new());
    for (index, row) in reader.records().enumerate() {
        let row = row.map_err(|error| failed(error.to_string()))?;
        let read = || {
            let usage_id = row.get(id).filter(|text| !text.is_empty())?.to_owned();
            let used_at = row.get(at)?.parse().ok()?;
            Some(Request { usage_id, used_at, units: CommitUnits::parse(row.get(units)?)? })
        };
        match read() {
            Some(request) => usage.push(request),
            None => wrong.push((index + 2).to_string()),
        }
    }
    if wrong.is_empty() {
        Ok(usage)
    } else {
        Err(failed(format!("cannot read the rows on lines {}", wrong.join(", "))))
    }
}

/// Usage for people.
fn paid(answer: &Value) -> String {
    let of = |part: &str, member: &str| plain(&answer[part][member]);
    pairs(&[
        ("Usage", of("usage", "usageId")),
        ("Commit units", of("usage", "commitUnits")),
        ("Covered", of("usage", "covered")),
        ("Overage", of("usage", "overage")),
        ("Left", format!("{} of {}", of("commitUnits", "left"), of("commitUnits", "bought"))),
    ])
}

fn all_paid(answers: &Value) -> String {
    let rows: Vec<&Value> = answers.as_array().into_iter().flatten().collect();
    let mut text = table(rows.iter().map(|answer| &answer["usage"]));
    if let Some(last) = rows.last() {
        text.push('\n');
        text.push_str(&left(&last["commitUnits"]));
    }
    text
}

fn listed(page: &Value) -> String {
    let rows: Vec<&Value> = page["value"].as_array().into_iter().flatten().collect();
    let mut text = left(&page["commitUnits"]);
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table(rows.into_iter()));
    }
    if page["nextLink"] != json!(null) {
        text.push_str("more follows; the API pages through all of it\n");
    }
    text
}

fn left(holds: &Value) -> String {
    pairs(&[
        ("Bought", plain(&holds["bought"])),
        ("Drained", plain(&holds["drained"])),
        ("Left", plain(&holds["left"])),
    ])
}

fn table<'v>(rows: impl Iterator<Item = &'v Value>) -> String {
    columns(
        &["Usage", "Used at", "Commit units", "Covered", "Overage"],
        rows.map(|row| {
            let of = |member: &str| plain(&row[member]);
            vec![of("usageId"), of("usedAt"), of("commitUnits"), of("covered"), of("overage")]
        }),
    )
}
