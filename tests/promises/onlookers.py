"""Who may stand before the program, and every address of it: what the promises about doors are tried with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from decisionaid.casework import people, seats
from decisionaid.storage.models import Role, Round, Service, Signing, Staff
from decisionaid.storage.types import Record
from tests.builders import Case, a_person
from tests.police import Police

SEATS = ("client", "keyworker", "together", "admin")
HOMES = {"client": "/s/", "keyworker": "/desk/", "together": "/together/", "admin": "/admin/"}
BLANKS = {
    "number": "1",
    "version": "1",
    "place": "1",
    "outcome": "differ",
    "kind": "given",
    "part": "support",
    "party": "client",
    "code": "en",
    "what": "round",
}
CHANGING = re.compile(rb'name="csrf_token"[^>]*|<meta name="csrf[^>]*| data-epoch="[^"]*"')


@dataclass(frozen=True)
class Address:
    """One way to ask: a method and a rule, with the blanks filled."""

    method: str
    endpoint: str
    path: str
    rule: Rule


def addresses(app: Flask, method: str | None = None, **ids: str) -> list[Address]:
    """Every address of the program, with these ids and otherwise a sample in each blank."""
    return [a for rule in app.url_map.iter_rules() for a in _asked(rule, ids) if method in (None, a.method)]


def browser(app: Flask, token: str = "") -> Police:
    """A browser that holds this seat's cookie, or none."""
    found = app.test_client()
    assert isinstance(found, Police)
    if token:
        found.set_cookie("seat", token)
    return found


def desk_token(case: Case, staff_id: str, service_id: str = "") -> str:
    """The cookie of somebody who has signed in at their own desk."""
    with case.database.writing() as db:
        return seats.open_desk(db, db.get_one(Staff, (service_id or case.service_id, staff_id)), datetime.now(UTC))


def token_of(case: Case, seat: str) -> str:
    """The cookie of a seat over this case: its client, its keyworker, both together, or the service's admin."""
    now = datetime.now(UTC)
    token = desk_token(case, admin_of(case) if seat == "admin" else case.keyworker_id)
    if seat in ("admin", "keyworker"):
        return token
    with case.database.writing() as db:
        found = seats.seated(db, token, now)
        assert found is not None
        opened = seats.hand_over if seat == "client" else seats.open_together
        return opened(db, found[0], db.get_one(Round, (case.service_id, case.round_id)), now)


def own_device_token(case: Case) -> str:
    """The cookie of the client's seat on a device of their own."""
    with case.database.writing() as db:
        return seats.open_own_device(db, case.round(db), case.keyworker_id, datetime.now(UTC))


def sit(app: Flask, case: Case, seat: str) -> Police:
    """A browser in this seat of the case; `anonymous` is in none."""
    return browser(app, "" if seat == "anonymous" else token_of(case, seat))


def admin_of(case: Case) -> str:
    """Whoever looks after the case's service."""
    with case.database.reading() as db:
        return str(db.query(Staff).filter_by(service_id=case.service_id, role=Role.ADMIN).first().id)  # type: ignore[union-attr]


def colleague(case: Case, login: str = "idris") -> str:
    """Another keyworker of the same service; returns the id."""
    with case.database.writing() as db:
        return a_person(db, db.get_one(Service, case.service_id), login, "Idris Vaughan", Role.KEYWORKER).id


def elsewhere(case: Case) -> tuple[str, str]:
    """A keyworker of another service; returns the ids of the service and the person."""
    with case.database.writing() as db:
        service = people.found_service(db, "Elsewhere", language="en", now=case.later())
        return service.id, a_person(db, service, "sam", "Sam Reed", Role.KEYWORKER).id


def csrf_of(asker: Police, path: str) -> str:
    """The form token of this browser, from any page of its own that has a form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', asker.get(path, follow_redirects=True).text)
    return found[1] if found else ""


def disabled(app: Flask, case: Case) -> Police:
    """Somebody who was let go while signed in."""
    staff_id = colleague(case)
    found = browser(app, desk_token(case, staff_id))
    with case.database.writing() as db:
        gone = db.get_one(Staff, (case.service_id, staff_id))
        people.disable(db, gone, actor=case.keyworker(db), now=case.later())
    return found


def ids_of(case: Case) -> dict[str, str]:
    """The ids that addresses of this case carry."""
    with case.database.reading() as db:
        version = db.query(Signing).filter_by(service_id=case.service_id).first()
        held = {"client_id": case.client_id, "round_id": case.round_id, "staff_id": case.keyworker_id}
        return {**held, "signing_id": version.id if version else "unknown"}


def bare(response: TestResponse) -> bytes:
    """A page less its form tokens, which are fresh each time."""
    return CHANGING.sub(b"", response.data)


def rows(case: Case) -> dict[str, list[Any]]:
    """Everything that the database holds."""
    with case.database.reading() as db:
        tables = Record.metadata.sorted_tables
        return {table.name: sorted(map(repr, db.execute(table.select()))) for table in tables}


def _asked(rule: Rule, ids: dict[str, str]) -> Iterator[Address]:
    path = re.sub(
        r"<(?:\w+:)?(\w+)>", lambda blank: {**BLANKS, "code": "en", **ids}.get(blank[1], "unknown"), rule.rule
    )
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield Address(method, rule.endpoint, path, rule)
