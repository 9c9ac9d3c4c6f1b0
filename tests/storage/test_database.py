"""The connection keeps what it acknowledges, and readers cannot write."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from decisionaid.storage import database as storage
from decisionaid.storage import schema
from decisionaid.storage.database import Database, DatabaseBusy, DatabaseTooWeak
from decisionaid.storage.types import Record


@pytest.mark.parametrize(("name", "value"), storage.PRAGMAS.items())
def test_each_setting_is_read_back(database: Database, name: str, value: object) -> None:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_less_than_full_refuses_to_start() -> None:
    weak = Database("sqlite:///:memory:")  # memory cannot keep a write-ahead log, and says so
    with pytest.raises(DatabaseTooWeak), weak.reading() as db:
        db.execute(text("SELECT 1"))
    weak.close()


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as db, pytest.raises(OperationalError, match="readonly"):
        db.execute(text("DELETE FROM service"))


def test_control_a_writer_can(database: Database) -> None:
    with database.writing() as db:
        db.execute(text("DELETE FROM service"))


def test_forty_writers_take_turns(database: Database) -> None:
    waits: list[Exception] = []

    def write(number: int) -> None:
        try:
            with database.writing() as db:
                db.execute(
                    text(
                        "INSERT INTO service VALUES "
                        "(:id, 'A', 'en', 'Europe/London', '', 0, '2026-01-01T00:00:00.000000Z', NULL)"
                    ),
                    {"id": str(number)},
                )
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            waits.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        assert (waits, db.scalar(text("SELECT count(*) FROM service"))) == ([], 40)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database whose writers have little patience."""
    monkeypatch.setattr(storage, "LONGEST_WAIT", 0.05)
    with closing(Database(f"sqlite:///{tmp_path / 'own.db'}")) as database:
        schema.upgrade(database)
        yield database


def is_busy(database: Database) -> bool:
    """Whether somebody else has the writers' turn, as another thread finds it."""

    def write() -> bool:
        try:
            with database.writing() as db:
                db.execute(text("DELETE FROM service"))
        except DatabaseBusy:
            return True
        return False

    with ThreadPoolExecutor(1) as other:
        return other.submit(write).result()


def test_who_waits_in_vain_leaves_anothers_turn_alone(own: Database) -> None:
    with own.writing() as db:
        db.execute(text("DELETE FROM service"))
        assert [is_busy(own) for _ in range(3)] == [True] * 3
    assert not is_busy(own)


def test_a_session_that_waited_in_vain_asks_for_a_turn_again(own: Database) -> None:
    late = own.open_writer()
    with own.writing() as db:
        db.execute(text("DELETE FROM service"))
        for _ in range(2):
            with pytest.raises(DatabaseBusy):
                late.execute(text("DELETE FROM service"))
    late.execute(text("DELETE FROM service"))
    assert is_busy(own), "this time it has the turn"
    late.close()
    assert not is_busy(own)


def test_a_turn_is_given_back_once_by_savepoints_too(own: Database) -> None:
    with own.writing() as db:
        with db.begin_nested():
            db.execute(text("DELETE FROM service"))
        assert is_busy(own)
    assert not is_busy(own)


def test_what_can_wait_is_left_while_another_thread_writes(own: Database) -> None:
    with own.writing() as db:
        db.execute(text("DELETE FROM service"))
        begun = time.monotonic()
        with own.writing_if_free() as passer_by:
            assert passer_by is None
        assert time.monotonic() - begun < 0.04
        assert is_busy(own)
    with own.writing_if_free() as passer_by:
        assert passer_by is not None
        passer_by.execute(text("DELETE FROM service"))
        assert is_busy(own)
    assert not is_busy(own)


def test_what_can_wait_is_left_while_another_process_writes(own: Database) -> None:
    other = sqlite3.connect(str(own.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with own.writing_if_free() as passer_by:
        assert passer_by is None
    assert time.monotonic() - begun < 1
    other.execute("ROLLBACK")
    other.close()
    with own.writing_if_free() as passer_by:
        assert passer_by is not None
        waits = passer_by.execute(text("PRAGMA busy_timeout")).scalar()
        assert waits == storage.PRAGMAS["busy_timeout"], "the connection is as it was for the next"


def test_what_fails_is_rolled_back_and_the_next_gets_a_turn(database: Database) -> None:
    with pytest.raises(OperationalError), database.writing() as db:
        db.execute(text("not a statement"))
    with database.writing() as db:
        db.execute(text("DELETE FROM service"))


def test_migrations_and_models_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Record.metadata) == []


def test_every_table_is_strict_and_led_by_its_service(database: Database) -> None:
    with database.engine.connect() as connection:
        strict = {row[1]: row[5] for row in connection.exec_driver_sql("PRAGMA table_list") if row[2] == "table"}
    for name, table in Record.metadata.tables.items():
        assert strict[name] == 1, f"{name} is not STRICT: give it keys.table(...)"
        first = next(iter(table.primary_key.columns)).name
        assert first == ("id" if name == "service" else "service_id"), f"{name}: service_id leads every key"
