"""What all tests share: a database in its newest shape, the app over it, and the policing client."""

import gc
import shutil
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from flask import Flask

from decisionaid import create_app, i18n
from decisionaid.casework import passwords
from decisionaid.printing import PdfPool
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from tests import (
    clock,
    compiled,  # noqa: F401 - from now on templates are kept as they were compiled
    light_hashes,
    turns,
)
from tests.builders import DECKS
from tests.police import Police


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, in the short form, the cases whose turn it is not. Cases that were asked for by name all run."""
    if turns.FULL or any("::" in argument for argument in config.args):
        return
    waiting = set(turns.left_out(items, turns.turn()))
    config.hook.pytest_deselected(items=list(waiting))
    items[:] = [item for item in items if item not in waiting]


def pytest_collection_finish() -> None:
    """What is there by now stays: the collector need not walk through it, nor come by after each few hundred objects
    (an eighth of the time of a test)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def on_the_day(path: Path) -> AbstractContextManager[object]:
    """The clock of a quick test; that of the machine for all others, whose servers and browsers know no other."""
    return clock.begins() if turns.is_quick(path) else nullcontext()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Read a file of tests on the same day on which they run: what stands at its top counts days from then."""
    with on_the_day(collector.path):
        return (yield)


@pytest.fixture(autouse=True)
def clock_of_quick_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """The day of a quick test: `./test --days` runs them on each of `tests/days.txt`. Its name is nobody's argument."""
    with on_the_day(request.path):
        yield


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database in its newest shape, made once and copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """What opens the database of each test: it puts each statement together once for all of them."""
    return Database(f"sqlite:///{tmp_path_factory.mktemp('standing') / 'test.db'}")


@pytest.fixture
def database(empty_database: Path, standing: Database) -> Iterator[Database]:
    """A database of this test's own: a new file under the same name."""
    path = Path(str(standing.engine.url.database))
    for file in path.parent.iterdir():
        file.unlink()
    shutil.copy(empty_database, path)
    yield standing
    standing.close()


@pytest.fixture(scope="session")
def pdf_pool() -> Iterator[PdfPool]:
    """One pool of printing processes for all tests."""
    pool = PdfPool(processes=1)
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def program(empty_database: Path, pdf_pool: PdfPool) -> Iterator[Flask]:
    """The program put together once for all tests; it keeps nothing of a request but in its database."""
    database = Database(f"sqlite:///{empty_database}")
    yield _put_together(database, pdf_pool)
    database.close()


@pytest.fixture
def app(program: Flask, database: Database) -> Iterator[Flask]:
    """The program over this test's database; what a test sets in it is gone after."""
    i18n.speak("en")
    kept, parts = dict(program.config), dict(program.extensions)
    program.extensions["database"] = database
    yield program
    program.config.clear()
    program.config.update(kept)
    program.extensions.clear()
    program.extensions.update(parts)


@pytest.fixture
def shipped_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as the program does it."""
    for name, shipped in light_hashes.SHIPPED.items():
        monkeypatch.setattr(passwords, name, shipped)


@pytest.fixture
def own_app(database: Database, pdf_pool: PdfPool) -> Flask:
    """The program put together anew, for a test that adds to it."""
    return _put_together(database, pdf_pool)


def _put_together(database: Database, pdf_pool: PdfPool) -> Flask:
    app = create_app(DATABASE=database, PDF_POOL=pdf_pool, DECKS=DECKS, TESTING=True)
    app.test_client_class = Police
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app
