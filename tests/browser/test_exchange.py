"""An exchange as a person makes it: by how many clicks and keys, and what it shows on the way."""

import datetime
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from chromium import money
from test_portal import kept, page_of, sign_in

CLICKS_MOST = 12
SECONDS_MOST = 60
# What a person takes to look before each click, and to press a key; published averages of the
# keystroke-level model.
SECONDS_A_CLICK = 1.1 + 1.35
SECONDS_A_KEY = 0.28


class Hand:
    """Clicks and presses keys as a person does, and counts both."""

    def __init__(self, browser):
        self.browser, self.clicks, self.keys = browser, 0, 0
        self.began = time.monotonic()

    def click(self, css):
        self.browser.comes(css)
        found = self.browser.one(css)
        self.browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()
        self.clicks += 1

    def type(self, text):
        self.press(*text)

    def press(self, *keys):
        for key in keys:
            ActionChains(self.browser.driver).send_keys(key).perform()
            self.keys += 1

    def tab_to(self, css):
        """Moves the focus on, key by key, until it is there."""
        for _ in range(80):
            if self.browser.driver.execute_script(
                "return document.activeElement.matches(arguments[0])", css
            ):
                return
            self.press(Keys.TAB)
        raise AssertionError(f"the focus never comes to {css} on {self.browser.path}")

    def seconds(self):
        """What it took, with the time a person needs in place of the test's own between steps."""
        machine = time.monotonic() - self.began
        return machine + self.clicks * SECONDS_A_CLICK + self.keys * SECONDS_A_KEY


def ready(browser):
    """Waits until the page is there, and nothing of it is still asked for."""
    browser.comes("main h1")


def test_an_exchange_takes_under_a_minute_and_twelve_clicks(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=3, name="to give up")
    sign_in(browser, owner, "/exchange")
    hand = Hand(browser)
    hand.click("#pick-1")
    if browser.script:
        browser.comes("#pick-1:checked + label")
        browser.comes(".onward-sum strong")
    hand.click(".onward button.primary")
    hand.click("button[value^='add.VirtualMachines/Standard_B1ls/westus/P1Y/']")
    hand.click(".top-ups .emphatic")
    browser.comes(".balance:not(.short)")
    hand.click(".trade-basket button[value=review]")
    hand.click("#confirmed")
    hand.click("button[value=execute]")
    browser.settled("/exchange/")
    assert "The exchange is made" in browser.text("h1")
    assert hand.clicks <= CLICKS_MOST, hand.clicks
    assert hand.seconds() < SECONDS_MOST, hand.seconds()
    assert kept(owner, order) == [("Cancelled", 3)]
    bought = [row for row in owner.client.reservation.list_all(selected_state="Succeeded")]
    assert [row.sku.name for row in bought] == ["Standard_B1ls"]
    print(f"{hand.clicks} clicks, {hand.keys} keys, {hand.seconds():.1f} s")


def test_an_exchange_by_keyboard_alone(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=3, name="to give up")
    sign_in(browser, owner, f"/exchange?give={order}/{reservation}")
    hand = Hand(browser)
    hand.tab_to("#give-1")
    hand.press(Keys.END, Keys.BACKSPACE, "2")
    if browser.script:
        browser.comes(".onward-sum strong")
    hand.tab_to(".onward button.primary")
    hand.press(Keys.ENTER)
    browser.comes("#find-text")
    hand.tab_to("#find-text")
    hand.type("b1ls")
    hand.press(Keys.ENTER)
    browser.comes("button[value*='Standard_B1ls']")
    ready(browser)
    hand.tab_to("button[value^='add.VirtualMachines/Standard_B1ls/westus/P1Y/']")
    hand.press(Keys.ENTER)
    browser.comes(".top-ups .emphatic")
    hand.tab_to(".top-ups .emphatic")
    hand.press(Keys.SPACE)
    browser.comes(".balance:not(.short)")
    hand.tab_to(".trade-basket button[value=review]")
    hand.press(Keys.ENTER)
    browser.comes("#confirmed")
    hand.tab_to("#confirmed")
    hand.press(Keys.SPACE)
    hand.tab_to("button[value=execute]")
    hand.press(Keys.ENTER)
    browser.settled("/exchange/")
    assert "The exchange is made" in browser.text("h1")
    assert hand.clicks == 0 and hand.keys > 10
    assert kept(owner, order) == [("Cancelled", 3), ("Succeeded", 1)]


def test_what_was_not_used_is_filled_in(browser, desk, owner):
    half = owner.buy(sku="Standard_B2s", quantity=4, name="half used")
    full = owner.buy(sku="Standard_B1ls", quantity=2, name="full")
    owner.buy(sku="Standard_B1ls", term="P3Y", quantity=2, name="unknown")
    sign_in(browser, owner, "/exchange")
    browser.one("#fill-unused").click()
    assert "No utilization was loaded" in browser.comes(".notice").text
    assert quantities(browser) == {"half used": "", "full": "", "unknown": ""}
    browser.look("exchange-unused-nothing-loaded")

    desk.apply({"utilization": [*usage(owner, half, 4, 45), *usage(owner, full, 2, 48)]})
    browser.open("/exchange")
    assert "50 %" in browser.text(".gives") and "no figures" in browser.text(".gives")
    browser.one("#fill-unused").click()
    told = browser.comes(".notice").text
    assert told.startswith("Filled in: 2 units not needed"), told
    assert "For one reservation no figures were loaded" in told
    assert quantities(browser) == {"half used": "2", "full": "", "unknown": ""}
    assert "2 units of 1 reservation" in browser.text(".onward-sum")
    browser.look("exchange-unused")

    browser.one("#fill-nothing").click()
    browser.comes(".onward-sum .muted")
    browser.one("#fill-all").click()
    browser.comes(".onward-sum strong")
    assert quantities(browser) == {"half used": "4", "full": "2", "unknown": "2"}


def usage(owner, place, quantity, hours):
    """Seven days of a reservation, each with this many hours used of 24 a unit."""
    last = datetime.date(2026, 3, 1)
    return [
        {
            "tenantId": owner.customer.tenant,
            "reservationOrderId": place[0],
            "reservationId": place[1],
            "usageDate": (last - datetime.timedelta(days=back)).isoformat(),
            "reservedHours": str(24 * quantity),
            "usedHours": str(hours) if hours != 45 else "48",
        }
        for back in range(7)
    ]


def quantities(browser):
    """What is typed for each reservation, by its name."""
    names = browser.reads(".gives tbody .pick label")
    fields = browser.all(".gives tbody input[name=give-quantity]:not([type=hidden])")
    return dict(zip(names, (field.get_attribute("value") for field in fields)))


def test_the_list_is_filtered_and_says_what_cannot_be_exchanged(browser, desk, owner):
    owner.buy(sku="Standard_B2s", name="web servers")
    owner.buy(sku="Standard_B1ls", name="batch")
    owner.buy(
        resource_type="Databricks", sku="Databricks_Commit_12500_Units", location=None,
        name="analytics",
    )
    sign_in(browser, owner, "/exchange")
    row = next(row for row in browser.all(".gives tbody tr") if "analytics" in row.text)
    assert "Not exchangeable" in row.text
    assert not row.find_elements("css selector", "input:not([type=hidden])")
    browser.type("filter", "WEB b2s")
    browser.one("#filter").send_keys(Keys.ENTER)
    browser.comes("#filter[value='WEB b2s']")
    assert browser.reads(".gives tbody .pick label") == ["web servers"]
    browser.look("exchange-filtered")
    browser.type("filter", "nothing has this")
    browser.one("#filter").send_keys(Keys.ENTER)
    browser.comes(".gives .empty")
    browser.look("exchange-filtered-empty")


def test_what_could_be_done_instead_stands_beside_it(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=2, name="web")
    sign_in(browser, owner, f"/exchange?give={order}/{reservation}")
    browser.button("Continue to purchase")
    assert way_names(browser) == ["Keep", "Return", "Trade in"]
    browser.one("button[value^='add.VirtualMachines/Standard_B2s/westus/P1Y/Monthly']").click()
    browser.comes("#quantity-1")
    assert way_names(browser) == ["Keep", "Exchange", "Return", "Trade in"]
    back = owner.worth(order, reservation, 2).billing_refund_amount
    now = browser.reads(".ways tbody td:nth-child(2)")
    assert now[0] == "nothing" and now[2] == f"{money(back)} comes back", now
    browser.look("exchange-ways")
    browser.link("To the return")
    assert browser.path == page_of(order, reservation) + "/refund?quantity=2"


def way_names(browser):
    """What can be done, without what is said of it more closely."""
    heads = browser.all(".ways tbody th")
    return [head.text.splitlines()[0] for head in heads]


def test_a_size_is_swapped_for_its_premium_twin(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_D2_v2", quantity=2, name="disks")
    sign_in(browser, owner, f"/exchange?give={order}/{reservation}")
    browser.button("Continue to purchase")
    assert "Standard_DS2_v2" in browser.text(".twin")
    browser.look("exchange-twin")
    browser.button("Swap for the twin")
    assert "goes on as its twin" in browser.text(".balance-says")
    browser.button("Review")
    assert browser.text(".verdict h2") == "Net payable: 0.00 USD"
    browser.one("#confirmed").click()
    browser.button("Exchange")
    assert "The exchange is made" in browser.text("h1")
    held = [row.sku.name for row in owner.client.reservation.list_all(selected_state="Succeeded")]
    assert held == ["Standard_DS2_v2"], held


def test_a_product_that_may_not_be_had_says_why(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=2, name="web")
    sign_in(browser, owner, f"/exchange?give={order}/{reservation}")
    browser.button("Continue to purchase")
    browser.choose("find-type", "RedisCache")
    browser.choose("find-region", "")
    browser.press(".find-go")
    assert browser.reads(".offers .barred .why-not")
    said = set(browser.reads(".offers .why-not"))
    assert any(why.startswith("A VirtualMachines reservation may not become") for why in said), said
    assert not browser.has("button[value^='add.RedisCache']")
    browser.look("exchange-barred")


def test_the_exchange_in_german(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=3, name="Web")
    sign_in(browser, owner, f"/exchange?give={order}/{reservation}")
    browser.press("footer button[value=de]")
    browser.look("exchange-return-de")
    browser.button("Weiter zum Kauf")
    browser.one("button[value^='add.VirtualMachines/Standard_B1ls/westus/P1Y/']").click()
    browser.comes(".top-ups .emphatic")
    browser.look("exchange-purchase-de")
    browser.one(".top-ups .emphatic").click()
    browser.comes(".balance:not(.short)")
    browser.press(".trade-basket button[value=review]")
    browser.look("exchange-review-de")
