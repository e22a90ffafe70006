//! What is recorded as evidence can be read back and decided again.

use super::world::{self, noon};
use proptest::prelude::*;
use prorata_domain::Decision;
use prorata_domain::policy::Book;
use prorata_domain::{exchange, purchase, refund};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// What is kept of a decision.
fn recorded<T: Serialize + DeserializeOwned + PartialEq + Debug>(evidence: &T) -> T {
    let text = serde_json::to_string(evidence).unwrap();
    let read = serde_json::from_str(&text).unwrap();
    assert_eq!(&read, evidence);
    // The text itself is stable too, so that two records can be compared as texts.
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    read
}

proptest! {
    #[test]
    fn of_a_refund(case in world::refunds()) {
        let decide = |facts: &_, request: &_| {
            refund::decide(Book::built_in(), facts, request, noon(case.today)).unwrap()
        };
        let evidence = (case.facts, case.request, noon(case.today));
        let (facts, request, _) = recorded(&evidence);
        let first: Decision<refund::Plan> = decide(&evidence.0, &evidence.1);
        prop_assert_eq!(decide(&facts, &request), recorded(&first));
    }

    #[test]
    fn of_a_purchase(case in world::purchases()) {
        let decide = |facts: &_, request: &_| {
            purchase::decide(Book::built_in(), facts, request, noon(case.today)).unwrap()
        };
        let (facts, request) = recorded(&(case.facts.clone(), case.request.clone()));
        prop_assert_eq!(decide(&facts, &request), recorded(&decide(&case.facts, &case.request)));
    }

    #[test]
    fn of_an_exchange(case in world::exchanges()) {
        let decide = |facts: &_, request: &_| {
            exchange::decide(Book::built_in(), facts, request, noon(case.today)).unwrap()
        };
        let (facts, request) = recorded(&(case.facts.clone(), case.request.clone()));
        prop_assert_eq!(decide(&facts, &request), recorded(&decide(&case.facts, &case.request)));
    }
}
