"""The client's own sort, from Welcome to Done, without script."""

import pytest
from flask import Flask
from sqlalchemy import event

from decisionaid.core.deck_safety import SafetyQuestion
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from tests.builders import CARDS, DECK, DECKS, Case, a_case
from tests.police import Police, words
from tests.web.sorters import held, one, order, rate, tablet_of, token

QUESTIONS: tuple[SafetyQuestion, ...] = DECKS.safety("safety-check").questions
RED = DECKS.safety_words("safety-check", "en").red_cards


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def test_a_whole_sort_goes_from_welcome_to_done(tablet: Police, case: Case) -> None:
    tablet.send("/s/say", say="together")
    tablet.send("/s/say", advice="options")
    for card in (*CARDS[:4], "drinking"):
        rate(tablet, case, card, "definitely")
    for card in CARDS[:3]:
        tablet.send("/s/order", add=card)
    tablet.send("/s/words", what_matters="My afternoons.")
    tablet.send("/s/words/1", success="A quiet room.", importance="0", confidence="10", go="next")
    tablet.send("/s/goal", option="less")
    tablet.send("/s/goal", to="/s/goal/words", words="Nothing before six.")
    for number in range(1, len(QUESTIONS) + 1):
        tablet.send(f"/s/safe/{number}", answer="skipped")
    tablet.send("/s/check")

    kept = held(case)
    assert kept.finished
    assert (kept.record.say, kept.record.advice, kept.record.what_matters) == ("together", "options", "My afternoons.")
    first = kept.cards[CARDS[0]]
    assert (first.place, first.success, first.importance, first.confidence) == (1, "A quiet room.", 0, 10)
    with case.database.reading() as db:
        choices = [(choice.option, choice.words) for choice in sorts.choices(db, kept.record)]
        assert sorts.safety_replies(db, kept.record) == {question.id: "skipped" for question in QUESTIONS}
    assert choices == [("less", "Nothing before six."), ("less", "")]
    assert one(tablet.page("/s/done"), "h1").text == "Thank you, Rowan"


def test_every_card_says_where_it_stands_in_words_and_never_in_figures(tablet: Police) -> None:
    said = {one(tablet.page(f"/s/card/{place}"), ".path .here").text.strip() for place in (1, 5, 12, 20, 24)}
    assert len(said) == 5
    assert not any(letter.isdigit() for sentence in said for letter in sentence)


def test_coming_back_resumes_where_the_person_was(tablet: Police, case: Case) -> None:
    tablet.send("/s/say", say="mine")
    tablet.send("/s/card/1", answer="definitely")
    tablet.send("/s/card/2", answer="skipped")
    assert tablet.get("/s/").location == "/s/card/3"
    tablet.send("/s/order", add=held(case).shown(CARDS)[0])
    assert tablet.get("/s/").location == "/s/order"
    tablet.send("/s/words", what_matters="Rest.")
    assert tablet.get("/s/").location == "/s/words"


def test_cards_move_up_and_down_and_out_and_all_at_once(tablet: Police, case: Case) -> None:
    a, b, c = CARDS[:3]
    for card in (a, b, c):
        rate(tablet, case, card, "definitely")
        tablet.send("/s/order", add=card)
    steps = [("up", c, [a, c, b]), ("down", a, [c, a, b]), ("out", a, [c, b]), ("up", c, [c, b])]
    for tool, card, expected in steps:
        tablet.send("/s/order", **{tool: card})  # type: ignore[arg-type]
        assert order(case) == expected
    tablet.send("/s/order", order=[b, c])
    assert order(case) == [b, c]


def test_a_card_answered_not_now_gives_up_its_place(tablet: Police, case: Case) -> None:
    rate(tablet, case, CARDS[0], "possibly")
    tablet.send("/s/order", add=CARDS[0])
    rate(tablet, case, CARDS[0], "definitely_not")
    assert order(case) == []


def test_an_own_card_is_rated_placed_and_taken_away_like_any_other(tablet: Police, case: Case) -> None:
    added = tablet.send("/s/own", title="  My allotment ")
    assert added.location == "/s/card/25"
    tablet.send("/s/card/25", answer="definitely")
    tablet.send("/s/order", add="own-1")
    assert "My allotment" in words(tablet.get("/s/order"))
    tablet.send("/s/card/25", to="/s/card/25/remove")
    assert held(case).own == ()
    assert "own-1" not in held(case).cards


def test_questions_stay_with_their_card_and_can_be_taken_back(tablet: Police) -> None:
    tablet.send("/s/ask/3", words="Who would come with me?")
    tablet.send("/s/ask", words="How long does it take?")
    assert "Who would come with me?" in words(tablet.get("/s/check"))
    assert "Who would come with me?" not in words(tablet.get("/s/ask"))
    tablet.send("/s/ask/3", to="/s/ask/3/drop", drop=one(tablet.page("/s/ask/3"), "[name=drop]")["value"])
    assert "Who would come with me?" not in words(tablet.get("/s/check"))
    assert "How long does it take?" in words(tablet.get("/s/check"))


def offered(tablet: Police, path: str = "/s/goal") -> int:
    return len(tablet.page(path).select("button[name=option]"))


def test_the_drinking_part_opens_by_the_cards_own_answer_or_by_choice(tablet: Police, case: Case) -> None:
    assert (offered(tablet), offered(tablet, "/s/goal?open=1")) == (0, 5)
    rate(tablet, case, "drinking", "possibly")
    assert offered(tablet) == 5
    rate(tablet, case, "drinking", "definitely_not")
    assert offered(tablet) == 0
    tablet.send("/s/goal?open=1", to="/s/goal", option="unsure")
    assert offered(tablet) == 5


def test_the_choices_are_equal_and_none_is_chosen_before_the_person_does(tablet: Police) -> None:
    page = tablet.page("/s/goal?open=1")
    options = page.select("button[name=option]")
    assert {str(button["aria-pressed"]) for button in options} == {"false"}
    assert {str(button["class"]) for button in options} == {"['option-choice']"}
    assert [tag.get("class") for tag in page.select(".safety, .options")] == [["safety"], ["options"]]
    assert not page.select(".bottom-bar .button-main")


def test_each_choice_keeps_its_own_words_when_the_mind_changes(tablet: Police) -> None:
    tablet.send("/s/goal?open=1", to="/s/goal", option="less")
    tablet.send("/s/goal", to="/s/goal/words", words="Two days with none.")
    tablet.send("/s/goal", option="stop")
    assert one(tablet.page("/s/goal"), "textarea").text.strip() == ""
    tablet.send("/s/goal", option="less")
    assert one(tablet.page("/s/goal"), "textarea").text.strip() == "Two days with none."


def test_that_a_choice_was_opened_in_full_is_noted(tablet: Police, case: Case) -> None:
    tablet.send("/s/goal?open=1", to="/s/goal/look", look="2")
    assert seen_options(case) == {"less"}
    tablet.send("/s/goal/2", to="/s/goal/look", look="all")
    assert len(seen_options(case)) == 5


def seen_options(case: Case) -> set[str]:
    with case.database.reading() as db:
        record = sorts.record_of(db, case.round(db), Party.CLIENT)
        assert record is not None
        return sorts.views(db, record)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_warning_answer_shows_the_red_card_at_once_and_no_other_does(
    tablet: Police, question: SafetyQuestion
) -> None:
    path = f"/s/safe/{QUESTIONS.index(question) + 1}"
    answers = {answer.id: answer.warns for answer in question.answers} | {"skipped": True}
    assert {False, True} == set(answers.values())
    for answer, warns in answers.items():
        tablet.send(path, answer=answer)
        card = one(tablet.page(path), "[data-warning]")
        assert card.has_attr("hidden") is not warns, answer
        titles = [title.get_text() for title in card.select(".safety .safety-title")]
        assert titles == [RED[danger].title for danger in question.dangers]


@pytest.mark.parametrize(("card", "danger"), [("drinking", "drinking"), ("drugs", "drugs")])
def test_each_red_card_says_its_own_signs_and_none_of_the_others(
    tablet: Police, case: Case, card: str, danger: str
) -> None:
    page = tablet.page(f"/s/card/{held(case).shown(CARDS).index(card) + 1}")
    shown = one(page, ".safety")
    signs = tuple(sign.get_text() for sign in shown.select(".safety-full .signs li"))
    assert (one(shown, ".safety-title").get_text(), signs) == (RED[danger].title, RED[danger].signs)
    assert "999" in one(shown, ".safety-now").get_text()
    alcohol, drugs = (set(RED[name].signs) for name in ("drinking", "drugs"))
    assert alcohol & drugs == {"have ever had a fit"}


def test_the_drug_card_carries_its_red_card_and_those_that_warn_of_nothing_none(tablet: Police, case: Case) -> None:
    shown = held(case).shown(CARDS)
    warning = {card.id for card in DECK.cards if card.warns}
    assert "drugs" in warning
    for card in CARDS:
        page = tablet.page(f"/s/card/{shown.index(card) + 1}")
        assert bool(page.select(".safety")) is (card in warning), card


def test_the_saving_script_hears_that_a_choice_is_kept(tablet: Police, case: Case) -> None:
    sent = {"answer": "possibly", "csrf_token": token(tablet, "/s/card/1")}
    kept = tablet.post("/s/card/1", data=sent, headers={"X-Acknowledge": "1"})
    assert (kept.status_code, kept.data) == (204, b"")
    assert held(case).cards[held(case).shown(CARDS)[0]].answer == "possibly"


def queries(case: Case, tablet: Police, path: str) -> int:
    """How many statements a page takes."""
    counted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(case.database.engine, "before_cursor_execute", note)
    tablet.page(path)
    event.remove(case.database.engine, "before_cursor_execute", note)
    return len(counted)


@pytest.mark.parametrize("path", ["/s/card/1", "/s/cards", "/s/order", "/s/words", "/s/check"])
def test_a_page_takes_as_many_queries_whatever_it_shows(tablet: Police, case: Case, path: str) -> None:
    before = queries(case, tablet, path)
    for number in range(3):
        tablet.send("/s/own", title=f"Card {number}")
        tablet.send(f"/s/card/{25 + number}", answer="definitely")
        tablet.send("/s/order", add=f"own-{number + 1}")
        tablet.send(f"/s/ask/{25 + number}", words="What then?")
    assert queries(case, tablet, path) == before
