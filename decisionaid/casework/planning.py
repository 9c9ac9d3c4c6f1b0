"""The care plan: worked on together, then frozen, signed by each (or not, because), and printed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from decisionaid.casework import history
from decisionaid.core import plan as rules
from decisionaid.core.negotiation import MOST_GOALS, TooManyGoals, check_goal_count
from decisionaid.storage import sorts
from decisionaid.storage.models import Action, AgreedGoal, Plan, PlanText, QuestionAnswer, Risk, Round

Part = TypeVar("Part", PlanText, AgreedGoal, Action, Risk, QuestionAnswer)


class PlanRefused(Exception):
    """The plan does not allow this step now."""


class NothingToPlan(PlanRefused):
    """A plan begins once both have sorted and the client has confirmed."""


class BeingSigned(PlanRefused):
    """A frozen version waits for signatures; it is withdrawn first, then changed."""


@dataclass(frozen=True)
class Draft:
    """A plan with all that hangs on it, by a constant number of queries."""

    plan: Plan
    texts: dict[str, PlanText]
    goals: tuple[AgreedGoal, ...]
    actions: tuple[Action, ...]
    risks: tuple[Risk, ...]
    answers: dict[str, QuestionAnswer]
    goals_taken_out: tuple[AgreedGoal, ...]
    actions_taken_out: tuple[Action, ...]
    risks_taken_out: tuple[Risk, ...]

    def text(self, field: str) -> str:
        """What was written in a field, or nothing."""
        row = self.texts.get(field)
        return row.text if row else ""

    def actions_of(self, goal: AgreedGoal | None) -> tuple[Action, ...]:
        """The actions of a goal; None for the safety steps of the whole plan."""
        goal_id = goal.id if goal else None
        return tuple(action for action in self.actions if action.goal_id == goal_id)

    def taken_out_of(self, goal: AgreedGoal) -> tuple[Action, ...]:
        """The actions of a goal that were taken out."""
        return tuple(action for action in self.actions_taken_out if action.goal_id == goal.id)


def begin(
    db: Session, round_: Round, *, weeks_to_review: int, weeks_to_revisit: int, today: date, now: datetime
) -> Plan:
    """The plan of this round: the one begun before, or a new one with the dates that are usual."""
    found = plan_of(db, round_)
    if found is not None:
        return found
    if not (sorts.both_finished(db, round_) and sorts.confirmed(db, round_)):
        raise NothingToPlan
    numbers = select(func.max(Plan.number)).where(
        Plan.service_id == round_.service_id, Plan.client_id == round_.client_id
    )
    plan = Plan(
        service_id=round_.service_id,
        client_id=round_.client_id,
        round_id=round_.id,
        number=(db.scalar(numbers) or 0) + 1,
        revisit_date=rules.revisit_date(today, weeks_to_revisit),
        review_date=rules.review_date(today, weeks_to_review),
        changed_at=now,
    )
    db.add(plan)
    db.flush()
    history.of_round(db, round_, actor=round_.keyworker_id, verb="plan_begun", at=now)
    return plan


def plan_of(db: Session, round_: Round) -> Plan | None:
    """The plan of a round, if it was begun."""
    return db.scalar(select(Plan).where(Plan.service_id == round_.service_id, Plan.round_id == round_.id))


def draft(db: Session, plan: Plan) -> Draft:
    """Everything the plan holds now; what was to be done for a goal that was dropped is left out with it."""
    all_goals = sorted(_rows(db, AgreedGoal, plan), key=lambda g: (g.position, g.id))
    goals = [goal for goal in all_goals if goal.dropped_at is None]
    standing = {None, *(goal.id for goal in goals)}
    actions = sorted(_rows(db, Action, plan), key=lambda a: (a.at, a.id))
    risks = sorted(_rows(db, Risk, plan), key=lambda r: (r.at, r.id))
    return Draft(
        plan=plan,
        texts={row.field: row for row in _rows(db, PlanText, plan)},
        goals=tuple(goals),
        actions=tuple(a for a in actions if a.dropped_at is None and a.goal_id in standing),
        risks=tuple(risk for risk in risks if risk.dropped_at is None),
        answers={row.question_id: row for row in _rows(db, QuestionAnswer, plan)},
        goals_taken_out=tuple(goal for goal in all_goals if goal.dropped_at is not None),
        actions_taken_out=tuple(a for a in actions if a.dropped_at is not None),
        risks_taken_out=tuple(risk for risk in risks if risk.dropped_at is not None),
    )


def set_text(db: Session, plan: Plan, field: str, text: str, *, language: str, now: datetime) -> None:
    """Keep one written field (a name of `core.plan.FIELDS`); an empty text takes it away."""
    if field not in {declared.name for declared in rules.FIELDS}:
        raise KeyError(field)
    row = db.get(PlanText, (plan.service_id, plan.id, field))
    if row is not None and text:
        row.text, row.language = text, language
    elif row is not None:
        db.delete(row)
    elif text:
        db.add(PlanText(service_id=plan.service_id, plan_id=plan.id, field=field, text=text, language=language))
    plan.changed_at = now


def set_drinking(plan: Plan, option: str | None, *, allocated: bool, now: datetime) -> None:
    """The drinking goal that the plan holds, and whether the client chose it or it was allocated (R7)."""
    plan.drinking_option, plan.drinking_allocated, plan.changed_at = option, allocated, now


def set_change_begins(plan: Plan, day: date, now: datetime) -> None:
    """The day on which the client starts to stop or cut down."""
    plan.change_begins, plan.changed_at = day, now


def set_dates(plan: Plan, revisit: date, review: date, *, today: date, now: datetime) -> None:
    """When the two look at this again. Raises the core's errors for dates in the past or out of order."""
    rules.check_dates(today, revisit, review)
    plan.revisit_date, plan.review_date, plan.changed_at = revisit, review, now


def give_copy(plan: Plan, given: bool, now: datetime) -> None:
    """Whether the client takes a copy of the printed plan home."""
    plan.copy_given, plan.changed_at = given, now


def add_goal(
    db: Session, plan: Plan, title: str, *, card: str | None, language: str, reason_for_fourth: str, now: datetime
) -> AgreedGoal:
    """Agree a goal. The fourth and fifth need a reason; a sixth is refused."""
    goals = [goal for goal in _rows(db, AgreedGoal, plan) if goal.dropped_at is None]
    check_goal_count(len(goals) + 1, reason_for_fourth=reason_for_fourth)
    position = max((goal.position for goal in goals), default=0) + 1
    goal = AgreedGoal(
        service_id=plan.service_id, plan_id=plan.id, position=position, card_id=card, title=title, language=language
    )
    db.add(goal)
    if reason_for_fourth:
        set_text(db, plan, "fourth_goal_reason", reason_for_fourth, language=language, now=now)
    plan.changed_at = now
    db.flush()
    return goal


def describe_goal(plan: Plan, goal: AgreedGoal, words: dict[str, str], *, language: str, now: datetime) -> None:
    """Keep the words of a goal: columns of AgreedGoal."""
    for column, text in words.items():
        setattr(goal, column, text)
    goal.language, plan.changed_at = language, now


def drop_goal(plan: Plan, goal: AgreedGoal, now: datetime) -> None:
    """Take a goal off the plan. It stays on record, for reviews that speak of it."""
    goal.dropped_at = plan.changed_at = now


def restore_goal(db: Session, plan: Plan, goal: AgreedGoal, now: datetime) -> None:
    """Put a goal back, with its steps, after those that stand. Raises TooManyGoals where the plan is full.

    A fourth goal still needs its reason before anyone can sign; putting one back asks for nothing.
    """
    goals = [each for each in _rows(db, AgreedGoal, plan) if each.dropped_at is None]
    if len(goals) >= MOST_GOALS:
        raise TooManyGoals
    goal.position = max((each.position for each in goals), default=0) + 1
    goal.dropped_at, plan.changed_at = None, now


def move_goal(db: Session, plan: Plan, goal: AgreedGoal, by: int, now: datetime) -> None:
    """Move a goal up (-1) or down (+1) among those that stand."""
    goals = list(draft(db, plan).goals)
    at = goals.index(goal)
    goals.insert(max(0, at + by), goals.pop(at))
    for position, each in enumerate(goals, start=1):
        each.position = position
    plan.changed_at = now


def add_action(
    db: Session, plan: Plan, goal: AgreedGoal | None, words: dict[str, object], *, language: str, now: datetime
) -> Action:
    """Add what somebody will do: `words` are columns of Action."""
    action = Action(
        service_id=plan.service_id,
        plan_id=plan.id,
        goal_id=goal.id if goal else None,
        language=language,
        at=now,
        **words,
    )
    db.add(action)
    plan.changed_at = now
    return action


def remove_action(plan: Plan, action: Action, now: datetime) -> None:
    """Take an action off the plan. It can be put back with its words."""
    action.dropped_at = plan.changed_at = now


def restore_action(plan: Plan, action: Action, now: datetime) -> None:
    """Put an action back where it was."""
    action.dropped_at, plan.changed_at = None, now


def add_risk(
    db: Session, plan: Plan, risk: str, reduces: str, *, explained: bool, language: str, now: datetime
) -> Risk:
    """Name a risk and what makes it smaller."""
    row = Risk(
        service_id=plan.service_id,
        plan_id=plan.id,
        risk=risk,
        reduces=reduces,
        explained=explained,
        language=language,
        at=now,
    )
    db.add(row)
    plan.changed_at = now
    return row


def remove_risk(plan: Plan, risk: Risk, now: datetime) -> None:
    """Take a risk off the plan. It can be put back with its words."""
    risk.dropped_at = plan.changed_at = now


def restore_risk(plan: Plan, risk: Risk, now: datetime) -> None:
    """Put a risk back where it was."""
    risk.dropped_at, plan.changed_at = None, now


def answer_question(
    db: Session, plan: Plan, question_id: str, *, answered: bool, who: str, by_when: date | None, now: datetime
) -> None:
    """Say who answers a question and by when, or that it is answered."""
    row = db.get(QuestionAnswer, (plan.service_id, plan.id, question_id))
    if row is None:
        row = QuestionAnswer(service_id=plan.service_id, plan_id=plan.id, question_id=question_id)
        db.add(row)
    row.answered, row.who, row.by_when = answered, who, by_when
    plan.changed_at = now


def _rows(db: Session, model: type[Part], plan: Plan) -> list[Part]:
    return list(db.scalars(select(model).where(model.service_id == plan.service_id, model.plan_id == plan.id)))
