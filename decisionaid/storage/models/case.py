"""A client, the rounds that client goes through, and what happened when."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.core.search import haystack, reference_key
from decisionaid.storage.models.keys import of_service, table, within_service
from decisionaid.storage.types import Ids, Record, Word, new_id


class RoundEnd(StrEnum):
    """How a round ended: with a plan (signed or not), stopped with a reason, or unseen because an answer was not
    right."""

    PLAN = "plan"
    STOPPED = "stopped"
    NOT_RIGHT = "not_right"


def _sought(context: Any) -> str:
    given = context.get_current_parameters()
    texts = (given.get(column) or "" for column in ("name", "preferred_name", "reference", "telephone"))
    return haystack(*texts)


def _reference_key(context: Any) -> str:
    return reference_key(context.get_current_parameters()["reference"])


class Client(Record):
    """A person in treatment, known by name or by reference alone.

    `sought` is what a search looks through, and the order of lists; of one `reference_key` there is one client.
    """

    __tablename__ = "client"
    __table_args__ = table(
        within_service("keyworker_id", "staff"),
        UniqueConstraint("service_id", "reference"),
        Index("uq_client_reference_key", "service_id", "reference_key", unique=True),
        Index("ix_client_keyworker", "service_id", "keyworker_id", "closed_at"),
        Index("ix_client_sought", "service_id", "sought", "id"),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(default="")
    preferred_name: Mapped[str] = mapped_column(default="")
    reference: Mapped[str]
    second_identifier: Mapped[str] = mapped_column(default="")
    reference_key: Mapped[str] = mapped_column(default=_reference_key)
    sought: Mapped[str] = mapped_column(default=_sought)
    language: Mapped[str]
    telephone: Mapped[str] = mapped_column(default="")
    may_ring: Mapped[bool] = mapped_column(default=False)
    may_text: Mapped[bool] = mapped_column(default=False)
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    may_write: Mapped[bool] = mapped_column(default=False)
    contact_note: Mapped[str] = mapped_column(default="")
    keyworker_id: Mapped[str]
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def called(self) -> str:
        """What the person is called on screen: the name they like, their name, or their reference."""
        return self.preferred_name or self.name or self.reference

    @property
    def identifiers(self) -> tuple[str, str]:
        """The two identifiers printed on each page: name and reference, or reference and a second one."""
        return (self.name, self.reference) if self.name else (self.reference, self.second_identifier)


class Round(Record):
    """Two sorts, their comparison, the negotiation and the plan; the first, or a review. A client has one open at
    most.

    `spare_cards` are those that the service had added when it was opened; what it adds later changes nothing here.
    """

    __tablename__ = "round"
    __table_args__ = table(
        within_service("client_id", "client"),
        within_service("keyworker_id", "staff"),
        UniqueConstraint("service_id", "client_id", "number"),
        Index(
            "uq_round_open",
            "service_id",
            "client_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    client_id: Mapped[str]
    number: Mapped[int]
    keyworker_id: Mapped[str]
    after_plan_id: Mapped[str | None]
    deck_id: Mapped[str]
    deck_digest: Mapped[str]
    spare_cards: Mapped[tuple[str, ...]] = mapped_column(Ids, default=())
    places: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[RoundEnd | None] = mapped_column(Word(RoundEnd))
    closed_reason: Mapped[str] = mapped_column(default="")

    @property
    def is_review(self) -> bool:
        return self.after_plan_id is not None


class Confirmation(Record):
    """The client's own word on their answers, given before anything of the other's is shown."""

    __tablename__ = "confirmation"
    __table_args__ = table(within_service("round_id", "round"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str] = mapped_column(primary_key=True)
    is_right: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Erasure(Record):
    """The record that a client is being erased: the one way past the triggers that refuse deletion."""

    __tablename__ = "erasure"
    __table_args__ = table(of_service())

    service_id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str]
    at: Mapped[datetime]


class History(Record):
    """What happened, by whom, when. It holds no answers and no free text."""

    __tablename__ = "history"
    __table_args__ = table(of_service(), Index("ix_history_client", "service_id", "client_id", "at"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    actor: Mapped[str]
    verb: Mapped[str]
    client_id: Mapped[str | None]
    round_id: Mapped[str | None]
    subject: Mapped[str] = mapped_column(default="")
