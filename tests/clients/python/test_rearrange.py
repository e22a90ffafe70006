"""Splitting, merging and changing reservations, with the official client."""

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.reservations import models

from desk import code, item_path, last, order_path


def refused(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    return raised.value


def split(owner, order, reservation, quantities):
    body = models.SplitRequest(
        quantities=quantities, reservation_id=item_path(order, reservation)
    )
    return owner.client.reservation.begin_split(order, body).result()


def test_a_split_makes_parts_and_ends_the_whole(owner):
    order, reservation = owner.buy(quantity=10, name="ten")
    before = owner.items(order)[reservation].properties
    *parts, whole = split(owner, order, reservation, [7, 3])
    assert [part.properties.quantity for part in parts] == [7, 3]
    for part in [*parts, whole]:
        assert part.name == f"{order}/{last(part.id)}"
    for part in parts:
        shown = part.properties
        assert shown.provisioning_state == "Succeeded"
        assert shown.display_name == "ten"
        assert shown.expiry_date == before.expiry_date
        assert shown.purchase_date_time == before.purchase_date_time
        assert shown.split_properties.split_source.lower() == item_path(order, reservation).lower()
    shown = whole.properties
    assert (shown.provisioning_state, shown.extended_status_info.status_code) == ("Cancelled", "Split")
    assert shown.quantity == 10
    destinations = [last(part) for part in shown.split_properties.split_destinations]
    assert destinations == [last(part.id) for part in parts]
    live = [
        item.properties.quantity
        for item in owner.items(order).values()
        if item.properties.provisioning_state == "Succeeded"
    ]
    assert sorted(live) == [3, 7]


def test_a_split_that_does_not_add_up_is_refused_with_the_nearest_that_does(owner):
    order, reservation = owner.buy(quantity=10)
    for quantities, repaired in [([7, 2], "7 + 3"), ([10], "9 + 1"), ([11, 1], "9 + 1")]:
        error = refused(split, owner, order, reservation, quantities)
        assert (error.status_code, code(error)) == (400, "BadRequest")
        assert repaired in error.error.message
    assert len(owner.items(order)) == 1


def test_the_same_split_again_is_the_same_answer_and_another_is_refused(owner):
    order, reservation = owner.buy(quantity=4)
    first = split(owner, order, reservation, [1, 3])
    again = split(owner, order, reservation, [1, 3])
    assert [item.id for item in again] == [item.id for item in first]
    assert len(owner.items(order)) == 3
    error = refused(split, owner, order, reservation, [2, 2])
    assert (error.status_code, code(error)) == (409, "OperationCannotBePerformedInCurrentState")


def test_where_the_result_of_a_split_is_stays_good(owner):
    order, reservation = owner.buy(quantity=2)
    body = {
        "properties": {"quantities": [1, 1], "reservationId": item_path(order, reservation)}
    }
    made = owner.call("POST", f"{order_path(order)}/split", body)
    assert made.status_code == 200
    assert f"{reservation}_2" in made.headers["Location"]
    assert "splitoperationresults" in made.headers["Location"]
    followed = owner.call("GET", made.headers["Location"])
    assert (followed.status_code, followed.json()) == (200, made.json())
