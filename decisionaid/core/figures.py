"""The figures beside a comparison. Each becomes one plain sentence; none is a mark, and none leaves a difference
out."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from decisionaid.core.comparison import check_pair
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

    None is what cannot be worked out: `kappa` where one of the two used a single answer throughout, `rho` where all
    that one of them answered stands level.

    `alike` counts the cards with kappa's linear weights: 1 for the same answer, a half for neighbours, so that it is
    never below `same`. `by_chance` is what `alike` would be expected to be if each gave their answers as often as they
    did, but at random. These two belong in one sentence: `alike` is above `by_chance` where kappa is above 0.
    `shared_top` of `top` places hold the same cards, whatever their order.
    """

    both_rated: int
    same: int
    alike: float | None
    by_chance: float | None
    kappa: float | None
    shared_top: int
    top: int
    rho: float | None

    @property
    def per_cent(self) -> int | None:
        """Same answers in per cent, to the nearest whole one."""
        return (200 * self.same + self.both_rated) // (2 * self.both_rated) if self.both_rated else None


def figures(client: Sort, keyworker: Sort) -> Figures:
    """The figures of two sorts. Raises as `comparison.check_pair` does: an open sort shows nothing here either."""
    check_pair(client, keyworker)
    rated = [(a, b) for card in client.cards if (a := client.rating(card)) and (b := keyworker.rating(card))]
    observed, expected = _weighted(rated)
    return Figures(
        both_rated=len(rated),
        same=sum(a is b for a, b in rated),
        alike=float(observed) if rated else None,
        by_chance=float(expected) if rated else None,
        kappa=_kappa(rated, observed, expected),
        shared_top=len(set(client.order) & set(keyworker.order)),
        top=client.places,
        rho=_rho(client, keyworker),
    )


def q_correlation(a: Sequence[int], b: Sequence[int], shape: Sequence[int]) -> float:
    """The correlation of two forced sorts: 1 - sum(d²) / (2 N variance), which is sum(d²)/136 for 2-3-4-6-4-3-2
    (Stephenson, 1953).

    `a` and `b` give the pile of each card (0 for the lowest). Raises ValueError where a sort has not the shape.
    """
    for sort in (a, b):
        if Counter(sort) != Counter(dict(enumerate(shape))):
            raise ValueError("the sort does not have this shape")
    mean = Fraction(sum(pile * cards for pile, cards in enumerate(shape)), sum(shape))
    spread = sum(cards * (pile - mean) ** 2 for pile, cards in enumerate(shape))
    return float(1 - sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / (2 * spread))


def _weighted(rated: list[tuple[Rating, Rating]]) -> tuple[Fraction, Fraction]:
    """How alike the answers are, and how alike they would be by chance: weights 1, ½, 0, counted in cards."""
    if not rated:
        return Fraction(), Fraction()
    mine, theirs = Counter(a for a, _ in rated), Counter(b for _, b in rated)
    observed = sum((_weight(a, b) for a, b in rated), Fraction())
    pairs = sum((_weight(a, b) * mine[a] * theirs[b] for a in mine for b in theirs), Fraction())
    return observed, pairs / len(rated)


def _kappa(rated: list[tuple[Rating, Rating]], observed: Fraction, expected: Fraction) -> float | None:
    """Weighted kappa (Cohen, 1968)."""
    if min(len({a for a, _ in rated}), len({b for _, b in rated})) <= 1:
        return None
    return float((observed - expected) / (len(rated) - expected))


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
    from_mean_x, from_mean_y = _from_mean(x), _from_mean(y)
    spread = sum(a * a for a in from_mean_x) * sum(b * b for b in from_mean_y)
    if not spread:
        return None
    together = sum(a * b for a, b in zip(from_mean_x, from_mean_y, strict=True))
    return float(together) / math.sqrt(spread)


def _from_mean(values: list[Fraction]) -> list[Fraction]:
    return [value - sum(values, Fraction()) / len(values) for value in values]
