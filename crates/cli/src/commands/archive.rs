//! `prorata archive`: put a reservation that is over out of sight.

use super::wanted::{Held, held};
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use clap::Args;
use prorata_wire::azure::reservation_id;
use serde_json::Value;

/// Put a reservation that is cancelled, expired or failed out of sight, or get it back.
#[derive(Debug, Args)]
pub struct Archive {
    /// What to archive: ORDER/RESERVATION, or the reservation's path.
    #[arg(value_parser = held)]
    reservation: Held,

    /// Get it back out of the archive.
    #[arg(long)]
    undo: bool,

    #[command(flatten)]
    connection: Connection,
}

impl Archive {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let client = Client::sign_in(&self.connection)?;
        let Held { order, reservation } = self.reservation;
        let verb = if self.undo { "unarchive" } else { "archive" };
        let path = format!("{}/{verb}", reservation_id(order, reservation));
        client.post(&path, &Value::Null)?.accepted()?;
        Ok(Outcome::Done)
    }
}
