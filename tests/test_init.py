"""A real service is begun by one command, which asks what its papers hang on, and can always be got into again."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from decisionaid import cli
from decisionaid.casework import passwords, people, seats
from decisionaid.casework.tries import ONE_PERSON
from decisionaid.storage.database import Database
from decisionaid.storage.models import History, Nation, SeatRow, Service, Staff
from tests.police import Police
from tests.web.doors import browser, sign_in

PASSWORD = "a long enough password"
ANSWERS = ("Hill Lane", "scotland", "europe/warsaw", "robin", "Robin Pryce", PASSWORD, PASSWORD)


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def begun(app: Flask, instance: Path) -> Iterator[Database]:
    """The database that `init` makes, with the program over it."""
    with closing(Database(f"sqlite:///{instance / 'decisionaid.db'}")) as database:
        app.extensions["database"] = database
        yield database


def init(*answers: str) -> Result:
    return CliRunner().invoke(cli.main, ["init"], input="\n".join(answers))


def reset_password(login: str) -> Result:
    return CliRunner().invoke(cli.main, ["reset-password", login])


def test_init_asks_for_nation_and_time_zone_and_keeps_them(instance: Path) -> None:
    done = init(*ANSWERS)
    assert done.exit_code == 0, done.output
    assert "Nation of the service" in done.output
    database = Database(f"sqlite:///{instance / 'decisionaid.db'}")
    with database.reading() as db:
        assert db.query(Service).one().nation is Nation.SCOTLAND
        assert db.query(Service).one().time_zone == "Europe/Warsaw"
    database.close()


def test_init_takes_no_other_nation() -> None:
    done = CliRunner().invoke(cli.main, ["init", "--nation", "france"], input="\n".join(ANSWERS))
    assert done.exit_code == 2
    assert "'england', 'wales', 'scotland', 'northern_ireland'" in done.output


@pytest.mark.parametrize("zone", ["Belfast", "UTC", "Etc/GMT+5", "../../etc/passwd"])
def test_init_takes_no_unknown_time_zone(zone: str) -> None:
    done = CliRunner().invoke(cli.main, ["init", "--time-zone", zone], input="\n".join(ANSWERS))
    assert done.exit_code == 2
    assert "like Europe/London" in done.output


def test_init_proposes_london(begun: Database) -> None:
    assert init("Hill Lane", "wales", "", *ANSWERS[3:]).exit_code == 0
    with begun.reading() as db:
        assert db.query(Service).one().time_zone == "Europe/London"


def test_init_asks_for_the_password_until_it_is_typed_twice_alike() -> None:
    done = init(*ANSWERS[:6], "another long password", PASSWORD, PASSWORD)
    assert done.exit_code == 0, done.output
    assert done.output.count("The same password again") == 2


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12 characters"),
        ("aaaaaaaaaaaa", "a pattern"),
        ("robin the second", "Leave the name"),
        ("  eleven let  ", "at least 12 characters"),
    ],
)
def test_init_takes_no_weak_password(instance: Path, password: str, said: str) -> None:
    done = init(*ANSWERS[:5], password, password)
    assert done.exit_code == 1
    assert said in done.output
    assert not list(instance.iterdir())


@pytest.mark.parametrize(
    ("at_init", "at_sign_in"),
    [
        ("  with spaces around ", "with spaces around"),
        ("caf\u00e9 in the morning", "cafe\u0301 in the morning"),
        ("cafe\u0301 in the morning", "caf\u00e9 in the morning"),
        ("cafe\u0301 in the morning", "cafe\u0301 in the morning"),
        ("two  spaces inside", "two  spaces inside"),
        ("a tab\u0007 or a bell", "a tab or a bell"),
    ],
)
def test_the_first_password_means_the_same_at_init_and_at_sign_in(
    app: Flask, begun: Database, at_init: str, at_sign_in: str
) -> None:
    assert init("Hill  Lane", "wales", "", " Robin ", " Robin Pryce", at_init, at_init).exit_code == 0
    assert sign_in(app, "robin", at_sign_in).get("/").headers["Location"] == "/admin/"
    with begun.reading() as db:
        assert (db.query(Staff).one().login, db.query(Staff).one().name) == ("robin", "Robin Pryce")


# A password that nobody knows any more


def new_password(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return done.output.split("Robin Pryce: ")[1].split("\n")[0]


def test_reset_password_prints_one_that_has_to_be_changed_and_ends_sessions(app: Flask, begun: Database) -> None:
    init(*ANSWERS)
    with begun.writing() as db:
        robin = db.query(Staff).one()
        people.change_password(db, robin, passwords.hashed(PASSWORD), seat=None, now=datetime.now(UTC))
        people.change_pin(db, robin, passwords.hashed("246810"), now=datetime.now(UTC))
        seats.open_desk(db, robin, datetime.now(UTC))
    for _ in range(ONE_PERSON.free):
        assert not signs_in(app, "a wrong one")
    given = new_password(reset_password(" Robin "))
    with begun.reading() as db:
        assert db.query(SeatRow).count() == 0
        assert db.query(History).filter_by(verb="staff_reset").one().actor == "reset-password"
    assert sign_in(app, "robin", given).get("/admin/").headers["Location"] == "/admin/first-steps"
    assert not signs_in(app, PASSWORD)


def test_reset_password_says_why_it_cannot(begun: Database) -> None:
    init(*ANSWERS)
    unknown = reset_password("maya")
    assert (unknown.exit_code, unknown.output) == (1, "Error: Nobody here has the login maya.\n")
    with begun.writing() as db:
        db.query(Staff).one().disabled_at = datetime.now(UTC)
    out = reset_password("robin")
    assert out.exit_code == 1
    assert "An admin can let them in again" in out.output


def signs_in(app: Flask, password: str) -> bool:
    asker: Police = browser(app)
    asker.send("/sign-in", login="robin", password=password, status=422)
    return asker.get_cookie("seat") is not None


@pytest.mark.parametrize("command", [["serve"], ["init", "--nation", "wales"], ["reset-password", "robin"]])
def test_nothing_starts_on_postgresql(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://aid@db.example/aid")
    refused = CliRunner().invoke(cli.main, command, input="\n".join((ANSWERS[0], *ANSWERS[2:])))
    assert refused.exit_code == 1
    assert "PostgreSQL and other databases are not supported yet" in refused.output
