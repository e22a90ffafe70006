//! What a return should be answered.

use crate::books::{Order, State};
use crate::calendar::{day_of, days};
use crate::expected::{Expected, Want};
use crate::money::{Amount, Currency, half_up};
use crate::purchase::{Fault, in_dollars};
use crate::request::{Call, Given, guid};
use crate::rules::{self, Counts};
use crate::session::{Quote, Session};
use crate::{Auditor, Effect, Opinion};
use jiff::civil::Date;
use serde_json::Value;

/// What some units are worth on a day.
#[derive(Clone, Copy, Debug)]
pub struct Worth {
    pub payments_made: usize,
    /// Paid so far for all units held, and for those given up.
    pub paid_for_held: Amount,
    pub paid: Amount,
    /// Paid back.
    pub back: Amount,
    /// Paid back, were today's price not lower.
    pub back_of_record: Amount,
    /// Never paid.
    pub cancelled: Amount,
}

/// A return looked at.
pub struct Looked<'b> {
    pub order: &'b Order,
    pub at: usize,
    pub faults: Vec<Fault>,
    pub worth: Option<Worth>,
}

impl Looked<'_> {
    /// The fault that payments are overdue.
    pub fn owed(&self) -> Option<Fault> {
        let owed = Fault::of_policy("OperationCannotBePerformedInCurrentState");
        self.faults.iter().find(|fault| **fault == owed).copied()
    }
}

impl Auditor {
    /// The reservation of the caller's tenant that is to be given up.
    pub(crate) fn held(&self, call: &Call<'_>, given: &Given) -> Result<(&Order, usize), Expected> {
        let order = self.books.order(&given.order).filter(|row| row.tenant == call.tenant);
        let order = order.ok_or(Expected::refused(404, "ReservationOrderNotFound"))?;
        let at = order.find(&given.reservation);
        Ok((order, at.ok_or(Expected::status(404))?))
    }

    /// What giving up some units meets and does not meet, apart from what a return or an exchange
    /// adds.
    pub(crate) fn look_at<'b>(
        &'b self,
        (order, at): (&'b Order, usize),
        quantity: u32,
        today: Date,
    ) -> Looked<'b> {
        let held = &order.holdings[at];
        let mut faults = Vec::new();
        let live = held.state == State::Active && today < order.expires;
        let enough = quantity <= held.quantity;
        if !live {
            faults.push(Fault::of_request("OperationCannotBePerformedInCurrentState"));
        }
        if order.owes(today) {
            faults.push(Fault::of_policy("OperationCannotBePerformedInCurrentState"));
        }
        if !enough {
            faults.push(Fault::of_request("InvalidRefundQuantity"));
        }
        let agreement = self.agreement(order);
        if !rules::self_service(agreement, order.deal.is_monthly(), today) {
            faults.push(Fault::of_policy("SelfServiceRefundNotSupported"));
        }
        let worth = (live && enough).then(|| self.worth(order, at, quantity, today));
        Looked { order, at, faults, worth }
    }

    fn agreement(&self, order: &Order) -> &str {
        self.world.account(&order.account).map_or("", |account| account.agreement.as_str())
    }

    fn worth(&self, order: &Order, at: usize, quantity: u32, today: Date) -> Worth {
        let deal = &order.deal;
        let currency = deal.unit_payment.currency;
        let made = order.paid.len();
        let units = i128::from(quantity);
        let each = deal.unit_payment.minor;
        // The running period is the one that the last payment was for.
        let (from, to) = if deal.is_monthly() {
            (order.due(made), order.due(made + 1).min(order.expires))
        } else {
            (order.starts(), order.expires)
        };
        let whole = days(from, to).max(1);
        let gone = days(from, today).clamp(0, whole);
        let unused = |minor: i128| minor - half_up(minor * i128::from(gone), i128::from(whole));
        let young = days(order.starts(), today) <= rules::young_days(today);
        let (back, of_record) = if young {
            (each * units, each * units)
        } else {
            let basis =
                if rules::lowest_price(today) { self.lowest(order, at, today) } else { each };
            (unused(basis * units), unused(each * units))
        };
        let made_each = each * i128::try_from(made).unwrap_or_default();
        let left = i128::from(deal.payments) - i128::try_from(made).unwrap_or_default();
        let amount = |minor| Amount::new(minor, currency);
        Worth {
            payments_made: made,
            paid_for_held: amount(made_each * i128::from(order.holdings[at].quantity)),
            paid: amount(made_each * units),
            back: amount(back),
            back_of_record: amount(of_record),
            cancelled: amount(each * left * units),
        }
    }

    /// The lesser of the payment that was agreed and what it would be by today's list.
    fn lowest(&self, order: &Order, at: usize, today: Date) -> i128 {
        let deal = &order.deal;
        let sku = order.holdings[at].sku.as_str();
        let product = (deal.kind.as_str(), sku, deal.location.as_str());
        let by = (deal.unit_payment.currency, deal.rate);
        let listed = self.world.price(product, (&deal.term, &deal.plan), by, today);
        listed.map_or(deal.unit_payment.minor, |total| {
            deal.unit_payment.minor.min(total.minor / i128::from(deal.payments))
        })
    }

    /// `calculateRefund`.
    pub(crate) fn refund_quote(&self, call: &Call<'_>, order: &str) -> Opinion {
        let Some(given) = read(call.body, order) else { return Opinion::bad_request() };
        if !self.world.is_owner(call.tenant, call.client) {
            return Opinion::of(Expected::refused(403, "AuthorizationFailed"));
        }
        let (looked, faults, counted) = match self.decide_refund(call, &given) {
            Ok(decided) => decided,
            Err(expected) => return Opinion::of(expected),
        };
        let (Some(worth), None) = (looked.worth, faults.iter().find(|fault| !fault.is_policy))
        else {
            let fault = faults.first().copied();
            return Opinion::of(fault.map_or(Expected::status(400), Fault::expected));
        };
        let codes: Vec<&'static str> = faults.iter().map(|fault| fault.code).collect();
        let mut expected = self.shown(call, &looked, &worth, given.quantity);
        expected = expected.want("/properties/policyResult/properties/policyErrors", {
            Want::Codes(codes.iter().map(|code| (*code).to_owned()).collect())
        });
        let _ = counted;
        let session =
            Session::Refund { given, worth: Some((worth.back, worth.cancelled)), done: None };
        Opinion::Expects { expected, effect: Effect::Quoted(Box::new(Quote::new(call, session))) }
    }

    /// What a return does not meet, and what it would count.
    fn decide_refund(
        &self,
        call: &Call<'_>,
        given: &Given,
    ) -> Result<(Looked<'_>, Vec<Fault>, i128), Expected> {
        let today = day_of(call.at);
        let looked = self.look_at(self.held(call, given)?, given.quantity, today);
        let mut faults = looked.faults.clone();
        if rules::no_way_back(&looked.order.deal.kind, today) {
            faults.push(Fault::of_policy("SelfServiceRefundNotSupported"));
        }
        let mut counted = 0;
        if let Some(worth) = &looked.worth {
            counted = cents(looked.order, worth, today);
            let used = self.books.used_of_cap(&looked.order.account, today);
            if used + counted > rules::CAP_CENTS {
                faults.push(Fault::of_policy("RefundLimitExceeded"));
            }
        }
        Ok((looked, faults, counted))
    }

    fn shown(
        &self,
        call: &Call<'_>,
        looked: &Looked<'_>,
        worth: &Worth,
        quantity: u32,
    ) -> Expected {
        let deal = &looked.order.deal;
        let used = self.books.used_of_cap(&looked.order.account, day_of(call.at));
        let policy = "/properties/policyResult/properties";
        let billing = "/properties/billingInformation";
        let prorated = Amount::new(worth.paid_for_held.minor - worth.back.minor, {
            worth.paid_for_held.currency
        });
        let dollars = |minor| Want::Money(Amount::new(minor, Currency::USD));
        Expected::status(200)
            .want("/properties/quantity", Want::Number(quantity.into()))
            .want("/properties/billingRefundAmount", Want::Money(worth.back))
            .want("/properties/pricingRefundAmount", {
                Want::Money(in_dollars(worth.back, deal.rate))
            })
            .want(format!("{policy}/consumedRefundsTotal"), dollars(used))
            .want(format!("{policy}/maxRefundLimit"), dollars(rules::CAP_CENTS))
            .want(format!("{billing}/billingPlan"), Want::Text(deal.plan.clone()))
            .want(format!("{billing}/completedTransactions"), {
                Want::Number(worth.payments_made.into())
            })
            .want(format!("{billing}/totalTransactions"), Want::Number(deal.payments.into()))
            .want(format!("{billing}/billingCurrencyTotalPaidAmount"), {
                Want::Money(worth.paid_for_held)
            })
            .want(format!("{billing}/billingCurrencyProratedAmount"), Want::Money(prorated))
            .want(format!("{billing}/billingCurrencyRemainingCommitmentAmount"), {
                Want::Money(worth.cancelled)
            })
    }

    /// `return`.
    pub(crate) fn give_back(&self, call: &Call<'_>, order: &str) -> Opinion {
        let named = call.body["properties"]["sessionId"].as_str().and_then(guid);
        let (Some(given), Some(session)) = (read(call.body, order), named) else {
            return Opinion::bad_request();
        };
        if !self.world.is_owner(call.tenant, call.client) {
            return Opinion::of(Expected::refused(403, "AuthorizationFailed"));
        }
        let gone = Expected::refused(400, "BadRequest");
        let quote = self.sessions.mine(call, &session);
        let Some((quote, quoted, worth, done)) = quote.and_then(|quote| match &quote.session {
            Session::Refund { given, worth, done } => Some((quote, given, worth, done)),
            _ => None,
        }) else {
            let there = self.books.order(order).is_some_and(|row| row.tenant == call.tenant);
            let absent = Expected::refused(404, "ReservationOrderNotFound");
            return Opinion::of(if there { gone } else { absent });
        };
        if let Some(done) = done {
            let other = Expected::refused(409, "BadRequest");
            return Opinion::of(if *quoted == given { done.clone() } else { other });
        }
        let there = self.books.order(order).is_some_and(|row| row.tenant == call.tenant);
        if quote.has_lapsed(call.at) && !there {
            // What is told depends on whether the quote is still kept.
            return Opinion::Silent("a quote that lapsed, of an order that went elsewhere");
        }
        if quote.has_lapsed(call.at) || *quoted != given {
            return Opinion::of(gone);
        }
        let (looked, faults, counted) = match self.decide_refund(call, &given) {
            Ok(decided) => decided,
            Err(expected) => return Opinion::of(expected),
        };
        if let Some(fault) = faults.first() {
            return Opinion::of(fault.expected());
        }
        let Some(now) = looked.worth else { return Opinion::Silent("a return of nothing") };
        if *worth != Some((now.back, now.cancelled)) {
            return Opinion::of(gone);
        }
        let mut expected = self.shown(call, &looked, &now, given.quantity);
        expected.status = 202;
        let policy = "/properties/policyResult/properties/policyErrors";
        expected = expected.want(policy, Want::Codes(Vec::new()));
        let effect = Effect::Returned(Box::new(Returned {
            session,
            given,
            at: looked.at,
            worth: now,
            counted,
            answer: expected.clone(),
        }));
        Opinion::Expects { expected, effect }
    }

    /// Where the money of a return goes.
    pub(crate) fn destination(&self, order: &Order, today: Date) -> &'static str {
        self.world.account(&order.account).map_or("", |account| {
            let ended =
                account.prepayment_ends.is_some_and(|end| order.starts() < end && end <= today);
            rules::destination(&account.agreement, &account.payment, ended, today)
        })
    }
}

/// A return that was made.
#[derive(Debug)]
pub struct Returned {
    pub session: String,
    pub given: Given,
    pub at: usize,
    pub worth: Worth,
    pub counted: i128,
    pub answer: Expected,
}

/// US cents that a return counts toward the cap.
fn cents(order: &Order, worth: &Worth, today: Date) -> i128 {
    let dollars = |amount| in_dollars(amount, order.deal.rate).minor;
    match rules::counts(today) {
        Counts::Cash => dollars(worth.back),
        Counts::Refund => dollars(worth.back) + dollars(worth.cancelled),
        Counts::Commitment => dollars(worth.back_of_record) + dollars(worth.cancelled),
    }
}

fn read(body: &Value, order: &str) -> Option<Given> {
    let given = Given::read(&body["properties"]["reservationToReturn"])?;
    (given.order == order).then_some(given)
}
