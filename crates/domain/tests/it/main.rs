//! The casebook, the explanations and the laws of the domain's decisions.

mod access;
mod casebook;
mod explanation;
mod laws;
mod proof;
mod types;
