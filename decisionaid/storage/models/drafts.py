"""What was typed into a form and not taken: it waits for the person who typed it, and for nobody else."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.storage.models.keys import of_service, table, within_service
from decisionaid.storage.types import Record, Word, new_id


class Withheld(StrEnum):
    """Why a form was not taken: a field has to change; someone saved a newer text; the sign-in had ended.

    `REMOVED` is no form: what a removed thing held, until it is put back.
    """

    REFUSED = "refused"
    CHANGED = "changed"
    UNSENT = "unsent"
    REMOVED = "removed"


class FormDraft(Record):
    """One form as it was sent, without secrets.

    `action` is the address that it goes to, `page` the one that shows it. A client's draft hangs on their seat
    (`seat_hash`) and goes with it; a member of staff's ends at `ends_at`. `fields` and `messages` are JSON. With
    `leads_on` the next sign-in or PIN of this person leads to `page`.
    """

    __tablename__ = "form_draft"
    __table_args__ = table(
        of_service(),
        within_service("staff_id", "staff"),
        within_service("round_id", "round"),
        ForeignKeyConstraint(["service_id", "seat_hash"], ["seat.service_id", "seat.token_hash"], ondelete="CASCADE"),
        Index("ix_form_draft_owner", "service_id", "staff_id", "kind", "action"),
        Index("ix_form_draft_seat", "service_id", "seat_hash"),
        Index("ix_form_draft_ends_at", "ends_at"),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    staff_id: Mapped[str]
    kind: Mapped[str]
    round_id: Mapped[str | None]
    seat_hash: Mapped[str | None]
    action: Mapped[str]
    page: Mapped[str]
    why: Mapped[Withheld] = mapped_column(Word(Withheld))
    fields: Mapped[str]
    messages: Mapped[str]
    leads_on: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    ends_at: Mapped[datetime]
