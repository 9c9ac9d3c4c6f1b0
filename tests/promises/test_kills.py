"""P31: what the server acknowledged outlives it, however it is killed.

Four tablets save without pause while the worker, or in turn the whole server, is killed in the midst of it. After each
kill the server is up again, and every sort holds exactly what was acknowledged; of the one save that was under way the
old or the new. In ./test this runs in a short form; PROMISES=full in the environment asks for the promised 25 kills
during 1,000 acknowledged saves.

A kill spares what the operating system has taken over, and a power cut does not. So that each acknowledgement also
waited for fdatasync is seen from outside, by strace. Where no process may be traced (some containers) that part is
skipped, and tests/storage/test_database.py alone holds that SQLite is set to synchronous=FULL.
"""

import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord
from tests.builders import a_case
from tests.promises.killed import PATIENCE, Server, Tablet, faults, held, running
from tests.turns import FULL

EARLY = """
import io, queue, threading, time
from decisionaid import application

build, waiting = application.build, queue.Queue()

def early(app):
    def keep():
        while True:
            asked = waiting.get()
            time.sleep(0.02)
            list(app(asked, lambda *_: None))

    def answered(asked, start):
        if asked["REQUEST_METHOD"] == "GET":
            return app(asked, start)
        body = asked["wsgi.input"].read(int(asked["CONTENT_LENGTH"]))
        waiting.put({**asked, "wsgi.input": io.BytesIO(body)})
        start("204 NO CONTENT", [])
        return []

    threading.Thread(target=keep, daemon=True).start()
    return answered

def build_early(**config):
    app = build(**config)
    app.wsgi_app = early(app.wsgi_app)
    return app

application.build = build_early
"""
"""A server that acknowledges first and writes a little later."""

RELAXED = "from decisionaid.storage import database; database.PRAGMAS['synchronous'] = 1"
"""A server that leaves it to the operating system when a save reaches the disk."""


def count(short: int, full: int) -> int:
    """How many: the promised figure where PROMISES=full asks for it, else the one of every ./test."""
    return full if FULL else short


KILLS, SAVES = count(5, 25), count(200, 1000)


def save_until(tablets: list[Tablet], saves: int, kill: Callable[[], None]) -> None:
    """All tablets save at once, and the server is killed when so many more saves are acknowledged."""
    goal = sum(tablet.acknowledged for tablet in tablets) + saves
    killed = Event()

    def work(tablet: Tablet) -> None:
        while not killed.is_set() and tablet.save():
            pass

    until = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(len(tablets)) as people:
        working = [people.submit(work, tablet) for tablet in tablets]
        while sum(tablet.acknowledged for tablet in tablets) < goal and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(random.random() / 100)  # noqa: S311 - so that each kill meets another point of a save
        kill()
        killed.set()
        for one in working:
            one.result()


def look(tablets: list[Tablet]) -> list[str]:
    """What is not as it should be in the database now; from here on, what is held is what counts."""
    told = []
    database = tablets[0].case.database
    with database.reading() as db:
        assert db.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert db.query(SortRecord).filter_by(party="client").count() == len(tablets)
    for tablet in tablets:
        found = held(tablet.case)
        told += faults(tablet, found)
        tablet.kept, tablet.under_way = found, None
    return told


@pytest.fixture
def folder(empty_database: Path, tmp_path: Path) -> Path:
    """A folder with a database that the server takes for its demonstration's."""
    shutil.copy(empty_database, tmp_path / "demonstration.db")
    return tmp_path


@pytest.fixture
def tablets(folder: Path) -> Iterator[list[Tablet]]:
    """Four clients who have begun to sort."""
    database = Database(f"sqlite:///{folder / 'demonstration.db'}")
    cases = [a_case(database, name=f"Person {n}", reference=f"P-{n}").with_open_sorts() for n in range(4)]
    people = [Tablet(case) for case in cases]
    yield people
    for tablet in people:
        tablet.connection.close()
    database.close()


def synced(trace: Path) -> int:
    """How often, so far, a traced server has waited until something was on the disk."""
    return len(re.findall(r"f(?:data)?sync(?:\(\d+\)| resumed>\)) += 0$", trace.read_text(), re.MULTILINE))


def unsynced(folder: Path, tablet: Tablet, saves: int, patch: str = "") -> int:
    """Of so many saves one after another, how many were acknowledged before anything was synced for them."""
    trace = folder / "trace"
    found = 0
    with running(folder, patch, ("strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(trace))) as server:
        tablet.at(server.host)
        for _ in range(saves):
            before = synced(trace)
            assert tablet.save()
            found += synced(trace) == before
    return found


@pytest.fixture
def traceable() -> None:
    """Processes may be traced here."""
    tried = ["strace", "-qq", "-e", "trace=none", "true"]
    if shutil.which("strace") is None or subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("no process can be traced here: strace is missing, or not let")


@pytest.mark.promise("P31")
def test_what_was_acknowledged_outlives_every_kill(folder: Path, tablets: list[Tablet]) -> None:
    told: list[str] = []
    server = Server(folder)
    try:
        for number in range(KILLS):
            for tablet in tablets:
                tablet.at(server.host)
            save_until(tablets, SAVES // KILLS, server.kill if number % 2 else server.kill_worker)
            if number % 2:
                server.stop()
                server = Server(folder)
            tablets[0].at(server.host)
            told += look(tablets)
    finally:
        server.stop()
    acknowledged = sum(tablet.acknowledged for tablet in tablets)
    print(f"{KILLS} kills during {acknowledged} acknowledged saves: {len(told)} lost or wrong")
    assert acknowledged >= SAVES
    assert told == []


@pytest.mark.promise("P31")
@pytest.mark.parametrize("kill", ["kill", "kill_worker"])
def test_control_what_is_acknowledged_too_early_is_seen_to_be_lost(
    folder: Path, tablets: list[Tablet], kill: str
) -> None:
    with running(folder, EARLY) as server:
        for tablet in tablets:
            tablet.at(server.host)
        save_until(tablets, 40, getattr(server, kill))
    assert any(fault.startswith("lost: ") for fault in look(tablets))


@pytest.mark.promise("P31")
def test_control_what_nobody_sent_is_seen_to_be_wrong(tablets: list[Tablet]) -> None:
    tablet, card = tablets[0], tablets[0].cards[1]
    tablet.kept, tablet.sent = {card: "possibly"}, {card: ["definitely", "possibly"]}
    assert faults(tablet, {card: "possibly"}) == []
    for found, what in (({}, "lost"), ({card: "definitely"}, "lost"), ({card: "skipped"}, "wrong")):
        assert [fault.partition(":")[0] for fault in faults(tablet, found)] == [what]
    assert len(faults(tablet, {card: "possibly", "own cards": "Not theirs"})) == 1


@pytest.mark.promise("P31")
@pytest.mark.usefixtures("traceable")
def test_each_acknowledgement_waited_for_the_disk(folder: Path, tablets: list[Tablet]) -> None:
    saves = count(50, 1000)
    found = unsynced(folder, tablets[0], saves)
    print(f"{saves} acknowledged saves, {found} of them without a sync of their own")
    assert found == 0


@pytest.mark.promise("P31")
@pytest.mark.usefixtures("traceable")
def test_control_a_database_less_strict_is_seen_not_to_wait(folder: Path, tablets: list[Tablet]) -> None:
    assert unsynced(folder, tablets[0], 20, RELAXED) > 0
