"""Older generations of the official client, unmodified, each with the packages of its own time."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from desk import binary, item_path, last

OLDER = pathlib.Path(__file__).parent / "older"

# The client and the version it sends.
GENERATIONS = {
    "0.1.0": "2017-11-01",
    "0.3.0": "2018-06-01",
    "0.8.0": "2019-04-01",
    "1.0.0": "2020-10-01-preview",
    "2.1.0": "2022-03-01",
}


def packages(generation):
    """A folder with the packages of a generation, installed once."""
    wanted = (OLDER / f"requirements-{generation}.txt").read_text()
    folder = binary().parent.parent / "older-clients" / generation
    mark = folder / "installed.txt"
    if mark.exists() and mark.read_text() == wanted:
        return folder
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade",
               "--disable-pip-version-check", "--no-deps", "--target", str(folder),
               "-r", str(OLDER / f"requirements-{generation}.txt")]
    installed = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if installed.returncode != 0:
        if os.environ.get("PRORATA_REQUIRE_ALL") == "1":
            raise AssertionError(installed.stderr)
        pytest.skip(f"the client {generation} cannot be installed: {installed.stderr[-200:]}")
    mark.write_text(wanted)
    return folder


def drive(generation, at):
    python = pathlib.Path(sys.base_prefix) / "bin" / "python3"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(packages(generation)),
                   "PYTHONDONTWRITEBYTECODE": "1", "REQUESTS_CA_BUNDLE": at["ca"]}
    done = subprocess.run(
        [python, "-s", "-W", "ignore", OLDER / "drive.py", json.dumps(at)],
        capture_output=True, text=True, timeout=120, env=environment,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_an_older_client_looks_buys_and_splits(desk, customer, owner, generation):
    version = GENERATIONS[generation]
    order, reservation = owner.buy(quantity=3)
    foreign, _ = desk.customer().owner.buy()
    buys = version >= "2019"
    steps = ["look", "catalog", *(["buy"] if buys else []), "refusal", "split"]
    told = drive(generation, {
        "base": desk.base_url, "ca": desk.ca, "token": owner.token, "steps": steps,
        "subscription": customer.subscription, "order": order, "reservation": reservation,
        "id": item_path(order, reservation), "foreign": foreign,
        "core": version >= "2020", "since_2018": version >= "2018",
    })

    named = reservation if version >= "2021" else f"{order}/{reservation}"
    look = told["look"]
    assert order in look["orders"] and foreign not in look["orders"]
    assert look["order"] == [order, "Succeeded", 3]
    assert [last(row) for row in look["within"]] == [reservation]
    assert (look["items"], look["item"]) == ([named], [named, 3, "Shared"])
    assert look["operations"] > 5
    assert any("Standard_B1ls" == name and "P1Y" in terms for name, terms, _ in told["catalog"])
    assert told["refusal"] == [404, True]
    if buys:
        bought = told["buy"]
        assert bought["bought"][0] == bought["quoted"] and bought["bought"][2] == 2
        currency, amount = bought["total"]
        assert currency == "USD" and amount > 0
        assert bought["quoted"] in {row.name for row in owner.client.reservation_order.list()}
    assert sorted(quantity for _, quantity in told["split"])[:2] == [1, 2]
    live = [item for item in owner.client.reservation.list(order)
            if item.properties.provisioning_state == "Succeeded"]
    assert sorted(item.properties.quantity for item in live) == [1, 2]
