"""The last exchange of 2027-02-01, unit by unit, through the official client and over the years."""

from desk import CAPACITY, item_path, last, run

BEFORE = "2026-12-01T12:00:00Z"
AFTER = "2027-03-01T12:00:00Z"
LATER = "2027-04-01T12:00:00Z"

D2 = {"sku": "Standard_D2s_v5", "term": "P3Y"}
D4 = {"sku": "Standard_D4s_v5", "term": "P3Y"}

AVS = {
    "resourceType": "AVS",
    "sku": "AV36P",
    "location": "westus",
    "term": "P1Y",
    "currency": "USD",
    "unitTotal": "9000",
    "since": "2019-01-01",
}


def standing(owner, order, reservation):
    """What the reservation's answer explains beside its published members."""
    return owner.call("GET", item_path(order, reservation)).json()["explanation"]


def ahead(owner, order, reservation):
    """The rights from today to the end of the term: the kind, what is left, until when."""
    spans = standing(owner, order, reservation)["rights"]["exchanges"]
    return [(span["right"], span.get("left"), span["until"]) for span in spans]


def outcome(owner, order, reservation, clause):
    findings = standing(owner, order, reservation)["findings"]
    return next((row for row in findings if row["clause"] == clause), None)


def exchange(owner, order, reservation, units, **wish):
    """Exchanges units for one other; answers the new order and reservation."""
    quote = owner.exchange_quote([(order, reservation, units)], [wish])
    assert not quote.properties.policy_result.policy_errors
    done = owner.exchange(quote.properties.session_id)
    (bought,) = done.properties.reservations_to_purchase
    return last(bought.reservation_order_id), last(bought.reservation_id)


def policy_errors(owner, order, reservation, units, **wish):
    quote = owner.exchange_quote([(order, reservation, units)], [wish])
    return [error.message for error in quote.properties.policy_result.policy_errors or []]


def rest(owner, order):
    """What is live in an order."""
    live = [
        id
        for id, item in owner.items(order).items()
        if item.properties.provisioning_state == "Succeeded"
    ]
    (only,) = live
    return only


def test_ten_bought_before_two_exchanged_after(own_desk):
    own_desk.set_clock(BEFORE)
    owner = own_desk.customer().owner
    order, ten = owner.buy(quantity=10, **D2)
    assert ahead(owner, order, ten) == [
        ("unlimited", None, "2027-02-01"),
        ("last", 1, "2029-12-01"),
    ]
    own_desk.set_clock(AFTER)
    new_order, new = exchange(owner, order, ten, 2, quantity=3, **D4)

    own_desk.set_clock(LATER)
    eight = rest(owner, order)
    kept = standing(owner, order, eight)["rights"]
    assert (kept["units"], kept["boughtOn"], kept["acquiredBy"]) == (8, "2026-12-01", "partialReturn")
    assert ahead(owner, order, eight) == [("last", 1, "2029-12-01")]
    used = standing(owner, new_order, new)["rights"]
    assert used["units"] == 3
    assert used["carried"] == {"boughtOn": "2026-12-01", "used": 1}
    (none,) = used["exchanges"]
    assert (none["right"], none["left"], none["why"]) == ("none", 0, "used")
    (why,) = policy_errors(owner, new_order, new, 3, quantity=9, **D4)
    assert "last exchange" in why
    # The eight still have theirs, and returning for money is open to all.
    exchange(owner, order, eight, 8, quantity=8, **D4)
    assert owner.worth(new_order, new, 3).billing_refund_amount.amount > 0


def test_before_the_end_exchanges_go_on(own_desk):
    own_desk.set_clock(BEFORE)
    owner = own_desk.customer().owner
    held = owner.buy(**D2)
    for quantity in (1, 2, 3):
        rights = standing(owner, *held)["rights"]
        assert rights["exchanges"][0]["right"] == "unlimited"
        assert "carried" not in rights
        held = exchange(owner, *held, quantity, quantity=quantity + 1, **D4)
    assert standing(owner, *held)["rights"]["acquiredBy"] == "exchange"
    assert ahead(owner, *held)[1][:2] == ("last", 1)


def test_bought_after_the_end_there_is_none(own_desk):
    own_desk.set_clock("2027-02-01T00:00:00Z")
    owner = own_desk.customer().owner
    order, reservation = owner.buy(**D2)
    (none,) = standing(owner, order, reservation)["rights"]["exchanges"]
    assert (none["right"], none["why"]) == ("none", "boughtAfter")
    found = outcome(owner, order, reservation, "exchange-right")
    assert (found["outcome"], found["since"]) == ("not-met", "2026-07-22")
    (why,) = policy_errors(owner, order, reservation, 1, quantity=3, **D4)
    assert "bought on 2027-02-01" in why


def test_products_outside_the_rule_go_on(own_desk):
    own_desk.set_clock(AFTER)
    owner = own_desk.customer(prices=[AVS, AVS | {"sku": "AV52", "unitTotal": "12000"}]).owner
    order, reservation = owner.buy(sku="AV36P", resource_type="AVS")
    assert ahead(owner, order, reservation) == [("unlimited", None, "2028-03-01")]
    exchange(owner, order, reservation, 1, sku="AV52", resource_type="AVS")


def test_the_renewal_trap_is_told_while_it_can_be_helped(own_desk):
    own_desk.set_clock("2026-03-02T12:00:00Z")
    owner = own_desk.customer().owner
    order, reservation = owner.buy(renew=True, quantity=4, **{**D2, "term": "P1Y"})
    # The end was announced on 2026-07-22; before, nobody could know.
    assert outcome(owner, order, reservation, "renewal-right")["outcome"] == "not-concerned"
    own_desk.set_clock(BEFORE)
    warned = outcome(owner, order, reservation, "renewal-right")
    assert warned["outcome"] == "warned"
    assert {row["label"]: row["value"] for row in warned["lines"]} == {
        "renews on": "2027-03-02",
        "exchange ends for what is bought from": "2027-02-01",
        "right of what the renewal buys": "none",
        "last day to exchange": "2027-03-01",
        "to keep the right": "exchange by that day, or switch the renewal off",
    }
    # A quote for some of the units tells it of those that are kept.
    quote = owner.exchange_quote([(order, reservation, 1)], [{"quantity": 3, **D4}])
    path = f"{CAPACITY}/operationResults/{quote.properties.session_id}"
    findings = owner.call("GET", path).json()["explanation"]["findings"]
    told = [row["about"] for row in findings if row["clause"] == "renewal-right"]
    assert told == ["return 1"]


def test_the_command_line_tells_rights_and_the_trap(own_desk):
    own_desk.set_clock(BEFORE)
    owner = own_desk.customer().owner
    order, reservation = owner.buy(renew=True, **{**D2, "term": "P1Y"})
    shown = run(
        "show", f"{order}/{reservation}", "--url", own_desk.base_url, "--ca", own_desk.ca,
        "--tenant", owner.customer.tenant, "--client-id", owner.client_id,
        env={"PATH": "/usr/bin:/bin", "PRORATA_CLIENT_SECRET": owner.secret, "HOME": "/nonexistent"},
    )
    assert shown.returncode == 0, shown.stderr
    assert "any number of exchanges until 2027-02-01" in shown.stdout
    assert "one last exchange for each unit from 2027-02-01 to 2027-12-01" in shown.stdout
    assert "last day to exchange it: 2027-11-30" in " ".join(shown.stdout.split())
