"""What moved between two rounds, and who moved."""

from dataclasses import dataclass
from enum import StrEnum

from decisionaid.core.comparison import check_pair
from decisionaid.core.sort import Answer, Party, Sort


class Progress(StrEnum):
    """How one party sees a goal of the last plan. None of these is a pass or a fail."""

    ACHIEVED = "achieved"
    CARRY_ON = "carry_on"
    CHANGED_MIND = "changed_mind"
    STEP_BACK = "step_back"
    DROP = "drop"


@dataclass(frozen=True)
class Move:
    """One party's answer to a card, or its place, before and now."""

    before: Answer | int | None
    now: Answer | int | None

    @property
    def moved(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True)
class CardMoves:
    """A card in two rounds. `answers` and `places` are by party."""

    card: str
    answers: dict[Party, Move]
    places: dict[Party, Move]

    def moved(self, party: Party) -> bool:
        """Whether this party gives the card another answer or another place now."""
        return self.answers[party].moved or self.places[party].moved

    @property
    def answer_moved(self) -> bool:
        return any(move.moved for move in self.answers.values())

    @property
    def place_moved(self) -> bool:
        return any(move.moved for move in self.places.values())


@dataclass(frozen=True)
class Changes:
    """Everything that moved, over the cards that both rounds hold.

    `gone` are the cards that only the earlier round holds, and `new` those that only the later one does.
    `same_before` of `both_before`, and `same_now` of `both_now`: on how many cards both gave the same rating, of those
    that both rated. `own_before` and `own_now` are the client's own cards; their ids are given anew in each round, so
    that no card of one is a card of the other.
    """

    cards: tuple[CardMoves, ...]
    same_before: int
    both_before: int
    same_now: int
    both_now: int
    gone: tuple[CardMoves, ...] = ()
    new: tuple[CardMoves, ...] = ()
    own_before: tuple[str, ...] = ()
    own_now: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[CardMoves, ...]:
        """The cards whose answers moved, then those of which only the place did."""
        answers = tuple(c for c in self.cards if c.answer_moved)
        return answers + tuple(c for c in self.cards if c.place_moved and not c.answer_moved)

    @property
    def stayed(self) -> int:
        """How many cards stayed where they were."""
        return len(self.cards) - len(self.moved)

    def count(self, party: Party) -> int:
        """On how many cards this party moved, in answer or place."""
        return sum(card.moved(party) for card in self.cards)


def changes(before: tuple[Sort, Sort], now: tuple[Sort, Sort]) -> Changes:
    """What moved between two rounds; each pair is the client's sort, then the keyworker's.

    Cards that only one of the rounds holds stand by themselves, and enter no count. Raises as `comparison.check_pair`
    does.
    """
    check_pair(*before)
    check_pair(*now)
    cards = tuple(card for card in now[0].cards if card in before[0].cards)
    gone = tuple(card for card in before[0].cards if card not in cards)
    new = tuple(card for card in now[0].cards if card not in cards)
    (same_before, both_before), (same_now, both_now) = _agreement(before, cards), _agreement(now, cards)
    return Changes(
        cards=tuple(_moves(card, before, now) for card in cards),
        same_before=same_before,
        both_before=both_before,
        same_now=same_now,
        both_now=both_now,
        gone=tuple(_moves(card, before, now) for card in gone),
        new=tuple(_moves(card, before, now) for card in new),
        own_before=before[0].own_cards,
        own_now=now[0].own_cards,
    )


def _moves(card: str, before: tuple[Sort, Sort], now: tuple[Sort, Sort]) -> CardMoves:
    pairs = tuple(zip(before, now, strict=True))
    return CardMoves(
        card,
        answers={later.party: Move(earlier.answer(card), later.answer(card)) for earlier, later in pairs},
        places={later.party: Move(earlier.place(card), later.place(card)) for earlier, later in pairs},
    )


def _agreement(pair: tuple[Sort, Sort], cards: tuple[str, ...]) -> tuple[int, int]:
    """On how many of the cards the two gave the same rating, and how many both rated."""
    client, keyworker = pair
    rated = [(a, b) for card in cards if (a := client.rating(card)) and (b := keyworker.rating(card))]
    return sum(a is b for a, b in rated), len(rated)
