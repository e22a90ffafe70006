//! What a purchase should be answered.

use crate::books::{Deal, Holding, Order, Origin, Renewal, State};
use crate::calendar::{day_of, months_later, months_of};
use crate::expected::{Expected, Want};
use crate::money::{Amount, Currency};
use crate::request::{Call, Scope, Wanted};
use crate::rules;
use crate::session::{Quote, Session};
use crate::world::Account;
use crate::{Auditor, Effect, Opinion};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A refusal by its code, and whether it is one that quotes tell as a policy that is not met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    pub code: &'static str,
    pub is_policy: bool,
}

impl Fault {
    pub fn of_request(code: &'static str) -> Fault {
        Fault { code, is_policy: false }
    }

    pub fn of_policy(code: &'static str) -> Fault {
        Fault { code, is_policy: true }
    }

    pub fn status(self) -> u16 {
        if self.code == "OperationCannotBePerformedInCurrentState" { 409 } else { 400 }
    }

    pub fn expected(self) -> Expected {
        Expected::refused(self.status(), self.code)
    }
}

/// A purchase looked at: every rule that it does not meet, in order, and what it would come to.
pub struct Assessed {
    pub faults: Vec<Fault>,
    pub deal: Option<Deal>,
}

impl Auditor {
    /// The account that pays for a subscription of the caller's tenant.
    pub(crate) fn payer(&self, call: &Call<'_>, subscription: &str) -> Option<&Account> {
        let row = self.world.subscription(call.tenant, subscription)?;
        self.world.account(&row.account)
    }

    pub(crate) fn assess(&self, call: &Call<'_>, wanted: &Wanted, account: &Account) -> Assessed {
        let day = day_of(call.at);
        let mut assessed = Assessed { faults: Vec::new(), deal: None };
        let unsold = Fault::of_request("InvalidFulfillmentRequestParameters");
        let Some(kind) = self.world.kind(&wanted.kind) else {
            assessed.faults.push(unsold);
            return assessed;
        };
        let location = if rules::is_global(kind) { "global" } else { wanted.location.as_str() };
        let product = (kind, wanted.sku.as_str(), location);
        let terms = self.world.terms(product.0, product.1, product.2, day);
        if terms.is_empty() {
            assessed.faults.push(unsold);
            return assessed;
        }
        if !terms.contains(wanted.term.as_str()) {
            assessed.faults.push(Fault::of_request("UnsupportedReservationTerm"));
        }
        let deal = (wanted.term.as_str(), wanted.plan.as_str());
        if !self.world.offers_plan(product, deal, day) {
            assessed.faults.push(Fault::of_request("BadRequest"));
        }
        if !self.scope_will_do(call, &wanted.scope, account) {
            let code = "AppliedScopesNotAssociatedWithCommerceAccount";
            assessed.faults.push(Fault::of_request(code));
        }
        let listed = self.world.price(product, deal, (account.currency, account.rate), day);
        match listed.map(|unit_total| self.deal(wanted, product, unit_total, account)) {
            Some(deal) if fits(&deal) => assessed.deal = Some(deal),
            Some(_) => assessed.faults.push(Fault::of_request("BadRequest")),
            None => assessed.faults.push(Fault::of_request("CalculatePriceFailed")),
        }
        if rules::sale_stopped(kind, &wanted.sku, &wanted.term, day) {
            assessed.faults.push(Fault::of_policy("InvalidFulfillmentRequestParameters"));
        }
        assessed
    }

    pub(crate) fn deal(
        &self,
        wanted: &Wanted,
        (kind, sku, location): (&str, &str, &str),
        unit_total: Amount,
        account: &Account,
    ) -> Deal {
        let months = months_of(&wanted.term).unwrap_or(1);
        let payments = if wanted.plan == "Monthly" { months } else { 1 };
        let each = unit_total.minor / i128::from(payments);
        Deal {
            kind: kind.to_owned(),
            sku: self.world.sku(sku).unwrap_or(sku).to_owned(),
            location: location.to_owned(),
            term: wanted.term.clone(),
            plan: wanted.plan.clone(),
            quantity: wanted.quantity,
            unit_total,
            unit_payment: Amount::new(each, unit_total.currency),
            payments,
            rate: account.rate,
        }
    }

    /// Whether a reservation that an account pays for may apply there.
    pub(crate) fn scope_will_do(&self, call: &Call<'_>, scope: &Scope, account: &Account) -> bool {
        let (id, group) = match scope {
            Scope::Shared => return true,
            Scope::Subscription(id) => (id, None),
            Scope::ResourceGroup(id, group) => (id, Some(group)),
        };
        self.world.subscription(call.tenant, id).is_some_and(|row| {
            row.account == account.id && group.is_none_or(|name| row.groups.contains(name))
        })
    }

    /// `calculatePrice`.
    pub(crate) fn price(&self, call: &Call<'_>) -> Opinion {
        let Some(wanted) = Wanted::read(call.body) else { return Opinion::bad_request() };
        if !self.world.is_owner(call.tenant, call.client) {
            return Opinion::of(Expected::refused(403, "AuthorizationFailed"));
        }
        let Some(account) = self.payer(call, &wanted.subscription) else {
            return Opinion::of(Expected::refused(404, "SubscriptionNotFound"));
        };
        let assessed = self.assess(call, &wanted, account);
        if let Some(fault) = assessed.faults.first() {
            return Opinion::of(fault.expected());
        }
        let Some(deal) = assessed.deal else { return Opinion::Silent("a price of nothing") };
        let expected = quoted(&deal, account, day_of(call.at));
        let quote = Quote::new(call, Session::Price { wanted, total: deal.total() });
        Opinion::Expects { expected, effect: Effect::Priced(Box::new(quote)) }
    }

    /// `PUT reservationOrders/{id}`.
    pub(crate) fn buy(&self, call: &Call<'_>, order: &str) -> Opinion {
        let Some(wanted) = Wanted::read(call.body) else { return Opinion::bad_request() };
        let taken = Expected::refused(409, "ReservationOrderIdAlreadyExists");
        let Some(quote) = self.sessions.mine(call, order) else {
            let there = self.books.order(order).is_some_and(|row| row.tenant == call.tenant);
            let gone = Expected::refused(400, "BadRequest");
            return Opinion::of(if there { taken } else { gone });
        };
        let Session::Price { wanted: quoted, total } = &quote.session else {
            return Opinion::of(Expected::refused(400, "BadRequest"));
        };
        if let Some(used_for) = &quote.used {
            let there = self.books.order(order).filter(|row| row.tenant == call.tenant);
            return Opinion::of(match there {
                _ if *used_for != Some(wanted) => taken,
                Some(placed) => self.placed(placed),
                None => Expected::refused(404, "ReservationOrderNotFound"),
            });
        }
        if quote.has_lapsed(call.at) {
            return Opinion::of(Expected::refused(400, "BadRequest"));
        }
        if quoted.subscription != wanted.subscription {
            return Opinion::of(Expected::refused(400, "BillingScopeIdCannotBeChanged"));
        }
        if !same_deal(quoted, &wanted) {
            return Opinion::of(Expected::refused(400, "BadRequest"));
        }
        let Some(account) = self.payer(call, &wanted.subscription) else {
            return Opinion::Silent("a payer that is gone");
        };
        let assessed = self.assess(call, &wanted, account);
        if let Some(fault) = assessed.faults.first() {
            return Opinion::of(fault.expected());
        }
        let Some(deal) = assessed.deal else { return Opinion::Silent("a price of nothing") };
        if deal.total() != *total {
            return Opinion::of(Expected::refused(400, "BadRequest"));
        }
        let placed = new_order(call, &wanted, deal, account, order);
        let expected = self.placed(&placed);
        Opinion::Expects { expected, effect: Effect::Placed(Box::new((placed, wanted))) }
    }

    fn placed(&self, order: &Order) -> Expected {
        Expected::status(202)
            .want("/name", Want::Id(order.id.clone()))
            .want("/properties/displayName", Want::Text(order.name.clone()))
            .want("/properties/originalQuantity", Want::Number(order.deal.quantity.into()))
            .want("/properties/term", Want::Text(order.deal.term.clone()))
            .want("/properties/billingPlan", Want::Text(order.deal.plan.clone()))
            .want("/properties/provisioningState", Want::Text("Creating".to_owned()))
            .want("/properties/reservations", Want::Count(order.holdings.len()))
    }
}

/// An order as it is once it is placed; its reservation has no name yet.
pub fn new_order(
    call: &Call<'_>,
    wanted: &Wanted,
    deal: Deal,
    account: &Account,
    id: &str,
) -> Order {
    let months = months_of(&deal.term).unwrap_or_default();
    let holding = Holding {
        id: None,
        quantity: deal.quantity,
        sku: deal.sku.clone(),
        state: State::Active,
        bought: call.at,
        origin: Origin::Bought,
        parts: Vec::new(),
        into: None,
        name: wanted.name.clone(),
        scope: wanted.scope.clone(),
        renew: wanted.renew,
        locked: None,
        renewal: Renewal::None,
        is_flexible: true,
        is_archived: false,
    };
    Order {
        id: id.to_owned(),
        tenant: call.tenant.to_owned(),
        subscription: wanted.subscription.clone(),
        account: account.id.clone(),
        name: wanted.name.clone(),
        started: call.at,
        expires: months_later(day_of(call.at), months),
        paid: Vec::new(),
        holdings: vec![holding],
        source: None,
        is_named: true,
        lock_came: false,
        overdue: None,
        is_plan: false,
        deal,
    }
}

fn quoted(deal: &Deal, account: &Account, today: Date) -> Expected {
    let total = deal.total();
    let dollars = in_dollars(total, deal.rate);
    let mut expected = Expected::status(200)
        .want("/properties/billingCurrencyTotal", Want::Money(total))
        .want("/properties/pricingCurrencyTotal", Want::Money(dollars))
        .want("/properties/netTotal", Want::Number(dollars.decimal()))
        .want("/properties/taxTotal", Want::Number(Decimal::ZERO))
        .want("/properties/grandTotal", Want::Number(dollars.decimal()))
        .want("/properties/isBillingPartnerManaged", Want::Flag(account.agreement == "csp"));
    let schedule = "/properties/paymentSchedule";
    if !deal.is_monthly() {
        return expected.want(schedule, Want::Absent);
    }
    let amount = Amount::new(
        deal.unit_payment.minor * i128::from(deal.quantity),
        deal.unit_payment.currency,
    );
    expected = expected
        .want(schedule, Want::Count(usize::try_from(deal.payments).unwrap_or_default()))
        .want(format!("{schedule}/0/billingCurrencyTotal"), Want::Money(amount));
    for index in 0..deal.payments {
        let due = months_later(today, index).to_string();
        let dollars = in_dollars(amount, deal.rate);
        expected = expected
            .want(format!("{schedule}/{index}/dueDate"), Want::Text(due))
            .want(format!("{schedule}/{index}/pricingCurrencyTotal"), Want::Money(dollars));
    }
    expected
}

/// An amount in US dollars at the rate of its purchase.
pub fn in_dollars(amount: Amount, rate: Decimal) -> Amount {
    amount.at_rate(rate, Currency::USD)
}

fn fits(deal: &Deal) -> bool {
    deal.total().fits() && in_dollars(deal.total(), deal.rate).fits()
}

/// Whether a purchase is priced as another.
fn same_deal(quoted: &Wanted, wanted: &Wanted) -> bool {
    quoted.sku.eq_ignore_ascii_case(&wanted.sku)
        && quoted.kind.eq_ignore_ascii_case(&wanted.kind)
        && quoted.location == wanted.location
        && quoted.term == wanted.term
        && quoted.plan == wanted.plan
        && quoted.quantity == wanted.quantity
}
