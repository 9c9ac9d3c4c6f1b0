"""The three answers are seen together, with their card, on every screen: what lies under the bar is chosen less."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from decisionaid.core.sort import Party
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from tests.builders import CARDS, DECK, DECKS, Case, a_case
from tests.journeys.screen import Screen, screen
from tests.journeys.test_reading import FLOOR, WIDER, style
from tests.mirrored import CODE, an_app, speak_it
from tests.police import Police
from tests.web.sorters import desk_of, held, root, tablet_of
from tests.web.test_from_paper import paper_seat
from tests.web.test_spare_cards import add

SIZES = (
    (1024, 600),
    (1024, 768),
    (1180, 820),
    (1280, 720),
    (1280, 800),
    (1366, 768),
    (360, 640),
    (375, 667),
    (390, 844),
    (820, 1180),
)
"""Tablets and laptops, phones, and a tablet held upright: width and height in CSS pixels."""

SPARE = tuple(card.id for card in DECK.spares)
FULL_DECK = DECKS.cards(DECK.id, SPARE)
ALL = tuple(card.id for card in FULL_DECK.cards)
RED = tuple(card.id for card in FULL_DECK.cards if card.warns)

UNSEEN = """
floor => {
  const all = (what) => [...document.querySelectorAll(what)];
  const end = Math.min(document.querySelector(".bottom-bar").getBoundingClientRect().top, innerHeight);
  const called = (one) => one.classList[0] ?? one.localName;
  const covering = (one, { top, bottom, left, right }) =>
    [[left + 8, top + 8], [right - 8, bottom - 8], [(left + right) / 2, (top + bottom) / 2]]
      .map(([x, y]) => document.elementFromPoint(x, y))
      .find((met) => !one.contains(met) && !met.contains(one));
  const fault = (one) => {
    const box = one.getBoundingClientRect();
    if (box.top < 0 || box.bottom > end + 0.5) return `${Math.round(box.bottom - end)} px under the bar`;
    if (box.left < 0 || box.right > innerWidth + 0.5) return "over the edge";
    if (covering(one, box)) return `under ${called(covering(one, box))}`;
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) return "cut off";
    if (one.matches(".choice") && box.height < floor) return `only ${box.height} px high`;
    return parseFloat(getComputedStyle(one).fontSize) < 16 ? "in small letters" : "";
  };
  const choices = all(".choices > .choice");
  const heights = choices.map((one) => one.getBoundingClientRect().height);
  return [
    ...[...choices, ...all("h1, .card-picture, .safety, .question")]
      .map((one) => [called(one), fault(one)]).filter(([, wrong]) => wrong).map((found) => found.join(": ")),
    ...(choices.length === 3 ? [] : [`${choices.length} answers`]),
    ...(Math.max(...heights) - Math.min(...heights) > 1 ? ["the answers are not alike in height"] : []),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
  ];
}
"""
"""What of the card and its answers is not in full sight, on the page as it came."""


@pytest.fixture
def case(database: Database) -> Case:
    """Every card of the deck is asked about, also those that a service adds."""
    case = a_case(database)
    add(case, *SPARE)
    return case.with_round()


def longest(language: str) -> tuple[str, ...]:
    """The cards with a red card, and those with most to read."""
    words = DECKS.card_words(DECK.id, language).cards
    plain = sorted(set(ALL) - set(RED), key=lambda card: len(words[card].title) * 2 + len(words[card].line))
    return (*RED, *plain[-3:])


def seat(app: Flask, case: Case, whose: Party) -> tuple[Police, str]:
    """Whoever sorts there, and where their own sort lies."""
    return (tablet_of(app, case), "/s") if whose is Party.CLIENT else (desk_of(app, case), root(case))


def opened(shown: Screen, base: str, case: Case, card: str, whose: Party = Party.CLIENT) -> Page:
    """The page of this card, wherever it stands in this person's shuffle."""
    return shown.show(f"{base}/card/{held(case, whose).shown(ALL).index(card) + 1}")


def unseen(page: Page, sizes: Iterable[tuple[int, int]] = SIZES) -> Iterator[str]:
    """What is not in sight at each size."""
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        wrong = [*page.evaluate(UNSEEN, FLOOR), *page.evaluate(WIDER)]
        if wrong:
            yield f"{width}x{height}: {wrong}"


def faults(app: Flask, case: Case, window: Page, cards: Iterable[str], whose: Party = Party.CLIENT) -> list[str]:
    """Of each of these cards in this seat, what is out of sight."""
    visitor, base = seat(app, case, whose)
    shown = screen(window, visitor)
    return [f"{card} {wrong}" for card in cards for wrong in unseen(opened(shown, base, case, card, whose))]


@pytest.mark.promise("P36")
@pytest.mark.parametrize("whose", Party)
def test_every_card_and_its_answers_are_in_view(app: Flask, case: Case, window: Page, whose: Party) -> None:
    assert faults(app, case, window, ALL, whose) == []
    print(f"P36: {len(ALL)} cards at {len(SIZES)} sizes in the {whose.value}'s seat: card and answers in view")


@pytest.mark.promise("P36")
@pytest.mark.parametrize("language", ["cy", "pl"])
def test_the_longest_cards_in_other_languages_are_in_view(
    app: Flask, database: Database, window: Page, language: str
) -> None:
    case = a_case(database, language=language)
    add(case, *SPARE)
    assert faults(app, case.with_round(), window, longest(language)) == []


@pytest.mark.promise("P36")
def test_a_mirrored_card_is_in_view(
    tmp_path: Path, database: Database, pdf_pool: PdfPool, monkeypatch: pytest.MonkeyPatch, window: Page
) -> None:
    speak_it(tmp_path, monkeypatch)
    case = a_case(database, language=CODE)
    add(case, *SPARE)
    assert faults(an_app(tmp_path, database, pdf_pool), case.with_round(), window, longest("en")) == []


@pytest.mark.parametrize("whose", Party)
@pytest.mark.parametrize("state", ["saved", "saving", "offline"])
def test_what_the_bar_says_hides_no_answer(app: Flask, case: Case, window: Page, whose: Party, state: str) -> None:
    visitor, base = seat(app, case, whose)
    shown = screen(window, visitor)
    for card in longest("en"):
        page = opened(shown, base, case, card, whose)
        page.locator("[data-saved]").evaluate("(one, state) => { one.dataset.state = state }", state)
        assert list(unseen(page)) == [], card


def test_what_a_card_from_paper_says_above_hides_no_answer(app: Flask, database: Database, window: Page) -> None:
    case = a_case(database).sorted_by_keyworker_alone()
    shown, cards = screen(window, paper_seat(app, case)), set(longest("en")) - set(SPARE)
    for card in cards:
        page = shown.show(f"/s/card/{held(case).shown(CARDS).index(card) + 1}")
        assert page.locator(".from-paper").is_visible()
        found = [wrong for wrong in unseen(page) if "choice" in wrong or "h1" in wrong]
        assert found == [], card


def test_a_card_without_network_and_an_own_card_are_in_view(app: Flask, case: Case, window: Page) -> None:
    visitor, _ = seat(app, case, Party.CLIENT)
    visitor.send("/s/own", title="Getting back to the allotment that my grandfather left to all of us together")
    shown = screen(window, visitor)
    assert list(unseen(shown.show(f"/s/card/{len(ALL) + 1}"))) == []
    drinking = held(case).shown(ALL).index("drinking") + 1
    assert list(unseen(shown.show(f"/s/blank/{drinking}"))) == []


def test_an_answer_that_is_chosen_moves_nothing(app: Flask, case: Case, window: Page) -> None:
    visitor, base = seat(app, case, Party.CLIENT)
    page = opened(screen(window, visitor), base, case, "drinking")
    places = "[...document.querySelectorAll('.choice, .quiet-way')].map((one) => one.getBoundingClientRect().top)"
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        before = page.evaluate(places)
        for number in range(3):
            page.locator(".choice").nth(number).evaluate("one => one.setAttribute('aria-pressed', 'true')")
            assert page.evaluate(places) == before, (width, height)
            page.locator(".choice").nth(number).evaluate("one => one.setAttribute('aria-pressed', 'false')")


def test_a_red_card_that_is_folded_opens_to_all_its_words(app: Flask, case: Case, window: Page) -> None:
    visitor, base = seat(app, case, Party.CLIENT)
    page = opened(screen(window, visitor), base, case, "drinking")
    signs = DECKS.safety_words("safety-check", "en").red_cards["drinking"].signs
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.locator(".safety-fold:not([open])").is_visible():
            page.locator(".safety-fold > summary").click()
        assert [sign for sign in signs if page.locator(".safety li:visible", has_text=sign).count() != 1] == []
        assert "999" in page.locator(".safety-now").inner_text()


UNDER_A_BAR = """
() => {
  const bar = document.querySelector(".bottom-bar");
  const under = (one) => one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 0.5;
  return getComputedStyle(bar).position === "sticky" && [...document.querySelectorAll(".choice")].some(under);
}
"""
"""Whether a bar that stays in its place lies over an answer."""


@pytest.mark.parametrize("size", ["larger", "largest"])
def test_with_larger_letters_the_page_scrolls_and_no_bar_lies_over_an_answer(
    app: Flask, case: Case, window: Page, size: str
) -> None:
    visitor, base = seat(app, case, Party.CLIENT)
    visitor.send("/s/reading", size=size)
    page = opened(screen(window, visitor), base, case, "drinking")
    assert page.locator("html").get_attribute("data-size") == size
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(UNDER_A_BAR), (width, height)
        assert page.evaluate(WIDER) == [], (width, height)
    page.set_viewport_size({"width": 1024, "height": 600})
    style(page, "@layer reading { [data-size] .bottom-bar { position: sticky !important } }")
    assert page.evaluate(UNDER_A_BAR), "the control: a bar that stays lies over one"


BROKEN = {
    "answers that are too high": ".rate .choice { min-block-size: 11rem }",
    "a picture that takes the room": ".rate > .goal-card > .card-picture { min-block-size: 30rem }",
    "a bar that grows": ".bottom-bar-in { min-block-size: 24rem !important }",
    "the card above its answers": ".rate { display: block !important }",
    "something over an answer": ".skip-link { block-size: 20rem; inline-size: 100%; position: fixed; transform: none }",
    "answers that are too low": ".rate .choice { block-size: 40px; min-block-size: 0 }",
    "answers that differ in height": ".rate .choice:first-child { min-block-size: 8rem }",
    "small letters": ".rate .question { font-size: 12px }",
    "a word that is cut off": ".rate .choice { block-size: 48px; overflow: hidden; padding-block: 2rem }",
    "a line that is too wide": ".rate .question { white-space: nowrap; inline-size: 90rem }",
}


@pytest.mark.promise("P36")
@pytest.mark.parametrize("broken", BROKEN)
def test_control_what_is_out_of_view_is_found(app: Flask, case: Case, window: Page, broken: str) -> None:
    visitor, base = seat(app, case, Party.CLIENT)
    page = opened(screen(window, visitor), base, case, "drinking")
    assert list(unseen(page, SIZES[:1])) == []
    style(page, f"@layer reading {{ {BROKEN[broken]} }}")
    assert list(unseen(page, SIZES[:1])) != []
