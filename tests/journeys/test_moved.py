"""A card that moves in the order: the focus stays on it, and a live region says where it went."""

from playwright.sync_api import Page, expect

from tests.journeys.presses import YES, chosen, order, seat


def test_a_card_that_moves_keeps_the_focus_and_is_announced(tablet: Page) -> None:
    seat(tablet)
    for place in (1, 2, 3):
        tablet.goto(f"/s/card/{place}")
        chosen(tablet, YES).click()
        expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    tablet.goto("/s/order")
    focus = "document.activeElement.name + ' ' + document.activeElement.value"
    moved = tablet.locator("[data-moved]")
    for count in (1, 2, 3):
        tablet.locator("[name=add]").first.focus()
        name = tablet.locator("[name=add] .label").first.evaluate("one => one.firstChild.textContent.trim()")
        tablet.keyboard.press("Enter")
        expect(moved).to_have_text(f"{name}: place {count}")
        assert tablet.evaluate("document.activeElement !== document.body")
    third = order(tablet)[2]
    for place in (2, 1):
        tablet.locator(f'[name=up][value="{third}"]').focus()
        tablet.keyboard.press("Enter")
        expect(moved).to_contain_text(f"place {place}")
        assert tablet.evaluate(focus).endswith(third), "the focus did not stay on the card that moved"
    assert order(tablet)[0] == third
    tablet.locator(f'[name=out][value="{third}"]').focus()
    tablet.keyboard.press("Enter")
    expect(moved).to_contain_text("back with the others")
    assert tablet.evaluate(focus) == f"add {third}"
