//! A clause's dates as a picture: one band along the years, with a piece for each value, a mark for
//! each day that a value names, and a line at the day that is looked at. The list of the same dates
//! stands beside it, so the picture says nothing that words do not.

use jiff::civil::{Date, date};
use prorata_domain::policy::ClauseInfo;
use prorata_domain::term::days_between;

/// The years that all pictures of a page share, so that they line up.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    first: Date,
    days: i64,
}

/// The band of one clause. Places and widths are percentages of the picture.
#[derive(Debug, Clone)]
pub struct Band {
    pub pieces: Vec<Piece>,
    /// Days that values name.
    pub marks: Vec<String>,
    /// The day that is looked at.
    pub on: String,
}

#[derive(Debug, Clone)]
pub struct Piece {
    pub x: String,
    pub width: String,
    pub class: &'static str,
}

/// The beginning of a year.
#[derive(Debug, Clone)]
pub struct Year {
    pub x: String,
    /// Where its name stands.
    pub middle: String,
    pub label: String,
}

impl Scale {
    /// From the first year of the book to the end of the last that is dated in it, or looked at.
    pub fn of<'b>(clauses: &[ClauseInfo<'b>], on: Date, today: Date) -> Scale {
        let dates = clauses.iter().flat_map(|clause| &clause.values);
        let dates = dates.flat_map(|value| value.names.iter().chain([&value.since]));
        let last = dates.copied().chain([on, today]).max().unwrap_or(today);
        let first = clauses.iter().flat_map(|clause| clause.values.first());
        let first = first.map(|value| value.since).min().unwrap_or(today);
        let first = date(first.year(), 1, 1);
        // A band that reached centuries ahead would show nothing.
        let end = last.year().min(today.year().saturating_add(20)).saturating_add(1);
        Scale { first, days: days_between(first, date(end, 1, 1)).max(1) }
    }

    /// Hundredths of a percent from the left.
    fn place(self, day: Date) -> i64 {
        (days_between(self.first, day) * 10_000 / self.days).clamp(0, 10_000)
    }

    pub fn years(self) -> Vec<Year> {
        let first = self.first.year();
        (first..)
            .map(|year| (year, date(year, 1, 1), date(year, 7, 1)))
            .take_while(|(_, begin, _)| days_between(self.first, *begin) < self.days)
            .map(|(year, begin, middle)| Year {
                x: percent(self.place(begin)),
                middle: percent(self.place(middle)),
                label: year.to_string(),
            })
            .collect()
    }

    /// The band of a clause whose values are dated.
    pub fn band(self, clause: &ClauseInfo<'_>, on: Date) -> Band {
        let now = clause.on(on).map(|value| value.since);
        let ends = clause.values.iter().skip(1).map(|value| self.place(value.since));
        let pieces = clause.values.iter().zip(ends.chain([10_000])).map(|(value, end)| {
            let x = self.place(value.since);
            let class = match value.since {
                since if Some(since) == now => "holds",
                since if since > on => "later",
                _ => "past",
            };
            // A gap of a hair's breadth tells one value from the next.
            Piece { x: percent(x), width: percent((end - x - 25).max(20)), class }
        });
        let mut marks: Vec<i64> = clause
            .on(on)
            .into_iter()
            .flat_map(|value| &value.names)
            .map(|day| self.place(*day))
            .collect();
        marks.dedup();
        Band {
            pieces: pieces.collect(),
            marks: marks.into_iter().map(percent).collect(),
            on: percent(self.place(on)),
        }
    }
}

fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_domain::policy::{Book, ClauseId};

    #[test]
    fn a_band_is_in_the_order_of_its_dates_and_ends_with_the_picture() {
        let clauses: Vec<_> = Book::built_in().clauses().collect();
        let (on, today) = (date(2023, 5, 1), date(2026, 11, 22));
        let scale = Scale::of(&clauses, on, today);
        let years = scale.years();
        assert_eq!(years.first().map(|year| year.label.as_str()), Some("2019"));
        assert_eq!(
            years.last().map(|year| year.label.as_str()),
            Some("2027"),
            "the last dated day"
        );
        let right = clauses.iter().find(|clause| clause.id == ClauseId::ExchangeRight).unwrap();
        let band = scale.band(right, on);
        let classes: Vec<_> = band.pieces.iter().map(|piece| piece.class).collect();
        assert_eq!(classes, ["past", "past", "holds", "later", "later", "later"]);
        assert_eq!(band.pieces[0].x, "0.00%");
        // What was announced then was 2024-01-01, five of nine years from the left.
        assert_eq!(band.marks, ["55.55%"]);
        assert_eq!(scale.band(right, today).marks.len(), 1);
    }

    #[test]
    fn a_day_of_another_century_does_not_stretch_the_picture() {
        let clauses: Vec<_> = Book::built_in().clauses().collect();
        let scale = Scale::of(&clauses, date(9999, 12, 31), date(2026, 11, 22));
        assert!(scale.years().len() < 40);
    }
}
