"""What many tests begin with is made once: each that comes after gets a copy of the database as it stood then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import Case
from tests.police import Police


@dataclass(frozen=True)
class Kept:
    """The database after the first time, what the case knew then, and the cookie of the browser."""

    content: bytes
    case: dict[str, Any]
    cookie: str


_KEPT: dict[tuple[object, ...], Kept] = {}


def once(make: Callable[..., Police], app: Flask, case: Case, *args: object) -> Police:
    """The browser that `make(app, case, *args)` gives, with all that it did; done for the first test that asks.

    The case has to be fresh, and the same for each test that asks. Another day makes its own, as dates count from it.
    """
    key = (make, args, datetime.now(UTC).date())
    if key not in _KEPT:
        browser = make(app, case, *args)
        cookie = browser.get_cookie("seat")
        _KEPT[key] = Kept(_read(case.database), _known(case), cookie.value if cookie else "")
        return browser
    kept = _KEPT[key]
    _write(case.database, kept.content)
    vars(case).update(kept.case, replies=dict(kept.case["replies"]))
    again = app.test_client()
    assert isinstance(again, Police)
    again.set_cookie("seat", kept.cookie)
    return again


def _known(case: Case) -> dict[str, Any]:
    return {name: value for name, value in vars(case).items() if name != "database"}


def _read(database: Database) -> bytes:
    database.close()  # the last connection to go writes all of it into the one file
    return _file(database).read_bytes()


def _write(database: Database, content: bytes) -> None:
    database.close()
    for beside in _file(database).parent.glob(f"{_file(database).name}-*"):
        beside.unlink()
    _file(database).write_bytes(content)


def _file(database: Database) -> Path:
    return Path(str(database.engine.url.database))
