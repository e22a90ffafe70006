//! Whether an export is what was sealed, from the file alone.

use jiff::Timestamp;
use prorata_domain::seal::{
    Batch, Digest, Digester, Head, Seal, columns, hex, of_batch, of_rows, of_seal, parse_hex,
};
use serde_json::Value;
use std::io::BufRead;
use uuid::Uuid;

/// What an export that is in order holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    pub seals: u64,
    pub batches: u64,
    pub units: u64,
    /// Units of others, of which only the digest is there.
    pub hidden: u64,
    pub rows: u64,
    /// The last seal.
    pub head: Option<Head>,
}

/// Where an export is not what was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line of the file, from 1 on.
    pub line: usize,
    pub what: String,
}

/// Checks an export from its first line to its last: every digest is made again from what is below
/// it, seals follow each other, and the head, where one is given, is among them.
///
/// # Errors
/// [`Wrong`] for the first line that does not fit; a file that cannot be read is wrong too.
pub fn check(file: impl BufRead, head: Option<&Head>) -> Result<Checked, Wrong> {
    let mut walk = Walk { head, found: head.is_none(), ..Walk::default() };
    let mut number = 0;
    for line in file.lines() {
        number += 1;
        let wrong = |what: String| Wrong { line: number, what };
        let line = line.map_err(|error| wrong(error.to_string()))?;
        if !line.trim().is_empty() {
            let value = serde_json::from_str(&line).map_err(|error| wrong(error.to_string()))?;
            walk.take(&value).map_err(wrong)?;
        }
    }
    let wrong = |what: String| Wrong { line: number, what };
    if !walk.ended {
        return Err(wrong("the file ends before its last line".to_owned()));
    }
    if let (false, Some(head)) = (walk.found, head) {
        return Err(wrong(format!("seal {} of the head is not in this export", head.number)));
    }
    Ok(walk.checked)
}

#[derive(Default)]
struct Walk<'h> {
    head: Option<&'h Head>,
    found: bool,
    ended: bool,
    checked: Checked,
    seal: Option<Seal>,
    /// The batches of the seal that are whole.
    batches: Vec<Batch>,
    /// The batch whose units are read, and their digests so far.
    batch: Option<(Batch, Vec<Digest>)>,
}

impl Walk<'_> {
    fn take(&mut self, value: &Value) -> Result<(), String> {
        if self.ended {
            return Err("something behind the last line".to_owned());
        }
        if let Some(end) = value.get("end") {
            self.end_seal()?;
            self.ended = true;
            let seals = number(end, "seals")?;
            let whole = u64::try_from(seals) == Ok(self.checked.seals);
            return if whole { Ok(()) } else { Err(format!("not all of the {seals} seals")) };
        }
        if let Some(seal) = value.get("seal") {
            self.end_seal()?;
            return self.begin_seal(seal);
        }
        if let Some(batch) = value.get("batch") {
            self.end_batch()?;
            if self.seal.is_none() {
                return Err("a batch before the first seal".to_owned());
            }
            let batch = Batch {
                id: id(batch)?,
                rows: number(batch, "rows")?,
                digest: text(batch, "digest")?,
            };
            self.batch = Some((batch, Vec::new()));
            return Ok(());
        }
        let unit = value.get("unit").ok_or("neither a seal nor a batch nor a unit")?;
        let digest = self.unit(unit)?;
        let (_, digests) = self.batch.as_mut().ok_or("a unit before the first batch")?;
        digests.push(digest);
        Ok(())
    }

    fn begin_seal(&mut self, value: &Value) -> Result<(), String> {
        let at = Timestamp::from_microsecond(number(value, "at")?).map_err(|e| e.to_string())?;
        let seal = Seal {
            number: number(value, "number")?,
            at,
            batches: number(value, "batches")?,
            rows: number(value, "rows")?,
            previous: text(value, "previous")?,
            digest: text(value, "digest")?,
        };
        if let Some(last) = &self.checked.head
            && (seal.number, &seal.previous) != (last.number + 1, &last.digest)
        {
            return Err(format!("seal {} does not follow seal {}", seal.number, last.number));
        }
        self.seal = Some(seal);
        Ok(())
    }

    fn unit(&mut self, value: &Value) -> Result<Digest, String> {
        self.checked.units += 1;
        let Some(rows) = value.get("rows").and_then(Value::as_array) else {
            self.checked.hidden += 1;
            return parse_hex(&text(value, "digest")?).ok_or("a digest that is none".to_owned());
        };
        self.checked.rows += rows.len() as u64;
        let mut digests = rows.iter().map(digest_of).collect::<Result<Vec<_>, String>>()?;
        Ok(of_rows(&text(value, "kind")?, id(value)?, &mut digests))
    }

    fn end_batch(&mut self) -> Result<(), String> {
        let Some((batch, units)) = self.batch.take() else { return Ok(()) };
        let digest = hex(&of_batch(batch.id, units.into_iter()));
        if digest != batch.digest {
            return Err(format!(
                "batch {} has the digest {}, what is in it gives {digest}",
                batch.id, batch.digest
            ));
        }
        self.checked.batches += 1;
        self.batches.push(batch);
        Ok(())
    }

    fn end_seal(&mut self) -> Result<(), String> {
        self.end_batch()?;
        let batches = std::mem::take(&mut self.batches);
        let Some(seal) = self.seal.take() else { return Ok(()) };
        let digest = hex(&of_seal(seal.number, seal.at, &seal.previous, &batches));
        if digest != seal.digest || seal.batches != batches.len() as i64 {
            return Err(format!(
                "seal {} has the digest {}, its {} batches give {digest}",
                seal.number,
                seal.digest,
                batches.len()
            ));
        }
        let this = Head { number: seal.number, digest };
        if let Some(head) = self.head.filter(|head| head.number == this.number) {
            if *head != this {
                return Err(format!("seal {} is not the one of the head", this.number));
            }
            self.found = true;
        }
        self.checked.seals += 1;
        self.checked.head = Some(this);
        Ok(())
    }
}

/// The digest of a row as it stands in the file.
fn digest_of(row: &Value) -> Result<Digest, String> {
    let table = row.get("table").and_then(Value::as_str).unwrap_or_default();
    let names = columns(table);
    let values = row.get("values").and_then(Value::as_array).ok_or("a row without values")?;
    if names.is_empty() || values.len() != names.len() {
        return Err(format!("a row of `{table}` with {} values", values.len()));
    }
    let mut digester = Digester::of(table);
    for (name, value) in names.iter().zip(values) {
        let name = name.trim_end_matches('*');
        if value.get(0).and_then(Value::as_str) != Some(name) {
            return Err(format!("a row of `{table}` whose `{name}` is not in its place"));
        }
        match value.get(1) {
            Some(Value::Null) => digester.null(),
            Some(Value::Number(number)) => {
                digester.number(number.as_i64().ok_or("a number that is not whole")?);
            }
            Some(Value::String(text)) => digester.text(text),
            _ => return Err(format!("`{name}` is neither a text nor a number")),
        }
    }
    Ok(digester.done())
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    let found = value.get(name).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| format!("`{name}` is not a text"))
}

fn number(value: &Value, name: &str) -> Result<i64, String> {
    let found = value.get(name).and_then(Value::as_i64);
    found.ok_or_else(|| format!("`{name}` is not a whole number"))
}

fn id(value: &Value) -> Result<Uuid, String> {
    Uuid::try_parse(&text(value, "id")?).map_err(|_| "`id` is not a GUID".to_owned())
}
