//! What holds for every decision, tried on made-up holdings, prices and days.

mod amounts;
mod cap;
mod drained;
mod extremes;
mod journal;
mod later_dates;
mod rearranged;
mod renewal;
mod repairs;
mod replay;
mod request;
mod rights;
mod trade_in;
pub mod world;
