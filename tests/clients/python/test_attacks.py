"""Named attacks on the API that its official clients would never send. docs/security.md lists these
with those that other files hold."""

import base64
import http.client
import json
import re
import socket
import ssl
import time
import urllib.parse
import uuid

import pytest

from desk import CAPACITY, TODAY, Desk, arm_error, item_path, order_path, purchase_body

ROLES = "/providers/Microsoft.Authorization"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
OF_AUTHORIZATION = "2022-04-01"
# What a caller would like to say of a thing and has no say in.
FORBIDDEN = {
    "tenantId": str(uuid.uuid4()), "tenant": str(uuid.uuid4()), "id": "/subscriptions/mine",
    "owner": "me", "price": 0, "unitPrice": 0, "total": {"amount": 0, "currencyCode": "USD"},
    "state": "Succeeded", "provisioningState": "Succeeded", "billingAccount": "another",
    "createdBy": str(uuid.uuid4()), "version": 7, "revision": 0, "__proto__": {"price": 0},
    "effectiveDateTime": "2020-01-01T00:00:00Z", "expiryDate": "2099-01-01",
    "benefitStartTime": "2020-01-01T00:00:00Z", "purchaseDateTime": "2020-01-01T00:00:00Z",
    "archived": True, "payableTo": "me", "paymentSchedule": [], "roles": ["Owner"], "isAdmin": True,
}
VOLATILE = {"id", "name", "reservationOrderId", "sessionId", "etag"}


def raw(desk, method, path, token=None, body=None, headers=()):
    """Sends a path as it is; other clients tidy it up first. Answers status, headers and body."""
    place = urllib.parse.urlsplit(desk.base_url)
    context = ssl.create_default_context(cafile=desk.ca)
    line = http.client.HTTPSConnection(place.hostname, place.port, context=context, timeout=30)
    try:
        line.putrequest(method, path, skip_accept_encoding=True)
        sent = json.dumps(body).encode() if body is not None else b""
        if token:
            line.putheader("Authorization", f"Bearer {token}")
        if body is not None:
            line.putheader("Content-Type", "application/json")
        for name, value in headers:
            line.putheader(name, value)
        line.putheader("Content-Length", str(len(sent)))
        line.endheaders(sent)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        line.close()


def without(value, names=VOLATILE):
    """A body without what differs from call to call."""
    if isinstance(value, dict):
        return {key: without(item, names) for key, item in value.items() if key not in names}
    return [without(item, names) for item in value] if isinstance(value, list) else value


def oid(member):
    """The object id of a principal, as its token has it."""
    body = member.token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["oid"]


# Mass assignment


def stuffed(body):
    """The same request with every member that one has no say in, at each level."""
    plain = {"id", "name"}  # Some requests have these members for real.
    properties = {
        name: value for name, value in FORBIDDEN.items()
        if name not in plain and name not in body["properties"]
    }
    return FORBIDDEN | body | {"properties": properties | body["properties"]}


def test_mass_assignment_in_a_purchase_changes_nothing(owner):
    body = purchase_body(owner.customer.subscription, quantity=2)
    prices, shown = [], []
    for asked in (body, stuffed(body)):
        answer = owner.call("POST", f"{CAPACITY}/calculatePrice", asked)
        assert answer.status_code == 200, answer.text
        prices.append(without(answer.json()))
        order = answer.json()["properties"]["reservationOrderId"]
        answer = owner.call("PUT", order_path(order), asked)
        assert answer.status_code in (200, 202), answer.text
        for _ in range(50):
            answer = owner.call("GET", order_path(order) + "?$expand=schedule")
            if answer.json()["properties"].get("provisioningState") == "Succeeded":
                break
            time.sleep(0.1)
        items = owner.call("GET", order_path(order) + "/reservations").json()
        shown.append((without(answer.json()), without(items)))
    assert prices[0] == prices[1]
    # The instants of the two purchases are the sandbox's, which stands still.
    assert shown[0] == shown[1]
    for text in (json.dumps(shown[1]), json.dumps(prices[1])):
        assert FORBIDDEN["tenantId"] not in text and "2099-01-01" not in text


def test_mass_assignment_in_an_update_changes_nothing(owner):
    order, item = owner.buy(quantity=2)
    path = item_path(order, item)
    before = owner.call("GET", path).json()
    changes = {"name": "renamed"} | {
        name: value for name, value in FORBIDDEN.items() if name != "name"
    } | {"quantity": 900, "term": "P3Y", "sku": {"name": "Standard_E64"}, "billingPlan": "Monthly",
         "billingScopeId": f"/subscriptions/{uuid.uuid4()}", "reservedResourceType": "Databricks"}
    answer = owner.call("PATCH", path, {"properties": changes, "sku": {"name": "Standard_E64"}})
    assert answer.status_code in (200, 202), answer.text
    for _ in range(50):
        after = owner.call("GET", path).json()
        if after["properties"]["displayName"] == "renamed":
            break
        time.sleep(0.1)
    own = VOLATILE | {"displayName", "lastUpdatedDateTime"}
    kept, changed = without(before, own), without(after, own)
    # That it was changed is told; what it is has stayed.
    assert after["properties"]["displayName"] == "renamed"
    for name in kept["properties"].keys() | changed["properties"].keys():
        assert changed["properties"].get(name) == kept["properties"].get(name), name
    assert (changed["sku"], changed["location"]) == (kept["sku"], kept["location"])


def test_mass_assignment_makes_no_administrator(customer):
    owner = customer.owner
    other = customer.desk.customer()
    asked = {"userName": f"eve-{uuid.uuid4().hex[:8]}", "displayName": "Eve"} | {
        "tenantId": other.tenant, "id": oid(other.owner), "state": "active", "secondFactor": True,
        "passwordHash": "x", "password": "tulip anvil quarry lamp", "role": "Owner",
        "roles": ["Owner"], "kind": "ServicePrincipal",
    }
    answer = owner.call("POST", "/prorata/users", asked, version=None)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    user = made.get("user", made)
    assert user["id"] != asked["id"] and user["state"] == "invited" and not user["secondFactor"]
    there = other.owner.call("GET", "/prorata/users", version=None).json()["value"]
    assert asked["userName"] not in [row["userName"] for row in there]
    rows = owner.call(
        "GET", f"{ROLES}/roleAssignments?$filter=principalId%20eq%20'{user['id']}'",
        version=OF_AUTHORIZATION,
    ).json()["value"]
    assert rows == []


def test_mass_assignment_in_a_role_assignment_keeps_to_the_path(customer):
    owner, reader = customer.owner, customer.hire("reader", [])
    order, _ = owner.buy()
    name = str(uuid.uuid4())
    asked = {"id": "/", "scope": "/", "properties": {
        "roleDefinitionId": f"{ROLES}/roleDefinitions/{READER}", "principalId": oid(reader),
        "scope": "/", "createdBy": oid(reader), "updatedBy": oid(reader), "tenantId": "x",
        "createdOn": "2020-01-01T00:00:00Z",
    }}
    path = f"{order_path(order)}{ROLES}/roleAssignments/{name}"
    answer = owner.call("PUT", path, asked, version=OF_AUTHORIZATION)
    assert answer.status_code == 201, answer.text
    made = answer.json()["properties"]
    assert made["scope"].lower() == order_path(order).lower()
    assert made["createdBy"] == made["updatedBy"] == oid(owner)
    assert not made["createdOn"].startswith("2020")
    assert reader.call("GET", f"{CAPACITY}/reservationOrders").json()["value"] != []
    at_root = f"{ROLES}/roleAssignments?$filter=atScope()"
    answer = owner.call("GET", at_root, version=OF_AUTHORIZATION)
    assert name not in [row["name"] for row in answer.json()["value"]]


# Id guessing


def test_id_guessing_finds_nothing(customer):
    """What is another tenant's answers as what is nowhere, but for the id that was sent."""
    theirs = customer.owner
    order, item = theirs.buy(quantity=2)
    stranger = customer.desk.customer().owner
    session = theirs.worth(order, item, 1).session_id
    person = theirs.call(
        "POST", "/prorata/users",
        {"userName": f"p-{uuid.uuid4().hex[:8]}", "displayName": "P"}, version=None,
    ).json()
    person = person.get("user", person)["id"]
    assignment = next(
        row["name"] for row in theirs.call(
            "GET", f"{order_path(order)}{ROLES}/roleAssignments", version=OF_AUTHORIZATION,
        ).json()["value"]
    )
    account = customer.account["id"]
    returned = {"properties": {"scope": "Reservation", "reservationToReturn": {
        "reservationId": item_path(order, item), "quantity": 1}}}
    tries = [
        ("GET", order_path(order), None, None),
        ("GET", f"{order_path(order)}/reservations", None, None),
        ("GET", item_path(order, item), None, None),
        ("GET", f"{item_path(order, item)}/revisions", None, None),
        ("PATCH", item_path(order, item), {"properties": {"name": "x"}}, None),
        ("POST", f"{order_path(order)}/calculateRefund", returned, None),
        ("POST", f"{item_path(order, item)}/archive", None, None),
        ("POST", f"{order_path(order)}/changeDirectory",
         {"destinationTenantId": str(uuid.uuid4())}, None),
        ("GET", f"{CAPACITY}/operationResults/{session}", None, None),
        ("GET", f"/subscriptions/{customer.subscription}", None, "2022-12-01"),
        ("GET", f"/subscriptions/{customer.subscription}{CAPACITY}/catalogs", None, None),
        ("GET", f"/providers/Microsoft.Billing/billingAccounts/{account}", None, "2024-04-01"),
        ("GET", f"{order_path(order)}{ROLES}/roleAssignments", None, OF_AUTHORIZATION),
        ("GET", f"{order_path(order)}{ROLES}/roleAssignments/{assignment}", None, OF_AUTHORIZATION),
        ("GET", f"/prorata/users/{person}", None, ""),
        ("GET", f"/prorata/users/{person}/sessions", None, ""),
        ("DELETE", f"/prorata/users/{person}/sessions", None, ""),
        ("POST", f"/prorata/users/{person}/reset", None, ""),
        ("POST", f"/prorata/principals/{oid(theirs)}/disable", None, ""),
        ("GET", f"/prorata/principals/{oid(theirs)}/secrets", None, ""),
        ("GET", f"/prorata/partner/customers/{customer.tenant}", None, ""),
    ]
    known = [order, item, session, person, assignment, account, customer.subscription,
             customer.tenant, oid(theirs)]
    for method, path, body, version in tries:
        version = {None: "2022-11-01", "": None}.get(version, version)
        answers = []
        for guessed in (False, True):
            stand_in = {one: str(uuid.uuid4()) if guessed else one for one in known}
            if guessed:
                stand_in[account] = "account-" + uuid.uuid4().hex[:12]
            change = lambda text: swapped(text, stand_in)
            sent = json.loads(change(json.dumps(body))) if body else None
            answer = stranger.call(method, change(path), sent, version=version)
            back = {new.lower(): old for old, new in stand_in.items()}
            answers.append((answer.status_code, swapped(answer.text.lower(), back)))
        assert 400 <= answers[0][0] < 500 and answers[0][0] != 429, (path, answers[0])
        assert answers[0] == answers[1], path
    assert theirs.call("GET", item_path(order, item)).json()["properties"]["quantity"] == 2
    assert theirs.token, "and nothing of theirs has ended"
    assert theirs.call("GET", order_path(order)).status_code == 200


def swapped(text, names):
    for old, new in names.items():
        text = text.replace(old, new)
    return text


# Path tricks in scopes


def tricks(own, other):
    """Paths that look as though they began in one's own scope and mean another, or nearly so."""
    tail = other.rsplit("/", 1)[-1]
    climb = "/".join([".."] * own.count("/"))
    return [
        f"{own}/../{tail}",
        f"{own}/%2e%2e/{tail}",
        f"{own}/%2E%2E/{tail}",
        f"{own}/.%2e/{tail}",
        f"{own}%2f..%2f{tail}",
        f"{own}/..%2f{tail}",
        f"{own}/..%5c{tail}",
        f"{own}/..;/{tail}",
        f"{own}/%252e%252e/{tail}",
        f"{own}/{climb}{other}",
        f"{own}{other}",
        f"{own}%00{other}",
        f"{own}%0a/{tail}",
        f"{own}?/../{tail}",
        f"{own}#/../{tail}",
        f"{own}/.",
        f"{own}/..",
        f"{own}/../..",
        f"{own}/%2e",
        f"{own} ",
        f"{own}%20",
        f"{own}%e2%80%8b",
        f"{own}%ef%bc%8f..%ef%bc%8f{tail}",
        own.replace("reservationOrders", "reservationOrder%c5%bf"),
        own.replace("Microsoft", "Micros%c3%b6ft"),
        f"{own}/%c0%ae%c0%ae/{tail}",
        f"{own}/{tail}",
    ]


def test_path_tricks_in_scopes_lead_nowhere(customer):
    owner = customer.owner
    (mine, _), (theirs, item) = owner.buy(), owner.buy()
    eve = customer.hire("eve", [("Owner", order_path(mine))])
    watched = [order_path(theirs), item_path(theirs, item), CAPACITY, ""]

    def held():
        rows = []
        for scope in watched:
            answer = owner.call(
                "GET", f"{scope}{ROLES}/roleAssignments?$filter=atScope()", version=OF_AUTHORIZATION
            )
            assert answer.status_code == 200, answer.text
            rows += sorted(row["id"] for row in answer.json()["value"])
        return rows

    before = held()
    wish = {"properties": {
        "roleDefinitionId": f"{ROLES}/roleDefinitions/{OWNER}", "principalId": oid(eve)}}
    for path in tricks(order_path(mine), order_path(theirs)):
        path = path.replace(" ", "%20")
        for method, body in (("PUT", wish), ("GET", None)):
            end = f"/{uuid.uuid4()}" if method == "PUT" else ""
            sent = f"{path}{ROLES}/roleAssignments{end}?api-version={OF_AUTHORIZATION}"
            status, _, text = raw(customer.desk, method, sent, eve.token, body)
            assert 400 <= status < 500, (method, path, status, text)
            assert theirs not in text or theirs in path, (method, path, text)
        status, _, text = raw(
            customer.desk, "GET", f"{path}?api-version=2022-11-01", eve.token
        )
        if status == 200:
            # A `?` or `#` ends the path, and a place of one segment says nothing.
            assert json.loads(text)["name"] == mine, path
    assert held() == before


def test_other_spellings_of_a_scope_are_the_same_scope(customer):
    """Letter case, doubled and trailing slashes and needless escapes change neither what is meant
    nor what is allowed."""
    owner = customer.owner
    (mine, _), (theirs, _) = owner.buy(), owner.buy()
    eve = customer.hire("eve", [("Owner", order_path(mine))])
    for order, expected in ((mine, 200), (theirs, 404)):
        plain = order_path(order)
        spellings = [
            plain, plain.upper(), plain.lower(), "/" + plain, plain + "/", plain + "//",
            plain.replace("/", "//"), plain.replace("Capacity", "%43apacity"),
            plain.replace("providers", "%70roviders"),
        ]
        answers = set()
        for spelling in spellings:
            sent = f"{spelling}{ROLES}/roleAssignments?api-version={OF_AUTHORIZATION}"
            status, _, text = raw(customer.desk, "GET", sent, eve.token)
            assert status == expected, (spelling, status, text)
            body = json.loads(text)
            answers.add(json.dumps(body.get("value", body.get("error", {}).get("code"))))
        assert len(answers) == 1, answers


# The protocol


def test_no_method_gives_a_request_back(desk, owner):
    for method in ("TRACE", "TRACK", "CONNECT", "DEBUG"):
        status, _, text = raw(
            desk, method, f"{CAPACITY}/reservationOrders?api-version=2022-11-01", owner.token
        )
        assert 400 <= status < 500, (method, status)
        assert owner.token not in text


def test_no_other_site_reads_an_answer(desk, owner):
    """No answer lets a page of another origin read it, whatever that page asks."""
    for origin in ("https://evil.example", "null", desk.base_url):
        for method in ("GET", "OPTIONS"):
            _, headers, _ = raw(
                desk, method, f"{CAPACITY}/reservationOrders?api-version=2022-11-01", owner.token,
                headers=[("Origin", origin), ("Access-Control-Request-Method", "GET")],
            )
            assert not [name for name in headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: +2",
        "Content-Length: 2, 3",
        "Content-Length: -1",
        "Transfer-Encoding: identity, nonsense",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: nonsense",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked, identity",
        "X: 1\r\n Content-Length: 2",
        "X\x00: 1",
    ],
)
def test_a_smuggled_request_is_not_answered(desk, framing):
    place = urllib.parse.urlsplit(desk.base_url)
    context = ssl.create_default_context(cafile=desk.ca)
    with socket.create_connection((place.hostname, place.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname=place.hostname) as line:
            line.sendall(
                f"POST /nobody/oauth2/v2.0/token HTTP/1.1\r\nHost: {place.netloc}\r\n{framing}\r\n\r\n"
                f"x=GET /healthz HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
            )
            line.settimeout(5)
            answered = b""
            try:
                while part := line.recv(65536):
                    answered += part
            except (TimeoutError, ssl.SSLError):
                pytest.fail(f"the connection was kept open: {answered!r}")
    assert answered.count(b"HTTP/1.1 ") <= 1 and not answered.startswith(b"HTTP/1.1 2"), answered


def test_log_injection_stays_in_its_line(tmp_path, monkeypatch):
    monkeypatch.setenv("PRORATA_LOG", "trace")
    desk = Desk(tmp_path / "data").start()
    desk.set_clock(TODAY)
    owner = desk.customer().owner
    forged = "2026-01-01T00:00:00.000000Z  INFO prorata: admin signed in"
    marks = ["%0a", "%0d%0a", "%0A%1b[2J", "%e2%80%a8", "%c2%85", "%00", "%1b]0;x%07"]
    for mark in marks:
        line = urllib.parse.quote(forged)
        for path in (
            f"/x{mark}{line}", f"{CAPACITY}/reservationOrders?api-version=2022-11-01&x={mark}{line}",
            f"{order_path(mark + line)}?api-version=2022-11-01",
            f"/{mark}{line}/oauth2/v2.0/token",
        ):
            status, _, text = raw(desk, "GET", path, owner.token)
            assert status < 500, (path, text)
    decoded = urllib.parse.unquote("\n" + forged)
    eve = {"userName": f"eve{decoded}", "displayName": f"eve{decoded}"}
    owner.call("POST", "/prorata/users", eve, version=None)
    desk.http.post(
        f"{desk.base_url}/{uuid.uuid4()}/oauth2/v2.0/token",
        data={"grant_type": "client_credentials", "client_id": f"x{decoded}\x1b[2J",
              "client_secret": f"y{decoded}"},
    )
    for name in ("User-Agent", "x-ms-client-request-id", "x-ms-correlation-request-id"):
        raw(desk, "GET", "/healthz", headers=[(name, f"x\t{forged}")])
    assert desk.stop() == 0, desk.log()
    log = desk.logged.read_text(errors="replace")
    assert "answered" in log
    started = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z +(TRACE|DEBUG|INFO|WARN|ERROR) ")
    for line in log.split("\n"):
        assert not line.startswith("2026-01-01T00:00:00.000000Z"), line
    lines = [line for line in log.split("\n") if "admin signed in" in line.replace("%20", " ")]
    assert lines and all(started.match(line) for line in lines), lines
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]", log), "signs that drive a terminal"


def test_a_token_of_another_tenant_opens_nothing(customer):
    """A token good for one tenant, used for all that another one has."""
    theirs = customer.owner
    order, item = theirs.buy()
    stranger = customer.desk.customer().owner
    for path in (order_path(order), item_path(order, item), f"{order_path(order)}/reservations"):
        answer = stranger.call("GET", path)
        assert answer.status_code == 404, answer.text
        assert arm_error(answer)["code"].endswith("NotFound") or "ReservationId" in answer.text
    assert stranger.call("GET", f"{CAPACITY}/reservations").json()["value"] == []
