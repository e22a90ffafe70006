"""What a user of the Azure command line does first, and reservations through `az rest`."""

import json

import pytest

from conftest import CommandLine, Refused
from desk import CAPACITY, item_path, last, order_path, purchase_body

VERSION = "api-version=2022-11-01"


def rest(az, method, path, body=None):
    arguments = ["rest", "--method", method, "--url", f"{path}?{VERSION}"]
    if body is not None:
        arguments += ["--body", json.dumps(body)]
    return az(*arguments)


def test_the_cloud_is_known(az, desk):
    cloud = az("cloud", "show", "--name", "Prorata")
    assert cloud["isActive"]
    assert cloud["endpoints"]["resourceManager"].rstrip("/") == desk.base_url
    assert cloud["endpoints"]["activeDirectory"].rstrip("/") == desk.base_url


def test_the_subscriptions_are_listed(az, owner):
    (account,) = az("account", "list")
    assert account["id"] == owner.customer.subscription
    assert account["tenantId"] == owner.customer.tenant
    assert (account["state"], account["isDefault"]) == ("Enabled", True)
    assert az("account", "show")["user"]["name"] == owner.client_id


def test_the_regions_are_listed(az):
    names = {row["name"] for row in az("account", "list-locations")}
    assert {"westus", "westeurope"} <= names


def test_resource_groups_are_listed(az, desk, owner):
    desk.apply({
        "resourceGroups": [{"subscriptionId": owner.customer.subscription, "name": "rg-of-the-shop"}]
    })
    assert "rg-of-the-shop" in {row["name"] for row in az("group", "list")}


def test_a_wrong_secret_does_not_sign_in(desk, owner, tmp_path):
    az = CommandLine(desk, tmp_path)
    az("cloud", "register", "--name", "Prorata", "--endpoint-resource-manager", desk.base_url)
    az("cloud", "set", "--name", "Prorata")
    with pytest.raises(Refused) as refused:
        az(
            "login", "--service-principal", "--username", owner.client_id, "--password", "wrong",
            "--tenant", owner.customer.tenant,
        )
    assert "invalid_client" in refused.value.said or "secret is wrong" in refused.value.said


def test_a_reservation_is_bought_and_returned(az, owner):
    wish = purchase_body(owner.customer.subscription, quantity=2, name="by az")
    quote = rest(az, "post", f"{CAPACITY}/calculatePrice", wish)["properties"]
    assert quote["billingCurrencyTotal"] == {"currencyCode": "USD", "amount": 64.0}
    order = quote["reservationOrderId"]
    assert rest(az, "put", order_path(order), wish)["name"] == order
    (item,) = rest(az, "get", f"{order_path(order)}/reservations")["value"]
    assert item["properties"]["displayName"] == "by az"
    listed = rest(az, "get", f"{CAPACITY}/reservations")["value"]
    assert item["id"] in [row["id"] for row in listed]

    returned = {
        "scope": "Reservation",
        "reservationToReturn": {"reservationId": item_path(order, last(item["id"])), "quantity": 2},
    }
    asked = {"id": order_path(order), "properties": returned}
    worth = rest(az, "post", f"{order_path(order)}/calculateRefund", asked)["properties"]
    assert worth["billingRefundAmount"]["amount"] == 64.0
    deed = {"properties": returned | {"sessionId": worth["sessionId"], "returnReason": "By az"}}
    rest(az, "post", f"{order_path(order)}/return", deed)
    (item,) = rest(az, "get", f"{order_path(order)}/reservations")["value"]
    assert item["properties"]["provisioningState"] == "Cancelled"


def test_a_refusal_is_shown_with_its_code(az, owner):
    wish = purchase_body(owner.customer.subscription, sku="Standard_Nothing")
    with pytest.raises(Refused) as refused:
        rest(az, "post", f"{CAPACITY}/calculatePrice", wish)
    assert "InvalidFulfillmentRequestParameters" in refused.value.said
    assert "Standard_Nothing" in refused.value.said


def test_the_account_that_pays_is_shown(az, owner):
    name = owner.customer.account["id"]
    (account,) = az("billing", "account", "list")
    assert account["name"] == name
    assert account["agreementType"] == "EnterpriseAgreement"
    assert az("billing", "account", "show", "--name", name)["id"] == account["id"]
    assert az("billing", "profile", "list", "--account-name", name) == []
    with pytest.raises(Refused):
        az("billing", "account", "show", "--name", "somebody-elses")


def test_providers_are_registered(az):
    named = {row["namespace"]: row["registrationState"] for row in az("provider", "list")}
    assert named["Microsoft.Capacity"] == named["Microsoft.BillingBenefits"] == "Registered"
    az("provider", "register", "--namespace", "Microsoft.Capacity", "--wait")


def test_no_usage_is_kept(az, desk, owner):
    def used(kind, order, *more):
        days = ("--start-date", "2026-03-01", "--end-date", "2026-03-02")
        return az(
            "consumption", "reservation", kind, "list", "--reservation-order-id", order, *days, *more
        )

    order, reservation = owner.buy()
    assert used("summary", order, "--grain", "daily") == []
    assert used("detail", order) == []
    assert used("detail", order, "--reservation-id", reservation) == []
    foreign, _ = desk.customer().owner.buy()
    with pytest.raises(Refused) as refused:
        used("detail", foreign)
    assert "ReservationOrderNotFound" in refused.value.said
