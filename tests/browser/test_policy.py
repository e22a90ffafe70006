"""The policy book, and what a decision would be under other days' rules, as a person sees them."""

from test_portal import sign_in

EXCHANGES_END = "1 February 2027"


def test_the_book_says_what_holds_and_what_changes_next(browser, desk, owner):
    desk.set_clock("2026-11-22T09:00:00Z")
    sign_in(browser, owner, "/policy")
    nearest = browser.all(".change")[0].text
    assert EXCHANGES_END in nearest and "in 71 days" in nearest
    assert "Exchanges end" in nearest
    cap = browser.one("#refund-cap")
    assert "50000.00 USD in 365 rolling days" in cap.text
    assert "2 values, since 1 Jan 2019, 1 Jul 2020" in browser.one(
        "#refund-cap svg"
    ).get_attribute("aria-label")
    browser.look("policy")

    # A search finds what has all words, in sentences, values and sources.
    browser.type("words", "support request monthly")
    search(browser)
    assert [found.get_attribute("id") for found in browser.all("article.rule")] == ["self-service"]
    browser.type("words", "no such rule")
    search(browser)
    assert "No clause has all these words" in browser.text()
    browser.look("policy-nothing")
    browser.link("Show all clauses")
    browser.choose("job", "archive")
    search(browser)
    assert [found.get_attribute("id") for found in browser.all(".always > li")] == [
        "reservation-state"
    ]

    # Any day, by the address.
    browser.open("/policy?on=2020-02-01")
    assert "These are the rules as of 1 February 2020." in browser.text(".notice")
    assert "0.12 of the" in browser.text("#return-fee") or "fee" in browser.text("#return-fee")
    assert "50000.00 USD in 12 rolling months" in browser.text("#refund-cap .rule-value")
    browser.look("policy-2020")
    browser.open("/policy?on=soon")
    assert browser.one("#on").get_attribute("aria-invalid") == "true"
    browser.look("policy-faulty")


def search(browser):
    """The page as it is asked for by the form; with script it may have come by itself."""
    browser.button("Show")


def test_a_clause_tells_its_history_and_the_decisions_that_looked_at_it(browser, owner):
    order, reservation = owner.buy(quantity=3)
    owner.give_back(order, reservation, quantity=1)
    sign_in(browser, owner, "/policy/refund-cap")
    values = [found.text for found in browser.all(".history > li")]
    assert len(values) == 2 and values[0].startswith("Since 1 Jul 2020")
    assert "1 Jan 2019 to 30 Jun 2020" in values[1]
    decisions = browser.text("table.rows")
    assert "Refund" in decisions and "Met" in decisions
    browser.look("policy-clause")
    browser.link("Refund")
    assert browser.path.startswith("/decisions/")
    assert "Approved" in browser.text("h1") and browser.has("#clause-1")
    browser.look("decision")
    browser.open("/policy/exchange-right?on=2023-05-01")
    assert "1 October 2023" in browser.text(".change"), "the nearest"
    assert "1 January 2024" in browser.text(".history"), "the end that was announced"
    browser.look("policy-clause-2023")
    browser.open("/policy/no-such-clause")
    browser.look("policy-clause-none", 404)
