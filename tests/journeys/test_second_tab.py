"""P01: every tab of a browser empties itself when the seat changes in one, and asks before it shows anything again."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from decisionaid.demonstration import PASSWORD, PIN
from tests.journeys import weakened
from tests.journeys.conftest import NewPage
from tests.journeys.presses import SORTER, at, hand_over, named, open_client, press, sign_in
from tests.journeys.presses import seat as seat_client
from tests.journeys.test_hand_over import CLIENT, OTHER

AT_ONCE = 1.0
"""Seconds until another tab is empty."""

Act = Callable[[Page], None]


def give_tablet(page: Page) -> None:
    open_client(page, SORTER)
    named(page, f"Find a quiet time for {SORTER}’s cards").click()
    hand_over(page)


def lock(page: Page) -> None:
    press(page, "Lock the desk", "/desk/locked")


def locked(page: Page) -> None:
    sign_in(page)
    lock(page)


def unlock(page: Page) -> None:
    page.get_by_label("PIN").fill(PIN)
    press(page, "Open the desk", "/desk/")


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
    press(page, "To the desk" if clients else "Open the desk", "/desk/")


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


def empties(tab: Page, words: str) -> None:
    until = time.monotonic() + AT_ONCE
    while words in shown(tab):
        assert time.monotonic() < until, shown(tab)[:300]
        time.sleep(0.02)


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", CHANGES)
def test_other_tab_when_the_seat_changes_is_empty_at_once(new_page: NewPage, address: str, name: str) -> None:
    """The way leaves out that the tab then asks the server, so that what stands there before can be looked at."""
    change = CHANGES[name]
    with weakened.way(address, weakened.without("location.replace")) as way:
        page = new_page(base_url=way)
        tab = opened(page, change)
        change.act(page)
        empties(tab, change.words)
        assert shown(tab) == "" or (name in LEFT and tab.locator("body").inner_text().strip() == "This page is closed")


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", [*SOME, "the client leaves"])
def test_other_tab_then_asks_the_server_what_to_show(tablet: Page, name: str) -> None:
    change = CHANGES[name]
    tab = opened(tablet, change)
    change.act(tablet)
    at(tab, change.then)
    expect(tab.locator("h1")).to_be_visible()


@pytest.mark.promise("P01")
@pytest.mark.parametrize("name", SOME)
def test_control_without_the_measure_the_other_tab_keeps_its_words(new_page: NewPage, address: str, name: str) -> None:
    change = CHANGES[name]
    with weakened.way(address, weakened.without("epoch")) as way:
        page = new_page(base_url=way)
        tab = opened(page, change)
        change.act(page)
        time.sleep(AT_ONCE)
        assert change.words in shown(tab)
