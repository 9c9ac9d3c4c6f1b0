"""The client's safety check: two questions for everybody, the rest where something calls for them, and a calm end."""

import pytest
from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import DECKS, Case, a_case
from tests.police import Police
from tests.web.sorters import one, tablet_of

CHECK = DECKS.safety("safety-check")
QUESTIONS = CHECK.questions
END, OUT = "/s/safe/end", "/s/check"


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def next_of(tablet: Police, path: str) -> str:
    """Where the way on from a page leads in the end."""
    return str(tablet.get(str(one(tablet.page(path), ".bottom-bar [data-way='on']")["href"])).headers["Location"])


def answer(tablet: Police, *answers: str) -> None:
    for number, given in enumerate(answers, start=1):
        tablet.send(f"/s/safe/{number}", answer=given)


def test_two_noes_lead_to_the_end(tablet: Police) -> None:
    answer(tablet, "no", "no")
    assert next_of(tablet, "/s/safe/2") == END
    page = tablet.page(END)
    assert page.select(".safety") == []
    assert one(page, ".bottom-bar .button-main")["href"] == OUT
    shown = [term.get_text() for term in tablet.page(OUT).select("dt")]
    said = DECKS.safety_words(CHECK.id, "en").questions
    assert [id for id, question in said.items() if question.text in shown] == [gate.id for gate in CHECK.gates]
    assert tablet.get("/s/safe").headers["Location"] == "/s/safe/1"


@pytest.mark.parametrize(
    "answers",
    [("yes", "no"), ("no", "yes"), ("no", "dont_know"), ("dont_know", "no"), ("no", "skipped"), ("skipped", "no")],
    ids=" ".join,
)
def test_control_any_other_answer_leads_to_the_rest(tablet: Police, answers: tuple[str, str]) -> None:
    answer(tablet, *answers)
    assert next_of(tablet, "/s/safe/2") == "/s/safe/3"
    assert tablet.get("/s/safe").headers["Location"] == "/s/safe/3"


def test_a_gate_that_was_passed_by_leads_to_the_rest(tablet: Police) -> None:
    answer(tablet, "no")
    assert next_of(tablet, "/s/safe/2") == "/s/safe/3"


@pytest.mark.parametrize("option", [option.id for option in DECKS.options("drinking-goal").options])
def test_after_two_noes_all_is_asked_where_the_own_choice_may_mean_stopping(tablet: Police, option: str) -> None:
    tablet.send("/s/goal?open=1", to="/s/goal", option=option)
    answer(tablet, "no", "no")
    warns = DECKS.options("drinking-goal").option(option).warns
    assert next_of(tablet, "/s/safe/2") == ("/s/safe/3" if warns else END)
    tablet.send("/s/goal", option="unsure")
    assert next_of(tablet, "/s/safe/2") == END


def test_the_last_question_leads_to_the_end_and_the_end_says_what_the_answers_mean(tablet: Police) -> None:
    answer(tablet, *(next(a.id for a in question.answers if not a.warns) for question in QUESTIONS))
    last = f"/s/safe/{len(QUESTIONS)}"
    assert next_of(tablet, last) == END
    assert tablet.page(END).select(".safety") == []
    tablet.send(last, answer="yes")
    words = DECKS.safety_words(CHECK.id, "en")
    shown = tablet.page(END)
    assert [title.get_text() for title in shown.select(".safety-title")] == [words.red_cards["drinking"].title]
    assert words.tell in shown.get_text()
    tablet.send("/s/safe/2", answer="yes")
    assert len(tablet.page(END).select(".safety")) == 2


def test_an_answer_beyond_the_gates_stays_on_the_last_look(tablet: Police) -> None:
    answer(tablet, "yes", "no", "over-30")
    tablet.send("/s/safe/1", answer="no")
    text = tablet.page(OUT).get_text()
    assert "Over 30 units" in text
    assert "Are you pregnant" not in text


@pytest.mark.parametrize("given", ["yes", "skipped"])
def test_the_way_on_is_next_once_a_question_is_answered(tablet: Police, given: str) -> None:
    def shown() -> list[str]:
        links = tablet.page("/s/safe/1").select(".bottom-bar [data-way]:not([hidden])")
        return [link.get_text(strip=True) for link in links]

    assert shown() == ["Skip this for now"]
    answer(tablet, given)
    assert shown() == ["Next"]


def test_nobody_has_to_answer(tablet: Police) -> None:
    assert "I’d rather not answer" in tablet.page("/s/safe/1").get_text()
