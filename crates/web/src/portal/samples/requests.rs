//! Samples of the pages of requests.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::page::{Choice, Crumb, Fact, Section};
use crate::portal::proof::Proof;
use crate::portal::requests::{
    Alert, Demand, EnteredPolicy, Line, May, NewRequestPage, Of, PoliciesPage, PolicyPage,
    PolicyRow, RequestPage, RequestsPage, Row, RuleSaid, Scopes, Step, Tab, Thing,
};
use crate::portal::words::{self, Moment};
use jiff::civil::date;
use prorata_domain::policy::Book;
use prorata_domain::term::day_start;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = lists();
    found.extend(one());
    found.extend(asking());
    found.extend(policies());
    found
}

fn lists() -> Vec<(&'static str, String)> {
    let tab = |label: &'static str, current| Tab {
        label: label.into(),
        href: "/requests?show=mine".to_owned(),
        current,
    };
    let page = |rows, next: Option<&str>| RequestsPage {
        shell: shell("Requests", Section::Requests),
        tabs: vec![tab("Waiting for me", true), tab("Mine", false)],
        shown: "waiting",
        kinds: vec![
            Choice { word: "", label: "All kinds".into(), chosen: true },
            Choice { word: "refund", label: "Refund".into(), chosen: false },
        ],
        rows,
        next: next.map(str::to_owned),
        empty: "Nothing waits for your decision.".into(),
        policies: true,
    };
    let row = |status: &'static str, class, soon: Option<&str>| Row {
        href: format!("/requests/{RESERVATION}"),
        kind: "Refund".into(),
        what: HOSTILE.to_owned(),
        by: HOSTILE.to_owned(),
        stake: "720.00 USD".into(),
        status: status.into(),
        class,
        asked: "10 Feb 2023".to_owned(),
        until: soon.map(|_| "24 Feb 2023".to_owned()),
        soon: soon.map(str::to_owned),
    };
    let rows = vec![
        row("Waiting for approval", "pending", Some("in 2 days")),
        row("Done", "active", None),
        row("Stopped", "failed", None),
    ];
    vec![
        rendered("requests: a page", &page(rows, Some("/requests?show=all&after=x"))),
        rendered("requests: none", &page(Vec::new(), None)),
    ]
}

fn moment() -> Moment {
    Moment(day_start(date(2023, 2, 10)))
}

/// A request with all that one can have; `may` is whether it waits for the reader.
fn request(may: May, alerts: Vec<Alert>, fault: Option<&'static str>) -> RequestPage {
    let line = |label: &'static str, was: Option<&str>| Line {
        label: label.into(),
        was: was.map(str::to_owned),
        amount: "720.00 USD".to_owned(),
    };
    let demand = |policy: &str, given: &'static str, met: bool| Demand {
        policy: policy.to_owned(),
        given: given.into(),
        by: HOSTILE.to_owned(),
        people: met.then(|| HOSTILE.into()),
        met,
    };
    RequestPage {
        fault_of_box: false,
        shell: shell("Refund asked for by somebody", Section::Requests),
        crumbs: vec![Crumb { label: "Requests".to_owned(), href: "/requests".to_owned() }],
        path: format!("/requests/{RESERVATION}"),
        heading: HOSTILE.into(),
        status: "Waiting for approval".into(),
        class: "pending",
        runs: !may.any(),
        asked_by: HOSTILE.into(),
        asked_at: moment(),
        until: may.any().then(moment),
        alerts,
        things: vec![
            Thing {
                what: "Given up".into(),
                name: HOSTILE.to_owned(),
                product: HOSTILE.to_owned(),
                href: Some(format!("/reservations/{ORDER}/{RESERVATION}")),
            },
            Thing {
                what: "Bought".into(),
                name: HOSTILE.to_owned(),
                product: String::new(),
                href: None,
            },
        ],
        comment: HOSTILE.to_owned(),
        stake: Some("720.00 USD".to_owned()),
        lines: vec![line("Paid out", Some("700.00 USD")), line("Payments never made", None)],
        priced_at: moment(),
        facts: vec![Fact::identifier("Request id", RESERVATION)],
        result: (!may.any()).then(|| "/reservations/a/b/refund/c".to_owned()),
        demands: vec![demand(HOSTILE, "0 of 1", false), demand("Four eyes", "1 of 1", true)],
        steps: vec![Step {
            at: moment(),
            what: "Drafted".into(),
            by: HOSTILE.to_owned(),
            comment: HOSTILE.to_owned(),
        }],
        proof: Proof::new(Book::built_in(), &[], None, words::subject),
        may,
        fault: fault.map(Into::into),
        typed: HOSTILE.to_owned(),
    }
}

fn one() -> Vec<(&'static str, String)> {
    let nothing = May::default();
    let decides = May { approve: true, refuse: true, ..nothing };
    let drafted = May { submit: true, withdraw: true, ..nothing };
    let alert = |urgent| Alert { says: "Moved.".into(), recorded: HOSTILE.to_owned(), urgent };
    vec![
        rendered("request: to decide on", &request(decides, Vec::new(), None)),
        rendered("request: a draft", &request(drafted, vec![alert(true)], None)),
        rendered(
            "request: a faulty form",
            &request(decides, vec![alert(false)], Some("Say why, for who asked.")),
        ),
        rendered("request: over", &request(nothing, vec![alert(true)], None)),
    ]
}

fn asking() -> Vec<(&'static str, String)> {
    let page = |fault: Option<&str>| NewRequestPage {
        shell: shell("Ask for a refund", Section::Requests),
        of: Some(Of {
            path: format!("{ORDER}/{RESERVATION}"),
            name: HOSTILE.to_owned(),
            product: "3 × Standard_B1ls, West US, 1 year, paid monthly".to_owned(),
            held: "3 units held".into(),
            quantity: HOSTILE.to_owned(),
            comment: HOSTILE.to_owned(),
            fault: fault.map(str::to_owned),
            id: RESERVATION.to_owned(),
        }),
    };
    let ways = NewRequestPage { shell: shell("Ask for something", Section::Requests), of: None };
    vec![
        rendered("request: new", &page(None)),
        rendered("request: new, faulty", &page(Some("Enter a whole number."))),
        rendered("request: ways to ask", &ways),
    ]
}

fn policies() -> Vec<(&'static str, String)> {
    let row = |required| PolicyRow {
        name: HOSTILE.to_owned(),
        about: HOSTILE.to_owned(),
        required,
        since: "In force since 10 February 2023".into(),
        approvers: HOSTILE.to_owned(),
        life: Some("10 days".to_owned()),
        tolerance: Some("2 %".to_owned()),
        rules: vec![RuleSaid {
            kinds: "Refund, Exchange".to_owned(),
            from: "500.00 USD".to_owned(),
            asked_by: HOSTILE.to_owned(),
            approvals: "2 approvals".into(),
        }],
        change: required.then(|| "/requests/policies/policy?scope=tenant&name=x".to_owned()),
    };
    let list = |rows, sets| PoliciesPage {
        shell: shell("Approval policies", Section::Requests),
        rows,
        sets,
    };
    let form = |entered, alert: Option<&str>| PolicyPage {
        shell: shell("Approval policy", Section::Requests),
        entered,
        scopes: vec![Scopes { word: "tenant".to_owned(), label: HOSTILE.to_owned(), chosen: true }],
        alert: alert.map(str::to_owned),
        removes: HOSTILE.into(),
    };
    let mut filled = EnteredPolicy::new();
    filled.add_rule();
    filled.name = HOSTILE.to_owned();
    filled.version = "3".to_owned();
    filled.rules[0].from = HOSTILE.to_owned();
    filled.rules[0].roles = HOSTILE.to_owned();
    let mut faulty = EnteredPolicy::new();
    let said = || Some(HOSTILE.into());
    faulty.faults.name = said();
    faulty.faults.people = said();
    faulty.faults.life_days = said();
    faulty.faults.tolerance = said();
    faulty.faults.rules = said();
    faulty.rules[0].from_fault = said();
    faulty.rules[0].approvals_fault = said();
    let mut kept = filled.clone();
    kept.faults.remove = said();
    kept.faults.name = said();
    vec![
        rendered("approval policies", &list(vec![row(true), row(false)], true)),
        rendered("approval policies: none", &list(Vec::new(), false)),
        rendered("approval policy: new", &form(EnteredPolicy::new(), None)),
        rendered("approval policy: one", &form(filled, Some(HOSTILE))),
        rendered("approval policy: faulty", &form(faulty, None)),
        rendered("approval policy: not removed", &form(kept, None)),
    ]
}
