"""Sorts for the tests of the core: built by hand, and any that a person could make."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from decisionaid.core.comparison import Kind
from decisionaid.core.sort import Answer, Party, Rating, Sort, Unanswered

CARDS = ("home", "food", "sleep", "money", "work", "drinking", "friends", "law")
OWN = ("own-1", "own-2")
PLACES = 3
MIRROR = {Kind.CLIENT_FORWARD: Kind.KEYWORKER_FORWARD, Kind.KEYWORKER_FORWARD: Kind.CLIENT_FORWARD}


def a_sort(
    party: Party,
    answers: Mapping[str, Answer | None],
    order: tuple[str, ...] = (),
    own_cards: tuple[str, ...] = (),
) -> Sort:
    """A finished sort of `CARDS` with three places; None stands for a card that was not reached."""
    given = {card: answer for card, answer in answers.items() if answer is not None}
    return Sort(party, CARDS, given, order, own_cards, PLACES, finished=True)


def swapped(client: Sort, keyworker: Sort) -> tuple[Sort, Sort]:
    """Each with the other's answers and places."""
    return replace(keyworker, party=Party.CLIENT), replace(client, party=Party.KEYWORKER)


@st.composite
def _sorts(draw: st.DrawFn, party: Party) -> Sort:
    own = draw(st.sampled_from([(), OWN[:1], OWN])) if party is Party.CLIENT else ()
    answer = st.sampled_from([*Rating, *Rating, *Unanswered, None])
    answers = {card: draw(answer) for card in CARDS + own}
    pile = [card for card, given in answers.items() if given in (Rating.DEFINITELY, Rating.POSSIBLY)]
    placed = draw(st.permutations(pile))[: draw(st.integers(0, PLACES))]
    return a_sort(party, answers, tuple(placed), own)


TWO_SORTS = st.tuples(_sorts(Party.CLIENT), _sorts(Party.KEYWORKER))
"""Any two finished sorts, the client's first."""


def unfinished(sort: Sort) -> Sort:
    """The same sort while it is still open."""
    return replace(sort, finished=False)
