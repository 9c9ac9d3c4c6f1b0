"""P25: on a network that loses, doubles and holds up what is sent, every choice counts once and in its turn, and no
page says "saved" before it is.

People answer cards, change their minds, write, reload and go on without any network, in the shipped saving script
under node and against the shipped server: sitting.mjs is the people, page.mjs the browser around the script, and
network.mjs the network. Whenever a page says "saved", and at the end, the database is looked at. Half of the people sit
before one server and half before another, as a server thinks with one core. In ./test this runs in a short form;
PROMISES=full in the environment asks for the promised 1,000 sittings of 120 moves.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from decisionaid.assets import Assets
from decisionaid.storage.database import Database
from tests.builders import CARDS, Case, a_case
from tests.promises.killed import running
from tests.promises.onlookers import token_of
from tests.turns import FULL
from tests.web.sorters import held

SITTINGS, MOVES = (1000, 120) if FULL else (20, 60)
SERVERS = 2
SEED = int(os.environ.get("SEED", "25"))
CONTROL_SITTINGS, CONTROL_MOVES = 30, 20
"""Many short ones: what is held up then comes after the last choice, however slow the machine is."""

LAST_ARRIVAL_WINS = """
from decisionaid.web import sort_saving
sort_saving.done_before = lambda *_: False
"""
ID_ALONE = """
from dataclasses import replace
from itertools import count
from decisionaid.casework import saving
from decisionaid.core.saving import Verdict
from decisionaid.web import sort_saving

whole, numbers = saving.accept_operation, count(1)
saving.judge = lambda sent, known, **_: Verdict.APPLY if known is None else Verdict.AGAIN
sort_saving.verbs.accept_operation = lambda db, sort, round_, sent, **more: whole(
    db, sort, round_, replace(sent, number=next(numbers)), **more
)
"""


@dataclass
class Report:
    """What was found out over all sittings."""

    faults: list[str] = field(default_factory=list)
    looks: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Report") -> "Report":
        return Report(self.faults + other.faults, self.looks + other.looks, self.counts + other.counts)


def node() -> str:
    """Node, from the machine or from the test's own environment."""
    found = shutil.which("node")
    assert found, "node is missing: ./test sets it up"
    return found


def script() -> str:
    """The saving script as it is shipped."""
    return Assets.load().path("save.js").read_text()


@pytest.fixture
def folder(empty_database: Path, tmp_path: Path) -> Path:
    """A folder with a database that the server takes for its demonstration's."""
    shutil.copy(empty_database, tmp_path / "demonstration.db")
    return tmp_path


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder / 'demonstration.db'}")
    yield database
    database.close()


def people(database: Database, number: int) -> list[Case]:
    """So many clients who have begun to sort."""
    return [a_case(database, name=f"Person {n}", reference=f"P-{n}").with_open_sorts() for n in range(number)]


def sat(
    folder: Path,
    cases: list[Case],
    moves: int,
    shipped: str,
    patch: str = "",
    *,
    seed: int = SEED,
    late: float = 0.08,
    hurry: int = 2,
) -> Report:
    """Let them all sit through their sort on the bad network. `late` is how often a choice is held up, and one person
    in `hurry` writes and reloads instead of answering cards."""
    report = Report()
    known = [{"cookie": f"seat={token_of(case, 'client')}", "cards": held(case).shown(CARDS)} for case in cases]
    with running(folder, patch) as server, closing(sqlite3.connect(folder / "demonstration.db")) as looking:
        job = {"host": server.host, "people": known, "moves": moves, "script": shipped, "blank": "/s/blank/N"}
        browser = subprocess.Popen(
            [node(), str(Path(__file__).with_name("sitting.mjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert browser.stdin and browser.stdout
        with browser, browser.stdin as say:
            say.write(json.dumps({**job, "seed": seed, "atOnce": 10, "late": late, "hurry": hurry}) + "\n")
            say.flush()
            for line in browser.stdout:
                if line == "done\n":
                    break
                _note(report, json.loads(line), cases, looking)
                say.write("on\n")
                say.flush()
    assert browser.returncode == 0
    return report


def _note(report: Report, told: dict[str, Any], cases: list[Case], looking: sqlite3.Connection) -> None:
    number = told["sitting"]
    report.looks += 1
    report.counts.update(told.get("counts", {}))
    report.faults += [f"sitting {number}: {fault}" for fault in told.get("faults", [])]
    found = _held(looking, cases[number].client_sort_id)
    when = "said to be saved" if "saved" in told else "held in the end"
    chosen: dict[str, str | list[str]] = told["saved"] if "saved" in told else told["end"]
    for key in sorted({*chosen, *found}):
        may_be = chosen.get(key, "")
        if found.get(key, "") not in (may_be if isinstance(may_be, list) else [may_be]):
            report.faults.append(f"sitting {number}: {key} is {found.get(key, '')!r}, and not {may_be!r} as {when}")


def _held(looking: sqlite3.Connection, sort_id: str) -> dict[str, str]:
    """All that a sort holds."""
    answers = dict(looking.execute("SELECT card_id, answer FROM sort_card WHERE sort_id = ?", [sort_id]).fetchall())
    words = looking.execute("SELECT what_matters FROM sort WHERE id = ?", [sort_id]).fetchone()[0]
    return {key: said for key, said in {**answers, "words": words}.items() if said}


@pytest.mark.promise("P25")
def test_on_a_bad_network_nothing_is_wrong_lost_or_called_saved_too_early(empty_database: Path, tmp_path: Path) -> None:
    def part(number: int) -> Report:
        folder = tmp_path / f"server-{number}"
        folder.mkdir()
        shutil.copy(empty_database, folder / "demonstration.db")
        with closing(Database(f"sqlite:///{folder / 'demonstration.db'}")) as database:
            return sat(folder, people(database, SITTINGS // SERVERS), MOVES, script(), seed=SEED + number)

    with ThreadPoolExecutor(SERVERS) as servers:
        report = sum(servers.map(part, range(SERVERS)), start=Report())
    seeds = f"seeds {SEED} to {SEED + SERVERS - 1}"
    print(dict(report.counts))
    print(f"{SITTINGS} sittings of {MOVES} moves, {seeds}, {report.looks} looks: {len(report.faults)} wrong or lost")
    assert all(report.counts[what] > SITTINGS for what in ("lost", "late", "doubled", "unanswered")), report.counts
    assert report.looks > SITTINGS * MOVES / 30
    assert report.faults == []


@pytest.mark.promise("P25")
@pytest.mark.parametrize("rule", [LAST_ARRIVAL_WINS, ID_ALONE], ids=["last arrival wins", "an id alone"])
def test_control_without_the_rule_sittings_go_wrong(folder: Path, database: Database, rule: str) -> None:
    report = sat(folder, people(database, CONTROL_SITTINGS), CONTROL_MOVES, script(), rule, late=0.4, hurry=1)
    wrong = len({fault.partition(":")[0] for fault in report.faults})
    print(f"{wrong} of {CONTROL_SITTINGS} sittings went wrong, seed {SEED}")
    assert wrong > 0


@pytest.mark.promise("P25")
def test_control_a_page_that_says_saved_too_early_is_seen(folder: Path, database: Database) -> None:
    hasty = script().replace('"saving"', '"saved"')
    assert hasty != script()
    report = sat(folder, people(database, 2), 20, hasty)
    assert any(fault.endswith("as said to be saved") for fault in report.faults)
