"""The pages of one reservation as a person uses them."""

import datetime

from selenium.webdriver.common.keys import Keys

from test_portal import page_of, sign_in

SOON = "2026-03-03T09:00:00Z"


def used(owner, order, reservation, shares):
    """Loads figures of so many percent, the last of them yesterday."""
    last = datetime.date(2026, 3, 1)
    days = [last - datetime.timedelta(days=back) for back in reversed(range(len(shares)))]
    owner.desk.apply({"utilization": [
        {
            "tenantId": owner.customer.tenant,
            "reservationOrderId": order,
            "reservationId": reservation,
            "usageDate": day.isoformat(),
            "reservedHours": "100",
            "usedHours": str(share),
        }
        for day, share in zip(days, shares)
    ]})


def test_the_overview_tells_what_each_unit_may_still_do(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5, name="web")
    path = page_of(order, reservation)
    sign_in(browser, owner, path)
    menu = browser.reads(".item-menu a")
    assert menu[:4] == ["Overview", "Access control (IAM)", "Configuration", "Properties"], menu
    assert menu[-1] == "New support request"
    assert "No usage of this reservation was loaded" in browser.text()
    browser.look("item-no-usage")

    used(owner, order, reservation, [40, 55, 60, 80, 95, 100, 70, 65, 30, 85])
    browser.open(path)
    worth = owner.worth(order, reservation, 5)
    payout = f"{worth.billing_refund_amount.amount:,.2f} USD"
    card = browser.text(".prospect.met")
    assert f"All 5 units would bring {payout} today" in card, card
    spans = browser.reads(".spans a")
    assert spans == ["Last day 85 %", "Last 7 days 75 %", "Last 30 days 68 %"], spans
    assert len(browser.all(".chart [data-point]")) == 7
    lowest, highest = [browser.all(".chart-bar")[at].rect["height"] for at in (5, 2)]
    assert 0 < lowest < highest / 3, "30 and 100 percent"
    browser.look("item-overview")

    browser.press(".spans a:last-child")
    assert browser.path == f"{path}?days=30#usage"
    assert len(browser.all(".chart [data-point]")) == 30
    assert browser.reads(".chart tbody tr:last-child td") == ["1 Mar 2026", "85 %", "85", "100"]
    assert "no figure" in browser.reads(".chart tbody tr:first-child td")
    if browser.script:
        reads_the_chart_off(browser)


def reads_the_chart_off(browser):
    """With the keys: bar by bar, to the ends, and nearer."""
    picture = browser.one(".chart svg")
    told = lambda: browser.text(".chart output")
    picture.send_keys(Keys.ARROW_LEFT)
    assert told() == "28 Feb 2026: 30 %"
    assert picture.get_attribute("aria-valuetext") == told()
    picture.send_keys(Keys.HOME)
    assert told().endswith("no figure")
    picture.send_keys(Keys.END, "+")
    assert told() == "1 Mar 2026: 85 %"
    assert picture.get_dom_attribute("viewBox").split()[2] == "300", "half of them is shown"
    assert browser.text("[data-chart-first]") == "15 Feb 2026"
    browser.look("item-chart-zoomed")
    picture.send_keys(Keys.ESCAPE)
    assert picture.get_dom_attribute("viewBox").split()[2] == "600"


def test_a_scope_is_changed_after_its_effect_was_shown(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=2, name="web")
    path = page_of(order, reservation)
    sign_in(browser, owner, f"{path}/configuration")
    assert "Nothing differs" in browser.text()
    browser.look("item-configuration")
    browser.one("label[for=scope-subscription]").click()
    browser.choose("subscription", owner.customer.subscription)
    browser.one("label[for=flexibility-off]").click()
    browser.button("Review the change")
    assert browser.path.startswith(f"{path}/configuration?scope=subscription")
    said = browser.text(".verdict")
    assert "Available" in said and "Shared" in said and "→" in said, said
    kept = owner.client.reservation.get(order, reservation).properties
    assert kept.applied_scope_type == "Shared", "nothing is done yet"
    browser.look("item-configuration-review")
    browser.button("Save the change")
    assert browser.path == f"{path}/configuration?done=saved"
    assert browser.text("[role=status]") == "The change was saved."
    kept = owner.client.reservation.get(order, reservation).properties
    assert (kept.applied_scope_type, kept.instance_flexibility) == ("Single", "Off")

    # Going back and sending the same form again does it no second time.
    browser.driver.back()
    if browser.has(".verdict form"):
        browser.press(".verdict form button.primary")
    assert browser.path.startswith(f"{path}/configuration")
    browser.open(f"{path}/history")
    changes = browser.reads(".revisions > li")
    assert "Applied scope" in changes[0] and "Instance size flexibility" in changes[0], changes[0]
    assert sum("Change" in change for change in changes) == 1, changes
    browser.look("item-history")
    browser.press(".revisions li:first-child a")
    assert "/decisions/" in browser.path and browser.has(".clauses li")
    browser.look("item-decision")


def test_a_reservation_is_split_renamed_and_merged_again(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=5, name="web")
    path = page_of(order, reservation)
    sign_in(browser, owner, path)
    assert "There is no other live reservation" in browser.reads(".barred dd")[0]
    browser.link("Split")
    browser.type("part-1", "4")
    browser.button("Show what becomes of it")
    assert "It cannot be split like this" in browser.text(".verdict")
    browser.look("item-split-refused")
    browser.press(".repairs a")
    assert "It becomes" in browser.text(".verdict")
    browser.look("item-split")
    browser.button("Split into 2 reservations")
    assert browser.path == f"{path}?done=split"
    parts = browser.all(".relations a")
    assert len(parts) == 2
    browser.look("item-ended")

    browser.press(".relations li:first-child a")
    browser.link("Rename")
    browser.type("name", "")
    browser.one("#name").send_keys(" ")
    browser.button("Rename")
    assert browser.text("#name-fault") == "Enter a name."
    browser.look("item-rename-faulty", 422)
    browser.type("name", "batch")
    browser.button("Rename")
    assert browser.text("h1").startswith("batch")
    browser.link("Merge")
    browser.one("input[name=with]").click()
    browser.button("Show what becomes of it")
    browser.look("item-merge")
    browser.button("Merge them")
    assert browser.path.endswith("?done=merged")
    assert "5 units" in browser.text(".facts") and browser.text("h1").startswith("batch")
    held = [item.properties for item in owner.items(order).values()]
    assert sorted(row.quantity for row in held if row.provisioning_state == "Succeeded") == [5]

    browser.open(path)
    browser.link("Archive")
    browser.look("item-archive")
    browser.button("Archive")
    assert "Archived" in browser.text("h1")
    browser.link("Unarchive")
    browser.button("Unarchive")
    assert "Archived" not in browser.text("h1")


def test_what_was_paid_is_told_with_the_ledger(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5, name="web")
    owner.give_back(order, reservation, 2)
    rest = next(key for key, item in owner.items(order).items()
                if item.properties.provisioning_state == "Succeeded")
    sign_in(browser, owner, f"{page_of(order, rest)}/payments")
    debits = numbers_of(browser.reads(".ledger td:nth-child(3)"))
    credits = numbers_of(browser.reads(".ledger td:nth-child(4)"))
    assert debits and sum(debits) == sum(credits)
    assert "Refund" in browser.text(".ledger") and "Given back" in browser.text()
    browser.look("item-payments")
    browser.link("Decisions")
    browser.look("item-decisions")
    assert "Refund" in browser.reads("tbody tr")[0]
    browser.link("Properties")
    assert len(browser.all("[data-copy]")) >= 5
    if browser.script:
        assert len(browser.all("button.copy")) >= 5
    browser.look("item-properties")


def numbers_of(cells):
    """Cents."""
    return [round(float(cell.replace(",", "")) * 100) for cell in cells if cell]


def test_the_pages_speak_german(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5, name="web")
    path = page_of(order, reservation)
    sign_in(browser, owner, path)
    browser.press("button[name=language][value=de]")
    browser.press("button[name=theme][value=dark]")
    used(owner, order, reservation, [40, 55, 60, 80, 95, 100, 70, 65, 30, 85])
    for page, title in [
        ("", "Was jede Einheit noch kann"),
        ("/access", "Zugriffssteuerung (IAM)"),
        ("/configuration", "Konfiguration"),
        ("/properties", "Eigenschaften"),
        ("/history", "Verlauf"),
        ("/payments", "Zahlungen"),
        ("/decisions", "Entscheidungen"),
        ("/split", "Aufteilen"),
    ]:
        browser.open(path + page)
        assert title in browser.text(), page
        browser.look(f"item-german{page.replace('/', '-')}")


def test_a_reader_is_told_why_nothing_can_be_done(browser, desk, owner):
    order, reservation = owner.buy(sku="Standard_B2s", quantity=5, name="web")
    path = page_of(order, reservation)
    scope = f"/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}"
    reader = owner.customer.hire("reader", [("Reservations Reader", scope)])
    sign_in(browser, reader, path)
    assert not browser.has(".commands a[href$='/split']")
    assert "Your roles do not allow it." in browser.reads(".barred dd")[0]
    assert "Only who may see the order" in browser.text(".prospects")
    browser.open(f"{path}/payments")
    assert "your roles do not let you see" in browser.text()
    browser.open(f"{path}/configuration")
    assert "not change it" in browser.text() and not browser.has("main form")
