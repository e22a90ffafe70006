"""Who is told of what happens: signed webhooks and mail, read by libraries of their receivers."""

import collections
import email
import email.policy
import http.server
import json
import socket
import sqlite3
import threading
import time
import uuid

import pytest
import standardwebhooks
from aiosmtpd.controller import Controller
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

from desk import TODAY, Desk

Told = collections.namedtuple("Told", "path headers body")


class Listener:
    """A program that gets webhooks; `answers` are its next statuses, 204 after them."""

    def __init__(self):
        self.told, self.answers = [], []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                listener.told.append(Told(self.path, dict(self.headers.items()), body))
                self.send_response(listener.answers.pop(0) if listener.answers else 204)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def at(self, path, count=1):
        return waited(lambda: [told for told in self.told if told.path == path], count)


def waited(found, count=1, seconds=20):
    """What is found once there is enough of it."""
    until = time.monotonic() + seconds
    while len(rows := found()) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(rows) >= count, rows
    return rows


class MailBox:
    def __init__(self):
        self.mails = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=port)
        self.controller.start()
        self.url = f"smtp://127.0.0.1:{port}"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


@pytest.fixture(scope="module")
def mails():
    box = MailBox()
    yield box
    box.controller.stop()


@pytest.fixture(scope="module")
def listener():
    listener = Listener()
    yield listener
    listener.server.shutdown()


@pytest.fixture(scope="module")
def telling(tmp_path_factory, mails):
    """A desk that may tell this machine."""
    options = ("--inner-receivers", "--smtp", mails.url, "--mail-from", "Desk <desk@prorata.example>")
    desk = Desk(tmp_path_factory.mktemp("telling") / "data", options=options).start()
    desk.set_clock(TODAY)
    yield desk
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


def put(member, id=None, **wanted):
    return member.call("PUT", f"/prorata/receivers/{id or uuid.uuid4()}", wanted)


def added(member, **wanted):
    answer = put(member, **wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


def post(member, path):
    return member.call("POST", path, None)


def rows(member, path):
    answer = member.call("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()["value"]


def verified(secret, told):
    return standardwebhooks.Webhook(secret).verify(told.body, told.headers)


def test_a_purchase_is_told_to_a_program_that_can_trust_it(telling, listener):
    owner = telling.customer().owner
    made = added(owner, channel="webhook", address=listener.url("/bought"), name="books")
    order, _ = owner.buy(name="web")
    told = listener.at("/bought")[0]
    verified(made["secret"], told)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(made["secret"], told._replace(body=told.body.replace(b"purchase", b"exchange")))
    event = from_http_event(HTTPMessage(headers=told.headers, body=told.body))
    assert event.get_type() == "prorata.purchase.v1"
    assert event.get_data()["target"] == f"order/{order}"
    (listed,) = rows(owner, "/prorata/notifications")
    assert (event.get_id(), event.get_subject()) == (listed["id"], listed["target"])
    assert told.headers["webhook-id"] == listed["id"]


def test_only_wanted_kinds_are_told_and_nothing_of_another_tenant(telling, listener):
    owner, other = telling.customer().owner, telling.customer().owner
    added(owner, channel="webhook", address=listener.url("/returned"), kinds=["cancellation"])
    held = owner.buy()
    other.give_back(*other.buy())
    owner.give_back(*held)
    event = json.loads(listener.at("/returned")[0].body)
    assert event["type"] == "prorata.cancellation.v1" and held[0] in event["subject"]
    time.sleep(1.5)
    assert len(listener.at("/returned")) == 1


def test_what_fails_is_tried_again_under_the_same_id(telling, listener):
    owner = telling.customer().owner
    listener.answers[:] = [500]
    made = added(owner, channel="webhook", address=listener.url("/shaky"))
    assert post(owner, f"/prorata/receivers/{made['id']}/test").status_code == 202
    waited(lambda: [
        row for row in rows(owner, "/prorata/deliveries?state=waiting")
        if row["trouble"] == "the receiver answered 500"
    ])
    first, second = listener.at("/shaky", 2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    until = time.monotonic() + 5
    while rows(owner, "/prorata/deliveries?state=waiting") and time.monotonic() < until:
        time.sleep(0.1)
    assert not rows(owner, "/prorata/deliveries?state=waiting")


def test_what_was_given_up_is_tried_again(telling, listener):
    """Three days of tries are too long for a test: the delivery is parked behind the desk's back."""
    owner = telling.customer().owner
    listener.answers[:] = [503]
    made = added(owner, channel="webhook", address=listener.url("/parked"))
    sent = post(owner, f"/prorata/receivers/{made['id']}/test").json()["notification"]
    path = f"/prorata/deliveries/{made['id']}/{sent}/retry"
    listener.at("/parked")
    assert post(owner, path).status_code == 404, "it is not given up yet"
    with sqlite3.connect(next(telling.data.glob("*.db")), timeout=30) as database:
        parked = database.execute(
            "UPDATE deliveries SET state = 'parked' WHERE notification = ? AND trouble IS NOT NULL",
            (sent,),
        )
        assert parked.rowcount == 1
    assert [row["notification"] for row in rows(owner, "/prorata/deliveries")] == [sent]
    assert post(owner, path).status_code == 202
    assert listener.at("/parked", 2)[1].headers["webhook-id"] == sent
    waited(lambda: [()] if not rows(owner, "/prorata/deliveries") else [])


def test_a_secret_is_rotated_without_a_gap(telling, listener):
    owner = telling.customer().owner
    made = added(owner, channel="webhook", address=listener.url("/rotated"))
    path = f"/prorata/receivers/{made['id']}"
    rotated = post(owner, f"{path}/rotateSecret").json()
    assert rotated["secret"] != made["secret"]
    post(owner, f"{path}/test")
    told = listener.at("/rotated")[0]
    for secret in (made["secret"], rotated["secret"]):
        verified(secret, told)


def test_a_receiver_that_is_gone_is_told_no_more(telling, listener):
    owner = telling.customer().owner
    listener.answers[:] = [410]
    made = added(owner, channel="webhook", address=listener.url("/gone"))
    post(owner, f"/prorata/receivers/{made['id']}/test")
    waited(lambda: [row for row in rows(owner, "/prorata/receivers") if row["state"] == "gone"])
    owner.buy()
    time.sleep(1.5)
    assert len(listener.at("/gone")) == 1


def test_people_are_told_by_mail(telling, mails):
    owner = telling.customer().owner
    address = f"{uuid.uuid4().hex}@customer.example"
    added(owner, channel="mail", address=f"{address}, second@customer.example")
    order, _ = owner.buy()
    ((to, mail),) = waited(lambda: [mail for mail in mails.mails if address in mail[0]])
    assert to == [address, "second@customer.example"]
    assert mail["subject"] == f"A reservation was bought: order {order}"
    assert mail["from"] == "Desk <desk@prorata.example>"
    assert owner.customer.account["id"] in mail.get_content()


def test_who_may_not_give_roles_may_not_say_who_is_told(telling):
    customer = telling.customer({"owner": [("Owner", "/")], "reader": [("Reader", "/")]})
    stranger = telling.customer().owner
    made = added(customer.owner, channel="mail", address="a@customer.example")
    path = f"/prorata/receivers/{made['id']}"
    for method, where in [
        ("GET", "/prorata/receivers"), ("GET", path), ("DELETE", path), ("POST", f"{path}/test"),
        ("POST", f"{path}/rotateSecret"), ("GET", "/prorata/deliveries"),
    ]:
        assert customer.reader.call(method, where).status_code == 403, where
        if path in where:
            assert stranger.call(method, where).status_code == 404, where
    # The other tenant's own receiver of that id is another one.
    assert put(stranger, made["id"], channel="mail", address="b@other.example").status_code == 201
    assert rows(customer.owner, "/prorata/receivers")[0]["address"] == "a@customer.example"
    assert customer.owner.call("DELETE", path).status_code == 200
    assert customer.owner.call("DELETE", path).status_code == 404


def test_a_secret_is_shown_once_and_faults_are_told_at_once(telling, listener):
    owner = telling.customer().owner
    made = added(owner, channel="webhook", address=listener.url("/quiet"), state="paused")
    changed = put(owner, made["id"], channel="webhook", address=listener.url("/quiet"), name="b")
    assert (changed.status_code, changed.json()["name"]) == (200, "b")
    shown = json.dumps([changed.json(), rows(owner, "/prorata/receivers")])
    assert made["secret"] not in shown + telling.log()
    assert put(owner, made["id"], channel="mail", address="a@b.example").status_code == 400
    wrong = put(owner, channel="webhook", address="file:///etc/passwd", kinds=["A"], state="gone")
    targets = [fault["target"] for fault in wrong.json()["error"]["details"]]
    assert (wrong.status_code, targets) == (400, ["address", "kinds[0]", "state"])


def test_a_webhook_to_an_inner_address_is_refused(own_desk, listener):
    owner = own_desk.customer().owner
    for address in (listener.url(), "http://169.254.169.254/latest/meta-data", "https://a@b.example"):
        assert put(owner, channel="webhook", address=address).status_code == 400
    port = listener.server.server_port
    for address in (f"https://127.0.0.1:{port}/in", f"https://localhost:{port}/in", f"https://[::1]:{port}/in"):
        made = added(owner, channel="webhook", address=address)
        post(owner, f"/prorata/receivers/{made['id']}/test")
    troubles = waited(lambda: [
        row["trouble"] for row in rows(owner, "/prorata/deliveries?state=waiting") if row["trouble"]
    ], 3)
    assert all("inner address" in trouble for trouble in troubles), troubles
    assert not [told for told in listener.told if told.path == "/in"]
