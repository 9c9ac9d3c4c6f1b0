"""PostgreSQL holds the same as SQLite: a server of the tests' own, without a port, for as long as they run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from decisionaid.casework import negotiating, presses, reviewing
from decisionaid.casework.presses import Press, PressedBefore
from decisionaid.storage import schema, sorts
from decisionaid.storage.database import Database
from decisionaid.storage.sorts import Viewer
from decisionaid.storage.triggers import SORT_TABLES, TRIGGERS
from decisionaid.storage.types import Record
from tests.builders import CARDS, NOW, Case, a_case, a_service
from tests.storage.test_triggers import FROZEN

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
NOBODY = "nobody"

pytestmark = pytest.mark.skipif(not PROGRAMS, reason="no PostgreSQL server here: there is no /usr/lib/postgresql/*/bin")


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder of a running server's socket. It listens on no port, and ends with the tests."""
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        home, data = Path(name), Path(name) / "data"
        if os.geteuid() == 0:
            shutil.chown(home, NOBODY)
        _run(home, "initdb", "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {home} -c listen_addresses= -c fsync=off"
        _run(home, "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield home
        finally:
            _run(home, "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")


@pytest.fixture
def database(server: Path) -> Iterator[Database]:
    """A database of this test's own, in its newest shape."""
    database = Database(f"postgresql+psycopg://tests@/postgres?host={server}")
    schema.upgrade(database)
    yield database
    schema.downgrade(database, "base")
    database.close()


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both()


def test_the_server_listens_on_no_port(database: Database) -> None:
    with database.reading() as db:
        assert db.scalar(text("SHOW listen_addresses")) == ""


def test_a_whole_round_runs(case: Case) -> None:
    with case.database.reading() as db:
        sight = sorts.sight(db, case.round(db), Viewer.TOGETHER)
        assert (sight.client, sight.keyworker, sight.other_finished) == (None, None, True)
    case.confirmed()
    with case.database.reading() as db:
        sight = sorts.sight(db, case.round(db), Viewer.TOGETHER)
        assert sight.client is not None and sight.keyworker is not None
        assert sight.client.value(CARDS, 5).order == CARDS[:5]
        assert sight.keyworker.value(CARDS, 5).order == CARDS[3:8]
        assert negotiating.settlements(db, case.round(db)) == {}


def test_a_second_open_round_is_refused(case: Case) -> None:
    with pytest.raises(reviewing.RoundAlreadyOpen):
        case.with_round()


def test_a_row_cannot_point_into_another_service(case: Case) -> None:
    with pytest.raises(IntegrityError), case.database.writing() as db:
        db.execute(text("UPDATE client SET keyworker_id = 'of another service'"))


@pytest.mark.parametrize(("what", "statement"), FROZEN, ids=[what for what, _ in FROZEN])
def test_the_database_refuses(case: Case, what: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"finished sort|is kept"), case.database.writing() as db:
        db.execute(text(statement), {"sort": case.client_sort_id})


@pytest.mark.parametrize(("what", "statement"), FROZEN, ids=[what for what, _ in FROZEN])
def test_control_without_triggers_it_would_not(case: Case, what: str, statement: str) -> None:
    with case.database.writing() as db:
        for table in ("sort", "history", *SORT_TABLES):
            db.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for (key,) in db.execute(text(FOREIGN_KEYS), {"table": table}).all():
                db.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{key}"'))
        changed = db.execute(text(statement), {"sort": case.client_sort_id})
        assert changed.rowcount > 0  # type: ignore[attr-defined]
        db.rollback()


FOREIGN_KEYS = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = CAST(:table AS regclass)"


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as db, pytest.raises(DatabaseError, match="read-only"):
        db.execute(text("DELETE FROM history"))


def test_down_to_nothing_and_up_again(database: Database) -> None:
    assert _triggers(database) == {trigger.name for trigger in TRIGGERS}
    schema.downgrade(database, "base")
    assert (_triggers(database), _functions(database), _tables(database)) == (set(), set(), {"alembic_version"})
    schema.upgrade(database)
    assert _triggers(database) == _functions(database) == {trigger.name for trigger in TRIGGERS}
    assert _tables(database) == {*Record.metadata.tables, "alembic_version"}


def test_migrations_and_models_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Record.metadata) == []


def _names(database: Database, query: str) -> set[str]:
    with database.reading() as db:
        return set(db.scalars(text(query)))


def _triggers(database: Database) -> set[str]:
    return _names(database, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")


def _functions(database: Database) -> set[str]:
    return _names(database, "SELECT proname FROM pg_proc WHERE pronamespace = CAST('public' AS regnamespace)")


def _tables(database: Database) -> set[str]:
    return _names(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def _run(home: Path, program: str, *arguments: str | Path) -> None:
    """Run one of the server's programs. It refuses to be started by root, so then nobody starts it."""
    user: dict[str, Any] = (
        {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    with (home / "said").open("a") as said:
        subprocess.run([PROGRAMS[-1] / program, *arguments], check=True, cwd=home, stdout=said, stderr=said, **user)


@pytest.mark.promise("P26")
def test_same_press_waits_for_the_first_and_is_answered_as_it_was(database: Database) -> None:
    press = Press(a_service(database), "operation", "digest", "/page")
    with ThreadPoolExecutor(1) as other:
        with database.writing() as db:
            presses.take(db, press, NOW)
            presses.lead(db, press, "/led/to")
            repeat = other.submit(_take, database, press)
            with pytest.raises(TimeoutError):
                repeat.result(timeout=0.5)
        with pytest.raises(PressedBefore) as answer:
            repeat.result(timeout=5)
    assert answer.value.led_to == "/led/to"
    _take(database, replace(press, digest="other words"))


def _take(database: Database, press: Press) -> None:
    with database.writing() as db:
        presses.take(db, press, NOW)
