"""Quoting and buying, with the official client."""

import datetime
import uuid

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.reservations import models

from desk import API_VERSION, TODAY, code, item_path, last, order_path

DAY = datetime.date.fromisoformat(TODAY[:10])


def refused(call, *arguments, **keywords):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments, **keywords)
    return raised.value


def test_a_quote_has_price_title_and_order_id(owner):
    quote = owner.quote(sku="standard_B1LS", quantity=3)
    assert uuid.UUID(quote.reservation_order_id)
    assert (quote.billing_currency_total.currency_code, quote.billing_currency_total.amount) == (
        "USD",
        96.0,
    )
    assert quote.pricing_currency_total.amount == 96.0
    assert (quote.net_total, quote.tax_total) == (96.0, 0.0)
    assert quote.sku_title == "Reserved VM Instance, Standard_B1ls, US West, 1 Year"
    assert quote.sku_description == "standard_B1LS"
    assert not quote.payment_schedule


def test_a_monthly_quote_has_its_schedule(owner):
    quote = owner.quote(plan="Monthly", quantity=2)
    # 32.00 over 12 cut to 2.66, for two units.
    assert quote.billing_currency_total.amount == 63.84
    rows = quote.payment_schedule
    assert len(rows) == 12
    assert [row.due_date for row in rows[:3]] == [
        DAY,
        datetime.date(2026, 4, 2),
        datetime.date(2026, 5, 2),
    ]
    assert {row.pricing_currency_total.amount for row in rows} == {5.32}
    assert {row.status for row in rows} == {"Scheduled"}
    assert rows[0].billing_currency_total.amount == 5.32
    assert rows[1].billing_currency_total is None


def test_two_quotes_are_two_orders(owner):
    assert owner.quote().reservation_order_id != owner.quote().reservation_order_id


def test_a_purchase_can_be_seen(owner):
    request = owner.request(
        quantity=3,
        name="Web servers of the shop",
        renew=True,
        reserved_resource_properties=models.PurchaseRequestPropertiesReservedResourceProperties(
            instance_flexibility="Off"
        ),
    )
    orders = owner.client.reservation_order
    id = orders.calculate(request).properties.reservation_order_id
    order = orders.begin_purchase(id, request).result()
    assert order.name == id
    assert order.id.lower() == order_path(id).lower()
    assert order.type.lower() == "microsoft.capacity/reservationorders"
    assert isinstance(order.etag, int)
    properties = order.properties
    assert properties.display_name == "Web servers of the shop"
    assert properties.original_quantity == 3
    assert (properties.term, properties.billing_plan) == ("P1Y", "Upfront")
    assert len(properties.reservations) == 1

    reservation = owner.client.reservation.get(id, last(properties.reservations[0].id))
    assert reservation.id.lower() == item_path(id, reservation.name).lower()
    assert reservation.location == "westus"
    assert reservation.sku.name == "Standard_B1ls"
    item = reservation.properties
    assert item.quantity == 3
    assert item.reserved_resource_type == "VirtualMachines"
    assert item.instance_flexibility == "Off"
    assert item.renew is True
    assert item.provisioning_state == "Succeeded"
    assert item.display_provisioning_state == "Succeeded"
    assert item.applied_scope_type == "Shared"
    assert item.user_friendly_applied_scope_type == "Shared"
    assert item.billing_scope_id.lower() == f"/subscriptions/{owner.customer.subscription}"
    assert item.effective_date_time.date() == DAY
    assert item.purchase_date == DAY
    assert item.expiry_date == datetime.date(2027, 3, 2)


def test_the_plan_of_an_order_is_shown_when_asked_for(owner):
    order, _ = owner.buy(plan="Monthly", quantity=2)
    plain = owner.client.reservation_order.get(order)
    assert plain.properties.plan_information is None
    plan = owner.client.reservation_order.get(order, expand="schedule").properties.plan_information
    assert plan.start_date == DAY
    assert plan.next_payment_due_date == datetime.date(2026, 4, 2)
    assert plan.pricing_currency_total.amount == 63.84
    rows = plan.transactions
    assert len(rows) == 12
    assert rows[0].status == "Succeeded"
    assert {row.status for row in rows[1:]} == {"Scheduled"}
    assert sum(round(row.pricing_currency_total.amount * 100) for row in rows) == 6384


def test_orders_are_listed(owner):
    bought = {owner.buy()[0] for _ in range(3)}
    listed = list(owner.client.reservation_order.list())
    assert {order.name for order in listed} == bought


def test_a_single_scope_comes_back_in_detail(owner):
    subscription = owner.customer.subscription
    order, reservation = owner.buy(
        applied_scope_type="Single", applied_scopes=[f"/subscriptions/{subscription}"]
    )
    item = owner.client.reservation.get(order, reservation).properties
    assert item.applied_scope_type == "Single"
    scope = item.applied_scope_properties
    assert last(scope.subscription_id).lower() == subscription


def test_what_real_clients_send_is_accepted(owner):
    """A bare subscription id, empty objects, the calendar's first instant and unknown members."""
    body = owner.request().as_dict()
    body["properties"] |= {
        "billingScopeId": owner.customer.subscription.upper(),
        "reservedResourceProperties": {"instanceFlexibility": ""},
        "reviewDateTime": "0001-01-01T00:00:00.0000000",
        "somethingNew": {"of": ["tomorrow"]},
    }
    quote = owner.call("POST", "/providers/microsoft.capacity/calculateprice", body)
    assert quote.status_code == 200, quote.text
    order = quote.json()["properties"]["reservationOrderId"]
    assert owner.call("PUT", order_path(order), body).status_code == 202


def test_an_unknown_sku_is_refused(owner):
    error = refused(owner.quote, sku="Standard_Nothing")
    assert (error.status_code, code(error)) == (400, "InvalidFulfillmentRequestParameters")
    assert "Standard_Nothing" in error.error.message


def test_a_sku_of_another_region_is_refused_with_its_regions(owner):
    error = refused(owner.quote, location="brazilsouth")
    assert error.status_code == 400
    assert "westus" in error.error.message


def test_an_unknown_type_is_refused(owner):
    error = refused(owner.quote, resource_type="Teapots")
    assert error.status_code == 400
    assert "Teapots" in error.error.message


def test_a_term_that_is_not_sold_is_refused_with_those_that_are(owner):
    error = refused(owner.quote, term="P5Y")
    assert (error.status_code, code(error)) == (400, "UnsupportedReservationTerm")
    assert "P1Y" in error.error.message and "P3Y" in error.error.message


def test_an_unknown_subscription_is_not_found(owner):
    request = owner.request()
    request.properties.billing_scope_id = f"/subscriptions/{uuid.uuid4()}"
    error = refused(owner.client.reservation_order.calculate, request)
    assert error.status_code in (400, 403, 404)
    assert code(error) in ("SubscriptionNotFound", "InvalidSubscriptionId", "AuthorizationFailed")


def test_an_order_that_was_not_quoted_is_refused(owner):
    error = refused(
        owner.client.reservation_order.begin_purchase, str(uuid.uuid4()), owner.request()
    )
    assert (error.status_code, code(error)) == (400, "BadRequest")
    assert "quote" in error.error.message.lower()


def test_the_same_purchase_again_is_the_same_answer(owner):
    request = owner.request(quantity=2)
    orders = owner.client.reservation_order
    id = orders.calculate(request).properties.reservation_order_id
    first = orders.begin_purchase(id, request).result()
    again = orders.begin_purchase(id, request).result()
    assert first.as_dict() == again.as_dict()
    assert len(list(orders.list())) == 1
    assert sum(item.properties.quantity for item in owner.client.reservation.list(id)) == 2
    plan = orders.get(id, expand="schedule").properties.plan_information
    assert len(plan.transactions) == 1


def test_another_purchase_under_a_bought_id_is_a_conflict(owner):
    order, _ = owner.buy(quantity=2)
    with pytest.raises(ResourceExistsError) as raised:
        owner.client.reservation_order.begin_purchase(order, owner.request(quantity=3))
    assert code(raised.value) == "ReservationOrderIdAlreadyExists"
    assert owner.client.reservation_order.get(order).properties.original_quantity == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"quantity": 2},
        {"term": "P3Y"},
        {"plan": "Monthly"},
        {"sku": "Standard_B2s"},
        {"location": "westeurope"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_quote_is_for_what_was_quoted(owner, changed):
    id = owner.quote().reservation_order_id
    error = refused(
        owner.client.reservation_order.begin_purchase, id, owner.request(**changed)
    )
    assert error.status_code in (400, 409)
    with pytest.raises(ResourceNotFoundError):
        owner.client.reservation_order.get(id)


def test_somebody_elses_quote_cannot_be_bought(desk):
    customer = desk.customer(members={"ann": [("Owner", "/")], "bob": [("Owner", "/")]})
    id = customer.ann.quote().reservation_order_id
    error = refused(
        customer.bob.client.reservation_order.begin_purchase, id, customer.bob.request()
    )
    assert (error.status_code, code(error)) == (400, "BadRequest")
    # It is still Ann's to buy.
    bought = customer.ann.client.reservation_order.begin_purchase(id, customer.ann.request())
    assert bought.result().name == id


def test_a_quote_lapses(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    id = owner.quote().reservation_order_id
    own_desk.set_clock("2026-03-02T13:00:00Z")
    error = refused(owner.client.reservation_order.begin_purchase, id, owner.request())
    assert (error.status_code, code(error)) == (400, "BadRequest")
    assert "timed out" in error.error.message
    assert owner.buy()


def test_a_price_that_moved_is_not_charged(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    id = owner.quote().reservation_order_id
    own_desk.apply({
        "prices": [{
            "resourceType": "VirtualMachines",
            "sku": "Standard_B1ls",
            "location": "westus",
            "term": "P1Y",
            "currency": "USD",
            "unitTotal": "33",
            "since": TODAY[:10],
        }]
    })
    error = refused(owner.client.reservation_order.begin_purchase, id, owner.request())
    assert error.status_code == 400
    assert "33" in error.error.message and "32" in error.error.message


def test_old_series_are_sold_until_the_end_of_june_2026(own_desk):
    own_desk.set_clock("2026-06-30T23:59:00Z")
    owner = own_desk.customer().owner
    assert owner.quote(term="P1Y").billing_currency_total.amount == 32.0
    assert owner.quote(sku="Standard_D2s_v3", term="P3Y").billing_currency_total.amount == 1153.0
    own_desk.set_clock("2026-07-01T00:00:00Z")
    error = refused(owner.quote, term="P1Y")
    assert (error.status_code, code(error)) == (400, "InvalidFulfillmentRequestParameters")
    assert "2026-07-01" in error.error.message
    assert "P3Y" in error.error.message, "the term that is still sold is offered"
    assert owner.quote(term="P3Y").billing_currency_total.amount == 62.0
    error = refused(owner.quote, sku="Standard_D2s_v3", term="P3Y")
    assert code(error) == "InvalidFulfillmentRequestParameters"
    assert owner.quote(sku="Standard_D2s_v5", term="P3Y").billing_currency_total.amount == 1089.0


def test_instalments_are_paid_as_time_goes_on(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    order, reservation = owner.buy(plan="Monthly")
    own_desk.set_clock("2026-05-20T00:00:00Z")
    plan = owner.client.reservation_order.get(order, expand="schedule").properties.plan_information
    statuses = [row.status for row in plan.transactions]
    assert statuses == ["Succeeded"] * 3 + ["Scheduled"] * 9
    assert plan.next_payment_due_date == datetime.date(2026, 6, 2)
    own_desk.set_clock("2027-03-02T00:00:00Z")
    item = owner.client.reservation.get(order, reservation).properties
    assert item.display_provisioning_state == "Expired"
    plan = owner.client.reservation_order.get(order, expand="schedule").properties.plan_information
    assert [row.status for row in plan.transactions] == ["Succeeded"] * 12


def test_an_account_in_another_currency_is_quoted_in_both(desk):
    owner = desk.customer(currency="GBP", usdRate="1.25", payment="prepayment").owner
    quote = owner.quote(location="uksouth")
    assert (quote.billing_currency_total.currency_code, quote.billing_currency_total.amount) == (
        "GBP",
        22.0,
    )
    assert (quote.pricing_currency_total.currency_code, quote.pricing_currency_total.amount) == (
        "USD",
        27.5,
    )


def test_both_versions_buy(owner):
    for version in (API_VERSION, "2022-03-01"):
        body = owner.request().as_dict()
        quote = owner.call("POST", "/providers/Microsoft.Capacity/calculatePrice", body, version=version)
        assert quote.status_code == 200, quote.text
        order = quote.json()["properties"]["reservationOrderId"]
        bought = owner.call("PUT", order_path(order), body, version=version)
        assert bought.status_code == 202, bought.text
        assert owner.call("GET", order_path(order), version=version).status_code == 200
