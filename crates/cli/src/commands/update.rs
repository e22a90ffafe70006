//! `prorata update`: change what a reservation is for, and how it goes on.

use super::rearranged;
use super::wanted::{Held, Scope, held, scope};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use prorata_domain::update::Request;
use prorata_wire::azure::reservation_id;
use prorata_wire::azure::v2022_11_01::update::body;
use serde_json::Value;

/// Change a reservation's scope, name, flexibility, renewal or review. Nothing is charged.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true)
    .args(["scope", "name", "renew", "flexibility", "review"]))]
pub struct Update {
    /// What to change: ORDER/RESERVATION, or the reservation's path.
    #[arg(value_parser = held)]
    reservation: Held,

    /// Who benefits: `shared`, or the path of a subscription, resource group or management group.
    #[arg(long, value_parser = scope)]
    scope: Option<Scope>,

    /// A name to find it by.
    #[arg(long)]
    name: Option<String>,

    /// Whether it is bought again at its end.
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    renew: Option<bool>,

    /// Whether it covers other sizes of its group; for virtual machines.
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    flexibility: Option<bool>,

    /// When to look at its hybrid benefit again, such as 2027-03-04T00:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    review: Option<Timestamp>,

    /// Only say what would happen; nothing is changed. Exit code 3 when it would be refused.
    #[arg(long)]
    what_if: bool,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Update {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let Held { order, reservation } = self.reservation;
        let changes = body(&Request {
            applied_scope: self.scope.as_ref().map(|scope| scope.in_tenant(client.tenant())),
            instance_flexibility: self.flexibility,
            display_name: self.name.clone(),
            renew: self.renew,
            renew_as: None,
            review_at: self.review,
        });
        let path = reservation_id(order, reservation);
        if self.what_if {
            let answer = client.patch(&rearranged::what_if(&path), &changes)?;
            return super::show_quote(&self.output, answer, rearranged::nothing);
        }
        let row = client.patch(&path, &changes)?.accepted()?.body;
        self.output.print(&row, |row| rearranged::table(&Value::Array(vec![row.clone()])))?;
        Ok(Outcome::Done)
    }
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err("must be `on` or `off`".to_owned()),
    }
}
