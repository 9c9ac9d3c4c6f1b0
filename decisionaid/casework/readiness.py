"""What still stands in the way of signing a plan, the safety rule among it."""

from collections.abc import Mapping, Set
from datetime import date

from sqlalchemy.orm import Session

from decisionaid.casework.planning import Draft
from decisionaid.core import safety
from decisionaid.core.plan import ActionKind, Missing, PlanFacts, missing
from decisionaid.core.sort import Party
from decisionaid.storage import queries_plan, sorts
from decisionaid.storage.models import Round


def lacking(
    db: Session, round_: Round, draft: Draft, *, calm: Mapping[str, Set[str]], language: str, today: date
) -> tuple[Missing, ...]:
    """Everything that is still missing. `calm` gives each safety question's answers that are no warning sign."""
    plan = draft.plan
    facts = PlanFacts(
        goals=len(draft.goals),
        no_goal_reason=draft.text("no_goal_reason"),
        fourth_goal_reason=draft.text("fourth_goal_reason"),
        revisit=plan.revisit_date,
        review=plan.review_date,
        actions=tuple((action.who, action.by_when) for action in draft.actions),
        safety_step_missing=safety_step_missing(draft, signs(db, round_, calm)),
        crisis_lines=len(queries_plan.crisis_lines(db, round_.service_id, language)),
        today=today,
    )
    return missing(facts)


def signs(db: Session, round_: Round, calm: Mapping[str, Set[str]]) -> tuple[str, ...]:
    """The safety questions whose reply, or want of one, is a warning sign."""
    sort = sorts.record_of(db, round_, Party.CLIENT)
    return safety.warning_signs(calm, sorts.safety_replies(db, sort) if sort else {})


def safety_step_missing(draft: Draft, warning_signs: tuple[str, ...]) -> bool:
    """Whether the plan's drinking goal asks for medical advice on safe withdrawal that does not stand in it."""
    steps = [(step.who, step.by_when) for step in draft.actions if step.kind is ActionKind.SAFE_WITHDRAWAL]
    try:
        safety.check(draft.plan.drinking_option, warning_signs, steps, draft.text("safety_reason"))
    except safety.SafetyStepMissing:
        return True
    return False
