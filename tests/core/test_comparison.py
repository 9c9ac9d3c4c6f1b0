"""The comparison: who put what forward, in which order it is talked about, and that nothing is lost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings

from decisionaid.core.comparison import (
    AGREED,
    TALK_ORDER,
    Comparison,
    Kind,
    NotBothFinished,
    TalkPoint,
    compare,
)
from decisionaid.core.sort import Answer, Party, Rating, Sort, Unanswered
from tests.core.sorts import MIRROR, TWO_SORTS, swapped, unfinished

YES, MAYBE, NOT = Rating.DEFINITELY, Rating.POSSIBLY, Rating.NOT
SKIPPED, UNCLEAR, TOO_HARD = Unanswered.SKIPPED, Unanswered.NOT_UNDERSTOOD, Unanswered.TOO_HARD
BOTH = (Party.CLIENT, Party.KEYWORKER)

ANY_TWO = given(TWO_SORTS)
AT_EASE = settings(deadline=None)
"""Without a deadline: the machine may be busy with other tests."""


def clients(answers: Mapping[str, Answer | None], order: str = "", own: str = "") -> Sort:
    """The client's finished sort of the cards of `answers`; `order` and `own` name cards by one letter each."""
    given_answers = {card: answer for card, answer in answers.items() if answer is not None}
    cards = tuple(card for card in answers if card not in own)
    return Sort(Party.CLIENT, cards, given_answers, tuple(order), tuple(own), finished=True)


def keyworkers(answers: Mapping[str, Answer | None], order: str = "") -> Sort:
    """The keyworker's, in the same way."""
    return replace(clients(answers, order), party=Party.KEYWORKER)


def without_own(sort: Sort) -> Sort:
    """`sort` as if the client had written no card."""
    return replace(sort, order=tuple(card for card in sort.order if card in sort.cards), own_cards=())


def talk(comparison: Comparison) -> list[tuple[str, Kind, int]]:
    return [(point.row.card, point.kind, point.gap) for point in comparison.talk]


def shared(comparison: Comparison) -> dict[str, Kind]:
    return {row.card: kind for kind, rows in comparison.common_ground.items() for row in rows}


@pytest.mark.parametrize(
    ("client", "keyworker", "kind", "gap"),
    [
        (YES, NOT, Kind.CLIENT_FORWARD, 2),
        (YES, MAYBE, Kind.CLIENT_FORWARD, 1),
        (MAYBE, NOT, Kind.CLIENT_FORWARD, 1),
        (NOT, YES, Kind.KEYWORKER_FORWARD, 2),
        (MAYBE, YES, Kind.KEYWORKER_FORWARD, 1),
        (NOT, MAYBE, Kind.KEYWORKER_FORWARD, 1),
        (SKIPPED, YES, Kind.NOT_ANSWERED, 0),
        (NOT, UNCLEAR, Kind.NOT_ANSWERED, 0),
        (TOO_HARD, NOT, Kind.NOT_ANSWERED, 0),
        (SKIPPED, SKIPPED, Kind.NOT_ANSWERED, 0),
        (None, YES, Kind.NOT_ANSWERED, 0),
    ],
)
def test_what_is_talked_about(client: Answer | None, keyworker: Answer | None, kind: Kind, gap: int) -> None:
    comparison = compare(clients({"a": client}), keyworkers({"a": keyworker}))
    assert talk(comparison) == [("a", kind, gap)]
    assert shared(comparison) == {}


@pytest.mark.parametrize(("answer", "kind"), [(YES, Kind.BOTH_YES), (MAYBE, Kind.BOTH_MAYBE), (NOT, Kind.BOTH_NOT)])
def test_the_same_answer_is_common_ground(answer: Answer, kind: Kind) -> None:
    comparison = compare(clients({"a": answer}), keyworkers({"a": answer}))
    assert shared(comparison) == {"a": kind}
    assert talk(comparison) == []


@pytest.mark.parametrize(
    ("client", "keyworker", "unanswered_by"),
    [
        (SKIPPED, YES, (Party.CLIENT,)),
        (YES, None, (Party.KEYWORKER,)),
        (TOO_HARD, UNCLEAR, BOTH),
        (NOT, NOT, ()),
    ],
)
def test_who_did_not_answer(client: Answer | None, keyworker: Answer | None, unanswered_by: tuple[Party, ...]) -> None:
    (row,) = compare(clients({"a": client}), keyworkers({"a": keyworker})).rows
    assert row.unanswered_by == unanswered_by


@pytest.mark.parametrize("answer", [YES, MAYBE])
@pytest.mark.parametrize(
    ("client_order", "keyworker_order", "gaps"),
    [
        ("abc", "abc", {}),
        ("ab", "ba", {"a": 1, "b": 1}),
        ("abc", "bca", {"a": 2, "b": 1, "c": 1}),
        ("a", "", {"a": 5}),
        ("", "abcde", {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}),
    ],
)
def test_agreed_cards_in_different_places(
    answer: Answer, client_order: str, keyworker_order: str, gaps: dict[str, int]
) -> None:
    """A card with no place counts as the one after the last: here the sixth."""
    answers = dict.fromkeys("abcde", answer)
    comparison = compare(clients(answers, client_order), keyworkers(answers, keyworker_order))
    assert {card: gap for card, _, gap in talk(comparison)} == gaps
    assert {kind for _, kind, _ in talk(comparison)} <= {Kind.RANK_GAP}
    assert set(shared(comparison)) == set("abcde"), "a rank gap stays common ground"


def test_the_order_of_talk() -> None:
    """One card for each step of the order, named in the order in which they are to stand."""
    client = clients(
        # A B own; a-d the client's, e-h the keyworker's; i-k in other places; l m not answered; n o shared
        {
            "A": NOT,
            "B": YES,
            "o": NOT,
            "n": MAYBE,
            "m": SKIPPED,
            "l": NOT,
            "k": YES,
            "j": MAYBE,
            "i": YES,
            "h": NOT,
            "g": MAYBE,
            "f": NOT,
            "e": NOT,
            "d": MAYBE,
            "c": YES,
            "b": YES,
            "a": YES,
        },
        order="Bacik",
        own="AB",
    )
    keyworker = keyworkers(
        {
            "o": NOT,
            "n": MAYBE,
            "m": YES,
            "l": UNCLEAR,
            "k": YES,
            "j": MAYBE,
            "i": YES,
            "h": MAYBE,
            "g": YES,
            "f": YES,
            "e": YES,
            "d": NOT,
            "c": MAYBE,
            "b": NOT,
            "a": NOT,
        },
        order="ekgji",
    )
    assert talk(compare(client, keyworker)) == [
        # The client's own, by place, whatever they answered.
        ("B", Kind.CLIENT_FORWARD, 0),
        ("A", Kind.CLIENT_FORWARD, 0),
        # Gap 2 before gap 1, then the client's place.
        ("a", Kind.CLIENT_FORWARD, 2),
        ("b", Kind.CLIENT_FORWARD, 2),
        ("c", Kind.CLIENT_FORWARD, 1),
        ("d", Kind.CLIENT_FORWARD, 1),
        # The same by the keyworker's place.
        ("e", Kind.KEYWORKER_FORWARD, 2),
        ("f", Kind.KEYWORKER_FORWARD, 2),
        ("g", Kind.KEYWORKER_FORWARD, 1),
        ("h", Kind.KEYWORKER_FORWARD, 1),
        # Widest first: k from 5 to 2, j from none to 4, i from 4 to 5.
        ("k", Kind.RANK_GAP, 3),
        ("j", Kind.RANK_GAP, 2),
        ("i", Kind.RANK_GAP, 1),
        # Not answered, in the deck's order.
        ("m", Kind.NOT_ANSWERED, 0),
        ("l", Kind.NOT_ANSWERED, 0),
    ]


@pytest.mark.parametrize(
    ("client_order", "keyworker_order", "cards"),
    [
        ("", "", "abc"),
        ("c", "", "cab"),
        ("cb", "", "cba"),
    ],
)
def test_equal_gaps_stand_by_the_clients_place_then_the_decks_order(
    client_order: str, keyworker_order: str, cards: str
) -> None:
    client = clients(dict.fromkeys("abc", YES), client_order)
    comparison = compare(client, keyworkers(dict.fromkeys("abc", NOT), keyworker_order))
    assert "".join(card for card, _, _ in talk(comparison)) == cards


def test_equal_gaps_and_clients_places_stand_by_the_keyworkers_place() -> None:
    client = clients(dict.fromkeys("abc", YES))
    comparison = compare(client, keyworkers(dict.fromkeys("abc", MAYBE), "cb"))
    assert [card for card, _, _ in talk(comparison)] == ["c", "b", "a"]


def test_what_each_put_forward_stands_by_their_own_place_first() -> None:
    """The other's place, here the opposite, only decides where one's own is the same."""
    low, high = dict.fromkeys("abc", MAYBE), dict.fromkeys("abc", YES)
    by_client = compare(clients(high, "abc"), keyworkers(low, "cba"))
    by_keyworker = compare(clients(low, "abc"), keyworkers(high, "cba"))
    assert cards_of(by_client.talk_of(Kind.CLIENT_FORWARD)) == ["a", "b", "c"]
    assert cards_of(by_keyworker.talk_of(Kind.KEYWORKER_FORWARD)) == ["c", "b", "a"]


def test_what_the_keyworker_left_unplaced_stands_by_the_clients_place() -> None:
    comparison = compare(clients(dict.fromkeys("abc", MAYBE), "cab"), keyworkers(dict.fromkeys("abc", YES)))
    assert cards_of(comparison.talk_of(Kind.KEYWORKER_FORWARD)) == ["c", "a", "b"]


def test_what_is_not_answered_stands_by_the_clients_place() -> None:
    comparison = compare(clients(dict.fromkeys("abc", YES), "ca"), keyworkers(dict.fromkeys("abc", SKIPPED)))
    assert cards_of(comparison.talk_of(Kind.NOT_ANSWERED)) == ["c", "a", "b"]


def test_equal_rank_gaps_stand_by_the_clients_place() -> None:
    answers = dict.fromkeys("abcd", YES)
    comparison = compare(clients(answers, "dcba"), keyworkers(answers, "cdab"))
    assert [card for card, _, _ in talk(comparison)] == ["d", "c", "b", "a"]


def test_the_clients_own_card_is_the_clients_alone() -> None:
    comparison = compare(clients({"a": NOT, "z": YES}, "z", own="z"), keyworkers({"a": NOT}))
    row = comparison.rows[-1]
    assert (row.card, row.own, row.client, row.client_place) == ("z", True, YES, 1)
    assert (row.keyworker, row.keyworker_place, row.unanswered_by) == (None, None, ())
    assert shared(comparison) == {"a": Kind.BOTH_NOT}


@pytest.mark.parametrize("left", [SKIPPED, None])
def test_an_own_card_left_unanswered_is_still_listed_first(left: Answer | None) -> None:
    comparison = compare(clients({"a": YES, "z": left}, own="z"), keyworkers({"a": NOT}))
    assert [card for card, _, _ in talk(comparison)] == ["z", "a"]
    assert comparison.rows[-1].unanswered_by == (Party.CLIENT,)


@pytest.mark.parametrize("finished", [(False, True), (True, False), (False, False)])
def test_nothing_is_compared_before_both_have_finished(finished: tuple[bool, bool]) -> None:
    pair = (clients({"a": YES}), keyworkers({"a": YES}))
    client, keyworker = (sort if done else unfinished(sort) for sort, done in zip(pair, finished, strict=True))
    with pytest.raises(NotBothFinished):
        compare(client, keyworker)


@pytest.mark.parametrize(
    ("client", "keyworker"),
    [
        (keyworkers({"a": YES}), clients({"a": YES})),
        (clients({"a": YES}), clients({"a": YES})),
        (clients({"a": YES}), keyworkers({"b": YES})),
        (clients({"a": YES, "b": YES}), keyworkers({"b": YES, "a": YES})),
        (clients({"a": YES}), replace(keyworkers({"a": YES}), places=3)),
        (clients({"a": YES}), replace(keyworkers({"a": YES}), own_cards=("z",))),
    ],
)
def test_only_the_two_sorts_of_one_deck_are_compared(client: Sort, keyworker: Sort) -> None:
    with pytest.raises(ValueError, match="of one deck"):
        compare(client, keyworker)


@AT_EASE
@ANY_TWO
def test_every_card_is_accounted_for(pair: tuple[Sort, Sort]) -> None:
    client, keyworker = pair
    comparison = compare(client, keyworker)
    assert tuple(row.card for row in comparison.rows) == client.all_cards
    assert set(shared(comparison)) | {point.row.card for point in comparison.talk} == set(client.all_cards)


@AT_EASE
@ANY_TWO
def test_every_card_that_differs_is_listed_exactly_once(pair: tuple[Sort, Sort]) -> None:
    client, keyworker = pair
    comparison = compare(client, keyworker)
    listed = Counter(point.row.card for point in comparison.talk)
    agreed = {card for card in client.cards if client.rating(card) and client.rating(card) == keyworker.rating(card)}
    moved = {card for card in client.cards if client.place(card) != keyworker.place(card)}
    assert listed == Counter({*client.all_cards} - agreed | (agreed & moved))
    assert set(shared(comparison)) == agreed


@AT_EASE
@ANY_TWO
def test_the_talk_stands_in_its_order(pair: tuple[Sort, Sort]) -> None:
    comparison = compare(*pair)
    assert comparison.talk == tuple(point for kind in TALK_ORDER for point in comparison.talk_of(kind))
    for kind in TALK_ORDER:
        gaps = [point.gap for point in comparison.talk_of(kind) if not point.row.own]
        assert gaps == sorted(gaps, reverse=True)
    own = [point.row.own for point in comparison.talk]
    assert own == sorted(own, reverse=True)


@AT_EASE
@ANY_TWO
def test_the_two_are_equals(pair: tuple[Sort, Sort]) -> None:
    """With the parties changed over, everything is mirrored: who put forward, and nothing else."""
    client, keyworker = without_own(pair[0]), pair[1]
    comparison, mirror = compare(client, keyworker), compare(*swapped(client, keyworker))
    changed_over = [(card, MIRROR.get(kind, kind), gap) for card, kind, gap in talk(comparison)]
    assert shared(mirror) == shared(comparison)
    assert Counter(talk(mirror)) == Counter(changed_over)
    for kind, other in MIRROR.items():
        assert cards_of(mirror.talk_of(kind)) == cards_of(comparison.talk_of(other))


@AT_EASE
@ANY_TWO
def test_an_own_card_changes_nothing_of_the_ratings(pair: tuple[Sort, Sort]) -> None:
    client, keyworker = pair
    with_own, without = compare(client, keyworker), compare(without_own(client), keyworker)
    assert shared(with_own) == shared(without)
    for kind in (Kind.KEYWORKER_FORWARD, Kind.NOT_ANSWERED):
        assert set(cards_of(with_own.talk_of(kind))) == set(cards_of(without.talk_of(kind)))


def test_each_kind_of_agreement_has_its_heading() -> None:
    comparison = compare(clients({"a": YES}), keyworkers({"a": YES}))
    assert tuple(comparison.common_ground) == tuple(AGREED.values())


def cards_of(points: tuple[TalkPoint, ...]) -> list[str]:
    return [point.row.card for point in points]
