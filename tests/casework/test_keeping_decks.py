"""Rounds from before decks were kept are given the deck of today, or the start says what it lacks."""

import pytest
from sqlalchemy import text

from decisionaid.casework import keeping_decks, sorting
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.deck_rounds import round_faults, unkept
from decisionaid.storage.decks import Decks, load_decks
from decisionaid.storage.models import DeckRecord, SortRecord
from decisionaid.storage.triggers import TRIGGERS
from tests.builders import DECK, DECKS, Case, a_case
from tests.promises.decks_changed import USED, change

PUT_BACK = "Put it back, start the program once, and take it out again"


@pytest.fixture
def case(database: Database) -> Case:
    """A round as an older program left it: sorted, and without a deck of its own."""
    case = a_case(database).sorted_by_both()
    forget_decks(database)
    return case


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Decks:
    return load_decks(change(tmp_path_factory.mktemp("questionnaires") / "changed"))


def forget_decks(database: Database) -> None:
    (kept,) = (trigger for trigger in TRIGGERS if trigger.name == "deck_kept_delete")
    with database.writing() as db:
        for statement in (*kept.drop("sqlite"), "DELETE FROM deck", *kept.create("sqlite")):
            db.execute(text(statement))
        db.execute(text("UPDATE round SET deck_digest = 'of an older program'"))


def told(case: Case, decks: Decks) -> list[str]:
    with case.database.reading() as db:
        return [str(fault) for fault in round_faults(db, decks)]


def test_an_older_round_is_given_the_deck_of_today_and_stays_with_it(case: Case, changed: Decks) -> None:
    assert told(case, DECKS) == []
    with case.database.writing() as db:
        keeping_decks.adopt(db, DECKS, case.later())
    with case.database.writing() as db:
        assert case.round(db).deck_digest == DECKS.digest(DECK.id, "drinking-goal")
        assert [record.digest for record in db.query(DeckRecord)] == [case.round(db).deck_digest]
        assert unkept(db) == []
        keeping_decks.adopt(db, changed, case.later())
        assert case.round(db).deck_digest == DECKS.digest(DECK.id, "drinking-goal")
    assert told(case, changed) == []


def test_a_card_that_an_older_round_uses_and_the_deck_lacks_is_named(case: Case, changed: Decks) -> None:
    assert told(case, changed) == [
        f"life-areas/life-areas.json: cards: Rounds in the database use '{USED}': 1. {PUT_BACK}"
    ]


def test_a_choice_and_a_deck_that_are_not_there_are_named(case: Case) -> None:
    case = a_case(case.database, reference="RE-2").with_open_sorts()
    with case.database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.choose_option(db, record, "gone-by-now", "", case.later())
    forget_decks(case.database)
    assert told(case, DECKS) == [
        f"drinking-goal/drinking-goal.json: options: Rounds in the database use 'gone-by-now': 1. {PUT_BACK}"
    ]
    with case.database.writing() as db:
        db.execute(text("UPDATE round SET deck_id = 'our-own'"))
    assert f"our-own/our-own.json: Rounds in the database use this deck: 2. {PUT_BACK}" in told(case, DECKS)


def test_a_spare_card_of_an_older_round_counts(case: Case) -> None:
    with case.database.writing() as db:
        db.execute(text("DROP TRIGGER round_kept_update"))
        db.execute(text("UPDATE round SET spare_cards = 'a-spare'"))
    assert told(case, DECKS) == [
        f"life-areas/life-areas.json: cards: Rounds in the database use 'a-spare': 1. {PUT_BACK}"
    ]


def test_a_kept_deck_that_was_altered_is_named(database: Database) -> None:
    case = a_case(database).with_round()
    assert told(case, DECKS) == []
    with database.writing() as db:
        db.execute(text("DROP TRIGGER deck_kept_update"))
        db.execute(text("UPDATE deck SET files = '{}'"))
    (said,) = told(case, DECKS)
    assert said.startswith("the database: deck ") and "Restore the database from a backup" in said


def test_cards_of_the_clients_own_are_no_cards_of_the_deck(database: Database) -> None:
    """The control of what is named: what a deck never held is not missed."""
    case = a_case(database).with_open_sorts()
    with database.writing() as db:
        db.execute(
            text(
                "INSERT INTO settlement (service_id, round_id, card_id, heard, words, reason, heard_language, language,"
                " version, changed_at) SELECT service_id, id, 'drinking-goal', '', '', '', 'en', 'en', 1, '2026-01-01'"
                " FROM round"
            )
        )
        sort = sorts.load(db, db.get_one(SortRecord, (case.service_id, case.client_sort_id)))
        assert sort is not None
        sorting.add_own_card(db, sort, "My dog", case.later())
    forget_decks(database)
    assert told(case, DECKS) == []
