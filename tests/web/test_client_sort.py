"""The client's own sort, from Welcome to Done, without script."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from decisionaid.casework import seats
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord, Staff
from decisionaid.storage.sorts import LoadedSort
from tests.builders import CARDS, PIN, Case, a_case
from tests.police import Police, words


def seated_client(app: Flask, case: Case) -> Police:
    """A tablet that the keyworker has given to the client of this case."""
    with case.database.writing() as db:
        keyworker = db.get_one(Staff, (case.service_id, case.keyworker_id))
        token = seats.open_desk(db, keyworker, datetime.now(UTC))
        db.flush()
        found = seats.seated(db, token, datetime.now(UTC))
        assert found is not None
        token = seats.hand_over(db, found[0], case.round(db), datetime.now(UTC))
    tablet = app.test_client()
    assert isinstance(tablet, Police)
    tablet.set_cookie("seat", token)
    return tablet


def held(case: Case, party: Party = Party.CLIENT) -> LoadedSort:
    """The sort of the case as the database holds it."""
    with case.database.reading() as db:
        found = sorts.load(db, sorts.record_of(db, case.round(db), party))
        assert found is not None
        return found


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_round()


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return seated_client(app, case)


@pytest.fixture
def begun(tablet: Police) -> Police:
    """A tablet on which the client has pressed Start."""
    tablet.send("/s/welcome")
    return tablet


def rate(tablet: Police, case: Case, card: str, answer: str) -> None:
    """Answer a card, wherever it stands in this person's shuffle."""
    place = held(case).shown(CARDS).index(card) + 1
    tablet.send(f"/s/card/{place}", answer=answer)


def test_a_whole_sort_goes_from_welcome_to_done(begun: Police, case: Case) -> None:
    begun.send("/s/say", say="together")
    begun.send("/s/say", advice="options")
    for card in CARDS[:4]:
        rate(begun, case, card, "definitely")
    rate(begun, case, "drinking", "possibly")
    for card in CARDS[:3]:
        begun.send("/s/order", add=card)
    begun.send("/s/words", what_matters="My afternoons.")
    begun.send("/s/words/1", success="A quiet room.", importance="0", confidence="10", go="next")
    begun.send("/s/goal", option="less")
    begun.send("/s/goal", to="/s/goal/words", words="Nothing before six.")
    for number in range(1, len(safety_questions(begun)) + 1):
        begun.send(f"/s/safe/{number}", answer="no" if number > 1 else "skipped")
    begun.send("/s/check")

    kept = held(case)
    assert kept.finished
    assert (kept.record.say, kept.record.advice) == ("together", "options")
    assert kept.record.what_matters == "My afternoons."
    first = kept.cards[CARDS[0]]
    assert (first.place, first.success, first.importance, first.confidence) == (1, "A quiet room.", 0, 10)
    with case.database.reading() as db:
        choices = sorts.choices(db, db.get_one(SortRecord, (case.service_id, kept.record.id)))
    assert [(choice.option, choice.words) for choice in choices] == [("less", "Nothing before six."), ("less", "")]
    assert begun.page("/s/done").h1.text == "Thank you, Rowan"


def safety_questions(tablet: Police) -> tuple[object, ...]:
    decks = tablet.application.extensions["decks"]
    return tuple(decks.safety("safety-check").questions)


def test_every_card_says_where_it_stands_in_words_and_never_in_figures(begun: Police) -> None:
    said = {begun.page(f"/s/card/{place}").find(class_="where").text.strip() for place in (1, 5, 12, 20, 24)}
    assert len(said) == 5
    assert not any(letter.isdigit() for sentence in said for letter in sentence)


def test_the_drinking_part_opens_by_the_cards_own_answer_or_by_choice(begun: Police, case: Case) -> None:
    assert not begun.page("/s/goal").find_all("button", attrs={"name": "option"})
    assert len(begun.page("/s/goal?open=1").find_all("button", attrs={"name": "option"})) == 5
    rate(begun, case, "drinking", "possibly")
    assert len(begun.page("/s/goal").find_all("button", attrs={"name": "option"})) == 5
    rate(begun, case, "drinking", "definitely_not")
    assert not begun.page("/s/goal").find_all("button", attrs={"name": "option"})


def test_the_choices_are_equal_and_none_is_chosen_before_the_person_does(begun: Police) -> None:
    page = begun.page("/s/goal?open=1")
    options = page.find_all("button", attrs={"name": "option"})
    assert {button["aria-pressed"] for button in options} == {"false"}
    assert {tuple(button["class"]) for button in options} == {("option-choice",)}
    assert page.find(class_="safety").sourceline < options[0].sourceline
    assert not page.select(".bottom-bar .button-main")


def test_each_choice_keeps_its_own_words_when_the_mind_changes(begun: Police, case: Case) -> None:
    begun.send("/s/goal?open=1", to="/s/goal", option="less")
    begun.send("/s/goal", to="/s/goal/words", words="Two days with none.")
    begun.send("/s/goal", option="stop")
    assert begun.page("/s/goal").find("textarea", attrs={"name": "words"}).text.strip() == ""
    begun.send("/s/goal", option="less")
    assert begun.page("/s/goal").find("textarea", attrs={"name": "words"}).text.strip() == "Two days with none."


def test_that_a_choice_was_opened_in_full_is_noted(begun: Police, case: Case) -> None:
    begun.send("/s/goal?open=1", to="/s/goal/look", look="2")
    assert seen_options(case) == {"less"}
    begun.send("/s/goal/2", to="/s/goal/look", look="all")
    assert len(seen_options(case)) == 5


def seen_options(case: Case) -> set[str]:
    with case.database.reading() as db:
        record = sorts.record_of(db, case.round(db), Party.CLIENT)
        assert record is not None
        return sorts.views(db, record)


@pytest.mark.parametrize(("answer", "red"), [("no", False), ("yes", True), ("dont_know", True), ("skipped", True)])
def test_a_warning_answer_shows_the_red_card_at_once(begun: Police, answer: str, red: bool) -> None:
    number, question = next(
        (n, q) for n, q in enumerate(safety_questions(begun), start=1) if {a.id for a in q.answers} >= {"yes", "no"}
    )
    if answer == "no" and question.warns("no"):
        pytest.skip("this question has no calm no")
    begun.send(f"/s/safe/{number}", answer=answer)
    card = begun.page(f"/s/safe/{number}").find(attrs={"data-warning": True})
    assert card.has_attr("hidden") is not red


def test_the_drug_card_carries_its_red_card_and_others_none(begun: Police, case: Case) -> None:
    decks = begun.application.extensions["decks"]
    shown = held(case).shown(CARDS)
    for card in decks.cards("life-areas").cards:
        page = begun.page(f"/s/card/{shown.index(card.id) + 1}")
        assert bool(page.find(class_="safety")) is card.warns


def test_an_own_card_is_rated_placed_and_taken_away_like_any_other(begun: Police, case: Case) -> None:
    added = begun.send("/s/own", title="  My allotment ")
    assert added.location == "/s/card/25"
    begun.send("/s/card/25", answer="definitely")
    begun.send("/s/order", add="own-1")
    assert "My allotment" in words(begun.get("/s/order"))
    begun.send("/s/card/25", to="/s/card/25/remove")
    assert held(case).own == ()
    assert "own-1" not in held(case).cards


def test_an_own_card_is_refused_without_a_title_and_when_there_are_ten(begun: Police, case: Case) -> None:
    begun.send("/s/own", title="  ", status=422)
    begun.send("/s/own", title="x" * 81, status=422)
    for number in range(10):
        begun.send("/s/own", title=f"Card {number}")
    refused = begun.send("/s/own", title="One more", status=422)
    assert "One more" in refused.text
    assert len(held(case).own) == 10


def test_questions_stay_with_their_card_and_can_be_taken_back(begun: Police, case: Case) -> None:
    begun.send("/s/ask/3", words="Who would come with me?")
    begun.send("/s/ask", words="How long does it take?")
    assert "Who would come with me?" in words(begun.get("/s/check"))
    assert "Who would come with me?" not in words(begun.get("/s/ask"))
    begun.send("/s/ask/3", to="/s/ask/3/drop", drop="1")
    assert "Who would come with me?" not in words(begun.get("/s/check"))
    assert "How long does it take?" in words(begun.get("/s/check"))


def test_coming_back_resumes_where_the_person_was(begun: Police, case: Case) -> None:
    begun.send("/s/say", say="mine")
    begun.send("/s/card/1", answer="definitely")
    begun.send("/s/card/2", answer="skipped")
    assert begun.get("/s/").location == "/s/card/3"
    begun.send("/s/order", add=held(case).shown(CARDS)[0])
    assert begun.get("/s/").location == "/s/order"
    begun.send("/s/words", what_matters="Rest.")
    assert begun.get("/s/").location == "/s/words"


def test_moving_cards_up_down_and_out(begun: Police, case: Case) -> None:
    for card in CARDS[:3]:
        rate(begun, case, card, "definitely")
        begun.send("/s/order", add=card)
    a, b, c = CARDS[:3]
    for step, expected in [({"up": c}, [a, c, b]), ({"down": a}, [c, a, b]), ({"out": a}, [c, b]), ({"up": c}, [c, b])]:
        begun.post("/s/order", data={**step, "csrf_token": token(begun)})
        assert list(held(case).value(CARDS, 5).order) == expected
    begun.post("/s/order", data={"order": [b, c], "csrf_token": token(begun)})
    assert list(held(case).value(CARDS, 5).order) == [b, c]


def token(tablet: Police, path: str = "/s/order") -> str:
    return str(tablet.page(path).find("input", attrs={"name": "csrf_token"})["value"])


def test_the_saving_script_hears_that_a_choice_is_kept(begun: Police, case: Case) -> None:
    kept = begun.post(
        "/s/card/1", data={"answer": "possibly", "csrf_token": token(begun, "/s/card/1")}, headers={"X-Acknowledge": "1"}
    )
    assert (kept.status_code, kept.data) == (204, b"")
    assert held(case).cards[held(case).shown(CARDS)[0]].answer == "possibly"


def test_finishing_needs_the_answers_that_were_on_the_page(begun: Police, case: Case) -> None:
    begun.send("/s/card/1", answer="possibly")
    seen = begun.page("/s/check").find("input", attrs={"name": "seen"})["value"]
    begun.send("/s/card/2", answer="possibly")
    begun.send("/s/check", seen=seen, status=409)
    assert not held(case).finished
    begun.send("/s/check")
    assert held(case).finished


def test_a_finished_sort_refuses_every_change_and_shows_done(begun: Police, case: Case) -> None:
    begun.send("/s/card/1", answer="possibly")
    before = token(begun)
    begun.send("/s/check")
    for path in POSTS:
        refused = begun.post(path, data={"csrf_token": before, "answer": "possibly", "words": "x"})
        assert refused.status_code == 409, path
    for path in ("/s/", "/s/welcome", "/s/card/1", "/s/order", "/s/check", "/s/goal", "/s/safe/1"):
        assert begun.get(path).location == "/s/done", path


POSTS = (
    "/s/say", "/s/card/1", "/s/own", "/s/card/1/remove", "/s/order", "/s/words", "/s/words/1", "/s/goal", "/s/goal/words",
    "/s/goal/look", "/s/ask", "/s/ask/1", "/s/ask/drop", "/s/safe/1", "/s/check", "/s/listened", "/s/last/1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/s/say", {"say": "everything"}),
        ("/s/card/1", {"answer": "certainly"}),
        ("/s/card/1", {}),
        ("/s/order", {"add": "no-such-card"}),
        ("/s/order", {"add": "not-rated"}),
        ("/s/order", {"up": "nowhere"}),
        ("/s/order", {"out": "nowhere"}),
        ("/s/words", {"what_matters": "x" * 2001}),
        ("/s/words/1", {"success": "x" * 2001}),
        ("/s/words/1", {"importance": "11"}),
        ("/s/words/1", {"confidence": "-1"}),
        ("/s/words/1", {"confidence": "many"}),
        ("/s/goal", {"option": "everything"}),
        ("/s/goal", {}),
        ("/s/goal/words", {"words": "before anything is chosen"}),
        ("/s/goal/look", {"look": "6"}),
        ("/s/goal/look", {"look": "0"}),
        ("/s/ask", {"words": " "}),
        ("/s/ask/1", {"words": "x" * 2001}),
        ("/s/ask/drop", {"drop": "1"}),
        ("/s/safe/1", {"answer": "perhaps"}),
        ("/s/safe/1", {}),
    ],
)
def test_what_nobody_offered_is_refused_at_its_field(
    begun: Police, case: Case, path: str, fields: dict[str, str]
) -> None:
    rate(begun, case, CARDS[0], "definitely")
    begun.send("/s/order", add=CARDS[0])
    refused = begun.post(path, data={**fields, "csrf_token": token(begun)})
    assert refused.status_code == 422
    page = begun.page("/s/check")
    assert page
    summary = refused.text.partition("data-error-summary")[2]
    target = summary.partition('href="#')[2].partition('"')[0]
    assert f'id="{target}"' in refused.text, f"the summary links to #{target}, which is nowhere"


def test_placing_a_card_twice_is_refused(begun: Police, case: Case) -> None:
    for card in CARDS[:2]:
        rate(begun, case, card, "definitely")
        begun.send("/s/order", add=card)
    for twice in ({"add": CARDS[0]}, {"order": [CARDS[0], CARDS[0]]}):
        assert begun.post("/s/order", data={**twice, "csrf_token": token(begun)}).status_code == 422
    assert list(held(case).value(CARDS, 5).order) == list(CARDS[:2])


def test_a_sixth_place_is_refused(begun: Police, case: Case) -> None:
    for card in CARDS[:6]:
        rate(begun, case, card, "definitely")
    for card in CARDS[:5]:
        begun.send("/s/order", add=card)
    assert begun.post("/s/order", data={"add": CARDS[5], "csrf_token": token(begun)}).status_code == 422


def test_too_long_a_text_comes_back_as_it_was_typed(begun: Police) -> None:
    typed = "My afternoons. " * 200
    refused = begun.send("/s/words", what_matters=typed, status=422)
    assert typed.strip() in refused.text


@pytest.mark.parametrize(
    "path",
    ["/s/card/0", "/s/card/25", "/s/card/x", "/s/words/1", "/s/words/0", "/s/goal/0", "/s/goal/6", "/s/safe/99", "/s/ask/25",
     "/s/last", "/s/last/1", "/s/listened"],
)  # fmt: skip
def test_a_place_out_of_range_does_not_exist(begun: Police, path: str) -> None:
    assert begun.get(path).status_code == 404


def test_no_page_answers_before_the_sort_has_begun(tablet: Police) -> None:
    for path in ("/s/card/1", "/s/order", "/s/check", "/s/say"):
        assert tablet.get(path).location == "/s/", path
    assert tablet.get("/s/").location == "/s/welcome"


def test_addresses_and_titles_tell_nothing(begun: Police) -> None:
    paths = ("/s/welcome", "/s/say", "/s/card/1", "/s/cards", "/s/order", "/s/words", "/s/goal?open=1", "/s/goal/1", "/s/goal/all")
    titles = [begun.page(path).title.text.strip() for path in (*paths, "/s/ask", "/s/ask/1", "/s/safe/1", "/s/check", "/s/own")]
    assert not any(word in title.lower() for title in titles for word in ("drink", "alcohol", "drug", "rowan", "treat"))
    assert len(set(titles)) >= len(titles) - 1  # the two pages for asking share a title


def test_leaving_ends_the_session_on_the_server(begun: Police) -> None:
    left = begun.send("/s/card/1", to="/s/leave")
    assert left.location == "/away"
    assert begun.get("/s/card/1").location == "/sign-in"


@pytest.mark.parametrize(("to", "where"), [("desk", "/desk/"), ("together", "/together/")])
def test_the_tablet_is_taken_back_with_the_pin(begun: Police, to: str, where: str) -> None:
    assert begun.send("/s/back", pin=PIN, go=to).location == where
    assert begun.get("/s/card/1").status_code == 404


def test_five_wrong_pins_leave_only_the_sign_in(begun: Police) -> None:
    for left in ("4 more", "3 more", "2 more", "One more"):
        assert left in words(begun.send("/s/back", pin="111222", go="desk", status=422))
    spent = begun.send("/s/back", pin="111222", go="desk", status=422)
    assert "/sign-in" in spent.text
    right = begun.post("/s/back", data={"pin": PIN, "go": "desk", "csrf_token": token(begun)})
    assert right.status_code == 422
    assert begun.get("/s/card/1").status_code == 200


@pytest.mark.parametrize("fields", [{"pin": "", "go": "desk"}, {"pin": "12ab56", "go": "desk"}, {"pin": PIN, "go": "home"}])
def test_a_pin_that_is_none_costs_no_try(begun: Police, fields: dict[str, str]) -> None:
    begun.send("/s/back", status=422, **fields)
    assert begun.send("/s/back", pin=PIN, go="desk").location == "/desk/"


def test_nothing_tells_the_client_of_the_keyworkers_sort(app: Flask, database: Database) -> None:
    """The same pages, letter for letter, whether the keyworker has finished or not begun."""
    alone, other = a_case(database).with_round(), a_case(database, reference="RE-2").with_open_sorts()
    other.sorted_by_keyworker()
    seen = []
    for each in (alone, other):
        tablet = seated_client(app, each)
        tablet.send("/s/welcome")
        with database.writing() as db:
            record = sorts.record_of(db, each.round(db), Party.CLIENT)
            assert record is not None
            record.seed = 7
        tablet.send("/s/card/1", answer="definitely")
        seen.append([words(tablet.get(path)) for path in ("/s/card/1", "/s/cards", "/s/order", "/s/words", "/s/goal", "/s/check", "/s/back")])
    assert seen[0] == seen[1]
