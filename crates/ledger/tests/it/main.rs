//! What holds for all amounts and entries, and the rounding rules by their recorded figures.

mod examples;
mod laws;
