//! Who may: what is gathered for the evaluator, and that lists show what single reads allow.

use crate::desk::{Desk, SUBSCRIPTION, TENANT, request};
use prorata_app::world::{self, Document};
use prorata_app::{Call, Caller, Error, access, orders, purchase, refund, reservations, update};
use prorata_domain::access::{
    Action, Answer, BillingRole, BillingRoleName, Ground, Level, Outcome, Remedy, Scope, roles,
};
use prorata_domain::ids::{AssignmentId, OrderId, PrincipalId, ReservationId, TenantId};
use prorata_domain::term::{BillingPlan, Term};
use prorata_domain::update::Request as Changes;
use prorata_store::{Store, access as rows, world as store};
use uuid::Uuid;

type Held = (OrderId, ReservationId);

/// A desk with a reservation that was split by a return, and one beside it.
struct World {
    desk: Desk,
    held: Vec<Held>,
    next: std::cell::Cell<u128>,
}

impl World {
    fn new() -> World {
        let desk = Desk::open(Store::memory().unwrap());
        let first = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 5));
        let quoted = desk.refund_quote(first, 2);
        desk.give_back(first, 2, &quoted).unwrap();
        let beside = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
        let rest = (first.0, desk.live(first.0)[0].0);
        World { desk, held: vec![first, rest, beside], next: std::cell::Cell::new(1000) }
    }

    fn fresh(&self) -> Uuid {
        self.next.set(self.next.get() + 1);
        Uuid::from_u128(self.next.get())
    }

    /// A call of somebody of the tenant with these roles and billing roles.
    fn somebody(&self, given: &[(&str, Scope)], billing: &[BillingRole]) -> Call {
        let principal = PrincipalId(self.fresh());
        let rows: Vec<store::RoleAssignment> = given
            .iter()
            .map(|(role, scope)| store::RoleAssignment {
                id: AssignmentId(self.fresh()),
                tenant: TENANT,
                principal,
                role: (*role).to_owned(),
                scope: scope.as_str().to_owned(),
            })
            .collect();
        let billing = billing.to_vec();
        let written = self.desk.app.write(move |tx, _| {
            for row in &rows {
                store::put_assignment(tx, row)?;
            }
            for role in &billing {
                rows::put_billing_role(tx, TENANT, principal, role)?;
            }
            Ok(())
        });
        written.unwrap();
        let caller = Caller::new(TENANT, principal, "a client", "somebody");
        Call { caller, ..self.desk.call() }
    }

    fn verdict(
        &self,
        call: &Call,
        action: Action,
        scope: Scope,
    ) -> prorata_domain::access::Verdict {
        let (call, principal) = (call.clone(), call.caller.principal);
        let asked = move |tx: &mut prorata_store::Tx<'_>, _: &prorata_app::App| {
            access::why(tx, &call, principal, action, &scope)
        };
        self.desk.app.read(asked).unwrap()
    }

    /// The reservations and orders that a caller is shown in lists, and one by one.
    fn shown(&self, call: &Call) -> [(Vec<Held>, Vec<OrderId>); 2] {
        let (mine, held) = (call.clone(), self.held.clone());
        let shown = self.desk.app.read(move |tx, app| {
            let query = reservations::Query { limit: 50, ..Default::default() };
            let listed = reservations::list_all(tx, app, &mine, &query)?;
            let mut items: Vec<Held> =
                listed.rows.iter().map(|(order, row)| (order.id, row.id)).collect();
            items.sort_unstable();
            let page = orders::list(tx, app, &mine, None, 50)?;
            let listed_orders: Vec<OrderId> = page.rows.iter().map(|view| view.order.id).collect();
            let (mut single, mut single_orders) = (Vec::new(), Vec::new());
            for (order, item) in held {
                if reservations::show(tx, app, &mine, order, item).is_ok() {
                    single.push((order, item));
                }
                if orders::show(tx, app, &mine, order).is_ok() {
                    single_orders.push(order);
                }
            }
            single.sort_unstable();
            single_orders.sort_unstable();
            single_orders.dedup();
            Ok([(items, listed_orders), (single, single_orders)])
        });
        shown.unwrap()
    }
}

fn billing(name: &str) -> BillingRole {
    let name = BillingRoleName::parse(name).unwrap();
    let profile = (name.definition().level == Level::Profile).then(|| "profile".to_owned());
    BillingRole { name, account: "enrollment-1".to_owned(), profile }
}

#[test]
fn lists_show_what_single_reads_allow() {
    let world = World::new();
    let (order, item) = world.held[0];
    let scopes = [
        Scope::root(),
        Scope::capacity(),
        Scope::order(order),
        Scope::reservation(order, item),
        Scope::order(world.held[2].0),
        Scope::subscription(SUBSCRIPTION),
        Scope::benefits(),
    ];
    let mut seen = 0;
    let mut agree = |call: &Call, who: &str| {
        let [listed, single] = world.shown(call);
        assert_eq!(listed, single, "{who}");
        seen += usize::from(!listed.0.is_empty());
    };
    for role in roles() {
        for (at, scope) in scopes.iter().enumerate() {
            let one = (role.name.as_str(), scope.clone());
            agree(
                &world.somebody(std::slice::from_ref(&one), &[]),
                &format!("{} at {scope}", role.name),
            );
            // With another role on another place, as chance has it and always the same.
            let other = &roles()[(at * 7 + role.name.len()) % roles().len()];
            let two = [one, (other.name.as_str(), scopes[(at * 3 + 1) % scopes.len()].clone())];
            agree(&world.somebody(&two, &[]), &format!("{two:?}"));
        }
    }
    for name in BillingRoleName::all() {
        let call = world.somebody(&[], &[billing(name.as_str())]);
        agree(&call, name.as_str());
    }
    agree(&world.desk.call(), "the buyer");
    assert!(seen > 50, "{seen} see anything");
}

#[test]
fn a_billing_role_shows_what_its_account_pays_for_and_returns_nothing() {
    let world = World::new();
    let (order, item) = world.held[2];
    let reader = world.somebody(&[], &[billing("enterprise-administrator-read-only")]);
    assert_eq!(world.shown(&reader)[0].0.len(), 3, "the account pays for all of them");
    let none = world.somebody(&[], &[billing("department-administrator")]);
    assert_eq!(world.shown(&none)[0], (Vec::new(), Vec::new()));

    let admin = world.somebody(&[], &[billing("enterprise-administrator")]);
    let ask = refund::Ask { order, reservation: item, quantity: 1 };
    let call = admin.clone();
    let refused = world.desk.app.deed(move |tx, app| refund::quote(tx, app, &call, &ask));
    let Err(Error::Denied { remedies, scope, action, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!((action, &scope), (Action::Return, &Scope::order(order)));
    let role = "Reservations Administrator".to_owned();
    assert_eq!(
        remedies,
        [Remedy::TakeOwnership { role, scope }],
        "the grant of access comes first"
    );
    let verdict = world.verdict(&admin, Action::Manage, Scope::order(order));
    assert!(matches!(&verdict.reason().unwrap().ground, Ground::BillingRole(_)));
}

#[test]
fn while_the_policy_is_off_administrators_of_the_account_buy() {
    let world = World::new();
    let owner = [("Owner", Scope::subscription(SUBSCRIPTION))];
    let one = world.somebody(&owner, &[]);
    let admin = world.somebody(&owner, &[billing("enterprise-administrator")]);
    let quote = |call: &Call| {
        let (call, wanted) =
            (call.clone(), request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
        world.desk.app.deed(move |tx, app| purchase::quote(tx, app, &call, &wanted)).map(drop)
    };
    quote(&one).unwrap();
    let off = "[[billingPolicies]]\nbillingAccount = \"enrollment-1\"\nreservedInstances = false\n";
    let document: Document = toml::from_str(off).unwrap();
    assert_eq!(world::apply(&world.desk.app, document.clone()).unwrap().applied, 1);
    assert_eq!(world::apply(&world.desk.app, document).unwrap().applied, 0);
    let Err(Error::Denied { remedies, .. }) = quote(&one) else { panic!("the policy is off") };
    assert!(matches!(&remedies[..], [Remedy::SwitchPolicyOn { .. }]), "{remedies:?}");
    quote(&admin).unwrap();
}

#[test]
fn those_behind_the_subscription_are_put_on_what_it_pays_for() {
    let world = World::new();
    let before = world.held[0].0;
    let owner = world.somebody(&[("Owner", Scope::subscription(SUBSCRIPTION))], &[]);
    let admin = world.somebody(&[], &[]);
    let who = admin.caller.principal;
    let appointed = world
        .desk
        .app
        .write(move |tx, _| Ok(rows::set_account_admin(tx, SUBSCRIPTION, Some(who))?));
    assert!(appointed.unwrap());
    let (order, _) =
        world.desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
    for (call, action, scope, expected) in [
        (&owner, Action::Read, order, Answer::Allowed),
        (&owner, Action::Manage, order, Answer::Allowed),
        (&owner, Action::Assign, order, Answer::Allowed),
        (&owner, Action::Return, order, Answer::Denied),
        // Nobody owned it yet when it paid for that one.
        (&owner, Action::Read, before, Answer::Hidden),
        (&admin, Action::Return, order, Answer::Allowed),
        (&admin, Action::Read, before, Answer::Hidden),
    ] {
        let verdict = world.verdict(call, action, Scope::order(scope));
        assert_eq!(verdict.answer, expected, "{verdict:?}");
    }
    let seen = world.shown(&owner)[0].1.clone();
    assert_eq!(seen, [order]);
}

#[test]
fn a_renewal_is_changed_by_who_owns_both() {
    let world = World::new();
    let (order, item) = world.held[2];
    let on = (Scope::order(order), Scope::subscription(SUBSCRIPTION));
    let change = |call: &Call| {
        let changes = Changes { renew: Some(true), ..Changes::default() };
        let ask = update::Ask { order, reservation: item, changes };
        let call = call.clone();
        world.desk.app.deed(move |tx, app| update::update(tx, app, &call, &ask)).map(drop)
    };
    let managing = world.somebody(&[("Contributor", on.0.clone()), ("Owner", on.1.clone())], &[]);
    assert!(matches!(change(&managing), Err(Error::Denied { action: Action::Renew, .. })));
    let half = world.somebody(&[("Owner", on.0.clone()), ("Reader", on.1.clone())], &[]);
    let refused = change(&half);
    let Err(Error::Denied { action: Action::Renew, scope, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(scope, on.1);
    let both = world.somebody(&[("Owner", on.0), ("Owner", on.1)], &[]);
    change(&both).unwrap();
}

#[test]
fn what_one_may_not_see_is_not_there() {
    let world = World::new();
    let (order, item) = world.held[0];
    let stranger = world.somebody(&[], &[]);
    let of_other = Call {
        caller: Caller::new(
            TenantId(Uuid::from_u128(0x12)),
            world.desk.call().caller.principal,
            "a client",
            "the same principal elsewhere",
        ),
        ..world.desk.call()
    };
    for call in [&stranger, &of_other] {
        let call = call.clone();
        let shown = world.desk.app.read(move |tx, app| {
            let one = reservations::show(tx, app, &call, order, item);
            let at = access::subscription(tx, &call, Action::Buy, SUBSCRIPTION);
            Ok((one.map(drop), at.map(drop)))
        });
        let (one, at) = shown.unwrap();
        assert!(matches!(one, Err(Error::Absent { code: "ReservationOrderNotFound", .. })));
        assert!(matches!(at, Err(Error::Absent { code: "SubscriptionNotFound", .. })));
    }
}

#[test]
fn others_are_asked_about_by_who_may_see_roles() {
    let world = World::new();
    let scope = Scope::order(world.held[0].0);
    let buyer = world.desk.call();
    let about = buyer.caller.principal;
    let ask = |call: &Call| {
        let (call, scope) = (call.clone(), scope.clone());
        world.desk.app.read(move |tx, _| access::why(tx, &call, about, Action::Return, &scope))
    };
    let verdict = ask(&world.somebody(&[("Reader", Scope::capacity())], &[])).unwrap();
    assert!(verdict.is_allowed());
    let reason = verdict.reason().unwrap();
    assert!(matches!(&reason.ground, Ground::Assignment { role, .. } if role == "Owner"));
    assert_eq!(reason.outcome, Outcome::Allows { by: None });
    assert!(matches!(ask(&world.somebody(&[], &[])), Err(Error::Absent { .. })));
    let unknown = PrincipalId(Uuid::from_u128(7));
    let call = world.somebody(&[("Reader", Scope::capacity())], &[]);
    let asked =
        world.desk.app.read(move |tx, _| access::why(tx, &call, unknown, Action::Return, &scope));
    assert!(matches!(asked, Err(Error::Absent { code: "PrincipalNotFound", .. })));
}
