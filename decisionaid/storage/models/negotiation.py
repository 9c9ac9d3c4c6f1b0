"""How the two settled each card."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.core.negotiation import Outcome
from decisionaid.storage.models.keys import table, within_service
from decisionaid.storage.types import Record, Word


class Settlement(Record):
    """What was said and settled about one card (or the drinking goal) in one round.

    `heard` is the keyworker's paraphrase, `heard_right` what the client says of it; the client's own words stay in
    the sort. `version` counts changes: whoever saves over a newer one is asked to look again.
    """

    __tablename__ = "settlement"
    __table_args__ = table(within_service("round_id", "round"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[str] = mapped_column(primary_key=True)
    heard: Mapped[str] = mapped_column(default="")
    heard_right: Mapped[bool | None]
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    until: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    heard_language: Mapped[str]
    language: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
