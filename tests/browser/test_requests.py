"""A customer asks, an agent approves, the desk does it: as the two of them see it in the portal."""

import datetime
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
    browser.press("table.rows th a")
    assert browser.path == request
    browser.button("Approve")
    assert browser.text("#decide-fault").startswith("Tick the box")
    browser.look("request-faulty", 422)
    # Saying no needs a reason.
    browser.one("#confirmed").click()
    browser.button("Refuse")
    assert browser.text("#decide-fault") == "Say why, for who asked."
    browser.nothing_amiss(422)
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
    browser.open("/requests?show=decided")
    assert "Refund" in browser.text("table") and "Done" in browser.text("table")
    browser.look("requests-decided")
    browser.open("/requests?show=decided&kind=purchase")
    assert "No request has been decided" in browser.text()
    browser.open(request)
    browser.link("To the result")
    assert "3 units returned" in browser.text("h1")
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


def test_who_sets_approval_policies_sees_adds_changes_and_removes_them(browser, desk):
    team = desk.customer(members=MEMBERS)
    sign_in(browser, team.owner, "/requests")
    browser.link("Approval policies")
    assert "No approval policy is set" in browser.text()
    browser.look("policies-none")

    browser.link("Add a policy")
    browser.type("name", "large")
    browser.one("#required").click()
    browser.type("approver-roles", "Reservations Administrator")
    browser.one("#kinds-0-refund").click()
    browser.type("from-0", "many dollars")
    browser.button("Add a rule")
    assert browser.one("#from-0").get_attribute("value") == "many dollars", "nothing is lost"
    browser.one("#kinds-1-exchange").click()
    browser.type("approvals-1", "2")
    browser.look("policy-new")
    browser.button("Save the policy")
    assert browser.text("#from-0-fault") == "Enter an amount such as 500.00 USD."
    assert browser.one("#kinds-1-exchange").is_selected()
    browser.look("policy-faulty", 422)
    browser.type("from-0", "50.00 USD")
    browser.button("Save the policy")
    assert browser.path == "/requests/policies"
    assert "large" in browser.text(".policy h2")
    rules = browser.text(".policy table")
    assert "50.00 USD" in rules and "1 approval" in rules and "2 approvals" in rules
    browser.look("policies")

    # The same name again is another policy only to who did not see the first.
    browser.link("Add a policy")
    browser.type("name", "large")
    browser.button("Save the policy")
    assert "There is a policy of this name already" in browser.text("#name-fault")
    browser.nothing_amiss(409)

    browser.open("/requests/policies")
    browser.press(".policy .headline a")
    browser.type("approver-people", "nobody at all")
    browser.button("Save the policy")
    assert browser.text("#people-fault") == "Nobody of this tenant is called nobody at all."
    browser.nothing_amiss(422)
    browser.type("approver-people", team.agent.name)
    browser.button("Leave this rule out")
    browser.type("life", "10")
    browser.button("Save the policy")
    assert team.agent.name in browser.text(".policy") and "10 days" in browser.text(".policy")
    kept = team.owner.call("GET", "/prorata/approval-policies/large", version=None).json()
    assert kept["version"] == 2 and len(kept["policy"]["rules"]) == 1, kept

    browser.press(".policy .headline a")
    browser.one("#confirmed").click()
    browser.button("Remove")
    assert "No approval policy is set" in browser.text()
    browser.button("Sign out")

    # Who may not give roles sees them, and no more.
    sign_in(browser, team.customer, "/requests/policies")
    assert not browser.has("main a.primary")


def test_what_has_moved_since_it_was_asked_for_is_shown_before_anybody_decides(browser, desk):
    team = desk.customer(members=MEMBERS)
    order, reservation = team.owner.buy(quantity=5)
    path = "/prorata/approval-policies/returns"
    policy = POLICY | {"tolerance": "2 %", "lifeDays": 90}
    assert team.owner.call("PUT", path, policy, version=None).status_code == 200
    sign_in(browser, team.customer, f"/requests/new?of={order}/{reservation}")
    browser.type("comment", "not needed any more")
    browser.button("Ask for it")
    request = browser.path
    browser.button("Sign out")

    # Some days later it is worth a little less, then too little.
    desk.set_clock(day(desk, 4))
    sign_in(browser, team.agent, request)
    assert "by no more than it may (2 %)" in browser.text(".notice")
    assert browser.has("button[value=approve]")
    assert browser.reads(".deal-summary td .sub") == ["When asked 160.00 USD"]
    browser.look("request-moved-within")
    browser.button("Sign out")
    desk.set_clock(day(desk, 40))
    sign_in(browser, team.agent, request)
    assert "It can no longer be approved." in browser.text("[role=alert]")
    assert not browser.has("button[value=approve]") and browser.has("button[value=reject]")
    browser.look("request-moved-beyond")
    browser.type("comment", "ask again, please")
    browser.one("#confirmed").click()
    browser.button("Refuse")
    assert "Refused" in browser.text("h1")
    assert "ask again, please" in browser.text(".course")


def day(desk, later):
    """An instant some days after the desk's."""
    now = datetime.datetime.fromisoformat(desk.now().replace("Z", "+00:00"))
    return (now + datetime.timedelta(days=later)).strftime("%Y-%m-%dT%H:%M:%SZ")
