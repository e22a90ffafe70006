"""Each flow as each role: what every one of them meets, played through the pages."""

import pytest

import flows
import paperwork
from conftest import browser_at, desk_at
from roles import SESSION, WHO, Stage

DONE, ASKED, TOLD = "done", "asked", "told"
REFUSED, ABSENT, OUT = "refused", "absent", "out"
STATUS = {REFUSED: 403, ABSENT: 404}
HEADINGS = {403: "You may not do this", 404: "This is not there"}
# done     it is done, as the API says
# asked    it becomes a request, and nothing is done
# told     the page is there, says why, and has nothing to begin with
# refused  nothing leads there, and the typed address says that one may not, and what to do (403)
# absent   the same, and not even that there is anything (404)
# out      one is led to sign in and back, what was entered is kept, and it is done once
TABLE = """
              owner  manager  reader   approver  auditor  agent    customer  stranger  nobody
Return        done   refused  refused  done      refused  done     told      absent    out
LargeReturn   asked  refused  refused  asked     refused  done     told      absent    out
Exchange      done   told     told     told      told     done     told      absent    out
Buy           done   told     asked    told      asked    done     asked     told      out
TradeIn       done   told     told     told      told     done     told      absent    out
Split         done   done     refused  done      refused  done     done      absent    out
Merge         done   done     refused  done      refused  done     done      absent    out
Rename        done   done     refused  done      refused  done     done      absent    out
Archive       done   done     refused  done      refused  done     done      absent    out
Flexibility   done   done     told     done      told     done     done      absent    out
Scope         done   told     told     told      told     done     told      absent    out
Renewal       done   told     told     told      told     done     told      absent    out
Assign        done   told     told     done      done     told     done      absent    out
Ask           asked  asked    asked    asked     asked    asked    asked     absent    out
Approve       done   told     told     done      told     done     told      absent    out
Decline       done   told     told     done      told     done     told      absent    out
Ticket        done   told     told     told      done     done     done      absent    out
Answer        done   absent   told     absent    done     done     done      absent    out
Policy        done   done     done     done      done     done     done      done      out
WhatIf        done   done     done     done      done     done     done      absent    out
Audit         done   refused  refused  refused   done     refused  done      done      out
Listed        done   done     done     done      done     done     done      done      out
Person        done   absent   absent   absent    done     absent   done      done      out
Role          done   absent   absent   absent    done     absent   done      done      out
Receiver      done   absent   absent   absent    done     absent   done      done      out
"""


def rows():
    head, *lines = TABLE.strip().splitlines()
    assert tuple(head.split()) == WHO
    return {name: dict(zip(WHO, met)) for name, *met in map(str.split, lines)}


MET = rows()
# Where one signs in by the pages; what comes of it is the same everywhere, so elsewhere one has a
# session as soon as one is asked for it.
BY_HAND = (flows.Return, paperwork.Ticket)
FLOWS = vars(flows) | vars(paperwork)


@pytest.fixture(scope="module", params=["script", "no-script"])
def stage(request, tmp_path_factory):
    """One desk with all its people and one browser for all flows of a way."""
    way, folder = request.param, tmp_path_factory.mktemp("roles")
    with desk_at(way, request, folder) as desk, browser_at(way, desk, folder) as browser:
        yield Stage(browser, desk)


@pytest.mark.parametrize("name", MET)
def test_each_role_meets_what_it_should(stage, name):
    flow = FLOWS[name]()
    for who, met in MET[name].items():
        stage.enter(who)
        try:
            meets(stage, flow, who, met)
            stage.browser.nothing_amiss(STATUS.get(met, 200))
        except Exception as fault:
            stage.browser.forget()
            raise AssertionError(f"{name}, {who}, {met}: at {stage.browser.path}") from fault


def meets(stage, flow, who, met):
    if met == OUT:
        comes_back(stage, flow)
    elif met in STATUS:
        is_kept_out(stage, flow, who, STATUS[met])
    elif met == TOLD:
        is_told(stage, flow, who)
    elif flow.press is None:
        place = flow.make(stage, who)
        stage.browser.open(flow.address(place))
        in_navigation(stage, flow, True)
        flow.shows(stage, place, who)
    else:
        plays(stage, flow, who, met)


def in_navigation(stage, flow, wanted):
    if flow.rail:
        assert (flow.rail in stage.browser.reads("nav.rail a")) == wanted, flow.rail


def links(browser, text):
    return [one for one in browser.all("main a") if one.text == text]


def goes_there(stage, flow, place):
    """By clicks, from the page where it begins."""
    browser = stage.browser
    if flow.rail and not flow.link:
        browser.open(flow.address(place))
        in_navigation(stage, flow, True)
        return
    link = flow.link or flow.menu
    browser.open(flow.begin(place) if link else flow.address(place))
    in_navigation(stage, flow, True)
    if link:
        browser._leave(links(browser, link)[0])
        assert browser.path.split("#")[0] == flow.address(place)


def has_no_link(stage, flow, place, who):
    """On the page where it begins; what somebody sees there is looked at once for all flows."""
    if not flow.link or who in flow.begins:
        return
    page = (who, flow.begin(place))
    if page not in stage.links:
        stage.browser.open(flow.begin(place))
        stage.links[page] = stage.browser.reads("main a")
        stage.browser.nothing_amiss()
    assert stage.links[page], "a page without links"
    assert flow.link not in stage.links[page], f"{flow.link} for {who}"


def is_told(stage, flow, who):
    """The page is there and says why; no button leads to what would be refused."""
    browser = stage.browser
    place = flow.look_at(stage, who)
    before = flow.state(place)
    has_no_link(stage, flow, place, who)
    browser.open(flow.address(place))
    flow.is_told(browser, place, who)
    assert flow.state(place) == before


def plays(stage, flow, who, met):
    """By clicks from the page that leads there to what the API tells of it."""
    browser = stage.browser
    place = flow.make(stage, who)
    before = flow.state(place)
    goes_there(stage, flow, place)
    if met == ASKED:
        asks(stage, flow, place)
        assert flow.state(place) == before, "nothing is done before it is approved"
        return
    assert browser.has(flow.first), f"{flow.first} for {who}"
    flow.fill(browser, place)
    form = stage.form_of(flow.press)
    assert flow.state(place) == before, "nothing is done before the last click"
    if who == "owner":
        does_nothing_for_others(stage, flow, place, form, before)
    browser.press(flow.press)
    after = flow.state(place)
    assert flow.is_done(before, after), (before, after, browser.text())


def asks(stage, flow, place):
    browser = stage.browser
    flow.ask(browser, place)
    browser.press("main form:has(#comment) button.primary")
    assert browser.path.startswith("/requests/"), browser.path
    assert "Waiting for approval" in browser.text("h1")


def does_nothing_for_others(stage, flow, place, form, before):
    """The same form does nothing for whoever may not, however they came by it."""
    for who, met in MET[type(flow).__name__].items():
        if met != DONE and who not in flow.not_shown:
            answer = stage.sends(who, form)
            assert flow.state(place) == before, f"{who} did it: {answer.status_code}"


def is_kept_out(stage, flow, who, status):
    """Nothing leads there, and the address leads to a page that says what to do."""
    browser = stage.browser
    place = flow.look_at(stage, who)
    before = flow.state(place)
    if status == STATUS[REFUSED]:
        has_no_link(stage, flow, place, who)
    browser.open(flow.address(place))
    in_navigation(stage, flow, False)
    assert browser.text("h1") == HEADINGS[status]
    assert all(browser.reads(".advice li")), "it says what to do"
    assert browser.reads(".actions a") == ["To the first page", "To the list of reservations"]
    assert flow.state(place) == before


def comes_back(stage, flow):
    """Who is not signed in is led to sign in and back; a session that ends before the last click
    takes nothing that was entered with it, and leaves nothing done."""
    browser = stage.browser
    place = flow.make(stage, "owner")
    before = flow.state(place)
    browser.open(flow.address(place))
    asked = browser.path
    assert asked.startswith("/sign-in?next="), asked
    by_hand = isinstance(flow, BY_HAND)
    if by_hand:
        stage.sign_in_here("owner")
    else:
        stage.enter("owner")
        browser.open(asked)
    assert browser.path == flow.address(place)
    if flow.press is None:
        return
    if MET[type(flow).__name__]["owner"] == ASKED:
        asks(stage, flow, place)
        assert flow.state(place) == before
        return
    flow.fill(browser, place)
    form = stage.form_of(flow.press)
    stage.lose_session()
    browser.press(flow.press)
    goes_on(stage, flow, place, before, by_hand)
    after = flow.state(place)
    assert flow.is_done(before, after), (before, after)
    stage.sessions["owner"] = browser.driver.get_cookie(SESSION)
    stage.sends("owner", form)
    assert flow.is_done(before, flow.state(place)), "it was done twice"


def goes_on(stage, flow, place, before, by_hand):
    """After a session ended: with what was typed, or where nothing was, with the page that was left."""
    browser = stage.browser
    if browser.path.startswith("/sign-in?"):
        stage.enter("owner")
        browser.open(browser.path)
    else:
        assert browser.text("h1") == "You are not signed in any more"
        browser.nothing_amiss(403)
        if by_hand:
            stage.sign_in_beside("owner")
        else:
            browser.driver.add_cookie(stage.sessions["owner"])
        browser.button("Send it again")
        assert "of an earlier session" in browser.text("main .lead")
        browser.nothing_amiss(403)
        assert flow.state(place) == before
        browser.button("Send it again")
        if not browser.has("#confirmed"):
            return
        browser.nothing_amiss(422)
    assert flow.state(place) == before, "what cannot be undone is confirmed anew"
    browser.one("#confirmed").click()
    browser.press(flow.press)
