"""Talking a card through: six outcomes, both reasons, and two who save at once."""

from datetime import date

import pytest
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.core.negotiation import DRINKING, Outcome
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import OptionChoice, Settlement, SortCard, SortRecord
from decisionaid.storage.models.sorts import Advice, Say
from decisionaid.web.together.points import Choices, Point
from tests.builders import CARDS, a_case
from tests.police import Police, parsed, words
from tests.web.together_table import days, in_days, sit, write


@pytest.fixture
def table(app: Flask, database: Database) -> Police:
    """The two sit over a comparison; the first card to talk about is wanted by the client and not by the keyworker."""
    return sit(app, a_case(database).sorted_by_both().confirmed())


def settled(database: Database) -> Settlement:
    """The one settlement there is."""
    with database.reading() as db:
        return db.query(Settlement).one()


@pytest.mark.parametrize("outcome", ["client_choice", "keyworker_accepted"])
def test_one_press_settles(table: Police, database: Database, outcome: str) -> None:
    write(table, "/together/card/1", {"heard": "You want a room", "outcome": outcome})
    row = settled(database)
    assert (row.outcome, row.heard) == (outcome, "You want a room")


@pytest.mark.parametrize("outcome", ["in_between", "try_until", "left_open", "differ"])
def test_what_needs_more_words_asks_for_them(table: Police, database: Database, outcome: str) -> None:
    answer = write(table, "/together/card/1", {"heard": "You want a room", "outcome": outcome})
    assert answer.headers["Location"] == f"/together/card/1/{outcome}"
    assert settled(database).outcome is None
    more = {"words": "So be it", **(days("until", in_days(9)) if outcome == "try_until" else {})}
    reason = {"reason": "No room is free"} if outcome in ("left_open", "differ") else {}
    write(table, f"/together/card/1/{outcome}", {**more, **reason})
    row = settled(database)
    assert (row.outcome, row.words, row.heard) == (Outcome(outcome), "So be it", "You want a room")
    assert row.until == (in_days(9) if outcome == "try_until" else None)


def test_a_clear_wish_that_is_not_followed_needs_a_reason(table: Police, database: Database) -> None:
    refused = write(table, "/together/card/1/differ", {"words": "We see it in two ways"}, status=422)
    assert "Write why it is not done for now" in words(refused)
    assert "We see it in two ways" in refused.text
    with database.reading() as db:
        assert db.query(Settlement).count() == 0


def test_a_day_that_has_passed_is_put_right_at_the_field(table: Police) -> None:
    refused = write(table, "/together/card/1/try_until", days("until", date(2020, 1, 31)), status=422)
    page = parsed(refused)
    assert "This day has passed" in page.find(id="until-error").get_text()  # type: ignore[union-attr]
    assert page.find(id="until")["value"] == "31"  # type: ignore[index]


def test_the_client_says_whether_it_was_heard_right(table: Police, database: Database) -> None:
    write(table, "/together/card/1", {"heard": "You want a room", "right": "no"})
    assert settled(database).heard_right is False
    write(table, "/together/card/1", {"heard": "You want your own room", "right": "yes"})
    row = settled(database)
    assert (row.heard_right, row.heard, row.version) == (True, "You want your own room", 2)


@pytest.mark.parametrize("path", ["/together/card/1", "/together/card/1/in_between"])
def test_whoever_saves_second_sees_both_texts(table: Police, database: Database, path: str) -> None:
    field = "heard" if path.endswith("1") else "words"
    opened = parsed(table.get(path))
    form = next(form for form in opened.find_all("form") if form["action"] == path)
    seen = {str(box["name"]): str(box["value"]) for box in form.find_all("input", type="hidden")}
    write(table, path, {field: "Saved first"})
    second = table.press(path, {**seen, field: "Typed meanwhile"}, status=409)
    assert "Saved first" in second.text
    assert "Typed meanwhile" in second.text
    assert getattr(settled(database), field) == "Saved first"
    again = parsed(second)
    form = next(form for form in again.find_all("form") if form["action"] == path)
    seen = {str(box["name"]): str(box["value"]) for box in form.find_all("input", type="hidden")}
    assert table.post(path, data={**seen, field: "Typed meanwhile"}).status_code == 303
    assert getattr(settled(database), field) == "Typed meanwhile"


def test_the_clients_words_are_never_overwritten(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    with database.reading() as db:
        before = [(row.card_id, row.success, row.why) for row in db.query(SortCard).order_by(SortCard.card_id)]
    write(table, "/together/card/1", {"heard": "Something else", "outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    write(table, "/together/goal/1", {"success": "In other words", "why": "Others"})
    with database.reading() as db:
        after = [(row.card_id, row.success, row.why) for row in db.query(SortCard).order_by(SortCard.card_id)]
    assert before == after


def test_what_the_client_said_alone_is_used_in_the_talk(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts()
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sort = sorts.load(db, record)
        assert sort is not None
        sorting.say(record, how_much=Say.TOGETHER, advice=Advice.OPINION, now=case.later())
        said = {"why": "It is cold", "success": "A key", "importance": 9, "confidence": 0, "confidence_why": "No money"}
        sorting.describe_card(db, sort, CARDS, CARDS[0], said, case.later())
        sorting.ask(db, record, CARDS[0], "Who pays?", case.later())
    table = sit(app, case.sorted_by_both().confirmed())
    assert "Rowan wants to decide together. Maya, Rowan would like to hear what you think." in words(
        table.get("/together/side-by-side")
    )
    shown = words(table.get("/together/card/1"))
    for part in ("It is cold", "A key", "matters: 9 of 10.", "sure I am: 0 of 10. “No money”", "“Who pays?”"):
        assert part in shown
    assert "This is advice, not a rule." in shown


def test_every_card_has_its_page_and_no_other(table: Police) -> None:
    shown = parsed(table.get("/together/table"))
    numbers = sorted({int(str(link["href"]).rsplit("/", 1)[1]) for link in shown.select("a[href^='/together/card/']")})
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 24
    for number in numbers:
        assert table.get(f"/together/card/{number}").status_code == 200
    assert table.get(f"/together/card/{len(numbers) + 1}").status_code == 404
    assert table.get("/together/card/0").status_code == 404
    assert table.get("/together/card/1/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("option", "rating"),
    [("stop", Rating.DEFINITELY), ("less", Rating.DEFINITELY), ("unsure", None), (None, None)],
)
def test_not_sure_yet_is_no_clear_wish(option: str | None, rating: Rating | None) -> None:
    chosen = OptionChoice(option=option) if option else None
    point = Point(1, DRINKING, "", "", None, None, Choices(chosen, OptionChoice(option="stop")))
    assert point.client_rating is rating


@pytest.mark.parametrize(("option", "settles"), [("unsure", True), ("less", False)])
def test_a_drinking_goal_that_is_not_sure_yet_asks_for_no_reason(
    app: Flask, database: Database, option: str, *, settles: bool
) -> None:
    case = a_case(database).with_open_sorts()
    with database.writing() as db:
        sorting.choose_option(
            db, db.get_one(SortRecord, (case.service_id, case.client_sort_id)), option, "", case.later()
        )
    table = sit(app, case.sorted_by_both().confirmed())
    drinking = str(table.page("/together/side-by-side").select(".talk-list a")[-1]["href"])
    form = table.page(f"{drinking}/differ").select("main form")[-1]
    held = {str(box["name"]): str(box.get("value", "")) for box in form.select("input[type=hidden]")}
    table.post(f"{drinking}/differ", data={**held, "words": "We see it in two ways"})
    with database.reading() as db:
        assert [row.outcome for row in db.query(Settlement)] == ([Outcome.DIFFER] if settles else [])
