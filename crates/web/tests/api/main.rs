//! The reservation API through its router: what clients send and what they are answered.

mod access;
mod bad_input;
mod compatibility;
mod consumption;
mod desk;
mod lists;
mod money;
mod people;
mod rearrange;
mod resources;
mod routes;
mod security;
mod sign_in;
mod versions;
