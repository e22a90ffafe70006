//! The matrix of who may do what, kept as a reviewed text.
//!
//! With `PRORATA_REVIEWED=1` the test writes the text anew; the change is then read like code.

use prorata_domain::access::Answer;
use prorata_domain::{access, ids, policy};
use std::path::Path;

#[path = "../../src/access/tests/matrix.rs"]
mod matrix;

#[test]
fn who_may_do_what_is_as_reviewed() {
    let mut made = String::new();
    matrix::render(
        &|facts, action, scope| match access::permits(facts, action, scope) {
            true => Answer::Allowed,
            false if access::sees(facts, scope) => Answer::Denied,
            false => Answer::Hidden,
        },
        &mut |part| {
            made.push_str(part);
            true
        },
    );
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/access/matrix.txt");
    if std::env::var_os("PRORATA_REVIEWED").is_some() {
        std::fs::write(&kept, &made).unwrap();
    }
    let reviewed = std::fs::read_to_string(&kept).unwrap();
    for (number, (made, kept)) in (1..).zip(made.lines().zip(reviewed.lines())) {
        assert_eq!(made, kept, "line {number}; PRORATA_REVIEWED=1 writes the text anew");
    }
    assert_eq!(made.lines().count(), reviewed.lines().count(), "lines");
}
