"""Drives one older generation of the official client; run by its own Python with its own packages.

The first argument says, as JSON, where the desk is, whose token is used and what was bought. What
the client made of the answers is printed as JSON; an error ends the program.
"""

import inspect
import json
import sys
import time

from azure.mgmt.reservations import AzureReservationAPI, models


class Token:
    """A credential that has its token already."""

    def __init__(self, text):
        self.text = text

    def get_token(self, *scopes, **options):
        from azure.core.credentials import AccessToken

        return AccessToken(self.text, int(time.time()) + 600)


def connect(at):
    if at["core"]:
        return AzureReservationAPI(
            Token(at["token"]),
            base_url=at["base"],
            credential_scopes=[at["base"] + "/.default"],
            connection_verify=at["ca"],
            polling_interval=1,
            retry_total=0,
        )
    from msrest.authentication import BasicTokenAuthentication

    client = AzureReservationAPI(BasicTokenAuthentication({"access_token": at["token"]}), at["base"])
    for configuration in (client.config, getattr(client, "_client", client).config):
        configuration.connection.verify = at["ca"]
        configuration.retry_policy.policy.total = 0
        configuration.long_running_operation_timeout = 1
    return client


class Driver:
    def __init__(self, at):
        self.at = at
        self.client = connect(at)

    def long(self, operations, name, *arguments):
        """Starts a long operation under its name of this generation, and waits for its result."""
        begin = getattr(operations, "begin_" + name, None) or getattr(operations, name)
        return begin(*arguments).result()

    def look(self):
        client, order, item = self.client, self.at["order"], self.at["reservation"]
        orders = list(client.reservation_order.list())
        shown = client.reservation_order.get(order)
        items = list(client.reservation.list(order))
        one = client.reservation.get(item, order)
        # The member was renamed from one generation to the next.
        within = getattr(shown, "reservations_property", None) or shown.reservations
        return {
            "operations": len(list(client.operation.list())),
            "orders": [row.name for row in orders],
            "order": [shown.name, shown.provisioning_state, shown.original_quantity],
            "within": [row.id for row in within],
            "items": [row.name for row in items],
            "item": [one.name, one.properties.quantity, one.properties.applied_scope_type],
        }

    def catalog(self):
        wanted = [self.at["subscription"]]
        if self.at["since_2018"]:
            wanted += ["VirtualMachines", "westus"]
        rows = list(self.client.get_catalog(*wanted))
        return [[row.name, sorted(row.terms), row.locations] for row in rows]

    def split(self):
        operations, order, item = self.client.reservation, self.at["order"], self.at["id"]
        begin = getattr(operations, "split", None)
        if begin and "quantities" in inspect.signature(begin).parameters:
            # Some generations take the members of the request one by one.
            parts = self.long(operations, "split", order, [1, 2], item)
        else:
            body = models.SplitRequest(quantities=[1, 2], reservation_id=item)
            parts = self.long(operations, "split", order, body)
        return [[part.name, part.properties.quantity] for part in parts]

    def buy(self):
        body = models.PurchaseRequest(
            sku=models.SkuName(name="Standard_B1ls"),
            location="westus",
            reserved_resource_type="VirtualMachines",
            billing_scope_id="/subscriptions/" + self.at["subscription"],
            term="P1Y",
            billing_plan="Upfront",
            quantity=2,
            display_name="older",
            applied_scope_type="Shared",
            renew=False,
        )
        quote = self.client.reservation_order.calculate(body).properties
        order = quote.reservation_order_id
        bought = self.long(self.client.reservation_order, "purchase", order, body)
        return {
            "total": [quote.billing_currency_total.currency_code, quote.billing_currency_total.amount],
            "quoted": order,
            "bought": [bought.name, bought.provisioning_state, bought.original_quantity],
        }

    def refusal(self):
        try:
            self.client.reservation_order.get(self.at["foreign"])
        except Exception as error:  # noqa: BLE001: each generation has errors of its own.
            told = getattr(error, "status_code", None)
            told = told or getattr(getattr(error, "response", None), "status_code", None)
            return [told, "ReservationOrderNotFound" in str(error)]
        return None


def main():
    at = json.loads(sys.argv[1])
    driver = Driver(at)
    told = {name: getattr(driver, name)() for name in at["steps"]}
    json.dump(told, sys.stdout, default=str)


main()
