//! `prorata show`: one order or reservation.

use super::{pair_of, wanted};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, pairs, plain, price};
use clap::Args;
use prorata_domain::ids::OrderId;
use prorata_wire::azure::{order_id, parse_order_id, reservation_id};
use serde_json::Value;

/// Show an order with its payments, or one reservation.
#[derive(Debug, Args)]
pub struct Show {
    /// ORDER or ORDER/RESERVATION, or the path of either.
    #[arg(value_parser = target)]
    target: Target,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Clone, Copy)]
enum Target {
    Order(OrderId),
    Reservation(wanted::Held),
}

fn target(text: &str) -> Result<Target, String> {
    if let Some(order) = parse_order_id(text) {
        return Ok(Target::Order(order));
    }
    wanted::held(text)
        .map(Target::Reservation)
        .map_err(|_| "must be ORDER or ORDER/RESERVATION, or the path of either".to_owned())
}

impl Show {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        match self.target {
            Target::Order(order) => {
                let path = format!("{}?$expand=schedule", order_id(order));
                self.output.print(&client.get(&path)?, order_table)?;
            }
            Target::Reservation(wanted::Held { order, reservation }) => {
                let path = reservation_id(order, reservation);
                self.output.print(&client.get(&path)?, reservation_table)?;
            }
        }
        Ok(Outcome::Done)
    }
}

/// An order for people: what it is, its reservations, its payments.
pub fn order_table(order: &Value) -> String {
    let properties = &order["properties"];
    let of = |member: &str| plain(&properties[member]);
    let mut text = pairs(&[
        ("Order", plain(&order["name"])),
        ("Name", of("displayName")),
        ("State", of("provisioningState")),
        ("Term", of("term")),
        ("Plan", of("billingPlan")),
        ("Units bought", of("originalQuantity")),
        ("Began", of("benefitStartTime")),
        ("Ends", of("expiryDate")),
    ]);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for row in list(&properties["reservations"]) {
        text.push_str(&pairs(&[("Reservation ", pair_of(&row["id"]))]));
    }
    let payments = list(&properties["planInformation"]["transactions"]);
    if !payments.is_empty() {
        text.push('\n');
        text.push_str(&columns(
            &["Due", "Paid", "Amount", "Status"],
            payments.iter().map(|row| {
                let billed = price(&row["billingCurrencyTotal"]);
                let listed = price(&row["pricingCurrencyTotal"]);
                vec![
                    plain(&row["dueDate"]),
                    plain(&row["paymentDate"]),
                    if billed.is_empty() { listed } else { billed },
                    plain(&row["status"]),
                ]
            }),
        ));
    }
    text
}

/// A reservation for people.
fn reservation_table(reservation: &Value) -> String {
    let properties = &reservation["properties"];
    let of = |member: &str| plain(&properties[member]);
    let mut rows = vec![
        ("Reservation", pair_of(&reservation["id"])),
        ("Name", of("displayName")),
        ("Product", plain(&reservation["sku"]["name"])),
        ("Kind", of("reservedResourceType")),
        ("Region", plain(&reservation["location"])),
        ("Units", of("quantity")),
        ("Term", of("term")),
        ("Plan", of("billingPlan")),
        ("State", of("displayProvisioningState")),
        ("Benefits", of("userFriendlyAppliedScopeType")),
        ("Bought", of("purchaseDateTime")),
        ("Ends", of("expiryDate")),
        ("Renews", of("userFriendlyRenewState")),
        ("Paid by", of("billingScopeId")),
    ];
    let holds = &reservation["explanation"]["commitUnits"];
    if holds.is_object() {
        let left = format!("{} of {}", plain(&holds["left"]), plain(&holds["bought"]));
        rows.push(("Commit units left", left));
    }
    for span in reservation["explanation"]["rights"]["exchanges"].as_array().into_iter().flatten() {
        rows.push(("Exchange", plain(&span["says"])));
    }
    rows.extend(renewal_trap(reservation).map(|text| ("Take note", text)));
    if let Some(message) = properties["extendedStatusInfo"]["message"].as_str() {
        rows.push(("Note", message.to_owned()));
    }
    pairs(&rows)
}

/// What the renewal of a reservation would lose, and until when that can be helped.
fn renewal_trap(reservation: &Value) -> Option<String> {
    let findings = reservation["explanation"]["findings"].as_array()?;
    let warned = findings.iter().find(|finding| finding["outcome"] == "warned")?;
    let line = |label: &str| {
        let lines = warned["lines"].as_array()?;
        Some(plain(&lines.iter().find(|line| line["label"] == label)?["amount"]))
    };
    Some(format!(
        "it renews on {}, and what that buys cannot be exchanged; last day to exchange it: {}; to \
         keep the right: {}",
        line("renews on")?,
        line("last day to exchange")?,
        line("to keep the right")?
    ))
}
