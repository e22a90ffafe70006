"""A ticket from a reservation to the exception that lets it go, as both sides see it."""

from desk import OWNER
from support import desk_member
from test_portal import LARGE, page_of, sign_in

MEMBERS = {"owner": OWNER, "reader": [("Reader", "/")]}
TITLE = "Refund of 3 units of reservation "


def ask(browser):
    browser.type("reason", "The project was stopped.\nAll machines are gone.")
    for field, text in {
        "firstName": "Ada", "lastName": "Byron", "primaryEmailAddress": "ada@example.com"
    }.items():
        browser.type(field, text)


def test_a_ticket_brings_its_evidence_and_is_answered_with_an_exception(browser, desk):
    team = desk.customer(members=MEMBERS, prices=[LARGE | {"currency": "USD"}])
    agent = desk_member(desk)
    order, reservation = team.owner.buy(sku="Standard_Large", quantity=3)
    desk.set_clock("2026-04-10T09:30:00Z")
    sign_in(browser, team.owner, "/support")
    assert "You have no such ticket" in browser.text()
    browser.look("support-none")

    # From the reservation, with the ids filled in.
    browser.open(page_of(order, reservation) + "/support")
    basics = browser.text("form.support-form fieldset")
    assert "Billing" in basics and "Reservation management / Exchanges and refunds" in basics
    assert order in basics and reservation in basics
    ask(browser)
    browser.button("Create")
    assert browser.text("#country-fault") == "Choose a country."
    assert browser.one("#reason").get_property("value").endswith("All machines are gone.")
    browser.look("support-new-faulty", 422)
    browser.choose("country", "USA")
    browser.button("Create")
    ticket = browser.path
    assert ticket.startswith("/support/")
    assert TITLE + reservation in browser.text("h1")
    assert "the return was refused" in browser.text("#evidence-heading")
    assert "counts" in browser.text(".verdict.refused"), "the cap refuses it"
    names = [found.text for found in browser.all(".files a")]
    assert names == ["evidence.json", "evidence.md", "evidence.sha256"]
    browser.look("support-ticket")
    cookies = {cookie["name"]: cookie["value"] for cookie in browser.driver.get_cookies()}
    href = browser.all(".files a")[1].get_attribute("href")
    evidence = desk.http.get(href, cookies=cookies)
    assert evidence.text.startswith("# Evidence for reservation " + reservation)
    assert "attachment" in evidence.headers["content-disposition"]
    browser.type("body", "Is there any news?")
    browser.button("Send")
    assert "Is there any news?" in browser.text(".said")
    browser.open("/support")
    assert TITLE + reservation in browser.text("table.rows")
    browser.look("support-mine")
    browser.button("Sign out")

    # A reader of the tenant reads it, and writes nothing.
    sign_in(browser, team.reader, "/support?show=tenant")
    browser.link(TITLE + reservation)
    assert not browser.has("#body") and not browser.has("details.grant")
    browser.look("support-read")
    browser.button("Sign out")

    # The desk answers, and grants an exception: deliberately, and once.
    sign_in(browser, agent, "/support")
    browser.look("support-desk")
    browser.link(TITLE + reservation)
    assert browser.path == ticket
    browser.type("body", "We let it go, this once.")
    browser.button("Send")
    assert "the desk" in browser.text(".said .from-desk")
    browser.one("details.grant summary").click()
    browser.one("#grant-reason").send_keys("The project was stopped by the customer's customer.")
    browser.button("Grant it")
    assert browser.text("#clauses-fault") == "Tick at least one clause."
    assert browser.text("#confirmed-fault").startswith("Tick the box")
    assert "stopped by" in browser.one("#grant-reason").get_property("value")
    browser.look("support-grant-faulty", 422)
    browser.one("#clause-refund-cap").click()
    browser.one("#confirmed").click()
    browser.button("Grant it")
    assert "Refund cap" in browser.text("#exceptions + .panel")
    assert "can be used" in browser.text("#exceptions + .panel")
    browser.look("support-granted")
    browser.button("Close the ticket")
    assert "Closed" in browser.text("h1") and not browser.has("#body")
    browser.look("support-closed")
    browser.button("Sign out")

    # What was refused is done, once.
    assert team.owner.give_back(order, reservation, quantity=3)
    sign_in(browser, team.owner, ticket)
    assert "used on" in browser.text("#exceptions + .panel")


def test_a_ticket_of_others_is_not_there(browser, desk):
    team, others = desk.customer(members=MEMBERS), desk.customer()
    order, reservation = team.owner.buy()
    sign_in(browser, team.owner, page_of(order, reservation) + "/support")
    ask(browser)
    browser.choose("country", "DEU")
    browser.button("Create")
    ticket = browser.path
    browser.button("Sign out")
    sign_in(browser, others.owner, "/support?show=tenant")
    assert "There is no such ticket" in browser.text()
    for path in (ticket, ticket + "/files/evidence.json", "/support/not-an-id"):
        browser.open(path)
        browser.nothing_amiss(404)
