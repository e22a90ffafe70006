"""What answers must look like: our own OpenAPI document, and the published ones where they are.

Every answer that any test gets is checked: the server's description of itself (`/openapi.json`)
for all of them, and for providers whose published documents are at hand also those, by the
operation and version of the request. The clients are not changed: what they receive is looked at
on its way, and a violation is told when the test is over.
"""

import functools
import json
import os
import pathlib
import re
import sys
import threading
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import jsonschema
import referencing
import referencing.retrieval
import requests
from referencing.jsonschema import DRAFT4, DRAFT202012

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(os.environ.get("PRORATA_SHARED", ROOT.parent / "shared"))
SPECS = SHARED / "specs"
PROVIDERS = ("Microsoft.Capacity", "Microsoft.BillingBenefits", "Microsoft.Billing",
             "Microsoft.Authorization", "Microsoft.Resources", "Microsoft.Management",
             "Microsoft.Support")
JSON = "application/json; charset=utf-8"
API = {"providers", "subscriptions", "tenants", "metadata", "sandbox", "healthz", "openapi.json"}

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time")
def _instant(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z", value)
    )


@formats.checks("date")
def _date(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))


@formats.checks("uuid")
def _guid(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)
    )


@formats.checks("uri")
def _link(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"https?://[^\s{}]+", value))


@formats.checks("int32")
def _int32(value):
    return not isinstance(value, int) or -(2**31) <= value < 2**31


def pattern(path):
    """A templated path as an expression; fixed segments have no case."""
    parts = re.split(r"\{[^}]*\}", path)
    names = re.findall(r"\{([^}]*)\}", path)
    text = re.escape(parts[0])
    for name, part in zip(names, parts[1:]):
        # Only scopes span several segments; that of the root spans none.
        if "scope" in name.lower() and text.endswith("/"):
            text = text[:-1] + "(?:/.*?)?" + re.escape(part)
        else:
            text += "[^/]+" + re.escape(part)
    return re.compile(text.rstrip("/") + "/?", re.IGNORECASE)


class Document:
    """The operations of one OpenAPI document."""

    def __init__(self, name, routes):
        self.name = name
        # Exact paths before those with parameters.
        self.routes = sorted(
            ((pattern(path), methods) for path, methods in routes.items()),
            key=lambda route: route[0].pattern.count("[^/]+") + 99 * route[0].pattern.count(".*?"),
        )

    def operation(self, method, path):
        for expression, methods in self.routes:
            if expression.fullmatch(path):
                return methods.get(method.lower())
        return None


class Own:
    """Our own description, as the server gives it."""

    def __init__(self, document):
        self.raw = document
        registry = referencing.Registry().with_resource(
            "urn:own", referencing.Resource(contents=document, specification=DRAFT202012)
        )
        self.validator = functools.partial(
            jsonschema.Draft202012Validator, registry=registry, format_checker=formats
        )
        self.document = Document("own", document["paths"])
        self.headers = document["components"]["headers"]
        self.validators = {}

    def faults(self, answer):
        operation = self.document.operation(answer.method, answer.path)
        if operation is None:
            # No route, or not with this verb: the refusal has the form of all.
            if answer.status < 400:
                yield "no operation describes it"
            elif answer.body:
                yield from self._body({"$ref": "#/components/schemas/Error"}, answer)
            return
        responses = operation["responses"]
        response = responses.get(str(answer.status))
        if response is None:
            if answer.status < 400:
                yield f"status {answer.status} is not described"
                return
            response = responses["default"]
        for name, header in response.get("headers", {}).items():
            header = self.headers[header["$ref"].rsplit("/", 1)[-1]]
            sent = answer.headers.get(name)
            if sent is None:
                yield f"header {name} is missing"
                continue
            schema = header["schema"]
            value = int(sent) if schema["type"] == "integer" and sent.isdecimal() else sent
            for error in self.validator(schema).iter_errors(value):
                yield f"header {name}: {error.message}"
        content = response.get("content")
        if content is None:
            if answer.body:
                yield "a body where none is described"
            return
        if "application/json" not in content:
            kind = answer.headers.get("Content-Type", "").split(";")[0]
            if kind not in content:
                yield f"content type {kind}"
            return
        versions = [
            parameter["schema"]["enum"]
            for parameter in operation.get("parameters", [])
            if parameter.get("name") == "api-version"
        ]
        schema = content["application/json"]["schema"]
        # Of several forms the first is that of the newest version.
        if versions and answer.version.lower() == versions[0][0] and "200" <= str(answer.status) < "300":
            schema = schema.get("anyOf", [schema])[0]
        yield from self._body(schema, answer)

    def _body(self, schema, answer):
        if answer.headers.get("Content-Type") != JSON:
            yield f"content type {answer.headers.get('Content-Type')}"
            return
        yield from told(self._validator(schema), answer.json())

    def _validator(self, schema):
        """A schema of the document, its references seen from the root."""
        text = json.dumps(schema).replace('"#/components', '"urn:own#/components')
        if text not in self.validators:
            self.validators[text] = self.validator(json.loads(text))
        return self.validators[text]


def told(validator, value):
    for error in validator.iter_errors(value):
        # What makes none of several fit is in the deepest error.
        cause = jsonschema.exceptions.best_match([error])
        yield f"{cause.json_path}: {cause.message[:300]}"


class Published:
    """A provider's published document at one version."""

    # Words beside the published ones, by member. The lists are open by their own words: recorded
    # answers and the published examples have others too.
    ALSO = {
        # Seen in recorded answers.
        "provisioningState": {"PendingCapacity", "ConfirmedCapacity", "Pending"},
        "location": {"global"},
        # Some products are sold by the month since the list was made.
        "term": {"P1M"},
        # Of what was returned or exchanged; split and merged reservations have published words.
        "statusCode": {"Cancelled"},
        # Those of the resource manager in front of the provider, and of HTTP.
        "code": {
            "AuthenticationFailed",
            "InvalidApiVersionParameter",
            "InvalidAuthenticationToken",
            "MissingApiVersionParameter",
            "RequestEntityTooLarge",
            "SubscriptionNotFound",
            "TooManyRequests",
        },
    }

    def __init__(self, path):
        self.path = path
        self.raw = json.loads(path.read_text())
        self.validator = functools.partial(
            jsonschema.Draft4Validator, registry=registry(), format_checker=formats
        )
        self.document = Document(path.parent.name, self.raw.get("paths", {}))

    def faults(self, answer):
        operation = self.document.operation(answer.method, answer.path)
        if operation is None:
            return
        responses = operation["responses"]
        response = responses.get(str(answer.status), responses.get("default"))
        if response is None or (answer.status < 400 and str(answer.status) not in responses):
            yield f"status {answer.status} is not published; {sorted(responses)} are"
            return
        schema = response.get("schema")
        if schema is None:
            return
        if not answer.body:
            # The recorded service answers 202 without what is published for it.
            if answer.status != 202:
                yield "no body where one is published"
            return
        reference = {"$ref": self._pointer(operation, response, answer)}
        for error in told(self.validator(reference), answer.json()):
            if not self._known(error):
                yield error

    def _known(self, error):
        return any(
            re.search(rf"\.{member}: '{word}' is not one of", error)
            for member, words in self.ALSO.items()
            for word in words
        )

    def _pointer(self, operation, response, answer):
        for path, methods in self.raw["paths"].items():
            for verb, candidate in methods.items():
                if candidate is operation:
                    status = str(answer.status)
                    status = status if status in operation["responses"] else "default"
                    path = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                    return f"{self.path.as_uri()}#/paths/{path}/{verb}/responses/{status}/schema"
        raise AssertionError("an operation of no path")


@functools.cache
def registry():
    """Every published document, found by its file's address."""

    @referencing.retrieval.to_cached_resource(
        loads=lambda contents: contents,
        from_contents=lambda contents: referencing.Resource(contents=contents, specification=DRAFT4),
    )
    def retrieve(uri):
        path = pathlib.Path(unquote(urlsplit(uri).path))
        return relaxed(json.loads(path.read_text()))

    return referencing.Registry(retrieve=retrieve)


def relaxed(node):
    """What OpenAPI 2 means where JSON Schema says something else."""
    if isinstance(node, dict):
        node = {name: relaxed(member) for name, member in node.items()}
        if node.get("x-nullable") is True and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        if "discriminator" in node and isinstance(node["discriminator"], str):
            del node["discriminator"]
        return node
    if isinstance(node, list):
        return [relaxed(item) for item in node]
    return node


@functools.cache
def published(provider, version):
    """The documents of a provider at a version, where they are."""
    folder = SPECS / provider / version
    return [Published(path) for path in sorted(folder.glob("*.json"))]


class Answer:
    """An answer with the request it belongs to."""

    def __init__(self, method, url, status, headers, body):
        parts = urlsplit(url)
        self.method = method
        self.path = re.sub("/+", "/", unquote(parts.path)).rstrip("/") or "/"
        query = {name.lower(): values for name, values in parse_qs(parts.query).items()}
        self.version = query.get("api-version", [""])[-1]
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    @property
    def of_the_api(self):
        """Whether it is no page of the portal."""
        first = self.path.split("/")[1].lower()
        return first in API or bool(re.search("/(oauth2|[.]well-known|discovery)/", self.path))

    @property
    def provider(self):
        names = re.findall(r"/providers/([^/]+)", self.path, re.IGNORECASE)
        named = names[-1].lower() if names else ""
        found = next((name for name in PROVIDERS if name.lower() == named), None)
        if found is None and re.match("/(subscriptions|tenants)(/|$)", self.path, re.IGNORECASE):
            return "Microsoft.Resources"
        return found

    def __str__(self):
        return f"{self.method} {self.path} [{self.version}] -> {self.status}"


class Contract:
    """Looks at answers, and keeps what is wrong with them."""

    def __init__(self):
        self.own = None
        self.violations = []
        self.seen = 0
        self.compared = 0
        self.lock = threading.Lock()

    def look(self, answer):
        if answer.method in ("HEAD", "OPTIONS") or not answer.of_the_api:
            return
        found = [f"own: {fault}" for fault in self.own.faults(answer)]
        documents = published(answer.provider, answer.version) if answer.provider else []
        for document in documents:
            found += [f"published: {fault}" for fault in document.faults(answer)]
        with self.lock:
            self.seen += 1
            self.compared += any(d.document.operation(answer.method, answer.path) for d in documents)
            self.violations += [f"{answer}: {fault}" for fault in found]

    def drain(self):
        with self.lock:
            found, self.violations = self.violations, []
        return found


CONTRACT = Contract()


def watch():
    """From now on looks at every answer that a client in this process gets over HTTP."""
    passed_on = requests.adapters.HTTPAdapter.send

    def send(adapter, request, *arguments, **options):
        response = passed_on(adapter, request, *arguments, **options)
        if CONTRACT.own is None:
            described = requests.Request("GET", urljoin(request.url, "/openapi.json")).prepare()
            CONTRACT.own = Own(passed_on(adapter, described, *arguments, **options).json())
        CONTRACT.look(
            # Reading the body here keeps it for whoever reads it next.
            Answer(request.method, request.url, response.status_code, response.headers, response.content)
        )
        return response

    requests.adapters.HTTPAdapter.send = send


def main(described, *recorded):
    """Looks at answers that another program recorded, one a line; our own document comes first."""
    CONTRACT.own = Own(json.loads(pathlib.Path(described).read_text()))
    for path in recorded:
        for line in pathlib.Path(path).read_text().splitlines():
            row = json.loads(line)
            headers = requests.structures.CaseInsensitiveDict(row["headers"])
            body = row["body"].encode()
            CONTRACT.look(Answer(row["method"], row["url"], row["status"], headers, body))
    for violation in CONTRACT.violations:
        print(violation)
    print(
        f"{CONTRACT.seen} answers held against our document, {CONTRACT.compared} against published "
        f"ones, {len(CONTRACT.violations)} violations"
    )
    if not SPECS.exists():
        print(f"SKIPPED: the published documents are not there ({SPECS}); set PRORATA_SHARED")
    return 1 if CONTRACT.violations or not CONTRACT.seen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
