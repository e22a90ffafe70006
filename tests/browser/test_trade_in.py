"""Trading in through the portal: chosen, balanced, reviewed, made once; and the plan that came of it."""

from plans import benefits
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.support.wait import WebDriverWait
from test_portal import WRONG_STATUS, kept, page_of, sign_in

LATER = "2026-09-01T12:00:00Z"


def says(browser, part, text):
    """Waits until a part says this: by script alone, else after the page was asked for."""
    if not browser.script:
        browser.press(".choosing button[value=look]")
    WebDriverWait(browser.driver, 20, ignored_exceptions=[StaleElementReferenceException]).until(
        lambda _: browser.has(part) and text in browser.text(part) and not browser.has("[aria-busy]")
    )


def take(browser, name):
    """Ticks the reservation of this name; answers the number of its row."""
    for label in browser.all(".take-name"):
        if label.text == name:
            box = browser.one("#" + label.get_attribute("for"))
            browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", label)
            label.click()
            assert box.is_selected(), f"{name} was not ticked"
            return label.get_attribute("for").removeprefix("take-")
    raise AssertionError(f"no reservation {name!r} on {browser.path}")


def plans(owner):
    return [
        (row.properties.commitment.amount, row.properties.term)
        for row in benefits(owner).savings_plan.list_all()
    ]


def test_reservations_are_traded_in_for_a_savings_plan(browser, desk, owner):
    monthly = owner.buy(sku="Standard_D2s_v5", plan="Monthly", quantity=3, name="three by the month")
    owner.buy(sku="Standard_D2s_v5", quantity=1, name="one upfront")
    desk.set_clock(LATER)
    sign_in(browser, owner, "/trade-in")
    assert "Tick what is to be given up" in browser.text("[data-part=offers]")
    assert not browser.has("button[value=review]"), "nothing is ticked"
    browser.look("trade-in")

    listed = [label.text for label in browser.all(".take-name")]
    row = take(browser, "three by the month")
    browser.type(f"units-{row}", "9")
    says(browser, f"#units-{row}-of", "from 1 to 3")
    assert [label.text for label in browser.all(".take-name")] == listed, "rows keep their places"
    browser.type(f"units-{row}", "2")
    says(browser, ".verdict h2", "For a commitment of")
    assert len(browser.all(".offer")) == 4, "two terms, each paid in two ways"
    assert browser.has(".offer:has(:checked)"), "one of them is chosen"
    browser.look("trade-in-chosen")

    # Too little tips the balance, and the smallest that passes is a button.
    browser.type("hourly", "0.001")
    says(browser, ".verdict h2", "Refused")
    assert "Still missing" in browser.text(".verdict")
    assert not browser.has("button[value=review]")
    browser.look("trade-in-too-little")
    browser.press(".repairs button")
    smallest = browser.one("#hourly").get_attribute("value")
    assert browser.text(".verdict h2") == f"For a commitment of {smallest} USD an hour"
    assert "Above what is needed" in browser.text(".verdict")

    browser.type("hourly", "lots")
    says(browser, "#hourly-fault", "Enter an amount")
    browser.look("trade-in-faulty")
    browser.type("hourly", smallest)
    browser.type("name", "all our machines")
    says(browser, ".verdict h2", smallest)

    browser.press("button[value=review]")
    review = browser.path
    assert review.startswith("/trade-in/") and "all our machines" in browser.text()
    assert kept(owner, monthly[0]) == [("Succeeded", 3)] and plans(owner) == []
    browser.look("trade-in-review")
    browser.press(".confirm button.primary")
    assert browser.text("#confirmed-fault").startswith("Tick the box")
    browser.look("trade-in-review-faulty", WRONG_STATUS)
    # Changing it finds everything as it was.
    browser.link("Change it")
    assert browser.one("#hourly").get_attribute("value") == smallest
    assert browser.one("#name").get_attribute("value") == "all our machines"
    assert browser.one(f"#units-{1}").get_attribute("value") == "2"
    browser.open(review)

    # The same form in two windows trades in once.
    browser.driver.execute_script("document.querySelector('.confirm form').target = '_blank'")
    browser.one("#confirmed").click()
    here = browser.driver.current_window_handle
    browser.one(".confirm button.primary").click()
    browser.driver.switch_to.window(browser.another_window())
    WebDriverWait(browser.driver, 20).until(lambda _: "Traded in" in browser.text())
    browser.driver.close()
    browser.driver.switch_to.window(here)
    browser.driver.execute_script("document.querySelector('.confirm form').target = ''")
    browser.press(".confirm button.primary")
    assert browser.path == review and browser.text("h1") == "Traded in"
    browser.look("trade-in-made")
    browser.driver.refresh()
    browser.driver.back()
    browser.open(review)
    assert browser.text("h1") == "Traded in" and not browser.has("#confirmed")
    assert kept(owner, monthly[0]) == [("Cancelled", 3), ("Succeeded", 1)]
    assert plans(owner) == [(float(smallest), "P1Y")], plans(owner)

    browser.link("all our machines")
    assert browser.path.startswith("/savings-plans/")
    assert f"{smallest} USD an hour" in browser.text("dl.facts")
    assert len(browser.all("table.rows tbody tr")) in (1, 12)
    browser.look("savings-plan")
    browser.open("/savings-plans")
    assert "all our machines" in browser.text("table.rows")
    browser.look("savings-plans")


def test_a_link_from_a_reservation_has_it_ticked(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_D2s_v5", quantity=1, name="one upfront")
    desk.set_clock(LATER)
    sign_in(browser, owner, page_of(order, reservation))
    browser.open(f"/trade-in?give={order}/{reservation}")
    assert browser.one("#take-1").is_selected()
    assert "For a commitment of" in browser.text(".verdict h2")


def test_nothing_to_trade_in_teaches_the_next_step(browser, owner):
    sign_in(browser, owner, "/trade-in")
    assert "You see no active reservation" in browser.text()
    browser.look("trade-in-nothing")
    browser.open("/savings-plans")
    assert "You see no savings plans" in browser.text()
    browser.look("savings-plans-none")


def test_who_may_look_and_not_trade_in_is_told_so(browser, desk):
    team = desk.customer(members={"owner": [("Owner", "/")], "reader": [("Reader", "/")]})
    team.owner.buy(sku="Standard_D2s_v5", name="not yours")
    sign_in(browser, team.reader, "/trade-in")
    assert "You may not trade this in" in browser.text("table.rows")
    assert not browser.has("input[name=take]")
    browser.look("trade-in-reader")
