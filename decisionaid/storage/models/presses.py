"""The presses that were taken, so that each counts once."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.storage.models.keys import of_service, table
from decisionaid.storage.types import Record


class PressRecord(Record):
    """The last press of one form as it was drawn.

    `operation` names the drawn form, `digest` what it sent (keyed with the browser's cookie, so that nothing typed can
    be guessed from it), `led_to` the page that its answer led to; empty while the press is still at work.
    """

    __tablename__ = "press"
    __table_args__ = table(of_service(), Index("ix_press_at", "at"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    led_to: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
