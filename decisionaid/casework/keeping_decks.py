"""Keeping the decks that rounds are opened with: each version once."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from decisionaid.storage.deck_rounds import unkept
from decisionaid.storage.decks import Decks
from decisionaid.storage.kept_decks import RoundDeck, round_deck
from decisionaid.storage.types import Moment

KEEP = text(
    "INSERT INTO deck (service_id, digest, deck_id, files, kept_at)"
    " VALUES (:service_id, :digest, :deck_id, :files, :at)"
    " ON CONFLICT (service_id, digest) DO NOTHING"
)
"""One statement that both databases know: of two rounds opened at once, one keeps the deck."""


def keep(db: Session, service_id: str, deck: RoundDeck, now: datetime) -> None:
    """Keep this version of a deck, unless it is kept already."""
    at = Moment().process_bind_param(now, db.get_bind().dialect)
    version = {"digest": deck.digest, "deck_id": deck.id, "files": deck.files}
    db.execute(KEEP, {"service_id": service_id, **version, "at": at})


def adopt(db: Session, decks: Decks, now: datetime) -> None:
    """Give the newest deck to each round from before decks were kept. From then on it stays with that version."""
    for round_ in unkept(db):
        deck = round_deck(decks, round_.deck_id)
        keep(db, round_.service_id, deck, now)
        round_.deck_digest = deck.digest
