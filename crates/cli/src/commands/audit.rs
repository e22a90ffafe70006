//! `prorata audit`: who did what and looked at what, and whether the record is as it was.

use crate::client::{Client, Connection};
use crate::database::Database;
use crate::failure::{Doing, Failure, Outcome};
use crate::output::{Output, columns, pairs, plain};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use prorata_app::audit::export::{self, Place, Wanted};
use prorata_app::audit::seal;
use prorata_app::clock::Clock;
use prorata_app::{App, verify};
use prorata_domain::policy::Book;
use prorata_domain::seal::{Head, Part};
use prorata_wire::audit as shape;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;

/// Who did what and looked at what money, and whether the record is as it was.
#[derive(Debug, Subcommand)]
pub enum Audit {
    List(Box<List>),
    Export(Box<Export>),
    Head(Box<ShowHead>),
    Verify(Verify),
    Check(Check),
}

impl Audit {
    pub fn run(&self) -> Result<Outcome, Failure> {
        match self {
            Audit::List(command) => command.run(),
            Audit::Export(command) => command.run(),
            Audit::Head(command) => command.run(),
            Audit::Verify(command) => command.run(),
            Audit::Check(command) => command.run(),
        }
    }
}

/// A database on this machine instead of a server.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Here {
    /// Read the embedded database in this directory, which no server uses now.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Read a PostgreSQL database, `postgres://user@host/name`.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Here {
    fn app(&self) -> Result<Option<App>, Failure> {
        if self.data.is_none() && self.database.is_none() {
            return Ok(None);
        }
        let database = Database { data: self.data.clone(), database: self.database.clone() };
        Ok(Some(App::open(database.existing()?, Book::built_in().clone(), Clock::System)?))
    }
}

/// List audit lines of your tenant, the newest first.
#[derive(Debug, Args)]
pub struct List {
    /// From this instant or day on.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before this instant or day.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// By this principal.
    #[arg(long, value_name = "ID")]
    principal: Option<String>,
    /// What your own agents did for customers.
    #[arg(long)]
    agents: bool,
    /// In the tenant of this customer.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// On behalf of this partner.
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// Such as `refund`, `purchase-quote` or `Microsoft.Authorization/roleAssignments/write`.
    #[arg(long, value_name = "NAME")]
    action: Option<String>,
    /// About this: a part of the target, such as the id of an order.
    #[arg(long, value_name = "TEXT")]
    target: Option<String>,
    /// `approved`, `refused`, `denied` or `failed`.
    #[arg(long, value_name = "WORD")]
    verdict: Option<String>,
    /// Of this chain of requests.
    #[arg(long, value_name = "ID")]
    correlation: Option<String>,
    /// From this address.
    #[arg(long, value_name = "IP")]
    address: Option<String>,
    /// At most this many.
    #[arg(long, value_name = "ROWS", default_value_t = 100)]
    top: usize,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl List {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let asked = [
            ("from", &self.from),
            ("to", &self.to),
            ("principal", &self.principal),
            ("customer", &self.customer),
            ("partner", &self.partner),
            ("action", &self.action),
            ("target", &self.target),
            ("verdict", &self.verdict),
            ("correlationId", &self.correlation),
            ("address", &self.address),
        ];
        let of = self.agents.then(|| "agents".to_owned());
        let path = with_query("/prorata/audit", asked.into_iter().chain([("of", &of)]));
        let rows = client.list(&path, self.top)?;
        self.output.print(&Value::Array(rows), listed)?;
        Ok(Outcome::Done)
    }
}

fn listed(rows: &Value) -> String {
    columns(
        &["When", "Who", "From", "What", "About", "Verdict"],
        rows.as_array().into_iter().flatten().map(|row| {
            let who = match plain(&row["principalName"]) {
                name if name.is_empty() => plain(&row["principalId"]),
                name => name,
            };
            let [at, from, what, about, verdict] =
                ["at", "address", "action", "target", "verdict"].map(|name| plain(&row[name]));
            vec![at, who, from, what, about, verdict]
        }),
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON document a line, with the seals: `prorata audit check` checks it by itself.
    Jsonl,
    /// A table for people.
    Csv,
}

/// Export what was sealed in a time: of your tenant from a server, or of all from a database.
#[derive(Debug, Args)]
pub struct Export {
    /// Sealed from this instant or day on.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Sealed before this instant or day.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    here: Here,
    #[command(flatten)]
    connection: Connection,
}

impl Export {
    fn run(&self) -> Result<Outcome, Failure> {
        let mut out: Box<dyn Write> = match &self.out {
            Some(path) => Box::new(BufWriter::new(
                File::create(path).doing(format_args!("`{}` cannot be made", path.display()))?,
            )),
            None => Box::new(std::io::stdout().lock()),
        };
        match self.here.app()? {
            Some(app) => self.read_database(&app, &mut out)?,
            None => {
                let format = Some(if self.format == Format::Csv { "csv" } else { "jsonl" }.into());
                let asked = [("from", &self.from), ("to", &self.to), ("format", &format)];
                let path = with_query("/prorata/audit/export", asked.into_iter());
                Client::sign_in(&self.connection)?.download(&path, &mut out)?;
            }
        }
        out.flush().doing("the export cannot be written")?;
        Ok(Outcome::Done)
    }

    fn read_database(&self, app: &App, out: &mut impl Write) -> Result<(), Failure> {
        seal::run(app)?;
        let wanted = Wanted {
            from: time(self.from.as_deref())?,
            until: time(self.to.as_deref())?,
            tenant: None,
        };
        let as_table = self.format == Format::Csv;
        let unwritten = "the export cannot be written";
        if as_table {
            out.write_all(shape::CSV_HEAD.as_bytes()).doing(unwritten)?;
        }
        let (mut place, mut seals) = (Some(Place::default()), 0);
        while let Some(from) = place {
            let (parts, next) = export::step(app, wanted, from)?;
            for part in &parts {
                seals += u64::from(matches!(part, Part::Seal(_)));
                let text = if as_table { shape::csv(part) } else { shape::json_line(part) };
                out.write_all(text.as_bytes()).doing(unwritten)?;
            }
            place = next;
        }
        if !as_table {
            out.write_all(shape::end_line(seals).as_bytes()).doing(unwritten)?;
        }
        Ok(())
    }
}

/// Show the last seal of the chain. Keep it elsewhere: with it, a shortened chain is found out.
#[derive(Debug, Args)]
pub struct ShowHead {
    #[command(flatten)]
    here: Here,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl ShowHead {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let head = match self.here.app()? {
            Some(app) => match seal::head(&app)? {
                Some(head) => json!({
                    "number": head.seal.number,
                    "digest": head.seal.digest,
                    "at": head.seal.at.to_string(),
                    "signed": head.signed,
                }),
                None => json!({ "number": 0, "digest": "" }),
            },
            None => Client::sign_in(&self.connection)?.get("/prorata/audit/head")?,
        };
        self.output.print(&head, |head| {
            let shown = |name: &'static str, title: &'static str| (title, plain(&head[name]));
            let whole = format!("{}:{}", plain(&head["number"]), plain(&head["digest"]));
            let mut rows =
                vec![shown("number", "Seal"), shown("digest", "Digest"), shown("at", "Made")];
            rows.push(("For --head", whole));
            rows.push(shown("signed", "Signed"));
            pairs(&rows)
        })?;
        Ok(Outcome::Done)
    }
}

/// Check that the audit and the journal of a database are what was sealed.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    database: Database,
    /// A head that was written down elsewhere, which the chain has to reach.
    #[arg(long, value_name = "NUMBER:DIGEST", value_parser = parse_head)]
    head: Option<Head>,
    #[command(flatten)]
    output: Output,
}

impl Verify {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let app = App::open(self.database.existing()?, Book::built_in().clone(), Clock::System)?;
        let report = verify::chain(&app, self.head.clone())?;
        let broken = report
            .broken
            .as_ref()
            .map(|broken| json!({ "law": broken.law, "row": broken.row, "what": broken.what }));
        let body = json!({ "seals": report.seals, "rows": report.sealed_rows, "broken": broken });
        self.output.print(&body, |_| {
            let mut rows =
                vec![("Seals", report.seals.to_string()), ("Rows", report.sealed_rows.to_string())];
            match &report.broken {
                None => rows.push(("Record", "as it was sealed".to_owned())),
                Some(broken) => rows.extend([
                    ("Broken law", broken.law.to_owned()),
                    ("First row", broken.row.clone()),
                    ("What", broken.what.clone()),
                ]),
            }
            pairs(&rows)
        })?;
        Ok(if report.broken.is_some() { Outcome::NotInOrder } else { Outcome::Done })
    }
}

/// Check an export from its file alone.
#[derive(Debug, Args)]
pub struct Check {
    /// What `prorata audit export` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A head that was written down elsewhere, whose seal has to be in the export.
    #[arg(long, value_name = "NUMBER:DIGEST", value_parser = parse_head)]
    head: Option<Head>,
    #[command(flatten)]
    output: Output,
}

impl Check {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let file = File::open(&self.file)
            .doing(format_args!("`{}` cannot be read", self.file.display()))?;
        let (body, outcome) = match shape::check(BufReader::new(file), self.head.as_ref()) {
            Ok(checked) => {
                let head = checked.head.as_ref();
                let body = json!({
                    "seals": checked.seals,
                    "batches": checked.batches,
                    "units": checked.units,
                    "hidden": checked.hidden,
                    "rows": checked.rows,
                    "head": head.map(|head| format!("{}:{}", head.number, head.digest)),
                    "wrong": null,
                });
                (body, Outcome::Done)
            }
            Err(wrong) => {
                let wrong = json!({ "line": wrong.line, "what": wrong.what });
                (json!({ "wrong": wrong }), Outcome::NotInOrder)
            }
        };
        self.output.print(&body, |body| {
            let mut rows: Vec<(&str, String)> = Vec::new();
            if body["wrong"].is_null() {
                for (name, title) in [
                    ("seals", "Seals"),
                    ("units", "Operations and lines"),
                    ("hidden", "Of others, as digests"),
                    ("rows", "Rows"),
                    ("head", "Last seal"),
                ] {
                    rows.push((title, plain(&body[name])));
                }
                rows.push(("Record", "as it was sealed".to_owned()));
            } else {
                rows.push(("Line", plain(&body["wrong"]["line"])));
                rows.push(("What", plain(&body["wrong"]["what"])));
            }
            pairs(&rows)
        })?;
        Ok(outcome)
    }
}

fn parse_head(text: &str) -> Result<Head, String> {
    let wrong = || "write the number of a seal, a colon and its digest".to_owned();
    let (number, digest) = text.split_once(':').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    prorata_domain::seal::parse_hex(digest).ok_or_else(wrong)?;
    Ok(Head { number, digest: digest.to_ascii_lowercase() })
}

fn time(text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let parsed = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
    parsed.map(Some).map_err(|_| {
        Failure::usage(format!("`{text}` is no instant"))
            .with_hint("write 2027-03-04T00:00:00Z, or the day alone")
    })
}

/// A path with the members of a query that are given.
fn with_query<'a>(
    path: &str,
    members: impl Iterator<Item = (&'static str, &'a Option<String>)>,
) -> String {
    let mut text = path.to_owned();
    for (name, value) in members {
        let Some(value) = value else { continue };
        text.push(if text.contains('?') { '&' } else { '?' });
        text.push_str(name);
        text.push('=');
        text.extend(value.bytes().map(escaped));
    }
    text
}

fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_head, with_query};

    #[test]
    fn a_head_is_a_number_and_a_digest() {
        let digest = "aB".repeat(32);
        let head = parse_head(&format!("12:{digest}")).unwrap();
        assert_eq!((head.number, head.digest), (12, "ab".repeat(32)));
        for wrong in ["", "12", "x:00", "12:00", &format!(":{digest}")] {
            assert!(parse_head(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_asked_goes_into_the_query_whole() {
        let (given, absent) = (Some("a b&c=ü".to_owned()), None);
        let path =
            with_query("/x", [("one", &given), ("two", &absent), ("three", &given)].into_iter());
        assert_eq!(path, "/x?one=a%20b%26c%3D%C3%BC&three=a%20b%26c%3D%C3%BC");
    }
}
