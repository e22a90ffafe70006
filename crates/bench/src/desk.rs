//! A made-up desk: customers with their own tenant, account and principal, and the deeds that
//! were quoted for them.

use crate::Trouble;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use prorata_app::clock::Clock;
use prorata_app::world::{
    AccountRow, AgentRow, CustomerRow, Document, PartnerRow, PriceDocument, PrincipalRow, RoleRow,
    SubscriptionRow, SubscriptionState, TenantRow, principal_id,
};
use prorata_app::{App, Call, Caller, Error, exchange, purchase, refund};
use prorata_domain::ids::{OrderId, ReservationId, SessionId, SubscriptionId, TenantId};
use prorata_domain::policy::Book;
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_store::{Store, Tx};
use rust_decimal::Decimal;
use uuid::Uuid;

/// When everything was bought, and when it is returned or exchanged: months later, so that the
/// arithmetic is not trivial.
const BOUGHT: Date = date(2026, 8, 3);
const TODAY: Date = date(2026, 11, 21);
const HOUR: i64 = 3600;

const SMALL: &str = "Standard_B2ats_v2";
const LARGE: &str = "Standard_B2s_v2";
const REGION: &str = "westeurope";
const CAPACITY: &str = "/providers/Microsoft.Capacity";

/// Purchases that are written in one transaction when a desk is filled.
const AT_ONCE: usize = 50;

/// The instant of all deeds.
pub fn now() -> Timestamp {
    day_start(TODAY) + jiff::SignedDuration::from_secs(12 * HOUR)
}

/// Somebody with a tenant, a billing account (so a refund cap of their own) and a subscription.
#[derive(Debug, Clone)]
pub struct Customer {
    pub tenant: TenantId,
    pub subscription: SubscriptionId,
    pub client: Uuid,
    pub secret: String,
    pub caller: Caller,
}

impl Customer {
    fn numbered(number: u128) -> Customer {
        let tenant = TenantId(Uuid::from_u128(0xbe9c_0000_0000_4000_8000_0000_0000_0000 + number));
        let client = Uuid::from_u128(0xbe9c_0001_0000_4000_8000_0000_0000_0000 + number);
        let row = principal(tenant, client, number);
        Customer {
            tenant,
            subscription: SubscriptionId(Uuid::from_u128(
                0xbe9c_0002_0000_4000_8000_0000_0000_0000 + number,
            )),
            client,
            secret: row.client_secret.clone(),
            caller: Caller::new(tenant, principal_id(&row), client.to_string(), row.name),
        }
    }

    /// A call of this customer's at an instant.
    pub fn call(&self, now: Timestamp) -> Call {
        Call::new(self.caller.clone(), now, Uuid::nil())
    }

    fn wish(&self, sku: &str, quantity: u32, name: String) -> Request {
        Request {
            resource_type: "VirtualMachines".to_owned(),
            sku: sku.to_owned(),
            location: Some(REGION.to_owned()),
            billing_subscription: self.subscription,
            term: Term::P1Y,
            plan: BillingPlan::Upfront,
            quantity,
            display_name: name,
            applied_scope: AppliedScope::Shared,
            instance_flexibility: Some(true),
            renew: false,
            review_at: None,
        }
    }
}

/// The customers of a desk.
pub fn customers(count: usize) -> Vec<Customer> {
    (1..=count as u128).map(Customer::numbered).collect()
}

fn principal(tenant: TenantId, client: Uuid, number: u128) -> PrincipalRow {
    PrincipalRow {
        id: None,
        tenant_id: tenant,
        client_id: client,
        name: format!("customer {number}"),
        client_secret: format!("secret-of-customer-{number}"),
    }
}

/// A role of a customer's in their own tenant.
fn role(customer: &Customer, name: &str, scope: &str) -> RoleRow {
    RoleRow {
        home_tenant_id: None,
        tenant_id: customer.tenant,
        client_id: customer.client,
        role: name.to_owned(),
        scope: scope.to_owned(),
    }
}

/// Opens a desk on a store; its clock stands at [`now`].
pub fn open(store: Store) -> Result<App, Error> {
    App::open(store, Book::built_in().clone(), Clock::sandbox(now()))
}

/// Lets a server that is started on this database go on at [`now`], where quotes still hold.
pub fn keep_time(app: &App) -> Result<(), Error> {
    prorata_app::clock::set(app, now()).map(drop)
}

/// Makes the customers known, and what is on sale.
pub fn settle(app: &App, customers: &[Customer]) -> Result<(), Error> {
    settle_as(app, customers, "ea")
}

/// A partner that sells to the customers from now on; answers its agent.
pub fn sell(app: &App, customers: &[Customer]) -> Result<Customer, Error> {
    const NUMBER: u128 = 0xffff_ffff;
    let agent = Customer::numbered(NUMBER);
    let mut document = Document::default();
    document.tenants.push(TenantRow { id: agent.tenant, name: "partner".to_owned() });
    document.principals.push(principal(agent.tenant, agent.client, NUMBER));
    let customer = |customer: &Customer| CustomerRow {
        tenant_id: customer.tenant,
        since: date(2020, 1, 1),
        until: None,
        billing_accounts: vec![customer.subscription.to_string()],
        azure_plan: false,
        market: Some("US".to_owned()),
        reseller_tenant_id: None,
    };
    document.partners.push(PartnerRow {
        tenant_id: agent.tenant,
        kind: "direct-bill".to_owned(),
        customers: customers.iter().map(customer).collect(),
        agents: vec![AgentRow {
            client_id: agent.client,
            role: "Admin agent".to_owned(),
            since: None,
            until: None,
        }],
    });
    prorata_app::world::apply(app, document)?;
    Ok(agent)
}

/// Lets a customer, who is known by a number, do everything in their tenant, and so read its audit.
pub fn own(app: &App, customer: &Customer, number: u128) -> Result<(), Error> {
    let mut document = Document::default();
    document.principals.push(principal(customer.tenant, customer.client, number));
    document.role_assignments.push(role(customer, "Owner", "/"));
    prorata_app::world::apply(app, document).map(drop)
}

/// As [`settle`], under an agreement.
pub fn settle_as(app: &App, customers: &[Customer], agreement: &str) -> Result<(), Error> {
    let mut document = Document::default();
    for (customer, number) in customers.iter().zip(1..) {
        let account = customer.subscription.to_string();
        document.billing_accounts.push(AccountRow {
            id: account.clone(),
            agreement: agreement.to_owned(),
            currency: "USD".to_owned(),
            payment: if agreement == "ea" { "overage" } else { "invoice" }.to_owned(),
            usd_rate: Decimal::ONE,
            profile: None,
            customer: None,
            prepayment_ends: None,
            payment_state: None,
            payment_state_until: None,
        });
        let name = format!("customer {number}");
        document.tenants.push(TenantRow { id: customer.tenant, name: name.clone() });
        document.subscriptions.push(SubscriptionRow {
            id: customer.subscription,
            tenant_id: customer.tenant,
            billing_account: account,
            name,
            state: SubscriptionState::default(),
            management_group: None,
        });
        document.principals.push(principal(customer.tenant, customer.client, number));
        let paying = format!("/subscriptions/{}", customer.subscription);
        for (name, scope) in [("Owner", &*paying), ("Reservations Reader", CAPACITY)] {
            document.role_assignments.push(role(customer, name, scope));
        }
    }
    for (sku, dollars) in [(SMALL, 49), (LARGE, 430)] {
        document.prices.push(PriceDocument {
            resource_type: "VirtualMachines".to_owned(),
            sku: sku.to_owned(),
            location: REGION.to_owned(),
            term: "P1Y".to_owned(),
            billing_plan: None,
            currency: "USD".to_owned(),
            unit_total: Decimal::from(dollars),
            commit_units: None,
            since: date(2019, 1, 1),
        });
    }
    prorata_app::world::apply(app, document).map(drop)
}

/// A reservation that is held, and whose it is, by position.
#[derive(Debug, Clone, Copy)]
pub struct Bought {
    pub customer: usize,
    pub order: OrderId,
    pub reservation: ReservationId,
}

/// A return that was quoted and waits to be made.
#[derive(Debug, Clone)]
pub struct Refund {
    pub customer: usize,
    pub deed: refund::Deed,
}

/// An exchange that was quoted and waits to be made.
#[derive(Debug, Clone, Copy)]
pub struct Exchange {
    pub customer: usize,
    pub session: SessionId,
}

/// Buys reservations of two units each, for the customers in turn. They are answered in another
/// order than they were bought in, since nobody gives them up in that order.
pub fn buy(app: &App, customers: &[Customer], count: usize) -> Result<Vec<Bought>, Trouble> {
    const NAMES: [&str; 7] = ["web", "batch", "orders", "build agents", "search", "data", "tests"];
    let turns = (0..count).map(|number| (number % customers.len(), number)).collect();
    let mut bought = each(app, customers, turns, |tx, app, customer, index, number| {
        let name = format!("{} {number}", NAMES[number % NAMES.len()]);
        let (call, wish) = (customer.call(day_start(BOUGHT)), customer.wish(SMALL, 2, name));
        let quoted = purchase::quote(tx, app, &call, &wish)?;
        let placed = purchase::buy(tx, app, &call, quoted.order, &wish)?;
        let reservation = placed.reservations.first().map(|reservation| reservation.id);
        let reservation = reservation.ok_or(Error::Broken("nothing was bought".to_owned()))?;
        Ok(Bought { customer: index, order: quoted.order, reservation })
    })?;
    // The same in every run: by a number that is as good as random. The customers stay in turn.
    let people = customers.len();
    bought.sort_by_key(|bought| bought.customer);
    let of_one = bought.len().div_ceil(people).max(1);
    for hers in bought.chunks_mut(of_one) {
        let count = hers.len();
        for at in 0..count {
            hers.swap(at, at.wrapping_mul(7_919) % count);
        }
    }
    Ok((0..of_one)
        .flat_map(|turn| (0..people).map(move |customer| customer * of_one + turn))
        .filter_map(|at| bought.get(at).copied())
        .collect())
}

/// Quotes a refund of each: of one unit and of both in turn.
pub fn quote_refunds(
    app: &App,
    customers: &[Customer],
    held: &[Bought],
) -> Result<Vec<Refund>, Trouble> {
    each(app, customers, by_turns(held), |tx, app, customer, index, (bought, quantity)| {
        let Bought { order, reservation, .. } = bought;
        let ask = refund::Ask { order, reservation, quantity };
        let session = refund::quote(tx, app, &customer.call(now()), &ask)?.session;
        let reason = "not needed any more".to_owned();
        let deed = refund::Deed { order, session, reservation, quantity, reason };
        Ok(Refund { customer: index, deed })
    })
}

/// Quotes an exchange of each for a larger machine: of one unit and of both in turn.
pub fn quote_exchanges(
    app: &App,
    customers: &[Customer],
    held: &[Bought],
) -> Result<Vec<Exchange>, Trouble> {
    each(app, customers, by_turns(held), |tx, app, customer, index, (bought, quantity)| {
        let Bought { order, reservation, .. } = bought;
        let ask = exchange::Ask {
            returns: vec![exchange::GivenUp { order, reservation, quantity }],
            purchases: vec![customer.wish(LARGE, 1, "larger".to_owned())],
            savings_plans: Vec::new(),
        };
        let session = exchange::quote(tx, app, &customer.call(now()), &ask)?.session;
        Ok(Exchange { customer: index, session })
    })
}

/// One unit and two units in turn.
fn by_turns(held: &[Bought]) -> Vec<(usize, (Bought, u32))> {
    let quantities = [1, 2].into_iter().cycle();
    held.iter().zip(quantities).map(|(bought, units)| (bought.customer, (*bought, units))).collect()
}

type Step<I, T> = fn(&mut Tx<'_>, &App, &Customer, usize, I) -> Result<T, Error>;

/// Does something for the customers named, many in one transaction; answers in the order asked.
fn each<I: Copy + Send + 'static, T: Send + 'static>(
    app: &App,
    customers: &[Customer],
    items: Vec<(usize, I)>,
    step: Step<I, T>,
) -> Result<Vec<T>, Trouble> {
    let mut answers = Vec::with_capacity(items.len());
    for part in items.chunks(AT_ONCE) {
        let mine: Vec<(Customer, usize, I)> =
            part.iter().map(|(index, item)| (customers[*index].clone(), *index, *item)).collect();
        answers.extend(app.write(move |tx, app| {
            mine.iter()
                .map(|(customer, index, item)| step(tx, app, customer, *index, *item))
                .collect::<Result<Vec<_>, Error>>()
        })?);
    }
    Ok(answers)
}

/// Checks every law over a database that was worked on; a figure from a broken one is worth
/// nothing.
pub fn verify(app: &App) -> Result<String, Trouble> {
    let report = prorata_app::verify::run(app)?;
    match report.broken {
        Some(broken) => Err(format!("{}: {}: {}", broken.law, broken.row, broken.what).into()),
        None => Ok(format!(
            "{} orders, {} reservations, {} operations, {} entries: sound",
            report.orders, report.reservations, report.operations, report.entries
        )),
    }
}
