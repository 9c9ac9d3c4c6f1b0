"""What the documents say of the tests is so."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from decisionaid import PACKAGE
from tests.promises.table import BOUNDS, CONTROL

ROOT = PACKAGE.parent
PROMISES = (ROOT / "docs" / "promises.md").read_text("utf-8")
ROW = re.compile(r"^\| (P\d\d) \|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
FILE = re.compile(r"`(tests/[\w/]+\.py)`")
MARK = re.compile(r"mark\.promise\('(P\d\d)'\)")


def told(document: str) -> dict[str, list[str]]:
    """Each promise of the document, with the files that it says show it."""
    return {row[1]: FILE.findall(row[3]) for row in ROW.finditer(document)}


def held(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Each promise that tests are marked with: the names of these tests, by file."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in folder.rglob("test_*.py"):
        for test in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(test, ast.FunctionDef):
                for promise in MARK.findall(" ".join(map(ast.unparse, test.decorator_list))):
                    found[promise][path.relative_to(folder.parent).as_posix()].add(test.name)
    return found


HELD = held(ROOT / "tests")


def untrue(document: str) -> list[str]:
    """What the document says of the promises that the tests do not, or leaves out."""
    said = told(document)
    wrong = [f"{promise} is in no row" for promise in HELD.keys() - said.keys()]
    for promise, files in said.items():
        wrong += [f"{file} holds no {promise}" for file in files if file not in HELD.get(promise, {})]
        wrong += [] if files else [f"{promise} names no file"]
    return sorted(wrong)


def test_the_promises_are_those_that_the_tests_hold() -> None:
    assert untrue(PROMISES) == []
    assert HELD.keys() <= BOUNDS.keys(), "write its bound in tests/promises/table.py"


def test_control_a_row_too_few_and_a_file_that_is_not_there_are_found() -> None:
    assert untrue(PROMISES.replace("| P04 |", "| none |")) == ["P04 is in no row"]
    assert untrue(PROMISES.replace("test_replays.py", "test_nothing.py")) == [
        "tests/promises/test_nothing.py holds no P26"
    ]
    assert untrue(PROMISES.replace("| P26 |", "| P99 |")) == [
        "P26 is in no row",
        *(f"{file} holds no P99" for file in sorted(told(PROMISES)["P26"])),
    ]


@pytest.mark.parametrize("promise", sorted(HELD))
def test_each_promise_has_a_control(promise: str) -> None:
    assert [name for names in HELD[promise].values() for name in names if CONTROL.search(name)]
    rows = {row[1]: row[4].strip() for row in ROW.finditer(PROMISES)}
    assert rows[promise], "say how we know that the test can fail"


@pytest.mark.parametrize("document", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.stem)
def test_every_test_that_a_document_names_is_there(document: Path) -> None:
    named = FILE.findall(document.read_text("utf-8"))
    assert [file for file in named if not (ROOT / file).is_file()] == []
