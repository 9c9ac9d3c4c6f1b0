"""The service, its staff and its clients."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from decisionaid.casework import history, seats
from decisionaid.core.search import haystack, reference_key
from decisionaid.storage import sorts
from decisionaid.storage.models import Client, CrisisLine, Nation, Role, Round, Service, ServiceText, Staff

SERVICE_TEXTS = ("missed_meeting", "complaint", "second_view", "advocate", "who_may_know")
"""Sentences that a service writes once, for each language; each prints on every plan."""


class LoginTaken(Exception):
    """Somebody of this service has this login."""


class ReferenceTaken(Exception):
    """A client of this service has this reference, if perhaps in other letters or with other dashes."""


class LastAdmin(Exception):
    """A service keeps one admin who can sign in."""


def found_service(
    db: Session,
    name: str,
    *,
    language: str,
    now: datetime,
    nation: Nation | None = None,
    time_zone: str = "Europe/London",
    demonstration: bool = False,
) -> Service:
    """Begin a service."""
    service = Service(
        name=name,
        language=language,
        nation=nation,
        time_zone=time_zone,
        created_at=now,
        demonstration=demonstration,
    )
    db.add(service)
    db.flush()
    return service


def name_service(
    db: Session, service: Service, name: str, *, nation: Nation, time_zone: str, actor: Staff, now: datetime
) -> None:
    """Change what the service is called, which nation's crisis numbers it gives, and where its days begin."""
    service.name, service.nation, service.time_zone = name, nation, time_zone
    history.record(db, service_id=service.id, actor=actor.id, verb="service_named", at=now)


def set_spare_cards(db: Session, service: Service, cards: tuple[str, ...], *, actor: Staff, now: datetime) -> None:
    """Choose which spare cards are added to rounds that are opened from now on."""
    service.spare_cards = cards
    subject = " ".join(cards)
    history.record(db, service_id=service.id, actor=actor.id, verb="spare_cards_changed", at=now, subject=subject)


def set_texts(
    db: Session, service: Service, language: str, texts: dict[str, str], *, actor: Staff, now: datetime
) -> None:
    """Keep the service's sentences in one language; an empty one is taken away."""
    for field in SERVICE_TEXTS:
        key = (service.id, field, language)
        row = db.get(ServiceText, key)
        text = texts.get(field, "").strip()
        if row is not None and text:
            row.text = text
        elif row is not None:
            db.delete(row)
        elif text:
            db.add(ServiceText(service_id=service.id, field=field, language=language, text=text))
    history.record(db, service_id=service.id, actor=actor.id, verb="texts_changed", at=now, subject=language)


def set_crisis_lines(
    db: Session, service: Service, language: str, lines: list[tuple[str, str]], *, actor: Staff, now: datetime
) -> None:
    """Keep the service's own crisis lines in one language, in this order."""
    db.execute(delete(CrisisLine).where(CrisisLine.service_id == service.id, CrisisLine.language == language))
    db.add_all(
        CrisisLine(service_id=service.id, language=language, position=position, name=name, number=number)
        for position, (name, number) in enumerate(lines)
    )
    history.record(db, service_id=service.id, actor=actor.id, verb="crisis_lines_changed", at=now, subject=language)


def add_staff(
    db: Session,
    service: Service,
    *,
    login: str,
    name: str,
    role: Role,
    password_hash: str,
    language: str,
    actor: str,
    now: datetime,
) -> Staff:
    """Add a keyworker or admin with a first password, to be changed at the first sign-in. Logins are small letters."""
    login = login.strip().lower()
    taken = select(Staff).where(Staff.service_id == service.id, Staff.login == login)
    if db.scalar(taken) is not None:
        raise LoginTaken(login)
    staff = Staff(
        service_id=service.id,
        login=login,
        name=name,
        role=role,
        language=language,
        password_hash=password_hash,
        created_at=now,
    )
    db.add(staff)
    db.flush()
    history.record(db, service_id=service.id, actor=actor, verb="staff_added", at=now, subject=staff.id)
    return staff


def disable(db: Session, staff: Staff, *, actor: Staff, now: datetime) -> None:
    """Shut a member of staff out, at once and everywhere. Clients whom they gave a seat are told that it has ended."""
    if staff.role is Role.ADMIN and _is_last_admin(db, staff):
        raise LastAdmin
    staff.disabled_at = now
    seats.end_all(db, staff, now)
    history.record(db, service_id=staff.service_id, actor=actor.id, verb="staff_disabled", at=now, subject=staff.id)


def enable(db: Session, staff: Staff, *, actor: Staff, now: datetime) -> None:
    """Let a member of staff in again."""
    staff.disabled_at = None
    history.record(db, service_id=staff.service_id, actor=actor.id, verb="staff_enabled", at=now, subject=staff.id)


def reset(db: Session, staff: Staff, password_hash: str, *, actor: str, now: datetime) -> None:
    """Give a new first password; the PIN is forgotten and every session of this person's ends, but no client's."""
    staff.password_hash = password_hash
    staff.pin_hash = None
    staff.must_change = True
    seats.end_own(db, staff)
    history.record(db, service_id=staff.service_id, actor=actor, verb="staff_reset", at=now, subject=staff.id)


def change_password(db: Session, staff: Staff, password_hash: str, *, seat: seats.Seated | None, now: datetime) -> None:
    """Keep a new password; every other session of this person's ends, but no client's."""
    staff.password_hash = password_hash
    staff.must_change = False
    seats.end_own(db, staff, but=seat)
    history.record(db, service_id=staff.service_id, actor=staff.id, verb="password_changed", at=now)


def change_pin(db: Session, staff: Staff, pin_hash: str, *, now: datetime) -> None:
    """Keep a new PIN."""
    staff.pin_hash = pin_hash
    history.record(db, service_id=staff.service_id, actor=staff.id, verb="pin_changed", at=now)


def describe_self(db: Session, staff: Staff, *, language: str, telephone: str, hours: str, now: datetime) -> None:
    """Keep what the plan prints of a keyworker, and the desk's language."""
    staff.language, staff.telephone, staff.hours = language, telephone, hours
    history.record(db, service_id=staff.service_id, actor=staff.id, verb="details_changed", at=now)


def add_client(db: Session, keyworker: Staff, details: dict[str, object], *, now: datetime) -> Client:
    """Add a client to a keyworker's caseload. `details` are columns of Client; a reference is needed, a name is not."""
    _check_reference(db, keyworker.service_id, str(details["reference"]), None)
    client = Client(service_id=keyworker.service_id, keyworker_id=keyworker.id, added_at=now, **details)
    db.add(client)
    db.flush()
    history.of_client(db, client, actor=keyworker.id, verb="client_added", at=now)
    return client


def change_client(db: Session, client: Client, details: dict[str, object], *, actor: Staff, now: datetime) -> None:
    """Keep other details of a client."""
    if details["reference"] != client.reference:
        _check_reference(db, client.service_id, str(details["reference"]), client.id)
        client.reference_key = reference_key(str(details["reference"]))
    for column, value in details.items():
        setattr(client, column, value)
    client.sought = haystack(client.name, client.preferred_name, client.reference, client.telephone)
    history.of_client(db, client, actor=actor.id, verb="client_changed", at=now)


def reassign(db: Session, client: Client, keyworker: Staff, *, actor: Staff, now: datetime) -> None:
    """Give a client to another keyworker, who then holds the open round too and sorts anew.

    Once the client has confirmed, the comparison stands as it was made: the round keeps the keyworker who sorted.
    A seat that the one before opened for this client ends; what was saved there is kept.
    """
    seats.end_of_client(db, client, now)
    client.keyworker_id = keyworker.id
    open_round = select(Round).where(
        Round.service_id == client.service_id, Round.client_id == client.id, Round.closed_at.is_(None)
    )
    for round_ in db.scalars(open_round):
        if not sorts.confirmed(db, round_):
            round_.keyworker_id = keyworker.id
    history.of_client(db, client, actor=actor.id, verb="client_reassigned", at=now, subject=keyworker.id)


def _check_reference(db: Session, service_id: str, reference: str, but: str | None) -> None:
    same = (Client.service_id == service_id, Client.reference_key == reference_key(reference))
    taken = db.scalar(select(Client).where(*same))
    if taken is not None and taken.id != but:
        raise ReferenceTaken(reference)


def _is_last_admin(db: Session, staff: Staff) -> bool:
    others = select(Staff.id).where(
        Staff.service_id == staff.service_id,
        Staff.role == Role.ADMIN,
        Staff.disabled_at.is_(None),
        Staff.id != staff.id,
    )
    return db.scalar(others.limit(1)) is None
