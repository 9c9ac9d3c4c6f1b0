"""After "Leave this page", the browser's Back shows nothing of the client's, whatever the browser has kept of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.presses import YES, rate, seat

WORDS = "To see my girl at weekends."


@pytest.fixture
def left(tablet: Page) -> Page:
    """A tablet whose client wrote something, saw it, and left."""
    seat(tablet)
    rate(tablet, "/s", [YES])
    tablet.goto("/s/words")
    tablet.locator("[name=what_matters]").fill(WORDS)
    tablet.get_by_role("button", name="Save", exact=True).click()
    expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    tablet.goto("/s/check")
    expect(tablet.locator("main")).to_contain_text(WORDS)
    tablet.get_by_role("button", name="Leave this page").click()
    expect(tablet.locator("body:not([data-page=check])")).to_have_count(1)
    return tablet


def test_back_after_leaving_shows_nothing_of_the_clients(left: Page) -> None:
    assert WORDS not in left.content()
    for _ in range(3):
        left.go_back()
        left.wait_for_load_state()
        assert WORDS not in left.content()
        assert left.locator("[data-page=card], [data-page=words], [data-page=check]").count() == 0
