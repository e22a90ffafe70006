//! The importers on real figures: public price lists, the whole ratio table, the size list.
//!
//! The files are not part of the repository. They are looked for in `$PRORATA_SHARED/data`, or in
//! `../shared/data` beside the workspace; where they are missing each test says so and passes.
//!
//! Lists that carry prices by the hour are reshaped into the price CSV by the rules that stand at
//! each test. On-demand prices are not reservation prices: there they only stand in as figures.

use flate2::read::GzDecoder;
use jiff::civil::date;
use prorata_domain::catalog::{Catalog, PriceRow, SizeRow, vm_series};
use prorata_domain::term::Term;
use prorata_ledger::{Currency, Money};
use prorata_wire::import::{Imported, Rejected, price_csv, ratio_csv, retail_json, size_csv};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

const HOURS: [(Term, &str, i64); 2] = [(Term::P1Y, "ri1y", 8_760), (Term::P3Y, "ri3y", 26_280)];

/// The file of real figures, or `None` after saying loudly that it is not there.
fn figures(name: &str) -> Option<Box<dyn BufRead>> {
    let shared = std::env::var_os("PRORATA_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = shared.join("data").join(name);
    let Ok(file) = File::open(&path) else {
        // Straight to the stream: the harness swallows what a passing test prints by macro.
        let note = format!("SKIPPED: no real figures at {}\n", path.display());
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return None;
    };
    Some(match name.ends_with(".gz") {
        true => Box::new(BufReader::new(GzDecoder::new(file))),
        false => Box::new(BufReader::new(file)),
    })
}

/// The rows of a plain CSV, by column name. The lists hold no quotes.
fn table(mut input: Box<dyn BufRead>) -> Vec<HashMap<String, String>> {
    let mut text = String::new();
    input.read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells = line.split(',').map(str::to_owned);
        header.iter().map(|name| (*name).to_owned()).zip(cells).collect()
    };
    lines.map(row).collect()
}

fn read_prices(text: &str) -> Imported<PriceRow> {
    price_csv::read(text.as_bytes(), &Catalog::built_in(), &mut |_| ()).unwrap()
}

fn header() -> String {
    "resource_type,sku,location,term,billing_plan,currency,unit_total,since\n".to_owned()
}

/// How many rows were rejected, by field and reason without its numbers.
fn rejected_by(rejected: &[Rejected]) -> Vec<(String, usize)> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in rejected {
        let reason = row.reason.trim_end_matches(|last: char| last.is_ascii_digit());
        *counts.entry(format!("{}: {}", row.field, reason)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort();
    counts
}

fn counts(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect()
}

fn total(imported: &Imported<PriceRow>, sku: &str, term: Term) -> Option<Money> {
    let mut rows = imported.rows.iter();
    rows.find(|row| row.sku == sku && row.term == term).map(|row| row.unit_total)
}

#[test]
fn retail_reservation_items() {
    let Some(input) = figures("prices/retail_api_reservation_items_sample.json") else { return };
    let imported = retail_json::read(input, &Catalog::built_in(), &mut |_| ()).unwrap();
    assert_eq!((imported.rows.len(), imported.rejected_total, imported.skipped), (5, 0, 2));
    let usd = |amount: i64| Some(Money::new(amount * 100, Currency::USD));
    assert_eq!(total(&imported, "Standard_D5_v2", Term::P1Y), usd(4_344));
    assert_eq!(total(&imported, "Standard_DS5_v2", Term::P3Y), usd(8_448));
    assert_eq!(total(&imported, "Standard_E64_v4", Term::P1Y), usd(25_007));
    let e64 = imported.rows.last().unwrap();
    assert_eq!((e64.location.as_str(), e64.since), ("southcentralus", date(2020, 8, 1)));
    let series: Vec<&str> = imported.rows.iter().filter_map(|row| row.series.as_deref()).collect();
    assert_eq!(series, ["Dv2", "Dv2", "Dsv2", "Dsv2", "Ev4"]);
}

#[test]
fn whole_ratio_table() {
    let Some(input) = figures("isf/isf_ratios_2026-03-23.csv") else { return };
    let mut told = 0;
    let imported = ratio_csv::read(input, date(2026, 3, 23), &mut |rows| told = rows).unwrap();
    assert_eq!((imported.rows.len(), imported.rejected.len(), told), (3_278, 2, 3_280));
    let without = "Ratio: is missing";
    assert_eq!(rejected_by(&imported.rejected), counts(&[(without, 2)]));
    let mut groups: Vec<&str> = imported.rows.iter().map(|row| row.group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    // All 434 groups but MDC_PrePurchase_Plan, whose two rows have no ratio.
    assert_eq!(groups.len(), 433);
    let ratio = |sku: &str| {
        let mut rows = imported.rows.iter();
        rows.find(|row| row.sku == sku).map(|row| row.ratio.to_string())
    };
    assert_eq!(ratio("Standard_A2_v2").as_deref(), Some("2.1"));
    assert_eq!(ratio("Standard_B32as_v2").as_deref(), Some("127.9"));
    // The same SKU in two groups is two rows.
    let special = imported.rows.iter().filter(|row| row.sku == "Standard_E64is_v4_SPECIAL");
    assert_eq!(special.count(), 2);
}

#[test]
fn whole_size_list() {
    let Some(input) = figures("vm_catalog/vm_sizes_2026.csv") else { return };
    let imported = size_csv::read(input, &mut |_| ()).unwrap();
    assert_eq!((imported.rows.len(), imported.rejected_total, imported.skipped), (1_501, 0, 0));
    let size = |name: &str| imported.rows.iter().find(|row| row.name == name).unwrap();
    let a2m = size("Standard_A2m_v2");
    assert_eq!((a2m.vcpus, a2m.memory_gb, a2m.premium_storage), (2, Decimal::from(16), false));
    assert_eq!(a2m.retires, Some(date(2028, 11, 15)));
    let b1ls = size("Standard_B1ls");
    assert_eq!(b1ls.memory_gb.to_string(), "0.5");
    let constrained = |row: &&SizeRow| row.vcpus_available < row.vcpus;
    assert!(imported.rows.iter().filter(constrained).count() > 50);
    let nameless: Vec<&str> = imported
        .rows
        .iter()
        .map(|row| row.name.as_str())
        .filter(|name| vm_series(name).is_none())
        .collect();
    assert_eq!(nameless, Vec::<&str>::new(), "sizes whose name tells no series");
}

/// Each row gives two lines, one a term: the total as it stands in the list, without the `.0` of
/// a whole number. An empty total or name stays empty, and must be rejected.
#[test]
fn poland_central_linux_reservations() {
    let Some(input) = figures("prices/reserved_polandcentral_usd_2026-01-26.csv.gz") else {
        return;
    };
    let mut text = header();
    let rows = table(input);
    for row in rows.iter().filter(|row| row["os"] == "linux") {
        for (term, column, _) in HOURS {
            let amount = &row[&format!("{column}_total")];
            let amount = amount.strip_suffix(".0").unwrap_or(amount);
            text += &price_line(&row["arm_sku"], "polandcentral", term, amount);
        }
    }
    let imported = read_prices(&text);
    assert_eq!(rows.len(), 1_678);
    // 861 sizes x 2; 6 have no 1-year price and 10 no 3-year price, one has no name, and
    // Standard_E32s_v5 is there twice.
    assert_eq!(imported.rows.len(), 1_702);
    let expected =
        [(": the same key as line ", 2), ("sku: is missing", 2), ("unit_total: is missing", 16)];
    assert_eq!(rejected_by(&imported.rejected), counts(&expected));
    let whole = |row: &PriceRow| row.unit_total.minor() % 100 == 0;
    assert!(imported.rows.iter().all(whole), "the list's totals are whole dollars");
}

/// Windows rows carry the reservation itself as a price by the hour with hybrid benefit; the total
/// is that x the hours of the term, to the cent. It must be the Linux total of the same size.
#[test]
fn poland_central_windows_reservations_with_hybrid_benefit() {
    let Some(input) = figures("prices/reserved_polandcentral_usd_2026-01-26.csv.gz") else {
        return;
    };
    let mut text = header();
    let mut linux: HashMap<(String, Term), String> = HashMap::new();
    for row in table(input) {
        for (term, column, hours) in HOURS {
            if row["os"] == "linux" {
                linux.insert(
                    (row["arm_sku"].clone(), term),
                    row[&format!("{column}_total")].clone(),
                );
                continue;
            }
            let amount = cents(&row[&format!("{column}_ahb_h")], hours);
            text += &price_line(&row["arm_sku"], "polandcentral", term, &amount);
        }
    }
    let imported = read_prices(&text);
    let same = |row: &PriceRow| {
        let listed = linux.get(&(row.sku.clone(), row.term)).filter(|text| !text.is_empty());
        listed.is_some_and(|text| text.parse::<Decimal>().unwrap() == row.unit_total.to_decimal())
    };
    let other: Vec<&str> =
        imported.rows.iter().filter(|row| !same(row)).map(|row| row.sku.as_str()).collect();
    assert_eq!(imported.rows.len(), 1_608);
    // The Linux list has this size only under the name of Standard_E32s_v5: the duplicate above.
    assert_eq!(other, ["Standard_E32-8s_v5"; 2]);
    // 817 sizes x 2; 10 have no 1-year price and 14 no 3-year price, one has no name.
    let expected = [("sku: is missing", 2), ("unit_total: is missing", 24)];
    assert_eq!(rejected_by(&imported.rejected), counts(&expected));
}

/// On-demand prices stand in for totals: hours of a year x price an hour, to the cent. A name
/// that is no VM size is a dedicated host. The first 100 lines are given twice.
#[test]
fn on_demand_list_of_2026() {
    on_demand("2026-06-18", 50_618, 68);
}

#[test]
fn on_demand_list_of_2025() {
    on_demand("2025-06-03", 35_485, 0);
}

fn on_demand(day: &str, expected_rows: usize, zeros: usize) {
    let name = format!("prices/paygo_linux_usd_{day}.csv.gz");
    let Some(input) = figures(&name) else { return };
    let rows = table(input);
    assert_eq!(rows.len(), expected_rows);
    let mut text = header();
    for row in rows.iter().chain(&rows[..100]) {
        let sku = &row["sku"];
        let size = sku.starts_with("Standard_") || sku.starts_with("Basic_");
        let kind = if size { "VirtualMachines" } else { "DedicatedHost" };
        let amount = cents(&row["usd_per_hour"], 8_760);
        let region = &row["arm_region"];
        text += &format!("{kind},{sku},{region},P1Y,,USD,{amount},{day}\n");
    }
    let imported = read_prices(&text);
    assert_eq!(imported.rows.len(), expected_rows - zeros);
    let mut expected = vec![(": the same key as line ", 100)];
    if zeros > 0 {
        expected.push(("unit_total: is zero: a size without a price", zeros));
    }
    assert_eq!(rejected_by(&imported.rejected), counts(&expected));
    let b1ls =
        imported.rows.iter().find(|row| row.sku == "Standard_B1ls" && row.location == "westus");
    assert_eq!(b1ls.unwrap().unit_total.to_string(), "54.31 USD");
}

fn price_line(sku: &str, region: &str, term: Term, amount: &str) -> String {
    format!("VirtualMachines,{sku},{region},{term},,USD,{amount},2026-01-26\n")
}

/// Price an hour x hours, half up to the cent; empty stays empty.
fn cents(per_hour: &str, hours: i64) -> String {
    if per_hour.is_empty() {
        return String::new();
    }
    let total = per_hour.parse::<Decimal>().unwrap() * Decimal::from(hours);
    total.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

/// The 126 pairs of sizes that differ in premium storage alone are twins, both ways, and of all
/// sizes that are listed no others are.
#[test]
fn premium_storage_twins() {
    let Some(pairs) = figures("vm_catalog/premium_storage_pairs.csv") else { return };
    let Some(sizes) = figures("vm_catalog/vm_sizes_2026.csv") else { return };
    let catalog = Catalog::built_in();
    let twin = |sku: &str| catalog.premium_twin("VirtualMachines", sku);
    let mut paired = Vec::new();
    for row in table(pairs) {
        let (without, with) = (&row["sku"], &row["premium_sku"]);
        let found = twin(without).unwrap_or_else(|| panic!("{without} has no twin"));
        assert_eq!((&found.sku, found.has_premium), (with, true));
        let found = twin(with).unwrap_or_else(|| panic!("{with} has no twin"));
        assert_eq!((&found.sku, found.has_premium), (without, false));
        paired.extend([without.clone(), with.clone()]);
    }
    assert_eq!(paired.len(), 252);
    let names: Vec<String> = table(sizes).into_iter().map(|row| row["name"].clone()).collect();
    for name in &names {
        let has_twin = twin(name).is_some_and(|found| names.contains(&found.sku));
        assert_eq!(has_twin, paired.contains(name), "{name}");
    }
}
