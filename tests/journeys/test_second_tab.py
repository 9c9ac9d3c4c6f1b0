"""P01: every tab of a browser empties itself when the seat changes in one, and asks before it shows anything again."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from decisionaid.demonstration import PASSWORD, PIN
from tests.journeys import weakened
from tests.journeys.conftest import NewPage
from tests.journeys.device import Eyes
from tests.journeys.presses import SORTER, YES, at, chosen, hand_over, named, open_client, press, sign_in
from tests.journeys.presses import seat as seat_client
from tests.journeys.test_hand_over import CLIENT, FEW, MEASURES, OTHER, held, to_client
from tests.turns import FULL

AT_ONCE = 1.0
"""Seconds until another tab is empty, counted in the pages themselves: from the press that leaves, or from when the
next page begins to come in the first tab."""
PATIENCE = 10.0
"""Seconds until the test has to have seen it, on however slow a machine."""

GONE = """(words) => new MutationObserver(() => {
  if (!document.documentElement?.innerHTML.includes(words)) window.goneAt ??= Date.now();
}).observe(document, { childList: true, subtree: true })"""
PRESSED = "addEventListener('submit', () => (window.pressedAt = Date.now()), true)"
BEGAN = """window.pressedAt
  ?? performance.timeOrigin + performance.getEntriesByType("navigation")[0].responseStart"""

Act = Callable[[Page], None]


def give_tablet(page: Page) -> None:
    open_client(page, SORTER)
    named(page, f"Give {SORTER} the tablet").click()
    hand_over(page)


def lock(page: Page) -> None:
    press(page, "Lock", "/desk/locked")


def locked(page: Page) -> None:
    sign_in(page)
    lock(page)


def unlock(page: Page) -> None:
    page.get_by_label("PIN").fill(PIN)
    press(page, "Unlock", "/desk/")


def sign_out(page: Page) -> None:
    page.goto("/desk/account")
    press(page, "Sign out", "/sign-in")


def sit_together(page: Page) -> None:
    open_client(page, OTHER)
    page.locator('form[action$="/together"] button').first.click()
    at(page, "/together/.*")


def together(page: Page) -> None:
    sign_in(page)
    sit_together(page)


def to_desk(page: Page) -> None:
    clients = "/s/" in page.url
    page.goto("/s/back" if clients else "/together/desk")
    page.get_by_label("PIN").fill(PIN)
    press(page, "Go to my client list" if clients else "Unlock", "/desk/")


def leave(page: Page) -> None:
    press(page, "Leave this page", "/away")


def own_card(page: Page) -> None:
    """The tablet in the hands of a client who wrote a card of their own."""
    seat_client(page)
    page.goto("/s/own")
    page.locator("[name=title]").fill(CLIENT)
    press(page, "Add this card", "/s/card/[0-9]+")


def change_password(page: Page) -> None:
    page.goto("/desk/account/password")
    for name, word in (("current", PASSWORD), ("password", "another long one"), ("password_again", "another long one")):
        page.locator(f"[name={name}]").fill(word)
    page.locator("main form button").click()
    at(page, "/desk/account")


def nobody(page: Page) -> None:
    page.goto("/away")


@dataclass(frozen=True)
class Change:
    """One change of seat: how it begins, what the second tab shows then, what is done, and what the tab shows after."""

    begin: Act
    path: str
    words: str
    act: Act
    then: str


CHANGES = {
    "hand-over": Change(sign_in, "/desk/", OTHER, give_tablet, "/s/.*"),
    "lock": Change(sign_in, "/desk/", OTHER, lock, "/desk/locked"),
    "unlock": Change(locked, "/desk/locked", "PIN", unlock, "/desk/"),
    "sign out": Change(sign_in, "/desk/", OTHER, sign_out, "/sign-in"),
    "sign in": Change(nobody, "/sign-in", "Login", sign_in, "/desk/"),
    "sit together": Change(sign_in, "/desk/", OTHER, sit_together, "/together/.*"),
    "together to desk": Change(together, "/together/", OTHER, to_desk, "/desk/"),
    "hand-back": Change(own_card, "/s/cards", CLIENT, to_desk, "/desk/"),
    "the client leaves": Change(own_card, "/s/cards", CLIENT, leave, "/away"),
    "both leave": Change(together, "/together/", OTHER, leave, "/away"),
    "password changed": Change(sign_in, "/desk/", OTHER, change_password, "/desk/"),
}
SOME = ("hand-over", "lock", "sign out", "sit together", "hand-back")
TRIED = tuple(CHANGES) if FULL else (*SOME, "the client leaves")
"""In ./test some of the changes, which leave no kind of them out; with PROMISES=full all of them."""
CONTROLS = SOME if FULL else ("hand-over", "lock")
LEFT = ("the client leaves", "both leave")
"""Where the second tab shows the neutral page's words at once, and needs no server for them."""


def opened(page: Page, change: Change) -> Page:
    """The second tab, with those words on it."""
    change.begin(page)
    tab = page.context.new_page()
    tab.goto(change.path)
    expect(tab.locator("body")).to_contain_text(change.words)
    return tab


def shown(tab: Page) -> str:
    """All that stands in the tab, but its neutral title."""
    return str(tab.evaluate("document.documentElement.innerHTML"))


def seconds_until_gone(page: Page, tab: Page) -> float:
    """How long the words stood in the second tab after the seat had changed in the first."""
    until = time.monotonic() + PATIENCE
    while (gone := tab.evaluate("window.goneAt")) is None:
        assert time.monotonic() < until, shown(tab)[:300]
        time.sleep(0.05)
    return float(gone - page.evaluate(BEGAN)) / 1000


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", TRIED)
def test_other_tab_when_the_seat_changes_is_empty_at_once(new_page: NewPage, address: str, name: str) -> None:
    """The way leaves out that the tab then asks the server, so that what stands there before can be looked at."""
    change = CHANGES[name]
    with weakened.way(address, weakened.without("location.replace")) as way:
        page = new_page(base_url=way)
        tab = opened(page, change)
        tab.evaluate(GONE, change.words)
        page.evaluate(PRESSED)
        change.act(page)
        assert seconds_until_gone(page, tab) < AT_ONCE
        assert shown(tab) == "" or (name in LEFT and tab.locator("body").inner_text().strip() == "This page is closed")


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", ["hand-over", "lock", "the client leaves"])
def test_other_tab_then_asks_the_server_what_to_show(tablet: Page, name: str) -> None:
    change = CHANGES[name]
    tab = opened(tablet, change)
    change.act(tablet)
    at(tab, change.then)
    expect(tab.locator("h1")).to_be_visible()


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", CONTROLS)
def test_control_without_the_measure_the_other_tab_keeps_its_words(new_page: NewPage, address: str, name: str) -> None:
    change = CHANGES[name]
    with weakened.way(address, weakened.without("epoch")) as way:
        page = new_page(base_url=way)
        tab = opened(page, change)
        change.act(page)
        time.sleep(AT_ONCE)
        assert change.words in shown(tab)


# A tab that slept

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""The tab is put away, or looked at again: a browser without a window tells no page of that."""

DEAF = """addEventListener("storage", (event) => event.stopImmediatePropagation(), true);"""
"""The tab hears nothing, as while it is frozen."""


def asleep(page: Page, begin: Act, path: str, words: str) -> Page:
    begin(page)
    tab = page.context.new_page()
    tab.add_init_script(DEAF)
    tab.goto(path)
    expect(tab.locator("body")).to_contain_text(words)
    tab.evaluate(HIDE, True)
    return tab


def covered(tab: Page) -> bool:
    return str(tab.evaluate("getComputedStyle(document.documentElement).opacity")) == "0"


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", ["hand-over", "lock", "sign out"])
def test_tab_that_slept_meanwhile_is_covered_and_gives_way_on_waking(tablet: Page, name: str) -> None:
    change = CHANGES[name]
    tab = asleep(tablet, change.begin, change.path, change.words)
    change.act(tablet)
    assert change.words in shown(tab), "control: it heard of the change while it slept"
    assert covered(tab)
    tab.evaluate(HIDE, False)
    at(tab, change.then)
    assert not covered(tab)


@pytest.mark.promise("P01")
@pytest.mark.parametrize("how", ["idle", "disabled"])
def test_tab_whose_seat_ended_on_the_server_gives_way_on_waking(tablet: Page, tmp_path: Path, how: str) -> None:
    tab = asleep(tablet, sign_in, "/desk/", OTHER)
    with closing(sqlite3.connect(tmp_path / "demonstration.db")) as db, db:
        if how == "idle":
            db.execute("UPDATE seat SET seen_at = ends_at, ends_at = opened_at")
        else:
            db.execute("UPDATE staff SET disabled_at = created_at WHERE login = 'maya'")
    assert OTHER in shown(tab) and covered(tab)
    tab.evaluate(HIDE, False)
    at(tab, "/sign-in")
    assert OTHER not in tab.content()


@pytest.mark.promise("P01")
def test_tab_of_the_same_seat_is_shown_again_as_it_was(tablet: Page) -> None:
    tab = asleep(tablet, sign_in, "/desk/clients/new", "Name")
    tab.locator("[name=name]").fill(OTHER)
    tablet.goto("/desk/plans")
    tab.evaluate(HIDE, False)
    expect(tab.locator("html")).to_have_css("opacity", "1")
    expect(tab.locator("[name=name]")).to_have_value(OTHER)


def test_tab_that_can_ask_nobody_is_shown_again_for_a_while_only(tablet: Page) -> None:
    tablet.clock.install()
    sign_in(tablet)
    tablet.evaluate(HIDE, True)
    tablet.context.set_offline(True)
    tablet.evaluate(HIDE, False)
    expect(tablet.locator("html")).to_have_css("opacity", "1")
    tablet.evaluate(HIDE, True)
    tablet.clock.fast_forward("31:00")
    tablet.evaluate(HIDE, False)
    time.sleep(0.5)
    assert covered(tablet)
    tablet.context.set_offline(False)
    tablet.clock.fast_forward("00:03")
    at(tablet, "/(desk/)?")
    expect(tablet.locator("html")).to_have_css("opacity", "1")


@pytest.mark.promise("P25")
def test_choices_that_wait_unsent_stay_when_the_same_seat_opens_another_tab(tablet: Page) -> None:
    seat_client(tablet)
    tablet.route("**/s/card/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    chosen(tablet, YES).click()
    expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "offline")
    tab = tablet.context.new_page()
    tab.goto("/s/cards")
    tablet.evaluate(HIDE, True)
    tablet.evaluate(HIDE, False)
    time.sleep(AT_ONCE)
    expect(chosen(tablet, YES)).to_have_attribute("aria-pressed", "true")
    tablet.unroute("**/s/card/*")
    expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    tab.goto("/s/card/1")
    expect(chosen(tab, YES)).to_have_attribute("aria-pressed", "true")


# What the tab shows later, and what the device keeps


@pytest.mark.promise("P01")
def test_back_and_forward_in_the_other_tab_show_nothing(chrome: Browser, address: str, tmp_path: Path) -> None:
    with held(chrome, tmp_path / "profile", address) as (page, _):
        sign_in(page)
        tab = page.context.new_page()
        eyes = Eyes(tab)
        for path in ("/desk/clients/new", "/desk/plans", "/desk/"):
            tab.goto(path)
        expect(tab.locator("body")).to_contain_text(OTHER)
        give_tablet(page)
        at(tab, "/s/.*")
        eyes.about(FEW)
        assert eyes.traces((OTHER,)) == []
        kept = page.evaluate("JSON.stringify(localStorage)")
        assert OTHER not in kept and [*json.loads(kept)] in ([], ["seat"])


@pytest.mark.promise("P01")
def test_an_old_page_that_back_brings_does_not_speak_for_who_is_here(
    chrome: Browser, address: str, tmp_path: Path
) -> None:
    missing = [weaken for name, weaken in MEASURES.items() if name != "name of the sitting"]
    with held(chrome, tmp_path / "profile", address, *missing) as (page, eyes):
        to_client(page)
        tab = page.context.new_page()
        tab.goto("/s/welcome")
        tab.evaluate("window.untouched = true")
        eyes.about(FEW)
        assert tab.evaluate("window.untouched"), "an old page made the tab of the present seat give way"


@pytest.mark.promise("P01")
def test_without_script_the_other_tab_gives_way_at_its_next_contact(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page)
    tab = page.context.new_page()
    tab.goto("/desk/")
    give_tablet(page)
    tab.reload()
    assert OTHER not in tab.content()
    assert tab.get_by_role("heading", level=1).inner_text() == "Page not found"


@pytest.mark.promise("P13")
def test_no_address_leads_a_tab_that_gives_way_elsewhere(tablet: Page, address: str) -> None:
    """A path that begins with two slashes is another site's address, where a page sends itself there."""
    sign_in(tablet)
    tab = tablet.context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}//elsewhere.invalid/<img src=x onerror=alert(1)>")
    sign_out(tablet)
    tab.wait_for_timeout(1000 * AT_ONCE)
    assert len(asked) > 2
    assert [url for url in asked if not url.startswith(f"{address}/")] == []
