"""Every page that can be reached: its links and forms lead somewhere, and it keeps the rules."""

import pytest

import showcase
from crawl import Crawl, kind
from test_portal import sign_in

WHO = ["owner", "manager", "reader", "agent", "customer"]


def test_every_link_and_form_leads_somewhere(desk):
    people, _ = showcase.fill(desk)
    for who in WHO:
        crawl = Crawl(people[who])
        assert not crawl.faults, f"{who}:\n" + "\n".join(crawl.faults)
        assert len(crawl.seen) >= 5, f"{who} reaches only {sorted(crawl.seen)}"


# What is served is the same without script.
@pytest.mark.parametrize("way", ["script"], indirect=True)
def test_every_page_keeps_the_rules(browser, desk):
    people, _ = showcase.fill(desk)
    pages = Crawl(people["owner"]).seen
    sign_in(browser, people["owner"])
    for found, addresses in sorted(pages.items()):
        if found.endswith((".csv", ".jsonl", ".json")) or "format=" in found:
            continue
        browser.open(addresses[0])
        browser.look("page" + name(found))


def name(found):
    """The kind of a page as part of a file's name."""
    return "".join(c if c.isalnum() else "-" for c in kind(found)).rstrip("-") or "-home"
