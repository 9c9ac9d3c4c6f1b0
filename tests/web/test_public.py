"""The door: signing in, and what anybody may see."""

import statistics
import time
from datetime import UTC, datetime

import pytest
from flask import Flask

from decisionaid.casework import passwords, people
from decisionaid.storage.database import Database
from decisionaid.storage.models import FormDraft, History, SeatRow, Service, Staff
from tests.builders import PASSWORD, PASSWORD_HASH, PIN, a_case
from tests.police import parsed, words
from tests.web.doors import browser, sign_in


@pytest.fixture(autouse=True)
def maya(database: Database) -> None:
    a_case(database)


@pytest.mark.parametrize(
    ("login", "password", "status"),
    [
        ("maya", PASSWORD, 303),
        ("  Maya ", PASSWORD, 303),
        ("robin", PASSWORD, 303),
        ("maya", PASSWORD + "x", 422),
        ("maya", "", 422),
        ("", PASSWORD, 422),
        ("nobody", PASSWORD, 422),
        ("maya' OR 1=1 --", PASSWORD, 422),
        ("maya\x00", "x" * 500, 422),
        ("🦊" * 300, PASSWORD, 422),
    ],
)
def test_signing_in(app: Flask, login: str, password: str, status: int) -> None:
    desk = browser(app)
    desk.send("/sign-in", login=login, password=password, status=status)
    assert (desk.get_cookie("seat") is not None) == (status == 303)


def test_each_goes_to_their_own_seat(app: Flask) -> None:
    for login, home in (("maya", "/desk/"), ("robin", "/admin/")):
        desk = sign_in(app, login)
        assert desk.get("/").headers["Location"] == home
        assert desk.get("/sign-in").headers["Location"] == home


def test_the_answer_is_the_same_whether_or_not_the_login_exists(app: Flask, database: Database) -> None:
    with database.writing() as db:
        idris = people.add_staff(
            db,
            db.query(Service).one(),
            login="idris",
            name="Idris Vaughan",
            role=db.query(Staff).filter_by(login="maya").one().role,
            password_hash=PASSWORD_HASH,
            language="en",
            actor="test",
            now=datetime.now(UTC),
        )
        people.disable(db, idris, actor=idris, now=datetime.now(UTC))
    pages = set()
    for login in ("maya", "nobody", "idris"):
        response = browser(app).send("/sign-in", login=login, password=PASSWORD + "!", status=422)
        pages.add(words(response).replace(login, "LOGIN"))
    assert len(pages) == 1
    assert "don’t match" in pages.pop()


@pytest.mark.usefixtures("shipped_hashes")
def test_existing_or_not_takes_the_same_time(app: Flask, database: Database) -> None:
    with database.writing() as db:
        db.query(Staff).filter_by(login="maya").one().password_hash = passwords.hashed(PASSWORD)
    taken: dict[str, list[float]] = {"maya": [], "nobody": []}
    desk = browser(app)
    for _ in range(8):
        for login, times in taken.items():
            begun = time.perf_counter()
            desk.send("/sign-in", login=login, password="wrong", status=422)
            times.append(time.perf_counter() - begun)
            with database.writing() as db:
                db.execute(SeatRow.metadata.tables["throttle"].delete())
    known, unknown = (statistics.median(times) for times in taken.values())
    assert 0.6 < known / unknown < 1.6, (known, unknown)


def test_a_session_is_new_at_each_sign_in_and_dead_after_signing_out(app: Flask, database: Database) -> None:
    desk = browser(app)
    desk.set_cookie("seat", "chosen-by-somebody-else")
    desk.send("/sign-in", login="maya", password=PASSWORD)
    held = desk.get_cookie("seat")
    assert held is not None
    assert held.value != "chosen-by-somebody-else"
    desk.send("/desk/account", "/desk/sign-out")
    replay = browser(app)
    replay.set_cookie("seat", held.value)
    assert replay.get("/desk/").headers["Location"] == "/sign-in"
    with database.reading() as db:
        assert db.query(SeatRow).count() == 0
        assert db.query(History).filter_by(verb="signed_in").count() == 1


def test_form_without_its_token_shows_nothing_of_what_was_typed(app: Flask) -> None:
    somebody = browser(app)
    response = somebody.press("/sign-in", {"login": "maya", "password": PASSWORD}, status=400)
    for shown in (response.text, somebody.get("/sign-in").text):
        assert "maya" not in shown
        assert PASSWORD not in shown


def test_failed_sign_in_leaves_its_message_for_one_page_and_nothing_typed(app: Flask, database: Database) -> None:
    somebody = browser(app)
    page = somebody.send("/sign-in", login="maya", password="not this one", status=422)
    assert "don’t match" in words(page)
    assert 'value="maya"' not in page.text
    assert "don’t match" not in words(somebody.get("/sign-in"))
    with database.reading() as db:
        assert db.query(FormDraft).count() == 0


def test_another_sites_form_is_refused(app: Flask) -> None:
    desk = browser(app)
    desk.get("/sign-in")
    sent = {"login": "maya", "password": PASSWORD}
    assert desk.heard("/sign-in", sent, headers={"Sec-Fetch-Site": "cross-site"}) == 400
    assert desk.heard("/sign-in", sent, headers={"Origin": "https://elsewhere.example"}) == 400


def test_the_sign_in_page_speaks_the_language_that_was_chosen(app: Flask) -> None:
    desk = browser(app)
    desk.send("/sign-in", "/language", language="cy")
    assert desk.page("/sign-in").html["lang"] == "cy"  # type: ignore[index]
    assert browser(app).page("/sign-in").html["lang"] == "en"  # type: ignore[index]
    desk.send("/sign-in", "/language", language="xx")
    assert desk.page("/sign-in").html["lang"] == "cy"  # type: ignore[index]


def test_only_a_demonstration_shows_its_logins(app: Flask, database: Database) -> None:
    app.config.update(DEMO_PASSWORD=PASSWORD, DEMO_PIN=PIN)
    real = words(browser(app).get("/sign-in"))
    assert "Maya Osei" not in real
    assert PASSWORD not in real
    with database.writing() as db:
        db.query(Service).one().demonstration = True
    shown = words(browser(app).get("/sign-in"))
    for word in ("Maya Osei", "robin", PASSWORD, PIN, "made up"):
        assert word in shown


def test_the_neutral_page_says_nothing_of_us(app: Flask) -> None:
    response = browser(app).get("/away")
    page = parsed(response)
    assert page.title is not None
    assert page.title.get_text(strip=True) == "Closed"
    for word in ("Decision", "Aid", "alcohol", "drink", "drug", "Hill Lane", "client"):
        assert word.lower() not in words(response).lower()


def test_health_and_favicon(app: Flask) -> None:
    assert browser(app).get("/health").status_code == 204
    assert browser(app).get("/favicon.ico").status_code == 302


@pytest.mark.parametrize("path", ["/nothing", "/desk/clients/../../etc", "/sign-in/x", "/away/%00"])
def test_what_does_not_exist_is_404(app: Flask, path: str) -> None:
    response = browser(app).get(path)
    assert response.status_code == 404
    assert "Continue" in words(response)


def test_without_a_seat_the_desk_leads_to_the_door(app: Flask) -> None:
    for path in ("/desk/", "/desk/plans", "/admin/", "/desk/clients/new"):
        response = browser(app).get(path)
        assert (response.status_code, response.headers["Location"]) == (303, "/sign-in")
