//! Samples of asking for support, and of answering at the desk.

use super::{HOSTILE, ORDER, RESERVATION, head, rendered, shell};
use crate::portal::language::say;
use crate::portal::page::{Crumb, Fact, Section};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::support::{
    Answer, Booked, Choices, Evidence, Exception, Field, FileRow, Grant, GrantFaults,
    NewTicketPage, Row, Said, SupportPage, Tab, TicketPage, Waived, Was,
};
use crate::portal::words::{self, Moment};
use jiff::Timestamp;
use prorata_domain::policy::Book;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = lists();
    found.extend(asking());
    found.extend(tickets());
    found
}

fn lists() -> Vec<(&'static str, String)> {
    let tab = |label, current| Tab { label: say(label), href: "/support".to_owned(), current };
    let page = |rows: Vec<Row>, of_desk| SupportPage {
        shell: shell("Support", Section::Support),
        tabs: vec![tab("support-of-mine", true), tab("support-of-tenant", false)],
        statuses: vec![tab("support-open", true)],
        next: (!rows.is_empty()).then(|| "/support?after=x".to_owned()),
        rows,
        empty: say("support-none-of-mine"),
        of_desk,
    };
    let row = Row {
        tenant_id: RESERVATION.to_owned(),
        href: format!("/support/{RESERVATION}"),
        number: "26030200000001".to_owned(),
        title: HOSTILE.to_owned(),
        tenant: ORDER.to_owned(),
        severity: say("support-severity-minimal"),
        status: say("support-open"),
        class: "pending",
        opened: Moment(Timestamp::UNIX_EPOCH),
        changed: Moment(Timestamp::UNIX_EPOCH),
    };
    vec![
        rendered("support: none", &page(Vec::new(), false)),
        rendered("support: mine", &page(vec![row.clone()], false)),
        rendered("support: the desk's", &page(vec![row], true)),
    ]
}

fn asking() -> Vec<(&'static str, String)> {
    let page = |faulty: bool| {
        let fault = || faulty.then(|| say("support-fault"));
        let field = |name: &'static str| Field {
            name,
            label: say("support-firstName"),
            hint: say("support-phoneNumber-hint"),
            complete: "off",
            value: HOSTILE.to_owned(),
            fault: fault(),
        };
        let choices = |name: &'static str| Choices {
            name,
            label: say("support-country"),
            options: vec![(HOSTILE.to_owned(), HOSTILE.to_owned(), true)],
            fault: fault(),
        };
        NewTicketPage {
            shell: shell("New support request", Section::Support),
            head: head(true),
            may: true,
            service: "Billing".to_owned(),
            problem: HOSTILE.to_owned(),
            order: ORDER.to_owned(),
            reservation: RESERVATION.to_owned(),
            ticket: RESERVATION.to_owned(),
            quantity: field("quantity"),
            reason: HOSTILE.to_owned(),
            reason_fault: fault(),
            severities: choices("severity"),
            contact: vec![field("firstName")],
            lists: vec![choices("country")],
        }
    };
    vec![
        rendered("support: asking", &page(false)),
        rendered("support: asking, faulty", &page(true)),
        rendered("support: without the right", &NewTicketPage { may: false, ..page(false) }),
    ]
}

fn tickets() -> Vec<(&'static str, String)> {
    let page = |answer: Option<Answer>, grant: Option<Grant>, whole: bool| TicketPage {
        others_grant: !whole,
        shell: shell(HOSTILE, Section::Support),
        crumbs: vec![Crumb { label: "Support".to_owned(), href: "/support".to_owned() }],
        path: format!("/support/{RESERVATION}"),
        title: HOSTILE.to_owned(),
        number: "26030200000001".to_owned(),
        status: say("support-open"),
        class: "pending",
        is_open: answer.is_some(),
        description: HOSTILE.to_owned(),
        facts: vec![Fact::words("About", HOSTILE)],
        about: whole.then(|| format!("/reservations/{ORDER}/{RESERVATION}")),
        said: if whole { vec![said(true), said(false)] } else { Vec::new() },
        evidence: whole.then(evidence),
        files: if whole { vec![file()] } else { Vec::new() },
        exceptions: if whole { vec![exception()] } else { Vec::new() },
        alert: grant.as_ref().map(|_| HOSTILE.to_owned()),
        answer,
        grant,
        may_close: whole,
    };
    let answer = |faulty: bool| Answer {
        name: RESERVATION.to_owned(),
        subject: HOSTILE.to_owned(),
        body: HOSTILE.to_owned(),
        subject_fault: faulty.then(|| say("support-subject-fault")),
        body_fault: faulty.then(|| say("support-body-fault")),
    };
    vec![
        rendered("support: a ticket", &page(Some(answer(false)), None, false)),
        rendered("support: a closed ticket", &page(None, None, true)),
        rendered("support: at the desk", &page(Some(answer(false)), Some(grant(false)), true)),
        rendered("support: faulty", &page(Some(answer(true)), Some(grant(true)), true)),
    ]
}

fn said(from_desk: bool) -> Said {
    Said {
        subject: HOSTILE.to_owned(),
        sender: HOSTILE.to_owned(),
        from_desk,
        at: Moment(Timestamp::UNIX_EPOCH),
        body: HOSTILE.to_owned(),
    }
}

fn file() -> FileRow {
    FileRow {
        name: "evidence.json".to_owned(),
        href: format!("/support/{RESERVATION}/files/evidence.json"),
        size: "1,234".to_owned(),
        digest: Some("0f".repeat(32)),
    }
}

fn exception() -> Exception {
    Exception {
        clauses: "Refund cap".to_owned(),
        reason: HOSTILE.to_owned(),
        lapses: "1 March 2027".to_owned(),
        granted: Moment(Timestamp::UNIX_EPOCH),
        state: say("support-exception-open"),
        class: "met",
    }
}

fn evidence() -> Evidence {
    let refused = Refused {
        clause: "Refund cap".to_owned(),
        reason: HOSTILE.to_owned(),
        repairs: vec![Suggestion::act(HOSTILE, "none")],
    };
    Evidence {
        as_of: Moment(Timestamp::UNIX_EPOCH),
        approved: false,
        refused: Some(refused),
        proof: Proof::new(Book::built_in(), &[], None, words::subject),
        ledger: vec![Booked {
            at: Moment(Timestamp::UNIX_EPOCH),
            event: HOSTILE.to_owned(),
            account: HOSTILE.to_owned(),
            amount: "−7.98 USD".to_owned(),
        }],
        revisions: vec![Was {
            number: "1".to_owned(),
            at: Moment(Timestamp::UNIX_EPOCH),
            state: "Active".to_owned(),
            quantity: "3".to_owned(),
        }],
    }
}

fn grant(faulty: bool) -> Grant {
    let fault = || faulty.then(|| say("support-fault"));
    Grant {
        id: RESERVATION.to_owned(),
        clauses: vec![Waived {
            word: "refund-cap",
            label: "Refund cap".to_owned(),
            says: HOSTILE.to_owned(),
            chosen: true,
        }],
        lapses_on: "2026-12-22".to_owned(),
        latest: "2027-02-20".to_owned(),
        reason: HOSTILE.to_owned(),
        of: Some(HOSTILE.to_owned()),
        confirmed: faulty,
        faults: GrantFaults {
            clauses: fault(),
            lapses_on: fault(),
            reason: fault(),
            of: fault(),
            confirmed: fault(),
        },
    }
}
