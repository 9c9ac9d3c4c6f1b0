"""The keyworker's own sort at the desk: the same screens, other words, and nothing of the client's."""

import pytest
from flask import Flask

from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from tests.builders import CARDS, DECKS, Case, a_case
from tests.police import Police, words
from tests.web.sorters import desk_of, held, one, order, rate, root, shuffle_alike, token


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    return desk_of(app, case)


def test_a_whole_sort_leads_back_to_the_clients_page(desk: Police, case: Case) -> None:
    for card in CARDS[:2]:
        rate(desk, case, card, "definitely", Party.KEYWORKER)
        desk.send(f"{root(case)}/order", add=card)
    desk.send(f"{root(case)}/words/1", why="You told me the nights are long.", go="next")
    desk.send(f"{root(case)}/goal?open=1", to=f"{root(case)}/goal", option="less")
    on = desk.send(f"{root(case)}/goal", to=f"{root(case)}/goal/words", words="A fair first step.", go="next")
    assert on.location == f"{root(case)}/check"
    done = desk.send(f"{root(case)}/check")
    assert desk.get(str(done.location)).location == f"/desk/clients/{case.client_id}"

    kept = held(case, Party.KEYWORKER)
    assert kept.finished
    assert kept.record.author_id == case.keyworker_id
    assert order(case, Party.KEYWORKER) == list(CARDS[:2])
    assert kept.cards[CARDS[0]].why == "You told me the nights are long."
    with case.database.reading() as db:
        assert sorts.choices(db, kept.record)[0].words == "A fair first step."


def test_the_keyworker_answers_their_own_question_in_their_own_colour(desk: Police, case: Case) -> None:
    said = DECKS.card_words("life-areas", "en")
    page = desk.page(f"{root(case)}/card/1")
    assert one(page, "#question").text == said.questions["keyworker"]
    answers = page.select(".choice")
    assert [one(button, ".label").text for button in answers] == list(said.answers["keyworker"].values())
    assert {str(button["data-party"]) for button in answers} == {"keyworker"}


def test_what_is_the_clients_alone_is_not_asked(desk: Police, case: Case) -> None:
    for path in ("say", "safe", "safe/1", "own", "listened", "welcome", "back"):
        assert desk.get(f"{root(case)}/{path}").status_code == 404, path
    rate(desk, case, CARDS[0], "definitely", Party.KEYWORKER)
    desk.send(f"{root(case)}/order", add=CARDS[0])
    fields = desk.page(f"{root(case)}/words/1").select("textarea, input:not([type=hidden])")
    assert [str(field["name"]) for field in fields] == ["why"]
    assert "Safety questions" not in words(desk.get(f"{root(case)}/check"))


def test_coming_back_resumes_where_the_keyworker_was(desk: Police, case: Case) -> None:
    desk.send(f"{root(case)}/card/1", answer="definitely")
    assert desk.get(f"{root(case)}/").location == f"{root(case)}/card/2"


def test_nothing_tells_the_keyworker_of_the_clients_sort(app: Flask, database: Database) -> None:
    """The same pages, letter for letter, whether the client has finished or not begun."""
    alone = a_case(database).with_round()
    other = a_case(database, reference="RE-2").with_open_sorts().sorted_by_client()
    seen = []
    for each in (alone, other):
        desk = desk_of(app, each, begun=each is alone)
        shuffle_alike(each, Party.KEYWORKER)
        desk.send(f"{root(each)}/card/1", answer="definitely")
        paths = ("card/1", "cards", "order", "words", "goal", "check")
        seen.append([words(desk.get(f"{root(each)}/{path}")) for path in paths])
    assert seen[0] == seen[1]


def test_a_round_of_somebody_elses_client_does_not_exist(database: Database, desk: Police) -> None:
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
    sent = {**fields, "csrf_token": token(desk, f"{root(case)}/card/1")}
    assert desk.heard(f"{root(case)}/{path}", sent) == 422


def test_a_finished_sort_never_changes(desk: Police, case: Case) -> None:
    sent = {"csrf_token": token(desk, f"{root(case)}/card/1"), "answer": "possibly"}
    desk.send(f"{root(case)}/check")
    for path in ("card/1", "order", "words/1", "goal", "goal/words", "goal/look", "ask", "check"):
        assert desk.heard(f"{root(case)}/{path}", sent) == 409, path
    assert desk.get(f"{root(case)}/card/1").location == f"{root(case)}/done"


def test_the_desk_cannot_open_the_clients_screens(desk: Police) -> None:
    for path in ("/s/", "/s/card/1", "/s/check", "/s/safe/1"):
        assert desk.get(path).status_code == 404, path
