//! A decision as people read it: each clause with its date and source, and the arithmetic line by
//! line.

use prorata_wire::explanation::{Clause, Explanation, Row, Why};
use std::fmt::Write;

/// How wide prose may become.
const WIDTH: usize = 96;

/// The whole decision: the verdict, the repairs, and every clause that was looked at.
pub fn text(explanation: &Explanation) -> String {
    let mut out = verdict(explanation);
    for finding in &explanation.findings {
        out.push_str(&clause(finding));
    }
    out
}

/// The decision without the clauses' wording and sources.
pub fn brief(explanation: &Explanation) -> String {
    let mut out = verdict(explanation);
    for finding in &explanation.findings {
        out.push_str(&heading(finding));
        push_lines(&mut out, &finding.lines);
    }
    out
}

fn verdict(explanation: &Explanation) -> String {
    let mut out = match &explanation.refusal {
        Some(why) => refusal(why),
        None => "Approved. ".to_owned(),
    };
    if !explanation.findings.is_empty() {
        out.push_str("What was looked at, in this order:\n");
    }
    out
}

/// Why not, and what would help.
pub fn refusal(why: &Why) -> String {
    let mut out = String::new();
    push_wrapped(&mut out, "", &format!("Refused ({}): {}", why.code, sentence(&why.reason)));
    for (index, repair) in why.repairs.iter().enumerate() {
        let lead = if index == 0 { "would pass: " } else { "or:         " };
        push_wrapped(&mut out, "  ", &format!("{lead}{}", repair.says));
    }
    out
}

/// One clause: its outcome, what it says, where it stands, and the numbers.
pub fn clause(finding: &Clause) -> String {
    let mut out = format!("\n{}", heading(finding));
    push_wrapped(&mut out, "    ", &finding.says);
    push_wrapped(&mut out, "    ", &format!("source: {}", finding.source));
    push_lines(&mut out, &finding.lines);
    out
}

fn heading(finding: &Clause) -> String {
    let about = finding.about.as_deref().map_or_else(String::new, |about| format!(" ({about})"));
    let Clause { clause, since, .. } = finding;
    format!("  {:12}  {clause}{about}, in force since {since}\n", outcome(&finding.outcome))
}

fn outcome(outcome: &str) -> &str {
    match outcome {
        "met" => "[met]",
        "not-met" => "[NOT MET]",
        "not-concerned" => "[no concern]",
        other => other,
    }
}

fn push_lines(out: &mut String, lines: &[Row]) {
    let width =
        |of: fn(&Row) -> &str| lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
    let (label_width, amount_width) = (width(|line| &line.label), width(|line| &line.amount));
    for line in lines {
        let formula =
            line.formula.as_deref().map_or_else(String::new, |formula| format!("  = {formula}"));
        // Text may be long, and only numbers gain from standing under each other.
        let row = if line.value.is_string() {
            format!("{:label_width$}  {}{formula}", line.label, line.amount)
        } else {
            format!("{:label_width$}  {:>amount_width$}{formula}", line.label, line.amount)
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "      {}", row.trim_end());
    }
}

fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// Adds a paragraph; lines after the first are indented under it.
pub fn push_wrapped(out: &mut String, indent: &str, text: &str) {
    let mut line = String::new();
    let mut lead = indent.to_owned();
    for word in text.split(' ') {
        let longer = lead.chars().count() + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && longer > WIDTH {
            let _ = writeln!(out, "{lead}{}", line.trim_end());
            line.clear();
            lead = format!("{indent}  ");
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "{lead}{}", line.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_and_indented() {
        let mut out = String::new();
        push_wrapped(&mut out, "  ", &"word ".repeat(30));
        assert!(out.lines().all(|line| line.chars().count() <= WIDTH), "{out}");
        assert!(out.starts_with("  word") && out.lines().nth(1).unwrap().starts_with("    word"));
    }
}
