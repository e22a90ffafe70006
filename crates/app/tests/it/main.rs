//! The use cases on a real database.

mod access;
mod audit;
mod cap;
mod clock;
mod desk;
mod racing;
mod partner;
mod readers;
mod rearrange;
mod requests;
mod story;
mod support;
mod users;
mod worlds;
