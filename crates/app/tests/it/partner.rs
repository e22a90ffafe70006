//! Agents of a partner in a customer's tenant, by role and by date, on both databases.

use crate::desk::{Desk, at};
use prorata_app::partner::{cart, customers};
use prorata_app::world::{self, Document};
use prorata_app::{
    App, Call, Caller, Error, PartnerAgent, access, purchase, refund, update, verify,
};
use prorata_domain::access::{Action, Scope};
use prorata_domain::cart::{CartCode, CartScope, Product, Wanted};
use prorata_domain::ids::{OrderId, PrincipalId, ReservationId, SubscriptionId, TenantId};
use prorata_domain::policy::ClauseId;
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;
use prorata_testkit::postgres::Cluster;
use std::fmt::Write as _;
use uuid::Uuid;

const CUSTOMER: TenantId = TenantId(Uuid::from_u128(0x51));
const PARTNER: TenantId = TenantId(Uuid::from_u128(0x52));
const SUBSCRIPTION: SubscriptionId = SubscriptionId(Uuid::from_u128(0x53));

/// Each role, and the number of the client that has it.
const ROLES: [(&str, u128); 6] = [
    ("Admin agent", 0x61),
    ("Global admin", 0x62),
    ("Helpdesk agent", 0x63),
    ("Sales agent", 0x64),
    ("User management admin", 0x65),
    ("Billing admin", 0x66),
];
const OWNER: u128 = 0x67;
const PURCHASER: u128 = 0x68;

fn world() -> Document {
    let mut text = format!(
        "[[billingAccounts]]\nid = \"csp-1\"\nagreement = \"csp\"\ncurrency = \"USD\"\n\
         payment = \"invoice\"\ncustomer = \"cedar\"\n\
         [[tenants]]\nid = \"{CUSTOMER}\"\nname = \"Cedar\"\n\
         [[tenants]]\nid = \"{PARTNER}\"\nname = \"Fir\"\n\
         [[subscriptions]]\nid = \"{SUBSCRIPTION}\"\ntenantId = \"{CUSTOMER}\"\n\
         billingAccount = \"csp-1\"\nname = \"Cedar play\"\n\
         [[partners]]\ntenantId = \"{PARTNER}\"\nkind = \"direct-bill\"\n\
         customers = [{{ tenantId = \"{CUSTOMER}\", since = \"2020-01-01\", \
         billingAccounts = [\"csp-1\"] }}]\nagents = ["
    );
    for (role, number) in ROLES {
        let client = Uuid::from_u128(number);
        let _ = write!(text, "{{ clientId = \"{client}\", role = \"{role}\" }}, ");
    }
    text.push_str("]\n");
    let people = ROLES.iter().map(|(role, number)| (PARTNER, *role, *number));
    let own = [(CUSTOMER, "owner", OWNER), (CUSTOMER, "purchaser", PURCHASER)];
    for (tenant, name, number) in people.chain(own) {
        let client = Uuid::from_u128(number);
        let _ = write!(
            text,
            "[[principals]]\ntenantId = \"{tenant}\"\nclientId = \"{client}\"\nname = \"{name}\"\n\
             clientSecret = \"not a secret, a test\"\n"
        );
    }
    let pays = format!("/subscriptions/{SUBSCRIPTION}");
    for (number, role, scope) in
        [(OWNER, "Owner", "/"), (PURCHASER, "Reservation Purchaser", pays.as_str())]
    {
        let client = Uuid::from_u128(number);
        let _ = write!(
            text,
            "[[roleAssignments]]\ntenantId = \"{CUSTOMER}\"\nclientId = \"{client}\"\n\
             role = \"{role}\"\nscope = \"{scope}\"\n"
        );
    }
    toml::from_str(&text).unwrap()
}

struct World {
    desk: Desk,
    document: Document,
}

impl World {
    fn open(store: Store, now: &str) -> World {
        let desk = Desk::open(store);
        desk.move_to(now);
        let document = world();
        world::apply(&desk.app, document.clone()).unwrap();
        World { desk, document }
    }

    fn app(&self) -> &App {
        &self.desk.app
    }

    fn principal(&self, number: u128) -> PrincipalId {
        let client = Uuid::from_u128(number);
        let row = self.document.principals.iter().find(|row| row.client_id == client).unwrap();
        world::principal_id(row)
    }

    fn call(&self, tenant: TenantId, number: u128) -> Call {
        let client = Uuid::from_u128(number).to_string();
        let home = if number < OWNER { PARTNER } else { CUSTOMER };
        let caller = Caller {
            home,
            agent: (home != tenant).then(|| PartnerAgent { tenant: home, roles: Vec::new() }),
            ..Caller::new(tenant, self.principal(number), client, "somebody")
        };
        Call::new(caller, self.app().now(), Uuid::from_u128(1))
    }

    /// Somebody in the customer's tenant.
    fn there(&self, number: u128) -> Call {
        self.call(CUSTOMER, number)
    }

    /// An agent at home, as for Partner Center.
    fn at_home(&self, number: u128) -> Call {
        self.call(PARTNER, number)
    }

    fn buy(&self, call: &Call) -> Result<(OrderId, ReservationId), Error> {
        let call = call.clone();
        self.app().deed(move |tx, app| {
            let quoted = purchase::quote(tx, app, &call, &wanted())?;
            if let Some(refusal) = quoted.decision.refusal {
                return Err(Error::malformed("refused", refusal.reason));
            }
            let placed = purchase::buy(tx, app, &call, quoted.order, &wanted())?;
            Ok((placed.order.id, placed.reservations[0].id))
        })
    }

    fn worth(&self, call: &Call, held: (OrderId, ReservationId)) -> Result<refund::Quoted, Error> {
        let call = call.clone();
        let ask = refund::Ask { order: held.0, reservation: held.1, quantity: 1 };
        self.app().deed(move |tx, app| refund::quote(tx, app, &call, &ask))
    }

    fn may(&self, call: &Call, action: Action, scope: Scope) -> bool {
        let call = call.clone();
        self.app().read(move |tx, _| access::may(tx, &call, action, &scope)).unwrap()
    }

    fn permit(&self, call: &Call, allowed: bool) -> Result<bool, Error> {
        let call = call.clone();
        let said =
            self.app().deed(move |tx, app| customers::permit(tx, app, &call, CUSTOMER, allowed));
        said.map(|said| said.allowed)
    }

    fn register(&self) {
        let call = self.at_home(0x61);
        self.app()
            .deed(move |tx, app| cart::register(tx, app, &call, CUSTOMER, SUBSCRIPTION))
            .unwrap();
    }

    fn cart(&self, call: &Call, lines: Vec<Wanted>) -> Result<cart::View, Error> {
        let call = call.clone();
        self.app().deed(move |tx, app| cart::create(tx, app, &call, CUSTOMER, false, &lines))
    }
}

fn wanted() -> Request {
    Request {
        resource_type: "VirtualMachines".to_owned(),
        sku: "Standard_D2s_v5".to_owned(),
        location: Some("westus".to_owned()),
        billing_subscription: SUBSCRIPTION,
        term: Term::P1Y,
        plan: BillingPlan::Upfront,
        quantity: 2,
        display_name: "play".to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: None,
        renew: false,
        review_at: None,
    }
}

fn line(product: &str) -> Wanted {
    Wanted {
        product: Product::parse(product).unwrap(),
        quantity: 1,
        term: Term::P1Y,
        plan: BillingPlan::Upfront,
        currency: None,
        name: None,
        subscription: SUBSCRIPTION,
        scope: CartScope::Single,
        reseller: None,
    }
}

/// Who may what, one row a role.
fn matrix(world: &World, held: (OrderId, ReservationId)) -> String {
    let mut text = String::new();
    let order = Scope::order(held.0);
    for (role, number) in ROLES {
        let there = world.there(number);
        let may = |action, scope: &Scope| world.may(&there, action, scope.clone());
        let cells = [
            ("see", may(Action::Read, &order)),
            ("manage", may(Action::Manage, &order)),
            ("return", may(Action::Return, &order)),
            ("exchange", may(Action::Exchange, &order)),
            ("buy there", may(Action::Buy, &Scope::subscription(SUBSCRIPTION))),
            ("support", may(Action::OpenTicket, &Scope::subscription(SUBSCRIPTION))),
            (
                "cart",
                world
                    .cart(
                        &world.at_home(number),
                        vec![line("VirtualMachines:Standard_D2s_v5:westus")],
                    )
                    .is_ok(),
            ),
            ("permission", world.permit(&world.at_home(number), false).is_ok()),
        ];
        let may: Vec<&str> = cells.iter().filter(|cell| cell.1).map(|cell| cell.0).collect();
        let _ = writeln!(text, "{role}: {}", may.join(", "));
    }
    text
}

fn each_role_may_what_the_page_of_the_day_says(store: Store) {
    let world = World::open(store, "2026-08-01T00:00:00Z");
    let held = world.buy(&world.there(0x61)).unwrap();
    let today = "\
Admin agent: see, manage, return, exchange, buy there, support, cart, permission
Global admin: \n\
Helpdesk agent: see, manage
Sales agent: see, manage, cart
User management admin: see, manage, return, exchange, support
Billing admin: see
";
    assert_eq!(matrix(&world, held), today);
}

fn the_global_admin_was_on_the_page_of_2023(store: Store) {
    let world = World::open(store, "2026-08-01T00:00:00Z");
    let agent = world.call(CUSTOMER, 0x62);
    let book = &world.app().book;
    for (day, may) in [("2023-08-01T00:00:00Z", true), ("2025-01-01T00:00:00Z", false)] {
        let then = Call { now: at(day), ..agent.clone() };
        let found = world
            .app()
            .read(move |tx, _| {
                prorata_app::partner::standing(tx, &then, PARTNER, then.caller.principal, CUSTOMER)
            })
            .unwrap()
            .unwrap();
        let task = prorata_domain::partner::PartnerTask::Return;
        let decided = prorata_domain::partner::decide(book, &found.facts, &task, at(day)).unwrap();
        assert_eq!(decided.is_approved(), may, "{day}");
    }
}

fn a_customer_leaves_money_and_scope_to_its_partner(store: Store) {
    let world = World::open(store, "2026-08-01T00:00:00Z");
    let (agent, owner) = (world.there(0x61), world.there(OWNER));
    let held = world.buy(&agent).unwrap();
    let quoted = world.worth(&owner, held).unwrap();
    let refusal = quoted.decision.refusal.clone().unwrap();
    assert_eq!(refusal.clause, ClauseId::SelfService);
    assert!(quoted.decision.proposal.is_some(), "what it would be worth is shown");
    let deed = refund::Deed {
        order: held.0,
        session: quoted.session,
        reservation: held.1,
        quantity: 1,
        reason: String::new(),
    };
    let refused = {
        let (call, deed) = (owner.clone(), deed.clone());
        world.app().deed(move |tx, app| refund::give_back(tx, app, &call, &deed)).unwrap_err()
    };
    assert!(
        matches!(refused, Error::Refused(refused) if refused.refusal.clause == ClauseId::SelfService)
    );
    for changes in [
        update_of(|changes| changes.renew = Some(true)),
        update_of(|changes| {
            changes.applied_scope = Some(AppliedScope::Subscription(SUBSCRIPTION));
        }),
    ] {
        let ask = update::Ask { order: held.0, reservation: held.1, changes };
        let call = owner.clone();
        let refused = world.app().deed(move |tx, app| update::update(tx, app, &call, &ask));
        assert!(matches!(refused, Err(Error::Refused(_) | Error::Denied { .. })), "{refused:?}");
    }
    // The agent does it, and verify decides the same again.
    let quoted = world.worth(&agent, held).unwrap();
    let deed = refund::Deed { session: quoted.session, ..deed };
    world.app().deed(move |tx, app| refund::give_back(tx, app, &agent, &deed)).unwrap();
    let report = verify::run(world.app()).unwrap();
    assert_eq!(report.broken, None);
}

fn update_of(
    set: impl FnOnce(&mut prorata_domain::update::Request),
) -> prorata_domain::update::Request {
    let mut changes = prorata_domain::update::Request::default();
    set(&mut changes);
    changes
}

fn a_customer_buys_while_it_is_allowed(store: Store) {
    let world = World::open(store, "2026-08-01T00:00:00Z");
    let (admin, sales) = (world.at_home(0x61), world.at_home(0x64));
    let (owner, purchaser) = (world.there(OWNER), world.there(PURCHASER));
    assert!(matches!(world.buy(&owner), Err(Error::Denied { .. })), "off by default");
    assert!(matches!(world.permit(&sales, true), Err(Error::Refused(_))));
    assert!(world.permit(&admin, true).unwrap());
    assert!(world.permit(&admin, true).unwrap(), "saying it again changes nothing");
    let held = world.buy(&owner).unwrap();
    world.buy(&purchaser).unwrap();
    assert!(!world.permit(&admin, false).unwrap());
    assert!(matches!(world.buy(&purchaser), Err(Error::Denied { .. })));
    // The partner sees what the customer bought.
    assert!(world.may(&world.there(0x66), Action::Read, Scope::order(held.0)));
}

fn a_cart_buys_each_line_once(store: Store) {
    let world = World::open(store, "2026-08-01T00:00:00Z");
    world.register();
    let sales = world.at_home(0x64);
    let lines = vec![
        line("VirtualMachines:Standard_D2s_v5:westus"),
        line("VirtualMachines:Standard_D2s_v5:antarctica"),
        line("VirtualMachines:Standard_D2s_v5:westus"),
    ];
    let made = world.cart(&sales, lines).unwrap();
    let id = made.row.id;
    let done: Vec<_> = std::thread::scope(|scope| {
        let check_out = || cart::check_out(world.app(), &sales, CUSTOMER, id);
        let racing: Vec<_> = (0..2).map(|_| scope.spawn(check_out)).collect();
        racing.into_iter().map(|one| one.join().unwrap()).collect()
    });
    // Whoever came second in between may have to ask again; nothing is bought twice.
    assert!(done.iter().any(Result::is_ok), "{done:?}");
    let last = cart::check_out(world.app(), &sales, CUSTOMER, id).unwrap();
    let orders: Vec<_> = last.lines.lines.iter().filter_map(|line| line.order).collect();
    assert_eq!(orders.len(), 2);
    let fault = last.lines.lines[1].fault.as_ref().unwrap();
    assert_eq!(fault.code, CartCode::InventoryNotAvailable);
    let held = {
        let call = sales.clone();
        world.app().read(move |tx, app| cart::orders(tx, app, &call, CUSTOMER, None, 100)).unwrap()
    };
    assert_eq!(held.rows.len(), 2, "nothing was bought twice");
    // The buyer of a cart has no role by name: a sales agent returns nothing without one.
    let sales_there = world.there(0x64);
    assert!(!world.may(&sales_there, Action::Return, Scope::order(orders[0])));
}

fn an_agent_whose_relationship_is_over_has_nothing(store: Store) {
    let world = World::open(store, "2026-08-01T00:00:00Z");
    let agent = world.there(0x61);
    let held = world.buy(&agent).unwrap();
    assert!(world.may(&agent, Action::Return, Scope::order(held.0)));
    let mut over = world.document.clone();
    over.partners[0].customers[0].until = Some("2026-08-01".parse().unwrap());
    world::apply(world.app(), over).unwrap();
    // It bought the order, and so has a role by name on it; that does not help.
    assert!(!world.may(&agent, Action::Read, Scope::order(held.0)));
    assert!(matches!(world.worth(&agent, held), Err(Error::Absent { .. })));
}

macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[test] fn $name() { super::$name(super::Store::memory().unwrap()); })*
        }
        mod postgres {
            $(#[test] fn $name() {
                let Some(cluster) = super::Cluster::shared() else { return };
                super::$name(super::Store::open(&cluster.database()).unwrap());
            })*
        }
    };
}

on_both!(
    each_role_may_what_the_page_of_the_day_says,
    the_global_admin_was_on_the_page_of_2023,
    a_customer_leaves_money_and_scope_to_its_partner,
    a_customer_buys_while_it_is_allowed,
    a_cart_buys_each_line_once,
    an_agent_whose_relationship_is_over_has_nothing,
);

/// What is kept of a partner's customers in memory follows each world that is applied, and each day.
#[test]
fn changed_customers_are_seen_at_once() {
    let seen = |world: &World| {
        let call = world.at_home(0x61);
        let sold = world.app().read(move |tx, app| customers::sold(tx, app, &call)).unwrap();
        let told = |row: &customers::SoldTo| {
            format!("{} {}", row.name, row.billing_account.as_deref().unwrap_or("nothing"))
        };
        sold.unwrap().iter().map(told).collect::<Vec<_>>()
    };
    let world = World::open(Store::memory().unwrap(), "2026-03-01T00:00:00Z");
    assert_eq!(seen(&world), ["Cedar csp-1"]);
    let change = |tenants: &str, customers: &str| {
        let text = format!(
            "{tenants}[[partners]]\ntenantId = \"{PARTNER}\"\nkind = \"direct-bill\"\n\
             customers = [{customers}]\n"
        );
        world::apply(&world.app().clone(), toml::from_str(&text).unwrap()).unwrap();
    };
    let other = TenantId(Uuid::from_u128(0x5a));
    change(
        &format!(
            "[[tenants]]\nid = \"{CUSTOMER}\"\nname = \"Larch\"\n\
             [[tenants]]\nid = \"{other}\"\nname = \"Beech\"\n"
        ),
        &format!("{{ tenantId = \"{other}\", since = \"2026-01-01\" }}"),
    );
    assert_eq!(seen(&world), ["Larch csp-1", "Beech nothing"]);
    let until = "since = \"2020-01-01\", until = \"2026-03-03\", billingAccounts = [\"csp-1\"]";
    change("", &format!("{{ tenantId = \"{CUSTOMER}\", {until} }}"));
    assert_eq!(seen(&world), ["Larch csp-1", "Beech nothing"]);
    world.desk.move_to("2026-03-03T00:00:00Z");
    assert_eq!(seen(&world), ["Beech nothing"]);
}
