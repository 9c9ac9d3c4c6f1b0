"""One person sorting: each verb keeps one choice, and none touches a sort that is finished."""

import inspect

import pytest

from decisionaid.casework import sorting
from decisionaid.core.review import Progress
from decisionaid.core.sort import (
    NoPlaceLeft,
    NotInPile,
    Party,
    Rating,
    SortFinished,
    SortRefused,
    Unanswered,
    UnknownCard,
)
from decisionaid.storage import sorts
from decisionaid.storage.models.sorts import Advice, Say
from tests.builders import CARDS, Case
from tests.casework.steps import (
    FOOD,
    HOME,
    NO_ANSWER,
    VERBS,
    Step,
    add_goal,
    own,
    place,
    rate,
    record,
    take,
    value,
)

YES, MAYBE = Rating.DEFINITELY, Rating.POSSIBLY


@pytest.fixture
def under_way(case: Case) -> Case:
    """The client has rated a card, written one, asked a question and answered one of the safety check."""
    case.with_open_sorts()
    add_goal(case)
    take(case, rate(HOME, YES), own("My garden"), VERBS["ask"], VERBS["answer the safety check"])
    return case


@pytest.mark.promise("P06")
@pytest.mark.parametrize("verb", VERBS)
def test_a_finished_sort_refuses_every_verb(under_way: Case, verb: str) -> None:
    sealed = take(under_way, place(HOME), VERBS["finish"])
    with pytest.raises(SortFinished):
        take(under_way, VERBS[verb])
    assert take(under_way) == sealed


@pytest.mark.promise("P06")
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
    assert value(under_way).own_cards == ("own-2", "own-3"), "a number was given twice"
    assert value(under_way).answer("own-3") is None


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
