"""Make the demonstration's database: its service, its staff, and each client's story."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from decisionaid import create_app
from decisionaid.casework import passwords, people
from decisionaid.demonstration.press import Press
from decisionaid.demonstration.stories import Story
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.decks import Decks
from decisionaid.storage.models import Nation, Role, Service, Staff

PASSWORD = "demonstration"  # noqa: S105 - shown on the sign-in page of a demonstration, and of nothing else
PIN = "246810"
CONFIG: dict[str, object] = {"DEMO_PASSWORD": PASSWORD, "DEMO_PIN": PIN}
PEOPLE = Path(__file__).parent / "people.json"


def database(path: Path, *, fresh: bool = False) -> Database:
    """The database at `path`, in its newest shape; begun anew when `fresh`."""
    if fresh:
        for leftover in path.parent.glob(path.name + "*"):
            leftover.unlink()
    made = Database(f"sqlite:///{path}")
    schema.upgrade(made)
    return made


def prepare(path: Path, *, fresh: bool = False) -> None:
    """Make the demonstration's database at `path` where there is none yet."""
    made = database(path, fresh=fresh)
    try:
        with made.reading() as db:
            empty = db.query(Service).first() is None
        if empty:
            _fill_with_app(made)
    finally:
        made.close()


def _fill_with_app(made: Database) -> None:
    app = create_app(DATABASE=made)
    try:
        fill(made, app.extensions["decks"], Press(app))
    finally:
        app.extensions["pdf"].close()


def fill(made: Database, decks: Decks, press: Press, now: datetime | None = None) -> None:
    """Let all of `people.json` move in, each client's story told up to now."""
    data = json.loads(PEOPLE.read_text(encoding="utf-8"))
    now = now or datetime.now(UTC)
    with made.writing() as db:
        service = _service(db, data["service"], now)
        staff = {one["login"]: _staff(db, service, one, now) for one in data["staff"]}
        _texts(db, service, data["service"], staff["robin"], now)
        for client in data["clients"]:
            Story(db, service, staff[client["keyworker"]], decks, data, press, now).tell(client)


def _service(db: Session, data: dict[str, Any], now: datetime) -> Service:
    return people.found_service(
        db, data["name"], language="en", nation=Nation(data["nation"]), now=now, demonstration=True
    )


def _texts(db: Session, service: Service, data: dict[str, Any], admin: Staff, now: datetime) -> None:
    for language, texts in data["texts"].items():
        people.set_texts(db, service, language, texts, actor=admin, now=now)
    for language, lines in data["crisis_lines"].items():
        people.set_crisis_lines(db, service, language, [(name, number) for name, number in lines], actor=admin, now=now)


def _staff(db: Session, service: Service, data: dict[str, str], now: datetime) -> Staff:
    staff = people.add_staff(
        db,
        service,
        login=data["login"],
        name=data["name"],
        role=Role(data["role"]),
        password_hash=passwords.hashed(PASSWORD),
        language="en",
        actor="demonstration",
        now=now,
    )
    people.change_password(db, staff, staff.password_hash, seat=None, now=now)
    people.change_pin(db, staff, passwords.hashed(PIN), now=now)
    people.describe_self(db, staff, language="en", telephone=data["telephone"], hours=data["hours"], now=now)
    return staff
