"""The plan's screens: each field on one of them and on paper, the safety rule, what cannot be typed."""

from datetime import date

import pytest
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.core.plan import FIELDS, text_hash
from decisionaid.storage import queries_plan
from decisionaid.storage.database import Database
from decisionaid.storage.models import CrisisLine, Plan, PlanText, SortRecord
from tests.builders import DECK, DECKS, Case, a_case
from tests.police import Police, parsed, words
from tests.web.doors import sat_once
from tests.web.together_table import both_sign, days, in_days, paper, printed, sit, write

SCREENS = {
    "drinking_words": ("/together/choice", None, "drinking_words"),
    "fourth_goal_reason": ("/together/goals", "/together/goals/reasons", "reasons-fourth_goal_reason"),
    "no_goal_reason": ("/together/goals", "/together/goals/reasons", "reasons-no_goal_reason"),
}
"""Where the fields are that do not stand on a page of text alone."""
TEXT_PAGES = ("ourselves", "differences", "hard-days", "support")
LONG = "x" * 2001


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    return sat_once(without_a_goal, app, case)


def without_a_goal(app: Flask, case: Case) -> Police:
    """The two sit over a plan without a goal, and say why."""
    browser = sit(app, case)
    token = str(browser.page("/together/goals").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    browser.post("/together/goals/reasons", data={"csrf_token": token, "reasons-edition": "1"})
    write(browser, "/together/goals", {"reasons-no_goal_reason": "A rest first"}, to="/together/goals/reasons")
    return browser


def a_goal(table: Police, title: str, **more: str) -> None:
    """A goal in words of its own."""
    write(table, "/together/goals", {"title": title, **more})


def screen_of(table: Police, field: str) -> tuple[str, str | None, str]:
    """The page with this field, where it is sent, and what it is called there. There is one such page."""
    if field in SCREENS:
        return SCREENS[field]
    paths = [f"/together/plan/{part}" for part in TEXT_PAGES]
    [path] = [path for path in paths if table.page(path).find("textarea", attrs={"name": field})]
    return path, None, field


def fill_in(table: Police, field: str) -> str:
    """Write something into a field on its screen; it was not on the plan before, and is now."""
    said = f"Zebras and {field.replace('_', ' ')}"
    path, to, name = screen_of(table, field)
    assert said not in words(table.get("/together/preview"))
    write(table, path, {name: said}, to=to)
    assert said in words(table.get("/together/preview")), field
    return said


def test_each_field_has_its_screen_and_is_found_on_paper(table: Police) -> None:
    said = [fill_in(table, field.name) for field in FIELDS if field.name != "fourth_goal_reason"]
    both_sign(table)
    text = printed(paper(table))
    assert [each for each in said if each not in text] == []


def test_why_there_are_more_than_three_goals_is_found_on_paper(table: Police) -> None:
    for number in range(3):
        a_goal(table, f"Goal {number}")
    a_goal(table, "Goal 3", fourth_goal_reason="Because")
    said = fill_in(table, "fourth_goal_reason")
    both_sign(table)
    assert said in printed(paper(table))


def test_once_there_are_three_again_the_plan_does_not_say_why_there_are_more(table: Police) -> None:
    for number in range(3):
        a_goal(table, f"Goal {number}")
    a_goal(table, "Goal 3", fourth_goal_reason="They hang together")
    assert "They hang together" in words(table.get("/together/preview"))
    write_do(table, 4, "drop")
    assert "They hang together" not in words(table.get("/together/preview"))


def test_what_is_empty_is_left_out_but_the_crisis_lines(table: Police) -> None:
    both_sign(table)
    text = printed(paper(table))
    for heading in (
        "Where we disagree",
        "What can wait, and why",
        "What I’m waiting for",
        "Risks",
        "Still to answer",
        "Who may know",
    ):
        assert heading not in text
    for number in ("999", "111", "116 123", "01632 960117"):
        assert number in text


def test_without_a_crisis_line_nothing_is_signed_or_printed(table: Police, database: Database) -> None:
    with database.writing() as db:
        db.query(CrisisLine).filter_by(language="en").delete()
    shown = words(table.get("/together/preview"))
    assert "This service has no crisis line in this language yet" in shown
    assert freeze(table) == 422
    with database.writing() as db:
        plan = db.query(Plan).one()
        db.add(
            CrisisLine(service_id=plan.service_id, language="en", position=0, name="Night line", number="01632 960117")
        )
    assert freeze(table) == 303


def freeze(table: Police) -> int:
    """Try to freeze the text that the page shows, whether or not the page offers it."""
    page = table.get("/together/preview")
    token = str(parsed(page).find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    text = page.text.partition('<article class="plan">\n')[2].partition("\n</article>")[0]
    seen = text_hash(text, "en", 1, DECKS.digest(DECK.id, "drinking-goal", "safety-check"))
    leads_to = table.post("/together/freeze", data={"csrf_token": token, "text_hash": seen}).headers["Location"]
    return {"/together/sign": 303, "/together/preview": 422}[leads_to]


def test_one_to_three_goals_a_fourth_says_why_a_sixth_is_refused(table: Police) -> None:
    for title in ("One", "Two", "Three"):
        a_goal(table, title)
    refused = write(table, "/together/goals", {"title": "Four"}, status=422)
    assert "Write why it makes sense here" in words(refused)
    a_goal(table, "Four", fourth_goal_reason="They hang together")
    a_goal(table, "Five", fourth_goal_reason="They hang together")
    page = table.page("/together/goals")
    token = str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    sixth = table.press(
        "/together/goals", {"csrf_token": token, "title": "Six", "fourth_goal_reason": "More"}, status=422
    )
    assert "A plan can have up to 5 goals" in words(sixth)
    assert [h.get_text(strip=True) for h in table.page("/together/goals").select(".goal-row h2 a")][-1] == "Five"


def test_no_goal_needs_a_reason(app: Flask, case: Case) -> None:
    table = sit(app, case)
    a_goal(table, "Walk more")
    write_do(table, 1, "drop")
    assert "write why there is none" in words(table.get("/together/preview"))
    assert freeze(table) == 422


def write_do(table: Police, number: int, what: str) -> None:
    """Press up, down or take off beside a goal."""
    write(table, "/together/goals", {"do": what}, to=f"/together/goal/{number}/move")


def test_goals_move_up_and_down(table: Police) -> None:
    for title in ("One", "Two", "Three"):
        a_goal(table, title)
    write_do(table, 3, "up")
    write_do(table, 1, "down")
    titles = [link.get_text(strip=True) for link in table.page("/together/goals").select(".goal-row h2 a")]
    assert titles == ["Three", "One", "Two"]


def test_a_step_and_a_risk_can_be_taken_off(table: Police) -> None:
    a_goal(table, "Walk more")
    step = {"step-what": "Buy boots", "step-who": "Rowan", **days("step-by_when", in_days(3))}
    write(table, "/together/goal/1", step, to="/together/goal/1/action")
    assert "Buy boots" in words(table.get("/together/preview"))
    write(table, "/together/goal/1", to="/together/goal/1/action/remove")
    assert "Buy boots" not in words(table.get("/together/preview"))
    write(table, "/together/safe", {"risk-risk": "A bad night", "risk-reduces": "Ring Lena"}, to="/together/safe/risk")
    assert "Ring Lena" in words(table.get("/together/preview"))
    write(table, "/together/safe", to="/together/safe/risk/remove")
    assert "Ring Lena" not in words(table.get("/together/preview"))


BAD = [
    ("/together/dates", None, days("revisit", date(2020, 1, 1)), "revisit", "has passed"),
    ("/together/dates", None, days("review", date(2020, 1, 1)), "review", "has passed"),
    ("/together/dates", None, days("review", in_days(0)), "review", "in the future"),
    ("/together/dates", None, days("revisit", in_days(60)), "revisit", "2 to 4 weeks"),
    ("/together/dates", None, days("review", in_days(5)), "review", "after the first check-in"),
    ("/together/dates", None, {"review-day": "31", "review-month": "2"}, "review", "Enter a real date"),
    ("/together/dates", None, {"review-day": "soon"}, "review", "in numbers"),
    ("/together/dates", None, {"revisit-year": ""}, "revisit", "a day, a month and a year"),
    ("/together/plan/support", None, {"aftercare": LONG}, "aftercare", "characters or fewer"),
    ("/together/card/1", None, {"heard": LONG}, "heard", "characters or fewer"),
    ("/together/goals", None, {"title": ""}, "title", "want to work on"),
    ("/together/goals", None, {"title": "y" * 81}, "title", "characters or fewer"),
    ("/together/goal/1", None, {"title": ""}, "title", "will work on"),
    ("/together/goal/1", "/together/goal/1/action", {"step-what": "Go"}, "step-who", "who will do it"),
    ("/together/goal/1", "/together/goal/1/action", {"step-what": "Go", "step-who": "Me"}, "step-by_when", "a date"),
    ("/together/goal/1", "/together/goal/1/action", {"step-kind": "bribe"}, "step-kind", ""),
    ("/together/choice", None, {"option": "heroics"}, "option", ""),
    (
        "/together/safe",
        "/together/safe/planned",
        {"planned-day-day": "3"},
        "planned-with_whom",
        "who will give",
    ),
    ("/together/safe", "/together/safe/risk", {"risk-reduces": "A friend"}, "risk-risk", "could go wrong"),
]


@pytest.mark.parametrize(("path", "to", "fields", "at", "message"), BAD)
def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(
    table: Police, path: str, to: str | None, fields: dict[str, str], at: str, message: str
) -> None:
    a_goal(table, "Walk more")
    answer = write(table, path, fields, to=to, status=422)
    shown = parsed(answer)
    assert shown.select_one(f"[data-error-summary] a[href='#{at}']") is not None
    assert shown.find(id=at) is not None
    assert shown.title is not None
    assert shown.title.get_text().startswith("Error:")
    error = shown.find(id=f"{at}-error")
    assert message in (error.get_text() if error else shown.get_text())
    for name, typed in fields.items():
        boxes = shown.select(f"[name='{name}']")
        kept = [str(box.get("value") or box.get_text()).strip() for box in boxes]
        assert typed in ("bribe", "heroics") or typed in kept, name


@pytest.mark.parametrize(
    "address",
    [
        "/together/goal/9",
        "/together/goal/0",
        "/together/plan/secrets",
        "/together/plan-9-1.pdf",
        "/together/plan-1-9.pdf",
    ],
)
def test_what_is_not_there_is_not_there(table: Police, address: str) -> None:
    assert table.get(address).status_code == 404


def test_whoever_saves_the_plan_second_sees_both_texts(table: Police, database: Database) -> None:
    path = "/together/plan/support"
    form = table.page(path).find("form", attrs={"action": path})
    assert form is not None
    seen = {str(box["name"]): str(box["value"]) for box in form.find_all("input", type="hidden")}
    write(table, path, {"aftercare": "Saved first"})
    second = table.press(path, {**seen, "aftercare": "Typed meanwhile"}, status=409)
    assert "Saved first" in second.text
    assert "Typed meanwhile" in second.text
    with database.reading() as db:
        assert [row.text for row in db.query(PlanText).filter_by(field="aftercare")] == ["Saved first"]


def test_a_question_goes_on_the_plan_until_it_is_answered(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts()
    with database.writing() as db:
        sort = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.ask(db, sort, None, "Could I lose my room?", case.later())
    table = sit(app, case.sorted_by_both().confirmed())
    a_goal(table, "Walk more")
    assert "Could I lose my room?" in words(table.get("/together/preview"))
    finds_out = {"question-1-who": "Maya", **days("question-1-by_when", in_days(9))}
    write(table, "/together/questions", finds_out, to="/together/questions/1")
    assert "Maya finds out by" in words(table.get("/together/preview"))
    write(table, "/together/questions", {"question-1-answered": "y"}, to="/together/questions/1")
    assert "Could I lose my room?" not in words(table.get("/together/preview"))


def test_a_plan_is_not_changed_once_a_later_round_is_open(
    app: Flask, table: Police, case: Case, database: Database
) -> None:
    both_sign(table)
    assert "Change the plan" in words(table.get("/together/done"))
    with database.reading() as db:
        assert queries_plan.is_newest(db, db.query(Plan).one())
    case.with_round()
    with database.reading() as db:
        assert not queries_plan.is_newest(db, db.query(Plan).one())
    assert "Change the plan" not in words(table.get("/together/done"))
    assert table.get("/together/dates").headers["Location"] == "/together/done"
