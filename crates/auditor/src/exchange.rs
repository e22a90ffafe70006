//! What an exchange should be answered.

use crate::books::Deal;
use crate::calendar::day_of;
use crate::expected::{Expected, Want};
use crate::money::Amount;
use crate::plans::PlanWanted;
use crate::purchase::Fault;
use crate::refund::{Looked, Worth};
use crate::request::{Call, Given, Wanted, guid};
use crate::rules;
use crate::session::{Quote, Session};
use crate::world::Account;
use crate::{Auditor, Effect, Opinion};
use jiff::civil::Date;
use serde_json::Value;

/// An exchange looked at.
struct Decided<'b> {
    looked: Vec<Looked<'b>>,
    deals: Vec<Deal>,
    faults: Vec<Fault>,
    /// Given up and bought; nothing where some of it has no value or price.
    totals: Option<(Amount, Amount)>,
    /// What each savings plan costs.
    plans: Vec<Amount>,
    /// Where each purchase is what a return goes on as: the return's place and the twin.
    swaps: Vec<(usize, &'static str)>,
}

/// An exchange that was made.
#[derive(Debug)]
pub struct Exchanged {
    pub session: String,
    pub returns: Vec<(Given, usize, Worth)>,
    pub purchases: Vec<(Wanted, Deal)>,
    pub plans: Vec<PlanWanted>,
    /// What goes on as its twin, in the order of the purchases.
    pub swaps: Vec<(Given, usize, &'static str, Wanted)>,
    pub result: Expected,
}

impl Auditor {
    /// `calculateExchange`.
    pub(crate) fn exchange_quote(&self, call: &Call<'_>) -> Opinion {
        let Some(Asked { returns, purchases, plans }) = read(call.body) else {
            return Opinion::bad_request();
        };
        if !self.world.is_owner(call.tenant, call.client) {
            return Opinion::of(Expected::refused(403, "AuthorizationFailed"));
        }
        let decided = match self.decide_exchange(call, &returns, &purchases, &plans) {
            Ok(decided) => decided,
            Err(expected) => return Opinion::of(expected),
        };
        let first = decided.faults.first();
        if let Some(fault) = first
            && (decided.totals.is_none() || !fault.is_policy)
        {
            return Opinion::of(fault.expected());
        }
        let Some(totals) = decided.totals else { return Opinion::Silent("nothing for nothing") };
        let codes = decided.faults.iter().map(|fault| fault.code.to_owned()).collect();
        let result = shown(&decided, totals, &returns, codes);
        let totals = Some((totals.0.minor, totals.1.minor));
        let session = Session::Exchange {
            returns,
            purchases,
            plans,
            totals,
            unnamed_plans: Vec::new(),
            result: result.clone(),
            unnamed: Vec::new(),
            swapped: Vec::new(),
        };
        let effect = Effect::Operation(Box::new(Quote::new(call, session)));
        Opinion::Expects { expected: Expected::status(202), effect }
    }

    fn decide_exchange(
        &self,
        call: &Call<'_>,
        returns: &[Given],
        purchases: &[Wanted],
        plans: &[PlanWanted],
    ) -> Result<Decided<'_>, Expected> {
        let today = day_of(call.at);
        let mut decided = Decided {
            looked: Vec::new(),
            deals: Vec::new(),
            faults: Vec::new(),
            totals: None,
            swaps: Vec::new(),
            plans: Vec::new(),
        };
        for given in returns {
            decided.looked.push(self.look_at(self.held(call, given)?, given.quantity, today));
        }
        let mut payers = Vec::new();
        for wanted in purchases {
            let payer = self.payer(call, &wanted.subscription);
            payers.push(payer.ok_or(Expected::refused(404, "SubscriptionNotFound"))?);
        }
        let mut plan_payers = Vec::new();
        for wanted in plans {
            let payer = self.payer(call, &wanted.subscription);
            plan_payers.push(payer.ok_or(Expected::refused(404, "SubscriptionNotFound"))?);
        }
        let swaps = pairs(&decided.looked, returns, purchases, today);
        if let Some(swaps) = swaps.filter(|_| plans.is_empty()) {
            self.decide_swap(call, &mut decided, (purchases, &payers), swaps);
            return Ok(decided);
        }
        for looked in &decided.looked {
            decided.faults.extend(&looked.faults);
            if purchases.is_empty() {
                // What is traded in asks for no right, and for no type but one that is covered.
                continue;
            }
            if rules::no_way_back(&looked.order.deal.kind, today) {
                decided.faults.push(Fault::of_policy("SelfServiceRefundNotSupported"));
            }
            let bought = day_of(looked.order.holdings[looked.at].bought);
            if !rules::may_exchange(&looked.order.deal.kind, bought, today) {
                let code = "OperationCannotBePerformedInCurrentState";
                decided.faults.push(Fault::of_policy(code));
            }
        }
        for (wanted, account) in purchases.iter().zip(&payers) {
            let assessed = self.assess(call, wanted, account);
            decided.faults.extend(assessed.faults);
            let to = self.world.kind(&wanted.kind).unwrap_or(&wanted.kind);
            let fits = |looked: &Looked<'_>| rules::may_become(&looked.order.deal.kind, to, today);
            if !decided.looked.iter().all(fits) {
                decided.faults.push(Fault::of_policy("BadRequest"));
            }
            decided.deals.extend(assessed.deal);
        }
        let kinds: Vec<&str> =
            decided.looked.iter().map(|looked| looked.order.deal.kind.as_str()).collect();
        for (wanted, account) in plans.iter().zip(&plan_payers) {
            let (faults, total) = self.assess_plan(call, wanted, account, &kinds);
            decided.faults.extend(faults);
            decided.plans.extend(total);
        }
        let first = decided.looked.first().map(|looked| looked.order.deal.unit_total.currency);
        let of_returns = decided.looked.iter().map(|looked| looked.order.deal.unit_total.currency);
        let of_payers = payers.iter().chain(&plan_payers).map(|account| account.currency);
        let of_plans = plans.iter().map(|plan| plan.currency);
        if of_returns.chain(of_payers).chain(of_plans).any(|currency| Some(currency) != first) {
            decided.faults.push(Fault::of_request("BadRequest"));
            return Ok(decided);
        }
        if purchases.is_empty() && returns.len() > rules::TRADED_IN_MAX {
            decided.faults.push(Fault::of_policy("BadRequest"));
        }
        let complete = decided.deals.len() == purchases.len() && decided.plans.len() == plans.len();
        let worths: Option<Vec<Worth>> = decided.looked.iter().map(|looked| looked.worth).collect();
        if let (true, Some(worths), Some(currency)) = (complete, worths, first) {
            let up: i128 = worths.iter().map(|it| it.back.minor + it.cancelled.minor).sum();
            let bought = decided.deals.iter().map(Deal::total).chain(decided.plans.iter().copied());
            let bought: i128 = bought.map(|total| total.minor).sum();
            decided.totals = Some((Amount::new(up, currency), Amount::new(bought, currency)));
            if bought < up {
                decided.faults.push(Fault::of_policy("BadRequest"));
            }
        }
        Ok(decided)
    }

    /// What is swapped for its twin: nothing is charged, and nothing has to be on offer but the
    /// twin itself.
    fn decide_swap<'b>(
        &'b self,
        call: &Call<'_>,
        decided: &mut Decided<'b>,
        (purchases, payers): (&[Wanted], &[&Account]),
        swaps: Vec<(usize, &'static str)>,
    ) {
        let day = day_of(call.at);
        for looked in &decided.looked {
            // What is owed stays owed, and keeps nothing from going on as its twin.
            let owed = looked.owed();
            decided.faults.extend(looked.faults.iter().filter(|fault| Some(**fault) != owed));
        }
        let mut offered = true;
        for (wanted, payer) in purchases.iter().zip(payers) {
            if self.world.terms(&wanted.kind, &wanted.sku, &wanted.location, day).is_empty() {
                decided.faults.push(Fault::of_request("InvalidFulfillmentRequestParameters"));
                offered = false;
            }
            if !self.scope_will_do(call, &wanted.scope, payer) {
                let code = "AppliedScopesNotAssociatedWithCommerceAccount";
                decided.faults.push(Fault::of_request(code));
            }
        }
        let live = decided.looked.iter().all(|looked| looked.worth.is_some());
        let currency = decided.looked.first().map(|looked| looked.order.deal.unit_total.currency);
        if let (true, true, Some(currency)) = (live, offered, currency) {
            let nothing = Amount::new(0, currency);
            decided.totals = Some((nothing, nothing));
        }
        decided.swaps = swaps;
    }

    /// `exchange`.
    pub(crate) fn exchange(&self, call: &Call<'_>) -> Opinion {
        let named = call.body["properties"]["sessionId"].as_str().and_then(guid);
        let Some(session) = named else { return Opinion::bad_request() };
        let gone = Opinion::of(Expected::refused(400, "BadRequest"));
        let Some(quote) = self.sessions.mine(call, &session) else { return gone };
        let Session::Exchange { returns, purchases, plans, totals, .. } = &quote.session else {
            return gone;
        };
        let accepted = Expected::status(202);
        if quote.used.is_some() {
            return Opinion::of(accepted);
        }
        if quote.has_lapsed(call.at) {
            return gone;
        }
        let decided = match self.decide_exchange(call, returns, purchases, plans) {
            Ok(decided) => decided,
            Err(expected) => return Opinion::of(expected),
        };
        let sums = decided.totals.map(|(up, bought)| (up.minor, bought.minor));
        let refusal = match decided.faults.first() {
            Some(fault) => Some(fault.code),
            None if sums != *totals => Some("BadRequest"),
            None => self.unpaid(call, &decided, purchases, plans),
        };
        let failed = Expected::status(200).want("/status", Want::Text("Failed".to_owned()));
        let mut done = Exchanged {
            session,
            returns: Vec::new(),
            purchases: Vec::new(),
            swaps: Vec::new(),
            plans: Vec::new(),
            result: failed,
        };
        if let Some(code) = refusal {
            done.result = done.result.want("/error/code", Want::Text(code.to_owned()));
        } else if let Some(totals) = decided.totals {
            done.result = shown(&decided, totals, returns, Vec::new());
            let given = || returns.iter().cloned().zip(&decided.looked);
            if decided.swaps.is_empty() {
                done.returns = given()
                    .filter_map(|(given, looked)| Some((given, looked.at, looked.worth?)))
                    .collect();
                done.purchases = purchases.iter().cloned().zip(decided.deals).collect();
                done.plans = plans.clone();
            } else {
                let of = |((place, twin), wanted): (&(usize, &'static str), &Wanted)| {
                    (returns[*place].clone(), decided.looked[*place].at, *twin, wanted.clone())
                };
                done.swaps = decided.swaps.iter().zip(purchases).map(of).collect();
            }
        }
        Opinion::Expects { expected: accepted, effect: Effect::Exchanged(Box::new(done)) }
    }

    /// The code with which the first of the purchases is refused that cannot be paid.
    fn unpaid(
        &self,
        call: &Call<'_>,
        decided: &Decided<'_>,
        purchases: &[Wanted],
        plans: &[PlanWanted],
    ) -> Option<&'static str> {
        let charged = purchases.iter().filter(|_| decided.swaps.is_empty());
        let by_plans = plans.iter().map(|wanted| &wanted.subscription);
        charged
            .map(|wanted| &wanted.subscription)
            .chain(by_plans)
            .filter_map(|subscription| self.payer(call, subscription))
            .find_map(|account| account.failing_on(day_of(call.at)))
    }

    /// The operation of a quote or an exchange.
    pub(crate) fn operation(&self, call: &Call<'_>, session: &str) -> Opinion {
        match self.sessions.mine(call, session).map(|quote| &quote.session) {
            Some(Session::Exchange { result, .. }) => Opinion::Expects {
                expected: result.clone(),
                effect: Effect::Named(session.to_owned()),
            },
            _ => Opinion::of(Expected::refused(404, "ResourceNotFound")),
        }
    }
}

fn shown(
    decided: &Decided<'_>,
    (up, bought): (Amount, Amount),
    returns: &[Given],
    codes: Vec<String>,
) -> Expected {
    let net = Amount::new(bought.minor - up.minor, up.currency);
    let mut expected = Expected::status(200)
        .want("/status", Want::Text("Succeeded".to_owned()))
        .want("/properties/netPayable", Want::Money(net))
        .want("/properties/refundsTotal", Want::Money(up))
        .want("/properties/purchasesTotal", Want::Money(bought))
        .want("/properties/policyResult/policyErrors", Want::Codes(codes))
        .want("/properties/reservationsToPurchase", {
            Want::Count(decided.deals.len().max(decided.swaps.len()))
        })
        .want("/properties/savingsPlansToPurchase", Want::Count(decided.plans.len()))
        .want("/properties/reservationsToExchange", Want::Count(returns.len()));
    for (index, total) in decided.plans.iter().enumerate() {
        let at = format!("/properties/savingsPlansToPurchase/{index}/billingCurrencyTotal");
        expected = expected.want(at, Want::Money(*total));
    }
    let nothing = decided.swaps.iter().map(|_| bought);
    for (index, total) in decided.deals.iter().map(Deal::total).chain(nothing).enumerate() {
        let at = format!("/properties/reservationsToPurchase/{index}/billingCurrencyTotal");
        expected = expected.want(at, Want::Money(total));
    }
    for (index, (given, looked)) in returns.iter().zip(&decided.looked).enumerate() {
        let Some(mut worth) = looked.worth else { continue };
        if !decided.swaps.is_empty() {
            let nothing = Amount::new(0, up.currency);
            (worth.paid_for_held, worth.back, worth.cancelled) = (nothing, nothing, nothing);
        }
        let at = format!("/properties/reservationsToExchange/{index}");
        let billing = format!("{at}/billingInformation");
        let prorated = worth.paid_for_held.minor - worth.back.minor;
        expected = expected
            .want(format!("{at}/quantity"), Want::Number(given.quantity.into()))
            .want(format!("{at}/billingRefundAmount"), Want::Money(worth.back))
            .want(format!("{billing}/billingCurrencyTotalPaidAmount"), {
                Want::Money(worth.paid_for_held)
            })
            .want(format!("{billing}/billingCurrencyProratedAmount"), {
                Want::Money(Amount::new(prorated, up.currency))
            })
            .want(format!("{billing}/billingCurrencyRemainingCommitmentAmount"), {
                Want::Money(worth.cancelled)
            });
    }
    expected
}

/// For each purchase the return that goes on as it, where every one of them is its twin and
/// nothing but the size differs.
fn pairs(
    looked: &[Looked<'_>],
    returns: &[Given],
    purchases: &[Wanted],
    today: Date,
) -> Option<Vec<(usize, &'static str)>> {
    if returns.len() != purchases.len() {
        return None;
    }
    let mut free: Vec<usize> = (0..returns.len()).collect();
    let twin = |place: usize, wanted: &Wanted| {
        let (order, held) = (looked[place].order, &looked[place].order.holdings[looked[place].at]);
        let (sku, to_premium) = rules::twin(&order.deal.kind, &held.sku)?;
        let same = wanted.sku.eq_ignore_ascii_case(sku)
            && rules::may_swap(to_premium, today)
            && wanted.location == order.deal.location
            && wanted.term == order.deal.term
            && wanted.plan == order.deal.plan
            && wanted.quantity == returns[place].quantity
            && wanted.subscription == order.subscription;
        same.then_some(sku)
    };
    let of = |wanted: &Wanted| {
        let (at, sku) =
            free.iter().enumerate().find_map(|(at, place)| Some((at, twin(*place, wanted)?)))?;
        Some((free.remove(at), sku))
    };
    purchases.iter().map(of).collect()
}

/// What an exchange is asked for.
struct Asked {
    returns: Vec<Given>,
    purchases: Vec<Wanted>,
    plans: Vec<PlanWanted>,
}

/// What is given up and what is bought; nothing where the body does not say so.
fn read(body: &Value) -> Option<Asked> {
    let rows = |name: &str| body["properties"][name].as_array().map_or(&[][..], Vec::as_slice);
    let returns: Vec<Given> =
        rows("reservationsToExchange").iter().map(Given::read).collect::<Option<_>>()?;
    let purchases: Vec<Wanted> =
        rows("reservationsToPurchase").iter().map(Wanted::read).collect::<Option<_>>()?;
    let plans: Vec<PlanWanted> =
        rows("savingsPlansToPurchase").iter().map(PlanWanted::read).collect::<Option<_>>()?;
    let twice = returns.iter().enumerate().any(|(index, given)| {
        returns[..index].iter().any(|other| other.reservation == given.reservation)
    });
    let something = !purchases.is_empty() || !plans.is_empty();
    (!returns.is_empty() && something && !twice).then_some(Asked { returns, purchases, plans })
}
