//! Every role at every kind of scope, asked for every action by everybody it may be to the tenant,
//! as one text.

use super::{access::*, ids::*, policy::Agreement};
use std::fmt::Write as _;
use uuid::Uuid;

/// An evaluator: the one, or one that lacks something.
pub type Evaluate<'e> = &'e dyn Fn(&Facts, Action, &Scope) -> Answer;

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub const ORDER: OrderId = OrderId(Uuid::from_u128(1));
pub const ITEM: ReservationId = ReservationId(Uuid::from_u128(2));
pub const PAYER: SubscriptionId = SubscriptionId(Uuid::from_u128(3));
pub const PLANS: SavingsPlanOrderId = SavingsPlanOrderId(Uuid::from_u128(4));
pub const PLAN: SavingsPlanId = SavingsPlanId(Uuid::from_u128(5));

/// One scope of each kind; those below another of them lie in it.
pub fn scopes() -> Vec<(&'static str, Scope)> {
    vec![
        ("root", Scope::root()),
        ("group", Scope::management_group("all")),
        ("subscription", Scope::subscription(PAYER)),
        ("resource group", in_payer("/resourceGroups/web")),
        ("resource", in_payer("/resourceGroups/web/providers/Microsoft.Compute/disks/one")),
        ("capacity", Scope::capacity()),
        ("order", Scope::order(ORDER)),
        ("reservation", Scope::reservation(ORDER, ITEM)),
        ("benefits", Scope::benefits()),
        ("plan order", Scope::savings_plan_order(PLANS)),
        ("plan", Scope::savings_plan(PLANS, PLAN)),
    ]
}

fn in_payer(rest: &str) -> Scope {
    Scope::parse(&format!("/subscriptions/{PAYER}{rest}")).expect("a path")
}

/// Custom roles: one that imitates an owner, one with a single action, one with something out.
pub fn custom_roles() -> Vec<RoleDefinition> {
    let pattern = |text: &&str| Pattern::parse(text).expect("a pattern");
    let role = |number, name: &str, actions: &[&str], not_actions: &[&str]| RoleDefinition {
        id: RoleId(id(number)),
        name: name.to_owned(),
        description: String::new(),
        kind: RoleKind::Custom,
        assignable_scopes: vec![Scope::root()],
        permissions: vec![Permission {
            actions: actions.iter().map(pattern).collect(),
            not_actions: not_actions.iter().map(pattern).collect(),
            ..Permission::default()
        }],
    };
    let returns = "Microsoft.Capacity/reservationOrders/return/action";
    vec![
        role(91, "custom: everything", &["*"], &[]),
        role(92, "custom: returns only", &[returns], &[]),
        role(93, "custom: capacity but returns", &["microsoft.capacity/*"], &[returns]),
    ]
}

/// Who somebody may be to the tenant, and what it is then.
pub fn relations() -> Vec<(&'static str, Facts)> {
    let customer = |why: Option<&str>| {
        Some(Customer { partner: "Reseller".to_owned(), buying_refused: why.map(str::to_owned) })
    };
    let of = |relation, customer, agent| Facts { relation, customer, agent, ..Facts::default() };
    vec![
        ("own", of(Relation::Own, None, None)),
        ("guest", of(Relation::Guest, None, None)),
        ("own, in a partner's customer", of(Relation::Own, customer(Some("not allowed")), None)),
        ("own, in a customer that may buy", of(Relation::Own, customer(None), None)),
        ("guest, in a partner's customer", of(Relation::Guest, customer(None), None)),
        ("agent for the customer", of(Relation::Own, customer(Some("not allowed")), Some(agent()))),
        ("other", of(Relation::Other, None, None)),
    ]
}

/// An agent who may see, manage and return, and not exchange or buy.
pub fn agent() -> Agent {
    let task = |name: &str, verdict: Result<&str, &str>| AgentTask {
        name: name.to_owned(),
        verdict: verdict.map(str::to_owned).map_err(str::to_owned),
    };
    Agent {
        partner: "Reseller".to_owned(),
        tasks: vec![
            task("see", Ok("helpdesk-agent")),
            task("manage", Ok("helpdesk-agent")),
            task("return", Ok("helpdesk-agent")),
            task("exchange", Err("needs access by name")),
            task("buy-in-portal", Err("needs access by name")),
        ],
    }
}

pub fn payer(agreement: Agreement) -> Payer {
    Payer {
        account: "account".to_owned(),
        profile: Some("profile".to_owned()),
        agreement,
        sells_reservations: true,
    }
}

fn billing_role(name: BillingRoleName) -> BillingRole {
    let level = name.definition().level;
    let profile = (level == Level::Profile).then(|| "profile".to_owned());
    BillingRole { name, account: "Account".to_owned(), profile }
}

/// The whole text as an evaluator answers, part by part as long as they are wanted; answers
/// whether all were.
pub fn render(evaluate: Evaluate<'_>, wanted: &mut dyn FnMut(&str) -> bool) -> bool {
    if !wanted(&beside_roles(evaluate)) {
        return false;
    }
    let mut own: Vec<Row> = Vec::new();
    for (relation, facts) in relations() {
        let as_own = if own.is_empty() { "" } else { "(as own, but for these)\n" };
        if !wanted(&format!("\n== {relation}\n\n{as_own}")) {
            return false;
        }
        let (mut rows, custom) = (Vec::new(), custom_roles());
        for (name, kept) in named(&custom) {
            let of_role = assigned(&name, &kept, &custom, &facts, evaluate);
            let mut text = String::new();
            write_rows(&mut text, of_role.iter().filter(|row| !own.contains(row)));
            if !wanted(&text) {
                return false;
            }
            rows.extend(of_role);
        }
        if own.is_empty() {
            own = rows;
        }
    }
    true
}

/// The legend, and every ground that is no role.
fn beside_roles(evaluate: Evaluate<'_>) -> String {
    let mut text = String::from(HEAD);
    for (at, action) in (0_u8..).zip(Action::ALL) {
        let letter = char::from(b'A' + at);
        let _ = writeln!(text, "  {letter}  {:<22} {}", action.as_str(), action.provider_name());
    }
    let _ = writeln!(text, "\n== buying while the policy is off, as owner of the subscription\n");
    text.push_str(&policy(evaluate));
    let _ = writeln!(text, "\n== by a billing role alone, on what its account pays for\n");
    write_rows(&mut text, billed(evaluate).iter());
    let _ = writeln!(text, "\n== by billing roles that are not those of what is asked about\n");
    write_rows(&mut text, billed_elsewhere(evaluate).iter());
    let _ = writeln!(text, "\n== by having owned the subscription when it paid\n");
    let facts = Facts { owned_when_paid: Some(PAYER), ..Facts::default() };
    write_rows(&mut text, asked("former owner", "-", &facts, evaluate).iter());
    text
}

const HEAD: &str = "\
# Who may do what, as the evaluator answers; a test makes this text again and compares.
#
# A row is a role, the scope at which it is given, and the scopes that are asked about, which lie
# on one line: an order in Microsoft.Capacity, a subscription in the group. Its marks are one for
# each action: the letter where it is allowed, `-` where it is denied, `.` where what is asked
# about is hidden. Rows with nothing but `.` are left out, and so is what is denied at the root,
# capacity and benefits, which everybody knows of.

";

#[derive(PartialEq)]
struct Row {
    who: String,
    given: &'static str,
    asked: Vec<&'static str>,
    marks: String,
}

fn write_rows<'r>(text: &mut String, rows: impl Iterator<Item = &'r Row>) {
    let mut last = "";
    for row in rows.filter(|row| row.marks.contains(|mark| mark != '.')) {
        if row.who != last {
            let _ = writeln!(text, "{}", row.who);
            last = &row.who;
        }
        let _ = writeln!(text, "  {:<15} {}  {}", row.given, row.marks, row.asked.join(", "));
    }
}

/// Every role: its name, and what assignments name it by. The first is none.
fn named(custom: &[RoleDefinition]) -> Vec<(String, String)> {
    let built_in = roles().iter().map(|role| (role.name.clone(), role.name.clone()));
    let custom = custom.iter().map(|role| (role.name.clone(), role.id.to_string()));
    let none = ("no role".to_owned(), String::new());
    [none].into_iter().chain(built_in).chain(custom).collect()
}

/// A role at every scope.
fn assigned(
    name: &str,
    kept: &str,
    custom: &[RoleDefinition],
    about: &Facts,
    evaluate: Evaluate<'_>,
) -> Vec<Row> {
    if kept.is_empty() {
        return asked(name, "-", about, evaluate);
    }
    let given = scopes().into_iter().flat_map(|(given, scope)| {
        let facts = Facts {
            assignments: vec![Assignment::new(kept, scope)],
            roles: custom.to_vec(),
            ..about.clone()
        };
        asked(name, given, &facts, evaluate)
    });
    given.collect()
}

/// Every action at every scope; scopes with the same answers share a row.
fn asked(who: &str, given: &'static str, about: &Facts, evaluate: Evaluate<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (name, scope) in scopes() {
        let in_group = matches!(
            scope.kind(),
            ScopeKind::Subscription | ScopeKind::ResourceGroup | ScopeKind::Other
        );
        let groups = if in_group { vec![Scope::management_group("all")] } else { Vec::new() };
        let facts = Facts { groups, ..about.clone() };
        let mark = |(at, action): (u8, &Action)| match evaluate(&facts, *action, &scope) {
            Answer::Allowed => char::from(b'A' + at),
            Answer::Denied => '-',
            Answer::Hidden => '.',
        };
        let marks: String = (0_u8..).zip(Action::ALL).map(mark).collect();
        // Places that everybody knows of are told once, of who has no role.
        let is_known =
            matches!(scope.kind(), ScopeKind::Root | ScopeKind::Capacity | ScopeKind::Benefits);
        if is_known && who != "no role" && marks.chars().all(|mark| mark == '-') {
            continue;
        }
        match rows.iter_mut().find(|row| row.marks == marks) {
            Some(row) => row.asked.push(name),
            None => rows.push(Row { who: who.to_owned(), given, asked: vec![name], marks }),
        }
    }
    rows
}

fn billed(evaluate: Evaluate<'_>) -> Vec<Row> {
    let row = |name: BillingRoleName| {
        let facts = Facts {
            billing_roles: vec![billing_role(name)],
            payer: Some(payer(name.definition().agreement)),
            ..Facts::default()
        };
        asked(name.as_str(), "-", &facts, evaluate)
    };
    BillingRoleName::all().flat_map(row).collect()
}

/// A role on another account, on another profile, of another agreement.
fn billed_elsewhere(evaluate: Evaluate<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for name in BillingRoleName::all() {
        let agreement = name.definition().agreement;
        let other = if agreement == Agreement::Ea { Agreement::Mca } else { Agreement::Ea };
        let elsewhere = [
            ("account", Payer { account: "other".to_owned(), ..payer(agreement) }),
            ("profile", Payer { profile: Some("other".to_owned()), ..payer(agreement) }),
            ("agreement", payer(other)),
        ];
        for (what, payer) in elsewhere {
            let facts = Facts {
                billing_roles: vec![billing_role(name)],
                payer: Some(payer),
                ..Facts::default()
            };
            rows.extend(asked(&format!("{name}, another {what}"), "-", &facts, evaluate));
        }
    }
    rows
}

/// Who of those that own the subscription may buy while the policy is off.
fn policy(evaluate: Evaluate<'_>) -> String {
    let mut text = String::new();
    for name in BillingRoleName::all() {
        let agreement = name.definition().agreement;
        let off = Payer { sells_reservations: false, ..payer(agreement) };
        let elsewhere = Payer { account: "other".to_owned(), ..off.clone() };
        let mut answers = Vec::new();
        for (what, role, payer) in [
            ("there", "Owner", &off),
            ("elsewhere", "Owner", &elsewhere),
            ("there, and not an owner", "Contributor", &off),
        ] {
            let facts = Facts {
                assignments: vec![Assignment::new(role, Scope::subscription(PAYER))],
                billing_roles: vec![billing_role(name)],
                payer: Some(payer.clone()),
                ..Facts::default()
            };
            let answer = evaluate(&facts, Action::Buy, &Scope::subscription(PAYER));
            answers.push(format!("{what}: {}", answer.as_str()));
        }
        let _ = writeln!(text, "{:<36} {}", name.as_str(), answers.join("; "));
    }
    text
}
