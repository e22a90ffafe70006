"""A throw-away PostgreSQL server on loopback, for tests that need one."""

import itertools
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

INSTALLED = pathlib.Path("/usr/lib/postgresql")


def programs():
    """The newest installed server's programs, or nothing."""
    found = [path for path in INSTALLED.glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One server; `database()` makes an empty database and answers its address."""

    def __init__(self):
        self.programs = programs()
        if self.programs is None:
            raise FileNotFoundError(f"no PostgreSQL server under {INSTALLED}")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="prorata-pg-"))
        # The server will not run as root, so its files belong to somebody else then.
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.port = free_port()
        self.numbers = itertools.count()
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "--auth=trust",
                  "-E", "UTF8", "--locale=C", "--no-sync")
        settings = {
            "listen_addresses": "127.0.0.1",
            "fsync": "off",
            "max_connections": "100",
            "unix_socket_directories": str(self.folder),
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log",
                  "-o", f"-p {self.port} {options}", "start")

    def _run(self, program, *arguments):
        done = subprocess.run(
            [*self.user, self.programs / program, *map(str, arguments)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
            text=True,
            timeout=120,
        )
        if done.returncode:
            log = self.folder / "log"
            said = (done.stdout or "") + (log.read_text() if log.exists() else "")
            raise RuntimeError(f"{program} failed: {said}")

    def database(self):
        name = f"desk_{next(self.numbers)}_{time.time_ns()}"
        where = f"postgres://postgres@127.0.0.1:{self.port}"
        self._run("psql", "-X", "-q", "-c", f"CREATE DATABASE {name}", f"{where}/postgres")
        return f"{where}/{name}"

    def stop(self):
        try:
            self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
