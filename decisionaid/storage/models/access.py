"""Who is before the screen now, and how often somebody guessed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.storage.models.keys import of_service, table, within_service
from decisionaid.storage.types import Record


class SeatRow(Record):
    """One signed-in browser. The cookie's token is kept hashed; handing over ends this row and begins another."""

    __tablename__ = "seat"
    __table_args__ = table(
        within_service("staff_id", "staff"),
        within_service("round_id", "round"),
        Index("uq_seat_token_hash", "token_hash", unique=True),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    staff_id: Mapped[str]
    round_id: Mapped[str | None]
    locked: Mapped[bool] = mapped_column(default=False)
    pin_failures: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Throttle(Record):
    """How often something was tried from one place within a window."""

    __tablename__ = "throttle"
    __table_args__ = table(of_service())

    service_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    since: Mapped[datetime]
