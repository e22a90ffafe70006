//! Samples of the audit.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::audit::{AuditPage, Checked, Head, LinePage, Row, SealPage, Searched};
use crate::portal::form::Fields;
use crate::portal::language::say;
use crate::portal::page::{Crumb, Fact, Section};
use crate::portal::proof::Proof;
use crate::portal::words::{self, Moment};
use jiff::Timestamp;
use prorata_domain::policy::Book;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = searches();
    found.extend(lines());
    found.extend(seals());
    found
}

fn searches() -> Vec<(&'static str, String)> {
    let form = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Searched::read(&Fields::new(pairs.collect()))
    };
    let page = |form: Searched, rows| AuditPage {
        shell: shell("Audit", Section::Audit),
        exports: form.exports(),
        next: Some(form.href(&[("after", "1_x")])),
        first: Some(form.href(&[])),
        form,
        rows,
    };
    let row = Row {
        href: format!("/audit/lines/1_{RESERVATION}"),
        at: Moment(Timestamp::UNIX_EPOCH),
        who: HOSTILE.to_owned(),
        kind: say("audit-kind-user"),
        what: HOSTILE.into(),
        target: format!("order/{ORDER}/{HOSTILE}"),
        verdict: say("audit-approved"),
        class: "met",
        address: "192.0.2.1".to_owned(),
    };
    let searched = form(&[("who", HOSTILE), ("verdict", "refused"), ("of", "agents")]);
    vec![
        rendered("audit: lines", &page(form(&[]), vec![row])),
        rendered("audit: nothing found", &page(searched, Vec::new())),
        rendered(
            "audit: faulty",
            &page(form(&[("from", HOSTILE), ("correlation", HOSTILE)]), Vec::new()),
        ),
    ]
}

fn lines() -> Vec<(&'static str, String)> {
    let page = |proof: Option<Proof>| LinePage {
        shell: shell("A line", Section::Audit),
        crumbs: vec![Crumb { label: "Audit".to_owned(), href: "/audit".to_owned() }],
        what: HOSTILE.into(),
        verdict: say("audit-denied"),
        class: "failed",
        at: Moment(Timestamp::UNIX_EPOCH),
        facts: vec![Fact::identifier("Target", HOSTILE)],
        leads: vec![(say("audit-to-decision"), format!("/decisions/{RESERVATION}"))],
        details: proof.is_none().then(|| HOSTILE.to_owned()),
        proof,
    };
    let proof = Proof::new(Book::built_in(), &[], None, words::subject);
    vec![
        rendered("audit line: with details", &page(None)),
        rendered("audit line: with findings", &page(Some(proof))),
    ]
}

fn seals() -> Vec<(&'static str, String)> {
    let page = |head, checked| SealPage {
        shell: shell("Seal", Section::Audit),
        crumbs: vec![Crumb { label: "Audit".to_owned(), href: "/audit".to_owned() }],
        head,
        checked,
    };
    let head = Head {
        number: "12".to_owned(),
        at: Moment(Timestamp::UNIX_EPOCH),
        digest: "0f".repeat(32),
        signed: HOSTILE.to_owned(),
    };
    let checked = |broken: Option<(String, String, String)>| Checked {
        whole: broken.is_none(),
        told: say("audit-seal-none"),
        broken,
    };
    let broken = (HOSTILE.to_owned(), HOSTILE.to_owned(), HOSTILE.to_owned());
    vec![
        rendered("seal: none", &page(None, None)),
        rendered("seal: whole", &page(Some(head.clone()), Some(checked(None)))),
        rendered("seal: broken", &page(Some(head), Some(checked(Some(broken))))),
    ]
}
