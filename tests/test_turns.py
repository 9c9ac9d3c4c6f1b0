"""The short form leaves nothing out for ever: what waits has its turn, and what is no like case always runs."""

from pathlib import Path
from typing import Any

import pytest

from tests import turns

FOLDER = Path(__file__).parent


class Given:
    """As much of a test as the turns look at."""

    def __init__(self, place: str, in_turn: int = 0, promise: str = "") -> None:
        self.nodeid = f"tests/{place}"
        self.path = FOLDER.parent / self.nodeid.partition("::")[0]
        self.marks = {
            "in_turn": in_turn and pytest.mark.in_turn(in_turn).mark,
            "promise": promise and pytest.mark.promise(promise).mark,
        }

    def get_closest_marker(self, name: str) -> Any:
        return self.marks[name] or None


LIKE = [Given(f"journeys/test_a.py::test_size[{size}]", in_turn=3) for size in range(10)]
CONTROLS = [Given(f"promises/test_b.py::test_{name}") for name in ("control_one", "two_is_noticed", "control_3[x]")]
JOURNEYS = [Given(f"journeys/test_d.py::test_{name}") for name in ("one", "two", "three", "four", "five", "six")]
PROMISED = [Given(f"journeys/test_{file}.py::test_a_promise[{file}]", promise="P02") for file in "defghijkl"]
CASES = [Given(f"web/test_c.py::test_page[{page}]") for page in range(10)]
PAIR = [Given(f"web/test_c.py::test_pair[{page}]", in_turn=2) for page in range(2)]
ALWAYS = [
    *(Given(f"web/test_c.py::test_few[{page}]") for page in range(3)),
    *(Given(f"web/test_c.py::test_all_of_many[{page}]", in_turn=1) for page in range(10)),
    *(Given(f"core/test_c.py::test_rule[{row}]") for row in range(10)),
    Given("journeys/test_d.py::test_the_one_of_a_promise", promise="P01"),
    Given("journeys/test_d.py::test_that_always_runs", in_turn=1),
    Given("promises/test_b.py::test_it_holds[a]"),
    Given("promises/test_b.py::test_it_holds[b]"),
    Given("web/test_c.py::test_control_of_the_quick_part"),
    Given("core/test_c.py::test_control_of_the_core"),
]
EVERY: Any = LIKE + CONTROLS + JOURNEYS + PROMISED + CASES + PAIR + ALWAYS


def runs(now: int) -> list[Any]:
    left_out = turns.left_out(EVERY, now)
    return [test for test in EVERY if test not in left_out]


@pytest.mark.parametrize("now", [0, 1, 2, 0xFFFFFFFF])
def test_a_share_of_like_cases_runs_and_all_of_the_rest(now: int) -> None:
    assert set(ALWAYS) <= set(runs(now))
    assert sum(test in LIKE for test in runs(now)) in (3, 4)
    assert sum(test in CONTROLS for test in runs(now)) == 1
    assert sum(test in JOURNEYS for test in runs(now)) == 1
    assert sum(test in PROMISED for test in runs(now)) in (1, 2)
    assert sum(test in CASES for test in runs(now)) in (3, 4)
    assert sum(test in PAIR for test in runs(now)) == 1


def test_six_turns_in_a_row_run_everything() -> None:
    assert {test for now in range(7, 13) for test in runs(now)} == set(EVERY)


@pytest.mark.parametrize("now", range(6))
def test_of_two_journeys_of_a_promise_one_runs(now: int) -> None:
    two: Any = [Given(f"journeys/test_d.py::test_{name}", promise="P03") for name in ("one", "two")]
    assert len(turns.left_out(two, now)) == 1


def test_the_same_commit_has_the_same_turn() -> None:
    assert turns.turn() == turns.turn() >= 0
