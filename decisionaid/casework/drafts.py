"""Drafts: what was typed into a form that was not taken waits here for the person who typed it.

A member of staff's waits 12 hours and outlives a lock or a new sign-in. A client's belongs to their seat and goes with
it, however that ends. No answer, count or time of any other page depends on a draft.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from decisionaid.casework.seats import IDLE, Seated, SeatKind
from decisionaid.core.clock import SLACK
from decisionaid.storage.models import FormDraft, Round, SeatRow, Withheld

LASTS = timedelta(hours=12)

_PLACE = re.compile(r"/\d+(?=/|$)", re.ASCII)

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Owner:
    """The one person who may see a draft: who signed in, in which kind of seat, for which round; a client by seat."""

    service_id: str
    staff_id: str
    kind: SeatKind
    round_id: str | None = None
    seat_hash: str | None = None


@dataclass(frozen=True)
class Kept:
    """A draft as a page reads it."""

    why: Withheld
    fields: dict[str, list[str]]
    messages: dict[str, list[str]]


def anywhere(action: str) -> str:
    """The address of a form without places: for what is about a thing, wherever it is by now."""
    return _PLACE.sub("/*", action)


def key(action: str, about: str) -> str:
    """The name of a form that carries what it is about."""
    return f"{anywhere(action)}#{about}"


def owner(seat: Seated) -> Owner:
    """Who owns what is typed in this seat."""
    is_client = seat.kind is SeatKind.CLIENT
    own_seat = seat.token_hash if is_client else None
    return Owner(seat.service_id, seat.staff_id, seat.kind, seat.round_id, own_seat)


def keep(
    db: Session,
    owner: Owner,
    action: str,
    *,
    page: str,
    why: Withheld,
    fields: Fields,
    messages: Fields,
    now: datetime,
    leads_on: bool = False,
) -> None:
    """Keep a form for its owner, in place of an older draft of the same form."""
    sweep(db, now)
    forget(db, owner, action)
    if not _may_keep(db, owner):
        return
    db.add(
        FormDraft(
            service_id=owner.service_id,
            staff_id=owner.staff_id,
            kind=owner.kind.value,
            round_id=owner.round_id,
            seat_hash=owner.seat_hash,
            action=action,
            page=page,
            why=why,
            fields=json.dumps(fields),
            messages=json.dumps(messages),
            leads_on=leads_on,
            at=now,
            ends_at=now + LASTS,
        )
    )


def waiting(db: Session, owner: Owner, now: datetime) -> dict[str, Kept]:
    """All that waits for this owner, by the address that each form goes to."""
    rows = db.scalars(_mine(owner, now).order_by(FormDraft.at))
    return {row.action: Kept(row.why, json.loads(row.fields), json.loads(row.messages)) for row in rows}


def unfinished_page(db: Session, owner: Owner, now: datetime) -> str | None:
    """The page of the newest draft with something typed in it, if there is one."""
    typed = (FormDraft.fields != "{}", FormDraft.why != Withheld.REMOVED)
    return db.scalar(_newest(owner, now).where(*typed).with_only_columns(FormDraft.page))


def lead_on(db: Session, owner: Owner, now: datetime) -> str | None:
    """The page that this person was thrown out of with a form in their hands; it is led to once."""
    row = db.scalar(_newest(owner, now).where(FormDraft.leads_on))
    if row is None:
        return None
    row.leads_on = False
    return row.page


def forget(db: Session, owner: Owner, action: str) -> None:
    """Remove the drafts of a form that was taken, or that a newer draft replaces, whatever they are about."""
    of_form = or_(FormDraft.action == action, FormDraft.action.startswith(f"{action}#", autoescape=True))
    db.execute(delete(FormDraft).where(*_of(owner), of_form).execution_options(synchronize_session=False))


def forget_removed(db: Session, round_: Round) -> None:
    """Delete what was kept of removed things in a round, in every seat."""
    of_round = (FormDraft.service_id == round_.service_id, FormDraft.round_id == round_.id)
    gone = delete(FormDraft).where(*of_round, FormDraft.why == Withheld.REMOVED)
    db.execute(gone.execution_options(synchronize_session=False))


def sweep(db: Session, now: datetime) -> None:
    """Remove every draft whose time is over, and those of clients whose seat has ended by itself."""
    ahead = now + SLACK  # by a clock that was set back since
    idle = or_(SeatRow.seen_at <= now - IDLE[SeatKind.CLIENT], SeatRow.seen_at > ahead)
    this_seat = (SeatRow.service_id == FormDraft.service_id, SeatRow.token_hash == FormDraft.seat_hash)
    left_alone = select(SeatRow.token_hash).where(*this_seat, or_(idle, SeatRow.ends_at <= now)).exists()
    over = delete(FormDraft).where(or_(FormDraft.ends_at <= now, FormDraft.at > ahead, left_alone))
    db.execute(over.execution_options(synchronize_session=False))


def _may_keep(db: Session, owner: Owner) -> bool:
    """Whether the owner is still there: a client's seat may have ended while the form was on its way."""
    seat = (owner.service_id, owner.seat_hash)
    return owner.seat_hash is None or db.get(SeatRow, seat, with_for_update=True) is not None


def _mine(owner: Owner, now: datetime) -> Select[FormDraft]:
    return select(FormDraft).where(*_of(owner), FormDraft.ends_at > now, FormDraft.at <= now + SLACK)


def _newest(owner: Owner, now: datetime) -> Select[FormDraft]:
    return _mine(owner, now).order_by(FormDraft.at.desc(), FormDraft.id).limit(1)


def _of(owner: Owner) -> tuple[ColumnElement[bool], ...]:
    return (
        FormDraft.service_id == owner.service_id,
        FormDraft.staff_id == owner.staff_id,
        FormDraft.kind == owner.kind.value,
        FormDraft.round_id == owner.round_id,
        FormDraft.seat_hash == owner.seat_hash,
    )
