"""A page is read aloud by the device’s own voice: a stand-in keeps what it was given, and no ear has heard it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import check_accessible
from tests.journeys.presses import at, chosen, press, seat
from tests.journeys.voices import Voice, a_voice, give_voices, marked_word, said, say_all

HERE, AWAY, FRENCH = a_voice(), a_voice(local=False), a_voice("fr-FR")


def ask_for_a_voice(page: Page) -> None:
    page.goto("/s/reading")
    page.locator("[name=voice][value=on]").click()
    expect(page.locator("[name=voice][value=on]")).to_have_attribute("aria-pressed", "true")


def button(page: Page) -> Locator:
    return page.locator("[data-listen]")


def listening(page: Page, *voices: Voice) -> None:
    """One of the client's cards, with these voices on the device and reading aloud asked for."""
    give_voices(page, *voices)
    seat(page)
    ask_for_a_voice(page)
    open_card(page, "A place to live")


def open_card(page: Page, called: str) -> None:
    """The card of this name, wherever the shuffle has put it."""
    page.goto("/s/cards")
    page.locator(".answer", has_text=called).get_by_role("link").click()
    at(page, "/s/card/[0-9]+")


def test_a_card_is_read_piece_by_piece_and_each_word_marked(tablet: Page) -> None:
    listening(tablet, HERE)
    button(tablet).click()
    title = tablet.locator("h1").inner_text()
    assert said(tablet) == [title]
    expect(button(tablet)).to_have_accessible_name("Stop")
    expect(tablet.locator("h1")).to_have_attribute("data-spoken", "")
    first = title.split()[0]
    tablet.evaluate("length => standIn.word(0, length)", len(first))
    assert marked_word(tablet) == first
    tablet.evaluate("standIn.word(0)")  # some browsers do not tell how long the word is
    assert marked_word(tablet) == first
    pieces = say_all(tablet)
    examples = [item.inner_text() for item in tablet.locator(".goal-examples li").all()]
    answers = [label.inner_text() for label in tablet.locator("#answer .label").all()]
    line, question = tablet.locator(".goal-words p").inner_text(), tablet.locator("#question").inner_text()
    assert pieces == [title, line, "For example", *examples, question, *answers]
    expect(button(tablet)).to_have_accessible_name("Listen")
    assert marked_word(tablet) == ""
    expect(tablet.locator("[data-spoken]")).to_have_count(0)
    check_accessible(tablet)


def test_on_a_phone_the_examples_open_to_be_read(tablet: Page) -> None:
    tablet.set_viewport_size({"width": 390, "height": 844})
    listening(tablet, HERE)
    button(tablet).click()
    examples = [item.inner_text() for item in tablet.locator(".goal-more li").all()]
    assert len(examples) == 3
    assert set(examples) <= set(say_all(tablet))


@pytest.mark.parametrize("voices", [(), (AWAY,), (FRENCH,), (AWAY, FRENCH)], ids=["none", "away", "french", "both"])
def test_without_a_voice_of_the_device_in_this_language_there_is_no_button(
    tablet: Page, voices: tuple[Voice, ...]
) -> None:
    listening(tablet, *voices)
    expect(button(tablet)).to_be_hidden()
    tablet.goto("/s/reading")
    expect(tablet.locator("[data-has-voice=no]")).to_be_visible()
    expect(tablet.locator("[data-has-voice=yes]")).to_be_hidden()


def test_control_with_one_there_is(tablet: Page) -> None:
    listening(tablet, AWAY, FRENCH, HERE)
    expect(button(tablet)).to_be_visible()
    button(tablet).click()
    assert tablet.evaluate("standIn.state.now.voice.name") == HERE["name"]
    tablet.goto("/s/reading")
    expect(tablet.locator("[data-has-voice=yes]")).to_be_visible()


def test_a_voice_that_comes_late_brings_the_button(tablet: Page) -> None:
    listening(tablet)
    expect(button(tablet)).to_be_hidden()
    tablet.evaluate("voice => standIn.come([voice])", HERE)
    expect(button(tablet)).to_be_visible()


def test_it_is_off_until_it_is_asked_for_and_asked_for_once(tablet: Page) -> None:
    give_voices(tablet, HERE)
    seat(tablet)
    expect(button(tablet)).to_have_count(0)
    assert "listen" not in tablet.content()
    ask_for_a_voice(tablet)
    for path in ("/s/welcome", "/s/card/1", "/s/card/2", "/s/safe/1"):
        tablet.goto(path)
        expect(button(tablet)).to_be_visible()
        assert said(tablet) == [], "a page began to read by itself"


def test_it_stops_when_asked_and_when_the_page_is_left(tablet: Page) -> None:
    listening(tablet, HERE)
    for leave in (
        lambda: button(tablet).click(),
        lambda: tablet.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
            "document.dispatchEvent(new Event('visibilitychange')); delete document.hidden"
        ),
        lambda: tablet.evaluate("document.dispatchEvent(new Event('leaving'))"),  # as "Leave this page" says it
    ):
        button(tablet).click()
        before = tablet.evaluate("standIn.state.cancelled")
        leave()
        assert tablet.evaluate("standIn.state.cancelled") == before + 1
        assert tablet.evaluate("standIn.state.now") is None
        expect(button(tablet)).to_have_accessible_name("Listen")
        tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looked at again
        expect(tablet.locator("html")).to_have_css("opacity", "1")
    button(tablet).click()
    before = tablet.evaluate("standIn.state.cancelled")
    tablet.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")  # which leaves an empty page
    assert tablet.evaluate("[standIn.state.cancelled, standIn.state.now]") == [before + 1, None]


def test_it_falls_silent_when_the_page_is_hidden_by_any_means(tablet: Page) -> None:
    """At the next word at the latest."""
    listening(tablet, HERE)
    button(tablet).click()
    tablet.evaluate("document.body.hidden = true; standIn.word(0, 3)")
    assert tablet.evaluate("standIn.state.now") is None


def test_choosing_an_answer_does_not_stop_it(tablet: Page) -> None:
    listening(tablet, HERE)
    tablet.goto("/s/card/1")
    button(tablet).click()
    chosen(tablet, "possibly").click()
    expect(tablet.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    assert tablet.evaluate("Boolean(standIn.state.now)")
    press(tablet, "Next card", "/s/card/2")
    assert said(tablet) == []


@pytest.mark.parametrize("width", [360, 820])
def test_the_red_card_is_read_too(tablet: Page, width: int) -> None:
    """On a phone it is folded, and opens to be read."""
    tablet.set_viewport_size({"width": width, "height": 640})
    listening(tablet, HERE)
    open_card(tablet, "Alcohol")
    button(tablet).click()
    pieces = say_all(tablet)
    red = tablet.locator(".safety")
    assert red.locator(".safety-title").inner_text() in pieces
    assert any("999" in piece for piece in pieces)
    signs = [sign.inner_text() for sign in red.locator("li:visible").all()]
    assert len(signs) == 4
    assert set(signs) <= set(pieces)
    assert pieces.index(red.locator(".safety-title").inner_text()) < pieces.index("Maybe")
