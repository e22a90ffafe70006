"""The Azure command line, unmodified, signed in to a desk."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))

from desk import TODAY, Desk  # noqa: E402


class Refused(Exception):
    """The command line ended with a failure: its status, and what it said."""

    def __init__(self, status, said):
        super().__init__(said)
        self.status = status
        self.said = said


class CommandLine:
    """`az` with a configuration of its own."""

    def __init__(self, desk, folder):
        self.program = os.environ["PRORATA_AZ"]
        self.environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        } | {
            "AZURE_CONFIG_DIR": str(folder),
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            # Else the sign-in asks the public cloud whether it knows this host.
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
            # Nothing is fetched on the way.
            "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
            "REQUESTS_CA_BUNDLE": desk.ca,
        }

    def __call__(self, *arguments):
        """Runs a command; answers its output, read as JSON."""
        done = subprocess.run(
            [self.program, *arguments, "--output", "json"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise Refused(done.returncode, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk") / "data").start()
    desk.set_clock(TODAY)
    yield desk
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture(scope="session")
def owner(desk):
    return desk.customer().owner


@pytest.fixture(scope="session")
def az(desk, owner, tmp_path_factory):
    """Signed in as the owner."""
    az = CommandLine(desk, tmp_path_factory.mktemp("az"))
    az("cloud", "register", "--name", "Prorata", "--endpoint-resource-manager", desk.base_url)
    az("cloud", "set", "--name", "Prorata")
    az(
        "login", "--service-principal", "--username", owner.client_id, "--password", owner.secret,
        "--tenant", owner.customer.tenant,
    )
    return az
