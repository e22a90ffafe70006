"""Every version of Microsoft.Capacity over plain HTTP; each answer is held against the published
schema of its version where that is at hand."""

import pytest

from desk import CAPACITY, item_path, order_path, purchase_body

VERSIONS = ["2017-11-01", "2018-06-01-preview", "2018-06-01", "2019-04-01", "2020-10-01-preview",
            "2021-07-01", "2022-03-01", "2022-11-01"]


def ok(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def bought(desk):
    customer = desk.customer()
    order, reservation = customer.owner.buy(quantity=4, plan="Monthly")
    return customer, order, reservation


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_bought_is_seen_at_every_version(bought, version):
    customer, order, reservation = bought
    get = lambda path: ok(customer.owner.call("GET", path, version=version))
    shown = get(order_path(order))
    assert shown["name"] == order
    assert [row["name"] for row in get(f"{CAPACITY}/reservationOrders")["value"]] == [order]
    item = get(item_path(order, reservation))
    # One reservation is explained, those of a list are not.
    item.pop("explanation")
    named = f"{order}/{reservation}" if version < "2021" else reservation
    assert (item["name"], item["properties"]["quantity"]) == (named, 4)
    assert get(order_path(order) + "/reservations")["value"] == [item]
    assert get(f"{CAPACITY}/operations")["value"]
    catalog = get(f"/subscriptions/{customer.subscription}{CAPACITY}/catalogs"
                  "?reservedResourceType=VirtualMachines&location=westus")
    rows = catalog["value"] if version == "2022-11-01" else catalog
    assert rows and all(row["resourceType"] == "virtualMachines" for row in rows)
    expanded = get(order_path(order) + "?$expand=schedule")["properties"]
    assert ("planInformation" in expanded) == (version >= "2019")


@pytest.mark.parametrize("version", VERSIONS[3:])
def test_a_price_and_a_purchase_at_every_version_that_has_them(desk, version):
    customer = desk.customer()
    body = purchase_body(customer.subscription, quantity=2)
    priced = ok(customer.owner.call("POST", f"{CAPACITY}/calculatePrice", body, version=version))
    order = priced["properties"]["reservationOrderId"]
    placed = customer.owner.call("PUT", order_path(order), body, version=version)
    assert ok(placed, 202)["name"] == order
    assert placed.headers["Location"].endswith(f"?api-version={version}")
    assert ok(customer.owner.call("GET", placed.headers["Location"]))["name"] == order


@pytest.mark.parametrize("version", VERSIONS)
def test_a_split_answers_a_bare_list_at_every_version(desk, version):
    owner = desk.customer().owner
    order, reservation = owner.buy(quantity=3)
    body = {"properties": {"quantities": [1, 2], "reservationId": item_path(order, reservation)}}
    done = owner.call("POST", order_path(order) + "/split", body, version=version)
    rows = ok(done)
    assert [row["properties"]["quantity"] for row in rows][:2] == [1, 2]
    assert ok(owner.call("GET", done.headers["Location"])) == rows


def test_an_operation_that_a_version_lacks_is_refused_with_those_that_have_it(owner):
    for version, path in [
        ("2017-11-01", f"{CAPACITY}/calculatePrice"),
        ("2019-04-01", f"{CAPACITY}/calculateExchange"),
        ("2020-11-15-preview", f"{CAPACITY}/calculatePrice"),
    ]:
        answer = owner.call("POST", path, {}, version=version)
        error = ok(answer, 400)["error"]
        assert error["code"] == "InvalidApiVersionParameter"
        assert version in error["message"] and "2022-11-01" in error["message"]
    gone = owner.call("GET", f"{CAPACITY}/reservations", version="2020-10-01-preview")
    assert ok(gone, 400)["error"]["code"] == "InvalidApiVersionParameter"
