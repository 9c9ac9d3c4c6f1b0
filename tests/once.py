"""What many tests begin with is made once: each that comes after gets a copy of the database as it stood then."""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from decisionaid.storage.database import Database
from tests import clock

T = TypeVar("T")

AS_LONG_AS = 300
"""Seconds for which something may pass for having been done just now."""

MOST = 400
"""How many states of the database one process keeps; each takes some 60 kB."""


@dataclass(frozen=True)
class Kept:
    """The database after the first time, compressed, when that was, and what was given back."""

    content: bytes
    at: datetime
    given: object


_KEPT: OrderedDict[tuple[object, ...], Kept] = OrderedDict()


def once(database: Database, make: Callable[[], T], *key: object) -> T:
    """What `make()` gives, with all that it does to the database; done for the first that asks in this state.

    Two states are the same where the database holds the same bytes, `key` is the same, and no more than some minutes
    lie between them. What is given back has to be a value: it is copied, no deeper than its first level.
    """
    if not database.is_sqlite or not _is_whole(database):
        return make()
    found = (hashlib.sha256(_read(database)).digest(), int(datetime.now(UTC).timestamp()) // AS_LONG_AS, *key)
    if found not in _KEPT:
        given = make()
        if not _is_whole(database):
            return given
        _KEPT[found] = Kept(zlib.compress(_read(database), 1), datetime.now(UTC), copy(given))
        if len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
        return given
    kept = _KEPT[found]
    _KEPT.move_to_end(found)
    _write(database, zlib.decompress(kept.content))
    clock.go_on_to(kept.at)
    return copy(kept.given)  # type: ignore[return-value]


def _is_whole(database: Database) -> bool:
    """Whether all of it is in its one file: nobody else has it open."""
    database.close()  # the last connection to go writes all of it there
    return not list(_beside(database))


def _beside(database: Database) -> Iterator[Path]:
    return _file(database).parent.glob(f"{_file(database).name}-*")


def _read(database: Database) -> bytes:
    return _file(database).read_bytes()


def _write(database: Database, content: bytes) -> None:
    _file(database).write_bytes(content)


def _file(database: Database) -> Path:
    return Path(str(database.engine.url.database))
