"""The keyworker's own sort at the desk: the same screens, other words, and nothing of the client's."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from decisionaid.casework import seats
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import Staff
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.web.test_client_sort import held


def seated_keyworker(app: Flask, case: Case) -> Police:
    """The desk of this case's keyworker."""
    with case.database.writing() as db:
        token = seats.open_desk(db, db.get_one(Staff, (case.service_id, case.keyworker_id)), datetime.now(UTC))
    desk = app.test_client()
    assert isinstance(desk, Police)
    desk.set_cookie("seat", token)
    return desk


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    desk = seated_keyworker(app, case)
    desk.send(f"{root(case)}/")
    return desk


def root(case: Case) -> str:
    return f"/desk/rounds/{case.round_id}/sort"


def rate(desk: Police, case: Case, card: str, answer: str) -> None:
    place = held(case, Party.KEYWORKER).shown(CARDS).index(card) + 1
    desk.send(f"{root(case)}/card/{place}", answer=answer)


def test_a_whole_sort_leads_back_to_the_clients_page(desk: Police, case: Case) -> None:
    for card in CARDS[:2]:
        rate(desk, case, card, "definitely")
        desk.send(f"{root(case)}/order", add=card)
    desk.send(f"{root(case)}/words/1", why="You told me the nights are long.", go="next")
    desk.send(f"{root(case)}/goal?open=1", to=f"{root(case)}/goal", option="less")
    desk.send(f"{root(case)}/goal", to=f"{root(case)}/goal/words", words="A fair first step.", go="next")
    done = desk.send(f"{root(case)}/check")
    assert done.location == f"{root(case)}/done"
    assert desk.get(done.location).location == f"/desk/clients/{case.client_id}"

    kept = held(case, Party.KEYWORKER)
    assert kept.finished
    assert kept.record.author_id == case.keyworker_id
    assert kept.cards[CARDS[0]].why == "You told me the nights are long."
    with case.database.reading() as db:
        assert sorts.choices(db, kept.record)[0].words == "A fair first step."


def test_the_keyworker_answers_their_own_question_in_their_own_colour(desk: Police, case: Case) -> None:
    said = desk.application.extensions["decks"].card_words("life-areas", "en")
    page = desk.page(f"{root(case)}/card/1")
    assert page.find(id="question").text == said.questions["keyworker"]
    answers = page.select(".choice")
    assert [button.find(class_="label").text for button in answers] == list(said.answers["keyworker"].values())
    assert {button["data-party"] for button in answers} == {"keyworker"}


def test_what_is_the_clients_alone_is_not_asked(desk: Police, case: Case) -> None:
    for path in ("say", "safe", "safe/1", "own", "listened", "welcome", "back"):
        assert desk.get(f"{root(case)}/{path}").status_code == 404, path
    rate(desk, case, CARDS[0], "definitely")
    desk.send(f"{root(case)}/order", add=CARDS[0])
    fields = {field["name"] for field in desk.page(f"{root(case)}/words/1").select("textarea, input:not([type=hidden])")}
    assert fields == {"why"}
    page = words(desk.get(f"{root(case)}/check"))
    assert "To keep you safe" not in page


def test_nothing_tells_the_keyworker_of_the_clients_sort(app: Flask, database: Database) -> None:
    """The same pages, letter for letter, whether the client has finished or not begun."""
    alone, other = a_case(database).with_round(), a_case(database, reference="RE-2").with_open_sorts().sorted_by_client()
    seen = []
    for each in (alone, other):
        desk = seated_keyworker(app, each)
        desk.post(f"{root(each)}/", data={"csrf_token": desk.page("/desk/").find("input", attrs={"name": "csrf_token"})["value"]})
        with database.writing() as db:
            record = sorts.record_of(db, each.round(db), Party.KEYWORKER)
            assert record is not None
            record.seed = 7
        desk.send(f"{root(each)}/card/1", answer="definitely")
        paths = ("card/1", "cards", "order", "words", "goal", "check")
        seen.append([words(desk.get(f"{root(each)}/{path}")) for path in paths])
    assert seen[0] == seen[1]


def test_a_round_of_somebody_elses_client_does_not_exist(app: Flask, database: Database, desk: Police) -> None:
    other = a_case(database, login="idris", reference="RE-9").with_round()
    for path in ("", "card/1", "order", "words", "goal", "check", "done"):
        assert desk.get(f"{root(other)}/{path}").status_code == 404, path
    assert desk.get("/desk/rounds/no-such-round/sort/").status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("card/1", {"answer": "certainly"}),
        ("order", {"add": "no-such-card"}),
        ("goal", {"option": "everything"}),
        ("goal/words", {"words": "before anything is chosen"}),
        ("ask", {"words": ""}),
        ("ask/1", {"words": "x" * 2001}),
    ],
)
def test_what_nobody_offered_is_refused(desk: Police, case: Case, path: str, fields: dict[str, str]) -> None:
    token = desk.page(f"{root(case)}/card/1").find("input", attrs={"name": "csrf_token"})["value"]
    assert desk.post(f"{root(case)}/{path}", data={**fields, "csrf_token": token}).status_code == 422


def test_a_finished_sort_never_changes(desk: Police, case: Case) -> None:
    token = desk.page(f"{root(case)}/card/1").find("input", attrs={"name": "csrf_token"})["value"]
    desk.send(f"{root(case)}/check")
    for path in ("card/1", "order", "words/1", "goal", "goal/words", "goal/look", "ask", "check"):
        assert desk.post(f"{root(case)}/{path}", data={"csrf_token": token, "answer": "possibly"}).status_code == 409, path
    assert desk.get(f"{root(case)}/card/1").location == f"{root(case)}/done"


def test_the_desk_cannot_open_the_clients_screens(desk: Police) -> None:
    for path in ("/s/", "/s/card/1", "/s/check", "/s/safe/1"):
        assert desk.get(path).status_code == 404, path
