"""Who did what: the audit of the desk, and the activity log by the official client."""

import base64
import csv
import datetime
import hashlib
import io
import json
import time
import uuid

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.monitor import MonitorManagementClient

import desk as desk_module
from desk import arm_error, item_path, order_path

MEMBERS = {
    "owner": [("Owner", "/")],
    "reader": [("Reader", "/")],
    "payer": [("Owner", "/subscriptions/{subscription}")],
    "nobody": [],
    "=cmd|' /c calc'!a0": [("Owner", "/")],
}
RETURN = "Microsoft.Capacity/reservationOrders/return/action"
WRITE = "Microsoft.Capacity/reservationOrders/write"


@pytest.fixture(scope="module")
def team(desk):
    return desk.customer(members=MEMBERS)


@pytest.fixture(scope="module")
def bought(team):
    """An order of which a unit was returned, and whose payments somebody looked at."""
    order, reservation = team.owner.buy(quantity=3)
    team.owner.give_back(order, reservation)
    team.reader.call("GET", order_path(order) + "?$expand=schedule")
    return order, reservation


def lines(member, **query):
    found, path = [], "/prorata/audit?" + "&".join(f"{name}={value}" for name, value in query.items())
    while path:
        answer = member.call("GET", path)
        assert answer.status_code == 200, answer.text
        found += answer.json()["value"]
        path = answer.json().get("nextLink")
    return found


def monitor(member):
    base = member.desk.base_url
    credential = ClientSecretCredential(
        member.customer.tenant, member.client_id, member.secret, authority=base,
        disable_instance_discovery=True, connection_verify=member.desk.ca,
    )
    return MonitorManagementClient(
        credential, member.customer.subscription, base_url=base,
        credential_scopes=[base + "/.default"], connection_verify=member.desk.ca, retry_total=0,
    )


def since(member, days=30):
    now = datetime.datetime.fromisoformat(member.desk.now().replace("Z", "+00:00"))
    return (now - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_everything_that_was_done_to_an_order_is_found(team, bought):
    order, _ = bought
    found = lines(team.owner, target=order)
    assert [line["at"] for line in found] == sorted((line["at"] for line in found), reverse=True)
    actions = {line["action"]: line for line in found}
    assert {"purchase", "refund-quote", "refund", "order-payments"} <= set(actions)
    looked = actions["order-payments"]
    assert looked["principalName"] == "reader"
    assert looked["address"] == "127.0.0.1"
    assert looked["verdict"] == "approved"
    assert not looked["isOperation"]
    refund = actions["refund"]
    assert refund["isOperation"] and refund["principalName"] == "owner"
    assert refund["decisionId"] == actions["refund-quote"]["decisionId"], "quote and deed share it"


def test_lines_are_found_by_each_of_their_members(team, bought):
    order, _ = bought
    mine = lines(team.owner, target=order)
    owner = next(line["principalId"] for line in mine if line["principalName"] == "owner")
    for query, holds in [
        ({"principal": owner}, lambda line: line["principalId"] == owner),
        ({"action": "refund"}, lambda line: line["action"] == "refund"),
        ({"verdict": "denied"}, lambda line: line["verdict"] == "denied"),
        ({"address": "127.0.0.1"}, lambda line: line["address"] == "127.0.0.1"),
    ]:
        if query == {"verdict": "denied"}:
            assert team.nobody.call("GET", order_path(order)).status_code in (403, 404)
        found = lines(team.owner, **query)
        assert found and all(map(holds, found)), query
    assert lines(team.owner, address="192.0.2.1") == []
    assert lines(team.owner, **{"from": "2200-01-01"}) == []
    until = mine[0]["at"]
    whole = [line["id"] for line in lines(team.owner, to=until)]
    assert [line["id"] for line in lines(team.owner, to=until, take=2)] == whole


def test_who_is_turned_away_leaves_a_line(team, bought):
    order, reservation = bought
    correlation = str(uuid.uuid4())
    answer = team.reader.call(
        "POST", order_path(order) + "/calculateRefund",
        {"id": order_path(order), "properties": {
            "scope": "Reservation",
            "reservationToReturn": {"reservationId": item_path(order, reservation), "quantity": 1},
        }},
        headers={"x-ms-correlation-request-id": correlation},
    )
    assert answer.status_code == 403, answer.text
    [line] = lines(team.owner, correlationId=correlation)
    assert (line["verdict"], line["principalName"]) == ("denied", "reader")
    assert order in line["target"]


def test_the_audit_is_for_those_who_say_who_may_do_what(desk, team, bought):
    for member in [team.reader, team.payer, team.nobody]:
        for path in ["/prorata/audit", "/prorata/audit/export", "/prorata/audit/head"]:
            answer = member.call("GET", path)
            assert answer.status_code in (403, 404), (member.name, path)
            arm_error(answer)
    other = desk.customer(members={"owner": [("Owner", "/")]})
    order, _ = bought
    assert lines(other.owner, target=order) == []
    assert all(line["tenantId"] == other.tenant for line in lines(other.owner))


def test_what_cannot_be_looked_for_is_named(team):
    for query, name in [
        ("from=soon", "from"),
        ("principal=me", "principal"),
        ("verdict=maybe", "verdict"),
        ("of=all", "of"),
        ("correlationId=1", "correlationId"),
        ("take=0", "take"),
        ("$skiptoken=x", "$skiptoken"),
    ]:
        answer = team.owner.call("GET", "/prorata/audit?" + query)
        assert answer.status_code == 400, query
        assert arm_error(answer)["target"] == name
    answer = team.owner.call("GET", "/prorata/audit/export?format=xml")
    assert answer.status_code == 400 and arm_error(answer)["target"] == "format"


def digest(*parts):
    """SHA-256 over netstrings, as the export's form says it: none of the desk's own code."""
    return hashlib.sha256(b"".join(parts)).digest()


def net(value):
    if value is None:
        return b"~"
    text = str(value).encode()
    return b"%d:%s," % (len(text), text)


def unit_digest(unit):
    if "rows" not in unit:
        return bytes.fromhex(unit["digest"])
    rows = sorted(
        digest(net(row["table"]), *(net(value) for _, value in row["values"])) for row in unit["rows"]
    )
    return digest(net("unit"), net(unit["kind"]), net(unit["id"]), *rows)


def chained(text):
    """Walks an export and makes every digest again; answers the digests of its seals."""
    rows = [json.loads(line) for line in text.splitlines()]
    assert list(rows[-1]) == ["end"]
    seals, at = [], 0
    while "seal" in rows[at]:
        seal, batches = rows[at]["seal"], []
        at += 1
        while "batch" in rows[at]:
            batch, units = rows[at]["batch"], []
            at += 1
            while "unit" in rows[at]:
                units.append(unit_digest(rows[at]["unit"]))
                at += 1
            made = digest(net("batch"), net(batch["id"]), *units).hex()
            assert made == batch["digest"]
            batches += [net(batch["id"]), net(batch["rows"]), net(made)]
        made = digest(
            net("seal"), net(seal["number"]), net(seal["at"]), net(seal["previous"]), *batches
        ).hex()
        assert made == seal["digest"]
        assert not seals or seal["previous"] == seals[-1]
        seals.append(made)
    assert rows[at]["end"]["seals"] == len(seals)
    return seals


def test_an_export_can_be_checked_by_itself(desk, team, bought, tmp_path):
    order, _ = bought
    export = team.owner.call("GET", "/prorata/audit/export", version=None)
    assert export.headers["Content-Type"].startswith("application/jsonl")
    text = export.content.decode()
    seals = chained(text)
    head = team.owner.call("GET", "/prorata/audit/head").json()
    assert seals[-1] == head["digest"] or head["number"] > len(seals)
    header, body, _ = head["signed"].split(".")
    decoded = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert decoded["digest"] == head["digest"]
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["typ"] == "prorata-head+jws"
    assert desk.http.get(
        desk.base_url + order_path(order) + "?api-version=2022-11-01",
        headers={"Authorization": "Bearer " + head["signed"]},
    ).status_code == 401, "a head is no token"

    assert order in text
    strangers = desk.customer(members={"owner": [("Owner", "/")]})
    theirs = strangers.owner.call("GET", "/prorata/audit/export", version=None).content.decode()
    assert order not in theirs and team.tenant not in theirs
    assert chained(theirs)[: len(seals)] == seals

    file = tmp_path / "audit.jsonl"
    file.write_text(text)
    done = desk_module.run("audit", "check", str(file), "-o", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["seals"] == len(seals)
    changed = text.replace('"refund-quote"', '"refund-quota"', 1)
    assert changed != text
    file.write_text(changed)
    done = desk_module.run("audit", "check", str(file))
    assert done.returncode != 0 and "batch" in done.stdout
    file.write_text("\n".join(text.splitlines()[:-1]) + "\n")
    assert desk_module.run("audit", "check", str(file)).returncode != 0
    file.write_text(text)
    wrong = f"{len(seals)}:{'0' * 64}"
    assert desk_module.run("audit", "check", str(file), "--head", wrong).returncode != 0


def test_a_table_holds_no_formulas(team):
    odd = team.members["=cmd|' /c calc'!a0"]
    order, _ = odd.buy(name="=1+1")
    text = team.owner.call("GET", "/prorata/audit/export?format=csv", version=None).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert any(row["target"] == f"order/{order}" for row in rows)
    for row in rows:
        assert None not in row and None not in row.values(), row
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert any(row["name"].startswith("'=cmd") for row in rows)


def test_no_secret_and_no_line_of_its_own_gets_into_a_line(team, bought):
    agent = "evil\tagent " + "x" * 4000
    correlation = str(uuid.uuid4())
    team.owner.call(
        "GET", order_path(bought[0]) + "?$expand=schedule",
        headers={"User-Agent": agent, "x-ms-correlation-request-id": correlation},
    )
    [line] = lines(team.owner, correlationId=correlation)
    assert "\t" not in line.get("userAgent", "") and len(line.get("userAgent", "")) <= 200
    everything = team.owner.call("GET", "/prorata/audit/export", version=None).content.decode()
    for member in team.members.values():
        assert member.secret not in everything
        assert member.token not in everything


def test_who_bought_this_has_an_answer(team, bought):
    order, reservation = bought
    log = monitor(team.reader)
    path = f"/providers/Microsoft.Capacity/reservationOrders/{order}"
    when = f"eventTimestamp ge '{since(team.reader)}'"
    events = list(log.tenant_activity_logs.list(filter=f"{when} and resourceUri eq '{path}'"))
    [purchase] = [event for event in events if event.operation_name.value == WRITE]
    assert purchase.caller == "owner"
    assert purchase.resource_id == path
    assert purchase.status.value == "Succeeded"
    assert purchase.resource_provider_name.value == "Microsoft.Capacity"
    assert purchase.http_request.client_ip_address == "127.0.0.1"
    assert purchase.claims["appid"] == team.owner.client_id
    [given_back] = [
        event for event in events
        if (event.operation_name.value, event.status.value) == (RETURN, "Succeeded")
    ]
    assert given_back.resource_id == f"{path}/reservations/{reservation}"
    assert given_back.event_timestamp >= purchase.event_timestamp

    same = list(log.tenant_activity_logs.list(
        filter=f"{when} and correlationId eq '{purchase.correlation_id}'"
    ))
    assert purchase.event_data_id in {event.event_data_id for event in same}
    chosen = list(log.tenant_activity_logs.list(
        filter=f"{when} and correlationId eq '{given_back.correlation_id}'",
        select="caller,operationName",
    ))
    assert chosen and {event.caller for event in chosen} == {"owner"}
    assert all(event.resource_id is None and event.claims is None for event in chosen)
    assert list(log.tenant_activity_logs.list(
        filter=f"{when} and resourceProvider eq 'Microsoft.Compute'"
    )) == []
    assert list(log.tenant_activity_logs.list(
        filter="eventTimestamp ge '2200-01-01T00:00:00Z'"
    )) == []


def test_a_subscription_has_the_events_of_what_it_pays_for(desk, team, bought):
    order, _ = bought
    when = f"eventTimestamp ge '{since(team.payer)}'"
    log = monitor(team.payer)
    events = list(log.activity_logs.list(filter=when))
    names = {event.operation_name.value for event in events}
    assert {WRITE, RETURN} <= names
    assert {event.subscription_id for event in events} == {team.subscription}
    with pytest.raises(HttpResponseError) as raised:
        list(log.tenant_activity_logs.list(filter=when))
    assert raised.value.status_code in (403, 404)
    with pytest.raises(HttpResponseError) as raised:
        list(monitor(team.nobody).activity_logs.list(filter=when))
    assert raised.value.status_code in (403, 404)
    for filter in ["caller eq 'owner'", f"{when} or caller eq 'owner'", "eventTimestamp ge 'soon'"]:
        with pytest.raises(HttpResponseError) as raised:
            list(log.activity_logs.list(filter=filter))
        assert raised.value.status_code == 400 and "$filter" in raised.value.message


def test_events_come_in_pages(desk, team):
    order, reservation = team.owner.buy(quantity=2)
    for _ in range(301):
        team.owner.worth(order, reservation)
    log = monitor(team.owner)
    path = f"/providers/Microsoft.Capacity/reservationOrders/{order}"
    when = f"eventTimestamp ge '{since(team.owner)}'"
    pages = log.tenant_activity_logs.list(filter=f"{when} and resourceUri eq '{path}'").by_page()
    counts = [len(list(page)) for page in pages]
    assert sum(counts) == 302 and len(counts) > 1, counts


def test_what_was_recorded_is_sealed_and_verified(own_desk):
    customer = own_desk.customer()
    order, reservation = customer.owner.buy(quantity=2, term="P3Y")
    customer.owner.give_back(order, reservation)
    time.sleep(1.5)
    own_desk.stop()
    done = desk_module.run("audit", "verify", "--data", str(own_desk.data), "-o", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["seals"] >= 1 and report["rows"] > 10 and report["broken"] is None
    done = desk_module.run("audit", "head", "--data", str(own_desk.data), "-o", "json")
    head = json.loads(done.stdout)
    whole = f"{head['number']}:{head['digest']}"
    verify = ("audit", "verify", "--data", str(own_desk.data), "--head")
    assert desk_module.run(*verify, whole).returncode == 0
    assert desk_module.run(*verify, f"{head['number']}:{'0' * 64}").returncode != 0
    export = own_desk.data / "audit.jsonl"
    done = desk_module.run("audit", "export", "--data", str(own_desk.data), "--out", str(export))
    assert done.returncode == 0, done.stderr
    assert chained(export.read_text())[-1] == head["digest"]
    assert desk_module.run("audit", "check", str(export), "--head", whole).returncode == 0


def test_who_signs_in_and_who_fails_to_leaves_a_line(desk, team):
    correlation = str(uuid.uuid4())
    typed = "a secret in the wrong place"
    for client, secret, status in [
        (team.owner.client_id, team.owner.secret, 200),
        (team.owner.client_id, typed, 401),
        (typed, team.owner.secret, 401),
    ]:
        answer = desk.http.post(
            f"{desk.base_url}/{team.tenant}/oauth2/v2.0/token",
            data={"grant_type": "client_credentials", "client_id": client,
                  "client_secret": secret, "scope": desk.base_url + "/.default"},
            headers={"x-ms-correlation-request-id": correlation},
        )
        assert answer.status_code == status, answer.text
    found = lines(team.owner, correlationId=correlation)
    assert {line["action"] for line in found} == {"sign-in"}
    verdicts = sorted(line["verdict"] for line in found)
    assert verdicts[0] == "approved" and "failed" in verdicts, verdicts
    assert all(line["address"] == "127.0.0.1" for line in found)
    assert typed not in json.dumps(found)
