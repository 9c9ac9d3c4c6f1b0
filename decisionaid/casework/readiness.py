"""What still stands in the way of signing a plan, the safety rule among it."""

from datetime import date

from sqlalchemy.orm import Session

from decisionaid.casework.planning import Draft
from decisionaid.core.plan import Missing, PlanFacts, missing
from decisionaid.core.safety import Verdict, Word
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Round


def lacking(
    db: Session, round_: Round, draft: Draft, *, verdict: Verdict, word: Word | None, language: str, today: date
) -> tuple[Missing, ...]:
    """Everything that is still missing. `verdict` is what the safety rule says today, `word` what the keyworker records
    for the text, if anything."""
    plan = draft.plan
    facts = PlanFacts(
        goals=len(draft.goals),
        no_goal_reason=draft.text("no_goal_reason"),
        fourth_goal_reason=draft.text("fourth_goal_reason"),
        revisit=plan.revisit_date,
        review=plan.review_date,
        actions=tuple((action.who, action.by_when) for action in draft.actions),
        safety_step_missing=not verdict.allows(word),
        crisis_lines=len(queries_plan.crisis_lines(db, round_.service_id, language)),
        today=today,
    )
    return missing(facts)
