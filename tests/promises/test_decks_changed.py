"""P40: decks that are changed touch later rounds alone. Every page of a round stays as it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.storage.decks import Decks, load_decks
from decisionaid.storage.kept_decks import KeptDecks
from tests.builders import DECKS
from tests.promises.decks_changed import USED, Answers, Stage, change, look, program, stages
from tests.turns import FULL, share


@pytest.fixture(scope="module")
def database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = shutil.copy(empty_database, tmp_path_factory.mktemp("decks") / "changed.db")
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="module")
def before(database: Database, pdf_pool: PdfPool) -> tuple[dict[str, Stage], Answers]:
    """A client at each stage, in ./test at those whose turn it is, and what their pages answer."""
    app = program(database, pdf_pool, DECKS)
    made = stages(app, database)
    looked_at = {name: made[name] for name in share(made, 4)}
    return looked_at, look(app, looked_at)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Decks:
    return load_decks(change(tmp_path_factory.mktemp("questionnaires") / "changed"))


@pytest.fixture
def started_anew(database: Database, pdf_pool: PdfPool, changed: Decks) -> Flask:
    return program(database, pdf_pool, changed)


@pytest.mark.promise("P40")
def test_every_page_of_a_round_is_as_it_was(before: tuple[dict[str, Stage], Answers], started_anew: Flask) -> None:
    made, old = before
    shown = [page for page, (status, *_) in old.items() if status == 200]
    assert len(shown) > (400 if FULL else 30 * len(made))
    assert not [page for page, (status, *_) in old.items() if status >= 500]
    new = look(started_anew, made)
    assert [page for page in old if new[page] != old[page]] == []
    print(f"P40: {len(old)} addresses at {len(made)} stages, {len(shown)} of them pages: all as they were")


@pytest.mark.promise("P40")
def test_control_a_reader_that_takes_the_newest_deck_is_noticed(
    before: tuple[dict[str, Stage], Answers], started_anew: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeptDecks, "of", lambda _self, _db, _round, newest: newest)
    made, old = before
    new = look(started_anew, made)
    differ = [page for page in old if new[page] != old[page]]
    assert {name for page in differ for name in [page.partition(",")[0]]} == set(made)
    assert not FULL or any(new[page][0] == 500 for page in differ)


@pytest.mark.promise("P40")
def test_control_the_changed_decks_say_something_else(changed: Decks) -> None:
    assert USED in DECKS.cards("life-areas").ids and USED not in changed.cards("life-areas").ids
    for language in DECKS.languages:
        for deck in ("life-areas", "drinking-goal"):
            assert changed.words(deck, language).title != DECKS.words(deck, language).title
            assert changed.speaks(language, deck) is (language != "pl")
