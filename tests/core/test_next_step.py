"""What happens next, as a table of examples."""

import itertools

import pytest

from decisionaid.core.next_step import GROUPS, TURNS, Group, Known, Step, Turn, next_step

OPEN = Known(round_open=True)
DONE = Known(round_open=True, own_finished=True, client_finished=True)


@pytest.mark.parametrize(
    ("known", "step", "turn"),
    [
        (Known(), Step.OPEN_FIRST, Turn.KEYWORKER),
        (Known(review_has_come=True), Step.OPEN_FIRST, Turn.KEYWORKER),
        (OPEN, Step.OWN_CARDS, Turn.KEYWORKER),
        (Known(round_open=True, plan_agreed=True, review_has_come=True), Step.OWN_CARDS, Turn.KEYWORKER),
        (Known(round_open=True, own_finished=True, client_finished=False), Step.CLIENT_CARDS, Turn.CLIENT),
        (DONE, Step.COMPARE, Turn.BOTH),
        (Known(round_open=True, own_finished=True, client_finished=True, confirmed=True), Step.TALK, Turn.BOTH),
        (
            Known(round_open=True, own_finished=True, client_finished=True, confirmed=True, awaits_signatures=True),
            Step.SIGN,
            Turn.BOTH,
        ),
        (Known(plan_agreed=True, awaits_signatures=True), Step.SIGN, Turn.BOTH),
        (Known(plan_agreed=True), Step.SEE_PLAN, Turn.NOBODY),
        (Known(plan_agreed=True, review_has_come=True), Step.OPEN_REVIEW, Turn.BOTH),
        (Known(plan_agreed=True, declined=True), Step.NOT_SIGNED, Turn.BOTH),
        (Known(plan_agreed=True, declined=True, review_has_come=True), Step.OPEN_REVIEW, Turn.BOTH),
        (Known(plan_agreed=True, check_in_waits=True), Step.CHECK_IN, Turn.BOTH),
        (Known(plan_agreed=True, check_in_waits=True, review_has_come=True), Step.OPEN_REVIEW, Turn.BOTH),
        (Known(plan_agreed=True, check_in_waits=True, declined=True), Step.NOT_SIGNED, Turn.BOTH),
        (Known(plan_agreed=True, check_in_waits=True, awaits_signatures=True), Step.SIGN, Turn.BOTH),
        (Known(round_open=True, plan_agreed=True, check_in_waits=True), Step.OWN_CARDS, Turn.KEYWORKER),
    ],
)
def test_next_step(known: Known, step: Step, turn: Turn) -> None:
    assert next_step(known) is step
    assert TURNS[step] is turn


def test_nothing_of_the_clients_sort_is_known_before_ones_own_is_finished() -> None:
    for finished in (True, False):
        with pytest.raises(ValueError, match="nothing is known"):
            Known(round_open=True, client_finished=finished)


def test_every_state_has_a_step_and_a_group() -> None:
    for flags in itertools.product((False, True), repeat=8):
        names = ["round_open", "own_finished", "confirmed", "awaits_signatures", "plan_agreed", "declined"]
        names += ["review_has_come", "check_in_waits"]
        given = dict(zip(names, flags, strict=True))
        for finished in (None, False, True) if given["own_finished"] else (None,):
            assert GROUPS[TURNS[next_step(Known(**given, client_finished=finished))]] in Group
