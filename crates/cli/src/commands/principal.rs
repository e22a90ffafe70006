//! `prorata principal`: what the programs of the caller's tenant sign in with.

use super::percent_encoded;
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use uuid::Uuid;

/// Programs that sign in here.
#[derive(Debug, Args)]
pub struct Principals {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The secrets that a program signs in with.
    #[command(subcommand)]
    Secret(Secret),
    /// Close an account: nobody signs in with it, its tokens end.
    Disable(One),
    /// Open an account again.
    Enable(One),
}

#[derive(Debug, Subcommand)]
enum Secret {
    /// Make a further secret. It is shown this once.
    Add(Add),
    /// List the secrets; never what they are.
    List(One),
    /// Take a secret away; every token that was issued for it ends.
    Remove(Remove),
}

#[derive(Debug, Args)]
struct One {
    /// The object id of the principal.
    principal: Uuid,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
struct Add {
    #[command(flatten)]
    one: One,

    /// What the secret is called.
    #[arg(long)]
    name: String,

    /// In how many days it ends.
    #[arg(long, default_value_t = 180)]
    days: u32,
}

#[derive(Debug, Args)]
struct Remove {
    #[command(flatten)]
    one: One,

    /// The id of the secret.
    #[arg(long)]
    secret: Uuid,
}

impl Principals {
    pub fn run(&self) -> Result<Outcome, Failure> {
        match &self.command {
            Command::Secret(Secret::Add(command)) => command.run(),
            Command::Secret(Secret::List(command)) => command.list(),
            Command::Secret(Secret::Remove(command)) => command.run(),
            Command::Disable(command) => command.post("disable"),
            Command::Enable(command) => command.post("enable"),
        }
    }
}

impl One {
    fn client(&self) -> Result<(Client, String), Failure> {
        self.output.check()?;
        let id = percent_encoded(&self.principal.to_string());
        Ok((Client::sign_in(&self.connection)?, format!("/prorata/principals/{id}")))
    }

    fn post(&self, deed: &str) -> Result<Outcome, Failure> {
        let (client, path) = self.client()?;
        client.post(&format!("{path}/{deed}"), &json!({}))?.accepted()?;
        Ok(Outcome::Done)
    }

    fn list(&self) -> Result<Outcome, Failure> {
        let (client, path) = self.client()?;
        let rows = client.list(&format!("{path}/secrets"), usize::MAX)?;
        self.output.print(&Value::Array(rows), |rows| {
            let names = ["name", "hint", "createdAt", "endsAt", "usedAt", "id"];
            let row = |row: &Value| names.iter().map(|name| plain(&row[*name])).collect();
            columns(
                &["Name", "Begins with", "Created", "Ends", "Last used", "Id"],
                rows.as_array().into_iter().flatten().map(row),
            )
        })?;
        Ok(Outcome::Done)
    }
}

impl Add {
    fn run(&self) -> Result<Outcome, Failure> {
        let (client, path) = self.one.client()?;
        let body = json!({ "name": self.name, "days": self.days });
        let made = client.post(&format!("{path}/secrets"), &body)?.accepted()?.body;
        self.one.output.print(&made, |made| {
            pairs(&[
                ("Secret", plain(&made["secret"])),
                ("Id", plain(&made["id"])),
                ("Ends", plain(&made["endsAt"])),
            ])
        })?;
        Ok(Outcome::Done)
    }
}

impl Remove {
    fn run(&self) -> Result<Outcome, Failure> {
        let (client, path) = self.one.client()?;
        client.delete(&format!("{path}/secrets/{}", self.secret))?;
        Ok(Outcome::Done)
    }
}
