"""Kills the server at random moments under load and looks whether anything was lost or halved.

    python tests/crash --rounds 200 --store both

Many threads quote, buy, return and exchange through HTTP and keep in mind what was acknowledged.
At a random moment the server gets SIGKILL. After each restart

- every acknowledged operation is there, and every one that was left without an answer is there
  wholly or not at all: sent again under its own id it comes to one operation, not two;
- nothing is there that nobody asked for, and the refunds that count toward the cap add up;
- `prorata verify` finds nothing.

Then a full disk: the server refuses clearly, loses nothing, and works again once there is space.
"""

import argparse
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "clients" / "python")]

from cluster import Cluster, free_port, programs  # noqa: E402
from desk import TODAY, Desk  # noqa: E402
from full_disk import full_disk  # noqa: E402
from load import Load  # noqa: E402

# A database is used for so many kills before the next begins empty; each adds to what is checked.
ROUNDS_OF_A_DATABASE = 10
KILL_AFTER_SECONDS = (0.02, 1.2)


class Lost(AssertionError):
    """Something acknowledged is gone, or something is there by half."""


def crash(store, rounds, threads, chance, new_database):
    """Runs the rounds on one store; answers how many operations were acknowledged."""
    acknowledged = kills = 0
    unanswered = 0
    while kills < rounds:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="prorata-crash-"))
        desk = Desk(folder / "data", database=new_database(), port=free_port()).start()
        try:
            desk.set_clock(TODAY)
            load = Load(desk, threads, chance.randrange(2**32))
            for _ in range(min(ROUNDS_OF_A_DATABASE, rounds - kills)):
                load.begin()
                time.sleep(chance.uniform(*KILL_AFTER_SECONDS))
                desk.kill()
                load.end()
                kills += 1
                checked(desk, "after the kill")
                desk.start()
                unanswered += load.settle()
                load.check()
            acknowledged += load.acknowledged()
            if desk.stop() != 0:
                raise Lost(f"the server did not end well:\n{desk.log()}")
            checked(desk, "in the end")
        except BaseException:
            desk.kill()
            print(f"crash {store}: the data is kept in {folder}", file=sys.stderr, flush=True)
            raise
        shutil.rmtree(folder)
        print(f"crash {store}: {kills} of {rounds} kills, nothing lost", flush=True)
    if rounds and acknowledged < rounds:
        raise Lost(f"only {acknowledged} operations in {rounds} rounds: there was no load")
    print(
        f"crash {store}: {kills} kills, {acknowledged} operations acknowledged and there, "
        f"{unanswered} unanswered and each whole"
    )
    return acknowledged


def checked(desk, when):
    done = desk.verify()
    if done.returncode:
        raise Lost(f"verify {when}:\n{done.stdout}{done.stderr}")


def main():
    asked = argparse.ArgumentParser(prog="tests/crash")
    asked.add_argument("--rounds", type=int, default=20, help="kills on SQLite")
    asked.add_argument("--rounds-postgres", type=int, help="kills on PostgreSQL; as --rounds")
    asked.add_argument("--store", choices=["sqlite", "postgres", "both"], default="both")
    asked.add_argument("--threads", type=int, default=12)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked.add_argument("--no-full-disk", action="store_true")
    asked = asked.parse_args()
    print(f"crash: seed {asked.seed}")
    chance = random.Random(asked.seed)
    failed = False

    def attempt(name, job):
        nonlocal failed
        try:
            job()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told and counts
            failed = True
            print(f"crash {name} FAILED: {type(error).__name__}: {error}", flush=True)

    if asked.store in ("sqlite", "both"):
        attempt("sqlite", lambda: crash(
            "sqlite", asked.rounds, asked.threads, chance, lambda: None
        ))
    if asked.store in ("postgres", "both"):
        if programs() is None:
            said = "crash postgres: SKIPPED, no PostgreSQL server is installed"
            failed |= os.environ.get("PRORATA_REQUIRE_ALL") == "1"
            print(said, flush=True)
        else:
            rounds = asked.rounds if asked.rounds_postgres is None else asked.rounds_postgres
            cluster = Cluster()
            try:
                attempt("postgres", lambda: crash(
                    "postgres", rounds, asked.threads, chance, cluster.database
                ))
            finally:
                cluster.stop()
    if not asked.no_full_disk and asked.store != "postgres":
        attempt("full disk", full_disk)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
