"""What the plan's pages and its paper read beside the plan itself."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from decisionaid.storage.models import (
    AgreedGoal,
    CrisisLine,
    Handover,
    Plan,
    Printout,
    Round,
    ServiceText,
    Signing,
    Staff,
)


def crisis_lines(db: Session, service_id: str, language: str) -> list[CrisisLine]:
    """The service's own crisis lines in one language, in their order."""
    mine = (CrisisLine.service_id == service_id, CrisisLine.language == language)
    return list(db.scalars(select(CrisisLine).where(*mine).order_by(CrisisLine.position)))


def service_texts(db: Session, service_id: str, language: str) -> dict[str, str]:
    """The sentences that the service has written in one language, by field."""
    mine = (ServiceText.service_id == service_id, ServiceText.language == language)
    return {row.field: row.text for row in db.scalars(select(ServiceText).where(*mine))}


def handovers(db: Session, round_: Round) -> list[tuple[Handover, str]]:
    """When a device was put into the client's hands in this round, first to last, and by whom (a name)."""
    mine = (Handover.service_id == round_.service_id, Handover.round_id == round_.id)
    by = (Staff.service_id == Handover.service_id) & (Staff.id == Handover.by_id)
    found = db.execute(select(Handover, Staff.name).join(Staff, by).where(*mine).order_by(Handover.at))
    return [(row[0], row[1]) for row in found]


def last_plan(db: Session, round_: Round) -> Plan | None:
    """The plan that this round reviews."""
    return db.get(Plan, (round_.service_id, round_.after_plan_id)) if round_.after_plan_id else None


def goals_of(db: Session, plan: Plan) -> list[AgreedGoal]:
    """The goals that stand on a plan, in their order."""
    mine = (AgreedGoal.service_id == plan.service_id, AgreedGoal.plan_id == plan.id, AgreedGoal.dropped_at.is_(None))
    return list(db.scalars(select(AgreedGoal).where(*mine).order_by(AgreedGoal.position)))


def is_newest(db: Session, plan: Plan) -> bool:
    """Whether the client has no later plan, and no other round is open: only then is a plan changed."""
    later = select(func.count()).where(
        Plan.service_id == plan.service_id, Plan.client_id == plan.client_id, Plan.number > plan.number
    )
    other_round = select(func.count()).where(
        Round.service_id == plan.service_id,
        Round.client_id == plan.client_id,
        Round.closed_at.is_(None),
        Round.id != plan.round_id,
    )
    return not (db.scalar(later) or db.scalar(other_round))


def printout(db: Session, signing: Signing) -> Printout | None:
    """The kept PDF of a version."""
    return db.get(Printout, (signing.service_id, signing.id))
