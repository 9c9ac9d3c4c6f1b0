"""The connection keeps what it acknowledges, and readers cannot write."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from decisionaid.storage import database as storage
from decisionaid.storage.database import Database, DatabaseTooWeak
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
