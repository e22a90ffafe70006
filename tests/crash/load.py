"""Threads that buy, return and exchange, and know afterwards what must be there."""

import dataclasses
import random
import threading

import requests

from desk import API_VERSION, CAPACITY, item_path, last, order_path, purchase_body

SKUS = {"Standard_B1ls": 32, "Standard_B1s": 64, "Standard_D2s_v5": 579}
# Kept below the hourly number of writes of one caller.
DEEDS_OF_A_ROUND = 150


@dataclasses.dataclass
class Deed:
    """One operation that changes something, from the moment it is sent."""

    kind: str
    method: str
    path: str
    body: dict
    # What it is about: an order, a session, the item and how many units.
    order: str = None
    item: str = None
    quantity: int = 0
    held: int = 0
    session: str = None
    counted_cents: int = 0
    buys: int = 0
    answer: str = None


class Buyer:
    """One caller with reservations of its own, that nobody else touches."""

    def __init__(self, load, member, seed):
        self.load = load
        self.member = member
        self.chance = random.Random(seed)
        self.http = None
        # Active items: id to order and quantity.
        self.items = {}
        self.deeds = []
        self.token = member.token

    def call(self, method, path, body=None):
        url = path if path.startswith("http") else self.load.desk.base_url + path
        if "api-version=" not in url:
            url += ("&" if "?" in url else "?") + f"api-version={API_VERSION}"
        return self.http.request(
            method, url, json=body, timeout=30, headers={"Authorization": f"Bearer {self.token}"}
        )

    def run(self, stop):
        """Works until the server is gone or the round has had its share."""
        self.http = requests.Session()
        self.http.verify = self.load.desk.ca
        self.http.trust_env = False
        try:
            for _ in range(DEEDS_OF_A_ROUND):
                if stop.is_set():
                    return
                self.one()
        except requests.exceptions.RequestException:
            return
        finally:
            self.http.close()

    def one(self):
        choice = self.chance.random()
        if not self.items or choice < 0.4:
            self.buy()
        elif choice < 0.75:
            self.give_back()
        else:
            self.exchange()

    def wish(self):
        return purchase_body(
            self.member.customer.subscription,
            sku=self.chance.choice(list(SKUS)),
            plan=self.chance.choice(["Upfront", "Monthly"]),
            quantity=self.chance.randint(1, 3),
        )

    def expect(self, answer, *statuses):
        if answer.status_code not in statuses:
            raise AssertionError(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}")
        return answer

    def buy(self):
        body = self.wish()
        quote = self.expect(self.call("POST", f"{CAPACITY}/calculatePrice", body), 200).json()
        order = quote["properties"]["reservationOrderId"]
        quantity = body["properties"]["quantity"]
        deed = Deed("buy", "PUT", order_path(order), body, order=order, quantity=quantity)
        self.do(deed)

    def choose(self):
        item = self.chance.choice(list(self.items))
        order, held = self.items[item]
        return order, item, held, self.chance.randint(1, held)

    def give_back(self):
        order, item, held, quantity = self.choose()
        returned = {"reservationId": item_path(order, item), "quantity": quantity}
        asked = {"id": order_path(order), "properties": {"scope": "Reservation", "reservationToReturn": returned}}
        quote = self.expect(
            self.call("POST", f"{order_path(order)}/calculateRefund", asked), 200
        ).json()["properties"]
        body = {"properties": {
            "sessionId": quote["sessionId"],
            "scope": "Reservation",
            "returnReason": "Not needed any more",
            "reservationToReturn": returned,
        }}
        information = quote["billingInformation"]
        # What counts by the policy of the day: the money back, and what is never paid.
        counted = (
            quote["pricingRefundAmount"]["amount"]
            + information["billingCurrencyRemainingCommitmentAmount"]["amount"]
        )
        self.do(Deed(
            "return", "POST", f"{order_path(order)}/return", body,
            order=order, item=item, quantity=quantity, held=held, session=quote["sessionId"],
            counted_cents=round(counted * 100),
        ))

    def exchange(self):
        order, item, held, quantity = self.choose()
        # Dear enough for whatever is given up.
        wish = purchase_body(
            self.member.customer.subscription, sku="Standard_D2s_v5", quantity=3 * quantity
        )
        body = {"properties": {
            "reservationsToExchange": [{"reservationId": item_path(order, item), "quantity": quantity}],
            "reservationsToPurchase": [wish],
        }}
        asked = self.expect(self.call("POST", f"{CAPACITY}/calculateExchange", body), 202)
        quote = self.expect(self.call("GET", asked.headers["Location"]), 200).json()
        if quote["status"] != "Succeeded":
            raise AssertionError(f"a quote failed: {quote}")
        session = quote["properties"]["sessionId"]
        self.do(Deed(
            "exchange", "POST", f"{CAPACITY}/exchange", {"properties": {"sessionId": session}},
            order=order, item=item, quantity=quantity, held=held, session=session,
            buys=3 * quantity,
        ))

    def do(self, deed):
        """Sends a deed; it stays without an answer when the server goes away meanwhile."""
        self.deeds.append(deed)
        if deed.item:
            # Unknown until there is an answer.
            del self.items[deed.item]
        self.acknowledge(deed, self.call(deed.method, deed.path, deed.body))

    def acknowledge(self, deed, answer):
        if answer.status_code == 400 and deed.kind == "return":
            code = answer.json()["error"]["code"]
            assert code == "RefundLimitExceeded", answer.text
            deed.answer = "refused"
            self.items[deed.item] = (deed.order, deed.held)
            return
        self.expect(answer, 202)
        deed.answer = "done"
        self.learn(deed)

    def learn(self, deed):
        """Reads which items came of a deed, so that they can be worked with."""
        if deed.kind == "exchange":
            result = self.result(deed)
            (bought,) = result["properties"]["reservationsToPurchase"]
            order, item = last(bought["reservationOrderId"]), last(bought["reservationId"])
            self.items[item] = (order, deed.buys)
        listed = self.expect(self.call("GET", f"{order_path(deed.order)}/reservations"), 200)
        for row in listed.json()["value"]:
            if row["properties"]["provisioningState"] == "Succeeded":
                self.items[row["name"]] = (deed.order, row["properties"]["quantity"])

    def result(self, deed):
        result = self.expect(
            self.call("GET", f"{CAPACITY}/operationResults/{deed.session}"), 200
        ).json()
        assert result["status"] == "Succeeded", result
        return result


class Load:
    """All buyers of some customers, so that several share each cap."""

    def __init__(self, desk, threads, seed):
        self.desk = desk
        self.buyers = []
        chance = random.Random(seed)
        names = [f"buyer {number}" for number in range(threads)]
        roles = [("Owner", "/")]
        for members in (names[: threads // 2], names[threads // 2 :]):
            customer = desk.customer(members={name: roles for name in members})
            for name in members:
                self.buyers.append(Buyer(self, customer.members[name], chance.randrange(2**32)))
        self.threads = []

    def begin(self):
        self.stop = threading.Event()
        self.errors = []

        def run(buyer):
            try:
                buyer.run(self.stop)
            except BaseException as error:  # noqa: BLE001 - told by `end`
                self.errors.append(error)

        self.threads = [threading.Thread(target=run, args=(buyer,)) for buyer in self.buyers]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        if self.errors:
            raise self.errors[0]

    def settle(self):
        """Sends every deed without an answer again, under its own id; answers how many."""
        unanswered = 0
        for buyer in self.buyers:
            buyer.http = self.desk.http
            for deed in buyer.deeds:
                if deed.answer is None:
                    unanswered += 1
                    buyer.acknowledge(deed, buyer.call(deed.method, deed.path, deed.body))
                elif deed.kind == "exchange" and deed.answer == "done":
                    buyer.result(deed)
        return unanswered

    def check(self):
        """Compares all that is there with all that was acknowledged."""
        customers = {}
        for buyer in self.buyers:
            customers.setdefault(buyer.member.customer.tenant, []).append(buyer)
        for buyers in customers.values():
            self.check_customer(buyers)

    def check_customer(self, buyers):
        units, counted = {}, 0
        for buyer in buyers:
            for deed in buyer.deeds:
                if deed.answer != "done":
                    continue
                if deed.kind == "buy":
                    units[deed.order] = units.get(deed.order, 0) + deed.quantity
                else:
                    units[deed.order] = units.get(deed.order, 0) - deed.quantity
                if deed.kind == "return":
                    counted += deed.counted_cents
                if deed.kind == "exchange":
                    (bought,) = buyer.result(deed)["properties"]["reservationsToPurchase"]
                    order = last(bought["reservationOrderId"])
                    units[order] = units.get(order, 0) + deed.buys
        active = dict.fromkeys(units, 0)
        found = set()
        link = f"{CAPACITY}/reservations?take=300"
        caller = buyers[0]
        while link:
            page = caller.expect(caller.call("GET", link), 200).json()
            for row in page["value"]:
                order = row["id"].split("/")[4]
                found.add(order)
                if order not in units:
                    raise AssertionError(f"order {order} is there and nobody was told: {row}")
                if row["properties"]["provisioningState"] == "Succeeded":
                    active[order] += row["properties"]["quantity"]
            link = page.get("nextLink")
        if found != set(units):
            raise AssertionError(f"lost: {set(units) - found}")
        wrong = {order: (active[order], units[order]) for order in units if active[order] != units[order]}
        if wrong:
            raise AssertionError(f"units there and units expected differ: {wrong}")
        if counted > 5_000_000:
            raise AssertionError(f"the cap was passed: {counted} cents")
        self.check_cap(buyers, counted)

    def check_cap(self, buyers, counted):
        for buyer in buyers:
            for item, (order, _) in buyer.items.items():
                returned = {"reservationId": item_path(order, item), "quantity": 1}
                asked = {
                    "id": order_path(order),
                    "properties": {"scope": "Reservation", "reservationToReturn": returned},
                }
                quote = buyer.expect(
                    buyer.call("POST", f"{order_path(order)}/calculateRefund", asked), 200
                ).json()["properties"]["policyResult"]["properties"]
                told = round(quote["consumedRefundsTotal"]["amount"] * 100)
                if told != counted:
                    raise AssertionError(f"{told} cents count toward the cap, {counted} expected")
                return

    def acknowledged(self):
        return sum(deed.answer == "done" for buyer in self.buyers for deed in buyer.deeds)


