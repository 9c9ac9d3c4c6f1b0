"""What happened, by whom, when. Entries are only ever added, and hold no answer and no free text."""

from datetime import datetime

from sqlalchemy.orm import Session

from decisionaid.storage.models import Client, History, Round


def record(db: Session, *, service_id: str, actor: str, verb: str, at: datetime, subject: str = "") -> None:
    """Add an entry that concerns the service: `actor` is a staff id or the word for who did it."""
    db.add(History(service_id=service_id, actor=actor, verb=verb, at=at, subject=subject))


def of_client(db: Session, client: Client, *, actor: str, verb: str, at: datetime, subject: str = "") -> None:
    """Add an entry that concerns a client."""
    db.add(History(service_id=client.service_id, client_id=client.id, actor=actor, verb=verb, at=at, subject=subject))


def of_round(db: Session, round_: Round, *, actor: str, verb: str, at: datetime, subject: str = "") -> None:
    """Add an entry that concerns one round of a client; `subject` is an id or a word of the program's, never free
    text."""
    db.add(
        History(
            service_id=round_.service_id,
            client_id=round_.client_id,
            round_id=round_.id,
            actor=actor,
            verb=verb,
            at=at,
            subject=subject,
        )
    )
