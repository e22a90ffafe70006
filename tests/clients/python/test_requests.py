"""Deeds that others approve first: a required policy stops the unmodified client, and what is
approved is done by the desk and seen by that client."""

import json
import time
import uuid

import pytest
from azure.core.exceptions import HttpResponseError

from desk import CAPACITY, item_path, run

MEMBERS = {
    "owner": [("Owner", "/")],
    "agent": [("Reservations Administrator", CAPACITY)],
    "second": [("Reservations Administrator", CAPACITY)],
    "customer": [("Reader", "/")],
    "nobody": [],
}
POLICY = {
    "required": True,
    "lifeDays": 10,
    "tolerance": "2 %",
    "approvers": {"roles": ["Reservations Administrator"]},
    "rules": [
        {"kinds": ["refund", "exchange"], "approvals": 0},
        {"kinds": ["refund", "exchange"], "from": "50.00 USD", "approvals": 1},
    ],
}
POLICIES = "/prorata/approval-policies"


@pytest.fixture(scope="module")
def team(desk):
    team = desk.customer(members=MEMBERS)
    scope = "billing-account/" + team.account["id"]
    answer = team.owner.call("PUT", f"{POLICIES}/returns?scope={scope}", POLICY, version=None)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["scope"]) == (1, scope)
    again = team.owner.call("PUT", f"{POLICIES}/returns?scope={scope}", POLICY, version=None)
    assert again.json() == answer.json(), "the same again changes nothing"
    return team


def call(member, method, path, body=None, status=200):
    answer = member.call(method, path, body, version=None)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.text else None


def refund_of(order, reservation, quantity=1, **more):
    wanted = {"reservationId": item_path(order, reservation), "quantity": quantity}
    return {"refund": wanted | {"reason": "no longer needed"}, "comment": "please"} | more


def asked(member, body):
    """Drafts and submits; answers the request."""
    drafted = call(member, "POST", "/prorata/requests", body, 201)
    return call(member, "POST", f"/prorata/requests/{drafted['id']}/submit", {})


def step(member, request, name, said=None, status=200):
    return call(member, "POST", f"/prorata/requests/{request['id']}/{name}", said or {}, status)


def ended(member, request):
    """The request once the desk has done what it does by itself."""
    for _ in range(100):
        shown = call(member, "GET", f"/prorata/requests/{request['id']}")
        if shown["status"] not in ("approved", "running"):
            return shown
        time.sleep(0.1)
    raise AssertionError(shown)


def live(member, order):
    items = member.client.reservation.list(order)
    return sum(item.properties.quantity for item in items
               if item.properties.provisioning_state == "Succeeded")


def test_a_required_policy_stops_the_client_and_the_approved_request_is_seen_by_it(team):
    order, reservation = team.owner.buy(quantity=5)
    with pytest.raises(HttpResponseError) as raised:
        team.owner.give_back(order, reservation, 2)
    assert raised.value.status_code == 403
    assert raised.value.error.code == "Forbidden"
    assert "approval policy `returns` asks for 1 approval" in raised.value.error.message
    assert "POST /prorata/requests" in raised.value.error.message
    assert live(team.owner, order) == 5

    request = asked(team.customer, refund_of(order, reservation, 2))
    assert request["status"] == "submitted"
    assert request["figures"]["stake"] == {"currencyCode": "USD", "amount": 64.0}
    assert [demand["policy"] for demand in request["demands"]] == ["returns", "right"]
    assert len(request["explanation"]["findings"]) > 8
    waiting = call(team.agent, "GET", "/prorata/requests?waitingForMe=true")["value"]
    assert request["id"] in [row["id"] for row in waiting]
    own = call(team.customer, "GET", "/prorata/requests?waitingForMe=true")["value"]
    assert request["id"] not in [row["id"] for row in own]

    refused = step(team.customer, request, "approve", {"comment": "me too"}, 403)
    assert refused["error"]["code"] == "Forbidden"
    assert step(team.agent, request, "approve", {"comment": "fine"})["approvals"][0]["comment"] == "fine"
    done = ended(team.customer, request)
    assert done["status"] == "done", done
    assert [row["event"] for row in done["history"]] == ["draft", "submit", "approve", "run", "finish"]
    assert live(team.owner, order) == 3, "the client sees what was done"
    told = call(team.customer, "GET", "/prorata/notifications?take=1000")["value"]
    kinds = {row["kind"] for row in told if row["target"] == f"request/{request['id']}"}
    assert kinds == {"request-submitted", "request-approved", "request-done"}

    # Below the threshold the client does it as ever.
    rest = [item for item in team.owner.client.reservation.list(order)
            if item.properties.provisioning_state == "Succeeded"]
    team.owner.give_back(order, rest[0].name.split("/")[-1], 1)
    assert live(team.owner, order) == 2


def test_steps_may_be_sent_twice_and_an_end_is_an_end(team):
    order, reservation = team.owner.buy(quantity=5)
    chosen = str(uuid.uuid4())
    body = refund_of(order, reservation, 3, id=chosen)
    first = call(team.customer, "POST", "/prorata/requests", body, 201)
    assert call(team.customer, "POST", "/prorata/requests", body, 201) == first
    other = refund_of(order, reservation, 2, id=chosen)
    conflict = call(team.customer, "POST", "/prorata/requests", other, 409)
    assert conflict["error"]["code"] == "RequestIdExists"
    submitted = step(team.customer, first, "submit")
    assert step(team.customer, first, "submit") == submitted
    empty = step(team.agent, first, "reject", {}, 400)
    assert empty["error"]["target"] == "reason"
    rejected = step(team.agent, first, "reject", {"reason": "not this year"})
    assert (rejected["status"], rejected["why"]["reason"]) == ("rejected", "not this year")
    late = step(team.second, first, "approve", {}, 409)
    assert late["error"]["code"] == "OperationCannotBePerformedInCurrentState"
    assert call(team.nobody, "GET", f"/prorata/requests/{chosen}", status=404)
    mine = asked(team.customer, refund_of(order, reservation, 3))
    assert step(team.customer, mine, "withdraw", {"reason": "a mistake"})["status"] == "withdrawn"
    step(team.agent, mine, "withdraw", {"reason": "not theirs"}, 409)


def test_every_fault_of_a_request_and_of_a_policy_is_told_at_once(team):
    faulty = {"refund": {"reservationId": "here", "quantity": 0}, "id": "x", "onBehalfOf": "y"}
    answer = call(team.customer, "POST", "/prorata/requests", faulty, 400)
    targets = {detail["target"] for detail in answer["error"]["details"]}
    assert targets == {"id", "onBehalfOf", "refund.reservationId", "refund.quantity"}
    inner = call(team.customer, "POST", "/prorata/requests", {"exchange": {"properties": {}}}, 400)
    assert "exchange.properties.reservationsToExchange" in json.dumps(inner)
    for body in ({}, {"refund": {}, "purchase": {}}):
        call(team.customer, "POST", "/prorata/requests", body, 400)
    policy = {"rules": [{"approvals": 11, "from": "much", "kinds": ["gift"]}], "tolerance": "a bit"}
    answer = call(team.owner, "PUT", f"{POLICIES}/x", policy, 400)
    targets = {detail["target"] for detail in answer["error"]["details"]}
    expected = {"rules[0].approvals", "rules[0].from", "rules[0].kinds", "tolerance"}
    assert targets == expected
    call(team.owner, "PUT", f"{POLICIES}/x?scope=galaxy/1", POLICY, 400)
    call(team.owner, "GET", "/prorata/requests?status=gone", status=400)


def test_policies_are_set_by_who_may_and_bind_no_stranger(desk, team):
    call(team.agent, "PUT", f"{POLICIES}/mine", POLICY, 403)
    other = desk.customer()
    scope = "billing-account/" + team.account["id"]
    foreign = call(other.owner, "PUT", f"{POLICIES}/mine?scope={scope}", POLICY, 403)
    assert "world document" in foreign["error"]["message"]
    names = [row["name"] for row in call(team.owner, "GET", POLICIES)["value"]]
    assert names == ["returns"]
    assert call(other.owner, "GET", POLICIES)["value"] == []
    call(other.owner, "GET", f"{POLICIES}/returns?scope={scope}", status=404)
    call(other.owner, "PUT", f"{POLICIES}/own", POLICY)
    assert call(other.owner, "GET", f"{POLICIES}/own")["policy"]["required"] is True
    call(other.owner, "DELETE", f"{POLICIES}/own", status=204)
    call(other.owner, "GET", f"{POLICIES}/own", status=404)


def test_another_tenant_knows_nothing_of_a_request(desk, team):
    order, reservation = team.owner.buy(quantity=5)
    request = asked(team.customer, refund_of(order, reservation, 2))
    other = desk.customer()
    path = f"/prorata/requests/{request['id']}"
    assert call(other.owner, "GET", path, status=404)["error"]["code"] == "RequestNotFound"
    for name, said in [("approve", {}), ("reject", {"reason": "no"}), ("withdraw", {})]:
        call(other.owner, "POST", f"{path}/{name}", said, 404)
    assert call(other.owner, "GET", "/prorata/requests")["value"] == []
    call(other.owner, "POST", "/prorata/requests", refund_of(order, reservation), 404)


def test_a_request_by_the_command_line(team, desk, tmp_path):
    order, reservation = team.owner.buy(quantity=5)

    def said(member, *arguments, status=0):
        settings = {
            "PRORATA_URL": desk.base_url,
            "PRORATA_CA": desk.ca,
            "PRORATA_TENANT": team.tenant,
            "PRORATA_CLIENT_ID": member.client_id,
            "PRORATA_CLIENT_SECRET": member.secret,
        }
        done = run(arguments[0], "-o", "json", *arguments[1:], env=settings)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    drafted = said(team.customer, "request", "draft", "refund", f"{order}/{reservation}",
                   "-n", 2, "--comment", "please", "--submit")
    assert drafted["status"] == "submitted"
    waiting = said(team.agent, "request", "list", "--waiting")
    assert drafted["id"] in [row["id"] for row in waiting]
    said(team.agent, "request", "approve", drafted["id"], "--comment", "fine")
    assert ended(team.customer, drafted)["status"] == "done"
    assert said(team.customer, "request", "show", drafted["id"])["operation"]
    policies = said(team.owner, "approval-policy", "list")
    assert [row["name"] for row in policies] == ["returns"]
