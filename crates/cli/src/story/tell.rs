//! The story's turns of phrase.

use super::{Date, Request};
use crate::proof::push_wrapped;
use prorata_domain::{Decision, Outcome};

/// A heading with a line under it.
pub fn title(text: &str) -> String {
    format!("\n{text}\n{}\n", "=".repeat(text.chars().count()))
}

/// What happens on a day.
pub fn day_heading(day: Date, text: &str) -> String {
    title(&format!("{day}: {text}"))
}

/// `10 x Standard_D4s_v5 in westeurope for 3 Years`.
pub fn product(request: &Request) -> String {
    format!(
        "{} x {} in {} for {}",
        request.quantity,
        request.sku,
        request.location.as_deref().unwrap_or("no region"),
        request.term.title()
    )
}

/// The clauses that were met, in one paragraph.
pub fn met<P>(decision: &Decision<P>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for finding in &decision.findings {
        let name = finding.clause.as_str();
        if finding.outcome == Outcome::Met && !names.contains(&name) {
            names.push(name);
        }
    }
    let mut text = String::new();
    push_wrapped(&mut text, "", &format!("Clauses met: {}.", names.join(", ")));
    text
}
