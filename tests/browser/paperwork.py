"""The flows that move no reservation by themselves: requests, tickets, what is looked after in a tenant,
and what is looked up."""

import uuid

from desk import item_path
from flows import Flow
from roles import Place
from support import ask as open_ticket
from support import case_of
from test_support import ask as fill_ticket


class Ask(Flow):
    """A return that others approve, whoever may make it."""

    link = "Ask for a refund"
    first = "main form[method=post]"
    press = "main form[method=post] button.primary"

    def address(self, place):
        return f"/requests/new?of={place.of}"

    def ask(self, browser, place):
        browser.type("quantity", "1")
        browser.type("comment", "one is enough")


class Approve(Flow):
    """What somebody else asked for."""

    first = press = "button[value=approve]"
    told = "Waiting for approval"

    def make(self, stage, who):
        asker = stage.sold.owner if who in ("agent", "customer") else stage.team.reader
        place = stage.fresh(who)
        wanted = {
            "reservationId": item_path(place.order, place.reservation), "quantity": 1,
            "reason": "no longer needed",
        }
        body = {"refund": wanted, "comment": "please"}
        request = asker.call("POST", "/prorata/requests", body, version=None).json()["id"]
        path = f"/prorata/requests/{request}"
        assert asker.call("POST", path + "/submit", {}, version=None).status_code == 200
        place.request, place.asker = request, asker
        return place

    look_at = make

    def address(self, place):
        return f"/requests/{place.request}"

    def fill(self, browser, place):
        browser.type("comment", "it is")
        browser.one("#confirmed").click()

    def state(self, place):
        path = f"/prorata/requests/{place.request}"
        return place.asker.call("GET", path, version=None).json()["status"]

    def is_done(self, before, after):
        return before == "submitted" and after in ("approved", "running", "done")

    def told_to(self, who):
        return self.told


class Decline(Approve):
    first = press = "button[value=reject]"

    def is_done(self, before, after):
        return (before, after) == ("submitted", "rejected")


class Ticket(Flow):
    """To the desk, from a reservation."""

    menu = "New support request"
    told = "Asking for support takes a role on the subscription that pays for it"
    first = "#reason"
    press = "form.support-form button.primary"

    def make(self, stage, who):
        place = stage.fresh(who)
        place.desk = stage.desk_member
        return place

    look_at = make

    def address(self, place):
        return f"{place.path}/support"

    def fill(self, browser, place):
        fill_ticket(browser)
        browser.choose("country", "DEU")

    def state(self, place):
        path = "/prorata/desk/supportTickets?$top=100"
        rows = place.desk.call("GET", path, version=None).json()["value"]
        return sum(row.get("reservationId", "").endswith(place.reservation) for row in rows)

    def is_done(self, before, after):
        return (before, after) == (0, 1)

    def told_to(self, who):
        return self.told


class Answer(Flow):
    """On a ticket that an owner opened."""

    first = "#body"
    press = "button[value=answer]"
    told = "Support"

    def make(self, stage, who):
        place = stage.fresh(who)
        opener = stage.sold.owner if who in ("agent", "customer") else stage.team.owner
        name = f"ticket-{uuid.uuid4().hex[:12]}"
        opened = open_ticket(opener, place.order, place.reservation, 1, under=name)
        assert opened.status_code in (200, 201, 202), opened.text
        place.desk, place.name = stage.desk_member, name
        place.ticket = case_of(stage.desk_member, name)["id"]
        return place

    look_at = make

    def address(self, place):
        return f"/support/{place.ticket}"

    def fill(self, browser, place):
        browser.type("body", "Is there any news?")

    def state(self, place):
        path = f"/prorata/desk/supportTickets/{place.ticket}"
        return place.desk.call("GET", path, version=None).text.count("Is there any news?")

    def is_done(self, before, after):
        return (before, after) == (0, 1)

    def told_to(self, who):
        return "Refund of 1 unit"


class Office(Flow):
    """What is looked after in a tenant; each of these is of whoever looks after their own."""

    rail = "Administration"
    press = "form.panel button.primary"

    def make(self, stage, who):
        place = Place(None, None, stage.home(who))
        place.name = f"new-{uuid.uuid4().hex[:8]}"
        return place

    look_at = make

    def listed(self, place):
        raise NotImplementedError

    def state(self, place):
        answer = place.sees.call("GET", self.listed(place), version=self.version)
        assert answer.status_code == 200, answer.text
        return answer.text.count(f'"{place.name}')

    version = None

    def is_done(self, before, after):
        return before == 0 and after > 0


class Person(Office):
    link = "Add a person"
    first = "#userName"

    def begin(self, place):
        return "/administration/principals"

    def address(self, place):
        return "/administration/principals/new"

    def fill(self, browser, place):
        browser.type("userName", f"{place.name}@example.com")
        browser.type("displayName", "Anna Berg")

    def listed(self, place):
        return "/prorata/users"


class Role(Office):
    link = "New role"
    first = "#actions"
    version = "2022-04-01"

    def begin(self, place):
        return "/administration/roles"

    def address(self, place):
        return "/administration/roles/new"

    def fill(self, browser, place):
        browser.type("name", place.name)
        browser.type("actions", "Microsoft.Capacity/reservationOrders/read")

    def listed(self, place):
        return "/providers/Microsoft.Capacity/providers/Microsoft.Authorization/roleDefinitions"


class Receiver(Office):
    link = "Add a receiver"
    first = "#address"

    def begin(self, place):
        return "/administration/receivers"

    def address(self, place):
        return "/administration/receivers/new"

    def fill(self, browser, place):
        browser.type("address", f"https://{place.name}.invalid/hook")
        browser.type("name", place.name)
        browser.one("#kind-expiring").click()

    def listed(self, place):
        return "/prorata/receivers"


class Reading(Flow):
    """Looking something up; each finds what they may see."""

    first = press = None

    def state(self, place):
        return None

    def shows(self, stage, place, who):
        raise NotImplementedError


class Policy(Reading):
    rail = "Policy"

    def address(self, place):
        return "/policy?on=2020-02-01"

    def shows(self, stage, place, who):
        value = stage.browser.text("#refund-cap .rule-value")
        assert "50,000.00 USD in 12 rolling months" in value


class WhatIf(Reading):
    def address(self, place):
        return f"/what-if?of={place.of}&quantity=1&on=2019-06-01&on=2026-11-16"

    def shows(self, stage, place, who):
        first, second = stage.browser.reads(".days-of > .verdict h3")
        assert (first, second) == ("1 June 2019", "16 November 2026")
        assert "Self service" in stage.browser.text(".days-of > .verdict")


class Audit(Reading):
    rail = "Audit"

    def make(self, stage, who):
        return stage.own(who)

    def address(self, place):
        return f"/audit?target={place.order}"

    def shows(self, stage, place, who):
        browser = stage.browser
        assert "Purchase" in browser.text("table.rows"), "what is asked for by the address"
        browser.type("what", "purchase")
        browser.button("Search")
        assert len(browser.all("table.rows tbody tr")) == 1
        browser.open("/audit")
        [link] = [one for one in browser.all(".headline a") if one.text == "Export CSV"]
        text = stage.fetch(link.get_attribute("href"))
        assert text.startswith("at,tenant,principal")
        stage.holds_only_theirs(text, place)


class Listed(Reading):
    """A view of one's own, and the file of what it shows."""

    rail = "Reservations"

    def make(self, stage, who):
        return stage.own(who)

    def address(self, place):
        return "/reservations?plan=Monthly"

    def shows(self, stage, place, who):
        browser = stage.browser
        browser.one(".views summary").click()
        browser.type("view-name", "by the month")
        browser.button("Save")
        assert browser.reads(".view-links a") == ["by the month"], "one's own, and one of it"
        browser.link("by the month")
        assert browser.has(".view-links [aria-current]")
        [link] = [one for one in browser.all("main a") if one.text == "Download CSV"]
        stage.holds_only_theirs(stage.fetch(link.get_attribute("href")), place)
