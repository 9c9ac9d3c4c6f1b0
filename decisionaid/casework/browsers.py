"""Browsers that have signed in before: wrong passwords tried elsewhere do not make these wait.

A browser's cookie is a random name, kept here hashed only. At each sign-in it gets a new one, so that a copy, or a name
that someone else put there, is good for nothing afterwards.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from decisionaid.core.clock import has_passed
from decisionaid.storage.models import KnownBrowser, Staff

LASTS = timedelta(days=400)
"""Since the last sign-in; no browser keeps a cookie for longer."""


def knows(db: Session, service_id: str, login: str, browser: str, now: datetime) -> bool:
    """Whether the browser with this cookie has signed in with this login before."""
    of_person = (Staff.service_id == KnownBrowser.service_id) & (Staff.id == KnownBrowser.staff_id)
    found = (
        select(KnownBrowser.seen_at)
        .join(Staff, of_person)
        .where(Staff.service_id == service_id, Staff.login == login, KnownBrowser.token_hash == _hash(browser))
    )
    seen_at = db.scalar(found)
    return seen_at is not None and not has_passed(seen_at, LASTS, now)


def remember(db: Session, staff: Staff, browser: str, now: datetime) -> str:
    """Know this browser by the person who has just signed in, and by everybody as before. Returns its new cookie."""
    token = secrets.token_urlsafe(32)
    of_service = KnownBrowser.service_id == staff.service_id
    db.execute(delete(KnownBrowser).where(of_service, KnownBrowser.seen_at <= now - LASTS))
    renamed = update(KnownBrowser).where(of_service, KnownBrowser.token_hash == _hash(browser))
    db.execute(renamed.values(token_hash=_hash(token)))
    key = {"service_id": staff.service_id, "staff_id": staff.id, "token_hash": _hash(token)}
    db.merge(KnownBrowser(**key, seen_at=now))
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(b"browser:" + token.encode()).hexdigest()
