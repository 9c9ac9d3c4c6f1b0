"""A keyworker's clients, each with what this keyworker may know of the way, by a constant number of queries.

The blindness is in the query itself: whether the client's sort is finished is read only where the keyworker's own is,
and when it was finished is never read at all, so that no order in a list can tell it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from decisionaid.core.due import Due, due
from decisionaid.core.next_step import GROUPS, TURNS, Group, Known, Step, Turn, next_step
from decisionaid.core.search import is_found
from decisionaid.core.sort import Party
from decisionaid.storage.models import (
    Client,
    Confirmation,
    History,
    Plan,
    Round,
    Service,
    Settlement,
    Signature,
    Signing,
    SortRecord,
)

SOON: BindParameter[datetime] = bindparam("soon")
"""A moment after today in every time zone, so that what a wrong clock dated later hides nothing that is true."""


@dataclass(frozen=True)
class Version:
    """One version of a plan; `both_signed` is False where somebody did not sign, because."""

    client_id: str
    signing_id: str
    round_id: str
    plan_number: int
    number: int
    agreed_on: date
    revisit_date: date
    review_date: date
    completed_at: datetime | None
    prepared_at: datetime
    both_signed: bool


@dataclass(frozen=True)
class Line:
    """One client of a caseload, seen today. `versions` are those that stand of all plans, newest first."""

    today: date
    versions: tuple[Version, ...]
    client_id: str
    name: str
    preferred_name: str
    reference: str
    sought: str
    time_zone: str
    added_at: datetime
    round_id: str | None
    round_opened_at: datetime | None
    after_plan_id: str | None
    last_closed_at: datetime | None
    last_opened_at: datetime | None
    last_sat_at: datetime | None
    own_changed_at: datetime | None
    own_finished_at: datetime | None
    client_finished: bool | None
    confirmed_at: datetime | None
    talked_at: datetime | None
    talked: int

    @property
    def called(self) -> str:
        """What the person is called: the name they like, their name, or their reference."""
        return self.preferred_name or self.name or self.reference

    @property
    def plan(self) -> Version | None:
        """The newest version that is complete."""
        return next((v for v in self.versions if v.completed_at is not None), None)

    @property
    def to_sign(self) -> Version | None:
        """The version that waits for signatures, if any."""
        return next((v for v in self.versions if v.completed_at is None), None)

    @cached_property
    def review(self) -> Due:
        """The review that is agreed and not yet signed; `round_id` says whether it is under way."""
        return due(self.today, self.plan.review_date if self.plan else None)

    @cached_property
    def check_in(self) -> Due:
        """The first check-in of the plan that stands, until someone has looked.

        What counts as looking, on its day or later: the two sat down over a plan that was done, or a round was opened
        (which is where progress is recorded). A version that was signed since has a first check-in of its own. What is
        dated after today was recorded by a wrong clock, and is no look.
        """
        plan = self.plan if self.plan and not self.round_id and not self._was_looked_at(self.plan) else None
        return due(self.today, plan.revisit_date if plan else None)

    def _was_looked_at(self, plan: Version) -> bool:
        zone = ZoneInfo(self.time_zone)
        looks = [at.astimezone(zone).date() for at in (self.last_opened_at, self.last_sat_at) if at is not None]
        return any(plan.revisit_date <= day <= self.today for day in looks)

    @cached_property
    def step(self) -> Step:
        return next_step(
            Known(
                round_open=self.round_id is not None,
                own_finished=self.own_finished_at is not None,
                client_finished=self.client_finished,
                confirmed=self.confirmed_at is not None,
                awaits_signatures=self.to_sign is not None,
                plan_agreed=self.plan is not None,
                declined=self.plan is not None and not self.plan.both_signed,
                review_has_come=self.review.has_come,
                check_in_waits=self.check_in.has_come,
            )
        )

    @property
    def turn(self) -> Turn:
        return TURNS[self.step]

    @property
    def group(self) -> Group:
        return GROUPS[self.turn]

    @property
    def waiting_since(self) -> datetime:
        """The last event that this keyworker may already see, or the day on which a review or check-in came."""
        came = {Step.OPEN_REVIEW: self.review.date, Step.CHECK_IN: self.check_in.date}.get(self.step)
        if came is not None:
            return datetime.combine(came, time(), ZoneInfo(self.time_zone))
        if self.round_id is None or self.round_opened_at is None:
            return self.last_closed_at or self.added_at
        signing = self.to_sign.prepared_at if self.to_sign else None
        own = self.own_finished_at or self.own_changed_at
        return max(filter(None, (self.round_opened_at, own, self.confirmed_at, self.talked_at, signing)))


def lines(db: Session, service_id: str, keyworker_id: str, today: date, client_id: str | None = None) -> list[Line]:
    """The open caseload of a keyworker, or one client of it: two queries, whatever its length."""
    shown = Client.id == client_id if client_id else Client.closed_at.is_(None)
    mine = (Client.service_id == service_id, Client.keyworker_id == keyworker_id, shown)
    soon = datetime.combine(today + timedelta(days=2), time(), UTC)
    rows = db.execute(_ways().where(*mine), {"soon": soon}).all()
    versions: dict[str, list[Version]] = {}
    for each in db.execute(_versions().where(*mine)):
        version = Version(*each)
        versions.setdefault(version.client_id, []).append(version)
    return [Line(today, tuple(versions.get(row[0], ())), *row) for row in rows]


def matching(all_lines: list[Line], sought: str) -> list[Line]:
    """Those whose name, reference or telephone number holds what is sought, however it is written."""
    return [line for line in all_lines if not sought or is_found(sought, line.sought)]


def group_of(all_lines: list[Line], group: Group) -> list[Line]:
    """The lines of one group: longest wait first, or, where nothing waits, the next review first."""
    mine = [line for line in all_lines if line.group is group]
    if group is Group.UNDER_WAY:
        return sorted(mine, key=lambda line: (line.review.date or date.max, line.client_id))
    return sorted(mine, key=lambda line: (line.waiting_since, line.client_id))


@cache
def _ways() -> Any:
    own, theirs = aliased(SortRecord), aliased(SortRecord)
    return (
        select(
            Client.id,
            Client.name,
            Client.preferred_name,
            Client.reference,
            Client.sought,
            Service.time_zone,
            Client.added_at,
            Round.id,
            Round.opened_at,
            Round.after_plan_id,
            _last_closed(),
            _last_opened(),
            _last_sat(),
            own.changed_at,
            own.finished_at,
            case((own.finished_at.is_not(None), theirs.finished_at.is_not(None))),
            Confirmation.at,
            Plan.changed_at,
            _talked(),
        )
        .join(Service, Service.id == Client.service_id)
        .outerjoin(Round, _same(Round, client_id=Client.id) & Round.closed_at.is_(None))
        .outerjoin(own, _sort_of(own, Party.KEYWORKER) & (own.author_id == Round.keyworker_id))
        .outerjoin(theirs, _sort_of(theirs, Party.CLIENT))
        .outerjoin(Confirmation, _same(Confirmation, round_id=Round.id, is_right=True))
        .outerjoin(Plan, _same(Plan, round_id=Round.id))
    )


@cache
def _versions() -> Any:
    return (
        select(
            Plan.client_id,
            Signing.id,
            Plan.round_id,
            Plan.number,
            Signing.version,
            Signing.agreed_on,
            Signing.revisit_date,
            Signing.review_date,
            Signing.completed_at,
            Signing.prepared_at,
            _signed_by() == len(Party),
        )
        .select_from(Client)
        .join(Plan, _same(Plan, client_id=Client.id))
        .join(Signing, _same(Signing, plan_id=Plan.id) & Signing.withdrawn_at.is_(None))
        .order_by(Plan.number.desc(), Signing.version.desc())
    )


def _same(model: Any, **columns: Any) -> Any:
    """Rows of `model` in the client's own service that match on these columns."""
    matches = (getattr(model, name) == value for name, value in columns.items())
    return and_(model.service_id == Client.service_id, *matches)


def _sort_of(alias: Any, party: Party) -> Any:
    return _same(alias, round_id=Round.id, party=party)


def _last_closed() -> Any:
    rounds = aliased(Round)
    closed = select(func.max(rounds.closed_at)).where(_same(rounds, client_id=Client.id))
    return closed.correlate(Client).scalar_subquery()


def _last_opened() -> Any:
    rounds = aliased(Round)
    opened = select(func.max(rounds.opened_at)).where(_same(rounds, client_id=Client.id), rounds.opened_at < SOON)
    return opened.correlate(Client).scalar_subquery()


def _last_sat() -> Any:
    sat = (_same(History, client_id=Client.id, verb="sat_over_plan"), History.at < SOON)
    return select(func.max(History.at)).where(*sat).correlate(Client).scalar_subquery()


def _talked() -> Any:
    settled = (_same(Settlement, round_id=Round.id), Settlement.outcome.is_not(None))
    return select(func.count()).select_from(Settlement).where(*settled).correlate(Client, Round).scalar_subquery()


def _signed_by() -> Any:
    signed = _same(Signature, signing_id=Signing.id, signs=True)
    return select(func.count()).select_from(Signature).where(signed).correlate(Client, Signing).scalar_subquery()
