//! `prorata desk`: who works at the desk, and what they do with tickets.

use crate::client::{Client, Connection};
use crate::database::Database;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain, write};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use prorata_app::support::desk;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::policy::ClauseId;
use prorata_store::world;
use serde_json::{Value, json};
use uuid::Uuid;

/// The desk: answer tickets, grant exceptions, and say who may.
#[derive(Debug, Args)]
pub struct Desk {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List who works at the desk, from the database itself.
    Members(Members),
    /// Let somebody work at the desk, in the database itself, which no server may use meanwhile.
    Add(Member),
    /// Let somebody no longer work at the desk.
    Remove(Member),
    /// List tickets of all tenants, the newest first.
    List(List),
    /// Show a ticket with what was said, its files and exceptions.
    Show(One),
    /// Answer a ticket.
    Answer(Answer),
    /// Close a ticket.
    Close(One),
    /// Waive clauses for the reservation of a ticket, once.
    Grant(Grant),
}

#[derive(Debug, Args)]
struct Members {
    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
struct Member {
    /// The tenant of the principal.
    #[arg(long)]
    tenant: Uuid,

    /// The principal's object id.
    #[arg(long)]
    principal: Uuid,

    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
struct List {
    /// Such as `status eq 'Open'`.
    #[arg(long)]
    filter: Option<String>,

    /// At most this many.
    #[arg(long, value_name = "ROWS", default_value_t = 100)]
    top: usize,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct One {
    /// The ticket's id, as the list shows it.
    ticket: Uuid,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct Answer {
    /// The ticket's id.
    ticket: Uuid,

    /// The answer's name, of your choosing; the same again is the same answer.
    #[arg(long)]
    name: String,
    #[arg(long)]
    subject: String,
    #[arg(long)]
    body: String,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct Grant {
    /// The ticket's id.
    ticket: Uuid,

    /// A clause that is waived, such as refund-cap; several times for several.
    #[arg(long = "waive", value_name = "CLAUSE", required = true, value_parser = clause)]
    clauses: Vec<ClauseId>,

    /// The first day on which the exception is no longer good.
    #[arg(long, value_name = "DATE")]
    lapses_on: Date,

    /// Why, for the record.
    #[arg(long)]
    reason: String,

    /// The exception's id, to send it again safely; without it, a new one.
    #[arg(long)]
    id: Option<Uuid>,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

fn clause(text: &str) -> Result<ClauseId, String> {
    ClauseId::parse(text).ok_or_else(|| "is no clause; `prorata policy show` lists them".to_owned())
}

impl Desk {
    pub fn run(&self) -> Result<Outcome, Failure> {
        match &self.command {
            Command::Members(command) => command.run(),
            Command::Add(command) => command.run(true),
            Command::Remove(command) => command.run(false),
            Command::List(command) => command.run(),
            Command::Show(command) => command.show(),
            Command::Answer(command) => command.run(),
            Command::Close(command) => command.close(),
            Command::Grant(command) => command.run(),
        }
    }
}

impl Members {
    fn run(&self) -> Result<Outcome, Failure> {
        let app = self.database.open()?;
        let members = app.read(|tx, _| desk::members(tx))?;
        let rows = members.iter().map(|member| {
            let (tenant, principal) = (member.tenant.to_string(), member.principal.to_string());
            vec![tenant, principal, member.since.to_string()]
        });
        write(&columns(&["Tenant", "Principal", "Since"], rows))?;
        Ok(Outcome::Done)
    }
}

impl Member {
    fn run(&self, joins: bool) -> Result<Outcome, Failure> {
        let app = self.database.open()?;
        let (tenant, principal) = (TenantId(self.tenant), PrincipalId(self.principal));
        let now = app.now();
        let known = app.read(move |tx, _| Ok(world::principal(tx, tenant, principal)?))?;
        if joins && known.is_none() {
            return Err(Failure::new(format!("`{principal}` is no principal of that tenant")));
        }
        let since = joins.then_some(now);
        let changed = app.write(move |tx, _| desk::set_member(tx, tenant, principal, since))?;
        let said = match (joins, changed) {
            (true, true) => "works at the desk now",
            (true, false) => "works at the desk already",
            (false, true) => "no longer works at the desk",
            (false, false) => "did not work at the desk",
        };
        write(&format!("{principal} {said}\n"))?;
        Ok(Outcome::Done)
    }
}

const TICKETS: &str = "/prorata/desk/supportTickets";

impl List {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let filter = self.filter.as_deref().map_or_else(String::new, |filter| {
            format!("?$filter={}", super::percent_encoded(filter))
        });
        let rows = client.list(&format!("{TICKETS}{filter}"), self.top)?;
        self.output.print(&Value::Array(rows), |rows| {
            let row = |row: &Value| {
                let of = |member: &str| plain(&row["ticket"]["properties"][member]);
                vec![
                    plain(&row["id"]),
                    of("status"),
                    of("severity"),
                    of("createdDate"),
                    plain(&row["tenantId"]),
                    of("title"),
                ]
            };
            let rows = rows.as_array().into_iter().flatten().map(row);
            columns(&["Ticket", "Status", "Severity", "Opened", "Tenant", "Title"], rows)
        })?;
        Ok(Outcome::Done)
    }
}

impl One {
    fn show(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let case = client.get(&format!("{TICKETS}/{}", self.ticket))?;
        self.output.print(&case, shown)?;
        Ok(Outcome::Done)
    }

    fn close(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let path = format!("{TICKETS}/{}", self.ticket);
        let closed = client.patch(&path, &json!({ "status": "closed" }))?.accepted()?.body;
        self.output.print(&closed, shown)?;
        Ok(Outcome::Done)
    }
}

/// A ticket as the desk sees it, for people.
fn shown(case: &Value) -> String {
    let of = |member: &str| plain(&case["ticket"]["properties"][member]);
    let mut text = pairs(&[
        ("Ticket", plain(&case["id"])),
        ("Name", plain(&case["ticket"]["name"])),
        ("Tenant", plain(&case["tenantId"])),
        ("Opened by", plain(&case["openedBy"])),
        ("Reservation", plain(&case["reservationId"])),
        ("About", of("problemClassificationDisplayName")),
        ("Title", of("title")),
        ("Status", of("status")),
        ("Severity", of("severity")),
        ("Opened", of("createdDate")),
    ]);
    let rows = |name: &str| case[name].as_array().cloned().unwrap_or_default();
    for said in rows("communications") {
        let of = |member: &str| plain(&said["properties"][member]);
        text.push_str(&format!("\n{} {}: {}\n", of("createdDate"), of("sender"), of("subject")));
        text.push_str(&format!("  {}\n", of("body")));
    }
    for file in rows("files") {
        text.push_str(&format!("\nfile {}", plain(&file)));
    }
    for granted in rows("exceptions") {
        text.push('\n');
        text.push_str(&exception(&granted));
    }
    text
}

fn exception(granted: &Value) -> String {
    let clauses: Vec<String> =
        granted["clauses"].as_array().into_iter().flatten().map(plain).collect();
    let used = match &granted["usedBy"] {
        Value::Null => "not yet".to_owned(),
        used => plain(used),
    };
    pairs(&[
        ("Exception", plain(&granted["id"])),
        ("Waives", clauses.join(", ")),
        ("Reservation", plain(&granted["reservationId"])),
        ("Lapses on", plain(&granted["lapsesOn"])),
        ("Reason", plain(&granted["reason"])),
        ("Used by", used),
    ])
}

impl Answer {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let name = super::percent_encoded(&self.name);
        let path = format!("{TICKETS}/{}/communications/{name}", self.ticket);
        let body = json!({ "subject": self.subject, "body": self.body });
        let said = client.put(&path, &body)?.body;
        self.output.print(&said, |said| {
            pairs(&[("Answered", plain(&said["name"])), ("Subject", plain(&said["subject"]))])
        })?;
        Ok(Outcome::Done)
    }
}

impl Grant {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let id = self.id.unwrap_or_else(Uuid::new_v4);
        let clauses: Vec<&str> = self.clauses.iter().map(|clause| clause.as_str()).collect();
        let body = json!({
            "clauses": clauses,
            "lapsesOn": self.lapses_on.to_string(),
            "reason": self.reason,
        });
        let granted =
            client.put(&format!("{TICKETS}/{}/exceptions/{id}", self.ticket), &body)?.body;
        self.output.print(&granted, exception)?;
        Ok(Outcome::Done)
    }
}
