//! What the published rules say, the laws of the evaluator, and that no check of it can go missing.

mod cases;
mod laws;
mod matrix;
mod mutation;

// The matrix is also read from outside of the crate, where its text is kept.
use crate::{access, ids, policy};
