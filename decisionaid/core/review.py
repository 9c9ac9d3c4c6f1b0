"""What moved between two rounds, and who moved."""

from dataclasses import dataclass
from enum import StrEnum

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
        """Whether this party's answer is another one now."""
        return self.answers[party].moved

    @property
    def answer_moved(self) -> bool:
        return any(move.moved for move in self.answers.values())

    @property
    def place_moved(self) -> bool:
        return any(move.moved for move in self.places.values())


@dataclass(frozen=True)
class Changes:
    """Everything that moved. `same_before` and `same_now` count the cards on which both gave the same rating."""

    cards: tuple[CardMoves, ...]
    same_before: int
    same_now: int

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
        """On how many cards this party's answer moved."""
        return sum(card.moved(party) for card in self.cards)


def changes(before: tuple[Sort, Sort], now: tuple[Sort, Sort]) -> Changes:
    """What moved between two pairs of sorts, each the client's first. Cards of the deck that all four hold are compared."""
    cards = tuple(card for card in now[0].cards if card in before[0].cards)
    pairs = {sort.party: (earlier, sort) for earlier, sort in zip(before, now, strict=True)}
    return Changes(
        cards=tuple(
            CardMoves(
                card,
                {party: Move(a.answer(card), b.answer(card)) for party, (a, b) in pairs.items()},
                {party: Move(a.place(card), b.place(card)) for party, (a, b) in pairs.items()},
            )
            for card in cards
        ),
        same_before=_same(before),
        same_now=_same(now),
    )


def _same(pair: tuple[Sort, Sort]) -> int:
    client, keyworker = pair
    rated = [(client.rating(card), keyworker.rating(card)) for card in client.cards]
    return sum(a is not None and a == b for a, b in rated)
