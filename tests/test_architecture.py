"""Every sentence about how the code is laid out, held by a test that fails when it is broken."""

import ast
import importlib
import pkgutil
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask

from decisionaid import PACKAGE, web
from decisionaid.casework.seats import SeatKind
from decisionaid.web import seat

ROOT = PACKAGE.parent
LONGEST_FUNCTION = 60
WRITES = {"add", "add_all", "delete", "execute", "merge", "bulk_save_objects"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic"}

CONTRACTS = {
    "Imports point inward, from command line and web to the core": [
        ("core/due.py", "from decisionaid.storage import types"),
        ("storage/sorts.py", "from decisionaid.casework import history"),
        ("casework/history.py", "from decisionaid import i18n"),
        ("i18n.py", "def late() -> None:\n    from decisionaid.web import request"),
        ("web/headers.py", "from decisionaid import cli"),
        ("without_a_place.py", ""),
    ],
    "The core knows no framework": [
        ("core/due.py", "import sqlalchemy"),
        ("core/plan.py", "def late() -> None:\n    from flask import g"),
    ],
    "Casework and storage know nothing of the web": [
        ("casework/history.py", "import flask"),
        ("storage/sorts.py", "def late() -> None:\n    from wtforms import Form"),
    ],
    "Seats never import each other": [
        ("web/client/start.py", "from decisionaid.web.keyworker import caseload"),
        ("web/admin/people.py", "def late() -> None:\n    from decisionaid.web import together"),
    ],
}
"""Each contract with imports that break it."""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package's code and its contracts in a folder of their own, to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    leave_out = shutil.ignore_patterns("static", "translations", "__pycache__", "templates", "questionnaires")
    shutil.copytree(PACKAGE, tmp_path / "decisionaid", ignore=leave_out)
    return tmp_path


def lint(folder: Path) -> tuple[int, str]:
    """What `lint-imports` says of the code in `folder`, and how it ends."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_are_those_sentences_and_say_what_to_do() -> None:
    held = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in held] == list(CONTRACTS)
    assert all(contract["broken_contract_guidance"] for contract in held)


def test_control_the_code_as_it_is_keeps_every_contract(copied: Path) -> None:
    ended, said = lint(copied)
    assert ended == 0, said
    assert [name for name in CONTRACTS if f"{name} KEPT" not in said] == []


@pytest.mark.parametrize(
    ("contract", "place", "line"),
    [(contract, place, line) for contract, breaks in CONTRACTS.items() for place, line in breaks],
)
def test_each_contract_fails_when_it_is_broken(copied: Path, contract: str, place: str, line: str) -> None:
    with (copied / "decisionaid" / place).open("a") as code:
        code.write(f"\n{line}\n")
    ended, said = lint(copied)
    assert ended != 0 and f"{contract} BROKEN" in said


def test_every_blueprint_has_one_seat_or_is_public(app: Flask) -> None:
    written = {found.name for found in blueprints()}
    assert written == set(app.blueprints), "a blueprint is written and not registered, or the other way round"
    assert written == {*seat.BLUEPRINTS, "public"}, "name the blueprint's seat in web/seat.py: until then it is closed"
    assert set(seat.BLUEPRINTS.values()) == set(SeatKind)


def test_control_a_blueprint_without_a_seat_is_closed(own_app: Flask) -> None:
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", "page", lambda: "<p>open</p>")
    own_app.register_blueprint(stray)
    own_app.add_url_rule("/bare", "bare", lambda: "<p>open</p>")
    browser = own_app.test_client()
    assert [browser.get(path).status_code for path in ("/stray", "/bare")] == [404, 404]


def test_every_page_that_the_gate_names_exists(app: Flask) -> None:
    named = {*seat.HOMES.values(), *seat.OPEN_TO_ALL, *seat.SIGN_IN, *seat.WHILE_LOCKED}
    named |= {*seat.FIRST_STEPS, *seat.ALWAYS_MAY, *seat.JOIN, *seat.ON_THE_TABLET}
    assert named - {rule.endpoint for rule in app.url_map.iter_rules()} == set()


def test_every_address_belongs_to_a_blueprint(app: Flask) -> None:
    assert [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] not in app.blueprints
    ] == []


def test_the_core_stands_on_the_standard_library_alone() -> None:
    foreign = [
        f"{path.name} {name}"
        for path, tree in code("core")
        for name in imported(tree)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("decisionaid.core")
    ]
    assert foreign == []


@pytest.mark.parametrize("room", ["core", "casework", "storage"])
def test_the_time_is_given_never_asked_for(room: str) -> None:
    asked = [
        f"{path.name}:{node.lineno}"
        for path, tree in code(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert asked == [], "take `now` or `today` as an argument"


def test_the_web_writes_through_casework_alone() -> None:
    writes = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path, tree in code("web")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if "db" in ast.unparse(node.func.value)
    ]
    assert writes == [], "give it a verb in casework"


def test_no_function_is_long() -> None:
    long = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name} has {length} lines"
        for path, tree in code("")
        if "versions" not in path.parts  # a migration lists whole tables
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def blueprints() -> Iterator[Blueprint]:
    """Every blueprint that any module of the web holds."""
    for found in pkgutil.walk_packages(web.__path__, f"{web.__name__}."):
        yield from (
            thing for thing in vars(importlib.import_module(found.name)).values() if isinstance(thing, Blueprint)
        )


def code(room: str) -> Iterator[tuple[Path, ast.Module]]:
    """Each file of a room of the package, parsed; "" for the whole."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        yield path, ast.parse(path.read_text())


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a file names in its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
