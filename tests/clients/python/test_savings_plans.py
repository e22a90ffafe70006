"""Savings plans through the official client of Microsoft.BillingBenefits."""

import datetime

from desk import last
from plans import benefits, plan_request


def test_a_plan_is_bought_under_a_name_and_read(owner):
    client = benefits(owner)
    subscription = owner.customer.subscription
    bought = client.savings_plan_order_alias.begin_create(
        "first-plan", plan_request(subscription, amount=15.23, term="P3Y")
    ).result()
    assert bought.name == "first-plan"
    assert bought.properties.provisioning_state == "Succeeded"
    assert bought.properties.commitment.amount == 15.23
    assert bought.properties.commitment.grain == "Hourly"
    assert bought.properties.billing_scope_id == f"/subscriptions/{subscription}"
    order_id = last(bought.properties.savings_plan_order_id)

    order = client.savings_plan_order.get(order_id)
    assert order.name == order_id
    assert order.sku.name == "Compute_Savings_Plan"
    assert order.properties.provisioning_state == "Succeeded"
    assert order.properties.term == "P3Y"
    assert order.properties.billing_plan == "P1M"
    [plan_id] = order.properties.savings_plans

    plan = client.savings_plan.get(order_id, last(plan_id))
    assert plan.id == plan_id
    assert plan.properties.commitment.amount == 15.23
    assert plan.properties.display_provisioning_state == "Succeeded"
    assert plan.properties.applied_scope_type == "Shared"
    assert plan.properties.utilization.aggregates == []
    bought_at = plan.properties.purchase_date_time
    assert bought_at.date() == datetime.date(2026, 3, 2)
    assert plan.properties.expiry_date_time.date() == datetime.date(2029, 3, 2)
