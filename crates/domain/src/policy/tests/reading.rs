//! Faults of policy files, and books made of several.

use super::super::*;
use jiff::civil::date;

const RISING: &str = r#"
clause = "young-return"
says = "A young reservation comes back whole."
applies = ["refund"]

[[value]]
since = 2019-01-01
days = 2
source = "one"
read = 2026-11-21

[[value]]
since = 2020-01-01
days = 0
source = "two"
read = 2026-11-21
"#;

/// What is wrong with a file, as `line: fault`.
fn faults(text: &str) -> Vec<String> {
    let read = Book::built_in().with_files([("own.toml", text)]);
    let faults = read.err().unwrap_or_default();
    assert!(faults.iter().all(|fault| fault.file == "own.toml"), "{faults:?}");
    faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect()
}

#[test]
fn faults_name_their_line() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("", "", &[]),
        (
            "since = 2020-01-01",
            "since = 2019-01-01",
            &["12: 2019-01-01 does not come after 2019-01-01; values stand in the order \
                 of their dates"],
        ),
        (
            "since = 2020-01-01",
            "since = 2018-01-01",
            &["12: 2018-01-01 does not come after 2019-01-01; values stand in the order \
                 of their dates"],
        ),
        ("source = \"two\"\n", "", &["12: `source` is missing"]),
        ("source = \"two\"", "source = \" \"", &["15: `source` should be a text"]),
        ("since = 2020-01-01\n", "", &["12: `since` is missing"]),
        (
            "since = 2020-01-01",
            "since = \"2020\"",
            &["13: `since` should be a date such as 2020-07-01"],
        ),
        ("days = 0", "days = 0\nhours = 3", &["15: there is no field `hours` here"]),
        ("days = 0", "days = -1", &["14: `days` should be a whole number, 0 or more"]),
        (
            "clause = \"young-return\"",
            "clause = \"old-return\"",
            &["2: there is no clause `old-return` with values"],
        ),
        // Structural clauses have no values to set.
        (
            "clause = \"young-return\"",
            "clause = \"session\"",
            &["2: there is no clause `session` with values"],
        ),
        (
            "applies = [\"refund\"]",
            "applies = [\"lending\"]",
            &["4: `applies` should be a list of jobs, such as `purchase`, `refund`, `exchange`"],
        ),
        (
            "applies = [\"refund\"]",
            "applies = [\"refund\"]\nunit = \"day\"",
            &["5: there is no field `unit` here"],
        ),
        ("says = \"A young reservation comes back whole.\"\n", "", &["1: `says` is missing"]),
        // Several at once, over the whole file.
        (
            "source = \"one\"\nread = 2026-11-21\n\n[[value]]\nsince = 2020-01-01\ndays = 0",
            "[[value]]\nsince = 2020-01-01",
            &["6: `source` is missing", "6: `read` is missing", "9: `days` is missing"],
        ),
    ];
    for (from, to, expected) in cases {
        assert!(RISING.contains(from));
        assert_eq!(faults(&RISING.replace(from, to)), *expected, "{from:?} -> {to:?}");
    }
    assert_eq!(
        faults("clause = \"young-return\"\nsays = \"x\"\napplies = []\n"),
        ["1: `value` is missing"]
    );
    assert_eq!(faults("clause = \"quote-life\nsays = 3")[0].split(':').next(), Some("1"));
}

#[test]
fn kinds_refuse_what_does_not_fit() {
    // The clause's built-in text, a piece of it and what stands there instead, and the fault.
    let cases = [
        (
            "refund-cap",
            "\"50000.00 USD\"",
            "50000",
            "`amount` should be an amount such as \"50000.00 USD\"",
        ),
        (
            "refund-cap",
            "\"50000.00 USD\"",
            "\"50000.001 USD\"",
            "`amount` should be an amount such as \"50000.00 USD\"",
        ),
        (
            "refund-cap",
            "\"P12M\"",
            "\"P0M\"",
            "`window` should be a period such as \"P12M\" or \"P365D\"",
        ),
        (
            "return-fee",
            "rate = \"0\"",
            "rate = \"12\"",
            "`rate` should be a text from \"0\" to \"1\"",
        ),
        (
            "lowest-price",
            "applies = true",
            "applies = \"yes\"",
            "`applies` should be true or false",
        ),
        ("exchange-groups", "\"SqlElasticPool\"]", "\"avs\"]", "`avs` is in two exchange groups"),
        (
            "refund-settlement",
            "payment = \"other\"",
            "payment = \"wire\"",
            "`ea` has no line for its other payments",
        ),
    ];
    for (name, from, to, expected) in cases {
        let file = format!("{name}.toml");
        let text = BUILT_IN.iter().find(|known| known.0 == file).expect("a built-in file").1;
        assert!(text.contains(from), "{name} holds no {from}");
        let text = text.replace(from, to);
        let found = faults(&text);
        assert!(
            !found.is_empty() && found.iter().all(|fault| fault.ends_with(expected)),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn a_book_needs_each_clause_once() {
    let missing = Book::parse([("own.toml", RISING)]).unwrap_err();
    assert_eq!(missing.len(), DATED.len() - 1);
    assert_eq!(
        missing[0].to_string(),
        "refund-cap.toml:1: there is no file for the clause `refund-cap`"
    );

    let twice = Book::built_in().with_files([("a.toml", RISING), ("b.toml", RISING)]).unwrap_err();
    assert_eq!(twice.len(), 1);
    assert_eq!(
        twice[0].to_string(),
        "b.toml:1: the clause `young-return` was already given in a.toml"
    );
}

#[test]
fn own_files_replace_clauses() {
    let book = Book::built_in();
    let own = book.with_files([("own.toml", RISING)]).unwrap();
    let on = date(2021, 1, 1);
    assert_eq!(book.in_force(on).young_return.value.days, 2);
    assert_eq!(own.in_force(on).young_return.value.days, 0);
    assert_eq!(own.source(ClauseId::YoungReturn, date(2020, 1, 1)), "two");
    assert_eq!(own.in_force(on).refund_cap, book.in_force(on).refund_cap);
    assert_ne!(own.digest(), book.digest());
    assert_eq!(own.digest().len(), 64);

    let file = BUILT_IN.iter().find(|known| known.0 == "young-return.toml").unwrap();
    let back = own.with_files([*file]).unwrap();
    assert_eq!(&back, book);
}
