"""Exchanging reservations, with the official client."""

import uuid

import pytest
from azure.core.exceptions import HttpResponseError

from desk import CAPACITY, TODAY, code, item_path, last

SUSE = {
    "resourceType": "SuseLinux",
    "sku": "Suse_plan",
    "location": "westus",
    "term": "P1Y",
    "currency": "USD",
    "unitTotal": "120",
    "since": "2019-01-01",
}


def errors(quote):
    return [error.code for error in quote.properties.policy_result.policy_errors or []]


def refused(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    return raised.value


def test_one_is_exchanged_for_another(owner):
    order, reservation = owner.buy(quantity=3)
    quote = owner.exchange_quote([(order, reservation, 3)], [{"sku": "Standard_B2s"}])
    assert quote.status == "Succeeded"
    assert quote.error is None
    properties = quote.properties
    assert uuid.UUID(properties.session_id)
    assert properties.refunds_total.amount == 96.0
    assert properties.purchases_total.amount == 256.0
    assert properties.net_payable.amount == 160.0
    assert properties.net_payable.currency_code == "USD"
    assert not properties.policy_result.policy_errors
    (given,) = properties.reservations_to_exchange
    assert given.reservation_id.lower() == item_path(order, reservation).lower()
    assert given.quantity == 3
    assert given.billing_refund_amount.amount == 96.0
    assert given.billing_information.billing_currency_total_paid_amount.amount == 96.0
    (wanted,) = properties.reservations_to_purchase
    assert wanted.billing_currency_total.amount == 256.0
    assert wanted.properties.sku.name == "Standard_B2s"

    done = owner.exchange(properties.session_id)
    assert done.status == "Succeeded"
    assert last(done.id) == properties.session_id, "the operation is the session"
    assert done.properties.net_payable.amount == 160.0
    (bought,) = done.properties.reservations_to_purchase
    assert bought.status == "Succeeded"
    assert {row.status for row in done.properties.reservations_to_exchange} == {"Succeeded"}

    old = owner.client.reservation.get(order, reservation).properties
    assert old.provisioning_state == "Cancelled"
    new_order = last(bought.reservation_order_id)
    new = owner.client.reservation.get(new_order, last(bought.reservation_id))
    assert new.sku.name == "Standard_B2s"
    assert new.properties.quantity == 1
    assert new.properties.provisioning_state == "Succeeded"
    # An exchange uses nothing of the refund cap.
    worth = owner.worth(new_order, new.name)
    assert worth.policy_result.properties.consumed_refunds_total.amount == 0.0


def test_many_are_exchanged_for_many(owner):
    first, second = owner.buy(quantity=4), owner.buy(sku="Standard_B1s", plan="Monthly", quantity=2)
    quote = owner.exchange_quote(
        [(*first, 2), (*second, 1)],
        [
            {"sku": "Standard_D2s_v5", "plan": "Monthly"},
            {"sku": "Standard_B2s", "location": "westeurope", "quantity": 2},
        ],
    )
    properties = quote.properties
    rows = properties.reservations_to_exchange
    assert [row.quantity for row in rows] == [2, 1]
    # 64.00 over 12 cut to 5.33: the first month back, eleven never paid.
    remaining = [
        row.billing_information.billing_currency_remaining_commitment_amount.amount for row in rows
    ]
    assert remaining == [0.0, 58.63]
    assert [row.billing_refund_amount.amount for row in rows] == [64.0, 5.33]
    assert properties.refunds_total.amount == 127.96
    totals = [row.billing_currency_total.amount for row in properties.reservations_to_purchase]
    assert totals[0] == 579.0
    assert properties.purchases_total.amount == round(sum(totals), 2)
    assert properties.net_payable.amount == round(
        properties.purchases_total.amount - properties.refunds_total.amount, 2
    )
    done = owner.exchange(properties.session_id)
    assert done.status == "Succeeded"
    assert [row.status for row in done.properties.reservations_to_purchase] == ["Succeeded"] * 2
    # What was not given up lives on in the same order.
    for (order, reservation), kept in ((first, 2), (second, 1)):
        items = owner.items(order)
        assert items[reservation].properties.provisioning_state == "Cancelled"
        (rest,) = [item for id, item in items.items() if id != reservation]
        assert rest.properties.quantity == kept
    assert len(list(owner.client.reservation_order.list())) == 4


def test_the_same_exchange_again_charges_once(owner):
    order, reservation = owner.buy(quantity=2)
    quote = owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    first = owner.exchange(quote.properties.session_id)
    again = owner.exchange(quote.properties.session_id)
    assert first.as_dict() == again.as_dict()
    assert len(list(owner.client.reservation_order.list())) == 2
    assert len(owner.items(order)) == 2


def test_two_quotes_exchange_a_reservation_once(owner):
    order, reservation = owner.buy()
    quotes = [
        owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}]) for _ in range(2)
    ]
    owner.exchange(quotes[0].properties.session_id)
    error = refused(owner.exchange, quotes[1].properties.session_id)
    assert code(error) == "OperationCannotBePerformedInCurrentState"
    assert len(list(owner.client.reservation_order.list())) == 2


def test_too_little_is_refused_with_the_top_up_it_needs(owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=2)
    quote = owner.exchange_quote([(order, reservation, 2)], [{"sku": "Standard_B1ls"}])
    assert quote.status == "Succeeded", "a quote that breaks a policy is still an answer"
    (error,) = quote.properties.policy_result.policy_errors
    # 512.00 are given up for 32.00.
    assert "480.00 USD" in error.message
    assert quote.properties.net_payable.amount == -480.0
    error = refused(owner.exchange, quote.properties.session_id)
    assert "480.00 USD" in error.error.message if error.error else str(error)
    item = owner.client.reservation.get(order, reservation).properties
    assert (item.provisioning_state, item.quantity) == ("Succeeded", 2)
    assert len(list(owner.client.reservation_order.list())) == 1
    # Equal worth passes.
    quote = owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    assert errors(quote) == []
    assert quote.properties.net_payable.amount == 0.0
    assert owner.exchange(quote.properties.session_id).status == "Succeeded"


def test_another_type_is_refused_with_the_types_that_are_allowed(owner):
    order, reservation = owner.buy()
    wish = {
        "sku": "SQLDB_GP_Compute_Gen5",
        "resource_type": "SqlDatabases",
        "location": "eastus",
    }
    quote = owner.exchange_quote([(order, reservation, 1)], [wish])
    found = quote.properties.policy_result.policy_errors
    assert len(found) == 1
    assert "VirtualMachines" in found[0].message and "DedicatedHost" in found[0].message
    refused(owner.exchange, quote.properties.session_id)
    item = owner.client.reservation.get(order, reservation).properties
    assert item.provisioning_state == "Succeeded"


def test_a_type_of_the_same_group_is_fine(owner):
    order, reservation = owner.buy()
    wish = {"sku": "Dsv3_Type3", "resource_type": "DedicatedHost", "location": "eastus"}
    quote = owner.exchange_quote([(order, reservation, 1)], [wish])
    assert errors(quote) == []
    assert quote.properties.purchases_total.amount == 21341.0


def test_software_plans_cannot_be_exchanged(desk):
    owner = desk.customer(prices=[SUSE, SUSE | {"location": "global"}]).owner
    wish = {"sku": "Suse_plan", "resource_type": "SuseLinux"}
    order, reservation = owner.buy(**wish)
    quote = owner.exchange_quote([(order, reservation, 1)], [wish])
    assert "SelfServiceRefundNotSupported" in errors(quote)
    error = refused(owner.exchange, quote.properties.session_id)
    assert code(error) == "SelfServiceRefundNotSupported"


def test_an_unknown_session_is_refused(owner):
    error = refused(owner.exchange, str(uuid.uuid4()))
    assert code(error) == "BadRequest"


def test_an_unknown_order_cannot_be_exchanged(owner):
    error = refused(
        owner.exchange_quote, [(str(uuid.uuid4()), str(uuid.uuid4()), 1)], [{"sku": "Standard_B2s"}]
    )
    assert (error.status_code, code(error)) == (404, "ReservationOrderNotFound")


def test_a_size_that_is_not_sold_cannot_be_exchanged_for(owner):
    order, reservation = owner.buy()
    error = refused(owner.exchange_quote, [(order, reservation, 1)], [{"sku": "Standard_Nothing"}])
    assert code(error) == "InvalidFulfillmentRequestParameters"
    assert "Standard_Nothing" in str(error)


def test_more_than_is_held_cannot_be_exchanged(owner):
    order, reservation = owner.buy(quantity=2)
    error = refused(owner.exchange_quote, [(order, reservation, 3)], [{"sku": "Standard_B2s"}])
    assert code(error) == "InvalidRefundQuantity"


def test_a_session_lapses(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    order, reservation = owner.buy()
    quote = owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    own_desk.set_clock("2026-03-02T13:00:00Z")
    error = refused(owner.exchange, quote.properties.session_id)
    assert code(error) == "BadRequest"
    item = owner.client.reservation.get(order, reservation).properties
    assert item.provisioning_state == "Succeeded"


def test_what_is_bought_before_february_2027_keeps_one_exchange(own_desk):
    own_desk.set_clock("2027-01-31T23:00:00Z")
    owner = own_desk.customer().owner
    before = owner.buy(sku="Standard_D2s_v5", quantity=10)
    own_desk.set_clock("2027-02-01T00:00:00Z")
    after = owner.buy(sku="Standard_D2s_v5")

    quote = owner.exchange_quote([(*after, 1)], [{"sku": "Standard_D4s_v5"}])
    assert errors(quote) == ["OperationCannotBePerformedInCurrentState"]
    assert "2027-02-01" in quote.properties.policy_result.policy_errors[0].message
    error = refused(owner.exchange, quote.properties.session_id)
    assert code(error) == "OperationCannotBePerformedInCurrentState"

    quote = owner.exchange_quote([(*before, 2)], [{"sku": "Standard_D4s_v5", "quantity": 2}])
    assert errors(quote) == []
    done = owner.exchange(quote.properties.session_id)
    assert done.status == "Succeeded"
    # What came of it was bought after the day, and has no exchange left; the other eight have.
    bought = done.properties.reservations_to_purchase[0]
    new = (last(bought.reservation_order_id), last(bought.reservation_id))
    quote = owner.exchange_quote([(*new, 1)], [{"sku": "Standard_D8s_v5"}])
    assert errors(quote) == ["OperationCannotBePerformedInCurrentState"]
    order, reservation = before
    (rest,) = [id for id in owner.items(order) if id != reservation]
    quote = owner.exchange_quote([(order, rest, 8)], [{"sku": "Standard_D4s_v5", "quantity": 8}])
    assert errors(quote) == []
    # A refund is still open to all.
    assert not owner.worth(*new).policy_result.properties.policy_errors


def test_the_old_series_is_no_target_any_more(own_desk):
    own_desk.set_clock("2026-07-01T12:00:00Z")
    owner = own_desk.customer().owner
    order, reservation = owner.buy(sku="Standard_D2s_v5")
    quote = owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_D4s_v3"}])
    assert "InvalidFulfillmentRequestParameters" in errors(quote)
    refused(owner.exchange, quote.properties.session_id)


def test_the_operation_can_be_read_again(owner):
    """What travels on the wire: an empty 202, and the result under the session's own id."""
    order, reservation = owner.buy()
    body = {
        "properties": {
            "reservationsToExchange": [
                {"reservationId": item_path(order, reservation), "quantity": 1}
            ],
            "reservationsToPurchase": [owner.request(sku="Standard_B2s").as_dict()],
        }
    }
    asked = owner.call("POST", f"{CAPACITY}/calculateExchange", body)
    assert asked.status_code == 202
    assert asked.content == b""
    assert asked.headers["Location"] == asked.headers["Azure-AsyncOperation"]
    results = f"{owner.desk.base_url}{CAPACITY}/operationResults/"
    assert asked.headers["Location"].lower().startswith(results.lower())
    assert "api-version=2022-11-01" in asked.headers["Location"]
    assert int(asked.headers["Retry-After"]) >= 1
    for _ in range(2):
        result = owner.call("GET", asked.headers["Location"])
        assert result.status_code == 200
        assert result.json()["status"] == "Succeeded"
        assert "Location" not in result.headers
        assert "Azure-AsyncOperation" not in result.headers
    session = result.json()["properties"]["sessionId"]
    deed = owner.call("POST", f"{CAPACITY}/exchange", {"properties": {"sessionId": session}})
    assert deed.status_code == 202
    assert session in deed.headers["Location"]
    result = owner.call("GET", deed.headers["Location"]).json()
    assert result["status"] == "Succeeded"
    assert result["properties"]["reservationsToPurchase"][0]["status"] == "Succeeded"


def test_a_failed_exchange_says_failed(owner):
    """Never the word with two l, on which some clients wait for ever."""
    order, reservation = owner.buy(sku="Standard_B2s")
    quote = owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B1ls"}])
    session = quote.properties.session_id
    deed = owner.call("POST", f"{CAPACITY}/exchange", {"properties": {"sessionId": session}})
    if deed.status_code == 202:
        result = owner.call("GET", deed.headers["Location"])
        assert result.status_code == 200
        assert result.json()["status"] == "Failed"
        assert result.json()["error"]["code"]
        assert result.json()["error"]["message"]
    else:
        assert deed.status_code == 400
        assert deed.json()["error"]["code"]


def test_somebody_elses_operation_is_not_there(desk):
    ann = desk.customer().owner
    order, reservation = ann.buy()
    session = ann.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}]).name
    stranger = desk.customer().owner
    assert stranger.call("GET", f"{CAPACITY}/operationResults/{session}").status_code == 404
    assert stranger.call(
        "POST", f"{CAPACITY}/exchange", {"properties": {"sessionId": session}}
    ).status_code in (202, 400, 404)
    item = ann.client.reservation.get(order, reservation).properties
    assert item.provisioning_state == "Succeeded"
