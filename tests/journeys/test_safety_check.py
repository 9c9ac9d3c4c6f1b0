"""The safety check by tap, with and without script: the way on changes its words at the press, and two noes end it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import check_accessible
from tests.journeys.conftest import NewPage
from tests.journeys.presses import at, chosen, named, press, seat


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def device(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=request.param)
    seat(page)
    page.goto("/s/safe")
    at(page, "/s/safe/1")
    return page


def answer(page: Page, given: str) -> None:
    chosen(page, given).click()
    expect(chosen(page, given)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def test_two_noes_end_the_check(device: Page) -> None:
    for question in ("1", "2"):
        at(device, f"/s/safe/{question}")
        expect(named(device, "Skip this for now")).to_be_visible()
        answer(device, "no")
        expect(device.get_by_role("link", name="Skip this for now")).to_be_hidden()
        press(device, "Next", "/s/safe/.*")
    at(device, "/s/safe/end")
    press(device, "Next", "/s/check")


def test_a_yes_to_alcohol_asks_on(device: Page) -> None:
    answer(device, "yes")
    press(device, "Next", "/s/safe/2")
    answer(device, "no")
    press(device, "Next", "/s/safe/3")
    answer(device, "skipped")
    expect(device.locator(".safety")).to_be_visible()
    expect(named(device, "Next")).to_be_visible()


def test_the_way_on_stands_beside_back_before_and_after_the_answer(device: Page) -> None:
    """The one that is not shown takes no room."""
    level = "one => one.getBoundingClientRect().top"
    assert named(device, "Skip this for now").evaluate(level) == named(device, "Back").evaluate(level)
    answer(device, "no")
    assert named(device, "Next").evaluate(level) == named(device, "Back").evaluate(level)


def test_the_end_is_accessible(tablet: Page) -> None:
    seat(tablet)
    tablet.goto("/s/safe/end")
    check_accessible(tablet)
