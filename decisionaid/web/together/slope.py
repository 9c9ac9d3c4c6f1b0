"""The picture of what each put first: two columns of places, and a line for each card that stands in one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap

from decisionaid.core.sort import Sort

FIRST, ROW, UNDER_RULE = 51, 40, 84
"""How high the first row stands, how far rows are apart, and how far the rule keeps the two parts apart."""

LETTERS = 23
"""How many letters of a title stand on one line."""


@dataclass(frozen=True)
class Line:
    """A card's line from the client's column to the keyworker's. `whose` is "both", "client" or "keyworker"."""

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
    def heights(self) -> tuple[int, ...]:
        """How high each row stands: the places, then the rest."""
        rest = max(len(self.client_beside), len(self.keyworker_beside))
        return tuple(height(row, len(self.client)) for row in range(len(self.client) + rest))

    @property
    def rule(self) -> int:
        """How high the rule stands between the places and the rest."""
        return height(len(self.client) - 1, len(self.client)) + ROW - 6

    @property
    def bottom(self) -> int:
        """How high the whole picture is."""
        return self.heights[-1] + 20


def height(row: int, places: int) -> int:
    """How high a row stands, counted from 0; from `places` on, under the rule."""
    return FIRST + ROW * row + (UNDER_RULE - ROW if row >= places else 0)


def slope(client: Sort, keyworker: Sort, title: Callable[[str], str]) -> Slope:
    """The picture of two sorts; `title` says what a card is called."""
    only_client = tuple(card for card in client.order if card not in keyworker.order)
    only_keyworker = tuple(card for card in keyworker.order if card not in client.order)
    cards = dict.fromkeys(client.order + keyworker.order)
    lines = (
        Line(_whose(card, client, keyworker), _row(card, client, only_keyworker), _row(card, keyworker, only_client))
        for card in cards
    )
    return Slope(
        client=_column(client, title),
        keyworker=_column(keyworker, title),
        client_beside=tuple(map(title, only_keyworker)),
        keyworker_beside=tuple(map(title, only_client)),
        lines=tuple(lines),
    )


def chart_lines(title: str) -> list[str]:
    """A title on as many lines as it needs; a word goes on where it is longer than a line."""
    return wrap(title, LETTERS, break_on_hyphens=False) or [""]


def _column(sort: Sort, title: Callable[[str], str]) -> tuple[str, ...]:
    return (*map(title, sort.order), *[""] * (sort.places - len(sort.order)))


def _whose(card: str, client: Sort, keyworker: Sort) -> str:
    if card in client.order and card in keyworker.order:
        return "both"
    return "client" if card in client.order else "keyworker"


def _row(card: str, sort: Sort, beside: tuple[str, ...]) -> int:
    place = sort.place(card)
    row = place - 1 if place is not None else sort.places + beside.index(card)
    return height(row, sort.places)
