"""Nobody but the account that runs the program can read the database, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from decisionaid.demonstration import build
from decisionaid.storage import files, schema
from decisionaid.storage.database import Database


@pytest.fixture(params=[0o000, 0o022, 0o177], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


def write(path: Path) -> dict[str, int]:
    """The modes of all files while a database is written to."""
    with closing(Database(f"sqlite:///{path}")) as database, database.writing() as db:
        db.execute(text("CREATE TABLE IF NOT EXISTS note (words TEXT)"))
        db.execute(text("INSERT INTO note VALUES ('private')"))
        db.commit()
        return modes(path.parent)


@pytest.mark.usefixtures("umask")
def test_a_new_database_is_private_while_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    closed = {"instance": 0o700, "a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}
    assert write(folder / "a.db") == closed


@pytest.mark.usefixtures("umask")
def test_what_was_open_to_others_is_closed_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "a.db").touch()
    for name in ("a.db-wal", "a.db-shm", "a.db.backup", "README.md"):
        (folder / name).write_text("")
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    found = write(folder / "a.db")
    assert found.pop("README.md") == 0o644
    assert found == {
        "instance": 0o700, **dict.fromkeys(("a.db", "a.db-wal", "a.db-shm", "a.db.backup"), 0o600),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["sticky", "with folders"])
def test_a_folder_for_other_things_too_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    if kind == "with folders":
        (folder / "other").mkdir()
    folder.chmod(0o1777 if kind == "sticky" else 0o755)
    found = write(folder / "a.db")
    assert found["shared"] == (0o1777 if kind == "sticky" else 0o755)
    assert found["a.db"] == 0o600


def test_what_belongs_to_somebody_else_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    files.make_private(path)
    assert modes(tmp_path)["a.db"] == 0o644


def test_a_link_to_elsewhere_is_left(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("")
    elsewhere.chmod(0o644)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.db.old").symlink_to(elsewhere)
    files.make_private(tmp_path / "in" / "a.db")
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o644


def test_the_demonstrations_database_is_private_too(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    with closing(build.database(folder / "demonstration.db", fresh=True)) as database:
        schema.upgrade(database)
        found = modes(folder)
    assert found.pop("instance") == 0o700
    assert set(found.values()) == {0o600}


def test_control_left_to_sqlite_others_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    monkeypatch.setattr("decisionaid.storage.database.make_private", lambda _: None)
    assert write(tmp_path / "a.db")["a.db"] == 0o644
    os.umask(before)
