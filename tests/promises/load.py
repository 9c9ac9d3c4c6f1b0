"""Many tablets at once before the shipped server: what they offered, and what came of it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decisionaid.assets import Assets
from decisionaid.storage.database import Database
from tests.builders import CARDS, Case, a_case
from tests.promises.killed import Server, running
from tests.promises.onlookers import token_of
from tests.web.sorters import held

EVERY = 2
"""Seconds between two choices of a tablet."""

LEAST = 0.98
"""Of the offered load, how much has to be acknowledged."""


@dataclass(frozen=True)
class Came:
    """What came of a load: of `offered` choices how long each acknowledged one took, by tablet, in milliseconds."""

    offered: int
    took: list[list[float]]
    failed: int
    lost: list[str]
    memory: tuple[int, int]
    """What the server held in kB, once warm and at the end."""

    @property
    def acknowledged(self) -> int:
        return sum(map(len, self.took))

    @property
    def share(self) -> float:
        return self.acknowledged / self.offered

    @property
    def slowest(self) -> float:
        """How far the tablet came that came least far; 1 is all the way."""
        return min(map(len, self.took)) * len(self.took) / self.offered

    @property
    def growth(self) -> float:
        warm, end = self.memory
        return end / warm - 1

    def within(self, share: float) -> float:
        """Milliseconds within which this share of the offered choices was acknowledged; without end if it never was."""
        taken = sorted(each for tablet in self.took for each in tablet)
        place = round(share * (self.offered - 1))
        return taken[place] if place < len(taken) else float("inf")

    def faults(self) -> list[str]:
        """What of the promise does not hold, whatever the machine."""
        found = []
        if self.share < LEAST:
            found.append(f"{self.share:.1%} of the load was acknowledged")
        if self.slowest < 0.5:
            found.append(f"a tablet came {self.slowest:.0%} of its way")
        if self.failed:
            found.append(f"{self.failed} requests failed")
        return found + self.lost

    def __str__(self) -> str:
        return (
            f"{self.share:.1%} of {self.offered:,}, slowest tablet {self.slowest:.0%}, "
            f"{self.failed} failed, {len(self.lost)} lost"
        )


class Crowd:
    """So many clients, each with a tablet, before a server."""

    def __init__(self, server: Server, database: Path, cases: list[Case]) -> None:
        self.server = server
        self.database = database
        self.cases = cases
        self.cookies = [f"seat={token_of(case, 'client')}" for case in cases]

    def work(self, seconds: float, *, slow: int = 0, deaf: int = 0, bare: bool = False) -> Came:
        """All save by the clock for so long, beside connections that send slowly, or that read nothing."""
        times = round(seconds / EVERY)
        job: dict[str, Any] = {"host": self.server.host, "cookies": self.cookies, "every": EVERY, "times": times}
        job |= {"slow": slow, "deaf": deaf, "bare": bare, "file": f"/static/{Assets.load().path('client.css').name}"}
        command = [sys.executable, str(Path(__file__).with_name("tablets.py"))]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as working:
            assert working.stdin and working.stdout
            working.stdin.write(json.dumps(job) + "\n")
            working.stdin.flush()
            working.stdout.readline()
            warm = self._memory()
            came: list[dict[str, Any]] = json.loads(working.stdout.readline())
        assert working.returncode == 0
        return Came(
            offered=times * len(came),
            took=[one["took"] for one in came],
            failed=sum(one["failed"] for one in came),
            lost=self._lost(came),
            memory=(warm, self._memory()),
        )

    def _lost(self, came: list[dict[str, Any]]) -> list[str]:
        """What was acknowledged, and is not in the database as it was said."""
        with closing(sqlite3.connect(self.database)) as looking:
            known = {id for (id,) in looking.execute("SELECT id FROM operation")}
        told = [f"{id} is not there" for one in came for id, *_ in one["kept"] if id not in known]
        for case, one in zip(self.cases, came, strict=True):
            sort = held(case)
            shown, last = sort.shown(CARDS), {place: answer for _, place, answer in one["kept"]}
            for place, answer in last.items():
                card = sort.cards.get(shown[place - 1])
                found = card.answer if card else None
                if found != answer and one["under_way"] != [place, found]:
                    told.append(f"a card holds {found}, and was said to hold {answer}")
        return told

    def _memory(self) -> int:
        """What the processes that answer hold now, in kB."""
        pid = self.server.process.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        states = [Path(f"/proc/{worker}/status").read_text() for worker in workers]
        return sum(int(state.partition("VmRSS:")[2].split()[0]) for state in states)


@contextmanager
def crowd(database: Database, tablets: int, patch: str = "") -> Iterator[Crowd]:
    """So many clients who have begun to sort, in a database that the server takes for its demonstration's."""
    file = Path(str(database.engine.url.database))
    cases = [a_case(database, name=f"Person {n}", reference=f"P-{n}").with_open_sorts() for n in range(tablets)]
    with running(file.parent, patch) as server:
        yield Crowd(server, file, cases)
