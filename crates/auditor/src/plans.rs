//! Savings plans that are bought for what is given up: what they cost, and what may become them.

use crate::Auditor;
use crate::books::{Deal, Order};
use crate::calendar::day_of;
use crate::money::{Amount, Currency};
use crate::purchase::{Fault, new_order};
use crate::request::{Call, Scope, Wanted, scope, subscription};
use crate::rules::{self, PlanKind};
use crate::world::Account;
use rust_decimal::Decimal;
use serde_json::Value;

/// A savings plan as it is asked for, paid at once.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanWanted {
    pub sku: String,
    pub subscription: String,
    pub term: String,
    pub currency: Currency,
    /// Thousandths of a unit of the currency, each hour.
    pub thousandths: i128,
    pub name: String,
    pub scope: Scope,
}

impl PlanWanted {
    /// Reads a request; nothing where it is none, or one for monthly payments.
    pub fn read(body: &Value) -> Option<PlanWanted> {
        let properties = &body["properties"];
        let commitment = &properties["commitment"];
        let amount: Decimal = commitment["amount"].as_number()?.to_string().parse().ok()?;
        let mut exact = amount;
        exact.rescale(3);
        if exact != amount || exact.mantissa() <= 0 || !properties["billingPlan"].is_null() {
            return None;
        }
        let sku = body["sku"]["name"].as_str()?.to_owned();
        Some(PlanWanted {
            subscription: subscription(properties["billingScopeId"].as_str()?)?,
            term: properties["term"].as_str()?.to_owned(),
            currency: Currency::parse(commitment["currencyCode"].as_str()?)?,
            thousandths: exact.mantissa(),
            name: properties["displayName"].as_str().unwrap_or(&sku).to_owned(),
            scope: scope(properties)?,
            sku,
        })
    }

    /// The whole term's commitment, with what is left of a minor unit rounded up.
    pub fn total(&self) -> Amount {
        let hours = if self.term == "P3Y" { 26_280 } else { 8_760 };
        let over = self.thousandths * hours * 10i128.pow(self.currency.decimals());
        Amount::new((over + 999) / 1_000, self.currency)
    }
}

impl Auditor {
    /// What a plan does not meet, and what it costs where it is sold.
    pub(crate) fn assess_plan(
        &self,
        call: &Call<'_>,
        wanted: &PlanWanted,
        account: &Account,
        kinds: &[&str],
    ) -> (Vec<Fault>, Option<Amount>) {
        let day = day_of(call.at);
        let Some(kind) = rules::plan_kind(&wanted.sku, day) else {
            return (vec![Fault::of_request("InvalidFulfillmentRequestParameters")], None);
        };
        let mut faults = Vec::new();
        let sold = wanted.term == "P1Y" || wanted.term == "P3Y" && kind == PlanKind::Compute;
        if !sold {
            faults.push(Fault::of_request("UnsupportedReservationTerm"));
        }
        if !self.scope_will_do(call, &wanted.scope, account) {
            let code = "AppliedScopesNotAssociatedWithCommerceAccount";
            faults.push(Fault::of_request(code));
        }
        if !kinds.iter().all(|of| rules::may_be_traded_in(of, kind, day)) {
            faults.push(Fault::of_policy("SelfServiceRefundNotSupported"));
        }
        (faults, Some(wanted.total()))
    }
}

/// The order of a plan, once it is bought.
pub fn plan_order(call: &Call<'_>, plan: &PlanWanted, account: &Account, id: &str) -> Order {
    let total = plan.total();
    let wanted = Wanted {
        kind: String::new(),
        sku: plan.sku.clone(),
        location: String::new(),
        subscription: plan.subscription.clone(),
        term: plan.term.clone(),
        plan: "Upfront".to_owned(),
        quantity: 1,
        name: plan.name.clone(),
        scope: plan.scope.clone(),
        renew: false,
    };
    let deal = Deal {
        kind: String::new(),
        sku: plan.sku.clone(),
        location: String::new(),
        term: plan.term.clone(),
        plan: "Upfront".to_owned(),
        quantity: 1,
        unit_total: total,
        unit_payment: total,
        payments: 1,
        rate: account.rate,
    };
    Order { is_plan: true, ..new_order(call, &wanted, deal, account, id) }
}
