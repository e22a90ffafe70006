"""The list of all reservations: filters, order, states, summary and pages."""

import pytest
from azure.core.exceptions import HttpResponseError

from desk import CAPACITY, last


@pytest.fixture(scope="module")
def holder(desk):
    """A customer with eight reservations of four kinds, one of them returned."""
    owner = desk.customer().owner
    for quantity in (1, 2, 3):
        owner.buy(quantity=quantity, name=f"small {quantity}")
    owner.buy(sku="Standard_B2s", term="P3Y", name="three years", renew=True)
    owner.buy(sku="Standard_D2s_v5", plan="Monthly", name="monthly")
    owner.buy(
        sku="SQLDB_GP_Compute_Gen5", resource_type="SqlDatabases", location="eastus", name="it's SQL"
    )
    owner.give_back(*owner.buy(quantity=7, name="returned"), 7)
    owner.buy(
        name="one subscription",
        applied_scope_type="Single",
        applied_scopes=[f"/subscriptions/{owner.customer.subscription}"],
    )
    return owner


def names(holder, **options):
    return [item.properties.display_name for item in holder.client.reservation.list_all(**options)]


def test_everything_is_listed(holder):
    items = list(holder.client.reservation.list_all())
    assert len(items) == 8
    for item in items:
        order = item.id.split("/")[4]
        single = holder.client.reservation.get(order, last(item.id))
        assert single.id.lower() == item.id.lower()
        assert single.properties.quantity == item.properties.quantity


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("properties/quantity eq 3", {"small 3"}),
        ("sku/name eq 'Standard_B2s'", {"three years"}),
        ("properties/term eq 'P3Y'", {"three years"}),
        ("properties/reservedResourceType eq 'SqlDatabases'", {"it's SQL"}),
        ("properties/displayName eq 'it''s SQL'", {"it's SQL"}),
        ("properties/renew eq true", {"three years"}),
        ("properties/displayProvisioningState eq 'Cancelled'", {"returned"}),
        ("properties/appliedScopeType eq 'Single'", {"one subscription"}),
        (
            "properties/displayName eq 'small 1' or properties/displayName eq 'small 2'",
            {"small 1", "small 2"},
        ),
        (
            "(properties/quantity eq 2 or properties/quantity eq 3) and sku/name eq 'standard_b1ls'",
            {"small 2", "small 3"},
        ),
        ("properties/quantity eq 999", set()),
        ("(properties/archived eq false)", {
            "small 1", "small 2", "small 3", "three years", "monthly", "it's SQL", "returned",
            "one subscription",
        }),
    ],
)
def test_a_filter_chooses(holder, condition, expected):
    assert set(names(holder, filter=condition)) == expected


@pytest.mark.parametrize(
    "condition",
    [
        "properties/quantity gt 3",
        "properties/nothing eq 3",
        "properties/quantity eq 'many'",
        "properties/quantity eq",
        "(properties/quantity eq 3",
        "properties/term eq 'P1Y",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(holder, condition):
    with pytest.raises(HttpResponseError) as raised:
        names(holder, filter=condition)
    assert raised.value.status_code == 400
    assert "$filter" in raised.value.error.message


def test_the_order_is_chosen(holder):
    up = names(holder, orderby="properties/displayName asc")
    assert up == sorted(up, key=str.lower)
    assert names(holder, orderby="properties/displayName desc") == up[::-1]
    quantities = [
        item.properties.quantity
        for item in holder.client.reservation.list_all(orderby="properties/quantity")
    ]
    assert quantities == sorted(quantities)
    with pytest.raises(HttpResponseError) as raised:
        names(holder, orderby="properties/colour")
    assert raised.value.status_code == 400
    assert "$orderby" in raised.value.error.message


def test_a_state_is_chosen(holder):
    assert names(holder, selected_state="Cancelled") == ["returned"]
    assert len(names(holder, selected_state="Succeeded")) == 7
    assert names(holder, selected_state="Expired") == []


def test_the_summary_counts_everything(holder):
    page = holder.call("GET", f"{CAPACITY}/reservations?refreshSummary=true&take=2").json()
    summary = page["summary"]
    assert summary["succeededCount"] == 7
    assert summary["cancelledCount"] == 1
    assert summary["expiredCount"] == summary["failedCount"] == summary["pendingCount"] == 0
    plain = holder.call("GET", f"{CAPACITY}/reservations").json()
    assert not plain.get("summary")
    assert list(holder.client.reservation.list_all(refresh_summary="true"))


def test_take_is_the_page(holder):
    pages = [list(page) for page in holder.client.reservation.list_all(take=3).by_page()]
    assert [len(page) for page in pages] == [3, 3, 2]
    ids = [item.id for page in pages for item in page]
    assert len(set(ids)) == 8
    first = holder.call("GET", f"{CAPACITY}/reservations?take=3").json()
    assert len(first["value"]) == 3


def test_many_orders_come_in_pages_of_fifty(desk):
    owner = desk.customer().owner
    bought = {owner.buy(quantity=1 + index % 5)[0] for index in range(53)}
    pages = [list(page) for page in owner.client.reservation_order.list().by_page()]
    assert [len(page) for page in pages] == [50, 3]
    assert {order.name for page in pages for order in page} == bought

    options = {"filter": "properties/quantity eq 2 or properties/quantity eq 1", "take": 10}
    pages = [list(page) for page in owner.client.reservation.list_all(**options).by_page()]
    assert [len(page) for page in pages] == [10, 10, 2]
    assert {item.properties.quantity for page in pages for item in page} == {1, 2}

    every = list(owner.client.reservation.list_all(orderby="properties/quantity desc"))
    quantities = [item.properties.quantity for item in every]
    assert quantities == sorted(quantities, reverse=True)
    assert len({item.id for item in every}) == 53

    link = owner.call("GET", f"{CAPACITY}/reservations?%24orderby=properties%2Fquantity").json()[
        "nextLink"
    ]
    assert link.startswith(owner.desk.base_url + "/providers/")
    assert "api-version=2022-11-01" in link
    assert "orderby" in link.lower()
    first = owner.call("GET", f"{CAPACITY}/reservationOrders").json()
    assert first["nextLink"].startswith(owner.desk.base_url + "/providers/")
    last_page = owner.call("GET", first["nextLink"]).json()
    assert not last_page.get("nextLink")


def test_a_page_is_not_upset_by_what_happens_meanwhile(desk):
    owner = desk.customer().owner
    held = [owner.buy() for _ in range(6)]
    first = owner.call("GET", f"{CAPACITY}/reservations?take=3").json()
    owner.give_back(*held[0])
    owner.buy()
    seen = {last(item["id"]) for item in first["value"]}
    link = first.get("nextLink")
    while link:
        page = owner.call("GET", link).json()
        ids = {last(item["id"]) for item in page["value"]}
        assert not ids & seen, "an item came twice"
        seen |= ids
        link = page.get("nextLink")
    assert {reservation for _, reservation in held} <= seen


def test_a_link_that_was_tampered_with_is_refused(holder):
    for token in ("x", "9" * 400, "-1", "%00"):
        answer = holder.call("GET", f"{CAPACITY}/reservations?%24skiptoken={token}")
        assert answer.status_code in (200, 400), answer.text
