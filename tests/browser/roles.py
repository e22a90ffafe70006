"""Everybody who comes to the portal, in one browser: the people of a customer, those of a partner and
of its customer, the owner of another tenant, and somebody who has not signed in."""

import dataclasses
import re

import requests
from selenium.webdriver.support.wait import WebDriverWait

import support
from chromium import WAIT_SECONDS
from crawl import signed_in
from desk import CAPACITY, OWNER, Member, item_path, models
from test_partner import Partner, new_partner
from test_portal import fill_in, page_of, sign_in

NOW = "2026-11-16T09:30:00Z"
SKU, REGION = "Standard_D2s_v5", "westus"
# Of the customer. The auditor looks at everything and says who may do what, and does nothing else.
TEAM = {
    "owner": [("Owner", "/")],
    "manager": [("Reservations Contributor", CAPACITY)],
    "reader": [("Reader", "/")],
    "approver": [("Reservations Administrator", CAPACITY)],
    "auditor": [("User Access Administrator", "/")],
    "mia": [],
}
WHO = (
    "owner", "manager", "reader", "approver", "auditor", "agent", "customer", "stranger", "nobody"
)
SESSION = "__Host-prorata"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
# What is worth more than a few units is approved first.
LARGE = {
    "required": True,
    "approvers": {"roles": ["Reservations Administrator", "Owner"]},
    "rules": [{"kinds": ["refund"], "from": "4000.00 USD", "approvals": 1}],
}


@dataclasses.dataclass
class Place:
    """A reservation, and who sees how it stands by the API."""

    order: str
    reservation: str
    sees: Member

    @property
    def path(self):
        return page_of(self.order, self.reservation)

    @property
    def of(self):
        return f"{self.order}/{self.reservation}"

    def units(self):
        """The units of the order's reservations, by their state."""
        items = self.sees.items(self.order).values()
        rows = [(row.properties.provisioning_state, row.properties.quantity) for row in items]
        return sorted(rows)

    def item(self):
        return self.sees.items(self.order)[self.reservation].properties


class Stage:
    """A desk with all of them, and a browser in which each has a session."""

    def __init__(self, browser, desk):
        self.browser, self.desk = browser, desk
        desk.set_clock(NOW)
        self.team = desk.customer(members=TEAM)
        members = {"owner": OWNER, "mia": []}
        self.sold = desk.customer(members=members, agreement="csp", payment="invoice")
        self.other = desk.customer()
        self.partner: Partner = new_partner(desk, self.sold)
        self.seller = self.partner.at(self.sold, "deputy")
        self.desk_member = support.desk_member(desk)
        self.people = {
            **self.team.members,
            "agent": self.partner.at_home("admin"),
            "customer": self.sold.owner,
            "stranger": self.other.owner,
        }
        scope = "billing-account/" + self.team.account["id"]
        path = f"/prorata/approval-policies/large?scope={scope}"
        assert self.team.owner.call("PUT", path, LARGE, version=None).status_code == 200
        self.looked_at, self.links = {}, {}
        self.sessions = {who: self._session(who) for who in WHO if who not in ("agent", "nobody")}
        self.sessions["agent"] = self._agent()

    # Who.

    def enter(self, who):
        """Goes on as somebody: with the session that they have, or without any."""
        driver = self.browser.driver
        driver.delete_all_cookies()
        if who != "nobody":
            driver.add_cookie(self.sessions[who])

    def _session(self, who):
        value = signed_in(self.people[who]).cookies[SESSION]
        return {"name": SESSION, "value": value, "path": "/", "secure": True, "httpOnly": True}

    def _agent(self):
        """By the pages: in at the partner's, and on to the customer."""
        browser = self.browser
        sign_in(browser, self.people["agent"], "/customers")
        browser.press("table.rows tbody th a")
        name = browser.text("h1")
        browser.button("Go on in " + name)
        assert self.sold.tenant in browser.text("header")
        return browser.driver.get_cookie(SESSION)

    def sign_in_here(self, who):
        """Signs in on the page that asks for it, as a program does."""
        member = self.people[who]
        self.browser.link("Sign in as a program")
        fill_in(self.browser, member.customer.tenant, member.client_id, member.secret)

    def lose_session(self):
        """What happens after half an hour without use."""
        self.browser.driver.delete_cookie(SESSION)

    def sign_in_beside(self, who):
        """Signs in in the window that a kept form opens, and comes back to the form."""
        browser = self.browser
        here = browser.driver.current_window_handle
        browser.one("main a[target=_blank]").click()
        browser.driver.switch_to.window(browser.another_window())
        WebDriverWait(browser.driver, WAIT_SECONDS).until(
            lambda _: browser.path.startswith("/sign-in") and browser.has("footer.bottom")
        )
        self.sign_in_here(who)
        browser.driver.close()
        browser.driver.switch_to.window(here)

    # What they act on.

    def buyer(self, who):
        """Whose reservations somebody acts on: a partner's agent and its customer on the customer's,
        all others on the first customer's."""
        return self.seller if who in ("agent", "customer") else self.team.owner

    def fresh(self, who, quantity=4, **wish):
        """A reservation that nobody has touched."""
        buyer = self.buyer(who)
        wish = {"sku": SKU, "location": REGION, "plan": "Monthly", "name": "web"} | wish
        return Place(*buyer.buy(quantity=quantity, **wish), buyer)

    def place(self, who):
        """A reservation that is only looked at."""
        buyer = self.buyer(who)
        if buyer not in self.looked_at:
            self.looked_at[buyer] = self.fresh(who)
        return self.looked_at[buyer]

    def split(self, who):
        """A part of one that was split in two."""
        place = self.fresh(who)
        body = models.SplitRequest(
            reservation_id=item_path(place.order, place.reservation),
            quantities=[3, 1],
        )
        place.sees.client.reservation.begin_split(place.order, body).result()
        live = [key for key, row in place.sees.items(place.order).items()
                if row.properties.provisioning_state == "Succeeded"]
        return Place(place.order, live[0], place.sees)

    def ended(self, who):
        """One that was returned."""
        place = self.fresh(who, quantity=1)
        place.sees.give_back(place.order, place.reservation, 1)
        return place

    def home(self, who):
        """The owner of the tenant in which somebody is."""
        if who == "stranger":
            return self.other.owner
        return self.sold.owner if who in ("agent", "customer") else self.team.owner

    def own(self, who):
        """A reservation of whoever's tenant it is."""
        if who != "stranger":
            return self.place(who)
        if who not in self.looked_at:
            owner = self.other.owner
            self.looked_at[who] = Place(*owner.buy(sku=SKU, location=REGION, plan="Monthly"), owner)
        return self.looked_at[who]

    # What is fetched beside the browser, with the session that it has.

    def fetch(self, href):
        cookies = {one["name"]: one["value"] for one in self.browser.driver.get_cookies()}
        answer = self.desk.http.get(href, cookies=cookies)
        assert answer.status_code == 200, answer.text
        return answer.text

    def holds_only_theirs(self, text, place):
        """A file has what is of a place's tenant, and nothing of the others'."""
        assert place.order in text
        for other in ("owner", "customer", "stranger"):
            known = self.own(other)
            if known.sees.customer.tenant != place.sees.customer.tenant:
                assert known.order not in text, other

    def form_of(self, css):
        """Where the form of a button goes, and all that it would send."""
        return self.browser.driver.execute_script(
            """
            const button = document.querySelector(arguments[0]);
            return [button.form.getAttribute("action"), [...new FormData(button.form, button)]];
            """,
            css,
        )

    def sends(self, who, form):
        """Sends somebody else's form with one's own session and token."""
        action, fields = form
        fields = [(name, text) for name, text in fields if name != "form_token"]
        session = requests.Session()
        session.verify, session.trust_env = self.desk.ca, False
        if who != "nobody":
            session.cookies.set(SESSION, self.sessions[who]["value"])
            page = session.get(self.desk.base_url + "/account").text
            fields.append(("form_token", TOKEN.search(page).group(1)))
        return session.post(
            self.desk.base_url + action, data=fields, allow_redirects=False,
            headers={"Origin": self.desk.base_url},
        )
