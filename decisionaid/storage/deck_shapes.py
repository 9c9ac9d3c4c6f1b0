"""The shape of the files that say how a deck is built: what each may hold, and within which limits.

What fits becomes the plain values of the core. Everything is strict: no unknown field, no number for a text, no markup,
no text longer than its screen can hold.
"""

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from decisionaid.core.deck import Danger, Deck
from decisionaid.core.deck_options import OptionDeck
from decisionaid.core.deck_safety import SafetyDeck

AnyDeck = Deck | OptionDeck | SafetyDeck

MOST_CARDS = 200
PICTURES = 3
MARKUP = re.compile(r"[<>]|&#?\w+;")
JOINERS = "\u00ad\u200c\u200d"
"""Invisible, but several scripts cannot be written without them."""


def _plain(text: str) -> str:
    """Text that a page can show as it is. Raises ValueError where it holds what no reader should meet."""
    if MARKUP.search(text):
        raise ValueError("HTML is not allowed")
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn"} and sign not in JOINERS for sign in text):
        raise ValueError("Invisible characters are not allowed")
    if text != " ".join(text.split()):
        raise ValueError("Leading, trailing or double spaces")
    return text


def _day(text: str) -> str:
    """An ISO date, or its year, or its year and month. Raises ValueError for any other."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9][0-9]){0,2}", text):
        raise ValueError("A date is written 2026, 2026-11 or 2026-11-23")
    date.fromisoformat(text + "2000-01-01"[len(text) :])
    return text


def _three_or_none(pictures: list[str]) -> list[str]:
    """The three pictures of a card, or none. Raises ValueError for one or two."""
    if len(pictures) not in (0, PICTURES):
        raise ValueError("A card has three pictures, or none")
    return pictures


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Answer = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=40)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]
Day = Annotated[str, AfterValidator(_day)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=200)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(_plain)]
Brief = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(_plain)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(_plain)]
Example = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_plain)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=90), AfterValidator(_plain)]
Point = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_plain)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_plain)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=700), AfterValidator(_plain)]
Version = Annotated[int, Field(ge=1, le=9999)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SourceShape(Shape):
    id: Id
    citation: Text
    date: Day
    url: Url
    dated: Literal["published", "read"] = "published"


class FactShape(Shape):
    says: Text
    sources: list[Id]
    about: Annotated[list[Id], Field(min_length=1)]
    to_be_confirmed: Line | None


class SignedOffShape(Shape):
    needed_from: Line
    by: Line | None
    on: Day | None


class StructureShape(Shape):
    kind: str
    id: Id
    version: Version
    sources: list[SourceShape] = Field(default=[], max_length=MOST_CARDS)

    def to_core(self) -> AnyDeck:
        """The plain value that the program works with."""
        raise NotImplementedError


class CardShape(Shape):
    id: Id
    domain: Id
    pictures: Annotated[list[Id], Field(max_length=3), AfterValidator(_three_or_none)] = []
    opens: Id | None = None
    warns: Danger | None = None
    points: bool = False
    spare: bool = False


class CardsShape(StructureShape):
    kind: Literal["cards"]
    top: Annotated[int, Field(ge=1, le=MOST_CARDS)]
    cards: Annotated[list[CardShape], Field(min_length=1, max_length=MOST_CARDS)]

    def to_core(self) -> Deck:
        held = self.model_dump(exclude={"cards", "kind"})
        without = {"pictures": ("",) * PICTURES}
        cards = [card.model_dump() | ({} if card.pictures else without) for card in self.cards]
        used, spares = [c for c in cards if not c["spare"]], [c for c in cards if c["spare"]]
        return TypeAdapter(Deck).validate_python({**held, "cards": used, "spares": spares})


class OptionShape(Shape):
    id: Id
    picture: Id | Literal[""] = ""
    warns: bool
    sureness: Annotated[int, Field(ge=1, le=3)]
    sources: Annotated[list[Id], Field(min_length=1, max_length=12)]


class HeadingShape(Shape):
    id: Literal["means", "good", "hard", "suits", "help", "sure"]
    picture: Id | Literal[""] = ""


class OptionsShape(StructureShape):
    kind: Literal["options"]
    options: Annotated[list[OptionShape], Field(min_length=2, max_length=8)]
    headings: Annotated[list[HeadingShape], Field(min_length=6, max_length=6)]
    facts: list[FactShape]
    signed_off: SignedOffShape

    def to_core(self) -> OptionDeck:
        held = self.model_dump(exclude={"headings", "kind"})
        pictures = {heading.id: heading.picture for heading in self.headings}
        return TypeAdapter(OptionDeck).validate_python(
            {**held, "headings": list(pictures), "heading_pictures": pictures}
        )


class SafetyAnswerShape(Shape):
    id: Answer
    warns: bool


class SafetyQuestionShape(Shape):
    id: Id
    answers: Annotated[list[SafetyAnswerShape], Field(min_length=2, max_length=8)]
    dangers: Annotated[list[Danger], Field(min_length=1)] = ["drinking"]
    gate: bool = False
    lifetime: bool = False


class SafetyShape(StructureShape):
    kind: Literal["safety"]
    questions: Annotated[list[SafetyQuestionShape], Field(min_length=1, max_length=20)]
    facts: list[FactShape]
    signed_off: SignedOffShape
    made_from: Version | None = None
    """Of a service's own: the version of ours that it was last compared with."""

    def to_core(self) -> SafetyDeck:
        return TypeAdapter(SafetyDeck).validate_python(self.model_dump(exclude={"kind"}))
