"""The flows of the portal: where each begins, how it is played up to the last click, and how the API
tells whether it was done."""

from desk import item_path
from roles import REGION, SKU

READER = "582fc458-8989-419f-a480-75249bc5db7e"


class Flow:
    """What is done with a reservation that nobody has touched, on a page of its own."""

    # The link that leads there from the page where it begins, the entry of the navigation, or of the
    # reservation's menu, which is there also for those who may only look.
    link = rail = menu = None
    # What only those see who may begin, and the button of the last click.
    first = "#confirmed"
    press = ".confirm button.primary"
    # Who may do it, but is not shown what is needed to; and who may begin, but not come to the end.
    not_shown = begins = ()
    # What is said to those who may look and no more.
    told = "Your roles do not allow it"

    def make(self, stage, who):
        return stage.fresh(who)

    def look_at(self, stage, who):
        return stage.place(who)

    def begin(self, place):
        return place.path

    def address(self, place):
        raise NotImplementedError

    def fill(self, browser, place):
        """All but the last click."""

    def ask(self, browser, place):
        """All but the last click of asking others to approve it."""
        browser.type("comment", "for the new shop")

    def state(self, place):
        return place.units()

    def is_done(self, before, after):
        raise NotImplementedError

    def is_told(self, browser, place, who):
        """Those who may look and no more are told why, and have nothing to begin with."""
        assert self.told_to(who) in browser.text(), browser.text()
        assert not browser.has(self.first), f"{self.first} for {who}"

    def told_to(self, who):
        return "Fir Cloud" if who == "customer" else self.told


class Return(Flow):
    link = "Refund"

    def address(self, place):
        return f"{place.path}/refund"

    def fill(self, browser, place):
        browser.choose("reason", "cost")
        browser.one("#confirmed").click()

    def is_done(self, before, after):
        return (before, after) == ([("Succeeded", 4)], [("Cancelled", 4)])


class LargeReturn(Return):
    """Worth so much that others approve it first."""

    def make(self, stage, who):
        return stage.fresh(who, quantity=10)

    look_at = make

    def is_done(self, before, after):
        return (before, after) == ([("Succeeded", 10)], [("Cancelled", 10)])


class Exchange(Flow):
    link = "Exchange"
    first = ".onward button.primary"
    press = "button[value=execute]"
    told = "you have no role that lets you exchange it"
    begins = ("approver",)

    def address(self, place):
        return f"/exchange?give={place.of}"

    def fill(self, browser, place):
        browser.press(self.first)
        browser.one(f"button[value^='add.VirtualMachines/{SKU}/{REGION}/P1Y/']").click()
        browser.comes("#quantity-1")
        browser.type("quantity-1", "5")
        browser.press(".trade-basket button[value=review]")
        browser.one("#confirmed").click()

    def is_done(self, before, after):
        return (before, after) == ([("Succeeded", 4)], [("Cancelled", 4)])

    def is_told(self, browser, place, who):
        if who not in self.begins:
            return super().is_told(browser, place, who)
        browser.press(self.first)
        assert "Nothing can be listed for the subscription that pays" in browser.text()
        assert not browser.has("button[value^='add.']")


class Buy(Flow):
    rail = "Buy"
    first = "main form[method=post][action='/buy']"
    told = "You see no subscription that could pay."

    def address(self, place):
        payer = place.sees.customer.subscription
        return f"/buy/product?type=VirtualMachines&sku={SKU}&location={REGION}&subscription={payer}"

    def fill(self, browser, place):
        browser.button("Review")
        browser.one("#confirmed").click()

    def state(self, place):
        return len(list(place.sees.client.reservation.list_all()))

    def is_done(self, before, after):
        return after == before + 1

    def told_to(self, who):
        return "There is no subscription"


class TradeIn(Flow):
    link = "Trade in"
    first = "input[name=take]"
    told = "You may not trade this in"

    def address(self, place):
        return f"/trade-in?give={place.of}"

    def fill(self, browser, place):
        browser.press("button[value^='commit.']")
        browser.press("button[value=review]")
        browser.one("#confirmed").click()

    def is_done(self, before, after):
        return (before, after) == ([("Succeeded", 4)], [("Cancelled", 4)])


class Split(Flow):
    link = "Split"
    first = "#part-1"
    press = "main form[method=post] button.primary"

    def address(self, place):
        return f"{place.path}/split"

    def is_done(self, before, after):
        return (before, after) == (
            [("Succeeded", 4)], [("Cancelled", 4), ("Succeeded", 2), ("Succeeded", 2)]
        )


class Merge(Split):
    link = "Merge"
    first = "input[name=with]"

    def make(self, stage, who):
        return stage.split(who)

    def address(self, place):
        return f"{place.path}/merge"

    def fill(self, browser, place):
        browser.one(self.first).click()
        browser.button("Show what becomes of it")

    def is_done(self, before, after):
        return ("Succeeded", 4) in after and ("Succeeded", 4) not in before


class Rename(Split):
    link = "Rename"
    first = "#name"

    def address(self, place):
        return f"{place.path}/rename"

    def fill(self, browser, place):
        browser.type("name", "the shop's")

    def state(self, place):
        return place.item().display_name

    def is_done(self, before, after):
        return (before, after) == ("web", "the shop's")


class Archive(Split):
    link = "Archive"
    first = press = "main form[method=post] button.primary"

    def make(self, stage, who):
        return stage.ended(who)

    def address(self, place):
        return f"{place.path}/archive"

    def state(self, place):
        return place.item().archived

    def is_done(self, before, after):
        return (before, after) == (False, True)


class Flexibility(Flow):
    """A change of the configuration that whoever manages reservations may make."""

    first = "#flexibility-off"
    press = ".verdict form button.primary"
    menu = "Configuration"
    told = "Your roles let you see how it is set, and not change it"

    def address(self, place):
        return f"{place.path}/configuration"

    def fill(self, browser, place):
        browser.one("label[for=flexibility-off]").click()
        browser.button("Review the change")

    def state(self, place):
        return place.item().instance_flexibility

    def is_done(self, before, after):
        return (before, after) == ("On", "Off")

    def told_to(self, who):
        return self.told


class Scope(Flexibility):
    """To one subscription, of those that one sees. Who manages it may, and sees none to choose."""

    not_shown = ("manager", "approver")

    first = "#subscription option:nth-child(2)"

    def fill(self, browser, place):
        browser.one("label[for=scope-subscription]").click()
        browser.choose("subscription", place.sees.customer.subscription)
        browser.button("Review the change")

    def state(self, place):
        return place.item().applied_scope_type

    def is_done(self, before, after):
        return (before, after) == ("Shared", "Single")

    def is_told(self, browser, place, who):
        if who != "customer":
            return super().is_told(browser, place, who)
        self.fill(browser, place)
        assert "Fir Cloud" in browser.text(".verdict.refused")
        assert not browser.has(self.press)

    def told_to(self, who):
        return "Applied scope" if who in ("manager", "approver") else self.told


class Renewal(Flexibility):
    first = "#renew-on"

    def fill(self, browser, place):
        browser.one("label[for=renew-on]").click()
        browser.button("Review the change")

    def state(self, place):
        return place.item().renew

    def is_done(self, before, after):
        return (before, after) == (False, True)

    def told_to(self, who):
        manages = who in ("manager", "approver", "customer")
        return "Whether it is renewed is said by an owner" if manages else self.told


class Assign(Flow):
    """A role for somebody who has none."""

    menu = "Access control (IAM)"
    first = "#to"
    press = "section[aria-labelledby=give] button.primary"
    told = "Giving and taking roles here takes a role that you do not have"

    def address(self, place):
        return f"{place.path}/access"

    def fill(self, browser, place):
        browser.type("to", "mia")
        browser.choose("role", READER)

    def state(self, place):
        mia = place.sees.customer.mia
        return mia.call("GET", item_path(place.order, place.reservation)).status_code

    def is_done(self, before, after):
        return before in (403, 404) and after == 200

    def told_to(self, who):
        return self.told
