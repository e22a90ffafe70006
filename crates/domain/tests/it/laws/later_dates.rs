//! A value with a later date never changes what was decided before it.

use super::world::{self, noon, plus_days};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use prorata_domain::policy::Book;
use prorata_domain::{exchange, purchase, refund, split};

/// For each clause, a value unlike any it had.
const OTHERWISE: &[(&str, &str)] = &[
    ("refund-cap", "amount = \"1.00 USD\"\nwindow = \"P30D\""),
    ("refund-cap-counts", "counts = \"refund-amount\""),
    (
        "refund-cap-scope",
        "ea = \"customer\"\nmca = \"customer\"\ncsp = \"enrollment\"\npayg = \"customer\"",
    ),
    ("return-fee", "rate = \"0.5\"\nbase = \"cash-refund\""),
    ("young-return", "days = 3000"),
    ("lowest-price", "applies = false\nlowers_cap = true"),
    ("not-exchangeable", "types = [\"VirtualMachines\", \"AVS\", \"CosmosDb\"]"),
    ("not-refundable", "types = [\"VirtualMachines\", \"AVS\", \"CosmosDb\"]"),
    ("not-rearranged", "types = [\"VirtualMachines\", \"AVS\", \"CosmosDb\"]"),
    (
        "self-service",
        "monthly = false\npartner = false\ncustomer_of_partner = true\nus_gov_ea = false",
    ),
    (
        "exchange-right",
        "cutoff = 2019-01-01\nfinal_rights = 0\ncovered = [\"VirtualMachines\", \"AVS\"]",
    ),
    (
        "exchange-groups",
        "group = [{ name = \"ALL\", members = [\"VirtualMachines\", \"CosmosDb\"] }]",
    ),
    (
        "legacy-sale-stop",
        "cutoff = 2019-01-01\nresource_type = \"VirtualMachines\"\none_year = []\nall_terms = [\"Dsv5\"]",
    ),
    (
        "refund-settlement",
        "credit_days = 1\nroute = [\n\
         { agreement = \"ea\", payment = \"other\", to = \"card\" },\n\
         { agreement = \"mca\", payment = \"other\", to = \"credit-memo\" },\n\
         { agreement = \"csp\", payment = \"other\", to = \"card\" },\n\
         { agreement = \"payg\", payment = \"other\", to = \"credit-memo\" }]",
    ),
];

/// The built-in book with all of these values from a day on.
fn book_with_changes(since: Date) -> Book {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/azure");
    let files: Vec<(String, String)> = OTHERWISE
        .iter()
        .map(|(name, fields)| {
            let text = std::fs::read_to_string(folder.join(name).with_extension("toml")).unwrap();
            let later = format!(
                "{text}\n[[value]]\nsince = {since}\nsource = \"made up\"\nread = {since}\n{fields}\n"
            );
            (format!("{name}.toml"), later)
        })
        .collect();
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Book::built_in().with_files(files).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A day after every date of the book, and after `today`.
fn next_change(today: Date) -> Date {
    plus_days(today, 1).max(date(2027, 6, 1))
}

#[test]
fn the_changed_book_is_another_from_its_day_on() {
    let since = date(2040, 1, 1);
    let changed = book_with_changes(since);
    assert_ne!(changed.digest(), Book::built_in().digest());
    let before = plus_days(since, -1);
    assert_eq!(changed.in_force(before), Book::built_in().in_force(before));
    let after = (changed.in_force(since), Book::built_in().in_force(since));
    assert_ne!(after.0.refund_cap.value, after.1.refund_cap.value);
    assert_ne!(after.0.refund_settlement.value, after.1.refund_settlement.value);
    let (one, other) = (changed.clauses().collect::<Vec<_>>(), Book::built_in().clauses());
    let more = one.iter().zip(other).filter(|(one, other)| one.values != other.values).count();
    assert_eq!(more, OTHERWISE.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn of_refunds(case in world::refunds()) {
        let decide = |book: &Book| {
            refund::decide(book, &case.facts, &case.request, noon(case.today)).unwrap()
        };
        let known = decide(Book::built_in());
        prop_assert_eq!(&decide(&book_with_changes(date(2100, 1, 1))), &known);
        let near = decide(&book_with_changes(next_change(case.today)));
        prop_assert_eq!(near, known);
    }

    #[test]
    fn of_purchases(case in world::purchases()) {
        let decide = |book: &Book| {
            purchase::decide(book, &case.facts, &case.request, noon(case.today)).unwrap()
        };
        let near = decide(&book_with_changes(next_change(case.today)));
        prop_assert_eq!(near, decide(Book::built_in()));
    }

    #[test]
    fn of_exchanges(case in world::exchanges()) {
        let decide = |book: &Book| {
            exchange::decide(book, &case.facts, &case.request, noon(case.today)).unwrap()
        };
        let near = decide(&book_with_changes(next_change(case.today)));
        prop_assert_eq!(near, decide(Book::built_in()));
    }

    #[test]
    fn of_splits(case in world::refunds()) {
        let held = &case.facts.held;
        let item = super::rearranged::kept(held, 4);
        let facts = split::Facts { item };
        let decide = |book: &Book| {
            let request = split::Request { quantities: vec![3, 1] };
            split::decide(book, &facts, &request, noon(case.today)).unwrap()
        };
        let near = decide(&book_with_changes(next_change(case.today)));
        prop_assert_eq!(near, decide(Book::built_in()));
    }
}
