"""P06: a finished sort stays as it is: no press, no object and no SQL changes it, and a new round leaves it alone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from decisionaid.casework import sorting
from decisionaid.casework.saving import accept_operation
from decisionaid.core.review import Progress
from decisionaid.core.saving import Operation
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord
from decisionaid.storage.triggers import TRIGGERS
from decisionaid.web.sort_pages import alias_of
from tests.builders import CARDS, DECKS, Case, a_case
from tests.casework.plans import add_goals, complete
from tests.police import Police
from tests.promises.changes import OBJECTS, STATEMENTS, TABLES, Change
from tests.promises.onlookers import addresses, browser, csrf_of, desk_token, rows, sit
from tests.web.sorters import root

HOME = CARDS[0]
REFUSED = ("finished sort", "safety_reply is kept")


@dataclass(frozen=True)
class Write:
    """One way to change a sort over the web: what is sent where, to an open sort that takes it."""

    endpoint: str
    path: str
    fields: dict[str, str]


SHARED = [
    Write("rate", "/card/1", {"answer": "too_hard"}),
    Write("change_order", "/order", {"out": HOME}),
    Write("what_matters", "/words", {"what_matters": "mine"}),
    Write("describe", "/words/1", {"why": "mine", "about": "{home_alias}"}),
    Write("choose", "/goal", {"option": "stop"}),
    Write("goal_words", "/goal/words", {"words": "mine"}),
    Write("look", "/goal/look", {"look": "1"}),
    Write("keep_question", "/ask", {"words": "mine"}),
    Write("drop_question", "/ask/drop", {"drop": "{question_alias}"}),
    Write("keep_card_question", "/ask/1", {"words": "mine"}),
    Write("drop_card_question", "/ask/{home}/drop", {"drop": "{pinned_alias}"}),
    Write("see_progress", "/last/1", {"progress": "achieved", "about": "{goal_alias}"}),
    Write("finish", "/check", {"seen": "{seen}"}),
]
OWN = [
    Write("keep_say", "/say", {"say": "mine"}),
    Write("answer_safe", "/safe/1", {"answer": "skipped", "about": "{safety_alias}"}),
    Write("keep_listened", "/listened", {"listened": "no"}),
    Write("add_own", "/own", {"title": "mine"}),
    Write("remove_own", "/card/{own}/remove", {"about": "{own_alias}"}),
]
PUT_BACK = Write("put_back", "/own/back", {"about": "{own_alias}"})
"""It changes an open sort only after a card was removed (`tests/web/test_removed_cards.py`)."""

BEGIN = {"client": Write("begin", "/welcome", {}), "keyworker": Write("sort_begin", "/", {})}
"""To begin again is to go on: of a sort that is there it changes nothing."""
NO_WRITE = {"client.leave", "client.take_back", "client.keep_reading", "client.tell"}
"""What changes the seat or how its pages look, or says who may see an answer, and changes nothing of the sort."""
PRESSES = [(party, write) for party in Party for write in (SHARED + OWN if party is Party.CLIENT else SHARED)]


def each(presses: list[tuple[Party, Write]]) -> pytest.MarkDecorator:
    """A test for each of these presses."""
    names = [f"{party.value}-{write.endpoint}" for party, write in presses]
    return pytest.mark.parametrize(("party", "write"), presses, ids=names)


@pytest.fixture(scope="module")
def made(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A review: the first round has become a plan, and both have begun to sort anew and said something of all kinds."""
    path = shutil.copy(empty_database, tmp_path_factory.mktemp("finished") / "made.db")
    database = Database(f"sqlite:///{path}")
    first = a_case(database, own_clock=True).sorted_by_both().confirmed()
    with database.writing() as db:
        add_goals(db, first, "Sleep", "Walk")
    complete(first)
    case = replace(first, round_id="", client_sort_id="", keyworker_sort_id="").with_open_sorts()
    for party in Party:
        with database.writing() as db:
            _say_something(db, case, party)
    database.close()
    return case


@pytest.fixture
def database(made: Case, tmp_path: Path) -> Iterator[Database]:
    """That database, for this test alone."""
    copied = shutil.copy(made.database.engine.url.database or "", tmp_path / "finished.db")
    database = Database(f"sqlite:///{copied}")
    yield database
    database.close()


@pytest.fixture
def case(made: Case, database: Database) -> Case:
    return replace(made, database=database)


def _say_something(db: Session, case: Case, party: Party) -> None:
    record = record_of(db, case, party)
    sort, now = sorts.load(db, record), case.later()
    assert sort is not None
    sorting.rate_card(db, sort, CARDS, HOME, Rating.DEFINITELY, now)
    sorting.rate_card(db, sort, CARDS, CARDS[1], Rating.DEFINITELY, now)
    sorting.place_card(db, sort, CARDS, 5, HOME, 1, now)
    sorting.ask(db, record, None, "How long?", now)
    sorting.ask(db, record, HOME, "How far?", now)
    sorting.choose_option(db, record, "less", "", now)
    sorting.see_option(db, record, "less", now)
    sorting.answer_safety(db, record, DECKS.safety("safety-check").questions[0].id, "no", now)
    sorting.add_own_card(db, sort, "My dog", now)
    sent = Operation(record.id, "a seat", 1, f"choice of {party}", "what it says")
    accept_operation(db, record, case.round(db), sent, epoch="a seat", chosen_at=now)
    goal, *_ = sorts.goals_under_review(db, case.round(db))
    sorting.see_progress(db, record, goal.id, Progress.CARRY_ON, "", now)


def record_of(db: Session, case: Case, party: Party) -> SortRecord:
    return db.get_one(
        SortRecord, (case.service_id, case.client_sort_id if party is Party.CLIENT else case.keyworker_sort_id)
    )


def finish(case: Case, *parties: Party) -> None:
    for party in parties:
        with case.database.writing() as db:
            record = record_of(db, case, party)
            sorting.finish(db, record, case.round(db), seen=sorts.fingerprint(db, record), now=case.later())


def held(case: Case) -> dict[str, list[object]]:
    """Every sort, whole."""
    return {table: found for table, found in rows(case).items() if table in TABLES}


# Over the web


def at_work(app: Flask, case: Case, party: Party) -> tuple[Police, str, str]:
    """A browser of the party that may sort, where its sort lies, and its form token."""
    if party is Party.CLIENT:
        seat = sit(app, case, "client")
        return seat, "/s", csrf_of(seat, "/s/back")
    desk = browser(app, desk_token(case, case.keyworker_id))
    return desk, root(case), csrf_of(desk, "/desk/account")


def aliases(case: Case, record: SortRecord) -> dict[str, str]:
    """What the forms of this sort are about."""
    with case.database.reading() as db:
        by_card = {question.card_id: question.id for question in sorts.questions(db, record)}
        goal = sorts.goals_under_review(db, case.round(db))[0].id
    safety = DECKS.safety("safety-check").questions[0].id
    things = {
        "home": HOME,
        "own": "own-1",
        "question": by_card.get(None, ""),
        "pinned": by_card.get(HOME, ""),
        "goal": goal,
    }
    return {f"{name}_alias": alias_of(record.id, id) for name, id in {**things, "safety": safety}.items()}


def press(app: Flask, case: Case, party: Party, write: Write) -> int:
    """What a press is answered with."""
    asker, under, token = at_work(app, case, party)
    with case.database.reading() as db:
        record = record_of(db, case, party)
        sort, seen = sorts.load(db, record), sorts.fingerprint(db, record)
    assert sort is not None
    shown = sort.shown(CARDS)
    blanks = {"home": str(shown.index(HOME) + 1), "own": str(len(shown)), "seen": seen, **aliases(case, record)}
    fields = {name: value.format(**blanks) for name, value in write.fields.items()}
    return asker.heard(under + write.path.format(**blanks), {**fields, "csrf_token": token})


@pytest.mark.promise("P06")
@each([*PRESSES, (Party.CLIENT, PUT_BACK)])
def test_no_press_changes_a_finished_sort(app: Flask, case: Case, party: Party, write: Write) -> None:
    finish(case, party)
    before = held(case)
    assert press(app, case, party, write) == 409
    assert held(case) == before


@pytest.mark.promise("P06")
@each(PRESSES)
def test_control_the_same_press_changes_an_open_one(app: Flask, case: Case, party: Party, write: Write) -> None:
    before = held(case)
    assert press(app, case, party, write) == 303
    assert held(case) != before


@pytest.mark.promise("P06")
def test_the_presses_are_all_there_are(app: Flask) -> None:
    known = {f"client.{write.endpoint}" for write in (*SHARED, *OWN, PUT_BACK, BEGIN["client"])}
    known |= {f"keyworker.sort_{write.endpoint}" for write in SHARED} | {f"keyworker.{BEGIN['keyworker'].endpoint}"}
    posts = {address.endpoint for address in addresses(app, "POST")}
    print(f"P06: {len(known)} presses by two parties, each answered 409 once the sort is finished")
    assert {name for name in posts if name.startswith(("client.", "keyworker.sort_"))} - NO_WRITE == known
    assert {address.method for address in addresses(app)} == {"GET", "POST"}


@pytest.mark.promise("P06")
@pytest.mark.parametrize("party", Party)
def test_no_page_and_no_other_method_changes_a_finished_sort(app: Flask, case: Case, party: Party) -> None:
    finish(case, party)
    asker, _, token = at_work(app, case, party)
    mine = "client." if party is Party.CLIENT else "keyworker.sort_"
    before, found = held(case), [a for a in addresses(app, round_id=case.round_id) if a.endpoint.startswith(mine)]
    assert len(found) >= len(SHARED) * 2
    print(f"P06: {len(found)} addresses by five methods each, of the {party.value}’s finished sort: 0 changes")
    for address in found:
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
            asker.open(address.path, method=method, data={"answer": "not", "csrf_token": token})
    assert press(app, case, party, BEGIN[party.value]) in (303, 409)
    assert held(case) == before


@pytest.mark.promise("P06")
def test_a_new_round_keeps_the_old(app: Flask, case: Case) -> None:
    """All that can be pressed in the new one is pressed; the first round's sorts are as they were, row by row."""
    kept = old_rows(case)
    assert sum(len(found) for found in kept.values()) > 40
    for party, write in PRESSES:
        press(app, case, party, write)
    assert old_rows(case) == kept


def old_rows(case: Case) -> dict[str, list[object]]:
    """What the sorts of the other rounds hold."""
    mine = (case.client_sort_id, case.keyworker_sort_id)
    return {
        table: [row for row in found if not any(id_ in str(row) for id_ in mine)] for table, found in held(case).items()
    }


# By objects and by SQL


NEVER = {("safety_reply", "update"), ("safety_reply", "delete"), ("safety_reply", "replace")}
"""What is refused of an open sort too: a safety answer is only ever followed by another."""


def refused(case: Case, change: Change, *, by_objects: bool) -> bool:
    """Whether the database refuses a change to the client's sort; one that goes through is taken back."""
    with case.database.writing() as db:
        db.execute(text("PRAGMA defer_foreign_keys = 1"))
        try:
            if by_objects:
                change.by_objects(db, case.client_sort_id)
            else:
                done = db.execute(text(change.statement()), {"sort": case.client_sort_id})
                assert done.rowcount > 0, change  # type: ignore[attr-defined]
        except DatabaseError as error:
            if any(said in str(error) for said in REFUSED):
                return True
            raise
        finally:
            db.rollback()
    return False


@pytest.mark.promise("P06")
@pytest.mark.parametrize("by_objects", [True, False], ids=["objects", "sql"])
def test_the_database_refuses_each_change_to_each_column_and_row(case: Case, *, by_objects: bool) -> None:
    changes = OBJECTS if by_objects else STATEMENTS
    assert len(changes) > 50
    open_ = [change for change in changes if refused(case, change, by_objects=by_objects)]
    assert {(change.table, change.how) for change in open_} <= NEVER
    finish(case, *Party)
    assert [change for change in changes if not refused(case, change, by_objects=by_objects)] == []
    print(f"P06: {len(changes)} changes by {'objects' if by_objects else 'SQL'}: all refused")


@pytest.mark.promise("P06")
def test_a_finished_sort_is_not_put_in_place_of_itself(case: Case) -> None:
    finish(case, *Party)
    assert refused(case, Change("sort", "replace"), by_objects=False)


@pytest.mark.promise("P06")
@pytest.mark.parametrize("by_objects", [True, False], ids=["objects", "sql"])
def test_control_without_its_triggers_the_database_lets_each_change_through(case: Case, *, by_objects: bool) -> None:
    finish(case, *Party)
    with case.database.writing() as db:
        for trigger in TRIGGERS:
            for drop in trigger.drop("sqlite"):
                db.execute(text(drop))
    changes = OBJECTS if by_objects else STATEMENTS
    assert [change for change in changes if refused(case, change, by_objects=by_objects)] == []
