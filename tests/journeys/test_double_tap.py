"""Presses that come twice: a double tap on the way on skips nothing, and an own card is removed once and comes back."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import NewPage
from tests.journeys.presses import YES, at, chosen, named, press, seat


def middle(page: Page, words: str) -> tuple[float, float]:
    """Where a button is on the screen."""
    box = named(page, words).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def double_tap(page: Page) -> None:
    """Two quick presses on the same spot, of which the second meets the next page just as it has come."""
    spot = middle(page, "Next card")
    expect(page.locator(".bottom-bar-in")).to_have_css("pointer-events", "auto")
    page.mouse.dblclick(*spot)
    page.wait_for_url("**/s/card/2", wait_until="commit")
    page.wait_for_load_state("load")
    assert abs(middle(page, "Next card")[1] - spot[1]) < 20, "the next page has its button in another place"
    page.mouse.dblclick(*spot)
    page.wait_for_timeout(300)


def without_pause(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r"pointer-events: ?none", "", answer.text()))


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def on_a_card(request: pytest.FixtureRequest, new_page: NewPage) -> Callable[[], Page]:
    """Opens the first card, with script or without."""

    def opened() -> Page:
        page = new_page(viewport={"width": 820, "height": 1180})
        seat(page)
        if request.param:
            return page
        bare = new_page(viewport={"width": 820, "height": 1180}, java_script_enabled=False)
        bare.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        bare.goto("/s/card/1")
        return bare

    return opened


def test_double_tap_on_next_skips_no_card(on_a_card: Callable[[], Page]) -> None:
    page = on_a_card()
    double_tap(page)
    at(page, "/s/card/2")
    named(page, "Next card").click()
    at(page, "/s/card/3")


def test_control_without_the_pause_a_double_tap_skips_a_card(on_a_card: Callable[[], Page]) -> None:
    page = on_a_card()
    page.context.route("**/client-*.css", without_pause)
    skipped = False
    for _ in range(5):  # on a busy machine the second press may still meet the page before
        page.goto("/s/card/1")
        double_tap(page)
        with suppress(AssertionError):
            expect(page).to_have_url(re.compile("/s/card/3$"), timeout=3_000)
            skipped = True
            break
    page.wait_for_load_state("networkidle")
    page.context.unroute_all(behavior="ignoreErrors")
    assert skipped


def test_pause_holds_where_less_motion_is_wanted_and_for_no_key(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 820, "height": 1180}, reduced_motion="reduce")
    seat(page)
    double_tap(page)
    at(page, "/s/card/2")
    page.goto("/s/card/1")
    named(page, "Next card").focus()
    page.keyboard.press("Enter")
    at(page, "/s/card/2")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_own_card_removed_by_two_taps_is_gone_once_and_comes_back(new_page: NewPage, *, script: bool) -> None:
    first = new_page(viewport={"width": 820, "height": 1180}, has_touch=True)
    seat(first)
    page = new_page(viewport={"width": 820, "height": 1180}, has_touch=True, java_script_enabled=script)
    page.context.add_cookies(first.context.cookies())  # type: ignore[arg-type]
    for title in ("My allotment", "My brother"):
        page.goto("/s/own")
        page.get_by_label("What do you want to work on?").fill(title)
        press(page, "Add this card", "/s/card/2[56]")
        chosen(page, YES).tap()
        expect(chosen(page, YES)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    page.goto("/s/card/25")
    page.mouse.dblclick(*middle(page, "Remove this card"))
    at(page, "/s/cards")
    removed = page.locator("[data-removed]")
    expect(removed).to_have_count(1)
    expect(removed).to_contain_text("My allotment")
    expect(page.locator(".answer-name", has_text="My brother")).to_have_count(1)
    removed.get_by_role("button").tap()
    expect(removed).to_have_count(0)
    at(page, "/s/cards")
    row = page.locator(".answer", has_text="My allotment")
    expect(row).to_contain_text("Yes")
