"""From a refund that the cap refuses to the one exception that lets it pass, and no further."""

import concurrent.futures
import datetime
import hashlib
import json
import uuid

import pytest
from azure.core.exceptions import HttpResponseError

import support
from desk import code, item_path
from support import ask, case_of, desk_member, grant, name, of_reservation

# On the day of the purchase all of it comes back, and counts: more than the cap of 50,000 US dollars.
BIG = {"sku": "Test_Large_v1", "quantity": 1}
LARGE = [{
    "resourceType": "VirtualMachines", "sku": "Test_Large_v1", "location": "westus",
    "term": "P1Y", "currency": "USD", "unitTotal": "60000.00", "since": "2019-01-01",
}]


def lapses(desk, days=30):
    today = datetime.datetime.fromisoformat(desk.now().replace("Z", "+00:00")).date()
    return str(today + datetime.timedelta(days=days))


@pytest.fixture
def customer(desk):
    members = {
        "owner": [("Owner", "/")],
        "reader": [("Reader", "/")],
    }
    return desk.customer(members=members, prices=LARGE)


@pytest.fixture(scope="module")
def agent(desk):
    return desk_member(desk)


def refusals(worth):
    errors = worth.policy_result.properties.policy_errors if worth.policy_result else None
    return [error.code for error in errors or []]


def explanation(member, order, reservation, quantity=1):
    """The quote with its explanation, which the official client leaves out."""
    body = {
        "id": f"/providers/Microsoft.Capacity/reservationOrders/{order}",
        "properties": {
            "scope": "Reservation",
            "reservationToReturn": {
                "reservationId": item_path(order, reservation), "quantity": quantity
            },
        },
    }
    path = f"/providers/Microsoft.Capacity/reservationOrders/{order}/calculateRefund"
    answer = member.call("POST", path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()["explanation"]


def finding(told, clause):
    return next(one for one in told["findings"] if one["clause"] == clause)


def test_an_exception_lets_one_refund_past_the_cap(desk, customer, agent):
    owner = customer.owner
    first, second = owner.buy(**BIG), owner.buy(**BIG)
    assert refusals(owner.worth(*first)) == ["RefundLimitExceeded"]

    under = name("refund")
    opened = ask(owner, *first, 1, under)
    assert opened.status_code == 201, opened.text
    assert ask(owner, *first, 1, under).status_code == 200, "the same again is the same ticket"
    properties = opened.json()["properties"]
    assert properties["serviceDisplayName"] == "Billing"
    shown = properties["problemClassificationDisplayName"]
    assert shown == "Reservation management / Exchanges and refunds"
    assert all(one in properties["description"] for one in first)
    # The official client sees the same ticket and its files.
    client = support.client(owner)
    assert client.support_tickets.get(under).title == properties["title"]
    files = [one.name for one in client.files.list(properties["fileWorkspaceName"])]
    assert files == ["evidence.json", "evidence.md", "evidence.sha256"]

    case = case_of(agent, under)
    assert case["files"] == files and case["tenantId"] == customer.tenant
    path = f"/prorata/desk/supportTickets/{case['id']}/files/evidence.json"
    evidence = json.loads(support.content(agent.call("GET", path, version=None).json()))
    assert evidence["decision"]["refusal"]["code"] == "RefundLimitExceeded"
    assert evidence["reservation"]["id"] == first[1]
    assert evidence["ledger"] and evidence["revisions"]

    granted = grant(agent, case["id"], ["refund-cap"], lapses(desk))
    assert granted.status_code == 200, granted.text
    quote = explanation(owner, *first)
    waived = finding(quote, "refund-cap")
    assert quote["approved"] and waived["outcome"] == "waived"
    assert ("waived by ticket", under) in [
        (line["label"], line["amount"]) for line in waived["lines"]]

    worth = owner.worth(*first)
    assert refusals(worth) == []
    # A quote only shows it.
    assert "usedBy" not in case_of(agent, under)["exceptions"][0]
    owner.give_back(*first, 1, worth.session_id)
    used = case_of(agent, under)["exceptions"][0]
    assert used["usedBy"] == worth.session_id

    # It was for that reservation, and once.
    assert refusals(owner.worth(*second)) == ["RefundLimitExceeded"]
    with pytest.raises(HttpResponseError) as raised:
        owner.give_back(*second, 1)
    assert code(raised.value) == "RefundLimitExceeded"
    told = owner.call("GET", "/prorata/notifications?take=300", version=None).json()["value"]
    kinds = [one["kind"] for one in told]
    assert {"ticket-opened", "exception-granted", "cancellation"} <= set(kinds)


def test_the_rest_of_a_partial_return_has_no_exception(desk, customer, agent):
    owner = customer.owner
    order, reservation = owner.buy(**(BIG | {"quantity": 2}))
    under = name("refund")
    ask(owner, order, reservation, 1, under)
    case = case_of(agent, under)
    assert grant(agent, case["id"], ["refund-cap"], lapses(desk)).status_code == 200
    owner.give_back(order, reservation, 1)
    items = [one.name for one in owner.client.reservation.list(order)]
    rest = next(one for one in items if one != reservation)
    assert refusals(owner.worth(order, rest)) == ["RefundLimitExceeded"]


def test_two_at_once_use_an_exception_once(desk, customer, agent):
    owner = customer.owner
    order, reservation = owner.buy(**(BIG | {"quantity": 2}))
    under = name("refund")
    ask(owner, order, reservation, 1, under)
    case = case_of(agent, under)
    assert grant(agent, case["id"], ["refund-cap"], lapses(desk)).status_code == 200
    sessions = [owner.worth(order, reservation).session_id for _ in range(4)]

    def give_back(session):
        try:
            owner.give_back(order, reservation, 1, session)
            return session
        except HttpResponseError:
            return None

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        done = [session for session in pool.map(give_back, sessions) if session]
    assert len(done) == 1
    assert case_of(agent, under)["exceptions"][0]["usedBy"] == done[0]


def test_what_the_desk_refuses(desk, customer, agent):
    owner = customer.owner
    order, reservation = owner.buy(**BIG)
    under = name("refund")
    ask(owner, order, reservation, 1, under)
    case = case_of(agent, under)
    for clauses, day, wanted in [
        (["proration"], lapses(desk), "BadRequest"),
        (["quantity"], lapses(desk), "BadRequest"),
        ([], lapses(desk), "BadRequest"),
        (["refund-cap"], lapses(desk, 91), "BadRequest"),
        (["refund-cap"], lapses(desk, 0), "BadRequest"),
        (["lost"], lapses(desk), "BadRequest"),
        (["refund-cap"], "soon", "BadRequest"),
    ]:
        answer = grant(agent, case["id"], clauses, day)
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["code"] == wanted
    assert grant(agent, case["id"], ["refund-cap"], lapses(desk), reason="").status_code == 400
    exception = str(uuid.uuid4())
    granted = grant(agent, case["id"], ["refund-cap"], lapses(desk), exception)
    assert granted.status_code == 200
    again = grant(agent, case["id"], ["refund-cap"], lapses(desk), exception)
    assert again.json() == granted.json(), "the same again is the same exception"
    other = grant(agent, case["id"], ["self-service"], lapses(desk), exception)
    assert other.status_code == 409, other.text


def test_only_the_desk_answers_and_never_whoever_asked(desk, customer, agent):
    owner = customer.owner
    order, reservation = owner.buy(**BIG)
    under = name("refund")
    ask(owner, order, reservation, 1, under)
    case = case_of(agent, under)
    path = f"/prorata/desk/supportTickets/{case['id']}"
    # An owner of a tenant is nobody at the desk, not even for their own ticket.
    for member in (owner, customer.reader):
        assert member.call("GET", path, version=None).status_code == 404
        assert member.call("GET", "/prorata/desk/supportTickets", version=None).status_code == 404
        assert grant(member, case["id"], ["refund-cap"], lapses(desk)).status_code == 404
        answer = member.call("PATCH", path, {"status": "closed"}, version=None)
        assert answer.status_code == 404
    said = {"subject": "We look at it", "body": "Please wait."}
    first = agent.call("PUT", path + "/communications/first", said, version=None)
    assert first.status_code == 201, first.text
    assert agent.call("PUT", path + "/communications/first", said, version=None).status_code == 200
    seen = list(support.client(owner).communications.list(under))
    assert [(one.subject, one.communication_direction) for one in seen] == [
        ("We look at it", "inbound")]
    closed = agent.call("PATCH", path, {"status": "closed"}, version=None)
    assert closed.json()["ticket"]["properties"]["status"] == "Closed"
    assert support.client(owner).support_tickets.get(under).status == "Closed"
    late = agent.call("PUT", path + "/communications/late", said, version=None)
    assert late.status_code == 400

    # Somebody at the desk who has a ticket of their own cannot grant on it.
    mine = name("mine")
    wish = support.ticket(support.client(agent))
    support.client(agent).support_tickets_no_subscription.begin_create(mine, wish).result()
    own = case_of(agent, mine)
    answer = grant(agent, own["id"], ["refund-cap"], lapses(desk),
                   reservationId=item_path(order, reservation))
    assert answer.status_code in (403, 404), answer.text


def test_a_reader_may_not_ask_for_an_exception(customer):
    order, reservation = customer.owner.buy(**BIG)
    answer = ask(customer.reader, order, reservation, 1)
    assert answer.status_code == 403, answer.text
    path = of_reservation(order, reservation) + "/evidence"
    body = {"asked": {"refund": {"quantity": 1}}}
    assert customer.reader.call("POST", path, body, version=None).status_code == 403


def test_evidence_is_the_same_bytes_for_the_same_facts(customer):
    owner = customer.owner
    order, reservation = owner.buy(**BIG)
    path = of_reservation(order, reservation) + "/evidence"
    body = {"asked": {"refund": {"quantity": 1}}}
    first = owner.call("POST", path, body, version=None)
    assert first.status_code == 200, first.text
    assert owner.call("POST", path, body, version=None).content == first.content
    pack = first.json()
    assert not pack["approved"] and pack["refusal"]["clause"] == "refund-cap"
    files = {one["name"]: one for one in pack["files"]}
    for one in files.values():
        assert hashlib.sha256(one["text"].encode()).hexdigest() == one["sha256"]
    sums = files["evidence.sha256"]["text"].splitlines()
    assert sums == [f"{files[one]['sha256']}  {one}" for one in ("evidence.json", "evidence.md")]
    told = files["evidence.md"]["text"]
    assert files["evidence.json"]["sha256"] in told
    for part in ("## Properties", "## Decision", "## Proof", "## Ledger", "## Revisions",
                 "`refund-cap` not-met", reservation, order):
        assert part in told, part


def test_evidence_of_an_exchange_has_its_findings(customer):
    owner = customer.owner
    order, reservation = owner.buy(**BIG)
    exchange = {"properties": {
        "reservationsToExchange": [{
            "reservationId": item_path(order, reservation), "quantity": 1}],
        "reservationsToPurchase": [owner.request(sku="Standard_B1ls").as_dict()],
    }}
    path = of_reservation(order, reservation) + "/evidence"
    answer = owner.call("POST", path, {"asked": {"exchange": exchange}}, version=None)
    assert answer.status_code == 200, answer.text
    assert answer.json()["refusal"]["clause"] == "exchange-floor"


def test_what_is_asked_for_must_be_said(customer):
    owner = customer.owner
    order, reservation = owner.buy(**BIG)
    path = of_reservation(order, reservation) + "/supportTickets/x"
    answer = owner.call("PUT", path, {"asked": {}}, version=None)
    assert answer.status_code == 400
    targets = {one["target"] for one in answer.json()["error"]["details"]}
    assert {"asked", "reason", "contactDetails"} <= targets
    bad = {
        "asked": {"refund": {"quantity": 0}}, "reason": "x",
        "contactDetails": support.CONTACT | {"country": "Mars"},
    }
    assert owner.call("PUT", path, bad, version=None).status_code == 400
    bad["asked"]["refund"]["quantity"] = 1
    error = owner.call("PUT", path, bad, version=None).json()["error"]
    assert error["target"] == "properties.contactDetails.country"
    lost = of_reservation(order, str(uuid.uuid4())) + "/evidence"
    answer = owner.call("POST", lost, {"asked": {"refund": {"quantity": 1}}}, version=None)
    assert answer.status_code == 404


def test_what_was_sent_along_is_read_again(customer):
    owner = customer.owner
    order, reservation = owner.buy(**BIG)
    under = name("refund")
    opened = ask(owner, order, reservation, 1, under).json()
    path = f"{of_reservation(order, reservation)}/supportTickets/{under}"
    assert owner.call("GET", path, version=None).json() == opened
    sums = content(owner, path, "evidence.sha256").decode().splitlines()
    for line in sums:
        digest, file = line.split("  ")
        assert support.sha256(content(owner, path, file)) == digest
    assert owner.call("GET", path + "/files/lost", version=None).status_code == 404
    assert owner.call("GET", path + "x", version=None).status_code == 404


def content(member, path, file):
    answer = member.call("GET", f"{path}/files/{file}", version=None)
    assert answer.status_code == 200, answer.text
    return support.content(answer.json())
