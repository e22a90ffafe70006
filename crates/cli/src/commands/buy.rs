//! `prorata buy`: quote a purchase and place it.

use super::wanted::Wanted;
use super::{Consent, show_quote, with_proof};
use crate::client::{Answer, Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, pairs, price};
use clap::Args;
use prorata_domain::ids::OrderId;
use prorata_domain::purchase::Request;
use prorata_wire::azure::{Version, order_id, v2022_11_01::purchase};
use serde_json::Value;
use uuid::Uuid;

/// Buy a reservation: quote it, then place the order.
#[derive(Debug, Args)]
pub struct Buy {
    #[command(flatten)]
    wanted: Wanted,

    /// Place the order that was quoted under this id, with the same request; no new quote.
    #[arg(long, value_name = "ID", conflicts_with = "what_if")]
    order: Option<Uuid>,

    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Buy {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        self.consent.check(self.order.is_some())?;
        let client = Client::sign_in(&self.connection)?;
        let request = self.wanted.request(&client)?;
        let mut quote = None;
        let order = match self.order {
            Some(order) => OrderId(order),
            None => {
                let answer = ask(&client, &request)?;
                if self.consent.what_if {
                    return show_quote(&self.output, answer, quote_table);
                }
                let quoted = answer.accepted()?.body;
                self.consent.get(&with_proof(&quoted, quote_table), "Buy it?")?;
                let order = order_of(&quoted)?;
                quote = Some(quoted);
                order
            }
        };
        let placed =
            client.put(&order_id(order), &purchase::body(&request, Version::V2022_11_01))?;
        let order = client.follow(placed)?;
        self.output.print(&order, |order| {
            let mut text = super::show::order_table(order);
            if let Some(quote) = &quote {
                text.push('\n');
                text.push_str(&with_proof(quote, quote_table));
            }
            text
        })?;
        Ok(Outcome::Done)
    }
}

/// Asks what a purchase would cost.
///
/// # Errors
/// No connection; what the server says of the request is in the answer.
pub fn ask(client: &Client, request: &Request) -> Result<Answer, Failure> {
    let path = "/providers/Microsoft.Capacity/calculatePrice";
    client.post(path, &purchase::body(request, Version::V2022_11_01))
}

fn order_of(quote: &Value) -> Result<OrderId, Failure> {
    let id = quote["properties"]["reservationOrderId"].as_str();
    id.and_then(OrderId::parse).ok_or_else(|| Failure::new("the quote came without an order id"))
}

/// A quote for people.
pub fn quote_table(quote: &Value) -> String {
    let properties = &quote["properties"];
    let text = |member: &str| properties[member].as_str().unwrap_or_default().to_owned();
    let (total, in_dollars) =
        (price(&properties["billingCurrencyTotal"]), price(&properties["pricingCurrencyTotal"]));
    let mut rows = vec![
        ("Product", text("skuTitle")),
        ("Total", total.clone()),
        ("Order id", text("reservationOrderId")),
    ];
    if in_dollars != total {
        rows.insert(2, ("In US dollars", in_dollars));
    }
    if let Some(payments) = properties["paymentSchedule"].as_array().filter(|rows| !rows.is_empty())
    {
        let first = &payments[0];
        let day = |row: &Value| row["dueDate"].as_str().unwrap_or_default().to_owned();
        let last = payments.last().map(day).unwrap_or_default();
        let each = price(&first["billingCurrencyTotal"]);
        let says = format!("{} of {each}, from {} to {last}", payments.len(), day(first));
        rows.insert(2, ("Payments", says));
    }
    pairs(&rows)
}
