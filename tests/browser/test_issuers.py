"""Signing in at a provider of somebody else's, and out again."""

import uuid

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from provider import Provider

WAIT_SECONDS = 20


@pytest.fixture
def provider(desk, owner):
    """A provider that the desk trusts, where Ada has an account."""
    running = Provider(
        [desk.base_url + "/sign-in/back/work"], [desk.base_url + "/sign-in?signed-out=1"]
    ).start()
    tenant, client = owner.customer.tenant, str(uuid.uuid4())
    desk.apply({
        "issuers": [{
            "id": "work", "name": "Contoso", "issuer": running.url, "tenants": [tenant],
            "clientId": "desk", "clientSecret": "the desk's own secret", "innerNetwork": True,
        }],
        "identities": [{
            "tenantId": tenant, "clientId": client, "issuer": "work", "subject": "ada",
            "name": "Ada Lovelace",
        }],
        "roleAssignments": [
            {"tenantId": tenant, "clientId": client, "role": "Reader", "scope": "/"},
        ],
    })
    yield running
    running.stop()


def at_the_provider(browser, provider, css):
    """The element of the provider's page, once that is there."""
    driver = browser.driver
    WebDriverWait(driver, WAIT_SECONDS).until(
        lambda _: driver.current_url.startswith(provider.url)
        and driver.find_elements(By.CSS_SELECTOR, css)
    )
    return driver.find_element(By.CSS_SELECTOR, css)


def test_a_person_signs_in_at_their_provider(browser, desk, provider, owner):
    browser.elsewhere = (provider.url,)
    browser.open("/account/tenants")
    browser.look("sign-in-with-a-provider")
    browser.driver.find_element(By.LINK_TEXT, "Sign in with Contoso").click()

    at_the_provider(browser, provider, "input[name=login]").send_keys("ada")
    browser.one("input[name=password]").send_keys("of no meaning here")
    browser.one("button[type=submit]").click()
    at_the_provider(browser, provider, "input[name=prompt][value=consent]")
    browser.one("button[type=submit]").click()

    assert browser.settled("/account/tenants")
    assert "Ada Lovelace" in browser.text("header")
    assert owner.customer.tenant in browser.text()
    # What the provider's pages leave in the console is theirs.
    for log in ("performance", "browser"):
        browser.driver.get_log(log)
    browser.open("/account/tenants")
    browser.look("tenants")

    browser.button("Sign out")
    assert browser.path == "/sign-in?signed-out=1"
    browser.look("signed-out-with-a-provider")
    browser.driver.find_element(By.LINK_TEXT, "Sign out there, too").click()
    at_the_provider(browser, provider, "button")
    browser.open("/reservations")
    assert browser.path.startswith("/sign-in")
    for log in ("performance", "browser"):
        browser.driver.get_log(log)
    browser.answers.clear()
