"""Pictures of every page, light, dark and on a telephone, at a desk with two years behind it.

Run by `cargo xtask shots`; the pictures go into the folder that is named as its argument. After it
may stand what the names of those scenes begin with that are wanted alone.
"""

import pathlib
import sys
import tempfile
import traceback

import chromium
import scenes
import showcase
from crawl import Crawl
from desk import Desk
from support import desk_member
from test_every_page import name
from test_portal import sign_in

SHOTS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light")}
# What is downloaded, and not looked at.
FILES = ("csv", "json", "/files/", "/audit/export")
OUTSIDE = ["/sign-in", "/sign-in/program"]


def main(folder, wanted=()):
    if missing := chromium.missing():
        sys.exit(missing)
    folder = pathlib.Path(folder)
    for shot in SHOTS:
        (folder / shot).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        desk = Desk(place / "data").start()
        try:
            people, bought = showcase.fill(desk)
            browser = chromium.Browser(desk, place / "profile", script=True)
            try:
                seen = set()
                if not wanted:
                    for address in OUTSIDE:
                        browser.open(address)
                        shoot(browser, folder, address)
                    crawl(browser, people["owner"], folder, seen)
                play(browser, people, bought, folder, wanted, place)
                if not wanted:
                    crawl(browser, people["boss"], folder, seen)
            finally:
                browser.quit()
        finally:
            desk.stop()


def crawl(browser, who, folder, seen):
    """Every kind of page that they reach, and that was not seen before."""
    browser.driver.delete_all_cookies()
    sign_in(browser, who)
    for found, addresses in sorted(Crawl(who).seen.items()):
        if found not in seen and not any(part in found for part in FILES):
            seen.add(found)
            browser.open(addresses[0])
            shoot(browser, folder, found)


def play(browser, people, bought, folder, wanted, place):
    """The scenes, in the order in which one leads to the other; some in German as well."""
    people["boss"] = scenes.boss(people["owner"].desk, people["owner"])
    people["desk"] = desk_member(people["owner"].desk)
    for who, scene in [
        ("boss", scenes.buys(browser)),
        ("boss", scenes.trades_in(browser, bought)),
        ("boss", scenes.wonders(browser, bought)),
        ("boss", scenes.supports(browser, bought)),
        ("desk", scenes.answers(browser)),
        ("boss", scenes.rules(browser, people["boss"])),
        ("reader", scenes.asks(browser, bought)),
        ("manager", scenes.decides(browser)),
        ("boss", scenes.searches(browser, bought)),
        ("boss", scenes.administers(browser, place)),
        ("boss", scenes.in_german(browser, bought)),
        ("boss", scenes.errs(browser)),
    ]:
        browser.driver.delete_all_cookies()
        sign_in(browser, people[who])
        try:
            for found in scene:
                if not wanted or found.startswith(tuple(wanted)):
                    shoot(browser, folder, found)
        except Exception:
            traceback.print_exc()


def shoot(browser, folder, found):
    for shot, (width, scheme) in SHOTS.items():
        browser.scheme(scheme)
        browser._resize(width, chromium.SIZES[width])
        long = browser.driver.execute_script(chromium.MEASURES)[1]
        file = folder / shot / f"{name(found).strip('-')}.png"
        browser._shoot(file, width, max(long, chromium.SIZES[width]))
    browser.scheme("light")
    browser._resize(1280, chromium.SIZES[1280])
    print(f"{browser.path}: {file.name}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else chromium.SCREENS.parent / "shots", sys.argv[2:])
