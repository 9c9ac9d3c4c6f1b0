"""What the safety rule reads of a round, for any number of rounds of one service by a constant number of queries.

Who may see it is decided here too: the warnings of a round are shown when both have finished, or as far as the client
sent them before.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from decisionaid.core.negotiation import DRINKING, Outcome
from decisionaid.core.review import Progress
from decisionaid.core.safety import Facts, PointKind, Reply, Response
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
    Service,
    Settlement,
    SortRecord,
    Staff,
)

LEFT_BEHIND = frozenset({Progress.ACHIEVED, Progress.DROP, Progress.CHANGED_MIND})
"""What both have to say of a goal of the last plan, so that it is not carried over."""


@dataclass(frozen=True)
class Seen:
    """The part of a round's warnings that its keyworker may see.

    `whole`: both have finished, so that all of it is shown. `told` is when the client last sent their answers before
    that; None where they did not.
    """

    whole: bool
    told: datetime | None

    def __bool__(self) -> bool:
        return self.whole or self.told is not None


def facts(db: Session, rounds: Sequence[Round]) -> dict[str, Facts]:
    """All that the rule reads of each round, by the round's id."""
    if not rounds:
        return {}
    said, responses = _replies(db, rounds), _responses(db, rounds)
    options, cards, plans = _options(db, rounds), _cards(db, rounds), _plans(db, rounds)
    found = {}
    for round_ in rounds:
        chosen, advised = options[round_.id, Party.CLIENT], options[round_.id, Party.KEYWORKER]
        plan, last = plans.get((round_.id, "own")), plans.get((round_.id, "last"))
        found[round_.id] = Facts(
            replies=_of_round(said, round_),
            earlier=_before(said, round_),
            chosen=chosen,
            advised=advised,
            settled=cards.drinking.get(round_.id),
            planned=plan.drinking_option if plan else None,
            carried=last.drinking_option if last and not (chosen or (plan and plan.drinking_option)) else None,
            cards=tuple(cards.found[round_.id]),
            responses=tuple(responses[round_.id]),
            change_begins=plan.change_begins if plan else None,
            revisit=plan.revisit_date if plan else None,
        )
    return found


def facts_of(db: Session, round_: Round) -> Facts:
    """All that the rule reads of one round."""
    return facts(db, [round_])[round_.id]


def seen(db: Session, rounds: Sequence[Round]) -> dict[str, Seen]:
    """What the keyworker of each round may see of its warnings."""
    if not rounds:
        return {}
    finished: dict[str, set[Party]] = defaultdict(set)
    own = (SortRecord.party == Party.CLIENT) | (SortRecord.author_id == Round.keyworker_id)
    done = _sorts(rounds).where(SortRecord.finished_at.is_not(None), own)
    for row in db.execute(done.with_only_columns(Round.id, SortRecord.party)):
        finished[row[0]].add(row[1])
    told: dict[str, datetime] = {}
    sent = select(SafetyTold).where(
        SafetyTold.service_id == rounds[0].service_id, SafetyTold.round_id.in_(_ids(rounds))
    )
    for each in db.scalars(sent.order_by(SafetyTold.at)):
        told[each.round_id] = each.at
    return {round_.id: Seen(finished[round_.id] == set(Party), told.get(round_.id)) for round_ in rounds}


def newest_in_sight(
    db: Session, service_id: str, keyworker_id: str, client_id: str | None = None
) -> list[tuple[Round, Seen]]:
    """For each open client of this keyworker's (or this one): the newest round of whose warnings they may see
    something."""
    shown = Client.id == client_id if client_id else Client.closed_at.is_(None)
    rows = db.execute(_in_sight().where(Client.service_id == service_id, Client.keyworker_id == keyworker_id, shown))
    newest = {row[0]: (row[1], Seen(bool(row[2]), row[3])) for row in rows if row[2] or row[3]}
    ids = dict(newest.values())
    found = db.scalars(select(Round).where(Round.service_id == service_id, Round.id.in_(ids)))
    return [(round_, ids[round_.id]) for round_ in found]


def as_told(db: Session, round_: Round, told: datetime) -> Facts:
    """The safety answers alone, as the client sent them: nothing else of the round is in it."""
    known = facts_of(db, round_)
    sent = _of_round(_replies(db, [round_], until=told), round_)
    return Facts(replies=sent, earlier=known.earlier, responses=known.responses)


def responses(db: Session, round_: Round) -> list[tuple[SafetyResponse, str]]:
    """What was recorded about the warnings of a round, oldest first, and the name of who recorded it."""
    by = (Staff.service_id == SafetyResponse.service_id) & (Staff.id == SafetyResponse.by_id)
    mine = (SafetyResponse.service_id == round_.service_id, SafetyResponse.round_id == round_.id)
    found = select(SafetyResponse, Staff.name).join(Staff, by).where(*mine)
    return [(row[0], row[1]) for row in db.execute(found.order_by(SafetyResponse.at, SafetyResponse.id))]


@dataclass(frozen=True)
class _Said:
    client_id: str
    round_number: int
    at: datetime
    reply: Reply


@dataclass(frozen=True)
class _Cards:
    drinking: dict[str, Outcome]
    found: dict[str, list[tuple[PointKind, str | None]]]


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
        .order_by(Round.number)
    )


def _sort_of(alias: type[SortRecord], party: Party) -> ColumnElement[bool]:
    return and_(alias.service_id == Round.service_id, alias.round_id == Round.id, alias.party == party)


def _replies(db: Session, rounds: Sequence[Round], until: datetime | None = None) -> list[_Said]:
    """Every safety answer of these rounds' clients, oldest first, in all their rounds."""
    service = rounds[0].service_id
    zone = ZoneInfo(db.get_one(Service, service).time_zone)
    of_sort = and_(SafetyReply.service_id == SortRecord.service_id, SafetyReply.sort_id == SortRecord.id)
    of_round = and_(SortRecord.service_id == Round.service_id, SortRecord.round_id == Round.id)
    clients = {round_.client_id for round_ in rounds}
    rows = db.execute(
        select(Round.client_id, Round.number, SafetyReply.question, SafetyReply.answer, SafetyReply.at)
        .select_from(Round)
        .join(SortRecord, of_round)
        .join(SafetyReply, of_sort)
        .where(Round.service_id == service, Round.client_id.in_(clients))
        .order_by(SafetyReply.at, SafetyReply.id)
    )
    said = (
        _Said(client, number, at, Reply(question, answer, at.astimezone(zone).date()))
        for client, number, question, answer, at in rows
    )
    return [each for each in said if until is None or each.at <= until]


def _of_round(said: Iterable[_Said], round_: Round) -> tuple[Reply, ...]:
    return tuple(s.reply for s in said if (s.client_id, s.round_number) == (round_.client_id, round_.number))


def _before(said: Iterable[_Said], round_: Round) -> tuple[Reply, ...]:
    return tuple(s.reply for s in said if s.client_id == round_.client_id and s.round_number < round_.number)


def _options(db: Session, rounds: Sequence[Round]) -> dict[tuple[str, Party], str | None]:
    """The newest drinking goal of each party of each round."""
    newest: dict[tuple[str, Party], str | None] = defaultdict(lambda: None)
    given = and_(OptionChoice.service_id == SortRecord.service_id, OptionChoice.sort_id == SortRecord.id)
    own = (SortRecord.party == Party.CLIENT) | (SortRecord.author_id == Round.keyworker_id)
    rows = _sorts(rounds).join(OptionChoice, given).where(own).order_by(OptionChoice.at, OptionChoice.id.desc())
    for round_id, party, option in db.execute(rows.with_only_columns(Round.id, SortRecord.party, OptionChoice.option)):
        newest[round_id, party] = option
    return newest


def _cards(db: Session, rounds: Sequence[Round]) -> _Cards:
    """The cards of settled points and of goals, those that are carried over too; and how drinking was settled."""
    found: dict[str, list[tuple[PointKind, str | None]]] = defaultdict(list)
    drinking: dict[str, Outcome] = {}
    service = Settlement.service_id == rounds[0].service_id
    settled = select(Settlement).where(service, Settlement.round_id.in_(_ids(rounds)), Settlement.outcome.is_not(None))
    for row in db.scalars(settled.order_by(Settlement.card_id)):
        if row.card_id == DRINKING and row.outcome is not None:
            drinking[row.round_id] = row.outcome
        else:
            found[row.round_id].append((PointKind.TALKED, row.card_id))
    for round_id, card in db.execute(_goals(rounds)):
        found[round_id].append((PointKind.GOAL, card))
    for round_id, card in _carried_goals(db, rounds):
        found[round_id].append((PointKind.CARRIED_GOAL, card))
    return _Cards(drinking, found)


def _goals(rounds: Sequence[Round]) -> Select[str, str | None]:
    of_plan = and_(AgreedGoal.service_id == Plan.service_id, AgreedGoal.plan_id == Plan.id)
    return (
        select(Plan.round_id, AgreedGoal.card_id)
        .join(AgreedGoal, of_plan)
        .where(Plan.service_id == rounds[0].service_id, Plan.round_id.in_(_ids(rounds)))
        .where(AgreedGoal.dropped_at.is_(None))
        .order_by(AgreedGoal.position, AgreedGoal.id)
    )


def _carried_goals(db: Session, rounds: Sequence[Round]) -> list[tuple[str, str | None]]:
    """The cards of the last plans' goals, but for those that both have left behind."""
    left = _left_behind(db, rounds)
    after = [round_.after_plan_id for round_ in rounds if round_.after_plan_id]
    goals = select(AgreedGoal).where(
        AgreedGoal.service_id == rounds[0].service_id, AgreedGoal.plan_id.in_(after), AgreedGoal.dropped_at.is_(None)
    )
    standing = list(db.scalars(goals.order_by(AgreedGoal.position, AgreedGoal.id))) if after else []
    return [
        (round_.id, goal.card_id)
        for round_ in rounds
        for goal in standing
        if goal.plan_id == round_.after_plan_id and left[round_.id, goal.id] != set(Party)
    ]


def _left_behind(db: Session, rounds: Sequence[Round]) -> dict[tuple[str, str], set[Party]]:
    """Who has left which goal of the last plan behind, by round and goal."""
    left: dict[tuple[str, str], set[Party]] = defaultdict(set)
    of_sort = and_(GoalProgress.service_id == SortRecord.service_id, GoalProgress.sort_id == SortRecord.id)
    own = (SortRecord.party == Party.CLIENT) | (SortRecord.author_id == Round.keyworker_id)
    said = _sorts(rounds).join(GoalProgress, of_sort).where(own, GoalProgress.progress.in_(LEFT_BEHIND))
    for round_id, goal_id, party in db.execute(
        said.with_only_columns(Round.id, GoalProgress.goal_id, SortRecord.party)
    ):
        left[round_id, goal_id].add(party)
    return left


def _plans(db: Session, rounds: Sequence[Round]) -> dict[tuple[str, str], Plan]:
    """Each round's own plan, and the one that it looks back on."""
    mine = Plan.round_id.in_(_ids(rounds)) | Plan.id.in_([round_.after_plan_id for round_ in rounds])
    plans = list(db.scalars(select(Plan).where(Plan.service_id == rounds[0].service_id, mine)))
    own = {(plan.round_id, "own"): plan for plan in plans}
    last = {(round_.id, "last"): plan for round_ in rounds for plan in plans if plan.id == round_.after_plan_id}
    return {**own, **last}


def _responses(db: Session, rounds: Sequence[Round]) -> dict[str, list[Response]]:
    found: dict[str, list[Response]] = defaultdict(list)
    mine = (SafetyResponse.service_id == rounds[0].service_id, SafetyResponse.round_id.in_(_ids(rounds)))
    for row in db.scalars(select(SafetyResponse).where(*mine).order_by(SafetyResponse.at, SafetyResponse.id)):
        said = Response(row.kind, row.with_whom, row.day, frozenset(row.about), frozenset(row.signs))
        found[row.round_id].append(said)
    return found


def _sorts(rounds: Sequence[Round]) -> Select[Round]:
    of_round = and_(SortRecord.service_id == Round.service_id, SortRecord.round_id == Round.id)
    mine = (Round.service_id == rounds[0].service_id, Round.id.in_(_ids(rounds)))
    return select(Round).join(SortRecord, of_round).where(*mine)


def _ids(rounds: Sequence[Round]) -> list[str]:
    return [round_.id for round_ in rounds]
