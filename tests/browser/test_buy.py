"""Buying in the portal: found in the catalog, compared, reviewed, and bought once."""

from chromium import cents, money
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.support.wait import WebDriverWait
from test_partner import new_partner
from test_portal import WRONG_STATUS, sign_in

SKU = "Standard_B2s"
MEMBERS = {"owner": [("Owner", "/")], "other": [("Owner", "/")]}
POLICY = {
    "required": True,
    "approvers": {"roles": ["Owner"]},
    "rules": [{"kinds": ["purchase"], "from": "50.00 USD", "approvals": 1}],
}


def shown(browser, part, text):
    """Waits until a part says this: by script alone, else after the page was asked for."""
    if not browser.script:
        browser.press("main form[method=get] button[type=submit]")
    WebDriverWait(browser.driver, 20, ignored_exceptions=[StaleElementReferenceException]).until(
        lambda _: browser.has(part) and text in browser.text(part) and not browser.has("[aria-busy]")
    )


def find(browser, sku, region):
    """Looks a product up, and goes to its page."""
    browser.type("find-text", sku)
    browser.choose("find-region", region)
    if browser.script:
        WebDriverWait(browser.driver, 20).until(
            lambda _: f"find-region={region}" in browser.path and not browser.has("[aria-busy]")
        )
    else:
        browser.press(".find-go")
    assert sku in browser.text(".found-products")
    browser.look("buy-search")
    browser.press(".found-products tbody .choose a")
    assert browser.path.startswith("/buy/product?"), browser.path
    assert browser.text("h1") == sku


def pick(browser, offer):
    browser.one(f"input[type=radio][value='{offer}']").click()


def buys(browser):
    """Presses the button that pays."""
    browser.press(".confirm button.primary")


def held(owner):
    return sorted(
        (row.sku.name, row.properties.quantity, row.properties.display_name)
        for row in owner.client.reservation.list_all(selected_state="Succeeded")
    )


def test_a_purchase_from_the_catalog_to_the_reservation(browser, owner):
    sign_in(browser, owner, "/buy")
    find(browser, SKU, "westus")
    offers = [box.get_attribute("value") for box in browser.all("input[type=radio]")]
    assert offers == ["P1Y-Upfront", "P1Y-Monthly", "P3Y-Upfront", "P3Y-Monthly"], offers
    browser.look("buy-product")

    browser.type("quantity", "some")
    shown(browser, "#quantity-fault", "whole number")
    browser.look("buy-product-faulty")
    browser.type("quantity", "3")
    browser.type("name", "three for the web")
    pick(browser, "P3Y-Monthly")
    asked = owner.quote(sku=SKU, term="P3Y", plan="Monthly", quantity=3)
    total = asked.billing_currency_total
    shown(browser, ".verdict h2", f"3 units cost {money(total)}")
    assert browser.text(".verdict h2") == f"3 units cost {money(total)}"
    first = asked.payment_schedule[0].billing_currency_total
    assert money(first) in browser.text(".verdict .costs")
    card = browser.text(".offer:has(:checked)")
    assert f"{total.amount:,.2f}" in card and "35 ×" in card, card
    year = owner.quote(sku=SKU, term="P1Y", plan="Monthly", quantity=3).billing_currency_total
    saves = (cents(year) * 3 - cents(total)) * 100 // (cents(year) * 3)
    assert saves > 0 and f"{saves} %" in card, card
    browser.look("buy-product-chosen")

    browser.button("Review")
    review = browser.path
    assert review.startswith("/buy/") and "three for the web" in browser.text("dl.facts")
    assert browser.text(".verdict h2") == f"3 units cost {money(total)}"
    assert held(owner) == []
    browser.look("buy-review")
    # What is forgotten is asked for, and nothing is lost.
    buys(browser)
    assert browser.text("#confirmed-fault") == "Tick the box to buy it."
    browser.look("buy-review-faulty", WRONG_STATUS)

    # The same form in two windows buys once.
    browser.driver.execute_script("document.querySelector('.confirm form').target = '_blank'")
    browser.one("#confirmed").click()
    here = browser.driver.current_window_handle
    browser.one(".confirm button.primary").click()
    browser.driver.switch_to.window(browser.another_window())
    WebDriverWait(browser.driver, 20).until(lambda _: "bought for" in browser.text())
    assert browser.path == review
    browser.driver.close()
    browser.driver.switch_to.window(here)
    browser.driver.execute_script("document.querySelector('.confirm form').target = ''")
    buys(browser)
    assert browser.path == review and browser.text("h1") == "Bought"
    assert held(owner) == [(SKU, 3, "three for the web")]
    browser.look("buy-made")

    # Reloading and going back show what was bought, and no form that buys.
    browser.driver.refresh()
    assert browser.text("h1") == "Bought"
    browser.driver.back()
    browser.open(review)
    assert browser.text("h1") == "Bought" and not browser.has("#confirmed")
    assert held(owner) == [(SKU, 3, "three for the web")]
    browser.link("three for the web")
    assert browser.path.startswith("/reservations/")


def test_what_is_not_sold_here_leads_to_where_it_is(browser, owner):
    sign_in(browser, owner, "/buy")
    browser.open(f"/buy/product?type=VirtualMachines&sku={SKU}&location=japanwest")
    assert "Refused" in browser.text(".verdict h2")
    assert not any(button.text == "Review" for button in browser.all("button"))
    browser.look("buy-refused")
    browser.press(".repairs a")
    assert "1 unit costs" in browser.text(".verdict h2")


def test_a_partners_customer_is_told_whom_to_ask(browser, desk):
    customer = desk.customer(agreement="csp", payment="invoice")
    new_partner(desk, customer)
    sign_in(browser, customer.owner, "/buy")
    browser.open(f"/buy/product?type=VirtualMachines&sku={SKU}&location=westus")
    notice = browser.text(".verdict .notice")
    assert "You may not buy this yourself." in notice and "Fir Cloud" in notice
    assert browser.text(".verdict h2").startswith("1 unit costs"), "what it would cost is no secret"
    assert not any(button.text == "Review" for button in browser.all("button"))
    browser.look("buy-barred")
    browser.type("comment", "our new shop")
    browser.button("Ask for approval")
    assert browser.path.startswith("/requests/")


def test_what_others_approve_is_asked_for(browser, desk):
    team = desk.customer(members=MEMBERS)
    answer = team.owner.call(
        "PUT", "/prorata/approval-policies/purchases", POLICY, version=None
    )
    assert answer.status_code == 200, answer.text
    sign_in(browser, team.owner, "/buy")
    browser.open(f"/buy/product?type=VirtualMachines&sku={SKU}&location=westus&quantity=5")
    assert "Others have to approve it first." in browser.text(".verdict .notice")
    browser.button("Review")
    review = browser.path
    assert not browser.has("#confirmed")
    browser.look("buy-asked-first")
    browser.type("comment", "for the new shop")
    browser.button("Ask for approval")
    request = browser.path
    assert request.startswith("/requests/") and request.rsplit("/", 1)[1] in review
    # Sent again, it is the same request.
    browser.open(review)
    browser.type("comment", "for the new shop")
    browser.button("Ask for approval")
    assert browser.path == request
    assert held(team.owner) == []


def test_a_page_in_german(browser, owner):
    sign_in(browser, owner, "/buy")
    browser.press("footer button[value=de]")
    browser.open(f"/buy/product?type=VirtualMachines&sku={SKU}&location=westus&quantity=1000")
    assert "1.000 Einheiten kosten" in browser.text(".verdict h2")
    browser.look("buy-product-german")
