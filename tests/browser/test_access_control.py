"""Access control of a reservation, as a person uses it."""

from test_portal import page_of, sign_in

READER = "582fc458-8989-419f-a480-75249bc5db7e"


def test_a_role_is_given_explained_and_taken_away(browser, owner):
    order, reservation = owner.buy(quantity=2)
    mia = owner.customer.hire("Mia Maier", [])
    path = f"{page_of(order, reservation)}/access"
    sign_in(browser, owner, page_of(order, reservation))
    browser.link("Access control (IAM)")
    assert browser.path == path
    browser.look("access")

    browser.type("who", "Mia Maier")
    browser.choose("action", "return")
    browser.button("Check")
    assert "Mia Maier is not allowed to return reservations" in browser.text(".verdict")
    assert "They may not even see what is here." in browser.text(".verdict")
    browser.look("access-not-allowed")

    # What helps leads to the form, filled in.
    browser.press(".repairs a")
    assert browser.path.startswith(f"{path}?to=") and browser.path.endswith("#give")
    browser.choose("role", READER)
    browser.type("description", "looks on while the owner is away")
    browser.button("Give the role")
    assert browser.text("[role=status]") == "The role was given."
    assert "Reservations Reader" in browser.text("table")
    browser.look("access-given")

    browser.type("who", "mia maier")
    browser.choose("action", "read")
    browser.button("Check")
    assert "Mia Maier is allowed to look" in browser.text(".verdict")
    browser.look("access-allowed")
    assert mia.client.reservation.get(order, reservation).name.endswith(reservation)

    rows = [row for row in browser.all("tbody tr") if "Mia Maier" in row.text]
    assert len(rows) == 1
    button = rows[0].find_element("css selector", "button")
    assert "Reservations Reader, Mia Maier" in button.get_property("textContent")
    browser._leave(button)
    assert browser.text("[role=status]") == "The role was taken away."
    assert "Mia Maier" not in browser.text("table")

    browser.type("to", "nobody at all")
    browser.choose("role", READER)
    browser.button("Give the role")
    assert "nobody of this tenant" in browser.text("#to-fault")
    browser.look("access-faulty", 422)
