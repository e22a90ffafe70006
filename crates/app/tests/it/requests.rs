//! Requests: asked for by one, approved by others, done by the desk once.

use crate::desk::{Desk, SUBSCRIPTION, TENANT, request};
use prorata_app::request::{self, Ask, Filter, NewRequest, Refund, View};
use prorata_app::world::{self, Document};
use prorata_app::{Call, Caller, Error, exchange, notifications, purchase, refund, worker};
use prorata_domain::ids::{OrderId, PrincipalId, RequestId, ReservationId};
use prorata_domain::request::Status;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::savings_plan::purchase as plan;
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Currency, Hourly};
use prorata_store::Store;
use prorata_testkit::postgres::Cluster;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// An approver by role, another one, a reader who may only ask, and nobody in particular.
const PEOPLE: &str = r#"
[[principals]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000041"
name = "agent"
clientSecret = "not a secret, a test"

[[principals]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000042"
name = "second agent"
clientSecret = "not a secret, a test"

[[principals]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000043"
name = "customer"
clientSecret = "not a secret, a test"

[[principals]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000044"
name = "stranger"
clientSecret = "not a secret, a test"

[[roleAssignments]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000041"
role = "Reservations Administrator"
scope = "/providers/Microsoft.Capacity"

[[roleAssignments]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000042"
role = "Reservations Administrator"
scope = "/providers/Microsoft.Capacity"

[[roleAssignments]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000043"
role = "Reservations Reader"
scope = "/providers/Microsoft.Capacity"
"#;

/// Refunds of 500 USD and more need one approval, from 3,000 on two; none can be made without.
const POLICY: &str = r#"
[[approvalPolicies]]
tenantId = "00000000-0000-0000-0000-000000000011"
scope = "billing-account/enrollment-1"
name = "returns"

[approvalPolicies.policy]
required = true
lifeDays = 10
tolerance = "2 %"
approvers = { roles = ["Reservations Administrator"] }

[[approvalPolicies.policy.rules]]
kinds = ["refund", "exchange", "trade-in"]
approvals = 0

[[approvalPolicies.policy.rules]]
kinds = ["refund", "exchange", "trade-in"]
from = "500.00 USD"
approvals = 1

[[approvalPolicies.policy.rules]]
kinds = ["refund"]
from = "3000.00 USD"
approvals = 2
"#;

struct Office {
    desk: Desk,
}

type HeldAt = (OrderId, ReservationId);

impl Office {
    fn open(store: Store) -> Office {
        let desk = Desk::open(store);
        world::apply(&desk.app, toml::from_str(PEOPLE).unwrap()).unwrap();
        Office { desk }
    }

    fn with_policy(store: Store) -> Office {
        let office = Office::open(store);
        office.apply(POLICY);
        office
    }

    fn apply(&self, text: &str) {
        world::apply(&self.desk.app, toml::from_str::<Document>(text).unwrap()).unwrap();
    }

    /// A call of one of the people, by the end of their client id; 33 is the buyer.
    fn call(&self, client: u128) -> Call {
        if client == 0x33 {
            return self.desk.call();
        }
        let people: Document = toml::from_str(PEOPLE).unwrap();
        let wanted = Uuid::from_u128(client);
        let row = people.principals.iter().find(|row| row.client_id == wanted).unwrap();
        let principal = world::principal_id(row);
        let caller = Caller::new(TENANT, principal, wanted.to_string(), row.name.clone());
        Call::new(caller, self.desk.app.now(), Uuid::new_v4())
    }

    fn buy(&self, quantity: u32) -> HeldAt {
        self.desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, quantity))
    }

    fn draft(&self, client: u128, ask: Ask) -> Result<View, Error> {
        let call = self.call(client);
        let new = NewRequest { id: None, ask, on_behalf_of: None, comment: "please".to_owned() };
        self.desk.app.deed(move |tx, app| request::draft(tx, app, &call, &new))
    }

    fn submit(&self, client: u128, id: RequestId) -> Result<View, Error> {
        let call = self.call(client);
        self.desk.app.deed(move |tx, app| request::submit(tx, app, &call, id))
    }

    /// Drafts and submits.
    fn ask(&self, client: u128, ask: Ask) -> View {
        let drafted = self.draft(client, ask).unwrap();
        self.submit(client, drafted.row.id).unwrap()
    }

    fn approve(&self, client: u128, id: RequestId) -> Result<View, Error> {
        let call = self.call(client);
        self.desk.app.deed(move |tx, app| request::approve(tx, app, &call, id, "fine"))
    }

    fn withdraw(&self, client: u128, id: RequestId) -> Result<View, Error> {
        let call = self.call(client);
        self.desk.app.deed(move |tx, app| request::withdraw(tx, app, &call, id, "not any more"))
    }

    fn reject(&self, client: u128, id: RequestId) -> Result<View, Error> {
        let call = self.call(client);
        self.desk.app.deed(move |tx, app| request::reject(tx, app, &call, id, "too soon"))
    }

    fn show(&self, client: u128, id: RequestId) -> Result<View, Error> {
        let call = self.call(client);
        self.desk.app.read(move |tx, app| request::show(tx, app, &call, id))
    }

    fn status(&self, id: RequestId) -> Status {
        self.show(0x33, id).unwrap().row.status
    }

    fn waiting_for(&self, client: u128) -> Vec<RequestId> {
        let call = self.call(client);
        let filter = Filter { waiting_for_me: true, ..Filter::default() };
        let page =
            self.desk.app.read(move |tx, app| request::list(tx, app, &call, filter, None, 10));
        page.unwrap().rows.iter().map(|view| view.row.id).collect()
    }

    fn work(&self) {
        worker::run_due(&self.desk.app, self.desk.app.now()).unwrap();
    }

    fn told(&self, client: u128) -> Vec<String> {
        let call = self.call(client);
        let page =
            self.desk.app.read(move |tx, app| notifications::list(tx, app, &call, None, 100));
        let rows = page.unwrap().rows.into_iter().filter(|row| row.kind.starts_with("request-"));
        // Those of one instant come in no order.
        let mut kinds: Vec<String> = rows.map(|row| row.kind).collect();
        kinds.sort_unstable();
        kinds
    }
}

fn refund_of(held: HeldAt, quantity: u32) -> Ask {
    let ask = refund::Ask { order: held.0, reservation: held.1, quantity };
    Ask::Refund(Refund { ask, reason: "no longer needed".to_owned() })
}

fn refusal(outcome: Result<View, Error>) -> (String, String) {
    match outcome {
        Err(Error::Refused(refused)) => {
            (refused.refusal.code.to_string(), refused.refusal.reason.clone())
        }
        other => panic!("{other:?}"),
    }
}

fn memory() -> Store {
    Store::memory().unwrap()
}

/// A customer who may only ask, an agent who approves: the desk does it by the agent's right.
fn a_customer_asks_and_an_agent_approves(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(10);
    let drafted = office.draft(0x43, refund_of(held, 1)).unwrap();
    assert_eq!(drafted.row.status, Status::Draft);
    let figures = drafted.document.figures.as_ref().unwrap();
    assert_eq!(figures.stake.to_string(), "1000.00 USD");
    assert!(drafted.findings.len() > 8, "priced with all its findings");
    assert!(office.waiting_for(0x41).is_empty(), "a draft waits for nobody");
    let submitted = office.submit(0x43, drafted.row.id).unwrap();
    let id = submitted.row.id;
    assert_eq!(submitted.row.status, Status::Submitted);
    assert_eq!(office.submit(0x43, id).unwrap().row.version, submitted.row.version, "twice");
    let demands = submitted.document.state.submitted().unwrap().demands();
    let policies: Vec<&str> = demands.iter().map(|demand| demand.policy.as_str()).collect();
    assert_eq!(policies, ["returns", "right"]);
    assert_eq!(office.waiting_for(0x41), [id]);
    assert_eq!(office.waiting_for(0x43), [], "never one's own");
    assert!(matches!(office.show(0x44, id), Err(Error::Absent { .. })), "nobody's business");

    let (code, reason) = refusal(office.approve(0x43, id));
    assert_eq!(code, "Forbidden");
    assert!(reason.contains("`customer` drafted or submitted"), "{reason}");
    let approved = office.approve(0x41, id).unwrap();
    assert_eq!(approved.row.status, Status::Approved);
    assert_eq!(office.approve(0x41, id).unwrap().row.version, approved.row.version, "twice");
    office.work();
    let done = office.show(0x43, id).unwrap();
    assert_eq!(done.row.status, Status::Done);
    assert_eq!(done.document.state.runner(), Some(office.call(0x41).caller.principal));
    assert_eq!(office.desk.live(held.0)[0].1, 9);
    let operation = done.row.operation.unwrap();
    let call = office.call(0x41);
    let session = prorata_domain::ids::SessionId(operation.0);
    let made = office
        .desk
        .app
        .read(move |tx, app| refund::operation(tx, app, &call, held.0, held.1, session));
    assert_eq!(made.unwrap().record.reason, "no longer needed");
    let events: Vec<&str> = done.steps.iter().map(|step| step.event.as_str()).collect();
    assert_eq!(events, ["draft", "submit", "approve", "run", "finish"]);
    assert_eq!(office.told(0x43), ["request-approved", "request-done", "request-submitted"]);
    assert!(office.told(0x44).is_empty());
    office.work();
    assert_eq!(office.desk.live(held.0)[0].1, 9, "once");
    office.desk.verify();
}

/// What a policy requires to be asked for cannot be done right away, by anybody; what is below its
/// thresholds can, and a request for it approves itself.
fn a_required_policy_cannot_be_walked_around(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(10);
    let quoted = office.desk.refund_quote(held, 1);
    match office.desk.give_back(held, 1, &quoted) {
        Err(Error::Refused(refused)) => {
            assert_eq!(refused.refusal.code, "Forbidden");
            let reason = &refused.refusal.reason;
            assert!(reason.contains("the approval policy `returns` asks for 1 approval"));
            let help = refused.refusal.repairs[0].to_string();
            assert!(help.contains("POST /prorata/requests"), "{help}");
            assert!(!refused.findings.is_empty());
        }
        other => panic!("{other:?}"),
    }
    let ask = exchange::Ask {
        returns: vec![exchange::GivenUp { order: held.0, reservation: held.1, quantity: 1 }],
        purchases: vec![request("Standard_D4s_v5", Term::P3Y, BillingPlan::Upfront, 1)],
        savings_plans: Vec::new(),
    };
    let call = office.call(0x33);
    let made = office.desk.app.deed(move |tx, app| {
        let quoted = exchange::quote(tx, app, &call, &ask)?;
        exchange::execute(tx, app, &call, quoted.session)
    });
    assert!(matches!(made, Err(Error::Refused(_))), "{made:?}");
    assert_eq!(office.desk.live(held.0), [(held.1, 10)], "nothing was done");
    // A small one may be done right away, and approves itself when it is asked for.
    let small = office.desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 10));
    let quoted = office.desk.refund_quote(small, 1);
    office.desk.give_back(small, 1, &quoted).unwrap();
    let small = (small.0, office.desk.live(small.0)[0].0);
    let asked = office.ask(0x33, refund_of(small, 2));
    assert_eq!(asked.row.status, Status::Approved);
    office.work();
    assert_eq!(office.status(asked.row.id), Status::Done);
    assert_eq!(office.desk.live(small.0)[0].1, 7);
    // Without the policy the buyer may do it right away again.
    office.apply(
        "[[approvalPolicies]]\ntenantId = \"00000000-0000-0000-0000-000000000011\"\n\
         scope = \"billing-account/enrollment-1\"\nname = \"returns\"\nstate = \"Deleted\"",
    );
    let quoted = office.desk.refund_quote(held, 1);
    office.desk.give_back(held, 1, &quoted).unwrap();
    office.desk.verify();
}

/// Two approvers at the higher threshold, and the second eye is another person's.
fn large_amounts_need_two(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(10);
    let id = office.ask(0x33, refund_of(held, 4)).row.id;
    let (code, _) = refusal(office.approve(0x33, id));
    assert_eq!(code, "Forbidden");
    let first = office.approve(0x41, id).unwrap();
    assert_eq!(first.row.status, Status::Submitted);
    assert_eq!(office.waiting_for(0x41), []);
    assert_eq!(office.waiting_for(0x42), [id]);
    // A second principal of the same program is the same approver.
    let mut again = office.call(0x41);
    again.caller.principal = office.call(0x42).caller.principal;
    let twice =
        office.desk.app.deed(move |tx, app| request::approve(tx, app, &again, id, "and again"));
    let (code, reason) = refusal(twice);
    assert_eq!(code, "Forbidden");
    assert!(reason.contains("has approved this request already"), "{reason}");
    assert_eq!(office.approve(0x42, id).unwrap().row.status, Status::Approved);
    office.work();
    let done = office.show(0x33, id).unwrap();
    assert_eq!(done.row.status, Status::Done);
    assert_eq!(done.document.state.runner(), Some(office.call(0x33).caller.principal));
    office.desk.verify();
}

/// A price that moves is told with what it was and is, at approval and when it would be done.
fn what_moved_is_stopped(store: Store) {
    let office = Office::with_policy(store);
    let (early, late) = (office.buy(2), office.buy(2));
    let first = office.ask(0x33, refund_of(early, 1)).row.id;
    // Nine days of 365 are more than 2 %.
    office.desk.move_to("2026-08-10T00:00:00Z");
    let stopped = office.approve(0x41, first).unwrap();
    assert_eq!(stopped.row.status, Status::Stopped);
    let (code, why) = stopped.document.state.why().unwrap();
    assert_eq!(code, "PriceMoved");
    assert_eq!(
        why,
        "paid out was 1000.00 USD and is 975.34 USD now, a difference of -24.66 USD; it may move \
         by 2 %"
    );
    let second = office.ask(0x33, refund_of(late, 1)).row.id;
    office.desk.move_to("2026-08-12T00:00:00Z");
    assert_eq!(office.approve(0x41, second).unwrap().row.status, Status::Approved);
    office.work();
    assert_eq!(office.status(second), Status::Done);
    assert!(office.told(0x33).contains(&"request-stopped".to_owned()));
    office.desk.verify();
}

/// A request that nobody decides on is told of before its end, and ends by the clock.
fn requests_end(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(10);
    let id = office.ask(0x33, refund_of(held, 1)).row.id;
    let draft = office.draft(0x33, refund_of(held, 2)).unwrap().row.id;
    office.desk.move_to("2026-08-09T12:00:00Z");
    assert_eq!(office.told(0x41), ["request-expiring", "request-submitted"]);
    assert_eq!(office.status(id), Status::Submitted);
    office.desk.move_to("2026-08-11T00:00:00Z");
    assert_eq!((office.status(id), office.status(draft)), (Status::Expired, Status::Expired));
    let (code, _) = refusal(office.approve(0x41, id));
    assert_eq!(code, "OperationCannotBePerformedInCurrentState");
    assert_eq!(office.told(0x41), ["request-expired", "request-expiring", "request-submitted"]);
    office.desk.verify();
}

/// What a request would give up is given up otherwise: it is withdrawn by itself.
fn what_is_gone_is_withdrawn(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(2);
    let (first, second) =
        (office.ask(0x33, refund_of(held, 2)).row.id, office.ask(0x33, refund_of(held, 2)).row.id);
    office.approve(0x41, first).unwrap();
    office.work();
    assert_eq!(office.status(first), Status::Done);
    let gone = office.show(0x33, second).unwrap();
    assert_eq!(gone.row.status, Status::Withdrawn);
    assert!(gone.document.state.why().unwrap().1.contains("is returned"), "{:?}", gone.document);
    let told = office.told(0x33);
    assert_eq!(told.iter().filter(|kind| *kind == "request-withdrawn").count(), 1, "{told:?}");
    office.desk.verify();
}

/// Without the right, at the instant at which it is done, nothing is done.
fn the_right_is_asked_when_it_is_done(store: Store) {
    let office = Office::open(store);
    office.apply(
        "[[approvalPolicies]]\ntenantId = \"00000000-0000-0000-0000-000000000011\"\n\
         name = \"by-name\"\n[approvalPolicies.policy]\n\
         approvers = { roles = [\"Reservations Reader\"] }\n\
         [[approvalPolicies.policy.rules]]\napprovals = 1\n",
    );
    let held = office.buy(2);
    // The agent asks by their own right; a reader may approve, and could not do it.
    let id = office.ask(0x41, refund_of(held, 1)).row.id;
    assert_eq!(office.waiting_for(0x43), [id]);
    office.approve(0x43, id).unwrap();
    let agent = office.call(0x41).caller.principal;
    office
        .desk
        .app
        .write(move |tx, _| {
            let all = prorata_store::world::assignments_above_orders(tx, TENANT, agent)?;
            assert_eq!(all.len(), 1);
            revoke(tx, agent)
        })
        .unwrap();
    office.work();
    let stopped = office.show(0x33, id).unwrap();
    assert_eq!(stopped.row.status, Status::Stopped);
    assert_eq!(stopped.document.state.why().unwrap().0, "AuthorizationFailed");
    assert_eq!(office.desk.live(held.0), [(held.1, 2)]);
    office.desk.verify();
}

/// Takes every role of a principal away.
fn revoke(tx: &mut prorata_store::Tx<'_>, principal: PrincipalId) -> Result<(), Error> {
    use prorata_store::role_assignments::{self, Reach};
    for row in role_assignments::page(tx, TENANT, Some(principal), Reach::Everything, None, 9)? {
        role_assignments::delete(tx, TENANT, row.id)?;
    }
    Ok(())
}

/// Exchanges, purchases, savings plans and trade-ins go the same way.
fn every_kind_is_done(store: Store) {
    let office = Office::open(store);
    let held = office.buy(4);
    let plan = |hourly: i64| plan::Request {
        sku: "Compute_Savings_Plan".to_owned(),
        billing_subscription: SUBSCRIPTION,
        term: Term::P3Y,
        plan: BillingPlan::Upfront,
        hourly: Hourly::new(hourly, Currency::USD),
        display_name: "plan".to_owned(),
        applied_scope: AppliedScope::Shared,
        renew: false,
    };
    let given = |quantity| vec![exchange::GivenUp { order: held.0, reservation: held.1, quantity }];
    let asks = [
        Ask::Purchase(request("Standard_B1ls", Term::P3Y, BillingPlan::Monthly, 3)),
        Ask::SavingsPlan(plan(1_000)),
        Ask::Exchange(exchange::Ask {
            returns: given(1),
            purchases: vec![request("Standard_D4s_v5", Term::P3Y, BillingPlan::Upfront, 1)],
            savings_plans: Vec::new(),
        }),
    ];
    // Nobody else may buy with the subscription; that an approver may not is no matter.
    office.apply(
        "[[approvalPolicies]]\ntenantId = \"00000000-0000-0000-0000-000000000011\"\n\
         name = \"all\"\n[approvalPolicies.policy]\n\
         approvers = { roles = [\"Reservations Administrator\"] }\n\
         principals = []\n[[approvalPolicies.policy.rules]]\nkinds = [\"exchange\"]\napprovals = 1\n\
         [[approvalPolicies.policy.rules]]\nkinds = [\"purchase\", \"savings-plan\"]\n\
         approvals = 0\n"
            .replace("principals = []\n", "")
            .as_str(),
    );
    for ask in asks {
        let kind = ask.kind();
        let asked = office.ask(0x33, ask);
        if asked.row.status == Status::Submitted {
            office.approve(0x41, asked.row.id).unwrap();
        }
        office.work();
        let done = office.show(0x33, asked.row.id).unwrap();
        assert_eq!(done.row.status, Status::Done, "{kind}: {:?}", done.document.state.why());
        assert!(done.row.operation.is_some());
    }
    let rest = office.desk.live(held.0)[0].0;
    let traded = office.ask(
        0x33,
        Ask::Exchange(exchange::Ask {
            returns: vec![exchange::GivenUp { order: held.0, reservation: rest, quantity: 3 }],
            purchases: Vec::new(),
            savings_plans: vec![plan(900)],
        }),
    );
    assert_eq!(traded.row.kind.as_str(), "trade-in");
    assert_eq!(traded.row.status, Status::Submitted, "no rule speaks of trade-ins: four eyes");
    office.desk.verify();
}

/// A purchase whose payment is refused is recorded as such, and the request has failed.
fn a_payment_that_is_refused_fails_the_request(store: Store) {
    let office = Office::open(store);
    office.apply(
        "[[approvalPolicies]]\ntenantId = \"00000000-0000-0000-0000-000000000011\"\n\
         name = \"free\"\n[approvalPolicies.policy]\n[[approvalPolicies.policy.rules]]\n\
         approvals = 0\n",
    );
    let wanted = request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 1);
    let asked = office.ask(0x33, Ask::Purchase(wanted));
    assert_eq!(asked.row.status, Status::Approved);
    office.desk.pays(Some("hard-error"));
    office.work();
    let failed = office.show(0x33, asked.row.id).unwrap();
    assert_eq!(failed.row.status, Status::Failed);
    assert!(office.told(0x33).contains(&"request-failed".to_owned()));
    office.desk.verify();
}

/// What cannot be done as it stands is drafted with the reason, and not submitted.
fn a_refused_draft_says_why(store: Store) {
    let office = Office::open(store);
    let held = office.buy(2);
    let drafted = office.draft(0x33, refund_of(held, 3)).unwrap();
    let why = drafted.document.refusal.clone().unwrap();
    assert_eq!(why.code, "InvalidRefundQuantity");
    assert!(!drafted.may.submit);
    let (code, _) = refusal(office.submit(0x33, drafted.row.id));
    assert_eq!(code, "InvalidRefundQuantity");
    let stranger = office.draft(0x44, refund_of(held, 1));
    assert!(matches!(stranger, Err(Error::Absent { .. } | Error::Denied { .. })), "{stranger:?}");
}

/// Rejecting and withdrawing end it, for those who may.
fn no_is_no(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(2);
    let first = office.ask(0x43, refund_of(held, 1)).row.id;
    assert_eq!(refusal(office.reject(0x43, first)).0, "Forbidden");
    assert_eq!(refusal(office.withdraw(0x41, first)).0, "Forbidden");
    assert_eq!(office.reject(0x41, first).unwrap().row.status, Status::Rejected);
    assert_eq!(office.reject(0x41, first).unwrap().row.status, Status::Rejected, "twice");
    let late = refusal(office.approve(0x42, first));
    assert_eq!(late.0, "OperationCannotBePerformedInCurrentState");
    let second = office.ask(0x43, refund_of(held, 1)).row.id;
    office.approve(0x41, second).unwrap();
    assert_eq!(office.withdraw(0x43, second).unwrap().row.status, Status::Withdrawn);
    office.work();
    assert_eq!(office.desk.live(held.0), [(held.1, 2)]);
    office.desk.verify();
}

/// Approvals, withdrawals and workers at once: every request ends one way, and what is done is done
/// once.
fn at_once(store: Store) {
    let office = Office::with_policy(store);
    let held: Vec<HeldAt> = (0..12).map(|_| office.buy(1)).collect();
    let requests: Vec<RequestId> =
        held.iter().map(|held| office.ask(0x43, refund_of(*held, 1)).row.id).collect();
    let (approved, withdrawn) = (AtomicU64::new(0), AtomicU64::new(0));
    let sure = |tried: &dyn Fn() -> Result<View, Error>| loop {
        match tried() {
            Err(Error::Busy(_)) => {}
            other => return other,
        }
    };
    std::thread::scope(|scope| {
        for (index, id) in requests.iter().enumerate() {
            let (office, approved, withdrawn) = (&office, &approved, &withdrawn);
            // A double click of one approver, another approver, and half the time a withdrawal.
            for client in [0x41, 0x41, 0x42] {
                scope.spawn(move || match sure(&|| office.approve(client, *id)) {
                    Ok(view) if view.row.status == Status::Withdrawn => {}
                    Ok(_) => drop(approved.fetch_add(1, Ordering::SeqCst)),
                    Err(Error::Refused(_)) => {}
                    Err(other) => panic!("{other}"),
                });
            }
            if index % 2 == 0 {
                scope.spawn(move || match sure(&|| office.withdraw(0x43, *id)) {
                    Ok(_) => drop(withdrawn.fetch_add(1, Ordering::SeqCst)),
                    Err(Error::Refused(_)) => {}
                    Err(other) => panic!("{other}"),
                });
            }
            scope.spawn(move || office.work());
        }
    });
    office.work();
    let mut done = 0;
    for (id, held) in requests.iter().zip(&held) {
        let view = office.show(0x43, *id).unwrap();
        let left = office.desk.live(held.0).len();
        match view.row.status {
            Status::Done => {
                done += 1;
                assert_eq!(left, 0);
            }
            Status::Withdrawn => assert_eq!(left, 1),
            other => panic!("{other}"),
        }
    }
    assert_eq!(done + withdrawn.load(Ordering::SeqCst), 12);
    assert!(done >= 6, "what nobody takes back is done");
    assert!(approved.load(Ordering::SeqCst) >= done);
    office.desk.verify();
}

/// An id of the caller's own makes drafting safe to repeat.
fn a_draft_may_be_sent_twice(store: Store) {
    let office = Office::open(store);
    let held = office.buy(2);
    let id = RequestId(Uuid::from_u128(0x77));
    let send = |client: u128, quantity: u32| {
        let call = office.call(client);
        let ask = refund_of(held, quantity);
        let new = NewRequest { id: Some(id), ask, on_behalf_of: None, comment: String::new() };
        office.desk.app.deed(move |tx, app| request::draft(tx, app, &call, &new))
    };
    let first = send(0x33, 1).unwrap();
    assert_eq!(send(0x33, 1).unwrap().row, first.row);
    assert!(matches!(send(0x33, 2), Err(Error::KeyReused { .. })));
    assert!(matches!(send(0x41, 1), Err(Error::KeyReused { .. })));
}

/// Whoever a request is drafted for cannot approve it, and can submit it.
fn drafted_for_somebody_else(store: Store) {
    let office = Office::with_policy(store);
    let held = office.buy(2);
    let call = office.call(0x42);
    let for_agent = office.call(0x41).caller.principal;
    let new = NewRequest {
        id: None,
        ask: refund_of(held, 1),
        on_behalf_of: Some(for_agent),
        comment: String::new(),
    };
    let drafted =
        office.desk.app.deed(move |tx, app| request::draft(tx, app, &call, &new)).unwrap();
    let id = drafted.row.id;
    assert_eq!(refusal(office.submit(0x33, id)).0, "Forbidden");
    office.submit(0x42, id).unwrap();
    assert_eq!(refusal(office.approve(0x41, id)).0, "Forbidden");
    assert_eq!(office.waiting_for(0x41), []);
    office.desk.verify();
}

macro_rules! on_both {
    ($($name:ident,)*) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(super::memory()); })*
        }
        mod postgresql {
            $(#[test] fn $name() {
                let Some(cluster) = super::Cluster::shared() else { return };
                super::$name(super::Store::open(&cluster.database()).unwrap());
            })*
        }
    };
}

on_both!(
    a_customer_asks_and_an_agent_approves,
    a_required_policy_cannot_be_walked_around,
    large_amounts_need_two,
    what_moved_is_stopped,
    requests_end,
    what_is_gone_is_withdrawn,
    the_right_is_asked_when_it_is_done,
    every_kind_is_done,
    a_payment_that_is_refused_fails_the_request,
    a_refused_draft_says_why,
    no_is_no,
    at_once,
    a_draft_may_be_sent_twice,
    drafted_for_somebody_else,
);

/// A purchase at one's own wish is kept to its request as well, also under a name.
#[test]
fn purchases_are_asked_for_where_that_is_required() {
    let office = Office::open(memory());
    office.apply(
        "[[approvalPolicies]]\ntenantId = \"00000000-0000-0000-0000-000000000011\"\n\
         name = \"buying\"\n[approvalPolicies.policy]\nrequired = true\n\
         [[approvalPolicies.policy.rules]]\nkinds = [\"purchase\", \"savings-plan\"]\n\
         from = \"100.00 USD\"\napprovals = 1\n",
    );
    let wanted = request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1);
    let call = office.call(0x33);
    let named = wanted.clone();
    let bought = office.desk.app.deed(move |tx, app| {
        let quoted = purchase::quote(tx, app, &call, &wanted)?;
        purchase::buy(tx, app, &call, quoted.order, &wanted)
    });
    assert!(matches!(bought, Err(Error::Refused(_))), "{bought:?}");
    let call = office.call(0x33);
    let bought = office
        .desk
        .app
        .deed(move |tx, app| prorata_app::reservation_alias::put(tx, app, &call, "mine", &named));
    assert!(matches!(bought, Err(Error::Refused(_))), "{bought:?}");
    office.desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 2));
}
