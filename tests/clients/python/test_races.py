"""The same thing asked for by many at once happens once."""

from concurrent.futures import ThreadPoolExecutor

import requests

from desk import CAPACITY, item_path, order_path

CALLERS = 12


def at_once(owner, calls):
    """Sends all calls at the same time, each on a connection of its own."""
    base, headers = owner.desk.base_url, {"Authorization": f"Bearer {owner.token}"}

    def one(call):
        method, path, body = call
        url = f"{base}{path}?api-version=2022-11-01"
        return requests.request(
            method, url, json=body, headers=headers, verify=owner.desk.ca, timeout=60
        )

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, calls))


def refund_body(order, reservation, quantity):
    returned = {"reservationId": item_path(order, reservation), "quantity": quantity}
    return {
        "id": order_path(order),
        "properties": {"scope": "Reservation", "reservationToReturn": returned},
    }


def test_one_purchase_sent_often_is_one_purchase(owner):
    body = owner.request(quantity=2).as_dict()
    order = owner.quote(quantity=2).reservation_order_id
    answers = at_once(owner, [("PUT", order_path(order), body)] * CALLERS)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert [item.properties.quantity for item in owner.client.reservation.list(order)] == [2]


def test_one_return_sent_often_pays_once(owner):
    order, reservation = owner.buy(quantity=5)
    body = refund_body(order, reservation, 2)
    body["properties"]["sessionId"] = owner.worth(order, reservation, 2).session_id
    answers = at_once(owner, [("POST", f"{order_path(order)}/return", body)] * CALLERS)
    assert {answer.status_code for answer in answers} == {202}
    active = [
        item.properties.quantity
        for item in owner.items(order).values()
        if item.properties.provisioning_state == "Succeeded"
    ]
    assert active == [3]


def test_a_reservation_quoted_often_is_returned_once(owner):
    order, reservation = owner.buy()
    body = refund_body(order, reservation, 1)
    calls = []
    for _ in range(CALLERS):
        session = owner.worth(order, reservation).session_id
        deed = {"properties": body["properties"] | {"sessionId": session}}
        calls.append(("POST", f"{order_path(order)}/return", deed))
    statuses = sorted(answer.status_code for answer in at_once(owner, calls))
    assert statuses[0] == 202
    assert all(400 <= status < 500 for status in statuses[1:]), statuses


def test_one_exchange_sent_often_buys_once(owner):
    order, reservation = owner.buy(quantity=2)
    quote = owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    body = {"properties": {"sessionId": quote.properties.session_id}}
    answers = at_once(owner, [("POST", f"{CAPACITY}/exchange", body)] * CALLERS)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(list(owner.client.reservation_order.list())) == 2
    assert len(owner.items(order)) == 2


def test_the_cap_holds_when_many_return_at_once(desk):
    # Seven times 8,000 would pass 50,000; six do not.
    price = {
        "resourceType": "VirtualMachines",
        "sku": "Standard_Eight",
        "location": "westus",
        "term": "P1Y",
        "currency": "USD",
        "unitTotal": "8000",
        "since": "2019-01-01",
    }
    owner = desk.customer(prices=[price]).owner
    calls = []
    for _ in range(CALLERS):
        order, reservation = owner.buy(sku="Standard_Eight")
        body = refund_body(order, reservation, 1)
        session = owner.worth(order, reservation).session_id
        deed = {"properties": body["properties"] | {"sessionId": session}}
        calls.append(("POST", f"{order_path(order)}/return", deed))
    answers = at_once(owner, calls)
    assert sum(answer.status_code == 202 for answer in answers) == 6
    refused = [answer for answer in answers if answer.status_code != 202]
    assert {answer.json()["error"]["code"] for answer in refused} == {"RefundLimitExceeded"}
