"""The three answers are seen together, with their card, on every screen: what lies under the bar is chosen less."""

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from decisionaid.core.sort import Party
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from tests.builders import CARDS, DECK, DECKS, Case, a_case
from tests.journeys.in_view import OUTSIDE_THE_BAR, SIZES, UNDER_A_BAR, unseen
from tests.journeys.screen import Screen, screen
from tests.journeys.test_reading import NARROW, WIDER, style
from tests.journeys.test_reading import faults as too_narrow
from tests.mirrored import CODE, an_app, speak_it
from tests.police import Police
from tests.turns import share
from tests.web.sorters import desk_of, held, root, tablet_of
from tests.web.test_from_paper import paper_seat
from tests.web.test_spare_cards import add

SPARE = tuple(card.id for card in DECK.spares)
FULL_DECK = DECKS.cards(DECK.id, SPARE)
ALL = tuple(card.id for card in FULL_DECK.cards)
RED = tuple(card.id for card in FULL_DECK.cards if card.warns)


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


def faults(app: Flask, case: Case, window: Page, cards: Iterable[str], whose: Party = Party.CLIENT) -> list[str]:
    """Of each of these cards in this seat, what is out of sight."""
    visitor, base = seat(app, case, whose)
    shown = screen(window, visitor)
    return [f"{card} {wrong}" for card in cards for wrong in unseen(opened(shown, base, case, card, whose))]


@pytest.mark.promise("P36")
@pytest.mark.parametrize("whose", Party)
def test_every_card_and_its_answers_are_in_view(app: Flask, case: Case, window: Page, whose: Party) -> None:
    cards = share(ALL, 2)
    assert faults(app, case, window, {*cards, *RED}, whose) == []
    print(f"P36: {len(cards)} of {len(ALL)} cards at {len(SIZES)} sizes in the {whose.value}'s seat: all in view")


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
@pytest.mark.parametrize("state", ["saved", "saving", "offline", "unsaved"])
def test_what_the_bar_says_hides_no_answer(app: Flask, case: Case, window: Page, whose: Party, state: str) -> None:
    visitor, base = seat(app, case, whose)
    shown = screen(window, visitor)
    for card in longest("en"):
        page = opened(shown, base, case, card, whose)
        page.locator("[data-saved]").evaluate("(one, state) => { one.dataset.state = state }", state)
        assert list(unseen(page)) == [], card
    for width, height in SIZES:
        window.set_viewport_size({"width": width, "height": height})
        assert window.evaluate(OUTSIDE_THE_BAR) == [], (width, height)


@pytest.mark.parametrize("language", ["en", "cy", "pl"])
def test_what_is_not_saved_yet_hides_no_answer_and_no_button(
    app: Flask, database: Database, window: Page, language: str
) -> None:
    case = a_case(database, language=language)
    add(case, *SPARE)
    shown = screen(window, tablet_of(app, case.with_round()))
    for card, state in product(RED, ("offline", "unsaved")):
        page = opened(shown, "/s", case, card)
        page.locator("[data-saved]").evaluate("(one, state) => { one.dataset.state = state }", state)
        for width, height in (*SIZES, (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(OUTSIDE_THE_BAR) == [], (card, width, height)
            assert not page.evaluate(UNDER_A_BAR), (card, width, height)
            said = page.locator(f"[data-when={state}] > span").bounding_box()
            assert said is not None and said["height"] < 100, f"{width}x{height}: its words stand in a narrow column"
        for button in page.locator(".bottom-bar :is(a, button):visible").all():
            button.click(trial=True)


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


@pytest.mark.parametrize("whose", Party)
def test_at_320_px_cards_scroll_down_alone_and_break_no_word(
    app: Flask, case: Case, window: Page, whose: Party
) -> None:
    """Those with a red card, and those where the path says something else."""
    visitor, base = seat(app, case, whose)
    shown = screen(window, visitor)
    shown.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    places = {held(case, whose).shown(ALL).index(card) + 1 for card in RED} | {1, 5, 15, 25, len(ALL)}
    for place in places:
        page = shown.show(f"{base}/card/{place}")
        for letters in ("100%", "160%"):
            style(page, f":root {{ font-size: {letters} }}")
            assert too_narrow(page) == [], (place, letters)
        style(page, ":root { font-size: 200% }")
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], place


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
