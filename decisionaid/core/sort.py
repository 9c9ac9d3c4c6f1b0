"""One person's sort of a deck: an answer for each card, and the most important in order.

The method is that of the Dutch Shared Decision-Making Intervention (Joosten, De Jong and others, 2008-2011), of
which the outline is published: three answers to each card, then the most important in strict order.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Party(StrEnum):
    """Who sorts. The two are equals; the client is named first."""

    CLIENT = "client"
    KEYWORKER = "keyworker"

    @property
    def other(self) -> "Party":
        return Party.KEYWORKER if self is Party.CLIENT else Party.CLIENT


class Rating(StrEnum):
    """An answer to the card's question; *weight* (2, 1, 0) only orders the three."""

    DEFINITELY = "definitely"
    POSSIBLY = "possibly"
    NOT = "definitely_not"

    @property
    def weight(self) -> int:
        return {Rating.DEFINITELY: 2, Rating.POSSIBLY: 1, Rating.NOT: 0}[self]


class Unanswered(StrEnum):
    """A card seen and left: a right of the person, never counted as "not now"."""

    SKIPPED = "skipped"
    NOT_UNDERSTOOD = "not_understood"
    TOO_HARD = "too_hard"


Answer = Rating | Unanswered
_RATINGS = frozenset(Rating)


def answer_from(text: str) -> Answer:
    """The answer that `text` names. Raises ValueError for anything else."""
    return Rating(text) if text in _RATINGS else Unanswered(text)


OWN_CARD = "own-"
"""What the id of a card that the client wrote begins with."""


_OWN_NUMBER = re.compile(f"{OWN_CARD}([1-9][0-9]*)")


def own_number(card: str) -> int | None:
    """The number of an own card, by which its sort never names another; None for a card of a deck."""
    found = _OWN_NUMBER.fullmatch(card)
    return int(found[1]) if found else None


def is_own_card(card: str) -> bool:
    """Whether this is the id of a card that the client wrote, and not one of a deck."""
    return own_number(card) is not None


class SortRefused(Exception):
    """A step that the rules of the sort do not allow."""


class SortFinished(SortRefused):
    """A finished sort never changes."""


class UnknownCard(SortRefused):
    """The card is not in this sort."""


class NotInPile(SortRefused):
    """Only a card answered yes or maybe can be given a place."""


class PlacedTwice(SortRefused):
    """A card stands in one place only."""


class NoPlaceLeft(SortRefused):
    """Every place is taken."""


@dataclass(frozen=True)
class Sort:
    """What one party answered. Cards are named by id, in the deck's order; the client's own cards are `own_cards`.

    `order` holds the placed cards, most important first; `places` is how many the deck asks for (five by default).
    A card that is in neither mapping was not reached.
    """

    party: Party
    cards: tuple[str, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    own_cards: tuple[str, ...] = ()
    places: int = 5
    finished: bool = False

    @property
    def all_cards(self) -> tuple[str, ...]:
        return self.cards + self.own_cards

    def answer(self, card: str) -> Answer | None:
        """The answer to `card`, or None where it was not reached."""
        return self.answers.get(card)

    def rating(self, card: str) -> Rating | None:
        """The rating of `card`, or None where it was skipped, left, or not reached."""
        answer = self.answers.get(card)
        return answer if isinstance(answer, Rating) else None

    def place(self, card: str) -> int | None:
        """The place of `card`, counted from 1, or None."""
        return self.order.index(card) + 1 if card in self.order else None

    @property
    def pile(self) -> tuple[str, ...]:
        """The *work on* pile: cards answered yes, then those answered maybe, each in the deck's order."""
        return self._rated(Rating.DEFINITELY) + self._rated(Rating.POSSIBLY)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """What of the pile has no place."""
        return tuple(card for card in self.pile if card not in self.order)

    def _rated(self, rating: Rating) -> tuple[str, ...]:
        return tuple(card for card in self.all_cards if self.answers.get(card) == rating)


def answer_card(sort: Sort, card: str, answer: Answer) -> Sort:
    """`sort` with `card` answered; a card that leaves the pile leaves its place too."""
    _open(sort, card)
    order = sort.order if _in_pile(answer) else tuple(c for c in sort.order if c != card)
    return replace(sort, answers={**sort.answers, card: answer}, order=order)


def place_card(sort: Sort, card: str, place: int | None = None) -> Sort:
    """`sort` with `card` put in `place` (from 1; the next free one by default); the cards from there on move down."""
    _open(sort, card)
    others = [c for c in sort.order if c != card]
    position = len(others) if place is None else place - 1
    if not 0 <= position <= len(others):
        raise NoPlaceLeft(place)
    return reorder(sort, [*others[:position], card, *others[position:]])


def unplace_card(sort: Sort, card: str) -> Sort:
    """`sort` with `card` back among the unplaced."""
    _open(sort, card)
    return replace(sort, order=tuple(c for c in sort.order if c != card))


def reorder(sort: Sort, order: Sequence[str]) -> Sort:
    """`sort` with the placed cards exactly as in `order`."""
    if sort.finished:
        raise SortFinished
    for card in order:
        _open(sort, card)
        if not _in_pile(sort.answer(card)):
            raise NotInPile(card)
    if len(set(order)) != len(order):
        raise PlacedTwice(*order)
    if len(order) > sort.places:
        raise NoPlaceLeft(len(order))
    return replace(sort, order=tuple(order))


def shuffled(cards: Sequence[str], seed: int) -> tuple[str, ...]:
    """The cards in the order in which this sort shows them; the same for the same `seed`."""
    shown = list(cards)
    random.Random(seed).shuffle(shown)  # noqa: S311 - the seed is kept so that the order can be repeated; no secret
    return tuple(shown)


def _in_pile(answer: Answer | None) -> bool:
    return answer in (Rating.DEFINITELY, Rating.POSSIBLY)


def _open(sort: Sort, card: str) -> None:
    if sort.finished:
        raise SortFinished
    if card not in sort.all_cards:
        raise UnknownCard(card)
