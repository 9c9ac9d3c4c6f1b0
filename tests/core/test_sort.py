"""The rules of one sort: tables of examples, and a machine that does anything in any order."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from decisionaid.core.sort import (
    Answer,
    NoPlaceLeft,
    NotInPile,
    Party,
    PlacedTwice,
    Rating,
    Sort,
    SortFinished,
    SortRefused,
    Unanswered,
    UnknownCard,
    answer_card,
    answer_from,
    place_card,
    reorder,
    shuffled,
    unplace_card,
)

YES, MAYBE, NOT, SKIPPED = Rating.DEFINITELY, Rating.POSSIBLY, Rating.NOT, Unanswered.SKIPPED
CARDS = ("food", "home", "money", "health", "friends", "sleep", "work")
OWN = ("own-1",)
OPEN = Sort(Party.CLIENT, ("a", "b", "c", "d"), {"a": YES, "b": MAYBE, "c": NOT, "d": YES}, ("a", "b"), places=3)


def test_the_client_is_named_first_and_each_is_the_others_other() -> None:
    assert tuple(Party) == (Party.CLIENT, Party.KEYWORKER)
    assert [party.other for party in Party] == [Party.KEYWORKER, Party.CLIENT]


@pytest.mark.parametrize("answer", [*Rating, *Unanswered])
def test_an_answer_is_read_back_as_itself(answer: Answer) -> None:
    assert answer_from(answer.value) is answer


@pytest.mark.parametrize("text", ["", "yes", "DEFINITELY", "2"])
def test_anything_else_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        answer_from(text)


def test_weights_order_the_ratings() -> None:
    assert [rating.weight for rating in (YES, MAYBE, NOT)] == [2, 1, 0]


def test_the_pile_is_yes_then_maybe_and_knows_what_has_no_place() -> None:
    assert OPEN.pile == ("a", "d", "b")
    assert OPEN.unplaced == ("d",)


def test_a_card_left_is_not_a_rating() -> None:
    sort = Sort(Party.CLIENT, ("a", "b", "c"), {"a": SKIPPED, "c": NOT})
    assert [sort.answer(card) for card in "abc"] == [SKIPPED, None, NOT]
    assert [sort.rating(card) for card in "abc"] == [None, None, NOT]


@pytest.mark.parametrize(
    ("step", "order"),
    [
        (lambda: place_card(OPEN, "d"), ("a", "b", "d")),
        (lambda: place_card(OPEN, "d", 1), ("d", "a", "b")),
        (lambda: place_card(OPEN, "a", 2), ("b", "a")),
        (lambda: place_card(OPEN, "a"), ("b", "a")),
        (lambda: unplace_card(OPEN, "a"), ("b",)),
        (lambda: unplace_card(OPEN, "d"), ("a", "b")),
        (lambda: reorder(OPEN, ["b", "d", "a"]), ("b", "d", "a")),
        (lambda: reorder(OPEN, []), ()),
        (lambda: answer_card(OPEN, "a", MAYBE), ("a", "b")),
        (lambda: answer_card(OPEN, "a", NOT), ("b",)),
        (lambda: answer_card(OPEN, "b", SKIPPED), ("a",)),
    ],
)
def test_a_step_leaves_this_order(step: Callable[[], Sort], order: tuple[str, ...]) -> None:
    assert step().order == order
    assert OPEN.order == ("a", "b"), "a step makes a new value"


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        (lambda: place_card(OPEN, "c"), NotInPile),
        (lambda: place_card(OPEN, "z"), UnknownCard),
        (lambda: answer_card(OPEN, "z", YES), UnknownCard),
        (lambda: unplace_card(OPEN, "z"), UnknownCard),
        (lambda: place_card(OPEN, "d", 0), NoPlaceLeft),
        (lambda: place_card(OPEN, "d", 4), NoPlaceLeft),
        (lambda: reorder(OPEN, ["a", "a"]), PlacedTwice),
        (lambda: place_card(reorder(answer_card(OPEN, "c", YES), ["a", "b", "d"]), "c"), NoPlaceLeft),
    ],
)
def test_a_step_is_refused(step: Callable[[], Sort], refusal: type[SortRefused]) -> None:
    with pytest.raises(refusal):
        step()


FINISHED = replace(OPEN, finished=True)


@pytest.mark.parametrize(
    "step",
    [
        lambda: answer_card(FINISHED, "a", YES),
        lambda: place_card(FINISHED, "d"),
        lambda: unplace_card(FINISHED, "a"),
        lambda: reorder(FINISHED, ["b", "a"]),
        lambda: reorder(FINISHED, []),
    ],
)
def test_a_finished_sort_never_changes(step: Callable[[], Sort]) -> None:
    with pytest.raises(SortFinished):
        step()


def test_the_same_seed_shows_the_same_order_and_every_card() -> None:
    assert shuffled(CARDS, 7) == shuffled(CARDS, 7)
    assert shuffled(CARDS, 7) != shuffled(CARDS, 8)
    assert sorted(shuffled(CARDS, 7)) == sorted(CARDS)


class Sorting(RuleBasedStateMachine):
    """Does anything in any order beside a plain model: a dictionary of answers and a list of places."""

    def __init__(self) -> None:
        super().__init__()
        self.sort = Sort(Party.CLIENT, CARDS, own_cards=OWN, places=3)
        self.answers: dict[str, Answer] = {}
        self.order: list[str] = []

    @rule(card=st.sampled_from(CARDS + OWN), answer=st.sampled_from([*Rating, *Unanswered]))
    def answer(self, card: str, answer: Answer) -> None:
        if self.tried(lambda: answer_card(self.sort, card, answer)):
            self.answers[card] = answer
            if answer not in (YES, MAYBE):
                self.order = [other for other in self.order if other != card]

    @rule(card=st.sampled_from(CARDS + OWN), place=st.one_of(st.none(), st.integers(-1, 5)))
    def place(self, card: str, place: int | None) -> None:
        others = [other for other in self.order if other != card]
        position = len(others) if place is None else place - 1
        fits = 0 <= position <= len(others) < self.sort.places
        allowed = fits and self.answers.get(card) in (YES, MAYBE)
        if self.tried(lambda: place_card(self.sort, card, place), allowed=allowed):
            self.order = [*others[:position], card, *others[position:]]

    @rule(card=st.sampled_from(CARDS + OWN))
    def unplace(self, card: str) -> None:
        if self.tried(lambda: unplace_card(self.sort, card)):
            self.order = [other for other in self.order if other != card]

    @rule(order=st.lists(st.sampled_from(CARDS + OWN), min_size=1, max_size=5))
    def put_in_order(self, order: list[str]) -> None:
        once = len(set(order)) == len(order) <= self.sort.places
        allowed = once and all(self.answers.get(card) in (YES, MAYBE) for card in order)
        if self.tried(lambda: reorder(self.sort, order), allowed=allowed):
            self.order = order

    @rule(step=st.sampled_from((lambda s: answer_card(s, "?", YES), lambda s: place_card(s, "?"))))
    def unknown_card(self, step: Callable[[Sort], Sort]) -> None:
        self.tried(lambda: step(self.sort), allowed=False)

    @precondition(lambda self: len(self.answers) > 3 and not self.sort.finished)
    @rule()
    def finish(self) -> None:
        self.sort = Sort(Party.CLIENT, CARDS, self.answers.copy(), tuple(self.order), OWN, 3, finished=True)

    def tried(self, step: Callable[[], Sort], *, allowed: bool = True) -> bool:
        """Take the step. It is refused exactly where the model does not allow it, and always once finished."""
        if self.sort.finished or not allowed:
            with pytest.raises(SortFinished if self.sort.finished else SortRefused):
                step()
            return False
        self.sort = step()
        return True

    @invariant()
    def is_as_the_model(self) -> None:
        assert self.sort.answers == self.answers
        assert self.sort.order == tuple(self.order)

    @invariant()
    def holds_the_rules(self) -> None:
        assert len(set(self.sort.order)) == len(self.sort.order) <= self.sort.places
        assert set(self.sort.order) | set(self.sort.unplaced) == set(self.sort.pile)
        for place, card in enumerate(self.sort.order, start=1):
            assert self.sort.place(card) == place
            assert self.sort.rating(card) in (YES, MAYBE)


TestSorting = Sorting.TestCase
TestSorting.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
