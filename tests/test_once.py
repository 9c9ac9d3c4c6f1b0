"""What is made once is taken over only from the very same state, and nothing else of that test comes along."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from decisionaid.storage.database import Database
from tests import clock
from tests.builders import a_case
from tests.once import once


def names(database: Database) -> list[str]:
    with database.reading() as db:
        return [name for (name,) in db.execute(text("SELECT name FROM client ORDER BY name"))]


@pytest.fixture
def counted(database: Database) -> Callable[[], list[str]]:
    """Adds one more client, and gives the names of all."""
    calls: list[str] = []

    def make() -> list[str]:
        calls.append("made")
        a_case(database, name=f"Rowan {len(calls)}", reference=f"RE-{len(calls)}")
        return names(database)

    return make


def test_the_second_from_the_same_state_gets_a_copy(database: Database, counted: Callable[[], list[str]]) -> None:
    empty = content_of(database)
    assert once(database, counted, "a test") == ["Rowan 1"]
    restore(database, empty)
    assert names(database) == []
    assert once(database, counted, "a test") == ["Rowan 1"]
    assert names(database) == ["Rowan 1"]


def test_another_state_or_key_makes_its_own(database: Database, counted: Callable[[], list[str]]) -> None:
    assert once(database, counted, "another test") == ["Rowan 1"]
    assert once(database, counted, "another test") == ["Rowan 1", "Rowan 2"]


def test_what_somebody_else_has_open_is_left_alone(database: Database, counted: Callable[[], list[str]]) -> None:
    empty = content_of(database)
    once(database, counted, "a third test")
    restore(database, empty)
    other = Database(str(database.engine.url))
    with other.writing() as db:
        db.execute(text("SELECT 1"))
        assert once(database, lambda: "made anew", "a third test") == "made anew"
    other.close()


def test_the_clock_goes_on_to_when_it_was_made() -> None:
    with clock.begins():
        later = datetime.now(UTC) + timedelta(seconds=40)
        clock.go_on_to(later)
        assert later <= datetime.now(UTC) < later + timedelta(seconds=20)
        clock.go_on_to(later - timedelta(seconds=30))
        assert datetime.now(UTC) >= later


def test_a_copy_is_not_from_the_future(
    database: Database, counted: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "BEGINS", datetime(2027, 1, 4, 9, tzinfo=UTC))
    empty = content_of(database)
    with clock.begins():
        clock.go_on_to(clock.BEGINS + timedelta(seconds=40))
        once(database, counted, "a fourth test")
        made_at = datetime.now(UTC)
    restore(database, empty)
    with clock.begins():
        assert once(database, counted, "a fourth test") == ["Rowan 1"]
        assert datetime.now(UTC) > made_at - timedelta(seconds=1)


def content_of(database: Database) -> bytes:
    """The bytes of the database now."""
    database.close()
    return file_of(database).read_bytes()


def restore(database: Database, content: bytes) -> None:
    database.close()
    file_of(database).write_bytes(content)


def file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))
