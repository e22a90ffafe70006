"""A partner's agents act for its customers; the customers see, ask, and leave the rest to them."""

import base64
import dataclasses
import json
import uuid

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)

from desk import TODAY, Customer, Member, arm_error, code, item_path, last, order_path

ROLES = {
    "admin": "Admin agent",
    "deputy": "Admin agent",
    "sales": "Sales agent",
    "helpdesk": "Helpdesk agent",
    "users": "User management admin",
    "globe": "Global admin",
    "billing": "Billing admin",
}
CART = "VirtualMachines:Standard_B1ls:westus"


@dataclasses.dataclass
class Partner:
    """A partner's tenant with one agent a role, and a guest account that an agent has."""

    desk: object
    tenant: str
    agents: dict

    def secret(self, agent):
        return f"secret of {self.agents[agent]}"

    def at(self, customer, agent):
        """The agent's unmodified official client, with a token for the customer's tenant."""
        return Member(customer, agent, self.agents[agent], self.secret(agent))

    def at_home(self, agent):
        home = Customer(self.desk, self.tenant, None, {})
        return Member(home, agent, self.agents[agent], self.secret(agent))

    def call(self, agent, method, path, body=None):
        return self.at_home(agent).call(method, "/prorata/partner" + path, body, version=None)

    def name(self, customer, agent, role, scope):
        """Gives an agent a role in the customer's tenant by name."""
        self.desk.apply({
            "principals": [self.principal(agent)],
            "roleAssignments": [{
                "tenantId": customer.tenant,
                "homeTenantId": self.tenant,
                "clientId": self.agents[agent],
                "role": role,
                "scope": scope,
            }],
        })

    def principal(self, agent):
        return {
            "tenantId": self.tenant,
            "clientId": self.agents[agent],
            "name": agent,
            "clientSecret": self.secret(agent),
        }


def sell(desk, partner, *customers, kind="direct-bill", **relationship):
    rows = [
        {
            "tenantId": customer.tenant,
            "since": "2020-01-01",
            "market": "US",
            "billingAccounts": [customer.account["id"]],
        }
        | relationship
        for customer in customers
    ]
    agents = [{"clientId": partner.agents[agent], "role": ROLES[agent]} for agent in partner.agents]
    desk.apply({
        "tenants": [{"id": partner.tenant, "name": "Fir Cloud"}],
        "principals": [partner.principal(agent) for agent in partner.agents],
        "partners": [
            {"tenantId": partner.tenant, "kind": kind, "customers": rows, "agents": agents}
        ],
    })


def new_partner(desk, *customers, **relationship):
    partner = Partner(desk, str(uuid.uuid4()), {agent: str(uuid.uuid4()) for agent in ROLES})
    sell(desk, partner, *customers, **relationship)
    return partner


@pytest.fixture
def customer(desk):
    return desk.customer(agreement="csp", payment="invoice")


@pytest.fixture
def partner(desk, customer):
    return new_partner(desk, customer)


def refused(call, *arguments, status=403):
    with pytest.raises(HttpResponseError) as raised:
        call(*arguments)
    assert raised.value.status_code == status, raised.value
    return raised.value.error


def bought(partner, customer, agent="admin", **wish):
    return partner.at(customer, agent).buy(**wish)


def test_an_admin_agent_buys_returns_and_exchanges_for_a_customer(partner, customer):
    agent = partner.at(customer, "admin")
    order, reservation = agent.buy(quantity=5)
    assert agent.items(order)[reservation].properties.quantity == 5
    agent.give_back(order, reservation, 2)
    kept = [item for item in agent.items(order).values() if item.properties.quantity == 3]
    quote = agent.exchange_quote(
        [(order, last(kept[0].id), 3)], [{"sku": "Standard_B2s", "quantity": 3}]
    )
    done = agent.exchange(quote.properties.session_id)
    assert done.properties.reservations_to_purchase[0].reservation_id
    # It is the customer's, and the customer sees it.
    assert customer.owner.client.reservation_order.get(order).name == order


def test_what_an_agent_does_says_for_whom(partner, customer, desk):
    order, _ = bought(partner, customer)
    rows = partner.call("admin", "GET", f"/customers/{customer.tenant}/orders").json()["value"]
    assert [row["id"] for row in rows] == [order]
    path = f"/customers/{customer.tenant}/orders/{order}"
    assert partner.call("admin", "GET", path).json() == rows[0]
    claims = partner.at(customer, "admin").token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert (claims["tid"], claims["home_tid"]) == (customer.tenant, partner.tenant)
    assert claims["partner_roles"] == ["Admin agent"]


def test_a_customer_sees_and_asks_and_does_not_return(partner, customer):
    order, reservation = bought(partner, customer, quantity=2)
    owner = customer.owner
    assert owner.client.reservation.get(order, reservation).properties.quantity == 2
    quote = owner.call("POST", f"{order_path(order)}/calculateRefund", {
        "id": order_path(order),
        "properties": {
            "scope": "Reservation",
            "reservationToReturn": {
                "reservationId": item_path(order, reservation), "quantity": 1
            },
        },
    }).json()["properties"]
    assert quote["billingRefundAmount"]["amount"] > 0, "what it would be worth is shown"
    faults = quote["policyResult"]["properties"]["policyErrors"]
    assert any("Fir Cloud" in fault["message"] for fault in faults), faults
    error = refused(owner.give_back, order, reservation, 1, quote["sessionId"])
    assert error.code == "AuthorizationFailed"
    assert "Ask the partner, Fir Cloud" in error.message
    error = refused(owner.exchange_quote, [(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    assert "ask the partner `Fir Cloud`" in error.message, "an exchange buys, too"
    body = {"properties": {"renew": True}}
    answer = owner.call("PATCH", item_path(order, reservation), body)
    assert answer.status_code == 403, answer.text
    body = {
        "properties": {
            "appliedScopeType": "Single",
            "appliedScopes": [f"/subscriptions/{customer.subscription}"],
        }
    }
    answer = owner.call("PATCH", item_path(order, reservation), body)
    assert answer.status_code == 403 and "Fir Cloud" in arm_error(answer)["message"]
    named = owner.call("PATCH", item_path(order, reservation), {"properties": {"name": "ours"}})
    assert named.status_code == 200, named.text


def test_a_customer_buys_only_while_its_partner_allows_it(partner, customer):
    path = f"/customers/{customer.tenant}/permissions/reservations"
    assert partner.call("admin", "GET", path).json() == {"kind": "reservations", "allowed": False}
    error = refused(customer.owner.quote)
    assert "Fir Cloud" in error.message
    for agent in ("sales", "helpdesk"):
        assert partner.call(agent, "GET", path).status_code == 200, "they may look"
        answer = partner.call(agent, "PUT", path, {"allowed": True})
        assert answer.status_code == 403, answer.text
        assert arm_error(answer)["target"] == "partner-role"
    assert partner.call("admin", "PUT", path, {"allowed": True}).json()["allowed"] is True
    order, reservation = customer.owner.buy()
    # The partner pays, and so is the one to give it back.
    refused(customer.owner.give_back, order, reservation, 1, str(uuid.uuid4()), status=400)
    partner.at(customer, "admin").give_back(order, reservation)
    partner.call("admin", "PUT", path, {"allowed": False})
    refused(customer.owner.quote)


def test_sales_and_helpdesk_agents_act_in_the_portal_only_by_name(partner, customer):
    order, reservation = bought(partner, customer, quantity=3)
    for agent in ("sales", "helpdesk"):
        there = partner.at(customer, agent)
        assert there.client.reservation_order.get(order).name == order
        refused(there.quote)
        error = refused(there.worth, order, reservation)
        assert "return" in error.message
        partner.name(customer, agent, "Owner", order_path(order))
        there.give_back(order, reservation)
        reservation = next(
            last(item.id)
            for item in there.items(order).values()
            if item.properties.display_provisioning_state == "Succeeded"
        )
    partner.name(customer, "sales", "Owner", f"/subscriptions/{customer.subscription}")
    partner.at(customer, "sales").buy()


def test_roles_may_what_the_page_of_the_day_says(desk, partner, customer):
    order, reservation = bought(partner, customer, quantity=2)
    users = partner.at(customer, "users")
    assert users.worth(order, reservation).billing_refund_amount.amount > 0
    billing = partner.at(customer, "billing")
    assert billing.client.reservation_order.get(order).name == order
    refused(billing.worth, order, reservation)
    # The Global admin was dropped from the page before today.
    answer = partner.call("globe", "GET", f"/customers/{customer.tenant}")
    assert answer.status_code == 403, answer.text
    error = arm_error(answer)
    assert "Admin agent" in error["message"] and "Global admin" in error["message"]


def test_a_guest_account_sees_and_neither_returns_nor_exchanges(desk, partner, customer):
    order, reservation = bought(partner, customer, "deputy", quantity=2)
    invited = {
        "tenantId": customer.tenant,
        "homeTenantId": partner.tenant,
        "clientId": partner.agents["admin"],
    }
    reader = {
        "tenantId": customer.tenant,
        "clientId": partner.agents["admin"],
        "role": "Reader",
        "scope": "/",
    }
    desk.apply({
        "principals": [partner.principal("admin")],
        "guests": [invited],
        "roleAssignments": [reader],
    })
    guest = partner.at(customer, "admin")
    assert guest.client.reservation_order.get(order).name == order
    error = refused(guest.worth, order, reservation)
    assert "guest account" in error.message, error.message
    assert "leave the customer's organisation" in error.message
    assert "add the guest account to the order" in error.message
    refused(guest.exchange_quote, [(order, reservation, 1)], [{"sku": "Standard_B2s"}])
    # One way out is that somebody adds the guest to the order.
    desk.apply({
        "principals": [partner.principal("admin")],
        "guests": [invited],
        "roleAssignments": [
            reader | {"role": "Reservations Administrator", "scope": order_path(order)}
        ],
    })
    guest.give_back(order, reservation)


def test_an_agent_sees_its_customers_and_itself(partner, customer):
    order, reservation = bought(partner, customer)
    me = partner.call("sales", "GET", "").json()
    assert (me["kind"], me["roles"]) == ("direct-bill", ["Sales agent"])
    assert {row["role"] for row in me["agents"]} == set(ROLES.values())
    (seen,) = partner.call("sales", "GET", "/customers").json()["value"]
    assert seen == partner.call("sales", "GET", f"/customers/{customer.tenant}").json()
    assert seen["customerId"] == customer.tenant and seen["relationship"]["holds"]
    assert seen["billingAccounts"] == [customer.account["id"]]
    assert [row["subscriptionId"] for row in seen["subscriptions"]] == [customer.subscription]
    path = f"/customers/{customer.tenant}/reservations"
    (held,) = partner.call("sales", "GET", path).json()["value"]
    assert (held["reservationOrderId"], held["reservationId"]) == (order, reservation)
    assert partner.call("globe", "GET", "/customers").json()["value"] == []


def test_a_stranger_learns_nothing(desk, partner, customer):
    other = new_partner(desk, desk.customer(agreement="csp", payment="invoice"))
    order, _ = bought(partner, customer)
    answer = other.call("admin", "GET", f"/customers/{customer.tenant}")
    assert answer.status_code == 404
    nowhere = other.call("admin", "GET", f"/customers/{uuid.uuid4()}")
    assert nowhere.status_code == 404 and nowhere.json()["error"]["code"] == "CustomerNotFound"
    with pytest.raises(ClientAuthenticationError):
        list(other.at(customer, "admin").client.reservation_order.list())
    answer = customer.owner.call("GET", "/prorata/partner/customers", version=None)
    assert answer.status_code == 404


def test_an_ended_relationship_leaves_nothing(desk, partner, customer):
    agent = partner.at(customer, "admin")
    order, _ = agent.buy()
    assert agent.client.reservation_order.get(order)
    sell(desk, partner, customer, until="2026-03-02")
    with pytest.raises(ResourceNotFoundError):
        agent.client.reservation_order.get(order)
    answer = partner.call("admin", "GET", f"/customers/{customer.tenant}")
    assert answer.status_code == 403
    assert "ended on 2026-03-02" in arm_error(answer)["message"]


def test_an_indirect_reseller_goes_through_its_provider(desk, customer):
    reseller = Partner(desk, str(uuid.uuid4()), {"admin": str(uuid.uuid4())})
    sell(desk, reseller, kind="indirect-reseller")
    provider = new_partner(
        desk, customer, kind="indirect-provider", resellerTenantId=reseller.tenant
    )
    provider.at(customer, "admin").buy()
    answer = reseller.call("admin", "GET", f"/customers/{customer.tenant}")
    assert answer.status_code == 403, answer.text
    error = arm_error(answer)
    assert error["target"] == "partner-kind"
    assert "Ask the partner, Fir Cloud" in error["message"]


def test_all_customers_are_in_one_list(desk):
    customers = [desk.customer(agreement="csp", payment="invoice") for _ in range(3)]
    partner = new_partner(desk, *customers)
    held = {}
    for customer in customers:
        for _ in range(2):
            order, reservation = partner.at(customer, "admin").buy()
            held[reservation] = customer.tenant
    found, path = {}, "/reservations?take=2"
    while path:
        page = partner.call("admin", "GET", path).json()
        assert len(page["value"]) <= 2
        for row in page["value"]:
            found[row["reservationId"]] = row["customer"]["customerId"]
        path = page.get("nextLink", "").split("/prorata/partner", 1)[-1]
    assert found == held


class Shop:
    """Partner Center's way to buy."""

    def __init__(self, partner, customer, agent="sales"):
        self.partner, self.customer, self.agent = partner, customer, agent

    def call(self, method, path, body=None, status=200):
        path = f"/customers/{self.customer.tenant}{path}"
        answer = self.partner.call(self.agent, method, path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def register(self):
        path = f"/subscriptions/{self.customer.subscription}/registration"
        return self.call("POST", path)

    def line(self, product=CART, quantity=1, **more):
        context = {"subscriptionId": self.customer.subscription, "scope": "Single"}
        return {
            "catalogItemId": product,
            "quantity": quantity,
            "termDuration": "P1Y",
            "billingCycle": "oneTime",
            "provisioningContext": context | more.pop("context", {}),
        } | more

    def cart(self, *lines, **more):
        return self.call("POST", "/carts", {"lineItems": list(lines)} | more, status=201)


def test_a_sales_agent_buys_by_a_cart(partner, customer):
    shop = Shop(partner, customer)
    path = f"/subscriptions/{customer.subscription}/registration"
    assert shop.call("GET", path)["status"] == "notRegistered"
    cart = shop.cart(shop.line())
    assert cart["lineItems"][0]["error"]["errorCode"] == 10011, cart
    assert shop.register()["status"] == "registered"
    cart = shop.call("GET", f"/carts/{cart['id']}")
    assert "error" not in cart["lineItems"][0]
    assert cart["lineItems"][0]["pricing"]["extendedPrice"]["amount"] == 32.0
    shop.call("PUT", f"/carts/{cart['id']}", {
        "lineItems": [shop.line(quantity=2), shop.line(billingCycle="monthly", friendlyName="web")]
    })
    done = shop.call("POST", f"/carts/{cart['id']}/checkout")
    assert done["status"] == "Ordered" and done["orderErrors"] == []
    again = shop.call("POST", f"/carts/{cart['id']}/checkout")
    assert again == done, "nothing is bought twice"
    orders = {row["id"]: row for row in shop.call("GET", "/orders")["value"]}
    assert set(orders) == {row["orderId"] for row in done["orders"]}
    first = done["orders"][0]["orderId"]
    (entitled,) = shop.call("GET", f"/orders/{first}/entitlements")["value"]
    assert (entitled["quantity"], entitled["scopeType"]) == (2, "Single")
    assert entitled["provisioningState"] == "Succeeded"
    # What was bought in Partner Center gives no role by name in the customer's tenant.
    refused(partner.at(customer, "sales").worth, first, entitled["reservationId"])
    shop.call("PUT", f"/carts/{cart['id']}", {"lineItems": [shop.line()]}, status=409)


def test_a_cart_says_what_is_wrong_with_each_line(desk, partner, customer):
    shop = Shop(partner, customer, "admin")
    shop.register()
    reseller = str(uuid.uuid4())
    cart = shop.cart(
        shop.line(),
        shop.line(currencyCode="EUR"),
        shop.line("VirtualMachines:Standard_None:westus"),
        shop.line("VirtualMachines:Standard_B1ls:antarctica"),
        shop.line(participants=[{"key": "transaction_reseller", "value": reseller}]),
        shop.line(context={"subscriptionId": str(uuid.uuid4())}),
        shop.line(termDuration="P5Y"),
        shop.line(quantity=4_000_000_000),
    )
    codes = [line.get("error", {}).get("errorCode") for line in cart["lineItems"]]
    assert codes == [None, 10000, 10001, 10003, 10004, 10007, 10010, 10015]
    done = shop.call("POST", f"/carts/{cart['id']}/checkout")
    assert len(done["orders"]) == 1 and done["status"] == "Active"
    assert [row["code"] for row in done["orderErrors"]] == codes[1:]
    # The rest may be mended; what was bought stays bought.
    shop.call("PUT", f"/carts/{cart['id']}", {"lineItems": [shop.line()]})
    last_of_it = shop.call("POST", f"/carts/{cart['id']}/checkout")
    assert last_of_it["status"] == "Ordered"
    assert last_of_it["orders"][0] == done["orders"][0] and len(last_of_it["orders"]) == 2


def test_a_provider_attests_the_reseller(desk, customer):
    reseller = Partner(desk, str(uuid.uuid4()), {"admin": str(uuid.uuid4())})
    sell(desk, reseller, kind="indirect-reseller")
    provider = new_partner(
        desk, customer, kind="indirect-provider", resellerTenantId=reseller.tenant
    )
    shop = Shop(provider, customer)
    shop.register()
    line = shop.line(participants=[{"key": "transaction_reseller", "value": reseller.tenant}])
    assert shop.cart(line)["lineItems"][0]["error"]["errorCode"] == 10012
    cart = shop.cart(line, partnerOnRecordAttestationAccepted=True)
    assert "error" not in cart["lineItems"][0]


def test_an_azure_plan_shares_what_is_bought(desk, customer):
    partner = new_partner(desk, customer, azurePlan=True)
    shop = Shop(partner, customer)
    shop.register()
    cart = shop.cart(shop.line())
    assert cart["lineItems"][0]["provisioningContext"]["scope"] == "Shared"
    done = shop.call("POST", f"/carts/{cart['id']}/checkout")
    (entitled,) = shop.call("GET", f"/orders/{done['orders'][0]['orderId']}/entitlements")["value"]
    assert entitled["scopeType"] == "Shared"
    agent = partner.at(customer, "admin")
    scope = {
        "appliedScopeType": "Single",
        "appliedScopes": [f"/subscriptions/{customer.subscription}"],
    }
    path = item_path(done["orders"][0]["orderId"], entitled["reservationId"])
    assert agent.call("PATCH", path, {"properties": scope}).status_code == 200, "later it may"


def test_nothing_is_sold_in_an_excluded_market(desk, customer):
    partner = new_partner(desk, customer, market="GL")
    answer = partner.call("admin", "POST", f"/customers/{customer.tenant}/carts", {
        "lineItems": [Shop(partner, customer).line()]
    })
    assert answer.status_code == 400 and arm_error(answer)["code"] == "NotSupportedCountry"


def test_inventory_names_the_regions_that_have_it(partner, customer):
    shop = Shop(partner, customer)
    question = {
        "targetItems": [{"productId": CART}, {"productId": "VirtualMachines:Standard_None:westus"}],
        "inventoryContext": {
            "customerId": customer.tenant,
            "azureSubscriptionId": customer.subscription,
            "armRegionName": "westus",
        },
    }
    (found,) = shop.call("POST", "/inventory", question)["value"]
    assert found["isRestricted"] is False
    question["inventoryContext"]["armRegionName"] = "antarctica"
    (found,) = shop.call("POST", "/inventory", question)["value"]
    assert found["restrictions"][0]["properties"] == {"type": "Location", "values": "antarctica"}
    question["inventoryContext"] = {}
    error = shop.call("POST", "/inventory", question, status=400)["error"]
    assert len(error["details"]) == 3


def test_a_cart_lapses_after_seven_days(own_desk):
    own_desk.set_clock(TODAY)
    customer = own_desk.customer(agreement="csp", payment="invoice")
    partner = new_partner(own_desk, customer)
    shop = Shop(partner, customer)
    shop.register()
    cart = shop.cart(shop.line())
    assert cart["expirationTimestamp"][:10] == "2026-03-09"
    own_desk.set_clock("2026-03-09T12:00:00Z")
    error = shop.call("POST", f"/carts/{cart['id']}/checkout", status=409)["error"]
    assert error["target"] == "cart-life"


def test_a_cart_that_cannot_be_read_names_its_members(partner, customer):
    shop = Shop(partner, customer)
    error = shop.call("POST", "/carts", {"lineItems": [{"catalogItemId": "x"}]}, status=400)["error"]
    named = {row["target"] for row in error["details"]}
    assert {"lineItems[0].catalogItemId", "lineItems[0].quantity"} <= named
    assert shop.call("POST", "/carts", {"lineItems": []}, status=400)["error"]["target"] == "lineItems"
