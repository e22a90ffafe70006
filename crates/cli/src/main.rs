//! `prorata`: the server, its administration, and a client of it.

mod client;
mod commands;
mod database;
mod failure;
mod outbound;
mod output;
mod proof;
mod sandbox;
mod server;
mod story;

use clap::{Parser, Subcommand};
use commands::{
    access, approval_policy, archive, audit, buy, catalog, demo, desk, drain, exchange, explain,
    import, issuer, jobs, list, merge, notifications, partner, policy, principal, quote, receiver,
    refund, request, serve, show, split, support, trade_in, update, user, verify, world,
};
use failure::{Failure, Outcome};
use std::process::ExitCode;

/// A desk for cloud reservations: quote, buy, return and exchange them, with the reasons.
#[derive(Debug, Parser)]
#[command(
    name = "prorata",
    version,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 refused by a rule.\n\
                  Only data goes to standard output; all else goes to standard error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Quote(quote::Quote),
    Buy(buy::Buy),
    Refund(refund::Refund),
    Exchange(exchange::Exchange),
    TradeIn(trade_in::TradeIn),
    Drain(drain::Drain),
    Split(split::Split),
    Merge(merge::Merge),
    Update(update::Update),
    Archive(archive::Archive),
    Access(access::Access),
    List(list::List),
    Notifications(notifications::Notifications),
    #[command(name = "request")]
    Requests(request::Requests),
    #[command(name = "approval-policy")]
    ApprovalPolicies(approval_policy::ApprovalPolicies),
    Partner(partner::Partner),
    #[command(name = "receiver")]
    Receivers(receiver::Receivers),
    Show(show::Show),
    Support(support::Support),
    Desk(desk::Desk),
    #[command(name = "user")]
    Users(user::Users),
    #[command(name = "principal")]
    Principals(principal::Principals),
    /// The accounts, tenants and principals that the desk works for.
    #[command(subcommand)]
    World(World),
    /// Reservation prices.
    #[command(subcommand)]
    Prices(Prices),
    /// Other issuers whose tokens are taken, and the keys of the desk's own.
    #[command(subcommand)]
    Issuer(Issuer),
    /// Size-flexibility ratios.
    #[command(subcommand)]
    Ratios(Ratios),
    /// VM sizes.
    #[command(subcommand)]
    Sizes(Sizes),
    /// How much of reservations was used, by days.
    #[command(subcommand)]
    Utilization(Utilization),
    /// Who did what and looked at what money, and whether the record is as it was.
    #[command(subcommand)]
    Audit(audit::Audit),
    Verify(verify::Verify),
    Jobs(jobs::Jobs),
    Explain(explain::Explain),
    /// What can be reserved.
    #[command(subcommand)]
    Catalog(Catalog),
    /// The rules.
    #[command(subcommand)]
    Policy(Policy),
}

#[derive(Debug, Subcommand)]
enum World {
    Apply(world::Apply),
}

#[derive(Debug, Subcommand)]
enum Issuer {
    Add(Box<issuer::Add>),
    List(issuer::List),
    Remove(issuer::Remove),
    RotateKey(issuer::RotateKey),
}

#[derive(Debug, Subcommand)]
enum Prices {
    Import(import::Prices),
}

#[derive(Debug, Subcommand)]
enum Ratios {
    Import(import::Ratios),
}

#[derive(Debug, Subcommand)]
enum Sizes {
    Import(import::Sizes),
}

#[derive(Debug, Subcommand)]
enum Utilization {
    Import(import::Utilization),
}

#[derive(Debug, Subcommand)]
enum Catalog {
    Types(catalog::Types),
}

#[derive(Debug, Subcommand)]
enum Policy {
    Show(policy::Show),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            failure.report();
            failure.kind.into()
        }
    }
}

fn run(command: Command) -> Result<Outcome, Failure> {
    match command {
        Command::Serve(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Quote(command) => command.run(),
        Command::Buy(command) => command.run(),
        Command::Refund(command) => command.run(),
        Command::Exchange(command) => command.run(),
        Command::TradeIn(command) => command.run(),
        Command::Drain(command) => command.run(),
        Command::Split(command) => command.run(),
        Command::Merge(command) => command.run(),
        Command::Update(command) => command.run(),
        Command::Archive(command) => command.run(),
        Command::Access(command) => command.run(),
        Command::List(command) => command.run(),
        Command::Notifications(command) => command.run(),
        Command::Partner(command) => command.run(),
        Command::Receivers(command) => command.run(),
        Command::Requests(command) => command.run(),
        Command::ApprovalPolicies(command) => command.run(),
        Command::Show(command) => command.run(),
        Command::Support(command) => command.run(),
        Command::Desk(command) => command.run(),
        Command::Users(command) => command.run(),
        Command::Principals(command) => command.run(),
        Command::World(World::Apply(command)) => command.run(),
        Command::Issuer(Issuer::Add(command)) => command.run(),
        Command::Issuer(Issuer::List(command)) => command.run(),
        Command::Issuer(Issuer::Remove(command)) => command.run(),
        Command::Issuer(Issuer::RotateKey(command)) => command.run(),
        Command::Prices(Prices::Import(command)) => command.run(),
        Command::Ratios(Ratios::Import(command)) => command.run(),
        Command::Sizes(Sizes::Import(command)) => command.run(),
        Command::Utilization(Utilization::Import(command)) => command.run(),
        Command::Audit(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Jobs(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Catalog(Catalog::Types(command)) => command.run(),
        Command::Policy(Policy::Show(command)) => command.run(),
    }
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
