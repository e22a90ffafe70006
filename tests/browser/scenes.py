"""What a crawl does not come to: the steps of each flow, what waits for others, and the desk's side."""

import time
import urllib.parse

from desk import OWNER
from test_portal import page_of

POLICIES = {
    "returns": {
        "required": True,
        "approvers": {"roles": ["Reservations Administrator"]},
        "rules": [{"kinds": ["refund", "exchange"], "from": "500.00 USD", "approvals": 1}],
        "tolerance": "2 %",
        "lifeDays": 30,
    },
    "large-purchases": {
        "required": False,
        "approvers": {"roles": ["Owner"]},
        "rules": [
            {"kinds": ["purchase"], "from": "10000.00 USD", "approvals": 1},
            {"kinds": ["purchase", "trade-in"], "from": "100000.00 USD", "approvals": 2},
        ],
    },
}
PRICES = """resource_type,sku,location,term,billing_plan,currency,unit_total,since
VirtualMachines,Standard_D64s_v5,westus,P1Y,,USD,12345.00,2026-01-01
VirtualMachines,Standard_D64s_v5,westus,P1Y,,USD,nothing,2026-01-01
"""
ROLE = {
    "roleName": "Reservation watcher",
    "actions": "Microsoft.Capacity/reservationOrders/read",
}


def boss(desk, owner):
    """Somebody who owns all of the tenant, and works at the desk as well."""
    hired = owner.customer.hire("alder-head-of-it", OWNER)
    desk.apply({"deskMembers": [
        {"tenantId": hired.customer.tenant, "clientId": hired.client_id}
    ]})
    return hired


def asks(browser, bought):
    """Somebody who may look asks for two returns, and for a purchase that is refused."""
    for name, units, why in [
        ("build agents", 5, "Builds moved to the cluster; five of them idle since August."),
        ("depot terminals", 4, "Two depots closed on 31 October."),
    ]:
        browser.open(f"/requests/new?of={bought[name][0]}/{bought[name][1]}&do=refund")
        browser.type("quantity", units)
        browser.type("comment", why)
        yield "requests-ask"
        browser.button("Ask for it")
    yield "requests-asked"


def decides(browser):
    """Who approves says yes to the first of them."""
    browser.open("/requests")
    yield "requests-waiting-for-me"
    browser.press("table.rows th a")
    yield "requests-decide"
    browser.button("Approve")
    yield "requests-decide-faulty"
    browser.type("comment", "Agreed with the platform team.")
    browser.one("#confirmed").click()
    browser.button("Approve")
    time.sleep(1)
    browser.driver.refresh()
    yield "requests-done"


def supports(browser, bought):
    """A ticket from a reservation, as who asks sees it."""
    browser.open(page_of(*bought["yearly plan run"]) + "/support")
    browser.button("Create")
    yield "support-new-faulty"
    browser.type("reason", "The yearly plan run moved to our own machines.\nNothing has used it since May.")
    for field, text in {
        "firstName": "Maren", "lastName": "Holt", "primaryEmailAddress": "maren.holt@alder.example"
    }.items():
        browser.type(field, text)
    browser.choose("country", "NLD")
    browser.button("Create")
    yield "support-ticket"
    browser.type("body", "Is there any news? The next payment is due on 13 December.")
    browser.button("Send")
    yield "support-said"


def answers(browser):
    """The desk's side of it."""
    browser.open("/support?show=desk&status=open")
    yield "support-desk"
    browser.press("table.rows th a, table.rows td a")
    browser.type("body", "Thank you for the figures. We are asking the provider.")
    browser.button("Send")
    browser.one("details.grant summary").click()
    browser.one("#grant-reason").send_keys("The machines were never used.")
    browser.button("Grant it")
    yield "support-grant-faulty"
    browser.one("fieldset input[type=checkbox]").click()
    browser.one("#confirmed").click()
    browser.button("Grant it")
    yield "support-granted"


def buys(browser):
    """From the catalog to the reservation."""
    browser.open("/buy?find-text=d4s+v5&find-region=westeurope")
    yield "buy-found"
    browser.open("/buy/product?type=VirtualMachines&sku=Standard_D4s_v5&location=westeurope&quantity=some")
    yield "buy-product-faulty"
    browser.open("/buy/product?type=VirtualMachines&sku=Standard_D4s_v5&location=japanwest")
    yield "buy-refused"
    browser.open("/buy/product?type=VirtualMachines&sku=Standard_D4s_v5&location=westeurope")
    browser.open(browser.path + "&quantity=4&name=carrier+portal&offer=P3Y-Monthly")
    yield "buy-chosen"
    browser.button("Review")
    yield "buy-review"
    browser.press(".confirm button.primary")
    yield "buy-review-faulty"
    browser.one("#confirmed").click()
    browser.press(".confirm button.primary")
    yield "buy-made"


def trades_in(browser, bought):
    """From reservations to a savings plan."""
    browser.open("/trade-in")
    give = "&".join(f"give={'/'.join(bought[name])}" for name in ("label printers", "reporting"))
    browser.open(f"/trade-in?{give}")
    yield "trade-in-chosen"
    browser.type("hourly", "0.001")
    browser.comes(".verdict.refused")
    yield "trade-in-too-little"
    browser.press(".repairs button")
    browser.type("name", "warehouse machines")
    browser.comes("button[value=review]")
    time.sleep(1)
    browser.press("button[value=review]")
    yield "trade-in-review"
    browser.press(".confirm button.primary")
    yield "trade-in-review-faulty"
    browser.one("#confirmed").click()
    browser.press(".confirm button.primary")
    yield "trade-in-made"
    browser.link("warehouse machines")
    yield "savings-plan"
    browser.open("/savings-plans")
    yield "savings-plans"


def wonders(browser, bought):
    """The same return and exchange on several days, and the book of another day."""
    order, reservation = bought["tracking, east"]
    browser.open(f"/what-if?of={order}/{reservation}&quantity=2&on=2019-06-01&on=2026-11-16&on=2027-02-01")
    yield "what-if-refund"
    browser.open(
        f"/what-if?do=exchange&of={order}/{reservation}&quantity=5&sku=Standard_D2s_v5&bought=9"
        "&term=P3Y&plan=Upfront&location=westeurope&on=2026-11-16&on=2027-02-01"
    )
    yield "what-if-exchange"
    browser.open(f"/what-if?of={order}/{reservation}&quantity=99")
    yield "what-if-faulty"
    browser.open("/policy?on=2020-02-01")
    yield "policy-of-another-day"
    browser.open("/policy?words=no+such+rule")
    yield "policy-nothing"
    browser.open("/policy?on=soon")
    yield "policy-faulty"
    browser.open("/policy/refund-cap")
    yield "policy-refund-cap"


def administers(browser, folder):
    """People, roles, receivers and files, step by step."""
    browser.open("/administration/principals")
    browser.link("Add a person")
    browser.type("userName", "an na")
    browser.type("displayName", "Anna Söhne-Berg")
    browser.button("Add and invite")
    yield "administration-person-faulty"
    browser.type("userName", "anna@alder.example")
    browser.button("Add and invite")
    yield "administration-invited"
    browser.link("I have kept it")
    yield "administration-person"
    browser.link("Disable")
    yield "administration-confirm"
    browser.open("/administration/principals?q=alder-reader")
    browser.link("alder-reader")
    browser.type("name", "build server")
    browser.type("days", "20")
    browser.button("Make the secret")
    yield "administration-secret"
    browser.link("I have kept it")
    yield "administration-program"
    browser.open("/administration/roles")
    browser.link("New role")
    browser.type("name", ROLE["roleName"])
    browser.type("actions", "not an action")
    browser.button("Make the role")
    yield "administration-role-faulty"
    browser.type("actions", ROLE["actions"])
    browser.button("Make the role")
    yield "administration-role"
    browser.open("/administration/roles")
    browser.link("Reservations Reader")
    yield "administration-role-built-in"
    browser.open("/administration/receivers")
    yield "administration-receivers-none"
    browser.link("Add a receiver")
    browser.type("address", "http://not.safe.example/")
    browser.press("form.form-page button.primary")
    yield "administration-receiver-faulty"
    browser.type("address", "https://receiver.invalid/hooks/reservations")
    browser.type("name", "ticket system")
    browser.one("#kind-expiring").click()
    browser.press("form.form-page button.primary")
    yield "administration-receiver-secret"
    browser.link("I have kept it")
    browser.button("Send a test")
    time.sleep(2)
    browser.driver.refresh()
    yield "administration-receiver"
    browser.open("/administration/receivers")
    yield "administration-receivers"
    for name, text in {"our prices.csv": PRICES, "wrong.csv": "sku,price\nx,1\n"}.items():
        (folder / name).write_text(text)
        browser.open("/administration/imports")
        browser.choose("kind", "prices")
        browser.one("#file").send_keys(str(folder / name))
        browser.button("Take it in")
        browser.comes("#report-heading")
        yield "administration-import" if name.startswith("our") else "administration-import-refused"
    browser.open("/administration/imports")
    yield "administration-imports"


def searches(browser, bought):
    """The record of what was done."""
    browser.open("/audit")
    yield "audit"
    browser.open(f"/audit?what=purchase&target={bought['search'][0]}")
    yield "audit-found"
    browser.press("table.rows a")
    yield "audit-line"
    browser.open("/audit?who=nobody")
    yield "audit-none"
    browser.open("/audit?who=somebody&correlation=not-an-id")
    yield "audit-faulty"
    browser.open("/audit/seal")
    yield "audit-seal"
    browser.button("Check every row now")
    yield "audit-seal-checked"


def rules(browser, member):
    """The policies by which others approve."""
    browser.open("/requests/policies")
    yield "requests-policies-none"
    for name, policy in POLICIES.items():
        path = "/prorata/approval-policies/" + urllib.parse.quote(name)
        answer = member.call("PUT", path, policy, version=None)
        assert answer.ok, answer.text
    browser.open("/requests/policies")
    yield "requests-policies"
    browser.press(".policy .headline a")
    yield "requests-policies-policy"
    browser.type("from-0", "many dollars")
    browser.button("Save the policy")
    yield "requests-policies-faulty"


def errs(browser):
    """What is said when a page is not there, or a form comes too late."""
    browser.open("/policy/no-such-clause")
    yield "error-404"
    browser.open("/administration/principals")
    browser.link("Add a person")
    browser.type("userName", "late@alder.example")
    browser.type("displayName", "Too Late")
    browser.driver.delete_all_cookies()
    browser.button("Add and invite")
    yield "error-expired"


def in_german(browser, bought):
    """Some of the pages in German, in which words are longer."""
    browser.open("/administration")
    browser.press("footer button[value=de]")
    yield "german-administration"
    for name, address in {
        "buy": "/buy/product?type=VirtualMachines&sku=Standard_D4s_v5&location=westeurope"
               "&quantity=4&offer=P3Y-Monthly",
        "trade-in": f"/trade-in?give={'/'.join(bought['tracking, UK'])}",
        "savings-plans": "/savings-plans",
        "requests": "/requests?show=all",
        "requests-policy": "/requests/policies/policy?scope=tenant&name=large-purchases",
        "support": "/support?show=tenant&status=all",
        "support-new": page_of(*bought["geocoding"]) + "/support",
        "policy": "/policy",
        "what-if": "/what-if?of=" + "/".join(bought["tracking, east"])
                   + "&quantity=2&on=2019-06-01&on=2026-11-16",
        "audit": "/audit?what=purchase",
        "principals": "/administration/principals",
        "assignments": "/administration/assignments",
        "imports": "/administration/imports",
        "jobs": "/administration/jobs",
        "account": "/account",
        "error": "/policy/no-such-clause",
    }.items():
        browser.open(address)
        yield "german-" + name
    browser.press("footer button[value=en]")
