"""Who may see and do what, and who does not even learn that something exists."""

import base64
import json
import uuid

import pytest
import requests
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)

from desk import CAPACITY, Customer, Member, arm_error, code, item_path, order_path

MEMBERS = {
    "owner": [("Owner", "/")],
    "administrator": [("Reservations Administrator", "/providers/Microsoft.Capacity")],
    "contributor": [("Contributor", "/")],
    "reader": [("Reader", "/")],
    "purchaser": [("Reservation Purchaser", "/subscriptions/{subscription}")],
    "payer": [("Owner", "/subscriptions/{subscription}")],
    "nobody": [],
}


@pytest.fixture(scope="module")
def team(desk):
    return desk.customer(members=MEMBERS)


@pytest.fixture(scope="module")
def bought(team):
    return team.owner.buy(quantity=9)


def hidden(call, *arguments, **keywords):
    """The subscription that is to pay is not there for somebody who may not see it."""
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    assert raised.value.status_code == 404, raised.value
    assert code(raised.value) == "SubscriptionNotFound"


def forbidden(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    assert raised.value.status_code == 403, raised.value
    assert code(raised.value) == "AuthorizationFailed"
    return raised.value.error.message


def test_a_reader_may_look_and_nothing_else(team, bought):
    order, reservation = bought
    reader = team.reader
    assert reader.client.reservation_order.get(order).name == order
    assert reader.client.reservation.get(order, reservation).name == reservation
    message = forbidden(reader.worth, order, reservation)
    assert reader.client_id in message, "the message names the client"
    assert "return" in message, "the message names the action"
    assert order in message, "the message names the scope"
    forbidden(reader.give_back, order, reservation, 1, str(uuid.uuid4()))
    forbidden(reader.exchange_quote, [(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    forbidden(reader.quote)


def test_a_reader_cannot_use_an_owners_session(team, bought):
    order, reservation = bought
    session = team.owner.worth(order, reservation).session_id
    forbidden(team.reader.give_back, order, reservation, 1, session)
    assert team.owner.client.reservation.get(order, reservation).properties.quantity == 9


def test_a_contributor_may_neither_buy_nor_return(team, bought):
    assert team.contributor.client.reservation_order.get(bought[0]).name == bought[0]
    forbidden(team.contributor.quote)
    forbidden(team.contributor.worth, *bought)


def test_an_administrator_returns_and_does_not_buy(team, bought):
    assert team.administrator.worth(*bought).billing_refund_amount.amount == 32.0
    hidden(team.administrator.quote)
    wish = {"sku": "Standard_B2s"}
    hidden(team.administrator.exchange_quote, [(*bought, 1)], [wish])


def test_a_purchaser_buys_and_owns_what_was_bought(team, bought):
    order, reservation = team.purchaser.buy()
    assert team.purchaser.client.reservation_order.get(order).name == order
    team.purchaser.give_back(order, reservation)
    # Others' orders do not exist for somebody without a role on them.
    with pytest.raises(ResourceNotFoundError):
        team.purchaser.client.reservation_order.get(bought[0])
    assert [item.name for item in team.purchaser.client.reservation_order.list()] == [order]


def test_who_owned_the_subscription_that_paid_looks_after_the_order_and_returns_nothing(team, bought):
    assert team.payer.client.reservation_order.get(bought[0]).name == bought[0]
    forbidden(team.payer.worth, *bought)
    later = team.hire("later", [("Owner", f"/subscriptions/{team.subscription}")])
    with pytest.raises(ResourceNotFoundError):
        later.client.reservation_order.get(bought[0])
    order, _ = team.payer.buy()
    assert team.payer.client.reservation_order.get(order)


def test_without_a_role_there_is_nothing(team, bought):
    nobody = team.nobody
    assert list(nobody.client.reservation_order.list()) == []
    assert list(nobody.client.reservation.list_all()) == []
    with pytest.raises(ResourceNotFoundError) as raised:
        nobody.client.reservation_order.get(bought[0])
    assert code(raised.value) == "ReservationOrderNotFound"
    hidden(nobody.quote)


def test_a_role_on_one_order_is_for_that_order(desk):
    customer = desk.customer()
    first, second = customer.owner.buy(), customer.owner.buy()
    auditor = customer.hire("auditor", [("Reader", order_path(first[0]))])
    assert auditor.client.reservation_order.get(first[0]).name == first[0]
    with pytest.raises(ResourceNotFoundError):
        auditor.client.reservation_order.get(second[0])
    assert [order.name for order in auditor.client.reservation_order.list()] == [first[0]]
    assert [item.name for item in auditor.client.reservation.list_all()] == [first[1]]


def test_another_tenants_order_does_not_exist(desk, team, bought):
    order, reservation = bought
    stranger = desk.customer().owner
    missing = str(uuid.uuid4())
    for path in (
        order_path("{}"),
        f"{order_path('{}')}/reservations",
        item_path("{}", reservation),
    ):
        there = stranger.call("GET", path.format(order))
        nowhere = stranger.call("GET", path.format(missing))
        assert there.status_code == nowhere.status_code == 404
        told = there.text.replace(order, missing)
        assert told == nowhere.text, "the answer tells nothing"
    with pytest.raises(ResourceNotFoundError) as raised:
        stranger.worth(order, reservation)
    assert code(raised.value) == "ReservationOrderNotFound"
    assert list(stranger.client.reservation.list_all()) == []
    error = stranger.call("PUT", order_path(order), stranger.request().as_dict())
    assert error.status_code == 400, "as an id that was never quoted"


def test_another_tenants_subscription_does_not_pay(desk, team):
    stranger = desk.customer().owner
    request = stranger.request()
    request.properties.billing_scope_id = f"/subscriptions/{team.subscription}"
    with pytest.raises(HttpResponseError) as raised:
        stranger.client.reservation_order.calculate(request)
    assert raised.value.status_code in (403, 404)


def test_without_a_token_there_is_a_challenge(desk):
    answer = desk.http.get(f"{desk.base_url}{CAPACITY}/reservationOrders?api-version=2022-11-01")
    assert answer.status_code == 401
    assert arm_error(answer)["code"] in ("AuthenticationFailed", "InvalidAuthenticationToken")
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer authorization_uri=")
    assert "error=" in challenge
    assert "insufficient_claims" not in challenge


@pytest.mark.parametrize("kind", ["garbage", "cut", "changed", "unsigned", "other scheme"])
def test_a_bad_token_is_refused(owner, kind):
    token = owner.token
    head, claims, signature = token.split(".")
    value = {
        "garbage": "Bearer garbage",
        "cut": f"Bearer {head}.{claims}",
        "changed": f"Bearer {head}.{claims[:-4]}AAAA.{signature}",
        "unsigned": f"Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.",
        "other scheme": f"Basic {token}",
    }[kind]
    answer = owner.call("GET", f"{CAPACITY}/reservationOrders", headers={"Authorization": value})
    assert answer.status_code == 401
    arm_error(answer)
    assert "WWW-Authenticate" in answer.headers
    assert owner.call("GET", f"{CAPACITY}/reservationOrders").status_code == 200


def test_a_wrong_secret_gets_no_token(owner):
    imposter = Member(owner.customer, "imposter", owner.client_id, "not the secret")
    with pytest.raises(ClientAuthenticationError):
        list(imposter.client.reservation_order.list())
    answer = owner.desk.http.post(
        f"{owner.desk.base_url}/{owner.customer.tenant}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": owner.client_id,
            "client_secret": "not the secret",
            "scope": owner.desk.base_url + "/.default",
        },
    )
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == "invalid_client"


def test_a_secret_is_good_in_its_own_tenant_only(desk, owner):
    other = desk.customer()
    answer = desk.http.post(
        f"{desk.base_url}/{other.tenant}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": owner.client_id,
            "client_secret": owner.secret,
            "scope": desk.base_url + "/.default",
        },
    )
    assert answer.status_code in (400, 401)


def test_the_issuer_describes_itself(owner):
    base, tenant = owner.desk.base_url, owner.customer.tenant
    said = owner.desk.http.get(f"{base}/{tenant}/v2.0/.well-known/openid-configuration")
    assert said.status_code == 200
    said = said.json()
    assert said["token_endpoint"].startswith(base)
    assert tenant in said["token_endpoint"]
    keys = owner.desk.http.get(said["jwks_uri"])
    assert keys.status_code == 200
    assert all("d" not in key for key in keys.json()["keys"]), "the secret half stays here"


def test_the_token_names_its_holder(owner):
    claims = owner.token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert claims["tid"] == owner.customer.tenant
    assert claims["appid"] == owner.client_id
    assert uuid.UUID(claims["oid"])
    assert claims["exp"] > claims["iat"]


def test_the_certificate_is_checked(desk):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(desk.base_url + "/", timeout=10)


def test_the_first_sample_principal_can_buy(own_desk):
    """What `sandbox.json` promises to whoever starts a sandbox."""
    first = own_desk.sandbox["principals"][0]
    subscription = own_desk.sandbox["subscriptions"][0]
    assert first["tenantId"] == subscription["tenantId"]
    assert first["roles"]
    assert subscription["billingAccount"]
    customer = Customer(own_desk, first["tenantId"], subscription["id"], {})
    member = Member(customer, first["name"], first["clientId"], first["clientSecret"])
    catalog = member.client.get_catalog(
        subscription["id"], reserved_resource_type="VirtualMachines"
    )
    sold = {}
    for row in catalog:
        for location in row.locations:
            sold.setdefault(row.name, {}).setdefault(location, set()).update(row.terms)
    for size in ("B1ls", "B2s", "D2s_v5", "D4s_v5", "F1", "F1s"):
        for location in ("westus", "westeurope", "uksouth"):
            assert {"P1Y", "P3Y"} <= sold[f"Standard_{size}"][location], (size, location)
    order, reservation = member.buy(sku="Standard_D2s_v5")
    member.give_back(order, reservation)
