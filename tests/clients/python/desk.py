"""A running desk for tests: the real binary in a sandbox, and the customers it works for."""

import dataclasses
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import threading
import uuid

import requests
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.reservations import ReservationsMgmtClient
from azure.mgmt.reservations import models

ROOT = pathlib.Path(__file__).resolve().parents[3]
API_VERSION = "2022-11-01"
CAPACITY = "/providers/Microsoft.Capacity"
# The built-in price list sells first-generation B sizes until 2026-07-01, and since 2026-01-15
# only the very day of the purchase gives everything back. Tests that need another day set it.
TODAY = "2026-03-02T12:00:00Z"
READY_SECONDS = 30
OWNER = [("Owner", "/")]


def binary():
    """The program under test: `PRORATA_BIN`, or what cargo built last."""
    named = os.environ.get("PRORATA_BIN")
    if named:
        return pathlib.Path(named)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [target / profile / "prorata" for profile in ("debug", "release")]
    built = [path for path in built if path.exists()]
    assert built, f"no prorata under {target}; run `cargo build` or set PRORATA_BIN"
    return max(built, key=lambda path: path.stat().st_mtime)


def run(*arguments, timeout=120, **options):
    """Runs the program to its end."""
    return subprocess.run(
        [binary(), *map(str, arguments)], capture_output=True, text=True, timeout=timeout, **options
    )


class Desk:
    """One server process with its data."""

    def __init__(self, data, database=None, port=0, options=(), **spawn):
        self.data = pathlib.Path(data)
        self.database = database
        self.port = port
        self.options = options
        self.spawn = spawn
        self.process = None
        self.base_url = None
        self.said = []
        self.logged = self.data.with_name(self.data.name + ".log")

    def start(self):
        arguments = ["serve", "--sandbox", "--listen", f"127.0.0.1:{self.port}", *self.options]
        if self.database:
            arguments += ["--database", self.database, "--state", str(self.data)]
        else:
            arguments += ["--data", str(self.data)]
        self.logged.parent.mkdir(parents=True, exist_ok=True)
        log = open(self.logged, "ab")
        self.process = subprocess.Popen(
            [binary(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            **self.spawn,
        )
        log.close()
        line = self._first_line()
        found = re.search(r"https?://[^\s\"',]+", line)
        if not found:
            self.kill()
            raise AssertionError(f"the server did not get ready: {line!r}\n{self.log()}")
        self.base_url = found.group(0).rstrip("/.")
        self.sandbox = json.loads((self.data / "sandbox.json").read_text())
        self.ca = self._path(self.sandbox["caFile"])
        self.http = requests.Session()
        self.http.verify = self.ca
        self.http.trust_env = False
        return self

    def _path(self, named):
        path = pathlib.Path(named)
        return str(path if path.is_absolute() else self.data / path)

    def _first_line(self):
        readable, _, _ = select.select([self.process.stdout], [], [], READY_SECONDS)
        line = self.process.stdout.readline().decode() if readable else ""
        # Whatever else it says is read, so that a full pipe never stops it.
        out = self.process.stdout
        threading.Thread(target=lambda: self.said.extend(out), daemon=True).start()
        return line

    def log(self):
        return self.logged.read_text(errors="replace")[-4000:] if self.logged.exists() else ""

    def stop(self):
        """Asks the server to end and answers its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        self.process = None
        return status

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def where(self):
        """The options by which a command finds the records."""
        return ["--database", self.database] if self.database else ["--data", self.data]

    def verify(self):
        """`prorata verify` over the data of a stopped server."""
        return run("verify", *self.where)

    def now(self):
        answer = self.http.get(self.base_url + "/sandbox/clock")
        assert answer.status_code == 200, answer.text
        return answer.json()["now"]

    def set_clock(self, now):
        answer = self.http.post(self.base_url + "/sandbox/clock", json={"now": now}, timeout=300)
        assert answer.status_code == 200, answer.text
        return answer.json()["now"]

    def apply(self, world):
        answer = self.http.post(self.base_url + "/sandbox/world", json=world, timeout=300)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def customer(self, members=None, prices=(), **account):
        """A new tenant with one subscription, an account that pays, and principals.

        `members` maps names to the roles they hold: pairs of role and scope, where `{subscription}`
        in a scope stands for the subscription's id.
        """
        members = {"owner": OWNER} if members is None else members
        tenant, subscription = str(uuid.uuid4()), str(uuid.uuid4())
        account = {
            "id": f"account-{uuid.uuid4().hex[:12]}",
            "agreement": "ea",
            "currency": "USD",
            "payment": "prepayment",
            "usdRate": "1",
        } | account
        customer = Customer(self, tenant, subscription, account)
        principals = {name: str(uuid.uuid4()) for name in members}
        world = {
            "billingAccounts": [account],
            "tenants": [{"id": tenant, "name": "Test tenant"}],
            "subscriptions": [{
                "id": subscription,
                "tenantId": tenant,
                "billingAccount": account["id"],
                "name": "Test subscription",
            }],
            "principals": [
                {"tenantId": tenant, "clientId": client, "name": name, "clientSecret": f"secret of {client}"}
                for name, client in principals.items()
            ],
            "roleAssignments": [
                {
                    "tenantId": tenant,
                    "clientId": principals[name],
                    "role": role,
                    "scope": scope.format(subscription=subscription),
                }
                for name, roles in members.items()
                for role, scope in roles
            ],
            "prices": list(prices),
        }
        customer.world = world
        self.apply(world)
        for name, client in principals.items():
            customer.members[name] = Member(customer, name, client, f"secret of {client}")
        return customer


@dataclasses.dataclass
class Customer:
    """A tenant of the desk's, with one subscription and the account that pays for it."""

    desk: Desk
    tenant: str
    subscription: str
    account: dict
    members: dict = dataclasses.field(default_factory=dict)
    world: dict = None

    def hire(self, name, roles):
        """One more principal with these roles."""
        client = str(uuid.uuid4())
        secret = f"secret of {client}"
        self.desk.apply({
            "principals": [{
                "tenantId": self.tenant, "clientId": client, "name": name, "clientSecret": secret
            }],
            "roleAssignments": [
                {"tenantId": self.tenant, "clientId": client, "role": role, "scope": scope}
                for role, scope in roles
            ],
        })
        self.members[name] = Member(self, name, client, secret)
        return self.members[name]

    def __getattr__(self, name):
        try:
            return self.__dict__["members"][name]
        except KeyError:
            raise AttributeError(name) from None


class Member:
    """A principal: its unmodified official client, and plain HTTP with the same token."""

    def __init__(self, customer, name, client_id, secret):
        self.customer = customer
        self.desk = customer.desk
        self.name = name
        self.client_id = client_id
        self.secret = secret
        self._client = None
        self._token = None

    def known_in(self, customer):
        """Makes this principal somebody in another tenant, without any role; answers the tenant."""
        self.desk.apply({"principals": [{
            "tenantId": customer.tenant,
            "clientId": self.client_id,
            "name": self.name,
            "clientSecret": self.secret,
        }]})
        return customer.tenant

    @property
    def client(self):
        if self._client is None:
            base = self.desk.base_url
            credential = ClientSecretCredential(
                self.customer.tenant,
                self.client_id,
                self.secret,
                authority=base,
                disable_instance_discovery=True,
                connection_verify=self.desk.ca,
            )
            self._client = ReservationsMgmtClient(
                credential,
                base_url=base,
                credential_scopes=[base + "/.default"],
                connection_verify=self.desk.ca,
                polling_interval=1,
                retry_total=0,
            )
        return self._client

    @property
    def token(self):
        if self._token is None:
            answer = self.desk.http.post(
                f"{self.desk.base_url}/{self.customer.tenant}/oauth2/v2.0/token",
                data={
                    "grant_type": "client_credentials",
                    "client_id": self.client_id,
                    "client_secret": self.secret,
                    "scope": self.desk.base_url + "/.default",
                },
            )
            assert answer.status_code == 200, answer.text
            self._token = answer.json()["access_token"]
        return self._token

    def call(self, method, path, body=None, version=API_VERSION, **options):
        """One plain request; `path` may be absolute and may carry a query."""
        url = path if path.startswith("http") else self.desk.base_url + path
        if version and "api-version=" not in url.lower():
            url += ("&" if "?" in url else "?") + f"api-version={version}"
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        options.setdefault("timeout", 60)
        return self.desk.http.request(
            method, url, headers=headers, allow_redirects=False, **options
        )

    # The same steps in the words of the desk, by the official client.

    def request(self, **wish):
        """A purchase request as the client's own model; unknown names go into the properties."""
        return purchase_request(self.customer.subscription, **wish)

    def quote(self, **wish):
        return self.client.reservation_order.calculate(self.request(**wish)).properties

    def buy(self, **wish):
        """Quotes and buys; answers the order's id and its reservation's id."""
        request = self.request(**wish)
        order = self.client.reservation_order.calculate(request).properties.reservation_order_id
        bought = self.client.reservation_order.begin_purchase(order, request).result()
        assert bought.name == order
        return order, last(bought.properties.reservations[0].id)

    def worth(self, order, reservation, quantity=1):
        """What returning units is worth."""
        return self.client.calculate_refund.post(
            order,
            models.CalculateRefundRequest(
                id=f"{CAPACITY}/reservationOrders/{order}",
                properties=models.CalculateRefundRequestProperties(
                    scope="Reservation",
                    reservation_to_return=self.to_return(order, reservation, quantity),
                ),
            ),
        ).properties

    def give_back(self, order, reservation, quantity=1, session=None):
        """Returns units; quotes first unless a session is given."""
        session = session or self.worth(order, reservation, quantity).session_id
        return self.client.return_operations.begin_post(
            order,
            models.RefundRequest(
                properties=models.RefundRequestProperties(
                    session_id=session,
                    scope="Reservation",
                    return_reason="Not needed any more",
                    reservation_to_return=self.to_return(order, reservation, quantity),
                )
            ),
        ).result()

    @staticmethod
    def to_return(order, reservation, quantity):
        return models.ReservationToReturn(
            reservation_id=item_path(order, reservation), quantity=quantity
        )

    def exchange_quote(self, returns, purchases):
        """`returns`: triples of order, reservation, quantity; `purchases`: keywords of `request`."""
        return self.client.calculate_exchange.begin_post(
            models.CalculateExchangeRequest(
                properties=models.CalculateExchangeRequestProperties(
                    reservations_to_exchange=[
                        models.ReservationToReturn(
                            reservation_id=item_path(order, reservation), quantity=quantity
                        )
                        for order, reservation, quantity in returns
                    ],
                    reservations_to_purchase=[self.request(**wish) for wish in purchases],
                )
            )
        ).result()

    def exchange(self, session):
        return self.client.exchange.begin_post(
            models.ExchangeRequest(properties=models.ExchangeRequestProperties(session_id=session))
        ).result()

    def items(self, order):
        """The reservations of an order, by id."""
        return {last(item.id): item for item in self.client.reservation.list(order)}


def purchase_request(
    subscription,
    sku="Standard_B1ls",
    location="westus",
    resource_type="VirtualMachines",
    term="P1Y",
    plan="Upfront",
    quantity=1,
    name="web servers",
    **more,
):
    more.setdefault("applied_scope_type", "Shared")
    return models.PurchaseRequest(
        sku=models.SkuName(name=sku),
        location=location,
        properties=models.PurchaseRequestProperties(
            reserved_resource_type=resource_type,
            billing_scope_id=f"/subscriptions/{subscription}",
            term=term,
            billing_plan=plan,
            quantity=quantity,
            display_name=name,
            **more,
        ),
    )


def purchase_body(subscription, **wish):
    """The same request as plain JSON, for requests that the official client would not send."""
    return purchase_request(subscription, **wish).as_dict()


def order_path(order):
    return f"{CAPACITY}/reservationOrders/{order}"


def item_path(order, reservation):
    return f"{order_path(order)}/reservations/{reservation}"


def last(path):
    """The last segment of a resource id."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def code(error):
    """The code of the ARM error that the official client raised."""
    assert isinstance(error, HttpResponseError), repr(error)
    assert error.error is not None, error.message
    return error.error.code


def arm_error(answer):
    """Checks the error envelope of a plain answer, and answers what is in it."""
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8", answer.headers
    body = answer.json()
    assert set(body) == {"error"}, body
    error = body["error"]
    assert error["code"] and isinstance(error["code"], str), error
    assert error["message"] and isinstance(error["message"], str), error
    assert set(error) <= {"code", "message", "target", "details", "additionalInfo"}, error
    return error


def targets(error):
    """The members of the request that an error names."""
    rows = [error, *error.get("details", [])]
    return {row["target"] for row in rows if "target" in row}
