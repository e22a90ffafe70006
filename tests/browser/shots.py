"""Pictures of every page, light, dark and on a telephone, at a desk with two years behind it.

Run by `cargo xtask shots`; the pictures go into the folder that is named as its argument.
"""

import pathlib
import sys
import tempfile

import chromium
import showcase
from crawl import Crawl
from desk import Desk
from test_every_page import name
from test_portal import sign_in

SHOTS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light")}
OUTSIDE = ["/sign-in", "/sign-in/program"]


def main(folder):
    if missing := chromium.missing():
        sys.exit(missing)
    folder = pathlib.Path(folder)
    for shot in SHOTS:
        (folder / shot).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        desk = Desk(pathlib.Path(place) / "data").start()
        try:
            people, _ = showcase.fill(desk)
            browser = chromium.Browser(desk, pathlib.Path(place) / "profile", script=True)
            try:
                for address in OUTSIDE:
                    shoot(browser, address, folder, address)
                sign_in(browser, people["owner"])
                for found, addresses in sorted(Crawl(people["owner"]).seen.items()):
                    if "csv" not in found and "json" not in found:
                        shoot(browser, addresses[0], folder, found)
            finally:
                browser.quit()
        finally:
            desk.stop()


def shoot(browser, address, folder, found):
    browser.open(address)
    for shot, (width, scheme) in SHOTS.items():
        browser.scheme(scheme)
        browser._resize(width, chromium.SIZES[width])
        long = browser.driver.execute_script(chromium.MEASURES)[1]
        file = folder / shot / f"{name(found).strip('-')}.png"
        browser._shoot(file, width, max(long, chromium.SIZES[width]))
    print(f"{address}: {file.name}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else chromium.SCREENS.parent / "shots")
