"""The client's way in a browser that runs no script: every press is a form or a link."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.presses import (
    MAYBE,
    NOT_NOW,
    SORTER,
    YES,
    at,
    chosen,
    finish,
    hand_over,
    named,
    offered,
    open_client,
    order,
    press,
    sign_in,
)


def rate(page: Page, place: int, answer: str) -> None:
    page.goto(f"/s/card/{place}")
    chosen(page, answer).click()
    at(page, f"/s/card/{place}")
    expect(chosen(page, answer)).to_have_attribute("aria-pressed", "true")


def test_a_client_rates_orders_and_finishes_without_script(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 820, "height": 1180})
    sign_in(page)
    open_client(page, SORTER)
    named(page, f"Give {SORTER} the tablet").click()
    hand_over(page)
    press(page, "Start", "/s/say")
    for place, answer in enumerate((YES, NOT_NOW, MAYBE, YES), 1):
        rate(page, place, answer)
    page.goto("/s/order")
    cards = offered(page)
    assert len(cards) == 3
    for count, card in enumerate(cards, 1):
        page.locator(f'[name=add][value="{card}"]').click()
        expect(page.locator("[data-card]")).to_have_count(count)
    page.locator(f'[name=up][value="{cards[2]}"]').click()
    expect(page.locator("[data-card]").nth(1)).to_have_attribute("data-card", cards[2])
    assert order(page) == [cards[0], cards[2], cards[1]]
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(SORTER)
