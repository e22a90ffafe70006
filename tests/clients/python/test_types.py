"""Every resource type at the door: priced where the price list has it, refused with a reason else."""

import csv
import json

import pytest
from azure.core.exceptions import HttpResponseError

from desk import ROOT, TODAY, code, run


def types():
    """What the command line lists, as of the shared desk's day."""
    listed = run("catalog", "types", "--as-of", TODAY[:10], "-o", "json")
    assert listed.returncode == 0, listed.stderr
    return json.loads(listed.stdout)


def samples():
    """One product of each type in the built-in list, in US dollars."""
    text = (ROOT / "catalog" / "azure" / "sample-prices.csv").read_text()
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    found = {}
    for row in rows:
        if row["currency"] == "USD":
            found.setdefault(row["resource_type"], row)
    return found


def test_every_type_is_priced_or_refused(owner):
    sold = samples()
    for kind in types():
        row = sold.get(kind["type"])
        wish = {
            "resource_type": kind["type"],
            "sku": row["sku"] if row else "any",
            "location": (row["location"] if row else "westus").replace("global", "") or None,
            "term": row["term"] if row else kind["terms"][0],
        }
        if row and kind["sold"]:
            quote = owner.quote(**wish)
            assert quote.billing_currency_total.amount == float(row["unit_total"]), kind["type"]
            continue
        with pytest.raises(HttpResponseError) as raised:
            owner.quote(**wish)
        assert code(raised.value) == "InvalidFulfillmentRequestParameters", kind["type"]
        if not kind["sold"]:
            assert "sold since" in raised.value.message


def test_types_on_a_day_are_those_of_the_day():
    by_day = {}
    for day in ("2019-10-31", "2026-01-14", "2026-01-15", "2027-02-01"):
        listed = run("catalog", "types", "--as-of", day, "-o", "json")
        by_day[day] = {row["type"]: row for row in json.loads(listed.stdout)}
    assert by_day["2019-10-31"]["VirtualMachines"]["billingPlans"] == ["Upfront"]
    assert by_day["2026-01-14"]["RedHat"]["sold"] and not by_day["2026-01-15"]["RedHat"]["sold"]
    assert by_day["2026-01-15"]["SqlDataWarehouse"]["becomes"] == ["Fabric"]
    assert by_day["2027-02-01"]["CosmosDb"]["exchangeEnds"] == "2027-02-01"
    assert by_day["2027-02-01"]["AVS"]["exchangeEnds"] is None
    wrong = run("catalog", "types", "--type", "Sofas")
    assert wrong.returncode == 2 and "VirtualMachines" in wrong.stderr


def test_a_stopped_size_names_its_later_versions(own_desk):
    own_desk.set_clock("2026-07-01T00:00:00Z")
    owner = own_desk.customer().owner
    with pytest.raises(HttpResponseError) as raised:
        owner.quote(sku="Standard_D2s_v3")
    assert "choose one of Standard_D2s_v5 as sku" in raised.value.message
    owner.quote(sku="Standard_D2s_v5")
    # One year alone is stopped for the older series.
    with pytest.raises(HttpResponseError) as raised:
        owner.quote(sku="Standard_DS2_v2")
    assert "choose one of P3Y as term" in raised.value.message
