"""Savings plans by the official client: how its clients are made, and what tests ask it for."""

import uuid

from azure.identity import ClientSecretCredential
from azure.mgmt.billingbenefits import BillingBenefitsMgmtClient
from azure.mgmt.billingbenefits import models

from desk import last

BENEFITS = "/providers/Microsoft.BillingBenefits"
VERSION = "2022-11-01"


def benefits(member, expand=None):
    """The unmodified client of Microsoft.BillingBenefits in the name of a member."""
    base = member.desk.base_url
    credential = ClientSecretCredential(
        member.customer.tenant,
        member.client_id,
        member.secret,
        authority=base,
        disable_instance_discovery=True,
        connection_verify=member.desk.ca,
    )
    return BillingBenefitsMgmtClient(
        credential,
        member.customer.subscription,
        base_url=base,
        expand=expand,
        credential_scopes=[base + "/.default"],
        connection_verify=member.desk.ca,
        polling_interval=1,
        retry_total=0,
    )


def plan_request(subscription, amount=1.5, term="P1Y", sku="Compute_Savings_Plan", **more):
    """What a savings plan is asked for with; paid monthly unless `plan` is None."""
    wish = {
        "display_name": "compute",
        "billing_scope_id": f"/subscriptions/{subscription}",
        "term": term,
        "billing_plan": "P1M",
        "applied_scope_type": "Shared",
        "commitment": models.Commitment(
            grain="Hourly", currency_code=more.pop("currency", "USD"), amount=amount
        ),
    } | more
    return models.SavingsPlanOrderAliasModel(
        sku=models.ResourceSku(name=sku),
        properties=models.SavingsPlanOrderAliasProperties(
            **{name: value for name, value in wish.items() if value is not None}
        ),
    )


def buy_plan(member, name=None, **wish):
    """Buys a plan; answers the ids of its order and of the plan."""
    client = benefits(member)
    request = plan_request(member.customer.subscription, **wish)
    name = name or f"alias-{uuid.uuid4().hex[:12]}"
    bought = client.savings_plan_order_alias.begin_create(name, request).result()
    order = last(bought.properties.savings_plan_order_id)
    [plan] = client.savings_plan.list(order)
    return order, last(plan.id)


def reservation_request(subscription, **wish):
    """A reservation as the declarative purchase asks for it; paid monthly with `plan="P1M"`."""
    wish = {"name": "web servers", "sku": "Standard_B1ls", "quantity": 1, "plan": None} | wish
    properties = {
        "display_name": wish["name"],
        "billing_scope_id": f"/subscriptions/{subscription}",
        "term": wish.get("term", "P1Y"),
        "applied_scope_type": "Shared",
        "quantity": wish["quantity"],
        "reserved_resource_type": "VirtualMachines",
    }
    if wish["plan"]:
        properties["billing_plan"] = wish["plan"]
    return models.ReservationOrderAliasRequest(
        sku=models.ResourceSku(name=wish["sku"]),
        location="westus",
        properties=models.ReservationOrderAliasRequestProperties(**properties),
    )
