//! Prices, ratios and sizes.

use crate::sample::{day, usd, write};
use jiff::civil::Date;
use prorata_domain::catalog::{PriceRow, RatioRow, SizeRow};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::Currency;
use prorata_store::{Store, Tx, prices, ratios, sizes};

crate::contracts!(
    the_price_in_force_is_the_latest,
    the_catalog_has_pages,
    products_are_found_by_words,
    ratios_and_sizes_come_back,
);

fn price(sku: &str, plan: Option<BillingPlan>, since: Date, minor: i64) -> PriceRow {
    PriceRow {
        resource_type: "VirtualMachines".into(),
        sku: sku.into(),
        location: "westus".into(),
        term: Term::P1Y,
        billing_plan: plan,
        currency: Currency::USD,
        unit_total: usd(minor),
        since,
        series: Some("Dsv5".into()),
        tier: None,
        size: None,
        flexibility_group: None,
        commit_units: None,
    }
}

fn the_price_in_force_is_the_latest(store: &Store) {
    let monthly = Some(BillingPlan::Monthly);
    let rows = vec![
        price("Standard_D2s_v5", None, day(5), 100),
        price("Standard_D2s_v5", None, day(10), 110),
        price("Standard_D2s_v5", monthly, day(10), 120),
        price("Standard_D2s_v5", monthly, day(15), 130),
    ];
    let put = {
        let rows = rows.clone();
        move |tx: &mut Tx<'_>| prices::put(tx, &rows)
    };
    assert_eq!(write(store, put.clone()), 4);
    assert_eq!(write(store, put), 0, "the same again changes nothing");
    let dearer = PriceRow { unit_total: usd(101), ..rows[0].clone() };
    assert_eq!(write(store, move |tx| prices::put(tx, std::slice::from_ref(&dearer))), 1);
    write(store, move |tx| {
        let mut at_day = |plan, number: i8, currency| {
            let key = prices::Key {
                resource_type: "virtualmachines",
                sku: "STANDARD_d2S_V5",
                location: "WestUS",
                term: Term::P1Y,
                plan,
                currency,
            };
            let found = prices::price_at(tx, &key, day(number)).unwrap();
            found.map(|row| row.unit_total.minor())
        };
        let usd = Currency::USD;
        assert_eq!(at_day(BillingPlan::Upfront, 4, usd), None, "not sold yet");
        assert_eq!(at_day(BillingPlan::Upfront, 5, usd), Some(101));
        assert_eq!(at_day(BillingPlan::Upfront, 9, usd), Some(101));
        assert_eq!(at_day(BillingPlan::Upfront, 31, usd), Some(110));
        assert_eq!(at_day(BillingPlan::Monthly, 9, usd), Some(101));
        assert_eq!(at_day(BillingPlan::Monthly, 10, usd), Some(120), "its own plan's comes first");
        assert_eq!(at_day(BillingPlan::Monthly, 15, usd), Some(130));
        assert_eq!(at_day(BillingPlan::Monthly, 15, Currency::parse("EUR").unwrap()), None);
        let on_sale = prices::on_sale(tx, "VirtualMachines", "standard_d2s_v5", day(5))?;
        assert_eq!(on_sale.len(), 1);
        assert_eq!((on_sale[0].plan, on_sale[0].sku.as_str()), (None, "Standard_D2s_v5"));
        let later =
            prices::on_sale_in(tx, "VirtualMachines", "standard_d2s_v5", "westus", day(31))?;
        assert_eq!(later.iter().map(|row| row.plan).collect::<Vec<_>>(), [None, monthly]);
        assert_eq!(prices::count(tx)?, 4);
        Ok(())
    });
}

fn the_catalog_has_pages(store: &Store) {
    write(store, |tx| {
        let mut rows = Vec::new();
        for sku in ["a", "b", "c"] {
            for location in ["westus", "eastus"] {
                for since in [day(1), day(9)] {
                    let row = price(sku, None, since, i64::from(since.day()));
                    rows.push(PriceRow { location: location.into(), ..row });
                }
            }
        }
        rows.push(PriceRow { resource_type: "SqlDatabases".into(), ..price("x", None, day(1), 7) });
        prices::put(tx, &rows)
    });
    let page = |skip, take, day: Date, location: Option<&'static str>| {
        write(store, move |tx| {
            prices::catalog_page(
                tx,
                &prices::CatalogQuery {
                    resource_type: Some("VirtualMachines"),
                    location,
                    currency: Currency::USD,
                    day,
                    skip,
                    take,
                },
            )
        })
    };
    let skus = |page: &prices::CatalogPage| {
        let name = |product: &prices::Product| format!("{}/{}", product.location, product.sku);
        page.products.iter().map(name).collect::<Vec<_>>()
    };
    let first = page(0, 4, day(5), None);
    assert_eq!(first.total, 6);
    assert_eq!(skus(&first), ["eastus/a", "eastus/b", "eastus/c", "westus/a"]);
    let prices: Vec<i64> =
        first.products[0].prices.iter().map(|price| price.unit_total.minor()).collect();
    assert_eq!(prices, [1], "one price is in force");
    assert_eq!(skus(&page(4, 4, day(5), None)), ["westus/b", "westus/c"]);
    let west = page(1, 1, day(9), Some("WestUS"));
    assert_eq!((west.total, skus(&west)), (3, vec!["westus/b".to_owned()]));
    assert_eq!(west.products[0].prices[0].unit_total, usd(9));
    assert_eq!(page(9, 4, day(5), None).products, []);
    let nowhere = page(0, 4, day(5), Some("moon"));
    assert_eq!((nowhere.total, nowhere.products), (0, vec![]));
}

fn products_are_found_by_words(store: &Store) {
    write(store, |tx| {
        let row = |kind: &str, sku: &str, location: &str, term| PriceRow {
            resource_type: kind.into(),
            location: location.into(),
            term,
            ..price(sku, None, day(3), 5)
        };
        let machine = |sku: &str, location: &str| row("VirtualMachines", sku, location, Term::P1Y);
        let euros = PriceRow {
            currency: Currency::parse("EUR").unwrap(),
            ..machine("Standard_E2s_v5", "westus")
        };
        let later = PriceRow { since: day(20), ..machine("Standard_F2s_v2", "westus") };
        let rows = [
            machine("Standard_D2s_v5", "westus"),
            machine("Standard_D2s_v5", "eastus"),
            row("VirtualMachines", "Standard_D2s_v5", "westus", Term::P3Y),
            machine("Standard_A2s%v5", "westus"),
            row("Databricks", "Commit_12500", "global", Term::P1Y),
            euros,
            later,
        ];
        prices::put(tx, &rows)
    });
    let search = |resource_type, location, term, words: &[&str], skip, take| {
        let word = |text: &&str| prices::Word {
            text: (*text).to_owned(),
            resource_types: if *text == "spark" { vec!["databricks".to_owned()] } else { vec![] },
        };
        let words: Vec<prices::Word> = words.iter().map(word).collect();
        let found = write(store, move |tx| {
            prices::search(
                tx,
                &prices::Search {
                    resource_type,
                    location,
                    term,
                    words: &words,
                    currencies: [Currency::USD; 2],
                    day: day(5),
                    skip,
                    take,
                },
            )
        });
        let named = |one: prices::Found| format!("{}/{}/{}", one.sku, one.location, one.term);
        found.into_iter().map(named).collect::<Vec<_>>()
    };
    let all = search(None, None, None, &[], 0, 99);
    assert_eq!(
        all,
        [
            "Commit_12500/global/P1Y",
            "Standard_D2s_v5/eastus/P1Y",
            "Standard_A2s%v5/westus/P1Y",
            "Standard_D2s_v5/westus/P1Y",
            "Standard_D2s_v5/westus/P3Y",
        ],
        "neither in another currency nor of a later day"
    );
    assert_eq!(search(None, None, None, &[], 1, 2), all[1..3]);
    assert_eq!(search(None, None, None, &["D2S_V5", "east"], 0, 99), all[1..2]);
    assert_eq!(search(None, None, None, &["s%v"], 0, 99), all[2..3], "no sign is a pattern");
    assert_eq!(search(None, None, None, &["spark"], 0, 99), all[..1], "by the title of its type");
    assert_eq!(search(None, None, Some(Term::P3Y), &[], 0, 99), all[4..]);
    assert_eq!(search(Some("virtualmachines"), Some("EastUS"), None, &[], 0, 99), all[1..2]);
    assert_eq!(search(None, Some("eastus"), None, &[], 0, 99), all[..2], "and what has no region");
    assert_eq!(search(None, None, None, &["moon"], 0, 99), Vec::<String>::new());
}

fn ratios_and_sizes_come_back(store: &Store) {
    let ratio = |group: &str, sku: &str, ratio: &str, since| RatioRow {
        group: group.into(),
        sku: sku.into(),
        ratio: ratio.parse().unwrap(),
        since,
    };
    let size = SizeRow {
        name: "Standard_D2s_v5".into(),
        tier: "Standard".into(),
        size: "D2s_v5".into(),
        family: "standardDSv5Family".into(),
        vcpus: 2,
        vcpus_available: 2,
        memory_gb: "8".parse().unwrap(),
        premium_storage: true,
        architecture: Some("x64".into()),
        gpus: None,
        parent_size: None,
        superseded_by: None,
        retires: None,
        max_data_disks: Some(4),
    };
    write(store, move |tx| {
        let old = ratio("Ds", "D2", "1", day(1));
        let new = ratio("Ds", "D2", "2.1", day(9));
        let other = ratio("Es", "D2", "3", day(1));
        let big = ratio("Ds", "D4", "4", day(1));
        let rows = [old.clone(), new.clone(), other.clone(), big.clone()];
        assert_eq!(ratios::put(tx, &rows)?, 4);
        assert_eq!(ratios::put(tx, &rows)?, 0);
        assert_eq!(ratios::of_sku(tx, "d2", day(8))?, [old, other.clone()]);
        assert_eq!(ratios::of_sku(tx, "d2", day(9))?, [new.clone(), other]);
        assert_eq!(ratios::of_group(tx, "DS", day(9))?, [new, big]);
        assert_eq!(sizes::put(tx, std::slice::from_ref(&size))?, 1);
        assert_eq!(sizes::put(tx, std::slice::from_ref(&size))?, 0);
        assert_eq!(sizes::load(tx, "standard_D2S_v5")?, Some(size.clone()));
        Ok(())
    });
}
