"""Recorded answers of the real service, reproduced to the cent at their own dates.

The recordings are not part of this repository. They are read from `PRORATA_SHARED`, or from the
folder `shared` beside the repository; where they are missing every test here is SKIPPED. Amounts
that are expected are read from the recordings and written nowhere here. What is given to the desk
is how each situation came about: what was bought when, at which price, and what was refunded
before.
"""

import datetime
import json
import math
import os
import pathlib
from decimal import ROUND_HALF_UP, Decimal

import pytest

from desk import ROOT, last

SHARED = pathlib.Path(os.environ.get("PRORATA_SHARED", ROOT.parent / "shared"))
FILE = SHARED / "data" / "oracles" / "recorded_cases.json"
CENT = Decimal("0.01")


def cases(kind):
    if not FILE.exists():
        reason = f"SKIPPED: the recorded answers are not there ({FILE.name}); set PRORATA_SHARED"
        return [pytest.param(None, id=f"no-recorded-{kind}", marks=pytest.mark.skip(reason=reason))]
    found = json.loads(FILE.read_text(), parse_float=Decimal)[kind]
    return [pytest.param(case, id=case["id"]) for case in found]


def amount(price):
    return Decimal(str(price.amount)), price.currency_code


def recorded(price):
    return Decimal(price["amount"]), price["currency"]


def unit_total(monthly, payments):
    """The price of a unit for the term: the whole amount whose share, cut to cents, is `monthly`."""
    total = Decimal(math.ceil(Decimal(monthly) * payments))
    assert (total / payments).quantize(CENT, rounding="ROUND_DOWN") == monthly
    return total


def price(sku, currency, total, location="westeurope", term="P1Y"):
    return {
        "resourceType": "VirtualMachines",
        "sku": sku,
        "location": location,
        "term": term,
        "currency": currency,
        "unitTotal": str(total),
        "since": "2019-01-01",
    }


def at_day(day, hour=9):
    return f"{day.isoformat()}T{hour:02}:00:00Z"


def months_before(day, count):
    month = day.month - 1 - count
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)


@pytest.mark.parametrize("case", cases("quotes"))
def test_a_recorded_quote(own_desk, case):
    own_desk.set_clock(case["observed_at"])
    owner = own_desk.customer(currency=case["billing_currency_total"]["currency"]).owner
    quote = owner.quote(
        sku=case["sku"],
        location=case["location"],
        term=case["term"],
        plan=case["billing_plan"],
        quantity=case["quantity"],
    )
    assert amount(quote.billing_currency_total) == recorded(case["billing_currency_total"])
    assert amount(quote.pricing_currency_total) == recorded(case["pricing_currency_total"])
    assert quote.sku_title == case["sku_title"]
    rows = [
        (row.due_date.isoformat(), *amount(row.pricing_currency_total))
        for row in quote.payment_schedule or []
    ]
    assert rows == [
        (row["due_date"], Decimal(row["amount"]), row["currency"])
        for row in case.get("payment_schedule", [])
    ]
    request = owner.request(
        sku=case["sku"],
        location=case["location"],
        term=case["term"],
        plan=case["billing_plan"],
        quantity=case["quantity"],
    )
    order = owner.client.reservation_order.begin_purchase(quote.reservation_order_id, request)
    plan = owner.client.reservation_order.get(order.result().name, expand="schedule")
    assert amount(plan.properties.plan_information.pricing_currency_total) == recorded(
        case["pricing_currency_total"]
    )


def usd_rate(case):
    """The rate of the account: the billing amount times it is the recorded amount in dollars."""
    billing, currency = recorded(case["billing_refund"])
    dollars, _ = recorded(case["pricing_refund"])
    if currency == "USD":
        return Decimal(1)
    rate = (dollars / billing).quantize(CENT, rounding=ROUND_HALF_UP)
    assert (billing * rate).quantize(CENT, rounding=ROUND_HALF_UP) == dollars
    return rate


def counted_as(dollars, rate):
    """The amount of the billing currency that comes to so many dollars."""
    near = (dollars / rate).quantize(CENT, rounding=ROUND_HALF_UP)
    for cents in range(-2, 3):
        candidate = near + cents * CENT
        if (candidate * rate).quantize(CENT, rounding=ROUND_HALF_UP) == dollars:
            return candidate
    raise AssertionError(f"no amount comes to {dollars} USD at {rate}")


@pytest.mark.parametrize("case", cases("refunds"))
def test_a_recorded_refund(own_desk, case):
    desk = own_desk
    currency = case["billing_refund"]["currency"]
    rate = usd_rate(case)
    payments, made = case["total_transactions"], case["completed_transactions"]
    remaining, _ = recorded(case["remaining_commitment"])
    monthly = remaining / (payments - made) / case["quantity_returned"]
    assert monthly == case["derived_monthly"]
    paid, _ = recorded(case["total_paid"])
    held = int(paid / made / monthly)
    assert held == case.get("original_quantity", held)
    consumed, dollars = recorded(case["consumed_refunds_total"])
    assert dollars == "USD"

    # When it was bought: the recorded start, or so that the running period has the recorded days.
    observed = datetime.datetime.fromisoformat(case["observed_at"].replace("Z", "+00:00"))
    if "benefit_start" in case:
        bought_at = case["benefit_start"]
    else:
        period_ends = observed.date() + datetime.timedelta(days=case["derived_days_left"])
        bought = months_before(period_ends, made)
        period = period_ends - months_before(period_ends, 1)
        assert period.days == case["derived_days_in_month"]
        bought_at = at_day(bought)

    desk.set_clock(bought_at)
    owner = desk.customer(
        currency=currency,
        usdRate=str(rate),
        prices=[
            price("Standard_Held", currency, unit_total(monthly, payments)),
            price("Standard_Refunded_before", currency, counted_as(consumed, rate)),
        ],
    ).owner
    wish = {"location": "westeurope", "term": "P1Y"}
    order, reservation = owner.buy(
        sku="Standard_Held", plan=case["billing_plan"], quantity=held, **wish
    )
    # What was refunded before, given back on the very day it was bought.
    if "benefit_start" not in case:
        desk.set_clock(at_day(observed.date().replace(day=1)))
    owner.give_back(*owner.buy(sku="Standard_Refunded_before", **wish))

    desk.set_clock(case["observed_at"])
    worth = owner.worth(order, reservation, case["quantity_returned"])
    policy, billing = worth.policy_result.properties, worth.billing_information
    assert amount(worth.billing_refund_amount) == recorded(case["billing_refund"])
    assert amount(worth.pricing_refund_amount) == recorded(case["pricing_refund"])
    assert amount(billing.billing_currency_total_paid_amount) == recorded(case["total_paid"])
    assert amount(billing.billing_currency_prorated_amount) == recorded(case["prorated_used"])
    assert amount(billing.billing_currency_remaining_commitment_amount) == recorded(
        case["remaining_commitment"]
    )
    assert amount(policy.consumed_refunds_total) == recorded(case["consumed_refunds_total"])
    assert amount(policy.max_refund_limit) == recorded(case["max_refund_limit"])
    assert [error.code for error in policy.policy_errors or []] == case["policy_errors"]
    assert (billing.billing_plan, billing.completed_transactions, billing.total_transactions) == (
        case["billing_plan"],
        made,
        payments,
    )
    owner.give_back(order, reservation, case["quantity_returned"], worth.session_id)
    kept = [
        item.properties.quantity
        for item in owner.items(order).values()
        if item.properties.provisioning_state == "Succeeded"
    ]
    assert kept == [held - case["quantity_returned"]]


# Situations behind the recorded exchanges that the recordings do not spell out: the term of what
# was given up, told by the payments left, and the days left of its running period of 30 days, told
# by the derivation beside each row. `None`: it was so young that the whole payment came back.
GIVEN_UP = {
    "ps-calcexchange-2022-06-28": [
        {"term": "P3Y", "payments": 36, "days_left": 19},
        {"term": "P3Y", "payments": 36, "days_left": 17},
    ],
    "cli-exchange-2023-03-06": [
        {"term": "P1Y", "payments": 12, "days_left": None},
        {"term": "P1Y", "payments": 12, "days_left": None},
    ],
}


@pytest.mark.parametrize("case", cases("exchanges"))
def test_a_recorded_exchange(own_desk, case):
    desk = own_desk
    currency = case["currency"]
    observed = datetime.datetime.fromisoformat(case["observed_at"].replace("Z", "+00:00"))
    plans = []
    for index, (row, given) in enumerate(zip(case["returns"], GIVEN_UP[case["id"]], strict=True)):
        monthly = Decimal(row["remaining_commitment"]) / (given["payments"] - 1) / row["quantity"]
        held = int(Decimal(row["total_paid"]) / monthly)
        if given["days_left"] is None:
            bought_at = row.get("benefit_start", at_day(observed.date() - datetime.timedelta(days=2)))
        else:
            ends = observed.date() + datetime.timedelta(days=given["days_left"])
            assert (ends - months_before(ends, 1)).days == 30
            bought_at = at_day(months_before(ends, 1))
        sku, location = row.get("sku", f"Standard_Given_up_{index + 1}"), row.get("location", "uksouth")
        plans.append({
            "bought_at": bought_at,
            "quantity": row["quantity"],
            "wish": {
                "sku": sku, "location": location, "term": given["term"], "plan": "Monthly",
                "quantity": held,
            },
            "price": price(sku, currency, unit_total(monthly, given["payments"]), location, given["term"]),
        })

    first = min(plans, key=lambda plan: plan["bought_at"])["bought_at"]
    desk.set_clock(first)
    owner = desk.customer(
        currency=currency, usdRate="1.2", prices=[plan["price"] for plan in plans]
    ).owner
    for plan in sorted(plans, key=lambda plan: plan["bought_at"]):
        desk.set_clock(plan["bought_at"])
        plan["item"] = owner.buy(**plan["wish"])

    desk.set_clock(case["observed_at"])
    # Prices of what is bought are the built-in list's, which has them from the same recordings.
    quote = owner.exchange_quote(
        [(*plan["item"], plan["quantity"]) for plan in plans],
        [
            {
                "sku": row["sku"],
                "location": row["location"],
                "term": row["term"],
                "plan": row["billing_plan"],
                "quantity": row["quantity"],
            }
            for row in case["purchases"]
        ],
    ).properties

    assert amount(quote.net_payable) == (Decimal(case["net_payable"]), currency)
    assert amount(quote.refunds_total) == (Decimal(case["refunds_total"]), currency)
    assert amount(quote.purchases_total) == (Decimal(case["purchases_total"]), currency)
    assert quote.policy_result.policy_errors == case["policy_errors"]
    for row, expected in zip(quote.reservations_to_purchase, case["purchases"], strict=True):
        assert amount(row.billing_currency_total) == (
            Decimal(expected["billing_currency_total"]),
            currency,
        )
        assert row.properties.sku.name == expected["sku"]
        assert row.properties.properties.quantity == expected["quantity"]
    for row, expected in zip(quote.reservations_to_exchange, case["returns"], strict=True):
        billing = row.billing_information
        assert row.quantity == expected["quantity"]
        assert amount(row.billing_refund_amount) == (Decimal(expected["billing_refund"]), currency)
        assert [
            amount(billing.billing_currency_total_paid_amount),
            amount(billing.billing_currency_prorated_amount),
            amount(billing.billing_currency_remaining_commitment_amount),
        ] == [
            (Decimal(expected[name]), currency)
            for name in ("total_paid", "prorated_used", "remaining_commitment")
        ]

    done = owner.exchange(quote.session_id)
    assert done.status == "Succeeded"
    assert amount(done.properties.net_payable) == (Decimal(case["net_payable"]), currency)
    bought = [
        owner.client.reservation.get(last(row.reservation_order_id), last(row.reservation_id))
        for row in done.properties.reservations_to_purchase
    ]
    assert [item.properties.quantity for item in bought] == [
        row["quantity"] for row in case["purchases"]
    ]
