//! The shapes of the reservation API: requests read, answers written, and both against the
//! published examples.

mod answers;
mod published;
mod requests;
mod sample;
