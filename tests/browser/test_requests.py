"""A customer asks, an agent approves, the desk does it: as the two of them see it in the portal."""

import time

from test_portal import kept, page_of, sign_in

MEMBERS = {
    "owner": [("Owner", "/")],
    "agent": [("Reservations Administrator", "/providers/Microsoft.Capacity")],
    "customer": [("Reader", "/")],
}
POLICY = {
    "required": True,
    "approvers": {"roles": ["Reservations Administrator"]},
    "rules": [{"kinds": ["refund", "exchange"], "from": "50.00 USD", "approvals": 1}],
}


def test_a_customer_asks_and_an_agent_approves(browser, desk):
    team = desk.customer(members=MEMBERS)
    order, reservation = team.owner.buy(quantity=5)
    path = "/prorata/approval-policies/returns"
    assert team.owner.call("PUT", path, POLICY, version=None).status_code == 200

    # The customer may look and ask.
    sign_in(browser, team.customer, page_of(order, reservation))
    browser.link("Ask for a refund")
    browser.look("request-new")
    browser.type("quantity", "3")
    browser.type("comment", "two machines are enough")
    browser.button("Ask for it")
    request = browser.path
    assert request.startswith("/requests/")
    assert "Waiting for approval" in browser.text("h1")
    assert "96.00 USD" in browser.text()
    assert browser.has("#clause-1"), "priced with its proof"
    assert not any(button.text == "Approve" for button in browser.all("button"))
    browser.look("request-asked")
    browser.button("Sign out")

    # The agent finds it, and says yes.
    sign_in(browser, team.agent, "/requests")
    assert "customer" in browser.text("table")
    browser.look("requests-waiting")
    browser.link("Refund")
    assert browser.path == request
    browser.button("Approve")
    assert browser.text("#decide-fault").startswith("Tick the box")
    browser.look("request-faulty", 422)
    browser.type("comment", "fine")
    browser.one("#confirmed").click()
    browser.button("Approve")
    for _ in range(50):
        browser.open(request)
        if "Done" in browser.text("h1"):
            break
        time.sleep(0.2)
    assert "Done" in browser.text("h1")
    assert "two machines are enough" in browser.text()
    browser.look("request-done")
    live = [row for row in kept(team.owner, order) if row[0] == "Succeeded"]
    assert live == [("Succeeded", 2)]
    browser.button("Sign out")

    # The owner may return, and has to ask for it too.
    rest = next(
        name.split("/")[-1]
        for name, item in team.owner.items(order).items()
        if item.properties.provisioning_state == "Succeeded"
    )
    sign_in(browser, team.owner, page_of(order, rest) + "/refund")
    assert "Others have to approve this first" in browser.text()
    browser.look("refund-asked-first")
    browser.type("comment", "the rest as well")
    browser.button("Ask for approval")
    assert "Waiting for approval" in browser.text("h1")
    browser.one("#confirmed").click()
    browser.button("Withdraw")
    assert "Withdrawn" in browser.text("h1")
    browser.look("request-withdrawn")
