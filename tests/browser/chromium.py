"""Debian's Chromium without a screen, and what is asked of every page that it shows."""

import base64
import json
import os
import pathlib
import re
import shutil
import tempfile

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from desk import ROOT

# A desktop's window, and the screen of a common telephone; in CSS pixels.
SIZES = {1280: 900, 390: 844}
WAIT_SECONDS = 20
# How wide and how long the page is, and where its foot ends.
MEASURES = """
    const page = document.documentElement;
    const foot = document.querySelector('footer.bottom').getBoundingClientRect().bottom;
    return [page.scrollWidth, page.scrollHeight, Math.ceil(foot + window.scrollY)];
"""
# The rules of accessibility, run in both schemes of colours; what is wrong is told in one line each.
AXE = pathlib.Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """
    const done = arguments[arguments.length - 1];
    axe.run(document, {resultTypes: ["violations"]}).then(
        (found) => done(found.violations.flatMap((rule) => rule.nodes.map(
            (node) => `${rule.id}: ${rule.help}: ${node.target.join(" ")}: ${node.html.slice(0, 200)}`
        ))),
        (error) => done([String(error)])
    );
"""
SCHEMES = ("light", "dark")
SCREENS = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "screens"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
    "--window-size=1280,900",
)


def missing():
    """What is not there to run a browser with; nothing when all is there."""
    programs = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    if not AXE.exists():
        programs.append("axe-core (npm ci in tests/browser)")
    return f"not installed: {', '.join(programs)}" if programs else ""


class Browser:
    """One browser with a profile of its own, and a record of all that it fetched."""

    def __init__(self, desk, profile, script):
        self.desk = desk
        self.script = script
        self.mode = "script" if script else "no-script"
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        if not script:
            options.add_experimental_option(
                "prefs", {"profile.managed_default_content_settings.javascript": 2}
            )
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
        self.driver.set_page_load_timeout(WAIT_SECONDS)
        self.answers = []
        # Other places that a test goes to on purpose.
        self.elsewhere = ()
        assert self._runs_script() == script, "the setting for script has no effect"
        # What the browser's own first page fetched is not the portal's doing.
        for log in ("performance", "browser"):
            self.driver.get_log(log)

    def _runs_script(self):
        """Whether the browser runs the script of a page, on a page that has one."""
        with tempfile.NamedTemporaryFile("w", suffix=".html") as page:
            page.write("<title>still</title><script>document.title = 'ran'</script>")
            page.flush()
            self.driver.get(f"file://{page.name}")
            return self.driver.title == "ran"

    def quit(self):
        self.driver.quit()

    # What a person does.

    def open(self, path):
        self.driver.get(self.desk.base_url + path)

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.desk.base_url)

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def has(self, css):
        return bool(self.all(css))

    def text(self, css="main"):
        return self.one(css).text

    def reads(self, css):
        """The text of each such element, also of those in a part that is folded away."""
        return [" ".join(found.get_property("textContent").split()) for found in self.all(css)]

    def type(self, field, text):
        box = self.one(f"#{field}")
        box.clear()
        box.send_keys(text)

    def choose(self, field, value):
        Select(self.one(f"#{field}")).select_by_value(value)

    def link(self, text):
        self._leave(self.driver.find_element(By.LINK_TEXT, text))

    def button(self, text):
        """Presses the button with this text, and waits for the page that it leads to."""
        for found in self.all("main button, header button"):
            if found.text == text:
                return self._leave(found)
        raise NoSuchElementException(f"no button {text!r} on {self.path}")

    def press(self, css):
        self._leave(self.one(css))

    def _leave(self, element):
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        before = self.one("html").id
        element.click()
        self.arrives(before)

    def arrives(self, before):
        WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda _: self.one("html").id != before and self.one("footer.bottom")
        )

    def follows(self, ending):
        """Waits until script has brought the page up to date with what was typed."""
        WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda _: self.path.endswith(ending) and not self.has("[aria-busy]")
        )

    def comes(self, css):
        """Waits until this is there: after a step that leads to a page, or changes this one."""
        WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda _: self.has(css) and not self.has("[aria-busy]") and self.has("footer.bottom")
        )
        return self.one(css)

    def another_window(self):
        """The window that was opened beside this one."""
        here = self.driver.current_window_handle
        others = WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda driver: [found for found in driver.window_handles if found != here]
        )
        return others[0]

    def settled(self, part):
        """The path once the page is one with this part in its path, and is there to its foot."""
        WebDriverWait(self.driver, WAIT_SECONDS).until(
            lambda _: part in self.path and self.has("footer.bottom")
        )
        return self.path

    # What is asked of every page.

    def look(self, name, status=200):
        """Takes a picture of the page in both sizes, and holds it to the rules of all pages."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        for width, height in reversed(SIZES.items()):
            self._resize(width, height)
            wide, long, foot = self.driver.execute_script(MEASURES)
            self._shoot(SCREENS / f"{self.mode}-{name}-{width}.png", width, max(long, height))
            self._resize(width, height)
            assert wide <= width, f"{name} is {wide} px wide on {width} px"
            assert long <= max(foot + 1, height), f"{name} ends {long - foot} px below its foot"
        # What is served is the same without script, so once is enough.
        if self.script:
            self.accessible(name)
        self.nothing_amiss(status)

    def accessible(self, name):
        """No rule of axe-core is broken, in light or dark."""
        for scheme in SCHEMES:
            self.scheme(scheme)
            self.driver.execute_script(AXE.read_text())
            faults = self.driver.execute_async_script(AXE_RUN)
            assert not faults, f"{name}, {scheme}: " + "\n".join(faults)
        self._shoot_dark(name)
        self.scheme("light")

    def scheme(self, scheme):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )

    def _shoot_dark(self, name):
        width, height = next(iter(SIZES.items()))
        self._resize(width, height)
        long = self.driver.execute_script(MEASURES)[1]
        self._shoot(SCREENS / f"{self.mode}-{name}-dark.png", width, max(long, height))
        self._resize(width, height)

    def _resize(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def _shoot(self, file, width, height):
        # What lies below the window is not painted, so the window is made as long as the page.
        self._resize(width, height)
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {})
        file.write_bytes(base64.b64decode(shot["data"]))

    def nothing_amiss(self, status=200):
        """No fault in the console, nothing fetched from elsewhere, and the status of the page.

        The console also tells of a page whose status is that of an error. Such a page says which
        one it has.
        """
        faults = [
            entry["message"]
            for entry in self._read_logs()
            if f"responded with a status of {status} " not in entry["message"] or status < 400
        ]
        assert not faults, faults
        if self.answers:
            assert self.answers[-1] == status, self.answers
            self.answers.clear()

    def forget(self):
        """Leaves what was logged so far unlooked at, where a test has failed for another reason."""
        for log in ("performance", "browser"):
            self.driver.get_log(log)
        self.answers.clear()

    def _read_logs(self):
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self._is_ours(message["params"]["request"]["url"])
            elif message["method"] == "Network.responseReceived":
                if message["params"]["type"] == "Document":
                    self.answers.append(message["params"]["response"]["status"])
        return [row for row in self.driver.get_log("browser") if row["level"] == "SEVERE"]

    def _is_ours(self, url):
        ours = url.startswith((self.desk.base_url + "/", "data:", *self.elsewhere))
        assert ours, f"a request to another place: {url}"


def money(price):
    """An amount of the API's, as pages write it."""
    return f"{price.amount:,.2f} {price.currency_code}"


def cents(price):
    """An amount of the API's, in hundredths."""
    return round(price.amount * 100)


def dollars(amount):
    """Hundredths of a dollar, as pages write them; below nothing with the sign for minus."""
    return f"{amount / 100:,.2f} USD".replace("-", "\N{MINUS SIGN}")


def numbers(text):
    """The whole numbers in a text."""
    return [int(found) for found in re.findall(r"\d+", text)]
