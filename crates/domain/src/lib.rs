//! The domain of Prorata: what a reservation is, the dated rules about it, and the decisions.
//!
//! Nothing here reads a clock, a file, a network or a random number: time and identifiers are
//! arguments. A job is `decide(facts, request, now)`; its answer is a [`Decision`] that always
//! carries every [`Finding`].

pub mod access;
pub mod accounting;
pub mod archive;
pub mod authorization;
pub mod billing;
pub mod cart;
pub mod catalog;
pub mod commit_units;
pub mod decision;
pub mod directory;
pub mod drain;
pub mod exchange;
pub mod ids;
pub mod merge;
pub mod partner;
pub mod payment;
pub mod policy;
pub mod principal;
pub mod proration;
pub mod provisioning;
pub mod purchase;
pub mod rearrange;
pub mod refund;
pub mod renewal;
pub mod request;
pub mod reservation;
pub mod rights;
pub mod savings_plan;
pub mod scope;
pub mod seal;
pub mod split;
pub mod support;
pub mod term;
pub mod trade_in;
pub mod update;
pub mod utilization;
pub mod waiver;

pub use decision::{Amount, Decision, Finding, Line, Outcome, Refusal, Repair};
