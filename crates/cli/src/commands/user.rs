//! `prorata user`: the people of the caller's tenant.

use super::{Found, find_row, percent_encoded};
use crate::client::{Client, Connection};
use crate::database::Database;
use crate::failure::{Doing, Failure, Outcome};
use crate::output::{Output, columns, pairs, plain, write};
use clap::{Args, Subcommand};
use prorata_app::users;
use serde_json::{Value, json};
use std::io::{self, BufRead, IsTerminal};

/// Bytes of a password that are read.
const PASSWORD_BYTES_MAX: u64 = 4096;

/// People who sign in here.
#[derive(Debug, Args)]
pub struct Users {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a person. The invitation is shown this once.
    Add(Add),
    /// List the people of your tenant.
    List(List),
    /// Close an account: nobody signs in with it, its sessions and tokens end.
    Disable(One),
    /// Open an account again.
    Enable(One),
    /// Take a password away, end all sessions, and make an invitation to choose another.
    Reset(One),
    /// Take a second factor away whose telephone and recovery codes are lost.
    ResetSecondFactor(One),
    /// List where somebody is signed in.
    Sessions(One),
    /// End all sessions and tokens of somebody.
    SignOut(One),
    /// Set a password in the database itself, which no server may use meanwhile, when nobody can
    /// sign in any more. The password is read from standard input.
    SetPassword(SetPassword),
    /// Whether a session without a second factor may move money.
    Rule(Rule),
}

#[derive(Debug, Args)]
struct Add {
    /// The name to sign in with, such as anna@contoso.example.
    user_name: String,

    /// What the person is called.
    #[arg(long, value_name = "NAME")]
    name: String,

    /// Where mail is sent to.
    #[arg(long)]
    mail: Option<String>,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct List {
    /// At most this many.
    #[arg(long, value_name = "ROWS", default_value_t = 1000)]
    top: usize,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct One {
    /// The user name or the object id.
    user: String,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct SetPassword {
    /// The user name.
    user: String,

    #[command(flatten)]
    database: Database,
}

#[derive(Debug, Args)]
struct Rule {
    /// `optional` or `money`; left out, the rule is only shown.
    #[arg(value_parser = ["optional", "money"])]
    second_factor: Option<String>,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Users {
    pub fn run(&self) -> Result<Outcome, Failure> {
        match &self.command {
            Command::Add(command) => command.run(),
            Command::List(command) => command.run(),
            Command::Disable(command) => command.post("disable"),
            Command::Enable(command) => command.post("enable"),
            Command::Reset(command) => command.post("reset"),
            Command::ResetSecondFactor(command) => command.post("resetSecondFactor"),
            Command::Sessions(command) => command.sessions(),
            Command::SignOut(command) => command.sign_out(),
            Command::SetPassword(command) => command.run(),
            Command::Rule(command) => command.run(),
        }
    }
}

impl Add {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let mut body = json!({ "userName": self.user_name, "displayName": self.name });
        if let Some(mail) = &self.mail {
            body["mail"] = json!(mail);
        }
        let added = client.post("/prorata/users", &body)?.accepted()?.body;
        self.output.print(&added, |added| {
            pairs(&[
                ("User", plain(&added["userName"])),
                ("Id", plain(&added["id"])),
                ("Invitation", plain(&added["invitation"]["link"])),
                ("Good until", plain(&added["invitation"]["endsAt"])),
            ])
        })?;
        Ok(Outcome::Done)
    }
}

impl List {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let rows = client.list("/prorata/users", self.top)?;
        self.output.print(&Value::Array(rows), |rows| {
            let names = ["userName", "displayName", "mail", "state", "secondFactor", "id"];
            let titles = ["User", "Name", "Mail", "State", "Second factor", "Id"];
            table(rows, &titles, &names)
        })?;
        Ok(Outcome::Done)
    }
}

fn table(rows: &Value, titles: &[&str], names: &[&str]) -> String {
    let rows = rows.as_array().into_iter().flatten();
    columns(titles, rows.map(|row| names.iter().map(|name| plain(&row[*name])).collect()))
}

impl One {
    fn client(&self) -> Result<(Client, String), Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let wanted = Found { list: "/prorata/users", name: "userName", what: "user" };
        let id = find_row(&client, &wanted, &self.user)?;
        Ok((client, format!("/prorata/users/{}", percent_encoded(&id))))
    }

    fn post(&self, deed: &str) -> Result<Outcome, Failure> {
        let (client, path) = self.client()?;
        let answer = client.post(&format!("{path}/{deed}"), &json!({}))?.accepted()?.body;
        if answer.is_null() {
            return Ok(Outcome::Done);
        }
        self.output.print(&answer, |answer| match answer["link"].as_str() {
            Some(link) => {
                pairs(&[("Invitation", link.to_owned()), ("Good until", plain(&answer["endsAt"]))])
            }
            None => {
                pairs(&[("User", plain(&answer["userName"])), ("State", plain(&answer["state"]))])
            }
        })?;
        Ok(Outcome::Done)
    }

    fn sessions(&self) -> Result<Outcome, Failure> {
        let (client, path) = self.client()?;
        let rows = client.list(&format!("{path}/sessions"), usize::MAX)?;
        self.output.print(&Value::Array(rows), |rows| {
            let names = ["beganAt", "usedAt", "address", "agent", "proof", "id"];
            let titles = ["Since", "Last used", "Address", "Browser", "Proof", "Session"];
            table(rows, &titles, &names)
        })?;
        Ok(Outcome::Done)
    }

    fn sign_out(&self) -> Result<Outcome, Failure> {
        let (client, path) = self.client()?;
        client.delete(&format!("{path}/sessions"))?;
        Ok(Outcome::Done)
    }
}

impl SetPassword {
    fn run(&self) -> Result<Outcome, Failure> {
        let app = self.database.open()?;
        let password = if io::stdin().is_terminal() {
            eprint!("New password (it is shown as you type): ");
            let mut line = String::new();
            io::stdin().lock().read_line(&mut line).doing("the password cannot be read")?;
            line
        } else {
            super::read_input("-", PASSWORD_BYTES_MAX)?
        };
        let password = password.trim_end_matches(['\n', '\r']);
        let user = users::set_password(&app, &self.user, password)?;
        write(&format!("the password of {} is set\n", user.user_name))?;
        Ok(Outcome::Done)
    }
}

impl Rule {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let path = "/prorata/signInRule";
        let rule = match &self.second_factor {
            Some(wanted) => client.put(path, &json!({ "secondFactor": wanted }))?.body,
            None => client.get(path)?,
        };
        self.output
            .print(&rule, |rule| pairs(&[("Second factor", plain(&rule["secondFactor"]))]))?;
        Ok(Outcome::Done)
    }
}
