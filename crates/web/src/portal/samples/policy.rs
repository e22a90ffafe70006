//! Samples of the policy book's pages, and of a recorded decision.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::audit::DecisionPage;
use crate::portal::language::say;
use crate::portal::page::{Fact, Section};
use crate::portal::policy::{self, ClausePage, Looked, Scale, Used};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Moment};
use jiff::Timestamp;
use jiff::civil::date;
use prorata_domain::policy::{Book, ClauseId, ClauseInfo, Job};

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = books();
    found.extend(clauses());
    found.extend(decisions());
    found
}

fn looked(words: &str, past: bool, fault: bool) -> Looked {
    let on = if past { date(2023, 5, 1) } else { date(2026, 11, 22) };
    Looked {
        typed: if fault { HOSTILE.to_owned() } else { on.to_string() },
        on,
        words: words.to_owned(),
        job: (!words.is_empty()).then_some(Job::Exchange),
        is_today: !past,
        fault: fault.then(|| say("policy-day-fault")),
    }
}

fn books() -> Vec<(&'static str, String)> {
    let clauses: Vec<ClauseInfo<'_>> = Book::built_in().clauses().collect();
    let page = |looked| {
        let shell = shell("Policy", Section::Policy);
        policy::page(shell, looked, &clauses, date(2026, 11, 22))
    };
    vec![
        rendered("policy: today", &page(looked("", false, false))),
        rendered("policy: a past day, faulty", &page(looked("", true, true))),
        rendered("policy: searched", &page(looked("cutoff", true, false))),
        rendered("policy: nothing found", &page(looked(HOSTILE, false, false))),
    ]
}

fn clauses() -> Vec<(&'static str, String)> {
    let clauses: Vec<ClauseInfo<'_>> = Book::built_in().clauses().collect();
    let today = date(2026, 11, 22);
    let page = |id: ClauseId, past, used| {
        let clause = clauses.iter().find(|clause| clause.id == id).unwrap();
        let looked = looked("", past, false);
        let scale = Scale::of(&clauses, looked.on, today);
        let page =
            policy::page_of(shell("A clause", Section::Policy), clause, looked, scale, today);
        ClausePage { used, looked: say("policy-decisions"), ..page }
    };
    let used = Used {
        href: format!("/decisions/{RESERVATION}"),
        at: Moment(Timestamp::UNIX_EPOCH),
        what: say("operation-refund"),
        outcome: say("policy-outcome-met"),
        class: "met",
        since: "1 Jul 2020".to_owned(),
    };
    vec![
        rendered("clause: exchange right", &page(ClauseId::ExchangeRight, false, vec![used])),
        rendered("clause: on a past day", &page(ClauseId::RefundCap, true, Vec::new())),
        rendered("clause: structural", &page(ClauseId::Session, false, Vec::new())),
    ]
}

fn decisions() -> Vec<(&'static str, String)> {
    let page = |refused, proof| DecisionPage {
        shell: shell("Refund", Section::None),
        what: say("operation-refund"),
        verdict: say("audit-refused"),
        class: "failed",
        at: Moment(Timestamp::UNIX_EPOCH),
        facts: vec![Fact::words("Who", HOSTILE), Fact::identifier("Target", HOSTILE)],
        about: Some(format!("/reservations/{ORDER}/{RESERVATION}")),
        refused,
        proof,
    };
    let proof = Proof::new(Book::built_in(), &[], None, words::subject);
    let refused = Refused {
        clause: "Refund cap".to_owned(),
        reason: HOSTILE.to_owned(),
        repairs: vec![Suggestion::act(HOSTILE, "none")],
    };
    vec![
        rendered("decision: refused", &page(Some(refused), Some(proof))),
        rendered("decision: nothing looked at", &page(None, None)),
    ]
}
