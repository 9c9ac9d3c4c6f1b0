"""The client's pages for whoever sees, reads or presses with difficulty: large text on a small phone, by keyboard,
without script, in the reader's own colours, and still."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import check_accessible, widths_of
from tests.journeys.conftest import NewPage
from tests.journeys.presses import YES, at, chosen, press, seat
from tests.turns import FULL

NARROW = {"width": 320, "height": 640}
PATHS = ["welcome", "say", "card/1", "cards", "order", "own", "words", "words/1", "ask", "goal?open=1", "goal/1"]
PATHS += ["goal/all", "safe/1", "check", "back", "reading"]
LONGEST = "frightening"
"""Of the words in the cards' titles."""

FLOOR = 48
"""CSS pixels that a target measures at least."""

TARGETS = """
() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip-link, [aria-hidden=true], p:not(:has(> .button))") )
  .map((one) => [one, one.closest(".tick, .ruler-step")?.getBoundingClientRect() ?? one.getBoundingClientRect()])
  .filter(([, box]) => box.width < FLOOR - 0.5 || box.height < FLOOR - 0.5)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${Math.round(box.width)} x ${Math.round(box.height)}`)
""".replace("FLOOR", str(FLOOR))
"""Every target that is smaller, but for links inside a sentence."""

WIDER = """
() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
  .filter((one) => !one.closest(".table-card, .spoken, .skip-link, svg > *"))
  .map((one) => one.outerHTML.slice(0, 80))
"""
"""What reaches over the edge, but for a table, which scrolls in its own frame."""

BROKEN = """
() => {
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const { parentElement: holder } = text;
    if (!holder.checkVisibility() || holder.closest(".spoken, .skip-link, .table-card")) continue;
    for (const { 0: word, index } of text.data.matchAll(/[\\p{L}’]+/gu)) {
      const range = new Range();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (tops.size > 1 && word.length < 12) found.add(`broken: ${word}`);
    }
  }
  return [...found];
}
"""
"""Words that are cut in two, but for the very long."""

COVERED = """
() => {
  const [one, bar] = [document.activeElement, document.querySelector(".bottom-bar")];
  if (!bar || one === document.body || one.closest(".bottom-bar, .page-head")) return false;
  const { top, bottom } = one.getBoundingClientRect();
  // A browser brings the line into sight in which one writes.
  const end = one.matches("textarea") ? top + 48 : bottom;
  return getComputedStyle(bar).position === "sticky" && end > bar.getBoundingClientRect().top + 1;
}
"""
"""Whether the bar at the foot lies over what has the focus."""


def choose(page: Page, **choices: str) -> None:
    page.goto("/s/reading")
    for name, said in choices.items():
        page.locator(f"[name={name}][value={said}]").click()
        expect(page.locator(f"[name={name}][value={said}]")).to_have_attribute("aria-pressed", "true")


def style(page: Page, rules: str) -> None:
    """Lay these rules over the page's own, which lets no style in by any other way."""
    page.evaluate(
        "rules => document.adoptedStyleSheets.push(new CSSStyleSheet()) && "
        "document.adoptedStyleSheets.at(-1).replaceSync(rules)",
        rules,
    )


def pages(page: Page) -> Iterator[str]:
    """Every page of the seat, one after the other; the card with the longest word is the one put first."""
    page.goto("/s/cards")
    page.locator(".answer", has_text=LONGEST).get_by_role("link").click()
    at(page, "/s/card/[0-9]+")
    yield f"card of {LONGEST}"
    chosen(page, YES).click()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    page.goto("/s/order")
    if page.locator("[name=add]").count():
        page.locator("[name=add]").first.click()
        expect(page.locator("[data-card]")).to_have_count(1)
    for path in PATHS:
        page.goto(f"/s/{path}")
        yield path


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    sideways = [f"scrolls sideways: {wide}"] if wide > page.viewport_size["width"] else []  # type: ignore[index]
    return [*sideways, *page.evaluate(WIDER), *page.evaluate(TARGETS), *page.evaluate(BROKEN)]


@pytest.mark.promise("P36")
@pytest.mark.parametrize("size", ["usual", "largest"])
def test_at_320_px_nothing_scrolls_sideways_and_every_target_is_large(tablet: Page, size: str) -> None:
    seat(tablet)
    choose(tablet, size=size)
    tablet.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found = {path: wrong for path in pages(tablet) if (wrong := faults(tablet))}
    assert found == {}
    print(f"P36: {len(PATHS) + 1} pages at 320 px, type {size}: none scrolls sideways, every target 48 px or more")


@pytest.mark.promise("P36")
def test_control_a_wide_line_and_a_small_target_are_found(tablet: Page) -> None:
    seat(tablet)
    tablet.set_viewport_size(NARROW)  # type: ignore[arg-type]
    tablet.goto("/s/card/1")
    assert faults(tablet) == []
    style(tablet, "h1 { white-space: nowrap; inline-size: 30rem } .quiet-way { min-block-size: 0 }")
    assert len(faults(tablet)) > 2


@pytest.mark.promise("P36")
def test_text_of_200_percent_is_laid_out_in_one_column(tablet: Page) -> None:
    """As a browser's own setting for larger text does it."""
    seat(tablet)
    for width, height in ((390, 844), (820, 1180)) if FULL else ((390, 844),):
        tablet.set_viewport_size({"width": width, "height": height})
        found = {}
        for path in pages(tablet):
            style(tablet, ":root { font-size: 200% }")
            if wrong := faults(tablet):
                found[path] = wrong
        assert found == {}


@pytest.mark.promise("P36")
@pytest.mark.parametrize(("width", "height"), [(820, 1180), (390, 844), (820, 560)])
def test_the_bar_at_the_foot_never_covers_what_has_the_focus(tablet: Page, width: int, height: int) -> None:
    seat(tablet)
    choose(tablet, size="larger")
    tablet.set_viewport_size({"width": width, "height": height})
    for path in ("card/1", "cards", "reading", "words"):
        tablet.goto(f"/s/{path}")
        for _ in range(60):
            tablet.keyboard.press("Tab")
            assert not tablet.evaluate(COVERED), (path, tablet.evaluate("document.activeElement.outerHTML"))
            if tablet.evaluate("document.activeElement === document.body"):
                break


@pytest.mark.promise("P36")
def test_control_a_bar_over_the_focus_is_found(tablet: Page) -> None:
    seat(tablet)
    tablet.set_viewport_size({"width": 820, "height": 560})
    tablet.goto("/s/cards")
    style(tablet, "html { scroll-padding: 0 !important }")
    covered = 0
    for _ in range(40):
        tablet.keyboard.press("Tab")
        covered += tablet.evaluate(COVERED)
    assert covered


@pytest.mark.promise("P36")
def test_every_look_is_clean_for_axe_and_at_every_width(tablet: Page) -> None:
    seat(tablet)
    looks = ({"size": "largest", "words": "easy"}, {"contrast": "more", "pictures": "fewer", "size": "larger"})
    for turn, look in enumerate(looks):
        choose(tablet, **look)
        for number, path in enumerate(("card/1", "order", "check", "reading"), turn):
            tablet.goto(f"/s/{path}")
            check_accessible(tablet, widths_of("en", number))


def test_the_page_works_by_keyboard_and_keeps_the_place(tablet: Page) -> None:
    seat(tablet)
    tablet.goto("/s/card/3")
    press(tablet, "Reading", "/s/reading")
    for _ in range(40):
        tablet.keyboard.press("Tab")
        if tablet.evaluate("document.activeElement.matches('[name=size][value=larger]')"):
            break
    tablet.keyboard.press("Enter")
    expect(tablet.locator("html")).to_have_attribute("data-size", "larger")
    tablet.keyboard.press("Tab")
    assert tablet.evaluate("document.activeElement.name") == "size", "the place in the page was lost"
    press(tablet, "Continue", "/s/card/3")
    assert tablet.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"


def test_it_works_without_script(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 820, "height": 1180})
    seat(page)
    choose(page, size="largest", words="easy", voice="on")
    page.goto("/s/card/1")
    expect(page.locator("html")).to_have_attribute("data-size", "largest")
    expect(page.locator("[data-listen]")).to_be_hidden()


def test_in_the_readers_own_colours_what_is_chosen_is_seen_by_more_than_a_fill(new_page: NewPage) -> None:
    page = new_page(forced_colors="active", viewport={"width": 390, "height": 844})
    seat(page)
    chosen(page, YES).click()
    width = "one => getComputedStyle(one).borderTopWidth"
    assert chosen(page, YES).evaluate(width) == "4px"
    assert page.locator("[name=answer][value=possibly]").evaluate(width) == "2px"
    expect(chosen(page, YES).locator(".mark path")).to_be_visible()
    choose(page, contrast="more")
    assert page.locator("[name=contrast][value=more]").evaluate(width) == "4px"


def test_with_reduced_motion_nothing_moves(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce", viewport={"width": 820, "height": 1180})
    seat(page)
    for path in ("card/1", "order", "reading"):
        page.goto(f"/s/{path}")
        # "settle" holds the bar still for taps, and moves nothing.
        moving = """[...document.querySelectorAll("body *")].filter((one) => {
            const { transitionDuration, animationName } = getComputedStyle(one);
            return transitionDuration.split(", ").some((time) => parseFloat(time) > 0)
                || !["none", "settle"].includes(animationName);
        }).length"""
        assert page.evaluate(moving) == 0


def test_control_without_that_wish_a_button_does(tablet: Page) -> None:
    seat(tablet)
    assert tablet.locator(".choice").first.evaluate("one => getComputedStyle(one).transitionDuration") != "0s"
