"""What was finished stays: the database itself refuses, whatever the program does."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.triggers import SORT_TABLES, TRIGGERS
from decisionaid.storage.types import Record
from tests.builders import Case, a_case

ADD_CARD = (
    "INSERT INTO sort_card (service_id, sort_id, card_id, success, why, importance_why, confidence_why) "
    "SELECT service_id, id, 'new', '', '', '', '' FROM sort WHERE id = :sort"
)
FROZEN = [
    ("sort", "UPDATE sort SET say = 'mine' WHERE id = :sort"),
    ("sort reopened", "UPDATE sort SET finished_at = NULL WHERE id = :sort"),
    ("sort deleted", "DELETE FROM sort WHERE id = :sort"),
    ("card", "UPDATE sort_card SET answer = 'possibly' WHERE sort_id = :sort"),
    ("card deleted", "DELETE FROM sort_card WHERE sort_id = :sort"),
    ("card added", ADD_CARD),
    ("history changed", "UPDATE history SET verb = 'other'"),
    ("history deleted", "DELETE FROM history"),
]


@pytest.fixture
def case(database: Database) -> Case:
    """A client whose two sorts are finished."""
    return a_case(database).sorted_by_both()


@pytest.mark.parametrize(("what", "statement"), FROZEN, ids=[what for what, _ in FROZEN])
def test_the_database_refuses(case: Case, what: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"finished sort|is kept"), case.database.writing() as db:
        db.execute(text(statement), {"sort": case.client_sort_id})


@pytest.mark.parametrize(("what", "statement"), FROZEN, ids=[what for what, _ in FROZEN])
def test_control_without_triggers_it_would_not(case: Case, what: str, statement: str) -> None:
    with case.database.writing() as db:
        for trigger in TRIGGERS:
            for drop in trigger.drop("sqlite"):
                db.execute(text(drop))
        db.execute(text("PRAGMA defer_foreign_keys = 1"))
        changed = db.execute(text(statement), {"sort": case.client_sort_id})
        assert changed.rowcount > 0  # type: ignore[attr-defined]
        db.rollback()


def test_an_open_sort_can_be_changed(database: Database) -> None:
    case = a_case(database).with_open_sorts()
    with database.writing() as db:
        changed = db.execute(text("UPDATE sort SET say = 'mine' WHERE id = :sort"), {"sort": case.client_sort_id})
        assert changed.rowcount == 1  # type: ignore[attr-defined]


def test_a_recorded_erasure_is_the_one_way_past(case: Case) -> None:
    with case.database.writing() as db:
        db.execute(
            text("INSERT INTO erasure (service_id, client_id, by, at) VALUES (:service, :client, 'x', '2026-01-01')"),
            {"service": case.service_id, "client": case.client_id},
        )
        for table in SORT_TABLES:
            db.execute(text(f"DELETE FROM {table} WHERE sort_id = :sort"), {"sort": case.client_sort_id})  # noqa: S608 - our own table names
        gone = db.execute(text("DELETE FROM sort WHERE id = :sort"), {"sort": case.client_sort_id})
        assert gone.rowcount == 1  # type: ignore[attr-defined]


def test_every_trigger_stands_after_each_migration(database: Database) -> None:
    assert _triggers(database) == {trigger.name for trigger in TRIGGERS}


def test_down_and_up_again_brings_them_back(database: Database) -> None:
    schema.downgrade(database, "base")
    assert _triggers(database) == set()
    schema.upgrade(database)
    assert _triggers(database) == {trigger.name for trigger in TRIGGERS}


KEPT = {
    *("action", "agreed_goal", "confirmation", "deck", "goal_progress", "handover", "history", "operation"),
    *("option_choice", "option_view", "own_card", "plan", "plan_text", "printout", "question", "question_answer"),
    *("risk", "round", "safety_reply", "safety_response", "safety_told", "settlement", "signature", "signing"),
    *("sort", "sort_card"),
}
"""The tables whose rows the database keeps, once they are finished, signed or noted."""

OPEN = {
    *("client", "crisis_line", "erasure", "service", "service_text", "staff"),  # changed at any time, by the desk
    *(
        "form_draft",
        "known_browser",
        "pairing",
        "press",
        "reading",
        "seat",
        "throttle",
    ),  # of no record, or gone by themselves
}


def test_every_table_is_kept_or_open() -> None:
    assert set(Record.metadata.tables) == KEPT | OPEN, "say whether what stands in a new table may be changed"
    for action in ("UPDATE", "DELETE"):
        assert {trigger.table for trigger in TRIGGERS if trigger.action == action} == KEPT


def test_each_trigger_does_what_the_code_says(database: Database) -> None:
    with database.reading() as db:
        rows = db.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    assert {row[0]: row[1] for row in rows} == {each.name: each.create("sqlite")[0] for each in TRIGGERS}


def _triggers(database: Database) -> set[str]:
    with database.reading() as db:
        return set(db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
