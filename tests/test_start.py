"""The start gives older rounds the deck that they keep from then on, or refuses, naming what would break them."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from decisionaid import cli, create_app, i18n, packaged, serving
from decisionaid.assets import Assets
from decisionaid.printing import PdfPool
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.decks import load_decks
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import DeckRecord, Service
from decisionaid.web import blank_paper
from tests.builders import DECK, DECKS, NOW, Case, a_case
from tests.casework.test_keeping_decks import forget_decks
from tests.police import Police
from tests.promises.decks_changed import USED, change, program
from tests.promises.onlookers import sit
from tests.storage.bad_decks import put
from tests.web.sorters import tablet_of


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
    assert check(packaged("questionnaires")).output == "No faults found.\n"
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


def test_a_deck_of_the_services_own_stands_in_the_place_of_ours(
    case: Case, served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CliRunner().invoke(cli.main, ["serve"]).exit_code == 0
    shutil.copytree(change(tmp_path / "changed") / "life-areas", tmp_path / "questionnaires" / "life-areas")
    started: list[dict[str, object]] = []
    monkeypatch.setattr(serving, "serve", lambda make, *_, **__: started.append(make.keywords))
    assert CliRunner().invoke(cli.main, ["serve"]).exit_code == 0
    assert CliRunner().invoke(cli.main, ["decks", "check"]).exit_code == 0
    app = create_app(DATABASE=case.database, OWN_DECKS=started[0]["OWN_DECKS"])
    app.extensions["pdf"].close()
    newest = app.extensions["decks"]
    assert USED not in newest.cards("life-areas").ids
    assert newest.digest("drinking-goal", "safety-check") == DECKS.digest("drinking-goal", "safety-check")
    with case.database.reading() as db:
        assert USED in app.extensions["kept_decks"].of(db, case.round(db), newest).cards("life-areas").ids


def test_a_fault_in_a_deck_of_the_services_own_is_told_with_its_whole_path(
    served: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    own = tmp_path / "questionnaires"
    shutil.copytree(packaged("questionnaires") / "life-areas", own / "life-areas")
    put("cards", "food", "title", to="a" * 41)(own / "life-areas" / "en.json")
    said = f"{own}/life-areas/en.json: cards.food.title: String should have at most 40 characters"
    for command in (["decks", "check"], ["serve"]):
        refused = CliRunner().invoke(cli.main, command)
        assert (refused.exit_code, said in refused.output) == (1, True), command
    shutil.rmtree(own)
    assert CliRunner().invoke(cli.main, ["decks", "check"]).exit_code == 0, "the control: ours have none"


def test_the_pictures_that_a_deck_can_name_are_listed() -> None:
    listed = CliRunner().invoke(cli.main, ["decks", "pictures"]).output.split()
    assert {name for card in DECK.cards for name in card.pictures} <= set(listed) == set(Assets.load().icons)


def test_a_deck_without_pictures_works(database: Database, pdf_pool: PdfPool, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(packaged("questionnaires"), tmp_path / "decks"))
    drop_pictures(folder / "life-areas" / "life-areas.json", "cards", "pictures")
    drop_pictures(folder / "drinking-goal" / "drinking-goal.json", "options", "picture")
    drop_pictures(folder / "drinking-goal" / "drinking-goal.json", "headings", "picture")
    decks = load_decks(folder, Assets.load().icons, i18n.LANGUAGES)
    app = program(database, pdf_pool, decks)
    app.test_client_class = Police
    case = a_case(database).with_round(round_deck(decks, DECK.id))
    tablet = tablet_of(app, case)
    for path in ("card/1", "cards", "order", "goal", "goal/1", "goal/all", "check"):
        assert tablet.page(f"/s/{path}").h1 is not None
    table = sit(app, case.sorted_by_both().confirmed(), "together")
    for path in ("side-by-side", "card/1", "goals"):
        assert table.page(f"/together/{path}").h1 is not None
    with app.test_request_context(), database.reading() as db:
        cards, _plan = blank_paper.blanks(db, db.query(Service).one(), "en", easy=False, on=NOW.date())
    assert cards.html.count('class="drawing"') == 3, "the three answers alone"


def drop_pictures(file: Path, what: str, field: str) -> None:
    held = json.loads(file.read_text("utf-8"))
    for each in held[what]:
        del each[field]
    file.write_text(json.dumps(held), "utf-8")
