"""The portal as a person uses it, from the sign-in page to the results."""

import json

from selenium.webdriver.common.keys import Keys

from chromium import cents, dollars, money, numbers
from desk import last, run

WRONG_STATUS = 422
# One unit is within the cap on refunds of 50,000, three pass it together.
LARGE = {
    "resourceType": "VirtualMachines",
    "sku": "Standard_Large",
    "location": "westus",
    "term": "P1Y",
    "unitTotal": "24000",
    "since": "2019-01-01",
}
PART_USED = "2026-06-10T09:30:00Z"


def sign_in(browser, member, to="/reservations"):
    browser.open(to)
    assert browser.path.startswith("/sign-in"), browser.path
    browser.link("Sign in as a program")
    fill_in(browser, member.customer.tenant, member.client_id, member.secret)
    assert browser.path == to


def fill_in(browser, tenant, client, secret):
    browser.type("tenant", tenant)
    browser.type("client", client)
    browser.type("secret", secret)
    browser.button("Sign in")


def page_of(order, reservation):
    return f"/reservations/{order}/{reservation}"


def confirm(browser, reason=None):
    if reason:
        browser.choose("reason", reason)
    browser.one("#confirmed").click()


def ask_worth(browser, quantity):
    """Types how many units; with script the quote follows, without it there is a button."""
    browser.type("quantity", quantity)
    if browser.script:
        browser.follows(f"quantity={quantity}")
    else:
        browser.button("Show what it is worth")


def verdict(browser):
    return browser.reads(".verdict h2")[0]


def kept(owner, order):
    """Units by the state of their reservation, as the API has it."""
    return sorted(
        (item.properties.provisioning_state, item.properties.quantity)
        for item in owner.items(order).values()
    )


def test_signing_in_and_out(browser, desk, owner):
    browser.open("/")
    assert browser.path == "/sign-in?next=%2F"
    browser.look("sign-in")

    browser.link("Sign in as a program")
    assert browser.path == "/sign-in/program?next=%2F"
    browser.look("sign-in-program")
    fill_in(browser, "not an id", owner.client_id, owner.secret)
    assert browser.one("#tenant").get_attribute("aria-invalid") == "true"
    assert browser.text("#tenant-fault").startswith("Enter the id as 32 digits")
    browser.look("sign-in-program-faulty", WRONG_STATUS)

    # Which of the three is wrong is nobody's to know, so that is said above them.
    fill_in(browser, owner.customer.tenant, owner.client_id, "wrong")
    assert browser.text("[role=alert]") == "No client of this tenant has this id and secret."
    assert browser.one("#tenant").get_attribute("value") == owner.customer.tenant
    assert browser.one("#client").get_attribute("value") == owner.client_id
    assert browser.one("#secret").get_attribute("value") == ""
    browser.look("sign-in-program-refused", WRONG_STATUS)

    fill_in(browser, owner.customer.tenant, owner.client_id, owner.secret)
    assert browser.path == "/"
    assert owner.customer.tenant in browser.text("header")
    browser.open("/reservations")
    browser.look("reservations-none")

    browser.open("/exchange")
    browser.look("exchange-nothing")
    browser.open("/reservations/nothing/there/at/all")
    browser.look("not-found", 404)

    browser.button("Sign out")
    assert "You are signed out." in browser.text()
    browser.look("signed-out")
    browser.open("/reservations")
    assert browser.path.startswith("/sign-in")


def test_a_return_from_the_list_to_the_result(browser, desk, owner):
    names = ["web servers", "a rather long name that somebody gave to a team's batch machines"]
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5, name=names[0])
    owner.buy(sku="Standard_B1ls", term="P3Y", name=names[1])
    desk.set_clock(PART_USED)
    sign_in(browser, owner)
    listed = browser.text("table.rows")
    assert all(name in listed for name in names)
    browser.look("reservations")

    browser.link(names[0])
    assert browser.path == page_of(order, reservation)
    facts = browser.text("dl.facts")
    assert "Standard_B2s" in browser.text() and "5" in facts
    browser.look("overview")
    browser.link("Payments")
    assert len(browser.all("#schedule + .panel tbody tr")) == 12, "the payments of a year"
    browser.link("Properties")
    assert all(id in browser.text("main") for id in (reservation, order))
    browser.link("Overview")

    browser.link("Refund")
    assert browser.path == page_of(order, reservation) + "/refund"
    ask_worth(browser, "six")
    assert browser.text("#quantity-fault") == "Enter a whole number from 1 to 5."
    browser.look("refund-faulty")
    ask_worth(browser, "2")
    shows_what_the_api_quotes(browser, owner.worth(order, reservation, 2))
    lists_every_clause(browser)
    browser.look("refund")

    result = submit_twice(browser)
    assert kept(owner, order) == [("Cancelled", 5), ("Succeeded", 3)], kept(owner, order)
    lists_every_clause(browser)
    clauses = sorted(browser.reads(".clause-name"), key=lambda name: numbers(name)[0])
    browser.look("refund-result")

    # Reloading, going back and the form of before return nothing more.
    browser.driver.refresh()
    assert browser.path == result and "2 units returned" in browser.text()
    browser.driver.back()
    # The browser may have kept the page with its form, ticked as it was, or ask for it anew.
    if browser.has("#confirmed"):
        browser.press(".confirm button.primary")
        assert browser.path == result
    browser.open(page_of(order, reservation) + "/refund?quantity=2")
    assert "Refused: Reservation state" in browser.text(".verdict")
    browser.look("refund-ended")
    assert kept(owner, order) == [("Cancelled", 5), ("Succeeded", 3)]

    browser.open(page_of(order, reservation))
    assert not [link for link in browser.all("main a") if link.text == "Refund"]
    browser.look("overview-ended")

    assert desk.stop() == 0, desk.log()
    is_the_recorded_proof(clauses, desk, last(result))


def shows_what_the_api_quotes(browser, worth):
    """The sums on the page are those of the API's quote for two of five units, to the cent."""
    billing, policy = worth.billing_information, worth.policy_result.properties
    payout = cents(worth.billing_refund_amount)
    cancelled = cents(billing.billing_currency_remaining_commitment_amount)
    # The API tells what was paid for all units, the page what was paid for these.
    paid, used_before = cents(billing.billing_currency_total_paid_amount) * 2 // 5, 0
    assert 0 < payout < paid and cancelled > 0
    assert cents(policy.consumed_refunds_total) == used_before
    cap = cents(policy.max_refund_limit)

    assert verdict(browser) == f"Returning 2 units pays out {dollars(payout)}"
    rows = dict(zip(browser.reads(".verdict tr th"), browser.reads(".verdict tr td")))
    # The currency is said once, above the figures.
    bare = {
        "Paid so far for these units": paid,
        "Part of it that is used": payout - paid,
        "Paid out": payout,
        "Used before": used_before,
        "Counted by this": payout + cancelled,
        f"Left of {dollars(cap)}".removesuffix(" USD"): cap - payout - cancelled,
    }
    assert rows == {name: dollars(sum_of).removesuffix(" USD") for name, sum_of in bare.items()}
    still_to_come = f"Payments of {dollars(cancelled)} that were still to come"
    assert still_to_come in browser.text(".consequences")


def lists_every_clause(browser):
    """As many clauses as the tally says, numbered through, each with an outcome and a source."""
    clauses = browser.all("li.clause")
    total, met, not_met, not_concerned = numbers(browser.text(".tally"))
    assert len(clauses) == total == met + not_met + not_concerned > 5
    places = numbers(" ".join(browser.reads(".clause-number")))
    assert sorted(places) == list(range(1, total + 1)), "each keeps its place in the order"
    assert len(browser.reads(".clause .source")) == total
    outcomes = browser.reads(".clause .outcome")
    assert [outcomes.count(word) for word in ("Met", "Not met", "Not concerned")] == [
        met, not_met, not_concerned
    ], outcomes


def is_the_recorded_proof(clauses, desk, session):
    """The clauses are those that `prorata explain` tells of the operation, in their order."""
    told = run("explain", *desk.where, "-o", "json", session)
    assert told.returncode == 0, told.stderr
    findings = json.loads(told.stdout)["explanation"]["findings"]
    words = [row["clause"].replace("-", " ").capitalize() for row in findings]
    assert clauses == [f"{number} {word}" for number, word in enumerate(words, 1)]


def submit_twice(browser):
    """Sends the same form in two windows; both come to the same result. Answers its path."""
    # What a person does with the middle button; the first page stays as it was.
    browser.driver.execute_script("document.querySelector('.confirm form').target = '_blank'")
    confirm(browser, "cost")
    first = browser.driver.current_window_handle
    browser.one(".confirm button.primary").click()
    other = browser.another_window()
    browser.driver.switch_to.window(other)
    result = browser.settled("/refund/")
    assert "2 units returned" in browser.text()
    browser.driver.close()
    browser.driver.switch_to.window(first)
    browser.driver.execute_script("document.querySelector('.confirm form').target = ''")
    browser.press(".confirm button.primary")
    assert browser.path == result
    assert "2 units returned" in browser.text()
    return result


def test_a_form_outlives_its_session(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=1)
    sign_in(browser, owner, page_of(order, reservation) + "/refund")
    confirm(browser, "cost")
    browser.driver.delete_all_cookies()
    browser.press("form.panel button.primary")
    assert browser.text("h1") == "You are not signed in any more"
    assert kept(owner, order) == [("Succeeded", 1)]
    browser.look("form-kept-signed-out", 403)

    # Signed in again in another window, it is looked at and sent once more.
    here = browser.driver.current_window_handle
    browser.one("main a[target=_blank]").click()
    there = next(other for other in browser.driver.window_handles if other != here)
    browser.driver.switch_to.window(there)
    browser.link("Sign in as a program")
    fill_in(browser, owner.customer.tenant, owner.client_id, owner.secret)
    browser.driver.close()
    browser.driver.switch_to.window(here)
    browser.button("Send it again")
    assert "earlier session" in browser.text("main .lead")
    browser.look("form-kept-earlier", 403)
    browser.button("Send it again")
    assert browser.one("#reason").get_attribute("value") == "cost"
    assert browser.has("#confirmed-fault"), "what cannot be undone is confirmed anew"
    browser.nothing_amiss(WRONG_STATUS)
    confirm(browser)
    browser.press("form.panel button.primary")
    assert "/refund/" in browser.path, browser.path
    assert kept(owner, order) == [("Cancelled", 1)]


def test_a_refusal_leads_to_a_quote_that_passes(browser, desk, owner):
    desk.apply({"prices": [LARGE | {"currency": owner.customer.account["currency"]}]})
    order, reservation = owner.buy(sku="Standard_Large", quantity=3, name="large")
    sign_in(browser, owner, page_of(order, reservation) + "/refund")
    assert verdict(browser) == "Refused: Refund cap"
    assert not browser.has("#confirmed"), "what is refused cannot be confirmed"
    lists_every_clause(browser)
    refusing = numbers(browser.text(".verdict .where a"))[0]
    assert browser.has(f".decides #clause-{refusing}"), "the clause that decides stands first"
    browser.look("refund-refused")

    browser.press(".repairs a")
    assert browser.path.endswith("/refund?quantity=2"), browser.path
    worth = owner.worth(order, reservation, 2)
    assert not worth.policy_result.properties.policy_errors
    back = money(worth.billing_refund_amount)
    assert verdict(browser) == f"Returning 2 units pays out {back}"
    browser.look("refund-repaired")

    # What is forgotten is asked for, by the browser before anything is sent.
    browser.one(".confirm button.primary").click()
    assert browser.one("#reason").get_property("validationMessage")
    assert kept(owner, order) == [("Succeeded", 3)]
    confirm(browser, "other")
    browser.press(".confirm button.primary")
    assert verdict(browser) == f"Paid out: {back}"
    browser.link("To the units that were kept")
    assert browser.text("h1").startswith("large")
    assert kept(owner, order) == [("Cancelled", 3), ("Succeeded", 1)]


def test_an_exchange_in_three_steps(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=3, name="to give up")
    owner.buy(sku="Standard_B1ls", name="to keep")
    sign_in(browser, owner, page_of(order, reservation))
    browser.link("Exchange")
    browser.open("/exchange")
    browser.button("Continue to purchase")
    assert "Tick at least one reservation" in browser.text("[role=alert]")
    browser.look("exchange-return-faulty", WRONG_STATUS)

    browser.open(f"/exchange?give={order}/{reservation}")
    assert browser.one("#give-1").get_attribute("value") == "3"
    browser.look("exchange-return")
    browser.one("#give-1").send_keys(Keys.CONTROL, "a")
    browser.one("#give-1").send_keys("2")
    browser.button("Continue to purchase")
    assert browser.text(".lead").startswith("Given up: 2 × Standard_B2s")
    browser.look("exchange-purchase")
    browser.button("Review")
    assert "Add at least one product" in browser.text("[role=alert]")
    browser.look("exchange-purchase-faulty", WRONG_STATUS)

    browser.type("find-text", "b1ls")
    browser.press(".find-go")
    browser.one("button[value^='add.VirtualMachines/Standard_B1ls/westus/P1Y/']").click()
    browser.comes("#quantity-1")
    browser.button("Review")
    assert browser.text(".verdict h2") == "Refused: Exchange floor"
    browser.look("exchange-refused")
    browser.press(".repairs button")
    assert browser.text(".verdict h2").startswith("Net payable: ")
    browser.button("Back to purchase")
    wanted = int(browser.one("#quantity-1").get_attribute("value"))
    quote = owner.exchange_quote(
        [(order, reservation, 2)], [{"sku": "Standard_B1ls", "quantity": wanted}]
    ).properties
    browser.button("Review")
    sums = browser.text(".verdict")
    for sum_of in (quote.purchases_total, quote.net_payable):
        assert money(sum_of) in sums, sums
    assert browser.text(".verdict h2") == f"Net payable: {money(quote.net_payable)}"
    browser.look("exchange-review")

    browser.button("Exchange")
    assert browser.text("#confirmed-fault") == "Tick the box: an exchange cannot be undone."
    browser.look("exchange-review-faulty", WRONG_STATUS)
    assert kept(owner, order) == [("Succeeded", 3)]
    confirm(browser)
    browser.button("Exchange")
    assert "The exchange is made" in browser.text("h1")
    assert money(quote.net_payable) in browser.text(".verdict h2")
    browser.look("exchange-result")
    result = browser.path
    browser.driver.refresh()
    assert browser.path == result
    assert kept(owner, order) == [("Cancelled", 3), ("Succeeded", 1)], kept(owner, order)
    browser.link("To the list of reservations")
    assert "to keep" in browser.text("table.rows")
    held = sorted(
        (row.sku.name, row.properties.quantity)
        for row in owner.client.reservation.list_all(selected_state="Succeeded")
    )
    assert held == [
        ("Standard_B1ls", 1), ("Standard_B1ls", wanted), ("Standard_B2s", 1)
    ], held
