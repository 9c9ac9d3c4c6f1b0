"""The decks that rounds were opened with, words included: what a round keeps, and reading it again."""

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from decisionaid.storage.deck_reading import BrokenDecks
from decisionaid.storage.decks import OPTIONS_DECK, Decks, shaped
from decisionaid.storage.models import DeckRecord, Round

MOST_IN_MEMORY = 16
"""Versions that are held decoded; one takes some 20 ms to decode."""


class DeckAltered(Exception):
    """A deck that a round was opened with is not in the database, or not as it was kept; the text is its digest."""


@dataclass(frozen=True)
class RoundDeck:
    """What a round is opened with: a deck of cards, how many places it has, and all that is kept of it."""

    id: str
    digest: str
    places: int
    files: str


def round_deck(decks: Decks, deck_id: str) -> RoundDeck:
    """The newest version of a deck of cards, for a round to be opened with."""
    ids = of_round(deck_id)
    files = json.dumps({id: decks.files[id] for id in ids}, ensure_ascii=False, sort_keys=True)
    return RoundDeck(deck_id, decks.digest(*ids), decks.cards(deck_id).top, files)


def of_round(deck_id: str) -> tuple[str, ...]:
    """The decks that a round with this deck of cards keeps. The safety check is not one: its newest is always asked."""
    return (deck_id, OPTIONS_DECK)


def is_newest(newest: Decks, deck_id: str, digest: str) -> bool:
    """Whether a round with this deck was opened with the version that is the newest now."""
    return deck_id in newest.decks and newest.digest(*of_round(deck_id)) == digest


def decoded(record: DeckRecord) -> Decks:
    """The decks of a kept version.

    Raises:
        DeckAltered: what is kept is not what its digest was made of.
    """
    try:
        decks = shaped(json.loads(record.files))
        held = decks.digest(*of_round(record.deck_id))
    except (ValueError, KeyError, TypeError, AttributeError, BrokenDecks) as error:
        raise DeckAltered(record.digest) from error
    if held != record.digest:
        raise DeckAltered(record.digest)
    return decks


class KeptDecks:
    """Reads the decks of rounds, and holds the last of them decoded. `pictures` are those that can be shown."""

    def __init__(self, pictures: Collection[str]) -> None:
        self._pictures = pictures
        self._held: dict[tuple[str, str], Decks] = {}
        self._changing = threading.Lock()

    def of(self, db: Session, round_: Round, newest: Decks) -> Decks:
        """The decks that a round speaks with: those that it was opened with, and of all others the newest.

        Raises:
            DeckAltered: they are not there, or not as they were kept.
        """
        if is_newest(newest, round_.deck_id, round_.deck_digest):
            return newest
        return newest.with_others(self._version(db, round_.service_id, round_.deck_digest))

    def all(self, db: Session, service_id: str) -> tuple[Decks, ...]:
        """Every version that a round of this service was opened with, the newest first."""
        kept = select(DeckRecord.digest).where(DeckRecord.service_id == service_id)
        digests = db.scalars(kept.order_by(DeckRecord.kept_at.desc(), DeckRecord.digest)).all()
        return tuple(self._version(db, service_id, digest) for digest in digests)

    def _version(self, db: Session, service_id: str, digest: str) -> Decks:
        key = (service_id, digest)
        found = self._held.get(key)
        if found is None:
            record = db.get(DeckRecord, key)
            if record is None:
                raise DeckAltered(digest)
            found = decoded(record).drawn(self._pictures)
            with self._changing:
                while len(self._held) >= MOST_IN_MEMORY:
                    del self._held[next(iter(self._held))]
                self._held[key] = found
        return found
