"""The plan's text and paper, made as a page would make them, at the times of a story."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, g
from sqlalchemy.orm import Session

from decisionaid.storage.models import Plan, Service, Signing
from decisionaid.web import plan_page


class Press:
    """Renders for a story: `app` is the program over the same database."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def text(self, db: Session, plan: Plan, at: datetime) -> str:
        """The exact text of a plan, in the client's language."""
        with self._moment(db, plan.service_id, at):
            return plan_page.text(plan)

    def paper(self, db: Session, signing: Signing, at: datetime) -> bytes:
        """The PDF of a complete version."""
        with self._moment(db, signing.service_id, at):
            return plan_page.paper(signing)

    @contextmanager
    def _moment(self, db: Session, service_id: str, at: datetime) -> Iterator[None]:
        with self._app.test_request_context():
            g.db, g.now, g.seat = db, at, None
            g.service = db.get_one(Service, service_id)
            try:
                yield
            finally:
                g.pop("db")  # the story's own session, which the end of a request would close
