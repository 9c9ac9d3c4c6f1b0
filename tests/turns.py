"""The short form of `./test`: of many like cases each commit runs a share, and `./test --full` runs them all.

A test that is marked `in_turn(3)` runs every third of its cases. So do, without a mark, the controls of each file of
journeys and promises, which show that a test can fail. Of the journeys that show one promise, and of those in one file
that show none, every second one runs, and where there is one alone, that one; `in_turn(1)` keeps one that always has
to. At which one it begins, the commit's name says: so the same commit runs the same cases wherever it is tested.
pytest counts the rest as deselected.
"""

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TypeVar
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

OF_CONTROLS, OF_JOURNEYS = 3, 2


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
    cases: dict[tuple[str, str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        cases[_group(item)].append(item)
    return [
        item
        for (where, of, every), like in cases.items()
        for place, item in enumerate(like, crc32(where.encode()) + now)
        if place % every and not (of == JOURNEYS and len(like) == 1)
    ]


def _group(item: pytest.Item) -> tuple[str, str, int]:
    """What it takes turns with (a file or promise, and which of its tests), and how many there are for each that
    runs."""
    file, _, name = item.nodeid.partition("[")[0].rpartition("::")
    mark, promise = item.get_closest_marker("in_turn"), item.get_closest_marker("promise")
    if mark:
        return file, name, mark.args[0]
    if CONTROL.search(name) and _folder(item.path) in WITH_CONTROLS:
        return file, "controls", OF_CONTROLS
    if _folder(item.path) == JOURNEYS:
        return promise.args[0] if promise else file, JOURNEYS, OF_JOURNEYS
    return file, name, 1


def _folder(path: Path) -> str:
    return path.relative_to(HERE).parts[0] if path.is_relative_to(HERE) and path != HERE else ""
