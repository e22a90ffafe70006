//! `prorata exchange`: give up some reservations for others.

use super::wanted::{Held, Wanted, bought, given_up};
use super::{Consent, show_quote, show_quote_body, with_proof};
use crate::client::{Client, Connection, operation_failure, policy_refusal};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain, price};
use clap::Args;
use prorata_domain::ids::SessionId;
use prorata_wire::azure::Version;
use prorata_wire::azure::v2022_11_01::exchange::{Ask, GivenUp, ask_body, session_body};
use serde_json::Value;
use uuid::Uuid;

/// Exchange reservations for others: quote it, then do it.
#[derive(Debug, Args)]
pub struct Exchange {
    /// What to give up; may be repeated.
    #[arg(
        long = "return",
        value_name = "ORDER/RESERVATION:QUANTITY",
        value_parser = given_up,
        required_unless_present = "session"
    )]
    returns: Vec<(Held, u32)>,

    /// What to buy for it, such as Standard_D4s_v5,location=westeurope,term=P1Y,plan=Upfront,quantity=2;
    /// may be repeated. Further members: type, name, scope, subscription.
    #[arg(
        long = "buy",
        value_name = "SKU,MEMBER=VALUE,...",
        value_parser = bought,
        required_unless_present = "session"
    )]
    purchases: Vec<Wanted>,

    /// Make the exchange that was quoted in this session; no new quote.
    #[arg(long, value_name = "ID", conflicts_with_all = ["what_if", "returns", "purchases"])]
    session: Option<Uuid>,

    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Exchange {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        self.consent.check(self.session.is_some())?;
        let client = Client::sign_in(&self.connection)?;
        let session = match self.session {
            Some(session) => SessionId(session),
            None => {
                let ask = ask_body(&self.ask(&client)?, Version::V2022_11_01);
                let path = "/providers/Microsoft.Capacity/calculateExchange";
                let asked = client.post(path, &ask)?;
                if self.consent.what_if && !asked.status.is_success() {
                    return show_quote(&self.output, asked, exchange_table);
                }
                let quoted = client.follow(asked)?;
                if self.consent.what_if {
                    return show_quote_body(&self.output, &quoted, exchange_table);
                }
                if let Some(failure) = operation_failure(&quoted) {
                    return Err(failure);
                }
                if let Some(refusal) = policy_refusal(&quoted) {
                    return Err(
                        refusal.with_hint("--what-if shows every clause that was looked at")
                    );
                }
                self.consent.get(&with_proof(&quoted, exchange_table), "Exchange them?")?;
                super::session_of(&quoted)?
            }
        };
        let path = "/providers/Microsoft.Capacity/exchange";
        let done = client.follow(client.post(path, &session_body(session))?)?;
        if let Some(failure) = operation_failure(&done) {
            return Err(failure);
        }
        self.output.print(&done, |done| with_proof(done, exchange_table))?;
        Ok(Outcome::Done)
    }

    fn ask(&self, client: &Client) -> Result<Ask, Failure> {
        let returns = self.returns.iter().map(|(held, quantity)| GivenUp {
            order: held.order,
            reservation: held.reservation,
            quantity: *quantity,
        });
        let purchases = self.purchases.iter().map(|wanted| wanted.request(client));
        Ok(Ask {
            returns: returns.collect(),
            purchases: purchases.collect::<Result<_, _>>()?,
            savings_plans: Vec::new(),
        })
    }
}

/// An exchange for people: the totals, then each reservation given up and bought.
pub(super) fn exchange_table(exchange: &Value) -> String {
    let properties = &exchange["properties"];
    if properties.is_null() {
        return String::new();
    }
    let mut text = pairs(&[
        ("Given up", price(&properties["refundsTotal"])),
        ("Bought", price(&properties["purchasesTotal"])),
        ("Net payable", price(&properties["netPayable"])),
        ("Session", plain(&properties["sessionId"])),
    ]);
    let rows = |member: &str| properties[member].as_array().cloned().unwrap_or_default();
    text.push('\n');
    text.push_str(&columns(
        &["Given up", "Units", "Comes back", "Never to be paid"],
        rows("reservationsToExchange").iter().map(|row| {
            vec![
                last_segment(&row["reservationId"]),
                plain(&row["quantity"]),
                price(&row["billingRefundAmount"]),
                price(&row["billingInformation"]["billingCurrencyRemainingCommitmentAmount"]),
            ]
        }),
    ));
    text.push('\n');
    text.push_str(&columns(
        &["Bought", "Region", "Term", "Plan", "Units", "Total", "Reservation"],
        rows("reservationsToPurchase").iter().map(|row| {
            let wanted = &row["properties"];
            vec![
                plain(&wanted["sku"]["name"]),
                plain(&wanted["location"]),
                plain(&wanted["properties"]["term"]),
                plain(&wanted["properties"]["billingPlan"]),
                plain(&wanted["properties"]["quantity"]),
                price(&row["billingCurrencyTotal"]),
                super::pair_of(&row["reservationId"]),
            ]
        }),
    ));
    text
}

fn last_segment(id: &Value) -> String {
    id.as_str().and_then(|id| id.rsplit('/').next()).unwrap_or_default().to_owned()
}
