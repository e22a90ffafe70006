"""Our own description against the published documents: nowhere laxer, nowhere in contradiction.

For every published operation that is served: what we describe as an answer is also one by the
published document, member by member, and every published member of a request is described. The
published documents are not part of this repository; without them this is SKIPPED.
"""

import json
from urllib.parse import unquote

import pytest

import contract

NEWEST = [
    ("Microsoft.Capacity", "2022-11-01"),
    ("Microsoft.BillingBenefits", "2022-11-01"),
    ("Microsoft.Billing", "2024-04-01"),
    ("Microsoft.Resources", "2022-12-01"),
]
# Members of answers beside the published ones. Clients ignore what they do not know.
MORE = {
    # Every finding behind a decision.
    "explanation",
    # Seen in recorded answers.
    "billingAccountId",
    "billingProfileId",
    "pricingCurrencyTotal",
    "paymentSchedule",
    "purchaseDateTime",
    # More about a refusal.
    "target",
    "details",
    "additionalInfo",
    # A term of products that are sold by the month.
    "p1M",
    # Savings plans have the same shape under both providers; one of them publishes these.
    "billingAccount",
    "effectiveDateTime",
}
# Published words have others beside them, as contract.py tells.
ALSO = set().union(*contract.Published.ALSO.values())


def operations():
    found = []
    for provider, version in NEWEST:
        for document in contract.published(provider, version):
            for path, methods in document.raw.get("paths", {}).items():
                for method, operation in methods.items():
                    if method != "parameters":
                        id = f"{provider}-{operation['operationId']}"
                        found.append(pytest.param(document, path, method, operation, id=id))
    if not found:
        reason = "SKIPPED: the published documents are not there; set PRORATA_SHARED"
        return [pytest.param(*[None] * 4, id="none", marks=pytest.mark.skip(reason=reason))]
    return found


@pytest.fixture(scope="module")
def own(desk):
    return desk.http.get(desk.base_url + "/openapi.json").json()


class Comparison:
    """Walks both descriptions of one thing side by side."""

    def __init__(self, own, document):
        self.own = own
        self.document = document
        self.faults = []
        self.walked = set()

    def of_own(self, schema):
        while True:
            if "$ref" in schema:
                schema = self.own["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
            elif "anyOf" in schema:
                # The newest version's form comes first; null is told apart by `x-nullable`.
                schema = schema["anyOf"][0]
            else:
                return schema

    def of_published(self, schema, file):
        while "$ref" in schema:
            target, pointer = schema["$ref"].split("#")
            file = (file.parent / target).resolve() if target else file
            schema = contract.relaxed(json.loads(file.read_text()))
            for step in pointer.strip("/").split("/"):
                schema = schema[unquote(step).replace("~1", "/").replace("~0", "~")]
        if "allOf" in schema:
            merged = {"type": "object", "properties": {}, "required": []}
            for part in [*schema["allOf"], {k: v for k, v in schema.items() if k != "allOf"}]:
                part, _ = self.of_published(part, file)
                merged["properties"] |= part.get("properties", {})
                merged["required"] += part.get("required", [])
            return merged, file
        return schema, file

    def answers(self, ours, theirs, file, at=""):
        ours = self.of_own(ours)
        theirs, file = self.of_published(theirs, file)
        key = (id(ours), json.dumps(theirs, sort_keys=True)[:4000])
        if key in self.walked:
            return
        self.walked.add(key)
        kind = theirs.get("type") or ("object" if "properties" in theirs else None)
        if kind is None:
            return
        kinds = kind if isinstance(kind, list) else [kind]
        if ours.get("type") not in kinds and not (ours.get("type") == "integer" and "number" in kinds):
            self.faults.append(f"{at}: {ours.get('type')} where {kind} is published")
            return
        # A list of words that is open by its own words holds nobody to it.
        is_open = theirs.get("x-ms-enum", {}).get("modelAsString") and "enum" not in ours
        if "enum" in theirs and not is_open and not set(ours.get("enum", ["?"])) <= set(theirs["enum"]) | ALSO:
            words = sorted(set(ours.get("enum", ["any text"])) - set(theirs["enum"]))
            self.faults.append(f"{at}: {words} are not published words")
        wanted = theirs.get("format")
        if wanted in ("date", "date-time", "uuid", "int32") and ours.get("format") != wanted:
            self.faults.append(f"{at}: {ours.get('format')} where {wanted} is published")
        if "array" in kinds:
            self.answers(ours["items"], theirs["items"], file, f"{at}[]")
        if "object" in kinds:
            self.members(ours, theirs, file, at)

    def members(self, ours, theirs, file, at):
        published = theirs.get("properties", {})
        if not published:
            return
        if ours.get("additionalProperties") is not False:
            self.faults.append(f"{at}: is open to any member")
        # The last page has no link, whatever is published.
        missing = set(theirs.get("required", [])) - set(ours.get("required", [])) - {"nextLink"}
        if missing:
            self.faults.append(f"{at}: {sorted(missing)} are always there by the published one")
        for name, member in ours.get("properties", {}).items():
            if name in published:
                self.answers(member, published[name], file, f"{at}.{name}")
            elif name not in MORE:
                self.faults.append(f"{at}.{name}: is not published")

    def requests(self, ours, theirs, file, at=""):
        ours = self.of_own(ours)
        theirs, file = self.of_published(theirs, file)
        key = ("sent", id(ours), json.dumps(theirs, sort_keys=True)[:4000])
        if key in self.walked:
            return
        self.walked.add(key)
        if theirs.get("type") == "array":
            self.requests(ours["items"], theirs["items"], file, f"{at}[]")
        for name, member in theirs.get("properties", {}).items():
            if member.get("readOnly"):
                continue
            if name not in ours.get("properties", {}):
                self.faults.append(f"{at}.{name}: may be sent and is not described")
            else:
                self.requests(ours["properties"][name], member, file, f"{at}.{name}")


# What is taken without being looked at, so that it is not described.
UNREAD = {
    ".id", ".name", ".type", ".kind", ".sku", ".tags", ".properties.provisioningState",
    # Under the billing provider only; the flexibility of a renewal is that of what is renewed.
    ".properties.renewProperties.purchaseProperties.properties.instanceFlexibility",
}


@pytest.mark.parametrize(("document", "path", "method", "operation"), operations())
def test_an_operation_is_described_as_it_is_published(own, document, path, method, operation):
    served = contract.Document("own", own["paths"])
    described = served.operation(method, contract.re.sub(r"\{[^}]*\}", "x", path))
    if described is None:
        pytest.skip("not served")
    comparison = Comparison(own, document)
    for status, response in described["responses"].items():
        if status == "default" or "content" not in response:
            continue
        published = operation["responses"].get(status)
        assert published is not None, f"status {status} is not published"
        if "schema" in published:
            ours = response["content"]["application/json"]["schema"]
            comparison.answers(ours, published["schema"], document.path)
    for parameter in operation.get("parameters", []):
        body, file = comparison.of_published(parameter, document.path)
        if body.get("in") != "body":
            continue
        ours = described["requestBody"]["content"]["application/json"]["schema"]
        comparison.requests(ours, body["schema"], file)
    faults = [fault for fault in comparison.faults if fault.split(":")[0].removeprefix(".benefits[]") not in UNREAD]
    assert not faults, "\n".join(faults)
