"""The page that everybody begins at, and the pages of customers."""

from desk import Customer, Member, item_path
from test_portal import sign_in
from test_reservations import partner_of

WRONG_STATUS = 422
BEFORE_THE_END = "2027-01-22T12:00:00Z"
AFTER_THE_END = "2027-02-20T12:00:00Z"


def person(desk, name):
    row = next(row for row in desk.sandbox["principals"] if row["name"] == name)
    paying = [one for one in desk.sandbox["subscriptions"] if one["tenantId"] == row["tenantId"]]
    customer = Customer(desk, row["tenantId"], paying[0]["id"] if paying else None, {})
    return Member(customer, name, row["clientId"], row["clientSecret"])


def test_home_counts_down_and_names_what_ends(browser, desk, owner):
    sign_in(browser, owner, "/")
    assert "Nothing that you see ends within 30 days." in browser.text()
    assert "No usage of the last 30 days was loaded" in browser.text()
    browser.look("home-quiet")

    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5, name="web")
    owner.buy(sku="Standard_B1ls", term="P3Y", name="archive of " + 3 * "a long name and ")
    owner.give_back(*owner.buy(sku="Standard_B1ls", name="returned"))
    desk.set_clock(BEFORE_THE_END)
    browser.open("/")
    assert browser.reads(".countdown") == ["10 days until 1 February 2027"]
    browser.look("home")
    browser.link("See all customers")
    assert browser.path == "/customers"
    browser.look("customers")

    desk.set_clock(AFTER_THE_END)
    browser.open("/")
    assert "Since 1 February 2027" in browser.text()
    assert "web" in browser.text("section[aria-labelledby=expiring]")
    browser.link("web")
    assert browser.path == f"/reservations/{order}/{reservation}"


def test_home_speaks_german(browser, desk, owner):
    owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5, name="web")
    desk.set_clock(AFTER_THE_END)
    sign_in(browser, owner, "/")
    browser.press("button[name=language][value=de]")
    assert "Bald zu Ende" in browser.text() and "in 10 Tagen" in browser.text()
    browser.look("home-german")
    browser.open("/customers")
    browser.look("customers-german")
    browser.open("/reservations/nothing/there/at/all")
    assert "Diese Seite gibt es nicht" in browser.text()
    browser.look("not-found-german", 404)


def test_an_agent_lets_a_customer_buy_and_goes_on_there(browser, desk):
    agent = person(desk, "fir-agent")
    sign_in(browser, agent, "/customers")
    browser.look("customers-of-an-agent")
    browser.type("q", "cedar")
    browser.button("Find")
    first = browser.one("table.rows tbody th a")
    name = first.text
    first.click()
    page = browser.path
    assert browser.text("h1") == name and "It was never changed." in browser.text()
    browser.look("customer-of-an-agent")

    # A browser asks for the tick itself; a form without it comes back with the fault.
    browser.driver.execute_script("document.querySelector('#confirmed').required = false")
    browser.button("Allow the customer to buy")
    assert browser.text("#confirmed-fault") == "Confirm it with the tick above the button."
    browser.look("customer-not-confirmed", WRONG_STATUS)
    browser.one("#confirmed").click()
    browser.button("Allow the customer to buy")
    assert browser.path == page + "?done=buying"
    assert "On" == browser.text("section[aria-labelledby=buying] .badge")
    assert "fir-agent" in browser.text("section[aria-labelledby=buying] table")
    browser.driver.refresh()
    browser.look("customer-may-buy")

    browser.button("Go on in " + name)
    assert browser.path == "/reservations"
    browser.open("/customers")
    browser.look("customers-in-the-customers-tenant")


def test_what_waits_with_customers_is_on_the_agents_home(browser, desk):
    customers = [
        desk.customer({"owner": [("Owner", "/")]}, agreement="csp", payment="invoice")
        for _ in range(2)
    ]
    agent = partner_of(desk, customers)
    policy = {
        "required": True,
        "approvers": {"roles": ["Owner"]},
        "rules": [{"kinds": ["refund"], "from": "0.00 USD", "approvals": 1}],
    }
    for number, customer in enumerate(customers):
        desk.set_clock(f"2026-03-02T12:0{number + 1}:00Z")
        path = "/prorata/approval-policies/returns"
        assert customer.owner.call("PUT", path, policy, version=None).status_code == 200
        there = Member(customer, "agent", agent.client_id, agent.secret)
        order, reservation = there.buy(quantity=2 + number)
        wanted = {"reservationId": item_path(order, reservation), "quantity": 1 + number}
        ask = {"refund": wanted | {"reason": "no longer needed"}, "comment": "please"}
        drafted = customer.owner.call("POST", "/prorata/requests", ask, version=None).json()
        path = f"/prorata/requests/{drafted['id']}/submit"
        assert customer.owner.call("POST", path, {}, version=None).status_code == 200
        desk.apply({"tenants": [{"id": customer.tenant, "name": f"Larch {number}"}]})

    sign_in(browser, agent, "/")
    shown = browser.text("section[aria-labelledby=waiting]")
    assert shown.index("Larch 1") < shown.index("Larch 0"), "the newest first"
    browser.look("home-of-an-agent")
    browser.press("section[aria-labelledby=waiting] li button.enter")
    assert browser.path.startswith("/requests/") and "Waiting for approval" in browser.text("h1")
    assert customers[1].tenant in browser.text("header")
    assert any(button.text == "Approve" for button in browser.all("button"))
