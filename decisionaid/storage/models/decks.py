"""The decks that rounds were opened with."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.storage.models.keys import of_service, table
from decisionaid.storage.types import Record


class DeckRecord(Record):
    """A deck of cards and the deck of options beside it, structure and words of all languages, as their files held them
    when a round was opened. Kept once by its digest, and never changed.

    `files` is JSON: by deck id, what each file holds by its name.
    """

    __tablename__ = "deck"
    __table_args__ = table(of_service())

    service_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    deck_id: Mapped[str]
    files: Mapped[str]
    kept_at: Mapped[datetime]
