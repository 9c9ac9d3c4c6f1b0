"""What the desk reads of one client beside the next step: the rounds so far, and what happened."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, not_, or_, select
from sqlalchemy.orm import Session

from decisionaid.core.reading import USUAL, Reading
from decisionaid.core.sort import Party
from decisionaid.storage.models import Client, Confirmation, History, ReadingRecord, Round, Signing, Staff

NEWEST_EVENTS = 40
ABOUT_A_SORT = ("sort_begun", "sort_finished")


@dataclass(frozen=True)
class Event:
    """Something that happened, and the name of the member of staff who did it, if one did."""

    at: datetime
    verb: str
    subject: str
    round_id: str | None
    by: str | None


_ROUND_AND_CLIENT = (
    select(Round, Client, ReadingRecord)
    .join(Client, and_(Client.service_id == Round.service_id, Client.id == Round.client_id))
    .outerjoin(ReadingRecord, and_(ReadingRecord.service_id == Round.service_id, ReadingRecord.round_id == Round.id))
    .where(Round.service_id == bindparam("service_id"), Round.id == bindparam("round_id"))
)


def round_and_client(db: Session, service_id: str, round_id: str) -> tuple[Round, Client, Reading] | None:
    """A round, whose it is, and how they read; None where there is no such round."""
    found = db.execute(_ROUND_AND_CLIENT, {"service_id": service_id, "round_id": round_id}).first()
    if found is None:
        return None
    kept: ReadingRecord | None = found[2]
    return found[0], found[1], kept.value if kept else USUAL


def rounds(db: Session, client: Client) -> list[Round]:
    """The rounds of a client, newest first."""
    mine = (Round.service_id == client.service_id, Round.client_id == client.id)
    return list(db.scalars(select(Round).where(*mine).order_by(Round.number.desc())))


def reviews_due(db: Session, client: Client) -> dict[str, date]:
    """When each review of this client's was due, by its round: as the last version of the plan before it says."""
    before = and_(Signing.service_id == Round.service_id, Signing.plan_id == Round.after_plan_id)
    mine = (Round.service_id == client.service_id, Round.client_id == client.id, Signing.completed_at.is_not(None))
    found = select(Round.id, Signing.review_date).join(Signing, before).where(*mine).order_by(Signing.version)
    return dict(db.execute(found).all())


def events(db: Session, client: Client) -> list[Event]:
    """What happened to a client, newest first. Nothing tells of the client's own sort before they have confirmed it."""
    confirmed = (
        select(Confirmation.round_id)
        .filter_by(service_id=client.service_id, is_right=True)
        .where(Confirmation.round_id == History.round_id)
    )
    sealed = and_(
        History.verb.in_(ABOUT_A_SORT),
        or_(History.subject == Party.CLIENT, History.actor != client.keyworker_id),
        not_(confirmed.exists()),
    )
    found = db.execute(
        select(History.at, History.verb, History.subject, History.round_id, Staff.name)
        .outerjoin(Staff, and_(Staff.service_id == History.service_id, Staff.id == History.actor))
        .where(History.service_id == client.service_id, History.client_id == client.id, not_(sealed))
        .order_by(History.at.desc(), History.id)
        .limit(NEWEST_EVENTS)
    )
    return [Event(*row) for row in found]
