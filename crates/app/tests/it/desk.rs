//! A desk with one buyer, on any database.

use jiff::Timestamp;
use prorata_app::clock::Clock;
use prorata_app::world::{self, Document};
use prorata_app::{App, Call, Caller, orders, purchase, refund};
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId, TenantId};
use prorata_domain::policy::Book;
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;
use uuid::Uuid;

pub const TENANT: TenantId = TenantId(Uuid::from_u128(0x11));
pub const SUBSCRIPTION: SubscriptionId = SubscriptionId(Uuid::from_u128(0x22));
const CLIENT: Uuid = Uuid::from_u128(0x33);
/// Operations keep it, and some tests compare what two runs recorded.
const CORRELATION: Uuid = Uuid::from_u128(0x44);

const WORLD: &str = r#"
[[billingAccounts]]
id = "enrollment-1"
agreement = "ea"
currency = "USD"
payment = "overage"

[[tenants]]
id = "00000000-0000-0000-0000-000000000011"
name = "Contoso"

[[subscriptions]]
id = "00000000-0000-0000-0000-000000000022"
tenantId = "00000000-0000-0000-0000-000000000011"
billingAccount = "enrollment-1"
name = "Contoso production"

[[principals]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000033"
name = "buyer"
clientSecret = "not a secret, a test"

[[roleAssignments]]
tenantId = "00000000-0000-0000-0000-000000000011"
clientId = "00000000-0000-0000-0000-000000000033"
role = "Owner"
scope = "/subscriptions/00000000-0000-0000-0000-000000000022"

[[prices]]
resourceType = "VirtualMachines"
sku = "Standard_D2s_v5"
location = "westus"
term = "P1Y"
currency = "USD"
unitTotal = "1000"
since = "2019-01-01"

[[prices]]
resourceType = "VirtualMachines"
sku = "Standard_B1ls"
location = "westus"
term = "P3Y"
currency = "USD"
unitTotal = "36"
since = "2019-01-01"

[[prices]]
resourceType = "VirtualMachines"
sku = "Standard_D4s_v5"
location = "westus"
term = "P3Y"
currency = "USD"
unitTotal = "3600"
since = "2019-01-01"
"#;

pub struct Desk {
    pub app: App,
    caller: Caller,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Desk {
    pub fn open(store: Store) -> Desk {
        let clock = Clock::sandbox(at("2026-08-01T00:00:00Z"));
        let app = App::open(store, Book::built_in().clone(), clock).unwrap();
        let document: Document = toml::from_str(WORLD).unwrap();
        let principal = world::principal_id(&document.principals[0]);
        world::apply(&app, document).unwrap();
        let caller = Caller::new(TENANT, principal, CLIENT.to_string(), "buyer".to_owned());
        Desk { app, caller }
    }

    pub fn call(&self) -> Call {
        Call::new(self.caller.clone(), self.app.now(), CORRELATION)
    }

    /// Lets the account's means of payment fail, or mends it.
    pub fn pays(&self, state: Option<&str>) {
        let mut document: Document = toml::from_str(WORLD).unwrap();
        document.billing_accounts[0].payment_state = state.map(str::to_owned);
        let billing_accounts = document.billing_accounts;
        world::apply(&self.app, Document { billing_accounts, ..Document::default() }).unwrap();
    }

    pub fn move_to(&self, text: &str) {
        prorata_app::clock::set(&self.app, at(text)).unwrap();
    }

    pub fn buy(&self, request: &Request) -> (OrderId, ReservationId) {
        let (call, request) = (self.call(), request.clone());
        let quoted = self
            .app
            .deed({
                let (call, request) = (call.clone(), request.clone());
                move |tx, app| purchase::quote(tx, app, &call, &request)
            })
            .unwrap();
        let placed = self
            .app
            .deed(move |tx, app| purchase::buy(tx, app, &call, quoted.order, &request))
            .unwrap();
        (placed.order.id, placed.reservations[0].id)
    }

    pub fn refund_quote(&self, held: (OrderId, ReservationId), quantity: u32) -> refund::Quoted {
        let call = self.call();
        let ask = refund::Ask { order: held.0, reservation: held.1, quantity };
        self.app.deed(move |tx, app| refund::quote(tx, app, &call, &ask)).unwrap()
    }

    pub fn give_back(
        &self,
        held: (OrderId, ReservationId),
        quantity: u32,
        quoted: &refund::Quoted,
    ) -> Result<refund::Done, prorata_app::Error> {
        let call = self.call();
        let deed = refund::Deed {
            order: held.0,
            session: quoted.session,
            reservation: held.1,
            quantity,
            reason: "no longer needed".to_owned(),
        };
        self.app.deed(move |tx, app| refund::give_back(tx, app, &call, &deed))
    }

    /// The reservations of an order that are still live.
    pub fn live(&self, order: OrderId) -> Vec<(ReservationId, u32)> {
        let call = self.call();
        let view = self.app.read(move |tx, app| orders::show(tx, app, &call, order)).unwrap();
        let live = view.reservations.iter().filter(|held| held.state.is_active());
        live.map(|held| (held.id, held.quantity)).collect()
    }

    pub fn verify(&self) {
        let report = prorata_app::verify::run(&self.app).unwrap();
        assert_eq!(report.broken, None, "{report:?}");
    }
}

pub fn request(sku: &str, term: Term, plan: BillingPlan, quantity: u32) -> Request {
    Request {
        resource_type: "VirtualMachines".to_owned(),
        sku: sku.to_owned(),
        location: Some("westus".to_owned()),
        billing_subscription: SUBSCRIPTION,
        term,
        plan,
        quantity,
        display_name: "machines".to_owned(),
        applied_scope: AppliedScope::Shared,
        instance_flexibility: None,
        renew: false,
        review_at: None,
    }
}
