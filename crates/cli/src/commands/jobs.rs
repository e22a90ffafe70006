//! `prorata jobs`: what waits to be done, and what was given up.

use crate::database::Database;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::Args;
use prorata_app::clock::Clock;
use prorata_app::{App, worker};
use prorata_domain::policy::Book;
use serde_json::{Value, json};
use uuid::Uuid;

/// List the jobs that wait, or those that failed too often and were parked. Exit code 1 when any
/// are parked.
#[derive(Debug, Args)]
pub struct Jobs {
    #[command(flatten)]
    database: Database,

    /// Only the parked ones.
    #[arg(long)]
    parked: bool,

    /// Let this parked job run again, once a server runs.
    #[arg(long, value_name = "ID", conflicts_with = "parked")]
    retry: Option<Uuid>,

    /// At most this many.
    #[arg(long, value_name = "ROWS", default_value_t = 1000)]
    top: usize,

    #[command(flatten)]
    output: Output,
}

impl Jobs {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let store = self.database.existing()?;
        let app = App::open(store, Book::built_in().clone(), Clock::System)?;
        if let Some(id) = self.retry {
            if !worker::retry(&app, id)? {
                return Err(Failure::new(format!("no parked job is called `{id}`")));
            }
            return Ok(Outcome::Done);
        }
        let jobs = worker::jobs(&app, self.parked, self.top)?;
        let rows: Vec<Value> = jobs.iter().map(row).collect();
        self.output.print(&Value::Array(rows), table)?;
        let any_parked = jobs.iter().any(|job| job.parked);
        Ok(if any_parked { Outcome::NotInOrder } else { Outcome::Done })
    }
}

fn row(job: &worker::Shown) -> Value {
    json!({
        "id": job.id.to_string(),
        "kind": job.kind,
        "dueAt": job.due_at.to_string(),
        "attempts": job.attempts,
        "parked": job.parked,
        "trouble": job.trouble,
        "payload": job.payload,
    })
}

fn table(rows: &Value) -> String {
    columns(
        &["Job", "Kind", "Due", "Attempts", "Parked", "Trouble"],
        rows.as_array().into_iter().flatten().map(|row| {
            ["id", "kind", "dueAt", "attempts", "parked", "trouble"]
                .map(|name| plain(&row[name]))
                .to_vec()
        }),
    )
}
