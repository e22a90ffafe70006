use crate::run::{Place, run};
use serde_json::Value;

#[test]
fn a_wrong_command_line_ends_with_two_and_says_so_on_standard_error() {
    for arguments in [
        &["fly"][..],
        &["serve"],
        &["serve", "--data", "x", "--database", "postgres://x"],
        &["serve", "--data", "x", "--tls", "sometimes"],
        &["serve", "--database", "postgres://nowhere"],
        &["quote"],
        &["quote", "--sku", "x", "--term", "P2Y"],
        &["quote", "--sku", "x", "--url", "https://127.0.0.1:1"],
        &["quote", "--sku", "x", "--as", "somebody"],
        &["buy", "--sku", "x", "--what-if", "--yes"],
        &["refund", "not-an-id", "--yes"],
        &["exchange", "--yes"],
        &["exchange", "--return", "x:1", "--buy", "y"],
        &["list", "--query", "[", "--url", "https://127.0.0.1:1"],
        &["explain", "not-an-id", "--data", "x"],
        &["policy", "show", "--as-of", "yesterday"],
        &["policy", "show", "--clause", "gravity"],
        &["policy", "show", "--query", "[?"],
        &["verify"],
        &["verify", "--database", "./data"],
    ] {
        let said = run(arguments);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}: {}", said.err);
        assert!(said.err.starts_with("error: "), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn help_tells_the_exit_codes_and_the_version_is_one_line() {
    let help = run(&["--help"]).ok();
    assert!(help.contains("3 refused by a rule"), "{help}");
    let version = run(&["--version"]).ok();
    assert_eq!(version, format!("prorata {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn policy_is_shown_as_of_a_day() {
    let value = |day: &str| {
        let query = "[0].value";
        let shown = run(&[
            "policy",
            "show",
            "--as-of",
            day,
            "--clause",
            "quote-life",
            "-o",
            "tsv",
            "--query",
            query,
        ]);
        shown.ok()
    };
    assert!(value("2024-01-01").contains("30"), "{}", value("2024-01-01"));
    let counts = run(&["policy", "show", "--clause", "refund-cap-counts", "-o", "json"]).ok();
    let counts: Value = serde_json::from_str(&counts).unwrap();
    let since: Vec<&str> =
        counts.as_array().unwrap().iter().map(|row| row["since"].as_str().unwrap()).collect();
    assert!(since.contains(&"2022-06-28") && since.contains(&"2024-08-01"), "{since:?}");
    let all = run(&["policy", "show", "--as-of", "2026-11-21"]).ok();
    assert!(all.contains("refund-cap\n") && all.contains("50000.00 USD"), "{all}");
}

#[test]
fn a_policy_directory_with_faults_is_refused_with_each_of_them() {
    let place = Place::new();
    place.file("refund-cap.toml", "clause = \"refund-cap\"\nsays = 1\n");
    place.file("gravity.toml", "clause = \"gravity\"\n");
    let said = run(&["policy", "show", "--policy", place.0.to_str().unwrap()]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("gravity.toml:1") && said.err.contains("refund-cap.toml:"),
        "{}",
        said.err
    );
}

#[test]
fn no_server_is_a_plain_failure_with_a_hint() {
    let said = run(&[
        "list",
        "--url",
        "https://127.0.0.1:1",
        "--tenant",
        "11111111-2222-4333-8444-555555555501",
        "--client-id",
        "11111111-2222-4333-8444-555555555501",
        "--client-secret",
        "x",
    ]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("hint: is it running"), "{}", said.err);
}

#[test]
fn a_command_that_only_looks_makes_no_database() {
    let place = Place::new();
    let data = place.path("mistyped");
    let id = "11111111-2222-4333-8444-555555555501";
    for arguments in [&["verify", "--data", &data][..], &["explain", id, "--data", &data]] {
        let said = run(arguments);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{arguments:?}: {said:?}");
        assert!(said.err.starts_with("error: there is no database in `"), "{}", said.err);
        assert!(!place.0.join("mistyped").exists());
    }
}
