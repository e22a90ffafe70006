//! Each check of the evaluator, left out by itself: the reviewed matrix has to notice.

use super::matrix;
use crate::access::check::{Check, Checks};
use crate::access::decide::answer;

const REVIEWED: &str = include_str!("../../../tests/it/access/matrix.txt");

/// Whether the matrix of an evaluator with these checks is the reviewed one; it stops at the first
/// difference.
fn is_reviewed(checks: Checks) -> bool {
    let mut rest = REVIEWED;
    let same =
        matrix::render(&|facts, action, scope| answer(facts, action, scope, checks), &mut |part| {
            rest.strip_prefix(part).map(|left| rest = left).is_some()
        });
    same && rest.is_empty()
}

#[test]
fn without_any_one_check_the_matrix_is_another() {
    for check in Check::ALL {
        assert!(!is_reviewed(Checks::without(*check)), "{check:?} is missed by nobody");
    }
}

/// A check that is in no list is left out by no test.
#[test]
fn the_list_of_checks_has_all_that_the_evaluator_makes() {
    let text = concat!(include_str!("../decide.rs"), include_str!("../check.rs"));
    let made = |check: &Check| {
        let name = format!("Check::{check:?}");
        text.matches(&name).count() >= 2
    };
    assert!(Check::ALL.iter().all(made));
    let listed = include_str!("../check.rs").split("pub(super) enum Check {").nth(1);
    let variants = listed.and_then(|rest| rest.split("\n}").next()).unwrap();
    let count = variants.lines().filter(|line| line.trim_end().ends_with(',')).count();
    assert_eq!(count, Check::ALL.len());
}
