"""A server that can be killed, the tablets that save on it meanwhile, and what became of what they saved."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.builders import CARDS, Case
from tests.promises.onlookers import token_of
from tests.web.sorters import held as sort_of

ANSWERS = ("definitely", "possibly", "definitely_not")
WORDS = "what_matters"
PATIENCE = 60.0
"""Seconds until a server has to be there."""


class Server:
    """The shipped server over `folder`, that can be killed; `patch` runs before it, and `under` is what runs it."""

    def __init__(self, folder: Path, patch: str = "", under: tuple[str, ...] = ()) -> None:
        program = f"{patch}\nfrom decisionaid.cli import main\nmain(prog_name='decisionaid')"
        self.log = folder / "server.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*under, sys.executable, "-c", program, "demo", "--port", "0"],
                env={**os.environ, "INSTANCE": str(folder)},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout
        said = self.process.stdout.readline()
        self.host = urlsplit(said.strip()).netloc
        assert self.host, self.log.read_text()[-2000:]

    def kill_worker(self) -> None:
        """SIGKILL to whoever answers requests; the server starts another by itself."""
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL to the server with all that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.kill()
        assert self.process.stdout
        self.process.stdout.close()


class Tablet:
    """A client's tablet that saves one choice after another, and remembers what it sent and what was acknowledged."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.cards = sort_of(case).shown(CARDS)
        self.cookie = f"seat={token_of(case, 'client')}"
        self.connection = HTTPConnection("")
        self.csrf = ""
        self.number = self.acknowledged = 0
        self.kept: dict[str, str] = {}
        self.sent: dict[str, list[str]] = {}
        self.under_way: tuple[str, str] | None = None

    def at(self, host: str) -> "Tablet":
        """Open a page of the server there, as soon as it answers."""
        until = time.monotonic() + PATIENCE
        self.connection.close()
        self.connection = HTTPConnection(host, timeout=10)
        while time.monotonic() < until:
            try:
                page = self._ask("GET", "/s/card/1")[1]
            except (OSError, HTTPException):
                self.connection.close()
                time.sleep(0.05)
                continue
            self.csrf = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
            return self
        raise AssertionError(f"no server answers at {host}")

    def save(self) -> bool:
        """Save one more choice; whether it was acknowledged."""
        self.number += 1
        place, turn = self.number % len(CARDS), self.number // len(CARDS)
        key, value = self.cards[place], ANSWERS[turn % 3]
        path, fields = f"/s/card/{place + 1}", {"answer": value}
        if self.number % 6 == 0:
            key, value = WORDS, f"Words of save {self.number}"
            path, fields = "/s/words", {WORDS: value}
        self.sent.setdefault(key, []).append(value)
        self.under_way = (key, value)
        try:
            status, _ = self._ask("POST", path, urlencode({"csrf_token": self.csrf, **fields}))
        except (OSError, HTTPException):
            self.connection.close()
            return False
        assert status == 204, f"POST {path}: {status}"
        self.under_way = None
        self.kept[key] = value
        self.acknowledged += 1
        return True

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "X-Acknowledge": "1", "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


def held(case: Case) -> dict[str, str]:
    """All that the case's sort holds."""
    sort = sort_of(case)
    found = {WORDS: sort.record.what_matters, "own cards": " ".join(own.title for own in sort.own)}
    for id, card in sort.cards.items():
        found[id] = card.answer or ""
        found |= {
            f"{name} of {id}": str(getattr(card, name) or "") for name in ("place", "success", "why", "importance")
        }
    return {key: value for key, value in found.items() if value}


def faults(tablet: Tablet, found: dict[str, str]) -> list[str]:
    """Where a sort does not hold what its tablet was told: "lost" where it is behind, "wrong" where nobody sent it."""
    told = []
    for key in sorted({*found, *tablet.kept}):
        kept, there = tablet.kept.get(key, ""), found.get(key, "")
        if there == kept or tablet.under_way == (key, there):
            continue
        what = "lost" if there in ("", *tablet.sent.get(key, [])) else "wrong"
        told.append(f"{what}: {key} was {kept!r} when it was acknowledged, and {there!r} is held")
    return told


@contextmanager
def running(folder: Path, patch: str = "", under: tuple[str, ...] = ()) -> Iterator[Server]:
    server = Server(folder, patch, under)
    try:
        yield server
    finally:
        server.stop()
