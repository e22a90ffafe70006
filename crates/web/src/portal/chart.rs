//! A chart of bars over time, drawn on the server: it is there without script, has a table behind
//! it, and is read off and zoomed into with script (`data-chart` in the portal's script).

/// Units of the picture for one bar with the space around it; the picture is stretched.
const SLOT: i64 = 20;
const BAR: i64 = 14;
const HEIGHT: i64 = 200;

#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows, as one sentence.
    pub title: String,
    /// The heading of the first column of the table.
    pub column: String,
    pub series: Vec<Series>,
    /// The headings of what the table has beside the series.
    pub beside: Vec<String>,
    pub points: Vec<Point>,
    /// What the upper end of the scale stands for, and its middle.
    pub top: String,
    pub middle: String,
    pub bottom: String,
}

#[derive(Debug, Clone)]
pub struct Series {
    pub label: String,
    pub class: &'static str,
}

/// A day or an hour: its name, the value of each series, and all of it in words.
#[derive(Debug, Clone)]
pub struct Point {
    pub label: String,
    pub values: Vec<String>,
    pub beside: Vec<String>,
    pub read: String,
    pub x: i64,
    pub parts: Vec<Part>,
}

/// The piece of a bar that one series has.
#[derive(Debug, Clone)]
pub struct Part {
    pub y: i64,
    pub height: i64,
    pub class: &'static str,
}

/// A row of what is drawn: its name, and the amount of each series; nothing where none is known.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub label: String,
    pub amounts: Option<Vec<i64>>,
    /// What the table has beside the series.
    pub beside: Vec<String>,
}

/// What the amounts of a chart are.
#[derive(Debug, Clone, Default)]
pub struct Legend {
    /// What it shows, as one sentence.
    pub title: String,
    /// The heading of the first column of the table.
    pub column: String,
    pub series: Vec<String>,
    pub beside: Vec<String>,
    /// What is said of a row of which no amount is known.
    pub unknown: String,
    /// What the scale reaches at least.
    pub least: i64,
}

impl Chart {
    /// Bars of one or two series that stand on each other; `write` puts an amount into words.
    pub fn bars(legend: Legend, rows: &[Row], write: impl Fn(i64) -> String) -> Chart {
        let sum = |row: &Row| row.amounts.iter().flatten().sum::<i64>();
        let whole = round_up(rows.iter().map(sum).max().unwrap_or(0).max(legend.least));
        let point = |(index, row): (i64, &Row)| {
            let values: Vec<String> = match &row.amounts {
                Some(amounts) => amounts.iter().map(|amount| write(*amount)).collect(),
                None => vec![legend.unknown.clone(); legend.series.len()],
            };
            Point {
                read: match &row.amounts {
                    Some(_) => read(&row.label, &legend.series, &values),
                    None => format!("{}: {}", row.label, legend.unknown),
                },
                label: row.label.clone(),
                values,
                beside: row.beside.clone(),
                x: index * SLOT + (SLOT - BAR) / 2,
                parts: row.amounts.as_deref().map(|it| parts(it, whole)).unwrap_or_default(),
            }
        };
        let points = (0..).zip(rows).map(point).collect();
        let named = legend.series.iter().zip(CLASSES);
        Chart {
            series: named
                .map(|(label, (_, class))| Series { label: label.clone(), class })
                .collect(),
            points,
            top: write(whole),
            middle: write(whole / 2),
            bottom: write(0),
            title: legend.title,
            column: legend.column,
            beside: legend.beside,
        }
    }

    pub fn width(&self) -> i64 {
        i64::try_from(self.points.len()).unwrap_or(1).max(1) * SLOT
    }

    pub fn height(&self) -> i64 {
        HEIGHT
    }

    pub fn bar(&self) -> i64 {
        BAR
    }

    pub fn slot(&self) -> i64 {
        SLOT
    }

    /// Where the part of the picture that belongs to a point begins.
    pub fn start(&self, point: &Point) -> i64 {
        point.x - (SLOT - BAR) / 2
    }

    pub fn first(&self) -> &str {
        self.points.first().map_or("", |point| &point.label)
    }

    pub fn last(&self) -> &str {
        self.points.last().map_or("", |point| &point.label)
    }

    /// Whether the series have to be told apart.
    pub fn is_stacked(&self) -> bool {
        self.series.len() > 1
    }
}

/// The classes of the series: of their bars, and of their keys.
const CLASSES: [(&str, &str); 2] =
    [("series-one", "first-series"), ("series-two", "second-series")];

fn parts(amounts: &[i64], whole: i64) -> Vec<Part> {
    let mut below = 0;
    let mut parts = Vec::with_capacity(amounts.len());
    for (amount, (class, _)) in amounts.iter().zip(CLASSES) {
        // What is there at all can be seen.
        let least = i64::from(*amount > 0);
        let drawn = i128::from((*amount).max(0)) * i128::from(HEIGHT) / i128::from(whole.max(1));
        let height = i64::try_from(drawn).unwrap_or(HEIGHT).max(least).min(HEIGHT - below);
        below += height;
        if height > 0 {
            parts.push(Part { y: HEIGHT - below, height, class });
        }
    }
    parts
}

/// A point in words: `12 November 2026: 3.5`, with the names of the series where there are several.
fn read(label: &str, labels: &[String], values: &[String]) -> String {
    let named = |(name, value): (&String, &String)| format!("{name} {value}");
    let values: Vec<String> = match values {
        [one] => vec![one.clone()],
        several => labels.iter().zip(several).map(named).collect(),
    };
    format!("{label}: {}", values.join(", "))
}

/// The next of 1, 2 and 5 with noughts behind it: the upper end of a scale.
fn round_up(amount: i64) -> i64 {
    let mut step: i64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let end = step.saturating_mul(factor);
            if end >= amount || end == i64::MAX {
                return end;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_and_no_bar_leaves_the_picture() {
        for (amount, end) in [(0, 1), (1, 1), (3, 5), (51, 100), (101, 200), (10_000, 10_000)] {
            assert_eq!(round_up(amount), end);
        }
        assert!(round_up(i64::MAX) == i64::MAX);
        let row = |label: &str, amounts: Option<Vec<i64>>| Row {
            label: label.to_owned(),
            amounts,
            beside: Vec::new(),
        };
        let rows = [
            row("one", Some(vec![100, 0])),
            row("two", Some(vec![100, 100])),
            row("three", Some(vec![0, 1])),
            row("four", None),
        ];
        let legend = Legend {
            series: vec!["a".to_owned(), "b".to_owned()],
            unknown: "not known".to_owned(),
            ..Legend::default()
        };
        let chart = Chart::bars(legend, &rows, |amount| amount.to_string());
        assert_eq!(chart.points[3].read, "four: not known");
        assert!(chart.points[3].parts.is_empty());
        assert_eq!((chart.top.as_str(), chart.middle.as_str()), ("200", "100"));
        assert_eq!(chart.points[1].read, "two: a 100, b 100");
        for point in &chart.points {
            assert!(point.parts.iter().all(|part| part.y >= 0 && part.y + part.height <= HEIGHT));
            assert!(point.x + BAR <= chart.width());
        }
        assert_eq!(chart.points[0].parts.len(), 1, "nothing is drawn for nothing");
        assert_eq!(chart.points[2].parts[0].height, 1, "what is there can be seen");
    }
}
