"""What the tests of casework begin with: a client at some point of the way."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decisionaid.storage.database import Database
from tests.builders import Case, a_case


@pytest.fixture
def case(database: Database) -> Case:
    """A client on a caseload; no round is open."""
    return a_case(database, own_clock=True)


@pytest.fixture(scope="session")
def agreed_once(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The case of `agreed`, made once; its database lies closed, to be copied."""
    path = tmp_path_factory.mktemp("agreed") / "agreed.db"
    shutil.copy(empty_database, path)
    database = Database(f"sqlite:///{path}")
    case = a_case(database, own_clock=True).sorted_by_both().confirmed()
    database.close()
    return case


@pytest.fixture
def agreed(agreed_once: Case, tmp_path: Path) -> Iterator[Case]:
    """Both have sorted, and the client has said that the answers are what they chose."""
    copied = shutil.copy(agreed_once.database.engine.url.database or "", tmp_path / "agreed.db")
    database = Database(f"sqlite:///{copied}")
    yield replace(agreed_once, database=database)
    database.close()
