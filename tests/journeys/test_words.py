"""The client's own words by tap: "why not lower?" comes with a number above 0, and a number can be removed, with and
without script; a card that is pressed in a full list says so where it stands."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.presses import YES, at, named, order, rate, seat

REMOVE = re.compile("Remove this number.*How much does this matter")
FULL = "Your list is full. Put one card back first."


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def device(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=request.param)
    seat(page)
    rate(page, "/s", [YES] * 6)
    return page


def place(page: Page, cards: int) -> None:
    """Put so many cards in order."""
    page.goto("/s/order")
    for count in range(1, cards + 1):
        page.locator("[name=add]").first.click()
        expect(page.locator("[data-card]")).to_have_count(count)


def give(page: Page, number: int) -> None:
    """A number to how much the card matters."""
    page.locator(f"[name=importance][value='{number}']").check(force=True)


def save(page: Page) -> None:
    named(page, "Save").click()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def test_why_not_lower_is_asked_above_0_and_a_number_can_be_removed(device: Page) -> None:
    place(device, 2)
    device.goto("/s/words/1")
    why = device.locator("[name=importance_why]")
    remove = device.get_by_role("button", name=REMOVE)
    for asked in (why, remove, device.locator("[name=confidence_why]")):
        expect(asked).to_be_hidden()
    give(device, 0)
    expect(why).to_be_hidden()
    expect(remove).to_be_visible()
    give(device, 7)
    expect(why).to_be_visible()
    expect(device.locator("[name=confidence_why]")).to_be_hidden()
    save(device)
    device.reload()
    expect(device.locator("[name=importance][value='7']")).to_be_checked()
    remove.click()
    expect(device.locator("[name=importance]:checked")).to_have_count(0)
    expect(device.locator("[data-saved]")).to_have_attribute("data-state", re.compile("^(saved)?$"))
    expect(why).to_be_hidden()
    expect(remove).to_be_hidden()
    device.goto("/s/words/1")
    expect(device.locator("[name=importance]:checked")).to_have_count(0)


def test_words_that_were_written_stay_in_sight_when_the_number_goes(device: Page) -> None:
    place(device, 1)
    device.goto("/s/words/1")
    give(device, 5)
    device.locator("[name=importance_why]").fill("For my girl.")
    save(device)
    device.get_by_role("button", name=REMOVE).click()
    expect(device.locator("[name=importance]:checked")).to_have_count(0)
    expect(device.locator("[name=importance_why]")).to_be_visible()
    expect(device.locator("[name=importance_why]")).to_have_value("For my girl.")


def test_words_can_be_left_at_once_and_what_was_typed_is_there(device: Page) -> None:
    place(device, 2)
    device.goto("/s/words")
    device.locator("[name=what_matters]").fill("My mornings")
    named(device, "Skip to the next part").click()
    at(device, "/s/goal")
    device.goto("/s/words")
    expect(device.locator("[name=what_matters]")).to_have_value("My mornings")


def test_a_card_pressed_in_a_full_list_says_so_there(device: Page) -> None:
    place(device, 5)
    before = order(device)
    left = device.locator(".pile > li")
    expect(left.first.get_by_text(FULL)).to_be_hidden()
    left.first.locator("button").click()
    expect(left.first.get_by_text(FULL)).to_be_visible()
    assert order(device) == before
    device.locator("[name=out]").first.click()
    expect(device.locator("[data-card]")).to_have_count(4)
    expect(device.get_by_text(FULL)).to_have_count(0)


def test_a_full_list_is_announced_and_nothing_is_sent(tablet: Page) -> None:
    seat(tablet)
    rate(tablet, "/s", [YES] * 7)
    place(tablet, 5)
    sent: list[str] = []
    tablet.on("request", lambda request: sent.append(request.url))
    left = tablet.locator(".pile > li")
    left.nth(1).locator("button").click()
    expect(tablet.locator("[data-moved]")).to_have_text(FULL)
    left.nth(0).locator("button").click()
    expect(left.nth(0).get_by_text(FULL)).to_be_visible()
    expect(left.nth(1).get_by_text(FULL)).to_be_hidden()
    assert sent == []
