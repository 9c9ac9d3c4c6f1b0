"""What moved between two rounds, and who moved."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings

from decisionaid.core.comparison import NotBothFinished
from decisionaid.core.review import Changes, Move, changes
from decisionaid.core.sort import Party, Rating, Sort, Unanswered
from tests.core.sorts import CARDS, TWO_SORTS, a_sort, unfinished

YES, MAYBE, NOT = Rating.DEFINITELY, Rating.POSSIBLY, Rating.NOT
CLIENT, KEYWORKER = Party.CLIENT, Party.KEYWORKER

BEFORE = (
    a_sort(CLIENT, {"home": YES, "food": NOT, "sleep": YES, "money": MAYBE}, ("sleep", "home")),
    a_sort(KEYWORKER, {"home": YES, "food": YES, "sleep": NOT, "money": MAYBE}, ("food",)),
)
NOW = (
    a_sort(CLIENT, {"home": YES, "food": MAYBE, "sleep": YES, "money": MAYBE}, ("home", "sleep")),
    a_sort(KEYWORKER, {"home": YES, "food": MAYBE, "sleep": Unanswered.SKIPPED, "money": MAYBE}),
)


def test_what_moved_and_who_moved() -> None:
    found = changes(BEFORE, NOW)
    home, food, sleep, *rest = found.cards
    assert food.answers == {CLIENT: Move(NOT, MAYBE), KEYWORKER: Move(YES, MAYBE)}
    assert food.places == {CLIENT: Move(None, None), KEYWORKER: Move(1, None)}
    assert (home.answer_moved, home.place_moved) == (False, True)
    assert (sleep.moved(CLIENT), sleep.moved(KEYWORKER), sleep.answer_moved) == (True, True, True)
    assert not any(card.answer_moved or card.place_moved for card in rest)
    assert (found.count(CLIENT), found.count(KEYWORKER)) == (3, 2)


def test_answers_that_moved_stand_before_places_that_moved() -> None:
    found = changes(BEFORE, NOW)
    assert [card.card for card in found.moved] == ["food", "sleep", "home"]
    assert found.stayed == len(CARDS) - 3


def test_on_how_many_both_gave_the_same_then_and_now() -> None:
    found = changes(BEFORE, NOW)
    assert (found.same_before, found.both_before) == (2, 4)
    assert (found.same_now, found.both_now) == (3, 3)


def test_the_same_sorts_twice_moved_nothing() -> None:
    found = changes(BEFORE, BEFORE)
    assert (found.moved, found.stayed) == ((), len(CARDS))


def test_only_cards_of_both_rounds_are_compared_and_counted() -> None:
    """A service may switch a spare card on, or change its deck, between two rounds."""
    smaller = (replace(NOW[0], cards=("new", "home", "food")), replace(NOW[1], cards=("new", "home", "food")))
    found = changes(BEFORE, smaller)
    assert [card.card for card in found.cards] == ["home", "food"]
    assert (found.both_before, found.both_now) == (2, 2)
    assert changes(smaller, BEFORE).both_now == 2


def test_own_cards_of_two_rounds_are_never_taken_for_one_card() -> None:
    before = replace(BEFORE[0], own_cards=("own-1",)), BEFORE[1]
    now = replace(NOW[0], own_cards=("own-1", "own-2")), NOW[1]
    found = changes(before, now)
    assert (found.own_before, found.own_now) == (("own-1",), ("own-1", "own-2"))
    assert not any(card.card.startswith("own") for card in found.cards)


@pytest.mark.parametrize("number", range(4))
def test_no_change_is_shown_before_all_four_are_finished(number: int) -> None:
    four = [*BEFORE, *NOW]
    four[number] = unfinished(four[number])
    with pytest.raises(NotBothFinished):
        changes((four[0], four[1]), (four[2], four[3]))


@settings(deadline=None)
@given(pair=TWO_SORTS)
def test_no_pair_moves_against_itself(pair: tuple[Sort, Sort]) -> None:
    found = changes(pair, pair)
    assert (found.moved, found.stayed) == ((), len(CARDS))
    assert found.same_before == found.same_now and found.both_before == found.both_now


@settings(deadline=None)
@given(before=TWO_SORTS, now=TWO_SORTS)
def test_every_card_moved_or_stayed(before: tuple[Sort, Sort], now: tuple[Sort, Sort]) -> None:
    found = changes(before, now)
    assert [card.card for card in found.cards] == list(CARDS)
    assert len(found.moved) + found.stayed == len(CARDS)
    assert {card.card for card in found.moved} == set(that_differ(before, now))
    assert (found.same_before, found.both_before) == agreement(before)
    assert (found.same_now, found.both_now) == agreement(now)


@settings(deadline=None)
@given(before=TWO_SORTS, now=TWO_SORTS)
def test_looking_back_the_other_way_moves_the_same_cards(before: tuple[Sort, Sort], now: tuple[Sort, Sort]) -> None:
    there, back = changes(before, now), changes(now, before)
    assert [card.card for card in there.moved] == [card.card for card in back.moved]
    assert counts(there) == counts(back)


def that_differ(before: tuple[Sort, Sort], now: tuple[Sort, Sort]) -> Iterator[str]:
    for then, later in zip(before, now, strict=True):
        for card in CARDS:
            if (then.answer(card), then.place(card)) != (later.answer(card), later.place(card)):
                yield card


def agreement(pair: tuple[Sort, Sort]) -> tuple[int, int]:
    """On how many cards both gave the same rating, of how many that both rated."""
    both = [(a, b) for card in CARDS if (a := pair[0].rating(card)) and (b := pair[1].rating(card))]
    return sum(a == b for a, b in both), len(both)


def counts(found: Changes) -> tuple[int, int, int]:
    return found.count(CLIENT), found.count(KEYWORKER), found.stayed


def test_cards_of_one_round_alone_stand_by_themselves_and_enter_no_count() -> None:
    def only(pair: tuple[Sort, Sort], *cards: str) -> tuple[Sort, Sort]:
        client, keyworker = (replace(sort, cards=cards) for sort in pair)
        return client, keyworker

    before, now = only(BEFORE, "home", "food"), only(NOW, "food", "money")
    found = changes(before, now)
    assert [[card.card for card in cards] for cards in (found.gone, found.cards, found.new)] == [
        ["home"],
        ["food"],
        ["money"],
    ]
    assert found.gone[0].answers[CLIENT].before is YES and found.new[0].answers[KEYWORKER].now is MAYBE
    assert (found.count(CLIENT), found.count(KEYWORKER), found.both_before, found.both_now) == (1, 1, 1, 1)
    assert (changes(BEFORE, NOW).gone, changes(BEFORE, NOW).new) == ((), ())
