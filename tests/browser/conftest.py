"""A desk of each test's own, and a browser in front of it: once with script, once without."""

import os

import pytest

import chromium
from desk import TODAY, Customer, Desk, Member


def pytest_configure(config):
    # No proxy of the machine's stands between the browser, its driver and the desk.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)


@pytest.fixture
def desk(tmp_path):
    """A desk on an ordinary day of 2026, checked by `verify` in the end."""
    desk = Desk(tmp_path / "data").start()
    desk.set_clock(TODAY)
    yield desk
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture
def owner(desk):
    """The first principal of sandbox.json, who owns the first subscription."""
    principal = desk.sandbox["principals"][0]
    subscription = next(
        row for row in desk.sandbox["subscriptions"] if row["tenantId"] == principal["tenantId"]
    )
    customer = Customer(desk, principal["tenantId"], subscription["id"], subscription)
    return Member(customer, principal["name"], principal["clientId"], principal["clientSecret"])


@pytest.fixture(params=["script", "no-script"])
def browser(request, desk, tmp_path):
    """Chromium at the desk. No page needs script, so every test runs without it as well."""
    missing = chromium.missing()
    if missing:
        if os.environ.get("PRORATA_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    browser = chromium.Browser(desk, tmp_path / "profile", script=request.param == "script")
    try:
        yield browser
        browser.nothing_amiss()
    finally:
        browser.quit()
