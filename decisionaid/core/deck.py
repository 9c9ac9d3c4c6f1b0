"""Decks: what a sort, a drinking goal and a safety check are made of. The structure stands once, the words by language.

Parsing and checking belong to `decisionaid.storage.decks`; what is built here is already whole.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace


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
class Card:
    """One area of life. `pictures` are icon names, the main one first.

    `opens` names the option deck that a yes or maybe leads to. `warns`: the red card stands with it. `spare`: in no
    sort until a service switches it on.
    """

    id: str
    domain: str
    pictures: tuple[str, str, str]
    opens: str | None = None
    warns: bool = False
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


@dataclass(frozen=True)
class Option:
    """One equal choice. `sureness` is how sure the evidence is, 1 to 3; `sources` are ids of the deck's sources."""

    id: str
    picture: str
    warns: bool
    sureness: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """What the deck claims, where from, on which options; `to_be_confirmed` says by whom, where it still has to be."""

    says: str
    sources: tuple[str, ...]
    options: tuple[str, ...]
    to_be_confirmed: str | None


@dataclass(frozen=True)
class SignedOff:
    """Whose word the deck still needs; `by` and `on` (ISO) are None until it is given."""

    needed_from: str
    by: str | None
    on: str | None


@dataclass(frozen=True)
class OptionDeck:
    """Options under the same `headings` (ids; a picture for each in `heading_pictures`)."""

    id: str
    version: int
    options: tuple[Option, ...]
    headings: tuple[str, ...]
    heading_pictures: Mapping[str, str]
    sources: tuple[Source, ...]
    facts: tuple[Fact, ...]
    signed_off: SignedOff

    def option(self, id: str) -> Option:
        """The option. Raises KeyError where there is none."""
        return {option.id: option for option in self.options}[id]

    def sources_of(self, option: Option) -> tuple[Source, ...]:
        """The sources of one option, in the deck's order."""
        return tuple(source for source in self.sources if source.id in option.sources)


@dataclass(frozen=True)
class OptionWords:
    """`short` is for tabs and tables; `sections` are by heading id, "good" and "hard" being lists of points."""

    title: str
    short: str
    line: str
    sections: Mapping[str, str | tuple[str, ...]]

    def text(self, heading: str) -> str:
        """A section as one text, for reading aloud and for counting."""
        section = self.sections[heading]
        return section if isinstance(section, str) else " ".join(section)


@dataclass(frozen=True)
class OptionDeckWords(Words):
    """The words of an `OptionDeck`.

    `choice` asks the client, `advice` the keyworker; `carry_on` says where carrying on as now stands; `sureness` names
    the degrees 1 to 3; `update_policy`, `funding` and `signed_off` are said as the decision-aid standards (IPDAS) ask.
    """

    choice: str
    advice: str
    intro: str
    carry_on: str
    headings: Mapping[str, str]
    sureness: Mapping[int, str]
    options: Mapping[str, OptionWords]
    update_policy: str
    funding: str
    signed_off: str


@dataclass(frozen=True)
class SafetyAnswer:
    id: str
    warns: bool


@dataclass(frozen=True)
class SafetyQuestion:
    id: str
    answers: tuple[SafetyAnswer, ...]

    def warns(self, answer: str | None) -> bool:
        """Whether this answer is a warning sign. Unanswered and unknown are: it fails only towards warning."""
        return not any(known.id == answer and not known.warns for known in self.answers)


@dataclass(frozen=True)
class SafetyDeck:
    """The questions whose answers decide whether the red card shows. Each has an answer "dont_know", which warns."""

    id: str
    version: int
    questions: tuple[SafetyQuestion, ...]
    sources: tuple[Source, ...]

    @property
    def calm(self) -> dict[str, frozenset[str]]:
        """Each question's answers that are no warning sign."""
        return {q.id: frozenset(a.id for a in q.answers if not a.warns) for q in self.questions}

    def question(self, id: str) -> SafetyQuestion:
        """The question. Raises KeyError where there is none."""
        return {question.id: question for question in self.questions}[id]


@dataclass(frozen=True)
class SafetyQuestionWords:
    text: str
    help: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class RedCard:
    """What stands in red. On a card about drugs, `drugs_title` and `drugs_line` stand for `title` and `lead`."""

    title: str
    lead: str
    signs: tuple[str, ...]
    emergency: str
    emergency_number: str
    drugs_title: str
    drugs_line: str
    tell: str


@dataclass(frozen=True)
class SafetyWords(Words):
    intro: str
    questions: Mapping[str, SafetyQuestionWords]
    red_card: RedCard


AnyDeck = Deck | OptionDeck | SafetyDeck
