"""Savings plans through the official client of Microsoft.BillingBenefits."""

import datetime
import uuid

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.billingbenefits import models

from desk import OWNER, TODAY, code, last
from plans import BENEFITS, VERSION, benefits, buy_plan, plan_request, reservation_request


def test_a_plan_is_bought_under_a_name_and_read(owner):
    client = benefits(owner)
    subscription = owner.customer.subscription
    bought = client.savings_plan_order_alias.begin_create(
        "first-plan", plan_request(subscription, amount=15.23, term="P3Y")
    ).result()
    assert bought.name == "first-plan"
    assert bought.properties.provisioning_state == "Succeeded"
    assert bought.properties.commitment.amount == 15.23
    assert bought.properties.commitment.grain == "Hourly"
    assert bought.properties.billing_scope_id == f"/subscriptions/{subscription}"
    order_id = last(bought.properties.savings_plan_order_id)

    order = client.savings_plan_order.get(order_id)
    assert order.name == order_id
    assert order.sku.name == "Compute_Savings_Plan"
    assert order.properties.provisioning_state == "Succeeded"
    assert order.properties.term == "P3Y"
    assert order.properties.billing_plan == "P1M"
    [plan_id] = order.properties.savings_plans

    plan = client.savings_plan.get(order_id, last(plan_id))
    assert plan.id == plan_id
    assert plan.properties.commitment.amount == 15.23
    assert plan.properties.display_provisioning_state == "Succeeded"
    assert plan.properties.applied_scope_type == "Shared"
    assert plan.properties.utilization.aggregates == []
    bought_at = plan.properties.purchase_date_time
    assert bought_at.date() == datetime.date(2026, 3, 2)
    assert plan.properties.expiry_date_time.date() == datetime.date(2029, 3, 2)


def test_the_same_name_is_the_same_plan_and_another_request_is_a_conflict(owner):
    client = benefits(owner)
    request = plan_request(owner.customer.subscription, amount=0.5)
    first = client.savings_plan_order_alias.begin_create("twice", request).result()
    again = client.savings_plan_order_alias.begin_create("TWICE", request).result()
    assert again.properties.savings_plan_order_id == first.properties.savings_plan_order_id
    assert len(list(client.savings_plan_order.list())) == 1
    other = plan_request(owner.customer.subscription, amount=0.6)
    with pytest.raises(HttpResponseError) as refused:
        client.savings_plan_order_alias.begin_create("twice", other)
    assert refused.value.status_code == 409
    assert code(refused.value) == "SavingsPlanOrderAliasAlreadyExists"
    read = client.savings_plan_order_alias.get("Twice")
    assert read.properties.savings_plan_order_id == first.properties.savings_plan_order_id
    with pytest.raises(HttpResponseError) as absent:
        client.savings_plan_order_alias.get("never-used")
    assert code(absent.value) == "SavingsPlanOrderAliasNotFound"


def test_the_alias_answers_201_with_its_operation_and_then_200(owner):
    path = f"{BENEFITS}/savingsPlanOrderAliases/plain"
    body = plan_request(owner.customer.subscription).as_dict()
    for version in ("2022-11-01", "2025-12-01-preview"):
        answer = owner.call("PUT", f"{path}-{version}", body, version=version)
        assert answer.status_code == 201, answer.text
        assert answer.json()["properties"]["provisioningState"] == "Creating"
        assert int(answer.headers["Retry-After"]) >= 1
        polled = owner.call("GET", answer.headers["Azure-AsyncOperation"])
        assert polled.status_code == 200 and polled.json()["status"] == "Succeeded"
        assert f"api-version={version}" in answer.headers["Azure-AsyncOperation"]
        again = owner.call("PUT", f"{path}-{version}", body, version=version)
        assert again.status_code == 200
        assert again.json()["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize(
    "wish, wanted",
    [
        ({"sku": "Storage_Savings_Plan"}, "InvalidFulfillmentRequestParameters"),
        ({"term": "P5Y"}, "UnsupportedReservationTerm"),
        ({"currency": "EUR"}, "BadRequest"),
        ({"amount": 0.0005}, "BadRequest"),
        ({"amount": 0}, "BadRequest"),
        ({"billing_scope_id": "here"}, "InvalidSubscriptionId"),
        ({"applied_scope_type": "Single"}, "MissingAppliedScopesForSingle"),
    ],
)
def test_what_is_not_sold_is_refused(owner, wish, wanted):
    with pytest.raises(HttpResponseError) as refused:
        benefits(owner).savings_plan_order_alias.begin_create(
            "refused", plan_request(owner.customer.subscription, **wish)
        )
    assert refused.value.status_code == 400
    assert code(refused.value) == wanted


def test_the_schedule_is_the_commitment_over_its_hours(owner):
    order, _ = buy_plan(owner, amount=0.001, term="P3Y")
    plan = benefits(owner, expand="schedule").savings_plan_order.get(order).properties
    information = plan.plan_information
    assert information.pricing_currency_total.amount == 26.28
    assert information.start_date == datetime.date(2026, 3, 2)
    assert information.next_payment_due_date == datetime.date(2026, 4, 2)
    rows = information.transactions
    assert [row.pricing_currency_total.amount for row in rows] == [0.73] * 36
    assert [row.status for row in rows] == ["Succeeded"] + ["Scheduled"] * 35
    assert rows[-1].due_date == datetime.date(2029, 2, 2)
    upfront, _ = buy_plan(owner, amount=15.23, billing_plan=None)
    plan = benefits(owner, expand="schedule").savings_plan_order.get(upfront).properties
    assert plan.billing_plan is None
    [row] = plan.plan_information.transactions
    assert (row.billing_currency_total.amount, row.status) == (133414.8, "Succeeded")


def test_plans_are_listed_filtered_ordered_counted_and_paged(desk):
    owner = desk.customer().owner
    client = benefits(owner)
    bought = [buy_plan(owner, display_name=name, amount=0.01) for name in ("b", "a", "c")]
    orders = list(client.savings_plan_order.list())
    assert {order.name for order in orders} == {order for order, _ in bought}
    plans = list(client.savings_plan.list_all(orderby="properties/displayName asc", take=2))
    assert [plan.properties.display_name for plan in plans] == ["a", "b", "c"]
    plans = list(client.savings_plan.list_all(orderby="properties/displayName desc", take=1))
    assert [plan.properties.display_name for plan in plans] == ["c", "b", "a"]
    filtered = "(properties/archived eq false and properties/displayName eq 'b')"
    [only] = client.savings_plan.list_all(filter=filtered)
    assert only.properties.display_name == "b"
    assert list(client.savings_plan.list_all(selected_state="Expired")) == []
    page = owner.call("GET", f"{BENEFITS}/savingsPlans?refreshsummary=true&take=1").json()
    assert len(page["value"]) == 1 and page["nextLink"].startswith("https://")
    [summary] = page["additionalProperties"]
    assert summary["name"] == "summary" and summary["value"]["succeededCount"] == 3
    [item] = client.savings_plan.list(bought[0][0])
    assert item.name == "/".join(bought[0])
    with pytest.raises(HttpResponseError) as refused:
        list(client.savings_plan.list_all(filter="properties/colour eq 'red'"))
    assert refused.value.status_code == 400
    with pytest.raises(HttpResponseError) as absent:
        list(client.savings_plan.list(str(uuid.uuid4())))
    assert code(absent.value) == "SavingsPlanOrderNotFound"


def test_a_plan_is_changed_and_says_what_it_becomes(owner):
    client = benefits(owner)
    subscription = owner.customer.subscription
    order, plan = buy_plan(owner)
    renewed = models.PurchaseRequest(
        sku=models.ResourceSku(name="Compute_Savings_Plan"),
        properties=models.PurchaseRequestProperties(
            display_name="next",
            billing_scope_id=f"/subscriptions/{subscription}",
            term="P3Y",
            billing_plan="P1M",
            applied_scope_type="Shared",
            commitment=models.Commitment(grain="Hourly", currency_code="USD", amount=2),
        ),
    )
    changed = client.savings_plan.begin_update(
        order,
        plan,
        models.SavingsPlanUpdateRequest(
            properties=models.SavingsPlanUpdateRequestProperties(
                display_name="renamed",
                applied_scope_type="Single",
                applied_scope_properties=models.AppliedScopeProperties(
                    subscription_id=f"/subscriptions/{subscription}"
                ),
                renew=True,
                renew_properties=models.RenewProperties(purchase_properties=renewed),
            )
        ),
    ).result()
    assert changed.properties.display_name == "renamed"
    assert changed.properties.user_friendly_applied_scope_type == "Single"
    assert changed.properties.renew is True
    assert changed.properties.renew_properties is None
    expanded = benefits(owner, expand="renewProperties").savings_plan.get(order, plan)
    purchase = expanded.properties.renew_properties.purchase_properties
    assert purchase.properties.commitment.amount == 2
    assert purchase.properties.term == "P3Y"
    with pytest.raises(HttpResponseError) as same:
        client.savings_plan.begin_update(
            order,
            plan,
            models.SavingsPlanUpdateRequest(
                properties=models.SavingsPlanUpdateRequestProperties(display_name="renamed")
            ),
        )
    assert code(same.value) == "PatchValuesSameAsExisting"
    with pytest.raises(HttpResponseError) as absent:
        client.savings_plan.get(order, str(uuid.uuid4()))
    assert code(absent.value) == "SavingsPlanNotFound"


def test_changes_are_validated_row_by_row(owner):
    order, plan = buy_plan(owner)
    stranger = str(uuid.uuid4())
    answer = benefits(owner).savings_plan.validate_update(
        order,
        plan,
        models.SavingsPlanUpdateValidateRequest(
            benefits=[
                models.SavingsPlanUpdateRequestProperties(display_name="fine"),
                models.SavingsPlanUpdateRequestProperties(
                    applied_scope_type="Single",
                    applied_scope_properties=models.AppliedScopeProperties(
                        subscription_id=f"/subscriptions/{stranger}"
                    ),
                ),
                models.SavingsPlanUpdateRequestProperties(applied_scope_type="Shared"),
            ]
        ),
    )
    rows = [(row.valid, row.reason_code) for row in answer.benefits]
    assert rows == [
        (True, None),
        (False, "AppliedScopesNotAssociatedWithCommerceAccount"),
        (False, "AppliedScopesSameAsExisting"),
    ]


def test_purchases_are_validated_row_by_row(owner):
    subscription = owner.customer.subscription
    stranger = str(uuid.uuid4())
    wanted = [
        plan_request(subscription),
        plan_request(subscription, term="P5Y"),
        plan_request(stranger),
        plan_request(subscription, amount=0.00001),
    ]
    expected = [
        (True, None),
        (False, "UnsupportedReservationTerm"),
        (False, "SubscriptionNotFound"),
        (False, "BadRequest"),
    ]
    body = {"benefits": [row.as_dict() for row in wanted]}
    answer = owner.call("POST", f"{BENEFITS}/validate", body, version=VERSION)
    assert answer.status_code == 200, answer.text
    rows = [(row["valid"], row.get("reasonCode")) for row in answer.json()["benefits"]]
    assert rows == expected
    # The newer client names what it validates; the rest is the same.
    request = {"benefits": [row.as_dict() | {"type": "SavingsPlan"} for row in wanted]}
    answer = benefits(owner).benefit.validate(request)
    assert [(row.valid, row.reason_code) for row in answer.benefits] == expected
    assert list(benefits(owner).savings_plan_order.list()) == []


def test_an_owner_of_all_takes_an_order_over_once(desk):
    customer = desk.customer({"owner": OWNER, "buyer": [("Savings plan Purchaser", "/")]})
    order, _ = buy_plan(customer.buyer)
    given = benefits(customer.owner).savings_plan_order.elevate(order)
    again = benefits(customer.owner).savings_plan_order.elevate(order)
    assert given.name == again.name
    assert given.properties.scope.endswith(order)
    reader = customer.hire("reader", [("Reader", "/")])
    with pytest.raises(HttpResponseError) as denied:
        benefits(reader).savings_plan_order.elevate(order)
    assert denied.value.status_code == 403


def test_roles_on_reservations_are_none_on_plans(desk):
    customer = desk.customer({"owner": OWNER})
    order, plan = buy_plan(customer.owner)
    keeper = customer.hire("keeper", [("Reservations Administrator", "/providers/Microsoft.Capacity")])
    nobody = customer.hire("nobody", [])
    for member in (keeper, nobody):
        client = benefits(member)
        assert list(client.savings_plan_order.list()) == []
        assert list(client.savings_plan.list_all()) == []
        with pytest.raises(HttpResponseError) as absent:
            client.savings_plan.get(order, plan)
        assert absent.value.status_code == 404
        with pytest.raises(HttpResponseError) as denied:
            client.savings_plan_order_alias.begin_create(
                "denied", plan_request(customer.subscription)
            )
        assert code(denied.value) == "SubscriptionNotFound"
    other = desk.customer().owner
    with pytest.raises(HttpResponseError) as absent:
        benefits(other).savings_plan_order.get(order)
    assert code(absent.value) == "SavingsPlanOrderNotFound"


def test_a_reservation_is_bought_under_a_name(owner):
    client = benefits(owner)
    request = reservation_request(owner.customer.subscription, quantity=2, plan="P1M")
    bought = client.reservation_order_alias.begin_create("machines", request).result()
    assert bought.properties.provisioning_state == "Succeeded"
    assert bought.properties.billing_plan == "P1M"
    order = last(bought.properties.reservation_order_id)
    [item] = owner.client.reservation.list(order)
    assert item.properties.quantity == 2
    assert owner.client.reservation_order.get(order).properties.billing_plan == "Monthly"
    again = client.reservation_order_alias.begin_create("machines", request).result()
    assert last(again.properties.reservation_order_id) == order
    assert len(list(owner.client.reservation_order.list())) == 1
    read = client.reservation_order_alias.get("machines")
    assert read.properties.quantity == 2
    other = reservation_request(owner.customer.subscription, quantity=3)
    with pytest.raises(HttpResponseError) as conflict:
        client.reservation_order_alias.begin_create("machines", other)
    assert code(conflict.value) == "ReservationOrderAliasAlreadyExists"
    unsold = reservation_request(owner.customer.subscription, sku="Standard_Nothing")
    with pytest.raises(HttpResponseError) as refused:
        client.reservation_order_alias.begin_create("unsold", unsold)
    assert code(refused.value) == "InvalidFulfillmentRequestParameters"
    with pytest.raises(HttpResponseError) as absent:
        client.reservation_order_alias.get("unsold")
    assert code(absent.value) == "ReservationOrderAliasNotFound"


def test_the_provider_lists_its_operations(owner):
    names = [operation.name for operation in benefits(owner).operations.list()]
    assert "Microsoft.BillingBenefits/savingsPlanOrderAliases/write" in names


def test_a_plan_is_paid_month_by_month_ends_and_is_renewed(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    order, plan = buy_plan(owner, amount=0.1, renew=True)
    ending, _ = buy_plan(owner, amount=0.2)
    own_desk.set_clock("2026-07-02T12:00:00Z")
    schedule = benefits(owner, expand="schedule")
    rows = schedule.savings_plan_order.get(order).properties.plan_information.transactions
    assert [row.status for row in rows[:6]] == ["Succeeded"] * 5 + ["Scheduled"]
    assert {row.billing_currency_total.amount for row in rows[:5]} == {73.0}
    own_desk.set_clock("2027-02-15T12:00:00Z")
    shown = benefits(owner).savings_plan.get(order, plan)
    assert shown.properties.display_provisioning_state == "Expiring"
    own_desk.set_clock("2027-03-02T12:00:00Z")
    ended = benefits(owner).savings_plan.get(order, plan)
    assert ended.properties.provisioning_state == "Expired"
    following = ended.properties.renew_destination.split("/")
    next_one = benefits(owner).savings_plan.get(following[-3], following[-1])
    assert next_one.properties.renew_source == ended.id
    assert next_one.properties.provisioning_state == "Succeeded"
    assert next_one.properties.commitment.amount == 0.1
    rows = schedule.savings_plan_order.get(order).properties.plan_information.transactions
    assert [row.status for row in rows] == ["Succeeded"] * 12
    assert benefits(owner).savings_plan_order.get(ending).properties.provisioning_state == "Expired"
    with pytest.raises(HttpResponseError) as over:
        benefits(owner).savings_plan.begin_update(
            order,
            plan,
            models.SavingsPlanUpdateRequest(
                properties=models.SavingsPlanUpdateRequestProperties(display_name="too late")
            ),
        )
    assert code(over.value) == "OperationCannotBePerformedInCurrentState"


def test_a_refused_payment_of_a_plan_is_tried_again(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    order, _ = buy_plan(owner, amount=0.1)
    account = owner.customer.account
    own_desk.apply({"billingAccounts": [
        account | {"paymentState": "soft-error", "paymentStateUntil": "2026-05-20"}
    ]})
    schedule = benefits(owner, expand="schedule").savings_plan_order
    own_desk.set_clock("2026-05-10T12:00:00Z")
    rows = schedule.get(order).properties.plan_information.transactions
    assert [row.status for row in rows[:4]] == ["Succeeded", "Failed", "Failed", "Scheduled"]
    with pytest.raises(HttpResponseError) as refused:
        buy_plan(owner)
    assert code(refused.value) == "BillingPaymentInstrumentSoftError"
    own_desk.set_clock("2026-06-02T12:00:00Z")
    rows = schedule.get(order).properties.plan_information.transactions
    assert [row.status for row in rows[:5]] == ["Succeeded"] * 4 + ["Scheduled"]
    own_desk.set_clock("2027-03-02T12:00:00Z")
    rows = schedule.get(order).properties.plan_information.transactions
    assert [row.status for row in rows] == ["Succeeded"] * 12
