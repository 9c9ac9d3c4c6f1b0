"""Who is before the screen now, and how often somebody guessed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.storage.models.keys import of_service, table, within_service
from decisionaid.storage.types import Record, Word, new_id


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
    own_device: Mapped[bool] = mapped_column(default=False)
    from_paper: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Throttle(Record):
    """How often something was tried, under one key: since when, or for passwords, when last."""

    __tablename__ = "throttle"
    __table_args__ = table(of_service())

    service_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    since: Mapped[datetime]


class KnownBrowser(Record):
    """A browser that a member of staff has signed in with. Its cookie's token is kept hashed."""

    __tablename__ = "known_browser"
    __table_args__ = table(within_service("staff_id", "staff"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class PairingStep(StrEnum):
    """How far the client's own device has come: a code is shown; used; the words are the same; the seat is open."""

    OFFERED = "offered"
    CLAIMED = "claimed"
    AGREED = "agreed"
    CONNECTED = "connected"
    ENDED = "ended"


class Pairing(Record):
    """A client's own device being connected to one round. Code, token and the device's cookie are kept hashed, each
    for one use; `first_word` and `second_word` are the places of the two words that both screens show."""

    __tablename__ = "pairing"
    __table_args__ = table(
        within_service("round_id", "round"),
        within_service("by_id", "staff"),
        Index("uq_pairing_round", "service_id", "round_id", unique=True),
    )

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str]
    by_id: Mapped[str]
    step: Mapped[PairingStep] = mapped_column(Word(PairingStep))
    desk_address: Mapped[str]
    code_hash: Mapped[str | None]
    token_hash: Mapped[str | None]
    device_hash: Mapped[str | None]
    first_word: Mapped[int] = mapped_column(default=0)
    second_word: Mapped[int] = mapped_column(default=0)
    from_desk: Mapped[bool] = mapped_column(default=False)
    until: Mapped[datetime]
