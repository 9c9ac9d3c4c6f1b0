"""Rounds: opening the first or a review, confirming one's own answers, closing with a reason."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from decisionaid.casework import history, keeping_decks
from decisionaid.storage import sorts
from decisionaid.storage.kept_decks import RoundDeck
from decisionaid.storage.models import Client, Confirmation, Plan, Round, Service, Signing, Staff
from decisionaid.storage.models.case import RoundEnd


class RoundRefused(Exception):
    """A round cannot be opened or closed as asked."""


class RoundAlreadyOpen(RoundRefused):
    """One open round a client."""


class NotBothFinished(RoundRefused):
    """Both sort before anything is compared."""


class AlreadyConfirmed(RoundRefused):
    """What the client said of their answers stands."""


class PlanWaits(RoundRefused):
    """A version of the plan waits for signatures: it is signed, or withdrawn, before the round is closed."""


def open_round(db: Session, client: Client, keyworker: Staff, *, deck: RoundDeck, now: datetime) -> Round:
    """Open the client's next round: the first, or a review of the last plan that was finished (signed or not).

    It keeps this version of the deck, words included, and the cards that the service has added until now.
    """
    keeping_decks.keep(db, client.service_id, deck, now)
    return _open_round(db, client, keyworker, deck.id, deck.digest, deck.places, now)


def _open_round(
    db: Session, client: Client, keyworker: Staff, deck_id: str, digest: str, places: int, now: datetime
) -> Round:
    numbers = select(func.max(Round.number)).where(Round.service_id == client.service_id, Round.client_id == client.id)
    round_ = Round(
        service_id=client.service_id,
        client_id=client.id,
        number=(db.scalar(numbers) or 0) + 1,
        keyworker_id=keyworker.id,
        after_plan_id=_last_plan(db, client),
        deck_id=deck_id,
        deck_digest=digest,
        spare_cards=db.get_one(Service, client.service_id).spare_cards,
        places=places,
        opened_at=now,
        opened_by=keyworker.id,
    )
    db.add(round_)
    try:
        db.flush()
    except IntegrityError as error:
        raise RoundAlreadyOpen from error
    history.of_round(db, round_, actor=keyworker.id, verb="round_opened", at=now)
    return round_


def close_round(db: Session, round_: Round, reason: str, *, actor: Staff, now: datetime) -> None:
    """Close an unfinished round, saying why.

    Raises:
        PlanWaits: a version of its plan waits for signatures.
    """
    db.refresh(round_, with_for_update=True)  # of a press that closes and one that freezes a plan, one comes first
    check_closing(db, round_)
    _close(round_, RoundEnd.STOPPED, reason, now)
    history.of_round(db, round_, actor=actor.id, verb="round_closed", at=now)


def check_closing(db: Session, round_: Round) -> None:
    """See that no version of the round's plan waits for signatures.

    Raises:
        PlanWaits: one does.
    """
    frozen = select(Signing.id).join(Plan, (Plan.service_id == Signing.service_id) & (Plan.id == Signing.plan_id))
    of_round = (Plan.service_id == round_.service_id, Plan.round_id == round_.id)
    if db.scalar(frozen.where(*of_round, Signing.withdrawn_at.is_(None), Signing.completed_at.is_(None)).limit(1)):
        raise PlanWaits


def confirm(db: Session, round_: Round, *, now: datetime) -> None:
    """The client: "this is what I chose". Only then may anything of the other's be shown."""
    _say_of_answers(db, round_, is_right=True, reason="", now=now)


def not_right(db: Session, round_: Round, reason: str, *, actor: Staff, now: datetime) -> Round:
    """The client: "these are not right". The round closes unseen, its reason kept, and a fresh one opens."""
    _say_of_answers(db, round_, is_right=False, reason=reason, now=now)
    _close(round_, RoundEnd.NOT_RIGHT, reason, now)
    db.flush()
    client = db.get_one(Client, (round_.service_id, round_.client_id))
    return _open_round(db, client, actor, round_.deck_id, round_.deck_digest, round_.places, now)


def finish_round(round_: Round, now: datetime) -> None:
    """A plan was signed, or not signed with its reason: the round has done its work."""
    if round_.closed_at is None:
        _close(round_, RoundEnd.PLAN, "", now)


def sit_over_plan(db: Session, round_: Round, *, actor: Staff, now: datetime) -> None:
    """Note that the two sit down over the plan of a round that has done its work."""
    if round_.closed_as is RoundEnd.PLAN:
        history.of_round(db, round_, actor=actor.id, verb="sat_over_plan", at=now)


def _say_of_answers(db: Session, round_: Round, *, is_right: bool, reason: str, now: datetime) -> None:
    if round_.closed_at is not None:
        raise RoundRefused
    if not sorts.both_finished(db, round_):
        raise NotBothFinished
    if db.get(Confirmation, (round_.service_id, round_.id)) is not None:
        raise AlreadyConfirmed
    db.add(Confirmation(service_id=round_.service_id, round_id=round_.id, is_right=is_right, reason=reason, at=now))
    history.of_round(db, round_, actor="client", verb="answers_confirmed" if is_right else "answers_not_right", at=now)


def _close(round_: Round, how: RoundEnd, reason: str, now: datetime) -> None:
    if round_.closed_at is not None:
        raise RoundRefused
    round_.closed_at, round_.closed_as, round_.closed_reason = now, how, reason


def _last_plan(db: Session, client: Client) -> str | None:
    finished = (
        select(Plan.id)
        .join(Signing, (Signing.service_id == Plan.service_id) & (Signing.plan_id == Plan.id))
        .where(Plan.service_id == client.service_id, Plan.client_id == client.id, Signing.completed_at.is_not(None))
        .order_by(Plan.number.desc())
    )
    return db.scalar(finished.limit(1))
