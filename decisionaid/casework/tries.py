"""How often somebody guessed: a password, a PIN, a code. Whoever makes too many waits until the window is over.

Logins and addresses are kept hashed, as a wrong login is often a password typed in the wrong box.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from decisionaid.storage.models import Throttle

MOST = 10
WINDOW = timedelta(minutes=15)


class TooManyTries(Exception):
    """Somebody guessed too often; the next try is after the window, or a full sign-in."""


def check(db: Session, service_id: str, keys: list[str], now: datetime, most: int = MOST) -> None:
    """Raise TooManyTries where one of `keys` (a login, an address) was tried too often within the window."""
    for key in keys:
        row = db.get(Throttle, (service_id, _hash(key)))
        if row is not None and now - row.since < WINDOW and row.tries >= most:
            raise TooManyTries


def count(db: Session, service_id: str, keys: list[str], now: datetime) -> None:
    """Count a failed try for each of `keys`."""
    for key in keys:
        row = db.get(Throttle, (service_id, _hash(key)))
        if row is None:
            db.add(Throttle(service_id=service_id, key=_hash(key), tries=1, since=now))
        elif now - row.since >= WINDOW:
            row.tries, row.since = 1, now
        else:
            row.tries += 1


def forget(db: Session, service_id: str, keys: list[str]) -> None:
    """A good sign-in clears the count."""
    hashes = [_hash(key) for key in keys]
    db.execute(delete(Throttle).where(Throttle.service_id == service_id, Throttle.key.in_(hashes)))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
