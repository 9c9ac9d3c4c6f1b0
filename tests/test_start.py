"""The start gives older rounds the deck that they keep from then on, or refuses, naming what would break them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from decisionaid import cli, packaged, serving
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.models import DeckRecord
from tests.builders import DECK, DECKS, Case, a_case
from tests.casework.test_keeping_decks import forget_decks
from tests.promises.decks_changed import USED, change
from tests.storage.bad_decks import put


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


@pytest.mark.promise("P40")
def test_the_start_gives_each_round_its_deck(
    case: Case, served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = serve(packaged("questionnaires"), monkeypatch)
    assert (done.exit_code, served) == (0, [8000]), done.output
    with case.database.reading() as db:
        assert db.query(DeckRecord).one().digest == DECKS.digest(DECK.id, "drinking-goal") == case.round(db).deck_digest
    assert serve(change(tmp_path / "changed"), monkeypatch).exit_code == 0, "from then on the folder may change"


@pytest.mark.promise("P40")
def test_the_start_refuses_where_a_round_would_break(
    case: Case, served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = serve(change(tmp_path / "changed"), monkeypatch)
    assert (refused.exit_code, served) == (1, [])
    assert f"life-areas/life-areas.json: cards: Rounds in the database use '{USED}'" in refused.output
    with case.database.reading() as db:
        assert db.query(DeckRecord).all() == []
        assert db.scalar(text("SELECT deck_digest FROM round")) == "of an older program"


def check(folder: Path) -> Result:
    return CliRunner().invoke(cli.main, ["decks", "check", str(folder)])


@pytest.mark.promise("P40")
def test_decks_check_says_what_the_start_refuses(
    case: Case, served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check(packaged("questionnaires")).output == "The decks have no faults.\n"
    folder = change(tmp_path / "changed")
    found = check(folder)
    assert found.exit_code == 1
    assert found.output in serve(folder, monkeypatch).output
    assert f"Rounds in the database use '{USED}'" in found.output


@pytest.mark.promise("P40")
def test_decks_check_looks_into_a_database_of_an_older_program(case: Case, tmp_path: Path) -> None:
    schema.downgrade(case.database, "0006")
    assert check(packaged("questionnaires")).exit_code == 0
    assert f"Rounds in the database use '{USED}'" in check(change(tmp_path / "changed")).output


FAULTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a picture": (
        "life-areas/life-areas.json: cards.0.pictures.0: There is no picture 'no-such-picture'",
        put("cards", 0, "pictures", 0, to="no-such-picture"),
    ),
    "a language of the safety check": (
        "safety-check/pl.json: The safety check needs every language that the program speaks",
        Path.unlink,
    ),
    "English": ("life-areas/en.json: Every deck needs English: it is shown where a language is missing", Path.unlink),
}


@pytest.mark.promise("P40")
@pytest.mark.parametrize(("said", "edit"), FAULTS.values(), ids=FAULTS)
def test_what_stops_the_start_is_what_decks_check_says(
    served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, edit: Callable[[Path], object]
) -> None:
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    folder = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    edit(folder / said.partition(":")[0])
    for path in (tmp_path / "decks" / "life-areas").glob("en-easy.json") if "en.json" in said else ():
        path.unlink()
    found = check(folder)
    assert (found.exit_code, said in found.output) == (1, True), found.output
    assert found.output in serve(folder, monkeypatch).output
    assert served == []
    assert not (tmp_path / "decisionaid.db").exists(), "a check makes no database"
