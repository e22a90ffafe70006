"""What Schemathesis does not know by itself: who calls, what there is, and what nobody may see."""

import json
import os
import pathlib
import re
import zlib

import schemathesis

WORLD = json.loads(pathlib.Path(os.environ["PRORATA_SCHEMA_WORLD"]).read_text())
TENANTS = WORLD["tenants"]
# What of another tenant's the callers of a tenant have named themselves, by that tenant's name: in
# any request, and in one that was carried out.
ASKED, WRITTEN = {}, {}
TOKENS = {token: tenant for tenant in TENANTS for token in tenant["tokens"]}
SOLD = ["Standard_B1ls", "Standard_B2s", "Standard_D2s_v5"]
# Words of a program that went wrong, and of the store behind it.
INTERNALS = ["panicked", "stack backtrace", "SQLSTATE", "rusqlite", "/crates/", "no such table"]


def pick(value, choices, salt=""):
    """One of some choices, the same for the same value each time."""
    return choices[zlib.crc32((salt + repr(value)).encode()) % len(choices)]


def leaves(value):
    """Whether a value stays as it was made: one in four does."""
    return pick(value, [True, False, False, False], "leave")


def soon(now):
    """An instant of the next years: reservations that renew live on for as long as it takes."""
    if isinstance(now, str) and re.match("[0-9]{4}-", now):
        return pick(now, ["2026", "2027", "2028", "2029"], "year") + now[4:]
    return now


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Both tenants in turn, those who may do all and those who may read."""

    def get(self, case, context):
        asked = (case.method, case.path_parameters, case.query, case.body)
        return pick(asked, sorted(TOKENS), "caller")

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters or leaves(path_parameters):
        return path_parameters
    tenant = pick(path_parameters, TENANTS, "tenant")
    order, reservation = pick(path_parameters, tenant["held"], "held")
    known = {
        "tenant": tenant["tenant"],
        "subscription": tenant["subscription"],
        "group": tenant["group"],
        "account": tenant["account"],
        "order": order,
        "reservation": reservation,
        "operation": pick(path_parameters, tenant["sessions"], "session"),
    }
    return path_parameters | {name: known[name] for name in path_parameters if name in known}


@schemathesis.hook
def map_body(context, body):
    if not isinstance(body, (dict, list)):
        return body
    if isinstance(body, dict) and "now" in body:
        return body | {"now": soon(body["now"])}
    if leaves(body):
        return body
    tenant = pick(body, TENANTS, "body")
    order, reservation = pick(body, tenant["held"], "held")
    known = {
        "billingScopeId": f"/subscriptions/{tenant['subscription']}",
        "subscriptionId": f"/subscriptions/{tenant['subscription']}",
        "reservationId": f"{WORLD['capacity']}/reservationOrders/{order}/reservations/{reservation}",
        "sources": tenant["items"][:2],
        "sessionId": pick(body, tenant["sessions"], "session"),
        "destinationTenantId": tenant["tenant"],
        "reservedResourceType": "VirtualMachines",
        "appliedScopeType": "Shared",
        "location": "westus",
        "scopes": [f"/subscriptions/{tenant['subscription']}"],
        "sku": {"name": pick(body, SOLD, "sku")},
    }

    def placed(node):
        if isinstance(node, list):
            return [placed(item) for item in node]
        if not isinstance(node, dict):
            return node
        return {
            name: known[name]
            if name in known and pick((name, node), [True, True, False])
            else placed(member)
            for name, member in node.items()
        }

    return placed(body)


@schemathesis.check
def nothing_of_another_tenant(context, response, case):
    """No answer holds what is another tenant's, unless the caller's own people have said it.

    A name that they gave to something of theirs stands in what is theirs. What they asked for
    stands in the audit of their tenant, also where it was refused.
    """
    request = response.request
    token = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
    caller = TOKENS.get(token)
    name = caller["name"] if caller else "nobody"
    body = request.body or ""
    body = (body if isinstance(body, str) else body.decode(errors="replace")).lower()
    said = f"{request.url} {body}".lower()
    told = f"{response.text} {dict(response.headers)}".lower()
    asked, written = ASKED.setdefault(name, set()), WRITTEN.setdefault(name, set())
    # Questions are answered with 200 and leave nothing behind.
    done = request.method in ("PUT", "PATCH") or response.status_code in (201, 202)
    done = done and response.status_code < 300
    recorded = any(part in request.url.lower() for part in ("/audit", "/microsoft.insights/"))
    for tenant in TENANTS:
        if tenant is caller:
            continue
        for secret in map(str.lower, tenant["secrets"]):
            if secret in said:
                asked.add(secret)
            if done and secret in body:
                written.add(secret)
            known = secret in said or secret in written or recorded and secret in asked
            where = told.find(secret)
            around = told[max(where - 150, 0) : where + 150]
            assert where < 0 or known, f"{tenant['name']}'s {secret} is told: …{around}…"


@schemathesis.check
def no_internals(context, response, case):
    """No answer tells how the program is made."""
    for word in INTERNALS:
        assert word not in response.text, f"{word!r} is told"
