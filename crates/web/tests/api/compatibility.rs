//! The compatibility table says what is served, and names tests that exist.

use prorata_web::api::{Options, table};
use std::path::{Path, PathBuf};

struct Row<'d> {
    operation: &'d str,
    path: &'d str,
    versions: &'d str,
    state: &'d str,
    test: &'d str,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn rows(document: &str) -> Vec<Row<'_>> {
    document
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
            let [operation, path, versions, state, test] = cells[..] else { return None };
            let [operation, path, versions, state, test] =
                [operation, path, versions, state, test].map(str::trim);
            let is_name = operation.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            (is_name && operation != "operation").then_some(Row {
                operation,
                path,
                versions,
                state,
                test,
            })
        })
        .collect()
}

/// Whether a test that the table names is there: `file::name` under the folder of the Python
/// tests, or a path from the root of the repository.
pub fn exists(named: &str) -> bool {
    let (file, function) = named.split_once("::").map_or((named, None), |(a, b)| (a, Some(b)));
    let file = if file.contains('/') {
        root().join(file)
    } else {
        root().join("tests/clients/python").join(file)
    };
    let Ok(text) = std::fs::read_to_string(file) else { return false };
    let Some(function) = function else { return true };
    let starts =
        [format!("def {function}("), format!("fn {function}("), format!("test(\"{function}\"")];
    starts.iter().any(|start| text.contains(start))
}

#[test]
fn the_compatibility_table_has_every_route_with_a_test_that_exists() {
    let document = std::fs::read_to_string(root().join("docs/compatibility.md")).unwrap();
    let rows = rows(&document);
    let mut faults = Vec::new();
    let table = table(Options { sandbox: true });
    for route in table.routes() {
        let path = format!("{} `{}`", route.method, route.pattern.as_str());
        let versions = match route.versions.join(" ") {
            none if none.is_empty() => "none".to_owned(),
            some => some,
        };
        let Some(row) = rows.iter().find(|row| row.operation == route.operation) else {
            faults.push(format!("add | {} | {path} | {versions} | | |", route.operation));
            continue;
        };
        for (what, written, is) in
            [("path", row.path, &path), ("versions", row.versions, &versions)]
        {
            if written != is {
                faults.push(format!("{}: its {what} is {is}", row.operation));
            }
        }
        if !["done", "refused"].iter().any(|word| row.state.starts_with(word)) {
            faults
                .push(format!("{}: is served, and its state says `{}`", row.operation, row.state));
        }
    }
    for row in &rows {
        let served = table.routes().any(|route| route.operation == row.operation);
        if !served && !row.state.starts_with("not served") {
            faults.push(format!("{}: has no route; its state is `not served`", row.operation));
        }
        let tests: Vec<&str> = row.test.split('`').skip(1).step_by(2).collect();
        if served && tests.is_empty() {
            faults.push(format!("{}: names no test", row.operation));
        }
        for test in tests.into_iter().filter(|test| !exists(test)) {
            faults.push(format!("{}: there is no test {test}", row.operation));
        }
    }
    assert!(faults.is_empty(), "docs/compatibility.md:\n{}", faults.join("\n"));
}
