"""Swaps with the premium-storage twin of a size, with the official client."""

from desk import CAPACITY, item_path, last

F1 = {"sku": "Standard_F1", "plan": "Monthly"}
F1S = {"sku": "Standard_F1s", "plan": "Monthly"}


def payments(owner, order):
    """What was charged and what will be, as the order tells it."""
    found = owner.client.reservation_order.get(order, expand="schedule").properties
    return [
        (str(row.due_date), row.status, (row.billing_currency_total or row.pricing_currency_total).amount)
        for row in found.plan_information.transactions
    ]


def begin(owner, returns, purchases):
    """The exchange of a quote, by the client's long-running form."""
    quote = owner.exchange_quote(returns, purchases)
    return quote, owner.exchange(quote.properties.session_id)


def test_a_size_becomes_its_twin_and_nothing_is_charged(owner):
    order, reservation = owner.buy(quantity=3, **F1)
    before = owner.client.reservation.get(order, reservation).properties
    schedule = payments(owner, order)
    quote, done = begin(owner, [(order, reservation, 3)], [{**F1S, "quantity": 3}])
    for answer in (quote, done):
        assert answer.status == "Succeeded"
        properties = answer.properties
        assert properties.refunds_total.amount == 0.0
        assert properties.purchases_total.amount == 0.0
        assert properties.net_payable.amount == 0.0
        assert not properties.policy_result.policy_errors
        (given,) = properties.reservations_to_exchange
        assert given.quantity == 3
        assert given.billing_refund_amount.amount == 0.0
        (wanted,) = properties.reservations_to_purchase
        assert wanted.billing_currency_total.amount == 0.0
        assert wanted.properties.sku.name == "Standard_F1s"
    (twin,) = done.properties.reservations_to_purchase
    assert last(twin.reservation_order_id) == order, "it stays in its order"

    old = owner.client.reservation.get(order, reservation)
    assert old.properties.provisioning_state == "Cancelled"
    swapped = old.properties.swap_properties.swap_destination
    assert swapped.lower() == item_path(order, last(twin.reservation_id)).lower()
    new = owner.client.reservation.get(order, last(twin.reservation_id))
    assert new.sku.name == "Standard_F1s"
    swapped = new.properties.swap_properties.swap_source
    assert swapped.lower() == item_path(order, reservation).lower()
    assert new.properties.provisioning_state == "Succeeded"
    assert new.properties.quantity == 3
    assert new.properties.expiry_date == before.expiry_date
    assert new.properties.purchase_date == before.purchase_date
    assert payments(owner, order) == schedule
    assert len(list(owner.client.reservation_order.list())) == 1


def test_some_units_are_swapped_and_swapped_back(owner):
    order, reservation = owner.buy(quantity=5, **F1S)
    _, done = begin(owner, [(order, reservation, 2)], [{**F1, "quantity": 2}])
    (plain,) = done.properties.reservations_to_purchase
    live = {
        item.sku.name: (id, item.properties.quantity)
        for id, item in owner.items(order).items()
        if item.properties.provisioning_state == "Succeeded"
    }
    assert live == {
        "Standard_F1": (last(plain.reservation_id), 2),
        "Standard_F1s": (live["Standard_F1s"][0], 3),
    }
    schedule = payments(owner, order)
    _, back = begin(owner, [(order, last(plain.reservation_id), 2)], [{**F1S, "quantity": 2}])
    assert back.properties.net_payable.amount == 0.0
    assert payments(owner, order) == schedule


def test_what_was_swapped_is_worth_what_it_was(owner):
    order, reservation = owner.buy(quantity=2, sku="Standard_F1")
    paid = owner.worth(order, reservation, 2).billing_refund_amount.amount
    _, done = begin(
        owner, [(order, reservation, 2)], [{"sku": "Standard_F1s", "quantity": 2}]
    )
    (twin,) = done.properties.reservations_to_purchase
    worth = owner.worth(order, last(twin.reservation_id), 2)
    assert worth.billing_refund_amount.amount == paid
    assert worth.policy_result.properties.consumed_refunds_total.amount == 0.0


def test_anything_else_is_an_ordinary_exchange_and_says_so(owner):
    order, reservation = owner.buy(quantity=2, **F1)
    quote = owner.exchange_quote(
        [(order, reservation, 2)], [{**F1S, "quantity": 2, "plan": "Upfront", "location": "uksouth"}]
    )
    assert quote.properties.purchases_total.amount > 0
    path = f"{CAPACITY}/operationResults/{quote.properties.session_id}"
    findings = owner.call("GET", path).json()["explanation"]["findings"]
    (told,) = [row for row in findings if row["clause"] == "premium-storage-swap"]
    assert told["outcome"] == "not-concerned"
    assert told["about"] == "purchase 1"
    assert {row["label"]: row["value"] for row in told["lines"]} == {
        "nearest to": "return 1",
        "a swap has location": "westus",
        "a swap has billing plan": "Monthly",
    }
