"""Talking each card through: what the keyworker heard, whether that is right, and how it is settled for now."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from decisionaid.casework import history
from decisionaid.core import negotiation as rules
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.models import Round, Settlement


class NotOpen(Exception):
    """Nothing is settled before both have sorted and the client has confirmed, nor in a round that is closed."""


class ChangedMeanwhile(Exception):
    """Somebody saved a newer version; `newer` holds it, so that both texts can be shown."""

    def __init__(self, newer: Settlement) -> None:
        super().__init__(newer.card_id)
        self.newer = newer


@dataclass(frozen=True)
class Settled:
    """What the two say about a card now. `heard_language` is what `heard` is written in, `language` what `words` and
    `reason` are."""

    heard: str
    heard_right: bool | None
    outcome: rules.Outcome | None
    until: date | None
    words: str
    reason: str
    heard_language: str
    language: str


def settle(
    db: Session,
    round_: Round,
    card: str,
    settled: Settled,
    *,
    client_rating: Rating | None,
    seen_version: int,
    actor: str,
    today: date,
    now: datetime,
    is_outcome: bool = True,
) -> Settlement:
    """Keep what was said of a card. `client_rating` is the client's answer, which decides whether a reason is needed.

    `is_outcome` says whether the outcome is settled now; where only what was heard changes, it is not looked at again,
    as the day of a trial may have come.

    Raises:
        ChangedMeanwhile: `seen_version` (0 where nothing was kept yet) is not the newest.
        negotiation.ReasonNeeded, negotiation.DateNeeded: as the core's rules say.
    """
    _check_open(db, round_)
    row = _newest(db, round_, card, seen_version)
    changes = _outcome_of(row) != _outcome_of(settled)
    if is_outcome:
        rules.check(settled.outcome, client_rating, settled.reason, settled.until, today)
    row.heard, row.heard_right = settled.heard, settled.heard_right
    row.outcome, row.until = settled.outcome, settled.until
    row.words, row.reason = settled.words, settled.reason
    row.heard_language, row.language = settled.heard_language, settled.language
    row.version, row.changed_at = seen_version + 1, now
    db.add(row)
    if changes:
        history.of_round(db, round_, actor=actor, verb="card_settled", at=now, subject=card)
    return row


def settlements(db: Session, round_: Round) -> dict[str, Settlement]:
    """What has been settled in a round, by card."""
    mine = (Settlement.service_id == round_.service_id, Settlement.round_id == round_.id)
    return {row.card_id: row for row in db.scalars(select(Settlement).where(*mine))}


def _newest(db: Session, round_: Round, card: str, seen_version: int) -> Settlement:
    row = db.get(Settlement, (round_.service_id, round_.id, card), with_for_update=True)
    if row is not None and row.version != seen_version:
        raise ChangedMeanwhile(row)
    if row is None:
        row = Settlement(service_id=round_.service_id, round_id=round_.id, card_id=card)
    return row


def _outcome_of(held: Settlement | Settled) -> tuple[object, ...]:
    """How a card is settled, less what was heard; nothing yet is the same as no outcome and no words."""
    return held.outcome, held.until, held.words or "", held.reason or ""


def _check_open(db: Session, round_: Round) -> None:
    if round_.closed_at is not None or not (sorts.both_finished(db, round_) and sorts.confirmed(db, round_)):
        raise NotOpen
