"""The short form of `./test`: of many like cases each commit runs a share, and `./test --full` runs them all.

Every third control of a file of journeys or promises runs; every sixth of the journeys that show one promise, or that
one file has beside, and of these at least one; every third case of a test that has many, but in the core and the
casework, which are quick. `in_turn(5)` says otherwise of a test's cases, and `in_turn(1)` that all of them always run.
At which one they begin, the commit's name says: so the same commit runs the same cases wherever it is tested. pytest
counts the rest as deselected.
"""

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar
from zlib import crc32

import pytest

from tests.promises.table import CONTROL

T = TypeVar("T")
HERE = Path(__file__).parent
FULL = os.environ.get("PROMISES") == "full"
"""Whether every promise is asked in full, and not in the short form of ./test."""

QUICK = ("core", "casework", "storage", "web")
"""The folders of the tests that need no browser and no PDF."""

JOURNEYS = "journeys"
WITH_CONTROLS = (JOURNEYS, "promises")
"""The folders whose controls take long."""

WHOLE = ("core", "casework")
"""The folders of which every case runs."""

OF_CONTROLS, OF_JOURNEYS, OF_CASES = 3, 6, 3
"""How many there are for each that runs."""

MANY = 4
"""Cases of a test from which on they take turns."""


def is_quick(path: Path) -> bool:
    """Whether this file of tests belongs to the quick part."""
    return _folder(path) in QUICK


@cache
def turn() -> int:
    """A number that the commit's name gives; 0 where no history came along."""
    if not shutil.which("git"):
        return 0
    command = ["git", "-C", str(HERE), "rev-parse", "--short=8", "HEAD"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(said.stdout[:8], 16) if said.returncode == 0 else 0


def share(cases: Collection[T], every: int) -> list[T]:
    """Of what one test goes through: every n-th, whose turn it is; in the full form all."""
    return [case for place, case in enumerate(cases) if has_turn(place, every)]


def has_turn(place: int, every: int) -> bool:
    """Whether the case at this place of what one test goes through is looked at."""
    return FULL or (place + turn()) % every == 0


def left_out(items: list[pytest.Item], now: int) -> list[pytest.Item]:
    """Those of these tests whose turn it is not. In a file all begin at the same case, as they share what is costly."""
    cases: dict[Group, list[pytest.Item]] = defaultdict(list)
    for item in items:
        cases[_group(item)].append(item)
    return [
        item
        for group, like in cases.items()
        for place, item in enumerate(like, crc32(group.where.encode()) + now)
        if place % group.every_of(len(like))
    ]


class Group(NamedTuple):
    """Tests that take turns: in which file or for which promise, which of its tests, and from how many on."""

    where: str
    which: str
    every: int
    many: int = 1

    def every_of(self, number: int) -> int:
        """How many there are for each that runs. Of the journeys of a promise or a file one always runs."""
        if self.which == JOURNEYS:
            return min(self.every, number)
        return self.every if number >= self.many else 1


def _group(item: pytest.Item) -> Group:
    file, _, name = item.nodeid.partition("[")[0].rpartition("::")
    mark, promise, folder = item.get_closest_marker("in_turn"), item.get_closest_marker("promise"), _folder(item.path)
    if mark:
        return Group(file, name, mark.args[0])
    if CONTROL.search(name) and folder in WITH_CONTROLS:
        return Group(file, "controls", OF_CONTROLS)
    if folder == JOURNEYS:
        return Group(promise.args[0] if promise else file, JOURNEYS, OF_JOURNEYS)
    return Group(file, name, 1 if folder in WHOLE else OF_CASES, MANY)


def _folder(path: Path) -> str:
    return path.relative_to(HERE).parts[0] if path.is_relative_to(HERE) and path != HERE else ""
