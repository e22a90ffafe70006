//! The audit: who did what, when, from where and on whose behalf, and the decision behind a line.

mod decision;

#[cfg(test)]
pub use decision::DecisionPage;
pub use decision::show as decision;
