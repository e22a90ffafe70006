//! `prorata explain`: a recorded decision, told again.

use crate::database::{self, Database};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, pairs};
use crate::proof;
use clap::Args;
use prorata_app::App;
use prorata_app::clock::Clock;
use prorata_app::explain::{self, Explained};
use prorata_domain::decision::Decision;
use prorata_domain::ids::OperationId;
use prorata_wire::explanation;
use serde_json::{Value, json};
use std::path::PathBuf;
use uuid::Uuid;

/// Explain a recorded operation: every clause that was looked at, with its numbers.
#[derive(Debug, Args)]
pub struct Explain {
    /// The operation: for a purchase its order, for a return or an exchange its session.
    #[arg(value_name = "OPERATION")]
    operation: Uuid,

    #[command(flatten)]
    database: Database,

    /// A directory with policy files that the server was started with.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

impl Explain {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let id = OperationId(self.operation);
        let book = database::policy(self.policy.as_deref())?;
        let app = App::open(self.database.existing()?, book.clone(), Clock::System)?;
        let Explained { row, findings, refusal } =
            app.read(move |tx, app| explain::operation(tx, app, id))?;
        // Only the findings and the refusal are shown, so the proposal may be anything.
        let decision: Decision<()> =
            Decision { proposal: refusal.is_none().then_some(()), refusal, findings };
        let explanation = explanation::render(&book, &decision);
        let body = json!({
            "operation": row.id.to_string(),
            "kind": row.kind,
            "verdict": row.verdict,
            "code": row.code,
            "decidedAt": row.decided_at.to_string(),
            "tenant": row.tenant.to_string(),
            "principal": row.principal.to_string(),
            "billingAccount": row.billing_account,
            "explanation": explanation,
        });
        self.output.print(&body, |body| {
            let of = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
            let head = pairs(&[
                ("Operation", of("operation")),
                ("Kind", of("kind")),
                ("Verdict", of("verdict")),
                ("Decided", of("decidedAt")),
                ("Billing account", of("billingAccount")),
            ]);
            if decision.findings.is_empty() && body["explanation"]["refusal"] == Value::Null {
                return format!(
                    "{head}\nIt fell due and was not decided, so no clause was looked at.\n"
                );
            }
            format!("{head}\n{}", proof::text(&explanation))
        })?;
        Ok(Outcome::Done)
    }
}
