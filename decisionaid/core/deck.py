"""Decks: what every deck holds, and the cards of a sort. The structure stands once, the words by language.

Parsing and checking belong to `decisionaid.storage.decks`; what is built here is already whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

SOURCE = "en"
"""The language that every deck is written in, and that stands where a deck does not speak another."""

Danger = Literal["drinking", "drugs"]
"""What it is dangerous to stop suddenly; each has a red card of this name."""


@dataclass(frozen=True)
class Source:
    """Where a fact comes from. `date` (ISO, at least the year) is when it was `dated`: "published" or "read"."""

    id: str
    citation: str
    date: str
    url: str
    dated: str = "published"


@dataclass(frozen=True)
class Review:
    """Who read a language's words through, and on which day (ISO)."""

    by: str
    on: str


@dataclass(frozen=True)
class Words:
    """What the words of any deck begin with. `reviewed` is None until a speaker of the language has read them."""

    language: str
    name: str
    direction: str
    reviewed: Review | None
    title: str


@dataclass(frozen=True)
class Fact:
    """What the deck claims, and where from; `to_be_confirmed` says by whom, where it still has to be.

    `about` names what it is said of: options of a deck of options, red cards of a safety check.
    """

    says: str
    sources: tuple[str, ...]
    about: tuple[str, ...]
    to_be_confirmed: str | None


@dataclass(frozen=True)
class SignedOff:
    """Whose word the deck still needs; `by` and `on` (ISO) are None until it is given."""

    needed_from: str
    by: str | None
    on: str | None


@dataclass(frozen=True)
class Card:
    """One area of life. `pictures` are icon names, the main one first; an empty name is no picture.

    `opens` names the option deck that a yes or maybe leads to. `warns` names the red card that stands with it.
    `points`: a goal, step or settled point on this card may mean stopping or using less. `spare`: in no sort until a
    service switches it on.
    """

    id: str
    domain: str
    pictures: tuple[str, str, str]
    opens: str | None = None
    warns: Danger | None = None
    points: bool = False
    spare: bool = False


@dataclass(frozen=True)
class Deck:
    """Cards to sort, the `top` most important of them in order. `cards` are those in use, `spares` the rest."""

    id: str
    version: int
    top: int
    cards: tuple[Card, ...]
    sources: tuple[Source, ...] = ()
    spares: tuple[Card, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The cards in use, in the deck's order."""
        return tuple(card.id for card in self.cards)

    def card(self, id: str) -> Card:
        """The card, in use or spare. Raises KeyError where there is none."""
        return {card.id: card for card in self.cards + self.spares}[id]

    def with_spares(self, ids: Collection[str]) -> "Deck":
        """This deck with the named spare cards in use, after the others."""
        switched_on = tuple(card for card in self.spares if card.id in ids)
        left = tuple(card for card in self.spares if card.id not in ids)
        return replace(self, cards=self.cards + switched_on, spares=left)

    def drawn(self, pictures: Collection[str]) -> "Deck":
        """This deck with these pictures alone; a card whose picture is not among them is shown without."""
        cards, spares = (
            tuple(replace(card, pictures=_known(card.pictures, pictures)) for card in each)
            for each in (self.cards, self.spares)
        )
        return replace(self, cards=cards, spares=spares)


def _known(named: tuple[str, str, str], pictures: Collection[str]) -> tuple[str, str, str]:
    """The names of a card's pictures, each empty where there is no such picture."""
    first, second, third = (name if name in pictures else "" for name in named)
    return first, second, third


@dataclass(frozen=True)
class CardWords:
    title: str
    line: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class DeckWords(Words):
    """The words of a `Deck` in one language.

    `questions` are by party ("client", "keyworker"); `answers` by party and then by rating; `short` by rating, for
    tables; `cards` by id, spare ones too; `cues` are open questions that may help in the talk.
    """

    questions: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]
    short: Mapping[str, str]
    cards: Mapping[str, CardWords]
    cues: tuple[str, ...]
