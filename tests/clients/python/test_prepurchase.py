"""Pre-purchase plans: bought, drained by usage to the last unit, and nothing else."""

import concurrent.futures

import pytest
from azure.core.exceptions import HttpResponseError

from desk import CAPACITY, TODAY, arm_error, code, item_path, run, targets

PLAN = {"sku": "Databricks_Commit_12500_Units", "resource_type": "Databricks", "location": None}


def usage_path(order, reservation):
    return f"/prorata/reservations/{order}/{reservation}/usage"


def drain(owner, plan, usage_id, units, used_at=TODAY):
    body = {"usageId": usage_id, "usedAt": used_at, "commitUnits": units}
    return owner.call("POST", usage_path(*plan), body, version=None)


def paid(owner, plan, usage_id, units, **more):
    """What was covered, what was overage, and what is left."""
    answer = drain(owner, plan, usage_id, units, **more)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["usage"]["covered"], body["usage"]["overage"], body["commitUnits"]["left"]


def standing(owner, order, reservation):
    return owner.call("GET", item_path(order, reservation)).json()["explanation"]


@pytest.fixture
def plan(owner):
    return owner.buy(**PLAN)


def test_a_plan_is_bought_upfront_and_holds_commit_units(owner):
    quote = owner.quote(quantity=2, **PLAN)
    assert quote.billing_currency_total.amount == 24000.0
    order, reservation = owner.buy(quantity=2, **PLAN)
    holds = standing(owner, order, reservation)["commitUnits"]
    assert holds == {"bought": "25000", "drained": "0", "left": "25000"}
    with pytest.raises(HttpResponseError) as raised:
        owner.quote(plan="Monthly", **PLAN)
    assert "billingPlan" in raised.value.message


def test_usage_drains_a_plan_to_its_end(owner, plan):
    order, reservation = plan
    assert paid(owner, plan, "june-1", "12000.25") == ("12000.25", "0", "499.75")
    assert paid(owner, plan, "june-2", "500") == ("499.75", "0.25", "0")
    ended = owner.client.reservation.get(order, reservation)
    assert ended.properties.provisioning_state == "Expired"
    assert "commit units" in ended.properties.extended_status_info.message
    holds = standing(owner, order, reservation)["commitUnits"]
    assert holds == {"bought": "12500", "drained": "12500", "left": "0"}
    error = arm_error(drain(owner, plan, "june-3", "1"))
    assert error["code"] == "OperationCannotBePerformedInCurrentState"
    assert "empty" in error["message"]


def test_usage_is_paid_once(owner, plan):
    assert paid(owner, plan, "a", "100") == ("100", "0", "12400")
    assert paid(owner, plan, "a", "100") == ("100", "0", "12400")
    assert paid(owner, plan, "b", "0.000001") == ("0.000001", "0", "12399.999999")
    other = drain(owner, plan, "a", "101")
    assert other.status_code == 409, other.text
    page = owner.call("GET", usage_path(*plan), version=None).json()
    assert [(row["usageId"], row["commitUnits"]) for row in page["value"]] == [
        ("a", "100"),
        ("b", "0.000001"),
    ]
    assert page["commitUnits"]["drained"] == "100.000001"
    first = owner.call("GET", usage_path(*plan) + "?take=1", version=None).json()
    rest = owner.call("GET", first["nextLink"], version=None).json()
    assert [row["usageId"] for row in first["value"] + rest["value"]] == ["a", "b"]


def test_many_at_once_drain_no_more_than_there_is(owner, plan):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: drain(owner, plan, f"usage-{n}", "1000"), range(16)))
    covered = [float(answer.json()["usage"]["covered"]) for answer in answers if answer.ok]
    refused = [answer for answer in answers if not answer.ok]
    assert sum(covered) == 12500.0
    assert (len(covered), len(refused)) == (13, 3)
    assert standing(owner, *plan)["commitUnits"]["left"] == "0"


def test_every_fault_of_usage_is_told_at_once(owner, plan):
    answer = owner.call(
        "POST",
        usage_path(*plan),
        {"usageId": "", "usedAt": "yesterday", "commitUnits": "1.0000001"},
        version=None,
    )
    assert answer.status_code == 400
    assert targets(arm_error(answer)) == {"usageId", "usedAt", "commitUnits"}
    ahead = arm_error(drain(owner, plan, "a", "1", used_at="2026-03-02T12:00:01Z"))
    assert "usedAt" in ahead["message"]
    early = arm_error(drain(owner, plan, "a", "1", used_at="2026-03-01T12:00:00Z"))
    assert "began" in early["message"]
    assert standing(owner, *plan)["commitUnits"]["drained"] == "0"


def test_a_machine_holds_no_commit_units(owner):
    machine = owner.buy()
    error = arm_error(drain(owner, machine, "a", "1"))
    assert "no commit units" in error["message"]
    assert owner.call("GET", usage_path(*machine), version=None).status_code == 404


def test_strangers_neither_drain_nor_look(desk, owner, plan):
    stranger = desk.customer().owner
    assert drain(stranger, plan, "a", "1").status_code == 404
    assert stranger.call("GET", usage_path(*plan), version=None).status_code == 404
    reader = owner.customer.hire("reader", [("Reader", f"{CAPACITY}/reservationOrders/{plan[0]}")])
    assert drain(reader, plan, "a", "1").status_code == 403
    assert reader.call("GET", usage_path(*plan), version=None).status_code == 200


def test_a_plan_is_neither_returned_exchanged_split_nor_merged(owner):
    order, reservation = owner.buy(quantity=2, **PLAN)
    worth = owner.worth(order, reservation, 2)
    errors = [error.code for error in worth.policy_result.properties.policy_errors]
    assert errors == ["SelfServiceRefundNotSupported"]
    quote = owner.exchange_quote([(order, reservation, 2)], [{**PLAN, "quantity": 3}])
    assert quote.properties.policy_result.policy_errors
    for path, body in [
        ("split", {"properties": {"quantities": [1, 1], "reservationId": item_path(order, reservation)}}),
        ("merge", {"properties": {"sources": [item_path(order, reservation)] * 2}}),
    ]:
        answer = owner.call("POST", f"{CAPACITY}/reservationOrders/{order}/{path}", body)
        assert 400 <= answer.status_code < 500, answer.text


def test_the_command_line_pays_usage_from_a_file(owner, plan, tmp_path):
    order, reservation = plan
    usage = tmp_path / "usage.csv"
    usage.write_text(
        f"usage_id,used_at,commit_units\nday-1,{TODAY},12499\nday-2,{TODAY},2.5\n"
    )
    where = [
        "--url", owner.desk.base_url, "--ca", owner.desk.ca,
        "--tenant", owner.customer.tenant, "--client-id", owner.client_id,
    ]
    secret = {"PRORATA_CLIENT_SECRET": owner.secret, "PATH": "/usr/bin:/bin"}
    done = run("drain", f"{order}/{reservation}", "--file", usage, *where, env=secret)
    assert done.returncode == 0, done.stderr
    assert "1.5" in done.stdout and "12500" in done.stdout
    usage.write_text("usage_id,used_at,commit_units\nday-1,soon,1\nday-2,later,x\n")
    broken = run("drain", f"{order}/{reservation}", "--file", usage, *where, env=secret)
    assert broken.returncode == 2 and "lines 2, 3" in broken.stderr
    shown = run("show", f"{order}/{reservation}", *where, env=secret)
    assert "0 of 12500" in shown.stdout
