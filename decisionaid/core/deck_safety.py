"""Decks of safety questions, and the red cards: what stands in red wherever somebody could stop too suddenly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from decisionaid.core.deck import Danger, Fact, SignedOff, Source, Words

GATE_CLOSES = "no"
"""The answer to a gate after which nothing more has to be asked, where each gate has it."""


@dataclass(frozen=True)
class SafetyAnswer:
    id: str
    warns: bool


@dataclass(frozen=True)
class SafetyQuestion:
    """One question. `dangers` names the red cards that stand with an answer that warns.

    `gate`: asked of everybody, before the rest; a "no" to each gate ends the check. `lifetime`: an answer that warns
    counts in every later round too.
    """

    id: str
    answers: tuple[SafetyAnswer, ...]
    dangers: tuple[Danger, ...] = ("drinking",)
    gate: bool = False
    lifetime: bool = False

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
    facts: tuple[Fact, ...]
    signed_off: SignedOff

    @property
    def calm(self) -> dict[str, frozenset[str]]:
        """Each question's answers that are no warning sign."""
        return {q.id: frozenset(a.id for a in q.answers if not a.warns) for q in self.questions}

    @property
    def gates(self) -> tuple[SafetyQuestion, ...]:
        """The questions that everybody is asked first."""
        return tuple(question for question in self.questions if question.gate)

    def asked(self, replies: Mapping[str, str], *, points: bool) -> tuple[SafetyQuestion, ...]:
        """The questions to ask: the gates alone after a "no" to each of them, unless something points; else all."""
        ended = not points and all(replies.get(gate.id) == GATE_CLOSES for gate in self.gates)
        return self.gates if ended else self.questions

    def question(self, id: str) -> SafetyQuestion:
        """The question. Raises KeyError where there is none."""
        return {question.id: question for question in self.questions}[id]

    def sources_of(self, dangers: Collection[str]) -> tuple[Source, ...]:
        """The sources behind these red cards, in the deck's order."""
        cited = {source for fact in self.facts if set(fact.about) & set(dangers) for source in fact.sources}
        return tuple(source for source in self.sources if source.id in cited)

    def drawn(self, _pictures: Collection[str]) -> "SafetyDeck":
        """This deck, which has no pictures."""
        return self


@dataclass(frozen=True)
class SafetyQuestionWords:
    text: str
    help: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class RedCard:
    """What stands in red: what not to stop suddenly, the warning signs after `lead`, and when to ring which number."""

    title: str
    lead: str
    signs: tuple[str, ...]
    emergency: str
    emergency_number: str


@dataclass(frozen=True)
class SafetyWords(Words):
    """The words of a `SafetyDeck`. `red_cards` are by danger; `tell` says whom to show one."""

    intro: str
    questions: Mapping[str, SafetyQuestionWords]
    red_cards: Mapping[str, RedCard]
    tell: str
