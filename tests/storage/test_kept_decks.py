"""Each version of a deck is kept once, words included, and read as it was kept; whatever was altered is noticed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from decisionaid.storage import kept_decks
from decisionaid.storage.database import Database
from decisionaid.storage.decks import Decks, load_decks
from decisionaid.storage.kept_decks import DeckAltered, KeptDecks, round_deck
from decisionaid.storage.models import DeckRecord
from decisionaid.storage.triggers import TRIGGERS
from tests.builders import DECK, DECKS, Case, a_case
from tests.promises.decks_changed import USED, change

GOAL = DECKS.options("drinking-goal")
PICTURES = frozenset(
    {name for card in DECK.cards + DECK.spares for name in card.pictures}
    | {option.picture for option in GOAL.options}
    | set(GOAL.heading_pictures.values())
)


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Decks:
    """Decks in which everything has changed since."""
    return load_decks(change(tmp_path_factory.mktemp("questionnaires") / "changed"))


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


def read(case: Case, newest: Decks, pictures: frozenset[str] = PICTURES) -> Decks:
    """The decks of the case's round, as a program reads them that starts with `newest`."""
    with case.database.reading() as db:
        return KeptDecks(pictures).of(db, case.round(db), newest)


def test_a_round_reads_its_deck_whole_in_all_languages(case: Case, newest: Decks) -> None:
    found = read(case, newest)
    assert found.cards(DECK.id) == DECK
    for language in DECKS.languages:
        for easy in (False, True):
            words = DECKS.card_words(DECK.id, language, easy=easy)
            assert found.card_words(DECK.id, language, easy=easy) == words
        assert found.option_words("drinking-goal", language) == DECKS.option_words("drinking-goal", language)
    assert found.digest(DECK.id, "drinking-goal") == DECKS.digest(DECK.id, "drinking-goal")


def test_the_safety_check_is_the_newest(case: Case, newest: Decks) -> None:
    found = read(case, newest)
    assert found.safety("safety-check") is newest.safety("safety-check")
    assert found.safety_words("safety-check", "pl") is newest.safety_words("safety-check", "pl")


def test_a_version_is_kept_once(case: Case, newest: Decks) -> None:
    for number, deck in enumerate((None, None, round_deck(newest, DECK.id), round_deck(newest, DECK.id))):
        other = a_case(case.database, reference=f"RE-{number}")
        other.now += timedelta(days=number)
        other.with_round(deck)
    with case.database.reading() as db:
        kept = {record.digest: record.deck_id for record in db.query(DeckRecord)}
        opened = KeptDecks(PICTURES).all(db, case.service_id)
    assert kept == {decks.digest(DECK.id, "drinking-goal"): DECK.id for decks in (DECKS, newest)}
    assert [USED in decks.cards(DECK.id).ids for decks in opened] == [False, True], "the newest comes first"


def test_a_picture_that_is_no_longer_there_is_left_out(case: Case, newest: Decks) -> None:
    found = read(case, newest, frozenset(DECK.card(USED).pictures[1:]))
    assert found.cards(DECK.id).card(USED).pictures == ("", *DECK.card(USED).pictures[1:])
    options = found.options("drinking-goal")
    assert {option.picture for option in options.options} == {""} == set(options.heading_pictures.values())


def test_a_language_that_came_later_falls_back_on_english(case: Case, newest: Decks) -> None:
    assert read(case, newest).card_words(DECK.id, "uk") == DECKS.card_words(DECK.id, "en")


ALTERED: dict[str, Callable[[Any], object]] = {
    "a word": lambda files: files["life-areas"]["life-areas/en.json"]["cards"][USED].update(title="Other"),
    "a language": lambda files: files["life-areas"].pop("life-areas/pl.json"),
    "a card": lambda files: files["life-areas"]["life-areas/life-areas.json"]["cards"].pop(0),
    "the options": lambda files: files.pop("drinking-goal"),
    "a structure": lambda files: files["life-areas"].pop("life-areas/life-areas.json"),
    "everything": lambda files: files.clear(),
}


@pytest.mark.parametrize("what", [*ALTERED, "no JSON"])
def test_a_deck_that_was_altered_is_not_read(case: Case, newest: Decks, what: str) -> None:
    with case.database.writing() as db:
        db.execute(text("DROP TRIGGER deck_kept_update"))
        files = json.loads(db.query(DeckRecord).one().files)
        ALTERED.get(what, lambda _: None)(files)
        said = json.dumps(files) if what in ALTERED else "{"
        db.execute(text("UPDATE deck SET files = :files"), {"files": said})
    with pytest.raises(DeckAltered):
        read(case, newest)


def test_a_deck_that_is_gone_is_not_replaced_by_the_newest(case: Case, newest: Decks) -> None:
    with case.database.writing() as db:
        db.execute(text("DROP TRIGGER deck_kept_delete"))
        db.execute(text("DELETE FROM deck"))
    with pytest.raises(DeckAltered):
        read(case, newest)


STATEMENTS = {
    "words": "UPDATE deck SET files = '{}'",
    "digest": "UPDATE deck SET digest = 'other'",
    "row": "DELETE FROM deck",
    "replaced": "INSERT OR REPLACE INTO deck SELECT service_id, digest, deck_id, '{}', kept_at FROM deck",
    "the round’s": "UPDATE round SET deck_digest = 'other'",
    "the name": "UPDATE round SET deck_id = 'other'",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_the_database_keeps_the_deck_of_a_round(case: Case, statement: str) -> None:
    with pytest.raises(DatabaseError, match="is kept"), case.database.writing() as db:
        db.execute(text(statement))


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_control_without_triggers_it_would_not(case: Case, statement: str) -> None:
    with case.database.writing() as db:
        for trigger in TRIGGERS:
            for drop in trigger.drop("sqlite"):
                db.execute(text(drop))
        assert db.execute(text(statement)).rowcount == 1  # type: ignore[attr-defined]
        db.rollback()


def test_many_versions_are_not_all_held(case: Case, newest: Decks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_decks, "MOST_IN_MEMORY", 1)
    other = a_case(case.database, reference="RE-1").with_round(round_deck(newest, DECK.id))
    with case.database.reading() as db:
        kept = KeptDecks(PICTURES)
        for _ in range(2):
            assert kept.of(db, case.round(db), newest).cards(DECK.id).ids == DECK.ids
            assert len(kept.all(db, other.service_id)) == 2
            assert len(kept._held) == 1
