"""How often somebody guessed: a password, a code. After some tries each further one has to wait.

A password is counted before it is looked at, and each wait is twice the last: a person who mistypes loses seconds, and
guessing gets nowhere. Codes that are typed are counted within a window instead (see `pairing`).

Logins and addresses are kept hashed, as a wrong login is often a password typed in the wrong box.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from decisionaid.core.clock import has_passed
from decisionaid.storage.models import Throttle

MOST = 10
WINDOW = timedelta(minutes=15)

FORGOTTEN = timedelta(hours=1)
"""After this time without a try, the waits begin at the shortest again."""


@dataclass(frozen=True)
class Limit:
    """How many tries are free, and the longest wait after them."""

    free: int
    longest: timedelta

    def wait(self, tries: int) -> timedelta:
        """How long the next try has to wait after this many: 2 seconds, 4, 8 and so on."""
        beyond = min(tries - self.free, 12)  # 2 to the power of 12 seconds is more than any longest wait
        return min(timedelta(seconds=2 ** (beyond + 1)), self.longest) if beyond >= 0 else timedelta(0)


ONE_PERSON = Limit(free=5, longest=timedelta(minutes=15))
"""One login, from one address or one browser that it is known by."""

MANY_PEOPLE = Limit(free=20, longest=timedelta(minutes=1))
"""One login from everywhere, or one address with any login: a whole clinic may share the address."""


class TooManyTries(Exception):
    """Somebody guessed too often; the next try is after the window, or a full sign-in."""


def take(db: Session, service_id: str, limits: Mapping[str, Limit], now: datetime) -> timedelta:
    """Count a try at a password, under each key (a login, an address) of `limits`.

    Returns:
        How long to wait, where it is too early: then nothing is counted, and the password must not be looked at.
    """
    rows = {key: _recent(db, service_id, key, now) for key in limits}
    wait = max((_left(row, limits[key], now) for key, row in rows.items()), default=timedelta(0))
    if wait <= timedelta(0):
        for row in rows.values():
            row.tries, row.since = row.tries + 1, max(row.since, now)
    return max(wait, timedelta(0))


def check(db: Session, service_id: str, keys: list[str], now: datetime, most: int = MOST) -> None:
    """Raise TooManyTries where one of `keys` (an address) was tried too often within the window."""
    for key in keys:
        row = db.get(Throttle, (service_id, _hash(key)))
        if row is not None and not has_passed(row.since, WINDOW, now) and row.tries >= most:
            raise TooManyTries


def count(db: Session, service_id: str, keys: list[str], now: datetime) -> None:
    """Count a failed try for each of `keys`, within a window that begins with the first."""
    for key in keys:
        row = db.get(Throttle, (service_id, _hash(key)))
        if row is None:
            db.add(Throttle(service_id=service_id, key=_hash(key), tries=1, since=now))
        elif has_passed(row.since, WINDOW, now):
            row.tries, row.since = 1, now
        else:
            row.tries += 1


def forget(db: Session, service_id: str, keys: list[str]) -> None:
    """A good sign-in clears the count."""
    hashes = [_hash(key) for key in keys]
    db.execute(delete(Throttle).where(Throttle.service_id == service_id, Throttle.key.in_(hashes)))


def give_back(db: Session, service_id: str, key: str) -> None:
    """A good sign-in does not count at its address, where it may be one of many; the tries of others stay."""
    row = db.get(Throttle, (service_id, _hash(key)))
    if row is not None:
        row.tries = max(row.tries - 1, 0)


def sweep(db: Session, now: datetime) -> None:
    """Remove the counts that hold nobody up any more."""
    old = or_(Throttle.since <= now - FORGOTTEN, Throttle.since > now + FORGOTTEN)
    db.execute(delete(Throttle).where(old).execution_options(synchronize_session=False))


def _recent(db: Session, service_id: str, key: str, now: datetime) -> Throttle:
    """The count of this key; of an older one, or by a clock that was set back since, nothing is left."""
    row = db.get(Throttle, (service_id, _hash(key)), with_for_update=True)
    if row is None:
        row = Throttle(service_id=service_id, key=_hash(key), tries=0, since=now)
        db.add(row)
    if has_passed(row.since, FORGOTTEN, now):
        row.tries, row.since = 0, now
    return row


def _left(row: Throttle, limit: Limit, now: datetime) -> timedelta:
    wait = limit.wait(row.tries)
    return row.since + wait - now if wait else wait


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
