"""Savings plans inside an exchange, and reservations traded in for savings plans alone."""

import concurrent.futures
import json
import os

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.reservations import models

from desk import CAPACITY, OWNER, TODAY, code, item_path, last, run
from plans import benefits


def plan(subscription, amount, term="P1Y", sku="Compute_Savings_Plan", currency="USD"):
    """A savings plan as the exchange of the reservations client asks for it."""
    return models.SavingsPlanPurchaseRequest(
        sku=models.SkuName(name=sku),
        display_name="traded in",
        billing_scope_id=f"/subscriptions/{subscription}",
        term=term,
        billing_plan="P1M",
        applied_scope_type="Shared",
        commitment=models.Commitment(grain="Hourly", currency_code=currency, amount=amount),
    )


def quote(member, returns, plans, purchases=()):
    """Prices an exchange; answers its operation."""
    return member.client.calculate_exchange.begin_post(
        models.CalculateExchangeRequest(
            properties=models.CalculateExchangeRequestProperties(
                reservations_to_exchange=[
                    models.ReservationToReturn(
                        reservation_id=item_path(order, item), quantity=quantity
                    )
                    for order, item, quantity in returns
                ],
                reservations_to_purchase=[member.request(**wish) for wish in purchases],
                savings_plans_to_purchase=plans,
            )
        )
    ).result()


def errors(quoted):
    policy = quoted.properties.policy_result
    return [error.code for error in (policy.policy_errors or [])] if policy else []


def test_a_plan_is_bought_beside_reservations_in_an_exchange(owner):
    subscription = owner.customer.subscription
    order, item = owner.buy(quantity=3)
    before = owner.quote(quantity=3).billing_currency_total.amount
    quoted = quote(
        owner, [(order, item, 3)], [plan(subscription, 15.23)], [{"quantity": 1, "term": "P3Y"}]
    )
    assert errors(quoted) == []
    properties = quoted.properties
    bought = owner.quote(quantity=1, term="P3Y").billing_currency_total.amount
    assert properties.refunds_total.amount == before
    assert properties.purchases_total.amount == round(bought + 133414.80, 2)
    assert properties.net_payable.amount == round(bought + 133414.80 - before, 2)
    [row] = properties.savings_plans_to_purchase
    assert row.billing_currency_total.amount == 133414.80
    done = owner.exchange(properties.session_id).properties
    [made] = done.savings_plans_to_purchase
    plan_order = last(made.savings_plan_order_id)
    shown = benefits(owner).savings_plan.get(plan_order, last(made.savings_plan_id))
    assert shown.properties.commitment.amount == 15.23
    [reservation] = done.reservations_to_purchase
    assert last(reservation.reservation_id) in owner.items(last(reservation.reservation_order_id))
    assert owner.items(order)[item].properties.provisioning_state == "Cancelled"


def test_reservations_are_traded_in_for_a_plan_alone(own_desk):
    own_desk.set_clock(TODAY)
    owner = own_desk.customer().owner
    subscription = owner.customer.subscription
    monthly = owner.buy(quantity=2, plan="Monthly")
    upfront = owner.buy(quantity=1)
    # A day before the seventh payment: half the year is still to come.
    own_desk.set_clock("2026-09-01T12:00:00Z")
    returns = [(*monthly, 1), (*upfront, 1)]
    short = quote(owner, returns, [plan(subscription, 0.001)])
    assert errors(short) == ["BadRequest"]
    message = short.properties.policy_result.policy_errors[0].message
    given_up = short.properties.refunds_total.amount
    needed = next(
        thousandths / 1000
        for thousandths in range(1, 10**6)
        if thousandths * 8760 >= round(given_up * 1000)
    )
    assert f"Commit at least {needed:g} USD an hour" in message
    with pytest.raises(HttpResponseError) as refused:
        owner.exchange(short.properties.session_id)
    assert code(refused.value) == "BadRequest"

    fits = quote(owner, returns, [plan(subscription, needed)])
    assert errors(fits) == []
    assert fits.properties.purchases_total.amount >= given_up
    consumed = owner.worth(*monthly).policy_result.properties.consumed_refunds_total.amount
    done = owner.exchange(fits.properties.session_id).properties
    assert [row.status for row in done.reservations_to_exchange] == ["Succeeded"] * 2
    [made] = done.savings_plans_to_purchase
    plan_order = last(made.savings_plan_order_id)
    assert benefits(owner).savings_plan_order.get(plan_order).properties.term == "P1Y"
    items = owner.items(monthly[0])
    assert items[monthly[1]].properties.provisioning_state == "Cancelled"
    [kept] = [row for row in items.values() if row.properties.provisioning_state == "Succeeded"]
    assert kept.properties.quantity == 1
    # What is traded in counts nothing toward the cap.
    rest = last(kept.id)
    counted = owner.worth(monthly[0], rest).policy_result.properties.consumed_refunds_total.amount
    assert counted == consumed == 0
    # The same session again changes nothing.
    again = owner.exchange(fits.properties.session_id).properties
    assert last(again.savings_plans_to_purchase[0].savings_plan_order_id) == plan_order
    assert len(list(benefits(owner).savings_plan_order.list())) == 1


def test_a_trade_in_has_no_last_day(own_desk):
    own_desk.set_clock("2027-03-02T12:00:00Z")
    owner = own_desk.customer().owner
    subscription = owner.customer.subscription
    wish = first_sold(owner)
    order, item = owner.buy(**wish)
    exchanged = owner.exchange_quote([(order, item, 1)], [wish | {"quantity": 2}])
    assert "OperationCannotBePerformedInCurrentState" in errors(exchanged)
    traded = quote(owner, [(order, item, 1)], [plan(subscription, 5)])
    assert errors(traded) == []


@pytest.mark.parametrize(
    "wish, sku, wanted",
    [
        ({}, "Database_Savings_Plan", "SelfServiceRefundNotSupported"),
        ({"amount": 0.0001}, None, "BadRequest"),
        ({"currency": "EUR"}, None, "BadRequest"),
        ({"term": "P5Y"}, None, "UnsupportedReservationTerm"),
    ],
)
def test_what_cannot_be_traded_in_is_refused(own_desk, wish, sku, wanted):
    own_desk.set_clock("2026-08-03T12:00:00Z")
    owner = own_desk.customer().owner
    order, item = owner.buy(**first_sold(owner))
    asked = {"amount": 5} | wish | ({"sku": sku} if sku else {})
    try:
        quoted = quote(owner, [(order, item, 1)], [plan(owner.customer.subscription, **asked)])
        found = errors(quoted)
    except HttpResponseError as error:
        found = [code(error)]
    assert wanted in found


def first_sold(owner, location="westus"):
    """A machine that is sold on the day of the desk."""
    rows = owner.client.get_catalog(
        subscription_id=owner.customer.subscription,
        reserved_resource_type="VirtualMachines",
        location=location,
    )
    names = sorted(row.name for row in rows if "P1Y" in row.terms and not row.restrictions)
    return {"sku": names[0], "location": location}


def test_more_than_100_reservations_are_refused(owner):
    order, item = owner.buy()
    body = {
        "properties": {
            "reservationsToExchange": [
                {"reservationId": item_path(order, item), "quantity": 1} for _ in range(101)
            ],
            "savingsPlansToPurchase": [plan(owner.customer.subscription, 5).as_dict()],
        }
    }
    answer = owner.call("POST", f"{CAPACITY}/calculateExchange", body)
    assert answer.status_code == 400
    assert "101" in answer.text


def test_trading_in_needs_the_order_and_the_right_to_buy_plans(desk):
    customer = desk.customer({"owner": OWNER})
    order, item = customer.owner.buy()
    scope = f"{CAPACITY}/reservationOrders/{order}"
    buys = ("Savings plan Purchaser", f"/subscriptions/{customer.subscription}")
    keeper = customer.hire("keeper", [("Reservations Administrator", scope), buys])
    payer = customer.hire("payer", [("Owner", scope)])
    both = customer.hire("both", [("Owner", scope), buys])
    for member, why in [(keeper, "AuthorizationFailed"), (payer, "SubscriptionNotFound")]:
        with pytest.raises(HttpResponseError) as denied:
            quote(member, [(order, item, 1)], [plan(customer.subscription, 5)])
        assert code(denied.value) == why
    assert errors(quote(both, [(order, item, 1)], [plan(customer.subscription, 5)])) == []


def test_of_two_trade_ins_of_one_reservation_one_is_made(desk):
    owner = desk.customer().owner
    order, item = owner.buy()
    sessions = [
        quote(owner, [(order, item, 1)], [plan(owner.customer.subscription, 5)]).properties.session_id
        for _ in range(4)
    ]

    def trade(session):
        try:
            return owner.exchange(session).properties.session_id
        except HttpResponseError as error:
            return code(error)

    with concurrent.futures.ThreadPoolExecutor(len(sessions)) as pool:
        answers = list(pool.map(trade, sessions))
    made = [answer for answer in answers if answer in sessions]
    assert len(made) == 1, answers
    refused = [answer for answer in answers if answer not in sessions]
    assert set(refused) == {"OperationCannotBePerformedInCurrentState"}
    assert len(list(benefits(owner).savings_plan_order.list())) == 1


def test_the_command_line_compares_before_it_trades_in(own_desk):
    own_desk.set_clock("2026-08-03T12:00:00Z")
    owner = own_desk.customer().owner
    order, item = owner.buy(sku="Standard_D2s_v5", location="westeurope", quantity=2)
    environment = os.environ | {
        "PRORATA_URL": own_desk.base_url,
        "PRORATA_CA": own_desk.ca,
        "PRORATA_TENANT": owner.customer.tenant,
        "PRORATA_CLIENT_ID": owner.client_id,
        "PRORATA_CLIENT_SECRET": owner.secret,
    }
    words = ["trade-in", "--return", f"{order}/{item}:2"]
    words += ["--subscription", owner.customer.subscription]
    short = run(*words, "--what-if", "--output", "json", env=environment)
    assert short.returncode == 3, short.stdout + short.stderr
    told = json.loads(short.stdout)["comparison"]
    given_up = json.loads(short.stdout)["properties"]["refundsTotal"]["amount"]
    [year, three] = told["smallestCommitments"]
    assert (year["term"], three["term"]) == ("P1Y", "P3Y")
    enough = year["commitment"]["amount"]
    assert enough * 8760 >= given_up > (enough - 0.001) * 8760
    assert three["commitment"]["amount"] * 26280 >= given_up
    # Two machines at 0.0874 an hour: 0.1748 all the time, and 730 hours of a month.
    assert told["coveringCommitment"]["amount"] == 0.175
    assert told["savingsPlanMonthly"]["amount"] == 127.6
    assert told["reservationsMonthly"]["amount"] == round(given_up / 12, 2)
    more = told["savingsPlanMonthly"]["amount"] - told["reservationsMonthly"]["amount"]
    assert told["extraMonthly"]["amount"] == round(more, 2)
    text = run(*words, "--what-if", env=environment).stdout
    assert "To cover the same machines" in text and "0.175 USD an hour" in text
    done = run(*words, "--commit", str(enough), "--yes", env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list(benefits(owner).savings_plan_order.list())) == 1
