"""Calls every operation of a running desk with whatever its own description allows, and more.

    python tests/schema --seconds 75

Schemathesis makes the requests out of `/openapi.json`, with the tokens of two tenants in turn and
with ids that either of them has (`hooks.py`). No answer may be a fault of the server, or have
another shape than described, or hold anything of the other tenant. In the end the books are proved.

`--seed` makes the same requests again; the seed of a run is in its last lines.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients" / "python"))

from desk import CAPACITY, TODAY, Desk, item_path  # noqa: E402

# These end the world of all others: the time leaps, tenants appear. They have a desk to themselves.
APART = ["Clock_Set", "World_Apply"]
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
    "nothing_of_another_tenant",
    "no_internals",
]


def tenant(desk, name):
    """A tenant with something of everything, and the words that nobody else may read."""
    customer = desk.customer({"owner": [("Owner", "/")], "reader": [("Reader", "/")]})
    owner = customer.owner
    secret = f"secret-name-of-{name}"
    held = [
        owner.buy(quantity=5, name=f"{secret}-upfront"),
        owner.buy(quantity=3, plan="Monthly", name=f"{secret}-monthly", renew=True),
        owner.buy(sku="Standard_B2s", quantity=2, term="P3Y", name=f"{secret}-three-years"),
    ]
    returned = owner.buy(name=f"{secret}-returned")
    session = owner.worth(*returned).session_id
    owner.give_back(*returned, session=session)
    quote = owner.exchange_quote([(*held[0], 1)], [{"sku": "Standard_B2s"}])
    held.append(returned)
    desk.apply({
        "resourceGroups": [{"subscriptionId": customer.subscription, "name": f"{secret}-group"}]
    })
    return {
        "name": name,
        "tokens": [owner.token, customer.reader.token],
        "tenant": customer.tenant,
        "subscription": customer.subscription,
        "account": customer.account["id"],
        "group": f"{secret}-group",
        "held": held,
        "items": [item_path(*pair) for pair in held],
        "sessions": [session, quote.properties.session_id],
        "secrets": [
            secret,
            customer.tenant,
            customer.subscription,
            customer.account["id"],
            owner.secret,
            *[id for pair in held for id in pair],
            *[member.client_id for member in customer.members.values()],
            quote.properties.session_id,
        ],
    }


def run(desk, world, seconds, seed, *options):
    with tempfile.TemporaryDirectory() as folder:
        told = pathlib.Path(folder) / "world.json"
        told.write_text(json.dumps(world))
        environment = os.environ | {
            "SCHEMATHESIS_HOOKS": "hooks",
            "PYTHONPATH": str(HERE),
            "PRORATA_SCHEMA_WORLD": str(told),
            "REQUESTS_CA_BUNDLE": desk.ca,
        }
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            environment.pop(name, None)
            environment.pop(name.lower(), None)
        return subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "run", desk.base_url + "/openapi.json",
                "--tls-verify", desk.ca,
                "--checks", ",".join(CHECKS),
                "--max-time", str(seconds),
                "--seed", str(seed),
                "--continue-on-failure",
                "--suppress-health-check", "all",
                "--warnings", "off",
                "--no-color",
                *options,
            ],
            cwd=folder,
            env=environment,
        ).returncode


def ended_well(desk):
    """Stops a desk and lets it prove its books."""
    status = desk.stop()
    verified = desk.verify()
    if status or verified.returncode:
        print(f"the desk ended with {status}\n{desk.log()}\n{verified.stdout}{verified.stderr}")
    return not status and not verified.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=75)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("options", nargs="*", help="more options of `schemathesis run`, after --")
    asked = parser.parse_args()
    well = True
    with tempfile.TemporaryDirectory(prefix="prorata-schema-") as folder:
        for name, seconds, choice in (
            ("tenants", asked.seconds, "--exclude-operation-id"),
            ("apart", max(asked.seconds // 10, 15), "--include-operation-id"),
        ):
            desk = Desk(pathlib.Path(folder) / name).start()
            desk.set_clock(TODAY)
            world = {"tenants": [tenant(desk, "ann"), tenant(desk, "ben")], "capacity": CAPACITY}
            options = [option for id in APART for option in (choice, id)]
            print(f"=== {name}: {seconds} s, seed {asked.seed}", flush=True)
            well = run(desk, world, seconds, asked.seed, *options, *asked.options) == 0 and well
            well = ended_well(desk) and well
    print(f"seed {asked.seed}: {'ok' if well else 'FAILED'}")
    return 0 if well else 1


sys.exit(main())
