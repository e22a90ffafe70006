"""What the clock does to a reservation: its payments, its end, its renewal."""

import datetime
import json

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.reservations import models

from desk import Desk, code, item_path, last, purchase_body, run


def moved(desk, day):
    return desk.set_clock(f"{day}T12:00:00Z")


def pays(desk, customer, state="ok", until=None):
    """Lets the customer's means of payment fail, or mends it."""
    account = customer.account | {"paymentState": state}
    if until:
        account["paymentStateUntil"] = until
    desk.apply({"billingAccounts": [account]})


def price(desk, total, since, sku="Standard_B1ls", term="P1Y"):
    desk.apply({"prices": [{
        "resourceType": "VirtualMachines", "sku": sku, "location": "westus", "term": term,
        "currency": "USD", "unitTotal": total, "since": since,
    }]})


def schedule(owner, order):
    order = owner.client.reservation_order.get(order, expand="schedule")
    return order.properties.plan_information


def statuses(owner, order):
    return [row.status for row in schedule(owner, order).transactions]


def day(text):
    return datetime.date.fromisoformat(text)


def test_a_renewal_buys_anew_at_the_end(own_desk):
    moved(own_desk, "2023-02-10")
    owner = own_desk.customer().owner
    order, item = owner.buy(quantity=2, name="web servers", renew=True)
    get = owner.client.reservation.get
    assert get(order, item).properties.user_friendly_renew_state == "On"

    # Thirty days before the end the price is locked, and shown.
    moved(own_desk, "2024-01-10")
    before = get(order, item, expand="renewProperties").properties.renew_properties
    assert before.purchase_properties.sku.name == "Standard_B1ls"
    assert before.pricing_currency_total is None
    moved(own_desk, "2024-01-11")
    shown = get(order, item, expand="renewProperties").properties
    assert shown.display_provisioning_state == "Expiring"
    wanted = shown.renew_properties.purchase_properties
    assert (wanted.quantity, wanted.term, wanted.billing_plan) == (2, "P1Y", "Upfront")
    assert shown.renew_properties.pricing_currency_total.amount == 64.0
    assert shown.renew_properties.billing_currency_total.amount == 64.0
    assert get(order, item).properties.renew_properties is None

    moved(own_desk, "2024-02-10")
    old = get(order, item).properties
    assert (old.provisioning_state, old.user_friendly_renew_state) == ("Expired", "Renewed")
    assert old.renew is False
    new_order, new_item = old.renew_destination.split("/")[-3], last(old.renew_destination)
    assert new_order != order
    new = get(new_order, new_item).properties
    assert new.renew_source.lower() == item_path(order, item).lower()
    assert (new.quantity, new.provisioning_state) == (2, "Succeeded")
    assert new.purchase_date == day("2024-02-10")
    assert new.expiry_date == day("2025-02-10")
    # What a renewal bought in 2024-02 is not renewed by itself: that began in December.
    assert new.user_friendly_renew_state == "Off"
    plan = owner.client.reservation_order.get(new_order, expand="schedule")
    rows = plan.properties.plan_information.transactions
    assert [(row.status, row.billing_currency_total.amount) for row in rows] == [("Succeeded", 64.0)]


def test_a_purchase_that_is_not_paid_for_sells_nothing(own_desk):
    moved(own_desk, "2023-02-10")
    customer = own_desk.customer()
    owner = customer.owner
    for state, error in [
        ("soft-error", "BillingPaymentInstrumentSoftError"),
        ("hard-error", "BillingPaymentInstrumentHardError"),
    ]:
        pays(own_desk, customer, state)
        order, item = owner.buy(plan="Monthly", quantity=3)
        shown = owner.client.reservation_order.get(order, expand="schedule").properties
        assert shown.provisioning_state == "BillingFailed"
        rows = shown.plan_information.transactions
        assert rows[0].status == "Failed"
        assert rows[0].extended_status_info.status_code == "PaymentInstrumentError"
        assert {row.status for row in rows[1:]} == {"Cancelled"}
        failed = owner.client.reservation.get(order, item).properties
        assert failed.provisioning_state == "BillingFailed"
        assert failed.display_provisioning_state == "Failed"
        assert failed.extended_status_info.status_code == "PaymentInstrumentError"
        assert error in failed.extended_status_info.message
        with pytest.raises(HttpResponseError) as refused:
            owner.give_back(order, item, 1)
        assert code(refused.value) == "OperationCannotBePerformedInCurrentState"
    # A year later there is nothing to charge and nothing to end; the account is mended.
    pays(own_desk, customer)
    moved(own_desk, "2024-03-01")
    assert owner.client.reservation_order.get(order).properties.provisioning_state == "BillingFailed"
    order, item = owner.buy(sku="Standard_B1ls")
    assert owner.client.reservation.get(order, item).properties.provisioning_state == "Succeeded"


def test_a_refused_payment_is_tried_again_and_then_made(own_desk):
    moved(own_desk, "2023-01-31")
    customer = own_desk.customer()
    owner = customer.owner
    order, item = owner.buy(plan="Monthly", quantity=2)
    moved(own_desk, "2023-02-20")
    pays(own_desk, customer, "soft-error")
    # 28 February is the last day of the month, and its payment is refused.
    moved(own_desk, "2023-03-01")
    plan = schedule(owner, order)
    assert [row.status for row in plan.transactions[:4]] == [
        "Succeeded", "Failed", "Scheduled", "Scheduled",
    ]
    assert plan.transactions[1].due_date == day("2023-02-28")
    assert plan.transactions[1].payment_date is None
    assert plan.next_payment_due_date == day("2023-03-31")
    # Nothing is returned before it is paid, and the refusal says how much that is.
    refused = owner.worth(order, item, 1).policy_result.properties.policy_errors
    assert "5.32 USD" in refused[0].message
    with pytest.raises(HttpResponseError) as raised:
        owner.give_back(order, item, 1)
    assert code(raised.value) == "OperationCannotBePerformedInCurrentState"

    # Two more fall due and are refused with it; then the account is mended, and all are made.
    moved(own_desk, "2023-05-01")
    assert statuses(owner, order)[:5] == ["Succeeded", "Failed", "Failed", "Failed", "Scheduled"]
    pays(own_desk, customer)
    rows = schedule(owner, order).transactions
    assert [row.status for row in rows[:5]] == ["Succeeded"] * 4 + ["Scheduled"]
    assert [row.payment_date for row in rows[:4]] == [day("2023-01-31")] + [day("2023-05-01")] * 3
    # Four payments of 5.32 were made: a day of the fourth month is used, the rest comes back.
    worth = owner.worth(order, item, 2)
    assert worth.billing_information.billing_currency_total_paid_amount.amount == 21.28
    owner.give_back(order, item, 2)


def test_a_payment_is_made_on_the_first_try_after_the_means_of_payment_works(own_desk):
    moved(own_desk, "2023-02-10")
    customer = own_desk.customer()
    owner = customer.owner
    order, _ = owner.buy(plan="Monthly")
    pays(own_desk, customer, "soft-error", until="2023-03-15")
    moved(own_desk, "2024-02-09")
    rows = schedule(owner, order).transactions
    assert {row.status for row in rows} == {"Succeeded"}
    # Due on the 10th, tried again 3, 7 days after it.
    assert rows[1].payment_date == day("2023-03-17")
    assert rows[2].payment_date == day("2023-04-10")


def test_what_is_never_paid_is_not_counted_as_paid(own_desk):
    moved(own_desk, "2023-02-10")
    customer = own_desk.customer()
    owner = customer.owner
    order, item = owner.buy(plan="Monthly", renew=True)
    pays(own_desk, customer, "hard-error")
    moved(own_desk, "2024-02-10")
    assert statuses(owner, order) == ["Succeeded"] + ["Failed"] * 11
    shown = owner.client.reservation.get(order, item).properties
    assert (shown.provisioning_state, shown.user_friendly_renew_state) == ("Expired", "NotRenewed")
    assert shown.renew_destination is None
    listed = owner.client.reservation.list_all(filter="properties/userFriendlyRenewState eq 'NotRenewed'")
    assert [last(row.id) for row in listed] == [item]


@pytest.mark.parametrize("today, charged", [("2023-02-10", None), ("2021-02-10", 32.0)])
def test_a_price_that_moved_after_the_lock(own_desk, today, charged):
    """Since 2023 the renewal is not made; before, the lower price was charged."""
    end = day(today).replace(year=day(today).year + 1)
    moved(own_desk, today)
    owner = own_desk.customer().owner
    order, item = owner.buy(renew=True)
    moved(own_desk, end - datetime.timedelta(days=15))
    price(own_desk, "40", str(end - datetime.timedelta(days=14)))
    moved(own_desk, end)
    old = owner.client.reservation.get(order, item).properties
    if charged is None:
        assert old.user_friendly_renew_state == "NotRenewed"
        assert list(owner.client.reservation_order.list())[1:] == []
    else:
        new = old.renew_destination.split("/")[-3]
        rows = schedule(owner, new).transactions
        assert [row.billing_currency_total.amount for row in rows] == [charged]


def test_a_product_that_is_sold_no_more_is_not_renewed(own_desk):
    moved(own_desk, "2025-08-10")
    owner = own_desk.customer().owner
    order, item = owner.buy(renew=True)
    # One-year reservations of this series are not renewed from July 2026 on.
    moved(own_desk, "2026-08-10")
    shown = owner.client.reservation.get(order, item).properties
    assert (shown.provisioning_state, shown.user_friendly_renew_state) == ("Expired", "NotRenewed")


def test_a_renewal_of_2025_is_renewed_in_its_turn(own_desk):
    moved(own_desk, "2024-02-10")
    owner = own_desk.customer().owner
    order, item = owner.buy(renew=True)
    moved(own_desk, "2025-02-10")
    old = owner.client.reservation.get(order, item).properties
    new_order, new_item = old.renew_destination.split("/")[-3], last(old.renew_destination)
    new = owner.client.reservation.get(new_order, new_item).properties
    assert new.user_friendly_renew_state == "On"
    moved(own_desk, "2026-02-10")
    new = owner.client.reservation.get(new_order, new_item).properties
    assert new.user_friendly_renew_state == "Renewed"
    summary = owner.call("GET", "/providers/Microsoft.Capacity/reservations?refreshSummary=true").json()
    assert (summary["summary"]["expiredCount"], summary["summary"]["succeededCount"]) == (2, 1)


def told(owner, **query):
    answer = owner.call("GET", "/prorata/notifications", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_happens_is_told_to_the_tenant_alone(own_desk):
    moved(own_desk, "2023-02-10")
    customer = own_desk.customer()
    owner = customer.owner
    nobody = customer.hire("nobody", [])
    stranger = own_desk.customer().owner
    order, item = owner.buy(plan="Monthly", renew=True)
    returned = owner.buy()
    owner.give_back(*returned)
    moved(own_desk, "2023-03-09")
    pays(own_desk, customer, "soft-error", until="2023-03-11")
    moved(own_desk, "2024-02-10")
    rows = told(owner)["value"]
    kinds = [row["kind"] for row in rows]
    assert kinds == [
        "purchase", "purchase", "cancellation", "payment-failed", "expiring", "renewed",
    ]
    failed, expiring, renewed = rows[3:]
    assert failed["details"]["code"] == "BillingPaymentInstrumentSoftError"
    assert failed["details"]["nextOn"] == "2023-03-13"
    assert expiring["target"] == f"order/{order}/reservation/{item}"
    assert expiring["details"] == {"on": "2024-02-10", "renew": True}
    assert renewed["at"].startswith("2024-02-10T00:00:00")
    # In pages, without loss.
    first = told(owner, take=4)
    rest = owner.call("GET", first["nextLink"], version=None).json()
    assert first["value"] + rest["value"] == rows and "nextLink" not in rest
    # Not to another tenant, nor to somebody without a role.
    assert told(stranger)["value"] == []
    assert told(nobody)["value"] == []
    assert own_desk.http.get(own_desk.base_url + "/prorata/notifications").status_code == 401


def test_jobs_wait_and_none_is_parked(own_desk):
    moved(own_desk, "2023-02-10")
    owner = own_desk.customer().owner
    order, _ = owner.buy(plan="Monthly")
    assert own_desk.http.get(own_desk.base_url + "/healthz").json()["parkedJobs"] == 0
    own_desk.stop()
    listed = run("jobs", "--data", own_desk.data, "--output", "json")
    assert listed.returncode == 0, listed.stderr
    jobs = {job["kind"]: job for job in json.loads(listed.stdout)}
    assert jobs["order-due"]["dueAt"] == "2023-03-10T00:00:00Z"
    assert order in jobs["order-due"]["payload"]
    assert "sweep-quotes" in jobs


def test_the_same_seed_gives_the_same_identifiers(tmp_path):
    def lived(name, seed):
        desk = Desk(tmp_path / name, options=["--seed", seed]).start()
        moved(desk, "2024-12-10")
        owner = desk.customer().owner
        order, item = owner.buy(renew=True, plan="Monthly")
        moved(desk, "2025-12-10")
        renewed = owner.client.reservation.get(order, item).properties.renew_destination
        desk.stop()
        # Opened again it goes on with others.
        desk.start()
        owner._client = owner._token = None
        other, _ = owner.buy()
        assert desk.stop() == 0
        assert other not in (order, renewed)
        return order, item, renewed, other

    first = lived("first", "7")
    assert first == lived("again", "7")
    assert not set(first) & set(lived("other", "8"))


def patched(owner, order, item, **properties):
    patch = models.Patch(**properties)
    owner.client.reservation.begin_update(order, item, patch).result()
    return owner.client.reservation.get(order, item, expand="renewProperties").properties


def test_what_is_renewed_can_be_chosen_and_the_price_follows(own_desk):
    moved(own_desk, "2025-02-10")
    owner = own_desk.customer().owner
    order, item = owner.buy()
    wanted = owner.request(quantity=5, plan="Monthly", name="more of them", renew=False)
    renewal = models.PatchPropertiesRenewProperties(purchase_properties=wanted)
    shown = patched(owner, order, item, renew=True, renew_properties=renewal)
    assert shown.user_friendly_renew_state == "On"
    assert shown.renew_properties.pricing_currency_total is None
    moved(own_desk, "2026-01-20")
    locked = owner.client.reservation.get(order, item, expand="renewProperties").properties
    # 32.00 over 12 is 2.66 a month, for five units.
    assert locked.renew_properties.billing_currency_total.amount == 159.6
    # Another quantity within the time of the lock is priced anew.
    wanted.properties.quantity = 3
    shown = patched(owner, order, item, renew=True, renew_properties=renewal)
    assert shown.renew_properties.billing_currency_total.amount == 95.76
    # Switched off, what was wanted is forgotten; on again, it is locked at the price of that day.
    price(own_desk, "44", "2026-02-01")
    moved(own_desk, "2026-02-02")
    shown = patched(owner, order, item, renew=False)
    assert shown.user_friendly_renew_state == "Off"
    shown = patched(owner, order, item, renew=True)
    assert shown.renew_properties.billing_currency_total.amount == 44.0
    shown = patched(owner, order, item, renew=True, renew_properties=renewal)
    assert shown.renew_properties.billing_currency_total.amount == 131.76
    moved(own_desk, "2026-02-10")
    old = owner.client.reservation.get(order, item).properties
    new_order, new_item = old.renew_destination.split("/")[-3], last(old.renew_destination)
    new = owner.client.reservation.get(new_order, new_item).properties
    assert (new.quantity, new.billing_plan, new.display_name) == (3, "Monthly", "more of them")
    assert new.user_friendly_renew_state == "Off", "as its buyer said"


def test_a_split_ends_a_pending_renewal(own_desk):
    moved(own_desk, "2025-02-10")
    owner = own_desk.customer().owner
    order, item = owner.buy(quantity=4, renew=True)
    moved(own_desk, "2026-01-20")
    split = models.SplitRequest(quantities=[1, 3], reservation_id=item_path(order, item))
    owner.client.reservation.begin_split(order, split).result()
    moved(own_desk, "2026-02-10")
    states = {
        row.properties.quantity: (row.properties.provisioning_state, row.properties.renew_destination)
        for row in owner.client.reservation.list(order)
    }
    assert states == {4: ("Cancelled", None), 1: ("Expired", None), 3: ("Expired", None)}
    assert len(list(owner.client.reservation_order.list())) == 1


def test_a_purchase_under_a_name_fails_alike(own_desk):
    moved(own_desk, "2023-02-10")
    customer = own_desk.customer()
    owner = customer.owner
    pays(own_desk, customer, "hard-error")
    path = "/providers/Microsoft.BillingBenefits/reservationOrderAliases/unpaid"
    answer = owner.call("PUT", path, purchase_body(customer.subscription, quantity=2))
    assert answer.status_code in (200, 201), answer.text
    order = last(answer.json()["properties"]["reservationOrderId"])
    assert owner.client.reservation_order.get(order).properties.provisioning_state == "BillingFailed"
