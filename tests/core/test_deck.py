"""What a deck answers about itself."""

import pytest

from decisionaid.core.deck import Card, Danger, Deck, Fact, SignedOff, Source
from decisionaid.core.deck_options import Option, OptionDeck, OptionWords
from decisionaid.core.deck_safety import SafetyAnswer, SafetyDeck, SafetyQuestion

PICTURES = ("house-line", "key", "tree")
DECK = Deck(
    id="small",
    version=1,
    top=2,
    cards=(Card("home", "home", PICTURES), Card("food", "food", PICTURES)),
    spares=(Card("sleep", "sleep", PICTURES, spare=True), Card("faith", "faith", PICTURES, spare=True)),
)
UNSIGNED = SignedOff("a clinician", None, None)
UNITS = SafetyQuestion(
    "units", (SafetyAnswer("under-15", False), SafetyAnswer("over-30", True), SafetyAnswer("dont_know", True))
)


def test_a_card_is_found_in_use_or_spare() -> None:
    assert DECK.card("food").domain == "food"
    assert DECK.card("sleep").spare
    with pytest.raises(KeyError):
        DECK.card("elsewhere")


def test_spare_cards_are_in_no_sort_until_they_are_switched_on() -> None:
    assert DECK.ids == ("home", "food")
    assert DECK.with_spares({"faith"}).ids == ("home", "food", "faith")
    assert [card.id for card in DECK.with_spares({"faith"}).spares] == ["sleep"]
    assert DECK.with_spares({"elsewhere"}) == DECK


@pytest.mark.parametrize(
    ("answer", "warns"),
    [("under-15", False), ("over-30", True), ("dont_know", True), (None, True), ("", True), ("skipped", True)],
)
def test_a_safety_question_fails_only_towards_warning(answer: str | None, warns: bool) -> None:
    assert UNITS.warns(answer) is warns


def gate(id: str) -> SafetyQuestion:
    answers = (SafetyAnswer("yes", True), SafetyAnswer("no", False), SafetyAnswer("dont_know", True))
    return SafetyQuestion(id, answers, gate=True)


@pytest.mark.parametrize(
    ("replies", "points", "asked"),
    [
        ({"a": "no", "b": "no"}, False, "a b"),
        ({"a": "no", "b": "no"}, True, "a b units"),
        ({"a": "no", "b": "yes"}, False, "a b units"),
        ({"a": "no", "b": "dont_know"}, False, "a b units"),
        ({"a": "no", "b": "skipped"}, False, "a b units"),
        ({"a": "no"}, False, "a b units"),
        ({}, False, "a b units"),
    ],
)
def test_only_a_no_to_each_gate_ends_the_check(replies: dict[str, str], points: bool, asked: str) -> None:
    deck = SafetyDeck("check", 1, (gate("a"), gate("b"), UNITS), (), (), UNSIGNED)
    assert " ".join(question.id for question in deck.asked(replies, points=points)) == asked


def test_a_safety_question_is_found_by_name() -> None:
    deck = SafetyDeck("check", 1, (UNITS,), (), (), UNSIGNED)
    assert deck.question("units") is UNITS
    with pytest.raises(KeyError):
        deck.question("liver")


@pytest.mark.parametrize(
    ("dangers", "found"), [((), ""), (("drugs",), "ac"), (("drinking",), "bc"), (("drinking", "drugs"), "abc")]
)
def test_a_red_card_names_the_sources_of_its_facts_in_the_decks_order(dangers: tuple[Danger, ...], found: str) -> None:
    sources = tuple(Source(id, id, "2022", f"https://{id}.example") for id in "abcd")
    facts = (
        Fact("Both.", ("c",), ("drinking", "drugs"), None),
        Fact("Drink.", ("b",), ("drinking",), None),
        Fact("Drugs.", ("a",), ("drugs",), "by a clinician"),
    )
    deck = SafetyDeck("check", 1, (UNITS,), sources, facts, UNSIGNED)
    assert "".join(source.id for source in deck.sources_of(dangers)) == found


def test_an_option_knows_its_sources_in_the_decks_order() -> None:
    early, late = Source("a", "A", "2010", "https://a.example"), Source("b", "B", "2011", "https://b.example")
    stop = Option("stop", "hand-palm", True, 2, ("b", "a"))
    deck = OptionDeck("goal", 1, (stop,), (), {}, (early, late), (), UNSIGNED)
    assert deck.sources_of(deck.option("stop")) == (early, late)
    with pytest.raises(KeyError):
        deck.option("less")


def test_an_option_that_is_not_known_may_mean_stopping() -> None:
    stop, safer = Option("stop", "hand-palm", True, 2, ()), Option("safer", "lifebuoy", False, 1, ())
    deck = OptionDeck("goal", 1, (stop, safer), (), {}, (), (), UNSIGNED)
    assert [deck.warns(option) for option in ("stop", "safer", "elsewhere")] == [True, False, True]


def test_a_list_of_points_reads_as_one_text() -> None:
    words = OptionWords("Stop", "Stop", "None.", {"means": "You stop.", "good": ("One.", "Two.")})
    assert words.text("means") == "You stop."
    assert words.text("good") == "One. Two."
