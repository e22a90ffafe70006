"""People at the portal: invited, signed in with a code, at home in their account, not locked out."""

import base64
import hashlib
import hmac
import json
import struct
import time

import pytest
import requests

from desk import run

WRONG_STATUS = 422
WAIT_STATUS = 429
PASSWORD = "tulip anvil quarry lamp"


def code_of(seed, steps=0):
    """The one-time code of a seed (RFC 6238), so many steps from now.

    Near the end of a step it waits for the next one, so that the code is still that when it comes.
    """
    if (left := 30 - time.time() % 30) < 8:
        time.sleep(left)
    key = base64.b32decode(seed.replace(" ", ""))
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Admin:
    """An administrator of the owner's tenant, at the command line."""

    def __init__(self, desk, owner):
        self.desk = desk
        self.member = owner.customer.hire("admin", [("Owner", "/")])

    def prorata(self, *arguments):
        at = [
            "--url", self.desk.base_url, "--ca", self.desk.data / "ca.pem",
            "--tenant", self.member.customer.tenant, "--client-id", self.member.client_id,
            "--client-secret", self.member.secret, "--output", "json",
        ]
        done = run(*arguments, *at)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture
def admin(desk, owner):
    return Admin(desk, owner)


def invited(browser, admin, name):
    """Adds somebody, who takes the invitation up in the browser."""
    added = admin.prorata("user", "add", name, "--name", "Anna Söhne-Berg")
    browser.open(added["invitation"]["link"].removeprefix(admin.desk.base_url))
    browser.type("password", PASSWORD)
    browser.type("again", PASSWORD)
    browser.button("Set the password")
    assert "Your password is set." in browser.text()
    return added


def enter(browser, name, password=PASSWORD):
    browser.open("/sign-in")
    browser.type("user", name)
    browser.type("password", password)
    browser.button("Sign in")


def test_from_the_invitation_to_a_code_and_back_in_by_recovery(browser, admin):
    added = admin.prorata("user", "add", "anna", "--name", "Anna")
    link = added["invitation"]["link"].removeprefix(admin.desk.base_url)
    browser.open(link)
    assert "You sign in as anna" in browser.text()
    browser.look("invitation")
    browser.type("password", "password1234")
    browser.type("again", "password1234")
    browser.button("Set the password")
    assert "among the first that would be tried" in browser.text("#password-fault")
    browser.look("invitation-faulty", WRONG_STATUS)
    browser.type("password", PASSWORD)
    browser.type("again", PASSWORD)
    browser.button("Set the password")
    browser.open(link)
    assert "was taken up" in browser.text("[role=alert]")
    browser.look("invitation-gone", 404)

    enter(browser, "anna")
    assert browser.path == "/"
    browser.press(".who-name")
    assert browser.path == "/account"
    browser.look("account")
    browser.type("proof", PASSWORD)
    browser.button("Set up one-time codes")
    seed = browser.reads("dd.identifier")[0]
    browser.look("second-factor")
    # Kept, since by the time it is tried again it may be another step's.
    first = code_of(seed, -1)
    browser.type("code", first)
    browser.button("Confirm")
    codes = browser.reads(".codes li")
    assert len(codes) == 10
    browser.look("recovery-codes")
    browser.link("Done")
    assert "10 recovery codes are left" in browser.text()
    browser.look("account-with-codes")

    browser.button("Sign out")
    enter(browser, "anna")
    assert browser.path.startswith("/sign-in/code")
    browser.look("sign-in-code")
    browser.type("code", first)
    browser.button("Sign in")
    assert "was used before" in browser.text("#code-fault")
    browser.look("sign-in-code-wrong", WRONG_STATUS)
    browser.type("code", code_of(seed))
    browser.button("Sign in")
    assert browser.path == "/"

    browser.button("Sign out")
    enter(browser, "anna")
    browser.type("code", codes[0])
    browser.button("Sign in")
    assert browser.path == "/"
    browser.open("/account")
    assert "9 recovery codes are left" in browser.text()


def test_sessions_are_seen_and_ended(browser, admin):
    added = invited(browser, admin, "anna")
    enter(browser, "anna")
    other = signed_in_elsewhere(admin.desk, "anna")
    browser.open("/account")
    listed = browser.text("table")
    assert "a telephone" in listed and "127.0.0.1" in listed and "This one" in listed
    browser.look("account-sessions")
    assert is_open(admin.desk, other)
    browser.press("td.choose button")
    assert "That session is over." in browser.text("[role=status]")
    assert not is_open(admin.desk, other)
    assert len(browser.all("tbody tr")) == 1

    shown = admin.prorata("user", "sessions", "anna")
    assert [row["proof"] for row in shown] == ["password"]
    admin.prorata("user", "sign-out", added["id"])
    browser.open("/account")
    assert browser.path.startswith("/sign-in")


def test_nobody_is_locked_out_by_others(browser, admin):
    invited(browser, admin, "anna")
    enter(browser, "anna")
    browser.button("Sign out")
    fail_elsewhere(admin.desk, "anna", seconds=4)
    # Where they fail the right password waits as well; where Anna was before it does not.
    assert try_elsewhere(admin.desk, "anna", PASSWORD)[1].status_code == WAIT_STATUS
    enter(browser, "anna")
    assert browser.path == "/"
    browser.button("Sign out")
    for _ in range(5):
        enter(browser, "anna", "wrong")
        browser.nothing_amiss(WRONG_STATUS)
    # Each failure doubles the wait, so on a slow machine it is longer than the next attempt takes.
    for _ in range(4):
        enter(browser, "anna", "wrong")
        if browser.text("[role=alert]").startswith("Too many attempts failed."):
            break
        browser.nothing_amiss(WRONG_STATUS)
    browser.look("sign-in-wait", WAIT_STATUS)


def fail_elsewhere(desk, user, seconds):
    """Wrong passwords from somebody else's browser, until it has to wait for so long."""
    for _ in range(20):
        _, answer = try_elsewhere(desk, user, "wrong")
        if answer.status_code == WAIT_STATUS:
            wait = int(answer.headers["retry-after"])
            if wait >= seconds:
                return
            time.sleep(wait)
    raise AssertionError("it never had to wait")


def try_elsewhere(desk, user, password):
    """Somebody else's browser, without a screen."""
    session = requests.Session()
    session.trust_env = False
    session.verify = desk.ca
    session.headers["user-agent"] = "a telephone"
    page = session.get(desk.base_url + "/sign-in").text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    fields = {"form_token": token, "user": user, "password": password}
    return session, session.post(desk.base_url + "/sign-in", fields, allow_redirects=False)


def signed_in_elsewhere(desk, user):
    session, answer = try_elsewhere(desk, user, PASSWORD)
    assert answer.status_code == 303, answer.text
    return session


def is_open(desk, session):
    answer = session.get(desk.base_url + "/account", allow_redirects=False)
    return answer.status_code == 200
