"""Nothing that is secret is in what the server writes: not in its log, however much it logs, and not
in its database as it was."""

import base64
import hashlib
import hmac
import json
import struct
import time

import pytest
import requests

from desk import Desk, TODAY, run

HOSTILE = "x\r\n2026-01-01T00:00:00Z  INFO prorata: admin signed in\x1b[2J"
PASSWORDS = ["tulip anvil quarry lamp", "harbour pencil oven slate"]


def code_of(seed, steps=0):
    key = base64.b32decode(seed.replace(" ", ""))
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def object_id(member):
    """The principal that a member's token is of."""
    claims = member.token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["oid"]


@pytest.fixture
def talkative(tmp_path, monkeypatch):
    """A desk that writes down as much as it can."""
    monkeypatch.setenv("PRORATA_LOG", "trace")
    desk = Desk(tmp_path / "data").start()
    desk.set_clock(TODAY)
    yield desk
    if desk.process:
        desk.stop()


class Person:
    """A browser without a screen, and every secret that it has seen."""

    def __init__(self, desk, secrets):
        self.desk, self.secrets = desk, secrets
        self.web = requests.Session()
        self.web.trust_env = False
        self.web.verify = desk.ca

    def post(self, path, expected, **fields):
        page = self.web.get(self.desk.base_url + fields.pop("page", path))
        fields["form_token"] = page.text.split('name="form_token" value="')[1].split('"')[0]
        self.secrets[f"form token of {path}"] = fields["form_token"]
        answer = self.web.post(
            self.desk.base_url + path, fields, allow_redirects=False,
            headers={"user-agent": "evil\tagent [31m 2026-01-01T00:00:00Z ERROR"},
        )
        assert answer.status_code == expected, answer.text
        self.secrets |= {f"cookie {name}": value for name, value in self.web.cookies.items()}
        return answer.text

    def token_of(self, page):
        return page.split('name="form_token" value="')[1].split('"')[0]


def test_secrets_in_logs_and_in_the_database(talkative):
    desk = talkative
    customer = desk.customer()
    owner, secrets = customer.owner, {}

    def api(method, path, expected, body=None):
        answer = owner.call(method, path, body, version=None)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else None

    secrets["secret of the document"] = owner.secret
    secrets["token"] = owner.token
    added = api("POST", "/prorata/users", 201, {"userName": "anna", "displayName": "Anna"})
    secrets["invitation"] = added["invitation"]["token"]
    made = api("POST", f"/prorata/principals/{object_id(owner)}/secrets", 201, {"name": "second"})
    secrets["second secret"] = made["secret"]

    anna = Person(desk, secrets)
    secrets["password"], secrets["new password"] = PASSWORDS
    invitation = f"/invitation?token={secrets['invitation']}"
    fields = {"token": secrets["invitation"], "password": PASSWORDS[0], "again": PASSWORDS[0]}
    anna.post("/invitation", 303, page=invitation, **fields)
    anna.post("/sign-in", 422, user=HOSTILE, password="wrong password " + PASSWORDS[1])
    anna.post("/sign-in", 303, user="anna", password=PASSWORDS[0])
    page = anna.post("/account", 200, act="enrol", proof=PASSWORDS[0])
    seed = page.split('<dt>Letters to type in</dt><dd class="identifier">')[1].split("<")[0]
    secrets["seed"], secrets["seed in groups"] = seed.replace(" ", ""), seed
    secrets["seed as bytes"] = base64.b32decode(secrets["seed"]).hex()
    first = code_of(seed, -1)
    confirmed = anna.web.post(
        desk.base_url + "/account",
        {"form_token": anna.token_of(page), "act": "confirm", "code": first},
    ).text
    codes = [part.split("<")[0] for part in confirmed.split('<li class="identifier">')[1:]]
    assert len(codes) == 10
    secrets |= {f"recovery code {number}": code for number, code in enumerate(codes)}
    again = Person(desk, secrets)
    again.post("/sign-in", 303, user="anna", password=PASSWORDS[0])
    again.post("/sign-in/code", 303, code=codes[0])
    new = {"old": PASSWORDS[0], "new": PASSWORDS[1], "again": PASSWORDS[1]}
    again.post("/account", 303, act="password", **new)
    bad = requests.get(
        desk.base_url + "/prorata/users", verify=desk.ca,
        headers={"authorization": f"Bearer {secrets['token'][:-4]}AAAA"},
    )
    assert bad.status_code == 401

    assert desk.stop() == 0, desk.log()
    log = desk.logged.read_text(errors="replace")
    assert "answered" in log and len(log) > 3_000, "the log says little"
    stored = b"".join(path.read_bytes() for path in sorted(desk.data.glob("prorata.db*")))
    for what, secret in secrets.items():
        assert len(secret) >= 8, what
        assert secret not in log, f"{what} is in the log"
        assert secret.encode() not in stored, f"{what} is in the database"
    # What somebody types in as a name stays in its line, without the signs that drive a terminal.
    assert "admin signed in" in log
    assert not [line for line in log.splitlines() if line.startswith("2026-01-01T00:00:00Z")]
    assert "\x1b[2J" not in log


def test_a_password_is_set_by_the_operator(talkative):
    desk = talkative
    owner = desk.customer().owner
    new = {"userName": "bert", "displayName": "Bert"}
    answer = owner.call("POST", "/prorata/users", new, version=None)
    assert answer.status_code == 201, answer.text
    assert desk.stop() == 0, desk.log()
    place = ["--data", desk.data]
    for typed, returncode in (("short", 1), (PASSWORDS[0], 0)):
        done = run("user", "set-password", "bert", *place, input=typed + "\n")
        assert done.returncode == returncode, done.stderr
    desk.start()
    Person(desk, {}).post("/sign-in", 303, user="bert", password=PASSWORDS[0])
