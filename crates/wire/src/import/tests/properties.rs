//! Round trips, and input that is nothing at all.

use super::*;
use proptest::prelude::*;

prop_compose! {
    fn price_row()(
        kind in prop::sample::select(vec!["VirtualMachines", "SqlDatabases", "SuseLinux", "AVS"]),
        sku in "[A-Za-z0-9_ ,\"']{0,20}[A-Za-z0-9]",
        location in "[a-z]{1,12}[0-9]?",
        long in any::<bool>(),
        plan in prop::option::of(Just(BillingPlan::Upfront)),
        currency in prop::sample::select(vec!["USD", "GBP", "JPY", "KWD"]),
        minor in 1..i64::MAX,
        day in 0..20_000i64,
        group in prop::option::of("[A-Z][A-Za-z ,\"]{0,10}[a-z]"),
    ) -> PriceRow {
        let catalog = Catalog::built_in();
        let rt = catalog.resource_type(kind).unwrap();
        let currency = Currency::parse(currency).unwrap();
        let global = rt.location == prorata_domain::catalog::Placement::Global;
        let sku = sku.trim().to_owned();
        PriceRow {
            resource_type: rt.name.clone(),
            series: rt.series_of(&sku),
            sku,
            location: if global { "global".into() } else { location },
            term: if long { Term::P3Y } else { Term::P1Y },
            billing_plan: plan,
            currency,
            unit_total: Money::new(minor, currency),
            since: date(2000, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap(),
            tier: None,
            size: Some("any".into()),
            flexibility_group: group,
            commit_units: None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is written is read back, row for row.
    #[test]
    fn prices_survive_a_round_trip(rows in prop::collection::vec(price_row(), 0..20)) {
        let mut rows = rows;
        let mut seen = std::collections::HashSet::new();
        rows.retain(|row| seen.insert(row.key()));
        let mut text = Vec::new();
        price_csv::write(&rows, &mut text).unwrap();
        let imported = prices(&text).unwrap();
        prop_assert_eq!(rejections(&imported), Vec::<String>::new());
        prop_assert_eq!(imported.rows, rows);
    }

    /// No input makes a reader fail in another way than by its own errors.
    #[test]
    fn any_bytes_are_survived(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        lines in "[\\[\\]{}:,\"#a-z0-9.\n -]{0,300}",
    ) {
        let price_lines = [HEADER.as_bytes(), &bytes, b"\n", lines.as_bytes()].concat();
        let imported = prices(&price_lines).unwrap();
        prop_assert!(imported.rows.is_empty());
        let catalog = Catalog::built_in();
        for text in [&bytes[..], lines.as_bytes()] {
            let _ = retail_json::read(text, &catalog, &mut |_| ());
            let _ = size_csv::read(text, &mut |_| ());
            let _ = ratio_csv::read(text, date(2026, 1, 1), &mut |_| ());
        }
    }
}
