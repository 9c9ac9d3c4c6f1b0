"""P01, P03: what was typed and refused goes with the person who typed it: no prompt to send it again, no word of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route

from tests.journeys.device import Eyes, device
from tests.journeys.left_behind import words_in
from tests.journeys.presses import SORTER, finish, hand_over, named, open_client, press, sign_in
from tests.journeys.test_hand_over import OTHER, settled, to_desk

CARD, CLIENT = "Amberlight", "Marrowstone"
"""Typed by a client for a card of their own, and by the keyworker as a new client's name; both refused at first."""

TOO_LONG = f"{CARD} " * 9
FEW = 7
CLIENT_NAME = f"{CLIENT} " * 9


def second_person(page: Page) -> None:
    """The desk, and then the tablet in the hands of the next client."""
    to_desk(page)
    open_client(page, OTHER)
    page.locator('form[action$="/together"] button').first.click()


def to_own_card(page: Page) -> None:
    """A client with room for a card of their own before them."""
    sign_in(page)
    open_client(page, SORTER)
    named(page, f"Give {SORTER} the tablet").click()
    hand_over(page)
    press(page, "Start", "/s/say")
    page.goto("/s/own")


def first_person(page: Page) -> None:
    """A client whose own card is too long, who shortens it and finishes."""
    to_own_card(page)
    refuse(page, "title", TOO_LONG, "Add this card")
    shorten(page)


def shorten(page: Page) -> None:
    page.locator("[name=title]").fill("Sleep")
    press(page, "Add this card", "/s/card/[0-9]+")
    finish(page)


def refuse(page: Page, field: str, typed: str, button: str) -> None:
    """Send what is too long, and see it come back with its message."""
    page.locator(f"[name={field}]").fill(typed)
    named(page, button).click()
    page.locator("[data-error-summary]").wait_for()
    assert typed.strip() in page.locator(f"[name={field}]").input_value()


def resends(page: Page) -> list[str]:
    """The bodies that Back, Forward and reload would send again."""
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "POST" else None)
    return sent


@contextmanager
def held(chrome: Browser, profile: Path, address: str, *, script: bool = True) -> Iterator[Page]:
    """A tablet with a profile of its own, with script or without."""
    with device(chrome, profile, address, script=script) as context:
        yield context.pages[0]


def go_about(page: Page) -> list[str]:
    """Back, Forward and a reload at each step; the words seen, and the presses sent again by them."""
    eyes, sent = Eyes(page), resends(page)
    settled(page)
    for _ in range(FEW):
        with suppress(Error):
            page.go_back(timeout=3000)
        with suppress(Error):
            page.reload(timeout=3000)
        eyes.look()
    eyes.about(FEW)
    return eyes.traces((CARD, CLIENT)) + [body for body in sent if CARD in body or CLIENT in body]


@pytest.mark.promise("P03")
@pytest.mark.parametrize("script", [True, False])
def test_nothing_refused_is_found_by_the_next_person(
    chrome: Browser, address: str, tmp_path: Path, *, script: bool
) -> None:
    profile = tmp_path / "profile"
    with held(chrome, profile, address, script=script) as page:
        first_person(page)
        second_person(page)
        assert go_about(page) == []
    assert words_in(profile, (CARD, CLIENT)) == {}


@pytest.mark.promise("P03")
def test_refused_name_of_a_new_client_is_not_found_on_the_tablet(chrome: Browser, address: str, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with held(chrome, profile, address) as page:
        sign_in(page)
        page.goto("/desk/clients/new")
        page.locator("[name=reference]").fill("QF-1")
        refuse(page, "name", CLIENT_NAME, "Add this client")
        open_client(page, SORTER)
        named(page, f"Give {SORTER} the tablet").click()
        hand_over(page)
        assert go_about(page) == []
    assert words_in(profile, (CARD, CLIENT)) == {}


@pytest.mark.promise("P03")
def test_control_page_that_answers_the_press_keeps_its_words(chrome: Browser, address: str, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with held(chrome, profile, address) as page:
        to_own_card(page)
        page.route("**/s/own", _answer_at_once)
        refuse(page, "title", TOO_LONG, "Add this card")
        page.unroute("**/s/own")
        shorten(page)
        second_person(page)
        settled(page)
    assert CARD in words_in(profile, (CARD,))


def _answer_at_once(route: Route) -> None:
    """Answer a refused press with its page, status 422, as the program once did."""
    if route.request.method == "POST":
        answer = route.fetch(max_redirects=5)
        route.fulfill(status=422, body=answer.body(), headers=answer.headers)
    else:
        route.continue_()
