"""Administration: an owner looks after a tenant, somebody at the desk after the desk's own lists."""

import time

from desk import OWNER
from test_portal import WRONG_STATUS, sign_in

MEMBERS = {"owner": OWNER, "reader": [("Reader", "/")]}
PRICES = """resource_type,sku,location,term,billing_plan,currency,unit_total,since
VirtualMachines,Standard_D64s_v5,westus,P1Y,,USD,12345.00,2026-01-01
VirtualMachines,Standard_D64s_v5,westus,P1Y,,USD,nothing,2026-01-01
"""


def signs_in(desk, member, secret):
    """Whether a program gets a token with a secret."""
    answer = desk.http.post(
        f"{desk.base_url}/{member.customer.tenant}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": member.client_id,
            "client_secret": secret,
            "scope": desk.base_url + "/.default",
        },
    )
    return answer.status_code == 200


def sections(browser):
    return browser.reads("nav.rail a")


def test_a_reader_has_no_such_section(browser, desk):
    team = desk.customer(members=MEMBERS)
    sign_in(browser, team.reader)
    assert "Administration" not in sections(browser)
    browser.open("/administration/principals")
    assert "This is not there" in browser.text("h1")
    browser.look("administration-not-there", 404)


def test_people_and_programs_are_looked_after(browser, desk):
    team = desk.customer(members=MEMBERS)
    sign_in(browser, team.owner)
    assert "Administration" in sections(browser)
    browser.open("/administration")
    assert "Imports" not in browser.reads("nav.tabs a"), "the desk's, and not a tenant's"
    browser.look("administration")
    browser.link("Principals")
    assert "2 principals" in browser.text()
    browser.look("administration-principals")

    # A person is invited; what was typed stays where something is wrong with it.
    browser.link("Add a person")
    browser.type("userName", "an na")
    browser.type("displayName", "Anna Söhne-Berg")
    browser.button("Add and invite")
    assert browser.text("#userName-fault").startswith("Enter 3 to 64 letters")
    assert browser.one("#displayName").get_attribute("value") == "Anna Söhne-Berg"
    browser.look("administration-person-faulty", WRONG_STATUS)
    browser.type("userName", "anna@alder.example")
    browser.button("Add and invite")
    link = browser.text(".once-value code")
    assert link.startswith(desk.base_url + "/invitation?token=")
    browser.look("administration-invited")
    browser.link("I have kept it")
    assert "Invited" in browser.text("h1")
    browser.look("administration-person")

    # Nobody signs in with a closed account, and what is closed is opened again.
    browser.link("Disable")
    assert "Nobody signs in with it any more" in browser.text(".deliberate")
    browser.look("administration-confirm")
    browser.press(".deliberate button")
    assert "Disabled" in browser.text("h1")
    assert desk.http.get(link).status_code == 404
    browser.button("Enable")
    assert "Invited" in browser.text("h1")
    assert desk.http.get(link).status_code == 200

    # A program's secret is shown once, signs in, and after it is revoked it does not.
    browser.open("/administration/principals?q=reader")
    browser.link("reader")
    browser.type("name", "build server")
    browser.type("days", "20")
    browser.button("Make the secret")
    secret = browser.text(".once-value code")
    assert signs_in(desk, team.reader, secret)
    browser.look("administration-secret")
    browser.link("I have kept it")
    assert secret not in browser.driver.page_source
    assert "ends in" in browser.text("tbody tr:last-child")
    browser.look("administration-program")
    browser.press("tbody tr:last-child a.button")
    assert "build server" in browser.text(".deliberate h2")
    browser.press(".deliberate button")
    assert "The secret is revoked" in browser.text("[role=status]")
    assert not signs_in(desk, team.reader, secret)
    assert secret not in desk.log()


def test_a_role_is_made_given_and_taken_away(browser, desk):
    team = desk.customer(members=MEMBERS)
    sign_in(browser, team.owner)
    browser.open("/administration/roles")
    browser.look("administration-roles")
    browser.link("New role")
    browser.type("name", "Looker")
    browser.type("actions", "not an action")
    browser.button("Make the role")
    assert browser.text("#actions-fault").startswith("Enter one action a line")
    browser.look("administration-role-faulty", WRONG_STATUS)
    browser.type("actions", "Microsoft.Capacity/reservationOrders/read")
    browser.button("Make the role")
    assert "The role is made." in browser.text()
    browser.look("administration-role")
    browser.open("/administration/roles")
    browser.link("Reservations Reader")
    browser.look("administration-role-built-in")

    browser.open("/administration/assignments?at=/providers/Microsoft.Capacity")
    browser.type("to", "nobody")
    browser.one("#role").send_keys("Looker")
    browser.button("Give a role")
    assert "nobody of this tenant" in browser.text("#to-fault")
    browser.nothing_amiss(WRONG_STATUS)
    browser.type("to", "reader")
    browser.button("Give a role")
    assert "The role is given." in browser.text()
    browser.look("administration-assignments")
    row = next(row for row in browser.all("tbody tr") if "Looker" in row.text)
    browser._leave(row.find_element("css selector", "a.button"))
    assert "Take the role Looker away from reader?" in browser.text(".deliberate h2")
    browser.press(".deliberate button")
    assert "The role is taken away." in browser.text()
    assert not any("Looker" in row for row in browser.reads("tbody tr"))


def test_receivers_are_told_and_what_does_not_arrive_is_seen(browser, desk):
    team = desk.customer(members=MEMBERS)
    sign_in(browser, team.owner)
    browser.open("/administration/receivers")
    assert "Nobody is told yet" in browser.text()
    browser.look("administration-receivers-none")
    browser.link("Add a receiver")
    browser.type("address", "http://not.safe.example/")
    browser.one("#kind-expiring").click()
    browser.press("form.form-page button.primary")
    assert browser.text("#address-fault").startswith("Enter a URL that begins with https://")
    assert browser.one("#kind-expiring").is_selected()
    browser.look("administration-receiver-faulty", WRONG_STATUS)
    browser.type("address", "https://receiver.invalid/hook")
    browser.type("name", "tickets")
    browser.press("form.form-page button.primary")
    secret = browser.text(".once-value code")
    assert secret.startswith("whsec_")
    browser.link("I have kept it")
    browser.look("administration-receiver")
    browser.button("Send a test")
    assert "A test is on its way." in browser.text("[role=status]")
    for _ in range(50):
        browser.open("/administration/receivers")
        if "Tried once" in browser.text():
            break
        time.sleep(0.2)
    assert "A test" in browser.text() and "tickets" in browser.text("tbody")
    browser.look("administration-receivers")

    browser.link("tickets")
    browser.button("Switch off")
    assert "Off" in browser.text("h1")
    browser.link("Make a new secret")
    browser.press(".deliberate button")
    assert browser.text(".once-value code") not in ("", secret)
    browser.link("I have kept it")
    browser.link("Remove")
    browser.press(".deliberate button")
    assert "The receiver is removed." in browser.text()
    assert "Nobody is told yet" in browser.text()


def await_report(browser):
    """With script the page brings itself up to date, without it is looked at again."""
    for _ in range(100):
        if browser.has("#report-heading"):
            return
        time.sleep(0.1)
        if not browser.script:
            browser.driver.refresh()
    raise AssertionError(browser.text())


def test_a_list_is_taken_in_at_the_desk(browser, desk, tmp_path):
    team = desk.customer(members=MEMBERS)
    member = {"tenantId": team.tenant, "clientId": team.owner.client_id}
    desk.apply({"deskMembers": [member]})
    team.owner.buy(name="for a job")
    file = tmp_path / "our prices.csv"
    file.write_text(PRICES)
    sign_in(browser, team.owner, "/administration/imports")
    browser.look("administration-imports")
    browser.choose("kind", "prices")
    browser.one("#file").send_keys(str(file))
    browser.button("Take it in")
    assert browser.path.startswith("/administration/imports/")
    await_report(browser)
    assert browser.text("#report-heading") == "The good rows were taken"
    assert "unit_total" in browser.text("table")
    browser.look("administration-import")
    quoted = team.owner.quote(sku="Standard_D64s_v5", location="westus")
    assert quoted.billing_currency_total.amount == 12345.0

    # A file of another kind changes nothing, and says why.
    file.write_text("sku,price\nx,1\n")
    browser.open("/administration/imports")
    browser.choose("kind", "prices")
    browser.one("#file").send_keys(str(file))
    browser.button("Take it in")
    await_report(browser)
    assert browser.text("#report-heading") == "Nothing was taken"
    assert "lacks" in browser.text(".verdict")
    browser.look("administration-import-refused")
    browser.open("/administration/imports")
    assert "our prices.csv" in browser.text("#past-heading ~ div")
    browser.open("/administration/jobs")
    assert "What falls due of an order" in browser.text()
    browser.look("administration-jobs")
    browser.open("/administration/issuers")
    browser.look("administration-issuers")
