"""Follows every link from a page, and looks at where every form goes."""

import html.parser
import re
import urllib.parse

import requests

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Pages of one kind that are looked at; a list of a thousand rows has a thousand links of one kind.
OF_A_KIND = 3


class Reader(html.parser.HTMLParser):
    """The links and the forms of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.ids = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids.add(found.get("id"))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "form":
            self.forms.append((found.get("method", "get"), found.get("action")))
        if "formaction" in found:
            self.forms.append(("post", found["formaction"]))


def kind(address):
    """What pages of a kind have in common: the path without ids, and the names in the query."""
    parts = urllib.parse.urlsplit(address)
    path = ID.sub("{id}", urllib.parse.unquote(parts.path))
    path = re.sub("^/policy/.+", "/policy/{clause}", path)
    path = re.sub("^/audit/lines/.+", "/audit/lines/{line}", path)
    names = sorted(
        f"{name}={value}" if name in ("tab", "show", "step") else name
        for name, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    )
    return path + ("?" + "&".join(names) if names else "")


def signed_in(member):
    """A session of the portal, begun as a program does."""
    desk = member.desk
    session = requests.Session()
    session.verify, session.trust_env = desk.ca, False
    page = session.get(f"{desk.base_url}/sign-in/program").text
    token = re.search(r'name="form_token" value="([^"]+)"', page).group(1)
    answer = session.post(
        f"{desk.base_url}/sign-in/program",
        data={
            "form_token": token,
            "next": "/",
            "tenant": member.customer.tenant,
            "client": member.client_id,
            "secret": member.secret,
        },
        headers={"Origin": desk.base_url},
    )
    assert answer.status_code == 200 and "/sign-in" not in answer.url, answer.url
    return session


class Crawl:
    """All that can be reached from the first page, a few of each kind."""

    def __init__(self, member):
        self.base = member.desk.base_url
        self.session = signed_in(member)
        self.faults = []
        self.seen = {}
        self.targets = set()
        self._walk("/")

    def _walk(self, first):
        todo, known = [(first, "the start")], {first}
        while todo:
            address, source = todo.pop(0)
            if self.seen.get(kind(address), 0) and len(self.seen[kind(address)]) >= OF_A_KIND:
                continue
            answer = self.session.get(self.base + address)
            self.seen.setdefault(kind(address), []).append(address)
            if answer.status_code != 200:
                self.faults.append(f"{answer.status_code} at {address}, linked from {source}")
                continue
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            page = Reader(answer.text)
            here = urllib.parse.urlsplit(answer.url)
            for link in page.links:
                target = urllib.parse.urljoin(here.path + "?" + here.query, link)
                path, _, fragment = target.partition("#")
                if link.startswith("#") and link[1:] not in page.ids:
                    self.faults.append(f"{link} is not on {address}")
                if not link.startswith("#") and path not in known:
                    known.add(path)
                    todo.append((path, address))
            for method, action in page.forms:
                self._target(method, action or here.path, address)

    def _target(self, method, action, address):
        """A form goes where something takes it: whoever only takes what is posted answers 405."""
        shape = (method, kind(action))
        if shape in self.targets:
            return
        self.targets.add(shape)
        answer = self.session.get(self.base + action, allow_redirects=False)
        taken = (200, 303, 405, 422) if method == "post" else (200, 303)
        if answer.status_code not in taken:
            self.faults.append(f"{answer.status_code} at {action}, the target of a form on {address}")
