"""The number of queries of a page does not grow with cards, goals or rounds."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from decisionaid.casework import sorting
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord
from tests.builders import CARDS, Case, a_case
from tests.police import Police
from tests.web.together_table import days, in_days, sit, write


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def queries(database: Database, table: Police, path: str) -> int:
    """How many statements a page takes."""
    with counted(database) as sent:
        assert table.get(path).status_code == 200
    return len(sent)


def with_own_cards(case: Case, number: int) -> Case:
    """The client has added cards of their own."""
    case.with_open_sorts()
    with case.database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        for n in range(number):
            sort = sorts.load(db, record)
            assert sort is not None
            own = sorting.add_own_card(db, sort, f"Mine {n}", case.later())
            db.flush()
            sort = sorts.load(db, record)
            assert sort is not None
            sorting.rate_card(db, sort, CARDS, own.card_id, Rating.DEFINITELY, case.later())
            sorting.ask(db, record, CARDS[n], "And then?", case.later())
    return case


PATHS = ["side-by-side", "table", "card/1", "goals", "goal/1", "plan", "questions", "preview"]


@pytest.mark.in_turn(4)
@pytest.mark.parametrize("path", PATHS)
def test_as_many_for_few_as_for_many(app: Flask, database: Database, path: str) -> None:
    few = with_own_cards(a_case(database), 1).sorted_by_both().confirmed()
    many = with_own_cards(a_case(database, reference="RE-2", name="Ash Lee"), 10).sorted_by_both().confirmed()
    tables = [sit(app, case) for case in (few, many)]
    for table, goals in zip(tables, (1, 3), strict=True):
        for number in range(goals):
            write(table, "/together/goals", {"title": f"Goal {number}"})
            step = {"step-what": "Go", "step-who": "Me", **days("step-by_when", in_days(4))}
            for _ in range(goals):
                write(table, f"/together/goal/{number + 1}", step, to=f"/together/goal/{number + 1}/action")
    counts = [queries(database, table, f"/together/{path}") for table in tables]
    assert counts[0] == counts[1]
    assert counts[0] < 60
