//! A CSV file with a header: columns by name, rows one by one.

use super::lines::{Lines, fields};
use super::{Collector, Fault, ImportError, Imported};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::io::BufRead;

/// The columns that a kind of file has. Names compare without case; others are ignored.
pub(super) struct Shape {
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
    /// Whether lines that begin with `#` are comments.
    pub(super) comments: bool,
}

/// One row, by column name.
pub(super) struct Row<'a> {
    cells: Vec<Cow<'a, str>>,
    columns: &'a HashMap<&'static str, usize>,
}

impl Row<'_> {
    /// The text of a column; empty when the file has no such column.
    pub(super) fn get(&self, column: &'static str) -> &str {
        self.columns.get(column).and_then(|at| self.cells.get(*at)).map_or("", |cell| cell.trim())
    }
}

/// Reads a whole file. Blank lines count for nothing.
pub(super) fn read<T, K: Hash + Eq>(
    input: impl BufRead,
    shape: &Shape,
    progress: &mut dyn FnMut(u64),
    key: fn(&T) -> K,
    parse: impl Fn(&Row<'_>) -> Result<T, Fault>,
) -> Result<Imported<T>, ImportError> {
    let mut lines = Lines::new(input);
    let (width, columns) = header(&mut lines, shape)?;
    let mut collector = Collector::new(key, progress);
    while let Some((number, line)) = lines.next()? {
        let line = match line {
            Ok(line) if is_blank(line, shape) => continue,
            Ok(line) => line,
            Err(reason) => {
                collector.reject(number, reason);
                continue;
            }
        };
        match fields(line) {
            Err(reason) => collector.reject(number, reason),
            Ok(cells) if cells.len() != width => {
                let reason = format!("{} fields where the header has {width}", cells.len());
                collector.reject(number, &reason);
            }
            Ok(cells) => collector.take(number, parse(&Row { cells, columns: &columns }))?,
        }
    }
    Ok(collector.finish())
}

fn is_blank(line: &str, shape: &Shape) -> bool {
    line.trim().is_empty() || (shape.comments && line.starts_with('#'))
}

type Header = (usize, HashMap<&'static str, usize>);

fn header<R: BufRead>(lines: &mut Lines<R>, shape: &Shape) -> Result<Header, ImportError> {
    while let Some((number, line)) = lines.next()? {
        let unreadable = |reason: &str| ImportError::Header { line: number, reason: reason.into() };
        let line = line.map_err(unreadable)?;
        if is_blank(line, shape) {
            continue;
        }
        let names = fields(line).map_err(unreadable)?;
        let mut columns = HashMap::new();
        for column in shape.required.iter().chain(shape.optional) {
            let mut places =
                (0..names.len()).filter(|at| names[*at].trim().eq_ignore_ascii_case(column));
            if let Some(place) = places.next() {
                columns.insert(*column, place);
            }
            if places.next().is_some() {
                return Err(ImportError::RepeatedColumn { line: number, column });
            }
        }
        let missing: Vec<&'static str> =
            shape.required.iter().copied().filter(|name| !columns.contains_key(name)).collect();
        if !missing.is_empty() {
            let required = shape.required;
            return Err(ImportError::MissingColumns { line: number, missing, required });
        }
        return Ok((names.len(), columns));
    }
    Err(ImportError::Empty)
}
