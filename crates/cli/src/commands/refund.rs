//! `prorata refund`: say what returning units is worth, and return them.

use super::wanted::{Held, held};
use super::{Consent, show_quote, with_proof};
use crate::client::{Client, Connection, policy_refusal};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, pairs, plain, price};
use clap::Args;
use prorata_domain::ids::SessionId;
use prorata_wire::azure::order_id;
use prorata_wire::azure::v2022_11_01::refund::{Ask, Deed, ask_body, deed_body};
use serde_json::Value;
use uuid::Uuid;

/// Return units of a reservation for money: quote it, then return them.
#[derive(Debug, Args)]
pub struct Refund {
    /// What to return: ORDER/RESERVATION, or the reservation's path.
    #[arg(value_parser = held)]
    reservation: Held,

    /// How many units.
    #[arg(long, short = 'n', default_value_t = 1)]
    quantity: u32,

    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,

    /// Return what was quoted in this session; no new quote.
    #[arg(long, value_name = "ID", conflicts_with = "what_if")]
    session: Option<Uuid>,

    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Refund {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        self.consent.check(self.session.is_some())?;
        let client = Client::sign_in(&self.connection)?;
        let Held { order, reservation } = self.reservation;
        let returned = Ask { reservation, quantity: self.quantity };
        let mut quote = None;
        let session = match self.session {
            Some(session) => SessionId(session),
            None => {
                let path = format!("{}/calculateRefund", order_id(order));
                let answer = client.post(&path, &ask_body(order, &returned))?;
                if self.consent.what_if {
                    return show_quote(&self.output, answer, refund_table);
                }
                let quoted = answer.accepted()?.body;
                if let Some(refusal) = policy_refusal(&quoted) {
                    return Err(
                        refusal.with_hint("--what-if shows every clause that was looked at")
                    );
                }
                self.consent.get(&with_proof(&quoted, refund_table), "Return it?")?;
                let session = super::session_of(&quoted)?;
                quote = Some(quoted);
                session
            }
        };
        let deed = Deed { session, returned, reason: self.reason.clone() };
        let path = format!("{}/return", order_id(order));
        let done = client.post(&path, &deed_body(order, &deed))?.accepted()?.body;
        self.output
            .print(&done, |done| with_proof(quote.as_ref().unwrap_or(done), refund_table))?;
        Ok(Outcome::Done)
    }
}

/// A refund for people.
fn refund_table(refund: &Value) -> String {
    let properties = &refund["properties"];
    let (billing, policy) =
        (&properties["billingInformation"], &properties["policyResult"]["properties"]);
    let (back, in_dollars) =
        (price(&properties["billingRefundAmount"]), price(&properties["pricingRefundAmount"]));
    let mut rows = vec![
        ("Units returned", plain(&properties["quantity"])),
        ("Comes back", back.clone()),
        ("Never to be paid", price(&billing["billingCurrencyRemainingCommitmentAmount"])),
        ("Counted before", price(&policy["consumedRefundsTotal"])),
        ("Cap", price(&policy["maxRefundLimit"])),
        ("Session", plain(&properties["sessionId"])),
    ];
    if in_dollars != back {
        rows.insert(2, ("In US dollars", in_dollars));
    }
    pairs(&rows)
}
