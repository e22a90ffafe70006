//! The use cases on a real database.

mod access;
mod audit;
mod cap;
mod clock;
mod desk;
mod listing;
mod partner;
mod racing;
mod readers;
mod rearrange;
mod requests;
mod story;
mod support;
mod users;
mod what_if;
mod worlds;
