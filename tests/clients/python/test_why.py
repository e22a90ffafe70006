"""Why somebody can or cannot do something, with the whole chain of reasons."""

import json
import uuid

import pytest

from desk import CAPACITY, item_path, order_path, run
from test_authorization import give, oid

WATCHER = "582fc458-8989-419f-a480-75249bc5db7e"
MEMBERS = {
    "owner": [("Owner", "/")],
    "administrator": [("Reservations Administrator", CAPACITY)],
    "reader": [("Reader", "/")],
    "payer": [("Reader", "/subscriptions/{subscription}")],
    "nobody": [],
}


@pytest.fixture(scope="module")
def team(desk):
    return desk.customer(members=MEMBERS)


@pytest.fixture(scope="module")
def bought(team):
    return team.owner.buy(quantity=2)


def why(member, action, scope, principal=None):
    question = {"action": action, "scope": scope}
    if principal:
        question["principal"] = principal
    answer = member.call("POST", "/prorata/access/why", question, version=None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_yes_and_a_no_come_with_the_whole_chain_of_reasons(team, bought):
    order, reservation = bought
    path = f"/prorata/access/why?action=return&scope={item_path(order, reservation)}"
    yes = team.administrator.call("GET", path, version=None).json()
    assert (yes["allowed"], yes["answer"]) == (True, "allowed")
    assert yes["principalId"] == oid(team.administrator)
    assert yes["operation"] == "Microsoft.Capacity/reservationOrders/return/action"
    [reason] = [row for row in yes["reasons"] if row["outcome"] == "allows"]
    assert (reason["kind"], reason["role"]) == ("assignment", "Reservations Administrator")
    assert reason["reach"] == "inherited"
    assert reason["via"] == [CAPACITY, order_path(order)], "what is asked of orders is asked there"
    assert yes["remedies"] == []

    no = team.reader.call("GET", path, version=None).json()
    assert (no["allowed"], no["answer"]) == (False, "denied")
    [reason] = no["reasons"]
    assert (reason["role"], reason["outcome"], reason["reach"]) == ("Reader", "silent", "inherited")
    [remedy] = no["remedies"]
    assert remedy["kind"] == "give" and remedy["role"] == "Reservations Administrator"
    assert remedy["scope"] == order_path(order), "the smallest scope that would do"


def test_the_remedy_is_enough(team, bought):
    order, _ = bought
    no = why(team.nobody, "read", order_path(order))
    assert no["answer"] == "hidden" and "not even see" in no["says"]
    [remedy] = no["remedies"]
    assert remedy["role"] == "Reservations Reader"
    given = give(team.owner, remedy["scope"], WATCHER, oid(team.nobody))
    yes = why(team.nobody, "Microsoft.Capacity/reservationOrders/read", order_path(order))
    assert yes["allowed"] and yes["reasons"][0]["assignment"] == given.name
    taken = team.owner.call("DELETE", given.id, version="2022-04-01")
    assert taken.status_code == 200
    assert why(team.nobody, "read", order_path(order))["answer"] == "hidden"


def test_a_role_on_the_subscription_does_not_reach_what_it_paid_for(team, bought):
    no = why(team.payer, "read", order_path(bought[0]))
    [reason] = [row for row in no["reasons"] if row["kind"] == "assignment"]
    assert reason["reach"] == "not-inherited"
    assert "do not inherit" in reason["ground"]


def test_what_may_not_be_seen_is_the_same_whether_it_is_there_or_not(team, bought):
    there = why(team.nobody, "read", order_path(bought[0]))
    missing = order_path(uuid.uuid4())
    absent = why(team.nobody, "read", missing)
    same = lambda answer, path: str(answer).lower().replace(path.lower(), "PATH")
    assert same(there, order_path(bought[0])) == same(absent, missing)
    answer = team.owner.call(
        "POST", "/prorata/access/why", {"action": "read", "scope": missing}, version=None
    )
    assert answer.status_code == 404, "whoever would see it learns that it is not there"


def test_others_are_asked_about_by_those_who_may_see_roles(team, bought):
    order, _ = bought
    about = why(team.owner, "exchange", order_path(order), oid(team.reader))
    assert (about["principalName"], about["answer"]) == ("reader", "denied")
    assert why(team.reader, "exchange", order_path(order), oid(team.owner))["allowed"]
    question = {"action": "read", "scope": order_path(order), "principal": oid(team.owner)}
    answer = team.nobody.call("POST", "/prorata/access/why", question, version=None)
    assert answer.status_code == 404
    question["principal"] = str(uuid.uuid4())
    answer = team.owner.call("POST", "/prorata/access/why", question, version=None)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "PrincipalNotFound")


def test_a_question_that_cannot_be_read_is_refused(team):
    answer = team.owner.call("GET", "/prorata/access/why?principal=me&action=fly", version=None)
    assert answer.status_code == 400
    told = {detail["target"]: detail["message"] for detail in answer.json()["error"]["details"]}
    assert set(told) == {"principal", "action", "scope"}
    assert "change-directory" in told["action"], "the message names what can be asked"
    answer = team.owner.call("POST", "/prorata/access/why", ["read"], version=None)
    assert answer.status_code == 400


def access(member, *arguments):
    """The command line's own commands, signed in as a member."""
    return run(
        "access", *arguments, "--url", member.desk.base_url, "--ca", member.desk.ca,
        "--tenant", member.customer.tenant, "--client-id", member.client_id,
        env={"PRORATA_CLIENT_SECRET": member.secret, "PATH": "/usr/bin:/bin"},
    )


def test_the_command_line_gives_lists_explains_and_takes_away(team, bought):
    order, reservation = bought
    somebody = team.hire("somebody", [])
    no = access(somebody, "why", "read", f"{order}/{reservation}")
    assert no.returncode == 3, no.stderr
    assert "not even see" in no.stdout and "Reservations Reader" in no.stdout

    given = access(
        team.owner, "assign", "Reservations Reader", order, "--who", oid(somebody),
        "--description", "by the command line", "-o", "json",
    )
    assert given.returncode == 0, given.stderr
    row = json.loads(given.stdout)
    again = access(
        team.owner, "assign", "reservations reader", order, "--who", oid(somebody), "-o", "json"
    )
    assert json.loads(again.stdout)["id"] == row["id"], "given once"
    listed = access(team.owner, "list", order, "--who", oid(somebody))
    assert "Reservations Reader" in listed.stdout and row["name"] in listed.stdout
    yes = access(somebody, "why", "read", f"{order}/{reservation}")
    assert yes.returncode == 0 and "inherited down" in yes.stdout, yes.stdout + yes.stderr
    denied = access(somebody, "assign", "Reader", order, "--who", oid(somebody))
    assert denied.returncode == 1

    assert access(team.owner, "remove", row["id"]).returncode == 0
    gone = access(team.owner, "remove", row["name"], "--scope", order)
    assert gone.returncode == 0 and "no such assignment" in gone.stdout
    roles = access(team.owner, "roles", CAPACITY)
    assert "Reservations Administrator" in roles.stdout, roles.stderr
    unknown = access(team.owner, "assign", "Nobody", order, "--who", oid(somebody))
    assert unknown.returncode == 1 and "access roles" in unknown.stderr
