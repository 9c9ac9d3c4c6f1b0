"""Who sits before the screen: signing in, handing the tablet over and taking it back, locking, leaving.

A change of seat ends the old session on the server and opens a new one: the old cookie is dead at once.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from decisionaid.casework import history
from decisionaid.casework.tries import TooManyTries
from decisionaid.core.clock import has_passed
from decisionaid.storage.models import Client, FormDraft, Handover, Role, Round, SeatRow, Staff
from decisionaid.storage.models.sorts import Device

PIN_TRIES = 5
SEEN_EVERY = timedelta(minutes=1)


class SeatKind(StrEnum):
    """The four seats."""

    CLIENT = "client"
    KEYWORKER = "keyworker"
    TOGETHER = "together"
    ADMIN = "admin"


IDLE = {
    SeatKind.CLIENT: timedelta(minutes=60),
    SeatKind.KEYWORKER: timedelta(minutes=30),
    SeatKind.TOGETHER: timedelta(minutes=60),
    SeatKind.ADMIN: timedelta(minutes=15),
}
LONGEST = timedelta(hours=12)

_SEATED = (
    select(SeatRow, Staff, Client.language)
    .join(Staff, (Staff.service_id == SeatRow.service_id) & (Staff.id == SeatRow.staff_id))
    .outerjoin(Round, (Round.service_id == SeatRow.service_id) & (Round.id == SeatRow.round_id))
    .outerjoin(Client, (Client.service_id == Round.service_id) & (Client.id == Round.client_id))
    .where(SeatRow.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True)
class Seated:
    """Who is before the screen, as the request sees it."""

    service_id: str
    kind: SeatKind
    staff_id: str
    round_id: str | None
    locked: bool
    pin_failures: int
    token_hash: str
    language: str
    """The client's in their own seat, the member of staff's in every other."""
    unready: bool
    """Whether this member of staff has yet to choose a password and PIN of their own."""
    own_device: bool = False
    """Whether the client sits at a device of their own, which no PIN can turn into a desk."""
    from_paper: bool = False
    """Whether what the client said on paper is being typed in here."""
    form_key: bytes = b""
    """A secret of this member of staff's, from which the labels of forms are made. A new password makes a new one."""

    @property
    def epoch(self) -> str:
        """A name for this sitting that opens nothing: every other seat, and the locked desk, has another."""
        return self.token_hash[:16] + ("-locked" if self.locked else "")

    @property
    def pin_spent(self) -> bool:
        """Whether only a full sign-in can take the tablet back."""
        return self.pin_failures >= PIN_TRIES


def seated(db: Session, token: str, now: datetime) -> tuple[Seated, bool] | None:
    """Who holds `token`, and whether the time it was last seen should be noted; None for a dead or unknown token.

    A seat is dead with its member of staff: whoever is disabled is out at the next request.
    """
    found = db.execute(_SEATED, {"token_hash": _hash(token)}).first()
    if found is None:
        return None
    row, staff, clients_language = found
    if staff.disabled_at is not None or _is_over(row, now):
        return None
    return _seated(row, staff, clients_language), now - row.seen_at >= SEEN_EVERY


def ended(db: Session, token: str, now: datetime) -> Seated | None:
    """Whose seat `token` opened until it ended by itself (idle, or after 12 hours); None for any other token."""
    found = db.execute(_SEATED, {"token_hash": _hash(token)}).first()
    if found is None:
        return None
    row, staff, clients_language = found
    is_known = staff.disabled_at is None and _is_over(row, now)
    return _seated(row, staff, clients_language) if is_known else None


def note_seen(db: Session, seat: Seated, now: datetime) -> None:
    """Keep the seat awake: the one thing that a GET writes."""
    row = _row(db, seat)
    if row is not None:
        row.seen_at = now


def open_desk(db: Session, staff: Staff, now: datetime) -> str:
    """Seat `staff` after a full sign-in; returns the cookie's token."""
    kind = SeatKind.ADMIN if staff.role is Role.ADMIN else SeatKind.KEYWORKER
    history.record(db, service_id=staff.service_id, actor=staff.id, verb="signed_in", at=now)
    return _open(db, staff.service_id, kind, staff.id, None, now)


def hand_over(db: Session, seat: Seated, round_: Round, now: datetime) -> str:
    """Give the tablet to the client, for this round only; the desk's session ends here."""
    end(db, seat)
    db.add(Handover(service_id=seat.service_id, round_id=round_.id, by_id=seat.staff_id, at=now))
    history.of_round(db, round_, actor=seat.staff_id, verb="handed_over", at=now)
    return _open(db, seat.service_id, SeatKind.CLIENT, seat.staff_id, round_.id, now)


def open_own_device(db: Session, round_: Round, staff_id: str, now: datetime) -> str:
    """Seat the client at a device of their own, for this round only; one that sat there before is out."""
    return _open(db, round_.service_id, SeatKind.CLIENT, staff_id, round_.id, now, own_device=True)


def open_from_paper(db: Session, seat: Seated, round_: Round, now: datetime) -> str:
    """Open the client's seat to type in what they said on paper; the desk's session ends here, as at a hand-over."""
    end(db, seat)
    return _open(db, seat.service_id, SeatKind.CLIENT, seat.staff_id, round_.id, now, from_paper=True)


def open_together(db: Session, seat: Seated, round_: Round, now: datetime) -> str:
    """Sit down together over one round, from the desk or after the tablet came back."""
    _give_up(db, seat)
    note_back(db, seat, now)
    return _open(db, seat.service_id, SeatKind.TOGETHER, seat.staff_id, round_.id, now)


def back_to_desk(db: Session, seat: Seated, now: datetime) -> str:
    """Open the desk again after the PIN was right."""
    _give_up(db, seat)
    note_back(db, seat, now)
    return _open(db, seat.service_id, SeatKind.KEYWORKER, seat.staff_id, None, now)


def note_back(db: Session, seat: Seated, now: datetime) -> None:
    """Note that the tablet came back from the client."""
    if seat.kind is not SeatKind.CLIENT:
        return
    of_round = (Handover.service_id == seat.service_id, Handover.round_id == seat.round_id, Handover.back_at.is_(None))
    for handover in db.scalars(select(Handover).where(*of_round, Handover.device != Device.OWN)):
        handover.back_at = now


def take_try(db: Session, seat: Seated) -> int | None:
    """Use up one try at the PIN; returns how many are left then, None where there was none to take."""
    row = _row_in_turn(db, seat)
    if row is None or row.pin_failures >= PIN_TRIES:
        return None
    row.pin_failures += 1
    return PIN_TRIES - row.pin_failures


def forget_tries(db: Session, seat: Seated) -> None:
    """After the right PIN, where the seat stays: all tries are there again."""
    row = _row_in_turn(db, seat)
    if row is not None:
        row.pin_failures = 0


def lock(db: Session, seat: Seated) -> None:
    """Lock the desk: nothing answers until the PIN is given."""
    row = _row(db, seat)
    if row is not None:
        row.locked = True


def unlock(db: Session, seat: Seated, now: datetime) -> str:
    """Open a locked desk; the token is renewed."""
    return renew(db, seat, now)


def renew(db: Session, seat: Seated, now: datetime) -> str:
    """Go on in the same seat under another token; the old one is dead."""
    _give_up(db, seat)
    return _open(db, seat.service_id, seat.kind, seat.staff_id, seat.round_id, now)


def end(db: Session, seat: Seated) -> None:
    """End a session on the server; its cookie is dead."""
    db.execute(delete(SeatRow).where(SeatRow.service_id == seat.service_id, SeatRow.token_hash == seat.token_hash))


def end_own(db: Session, staff: Staff, but: Seated | None = None) -> None:
    """End every session in which a member of staff acts, but the one before the screen.

    A client who sorts is somebody else: their seat, on the tablet or on a device of their own, goes on.
    """
    kept = but.token_hash if but else ""
    db.execute(delete(SeatRow).where(*_of_staff(staff), ~_BY_CLIENT, SeatRow.token_hash != kept))


def end_all(db: Session, staff: Staff, now: datetime) -> None:
    """End every session of a member of staff, and the seats that they opened for clients."""
    _cut_short(db, now, *_of_staff(staff))
    end_own(db, staff)


def end_of_client(db: Session, client: Client, now: datetime) -> None:
    """End every seat that was opened for one of a client's rounds."""
    rounds = select(Round.id).where(Round.service_id == client.service_id, Round.client_id == client.id)
    of_client = (SeatRow.service_id == client.service_id, SeatRow.round_id.in_(rounds))
    _cut_short(db, now, *of_client)
    db.execute(delete(SeatRow).where(*of_client, ~_BY_CLIENT))


def was_cut_short(db: Session, token: str, now: datetime) -> Seated | None:
    """The client's seat that `token` held until the service ended it; None for any other token, and after a day."""
    found = db.execute(_SEATED, {"token_hash": _hash(token)}).first()
    if found is None:
        return None
    row, staff, clients_language = found
    in_clients_hands = row.kind == SeatKind.CLIENT and not row.from_paper
    ended = staff.disabled_at is not None or _was_ended(row)
    if not (in_clients_hands and ended) or has_passed(row.opened_at, LONGEST, now):
        return None
    return _seated(row, staff, clients_language)


_BY_CLIENT = (SeatRow.kind == SeatKind.CLIENT.value) & ~SeatRow.from_paper
"""Seats with a client before the screen, and not somebody who types in what one wrote."""


def _of_staff(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    return SeatRow.service_id == staff.service_id, SeatRow.staff_id == staff.id


def _cut_short(db: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    """End clients' seats, with what was typed in them and not taken. The rows stay for the day, so that a client's
    device can be told why it stops."""
    seats = select(SeatRow.token_hash).where(*which, _BY_CLIENT)
    drafts = (FormDraft.service_id == SeatRow.service_id, FormDraft.seat_hash == SeatRow.token_hash)
    db.execute(delete(FormDraft).where(seats.where(*drafts).exists()).execution_options(synchronize_session=False))
    db.execute(update(SeatRow).where(*which, _BY_CLIENT, SeatRow.ends_at > now).values(ends_at=now))


def _give_up(db: Session, seat: Seated) -> None:
    """End a seat that becomes another, unless it is gone."""
    row = _row_in_turn(db, seat)
    if row is None:
        raise TooManyTries
    db.delete(row)
    db.flush()


def _row_in_turn(db: Session, seat: Seated) -> SeatRow | None:
    """The seat as it is now, with nobody else changing it meanwhile."""
    return db.get(SeatRow, (seat.service_id, seat.token_hash), with_for_update=True, populate_existing=True)


def _open(
    db: Session,
    service_id: str,
    kind: SeatKind,
    staff_id: str,
    round_id: str | None,
    now: datetime,
    *,
    own_device: bool = False,
    from_paper: bool = False,
) -> str:
    token = secrets.token_urlsafe(32)
    if kind is SeatKind.CLIENT:  # a round's cards are in one pair of hands at a time: the older seat ends
        older = (SeatRow.service_id == service_id, SeatRow.round_id == round_id, SeatRow.kind == kind.value)
        db.execute(delete(SeatRow).where(*older))
    db.add(
        SeatRow(
            service_id=service_id,
            token_hash=_hash(token),
            kind=kind.value,
            staff_id=staff_id,
            round_id=round_id,
            opened_at=now,
            seen_at=now,
            ends_at=now + LONGEST,
            own_device=own_device,
            from_paper=from_paper,
        )
    )
    return token


def _is_over(row: SeatRow, now: datetime) -> bool:
    """Whether the seat has ended, by itself or not. Seen in the future, it has: the clock was set back since."""
    return now >= row.ends_at or _was_ended(row) or has_passed(row.seen_at, IDLE[SeatKind(row.kind)], now)


def _was_ended(row: SeatRow) -> bool:
    """Whether it was ended before its time; that holds whatever the clock says later."""
    return row.ends_at < row.opened_at + LONGEST


def _row(db: Session, seat: Seated) -> SeatRow | None:
    return db.get(SeatRow, (seat.service_id, seat.token_hash))


def _seated(row: SeatRow, staff: Staff, clients_language: str | None) -> Seated:
    return Seated(
        service_id=row.service_id,
        kind=SeatKind(row.kind),
        staff_id=row.staff_id,
        round_id=row.round_id,
        locked=row.locked,
        pin_failures=row.pin_failures,
        token_hash=row.token_hash,
        language=clients_language if clients_language and row.kind == SeatKind.CLIENT else staff.language,
        unready=staff.must_change or staff.pin_hash is None,
        own_device=row.own_device,
        from_paper=row.from_paper,
        form_key=hashlib.sha256(b"form:" + staff.password_hash.encode()).digest(),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
