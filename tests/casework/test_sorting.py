"""One person sorting: each verb keeps one choice, and none touches a sort that is finished."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from decisionaid.casework import sorting
from decisionaid.core.review import Progress
from decisionaid.core.sort import (
    Answer,
    NoPlaceLeft,
    NotInPile,
    Party,
    Rating,
    Sort,
    SortFinished,
    SortRefused,
    Unanswered,
    UnknownCard,
)
from decisionaid.storage import sorts
from decisionaid.storage.models import AgreedGoal, Plan, Question, Round, SortRecord
from decisionaid.storage.models.sorts import Advice, Listened, Say
from decisionaid.storage.sorts import LoadedSort
from tests.builders import CARDS, NOW, Case

YES, MAYBE, NOT = Rating.DEFINITELY, Rating.POSSIBLY, Rating.NOT
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


# Every verb by which a sort can change, as a step that an open sort allows.
VERBS: dict[str, Step] = {
    "rate": lambda at: sorting.rate_card(at.db, at.sort, CARDS, FOOD, NOT, at.now),
    "place": lambda at: sorting.place_card(at.db, at.sort, CARDS, 5, HOME, 1, at.now),
    "unplace": lambda at: sorting.unplace_card(at.db, at.sort, CARDS, HOME, at.now),
    "reorder": lambda at: sorting.reorder(at.db, at.sort, CARDS, 5, [HOME], at.now),
    "reorder to nothing": lambda at: sorting.reorder(at.db, at.sort, CARDS, 5, [], at.now),
    "describe": lambda at: sorting.describe_card(at.db, at.sort, CARDS, HOME, {"success": "a door"}, at.now),
    "describe a card not reached": lambda at: sorting.describe_card(at.db, at.sort, CARDS, FOOD, {"why": ""}, at.now),
    "add an own card": lambda at: sorting.add_own_card(at.db, at.sort, "My dog", at.now),
    "remove an own card": lambda at: sorting.remove_own_card(at.db, at.sort, CARDS, "own-1", at.now),
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


@pytest.fixture
def under_way(case: Case) -> Case:
    """The client has rated a card, written one, asked a question and answered one of the safety check."""
    case.with_open_sorts()
    add_goal(case)
    take(case, rate(HOME, YES), own("My garden"), VERBS["ask"], VERBS["answer the safety check"])
    return case


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


@pytest.mark.promise("P06")
@pytest.mark.parametrize("verb", VERBS)
def test_a_finished_sort_refuses_every_verb(under_way: Case, verb: str) -> None:
    sealed = take(under_way, place(HOME), VERBS["finish"])
    with pytest.raises(SortFinished):
        take(under_way, VERBS[verb])
    assert take(under_way) == sealed


@pytest.mark.parametrize("verb", VERBS)
def test_control_an_open_sort_allows_it(under_way: Case, verb: str) -> None:
    take(under_way, place(HOME), VERBS[verb])


def test_the_table_names_every_verb() -> None:
    verbs = {name for name, _ in inspect.getmembers(sorting, inspect.isfunction) if not name.startswith("_")}
    verbs = {name for name in verbs if getattr(sorting, name).__module__ == sorting.__name__}
    assert {name for step in VERBS.values() for name in step.__code__.co_names} >= verbs - NO_ANSWER


def test_to_begin_again_is_to_go_on(case: Case) -> None:
    case.with_open_sorts()
    with case.database.writing() as db:
        client = sorting.begin(db, case.round(db), Party.CLIENT, author=None, language="cy", now=case.later())
        keyworker = sorting.begin(
            db, case.round(db), Party.KEYWORKER, author=case.keyworker(db), language="cy", now=case.later()
        )
        assert (client.id, keyworker.id, client.language) == (case.client_sort_id, case.keyworker_sort_id, "en")
        assert client.seed != keyworker.seed


def test_which_choices_were_opened_is_noted_once_and_not_after_the_end(under_way: Case) -> None:
    def see(option: str) -> Step:
        return lambda at: sorting.see_option(at.db, at.record, option, at.now)

    take(under_way, see("less"), see("less"), see("safer"), VERBS["finish"], see("stop"))
    with under_way.database.reading() as db:
        assert sorts.views(db, record(under_way, db)) == {"less", "safer"}


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("place", "reorder", "finish")])
def test_only_what_was_seen_is_sealed(under_way: Case, verb: str) -> None:
    """The sort changes, on another device perhaps, after the page that is now answered was shown."""
    seen = take(under_way, place(HOME))
    assert take(under_way, VERBS[verb]) != seen
    with pytest.raises(sorting.SeenOtherwise):
        take(under_way, lambda at: sorting.finish(at.db, at.record, at.round, seen=seen, now=at.now))
    assert not value(under_way).finished


def test_a_place_is_kept_until_the_answer_leaves_the_pile(under_way: Case) -> None:
    take(under_way, rate(FOOD, MAYBE), place(HOME), place(FOOD, 1))
    assert value(under_way).order == (FOOD, HOME)
    take(under_way, rate(FOOD, YES))
    assert value(under_way).order == (FOOD, HOME)
    take(under_way, rate(FOOD, Unanswered.TOO_HARD))
    assert value(under_way).order == (HOME,)
    assert value(under_way).answer(FOOD) is Unanswered.TOO_HARD


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        (rate("elsewhere", YES), UnknownCard),
        (place("elsewhere"), UnknownCard),
        (place(FOOD), NotInPile),
        (place(HOME, 2), NoPlaceLeft),
        (lambda at: sorting.describe_card(at.db, at.sort, CARDS, "elsewhere", {"why": ""}, at.now), UnknownCard),
        (lambda at: sorting.remove_own_card(at.db, at.sort, CARDS, HOME, at.now), UnknownCard),
    ],
    ids=["rate", "place", "place a card not rated", "leave a hole", "describe", "remove a card of the deck"],
)
def test_what_the_rules_refuse_changes_nothing(under_way: Case, step: Step, refused: type[SortRefused]) -> None:
    before = take(under_way)
    with pytest.raises(refused):
        take(under_way, step)
    assert take(under_way) == before


def test_own_cards_are_sorted_like_others_and_go_with_all_that_hangs_on_them(under_way: Case) -> None:
    take(under_way, own("My dog"), rate("own-1", YES), rate("own-2", YES), place("own-2"), place("own-1"), place(HOME))
    assert value(under_way).own_cards == ("own-1", "own-2")
    take(under_way, VERBS["remove an own card"])
    assert (value(under_way).own_cards, value(under_way).order) == (("own-2",), ("own-2", HOME))
    assert value(under_way).answer("own-1") is None
    take(under_way, own("My boat"))
    assert set(value(under_way).own_cards) == {"own-1", "own-2"}
    assert value(under_way).answer("own-1") is None


def test_there_are_ten_own_cards_at_most(under_way: Case) -> None:
    take(under_way, *[own(f"Card {number}") for number in range(2, 11)])
    with pytest.raises(sorting.TooManyOwnCards):
        take(under_way, own("One more"))
    take(under_way, VERBS["remove an own card"], own("Another"))
    assert len(value(under_way).own_cards) == sorting.MOST_OWN_CARDS


def test_a_question_stays_when_its_own_card_goes_and_is_pinned_to_no_other(under_way: Case) -> None:
    take(under_way, lambda at: sorting.ask(at.db, at.record, "own-1", "Who waters it?", at.now))
    take(under_way, VERBS["remove an own card"], own("My boat"))
    with under_way.database.reading() as db:
        sort = record(under_way, db)
        pinned = {question.words: question.card_id for question in sorts.questions(db, sort)}
    assert pinned == {"How long?": HOME, "Who waters it?": None}


def test_a_changed_mind_leaves_the_goal_before_on_record(under_way: Case) -> None:
    for option in ("stop", "less", "stop"):
        take(under_way, lambda at, option=option: sorting.choose_option(at.db, at.record, option, "", at.now))  # type: ignore[misc]
    with under_way.database.reading() as db:
        sort = record(under_way, db)
        assert [choice.option for choice in sorts.choices(db, sort)] == ["stop", "less", "stop"]


def test_what_is_said_twice_counts_as_said_last(under_way: Case) -> None:
    take(
        under_way,
        lambda at: sorting.answer_safety(at.db, at.record, "fit", "yes", at.now),
        VERBS["see progress"],
        lambda at: sorting.see_progress(at.db, at.record, "goal", Progress.STEP_BACK, "", at.now),
        VERBS["say how much"],
        lambda at: sorting.say(at.record, how_much=None, advice=Advice.OPTIONS, now=at.now),
    )
    with under_way.database.reading() as db:
        sort = record(under_way, db)
        assert sorts.safety_replies(db, sort) == {"fit": "yes"}
        assert sorts.progress(db, sort)["goal"].progress is Progress.STEP_BACK
        assert (sort.say, sort.advice) == (Say.TOGETHER, Advice.OPTIONS)
