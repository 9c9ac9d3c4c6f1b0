"""Nothing typed is lost: without script each button of a page keeps all that is on it; with script, typing does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from decisionaid.casework import planning
from decisionaid.core.negotiation import Outcome
from decisionaid.storage.database import Database
from decisionaid.storage.models import Action, AgreedGoal, Client, FormDraft, History, Plan, PlanText, Settlement
from decisionaid.web import page_parts
from tests.builders import PASSWORD, Case, a_case
from tests.police import Police, form_to, parsed, words
from tests.promises.onlookers import sit as sit_as
from tests.web.doors import lock, sign_in, unlock
from tests.web.together_table import days, in_days, sit, write

UNSAVED = "Not saved yet. Check it and press Save."
TYPED = {"X-Acknowledge": "1", "X-Typed": "1"}
MARK = "Thistledown"
STEP = {"step-what": MARK, "step-who": "Rowan", **days("step-by_when", in_days(9))}
HALF_A_STEP = {"step-what": MARK}


@pytest.fixture
def case(database: Database) -> Case:
    found = a_case(database).sorted_by_both().confirmed()
    with database.writing() as db:
        now = found.later()
        planning.begin(db, found.round(db), weeks_to_review=12, weeks_to_revisit=3, today=in_days(0), now=now)
    return found


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    return sit(app, case)


@pytest.fixture
def goal(table: Police) -> Police:
    """A plan with one goal, and its page before the two."""
    write(table, "/together/goals", {"title": "Walk more"})
    return table


def fields_of(form: Tag) -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    sent: dict[str, Any] = {str(box["name"]): box.get_text().removeprefix("\n") for box in form.select("textarea")}
    for box in form.select("input[name], option[selected]"):
        if box.name == "option":
            select = box.find_parent("select")
            assert select is not None
            sent[str(select["name"])] = str(box["value"])
        elif box.get("type") not in ("radio", "checkbox") or box.has_attr("checked"):
            sent[str(box["name"])] = str(box.get("value", ""))
    return {**sent, "drawn": [str(box["value"]) for box in form.select("[name=drawn]")]}


def button(page: BeautifulSoup, label: str) -> Tag:
    """The button with these words on it."""
    return next(each for each in page.select("main button") if each.get_text(" ", strip=True) == label)


def press(table: Police, path: str, label: str, **typed: str) -> TestResponse:
    """Type on a page, and press a button of it as a browser without script does."""
    page = table.page(path)
    pressed = button(page, label)
    form = page.find("form", id=pressed["form"]) if pressed.get("form") else pressed.find_parent("form")
    assert isinstance(form, Tag)
    own = {str(pressed["name"]): str(pressed["value"])} if pressed.get("name") else {}
    sent = {**fields_of(form), **typed, **own}
    unknown = set(typed) - {str(box["name"]) for box in form.select("[name]")}
    assert not unknown, f"{path} has no field {unknown}"
    return table.post(str(pressed.get("formaction") or form["action"]), data=sent)


def type_in(table: Police, path: str, to: str = "", **typed: str) -> TestResponse:
    """What the script sends while someone types."""
    form, _ = form_to(table.page(path), to or path)
    assert form is not None
    return table.post(to or path, data={**fields_of(form), **typed}, headers=TYPED)


def value(table: Police, path: str, name: str) -> str:
    """What stands in a field."""
    box = table.page(path).select_one(f'[name="{name}"]')
    assert isinstance(box, Tag), name
    return box.get_text().removeprefix("\n") if box.name == "textarea" else str(box.get("value", ""))


def kept(database: Database, kind: type[Any]) -> list[Any]:
    with database.reading() as db:
        return list(db.query(kind).all())


# Without script


def test_saving_the_words_of_a_goal_adds_a_typed_step(goal: Police, database: Database) -> None:
    press(goal, "/together/goal/1", "Save", why="It is good", **STEP)
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert [row.what for row in kept(database, Action)] == [MARK]


def test_saving_the_words_of_a_goal_keeps_half_a_step(goal: Police, database: Database) -> None:
    press(goal, "/together/goal/1", "Save", why="It is good", **HALF_A_STEP)
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert kept(database, Action) == []
    assert value(goal, "/together/goal/1", "step-what") == MARK
    assert goal.page("/together/goal/1").select_one("details:has([name=step-what])[open]")


def test_adding_a_step_saves_typed_words(goal: Police, database: Database) -> None:
    press(goal, "/together/goal/1", "Add this step", why="It is good", **STEP)
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert [row.what for row in kept(database, Action)] == [MARK]
    assert kept(database, FormDraft) == []


def test_refused_step_leaves_the_words_saved(goal: Police, database: Database) -> None:
    press(goal, "/together/goal/1", "Add this step", why="It is good", **HALF_A_STEP)
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert "Write who will do it" in words(goal.get("/together/goal/1"))
    assert value(goal, "/together/goal/1", "step-what") == MARK


def test_refused_words_leave_the_step_added(goal: Police, database: Database) -> None:
    press(goal, "/together/goal/1", "Save", why="x" * 2001, **STEP)
    assert [row.what for row in kept(database, Action)] == [MARK]
    assert value(goal, "/together/goal/1", "why") == "x" * 2001
    assert "characters or fewer" in words(goal.get("/together/goal/1"))


def test_removing_a_step_saves_typed_words(goal: Police, database: Database) -> None:
    press(goal, "/together/goal/1", "Add this step", **STEP)
    press(goal, "/together/goal/1", "Remove", why="It is good", **{"step-what": "Another"})
    assert [row.what for row in kept(database, Action) if row.dropped_at is None] == []
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert value(goal, "/together/goal/1", "step-what") == "Another"


def test_all_goals_saves_both_and_leads_on(goal: Police, database: Database) -> None:
    sent = press(goal, "/together/goal/1", "All goals", why="It is good", **STEP)
    assert sent.location == "/together/goals"
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert [row.what for row in kept(database, Action)] == [MARK]


def test_untouched_page_that_is_left_writes_nothing(goal: Police, database: Database) -> None:
    before = [row.changed_at for row in kept(database, Plan)]
    press(goal, "/together/goal/1", "All goals")
    assert [row.changed_at for row in kept(database, Plan)] == before
    assert kept(database, Action) == kept(database, FormDraft) == []


def test_untouched_text_of_two_lines_is_not_saved_again(table: Police, database: Database) -> None:
    """A browser ends its lines in another way than the database does."""
    press(table, "/together/card/1", "Save", heard="One line\r\nand another")
    before = [(row.heard, row.version) for row in kept(database, Settlement)]
    assert before[0][0] == "One line\nand another"
    press(table, "/together/card/1", "Come back to this later", heard="One line\r\nand another")
    assert [(row.heard, row.version) for row in kept(database, Settlement)] == before


@pytest.mark.parametrize("label", ["Next", "Come back to this later"])
def test_talk_that_is_left_keeps_what_was_heard(table: Police, database: Database, label: str) -> None:
    label = next(
        each.get_text(" ", strip=True)
        for each in table.page("/together/card/1").select(".bottom-bar button")
        if each.get_text(strip=True).startswith(label)
    )
    press(table, "/together/card/1", label, heard=MARK)
    assert [row.heard for row in kept(database, Settlement)] == [MARK]
    assert [row.outcome for row in kept(database, Settlement)] == [None]


def test_making_a_goal_of_the_card_keeps_what_was_heard(table: Police, database: Database) -> None:
    write(table, "/together/card/1", {"outcome": "client_choice"})
    press(table, "/together/card/1", "Make this one of our goals", heard=MARK)
    assert [row.heard for row in kept(database, Settlement)] == [MARK]
    assert len(kept(database, AgreedGoal)) == 1


def test_what_was_heard_is_kept_where_the_day_of_a_trial_has_come(
    app: Flask, table: Police, case: Case, database: Database
) -> None:
    write(table, "/together/card/1/try_until", days("until", in_days(5)))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=9)):
        later = sit(app, case)
        press(later, "/together/card/1", "Yes, that’s it", heard=MARK)
    (row,) = kept(database, Settlement)
    assert (row.heard, row.heard_right, row.outcome) == (MARK, True, Outcome.TRY_UNTIL)


def test_whether_it_was_heard_right_is_asked_again_when_the_words_change(table: Police, database: Database) -> None:
    press(table, "/together/card/1", "Yes, that’s it", heard=MARK)
    assert kept(database, Settlement)[0].heard_right is True
    press(table, "/together/card/1", "Save", heard="Something else")
    assert kept(database, Settlement)[0].heard_right is None


def test_leaving_how_keeps_the_words_and_settles_nothing(table: Police, database: Database) -> None:
    press(table, "/together/card/1/differ", "Back without saving", words=MARK)
    assert kept(database, Settlement) == []
    assert value(table, "/together/card/1/differ", "words") == MARK
    assert UNSAVED in words(table.get("/together/card/1/differ"))


PAGES: list[tuple[str, str, dict[str, str]]] = [
    ("/together/plan/support", "Our plan", {"aftercare": MARK}),
    ("/together/choice", "Our plan", {"drinking_words": MARK}),
    ("/together/safe", "Our plan", {"risk-risk": MARK}),
    ("/together/safe", "Our plan", {"planned-with_whom": MARK}),
    ("/together/goals", "Next: our plan", {"reasons-no_goal_reason": MARK}),
    ("/together/goals", "Compare", {"title": MARK}),
]


@pytest.mark.parametrize(("path", "label", "typed"), PAGES)
def test_button_that_leads_on_keeps_the_page(
    table: Police, database: Database, path: str, label: str, typed: dict[str, str]
) -> None:
    assert press(table, path, label, **typed).status_code == 303
    seen = [table.get(page).text for page in (path, "/together/goals")]
    assert any(MARK in text for text in seen)


@pytest.mark.parametrize(("path", "label", "typed"), PAGES[:2])
def test_control_page_that_says_nothing_of_its_forms_loses_the_words(
    table: Police, monkeypatch: pytest.MonkeyPatch, path: str, label: str, typed: dict[str, str]
) -> None:
    monkeypatch.setattr(page_parts, "sent_parts", list)
    press(table, path, label, **typed)
    assert MARK not in table.get(path).text


def test_dates_that_are_not_whole_wait_as_a_draft(table: Police, database: Database) -> None:
    before = kept(database, Plan)[0].revisit_date
    press(table, "/together/dates", "Our plan", **{"revisit-day": "99"})
    assert kept(database, Plan)[0].revisit_date == before
    assert value(table, "/together/dates", "revisit-day") == "99"


@pytest.mark.parametrize("page", ["/together/plan", "/together/preview"])
def test_plan_says_that_something_typed_is_not_in_it(table: Police, page: str) -> None:
    write(table, "/together/goals", {"title": "Walk more"})
    assert table.page(page).select_one("[data-unsaved]") is None
    press(table, "/together/dates", "Our plan", **{"revisit-day": "99"})
    note = table.page(page).select_one("[data-unsaved] a")
    assert note is not None and note["href"] == "/together/dates"
    press(table, "/together/dates", "Save the dates", **days("revisit", in_days(16)))
    assert table.page(page).select_one("[data-unsaved]") is None


def test_moving_a_goal_keeps_a_goal_that_is_typed(goal: Police, database: Database) -> None:
    write(goal, "/together/goals", {"title": "Sleep"})
    page = goal.page("/together/goals")
    move = page.select_one("button[value=down]")
    form, _ = form_to(page, "/together/goals")
    assert move is not None and form is not None
    goal.post(str(move["formaction"]), data={**fields_of(form), "title": MARK, "do": "down"})
    rows = sorted(kept(database, AgreedGoal), key=lambda row: row.position)
    assert [row.title for row in rows] == ["Sleep", "Walk more", MARK]


def test_goal_of_a_card_does_not_take_the_name_that_is_typed(table: Police, database: Database) -> None:
    of = table.page("/together/goals").select_one("button[name=of]")
    form, _ = form_to(table.page("/together/goals"), "/together/goals")
    assert of is not None and form is not None
    table.post("/together/goals", data={**fields_of(form), "title": MARK, "of": str(of["value"])})
    assert {row.title for row in kept(database, AgreedGoal)} == {MARK, of.get_text(strip=True)}


def test_address_from_elsewhere_leads_home(table: Police) -> None:
    form, _ = form_to(table.page("/together/plan/support"), "/together/plan/support")
    assert form is not None
    for there in ("https://example.org/", "//example.org", "/desk/", "/togethere"):
        sent = table.post("/together/plan/support", data={**fields_of(form), "then": there})
        assert sent.location == "/together/", there


def test_form_of_another_seat_is_not_reached_from_this_one(table: Police, case: Case, database: Database) -> None:
    form, _ = form_to(table.page("/together/plan/support"), "/together/plan/support")
    assert form is not None
    foreign = f"x 0 - /desk/clients/{case.client_id}/details"
    sent = {
        **fields_of(form),
        "drawn": [foreign],
        "name": MARK,
        "reference": "X",
        "language": "en",
        "then": "/together/",
    }
    table.post("/together/plan/support", data=sent)
    assert [row.name for row in kept(database, Client)] != [MARK]


# Typing, with script


def test_typed_text_is_saved_and_carries_the_newer_edition(table: Police, database: Database) -> None:
    path = "/together/plan/support"
    page = table.page(path)
    form, _ = form_to(page, path)
    assert form is not None
    sent = fields_of(form)
    for text in ("On", "One", "One more"):
        answer = table.post(path, data={**sent, "aftercare": text}, headers=TYPED)
        assert (answer.status_code, answer.data) == (204, b"")
        now = json.loads(answer.headers["X-Now"])
        sent |= {"drawn": now["drawn"], **{name: str(held) for name, held in now["fields"].items()}}
    assert [row.text for row in kept(database, PlanText)] == ["One more"]
    assert table.post(path, data={**sent, "aftercare": ""}, headers=TYPED).status_code == 204
    assert kept(database, PlanText) == []


def test_same_text_sent_again_in_typing_is_said_to_be_saved(table: Police, database: Database) -> None:
    """The first answer may be lost: the script then sends the same once more, and hears what the page holds now."""
    path = "/together/plan/support"
    form, _ = form_to(table.page(path), path)
    assert form is not None
    sent = {**fields_of(form), "aftercare": MARK}
    answers = [table.post(path, data=sent, headers=TYPED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert all(json.loads(answer.headers["X-Now"])["fields"] for answer in answers)


def test_text_that_is_refused_in_typing_waits_as_a_draft(table: Police, database: Database) -> None:
    path = "/together/plan/support"
    assert type_in(table, path, aftercare="x" * 2001).status_code == 422
    assert kept(database, PlanText) == []
    assert value(table, path, "aftercare") == "x" * 2001
    assert type_in(table, path, aftercare=MARK).status_code == 204
    assert kept(database, FormDraft) == []
    assert value(table, path, "aftercare") == MARK


def test_text_that_someone_else_saved_meanwhile_is_shown_beside_it(table: Police, database: Database) -> None:
    path = "/together/plan/support"
    form, _ = form_to(table.page(path), path)
    assert form is not None
    old = fields_of(form)
    write(table, path, {"aftercare": "Saved first"})
    assert table.post(path, data={**old, "aftercare": MARK}, headers=TYPED).status_code == 409
    page = table.get(path)
    assert "Saved first" in page.text and MARK in page.text and parsed(page).select("[data-changed]")


def test_typing_a_step_adds_none(goal: Police, database: Database) -> None:
    assert type_in(goal, "/together/goal/1", why="It is good", **STEP).status_code == 422
    assert [row.why for row in kept(database, AgreedGoal)] == ["It is good"]
    assert kept(database, Action) == []
    assert value(goal, "/together/goal/1", "step-what") == MARK
    press(goal, "/together/goal/1", "Add this step")
    assert [row.what for row in kept(database, Action)] == [MARK]
    assert kept(database, FormDraft) == []
    assert value(goal, "/together/goal/1", "step-what") == ""


def test_step_that_was_emptied_again_leaves_no_draft(goal: Police, database: Database) -> None:
    type_in(goal, "/together/goal/1", **STEP)
    assert type_in(goal, "/together/goal/1", **dict.fromkeys(STEP, "")).status_code == 204
    assert kept(database, FormDraft) == []


def test_typing_a_name_signs_nothing_and_waits_for_this_seat(app: Flask, table: Police, database: Database) -> None:
    frozen(table)
    to = "/together/sign/client"
    typed = {"client-signs": "yes", "client-name": f"Rowan {MARK}", "client-agreement": "dont_agree"}
    assert type_in(table, "/together/sign", to, **typed).status_code == 422
    page = table.get("/together/sign")
    assert "has signed" not in page.text and MARK in page.text
    assert "dont_agree" not in str(kept(database, FormDraft)[0].fields)
    press(table, "/together/sign", "Confirm")
    assert "Rowan has signed this plan." in words(table.get("/together/sign"))


def frozen(table: Police) -> None:
    """A plan that waits for signatures."""
    write(table, "/together/goals", {"reasons-no_goal_reason": "Not now"}, to="/together/goals/reasons")
    write(table, "/together/preview", to="/together/freeze")


def test_client_signs_first_and_sends_nothing_of_the_keyworkers(table: Police) -> None:
    frozen(table)
    page = table.page("/together/sign")
    assert form_to(page, "/together/sign/keyworker") == (None, None)
    press(table, "/together/sign", "Confirm", **{"client-signs": "yes", "client-name": "Rowan Ellis"})
    page = table.page("/together/sign")
    form, _ = form_to(page, "/together/sign/keyworker")
    assert form is not None
    assert not [name for name in fields_of(form) if name.startswith("client-")]


def test_typing_sends_no_pin_and_no_draft_holds_one(table: Police, database: Database) -> None:
    type_in(table, "/together/safe", "/together/safe/risk", **{"reason-words": MARK, "reason-pin": "246813"})
    assert MARK in str(kept(database, FormDraft)[0].fields)
    assert "246813" not in "".join(str(row.fields) for row in kept(database, FormDraft))


def test_typing_what_was_heard_writes_no_history(table: Police, database: Database) -> None:
    before = len(kept(database, History))
    assert type_in(table, "/together/card/1", heard=MARK).status_code == 204
    assert [row.heard for row in kept(database, Settlement)] == [MARK]
    assert len(kept(database, History)) == before


@pytest.mark.parametrize("path", ["/desk/clients/{client}/details", "/desk/account"])
def test_desk_text_is_saved_as_it_is_typed(app: Flask, case: Case, path: str) -> None:
    desk, path = sign_in(app), path.format(client=case.client_id)
    assert type_in(desk, path, telephone="0161 496 0000").status_code == 204
    assert value(desk, path, "telephone") == "0161 496 0000"


@pytest.mark.parametrize("path", ["/desk/clients/new", "/admin/service/en/lines"])
def test_half_a_client_or_crisis_line_is_only_a_draft(app: Flask, case: Case, path: str) -> None:
    desk = sign_in(app) if path.startswith("/desk") else sit_as(app, case, "admin")
    name = "name" if path.startswith("/desk") else "name_1"
    before = [len(kept(case.database, kind)) for kind in (Client, History)]
    assert type_in(desk, path, **{name: MARK}).status_code == 422
    assert [len(kept(case.database, kind)) for kind in (Client, History)] == before
    assert value(desk, path, name) == MARK


def test_service_text_is_saved_as_it_is_typed(app: Flask, case: Case) -> None:
    admin, path = sit_as(app, case, "admin"), "/admin/service/en/texts"
    name = str(admin.page(path).select_one("textarea")["name"])  # type: ignore[index]
    assert type_in(admin, path, **{name: MARK}).status_code == 204
    assert value(admin, path, name) == MARK


# Locked or idle in mid-typing


def test_step_and_words_typed_into_a_seat_that_ended_come_back(app: Flask, goal: Police, case: Case) -> None:
    path = "/together/goal/1"
    form, _ = form_to(goal.page(path), path)
    assert form is not None
    sent = {**fields_of(form), "why": "It is good", **HALF_A_STEP}
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
        assert goal.post(path, data=sent, headers=TYPED).status_code == 303
        again = sit(app, case)
        assert value(again, path, "why") == "It is good"
        assert value(again, path, "step-what") == MARK


def test_text_typed_into_a_locked_desk_comes_back_after_the_pin(app: Flask, case: Case) -> None:
    desk, path = sign_in(app), f"/desk/clients/{case.client_id}/details"
    form, _ = form_to(desk.page(path), path)
    assert form is not None
    sent = {**fields_of(form), "contact_note": MARK}
    lock(desk)
    assert desk.post(path, data=sent, headers=TYPED).location == "/desk/locked"
    unlock(desk)
    assert value(desk, path, "contact_note") == MARK
    other = sign_in(app, "robin", PASSWORD)
    assert MARK not in other.get("/admin/").text
