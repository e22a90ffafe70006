//! `prorata support`: asking the desk for an exception, from a reservation.

use super::wanted;
use crate::client::{Client, Connection};
use crate::failure::{Doing, Failure, Outcome};
use crate::output::{Output, pairs, plain, write};
use clap::{Args, Subcommand};
use prorata_domain::support::{countries, languages};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Bytes of a request for an exchange that is read from a file.
const EXCHANGE_BYTES_MAX: u64 = 1 << 20;

/// Ask for an exception to the rules.
#[derive(Debug, Args)]
pub struct Support {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask for a refund or an exchange of a reservation, with its evidence.
    Open(Box<Open>),
    /// Write the evidence to files: properties, the decision with its proof, ledger, revisions.
    Evidence(Evidence),
    /// Show a ticket that was opened from a reservation.
    Show(Show),
}

/// What is asked for.
#[derive(Debug, Args)]
struct Wish {
    /// The reservation: ORDER/RESERVATION, or its path.
    #[arg(long, value_parser = wanted::held)]
    reservation: wanted::Held,

    /// Return so many units.
    #[arg(long, value_name = "QUANTITY", required_unless_present = "exchange")]
    refund: Option<u32>,

    /// Exchange: a file with the body that calculateExchange takes; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "refund")]
    exchange: Option<String>,
}

#[derive(Debug, Args)]
struct Open {
    #[command(flatten)]
    wish: Wish,

    /// The ticket's name, of your choosing; the same again is the same ticket.
    #[arg(long)]
    name: String,

    /// Why, in your words.
    #[arg(long)]
    reason: String,

    /// `minimal`, `moderate`, `critical` or `highestcriticalimpact`.
    #[arg(long, default_value = "minimal")]
    severity: String,

    /// Whom to answer.
    #[arg(long)]
    first_name: String,
    #[arg(long)]
    last_name: String,
    /// The mail address that is answered.
    #[arg(long)]
    mail: String,
    /// Answer by telephone, at this number.
    #[arg(long)]
    phone: Option<String>,
    /// Such as `Pacific Standard Time`.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Three letters, such as USA.
    #[arg(long, value_parser = country)]
    country: String,
    #[arg(long, default_value = "en-us", value_parser = language)]
    language: String,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct Evidence {
    #[command(flatten)]
    wish: Wish,

    /// The folder to write to; it is made.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    to: PathBuf,

    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct Show {
    /// The reservation: ORDER/RESERVATION, or its path.
    #[arg(long, value_parser = wanted::held)]
    reservation: wanted::Held,

    /// The ticket's name.
    name: String,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

fn country(text: &str) -> Result<String, String> {
    let known = countries().iter().find(|code| code.eq_ignore_ascii_case(text));
    known.cloned().ok_or_else(|| "must be the three letters of a country, such as USA".to_owned())
}

fn language(text: &str) -> Result<String, String> {
    let known = languages().iter().find(|code| code.eq_ignore_ascii_case(text));
    known.cloned().ok_or_else(|| format!("must be one of {}", languages().join(", ")))
}

impl Support {
    pub fn run(&self) -> Result<Outcome, Failure> {
        match &self.command {
            Command::Open(command) => command.run(),
            Command::Evidence(command) => command.run(),
            Command::Show(command) => command.run(),
        }
    }
}

/// The path of our own operations about a reservation.
fn path(of: &wanted::Held) -> String {
    format!("/prorata/reservationOrders/{}/reservations/{}", of.order, of.reservation)
}

impl Wish {
    fn asked(&self) -> Result<Value, Failure> {
        if let Some(quantity) = self.refund {
            return Ok(json!({ "refund": { "quantity": quantity } }));
        }
        let file = self.exchange.as_deref().unwrap_or("-");
        let text = super::read_input(file, EXCHANGE_BYTES_MAX)?;
        let exchange: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::usage(format!("{file}: is no JSON: {error}")))?;
        Ok(json!({ "exchange": exchange }))
    }
}

impl Open {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let asked = self.wish.asked()?;
        let client = Client::sign_in(&self.connection)?;
        let mut contact = json!({
            "firstName": self.first_name,
            "lastName": self.last_name,
            "preferredContactMethod": if self.phone.is_some() { "phone" } else { "email" },
            "primaryEmailAddress": self.mail,
            "preferredTimeZone": self.time_zone,
            "country": self.country,
            "preferredSupportLanguage": self.language,
        });
        if let Some(phone) = &self.phone {
            contact["phoneNumber"] = json!(phone);
        }
        let body = json!({
            "asked": asked,
            "reason": self.reason,
            "severity": self.severity,
            "contactDetails": contact,
        });
        let name = super::percent_encoded(&self.name);
        let path = format!("{}/supportTickets/{name}", path(&self.wish.reservation));
        let opened = client.put(&path, &body)?.body;
        self.output.print(&opened, shown)?;
        Ok(Outcome::Done)
    }
}

/// A ticket for people.
fn shown(ticket: &Value) -> String {
    let of = |member: &str| plain(&ticket["properties"][member]);
    pairs(&[
        ("Ticket", plain(&ticket["name"])),
        ("Number", of("supportTicketId")),
        ("About", of("problemClassificationDisplayName")),
        ("Title", of("title")),
        ("Status", of("status")),
        ("Answer due", plain(&ticket["properties"]["serviceLevelAgreement"]["expirationTime"])),
        ("Files", of("fileWorkspaceName")),
    ])
}

impl Evidence {
    fn run(&self) -> Result<Outcome, Failure> {
        let body = json!({ "asked": self.wish.asked()? });
        let client = Client::sign_in(&self.connection)?;
        let path = format!("{}/evidence", path(&self.wish.reservation));
        let pack = client.post(&path, &body)?.accepted()?.body;
        std::fs::create_dir_all(&self.to)
            .doing(format_args!("`{}` cannot be made", self.to.display()))?;
        for file in pack["files"].as_array().into_iter().flatten() {
            let (Some(name), Some(text)) = (file["name"].as_str(), file["text"].as_str()) else {
                return Err(Failure::new("the server's answer cannot be understood"));
            };
            // A name of the server's is no path of ours.
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            let to = self.to.join(name);
            std::fs::write(&to, text)
                .doing(format_args!("`{}` cannot be written", to.display()))?;
            write(&format!("{}  {}\n", plain(&file["sha256"]), to.display()))?;
        }
        Ok(if pack["approved"] == json!(true) { Outcome::Done } else { Outcome::Refused })
    }
}

impl Show {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let name = super::percent_encoded(&self.name);
        let found = client.get(&format!("{}/supportTickets/{name}", path(&self.reservation)))?;
        self.output.print(&found, shown)?;
        Ok(Outcome::Done)
    }
}
