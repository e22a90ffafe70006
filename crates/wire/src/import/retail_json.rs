//! Pages of the public Retail Prices API.
//!
//! Taken are items of type `Reservation`. Their `unitOfMeasure` says `1 Hour`, but their price is
//! the total for the whole term. Items of other types are skipped and counted.
//!
//! The input is one page (an object with `Items`), several pages one after the other, an array of
//! items, or one item a line (JSON Lines). In JSON Lines a broken line is rejected alone; in the
//! other forms nothing after a break can be trusted, so the file is refused.

use super::lines::Lines;
use super::price_csv::offered;
use super::{Collector, Fault, ImportError, Imported, MAX_LINE, value};
use jiff::Timestamp;
use prorata_domain::catalog::{Catalog, PriceKey, PriceRow};
use prorata_domain::term::{Term, utc_day};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read};

/// Reads reservation prices.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used.
pub fn read(
    mut input: impl BufRead,
    catalog: &Catalog,
    progress: &mut dyn FnMut(u64),
) -> Result<Imported<PriceRow>, ImportError> {
    let mark = "\u{feff}".as_bytes();
    if input.fill_buf()?.starts_with(mark) {
        input.consume(mark.len());
    }
    let meter = Meter { line: Cell::new(1), since_item: Cell::new(0), too_long: Cell::new(false) };
    let mut sink =
        Sink { collector: Collector::new(PriceRow::key, progress), catalog, fatal: None };
    let mut metered = Metered { input: &mut input, meter: &meter };
    let by_line = documents(&mut metered, &meter, &mut sink)?;
    if by_line {
        items_by_line(Lines::after(input, meter.line.get() - 1), &mut sink)?;
    }
    Ok(sink.collector.finish())
}

/// Reads documents until the input ends, or until the first one proves to be a bare item: then
/// the rest is one item a line.
fn documents<R: BufRead>(
    input: &mut Metered<'_, R>,
    meter: &Meter,
    sink: &mut Sink<'_>,
) -> Result<bool, ImportError> {
    let mut json = serde_json::Deserializer::from_reader(input);
    let mut first = true;
    while json.end().is_err() {
        let document = Document { meter, sink: &mut *sink, first };
        let by_line = document.deserialize(&mut json).map_err(|fault| unreadable(&fault, meter));
        if let Some(fatal) = sink.fatal.take() {
            return Err(fatal);
        }
        if by_line? {
            return Ok(true);
        }
        meter.item_done();
        first = false;
    }
    if first { Err(ImportError::Empty) } else { Ok(false) }
}

fn items_by_line<R: BufRead>(mut lines: Lines<R>, sink: &mut Sink<'_>) -> Result<(), ImportError> {
    while let Some((number, line)) = lines.next()? {
        match line {
            Ok(line) if line.trim().is_empty() => (),
            Ok(line) => sink.item(number, line)?,
            Err(reason) => sink.collector.reject(number, reason),
        }
    }
    Ok(())
}

fn unreadable(fault: &serde_json::Error, meter: &Meter) -> ImportError {
    if meter.too_long.get() {
        let reason = format!("an item is longer than {MAX_LINE} bytes");
        return ImportError::Json { line: meter.line.get(), reason };
    }
    match fault.io_error_kind() {
        Some(kind) => ImportError::Io(kind.into()),
        None => ImportError::Json { line: meter.line.get(), reason: without_place(fault) },
    }
}

/// The reason without "at line 1 column 7": the line is told apart, counted over the whole file.
fn without_place(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// How far an input was read. The JSON reader takes bytes one at a time, so this is exact.
struct Meter {
    line: Cell<u64>,
    since_item: Cell<usize>,
    too_long: Cell<bool>,
}

impl Meter {
    fn item_done(&self) {
        self.since_item.set(0);
    }
}

/// An input that counts its lines, and ends with an error where one item grows too long.
struct Metered<'a, R> {
    input: &'a mut R,
    meter: &'a Meter,
}

impl<R: BufRead> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let lines = buffer[..count].iter().filter(|byte| **byte == b'\n').count();
        self.meter.line.set(self.meter.line.get() + lines as u64);
        self.meter.since_item.set(self.meter.since_item.get() + count);
        if self.meter.since_item.get() > MAX_LINE {
            self.meter.too_long.set(true);
            return Err(io::Error::other("an item is too long"));
        }
        Ok(count)
    }
}

struct Sink<'a> {
    collector: Collector<'a, PriceRow, PriceKey>,
    catalog: &'a Catalog,
    /// The end of the import, found where only a JSON error can be handed up.
    fatal: Option<ImportError>,
}

impl Sink<'_> {
    fn item(&mut self, line: u64, text: &str) -> Result<(), ImportError> {
        let item: Item<'_> = match serde_json::from_str(text) {
            Ok(item) => item,
            Err(fault) => {
                let reason = format!("not an item of the price list: {}", without_place(&fault));
                self.collector.reject(line, &reason);
                return Ok(());
            }
        };
        match kind(&item) {
            Ok(Kind::Reservation) => {
                let row = price_row(&item, self.catalog);
                self.collector.take(line, row)
            }
            Ok(Kind::Other(because)) => {
                self.collector.skip(because);
                Ok(())
            }
            Err(fault) => self.collector.take(line, Err(fault)),
        }
    }
}

/// A page, an array of items, or a bare item; `true` for the last.
struct Document<'a, 's> {
    meter: &'a Meter,
    sink: &'a mut Sink<'s>,
    first: bool,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of prices, an array of items, or an item")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<bool, A::Error> {
        Items { meter: self.meter, sink: self.sink }.visit_seq(items).map(|()| false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let start = self.meter.line.get();
        let mut item: BTreeMap<String, Box<RawValue>> = BTreeMap::new();
        let mut is_page = false;
        while let Some(name) = members.next_key::<String>()? {
            if name.eq_ignore_ascii_case("Items") {
                is_page = true;
                members.next_value_seed(Items { meter: self.meter, sink: &mut *self.sink })?;
            } else {
                item.insert(name, members.next_value()?);
            }
        }
        if is_page {
            return Ok(false);
        }
        if !self.first {
            return Err(de::Error::custom("an object without Items between pages"));
        }
        let text = serde_json::to_string(&item).map_err(de::Error::custom)?;
        hand_up(self.sink, start, &text)?;
        Ok(true)
    }
}

struct Items<'a, 's> {
    meter: &'a Meter,
    sink: &'a mut Sink<'s>,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.meter.item_done();
        while let Some(item) = items.next_element::<Box<RawValue>>()? {
            let lines = item.get().bytes().filter(|byte| *byte == b'\n').count() as u64;
            hand_up(self.sink, self.meter.line.get() - lines, item.get())?;
            self.meter.item_done();
        }
        Ok(())
    }
}

/// Takes an item; a reason to end the import leaves through the JSON reader.
fn hand_up<E: de::Error>(sink: &mut Sink<'_>, line: u64, item: &str) -> Result<(), E> {
    sink.item(line, item).map_err(|fatal| {
        sink.fatal = Some(fatal);
        E::custom("the import ended")
    })
}

/// The members that count, each still as it was written: amounts are never floats.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    service_name: Option<&'a RawValue>,
    #[serde(borrow)]
    product_name: Option<&'a RawValue>,
    #[serde(borrow)]
    arm_sku_name: Option<&'a RawValue>,
    #[serde(borrow)]
    arm_region_name: Option<&'a RawValue>,
    #[serde(borrow)]
    reservation_term: Option<&'a RawValue>,
    #[serde(borrow)]
    currency_code: Option<&'a RawValue>,
    #[serde(borrow)]
    retail_price: Option<&'a RawValue>,
    #[serde(borrow)]
    tier_minimum_units: Option<&'a RawValue>,
    #[serde(borrow)]
    effective_start_date: Option<&'a RawValue>,
}

enum Kind {
    Reservation,
    Other(&'static str),
}

fn kind(item: &Item<'_>) -> Result<Kind, Fault> {
    Ok(match text("type", item.kind)?.as_str() {
        "Reservation" => Kind::Reservation,
        "Consumption" => Kind::Other("an on-demand price (type Consumption)"),
        "DevTestConsumption" => Kind::Other("a dev/test price (type DevTestConsumption)"),
        "" => return Err(Fault::new("type", "is missing")),
        _ => Kind::Other("a price of another type"),
    })
}

fn price_row(item: &Item<'_>, catalog: &Catalog) -> Result<PriceRow, Fault> {
    let service = value::name("serviceName", &text("serviceName", item.service_name)?)?;
    let product = text("productName", item.product_name)?;
    let rt = catalog.retail_type(&service, &product).ok_or_else(|| {
        let (service, product) = (value::shown(&service), value::shown(&product));
        Fault::new("serviceName", format!("no resource type is known for {service}, {product}"))
    })?;
    let sku = value::name("armSkuName", &text("armSkuName", item.arm_sku_name)?)?;
    let location = text("armRegionName", item.arm_region_name)?;
    let location = value::location("armRegionName", &location, rt)?;
    let term = term(&text("reservationTerm", item.reservation_term)?)?;
    let term = offered(term, "reservationTerm", rt)?;
    if !number("tierMinimumUnits", item.tier_minimum_units, "0")?.is_zero() {
        return Err(Fault::new("tierMinimumUnits", "a price that begins at a larger quantity"));
    }
    let currency = value::currency("currencyCode", &text("currencyCode", item.currency_code)?)?;
    let total = number("retailPrice", item.retail_price, "")?;
    let unit_total = value::price("retailPrice", total, currency)?;
    let since = text("effectiveStartDate", item.effective_start_date)?;
    let since: Timestamp = since.parse().map_err(|_| {
        let reason = format!("`{}` is not a UTC time", value::shown(&since));
        Fault::new("effectiveStartDate", reason)
    })?;
    Ok(PriceRow {
        commit_units: None,
        resource_type: rt.name.clone(),
        series: rt.series_of(&sku),
        sku,
        location,
        term,
        billing_plan: None,
        currency,
        unit_total,
        since: utc_day(since),
        tier: None,
        size: None,
        flexibility_group: None,
    })
}

fn term(text: &str) -> Result<Term, Fault> {
    let term = Term::ALL.into_iter().find(|term| term.title().eq_ignore_ascii_case(text));
    let reason = || format!("`{}` is not a term such as 1 Year", value::shown(text));
    term.ok_or_else(|| Fault::new("reservationTerm", reason()))
}

/// A member's text; empty when it is missing or null.
fn text(field: &'static str, member: Option<&RawValue>) -> Result<String, Fault> {
    member.map_or(Ok(String::new()), |member| {
        serde_json::from_str(member.get()).map_err(|_| Fault::new(field, "is not a text"))
    })
}

fn number(
    field: &'static str,
    member: Option<&RawValue>,
    missing: &str,
) -> Result<rust_decimal::Decimal, Fault> {
    value::decimal(field, member.map_or(missing, RawValue::get), true)
}
