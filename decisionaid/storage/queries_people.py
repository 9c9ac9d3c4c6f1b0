"""What the admin reads: the people who work here, and whose client somebody is. Nothing of any sort or plan."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_
from sqlalchemy.orm import Session

from decisionaid.core.search import needles
from decisionaid.storage.models import Client, Role, Staff

A_PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A client as the admin may see them."""

    id: str
    name: str
    preferred_name: str
    reference: str
    keyworker: str


@dataclass(frozen=True)
class ClientsPage:
    """Some of a service's clients; `next` is the last one's id where there are more."""

    clients: list[Listed]
    next: str | None


def staff(db: Session, service_id: str) -> list[Staff]:
    """Everybody who works or has worked here, by name."""
    return list(db.scalars(select(Staff).where(Staff.service_id == service_id).order_by(Staff.name, Staff.id)))


def keyworkers(db: Session, service_id: str) -> list[Staff]:
    """The keyworkers who can sign in, by name."""
    here = (Staff.service_id == service_id, Staff.role == Role.KEYWORKER, Staff.disabled_at.is_(None))
    return list(db.scalars(select(Staff).where(*here).order_by(Staff.name, Staff.id)))


def clients(db: Session, service_id: str, find: str = "", after: str = "") -> ClientsPage:
    """A page of a service's clients in the order of their names, or of those that `find` finds.

    Walks the index of what is sought, and goes on from the client `after`: no page is slower than the first.
    """
    wanted = select(Client.id, Client.sought).where(Client.service_id == service_id)
    if find:
        wanted = wanted.where(or_(false(), *(and_(*map(_holds, words)) for words in needles(find))))
    last = db.get(Client, (service_id, after)) if after else None
    if last is not None:
        wanted = wanted.where(tuple_(Client.sought, Client.id) > tuple_(last.sought, last.id))
    ids = [row.id for row in db.execute(wanted.order_by(Client.sought, Client.id).limit(A_PAGE + 1))]
    rows = db.execute(_listed().where(Client.service_id == service_id, Client.id.in_(ids[:A_PAGE])))
    found = sorted((Listed(*row) for row in rows), key=lambda client: ids.index(client.id))
    return ClientsPage(found, ids[A_PAGE - 1] if len(ids) > A_PAGE else None)


def _holds(word: str) -> ColumnElement[bool]:
    return Client.sought.contains(word, autoescape=True)


def _listed() -> Any:
    """The few columns of each, looked up by id; in no order, which would tempt the database to walk all of them."""
    return select(Client.id, Client.name, Client.preferred_name, Client.reference, Staff.name).join(
        Staff, and_(Staff.service_id == Client.service_id, Staff.id == Client.keyworker_id)
    )
