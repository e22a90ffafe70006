//! `prorata quote`: what a purchase would cost.

use super::show_quote;
use super::wanted::Wanted;
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;

/// Say what a purchase would cost, and whether it may be made.
#[derive(Debug, Args)]
pub struct Quote {
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl Quote {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let answer = super::buy::ask(&client, &self.wanted.request(&client)?)?;
        show_quote(&self.output, answer, super::buy::quote_table)
    }
}
