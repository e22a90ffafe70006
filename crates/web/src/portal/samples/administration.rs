//! Samples of the administration.

use super::{HOSTILE, ORDER, RESERVATION, rendered, shell};
use crate::portal::administration::*;
use crate::portal::page::{Crumb, Fact, Section, Shell};
use crate::portal::words::Moment;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = lists();
    found.extend(principals());
    found.extend(roles());
    found.extend(receivers());
    found.extend(imports());
    found
}

fn page() -> Shell {
    shell("Administration", Section::Administration)
}

fn tabs() -> Frame {
    let tab = |label, href, current| Tab { label, href, current };
    Frame {
        tabs: vec![
            tab("Overview".into(), "/administration", true),
            tab("Jobs".into(), "/administration/jobs", false),
        ],
        notice: Some(HOSTILE.into()),
        ..Frame::default()
    }
}

fn crumbs() -> Frame {
    let crumb = Crumb { label: HOSTILE.to_owned(), href: "/administration".to_owned() };
    Frame { crumbs: vec![crumb], alert: Some(HOSTILE.to_owned()), ..Frame::default() }
}

fn at() -> Moment {
    Moment("2026-11-20T10:15:00Z".parse().unwrap())
}

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn confirm() -> Option<Confirm> {
    Some(Confirm {
        heading: hostile(),
        says: vec!["It ends.".into(), HOSTILE.into()],
        action: "/administration/principals/x".to_owned(),
        hidden: vec![("act", "disable".to_owned()), ("id", hostile())],
        label: "Disable".into(),
        back: "/administration/principals/x".to_owned(),
    })
}

fn choice(word: &str, chosen: bool) -> Choice {
    Choice { word: word.to_owned(), label: hostile(), chosen }
}

/// Something wrong at each of these fields.
fn faults(fields: &[&str]) -> FieldFaults {
    let mut faults = FieldFaults::default();
    fields.iter().for_each(|field| faults.add(field, HOSTILE.into()));
    faults
}

fn given(is_path: bool) -> Given {
    Given {
        principal: hostile(),
        kind: "Person".into(),
        principal_href: "/administration/principals/x".to_owned(),
        role: hostile(),
        role_href: "/administration/roles/x".to_owned(),
        place: "/providers/Microsoft.Capacity".to_owned(),
        is_path,
        place_id: if is_path { String::new() } else { hostile() },
        since: "20 Nov 2026".to_owned(),
        description: if is_path { hostile() } else { String::new() },
        why: is_path.then(|| "/reservations/x/access?who=y&action=read".to_owned()),
        remove: "/administration/assignments?at=%2F&remove=x".to_owned(),
    }
}

fn lists() -> Vec<(&'static str, String)> {
    let card = |waits: Option<&'static str>| Card {
        label: "Jobs".into(),
        href: "/administration/jobs",
        figure: "1,234".to_owned(),
        what: HOSTILE.into(),
        waits: waits.map(Into::into),
    };
    let overview =
        OverviewPage { shell: page(), frame: tabs(), cards: vec![card(Some("3")), card(None)] };
    let job = |class, trouble: &str| JobRow {
        id: ORDER.to_owned(),
        kind: hostile(),
        about: RESERVATION.to_owned(),
        due: at(),
        attempts: "Tried 10 times".into(),
        state: "Given up".into(),
        class,
        trouble: trouble.to_owned(),
    };
    let jobs = |parked, waiting, moves| JobsPage {
        shell: page(),
        frame: tabs(),
        parked,
        waiting,
        parked_total: "1 was given up".into(),
        waiting_total: "2 wait".into(),
        moves,
    };
    let waiting = vec![job("soon", ""), job("not-concerned", HOSTILE)];
    let issuer = IssuerRow {
        id: "entra".to_owned(),
        name: hostile(),
        forms: vec![hostile(), "https://sts.example/".to_owned()],
        shape: "Keycloak".into(),
        audiences: hostile(),
        tenants: vec![ORDER.to_owned()],
        required_role: hostile(),
        provision: "For people".into(),
        for_people: "People".into(),
        standing: "Answers".into(),
        class: "met",
    };
    let issuers = |rows| IssuersPage { shell: page(), frame: tabs(), rows };
    vec![
        rendered("administration", &overview),
        rendered("jobs", &jobs(vec![job("not-met", HOSTILE)], waiting, true)),
        rendered("jobs: none", &jobs(Vec::new(), Vec::new(), false)),
        rendered("issuers", &issuers(vec![issuer])),
        rendered("issuers: none", &issuers(Vec::new())),
    ]
}

fn principals() -> Vec<(&'static str, String)> {
    let row = || Row {
        href: "/administration/principals/x".to_owned(),
        name: hostile(),
        sub: hostile(),
        kind: "Person".into(),
        by: "Password".into(),
        state: "Active".into(),
        class: "active",
    };
    let list = |rows, next: Option<&str>| PrincipalsPage {
        shell: page(),
        frame: tabs(),
        q: hostile(),
        which: vec![choice("all", true), choice("people", false)],
        rows,
        total: "2 principals".into(),
        previous: next.map(str::to_owned),
        next: next.map(str::to_owned),
    };
    let new = |faults| NewPersonPage {
        shell: page(),
        frame: crumbs(),
        id: ORDER.to_owned(),
        fields: PersonFields { user_name: hostile(), display_name: hostile(), mail: hostile() },
        faults,
    };
    let secret = SecretPage {
        shell: page(),
        frame: crumbs(),
        heading: HOSTILE.into(),
        lead: "Keep it.".into(),
        label: "Secret".into(),
        value: hostile(),
        facts: vec![("Good until".into(), "20 November 2026".to_owned())],
        back: "/administration/principals/x".to_owned(),
    };
    vec![
        rendered("principals", &list(vec![row(), row()], Some("/administration/principals"))),
        rendered("principals: none", &list(Vec::new(), None)),
        rendered("person: new", &new(FieldFaults::default())),
        rendered("person: faults", &new(faults(&["userName", "displayName", "mail"]))),
        rendered("secret: once", &secret),
        rendered("principal: a person", &person(FieldFaults::default())),
        rendered("principal: faults", &person(faults(&["displayName", "mail"]))),
        rendered("principal: a program", &program()),
    ]
}

fn person(faults: FieldFaults) -> PrincipalPage {
    PrincipalPage {
        shell: page(),
        frame: crumbs(),
        path: "/administration/principals/x".to_owned(),
        name: hostile(),
        state: "Active".into(),
        class: "active",
        facts: Facts(vec![Fact::words("Kind", HOSTILE), Fact::identifier("Object id", ORDER)]),
        confirm: confirm(),
        sign_in: SignIn {
            person: Some((hostile(), hostile())),
            password_since: Some(at()),
            second_factor: true,
            invited_until: Some(at()),
            closed: false,
            is_own: false,
            identities: vec![(hostile(), hostile())],
        },
        sessions: Some(vec![SessionRow {
            id: ORDER.to_owned(),
            agent: hostile(),
            address: "2001:db8::1".to_owned(),
            since: at(),
            used: at(),
            proof: "Password".into(),
        }]),
        roles: vec![given(true), given(false)],
        secrets: None,
        faults,
    }
}

fn program() -> PrincipalPage {
    let row = |first: bool| SecretRow {
        id: ORDER.to_owned(),
        name: HOSTILE.into(),
        hint: "abcd…".to_owned(),
        created: (!first).then(at),
        ends: (!first).then(at),
        ending: (!first).then(|| "ends in 3 days".into()),
        used: (!first).then(at),
    };
    PrincipalPage {
        confirm: None,
        sign_in: SignIn { closed: true, ..SignIn::default() },
        sessions: None,
        roles: Vec::new(),
        secrets: Some(Secrets {
            rows: vec![row(true), row(false)],
            id: ORDER.to_owned(),
            name: hostile(),
            days: "many".to_owned(),
        }),
        faults: faults(&["name", "days"]),
        ..person(FieldFaults::default())
    }
}

fn roles() -> Vec<(&'static str, String)> {
    let row = || RoleRow {
        href: "/administration/roles/x".to_owned(),
        name: hostile(),
        description: hostile(),
        actions: "3 patterns".into(),
    };
    let list = |own| RolesPage { shell: page(), frame: tabs(), own, built_in: vec![row()] };
    let role = |built_in: bool, is_new: bool, faults| RolePage {
        shell: page(),
        frame: crumbs(),
        path: "/administration/roles/x".to_owned(),
        heading: hostile(),
        built_in,
        is_new,
        parts: if built_in { vec![(hostile(), hostile())] } else { Vec::new() },
        id: ORDER.to_owned(),
        name: hostile(),
        description: hostile(),
        actions: hostile(),
        not_actions: hostile(),
        scopes: hostile(),
        changed: (!is_new).then(at),
        confirm: if is_new { None } else { confirm() },
        faults,
        assigned: (!is_new).then(|| "/administration/assignments?role=x".to_owned()),
    };
    let all = ["name", "description", "actions", "notActions", "scopes"];
    let form = |faults| Giving {
        id: ORDER.to_owned(),
        to: hostile(),
        description: hostile(),
        roles: vec![choice(ORDER, true)],
        principals: vec![(hostile(), ORDER.to_owned())],
        faults,
    };
    let assignments = |rows, form, wrong: bool| AssignmentsPage {
        shell: page(),
        frame: tabs(),
        at: hostile(),
        at_fault: wrong.then(|| HOSTILE.into()),
        places: vec![("/".to_owned(), hostile())],
        role: wrong.then(|| HOSTILE.into()),
        rows,
        confirm: if wrong { None } else { confirm() },
        form,
    };
    let rows = vec![given(true), given(false)];
    vec![
        rendered("roles", &list(vec![row()])),
        rendered("roles: none of one's own", &list(Vec::new())),
        rendered("role: built-in", &role(true, false, FieldFaults::default())),
        rendered("role: own", &role(false, false, FieldFaults::default())),
        rendered("role: new, faults", &role(false, true, faults(&all))),
        rendered("assignments", &assignments(rows, Some(form(faults(&["to", "role"]))), false)),
        rendered("assignments: none", &assignments(Vec::new(), None, true)),
    ]
}

fn receivers() -> Vec<(&'static str, String)> {
    let row = || ReceiverRow {
        href: "/administration/receivers/x".to_owned(),
        name: hostile(),
        address: hostile(),
        channel: "Webhook".into(),
        kinds: "Everything".into(),
        state: "On".into(),
        class: "active",
    };
    let delivery = || DeliveryRow {
        receiver: hostile(),
        receiver_href: "/administration/receivers/x".to_owned(),
        receiver_id: ORDER.to_owned(),
        notification: RESERVATION.to_owned(),
        kind: hostile(),
        target: hostile(),
        at: at(),
        attempts: "Tried once".into(),
        trouble: hostile(),
    };
    let list = |rows, parked, waiting| ReceiversPage {
        shell: page(),
        frame: tabs(),
        rows,
        parked,
        waiting,
    };
    let one = |is_new: bool, faults| ReceiverPage {
        shell: page(),
        frame: crumbs(),
        path: "/administration/receivers/x".to_owned(),
        heading: hostile(),
        is_new,
        state: (!is_new).then(|| ("Off".into(), "not-concerned")),
        paused: !is_new,
        fields: ReceiverFields {
            id: ORDER.to_owned(),
            channels: vec![choice("webhook", true), choice("mail", false)],
            channel: "Webhook".into(),
            is_webhook: true,
            name: hostile(),
            address: hostile(),
            kinds: vec![choice("expired", true), choice("renewed", false)],
        },
        faults,
        confirm: if is_new { None } else { confirm() },
    };
    let all = ["channel", "address", "name", "kind"];
    vec![
        rendered("receivers", &list(vec![row()], vec![delivery()], vec![delivery()])),
        rendered("receivers: none", &list(Vec::new(), Vec::new(), Vec::new())),
        rendered("receiver", &one(false, FieldFaults::default())),
        rendered("receiver: new, faults", &one(true, faults(&all))),
    ]
}

fn imports() -> Vec<(&'static str, String)> {
    let upload = |faults| Upload {
        id: ORDER.to_owned(),
        kinds: vec![choice("prices", true), choice("sizes", false)],
        since: "2026-03-01".to_owned(),
        tenant: hostile(),
        strict: true,
        size: "At most 64 MiB".into(),
        faults,
    };
    let held = || Held {
        list: "Prices in USD".into(),
        rows: "12,345".to_owned(),
        detail: hostile(),
        since: "1 Jan 2026".to_owned(),
    };
    let past = || Past {
        href: "/administration/imports/x".to_owned(),
        file: hostile(),
        list: "Prices".into(),
        by: hostile(),
        at: at(),
        written: "1,234".to_owned(),
        rejected: "2".to_owned(),
        state: "Taken".into(),
        class: "met",
    };
    let list = |held, past, faults| ImportsPage {
        shell: page(),
        frame: tabs(),
        held,
        past,
        form: upload(faults),
        running: Some("/administration/imports/x".to_owned()),
    };
    let report = |taken: bool| Report {
        taken,
        heading: "Nothing was taken".into(),
        refused: (!taken).then(hostile),
        refused_in_english: !taken,
        by: hostile(),
        at: at(),
        written: "0".to_owned(),
        unchanged: "12".to_owned(),
        rejected: "1,234".to_owned(),
        rows: vec![("12".to_owned(), hostile(), hostile())],
        more: Some("1,233 more rows were rejected.".into()),
        skipped: vec![(hostile(), "3".to_owned())],
    };
    let one = |progress, report| ImportPage {
        shell: page(),
        frame: crumbs(),
        path: "/administration/imports/x".to_owned(),
        file: hostile(),
        list: "Prices".into(),
        progress,
        report,
    };
    let none = FieldFaults::default;
    let all = ["kind", "since", "tenant", "file"];
    vec![
        rendered("imports", &list(Some(vec![held()]), vec![past()], none())),
        rendered("imports: none", &list(Some(Vec::new()), Vec::new(), none())),
        rendered("imports: faults", &list(None, Vec::new(), faults(&all))),
        rendered("import: running", &one(Some(Progress { rows: "12 rows".into() }), None)),
        rendered("import: taken", &one(None, Some(report(true)))),
        rendered("import: refused", &one(None, Some(report(false)))),
    ]
}
