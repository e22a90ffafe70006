use super::*;
use jiff::civil::date;
use prorata_domain::catalog::{Catalog, PriceRow};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Money};

mod properties;
mod retail;

const HEADER: &str = "resource_type,sku,location,term,billing_plan,currency,unit_total,since\n";

fn prices(text: &[u8]) -> Result<Imported<PriceRow>, ImportError> {
    price_csv::read(text, &Catalog::built_in(), &mut |_| ())
}

fn rejections<T>(imported: &Imported<T>) -> Vec<String> {
    imported.rejected.iter().map(ToString::to_string).collect()
}

/// The one reason why a price line is rejected.
fn refused(line: &str) -> String {
    let imported = prices(format!("{HEADER}{line}\n").as_bytes()).unwrap();
    assert!(imported.rows.is_empty(), "{line}");
    rejections(&imported).join("; ")
}

#[test]
fn the_built_in_price_list_is_sound() {
    let catalog = Catalog::built_in();
    let imported = prices(prorata_domain::catalog::SAMPLE_PRICES.as_bytes()).unwrap();
    assert_eq!(rejections(&imported), Vec::<String>::new());
    assert_eq!(imported.rows.len(), 563);
    let rows = price_csv::built_in(&catalog);
    let price = |sku: &str, location: &str, term, currency: &str| {
        let currency = Currency::parse(currency).unwrap();
        let mut found = rows.iter().filter(|row| {
            (row.sku.as_str(), row.location.as_str(), row.term, row.currency)
                == (sku, location, term, currency)
        });
        found.next().map(|row| row.unit_total.to_string())
    };
    let recorded = [
        ("Standard_B1ls", "westus", Term::P1Y, "32 USD"),
        ("Standard_B8ms", "westeurope", Term::P3Y, "2831 GBP"),
        ("Standard_B12ms", "westeurope", Term::P3Y, "4248 GBP"),
        ("Standard_B1s", "eastus", Term::P1Y, "40 GBP"),
        ("Standard_B2s", "eastus", Term::P1Y, "159 GBP"),
        ("Standard_B1s", "uksouth", Term::P1Y, "45 GBP"),
    ];
    for (sku, location, term, expected) in recorded {
        let (amount, currency) = expected.split_once(' ').unwrap();
        let expected = format!("{amount}.00 {currency}");
        assert_eq!(price(sku, location, term, currency).as_ref(), Some(&expected), "{sku}");
    }
    // What an exchange between sizes that differ in premium storage only rests on.
    for region in ["westus", "westeurope", "uksouth", "eastus"] {
        for term in [Term::P1Y, Term::P3Y] {
            let of = |sku| price(sku, region, term, "USD").unwrap();
            assert_eq!(of("Standard_F1"), of("Standard_F1s"));
            assert_eq!(of("Standard_D2_v2"), of("Standard_DS2_v2"));
        }
    }
    for row in &rows {
        let rt = catalog.resource_type(&row.resource_type).unwrap();
        assert_eq!(row.series, rt.series_of(&row.sku), "{}", row.sku);
        assert_eq!(row.since, date(2019, 1, 1));
    }
}

#[test]
fn each_bad_field_is_named() {
    let cases = [
        (
            "Sofas,a,westus,P1Y,,USD,1,2023-01-01",
            "line 2: resource_type: `Sofas` is not a known resource type",
        ),
        ("VirtualMachines,,westus,P1Y,,USD,1,2023-01-01", "line 2: sku: is missing"),
        (
            "VirtualMachines,a,US West,P1Y,,USD,1,2023-01-01",
            "line 2: location: `US West` is not a region's name such as westus",
        ),
        (
            "Databricks,a,westus,P1Y,,USD,1,2023-01-01",
            "line 2: location: Databricks is sold without a region: leave it empty",
        ),
        (
            "VirtualMachines,a,westus,P2Y,,USD,1,2023-01-01",
            "line 2: term: `P2Y` is not a term such as P1Y",
        ),
        (
            "ManagedDisk,a,westus,P3Y,,USD,1,2023-01-01",
            "line 2: term: ManagedDisk has no term P3Y: it has P1Y",
        ),
        (
            "VirtualMachines,a,westus,P1Y,Weekly,USD,1,2023-01-01",
            "line 2: billing_plan: `Weekly` is not Upfront or Monthly",
        ),
        (
            "SuseLinux,a,,P1Y,Monthly,USD,1,2023-01-01",
            "line 2: billing_plan: SuseLinux has no plan Monthly",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,DOLLARS,1,2023-01-01",
            "line 2: currency: `DOLLARS` is not an ISO 4217 currency",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,0.00,2023-01-01",
            "line 2: unit_total: is zero: a size without a price",
        ),
        ("VirtualMachines,a,westus,P1Y,,USD,-1,2023-01-01", "line 2: unit_total: is negative"),
        (
            "VirtualMachines,a,westus,P1Y,,USD,1.005,2023-01-01",
            "line 2: unit_total: 1.005 has more decimals than USD has (2)",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,JPY,1.5,2023-01-01",
            "line 2: unit_total: 1.5 has more decimals than JPY has (0)",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,1_000,2023-01-01",
            "line 2: unit_total: `1_000` is not a number",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,1e3,2023-01-01",
            "line 2: unit_total: `1e3` is not a number",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,NaN,2023-01-01",
            "line 2: unit_total: `NaN` is not a number",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,99999999999999999999,2023-01-01",
            "line 2: unit_total: has more than 20 digits",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,999999999999999999,2023-01-01",
            "line 2: unit_total: 999999999999999999 is too large",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,1,2023-02-29",
            "line 2: since: `2023-02-29` is not a day such as 2023-02-10",
        ),
        (
            "VirtualMachines,a,westus,P1Y,,USD,1,20230210",
            "line 2: since: `20230210` is not a day such as 2023-02-10",
        ),
        ("VirtualMachines,a,westus,P1Y,,USD,1", "line 2: 7 fields where the header has 8"),
        (
            "VirtualMachines,\"a,westus,P1Y,,USD,1,2023-01-01",
            "line 2: a quote is not closed on its line",
        ),
        (
            "VirtualMachines,\"a\"b,westus,P1Y,,USD,1,2023-01-01",
            "line 2: something stands between a closing quote and the next comma",
        ),
        (
            "VirtualMachines,a\"b,westus,P1Y,,USD,1,2023-01-01",
            "line 2: a quote stands inside a field that is not quoted",
        ),
        (
            "VirtualMachines,a\u{7}b,westus,P1Y,,USD,1,2023-01-01",
            "line 2: sku: holds a control character",
        ),
    ];
    for (line, reason) in cases {
        assert_eq!(refused(line), reason, "{line}");
    }
    let long = "x".repeat(MAX_FIELD + 1);
    let line = format!("VirtualMachines,{long},westus,P1Y,,USD,1,2023-01-01");
    assert_eq!(refused(&line), "line 2: sku: is longer than 256 bytes");
}

#[test]
fn a_bad_line_spoils_itself_only() {
    let good = "VirtualMachines,\"Standard_B1ls\",WestUS,p1y,,usd,32,2023-02-10";
    let mut text = format!("\u{feff}# a comment\r\n\r\n{HEADER}{good}\r\n").into_bytes();
    text.extend_from_slice(b"VirtualMachines,\xff,westus,P1Y,,USD,1,2023-01-01\n");
    text.extend_from_slice(&vec![b'x'; MAX_LINE + 1]);
    text.extend_from_slice(b"\n# another comment\n");
    text.extend_from_slice(good.to_ascii_lowercase().as_bytes());
    text.extend_from_slice(
        b"\nVirtualMachines,Standard_B1ls,westus,P1Y,Monthly,USD,32.00,2023-02-10",
    );
    let imported = prices(&text).unwrap();
    assert_eq!(
        rejections(&imported),
        [
            "line 5: the line is not UTF-8",
            "line 6: the line is longer than 65536 bytes",
            "line 8: the same key as line 4",
        ]
    );
    assert_eq!(imported.rows.len(), 2);
    let row = &imported.rows[0];
    assert_eq!(
        (row.resource_type.as_str(), row.sku.as_str()),
        ("VirtualMachines", "Standard_B1ls")
    );
    assert_eq!((row.location.as_str(), row.term), ("westus", Term::P1Y));
    assert_eq!(row.unit_total, Money::new(3200, Currency::USD));
    assert_eq!(row.series.as_deref(), Some("Bv1"));
    assert_eq!(imported.rows[1].billing_plan, Some(BillingPlan::Monthly));
}

#[test]
fn a_file_of_another_kind_is_one_error() {
    let message = |text: &str| prices(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(message(""), "the input is empty");
    assert_eq!(message("# only a comment\n\n"), "the input is empty");
    assert_eq!(
        message("sku,price\nStandard_B1ls,32\n"),
        "line 1: the header lacks resource_type, location, term, billing_plan, currency, \
         unit_total, since; it needs resource_type, sku, location, term, billing_plan, currency, \
         unit_total, since"
    );
    let twice = HEADER.replace("sku,", "sku,SKU,");
    assert_eq!(message(&twice), "line 1: the header names sku twice");
    assert_eq!(
        message("\"sku\n"),
        "line 1: the header cannot be read: a quote is not closed on its line"
    );
}

#[test]
fn rejections_are_bounded_and_progress_is_told() {
    let mut text = HEADER.to_owned();
    text.push_str(&"bad\n".repeat(MAX_REJECTED + 500));
    let mut told = Vec::new();
    let imported =
        price_csv::read(text.as_bytes(), &Catalog::built_in(), &mut |rows| told.push(rows))
            .unwrap();
    assert_eq!(imported.rejected.len(), MAX_REJECTED);
    assert_eq!(imported.rejected_total, MAX_REJECTED as u64 + 500);
    assert_eq!((told.first(), told.last()), (Some(&1_000), Some(&10_500)));
}

#[test]
fn ratios_keep_their_decimals() {
    let text = "armskuname,Ratio,InstanceSizeFlexibilityGroup\n\
                A,2.1,G\na,3,g\nA,1,H\nB,,G\nC,0,G\nD,-1,G\nE,two,G\n";
    let imported = ratio_csv::read(text.as_bytes(), date(2026, 3, 23), &mut |_| ()).unwrap();
    let ratios: Vec<String> = imported.rows.iter().map(|row| row.ratio.to_string()).collect();
    assert_eq!(ratios, ["2.1", "1"]);
    assert_eq!(
        rejections(&imported),
        [
            "line 3: the same key as line 2",
            "line 5: Ratio: is missing",
            "line 6: Ratio: is not above zero",
            "line 7: Ratio: is not above zero",
            "line 8: Ratio: `two` is not a number",
        ]
    );
}

#[test]
fn sizes_are_read_with_or_without_the_optional_columns() {
    let text = "name,family,vCPUs,MemoryGB,PremiumIO,Colour\n\
                Standard_D2s_v3,standardDSv3Family,2,8,True,red\n\
                Standard_B1ls,standardBSFamily,1,0.5,maybe,red\n\
                Standard_B1s,standardBSFamily,0,1,True,red\n";
    let imported = size_csv::read(text.as_bytes(), &mut |_| ()).unwrap();
    let size = &imported.rows[0];
    assert_eq!((size.tier.as_str(), size.size.as_str()), ("Standard", "D2s_v3"));
    assert_eq!((size.vcpus, size.vcpus_available, size.premium_storage), (2, 2, true));
    assert_eq!(
        rejections(&imported),
        [
            "line 3: PremiumIO: `maybe` is not True or False",
            "line 4: vCPUs: a size has at least one, and no more usable than it has",
        ]
    );
}
