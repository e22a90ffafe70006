//! `prorata receiver`: who is told of what happens, by webhook or by mail.

use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};
use uuid::Uuid;

/// Say who is told of what happens in your tenant.
#[derive(Debug, Args)]
pub struct Receivers {
    #[command(subcommand)]
    what: What,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List them.
    List,
    /// Add one. What signs a webhook is shown once.
    Add(Add),
    /// Remove one, with all that is on its way to it.
    Remove { id: Uuid },
    /// Sign with a new secret, which is shown once; the old one signs beside it for a day.
    RotateSecret { id: Uuid },
    /// Send a notification that is about nothing.
    Test { id: Uuid },
    /// List what did not arrive: what was given up, or what still waits.
    Deliveries {
        /// What waits to be tried, in place of what was given up.
        #[arg(long)]
        waiting: bool,
    },
    /// Try again what was given up.
    Retry { id: Uuid, notification: Uuid },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("channel").required(true).args(["webhook", "mail"])))]
struct Add {
    /// The https URL that gets a signed CloudEvent.
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,

    /// Addresses of mail, with commas between.
    #[arg(long, value_name = "ADDRESSES")]
    mail: Option<String>,

    #[arg(long, default_value = "")]
    name: String,

    /// Only this kind of notification, such as `expiring`; may be repeated.
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,
}

impl Receivers {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let at = |id: &Uuid| format!("/prorata/receivers/{id}");
        match &self.what {
            What::List => {
                let rows = client.list("/prorata/receivers", usize::MAX)?;
                self.output.print(&Value::Array(rows), table)?;
            }
            What::Add(wanted) => {
                let made = client.put(&at(&Uuid::new_v4()), &wanted.body())?;
                self.output.print(&made.body, one)?;
            }
            What::Remove { id } => drop(client.delete(&at(id))?),
            What::RotateSecret { id } => {
                let path = format!("{}/rotateSecret", at(id));
                self.output.print(&client.post(&path, &Value::Null)?.accepted()?.body, one)?;
            }
            What::Test { id } => {
                let path = format!("{}/test", at(id));
                let told = client.post(&path, &Value::Null)?.accepted()?;
                self.output.print(&told.body, |sent| plain(&sent["notification"]))?;
            }
            What::Deliveries { waiting } => {
                let state = if *waiting { "waiting" } else { "parked" };
                let rows = client
                    .list(&format!("/prorata/deliveries?state={state}&take=1000"), usize::MAX)?;
                self.output.print(&Value::Array(rows), deliveries)?;
            }
            What::Retry { id, notification } => {
                let path = format!("/prorata/deliveries/{id}/{notification}/retry");
                client.post(&path, &Value::Null)?.accepted()?;
            }
        }
        Ok(Outcome::Done)
    }
}

impl Add {
    fn body(&self) -> Value {
        let (channel, address) = match (&self.webhook, &self.mail) {
            (Some(url), _) => ("webhook", url),
            (None, mail) => ("mail", mail.as_ref().unwrap_or(&self.name)),
        };
        json!({ "channel": channel, "address": address, "name": self.name, "kinds": self.kinds })
    }
}

fn table(rows: &Value) -> String {
    columns(
        &["Receiver", "Channel", "Address", "Name", "Kinds", "State"],
        rows.as_array().into_iter().flatten().map(|row| {
            let kinds = row["kinds"].as_array().into_iter().flatten().map(plain);
            let kinds = kinds.collect::<Vec<_>>().join(", ");
            let kinds = if kinds.is_empty() { "all".to_owned() } else { kinds };
            let cell = |name: &str| plain(&row[name]);
            vec![cell("id"), cell("channel"), cell("address"), cell("name"), kinds, cell("state")]
        }),
    )
}

fn one(row: &Value) -> String {
    let list = Value::Array(vec![row.clone()]);
    match row["secret"].as_str() {
        Some(secret) => format!("{}\nSecret, shown only now: {secret}", table(&list)),
        None => table(&list),
    }
}

fn deliveries(rows: &Value) -> String {
    columns(
        &["Receiver", "Notification", "When", "What", "About", "Tries", "Trouble"],
        rows.as_array().into_iter().flatten().map(|row| {
            ["receiver", "notification", "at", "kind", "target", "attempts", "trouble"]
                .map(|name| plain(&row[name]))
                .to_vec()
        }),
    )
}
