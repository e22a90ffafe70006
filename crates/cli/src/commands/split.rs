//! `prorata split`: make several reservations out of one.

use super::rearranged;
use super::wanted::{Held, held};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;
use prorata_wire::azure::order_id;
use prorata_wire::azure::v2022_11_01::rearrange::{self, split_body};

/// Split a reservation into several of the same order. Nothing is bought or returned.
#[derive(Debug, Args)]
pub struct Split {
    /// What to split: ORDER/RESERVATION, or the reservation's path.
    #[arg(value_parser = held)]
    reservation: Held,

    /// Units of each part; all of them together are the whole.
    #[arg(required = true, num_args = 2.., value_name = "UNITS")]
    quantities: Vec<u32>,

    /// Only say what would happen; nothing is changed. Exit code 3 when it would be refused.
    #[arg(long)]
    what_if: bool,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Split {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let Held { order, reservation } = self.reservation;
        let quantities = self.quantities.clone();
        let body = split_body(order, &rearrange::Split { reservation, quantities });
        let path = format!("{}/split", order_id(order));
        if self.what_if {
            let answer = client.post(&rearranged::what_if(&path), &body)?;
            return super::show_quote(&self.output, answer, rearranged::nothing);
        }
        let rows = client.post(&path, &body)?.accepted()?.body;
        self.output.print(&rows, rearranged::table)?;
        Ok(Outcome::Done)
    }
}
