//! An auditor of the desk who sees requests and answers only.
//!
//! It keeps books of its own from what the answers say, knows the public rules by its own tables
//! ([`rules`]), and tells for each request what should be answered: done or refused, with which
//! code, and every amount to the minor unit. Where it has no opinion it says so. It shares no code
//! with the desk, so a fault would have to be made twice, in two ways, to stay hidden.

mod books;
mod calendar;
mod exchange;
mod expected;
mod life;
mod lists;
mod money;
mod plans;
mod purchase;
mod rearrange;
mod refund;
mod request;
pub mod rules;
mod session;
mod world;

pub use books::{Books, Deal, Holding, Order, Origin, Renewal, State};
pub use calendar::{day_of, midnight};
pub use expected::{Difference, Expected, Want};
pub use money::{Amount, Currency};
pub use request::{Answer, Call};

use calendar::day_of as day;
use exchange::Exchanged;
use jiff::Timestamp;
use refund::Returned;
use request::{Wanted, guid, last, reservation, segments};
use serde_json::Value;
use session::{Quote, Session, Sessions};
use std::collections::{BTreeMap, HashMap, HashSet};
use world::World;

/// What is thought of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// As it should be; so many statuses, codes and figures were compared.
    Agrees(usize),
    Differs(Vec<Difference>),
    NoOpinion(&'static str),
}

/// What should be answered.
enum Opinion {
    Expects { expected: Expected, effect: Effect },
    Silent(&'static str),
}

impl Opinion {
    fn of(expected: Expected) -> Opinion {
        Opinion::Expects { expected, effect: Effect::None }
    }

    fn bad_request() -> Opinion {
        Opinion::of(Expected::status(400))
    }
}

/// What an answer that is as it should be changes in the books.
enum Effect {
    None,
    /// A price was quoted; the answer names the order.
    Priced(Box<Quote>),
    Placed(Box<(Order, Wanted)>),
    /// A return was quoted; the answer names the session.
    Quoted(Box<Quote>),
    Returned(Box<Returned>),
    /// An exchange was quoted; the location names the session.
    Operation(Box<Quote>),
    Exchanged(Box<Exchanged>),
    /// Reservations were merged; the answer names what they became.
    Merged {
        order: String,
        sources: Vec<usize>,
    },
    Moved {
        order: String,
        tenant: String,
    },
    /// A reservation was changed to this.
    Changed {
        order: String,
        at: usize,
        held: Box<Holding>,
    },
    /// A reservation was split into parts; the answer names them.
    Split {
        order: String,
        at: usize,
        quantities: Vec<u32>,
    },
    /// The operation of a session was looked at: it names what was bought.
    Named(String),
    /// Reservations were listed: of one order, or of the tenant.
    Listed {
        order: Option<String>,
    },
}

/// A move of an order from one tenant to another: who asked, and of how many reservations.
struct Move {
    client: String,
    from: String,
    to: String,
    rows: usize,
}

/// Books of a desk, kept from its answers.
#[derive(Default)]
pub struct Auditor {
    world: World,
    books: Books,
    sessions: Sessions,
    passed: Option<Timestamp>,
    /// Who is somebody in which tenant: tenant and client.
    known: HashSet<(String, String)>,
    /// The last move of each order.
    moves: HashMap<String, Move>,
}

impl Auditor {
    /// An auditor of a desk that works for the world of a document.
    pub fn new(document: &Value) -> Auditor {
        let mut auditor = Auditor::default();
        auditor.world.add(document);
        let known = document["principals"].as_array().into_iter().flatten();
        auditor.known.extend(known.filter_map(|row| {
            Some((guid(row["tenantId"].as_str()?)?, guid(row["clientId"].as_str()?)?))
        }));
        auditor
    }

    pub fn orders(&self) -> &[Order] {
        &self.books.orders
    }

    /// What each account of the journal should hold, in minor units by account and currency.
    pub fn totals(&self) -> BTreeMap<(String, String), i128> {
        self.books.totals()
    }

    /// Looks at a request and its answer, and takes up what came of it.
    pub fn look(&mut self, call: &Call<'_>, answer: &Answer<'_>) -> Verdict {
        self.pass(call.at);
        match self.opinion(call) {
            Opinion::Silent(why) => Verdict::NoOpinion(why),
            Opinion::Expects { expected, effect } => {
                let mut found = expected.differences(answer.status, answer.body);
                if found.is_empty() {
                    found = self.take_up(call, answer, effect);
                }
                if found.is_empty() {
                    Verdict::Agrees(expected.weight())
                } else {
                    Verdict::Differs(found)
                }
            }
        }
    }

    fn opinion(&self, call: &Call<'_>) -> Opinion {
        let parts = segments(call.path);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (call.method, parts.as_slice()) {
            (method, ["providers", "microsoft.capacity", rest @ ..]) => match (method, rest) {
                ("POST", ["calculateprice"]) => self.price(call),
                ("PUT", ["reservationorders", order]) => self.buy(call, order),
                ("POST", ["reservationorders", order, "calculaterefund"]) => {
                    self.refund_quote(call, order)
                }
                ("POST", ["reservationorders", order, "return"]) => self.give_back(call, order),
                ("POST", ["reservationorders", order, "merge"]) => self.merge(call, order),
                ("POST", ["reservationorders", order, "changedirectory"]) => {
                    self.change_directory(call, order)
                }
                ("PATCH", ["reservationorders", order, "reservations", id]) => {
                    self.change(call, order, id)
                }
                ("POST", ["reservationorders", order, "reservations", id, "archive"]) => {
                    self.archive(call, order, id, true)
                }
                ("POST", ["reservationorders", order, "reservations", id, "unarchive"]) => {
                    self.archive(call, order, id, false)
                }
                ("POST", ["reservationorders", order, "split"]) => self.split(call, order),
                ("POST", ["calculateexchange"]) => self.exchange_quote(call),
                ("POST", ["exchange"]) => self.exchange(call),
                ("GET", ["operationresults", session]) => self.operation(call, session),
                ("GET", ["reservationorders", order]) => self.show_order(call, order),
                ("GET", ["reservationorders", order, "reservations"]) => self.of_order(call, order),
                ("GET", ["reservations"]) => self.of_tenant(call),
                _ => Opinion::Silent("an operation that is not audited"),
            },
            _ => Opinion::Silent("a path that is not audited"),
        }
    }

    fn take_up(&mut self, call: &Call<'_>, answer: &Answer<'_>, effect: Effect) -> Vec<Difference> {
        let named = |at: &str| answer.body.pointer(at).and_then(Value::as_str).unwrap_or_default();
        match effect {
            Effect::None => {}
            Effect::Priced(quote) => {
                self.sessions.add(named("/properties/reservationOrderId").to_lowercase(), *quote);
            }
            Effect::Quoted(quote) => {
                self.sessions.add(named("/properties/sessionId").to_lowercase(), *quote);
            }
            Effect::Operation(quote) => self.sessions.add(last(answer.location), *quote),
            Effect::Placed(placed) => {
                let (mut order, wanted) = *placed;
                let item = named("/properties/reservations/0/id");
                order.holdings[0].id = reservation(item).map(|(_, id)| id);
                if let Some(quote) = self.sessions.get_mut(&order.id) {
                    quote.used = Some(Some(wanted));
                }
                self.place(order);
            }
            Effect::Returned(done) => self.returned(*done, call.at),
            Effect::Exchanged(done) => self.exchanged(*done, call.at),
            Effect::Split { order, at, quantities } => {
                let named = |place: usize| last(answer.body[place]["id"].as_str().unwrap_or(""));
                let parts = quantities.into_iter().enumerate();
                let parts = parts.map(|(place, units)| (units, Some(named(place)))).collect();
                self.books.split(&order, at, parts);
            }
            Effect::Merged { order, sources } => {
                let id = last(answer.body[sources.len()]["id"].as_str().unwrap_or_default());
                self.books.merge(&order, &sources, Some(id));
            }
            Effect::Moved { order, tenant } => {
                if let Some(row) = self.books.order_mut(&order) {
                    let from = std::mem::replace(&mut row.tenant, tenant.clone());
                    let rows = row.holdings.len();
                    let client = call.client.to_owned();
                    self.moves.insert(order, Move { client, from, to: tenant, rows });
                }
            }
            Effect::Changed { order, at, held } => {
                if let Some(row) = self.books.order_mut(&order) {
                    let switched = row.holdings[at].renew != held.renew;
                    row.holdings[at] = *held;
                    if switched {
                        self.relock(&order, at, day(call.at));
                    }
                }
            }
            Effect::Named(session) => return self.bought(call, &session, answer.body),
            Effect::Listed { order } => {
                let rows = answer.body["value"].as_array().map_or(&[][..], Vec::as_slice);
                if let Some(order) = order {
                    self.name(&order, rows);
                }
                return self.compare_rows(call, rows);
            }
        }
        Vec::new()
    }

    /// Takes up an order: with its first payment, or as failed where that is refused.
    fn place(&mut self, order: Order) {
        let account = self.world.account(&order.account);
        match account.filter(|account| account.failing_on(order.starts()).is_none()) {
            Some(account) => self.books.place(order, &account.payment),
            None => self.books.place_failed(order),
        }
    }

    fn returned(&mut self, done: Returned, at: Timestamp) {
        let Some(order) = self.books.order(&done.given.order).cloned() else { return };
        let today = day(at);
        let to = self.destination(&order, today);
        let worth = done.worth;
        self.books.give_up(&order.id, done.at, done.given.quantity, State::Returned);
        self.books.give_back(&order.id, &order.account, to, worth.paid, worth.back);
        self.books.count(&order.account, today, done.counted);
        if let Some(quote) = self.sessions.get_mut(&done.session) {
            quote.used = Some(None);
            if let Session::Refund { done: kept, .. } = &mut quote.session {
                *kept = Some(done.answer);
            }
        }
    }

    fn exchanged(&mut self, made: Exchanged, at: Timestamp) {
        let today = day(at);
        for (given, position, worth) in made.returns {
            let Some(order) = self.books.order(&given.order).cloned() else { continue };
            let to = self.destination(&order, today);
            self.books.give_up(&order.id, position, given.quantity, State::Exchanged);
            self.books.give_back(&order.id, &order.account, to, worth.paid, worth.back);
        }
        if let Some(quote) = self.sessions.get_mut(&made.session) {
            quote.used = Some(None);
            quote.taken_at = at;
            if let Session::Exchange { result, unnamed, swapped, unnamed_plans, .. } =
                &mut quote.session
            {
                *unnamed_plans = made.plans;
                *result = made.result;
                *unnamed = made.purchases;
                *swapped = made.swaps;
            }
        }
    }

    /// Takes up what an exchange bought, once its operation names it.
    fn bought(&mut self, call: &Call<'_>, session: &str, body: &Value) -> Vec<Difference> {
        let Some(quote) = self.sessions.get_mut(session) else { return Vec::new() };
        let at = quote.taken_at;
        let Session::Exchange { unnamed, swapped, unnamed_plans, .. } = &mut quote.session else {
            return Vec::new();
        };
        let (unnamed, swapped) = (std::mem::take(unnamed), std::mem::take(swapped));
        let by = Call { at, ..*call };
        for (index, plan) in std::mem::take(unnamed_plans).into_iter().enumerate() {
            let row = format!("/properties/savingsPlansToPurchase/{index}/savingsPlanOrderId");
            let id = last(body.pointer(&row).and_then(Value::as_str).unwrap_or_default());
            if let (Some(id), Some(account)) = (guid(&id), self.payer(call, &plan.subscription)) {
                let placed = plans::plan_order(&by, &plan, account, &id);
                self.place(placed);
            }
        }
        let mut found = Vec::new();
        for (index, (given, at, twin, wanted)) in swapped.into_iter().enumerate() {
            let row = format!("/properties/reservationsToPurchase/{index}/reservationId");
            let said = body.pointer(&row).and_then(Value::as_str).unwrap_or_default();
            match reservation(said) {
                Some((order, id)) if order == given.order => {
                    self.books.swap(&order, at, (twin, &wanted), Some(id));
                }
                _ => found.push(Difference::new(row, "a reservation of the same order", said)),
            }
        }
        for (index, (wanted, deal)) in unnamed.into_iter().enumerate() {
            let row = format!("/properties/reservationsToPurchase/{index}/reservationId");
            let said = body.pointer(&row).and_then(Value::as_str).unwrap_or_default();
            let account = self.payer(call, &wanted.subscription).cloned();
            let (Some((order, item)), Some(account)) = (reservation(said), account) else {
                found.push(Difference::new(row, "the reservation that was bought", said));
                continue;
            };
            let by = Call { at, ..*call };
            let mut placed = purchase::new_order(&by, &wanted, deal, &account, &order);
            placed.holdings[0].id = Some(item);
            self.place(placed);
        }
        found
    }
}
