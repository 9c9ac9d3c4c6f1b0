"""A client's sort, and a talk up to the signed plan, by keyboard alone: Tab to it, Space or Enter presses it, and the
mouse is never touched."""

import re

import pytest
from playwright.sync_api import Page, expect

from decisionaid.demonstration import PASSWORD, PIN
from tests.journeys.presses import MAYBE, NOT_NOW, YES, at, chosen, offered, order, seat
from tests.web.together_table import days, in_days

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


@pytest.mark.in_turn(1)
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


HEARD = """() => {
  const one = document.activeElement.cloneNode(true);
  for (const seen of one.querySelectorAll("[aria-hidden=true]")) seen.remove();
  return document.activeElement === document.body ? "" : one.textContent.trim();
}"""
"""What has the focus, in the words that a screen reader says."""

ANSWERS = ["Yes, I want to work on this", "Maybe", "Not now"]
WAYS = ["Skip for now", "I don’t understand", "Too hard to talk about now", "I have a question"]


def in_turn(page: Page) -> list[str]:
    """What Tab comes to, one after the other, from the head of the page to its end."""
    heard: list[str] = []
    while len(heard) < STEPS:
        page.keyboard.press("Tab")
        heard.append(page.evaluate(HEARD))
        if not heard[-1] or heard[-1] in heard[:-1]:
            return heard[:-1]
    return heard


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 600)])
def test_tab_comes_to_the_parts_of_a_card_in_their_order(tablet: Page, width: int, height: int) -> None:
    """The card about alcohol, which folds its examples at both sizes."""
    seat(tablet)
    tablet.set_viewport_size({"width": width, "height": height})
    tablet.goto("/s/cards")
    tablet.locator(".answer", has_text="Alcohol").get_by_role("link").click()
    at(tablet, "/s/card/[0-9]+")
    *heard, on = in_turn(tablet)
    top = ["Skip to main content", "All cards", "Reading", "Leave this page", "For example"]
    assert heard == [*top, *ANSWERS, *WAYS, "Back"]
    assert on in ("Next card", "Next")


def test_each_part_of_the_path_is_heard_where_it_is_not_seen(tablet: Page) -> None:
    seat(tablet)
    tablet.set_viewport_size({"width": 390, "height": 844})
    tablet.goto("/s/card/1")
    said = tablet.locator(".path").aria_snapshot()
    for part in ("Cards, the first card", "Order", "My words", "Drinking", "Check"):
        assert f"listitem: {part}" in said, said
    expect(tablet.get_by_role("button", name="Leave this page", exact=True)).to_be_visible()


def reach_words(page: Page, words: str) -> None:
    """Tab until the link or button that begins with these words has the focus."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(HEARD).startswith(words):
            return
    raise AssertionError(f"{STEPS} times Tab on {page.url} did not reach {words}")


def press(page: Page, words: str, then: str) -> None:
    """Tab to what begins with these words and press it; it leads to a page, which may be the same once more."""
    reach_words(page, words)
    with page.expect_navigation(url=re.compile(f"^http://[^/]+{then}([?#].*)?$")):
        page.keyboard.press("Enter")


def fill(page: Page, **typed: str) -> None:
    """Tab to each of these boxes and type into it."""
    for name, text in typed.items():
        reach(page, f"main [name='{name}']")
        page.keyboard.type(text)


def fill_day(page: Page, name: str, from_now: int) -> None:
    """Type the day that is so many days from now."""
    fill(page, **days(name, in_days(from_now)))


def agree(page: Page, party: str, name: str, **typed: str) -> None:
    """One of the two gives their word."""
    reach(page, f"[name={party}-signs][value=yes]")
    page.keyboard.press("Space")
    fill(page, **{f"{party}-name": name, **typed})
    press(page, "Confirm", "/together/(sign|done)")


@pytest.mark.in_turn(1)
def test_two_people_deal_with_a_warning_talk_and_sign_by_keyboard_alone(desk: Page) -> None:
    desk.goto("/sign-in")
    fill(desk, login="maya", password=PASSWORD)
    press(desk, "Sign in", "/desk/")
    press(desk, "Deal with the safety answers", "/desk/rounds/[^/]+/safety")
    reach_words(desk, "Medical advice was given")
    desk.keyboard.press("Enter")
    fill(desk, **{"given-with_whom": "Example Surgery"})
    fill_day(desk, "given-day", -1)
    press(desk, "Record this", "/desk/rounds/[^/]+/safety")
    press(desk, "Clients", "/desk/")
    press(desk, "Compare together", "/together/")
    press(desk, "This is what I chose", "/together/side-by-side")
    press(desk, "Start with", "/together/card/1")
    fill(desk, heard="Afternoons are hard.")
    reach(desk, "[name=outcome][value=client_choice]")
    desk.keyboard.press("Space")
    expect(desk.locator("#settled")).to_be_visible()
    desk.goto("/together/goals")
    fill(desk, title="Walk to the allotment")
    press(desk, "Add this goal", "/together/goal/1")
    desk.goto("/together/plan")
    press(desk, "Preview the plan", "/together/preview")
    press(desk, "Next: sign", "/together/sign")
    agree(desk, "client", "Grace Bell")
    agree(desk, "keyworker", "Maya Osei", **{"keyworker-pin": PIN})
    at(desk, "/together/done")
    assert re.search("^Your plan is ready", desk.locator("main h1").inner_text())
