"""A real service is begun by one command, which asks what its papers hang on."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from decisionaid import cli
from decisionaid.storage.database import Database
from decisionaid.storage.models import Nation, Service

ANSWERS = ("Hill Lane", "scotland", "robin", "Robin Pryce", "a long enough password")


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def test_init_asks_for_the_nation_and_keeps_it(instance: Path) -> None:
    done = CliRunner().invoke(cli.main, ["init"], input="\n".join(ANSWERS))
    assert done.exit_code == 0, done.output
    assert "Nation of the service" in done.output
    database = Database(f"sqlite:///{instance / 'decisionaid.db'}")
    with database.reading() as db:
        assert db.query(Service).one().nation is Nation.SCOTLAND
    database.close()


def test_init_takes_no_other_nation() -> None:
    done = CliRunner().invoke(cli.main, ["init", "--nation", "france"], input="\n".join(ANSWERS))
    assert done.exit_code == 2
    assert "'england', 'wales', 'scotland', 'northern_ireland'" in done.output
