"""Own cards that were removed in this seat and can still be put back."""

from dataclasses import dataclass

from decisionaid.casework import drafts, removed
from decisionaid.casework.sorting import RemovedCard
from decisionaid.core.sort import own_number
from decisionaid.web.request import db, now, seat
from decisionaid.web.sort_pages import Sorting


@dataclass(frozen=True)
class Removed:
    """A removed card as its page shows it, under the number and the alias that it had."""

    card: RemovedCard
    number: int
    alias: str

    @property
    def title(self) -> str:
        return self.card.title


def keep(sorting: Sorting, card: RemovedCard) -> None:
    """Keep what a removed card held, until it is put back, the sort is finished or this seat ends."""
    removed.keep(db(), drafts.owner(seat()), card, page=sorting.to("cards"), now=now())


def forget(card: RemovedCard) -> None:
    """Remove what was kept of a card that has been put back."""
    removed.forget(db(), drafts.owner(seat()), card)


def removed_cards(sorting: Sorting) -> tuple[Removed, ...]:
    """The client's own cards that they removed; the keyworker has none of their own."""
    if not sorting.is_client or not sorting.sort.gone:
        return ()
    waiting = removed.waiting(db(), drafts.owner(seat()), now())
    gone = (card for card in waiting if card.card in sorting.sort.gone)
    return tuple(Removed(card, _number(sorting, card.card), sorting.alias(card.card)) for card in gone)


def _number(sorting: Sorting, card: str) -> int:
    return len(sorting.deck.ids) + (own_number(card) or 0)
