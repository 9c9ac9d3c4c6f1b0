"""The figures beside a comparison, against a second implementation of each."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import spearmanr  # type: ignore[import-untyped]
from sklearn.metrics import cohen_kappa_score

from decisionaid.core.comparison import NotBothFinished
from decisionaid.core.figures import SHAPES, Figures, figures, q_correlation
from decisionaid.core.sort import Party, Rating, Sort, Unanswered
from tests.core.sorts import CARDS, PLACES, TWO_SORTS, a_sort, unfinished

YES, MAYBE, NOT = Rating.DEFINITELY, Rating.POSSIBLY, Rating.NOT
LETTERS = {"y": YES, "m": MAYBE, "n": NOT, "-": Unanswered.SKIPPED, ".": None}
RIGHT = [pile for pile, cards in enumerate(SHAPES["seven"]) for _ in range(cards)]
"""A forced sort of the seven piles."""


def of(client: str, keyworker: str) -> Figures:
    """The figures of two sorts, each written as a letter a card (y, m, n; - skipped, . not reached)."""
    pair = [
        a_sort(party, dict(zip(CARDS, (LETTERS[letter] for letter in said), strict=True)))
        for party, said in ((Party.CLIENT, client), (Party.KEYWORKER, keyworker))
    ]
    return figures(pair[0], pair[1])


@pytest.mark.parametrize(
    ("client", "keyworker", "same", "per_cent", "alike", "by_chance", "kappa"),
    [
        ("yyyynnnn", "yyyynnnn", 8, 100, 8, 4, 1),
        ("yyyynnnn", "nnnnyyyy", 0, 0, 0, 4, -1),
        ("yyyynnnn", "yyynynnn", 6, 75, 6, 4, 0.5),
        ("yyyynnnn", "mmmmmmmm", 0, 0, 4, 4, None),
        ("yyyyyyyy", "yyyyyyyy", 8, 100, 8, 8, None),
        ("yyyyynnn", "yyyyyyyy", 5, 63, 5, 5, None),
        ("yynn----", "yynn....", 4, 100, 4, 2, 1),
        ("mmn-----", "ymn.....", 2, 67, 2.5, 11 / 6, 4 / 7),
    ],
)
def test_agreement_by_hand(
    client: str, keyworker: str, same: int, per_cent: int, alike: float, by_chance: float, kappa: float | None
) -> None:
    found = of(client, keyworker)
    assert (found.same, found.per_cent, found.alike) == (same, per_cent, alike)
    assert found.by_chance == pytest.approx(by_chance)
    assert found.kappa == (None if kappa is None else pytest.approx(kappa))


def test_nothing_rated_by_both_gives_no_figure() -> None:
    found = of("yyyy----", "----nnnn")
    assert (found.both_rated, found.same, found.per_cent) == (0, 0, None)
    assert (found.alike, found.by_chance, found.kappa, found.rho) == (None, None, None, None)


@pytest.mark.parametrize("only", [YES, MAYBE, NOT])
def test_who_used_one_answer_alone_gets_no_kappa_never_nought_or_one(only: Rating) -> None:
    one = a_sort(Party.CLIENT, dict.fromkeys(CARDS, only))
    for other in (dict.fromkeys(CARDS, only), dict(zip(CARDS, itertools.cycle(Rating)))):
        found = figures(one, a_sort(Party.KEYWORKER, other))
        assert (found.kappa, found.rho) == (None, None)
        assert found.by_chance is not None


@settings(deadline=None)
@given(pair=TWO_SORTS)
def test_kappa_equals_sklearns(pair: tuple[Sort, Sort]) -> None:
    found = figures(*pair)
    mine, theirs = ratings(pair)
    assert found.both_rated == len(mine)
    if len(set(mine)) < 2 or len(set(theirs)) < 2:
        assert found.kappa is None
    else:
        expected = cohen_kappa_score(mine, theirs, labels=[0, 1, 2], weights="linear")
        assert found.kappa == pytest.approx(expected, abs=1e-12)


@settings(deadline=None)
@given(pair=TWO_SORTS)
def test_the_sentence_of_chance_tells_the_same_story_as_kappa(pair: tuple[Sort, Sort]) -> None:
    found = figures(*pair)
    if found.alike is None or found.by_chance is None:
        assert found.both_rated == 0
        return
    assert found.same <= found.alike <= found.both_rated
    if found.kappa is not None:
        assert found.kappa == pytest.approx((found.alike - found.by_chance) / (found.both_rated - found.by_chance))


@settings(deadline=None)
@given(pair=TWO_SORTS)
def test_rho_equals_scipys(pair: tuple[Sort, Sort]) -> None:
    """Placed cards in order, the rest of the pile tied behind them, "not now" tied last."""
    both = [card for card in CARDS if all(sort.rating(card) for sort in pair)]
    levels = [[level(sort, card) for card in both] for sort in pair]
    if any(len(set(each)) < 2 for each in levels):
        assert figures(*pair).rho is None
    else:
        assert figures(*pair).rho == pytest.approx(spearmanr(*levels).statistic, abs=1e-12)


@settings(deadline=None)
@given(pair=TWO_SORTS)
def test_own_cards_enter_no_figure(pair: tuple[Sort, Sort]) -> None:
    client, keyworker = pair
    bare = a_sort(
        Party.CLIENT,
        {card: client.answer(card) for card in CARDS},
        tuple(card for card in client.order if card in CARDS),
    )
    assert figures(client, keyworker) == figures(bare, keyworker)


def test_the_shared_top_counts_cards_whatever_their_order() -> None:
    yes = dict.fromkeys(CARDS, YES)
    client = a_sort(Party.CLIENT, {**yes, "own-1": YES}, ("own-1", "food", "home"), ("own-1",))
    for order, shared in ((("home", "law", "food"), 2), (("law",), 0), ((), 0)):
        found = figures(client, a_sort(Party.KEYWORKER, yes, order))
        assert (found.shared_top, found.top) == (shared, PLACES)


@pytest.mark.parametrize("number", [0, 1])
def test_an_open_sort_shows_no_figure(number: int) -> None:
    pair = [a_sort(party, dict.fromkeys(CARDS, YES)) for party in Party]
    figures(pair[0], pair[1])
    pair[number] = unfinished(pair[number])
    with pytest.raises(NotBothFinished):
        figures(pair[0], pair[1])


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_every_shape_holds_the_24_cards(shape: tuple[int, ...]) -> None:
    assert sum(shape) == 24 and shape == shape[::-1]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_q_correlation_is_pearsons(shape: tuple[int, ...]) -> None:
    dice = random.Random(136)  # noqa: S311 - sorts to compare, no secret
    for _ in range(100):
        a, b = dealt(shape, dice), dealt(shape, dice)
        assert q_correlation(a, b, shape) == pytest.approx(float(np.corrcoef(a, b)[0, 1]), abs=1e-12)


def test_the_constant_of_the_seven_piles_is_136() -> None:
    a = dealt(SHAPES["seven"], random.Random(7))  # noqa: S311 - a sort, no secret
    low, high = a.index(0), a.index(6)
    b = list(a)
    b[low], b[high] = b[high], b[low]
    assert q_correlation(a, a, SHAPES["seven"]) == 1
    assert q_correlation(a, b, SHAPES["seven"]) == 1 - 72 / 136
    assert q_correlation(a, [6 - pile for pile in a], SHAPES["seven"]) == -1


@pytest.mark.parametrize("wrong", [[], [0] * 24, [*RIGHT[1:], 6], RIGHT[1:], [*RIGHT, 7], [*RIGHT[1:], -1]])
def test_a_sort_of_another_shape_is_refused(wrong: list[int]) -> None:
    for pair in ((RIGHT, wrong), (wrong, RIGHT), (wrong, wrong)):
        with pytest.raises(ValueError, match="shape"):
            q_correlation(*pair, SHAPES["seven"])


def ratings(pair: tuple[Sort, Sort]) -> tuple[list[int], list[int]]:
    """The weights of the cards that both rated."""
    both = [(a, b) for card in CARDS if (a := pair[0].rating(card)) and (b := pair[1].rating(card))]
    return [a.weight for a, _ in both], [b.weight for _, b in both]


def level(sort: Sort, card: str) -> int:
    if card in sort.order:
        return sort.order.index(card)
    return 200 if sort.rating(card) is NOT else 100


def dealt(shape: tuple[int, ...], dice: random.Random) -> list[int]:
    """A forced sort: the pile of each of 24 cards."""
    piles = [pile for pile, cards in enumerate(shape) for _ in range(cards)]
    dice.shuffle(piles)
    return piles
