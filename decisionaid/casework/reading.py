"""How the client reads, kept for the round: before the sort is begun, and after it is finished, as in between."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from decisionaid.storage.models import ReadingRecord, Round


def choose(db: Session, round_: Round, chosen: Mapping[str, str], now: datetime) -> None:
    """Keep these choices (see `core.reading.CHOICES`); what is not named stays as it was."""
    row = db.get(ReadingRecord, (round_.service_id, round_.id))
    if row is None:
        row = ReadingRecord(service_id=round_.service_id, round_id=round_.id)
        db.add(row)
    for name, said in chosen.items():
        setattr(row, name, said)
    row.changed_at = now
