//! `prorata trade-in`: give up reservations for a savings plan.

use super::exchange::exchange_table;
use super::wanted::{Held, Scope, given_up, scope};
use super::{Consent, session_of, show_quote, show_quote_body, with_proof};
use crate::client::{Client, Connection, operation_failure, policy_refusal};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain, price};
use clap::Args;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::savings_plan::purchase::Request;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Hourly};
use prorata_wire::azure::Version;
use prorata_wire::azure::v2022_11_01::exchange::{Ask, GivenUp, ask_body, session_body};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// Trade reservations in for a savings plan: quote it, compare, then do it.
#[derive(Debug, Args)]
pub struct TradeIn {
    /// What to give up; may be repeated.
    #[arg(
        long = "return",
        value_name = "ORDER/RESERVATION:QUANTITY",
        value_parser = given_up,
        required = true
    )]
    returns: Vec<(Held, u32)>,

    /// What to commit to for each hour, such as 0.206; --what-if says what would be enough.
    #[arg(long, value_name = "AMOUNT", default_value = "0.001")]
    commit: Decimal,

    /// The currency of the commitment: that of the account that pays.
    #[arg(long, default_value = "USD")]
    currency: String,

    /// The term of the plan: P1Y or P3Y.
    #[arg(long, default_value = "P1Y")]
    term: String,

    /// The savings plan: Compute_Savings_Plan or Database_Savings_Plan.
    #[arg(long, value_name = "PLAN", default_value = "Compute_Savings_Plan")]
    plan: String,

    /// Pay all at once in place of month by month.
    #[arg(long)]
    upfront: bool,

    /// Where the plan's benefit is applied: shared, or the path of a subscription, resource group
    /// or management group.
    #[arg(long, value_name = "SCOPE", default_value = "shared", value_parser = scope)]
    scope: Scope,

    /// The subscription that pays.
    #[arg(long, value_name = "ID")]
    subscription: Option<Uuid>,

    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl TradeIn {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        self.consent.check(false)?;
        let client = Client::sign_in(&self.connection)?;
        let ask = ask_body(&self.ask(&client)?, Version::V2022_11_01);
        let asked = client.post("/providers/Microsoft.Capacity/calculateExchange", &ask)?;
        if self.consent.what_if && !asked.status.is_success() {
            return show_quote(&self.output, asked, table);
        }
        let quoted = client.follow(asked)?;
        if self.consent.what_if {
            return show_quote_body(&self.output, &quoted, table);
        }
        if let Some(failure) = operation_failure(&quoted) {
            return Err(failure);
        }
        if let Some(refusal) = policy_refusal(&quoted) {
            return Err(refusal.with_hint("--what-if shows every clause that was looked at"));
        }
        self.consent.get(&with_proof(&quoted, table), "Trade them in? It cannot be undone.")?;
        let session = session_body(session_of(&quoted)?);
        let path = "/providers/Microsoft.Capacity/exchange";
        let done = client.follow(client.post(path, &session)?)?;
        if let Some(failure) = operation_failure(&done) {
            return Err(failure);
        }
        self.output.print(&done, |done| with_proof(done, table))?;
        Ok(Outcome::Done)
    }

    fn ask(&self, client: &Client) -> Result<Ask, Failure> {
        let returns = self.returns.iter().map(|(held, quantity)| GivenUp {
            order: held.order,
            reservation: held.reservation,
            quantity: *quantity,
        });
        let currency = Currency::parse(&self.currency)
            .map_err(|_| Failure::usage("--currency is not the code of a currency, such as USD"))?;
        let hourly = Hourly::from_decimal(self.commit, currency)
            .map_err(|_| Failure::usage("--commit takes an amount of at most three decimals"))?;
        let term =
            Term::parse(&self.term).ok_or_else(|| Failure::usage("--term must be P1Y or P3Y"))?;
        let plan = if self.upfront { BillingPlan::Upfront } else { BillingPlan::Monthly };
        let wanted = Request {
            sku: self.plan.clone(),
            billing_subscription: SubscriptionId(client.paying(self.subscription)?),
            term,
            plan,
            hourly,
            display_name: self.plan.clone(),
            applied_scope: self.scope.in_tenant(client.tenant()),
            renew: false,
        };
        Ok(Ask { returns: returns.collect(), purchases: Vec::new(), savings_plans: vec![wanted] })
    }
}

/// A trade-in for people: the totals, the plan, and the comparison of what a month costs.
fn table(quote: &Value) -> String {
    let mut text = exchange_table(quote);
    let plans = quote["properties"]["savingsPlansToPurchase"].as_array().cloned();
    text.push('\n');
    text.push_str(&columns(
        &["Savings plan", "An hour", "Term", "Total"],
        plans.unwrap_or_default().iter().map(|row| {
            let wanted = &row["properties"];
            vec![
                plain(&wanted["sku"]["name"]),
                price(&wanted["properties"]["commitment"]),
                plain(&wanted["properties"]["term"]),
                price(&row["billingCurrencyTotal"]),
            ]
        }),
    ));
    let told = &quote["comparison"];
    if told.is_null() {
        return text;
    }
    text.push('\n');
    let smallest = told["smallestCommitments"].as_array().cloned().unwrap_or_default();
    let mut rows: Vec<(String, String)> = smallest
        .iter()
        .map(|row| {
            (
                format!("Enough for {}", plain(&row["term"])),
                format!("{} an hour", price(&row["commitment"])),
            )
        })
        .collect();
    rows.push(("A month of reservations".to_owned(), price(&told["reservationsMonthly"])));
    if told["savingsPlanMonthly"].is_null() {
        let unknown: Vec<String> =
            told["withoutRate"].as_array().into_iter().flatten().map(plain).collect();
        rows.push(("No plan rate is known for".to_owned(), unknown.join(", ")));
    } else {
        rows.push(("A month under the plan".to_owned(), price(&told["savingsPlanMonthly"])));
        rows.push(("More each month".to_owned(), price(&told["extraMonthly"])));
        let covering = format!("{} an hour", price(&told["coveringCommitment"]));
        rows.push(("To cover the same machines".to_owned(), covering));
    }
    let rows: Vec<(&str, String)> =
        rows.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    text.push_str(&pairs(&rows));
    text
}
