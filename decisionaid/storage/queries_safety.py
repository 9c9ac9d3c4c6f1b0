"""What the safety rule reads of a round, for any number of rounds of one service by a constant number of queries.

Who may see it is decided here too: the warnings of a round are shown when both have finished, or as far as the client
sent them before.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from decisionaid.core.negotiation import DRINKING, Outcome
from decisionaid.core.safety import Facts, PointKind, Reply, Response
from decisionaid.core.sort import Party
from decisionaid.storage import safety_statements as statements
from decisionaid.storage.models import (
    Plan,
    Round,
    SafetyResponse,
    Service,
    Staff,
)


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
    for round_id, party in db.execute(statements.FINISHED, _asked(rounds)):
        finished[round_id].add(party)
    told = dict(db.execute(statements.TOLD, _asked(rounds)).all())
    return {round_.id: Seen(finished[round_.id] == set(Party), told.get(round_.id)) for round_ in rounds}


def newest_in_sight(
    db: Session, service_id: str, keyworker_id: str, client_id: str | None = None
) -> list[tuple[Round, Seen]]:
    """For each open client of this keyworker's (or this one): the newest round of whose warnings they may see
    something."""
    whose = {"service": service_id, "keyworker": keyworker_id}
    of_one = {**whose, "client": client_id}
    rows = db.execute(statements.IN_SIGHT_OF_ONE, of_one) if client_id else db.execute(statements.IN_SIGHT, whose)
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


def _replies(db: Session, rounds: Sequence[Round], until: datetime | None = None) -> list[_Said]:
    """Every safety answer of these rounds' clients, oldest first, in all their rounds."""
    zone = _zone(db, rounds)
    clients = sorted({round_.client_id for round_ in rounds})
    rows = db.execute(statements.REPLIES, {"service": rounds[0].service_id, "clients": clients})
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
    for round_id, party, option in db.execute(statements.OPTIONS, _asked(rounds)):
        newest[round_id, party] = option
    return newest


def _cards(db: Session, rounds: Sequence[Round]) -> _Cards:
    """The cards of settled points and of goals, those that are carried over too; and how drinking was settled."""
    found: dict[str, list[tuple[PointKind, str | None]]] = defaultdict(list)
    drinking: dict[str, Outcome] = {}
    for round_id, settled, outcome in db.execute(statements.SETTLED, _asked(rounds)):
        if settled == DRINKING and outcome is not None:
            drinking[round_id] = outcome
        else:
            found[round_id].append((PointKind.TALKED, settled))
    for _goal, _plan, round_id, card in db.execute(statements.GOALS, _asked(rounds)):
        found[round_id].append((PointKind.GOAL, card))
    for round_id, card in _carried_goals(db, rounds):
        found[round_id].append((PointKind.CARRIED_GOAL, card))
    return _Cards(drinking, found)


def _carried_goals(db: Session, rounds: Sequence[Round]) -> list[tuple[str, str | None]]:
    """The cards of the last plans' goals, but for those that both have left behind."""
    after = [round_.after_plan_id for round_ in rounds if round_.after_plan_id]
    if not after:
        return []
    left: dict[tuple[str, str], set[Party]] = defaultdict(set)
    for round_id, party, goal in db.execute(statements.LEFT_BEHIND, _asked(rounds)):
        left[round_id, goal].add(party)
    standing = db.execute(statements.LAST_GOALS, {"service": rounds[0].service_id, "plans": after}).all()
    return [
        (round_.id, card)
        for round_ in rounds
        for goal, plan, _round, card in standing
        if plan == round_.after_plan_id and left[round_.id, goal] != set(Party)
    ]


def _plans(db: Session, rounds: Sequence[Round]) -> dict[tuple[str, str], Plan]:
    """Each round's own plan, and the one that it looks back on."""
    after = [round_.after_plan_id for round_ in rounds if round_.after_plan_id]
    plans = db.scalars(statements.PLANS, {**_asked(rounds), "plans": after}).all()
    own = {(plan.round_id, "own"): plan for plan in plans}
    last = {(round_.id, "last"): plan for round_ in rounds for plan in plans if plan.id == round_.after_plan_id}
    return {**own, **last}


def _responses(db: Session, rounds: Sequence[Round]) -> dict[str, list[Response]]:
    zone = _zone(db, rounds)
    found: dict[str, list[Response]] = defaultdict(list)
    for row in db.scalars(statements.RESPONSES, _asked(rounds)):
        on = row.at.astimezone(zone).date()
        said = Response(row.kind, on, row.with_whom, row.day, frozenset(row.about), frozenset(row.signs))
        found[row.round_id].append(said)
    return found


def _zone(db: Session, rounds: Sequence[Round]) -> ZoneInfo:
    return ZoneInfo(db.get_one(Service, rounds[0].service_id).time_zone)


def _asked(rounds: Sequence[Round]) -> dict[str, object]:
    return {"service": rounds[0].service_id, "rounds": [round_.id for round_ in rounds]}
