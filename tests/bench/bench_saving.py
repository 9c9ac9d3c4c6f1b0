"""What it takes until a choice is kept for good: by one person, and by forty at once, over the shipped server."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup

from decisionaid.check.server import served
from decisionaid.storage.database import PRAGMAS
from tests.bench.measure import Row, a_database, a_folder, each, milliseconds, p50, p99
from tests.bench.people import sorters, tablet_token

ALONE = 300
WRITERS, EACH = 40, 50
ANSWERS = ("definitely", "possibly", "definitely_not")


class Sorter:
    """A tablet that keeps its connection and answers one card after another, as the saving script does."""

    def __init__(self, address: str, token: str) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
        self.headers = {"Cookie": f"seat={token}"}
        page = BeautifulSoup(self._answer("GET", "/s/card/1")[1], "html.parser")
        self.token = str(page.select("input[name=csrf_token]")[0]["value"])
        script = page.select("script[data-epoch]")[0]
        self.epoch, self.before = str(script["data-epoch"]), int(str(script["data-number"]))
        self.headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-Acknowledge": "1"}
        self.saved = self.refused = 0

    def save(self) -> None:
        form = {"csrf_token": self.token, "answer": ANSWERS[self.saved // 24 % 3]}
        number = self.before + self.saved + 1
        self.headers["X-Operation"] = f"{self.epoch} {number} {secrets.token_urlsafe(16)} 0"
        status, _ = self._answer("POST", f"/s/card/{self.saved % 24 + 1}", urlencode(form))
        self.saved += 1
        self.refused += status != 204

    def _answer(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def rows() -> Iterator[Row]:
    with a_folder() as folder:
        with a_database(folder, "demonstration") as database:
            tokens = [tablet_token(case) for case in sorters(database, WRITERS)]
        raw = p50(_raw_commits(folder))
        with served(folder) as address:
            people = [Sorter(address, token) for token in tokens]
            alone = p50(each(people[0].save, ALONE))
            yield Row(
                "one choice saved with fsync, alone",
                f"p50 {alone:.1f} ms",
                "p50 3 ms",
                f"{alone / raw:.1f} times a raw SQLite commit ({raw:.2f} ms)",
            )
            yield _all_at_once(people, raw)
            for person in people:
                # A server that ends waits for whoever is still connected.
                person.connection.close()


def _all_at_once(people: list[Sorter], raw: float) -> Row:
    gate = threading.Barrier(len(people))

    def save_many(person: Sorter) -> list[float]:
        gate.wait()
        return [milliseconds(person.save) for _ in range(EACH)]

    started = time.perf_counter()
    with ThreadPoolExecutor(len(people)) as threads:
        taken = [one for many in threads.map(save_many, people) for one in many]
    a_second = len(taken) / (time.perf_counter() - started)
    return Row(
        f"{len(people)} writers at once without pause",
        f"{sum(person.refused for person in people)} errors, {a_second:.0f}/s, p99 {p99(taken):.0f} ms",
        "0 errors, 400/s, p99 200 ms",
        f"{a_second * raw / 1000:.2f} of what raw commits in a row would reach",
    )


def _raw_commits(folder: Path) -> list[float]:
    """The least that this disk asks for keeping a row, with the program's own settings."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
    connection.execute("CREATE TABLE choice (n INTEGER, answer TEXT)")
    taken = each(lambda: connection.execute("INSERT INTO choice VALUES (1, 'possibly')"), ALONE)
    connection.close()
    return taken
