"""The statements by which the safety rule's facts are read, put together once: every page of *together* asks them.

Each is asked with `service`, an id, and most with `rounds`, a list of ids.
"""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from decisionaid.core.review import Progress
from decisionaid.core.sort import Party
from decisionaid.storage.models import (
    AgreedGoal,
    Client,
    GoalProgress,
    OptionChoice,
    Plan,
    Round,
    SafetyReply,
    SafetyResponse,
    SafetyTold,
    Settlement,
    SortRecord,
)

NO_MORE = frozenset({Progress.ACHIEVED, Progress.DROP, Progress.CHANGED_MIND})
"""What both have to say of a goal of the last plan, so that it is not carried over."""


SERVICE: BindParameter[str] = bindparam("service")
ROUNDS: BindParameter[list[str]] = bindparam("rounds", expanding=True)

_OF_ROUND = and_(SortRecord.service_id == Round.service_id, SortRecord.round_id == Round.id)
_OWN = or_(SortRecord.party == Party.CLIENT, SortRecord.author_id == Round.keyworker_id)
"""A sort of the client, or of the keyworker whose round it is now."""

_SORTS = (
    select(Round.id, SortRecord.party)
    .join(SortRecord, _OF_ROUND)
    .where(Round.service_id == SERVICE, Round.id.in_(ROUNDS), _OWN)
)
FINISHED = _SORTS.where(SortRecord.finished_at.is_not(None))
TOLD = (
    select(SafetyTold.round_id, SafetyTold.at)
    .where(SafetyTold.service_id == SERVICE, SafetyTold.round_id.in_(ROUNDS))
    .order_by(SafetyTold.at)
)
REPLIES = (
    select(Round.client_id, Round.number, SafetyReply.question, SafetyReply.answer, SafetyReply.at)
    .select_from(Round)
    .join(SortRecord, _OF_ROUND)
    .join(SafetyReply, and_(SafetyReply.service_id == SortRecord.service_id, SafetyReply.sort_id == SortRecord.id))
    .where(Round.service_id == SERVICE, Round.client_id.in_(bindparam("clients", expanding=True)))
    .order_by(SafetyReply.at, SafetyReply.id)
)
OPTIONS = (
    _SORTS.add_columns(OptionChoice.option)
    .join(OptionChoice, and_(OptionChoice.service_id == SortRecord.service_id, OptionChoice.sort_id == SortRecord.id))
    .order_by(OptionChoice.at, OptionChoice.id.desc())
)
SETTLED = (
    select(Settlement.round_id, Settlement.card_id, Settlement.outcome)
    .where(Settlement.service_id == SERVICE, Settlement.round_id.in_(ROUNDS), Settlement.outcome.is_not(None))
    .order_by(Settlement.card_id)
)
_STANDING = (
    select(AgreedGoal.id, AgreedGoal.plan_id, Plan.round_id, AgreedGoal.card_id)
    .join(Plan, and_(Plan.service_id == AgreedGoal.service_id, Plan.id == AgreedGoal.plan_id))
    .where(AgreedGoal.service_id == SERVICE, AgreedGoal.dropped_at.is_(None))
    .order_by(AgreedGoal.position, AgreedGoal.id)
)
GOALS = _STANDING.where(Plan.round_id.in_(ROUNDS))
LAST_GOALS = _STANDING.where(Plan.id.in_(bindparam("plans", expanding=True)))
LEFT_BEHIND = (
    _SORTS.add_columns(GoalProgress.goal_id)
    .join(GoalProgress, and_(GoalProgress.service_id == SortRecord.service_id, GoalProgress.sort_id == SortRecord.id))
    .where(GoalProgress.progress.in_(NO_MORE))
)
PLANS = select(Plan).where(
    Plan.service_id == SERVICE, or_(Plan.round_id.in_(ROUNDS), Plan.id.in_(bindparam("plans", expanding=True)))
)
RESPONSES = (
    select(SafetyResponse)
    .where(SafetyResponse.service_id == SERVICE, SafetyResponse.round_id.in_(ROUNDS))
    .order_by(SafetyResponse.at, SafetyResponse.id)
)


def _sort_of(alias: type[SortRecord], party: Party) -> ColumnElement[bool]:
    return and_(alias.service_id == Round.service_id, alias.round_id == Round.id, alias.party == party)


def _in_sight() -> Select[str, str, bool, datetime | None]:
    """Client, round, whether both have finished, and when the client sent their answers; rounds oldest first."""
    own, theirs = aliased(SortRecord), aliased(SortRecord)
    of_client = and_(Round.service_id == Client.service_id, Round.client_id == Client.id)
    told = select(func.max(SafetyTold.at)).where(
        SafetyTold.service_id == Round.service_id, SafetyTold.round_id == Round.id
    )
    mine = and_(_sort_of(own, Party.KEYWORKER), own.author_id == Round.keyworker_id)
    both = and_(own.finished_at.is_not(None), theirs.finished_at.is_not(None))
    return (
        select(Client.id, Round.id, both, told.correlate(Round).scalar_subquery())
        .join(Round, of_client)
        .outerjoin(own, mine)
        .outerjoin(theirs, _sort_of(theirs, Party.CLIENT))
        .where(Client.service_id == SERVICE, Client.keyworker_id == bindparam("keyworker"))
        .order_by(Round.number)
    )


_ALL_IN_SIGHT = _in_sight()
IN_SIGHT = _ALL_IN_SIGHT.where(Client.closed_at.is_(None))
IN_SIGHT_OF_ONE = _ALL_IN_SIGHT.where(Client.id == bindparam("client"))
