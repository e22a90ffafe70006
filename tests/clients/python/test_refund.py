"""Returning reservations for money, with the official client."""

import datetime
import uuid

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from desk import TODAY, code, item_path, last, order_path

# One unit costs 49,000: two of them pass the cap of 50,000 together.
LARGE = {
    "resourceType": "VirtualMachines",
    "sku": "Standard_Large",
    "location": "westus",
    "term": "P1Y",
    "currency": "USD",
    "unitTotal": "49000",
    "since": "2019-01-01",
}


def large(desk, **account):
    return desk.customer(prices=[LARGE], **account)


def refused(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    return raised.value


def policy_errors(worth):
    return [error.code for error in worth.policy_result.properties.policy_errors or []]


def test_a_return_on_the_first_day_gives_everything_back(owner):
    order, reservation = owner.buy(quantity=3)
    worth = owner.worth(order, reservation, 3)
    assert uuid.UUID(worth.session_id)
    assert worth.quantity == 3
    assert worth.billing_refund_amount.amount == 96.0
    assert worth.billing_refund_amount.currency_code == "USD"
    assert worth.pricing_refund_amount.amount == 96.0
    policy = worth.policy_result.properties
    assert policy.consumed_refunds_total.amount == 0.0
    assert policy.max_refund_limit.amount == 50000.0
    assert policy.max_refund_limit.currency_code == "USD"
    assert not policy.policy_errors
    billing = worth.billing_information
    assert (billing.billing_plan, billing.completed_transactions, billing.total_transactions) == (
        "Upfront",
        1,
        1,
    )
    assert billing.billing_currency_total_paid_amount.amount == 96.0
    assert billing.billing_currency_prorated_amount.amount == 0.0
    assert billing.billing_currency_remaining_commitment_amount.amount == 0.0

    after = owner.give_back(order, reservation, 3, worth.session_id)
    assert after.name == order, "what the client gets in the end is the order"
    item = owner.client.reservation.get(order, reservation).properties
    assert item.provisioning_state == "Cancelled"
    assert item.display_provisioning_state == "Cancelled"


def test_part_of_a_reservation_is_returned(owner):
    order, reservation = owner.buy(quantity=5)
    end = owner.client.reservation.get(order, reservation).properties.expiry_date
    worth = owner.worth(order, reservation, 2)
    assert worth.billing_refund_amount.amount == 64.0
    # Paid and used are those of all five units.
    assert worth.billing_information.billing_currency_total_paid_amount.amount == 160.0
    owner.give_back(order, reservation, 2, worth.session_id)
    items = owner.items(order)
    assert len(items) == 2
    assert items[reservation].properties.provisioning_state == "Cancelled"
    (rest,) = [item for id, item in items.items() if id != reservation]
    assert rest.properties.quantity == 3
    assert rest.properties.provisioning_state == "Succeeded"
    assert rest.properties.expiry_date == end
    assert owner.client.reservation_order.get(order).properties.original_quantity == 5
    # The rest can be returned in its turn.
    owner.give_back(order, last(rest.id), 3)


def test_a_day_counts(own_desk):
    own_desk.set_clock("2026-01-20T12:00:00Z")
    owner = own_desk.customer().owner
    order, reservation = owner.buy(sku="Standard_D2s_v5", quantity=2)
    own_desk.set_clock("2026-01-21T00:00:00Z")
    # 1158.00 for 365 days, one of them used: 3.17.
    worth = owner.worth(order, reservation, 2)
    assert worth.billing_refund_amount.amount == 1154.83
    own_desk.set_clock("2027-01-19T23:00:00Z")
    # One day of 365 is left: 1158.00 less the used 1154.83.
    worth = owner.worth(order, reservation, 2)
    assert worth.billing_refund_amount.amount == 3.17
    owner.give_back(order, reservation, 2, worth.session_id)


def test_a_monthly_return_cancels_what_was_not_paid_yet(own_desk):
    own_desk.set_clock("2026-01-20T12:00:00Z")
    owner = own_desk.customer().owner
    order, reservation = owner.buy(sku="Standard_D2s_v5", plan="Monthly")
    own_desk.set_clock("2026-04-25T12:00:00Z")
    worth = owner.worth(order, reservation)
    # 579.00 over 12 is 48.25; the fourth month has 30 days, 5 of them used: 8.04.
    billing = worth.billing_information
    assert (billing.completed_transactions, billing.total_transactions) == (4, 12)
    assert billing.billing_currency_total_paid_amount.amount == 193.0
    assert worth.billing_refund_amount.amount == 40.21
    assert billing.billing_currency_prorated_amount.amount == 152.79
    assert billing.billing_currency_remaining_commitment_amount.amount == 386.0
    owner.give_back(order, reservation, 1, worth.session_id)
    other, again = owner.buy()
    counted = owner.worth(other, again).policy_result.properties.consumed_refunds_total
    # By the text in force since 2024 the payments never made count too.
    assert counted.amount == 426.21
    own_desk.set_clock("2026-06-25T12:00:00Z")
    plan = owner.client.reservation_order.get(order, expand="schedule").properties.plan_information
    paid = [row for row in plan.transactions if row.status == "Succeeded"]
    assert len(paid) == 4, "nothing is charged after the return"


def test_the_lower_price_of_today_counts(own_desk):
    own_desk.set_clock("2026-01-20T12:00:00Z")
    owner = own_desk.customer().owner
    order, reservation = owner.buy(sku="Standard_D2s_v5")
    own_desk.apply({
        "prices": [{
            "resourceType": "VirtualMachines",
            "sku": "Standard_D2s_v5",
            "location": "westus",
            "term": "P1Y",
            "currency": "USD",
            "unitTotal": "500",
            "since": "2026-02-01",
        }]
    })
    own_desk.set_clock("2026-01-31T12:00:00Z")
    # 579.00 less 11 of 365 days, 17.45.
    assert owner.worth(order, reservation).billing_refund_amount.amount == 561.55
    own_desk.set_clock("2026-02-01T12:00:00Z")
    # 500.00 less 12 of 365 days, 16.44.
    assert owner.worth(order, reservation).billing_refund_amount.amount == 483.56


def test_the_cap_refuses_at_the_deed_and_is_shown_in_the_quote(desk):
    owner = large(desk).owner
    order, reservation = owner.buy(sku="Standard_Large", quantity=3)
    worth = owner.worth(order, reservation, 2)
    assert worth.billing_refund_amount.amount == 98000.0
    (error,) = worth.policy_result.properties.policy_errors
    assert error.code == "RefundLimitExceeded"
    assert "at most 1" in error.message, "the largest quantity that passes is named"
    error = refused(owner.give_back, order, reservation, 2, worth.session_id)
    assert (error.status_code, code(error)) == (400, "RefundLimitExceeded")
    assert "at most 1" in error.error.message
    items = owner.items(order)
    assert {item.properties.provisioning_state for item in items.values()} == {"Succeeded"}

    worth = owner.worth(order, reservation, 1)
    assert policy_errors(worth) == []
    owner.give_back(order, reservation, 1, worth.session_id)
    (rest,) = [id for id, item in owner.items(order).items() if id != reservation]
    worth = owner.worth(order, rest, 1)
    assert worth.policy_result.properties.consumed_refunds_total.amount == 49000.0
    assert policy_errors(worth) == ["RefundLimitExceeded"]
    error = refused(owner.give_back, order, rest, 1, worth.session_id)
    assert code(error) == "RefundLimitExceeded"


def test_the_cap_is_each_agreements_own(desk):
    one, other = large(desk).owner, large(desk).owner
    one.give_back(*one.buy(sku="Standard_Large"))
    worth = other.worth(*other.buy(sku="Standard_Large"))
    assert worth.policy_result.properties.consumed_refunds_total.amount == 0.0
    assert policy_errors(worth) == []


def test_what_counted_is_free_again_after_365_days(own_desk):
    own_desk.set_clock("2026-07-02T12:00:00Z")
    owner = large(own_desk).owner
    owner.give_back(*owner.buy(sku="Standard_Large"))
    own_desk.set_clock("2027-07-01T23:00:00Z")
    worth = owner.worth(*owner.buy(sku="Standard_Large"))
    assert policy_errors(worth) == ["RefundLimitExceeded"]
    (error,) = worth.policy_result.properties.policy_errors
    assert "2027-07-02" in error.message, "the first day on which it fits is named"
    own_desk.set_clock("2027-07-02T00:00:00Z")
    worth = owner.worth(*owner.buy(sku="Standard_Large"))
    assert policy_errors(worth) == []


@pytest.mark.parametrize("quantity", [0, 4, 2**31, -1])
def test_more_or_less_than_is_held_is_refused(owner, quantity):
    order, reservation = owner.buy(quantity=3)
    error = refused(owner.worth, order, reservation, quantity)
    assert (error.status_code, code(error)) == (400, "InvalidRefundQuantity")


def test_an_unknown_order_is_not_found(owner):
    order, reservation = str(uuid.uuid4()), str(uuid.uuid4())
    for call in (
        lambda: owner.client.reservation_order.get(order),
        lambda: list(owner.client.reservation.list(order)),
        lambda: owner.client.reservation.get(order, reservation),
        lambda: owner.worth(order, reservation),
        lambda: owner.give_back(order, reservation, 1, str(uuid.uuid4())),
    ):
        with pytest.raises(ResourceNotFoundError) as raised:
            call()
        assert code(raised.value) == "ReservationOrderNotFound"


def test_an_item_of_another_order_is_refused(owner):
    order, _ = owner.buy()
    _, other = owner.buy()
    error = refused(owner.worth, order, other)
    assert error.status_code in (400, 404)
    assert code(error) == "ReservationIdNotInReservationOrder"


def test_a_session_is_for_what_was_quoted(owner):
    order, reservation = owner.buy(quantity=4)
    session = owner.worth(order, reservation, 2).session_id
    error = refused(owner.give_back, order, reservation, 3, session)
    assert error.status_code in (400, 409)
    assert len(owner.items(order)) == 1
    error = refused(owner.give_back, order, reservation, 2, str(uuid.uuid4()))
    assert (error.status_code, code(error)) == (400, "BadRequest")


def test_a_session_is_its_callers_own(desk):
    customer = desk.customer(members={"ann": [("Owner", "/")], "bob": [("Owner", "/")]})
    order, reservation = customer.ann.buy()
    session = customer.ann.worth(order, reservation).session_id
    error = refused(customer.bob.give_back, order, reservation, 1, session)
    assert (error.status_code, code(error)) == (400, "BadRequest")


def test_a_session_lapses(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    order, reservation = owner.buy()
    session = owner.worth(order, reservation).session_id
    own_desk.set_clock("2026-03-02T13:00:00Z")
    error = refused(owner.give_back, order, reservation, 1, session)
    assert (error.status_code, code(error)) == (400, "BadRequest")
    assert "timed out" in error.error.message


def test_the_same_return_again_pays_once(owner):
    order, reservation = owner.buy(quantity=4)
    worth = owner.worth(order, reservation, 1)
    owner.give_back(order, reservation, 1, worth.session_id)
    before = {id: item.as_dict() for id, item in owner.items(order).items()}
    again = owner.give_back(order, reservation, 1, worth.session_id)
    assert again.name == order
    assert {id: item.as_dict() for id, item in owner.items(order).items()} == before
    (rest,) = [id for id in before if id != reservation]
    consumed = owner.worth(order, rest).policy_result.properties.consumed_refunds_total
    assert consumed.amount == 32.0


def test_a_used_session_is_not_good_for_another_return(owner):
    order, reservation = owner.buy(quantity=4)
    session = owner.worth(order, reservation, 1).session_id
    owner.give_back(order, reservation, 1, session)
    (rest,) = [id for id in owner.items(order) if id != reservation]
    error = refused(owner.give_back, order, rest, 1, session)
    assert error.status_code in (400, 409)
    assert len(owner.items(order)) == 2


def test_two_quotes_return_a_reservation_once(owner):
    order, reservation = owner.buy()
    sessions = [owner.worth(order, reservation).session_id for _ in range(2)]
    owner.give_back(order, reservation, 1, sessions[0])
    error = refused(owner.give_back, order, reservation, 1, sessions[1])
    assert error.status_code in (400, 409)
    assert code(error) == "OperationCannotBePerformedInCurrentState"


@pytest.mark.parametrize("resource_type", ["SuseLinux", "Databricks"])
def test_software_plans_cannot_be_returned(desk, resource_type):
    owner = desk.customer(prices=[
        {
            "resourceType": resource_type,
            "sku": "Some_plan",
            "location": location,
            "term": "P1Y",
            "currency": "USD",
            "unitTotal": "1200",
            "since": "2019-01-01",
        }
        for location in ("westus", "global")
    ]).owner
    order, reservation = owner.buy(sku="Some_plan", resource_type=resource_type)
    worth = owner.worth(order, reservation)
    assert policy_errors(worth) == ["SelfServiceRefundNotSupported"]
    error = refused(owner.give_back, order, reservation, 1, worth.session_id)
    assert (error.status_code, code(error)) == (400, "SelfServiceRefundNotSupported")
    item = owner.client.reservation.get(order, reservation).properties
    assert item.provisioning_state == "Succeeded"


def test_the_answer_to_a_return_is_the_quote_again(owner):
    """What travels on the wire before the client goes on to the order."""
    order, reservation = owner.buy(quantity=2)
    returned = {"reservationId": item_path(order, reservation), "quantity": 1}
    asked = {
        "id": order_path(order),
        "properties": {"scope": "Reservation", "reservationToReturn": returned},
    }
    quote = owner.call("POST", f"{order_path(order)}/calculateRefund", asked).json()
    body = {
        "properties": {
            "sessionId": quote["properties"]["sessionId"],
            "scope": "Reservation",
            "returnReason": "Not needed any more",
            "reservationToReturn": returned,
        }
    }
    done = owner.call("POST", f"{order_path(order)}/return", body)
    assert done.status_code == 202
    assert done.headers["Location"].startswith(owner.desk.base_url + "/")
    assert order in done.headers["Location"]
    assert int(done.headers["Retry-After"]) >= 1
    answer = done.json()
    for name in ("billingRefundAmount", "pricingRefundAmount", "billingInformation", "quantity"):
        assert answer["properties"][name] == quote["properties"][name]
    assert answer["id"].lower() == item_path(order, reservation).lower()
    followed = owner.call("GET", done.headers["Location"])
    assert followed.status_code == 200
    assert followed.json()["name"] == order


def test_a_customer_of_a_partner_has_a_pool_of_its_own(desk):
    partner = {"agreement": "csp", "payment": "invoice"}
    first = large(desk, **partner, customer="first")
    second = large(desk, **partner, customer="second")
    first.owner.give_back(*first.owner.buy(sku="Standard_Large"))
    worth = second.owner.worth(*second.owner.buy(sku="Standard_Large"))
    assert worth.policy_result.properties.consumed_refunds_total.amount == 0.0


def test_the_refund_explains_itself(owner):
    """Beside what the official client reads, the quote carries its findings."""
    order, reservation = owner.buy()
    body = {
        "id": order_path(order),
        "properties": {
            "scope": "Reservation",
            "reservationToReturn": {"reservationId": item_path(order, reservation), "quantity": 1},
        },
    }
    quote = owner.call("POST", f"{order_path(order)}/calculateRefund", body).json()
    text = str(quote["explanation"])
    for clause in ("refund-cap", "proration", "young-return", "not-refundable"):
        assert clause in text
    assert "50000" in text


def test_dates_are_dates(owner):
    order, reservation = owner.buy()
    item = owner.call("GET", item_path(order, reservation)).json()["properties"]
    assert datetime.date.fromisoformat(item["expiryDate"]) == datetime.date(2027, 3, 2)
    for name in ("effectiveDateTime", "lastUpdatedDateTime", "expiryDateTime", "purchaseDateTime"):
        assert item[name].endswith("Z")
        datetime.datetime.fromisoformat(item[name].replace("Z", "+00:00"))
