//! `prorata request`: ask for a deed that others approve, and approve what others ask for.

use super::read_input;
use super::wanted::{Held, held};
use crate::client::{Client, Connection, explanation_of};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain, price};
use crate::proof;
use clap::{Args, Subcommand};
use prorata_wire::request::{Draft, Wanted, draft_body};
use serde_json::{Value, json};
use uuid::Uuid;

/// Bytes of a file that says what is asked for.
const BODY_BYTES_MAX: u64 = 1 << 20;

/// Ask for a deed that others approve before the desk does it, or approve what others ask for.
#[derive(Debug, Args)]
pub struct Requests {
    #[command(subcommand)]
    what: What,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a request down and price it; nobody has to look at it yet.
    #[command(subcommand)]
    Draft(Drafted),
    /// List requests, the newest first.
    List {
        /// Only those that wait for your decision.
        #[arg(long)]
        waiting: bool,
        /// Only those that you drafted or submitted.
        #[arg(long)]
        mine: bool,
        /// Only those in this state: draft, submitted, approved, done and so on.
        #[arg(long)]
        status: Option<String>,
        /// At most this many.
        #[arg(long, value_name = "ROWS", default_value_t = 100)]
        top: usize,
    },
    /// Show a request with its figures, what was looked at, and its history.
    Show { id: Uuid },
    /// Put a draft before its approvers.
    Submit { id: Uuid },
    /// Say yes. Exit code 3 when it has moved too far meanwhile, and is stopped.
    Approve {
        id: Uuid,
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// Say no.
    Reject {
        id: Uuid,
        /// Why, for who asked.
        #[arg(long)]
        reason: String,
    },
    /// Take a request back that is not done yet.
    Withdraw {
        id: Uuid,
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
enum Drafted {
    /// Units of a reservation to be returned.
    Refund {
        /// What to return: ORDER/RESERVATION, or the reservation's path.
        #[arg(value_parser = held)]
        reservation: Held,
        #[arg(long, short = 'n', default_value_t = 1)]
        quantity: u32,
        /// Why, for the record.
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        note: Note,
    },
    /// An exchange, or a trade-in for savings plans.
    #[command(alias = "trade-in")]
    Exchange(FromFile),
    /// A reservation to be bought.
    Purchase(FromFile),
    /// A savings plan to be bought.
    SavingsPlan(FromFile),
}

#[derive(Debug, Args)]
struct FromFile {
    /// A file with the JSON that `calculateExchange`, `calculatePrice` or a savings plan order
    /// alias takes; `-` is standard input.
    file: String,
    #[command(flatten)]
    note: Note,
}

#[derive(Debug, Args)]
struct Note {
    /// Why, for the approvers.
    #[arg(long, default_value = "")]
    comment: String,
    /// The object id of the principal for whom it is drafted.
    #[arg(long, value_name = "PRINCIPAL")]
    on_behalf_of: Option<Uuid>,
    /// Submit it as well.
    #[arg(long)]
    submit: bool,
}

impl Requests {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let step = |id: &Uuid, step: &str, said: Value| {
            let path = format!("/prorata/requests/{id}/{step}");
            client.post(&path, &said)?.accepted().map(|answer| answer.body)
        };
        let shown = match &self.what {
            What::List { waiting, mine, status, top } => {
                let status = super::percent_encoded(status.as_deref().unwrap_or_default());
                let path =
                    format!("/prorata/requests?waitingForMe={waiting}&mine={mine}&status={status}");
                let rows = client.list(&path, *top)?;
                self.output.print(&Value::Array(rows), table)?;
                return Ok(Outcome::Done);
            }
            What::Draft(drafted) => drafted.draft(&client)?,
            What::Show { id } => client.get(&format!("/prorata/requests/{id}"))?,
            What::Submit { id } => step(id, "submit", json!({}))?,
            What::Approve { id, comment } => step(id, "approve", json!({ "comment": comment }))?,
            What::Reject { id, reason } => step(id, "reject", json!({ "reason": reason }))?,
            What::Withdraw { id, reason } => step(id, "withdraw", json!({ "reason": reason }))?,
        };
        self.output.print(&shown, one)?;
        let over = matches!(shown["status"].as_str(), Some("stopped" | "failed"));
        let refused = shown["explanation"]["approved"] == json!(false);
        let asks = matches!(self.what, What::Draft(_) | What::Approve { .. });
        Ok(if asks && (over || refused) { Outcome::Refused } else { Outcome::Done })
    }
}

impl Drafted {
    fn draft(&self, client: &Client) -> Result<Value, Failure> {
        let (body, note) = match self {
            Drafted::Refund { reservation, quantity, reason, note } => {
                let Held { order, reservation } = *reservation;
                let (quantity, reason) = (*quantity, reason.clone());
                let wanted = Wanted::Refund { order, reservation, quantity, reason };
                let comment = note.comment.clone();
                (draft_body(&Draft { id: None, wanted, on_behalf_of: None, comment }), note)
            }
            Drafted::Exchange(file) => (file.body("exchange")?, &file.note),
            Drafted::Purchase(file) => (file.body("purchase")?, &file.note),
            Drafted::SavingsPlan(file) => (file.body("savingsPlan")?, &file.note),
        };
        let mut body = body;
        if let Some(principal) = note.on_behalf_of {
            body["onBehalfOf"] = json!(principal);
        }
        // An id of our own makes it safe to send again.
        body["id"] = json!(Uuid::new_v4());
        let drafted = client.post("/prorata/requests", &body)?.accepted()?.body;
        if !note.submit || drafted["explanation"]["approved"] == json!(false) {
            return Ok(drafted);
        }
        let path = format!("/prorata/requests/{}/submit", plain(&drafted["id"]));
        client.post(&path, &json!({}))?.accepted().map(|answer| answer.body)
    }
}

impl FromFile {
    fn body(&self, kind: &str) -> Result<Value, Failure> {
        let text = read_input(&self.file, BODY_BYTES_MAX)?;
        let wanted: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::usage(format!("`{}` is no JSON: {error}", self.file)))?;
        Ok(json!({ "comment": self.note.comment, kind: wanted }))
    }
}

fn table(rows: &Value) -> String {
    columns(
        &["Request", "Kind", "State", "At stake", "By", "About", "Until"],
        rows.as_array().into_iter().flatten().map(|row| {
            vec![
                plain(&row["id"]),
                plain(&row["kind"]),
                plain(&row["status"]),
                price(&row["figures"]["stake"]),
                plain(&row["drafter"]["name"]),
                plain(&row["target"]),
                plain(&row["expiresAt"]),
            ]
        }),
    )
}

/// A request for people: how it stands, its figures, its approvals, its history, what was looked at.
fn one(request: &Value) -> String {
    let mut rows = vec![
        ("Request", plain(&request["id"])),
        ("Kind", plain(&request["kind"])),
        ("State", plain(&request["status"])),
        ("About", plain(&request["target"])),
        ("Until", plain(&request["expiresAt"])),
        ("At stake", price(&request["figures"]["stake"])),
    ];
    for demand in request["demands"].as_array().into_iter().flatten() {
        let given = format!(
            "{} of {} by {} ({})",
            plain(&demand["given"]),
            plain(&demand["approvals"]),
            plain(&demand["by"]),
            plain(&demand["policy"]),
        );
        rows.push(("Approvals", given));
    }
    if request["why"].is_object() {
        rows.push(("Why", plain(&request["why"]["reason"])));
    }
    if request["operation"].is_string() {
        rows.push(("Done as", plain(&request["operation"])));
    }
    let mut text = pairs(&rows);
    let lines = request["figures"]["lines"].as_array().into_iter().flatten();
    let lines: Vec<_> =
        lines.map(|line| vec![plain(&line["label"]), price(&line["amount"])]).collect();
    text.push('\n');
    text.push_str(&columns(&["Figure", "Amount"], lines));
    let history = request["history"].as_array().into_iter().flatten();
    let history = history.map(|step| {
        ["at", "event", "by", "status", "comment"].map(|name| plain(&step[name])).to_vec()
    });
    text.push('\n');
    text.push_str(&columns(&["When", "What", "Who", "State", "Comment"], history));
    if let Some(explanation) = explanation_of(request) {
        text.push('\n');
        text.push_str(&proof::brief(&explanation));
    }
    text
}
