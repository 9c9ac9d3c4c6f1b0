"""What the rounds of a database need of the decks: those that it keeps, whole, and the cards of rounds without one."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session

from decisionaid.core.negotiation import DRINKING
from decisionaid.core.sort import is_own_card
from decisionaid.storage.deck_reading import Fault
from decisionaid.storage.decks import OPTIONS_DECK, Decks
from decisionaid.storage.kept_decks import DeckAltered, decoded
from decisionaid.storage.models import DeckRecord, OptionChoice, Plan, Round, Settlement, SortCard, SortRecord

BACK = "Put it back, start the program once, and take it out again"


def unkept(db: Session) -> list[Round]:
    """The rounds whose deck is not kept: those from before decks were kept. An older database keeps none at all."""
    if not _keeps_decks(db):
        return list(db.scalars(select(Round)))
    kept = (DeckRecord.service_id == Round.service_id) & (DeckRecord.digest == Round.deck_digest)
    return list(db.scalars(select(Round).outerjoin(DeckRecord, kept).where(DeckRecord.digest.is_(None))))


def round_faults(db: Session, decks: Decks) -> list[Fault]:
    """What would break a round of this database: a kept deck that was altered, or cards of a round without a kept deck
    that these decks, which it would be given, no longer hold."""
    return [*_altered(db), *_missing(db, decks)]


def _keeps_decks(db: Session) -> bool:
    return inspect(db.connection()).has_table(DeckRecord.__tablename__)


def _altered(db: Session) -> Iterator[Fault]:
    for record in db.scalars(select(DeckRecord)) if _keeps_decks(db) else ():
        try:
            decoded(record)
        except DeckAltered:
            reason = "The deck that rounds were started with was altered. Restore the database from a backup"
            yield Fault("the database", f"deck {record.digest}", reason)


def _missing(db: Session, decks: Decks) -> Iterator[Fault]:
    rounds = {(round_.service_id, round_.id): round_ for round_ in unkept(db)}
    for deck, count in Counter(round_.deck_id for round_ in rounds.values()).items():
        if deck not in decks.decks:
            yield Fault(f"{deck}/{deck}.json", "", f"Rounds in the database use this deck: {count}. {BACK}")
    lost = Counter[tuple[str, str, str]]()
    for key, card in {*_cards(db)}:
        deck = rounds[key].deck_id if key in rounds else ""
        if deck in decks.decks and not is_own_card(card) and card != DRINKING and not _holds(decks, deck, card):
            lost[deck, "cards", card] += 1
    known = {option.id for option in decks.options(OPTIONS_DECK).options}
    for key, option in {*_options(db)}:
        if key in rounds and option not in known:
            lost[OPTIONS_DECK, "options", option] += 1
    for (deck, place, id), count in sorted(lost.items()):
        yield Fault(f"{deck}/{deck}.json", place, f"Rounds in the database use {id!r}: {count}. {BACK}")


def _holds(decks: Decks, deck_id: str, card: str) -> bool:
    deck = decks.cards(deck_id)
    return any(known.id == card for known in deck.cards + deck.spares)


def _cards(db: Session) -> Iterator[tuple[tuple[str, str], str]]:
    """Each card that a round speaks of, with the key of the round."""
    rated = select(SortRecord.service_id, SortRecord.round_id, SortCard.card_id).join(SortRecord, _of_sort(SortCard))
    settled = select(Settlement.service_id, Settlement.round_id, Settlement.card_id)
    yield from _found(db, rated)
    yield from _found(db, settled)
    for round_ in db.scalars(select(Round).where(Round.spare_cards != ())):
        yield from (((round_.service_id, round_.id), card) for card in round_.spare_cards)


def _options(db: Session) -> Iterator[tuple[tuple[str, str], str]]:
    """Each drinking goal that a round speaks of, with the key of the round."""
    chosen = select(SortRecord.service_id, SortRecord.round_id, OptionChoice.option)
    yield from _found(db, chosen.join(SortRecord, _of_sort(OptionChoice)))
    planned = select(Plan.service_id, Plan.round_id, Plan.drinking_option)
    yield from _found(db, planned.where(Plan.drinking_option.is_not(None)))


def _of_sort(part: Any) -> Any:
    return (SortRecord.service_id == part.service_id) & (SortRecord.id == part.sort_id)


def _found(db: Session, asked: Select[*tuple[Any, ...]]) -> Iterator[tuple[tuple[str, str], str]]:
    yield from (((row[0], row[1]), row[2]) for row in db.execute(asked.distinct()))
