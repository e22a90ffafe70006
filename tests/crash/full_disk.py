"""A disk that runs full: a clear refusal, nothing lost, and work again once there is space."""

import contextlib
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

from desk import CAPACITY, TODAY, Desk, order_path, purchase_body

SIZE = 64 << 20
LEFT = 400 << 10
PURCHASES_MAX = 3000
REFUSED = (503, 507)


@contextlib.contextmanager
def small_disk():
    """A folder on a small file system of its own, or nothing where mounting is not allowed."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="prorata-disk-"))
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", folder],
        capture_output=True,
    ).returncode
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def full_disk():
    with small_disk() as folder:
        if folder is None:
            file_limit()
            return
        desk = Desk(folder / "desk" / "data")
        desk.logged = pathlib.Path(tempfile.mkstemp(prefix="prorata-disk-log-")[1])
        filler = folder / "filler"

        def fill():
            free = shutil.disk_usage(folder).free
            filler.write_bytes(b"x" * max(0, free - LEFT))

        try:
            tried(desk.start(), fill, filler.unlink, "a full disk")
            # Once more, and this time the server is killed while there is no space.
            member = desk.customer().owner
            fill()
            held = buy_until_refused(member)
            desk.kill()
            filler.unlink()
            desk.start()
            assert_there(member, held)
            buy(member)
            finish(desk)
        finally:
            desk.kill()
            desk.logged.unlink()
    print("crash full disk: refused clearly, nothing lost, works again (file system full)")


def file_limit():
    """Where no file system can be mounted: files that may not grow look the same to the database."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="prorata-limit-"))

    def ignore():
        # The signal's default is to end the process before the write can fail.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    desk = Desk(folder / "data", preexec_fn=ignore, restore_signals=False).start()

    def limit(bytes):
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (bytes, resource.RLIM_INFINITY))

    def fill():
        largest = max(path.stat().st_size for path in desk.data.iterdir())
        limit(largest + LEFT)

    try:
        tried(desk, fill, lambda: limit(resource.RLIM_INFINITY), "files that may not grow")
        finish(desk)
    finally:
        desk.kill()
    shutil.rmtree(folder)
    print("crash full disk: refused clearly, nothing lost, works again (file size limit)")


def tried(desk, fill, make_space, what):
    desk.set_clock(TODAY)
    member = desk.customer().owner
    buy(member)
    fill()
    held = buy_until_refused(member)
    assert len(held) > 1, f"{what} refused everything"
    assert_there(member, held)
    make_space()
    for _ in range(5):
        held.append(buy(member))
    assert_there(member, held)


def finish(desk):
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


def attempt(member):
    """Quotes and buys; answers the order, or the answer that refused it."""
    body = purchase_body(member.customer.subscription)
    quote = member.call("POST", f"{CAPACITY}/calculatePrice", body)
    if quote.status_code != 200:
        return None, quote
    order = quote.json()["properties"]["reservationOrderId"]
    bought = member.call("PUT", order_path(order), body)
    return (order, None) if bought.status_code == 202 else (None, bought)


def buy(member):
    order, refused = attempt(member)
    assert order, f"{refused.status_code} {refused.text}"
    return order


def buy_until_refused(member):
    """Buys until nothing fits any more; answers what was bought."""
    held = []
    for number in range(PURCHASES_MAX):
        if number % 500 == 0:
            # A caller has 1,200 writes an hour.
            member = member.customer.hire(f"buyer {number}", [("Owner", "/")])
        order, refused = attempt(member)
        if order:
            held.append(order)
            continue
        assert refused.status_code in REFUSED, f"{refused.status_code} {refused.text}"
        error = refused.json()["error"]
        assert error["code"] and "disk" in error["message"].lower(), f"not clear: {error}"
        # The service is there all the same: it reads, and refuses again.
        listed = member.call("GET", f"{CAPACITY}/reservationOrders")
        assert listed.status_code == 200, listed.text
        assert attempt(member)[1].status_code in REFUSED
        return held
    raise AssertionError(f"{PURCHASES_MAX} purchases fit where there was no space")


def assert_there(member, held):
    for order in held:
        answer = member.call("GET", order_path(order))
        assert answer.status_code == 200, f"{order} was acknowledged and is gone: {answer.text}"
