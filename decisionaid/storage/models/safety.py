"""What was done about the answers to the safety check. Rows are only ever added; triggers refuse the rest."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.core.safety import ResponseKind
from decisionaid.storage.models.keys import table, within_service
from decisionaid.storage.types import Ids, Record, Word, new_id


class SafetyResponse(Record):
    """What a member of staff recorded about the warnings of a round, as `core.safety.Response` knows it.

    `words` are a reason, or why the client declined, in `language`.
    """

    __tablename__ = "safety_response"
    __table_args__ = table(
        within_service("round_id", "round"),
        within_service("by_id", "staff"),
        Index("ix_safety_response_round", "service_id", "round_id"),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str]
    kind: Mapped[ResponseKind] = mapped_column(Word(ResponseKind))
    with_whom: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    about: Mapped[tuple[str, ...]] = mapped_column(Ids, default=())
    signs: Mapped[tuple[str, ...]] = mapped_column(Ids, default=())
    by_id: Mapped[str]
    at: Mapped[datetime]


class SafetyTold(Record):
    """The client sent their safety answers, as they were at this moment, to their keyworker before both had
    finished."""

    __tablename__ = "safety_told"
    __table_args__ = table(within_service("round_id", "round"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
