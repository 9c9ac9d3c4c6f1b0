"""The provider, what it prints on every plan, and the people who work there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from decisionaid.storage.models.keys import of_service, table
from decisionaid.storage.types import Ids, Record, Word, new_id


class Role(StrEnum):
    """What a member of staff does here. An admin sees nothing of any client's sort or plan."""

    KEYWORKER = "keyworker"
    ADMIN = "admin"


class Nation(StrEnum):
    """Which part of the UK a service is in. Crisis numbers differ between them."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


class Service(Record):
    """A treatment provider. `demonstration` marks one whose people are invented and whose logins are shown.

    `spare_cards` are those that it adds to every round from now on. `nation` is None where an older service has not
    been asked yet.
    """

    __tablename__ = "service"
    __table_args__ = table()

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="Europe/London")
    spare_cards: Mapped[tuple[str, ...]] = mapped_column(Ids, default=())
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    nation: Mapped[Nation | None] = mapped_column(Word(Nation))


class ServiceText(Record):
    """A sentence of the service's own, one a language: what the plan says about missed meetings, complaints and so
    on."""

    __tablename__ = "service_text"
    __table_args__ = table(of_service())

    service_id: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class CrisisLine(Record):
    """Whom to ring, beside the national numbers. Without one in the plan's language no plan prints."""

    __tablename__ = "crisis_line"
    __table_args__ = table(of_service())

    service_id: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    number: Mapped[str]


class Staff(Record):
    """A keyworker or an admin. Password and PIN are kept as argon2 hashes only."""

    __tablename__ = "staff"
    __table_args__ = table(of_service(), UniqueConstraint("service_id", "login"))

    service_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(Word(Role))
    language: Mapped[str] = mapped_column(default="en")
    telephone: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str]
    pin_hash: Mapped[str | None]
    must_change: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
