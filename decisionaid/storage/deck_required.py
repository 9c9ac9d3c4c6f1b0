"""What the shipped safety check and cards may never lose. A service may add to it; what it takes out is named here."""

from collections.abc import Collection, Iterator

from decisionaid.core.deck import Danger
from decisionaid.storage.deck_shapes import CardsShape, SafetyShape, StructureShape

Findings = Iterator[tuple[str, str]]

DRINKING: tuple[Danger, ...] = ("drinking",)
QUESTIONS: dict[str, tuple[frozenset[str], tuple[Danger, ...]]] = {
    "drinks": (frozenset({"dont_know"}), DRINKING),
    "sedatives": (frozenset({"yes", "dont_know"}), ("drinking", "drugs")),
    "units": (frozenset({"15-to-30", "over-30", "dont_know"}), DRINKING),
    "withdrawal": (frozenset({"yes", "dont_know"}), DRINKING),
    "fit-or-dts": (frozenset({"yes", "dont_know"}), DRINKING),
    "pregnancy": (frozenset({"yes", "dont_know"}), DRINKING),
    "illness": (frozenset({"yes", "dont_know"}), DRINKING),
    "medicines": (frozenset({"yes", "dont_know"}), DRINKING),
}
"""By question of the safety check: the answers that warn, and the red cards that such an answer shows."""
GATES = frozenset({"drinks", "sedatives"})
LIFETIME = frozenset({"fit-or-dts"})
CARDS: dict[str, Danger | None] = {"drinking": "drinking", "drugs": "drugs", "safer-using": "drugs", "medicines": None}
"""By card that may mean stopping or less: the red card that stands with it, if one does."""
OPENS = {"drinking": "drinking-goal"}
OURS = "life-areas"
"""The deck of cards that may lose none of these."""
SIGNS: dict[str, int] = {"drinking": 4, "drugs": 4}
"""How many warning signs each red card names at least."""


def check_required(deck: StructureShape) -> Findings:
    """What a deck has lost, named by its id. A deck of cards of a service's own need not have our cards that may mean
    stopping; where it has one, that keeps its warning."""
    match deck:
        case SafetyShape(id="safety-check"):
            yield from _check_questions(deck)
        case CardsShape():
            yield from _check_cards(deck)


def check_signs(danger: str, signs: Collection[str]) -> Findings:
    """Whether the words of a red card name as many warning signs as they must."""
    if len(signs) < SIGNS[danger]:
        yield (
            f"red_cards.{danger}.signs",
            f"This red card names {SIGNS[danger]} warning signs at least, not {len(signs)}",
        )


def _check_questions(deck: SafetyShape) -> Findings:
    held = {question.id: (number, question) for number, question in enumerate(deck.questions)}
    for id, (answers, dangers) in QUESTIONS.items():
        if id not in held:
            yield "questions", f"The question {id!r} may not be taken out"
            continue
        number, question = held[id]
        warning = {answer.id for answer in question.answers if answer.warns}
        for answer in sorted(answers - warning):
            yield f"questions.{number}.answers", f"The answer {answer!r} must be there, and warn"
        for danger in dangers:
            if danger not in question.dangers:
                yield f"questions.{number}.dangers", f"The red card {danger!r} must stand with this question"
        if id in GATES and not question.gate:
            yield f"questions.{number}.gate", "Everybody must be asked this question first"
        if id in LIFETIME and not question.lifetime:
            yield f"questions.{number}.lifetime", "This answer must count in every later round"


def _check_cards(deck: CardsShape) -> Findings:
    held = {card.id: (number, card) for number, card in enumerate(deck.cards)}
    for id, danger in CARDS.items():
        if id not in held:
            if deck.id == OURS:
                yield "cards", f"The card {id!r} may not be taken out"
            continue
        number, card = held[id]
        if not card.points:
            yield f"cards.{number}.points", "This card may mean stopping: it needs points: true"
        if danger and card.warns != danger:
            yield f"cards.{number}.warns", f"The red card {danger!r} must stand with this card"
        if id in OPENS and card.opens != OPENS[id]:
            yield f"cards.{number}.opens", f"This card must open {OPENS[id]!r}"
