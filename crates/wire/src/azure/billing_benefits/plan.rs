//! Savings plan orders and savings plans.

use super::purchase::{body, commitment_body, plan_word};
use super::{order_id, plan_id};
use crate::azure::ids::subscription_id;
use crate::azure::number::{day, instant, price, same_hour};
use crate::azure::v2022_11_01::order::{Payment, PaymentStatus, billing_account};
use crate::azure::v2022_11_01::purchase::in_dollars;
use crate::azure::v2022_11_01::reservation::Summary;
use crate::azure::v2022_11_01::scope;
use jiff::Timestamp;
use prorata_domain::access::RoleDefinition;
use prorata_domain::ids::{AssignmentId, PrincipalId, SavingsPlanOrderId};
use prorata_domain::policy::Expiring;
use prorata_domain::savings_plan::{Order, SavingsPlan, State};
use prorata_domain::term::utc_day;
use prorata_ledger::{Money, MoneyError};
use serde_json::{Value, json};

/// How a plan shows on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    Live,
    Expiring,
    Expired,
}

impl Life {
    pub fn of(order: &Order, plan: &SavingsPlan, now: Timestamp) -> Life {
        let today = utc_day(now);
        if plan.state == State::Expired || today >= order.expires_on {
            Life::Expired
        } else if today >= Expiring::shown(order.expires_on).begins_on(order.expires_on) {
            Life::Expiring
        } else {
            Life::Live
        }
    }

    /// `provisioningState`.
    pub fn state(self) -> &'static str {
        match self {
            Life::Live | Life::Expiring => "Succeeded",
            Life::Expired => "Expired",
        }
    }

    /// `displayProvisioningState`.
    pub fn display_state(self) -> &'static str {
        match self {
            Life::Live => "Succeeded",
            Life::Expiring => "Expiring",
            Life::Expired => "Expired",
        }
    }
}

/// An order.
pub fn order(order: &Order, plan: &SavingsPlan, now: Timestamp) -> Value {
    let bought = &order.commitment;
    let mut properties = json!({
        "displayName": order.display_name,
        "provisioningState": Life::of(order, plan, now).state(),
        "term": bought.term.as_str(),
        "expiryDateTime": instant(same_hour(order.expires_on, order.started_at)),
        "benefitStartTime": instant(order.started_at),
        "savingsPlans": [plan_id(order.id, plan.id)],
    });
    payer(&mut properties, order);
    json!({
        "id": order_id(order.id),
        "name": order.id.to_string(),
        "type": "Microsoft.BillingBenefits/savingsPlanOrders",
        "sku": { "name": bought.sku },
        "properties": properties,
    })
}

/// The same with every payment, made and to come (`$expand=schedule`).
///
/// # Errors
/// When the payments do not add up, which recorded ones always do.
pub fn order_with_schedule(
    held: (&Order, &SavingsPlan),
    payments: &[Payment],
    now: Timestamp,
) -> Result<Value, MoneyError> {
    let (bought, plan) = held;
    let mut body = order(bought, plan, now);
    let rate = bought.commitment.usd_rate;
    let billed = bought.commitment.total()?;
    let next = payments.iter().find(|payment| payment.status == PaymentStatus::Scheduled);
    let mut information = json!({
        "pricingCurrencyTotal": in_dollars(billed, rate).map(price),
        "startDate": day(bought.start_day()),
        "transactions": payments.iter().map(|row| transaction(bought, row)).collect::<Vec<_>>(),
    });
    if let Some(next) = next {
        information["nextPaymentDueDate"] = day(next.due);
    }
    body["properties"]["planInformation"] = information;
    Ok(body)
}

fn transaction(order: &Order, payment: &Payment) -> Value {
    let in_pricing = |amount: Money| in_dollars(amount, order.commitment.usd_rate).map(price);
    let mut row = json!({
        "dueDate": day(payment.due),
        "pricingCurrencyTotal": in_pricing(payment.amount),
        "status": payment.status.as_str(),
    });
    if let Some(at) = payment.paid_at {
        row["paymentDate"] = day(utc_day(at));
        row["billingCurrencyTotal"] = price(payment.amount);
        row["billingAccount"] = json!(order.billing_account);
    }
    row
}

/// Who pays, and how.
fn payer(properties: &mut Value, order: &Order) {
    properties["billingScopeId"] = json!(subscription_id(order.billing_subscription));
    let account = billing_account(&order.billing_account);
    if let Some(profile) = &order.billing_profile {
        properties["billingProfileId"] = json!(format!("{account}/billingProfiles/{profile}"));
    }
    if let Some(customer) = &order.customer {
        properties["customerId"] = json!(format!("{account}/customers/{customer}"));
    }
    properties["billingAccountId"] = json!(account);
    if let Some(plan) = plan_word(order.commitment.plan) {
        properties["billingPlan"] = json!(plan);
    }
}

/// A plan; `expanded` adds what is bought when it ends (`$expand=renewProperties`).
pub fn plan(order: &Order, plan: &SavingsPlan, now: Timestamp, expanded: bool) -> Value {
    let scope = &plan.applied_scope;
    let life = Life::of(order, plan, now);
    let mut properties = json!({
        "displayName": plan.display_name,
        "provisioningState": life.state(),
        "displayProvisioningState": life.display_state(),
        "term": order.commitment.term.as_str(),
        "appliedScopeType": scope::type_name(scope),
        "userFriendlyAppliedScopeType": scope::friendly_name(scope),
        "commitment": commitment_body(order.commitment.hourly),
        "effectiveDateTime": instant(plan.effective_at),
        "expiryDateTime": instant(same_hour(order.expires_on, order.started_at)),
        "purchaseDateTime": instant(plan.purchased_at),
        "benefitStartTime": instant(order.started_at),
        "renew": plan.renew,
        // Nothing is known of what the plan covered.
        "utilization": { "trend": "", "aggregates": [] },
    });
    payer(&mut properties, order);
    if let Some(detailed) = scope::properties(scope) {
        properties["appliedScopeProperties"] = detailed;
    }
    if let Some((order, plan)) = plan.renew_source {
        properties["renewSource"] = json!(plan_id(order, plan));
    }
    if let Some((order, plan)) = plan.renew_destination {
        properties["renewDestination"] = json!(plan_id(order, plan));
    }
    if expanded && plan.renew {
        let request = plan.renewal_request(order);
        properties["renewProperties"] = json!({ "purchaseProperties": body(&request) });
    }
    json!({
        "id": plan_id(order.id, plan.id),
        "name": format!("{}/{}", order.id, plan.id),
        "type": "Microsoft.BillingBenefits/savingsPlanOrders/savingsPlans",
        "sku": { "name": order.commitment.sku },
        "properties": properties,
    })
}

/// A page of plans; the counts are over all of them, where they were asked for.
pub fn page(rows: Vec<Value>, next_link: Option<String>, summary: Option<Summary>) -> Value {
    let mut body = super::page(rows, next_link);
    if let Some(summary) = summary {
        body["additionalProperties"] = json!([{
            "name": "summary",
            "value": {
                "succeededCount": summary.succeeded,
                "failedCount": summary.failed,
                "expiringCount": summary.expiring,
                "expiredCount": summary.expired,
                "pendingCount": summary.pending,
                "cancelledCount": summary.cancelled,
                "processingCount": summary.processing,
                "noBenefitCount": summary.no_benefit,
                "warningCount": summary.warning,
            },
        }]);
    }
    body
}

/// A role on an order, as `elevate` answers it.
pub fn role(
    order: SavingsPlanOrderId,
    id: AssignmentId,
    principal: PrincipalId,
    role: &RoleDefinition,
) -> Value {
    let scope = order_id(order);
    json!({
        "id": format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{id}"),
        "name": id.to_string(),
        "properties": {
            "principalId": principal.to_string(),
            "roleDefinitionId":
                format!("/providers/Microsoft.Authorization/roleDefinitions/{}", role.id),
            "scope": scope,
        },
    })
}
