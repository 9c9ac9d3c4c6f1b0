"""Easy words: a second set for whoever reads with difficulty; each card has them, shorter than the usual."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from decisionaid import packaged
from decisionaid.core.deck import CardWords, DeckWords
from decisionaid.storage.decks import check, load_decks
from tests.builders import DECK, DECKS
from tests.test_readability import grade

EASY = "life-areas/en-easy.json"
USUAL_WORDS, EASY_WORDS = (DECKS.card_words(DECK.id, "en", easy=easy) for easy in (False, True))
PLAINER_BY = 1
"""Grades by which the easy deck must be below the usual one; measured for English alone."""
SPOKEN = sorted(path.stem.removesuffix("-easy") for path in packaged("questionnaires").glob(f"{DECK.id}/*-easy.json"))
"""The languages whose easy words lie beside the deck."""


def texts(card: CardWords) -> tuple[str, ...]:
    return (card.title, card.line, *card.examples)


def deck_grade(words: DeckWords) -> float:
    return grade(*(text for card in words.cards.values() for text in texts(card)))


def count(words: DeckWords) -> int:
    return sum(len(text.split()) for card in words.cards.values() for text in texts(card))


def is_shorter(easy: DeckWords, usual: DeckWords) -> bool:
    return count(easy) < 0.75 * count(usual)


def is_plainer(easy: DeckWords, usual: DeckWords) -> bool:
    return deck_grade(easy) <= deck_grade(usual) - PLAINER_BY and is_shorter(easy, usual)


def test_the_easy_deck_reads_clearly_more_easily() -> None:
    print(f"grade {deck_grade(EASY_WORDS):.1f} beside {deck_grade(USUAL_WORDS):.1f}")
    print(f"words {count(EASY_WORDS)} beside {count(USUAL_WORDS)}")
    assert is_plainer(EASY_WORDS, USUAL_WORDS)


def test_control_the_usual_words_are_not_plainer_than_themselves() -> None:
    assert not is_plainer(USUAL_WORDS, USUAL_WORDS)


def test_no_easy_card_reads_above_grade_3() -> None:
    measured = {id: round(grade(*texts(card)), 1) for id, card in EASY_WORDS.cards.items()}
    assert {id: found for id, found in measured.items() if found > 3} == {}


def test_each_language_of_the_deck_has_easy_words() -> None:
    assert {"en", "cy", "pl"} <= set(SPOKEN)
    assert set(DECKS.languages) == set(SPOKEN)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_card_has_easy_words_with_one_idea_a_line(language: str) -> None:
    easy = DECKS.easy_words(DECK.id, language)
    assert easy is not None
    assert is_shorter(easy, DECKS.card_words(DECK.id, language))
    assert set(easy.cards) == {card.id for card in DECK.cards + DECK.spares}
    for id, card in easy.cards.items():
        assert len(card.line.rstrip(".?").split(". ")) == 1, id
        assert len(card.line.split()) <= 9, id
        assert len(card.examples) == 2, id
        assert all(len(example.split()) <= 7 for example in card.examples), id
    titles = [card.title for card in easy.cards.values()]
    assert len(set(titles)) == len(titles)


def test_what_easy_words_do_not_say_is_as_usual() -> None:
    assert (EASY_WORDS.short, EASY_WORDS.cues) == (USUAL_WORDS.short, USUAL_WORDS.cues)
    assert EASY_WORDS.questions["keyworker"] == USUAL_WORDS.questions["keyworker"]
    assert set(EASY_WORDS.answers["client"]) == set(USUAL_WORDS.answers["client"])


@pytest.mark.parametrize("language", [language for language in SPOKEN if language != "en"])
def test_easy_words_say_that_nobody_has_reviewed_them(language: str) -> None:
    assert DECKS.card_words(DECK.id, language, easy=True).reviewed is None


def test_words_of_a_country_are_those_of_its_language() -> None:
    assert DECKS.card_words(DECK.id, "en-GB", easy=True) is EASY_WORDS


def test_a_file_is_all_that_easy_words_need(tmp_path: Path) -> None:
    """Without it a language has its usual words; with it, its easy ones."""
    copy = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    file = copy / DECK.id / "pl-easy.json"
    written = file.read_text("utf-8")
    file.unlink()
    decks = load_decks(copy)
    assert decks.easy_words(DECK.id, "pl") is None
    assert decks.card_words(DECK.id, "pl", easy=True) == decks.card_words(DECK.id, "pl")
    file.write_text(written, "utf-8")
    assert load_decks(copy).easy_words(DECK.id, "pl") == DECKS.easy_words(DECK.id, "pl")


def drop_card(words: dict[str, Any]) -> None:
    del words["cards"]["food"]


def long_line(words: dict[str, Any]) -> None:
    words["cards"]["food"]["line"] = "x" * 61


def other_language(words: dict[str, Any]) -> None:
    words["language"] = "cy"


def more(words: dict[str, Any]) -> None:
    words["title"] = "What matters"


@pytest.mark.parametrize(
    ("edit", "place"),
    [(drop_card, "cards.food"), (long_line, "cards.food.line"), (other_language, "language"), (more, "title")],
)
def test_what_is_amiss_is_told_with_its_place(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None], place: str
) -> None:
    copy = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    assert check(copy) == []
    words = json.loads((copy / EASY).read_text("utf-8"))
    edit(words)
    (copy / EASY).write_text(json.dumps(words), "utf-8")
    assert (EASY, place) in {(fault.file, fault.place) for fault in check(copy)}


def test_easy_words_need_the_usual_ones_beside_them(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    words = json.loads((copy / EASY).read_text("utf-8"))
    (copy / "life-areas" / "fr-easy.json").write_text(json.dumps({**words, "language": "fr"}), "utf-8")
    assert [(fault.file, fault.place) for fault in check(copy)] == [("life-areas/fr-easy.json", "language")]
    (copy / "safety-check" / "en-easy.json").write_text(json.dumps(words), "utf-8")
    assert "safety-check/en-easy.json" in {fault.file for fault in check(copy)}


def test_the_digest_of_the_deck_binds_its_easy_words_too(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    assert load_decks(copy).digest(DECK.id) == DECKS.digest(DECK.id)
    words = json.loads((copy / EASY).read_text("utf-8"))
    words["cards"]["food"]["line"] = "I want food."
    (copy / EASY).write_text(json.dumps(words), "utf-8")
    assert load_decks(copy).digest(DECK.id) != DECKS.digest(DECK.id)
