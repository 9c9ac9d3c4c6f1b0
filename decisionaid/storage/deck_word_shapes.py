"""The shape of the files that say a deck in one language; the limits are what the screens can hold."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from decisionaid.core.deck import CardWords, DeckWords, Review, Words
from decisionaid.core.deck_options import OptionDeckWords
from decisionaid.core.deck_safety import SafetyWords
from decisionaid.storage.deck_shapes import (
    Answer,
    Brief,
    Day,
    Example,
    Id,
    Language,
    Line,
    Long,
    Point,
    Shape,
    Short,
    Text,
    Title,
)


class ReviewShape(Shape):
    by: Line
    on: Day


class WordsShape(Shape):
    becomes: ClassVar[type[Words]]
    language: Language
    name: Title
    direction: Literal["ltr", "rtl"]
    reviewed: ReviewShape | None
    title: Title

    def to_core(self) -> Words:
        """The plain value that the program works with."""
        return TypeAdapter(self.becomes).validate_python(self.model_dump())


class ByParty(Shape):
    client: Line
    keyworker: Line


class Ratings(Shape):
    definitely: Title
    possibly: Title
    definitely_not: Title


class ShortRatings(Shape):
    definitely: Short
    possibly: Short
    definitely_not: Short


class RatingsByParty(Shape):
    client: Ratings
    keyworker: Ratings


class CardWordsShape(Shape):
    title: Title
    line: Line
    examples: Annotated[list[Example], Field(min_length=1, max_length=4)]


class CardsWordsShape(WordsShape):
    becomes = DeckWords
    questions: ByParty
    answers: RatingsByParty
    short: ShortRatings
    cards: dict[Id, CardWordsShape]
    cues: Annotated[list[Point], Field(min_length=1, max_length=12)]


class EasyCardShape(Shape):
    """One idea a line: a name, a short sentence, and one or two things that it can be."""

    title: Brief
    line: Example
    examples: Annotated[list[Brief], Field(min_length=1, max_length=2)]


class EasyWordsShape(Shape):
    """The client's question, answers and cards in short and easy words; all else stays as in the usual words."""

    language: Language
    reviewed: ReviewShape | None
    question: Example
    answers: Ratings
    cards: dict[Id, EasyCardShape]

    def beside(self, words: DeckWords) -> DeckWords:
        """The whole deck as it reads with these."""
        return replace(
            words,
            reviewed=Review(**self.reviewed.model_dump()) if self.reviewed else None,
            questions={**words.questions, "client": self.question},
            answers={**words.answers, "client": self.answers.model_dump()},
            cards={id: CardWords(card.title, card.line, tuple(card.examples)) for id, card in self.cards.items()},
        )


class Headings(Shape):
    means: Title
    good: Title
    hard: Title
    suits: Title
    help: Title
    sure: Title


class Sections(Shape):
    means: Text
    good: Annotated[list[Point], Field(min_length=2, max_length=4)]
    hard: Annotated[list[Point], Field(min_length=2, max_length=4)]
    suits: Long
    help: Text
    sure: Text


class OptionWordsShape(Shape):
    title: Title
    short: Short
    line: Line
    sections: Sections


class OptionsWordsShape(WordsShape):
    becomes = OptionDeckWords
    choice: Line
    advice: Line
    intro: Text
    carry_on: Text
    headings: Headings
    sureness: Annotated[dict[Literal["1", "2", "3"], Title], Field(min_length=3)]
    options: dict[Id, OptionWordsShape]
    update_policy: Text
    funding: Text
    signed_off: Text


class SafetyQuestionWordsShape(Shape):
    text: Point
    help: Text
    answers: dict[Answer, Line]


class RedCardShape(Shape):
    title: Line
    lead: Point
    signs: Annotated[list[Title], Field(min_length=1, max_length=8)]
    emergency: Line
    emergency_number: Annotated[str, StringConstraints(pattern=r"^[0-9 ]{3,15}$")]


class RedCardsShape(Shape):
    drinking: RedCardShape
    drugs: RedCardShape


class SafetyWordsShape(WordsShape):
    becomes = SafetyWords
    intro: Text
    questions: dict[Id, SafetyQuestionWordsShape]
    red_cards: RedCardsShape
    tell: Line
