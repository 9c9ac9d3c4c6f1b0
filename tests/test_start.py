"""The start gives older rounds the deck that they keep from then on, or refuses, naming what would break them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from decisionaid import cli, packaged, serving
from decisionaid.storage.database import Database
from decisionaid.storage.models import DeckRecord
from tests.builders import DECK, DECKS, Case, a_case
from tests.casework.test_keeping_decks import forget_decks
from tests.promises.decks_changed import USED, change


@pytest.fixture
def case(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A round of an older program, in the instance of this test's own."""
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'decisionaid.db')}")
    case = a_case(database).sorted_by_both()
    forget_decks(database)
    yield case
    database.close()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports that were served; nothing is."""
    ports: list[int] = []
    monkeypatch.setattr(serving, "serve", lambda _make, _host, port, **_: ports.append(port))
    return ports


def serve(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(cli, "packaged", lambda _: folder)
    return CliRunner().invoke(cli.main, ["serve"])


def test_the_start_gives_each_round_its_deck(
    case: Case, served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = serve(packaged("questionnaires"), monkeypatch)
    assert (done.exit_code, served) == (0, [8000]), done.output
    with case.database.reading() as db:
        assert db.query(DeckRecord).one().digest == DECKS.digest(DECK.id, "drinking-goal") == case.round(db).deck_digest
    assert serve(change(tmp_path / "changed"), monkeypatch).exit_code == 0, "from then on the folder may change"


def test_the_start_refuses_where_a_round_would_break(
    case: Case, served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = serve(change(tmp_path / "changed"), monkeypatch)
    assert (refused.exit_code, served) == (1, [])
    assert f"life-areas/life-areas.json: cards: Rounds in the database use '{USED}'" in refused.output
    with case.database.reading() as db:
        assert db.query(DeckRecord).all() == []
        assert db.scalar(text("SELECT deck_digest FROM round")) == "of an older program"
