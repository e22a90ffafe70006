"""The audit as those see it who may read it: searching, a line and its decision, exports, the seal."""

import json

from desk import OWNER
from test_portal import sign_in

READER = {"owner": OWNER, "reader": [("Reader", "/")]}


def test_lines_are_searched_opened_and_lead_to_their_decision(browser, desk):
    team = desk.customer(members=READER)
    order, reservation = team.owner.buy(quantity=3)
    team.owner.give_back(order, reservation, quantity=1)
    sign_in(browser, team.owner, "/audit")
    lines = browser.text("table.rows")
    assert "Refund" in lines and "Refund quote" in lines and "Purchase" in lines
    browser.look("audit")

    browser.type("what", "refund")
    browser.type("target", order)
    browser.button("Search")
    assert len(browser.all("table.rows tbody tr")) == 1
    assert f"target={order}" in browser.path, "what is looked for has an address"
    browser.link("Refund")
    assert browser.path.startswith("/audit/lines/")
    assert "Approved" in browser.text("h1") and order in browser.text("dl.facts")
    browser.look("audit-line")
    browser.link("To the decision")
    assert browser.path.startswith("/decisions/")
    assert browser.has("#clause-1"), "with the proof"
    browser.look("audit-decision")

    # What cannot be read is said beside its field, and what was typed stays.
    browser.open("/audit?who=somebody&correlation=not-an-id")
    assert browser.text("#correlation-fault").startswith("Write the id")
    assert browser.one("#who").get_attribute("value") == "somebody"
    browser.look("audit-faulty", 422)
    browser.open("/audit?who=nobody")
    assert "No line is as you look for it" in browser.text()
    browser.look("audit-none")


def test_the_audit_is_exported_and_its_seal_checked(browser, desk):
    team = desk.customer(members=READER)
    order, _ = team.owner.buy()
    sign_in(browser, team.owner, "/audit/seal")
    browser.look("audit-seal")
    browser.button("Check every row now")
    assert "Nothing was changed" in browser.text(".verdict")
    assert "Verified to row" in browser.text(".verdict")
    browser.look("audit-seal-checked")

    browser.open("/audit")
    hrefs = [found.get_attribute("href") for found in browser.all(".headline a")]
    cookies = {cookie["name"]: cookie["value"] for cookie in browser.driver.get_cookies()}
    table = desk.http.get(next(h for h in hrefs if "format=csv" in h), cookies=cookies)
    assert table.headers["content-type"].startswith("text/csv")
    assert "audit.csv" in table.headers["content-disposition"]
    assert order in table.text and table.text.startswith("at,tenant,principal")
    rows = desk.http.get(next(h for h in hrefs if "format=jsonl" in h), cookies=cookies).text
    kinds = [json.loads(line) for line in rows.splitlines()]
    assert len(kinds) > 3 and order in rows


def test_who_may_not_read_the_audit_is_not_led_there(browser, desk):
    team = desk.customer(members=READER)
    sign_in(browser, team.reader, "/policy")
    assert not [entry for entry in browser.all(".rail a") if entry.get_property("textContent") == "Audit"]
    for path in ("/audit", "/audit/seal", "/audit/export", "/audit/lines/1_" + team.tenant):
        browser.open(path)
        assert "You may not do this" in browser.text("h1"), path
        browser.nothing_amiss(403)
