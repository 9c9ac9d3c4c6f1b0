"""P22: two hundred tablets save by the clock, and every choice is kept, by each of them; and two hundred connections
that send a byte at a time do not stop them.

What counts is the load that was offered: a server that lets some people wait without end shows no error. In ./test
this runs in a short form; PROMISES=full in the environment asks for 60 seconds. How long a choice takes says more
about the machine than about the program: `./test --bench tablets` measures it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from decisionaid.storage.database import Database
from tests.promises.load import Crowd, crowd
from tests.turns import FULL

TABLETS, SECONDS = (200, 60) if FULL else (100, 6)
SLOW, DEAF = (200, 20) if FULL else (100, 4)

THREADS_WAIT = """
from decisionaid.serving import server

def passed_on(app, **_):
    async def asgi(scope, receive, send):
        async def received():
            return await receive()
        await app(scope, received, send)
    return asgi

server.WholeRequest = passed_on
"""
"""A server whose few threads wait for whoever sends slowly."""

FEW_ARE_SERVED = """
import asyncio
from decisionaid.serving import whole

handle, served = whole.WholeRequest._request, set()

async def some(self, scope, receive, send):
    if scope["method"] == "POST":
        if len(served) < 10:
            served.add(scope["client"])
        if scope["client"] not in served:
            await asyncio.Event().wait()
    await handle(self, scope, receive, send)

whole.WholeRequest._request = some
"""
"""A server that handles the choices of ten connections, and keeps all others waiting without a word."""

FORGETFUL = """
from decisionaid.web import sort_saving

sort_saving.verbs.accept_operation = lambda *_, **__: False
"""
"""A server that acknowledges and keeps nothing."""


@contextmanager
def a_crowd(empty_database: Path, folder: Path, tablets: int, patch: str = "") -> Iterator[Crowd]:
    """So many tablets before a server over a database of their own."""
    shutil.copy(empty_database, folder / "demonstration.db")
    database = Database(f"sqlite:///{folder / 'demonstration.db'}")
    with crowd(database, tablets, patch) as people:
        yield people
    database.close()


@pytest.fixture(scope="module")
def people(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """All the tablets before the shipped server."""
    with a_crowd(empty_database, tmp_path_factory.mktemp("load"), TABLETS) as all_of_them:
        yield all_of_them


@pytest.mark.promise("P22")
def test_every_tablet_saves_what_it_is_due_to_save(people: Crowd) -> None:
    came = people.work(SECONDS)
    print(f"{TABLETS} tablets, {SECONDS} s: {came}; memory of the server {came.growth:+.1%}")
    assert came.faults() == []
    assert not FULL or came.growth < 0.1


@pytest.mark.promise("P22")
def test_slow_connections_do_not_stop_them(people: Crowd) -> None:
    came = people.work(SECONDS, slow=SLOW, deaf=DEAF)
    print(f"{TABLETS} tablets beside {SLOW} who send slowly and {DEAF} who read nothing, {SECONDS} s: {came}")
    assert came.faults() == []


@pytest.mark.promise("P22")
def test_control_where_slow_bodies_hold_threads_nobody_gets_on(empty_database: Path, tmp_path: Path) -> None:
    with a_crowd(empty_database, tmp_path, 20, THREADS_WAIT) as people:
        came = people.work(4, slow=40)
    assert came.share < 0.5
    assert came.slowest == 0


@pytest.mark.promise("P22")
def test_control_people_kept_waiting_are_noticed_without_any_error(empty_database: Path, tmp_path: Path) -> None:
    with a_crowd(empty_database, tmp_path, 20, FEW_ARE_SERVED) as people:
        came = people.work(2)
    assert came.faults() == ["50.0% of the load was acknowledged", "a tablet came 0% of its way"]


@pytest.mark.promise("P22")
def test_control_a_choice_that_is_only_acknowledged_is_noticed(empty_database: Path, tmp_path: Path) -> None:
    with a_crowd(empty_database, tmp_path, 2, FORGETFUL) as people:
        came = people.work(2)
    assert len(came.lost) >= came.acknowledged == 2
