"""What the clock does to a reservation: its payments, its end, its renewal."""

import datetime

from desk import item_path, last


def moved(desk, day):
    return desk.set_clock(f"{day}T12:00:00Z")


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
