"""P06, for what was signed: no SQL changes a version, its dates, the plan and goals that it was made of, how each card
was settled, nor how the cards were handed over."""

from dataclasses import replace

import pytest
from sqlalchemy import Integer, LargeBinary, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from decisionaid.casework import negotiating, planning, signing, sorting
from decisionaid.casework.negotiating import Settled
from decisionaid.core.negotiation import Outcome
from decisionaid.core.sort import Party, Rating
from decisionaid.storage.database import Database
from decisionaid.storage.models import Erasure, Handover, Question, Signing, SortRecord
from decisionaid.storage.triggers import TRIGGERS
from decisionaid.storage.types import Record
from tests.builders import CARDS, Case, a_case
from tests.casework.plans import add_action, add_goals, begin, freeze, give_word

OF_PLAN = ("plan_text", "agreed_goal", "action", "risk", "question_answer")
OF_ROUND = ("round", "settlement", "handover", "confirmation")
SIGNED = ("signing", "signature", "printout", "plan", *OF_PLAN, *OF_ROUND, "deck")
ADDED_TO = ("signature", "printout", *OF_PLAN, "settlement")
"""Tables into which no row comes any more."""

REFUSED = ("kept", "printed")


def columns(table: str) -> list[str]:
    return [column.name for column in Record.metadata.tables[table].columns]


CHANGES = [(table, column) for table in SIGNED for column in columns(table)]


@pytest.fixture
def waiting(database: Database) -> Case:
    """A plan that waits for both, with a row in every table of it; the tablet was given and came back."""
    case = a_case(database, own_clock=True).with_open_sorts()
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.ask(db, record, None, "How long?", case.later())
        given = {"round_id": case.round_id, "by_id": case.keyworker_id, "at": case.later(), "back_at": case.later()}
        db.add(Handover(service_id=case.service_id, **given))
    case.sorted_by_both().confirmed()
    with database.writing() as db:
        _settle(db, case)
        (goal,) = add_goals(db, case, "Walk")
        add_action(db, case, goal)
        plan, now = begin(db, case), case.later()
        planning.add_risk(db, plan, "Falling", "A stick", explained=True, language="en", now=now)
        question = db.query(Question).one()
        planning.answer_question(db, plan, question.id, answered=True, who="Maya", by_when=None, now=now)
        freeze(db, case)
    return case


@pytest.fixture
def signed(waiting: Case) -> Case:
    """Both have signed, and the paper is kept."""
    with waiting.database.writing() as db:
        frozen = db.query(Signing).one()
        for party in Party:
            give_word(db, waiting, frozen, party)
        signing.keep_paper(db, frozen, b"%PDF", waiting.later())
    return waiting


@pytest.fixture
def followed(signed: Case) -> Case:
    """The review has begun."""
    replace(signed, round_id="", client_sort_id="", keyworker_sort_id="").with_round()
    return signed


def _settle(db: Session, case: Case) -> None:
    settled = Settled("A home", True, Outcome.CLIENT_CHOICE, None, "", "", "en", "en")
    about = {"client_rating": Rating.DEFINITELY, "seen_version": 0, "actor": case.keyworker_id}
    negotiating.settle(db, case.round(db), CARDS[0], settled, **about, today=case.now.date(), now=case.later())  # type: ignore[arg-type]


def other(table: str, column: str) -> str:
    """Another value of that column, in SQL."""
    kind = Record.metadata.tables[table].columns[column].type
    kind = getattr(kind, "impl", kind)
    if isinstance(kind, LargeBinary):
        return "X'00'"
    return f"COALESCE({column}, 0) + 100" if isinstance(kind, Integer) else f"COALESCE({column}, '') || 'x'"


def mine(case: Case, table: str) -> str:
    """The rows of the first round."""
    return f"id = '{case.round_id}'" if table == "round" else "1 = 1"


def is_refused(case: Case, statement: str) -> bool:
    """Whether the database refuses it; what goes through is taken back."""
    with case.database.writing() as db:
        db.execute(text("PRAGMA defer_foreign_keys = 1"))
        try:
            assert db.execute(text(statement)).rowcount > 0, statement  # type: ignore[attr-defined]
        except DatabaseError as error:
            if any(said in str(error.orig) for said in REFUSED):
                return True
            raise
        finally:
            db.rollback()
    return False


def updates(case: Case, tables: tuple[str, ...] = SIGNED) -> dict[str, str]:
    return {
        f"{table}.{column}": f"UPDATE {table} SET {column} = {other(table, column)} WHERE {mine(case, table)}"  # noqa: S608 - our own names
        for table, column in CHANGES
        if table in tables
    }


def deletes(case: Case, tables: tuple[str, ...] = SIGNED) -> dict[str, str]:
    return {table: f"DELETE FROM {table} WHERE {mine(case, table)}" for table in tables}  # noqa: S608 - our own names


def inserts(tables: tuple[str, ...] = ADDED_TO) -> dict[str, str]:
    found = {}
    for table in tables:
        key = list(Record.metadata.tables[table].primary_key.columns)[-1].name
        row = ", ".join("'new'" if column == key else column for column in columns(table))
        found[table] = f"INSERT INTO {table} ({', '.join(columns(table))}) SELECT {row} FROM {table} LIMIT 1"  # noqa: S608 - our own names
    return found


def let_through(case: Case, statements: dict[str, str]) -> list[str]:
    return [what for what, statement in statements.items() if not is_refused(case, statement)]


@pytest.mark.promise("P06")
def test_nothing_that_was_signed_is_changed_deleted_or_added_to(followed: Case) -> None:
    changes = {f"{how} {what}": said for how, found in ways(followed).items() for what, said in found.items()}
    assert len(changes) > 130
    assert let_through(followed, changes) == []
    print(f"P06: {len(changes)} changes by SQL to what was signed: all refused")


def ways(case: Case) -> dict[str, dict[str, str]]:
    return {"update": updates(case), "delete": deletes(case), "insert": inserts()}


@pytest.mark.promise("P06")
def test_while_it_waits_the_plan_stays_as_the_two_read_it(waiting: Case) -> None:
    tables = ("plan", *OF_PLAN)
    assert let_through(waiting, updates(waiting, tables)) == []
    assert let_through(waiting, deletes(waiting, tables)) == []
    assert let_through(waiting, inserts(OF_PLAN)) == []
    moments = {"signing.withdrawn_at", "signing.completed_at"}
    assert set(let_through(waiting, updates(waiting, ("signing",)))) == moments, "it is completed or withdrawn, once"


@pytest.mark.promise("P06")
def test_a_plan_that_stands_can_be_changed_for_its_next_version_and_loses_no_goal(signed: Case) -> None:
    open_ = {f"{table}.{column}" for table in OF_PLAN for column in columns(table)}
    assert set(let_through(signed, updates(signed, OF_PLAN))) == open_
    assert let_through(signed, deletes(signed, ("plan", "agreed_goal", "action", "risk", "question_answer"))) == []


@pytest.mark.promise("P06")
def test_a_signature_comes_only_while_the_version_waits(signed: Case) -> None:
    with signed.database.writing() as db:
        db.execute(text("DROP TRIGGER signature_kept_delete"))
        db.execute(text("DELETE FROM signature WHERE party = 'keyworker'"))
    (statement,) = inserts(("signature",)).values()
    assert is_refused(signed, statement.replace("'new'", "'keyworker'"))


@pytest.mark.promise("P06")
def test_only_what_is_signed_is_printed(waiting: Case) -> None:
    with pytest.raises(DatabaseError, match="only what is signed is printed"), waiting.database.writing() as db:
        signing.keep_paper(db, db.query(Signing).one(), b"%PDF", waiting.later())


@pytest.mark.promise("P06")
def test_control_without_its_triggers_the_database_lets_each_change_through(followed: Case) -> None:
    with followed.database.writing() as db:
        for trigger in TRIGGERS:
            for drop in trigger.drop("sqlite"):
                db.execute(text(drop))
    for found in ways(followed).values():
        assert let_through(followed, found) == list(found)


@pytest.mark.promise("P06")
def test_a_recorded_erasure_deletes_it_all(followed: Case) -> None:
    with followed.database.writing() as db:
        erased = {"client_id": followed.client_id, "by": "robin", "at": followed.later()}
        db.add(Erasure(service_id=followed.service_id, **erased))
    tables = tuple(table for table in SIGNED if table != "deck")
    assert let_through(followed, deletes(followed, tables)) == list(tables)
    assert let_through(followed, updates(followed)) == [], "it opens the way for deletion only"
