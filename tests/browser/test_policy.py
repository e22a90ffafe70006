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
    assert "50,000.00 USD in 365 rolling days" in cap.text
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
    assert "50,000.00 USD in 12 rolling months" in browser.text("#refund-cap .rule-value")
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


def test_what_if_shows_days_side_by_side(browser, desk):
    owner = desk.customer().owner
    sign_in(browser, owner, "/what-if")
    assert "You see no active reservation" in browser.text()
    browser.look("what-if-nothing")
    order, reservation = owner.buy(sku="Standard_B2s", plan="Monthly", quantity=5)
    desk.set_clock("2026-11-22T09:00:00Z")
    browser.open(f"/what-if?of={order}/{reservation}&quantity=2&on=2019-06-01&on=2026-11-22")
    columns = [found.text for found in browser.all(".days-of > .verdict")]
    assert len(columns) == 2
    assert "1 June 2019" in columns[0] and "Would be refused" in columns[0]
    assert "Self service" in columns[0], "monthly plans could not be returned by oneself"
    assert "22 November 2026" in columns[1] and "Would be done" in columns[1]
    assert "Self service makes the difference to 1 June 2019." in columns[1]
    browser.look("what-if")

    # Nothing is quoted or recorded by looking.
    before = owner.call("GET", "/prorata/audit?action=refund-quote", version=None).json()["value"]
    assert before == []

    # Another day, by the form; what is wrong is said beside its field.
    browser.type("quantity", "6")
    browser.button("Show them side by side")
    assert browser.text("#quantity-fault") == "Enter a number from 1 to 5."
    browser.look("what-if-faulty")
    browser.type("quantity", "5")
    browser.button("Show them side by side")
    assert len(browser.all(".days-of > .verdict")) == 2

    # An exchange before its end and after, of what was bought before.
    browser.link("Exchange them")
    assert browser.text("#sku-fault") == "Name the SKU that is bought instead."
    browser.open(
        f"/what-if?do=exchange&of={order}/{reservation}&quantity=5&sku=Standard_D2s_v5&bought=9"
        "&term=P3Y&plan=Upfront&location=westus&on=2026-11-22&on=2027-02-01"
    )
    assert len(browser.all(".days-of > .verdict")) == 2
    assert "The figures" in browser.text() or "Would be refused" in browser.text()
    browser.look("what-if-exchange")
    browser.open("/what-if?of=nothing/there")
    browser.look("what-if-none", 404)
