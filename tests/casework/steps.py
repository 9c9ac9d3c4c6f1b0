"""Steps of the client's sort in the tests of casework: every verb, and a way to take them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from decisionaid.casework import sorting
from decisionaid.core.review import Progress
from decisionaid.core.sort import Answer, Rating, Sort
from decisionaid.storage import sorts
from decisionaid.storage.models import AgreedGoal, Plan, Question, Round, SortRecord
from decisionaid.storage.models.sorts import Advice, Listened, Say
from decisionaid.storage.sorts import LoadedSort
from tests.builders import CARDS, NOW, Case

HOME, FOOD = CARDS[0], CARDS[1]


@dataclass
class At:
    """A sort in the hands of whoever takes a step."""

    db: Session
    sort: LoadedSort
    round: Round
    now: datetime

    @property
    def record(self) -> SortRecord:
        return self.sort.record


Step = Callable[[At], object]


def asked(at: At) -> Question:
    return sorts.questions(at.db, at.record)[0]


def finish(at: At) -> None:
    sorting.finish(at.db, at.record, at.round, seen=sorts.fingerprint(at.db, at.record), now=at.now)


def put_back(at: At) -> None:
    """Remove an own card and put it back, with other words so that it can be told."""
    removed = sorting.remove_own_card(at.db, at.sort, CARDS, "own-1", at.now)
    sorting.put_back_own_card(at.db, at.sort, CARDS, 5, replace(removed, title="My cat"), at.now)


# Every verb by which a sort can change, as a step that an open sort allows.
VERBS: dict[str, Step] = {
    "rate": lambda at: sorting.rate_card(at.db, at.sort, CARDS, FOOD, Rating.NOT, at.now),
    "place": lambda at: sorting.place_card(at.db, at.sort, CARDS, 5, HOME, 1, at.now),
    "unplace": lambda at: sorting.unplace_card(at.db, at.sort, CARDS, HOME, at.now),
    "reorder": lambda at: sorting.reorder(at.db, at.sort, CARDS, 5, [HOME], at.now),
    "reorder to nothing": lambda at: sorting.reorder(at.db, at.sort, CARDS, 5, [], at.now),
    "describe": lambda at: sorting.describe_card(at.db, at.sort, CARDS, HOME, {"success": "a door"}, at.now),
    "describe a card not reached": lambda at: sorting.describe_card(at.db, at.sort, CARDS, FOOD, {"why": ""}, at.now),
    "add an own card": lambda at: sorting.add_own_card(at.db, at.sort, "My dog", at.now),
    "remove an own card": lambda at: sorting.remove_own_card(at.db, at.sort, CARDS, "own-1", at.now),
    "put an own card back": put_back,
    "ask": lambda at: sorting.ask(at.db, at.record, HOME, "How long?", at.now),
    "withdraw a question": lambda at: sorting.withdraw_question(at.db, at.record, asked(at), at.now),
    "choose": lambda at: sorting.choose_option(at.db, at.record, "less", "", at.now),
    "answer the safety check": lambda at: sorting.answer_safety(at.db, at.record, "fit", "no", at.now),
    "say how much": lambda at: sorting.say(at.record, how_much=Say.TOGETHER, advice=Advice.OPINION, now=at.now),
    "say what matters": lambda at: sorting.say_what_matters(at.record, "sleep", at.now),
    "see progress": lambda at: sorting.see_progress(at.db, at.record, "goal", Progress.CARRY_ON, "", at.now),
    "say listened": lambda at: sorting.say_listened(at.record, Listened.PARTLY, "", at.now),
    "finish": finish,
}
NO_ANSWER = {"begin", "see_option"}
"""Verbs that change no answer; of a finished sort they change nothing at all."""


def take(case: Case, *steps: Step) -> str:
    """Take steps, each on the client's sort as it then stands; returns the fingerprint after the last."""
    for step in steps:
        with case.database.writing() as db:
            sort = sorts.load(db, record(case, db))
            assert sort is not None
            step(At(db, sort, case.round(db), case.later()))
    with case.database.reading() as db:
        return sorts.fingerprint(db, record(case, db))


def record(case: Case, db: Session) -> SortRecord:
    return db.get_one(SortRecord, (case.service_id, case.client_sort_id))


def rate(card: str, answer: Answer) -> Step:
    return lambda at: sorting.rate_card(at.db, at.sort, CARDS, card, answer, at.now)


def place(card: str, place: int | None = None) -> Step:
    return lambda at: sorting.place_card(at.db, at.sort, CARDS, 5, card, place, at.now)


def own(title: str) -> Step:
    return lambda at: sorting.add_own_card(at.db, at.sort, title, at.now)


def add_goal(case: Case) -> None:
    """A goal of a plan, for the verb that looks back on one."""
    plan = {"client_id": case.client_id, "round_id": case.round_id, "number": 1, "changed_at": NOW}
    goal = {"plan_id": "plan", "position": 1, "title": "Sleep", "language": "en"}
    with case.database.writing() as db:
        db.add(Plan(service_id=case.service_id, id="plan", **plan))
        db.flush()
        db.add(AgreedGoal(service_id=case.service_id, id="goal", **goal))


def value(case: Case) -> Sort:
    """The client's sort as the core sees it."""
    with case.database.reading() as db:
        sort = sorts.load(db, record(case, db))
        assert sort is not None
        return sort.value(CARDS, 5)
