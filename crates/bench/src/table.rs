//! What was measured, and the one table it is printed in.

use std::fmt::Write;

/// The same thing measured several times.
#[derive(Debug, Clone, Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    pub fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    pub fn of(figures: impl IntoIterator<Item = f64>) -> Figures {
        Figures(figures.into_iter().collect())
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    pub fn min(&self) -> f64 {
        self.sorted().first().copied().unwrap_or(f64::NAN)
    }

    pub fn max(&self) -> f64 {
        self.sorted().last().copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        match sorted.len() {
            0 => f64::NAN,
            count if count % 2 == 1 => sorted[count / 2],
            count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
        }
    }
}

/// What a figure should come to.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    Above(f64),
    Below(f64),
    /// At least this part of the reference.
    OfReference(f64),
}

/// One measured thing, beside what it is to be compared with.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub unit: &'static str,
    pub figures: Figures,
    pub goal: Option<Goal>,
    /// What was measured in the same run to compare with, and what it is.
    pub reference: Option<(&'static str, Figures)>,
}

impl Line {
    pub fn new(name: impl Into<String>, unit: &'static str, figures: Figures) -> Line {
        Line { name: name.into(), unit, figures, goal: None, reference: None }
    }

    pub fn goal(mut self, goal: Goal) -> Line {
        self.goal = Some(goal);
        self
    }

    pub fn beside(mut self, name: &'static str, figures: Figures) -> Line {
        self.reference = Some((name, figures));
        self
    }

    fn ratio(&self) -> Option<f64> {
        let (_, reference) = self.reference.as_ref()?;
        Some(self.figures.median() / reference.median())
    }

    fn cells(&self) -> [String; 7] {
        let reached = |yes: bool| if yes { "" } else { "  MISSED" };
        let figure = self.figures.median();
        let goal = match self.goal {
            None => String::new(),
            Some(Goal::Above(least)) => format!("> {}{}", number(least), reached(figure > least)),
            Some(Goal::Below(most)) => format!("< {}{}", number(most), reached(figure < most)),
            Some(Goal::OfReference(part)) => {
                let reached = reached(self.ratio().is_some_and(|ratio| ratio >= part));
                format!(">= {:.0} %{reached}", part * 100.0)
            }
        };
        let (name, reference) = self.reference.as_ref().map_or_else(
            || (String::new(), String::new()),
            |(name, figures)| ((*name).to_owned(), number(figures.median())),
        );
        let spread = [self.figures.min(), figure, self.figures.max()].map(number).join(" / ");
        [
            self.name.clone(),
            format!("{} {}", number(figure), self.unit).trim_end().to_owned(),
            goal,
            reference,
            self.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}")),
            spread,
            name,
        ]
    }
}

/// Four figures at most, thousands apart.
fn number(figure: f64) -> String {
    if !figure.is_finite() {
        return "-".to_owned();
    }
    if figure.abs() < 100.0 {
        return format!("{figure:.*}", if figure.abs() < 10.0 { 2 } else { 1 });
    }
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The lines as a Markdown table, columns aligned.
pub fn render(lines: &[Line]) -> String {
    const TITLES: [&str; 7] =
        ["what", "figure", "goal", "reference", "ratio", "min / median / max", "reference is"];
    let mut rows = vec![TITLES.map(str::to_owned)];
    rows.extend(lines.iter().map(Line::cells));
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(text, "| {cell:width$} ");
        }
        text.push_str("|\n");
        if index == 0 {
            for width in &widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text.push_str("|\n");
        }
    }
    text
}
