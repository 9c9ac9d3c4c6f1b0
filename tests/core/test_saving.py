"""Which saved choice counts: a table of cases, and any network's worth of copies, late and out of order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisionaid.core.saving import Operation, Verdict, judge

FIRST = Operation("sort", "seat", 1, "a", "yes")
THIRD = Operation("sort", "seat", 3, "c", "no")


@pytest.mark.parametrize(
    ("what", "sent", "known", "last", "verdict"),
    [
        ("the first", FIRST, None, 0, Verdict.APPLY),
        ("the next", THIRD, None, 2, Verdict.APPLY),
        ("the same again", FIRST, FIRST, 1, Verdict.AGAIN),
        ("the same again, much later", FIRST, FIRST, 9, Verdict.AGAIN),
        ("a number set back", THIRD, None, 3, Verdict.OUT_OF_TURN),
        ("a number left out", THIRD, None, 1, Verdict.OUT_OF_TURN),
        ("the same id with another body", replace(FIRST, digest="no"), FIRST, 1, Verdict.OTHER_BODY),
        ("the same again, under a new number", replace(FIRST, number=2), FIRST, 1, Verdict.AGAIN),
        ("the same id in another sort", replace(FIRST, sort="other"), FIRST, 0, Verdict.OTHER_SORT),
        ("a choice of another seat", replace(FIRST, epoch="older"), None, 0, Verdict.OTHER_SEAT),
        ("what another seat has done, again", replace(FIRST, epoch="older"), replace(FIRST, epoch="older"), 0, "again"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_of_cases(what: str, sent: Operation, known: Operation | None, last: int, verdict: str) -> None:
    assert judge(sent, epoch="seat", known=known, last=last) == verdict, what


@given(arrivals=st.lists(st.integers(min_value=1, max_value=8), max_size=60))
def test_whatever_arrives_each_choice_counts_once_and_in_its_turn(arrivals: list[int]) -> None:
    held: dict[str, Operation] = {}
    done: list[int] = []
    for number in arrivals:
        sent = Operation("sort", "seat", number, f"id-{number}", "x")
        verdict = judge(sent, epoch="seat", known=held.get(sent.id), last=len(done))
        assert (verdict is Verdict.AGAIN) == (number in done)
        if verdict is Verdict.APPLY:
            held[sent.id] = sent
            done.append(number)
    assert done == list(range(1, len(done) + 1))


@given(arrivals=st.lists(st.sampled_from(["late", "new"]), min_size=1, max_size=20))
def test_what_was_given_up_never_counts_after_what_took_its_turn(arrivals: list[str]) -> None:
    late, new = Operation("sort", "seat", 1, "late", "x"), Operation("sort", "seat", 1, "new", "y")
    held: dict[str, Operation] = {}
    for name in arrivals:
        sent = late if name == "late" else new
        if judge(sent, epoch="seat", known=held.get(sent.id), last=len(held)) is Verdict.APPLY:
            held[sent.id] = sent
    assert list(held) == [arrivals[0]]
