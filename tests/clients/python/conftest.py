"""Servers for the tests: one shared by all whose clock stands still, and one of one's own."""

import os

import pytest

import contract
from desk import TODAY, Desk


def pytest_configure(config):
    # No proxy of the machine's stands between the clients and the desk.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    contract.watch()


@pytest.fixture(autouse=True)
def answers_keep_the_contract():
    """Every answer that a test gets has its published shape; see contract.py."""
    yield
    violations = contract.CONTRACT.drain()
    assert not violations, "\n".join(violations[:20])


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """The shared desk, on an ordinary day of 2026. Nobody moves its clock."""
    desk = Desk(tmp_path_factory.mktemp("desk") / "data").start()
    desk.set_clock(TODAY)
    yield desk
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture
def own_desk(tmp_path):
    """A desk of the test's own, whose clock it may move; checked by `verify` in the end."""
    desk = Desk(tmp_path / "data").start()
    yield desk
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture
def customer(desk):
    """A customer under an enterprise agreement in US dollars, with an owner."""
    return desk.customer()


@pytest.fixture
def owner(customer):
    return customer.owner
