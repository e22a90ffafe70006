"""The published example requests, as they stand: each is taken, and answered as published.

Only what names something is replaced by its like of the test's world: subscriptions, resource and
management groups, orders, reservations, sessions. The examples are not part of this repository;
where they are missing every test here is SKIPPED.
"""

import json
import re
import urllib.parse

import pytest

import contract
from desk import CAPACITY, item_path, last

VERSION = "2022-11-01"
BENEFITS = "/providers/Microsoft.BillingBenefits"
PLAN = {
    "sku": {"name": "Compute_Savings_Plan"},
    "properties": {
        "displayName": "held",
        "term": "P1Y",
        "appliedScopeType": "Shared",
        "commitment": {"grain": "Hourly", "currencyCode": "USD", "amount": 1.5},
    },
}
GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# Sizes that the examples buy.
PRICES = [
    {
        "resourceType": "VirtualMachines",
        "sku": sku,
        "location": location,
        "term": "P1Y",
        "currency": "USD",
        "unitTotal": "600",
        "since": "2019-01-01",
    }
    for sku, location in [("Standard_D1", "westus"), ("Standard_M64s_v2", "eastus")]
]


def examples(provider):
    """Every example of a provider, with its operation."""
    folder = contract.SPECS / provider / VERSION
    found = []
    for file in sorted(folder.glob("*.json")):
        document = json.loads(file.read_text())
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                operation["parameters"] = [
                    document["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]
                    if parameter.get("$ref", "").startswith("#/parameters/")
                    else parameter
                    for parameter in operation.get("parameters", [])
                ]
                for example in operation.get("x-ms-examples", {}).values():
                    example = folder / example["$ref"]
                    id = f"{operation['operationId']}-{example.stem}"
                    found.append(pytest.param(method.upper(), path, operation, example, id=id))
    if not found:
        reason = f"SKIPPED: the published examples are not there ({folder}); set PRORATA_SHARED"
        return [pytest.param(*[None] * 4, id=provider, marks=pytest.mark.skip(reason=reason))]
    return found


class Holder:
    """A customer who has what the examples speak of."""

    def __init__(self, desk):
        self.customer = desk.customer(prices=PRICES)
        self.owner = self.customer.owner
        desk.apply({
            "resourceGroups": [
                {"subscriptionId": self.customer.subscription, "name": name}
                for name in ("testrg", "RG")
            ],
            "managementGroups": [
                {"tenantId": self.customer.tenant, "id": id, "name": id}
                for id in ("30000000-0000-0000-0000-000000000100", "MockMG")
            ],
        })

    def placed(self, operation, parameters):
        """The parameters with what this customer has in the place of what they name."""
        order, reservation = self.held(operation)
        text = json.dumps(parameters)
        subscription = self.customer.subscription
        text = re.sub(f"/subscriptions/{GUID}", f"/subscriptions/{subscription}", text)
        text = re.sub(f"/billingSubscriptions/{GUID}", f"/billingSubscriptions/{subscription}", text)
        text = re.sub("billingAccounts/1234567", f"billingAccounts/{self.customer.account['id']}", text)
        item = item_path(order, reservation)
        text = re.sub(f"/providers/[Mm]icrosoft.[Cc]apacity/reservationOrders/{GUID}/reservations/{GUID}", item, text)
        text = re.sub(
            f"/providers/[Mm]icrosoft.[Cc]apacity/reservationOrders/{GUID}\"",
            f"{CAPACITY}/reservationOrders/{order}\"",
            text,
        )
        placed = json.loads(text)
        if "savingsPlanOrderId" in placed or "Alias" in operation:
            self.particular_of_plans(operation, placed)
            return placed
        known = {
            "subscriptionId": subscription,
            "reservationOrderId": order,
            "reservationId": reservation,
        }
        placed |= {name: value for name, value in known.items() if name in placed}
        self.particular(operation, placed, order, reservation)
        return placed

    def held(self, operation):
        """An order and a reservation of it as the operation needs them."""
        if operation == "ReservationOrder_Purchase":
            return self.owner.quote(sku="Standard_D1", plan="Monthly", name="TestReservationOrder").reservation_order_id, None
        quantity = 3 if operation == "Reservation_Split" else 1
        order, reservation = self.owner.buy(quantity=quantity)
        if operation in ("Reservation_Archive", "Reservation_Unarchive"):
            self.owner.give_back(order, reservation, quantity)
        return order, reservation

    def particular(self, operation, placed, order, reservation):
        body = placed.get("body") or {}
        properties = body.get("properties", {})
        if operation == "Return_Post":
            properties["sessionId"] = self.owner.worth(order, reservation).session_id
        if operation == "Exchange_Post":
            quote = self.owner.exchange_quote([(order, reservation, 1)], [{"sku": "Standard_B2s"}])
            properties["sessionId"] = quote.properties.session_id
        if operation == "ReservationOrder_ChangeDirectory":
            body["destinationTenantId"] = self.owner.known_in(self.owner.desk.customer())
        if operation == "Reservation_Merge":
            placed["reservationOrderId"], properties["sources"] = self.split()

    def particular_of_plans(self, operation, placed):
        """A plan of this customer's, or something bought under the name of the example."""
        for name in ("savingsPlanOrderAliasName", "reservationOrderAliasName"):
            if name in placed and operation.endswith("_Get"):
                kind = name.removesuffix("Name") + "es"
                body = PLAN if kind.startswith("savings") else self.owner.request().as_dict()
                self.buy(f"{kind}/{placed[name]}", body)
        if "savingsPlanOrderId" in placed:
            bought = self.buy("savingsPlanOrderAliases/held", PLAN)
            order = bought["properties"]["savingsPlanOrderId"]
            held = self.owner.call("GET", order, version=VERSION).json()
            placed["savingsPlanOrderId"] = last(order)
            placed |= {
                name: last(held["properties"]["savingsPlans"][0])
                for name in ("savingsPlanId",)
                if name in placed
            }
        text = json.dumps(placed.get("body"))
        placed["body"] = json.loads(
            re.sub(f'"tenantId": "{GUID}"', f'"tenantId": "{self.customer.tenant}"', text)
        )

    def buy(self, path, body):
        body = json.loads(json.dumps(body))
        body["properties"]["billingScopeId"] = f"/subscriptions/{self.customer.subscription}"
        body["properties"].pop("billingPlan", None)
        answer = self.owner.call("PUT", f"{BENEFITS}/{path}", body, version=VERSION)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def split(self):
        """An order with two reservations that fit together."""
        order, reservation = self.owner.buy(quantity=2)
        answer = self.owner.call(
            "POST",
            f"{CAPACITY}/reservationOrders/{order}/split",
            {"properties": {"quantities": [1, 1], "reservationId": item_path(order, reservation)}},
        )
        assert answer.status_code == 200, answer.text
        live = [row for row in answer.json() if row["properties"]["provisioningState"] == "Succeeded"]
        return order, [row["id"] for row in live]


def sent(path, operation, parameters):
    """The path with its query, and the body, of an example."""
    query = []
    for parameter in operation["parameters"]:
        # What all operations of all providers share stands elsewhere, and `call` adds it.
        if "$ref" in parameter or parameter["name"] == "api-version":
            continue
        name = parameter["name"]
        value = parameters.get(name)
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", str(value))
        elif parameter["in"] == "query" and value is not None:
            # Some stand encoded in the examples.
            value = urllib.parse.unquote_plus(str(value))
            query.append(f"{urllib.parse.quote(name)}={urllib.parse.quote(value)}")
    (body,) = [name for name in ("body", "parameters") if name in parameters] or [None]
    return path + ("?" + "&".join(query) if query else ""), parameters.get(body)


@pytest.fixture(scope="module")
def served(desk):
    """The operations that the server has."""
    paths = desk.http.get(desk.base_url + "/openapi.json").json()["paths"]
    return {operation["operationId"] for path in paths.values() for operation in path.values()}


@pytest.mark.parametrize(("method", "path", "operation", "example"), examples("Microsoft.Capacity"))
def test_an_example_of_reservations_is_taken(desk, served, method, path, operation, example):
    take(desk, served, method, path, operation, example)


@pytest.mark.parametrize(
    ("method", "path", "operation", "example"), examples("Microsoft.BillingBenefits")
)
def test_an_example_of_savings_plans_is_taken(desk, served, method, path, operation, example):
    take(desk, served, method, path, operation, example)


def take(desk, served, method, path, operation, example):
    name = operation["operationId"]
    # Both providers list their operations under one name.
    assert name in served or name == "Operations_List", f"{name} is not served"
    example = json.loads(example.read_text())
    holder = Holder(desk)
    parameters = holder.placed(name, example["parameters"])
    path, body = sent(path, operation, parameters)
    answer = holder.owner.call(method, path, body, version=VERSION)
    assert str(answer.status_code) in example["responses"], answer.text
