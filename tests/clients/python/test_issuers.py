"""Signing in through somebody else's OpenID provider: programs, people, keys that change, attacks."""

import base64
import json
import threading
import time
import urllib.parse
import uuid

import pytest

from desk import CAPACITY, OWNER, Desk, TODAY, run
from provider import Browser, Provider, heading, query

AUDIENCE = "https://desk.example/api"
ORDERS = CAPACITY + "/reservationOrders"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory):
    """A desk that trusts a running provider."""
    desk = Desk(tmp_path_factory.mktemp("trusting") / "data").start()
    desk.set_clock(TODAY)
    redirects = [f"{desk.base_url}/sign-in/back/{name}" for name in ("work", "other")]
    provider = Provider(redirects, [desk.base_url + "/sign-in?signed-out=1"]).start()
    desk.provider = provider
    yield desk
    provider.stop()
    assert desk.stop() == 0, desk.log()
    verified = desk.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture(scope="module")
def tenant(trusting):
    """A tenant for which the provider speaks, where two of its accounts are known."""
    customer = trusting.customer()
    robot, ada = str(uuid.uuid4()), str(uuid.uuid4())
    role = {"tenantId": customer.tenant, "role": "Owner", "scope": "/"}
    trusting.apply({
        "issuers": [issuer("work", trusting, customer.tenant)],
        "identities": [
            identity(customer, robot, "robot", "robot", "ServicePrincipal"),
            identity(customer, ada, "ada", "Ada", "User"),
        ],
        "roleAssignments": [role | {"clientId": robot}, role | {"clientId": ada}],
    })
    customer.ada = ada
    return customer


def issuer(name, desk, tenant, **more):
    return {
        "id": name,
        "name": f"The {name} provider",
        "issuer": desk.provider.url,
        "audiences": [AUDIENCE],
        "tenants": [tenant],
        "clientId": "desk",
        "clientSecret": "the desk's own secret",
        "innerNetwork": True,
    } | more


def identity(customer, client, subject, name, kind):
    return {
        "tenantId": customer.tenant, "clientId": client, "issuer": "work", "subject": subject,
        "name": name, "kind": kind,
    }


def call(desk, token, path=ORDERS, **options):
    return desk.http.get(
        desk.base_url + path,
        params={"api-version": "2022-11-01"} | options.pop("params", {}),
        headers={"Authorization": f"Bearer {token}"} if token else {},
        **options,
    )


def refusal(answer):
    assert answer.status_code == 401, answer.text
    error = answer.json()["error"]
    assert error["code"] in ("InvalidAuthenticationToken", "AuthenticationFailed"), error
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return error["message"]


def part(token, index):
    text = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


# Programs.


def test_a_program_calls_with_a_token_of_its_own_provider(trusting, tenant):
    token = trusting.provider.token("robot", AUDIENCE)
    assert part(token, 0)["alg"] == "RS256"
    answer = call(trusting, token)
    assert answer.status_code == 200, answer.text


def test_an_account_that_nobody_is_bound_to_is_told_so(trusting, tenant):
    message = refusal(call(trusting, trusting.provider.token("stranger", AUDIENCE)))
    assert "`stranger`" in message and tenant.tenant in message


def test_a_token_for_another_audience_is_refused(trusting, tenant):
    message = refusal(call(trusting, trusting.provider.token("robot", "https://other.example")))
    assert "https://other.example" in message


def test_a_token_in_the_query_string_is_refused(trusting, tenant):
    token = trusting.provider.token("robot", AUDIENCE)
    refusal(call(trusting, None, params={"access_token": token}))


def test_an_oversized_token_is_refused(trusting, tenant):
    token = trusting.provider.token("robot", AUDIENCE)
    answer = call(trusting, token + "A" * 20_000)
    assert answer.status_code in (401, 431), answer.text


def test_alg_none_and_a_changed_signature_are_refused(trusting, tenant):
    token = trusting.provider.token("robot", AUDIENCE)
    header, claims, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    for forged in (
        f"{none}.{claims}.",
        f"{none}.{claims}.{signature}",
        f"{header}.{claims}.{signature[:-4]}AAAA",
        f"{header}.{claims}.",
    ):
        refusal(call(trusting, forged))


def test_keys_rotate_while_calls_run_and_no_good_call_fails(trusting, tenant):
    provider = trusting.provider
    failed, calls, stop = [], [], threading.Event()

    def work():
        while not stop.is_set():
            token = provider.token("robot", AUDIENCE)
            answer = call(trusting, token)
            calls.append(part(token, 0)["kid"])
            if answer.status_code != 200:
                failed.append(answer.text)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for _ in range(2):
        before = len(calls)
        while len(calls) < before + 10:
            time.sleep(0.01)
        provider.rotate()
    before = len(calls)
    while len(calls) < before + 10:
        time.sleep(0.01)
    stop.set()
    for worker in workers:
        worker.join()
    assert not failed, failed[:3]
    assert len(set(calls)) == 3, "three keys signed"


# People.


def back_to(desk, name="work"):
    place = f"{desk.base_url}/sign-in/back/{name}"
    return lambda url: url.startswith(place)


def begins(desk, browser, name="work", next="/account"):
    return browser.get(f"{desk.base_url}/sign-in/with/{name}", params={"next": next})


def signed_in_as(desk, browser):
    """Who the portal says is signed in; nothing where it asks to sign in."""
    answer = browser.get(desk.base_url + "/reservations")
    if answer.is_redirect:
        return None
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_person_signs_in_at_the_provider_and_is_back_where_they_were(trusting, tenant):
    browser = Browser(trusting.ca)
    page = browser.get(trusting.base_url + "/sign-in", params={"next": "/reservations?x=1"})
    assert "Sign in with The work provider" in page.text
    assert "/sign-in/with/work?next=%2Freservations%3Fx%3D1" in page.text

    begun = begins(trusting, browser, next="/reservations?x=1")
    asked = query(begun.headers["Location"])
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{trusting.base_url}/sign-in/back/work"
    assert len(asked["state"]) >= 40 and len(asked["nonce"]) >= 40
    cookie = begun.headers["Set-Cookie"]
    for word in ("__Host-prorata-provider=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert word in cookie, cookie

    back = browser.signs_in(begun, "ada", back_to(trusting))
    answer = query(back)
    assert answer["state"] == asked["state"] and answer["iss"] == trusting.provider.url
    entered = browser.get(back)
    assert entered.is_redirect and entered.headers["Location"] == "/reservations?x=1"
    assert "Ada" in signed_in_as(trusting, browser)


def test_who_is_not_known_here_gets_no_session(trusting, tenant):
    browser = Browser(trusting.ca)
    back = browser.signs_in(begins(trusting, browser), "mallory", back_to(trusting))
    answer = browser.get(back)
    assert answer.status_code == 403 and heading(answer) == "You are not signed in"
    assert signed_in_as(trusting, browser) is None


def test_a_session_from_before_is_not_the_one_after_signing_in(trusting, tenant):
    browser = Browser(trusting.ca)
    planted = "A" * 43
    host = urllib.parse.urlsplit(trusting.base_url).hostname
    browser.http.cookies.set("__Host-prorata", planted, domain=host, path="/", secure=True)
    back = browser.signs_in(begins(trusting, browser), "ada", back_to(trusting))
    browser.get(back)
    held = [one.value for one in browser.http.cookies if one.name == "__Host-prorata"]
    assert planted not in held and len(held) == 1
    thief = Browser(trusting.ca)
    thief.http.cookies.set("__Host-prorata", planted, domain=host, path="/", secure=True)
    assert signed_in_as(trusting, thief) is None
    # Signing in again ends the session of before.
    old = Browser(trusting.ca)
    old.http.cookies.set("__Host-prorata", held[0], domain=host, path="/", secure=True)
    assert "Ada" in signed_in_as(trusting, old)
    browser.get(browser.signs_in(begins(trusting, browser), "ada", back_to(trusting)))
    assert "Ada" in signed_in_as(trusting, browser)
    assert signed_in_as(trusting, old) is None


def cookies_of(browser):
    """What the browser holds of the desk, to be put back later."""
    return [(one.name, one.value, one.domain) for one in browser.http.cookies]


def with_cookies(desk, cookies):
    browser = Browser(desk.ca)
    for name, value, domain in cookies:
        browser.http.cookies.set(name, value, domain=domain, path="/", secure=True)
    return browser


def test_a_replayed_answer_is_refused(trusting, tenant):
    browser = Browser(trusting.ca)
    back = browser.signs_in(begins(trusting, browser), "ada", back_to(trusting))
    held = [one for one in cookies_of(browser) if one[0] == "__Host-prorata-provider"]
    assert browser.get(back).is_redirect
    # In the same browser, whose sign-in is over; and with everything it held before.
    assert browser.get(back).status_code == 403
    again = with_cookies(trusting, held)
    assert again.get(back).status_code == 403
    assert signed_in_as(trusting, again) is None


def test_a_replayed_code_in_another_sign_in_is_refused(trusting, tenant):
    first = Browser(trusting.ca)
    stolen = query(first.signs_in(begins(trusting, first), "ada", back_to(trusting)))
    thief = Browser(trusting.ca)
    own = query(begins(trusting, thief).headers["Location"])
    answer = thief.get(
        f"{trusting.base_url}/sign-in/back/work",
        params=stolen | {"state": own["state"]},
    )
    assert answer.status_code == 403, "the code goes with the other's verifier"
    assert signed_in_as(trusting, thief) is None


def test_an_answer_counts_only_in_the_browser_that_began(trusting, tenant):
    victim, attacker = Browser(trusting.ca), Browser(trusting.ca)
    back = attacker.signs_in(begins(trusting, attacker), "ada", back_to(trusting))
    assert victim.get(back).status_code == 403
    begins(trusting, victim)
    assert victim.get(back).status_code == 403, "nor after it began one of its own"
    assert signed_in_as(trusting, victim) is None


def test_a_link_of_another_site_signs_nobody_in(trusting, tenant):
    browser = Browser(trusting.ca)
    for site in ("cross-site", "same-site"):
        answer = browser.get(
            f"{trusting.base_url}/sign-in/with/work", params={"next": "/account"},
            headers={"Sec-Fetch-Site": site},
        )
        assert answer.headers["Location"] == "/sign-in?next=%2Faccount", answer.headers
        assert not answer.cookies
    assert begins(trusting, browser).headers["Location"].startswith("http")


def test_an_answer_of_another_provider_is_refused(trusting, tenant):
    trusting.apply({"issuers": [issuer(
        "other", trusting, tenant.tenant, issuer="https://other.example",
    )]})
    for changed in ({"iss": "https://other.example"}, {"iss": None}):
        browser = Browser(trusting.ca)
        back = browser.signs_in(begins(trusting, browser), "ada", back_to(trusting))
        fields = {k: v for k, v in (query(back) | changed).items() if v is not None}
        answer = browser.get(f"{trusting.base_url}/sign-in/back/work", params=fields)
        assert answer.status_code == 403 and signed_in_as(trusting, browser) is None
    # The answer of one provider at the address of another.
    browser = Browser(trusting.ca)
    back = browser.signs_in(begins(trusting, browser), "ada", back_to(trusting))
    answer = browser.get(back.replace("/back/work", "/back/other"))
    assert answer.status_code == 403 and signed_in_as(trusting, browser) is None


def test_a_changed_cookie_is_none(trusting, tenant):
    browser = Browser(trusting.ca)
    back = browser.signs_in(begins(trusting, browser), "ada", back_to(trusting))
    (name, value, domain), = [
        one for one in cookies_of(browser) if one[0] == "__Host-prorata-provider"
    ]
    text, tag = value.split(".")
    flow = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    flow["next"] = "https://evil.example"
    forged = base64.urlsafe_b64encode(json.dumps(flow).encode()).rstrip(b"=").decode()
    other = with_cookies(trusting, [(name, f"{forged}.{tag}", domain)])
    assert other.get(back).status_code == 403


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(trusting, tenant, next):
    browser = Browser(trusting.ca)
    back = browser.signs_in(begins(trusting, browser, next=next), "ada", back_to(trusting))
    assert browser.get(back).headers["Location"] == "/"


def test_what_the_provider_refuses_is_told_and_not_shown_as_markup(trusting, tenant):
    browser = Browser(trusting.ca)
    state = query(begins(trusting, browser).headers["Location"])["state"]
    answer = browser.get(
        f"{trusting.base_url}/sign-in/back/work",
        params={
            "state": state, "error": "access_denied<script>", "iss": trusting.provider.url,
            "error_description": "<b>anything</b>",
        },
    )
    assert answer.status_code == 403 and "<script>" not in answer.text
    assert "anything" not in answer.text


def test_nobody_signs_in_where_there_is_no_provider(trusting, tenant):
    answer = begins(trusting, Browser(trusting.ca), name="nobody")
    assert answer.status_code == 404


def test_signing_out_goes_on_at_the_provider(trusting, tenant):
    browser = Browser(trusting.ca)
    answer = browser.get(f"{trusting.base_url}/sign-in/with/work/sign-out")
    there = answer.headers["Location"]
    assert there.startswith(trusting.provider.url + "/session/end?")
    assert query(there)["post_logout_redirect_uri"] == f"{trusting.base_url}/sign-in?signed-out=1"
    assert browser.get(there).status_code == 200


def test_a_guest_chooses_the_tenant(trusting, tenant):
    host = trusting.customer({"host": OWNER})
    trusting.apply({
        "guests": [{
            "tenantId": host.tenant, "homeTenantId": tenant.tenant, "clientId": tenant.ada,
        }],
        "roleAssignments": [{
            "tenantId": host.tenant, "clientId": tenant.ada, "role": "Reader", "scope": "/",
        }],
    })
    browser = Browser(trusting.ca)
    browser.get(browser.signs_in(begins(trusting, browser), "ada", back_to(trusting)))
    page = browser.get(trusting.base_url + "/account/tenants")
    assert tenant.tenant in page.text and host.tenant in page.text
    token = page.text.split('name="form_token" value="')[1].split('"')[0]

    def go(place, form_token=token):
        return browser.http.post(
            trusting.base_url + "/account/tenants",
            data={"tenant": place, "form_token": form_token},
            allow_redirects=False,
        )

    assert go(host.tenant, "forged").status_code == 403
    stranger = trusting.customer({"owner": OWNER})
    assert go(stranger.tenant).status_code == 404, "where one is no guest"
    assert go(host.tenant).is_redirect
    assert host.tenant in signed_in_as(trusting, browser)


def test_known_keys_go_on_while_the_provider_is_away(trusting, tenant):
    provider = Provider().start()
    client = str(uuid.uuid4())
    trusting.apply({
        "issuers": [issuer("away", trusting, tenant.tenant, issuer=provider.url)],
        "identities": [identity(tenant, client, "robot", "robot", "ServicePrincipal")
                       | {"issuer": "away"}],
        "roleAssignments": [
            {"tenantId": tenant.tenant, "clientId": client, "role": "Owner", "scope": "/"},
        ],
    })
    stands = lambda: {
        one["id"]: one["keys"]
        for one in trusting.http.get(trusting.base_url + "/healthz").json()["issuers"]
    }
    seen, unseen = (provider.token("robot", AUDIENCE) for _ in range(2))
    assert stands()["away"] == "unasked"
    assert call(trusting, seen).status_code == 200
    assert stands()["away"] == "good"
    provider.stop()
    assert call(trusting, seen).status_code == 200
    assert call(trusting, unseen).status_code == 200
    header, claims, signature = seen.split(".")
    unknown = json.dumps(part(seen, 0) | {"kid": "nobody"}).encode()
    unknown = base64.urlsafe_b64encode(unknown).rstrip(b"=").decode()
    refusal(call(trusting, f"{unknown}.{claims}.{signature}"))
    assert stands()["away"] == "cached"
    assert call(trusting, unseen).status_code == 200


# The command line.


def test_issuers_are_added_listed_and_removed_at_the_command_line(tmp_path):
    tenant = str(uuid.uuid4())
    world = tmp_path / "world.json"
    world.write_text(json.dumps({"tenants": [{"id": tenant, "name": "ours"}]}))
    data = ["--data", tmp_path / "data"]
    assert run("world", "apply", world, *data).returncode == 0
    secret = tmp_path / "secret"
    secret.write_text("hush-hush\n")
    add = [
        "issuer", "add", "work", "--issuer", "https://id.example/realms/work", "--tenant", tenant,
        "--audience", "prorata", "--shape", "keycloak", "--client-id", "prorata",
        "--client-secret-file", secret, *data,
    ]
    assert run(*add).stdout == "changed\n"
    assert run(*add).stdout == "unchanged\n"
    listed = run("issuer", "list", *data, "--output", "json")
    (row,) = json.loads(listed.stdout)
    assert row["issuer"] == "https://id.example/realms/work" and row["tenants"] == [tenant]
    assert "hush" not in listed.stdout and "clientSecret" not in row
    assert "work" in run("issuer", "list", *data).stdout

    wrong = run(
        "issuer", "add", "W!", "--issuer", "http://id.example", "--tenant", str(uuid.uuid4()), *data
    )
    assert wrong.returncode != 0
    for field in ("id", "issuer", "audiences", "tenants[0]"):
        assert field in wrong.stderr, wrong.stderr

    assert "signs from now on" in run("issuer", "rotate-key", *data).stdout
    assert run("issuer", "remove", "work", *data).returncode == 0
    assert run("issuer", "remove", "work", *data).returncode == 1
    assert json.loads(run("issuer", "list", *data, "--output", "json").stdout) == []
