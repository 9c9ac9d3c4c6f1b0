"""Own cards that were removed: each waits in its seat as a draft does, until it is put back or the sort is finished."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from decisionaid.casework import drafts
from decisionaid.casework.drafts import Owner
from decisionaid.casework.sorting import RemovedCard
from decisionaid.storage.models import Withheld


def keep(db: Session, owner: Owner, card: RemovedCard, *, page: str, now: datetime) -> None:
    """Keep what a removed card held for whoever removed it."""
    fields = {"card": [json.dumps(asdict(card), default=datetime.isoformat)]}
    drafts.keep(db, owner, _name(card.card), page=page, why=Withheld.REMOVED, fields=fields, messages={}, now=now)


def waiting(db: Session, owner: Owner, now: datetime) -> list[RemovedCard]:
    """The removed cards that this owner can still put back, the first removed first."""
    kept = drafts.waiting(db, owner, now).values()
    return [_read(json.loads(each.fields["card"][0])) for each in kept if each.why is Withheld.REMOVED]


def forget(db: Session, owner: Owner, card: RemovedCard) -> None:
    """Remove what was kept of a card that has been put back."""
    drafts.forget(db, owner, _name(card.card))


def _name(card: str) -> str:
    """No form goes to such an address, so no press that is taken forgets it."""
    return f"removed:{card}"


def _read(kept: dict[str, Any]) -> RemovedCard:
    held = kept["held"]
    answered = datetime.fromisoformat(held["answered_at"]) if held["answered_at"] else None
    card = RemovedCard(**{**kept, "at": datetime.fromisoformat(kept["at"]), "questions": tuple(kept["questions"])})
    return replace(card, held={**held, "answered_at": answered})
