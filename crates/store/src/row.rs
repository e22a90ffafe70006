use crate::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_ledger::Currency;
use rust_decimal::Decimal;
use std::ops::Range;
use uuid::Uuid;

/// One row of an answer; columns are read by position.
///
/// All its texts lie in one allocation, since a row is made for every one that is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    texts: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Null,
    Int(i64),
    Text(Range<usize>),
}

impl Row {
    pub(crate) fn with_columns(count: usize) -> Row {
        Row { texts: String::with_capacity(count * 16), cells: Vec::with_capacity(count) }
    }

    pub(crate) fn push_null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(crate) fn push_int(&mut self, number: i64) {
        self.cells.push(Cell::Int(number));
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        let start = self.texts.len();
        self.texts.push_str(text);
        self.cells.push(Cell::Text(start..self.texts.len()));
    }

    pub(crate) fn is_int(&self, index: usize, number: i64) -> bool {
        matches!(self.cells.get(index), Some(Cell::Int(mine)) if *mine == number)
    }

    pub(crate) fn is_text(&self, index: usize, text: &[u8]) -> bool {
        match self.cells.get(index) {
            Some(Cell::Text(range)) => self.texts.as_bytes()[range.clone()] == *text,
            _ => false,
        }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.cells.len()
    }

    pub fn is_null(&self, index: usize) -> bool {
        matches!(self.cells.get(index), Some(Cell::Null))
    }

    /// # Errors
    /// [`StoreError::Column`], as for all readers here, when the column holds something else.
    pub fn text(&self, index: usize) -> Result<&str, StoreError> {
        match self.cells.get(index) {
            Some(Cell::Text(range)) => Ok(&self.texts[range.clone()]),
            _ => Err(self.wrong(index, "a text")),
        }
    }

    /// The text as a string of its own.
    pub fn string(&self, index: usize) -> Result<String, StoreError> {
        self.text(index).map(str::to_owned)
    }

    pub fn opt_text(&self, index: usize) -> Result<Option<&str>, StoreError> {
        self.optional(index, Row::text)
    }

    pub fn opt_string(&self, index: usize) -> Result<Option<String>, StoreError> {
        self.optional(index, Row::string)
    }

    pub fn int(&self, index: usize) -> Result<i64, StoreError> {
        match self.cells.get(index) {
            Some(Cell::Int(number)) => Ok(*number),
            _ => Err(self.wrong(index, "a number")),
        }
    }

    pub fn opt_int(&self, index: usize) -> Result<Option<i64>, StoreError> {
        self.optional(index, Row::int)
    }

    /// A number that counts things.
    pub fn count(&self, index: usize) -> Result<u32, StoreError> {
        u32::try_from(self.int(index)?).map_err(|_| self.wrong(index, "a count"))
    }

    /// A small number that may be negative.
    pub fn small(&self, index: usize) -> Result<i32, StoreError> {
        i32::try_from(self.int(index)?).map_err(|_| self.wrong(index, "a small number"))
    }

    pub fn flag(&self, index: usize) -> Result<bool, StoreError> {
        match self.int(index)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.wrong(index, "0 or 1")),
        }
    }

    pub fn uuid(&self, index: usize) -> Result<Uuid, StoreError> {
        self.parsed(index, "an identifier", |text| Uuid::try_parse(text).ok())
    }

    pub fn opt_uuid(&self, index: usize) -> Result<Option<Uuid>, StoreError> {
        self.optional(index, Row::uuid)
    }

    pub fn instant(&self, index: usize) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.int(index)?).map_err(|_| self.wrong(index, "an instant"))
    }

    pub fn opt_instant(&self, index: usize) -> Result<Option<Timestamp>, StoreError> {
        self.optional(index, Row::instant)
    }

    pub fn day(&self, index: usize) -> Result<Date, StoreError> {
        self.parsed(index, "a day", |text| text.parse().ok())
    }

    pub fn opt_day(&self, index: usize) -> Result<Option<Date>, StoreError> {
        self.optional(index, Row::day)
    }

    pub fn currency(&self, index: usize) -> Result<Currency, StoreError> {
        self.parsed(index, "a currency", |text| Currency::parse(text).ok())
    }

    pub fn decimal(&self, index: usize) -> Result<Decimal, StoreError> {
        self.parsed(index, "a decimal number", |text| text.parse().ok())
    }

    /// A text that `parse` makes something of; `wanted` names it in the error.
    pub fn parsed<T>(
        &self,
        index: usize,
        wanted: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(self.text(index)?).ok_or_else(|| self.wrong(index, wanted))
    }

    /// A number that `parse` makes something of; `wanted` names it in the error.
    pub fn parsed_int<T>(
        &self,
        index: usize,
        wanted: &'static str,
        parse: impl FnOnce(i64) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(self.int(index)?).ok_or_else(|| self.wrong(index, wanted))
    }

    fn optional<'a, T>(
        &'a self,
        index: usize,
        read: impl FnOnce(&'a Row, usize) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        if self.is_null(index) { Ok(None) } else { read(self, index).map(Some) }
    }

    fn wrong(&self, index: usize, wanted: &'static str) -> StoreError {
        let found = match self.cells.get(index) {
            None => "nothing: there is no such column".to_owned(),
            Some(Cell::Null) => "null".to_owned(),
            Some(Cell::Int(number)) => format!("the number {number}"),
            Some(Cell::Text(range)) => {
                let text: String = self.texts[range.clone()].chars().take(60).collect();
                format!("the text `{text}`")
            }
        };
        StoreError::Column { index, wanted, found }
    }
}
