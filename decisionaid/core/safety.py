"""The rule of sudden stopping: people who are dependent on alcohol can die if they stop suddenly.

Source: Alcohol Change UK; UK clinical guidelines for alcohol treatment, chapter 4. The rule can only fail towards
the warning.
"""

from collections.abc import Mapping, Set
from datetime import date

NOT_STOPPING = frozenset({"safer", "unsure"})
"""The goals *in the plan* that never need the safe step. Stop, stop for a while, less, and any that is not known here,
need it where there is a warning sign."""

NEVER_CALM = frozenset({"dont_know", "skipped", ""})
"""Replies that are a warning sign whatever a deck says of them."""


class SafetyStepMissing(Exception):
    """The plan needs medical advice on safe withdrawal (who, when), or the keyworker's recorded reason."""


def warning_signs(calm: Mapping[str, Set[str]], replies: Mapping[str, str]) -> tuple[str, ...]:
    """The questions whose reply is a warning sign, in their order.

    `calm` gives each question's answers that are none; unanswered, skipped, "don't know" and anything unknown is a
    sign. Raises ValueError where there is no question at all: nothing asked is not nothing found.
    """
    if not calm:
        raise ValueError("a safety check without questions says nothing")
    return tuple(question for question, answers in calm.items() if replies.get(question) not in answers - NEVER_CALM)


def safe_step_needed(goal: str | None, signs: tuple[str, ...]) -> bool:
    """Whether a plan with this drinking goal (None: it has none) needs the safe step."""
    return goal is not None and goal not in NOT_STOPPING and bool(signs)


def check(goal: str | None, signs: tuple[str, ...], steps: list[tuple[str, date | None]], reason: str) -> None:
    """Raise SafetyStepMissing where the step is needed, unless it stands in the plan or a reason is recorded.

    `steps` are who and by when of the plan's actions of the kind `ActionKind.SAFE_WITHDRAWAL`; one with both is enough.
    `reason` is the keyworker's.
    """
    stands = any(who.strip() and when is not None for who, when in steps)
    if safe_step_needed(goal, signs) and not stands and not reason.strip():
        raise SafetyStepMissing
