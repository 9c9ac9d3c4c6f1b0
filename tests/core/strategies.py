"""Sorts for the tests of the core: written by hand, and drawn at random."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from decisionaid.core.sort import Answer, Party, Rating, Sort, Unanswered

YES, MAYBE, NOT = Rating.DEFINITELY, Rating.POSSIBLY, Rating.NOT
SKIPPED, UNCLEAR, TOO_HARD = Unanswered.SKIPPED, Unanswered.NOT_UNDERSTOOD, Unanswered.TOO_HARD
ANSWERS: tuple[Answer | None, ...] = (YES, MAYBE, NOT, SKIPPED, UNCLEAR, TOO_HARD, None)

AT_EASE = settings(max_examples=150, deadline=None)
"""Without a deadline: the machine may be busy with other tests."""


def a_sort(
    party: Party, answers: Mapping[str, Answer | None], order: str = "", own: str = "", *, finished: bool = True
) -> Sort:
    """A sort of the cards of `answers`; `order` and `own` name cards by one letter each."""
    return Sort(
        party=party,
        cards=tuple(card for card in answers if card not in own),
        answers={card: answer for card, answer in answers.items() if answer is not None},
        order=tuple(order),
        own_cards=tuple(own),
        finished=finished,
    )


def clients(answers: Mapping[str, Answer | None], order: str = "", own: str = "") -> Sort:
    return a_sort(Party.CLIENT, answers, order, own)


def keyworkers(answers: Mapping[str, Answer | None], order: str = "") -> Sort:
    return a_sort(Party.KEYWORKER, answers, order)


def without_own(sort: Sort) -> Sort:
    """`sort` as if the client had written no card."""
    return replace(
        sort,
        answers={card: answer for card, answer in sort.answers.items() if card in sort.cards},
        order=tuple(card for card in sort.order if card in sort.cards),
        own_cards=(),
    )


@st.composite
def finished_sorts(
    draw: st.DrawFn, party: Party, cards: tuple[str, ...], places: int, own: tuple[str, ...] = ()
) -> Sort:
    """Any finished sort of these cards that the rules allow."""
    drawn = {card: draw(st.sampled_from(ANSWERS)) for card in cards + own}
    answers = {card: answer for card, answer in drawn.items() if answer is not None}
    pile = [card for card, answer in answers.items() if answer in (YES, MAYBE)]
    order = draw(st.permutations(pile))[: draw(st.integers(0, places))]
    return Sort(party, cards, answers, tuple(order), own, places, finished=True)


@st.composite
def pairs(draw: st.DrawFn, most_own: int = 2) -> tuple[Sort, Sort]:
    """A client's and a keyworker's finished sort of one deck."""
    cards = tuple(f"card-{n}" for n in range(draw(st.integers(1, 10))))
    own = tuple(f"own-{n}" for n in range(draw(st.integers(0, most_own))))
    places = draw(st.integers(1, 5))
    client = draw(finished_sorts(Party.CLIENT, cards, places, own))
    return client, draw(finished_sorts(Party.KEYWORKER, cards, places))
