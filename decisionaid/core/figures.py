"""The figures beside a comparison. Each becomes one plain sentence; none is a mark, and none leaves a difference out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from decisionaid.core.sort import Rating, Sort

SHAPES: dict[str, tuple[int, ...]] = {
    "seven": (2, 3, 4, 6, 4, 3, 2),
    "nine": (1, 2, 3, 4, 4, 4, 3, 2, 1),
    "five": (3, 5, 8, 5, 3),
}
"""Forced distributions that hold 24 cards, lowest pile first."""


@dataclass(frozen=True)
class Figures:
    """Over the cards of the deck that both rated.

    `kappa` and `rho` are None where they cannot be worked out: when one of the two used a single answer throughout.
    `by_chance` is how many cards two people who answer at random, each as often as they did, would be expected to agree on; it uses
    the same linear weights as kappa, so that the two tell one story.
    """

    both_rated: int
    same: int
    by_chance: float | None
    kappa: float | None
    shared_top: int
    top: int
    rho: float | None

    @property
    def per_cent(self) -> int | None:
        """Same answers in per cent, to the nearest whole one."""
        return round(100 * self.same / self.both_rated) if self.both_rated else None


def figures(client: Sort, keyworker: Sort) -> Figures:
    """The figures of two sorts over the same deck."""
    rated = [(a, b) for card in client.cards if (a := client.rating(card)) and (b := keyworker.rating(card))]
    kappa, expected = _weighted(rated)
    return Figures(
        both_rated=len(rated),
        same=sum(a is b for a, b in rated),
        by_chance=None if expected is None else float(expected * len(rated)),
        kappa=None if kappa is None else float(kappa),
        shared_top=len(set(client.order) & set(keyworker.order) & set(client.cards)),
        top=client.places,
        rho=_rho(client, keyworker),
    )


def q_correlation(a: Sequence[int], b: Sequence[int], shape: Sequence[int]) -> float:
    """The correlation of two forced sorts: 1 - sum(d²) / (2 N variance), which is sum(d²)/136 for 2-3-4-6-4-3-2 (Stephenson, 1953).

    `a` and `b` give the pile of each card (0 for the lowest). Raises ValueError where a sort has not the shape.
    """
    for sort in (a, b):
        counts = Counter(sort)
        if [counts[pile] for pile in range(len(shape))] != list(shape):
            raise ValueError("the sort does not have this shape")
    mean = Fraction(sum(pile * cards for pile, cards in enumerate(shape)), sum(shape))
    spread = sum(cards * (pile - mean) ** 2 for pile, cards in enumerate(shape))
    return float(1 - sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / (2 * spread))


def _weighted(rated: list[tuple[Rating, Rating]]) -> tuple[Fraction | None, Fraction | None]:
    """Kappa with weights 1, ½, 0 (Cohen, 1968), and the agreement expected by chance with the same weights."""
    mine, theirs = Counter(a for a, _ in rated), Counter(b for _, b in rated)
    if not rated:
        return None, None
    observed = sum((_weight(a, b) for a, b in rated), Fraction()) / len(rated)
    pairs = sum((_weight(a, b) * mine[a] * theirs[b] for a in mine for b in theirs), Fraction())
    expected = pairs / len(rated) ** 2
    if min(len(mine), len(theirs)) < 2:
        return None, expected
    return (observed - expected) / (1 - expected), expected


def _weight(a: Rating, b: Rating) -> Fraction:
    return 1 - Fraction(abs(a.weight - b.weight), 2)


def _rho(client: Sort, keyworker: Sort) -> float | None:
    """Spearman's rho with mid-ranks: placed cards in order, the rest of the pile tied, "not now" tied."""
    both = [card for card in client.cards if client.rating(card) and keyworker.rating(card)]
    mine, theirs = (_mid_ranks([_level(sort, card) for card in both]) for sort in (client, keyworker))
    return _pearson(mine, theirs)


def _level(sort: Sort, card: str) -> int:
    place = sort.place(card)
    if place is not None:
        return place
    return sort.places + (2 if sort.rating(card) is Rating.NOT else 1)


def _mid_ranks(levels: list[int]) -> list[Fraction]:
    counts = Counter(levels)
    return [sum(n for level, n in counts.items() if level < own) + Fraction(counts[own] + 1, 2) for own in levels]


def _pearson(x: list[Fraction], y: list[Fraction]) -> float | None:
    if not x:
        return None
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    spread_x = sum((a - mean_x) ** 2 for a in x)
    spread_y = sum((b - mean_y) ** 2 for b in y)
    if not spread_x or not spread_y:
        return None
    return float(sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))) / float(spread_x * spread_y) ** 0.5
