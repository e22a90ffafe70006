"""What the official clients rely on without saying so: headers, links, envelopes, long runs."""

import json
import re
import uuid
from decimal import Decimal

import pytest

from desk import CAPACITY, arm_error, item_path, order_path

GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


@pytest.fixture(scope="module")
def owner(desk):
    return desk.customer().owner


@pytest.fixture(scope="module")
def bought(owner):
    return owner.buy(quantity=3)


def amounts(value):
    """Every member called `amount`, as it stands in the text."""
    if isinstance(value, dict):
        yield from (member for name, member in value.items() if name == "amount")
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from amounts(member)


def numbers(value):
    """Every number of a JSON document."""
    if isinstance(value, dict):
        for member in value.values():
            yield from numbers(member)
    elif isinstance(value, list):
        for member in value:
            yield from numbers(member)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def test_every_answer_has_the_usual_headers(owner, bought):
    for path in (f"{CAPACITY}/reservationOrders", order_path(bought[0]), order_path(uuid.uuid4())):
        answer = owner.call("GET", path)
        headers = answer.headers
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache, no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert headers["Pragma"] == "no-cache"
        assert headers["Expires"] == "-1"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert GUID.match(headers["x-ms-request-id"])
        correlation = headers["x-ms-correlation-request-id"]
        assert GUID.match(correlation)
        routing = headers["x-ms-routing-request-id"]
        assert re.match(rf"^[A-Z0-9]+:\d{{8}}T\d{{6}}Z:{correlation}$", routing), routing


def test_the_callers_id_comes_back_when_asked_for(owner):
    id = str(uuid.uuid4())
    headers = {"x-ms-client-request-id": id, "x-ms-return-client-request-id": "true"}
    answer = owner.call("GET", f"{CAPACITY}/reservationOrders", headers=headers)
    assert answer.headers["x-ms-client-request-id"] == id


def test_the_rest_of_the_rate_is_told(owner, bought):
    first = owner.call("GET", f"{CAPACITY}/reservationOrders").headers
    second = owner.call("GET", f"{CAPACITY}/reservationOrders").headers
    reads = "x-ms-ratelimit-remaining-tenant-reads"
    assert 0 < int(second[reads]) <= int(first[reads]) <= 11999
    writes = owner.call("POST", f"{CAPACITY}/calculatePrice", owner.request().as_dict()).headers
    assert 0 < int(writes["x-ms-ratelimit-remaining-tenant-writes"]) <= 1199
    subscription = owner.customer.subscription
    catalog = owner.call(
        "GET", f"/subscriptions/{subscription}{CAPACITY}/catalogs?reservedResourceType=VirtualMachines"
    ).headers
    assert int(catalog["x-ms-ratelimit-remaining-subscription-reads"]) > 0


def test_a_purchase_is_accepted_with_the_order(owner):
    body = owner.request(quantity=2).as_dict()
    quote = owner.call("POST", f"{CAPACITY}/calculatePrice", body).json()["properties"]
    order = quote["reservationOrderId"]
    bought = owner.call("PUT", order_path(order), body)
    assert bought.status_code == 202
    assert int(bought.headers["Retry-After"]) >= 1
    location = bought.headers["Location"]
    assert location.startswith(owner.desk.base_url + "/providers/")
    assert order in location
    assert "api-version=2022-11-01" in location
    answer = bought.json()
    assert answer["id"].lower() == order_path(order).lower()
    assert answer["id"].startswith("/providers/microsoft.capacity/")
    assert answer["name"] == order
    assert type(answer["etag"]) is int
    assert answer["properties"]["originalQuantity"] == 2
    # The order itself answers 200 at once, so that clients end.
    assert owner.call("GET", location).status_code == 200


def test_amounts_are_numbers_of_two_decimals(owner):
    body = owner.request(plan="Monthly", quantity=7).as_dict()
    order, _ = owner.buy(plan="Monthly", quantity=7)
    for document in (
        owner.call("POST", f"{CAPACITY}/calculatePrice", body).text,
        owner.call("GET", f"{order_path(order)}?%24expand=schedule").text,
    ):
        found = list(amounts(json.loads(document, parse_float=Decimal)["properties"]))
        assert found
        for amount in found:
            assert isinstance(amount, Decimal), amount
            assert amount.as_tuple().exponent >= -2, amount


def test_amounts_keep_a_decimal_point(owner):
    """`32.0`, as the recorded service writes it; strictly typed clients read a double."""
    text = owner.call("POST", f"{CAPACITY}/calculatePrice", owner.request().as_dict()).text
    assert re.search(r'"amount":\s*32\.0[,}]', text), text


def test_ids_are_spelled_as_the_service_spells_them(owner, bought):
    order = owner.call("GET", order_path(bought[0])).json()
    assert order["id"].startswith("/providers/microsoft.capacity/reservationOrders/")
    assert order["type"] == "microsoft.capacity/reservationOrders"
    (item,) = order["properties"]["reservations"]
    assert item["id"].startswith("/providers/Microsoft.Capacity/reservationOrders/")
    reservation = owner.call("GET", item["id"]).json()
    assert reservation["name"] == bought[1]
    assert reservation["type"] == "microsoft.capacity/reservationOrders/reservations"
    assert type(reservation["etag"]) is int


def test_letter_case_of_paths_and_keys_does_not_matter(owner, bought):
    order, reservation = bought
    for path in (
        f"/PROVIDERS/MICROSOFT.CAPACITY/RESERVATIONORDERS/{order.upper()}?API-VERSION=2022-11-01",
        f"/providers/microsoft.capacity/reservationorders/{order}/RESERVATIONS/{reservation.upper()}"
        "?api-version=2022-11-01",
        f"/providers/microsoft.Capacity/reservations?$FILTER=properties/quantity%20eq%203"
        "&RefreshSummary=true&api-version=2022-11-01",
        "/providers/Microsoft.Capacity/reservations?%24filter=properties%2Fquantity+eq+3"
        "&refreshsummary=true&api-version=2022-11-01",
    ):
        answer = owner.call("GET", path)
        assert answer.status_code == 200, (path, answer.text)
        if "ilter" in path.lower():
            assert [row["name"] for row in answer.json()["value"]] == [reservation]
            assert answer.json()["summary"]


def test_a_trailing_slash_is_nothing(owner):
    assert owner.call("GET", f"{CAPACITY}/reservationOrders/").status_code == 200


def test_the_version_is_required(owner):
    answer = owner.call("GET", f"{CAPACITY}/reservationOrders", version=None)
    assert answer.status_code == 400
    assert arm_error(answer)["code"] == "MissingApiVersionParameter"


def test_an_unknown_version_is_refused_with_the_known(owner):
    answer = owner.call("GET", f"{CAPACITY}/reservationOrders", version="2035-01-01")
    assert answer.status_code == 400
    error = arm_error(answer)
    assert error["code"] == "InvalidApiVersionParameter"
    assert "2022-11-01" in error["message"] and "2022-03-01" in error["message"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/providers/Microsoft.Nothing/things", "InvalidResourceNamespace"),
        (f"{CAPACITY}/nothing", "InvalidResourceType"),
        (f"{CAPACITY}/reservationOrders/00000000-0000-0000-0000-000000000001/nothing", "InvalidResourceType"),
    ],
)
def test_an_unknown_path_is_not_found(owner, path, wanted):
    answer = owner.call("GET", path)
    assert answer.status_code == 404
    assert arm_error(answer)["code"] == wanted


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", f"{CAPACITY}/reservationOrders"),
        ("GET", f"{CAPACITY}/calculatePrice"),
        ("PUT", f"{CAPACITY}/calculateExchange"),
        ("PATCH", order_path("00000000-0000-0000-0000-000000000001")),
    ],
)
def test_a_wrong_verb_is_refused_with_the_right_ones(owner, method, path):
    answer = owner.call(method, path)
    assert answer.status_code == 405
    assert arm_error(answer)["code"] == "HttpMethodNotSupported"
    assert "GET" in answer.headers["Allow"] or "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("order", ["nonsense", "1", "00000000000000000000000000000000x"])
def test_an_id_that_is_none_is_refused(owner, order):
    answer = owner.call("GET", order_path(order))
    assert answer.status_code == 400
    assert arm_error(answer)["code"] == "InvalidReservationOrderId"


def test_refusals_are_not_to_be_tried_again(owner, bought):
    """The Python client resends every request whose answer carries Retry-After."""
    refusals = [
        owner.call("GET", order_path(uuid.uuid4())),
        owner.call("PUT", order_path(uuid.uuid4()), owner.request().as_dict()),
        owner.call("POST", f"{CAPACITY}/calculatePrice", {}),
        owner.call("GET", f"{CAPACITY}/reservationOrders", headers={"Authorization": "Bearer x"}),
    ]
    for answer in refusals:
        assert 400 <= answer.status_code < 500
        assert "Retry-After" not in answer.headers


def test_sandbox_routes_answer_json(desk):
    answer = desk.http.get(desk.base_url + "/sandbox/clock")
    assert answer.status_code == 200
    assert set(answer.json()) >= {"now"}


def test_the_clock_of_a_sandbox_stands_still(desk):
    assert desk.now() == desk.now()


def test_the_clock_does_not_go_back_behind_what_was_recorded(desk, owner, bought):
    answer = desk.http.post(desk.base_url + "/sandbox/clock", json={"now": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 400
    assert arm_error(answer)["code"]


def test_a_world_applied_twice_changes_nothing(desk):
    customer = desk.customer()
    order, _ = customer.owner.buy()
    again = desk.apply(customer.world)
    assert again.get("applied", 0) == 0, again
    assert customer.owner.client.reservation_order.get(order).name == order


def test_a_world_that_is_wrong_changes_nothing(desk):
    customer = desk.customer()
    world = json.loads(json.dumps(customer.world))
    world["billingAccounts"][0]["agreement"] = "handshake"
    world["billingAccounts"][0]["currency"] = "XYZ"
    answer = desk.http.post(desk.base_url + "/sandbox/world", json=world)
    assert answer.status_code == 400
    said = json.dumps(arm_error(answer))
    assert "agreement" in said and "currency" in said, "all faults at once"


def test_the_item_shows_what_clients_read(owner, bought):
    order, reservation = bought
    item = owner.call("GET", item_path(order, reservation)).json()
    properties = item["properties"]
    assert properties["billingScopeId"] == f"/subscriptions/{owner.customer.subscription}"
    assert properties["userFriendlyRenewState"] in ("Off", "NotApplicable")
    assert properties["archived"] is False
    assert properties["skuDescription"]
    aggregates = properties["utilization"]["aggregates"]
    assert isinstance(aggregates, list)
    assert all(isinstance(number, (int, float)) for number in numbers(aggregates))
    assert item["sku"] == {"name": "Standard_B1ls"}


def test_head_and_options_do_not_fall_over(owner):
    for method in ("HEAD", "OPTIONS"):
        assert owner.call(method, f"{CAPACITY}/reservationOrders").status_code < 500


def test_long_links_and_many_parameters_are_refused_and_not_fatal(owner):
    answer = owner.call("GET", f"{CAPACITY}/reservations?%24filter=" + "x" * 40_000)
    assert answer.status_code in (400, 414, 431)
    answer = owner.call("GET", f"{CAPACITY}/reservations?" + "&".join(f"a{i}=1" for i in range(500)))
    assert answer.status_code in (200, 400, 414)
    answer = owner.call("GET", f"{CAPACITY}/reservations", headers={"X-Long": "x" * 60_000})
    assert answer.status_code in (400, 431)
    assert owner.call("GET", f"{CAPACITY}/reservations").status_code == 200


def test_the_json_of_every_answer_is_utf8(owner):
    order, reservation = owner.buy(name="Büro 東京 🏢")
    item = owner.call("GET", item_path(order, reservation))
    assert json.loads(item.content.decode("utf-8"))["properties"]["displayName"] == "Büro 東京 🏢"
