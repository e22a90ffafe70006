"""A desk of each test's own, and a browser in front of it: once with script, once without."""

import contextlib
import os

import pytest

import chromium
from cluster import Cluster, programs
from desk import TODAY, Customer, Desk, Member


def pytest_configure(config):
    # No proxy of the machine's stands between the browser, its driver and the desk.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server for all desks that keep their records there."""
    if programs() is None:
        said = "no PostgreSQL server is installed"
        if os.environ.get("PRORATA_REQUIRE_ALL") == "1":
            pytest.fail(said)
        pytest.skip(said)
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(params=["script", "no-script"])
def way(request):
    """How the portal is used. No page needs script, so every test runs without it as well; and as
    each runs twice, it runs on either database: with script on SQLite, without on PostgreSQL."""
    return request.param


@contextlib.contextmanager
def desk_at(way, request, folder):
    """A desk on an ordinary day of 2026, checked by `verify` in the end."""
    database = request.getfixturevalue("cluster").database() if way == "no-script" else None
    desk = Desk(folder / "data", database).start()
    desk.set_clock(TODAY)
    yield desk
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture
def desk(way, request, tmp_path):
    """A desk of a test's own."""
    with desk_at(way, request, tmp_path) as desk:
        yield desk


@pytest.fixture
def owner(desk):
    """The first principal of sandbox.json, who owns the first subscription."""
    principal = desk.sandbox["principals"][0]
    subscription = next(
        row for row in desk.sandbox["subscriptions"] if row["tenantId"] == principal["tenantId"]
    )
    customer = Customer(desk, principal["tenantId"], subscription["id"], subscription)
    return Member(customer, principal["name"], principal["clientId"], principal["clientSecret"])


@contextlib.contextmanager
def browser_at(way, desk, folder):
    """Chromium at a desk."""
    missing = chromium.missing()
    if missing:
        if os.environ.get("PRORATA_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    browser = chromium.Browser(desk, folder / "profile", script=way == "script")
    try:
        yield browser
        browser.nothing_amiss()
    finally:
        browser.quit()


@pytest.fixture
def browser(way, desk, tmp_path):
    """Chromium at the test's desk."""
    with browser_at(way, desk, tmp_path) as browser:
        yield browser
