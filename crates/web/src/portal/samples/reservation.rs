//! Samples of the pages of one reservation.

use super::{HOSTILE, ORDER, RESERVATION, head, rendered, shell};
use crate::portal::chart::{Chart, Legend, Row};
use crate::portal::page::{Fact, Section};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::reservation::commands::{Barred, Command};
use crate::portal::reservation::configuration::{
    Change, Choice, ConfigurationPage, Form, RenewalSaid,
};
use crate::portal::reservation::decisions::{Decided, DecisionPage, DecisionsPage};
use crate::portal::reservation::history::{Difference, HistoryPage, Revision};
use crate::portal::reservation::overview::{OverviewPage, Relation};
use crate::portal::reservation::payments::{Entry, Line, PaymentRow, Payments, PaymentsPage};
use crate::portal::reservation::properties::{Group, PropertiesPage};
use crate::portal::reservation::prospects::{Because, Gauge, Prospect};
use crate::portal::reservation::scopes::Effect;
use crate::portal::reservation::usage::{Span, Usage};
use crate::portal::reservation::{Blade, Item, menu};
use crate::portal::words::{self, Moment};
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Line as Sum, Outcome};
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::policy::{Book, ClauseId};
use prorata_domain::reservation::{AcquiredBy, AppliedScope, Reservation, ReservationState};

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = overviews();
    found.extend(told());
    found.extend(configurations());
    found
}

/// A reservation as it is held.
pub fn held() -> Reservation {
    Reservation {
        id: ReservationId::parse(RESERVATION).unwrap(),
        order: OrderId::parse(ORDER).unwrap(),
        tenant: TenantId(uuid::Uuid::nil()),
        display_name: "web".to_owned(),
        sku: "Standard_B2s".to_owned(),
        quantity: 10,
        applied_scope: AppliedScope::Shared,
        instance_flexibility: true,
        renew: false,
        archived: false,
        state: ReservationState::Active,
        acquired_by: AcquiredBy::Purchase,
        purchased_at: Timestamp::UNIX_EPOCH,
        carried: None,
        effective_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        source: None,
        merged_from: Vec::new(),
        review_at: None,
        renew_as: None,
        no_benefit: None,
        revision: 1,
    }
}

pub fn item(blade: Blade) -> Item {
    let head = head(false);
    Item { archived: false, menu: menu(&head.path, blade), notice: None, head }
}

fn path() -> String {
    format!("/reservations/{ORDER}/{RESERVATION}")
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::words("Name", HOSTILE),
        Fact::words("Order name", ""),
        Fact::figure("Price", "7.98 USD"),
        Fact::identifier("Reservation id", RESERVATION),
    ]
}

pub fn proof() -> Proof {
    let finding = Finding {
        clause: ClauseId::AppliedScope,
        since: jiff::civil::date(2019, 1, 1),
        about: None,
        outcome: Outcome::Met,
        lines: vec![Sum::new("applied scope", HOSTILE.to_owned())],
    };
    Proof::new(Book::built_in(), &[finding], None, words::subject)
}

pub fn refused() -> Refused {
    Refused {
        clause: "Quantity".to_owned(),
        reason: HOSTILE.to_owned(),
        repairs: vec![Suggestion {
            text: HOSTILE.to_owned(),
            ..Suggestion::linked(
                &prorata_domain::decision::Repair::QuoteAgain,
                format!("{}/split?part=1&part=1", path()),
            )
        }],
    }
}

fn chart() -> Chart {
    let row = |label: &str, amounts| Row {
        label: label.to_owned(),
        amounts,
        beside: vec!["24".to_owned()],
    };
    let rows = [row("1 Mar 2026", Some(vec![2500, 100])), row("2 Mar 2026", None)];
    let legend = Legend {
        title: HOSTILE.to_owned(),
        column: "Day".to_owned(),
        series: vec!["Used".to_owned(), HOSTILE.to_owned()],
        beside: vec!["Hours".to_owned()],
        unknown: "no figure".to_owned(),
        least: 10_000,
    };
    Chart::bars(legend, &rows, |amount| amount.to_string())
}

fn usage(known: bool) -> Usage {
    let span = |label: &'static str, current| Span {
        label: label.into(),
        share: "46.43 %".to_owned(),
        href: format!("{}?days=7#usage", path()),
        current,
    };
    if !known {
        return Usage {
            spans: Vec::new(),
            trend: None,
            chart: None,
            sums: Vec::new(),
            none: vec!["No usage was loaded.".into(), "Load it.".into()],
            example: Some("{\"utilization\": []}".to_owned()),
        };
    }
    Usage {
        spans: vec![span("Last day", false), span("Last 7 days", true)],
        trend: Some("Up.".to_owned()),
        chart: Some(chart()),
        sums: vec![("Left".into(), "12,500".to_owned())],
        none: Vec::new(),
        example: None,
    }
}

fn prospect(id: &'static str, class: &'static str) -> Prospect {
    Prospect {
        id,
        title: "Return for money".into(),
        class,
        verdict: "Yes".into(),
        headline: HOSTILE.to_owned(),
        lines: vec![HOSTILE.to_owned()],
        reason: Some(HOSTILE.to_owned()),
        gauge: Some(Gauge { used: 100, counted: 20 }),
        because: Some(Because {
            name: "Refund cap".to_owned(),
            says: HOSTILE.to_owned(),
            since: "1 July 2020".to_owned(),
            source: HOSTILE.to_owned(),
            href: "/policy/refund-cap".to_owned(),
        }),
        way: Some(("See the quote".into(), format!("{}/refund", path()))),
    }
}

fn overviews() -> Vec<(&'static str, String)> {
    let page = |known, prospects: Vec<Prospect>| OverviewPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Overview).noting(Some("It was split.".into())),
        commands: vec![Command {
            label: "Refund".into(),
            href: format!("{}/refund", path()),
            primary: true,
        }],
        barred: vec![
            Barred { label: "Split".into(), why: HOSTILE.to_owned(), recorded: true, href: None },
            Barred {
                label: "Merge".into(),
                why: "Your roles do not allow it.".to_owned(),
                recorded: false,
                href: Some(format!("{}/access?who=&action=manage", path())),
            },
        ],
        alert: Some("Nothing benefits from it.".into()),
        facts: facts(),
        usage: usage(known),
        prospects,
        relations: vec![Relation {
            words: "It came from".into(),
            href: path(),
            name: RESERVATION.to_owned(),
        }],
    };
    let bare = Prospect {
        reason: None,
        gauge: None,
        because: None,
        way: None,
        ..prospect("exchange", "not-met")
    };
    let ended = OverviewPage {
        commands: Vec::new(),
        barred: Vec::new(),
        alert: None,
        relations: Vec::new(),
        item: Item { archived: true, ..item(Blade::Overview) },
        ..page(false, Vec::new())
    };
    vec![
        rendered("reservation: overview", &page(true, vec![prospect("return", "met"), bare])),
        rendered("reservation: ended", &ended),
    ]
}

fn told() -> Vec<(&'static str, String)> {
    let at = Moment(Timestamp::UNIX_EPOCH);
    let properties = PropertiesPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Properties),
        groups: vec![Group { title: "Identity".into(), facts: facts() }],
    };
    let difference = |was: Option<&str>| Difference {
        field: "Name".into(),
        was: was.map(str::to_owned),
        then: HOSTILE.to_owned(),
    };
    let revision = |changes| Revision {
        number: "7".to_owned(),
        title: "Change".into(),
        at,
        by: HOSTILE.to_owned(),
        changes,
        decision: Some(format!("{}/decisions/{ORDER}", path())),
    };
    let history = HistoryPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::History),
        revisions: vec![
            revision(vec![difference(Some(HOSTILE)), difference(Some(""))]),
            revision(Vec::new()),
            Revision { decision: None, ..revision(vec![difference(None)]) },
        ],
        older: Some(format!("{}/history?before=7", path())),
        newest: Some(format!("{}/history", path())),
    };
    let decided = Decided {
        kind: "Refund".into(),
        at,
        by: HOSTILE.to_owned(),
        verdict: "Refused".into(),
        class: "not-met",
        code: "RefundLimitExceeded".to_owned(),
        href: format!("{}/decisions/{ORDER}", path()),
    };
    let decisions = |rows, older| DecisionsPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Decisions),
        rows,
        older,
    };
    let decision = |refused, proof| DecisionPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Decisions),
        decided: decided.clone(),
        facts: facts(),
        refused,
        proof,
    };
    let some = decisions(vec![decided.clone()], Some(format!("{}/decisions?before=7", path())));
    let mut found = payments();
    found.extend([
        rendered("reservation: properties", &properties),
        rendered("reservation: history", &history),
        rendered("reservation: decisions", &some),
        rendered("reservation: no decisions", &decisions(Vec::new(), None)),
        rendered("reservation: a decision", &decision(Some(refused()), Some(proof()))),
        rendered("reservation: nothing decided", &decision(None, None)),
    ]);
    found
}

fn payments() -> Vec<(&'static str, String)> {
    let row = |number: &str, status: &'static str, class| PaymentRow {
        number: number.to_owned(),
        due: "10 March 2023".to_owned(),
        amount: "7.98".to_owned(),
        status: status.into(),
        class,
        paid_on: Some("1 Mar 2023".to_owned()),
    };
    let line = |debit: &str, credit: &str| Line {
        name: "Used".to_owned(),
        account: HOSTILE.to_owned(),
        debit: debit.to_owned(),
        credit: credit.to_owned(),
    };
    let entry = Entry {
        at: Moment(Timestamp::UNIX_EPOCH),
        event: "Purchase".into(),
        lines: vec![line("7.98", ""), line("", "7.98")],
    };
    let payments = |entries| Payments {
        currency: "USD".to_owned(),
        sums: vec![("Paid so far".into(), "7.98".to_owned())],
        rows: vec![row("1", "Paid", "met"), row("2", "Scheduled", "not-concerned")],
        entries,
    };
    let page = |payments| PaymentsPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Payments),
        payments,
    };
    vec![
        rendered("reservation: payments", &page(Some(payments(vec![entry])))),
        rendered("reservation: nothing posted", &page(Some(payments(Vec::new())))),
        rendered("reservation: no order", &page(None)),
    ]
}

fn choice(word: &str, chosen: bool) -> Choice {
    Choice { word: word.to_owned(), label: HOSTILE.to_owned(), chosen }
}

fn configurations() -> Vec<(&'static str, String)> {
    let form = |fault: bool| Form {
        kinds: ["shared", "subscription", "resource-group", "management-group"]
            .map(|word| choice(word, word == "shared"))
            .into(),
        subscriptions: vec![choice(ORDER, true)],
        resource_groups: Vec::new(),
        management_groups: Vec::new(),
        scope_fault: fault.then(|| "Choose what it is to be for.".into()),
        flexibility: Some([choice("on", true), choice("off", false)]),
        renew: (!fault).then(|| [choice("on", true), choice("off", false)]),
    };
    let change = |refused: Option<Refused>| Change {
        differences: vec![Difference {
            field: "Applied scope".into(),
            was: Some("Shared".to_owned()),
            then: HOSTILE.to_owned(),
        }],
        effect: Some(Effect {
            lost: vec![HOSTILE.to_owned()],
            after: vec![HOSTILE.to_owned()],
            ..Effect::default()
        }),
        available: Some(refused.is_none()),
        notes: vec!["It takes effect at once.".into()],
        refused,
        proof: proof(),
        hidden: vec![("revision", "7".to_owned()), ("scope", HOSTILE.to_owned())],
    };
    let page = |form, change, reviewed| ConfigurationPage {
        shell: shell(HOSTILE, Section::Reservations),
        item: item(Blade::Configuration),
        alert: None,
        facts: facts(),
        fixed: None,
        form,
        renewal: RenewalSaid {
            first: "It ends on a day and is not renewed".to_owned(),
            would: Some("If it were switched on:".into()),
            lines: vec![HOSTILE.to_owned()],
            trap: Some("Exchange before.".to_owned()),
            refused: Some(HOSTILE.to_owned()),
        },
        change,
        reviewed,
    };
    let fixed = ConfigurationPage {
        fixed: Some("It has ended.".into()),
        alert: Some(HOSTILE.to_owned()),
        renewal: RenewalSaid::default(),
        ..page(None, None, false)
    };
    let refused = page(Some(form(true)), Some(change(Some(refused()))), false);
    vec![
        rendered("configuration: form", &page(Some(form(false)), None, false)),
        rendered("configuration: effect", &page(Some(form(false)), Some(change(None)), false)),
        rendered("configuration: refused", &refused),
        rendered("configuration: review", &page(Some(form(false)), Some(change(None)), true)),
        rendered("configuration: fixed", &fixed),
    ]
}
