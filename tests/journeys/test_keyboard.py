"""The client's way by keyboard alone: Tab to it, Space or Enter presses it, and the mouse is never touched."""

from playwright.sync_api import Page, expect

from tests.journeys.presses import MAYBE, NOT_NOW, YES, at, chosen, offered, order, seat

STEPS = 120
"""How often Tab is pressed before something counts as out of reach."""


def reach(page: Page, selector: str) -> None:
    """Tab until what `selector` names has the focus, and shows it."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none", f"nothing shows the focus on {selector}"
            return
    raise AssertionError(f"{STEPS} times Tab on {page.url} did not reach {selector}")


def follow(page: Page, then: str) -> None:
    """On with the one main link or button at the foot of the page."""
    reach(page, ".bottom-bar .button-main")
    page.keyboard.press("Enter")
    at(page, then)


def test_a_client_rates_orders_and_finishes_by_keyboard_alone(tablet: Page) -> None:
    seat(tablet)
    for place, answer in enumerate((YES, NOT_NOW, MAYBE, YES), 1):
        reach(tablet, f"[name=answer][value={answer}]")
        tablet.keyboard.press("Space")
        expect(chosen(tablet, answer)).to_have_attribute("aria-pressed", "true")
        expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "saved")
        follow(tablet, f"/s/card/{place + 1}")
    tablet.goto("/s/order")
    cards = offered(tablet)
    assert len(cards) == 3
    # Placing a card leaves the focus on the next one in the pile.
    reach(tablet, f'[name=add][value="{cards[0]}"]')
    for count in (1, 2, 3):
        tablet.keyboard.press("Enter")
        expect(tablet.locator("[data-card]")).to_have_count(count)
    assert order(tablet) == cards
    tablet.goto("/s/order")
    reach(tablet, f'[name=up][value="{cards[2]}"]')
    tablet.keyboard.press("Space")
    expect(tablet.locator("[data-card]").nth(1)).to_have_attribute("data-card", cards[2])
    tablet.goto("/s/check")
    follow(tablet, "/s/done")
