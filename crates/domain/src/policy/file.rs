//! Reading a policy file: text in, dated values out, and every fault with its line.
//!
//! Files are read by hand and not by serde, because serde stops at the first fault and cannot both
//! share fields between clauses and refuse unknown ones.

use super::value::Value;
use super::{ClauseId, DATED, Dated, Fault, History, Job, PolicyFault};
use jiff::civil::Date;
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file whose head is understood.
pub(super) struct Document<'t> {
    pub clause: ClauseId,
    file: &'t str,
    text: &'t str,
    says: String,
    jobs: Vec<Job>,
    root: Spanned<DeTable<'t>>,
}

/// Reads the head of a file; nothing when it is not TOML or its clause is not known.
pub(super) fn open<'t>(
    file: &'t str,
    text: &'t str,
    faults: &mut Vec<PolicyFault>,
) -> Option<Document<'t>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        faults.extend(errors.iter().map(|error| PolicyFault {
            file: file.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            what: Fault::Syntax(error.message().to_owned()),
        }));
        return None;
    }
    let mut fields = Fields::new(file, text, &root, faults);
    let name = fields.text("clause");
    let says = fields.text("says").unwrap_or_default();
    let jobs = fields.words(
        "applies",
        Job::parse,
        "a list of jobs, such as `purchase`, `refund`, `exchange`",
    );
    // The values are read by `history`, once it is known what they hold.
    fields.asked.push("value");
    fields.done();
    let name = name?;
    let Some(clause) = ClauseId::parse(&name).filter(|clause| DATED.contains(clause)) else {
        let line = root.get_ref().get("clause").map_or(1, |at| line_of(text, at.span().start));
        faults.push(PolicyFault { file: file.to_owned(), line, what: Fault::UnknownClause(name) });
        return None;
    };
    Some(Document { clause, file, text, says, jobs: jobs.unwrap_or_default(), root })
}

impl Document<'_> {
    /// Reads the values of a clause of this kind; nothing when there are faults among them.
    pub fn history<V: Value>(&self, faults: &mut Vec<PolicyFault>) -> Option<History<V>> {
        let before = faults.len();
        let mut fields = Fields::new(self.file, self.text, &self.root, faults);
        let mut last = None;
        let values = fields.each("value", "a list of [[value]] tables", |fields| {
            let since = fields.date("since");
            let source = fields.text("source");
            let read = fields.date("read");
            let value = V::read(fields);
            if let (Some(since), Some(before)) = (since, last)
                && since <= before
            {
                fields.refuse(Fault::NotRising { since, before });
            }
            last = since.or(last);
            Some(Dated { since: since?, source: source?, read: read?, value: value? })
        })?;
        if values.is_empty() {
            fields.refuse(Fault::Missing("value"));
        }
        (faults.len() == before).then(|| History {
            clause: self.clause,
            says: self.says.clone(),
            jobs: self.jobs.clone(),
            text: self.text.to_owned(),
            values,
        })
    }
}

/// The fields of one table. Each reader answers nothing after noting a fault, so that a whole file
/// is read whatever is wrong with parts of it.
pub(super) struct Fields<'d> {
    file: &'d str,
    text: &'d str,
    table: &'d DeTable<'d>,
    line: usize,
    asked: Vec<&'static str>,
    faults: &'d mut Vec<PolicyFault>,
}

impl<'d> Fields<'d> {
    fn new(
        file: &'d str,
        text: &'d str,
        table: &'d Spanned<DeTable<'_>>,
        faults: &'d mut Vec<PolicyFault>,
    ) -> Fields<'d> {
        let line = line_of(text, table.span().start);
        Fields { file, text, table: table.get_ref(), line, asked: Vec::new(), faults }
    }

    pub fn text(&mut self, field: &'static str) -> Option<String> {
        self.word(field, |text| (!text.trim().is_empty()).then(|| text.to_owned()), "a text")
    }

    /// A text that `parse` understands.
    pub fn word<T>(
        &mut self,
        field: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        wants: &'static str,
    ) -> Option<T> {
        self.required(field, wants, |value| value.as_str().and_then(&parse))
    }

    /// A list of texts that `parse` understands.
    pub fn words<T>(
        &mut self,
        field: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        wants: &'static str,
    ) -> Option<Vec<T>> {
        self.required(field, wants, |value| {
            value.as_array()?.iter().map(|item| parse(item.get_ref().as_str()?)).collect()
        })
    }

    pub fn texts(&mut self, field: &'static str) -> Option<Vec<String>> {
        self.words(field, |text| Some(text.to_owned()), "a list of texts")
    }

    /// A whole number that is not negative.
    pub fn count(&mut self, field: &'static str) -> Option<i64> {
        self.required(field, "a whole number, 0 or more", |value| {
            let digits = value.as_integer().filter(|number| number.radix() == 10)?;
            digits.as_str().parse().ok().filter(|count| (0..=1_000_000).contains(count))
        })
    }

    pub fn yes_or_no(&mut self, field: &'static str) -> Option<bool> {
        self.required(field, "true or false", |value| value.as_bool())
    }

    pub fn date(&mut self, field: &'static str) -> Option<Date> {
        self.required(field, "a date such as 2020-07-01", as_date)
    }

    /// A date that may be left out; the outer nothing is a fault.
    pub fn date_or_none(&mut self, field: &'static str) -> Option<Option<Date>> {
        if self.has(field) { self.date(field).map(Some) } else { Some(None) }
    }

    /// A fraction from 0 to 1, written as a text so that it is exact.
    pub fn rate(&mut self, field: &'static str) -> Option<Decimal> {
        self.word(
            field,
            |text| {
                let rate = Decimal::from_str_exact(text).ok()?;
                (rate >= Decimal::ZERO && rate <= Decimal::ONE).then_some(rate)
            },
            "a text from \"0\" to \"1\"",
        )
    }

    /// A rate that may be left out; the outer nothing is a fault.
    pub fn rate_or_none(&mut self, field: &'static str) -> Option<Option<Decimal>> {
        if self.has(field) { self.rate(field).map(Some) } else { Some(None) }
    }

    pub fn money(&mut self, field: &'static str) -> Option<Money> {
        self.word(
            field,
            |text| {
                let (amount, currency) = text.split_once(' ')?;
                let currency = Currency::parse(currency).ok()?;
                let amount = Decimal::from_str_exact(amount).ok()?;
                Money::from_decimal(amount, currency).ok().filter(|money| !money.is_negative())
            },
            "an amount such as \"50000.00 USD\"",
        )
    }

    /// Several texts, or none where the field is left out.
    pub fn texts_or_none(&mut self, field: &'static str) -> Option<Vec<String>> {
        if self.has(field) { self.texts(field) } else { Some(Vec::new()) }
    }

    /// As [`Fields::each`], with nothing where the field is left out.
    pub fn each_or_none<T>(
        &mut self,
        field: &'static str,
        wants: &'static str,
        read: impl FnMut(&mut Fields<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        if self.has(field) { self.each(field, wants, read) } else { Some(Vec::new()) }
    }

    /// A list of tables, each read by `read`; nothing when one of them has a fault.
    pub fn each<T>(
        &mut self,
        field: &'static str,
        wants: &'static str,
        mut read: impl FnMut(&mut Fields<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.asked.push(field);
        let Some(value) = self.table.get(field) else {
            self.fault(self.line, Fault::Missing(field));
            return None;
        };
        let Some(items) = value.get_ref().as_array() else {
            self.fault(line_of(self.text, value.span().start), Fault::Unfit { field, wants });
            return None;
        };
        let mut all = Some(Vec::new());
        for item in items.iter() {
            let line = line_of(self.text, item.span().start);
            let Some(table) = item.get_ref().as_table() else {
                self.fault(line, Fault::Unfit { field, wants });
                all = None;
                continue;
            };
            let mut fields = Fields {
                file: self.file,
                text: self.text,
                table,
                line,
                asked: Vec::new(),
                faults: self.faults,
            };
            let one = read(&mut fields);
            fields.done();
            // One fault spoils the list, but the rest is still read for its own faults.
            all = all.zip(one).map(|(mut all, one)| {
                all.push(one);
                all
            });
        }
        all
    }

    /// Notes a fault of this table as a whole.
    pub fn refuse(&mut self, what: Fault) {
        self.fault(self.line, what);
    }

    pub fn has(&self, field: &str) -> bool {
        self.table.contains_key(field)
    }

    /// Notes every field that was not asked for.
    fn done(self) {
        for (name, value) in self.table.iter() {
            let name: &Cow<'_, str> = name.get_ref();
            if !self.asked.contains(&name.as_ref()) {
                self.faults.push(PolicyFault {
                    file: self.file.to_owned(),
                    line: line_of(self.text, value.span().start),
                    what: Fault::UnknownField(name.clone().into_owned()),
                });
            }
        }
    }

    fn required<T>(
        &mut self,
        field: &'static str,
        wants: &'static str,
        parse: impl FnOnce(&DeValue<'_>) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(field);
        let Some(value) = self.table.get(field) else {
            self.fault(self.line, Fault::Missing(field));
            return None;
        };
        let parsed = parse(value.get_ref());
        if parsed.is_none() {
            self.fault(line_of(self.text, value.span().start), Fault::Unfit { field, wants });
        }
        parsed
    }

    fn fault(&mut self, line: usize, what: Fault) {
        self.faults.push(PolicyFault { file: self.file.to_owned(), line, what });
    }
}

fn as_date(value: &DeValue<'_>) -> Option<Date> {
    let moment = value.as_datetime().filter(|moment| moment.time.is_none())?;
    let date = moment.date?;
    let year = i16::try_from(date.year).ok()?;
    Date::new(year, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}

/// The line of a byte of a text, counted from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}
