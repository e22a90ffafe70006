//! The price CSV of our own, which carries reservation prices from anywhere.
//!
//! ```text
//! # Comment lines begin with a number sign; say here where the figures are from.
//! resource_type,sku,location,term,billing_plan,currency,unit_total,since
//! VirtualMachines,Standard_B1ls,westus,P1Y,,USD,32,2023-02-10
//! ```
//!
//! | column | meaning |
//! |---|---|
//! | `resource_type` | a type of the catalog, such as `VirtualMachines` |
//! | `sku` | the SKU; compares without case |
//! | `location` | the region's name in requests (`westus`); empty or `global` for a type that is sold without a region |
//! | `term` | `P1M`, `P1Y`, `P3Y` or `P5Y`, as far as the type has it |
//! | `billing_plan` | `Upfront` or `Monthly`; empty: every plan that the type allows |
//! | `currency` | ISO 4217 |
//! | `unit_total` | the price of one unit for the *whole term*, above zero, with no more decimals than the currency has |
//! | `since` | the first UTC day of the price, `2023-02-10`; it holds until a later row of the same product |
//! | `commit_units` | optional; what one unit of a pre-purchase plan holds, with at most six decimals; a plan without it can be bought and drains nothing; all else must not say it |
//! | `series`, `tier`, `size`, `flexibility_group` | optional columns; an empty series is read from the name of a VM size |
//!
//! Columns may stand in any order; other columns are ignored. Type, SKU, location, term, plan,
//! currency and day are the key: a second row of a key is rejected. Fields are quoted as in
//! RFC 4180, but a quoted field must end on its line.

use super::table::{self, Row, Shape};
use super::{Fault, ImportError, Imported, value};
use prorata_domain::catalog::{Catalog, PriceRow, ResourceType, SAMPLE_PRICES};
use prorata_domain::commit_units::CommitUnits;
use prorata_domain::term::{BillingPlan, Term};
use std::io::{self, BufRead, Write};

const SHAPE: Shape = Shape {
    required: &[
        "resource_type",
        "sku",
        "location",
        "term",
        "billing_plan",
        "currency",
        "unit_total",
        "since",
    ],
    optional: &["series", "tier", "size", "flexibility_group", "commit_units"],
    comments: true,
};

/// Reads prices in the form above.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used.
pub fn read(
    input: impl BufRead,
    catalog: &Catalog,
    progress: &mut dyn FnMut(u64),
) -> Result<Imported<PriceRow>, ImportError> {
    table::read(input, &SHAPE, progress, PriceRow::key, |row| price_row(row, catalog))
}

/// The small price list that ships with the product.
pub fn built_in(catalog: &Catalog) -> Vec<PriceRow> {
    read(SAMPLE_PRICES.as_bytes(), catalog, &mut |_| ())
        .map(|imported| imported.rows)
        .expect("the built-in list is read by a test")
}

/// Writes prices in the form above; [`read`] gives the same rows back.
///
/// # Errors
/// Those of `output`.
pub fn write<'a>(
    rows: impl IntoIterator<Item = &'a PriceRow>,
    output: impl Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(SHAPE.required.iter().chain(SHAPE.optional))?;
    for row in rows {
        csv.write_record([
            row.resource_type.as_str(),
            &row.sku,
            &row.location,
            row.term.as_str(),
            row.billing_plan.map_or("", BillingPlan::as_str),
            row.currency.code(),
            &row.unit_total.to_decimal().to_string(),
            &row.since.to_string(),
            row.series.as_deref().unwrap_or_default(),
            row.tier.as_deref().unwrap_or_default(),
            row.size.as_deref().unwrap_or_default(),
            row.flexibility_group.as_deref().unwrap_or_default(),
            &row.commit_units.map_or_else(String::new, |units| units.to_string()),
        ])?;
    }
    csv.flush()
}

fn price_row(row: &Row<'_>, catalog: &Catalog) -> Result<PriceRow, Fault> {
    let rt = value::resource_type("resource_type", row.get("resource_type"), catalog)?;
    let sku = value::name("sku", row.get("sku"))?;
    let location = value::location("location", row.get("location"), rt)?;
    let term = term(row.get("term"), rt)?;
    let billing_plan = billing_plan(row.get("billing_plan"), rt)?;
    let currency = value::currency("currency", row.get("currency"))?;
    let unit_total = value::decimal("unit_total", row.get("unit_total"), false)?;
    let unit_total = value::price("unit_total", unit_total, currency)?;
    let since = value::day("since", row.get("since"))?;
    let series = value::optional_name("series", row.get("series"))?;
    let commit_units = commit_units(row.get("commit_units"), rt)?;
    Ok(PriceRow {
        resource_type: rt.name.clone(),
        series: series.or_else(|| rt.series_of(&sku)),
        commit_units,
        sku,
        location,
        term,
        billing_plan,
        currency,
        unit_total,
        since,
        tier: value::optional_name("tier", row.get("tier"))?,
        size: value::optional_name("size", row.get("size"))?,
        flexibility_group: value::optional_name("flexibility_group", row.get("flexibility_group"))?,
    })
}

fn term(text: &str, rt: &ResourceType) -> Result<Term, Fault> {
    if text.is_empty() {
        return Err(Fault::new("term", "is missing"));
    }
    let reason = || format!("`{}` is not a term such as P1Y", value::shown(text));
    let term = Term::parse(text).ok_or_else(|| Fault::new("term", reason()))?;
    offered(term, "term", rt)
}

/// The term, if its type has it.
pub(super) fn offered(term: Term, field: &'static str, rt: &ResourceType) -> Result<Term, Fault> {
    if rt.offers(term) {
        return Ok(term);
    }
    let terms: Vec<&str> = rt.all_terms().iter().map(|term| term.as_str()).collect();
    Err(Fault::new(field, format!("{} has no term {term}: it has {}", rt.name, terms.join(", "))))
}

fn commit_units(text: &str, rt: &ResourceType) -> Result<Option<CommitUnits>, Fault> {
    let said = (!text.is_empty()).then(|| CommitUnits::parse(text));
    rt.check_commit_units(said).map_err(|wrong| Fault::new("commit_units", wrong))?;
    Ok(said.flatten())
}

fn billing_plan(text: &str, rt: &ResourceType) -> Result<Option<BillingPlan>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let reason = || format!("`{}` is not Upfront or Monthly", value::shown(text));
    let plan = BillingPlan::parse(text).ok_or_else(|| Fault::new("billing_plan", reason()))?;
    if !rt.allows(plan) {
        return Err(Fault::new("billing_plan", format!("{} has no plan {plan}", rt.name)));
    }
    Ok(Some(plan))
}
