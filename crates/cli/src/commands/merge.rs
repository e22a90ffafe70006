//! `prorata merge`: make one reservation out of several.

use super::rearranged;
use super::wanted::{Held, held};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;
use prorata_wire::azure::order_id;
use prorata_wire::azure::v2022_11_01::rearrange::merge_body;

/// Merge reservations of one order that are alike into one. Nothing is bought or returned.
#[derive(Debug, Args)]
pub struct Merge {
    /// What to merge, each as ORDER/RESERVATION, or the reservation's path.
    #[arg(required = true, num_args = 2.., value_parser = held, value_name = "RESERVATION")]
    reservations: Vec<Held>,

    /// Only say what would happen; nothing is changed. Exit code 3 when it would be refused.
    #[arg(long)]
    what_if: bool,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Merge {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let order = self.reservations[0].order;
        if let Some(stray) = self.reservations.iter().find(|one| one.order != order) {
            return Err(Failure::usage(format!(
                "reservations of one order can be merged, and `{}` is of order `{}`",
                stray.reservation, stray.order
            )));
        }
        let client = Client::sign_in(&self.connection)?;
        let sources: Vec<_> = self.reservations.iter().map(|one| one.reservation).collect();
        let body = merge_body(order, &sources);
        let path = format!("{}/merge", order_id(order));
        if self.what_if {
            let answer = client.post(&rearranged::what_if(&path), &body)?;
            return super::show_quote(&self.output, answer, rearranged::nothing);
        }
        let rows = client.post(&path, &body)?.accepted()?.body;
        self.output.print(&rows, rearranged::table)?;
        Ok(Outcome::Done)
    }
}
