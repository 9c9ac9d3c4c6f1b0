"""The picture of what each put first: two columns of places, and a line for each card that stands in one of them."""

from collections.abc import Callable
from dataclasses import dataclass

from decisionaid.core.sort import Sort

ROW, WIDTH = 48, 160
"""A row's height and the picture's width, in sixteenths of the letter size: the picture grows with the words beside it."""


@dataclass(frozen=True)
class Line:
    """A card's line from the client's row to the keyworker's. `whose` is "both", "client" or "keyworker"."""

    whose: str
    start: int
    end: int


@dataclass(frozen=True)
class Slope:
    """Both columns, place by place (a title, or nothing), then the cards that only the other placed."""

    client: tuple[str, ...]
    keyworker: tuple[str, ...]
    client_beside: tuple[str, ...]
    keyworker_beside: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def rows(self) -> int:
        """How many rows the picture has; one stands between the places and the rest."""
        beside = max(len(self.client_beside), len(self.keyworker_beside))
        return len(self.client) + (1 + beside if beside else 0)

    @property
    def dots(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """How high the client's and the keyworker's dots stand."""
        return tuple(line.start for line in self.lines), tuple(line.end for line in self.lines)


def slope(client: Sort, keyworker: Sort, title: Callable[[str], str]) -> Slope:
    """The picture of two sorts; `title` says what a card is called."""
    only_client = tuple(card for card in client.order if card not in keyworker.order)
    only_keyworker = tuple(card for card in keyworker.order if card not in client.order)
    cards = dict.fromkeys(client.order + keyworker.order)
    return Slope(
        client=_column(client, title),
        keyworker=_column(keyworker, title),
        client_beside=tuple(map(title, only_keyworker)),
        keyworker_beside=tuple(map(title, only_client)),
        lines=tuple(
            Line(_whose(card, client, keyworker), _height(card, client, only_keyworker), _height(card, keyworker, only_client))
            for card in cards
        ),
    )


def _column(sort: Sort, title: Callable[[str], str]) -> tuple[str, ...]:
    return (*map(title, sort.order), *[""] * (sort.places - len(sort.order)))


def _whose(card: str, client: Sort, keyworker: Sort) -> str:
    if card in client.order and card in keyworker.order:
        return "both"
    return "client" if card in client.order else "keyworker"


def _height(card: str, sort: Sort, beside: tuple[str, ...]) -> int:
    place = sort.place(card)
    row = place - 1 if place is not None else sort.places + 1 + beside.index(card)
    return row * ROW + ROW // 2
