"""The order by tap alone, on a touch screen: no drag, no mouse, no key."""

from playwright.sync_api import Page, expect

from tests.journeys.presses import MAYBE, YES, offered, order, rate, seat


def tap(page: Page, name: str, card: str) -> None:
    page.locator(f'[name={name}][value="{card}"]').tap()


def test_cards_are_put_in_order_by_tap_alone(tablet: Page) -> None:
    seat(tablet)
    rate(tablet, "/s", [YES, MAYBE, YES])
    tablet.goto("/s/order")
    first, second, third = offered(tablet)
    for count, card in enumerate((first, second, third), 1):
        tap(tablet, "add", card)
        expect(tablet.locator("[data-card]")).to_have_count(count)
    assert order(tablet) == [first, second, third]
    tap(tablet, "up", third)
    expect(tablet.locator("[data-card]").nth(1)).to_have_attribute("data-card", third)
    tap(tablet, "down", first)
    expect(tablet.locator("[data-card]").nth(0)).to_have_attribute("data-card", third)
    tap(tablet, "out", second)
    expect(tablet.locator("[data-card]")).to_have_count(2)
    tablet.reload()
    assert order(tablet) == [third, first] and offered(tablet) == [second]
