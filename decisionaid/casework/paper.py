"""Typing in a sort that was done on paper: the one way in which a keyworker's hands write the client's side.

It is marked as such wherever the sort is shown, and the client confirms it like any other before anything is compared.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from decisionaid.casework import history, seats, sorting
from decisionaid.casework.reviewing import RoundRefused
from decisionaid.casework.seats import Seated
from decisionaid.core.sort import Party
from decisionaid.storage import queries_plan, sorts
from decisionaid.storage.models import Client, Handover, Round
from decisionaid.storage.models.sorts import Device
from decisionaid.storage.sorts import Viewer


class PaperRefused(RoundRefused):
    """No paper can be typed in for this round, or not yet."""


def may_type_in(db: Session, round_: Round) -> bool:
    """Whether the client's paper can be typed in: the keyworker's own sort is finished, the client's is not, and no
    device was put into the client's hands in this round.

    It goes by what the keyworker did, not by whether the client has begun: of that nobody else may know. And what
    somebody answered on a device is neither read nor changed by another before they have finished.
    """
    if round_.closed_at is not None or sorts.sight(db, round_, Viewer.KEYWORKER).other_finished is not False:
        return False
    return all(given.device is Device.PAPER for given, _by in queries_plan.handovers(db, round_))


def check(db: Session, round_: Round) -> None:
    """Raise PaperRefused where no paper can be typed in."""
    if not may_type_in(db, round_):
        raise PaperRefused


def type_in(db: Session, seat: Seated, round_: Round, now: datetime) -> str:
    """Open the client's seat "from paper" and begin their sort there, or go on with it; returns the cookie's token.

    Raises:
        PaperRefused: see `may_type_in`.
    """
    check(db, round_)
    client = db.get_one(Client, (round_.service_id, round_.client_id))
    sorting.begin(db, round_, Party.CLIENT, author=None, language=client.language, now=now)
    typed = Handover(service_id=seat.service_id, round_id=round_.id, by_id=seat.staff_id, device=Device.PAPER, at=now)
    db.add(typed)
    history.of_round(db, round_, actor=seat.staff_id, verb="typed_in", at=now)
    return seats.open_from_paper(db, seat, round_, now)
