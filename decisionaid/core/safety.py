"""The rule of sudden stopping: people who are dependent on alcohol can die if they stop suddenly.

Source: Alcohol Change UK; UK clinical guidelines for alcohol treatment, chapter 4. The rule can only fail towards the warning.
"""

from collections.abc import Mapping, Set
from datetime import date

STOPPING = frozenset({"stop", "pause", "less"})
"""The goals *in the plan* that need the safe step where there is a warning sign."""


class SafetyStepMissing(Exception):
    """The plan needs medical advice on safe withdrawal (who, when), or the keyworker's recorded reason."""


def warning_signs(calm: Mapping[str, Set[str]], replies: Mapping[str, str]) -> tuple[str, ...]:
    """The questions whose reply is a warning sign, in their order.

    `calm` gives each question's answers that are none; unanswered, skipped, "don't know" and anything unknown is a sign.
    """
    return tuple(question for question, answers in calm.items() if replies.get(question) not in answers)


def safe_step_needed(goal: str | None, signs: tuple[str, ...]) -> bool:
    """Whether a plan with this drinking goal needs the safe step."""
    return goal in STOPPING and bool(signs)


def check(goal: str | None, signs: tuple[str, ...], steps: list[tuple[str, date | None]], reason: str) -> None:
    """Raise SafetyStepMissing unless the step (who, by when) stands in the plan, or a reason is recorded."""
    stands = any(who.strip() and when is not None for who, when in steps)
    if safe_step_needed(goal, signs) and not stands and not reason.strip():
        raise SafetyStepMissing
