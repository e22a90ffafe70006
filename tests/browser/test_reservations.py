"""The list of reservations: chosen, searched, sorted, kept, downloaded; and several done at once."""

import csv
import io
import uuid

from selenium.webdriver.support.wait import WebDriverWait

from crawl import signed_in
from desk import Customer, Member
from test_portal import sign_in

WRONG_STATUS = 422
SIZES = ["Standard_B2s", "Standard_B1ls"]


def fill(owner):
    """Six reservations; one of them has a name that a program for tables would run."""
    names = ["web servers", "batch", "=1+1", "orders", "Web archive", "search"]
    return {
        name: owner.buy(
            sku=SIZES[number % 2],
            term="P3Y" if number % 2 else "P1Y",
            quantity=number + 1,
            name=name,
        )
        for number, name in enumerate(names)
    }


def rows(browser):
    return browser.reads("table.held tbody th")


def waits_for(browser, wanted):
    """The list shows these, as soon as it has followed what was chosen."""
    WebDriverWait(browser.driver, 20, ignored_exceptions=[Exception]).until(
        lambda _: sorted(rows(browser)) == sorted(wanted)
    )


def narrow(browser, field, value):
    """Chooses a filter; without script it is applied with the button."""
    browser.choose(f"filter-{field}", value)
    if not browser.script:
        browser.button("Apply")


def tick(browser, *names):
    for name in names:
        browser.one(f'input[name=give][id="{box(browser, name)}"]').click()


def box(browser, name):
    at = rows(browser).index(name)
    return browser.all("input[name=give]")[at].get_attribute("id")


def test_the_list_is_narrowed_down_sorted_and_kept(browser, desk, owner):
    fill(owner)
    sign_in(browser, owner)
    assert len(rows(browser)) == 6
    browser.look("list")

    narrow(browser, "term", "P3Y")
    waits_for(browser, ["batch", "orders", "search"])
    # What is on the screen has an address, and that shows the same.
    assert "term=P3Y" in browser.path
    browser.open(browser.path)
    assert sorted(rows(browser)) == ["batch", "orders", "search"]
    browser.link("Quantity")
    assert rows(browser) == ["batch", "orders", "search"]
    assert browser.one("thead [aria-sort]").get_attribute("aria-sort") == "ascending"
    browser.link("Quantity")
    assert rows(browser) == ["search", "orders", "batch"]
    assert browser.one("thead [aria-sort]").get_attribute("aria-sort") == "descending"

    browser.one(".views summary").click()
    browser.type("view-name", " ")
    browser.button("Save")
    assert browser.text("#view-name-fault") == "Give it a name of 1 to 60 characters."
    assert rows(browser) == ["search", "orders", "batch"], "nothing that was chosen is lost"
    browser.look("list-view-faulty", WRONG_STATUS)
    browser.type("view-name", "three years, largest first")
    browser.button("Save")
    assert rows(browser) == ["search", "orders", "batch"]
    browser.link("Clear filters")
    assert len(rows(browser)) == 6
    browser.link("three years, largest first")
    assert rows(browser) == ["search", "orders", "batch"]
    assert browser.has(".view-links [aria-current]")
    browser.look("list-view")
    browser.one(".views summary").click()
    browser.button("Forget")
    assert not browser.has(".view-links")


def test_one_looks_for_a_reservation_from_any_page(browser, desk, owner):
    held = fill(owner)
    sign_in(browser, owner)
    order, reservation = held["orders"]
    for text, found in [
        ("WEB", ["Web archive", "web servers"]),
        ("b1ls", ["batch", "orders", "search"]),
        (reservation, ["orders"]),
        (order[:13], ["orders"]),
        ("nothing", []),
    ]:
        browser.open("/account")
        browser.type("find", text)
        before = browser.one("html").id
        browser.one("#find").submit()
        browser.arrives(before)
        assert sorted(rows(browser)) == found, text
    assert "No reservation meets all that was asked for." in browser.text(".empty")
    browser.look("list-nothing")


def test_several_are_renewed_archived_and_exchanged_at_once(browser, desk, owner):
    held = fill(owner)
    owner.give_back(*held["batch"], quantity=2)
    sign_in(browser, owner)
    tick(browser, "orders", "search")
    if browser.script:
        assert browser.text("[data-ticked=give]") == "2"
    browser.button("Switch renewal on")
    assert browser.reads("table.several .badge") == ["Will be done"] * 2
    browser.button("Switch renewal on")
    assert browser.text("#confirmed-fault") == "Tick this to confirm it."
    browser.look("several-unconfirmed", WRONG_STATUS)
    browser.one("#confirmed").click()
    browser.button("Switch renewal on")
    assert browser.text("[role=status]") == "2 of 2 are as you wanted."
    browser.look("several-done")
    done = browser.path
    browser.driver.refresh()
    assert browser.path == done and browser.reads("table.several .badge") == ["Done"] * 2
    for name in ("orders", "search"):
        order, reservation = held[name]
        assert owner.items(order)[reservation].properties.renew is True

    # The one that was returned goes into the archive, and those that are held do not.
    browser.open("/reservations?show=all&sort=name")
    tick(browser, "batch", "web servers")
    browser.button("Archive")
    assert sorted(browser.reads("table.several .badge")) == ["Cannot be done", "Will be done"]
    browser.look("several-archive")
    browser.one("#confirmed").click()
    browser.button("Archive")
    assert browser.text("[role=status]") == "1 of 2 are as you wanted."
    browser.open("/reservations?show=archived")
    assert rows(browser) == ["batch"]

    browser.open("/reservations?sort=name")
    tick(browser, "orders", "search")
    browser.button("Exchange")
    assert browser.path.startswith("/exchange?") and browser.path.count("give=") == 2

    browser.open("/reservations")
    browser.button("Archive")
    assert "Nothing was chosen." in browser.text()
    browser.look("several-nothing")


def test_the_file_has_all_that_is_chosen_and_no_formula(browser, desk, owner):
    fill(owner)
    sign_in(browser, owner)
    browser.open("/reservations?sort=-quantity&scope=shared")
    [link] = [found for found in browser.all("main a") if found.text == "Download CSV"]
    answer = signed_in(owner).get(link.get_attribute("href"))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    head, *found = csv.reader(io.StringIO(text, newline=""))
    assert [row[0] for row in found] == [
        "search", "Web archive", "orders", "'=1+1", "batch", "web servers",
    ]
    assert [row[head.index("Quantity")] for row in found] == ["6", "5", "4", "3", "2", "1"]
    assert all(len(row) == len(head) for row in found)


def test_pages_are_compressed_and_their_tokens_look_different(desk, owner):
    session = signed_in(owner)
    headers = {"Accept-Encoding": "gzip"}
    pages = [session.get(desk.base_url + "/reservations", headers=headers) for _ in range(2)]
    assert [page.headers.get("Content-Encoding") for page in pages] == ["gzip", "gzip"]
    tokens = {page.text.split('name="form_token" value="')[1].split('"')[0] for page in pages}
    assert len(tokens) == 2
    assert "Content-Encoding" not in session.get(desk.base_url + "/account", headers=headers).headers
    plain = session.get(desk.base_url + "/reservations", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and "</html>" in plain.text
    # Either of them is taken.
    for token in tokens:
        form = {"form_token": token, "id": str(uuid.uuid4()), "query": "", "name": token[:40]}
        answer = session.post(
            desk.base_url + "/reservations/views", data=form, allow_redirects=False,
            headers={"Origin": desk.base_url},
        )
        assert answer.status_code == 303, answer.text


def test_an_agent_sees_all_customers_and_goes_on_in_one(browser, desk):
    customers, agent = [], None
    for name in ("Cedar Mills", "Larch Foods"):
        customer = desk.customer(agreement="csp", payment="invoice")
        desk.apply({"tenants": [{"id": customer.tenant, "name": name}]})
        customers.append(customer)
    agent = partner_of(desk, customers)
    for number, customer in enumerate(customers):
        there = Member(customer, "agent", agent.client_id, agent.secret)
        for quantity in range(1, 3 + number):
            there.buy(quantity=quantity, name=f"of {number}, {quantity}")
    sign_in(browser, agent)
    assert len(rows(browser)) == 5
    assert browser.text(".list-head .lead") == "5 reservations of 2 customers"
    browser.link("Group by customer")
    heads = browser.reads("tr.group-head")
    assert heads == ["Cedar Mills 2 reservations", "Larch Foods 3 reservations"]
    browser.look("list-customers")
    narrow(browser, "customer", customers[1].tenant)
    shown = ["of 1, 1", "of 1, 2", "of 1, 3"]
    waits_for(browser, [*heads[1:], *shown])

    browser.open("/reservations?sort=name")
    for name in ("of 0, 1", "of 1, 1"):
        tick(browser, name)
    browser.button("Switch renewal off")
    assert browser.reads(".elsewhere button") == [
        "Go on with 1 of Cedar Mills", "Go on with 1 of Larch Foods",
    ]
    browser.look("several-elsewhere")
    browser.button("Go on with 1 of Larch Foods")
    assert browser.path.startswith("/reservations/several?")
    assert browser.reads("table.several .badge") == ["Already so"]
    assert customers[1].tenant in browser.text("header")


def partner_of(desk, customers):
    """A partner that sells to these customers, and an agent of it."""
    tenant, client = str(uuid.uuid4()), str(uuid.uuid4())
    agent = Member(Customer(desk, tenant, None, {}), "agent", client, f"secret of {client}")
    desk.apply({
        "tenants": [{"id": tenant, "name": "Fir Cloud"}],
        "principals": [{
            "tenantId": tenant, "clientId": client, "name": "agent", "clientSecret": agent.secret,
        }],
        "partners": [{
            "tenantId": tenant,
            "kind": "direct-bill",
            "customers": [
                {
                    "tenantId": customer.tenant,
                    "since": "2020-01-01",
                    "market": "US",
                    "billingAccounts": [customer.account["id"]],
                }
                for customer in customers
            ],
            "agents": [{"clientId": client, "role": "Admin agent"}],
        }],
    })
    return agent
