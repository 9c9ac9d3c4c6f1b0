"""P27: of two who change the same text the second is shown what the first has saved; two who change different texts do
not get in each other's way. For every form that changes what is shared."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.storage.database import Database
from decisionaid.storage.models import SortRecord
from decisionaid.web import editions
from decisionaid.web.editions import SharedForm
from tests.builders import Case, a_case
from tests.police import Police, parsed
from tests.promises import every_form
from tests.promises.every_form import Drawn
from tests.promises.onlookers import colleague, rows, sit
from tests.web.together_table import days, in_days, write


@dataclass(frozen=True)
class Way:
    """A form that changes what is shared: where it stands, and what two people type into it."""

    seat: str
    page: str
    to: str
    first: dict[str, str]
    second: dict[str, str]
    shown: str
    beside: dict[str, str] | None = None
    """A change of another field of the same form."""


def texts(name: str, other: str = "", prefix: str = "") -> Any:
    beside = {prefix + other: "Words beside"} if other else None
    return {"first": {prefix + name: "First words"}, "second": {prefix + name: "Second words"}, "beside": beside}


def of_plan(page: str, *, to: str = "", shown: str = "First words", **typed: Any) -> Way:
    return Way("together", f"/together/{page}", f"/together/{to or page}", shown=shown, **typed)


def of_desk(seat: str, page: str, *, shown: str = "First words", **typed: Any) -> Way:
    return Way(seat, page, page, shown=shown, **typed)


WAYS = {
    "together.keep_goal": of_plan("goal/1", **texts("why", "success")),
    "together.keep_part": of_plan("plan/support", **texts("coordinator", "aftercare")),
    "together.keep_reasons": of_plan("goals", to="goals/reasons", **texts("reasons-no_goal_reason")),
    "together.keep_choice": of_plan("choice", **texts("drinking_words")),
    "together.keep_dates": of_plan(
        "dates",
        first=days("revisit", in_days(15)),
        second=days("revisit", in_days(17)),
        beside=days("review", in_days(80)),
        shown=str(in_days(15).year),
    ),
    "together.keep_question": of_plan("questions", to="questions/1", **texts("who", prefix="question-1-")),
    "keyworker.change_client": of_desk("keyworker", "/desk/clients/{client}/details", **texts("contact_note", "name")),
    "keyworker.keep_details": of_desk("keyworker", "/desk/account", **texts("hours", "telephone")),
    "admin.keep_details": of_desk("admin", "/admin/account", **texts("hours", "telephone")),
    "admin.name_service": of_desk("admin", "/admin/service", **texts("name")),
    "admin.set_texts": of_desk("admin", "/admin/service/en/texts", **texts("complaint", "advocate")),
    "admin.set_crisis_lines": of_desk(
        "admin",
        "/admin/service/en/lines",
        first={"name_2": "First words", "number_2": "01632 960001"},
        second={"name_2": "Second words", "number_2": "01632 960002"},
        beside={"name_3": "Words beside", "number_3": "01632 960003"},
    ),
    "admin.set_spare_cards": of_desk(
        "admin", "/admin/service/cards", first={"cards": "{spare}"}, second={"cards": "{spare2}"}, shown=""
    ),
    "admin.reassign": of_desk(
        "admin", "/admin/clients/{client}", first={"keyworker": "{idris}"}, second={"keyworker": "{other}"}, shown=""
    ),
}

HAVE_THEIR_OWN = {"together.talk", "together.settle"}
"""A talk about a card has a version of its own; see `test_negotiating`."""

ADD = {"together.add_action", "admin.add_person"}
"""Forms that add; what they show to begin with is nothing that is held."""


@pytest.fixture
def case(app: Flask, database: Database) -> Case:
    return every_form.MOMENTS["met"][0](_asked(a_case(database)))


def _asked(case: Case) -> Case:
    case.with_open_sorts()
    with case.database.writing() as db:
        sort = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.ask(db, sort, None, "Who pays?", case.later())
    return case


def tabs(app: Flask, case: Case, endpoint: str) -> tuple[Police, Way, Iterator[Drawn]]:
    """A browser in the seat of a form, the way with its blanks filled, and tabs of it as they are opened."""
    way = _filled(app, case, WAYS[endpoint])
    asker = sit(app, case, way.seat)
    if way.seat == "together":
        begin_plan(asker, with_goal=endpoint != "together.keep_reasons")

    def opened() -> Iterator[Drawn]:
        while True:
            forms = every_form.on_page(app, way.seat, way.page, asker.page(way.page), fill=False)
            yield next(each for each in forms if each.path == way.to)

    return asker, way, opened()


def begin_plan(asker: Police, *, with_goal: bool) -> None:
    write(asker, "/together/goals", {"title": "To begin with"})
    if not with_goal:
        write(asker, "/together/goals", {"do": "drop"}, to="/together/goal/1/move")


def _filled(app: Flask, case: Case, way: Way) -> Way:
    found = {"client": case.client_id}
    if "reassign" in way.page or "/admin/clients" in way.page:
        found |= {"idris": colleague(case), "other": colleague(case, "other")}
    if "cards" in way.page:
        boxes = sit(app, case, "admin").page("/admin/service/cards").select("[name=cards]")
        found["spare"], found["spare2"] = [str(box["value"]) for box in boxes][:2]

    def fill(fields: dict[str, str]) -> dict[str, str]:
        return {name: value.format(**found) for name, value in fields.items()}

    page, to = way.page.format(**found), way.to.format(**found)
    return replace(way, page=page, to=to, first=fill(way.first), second=fill(way.second))


@pytest.mark.in_turn(2)
@pytest.mark.promise("P27")
@pytest.mark.parametrize("endpoint", WAYS)
def test_second_of_two_is_shown_what_the_first_saved(app: Flask, case: Case, endpoint: str) -> None:
    asker, way, opened = tabs(app, case, endpoint)
    one, two = next(opened), next(opened)
    asker.press(one.path, {**one.data, **way.first})
    saved = rows(case)
    page = asker.press(two.path, {**two.data, **way.second}, status=409)
    assert {**rows(case), "form_draft": [], "seat": []} == {**saved, "form_draft": [], "seat": []}
    said = parsed(page).select_one("[data-changed]")
    assert said is not None
    assert way.shown in said.get_text()
    again = next(opened)
    assert {**again.data, **way.second} == again.data, "what was typed is still there"
    asker.press(again.path, again.data)
    assert rows(case) != saved


@pytest.mark.in_turn(2)
@pytest.mark.promise("P27")
@pytest.mark.parametrize("endpoint", [endpoint for endpoint, way in WAYS.items() if way.beside])
def test_two_who_change_different_texts_both_count(app: Flask, case: Case, endpoint: str) -> None:
    asker, way, opened = tabs(app, case, endpoint)
    one, two = next(opened), next(opened)
    asker.press(one.path, {**one.data, **way.first})
    asker.press(two.path, {**two.data, **(way.beside or {})})
    held = next(opened).data
    assert {**held, **way.first, **(way.beside or {})} == held


@pytest.mark.promise("P27")
def test_two_parts_of_a_plan_do_not_refuse_each_other(app: Flask, case: Case) -> None:
    asker, way, opened = tabs(app, case, "together.keep_part")
    one = next(opened)
    other = next(each for each in every_form.on_page(app, "together", "", asker.page("/together/plan/hard-days")))
    asker.press(one.path, {**one.data, **way.first})
    asker.press(other.path, other.data)


@pytest.mark.promise("P27")
def test_text_that_both_changed_is_shown_and_the_rest_is_brought_up(app: Flask, case: Case) -> None:
    asker, way, opened = tabs(app, case, "together.keep_part")
    one, two = next(opened), next(opened)
    asker.press(one.path, {**one.data, **way.first, **(way.beside or {})})
    asker.press(two.path, {**two.data, **way.second}, status=409)
    asker.press(way.to, next(opened).data)
    held = next(opened).data
    assert {**held, **way.second, **(way.beside or {})} == held


@pytest.mark.promise("P27")
def test_form_that_says_nothing_of_what_it_saw_wipes_nothing(app: Flask, case: Case) -> None:
    asker, way, opened = tabs(app, case, "together.keep_part")
    one, two = next(opened), next(opened)
    asker.press(one.path, {**one.data, **way.first})
    asker.press(two.path, {**two.data, **way.second, "seen": ""}, status=409)


def test_number_and_what_makes_it_safe_are_changed_together(app: Flask, case: Case) -> None:
    asker, _, opened = tabs(app, case, "keyworker.change_client")
    one, two = next(opened), next(opened)
    asker.press(one.path, {**one.data, "telephone": "01632 960001"})
    asker.press(two.path, {**two.data, "contact_note": "Never ring the flat"}, status=409)


@pytest.mark.promise("P27")
@pytest.mark.parametrize("endpoint", ["together.keep_part", "keyworker.change_client", "admin.set_crisis_lines"])
def test_control_without_editions_acknowledged_words_are_gone(
    app: Flask, case: Case, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "_is_newer", lambda *_: False)
    asker, way, opened = tabs(app, case, endpoint)
    one, two = next(opened), next(opened)
    asker.press(one.path, {**one.data, **way.first})
    asker.press(two.path, {**two.data, **way.second})
    assert "First words" not in str(next(opened).data)


BESIDE_A_GOAL = {"together.add_action", "together.remove_action"}
"""Buttons that stand in the one form of a page with words that are shared: those say what they saw."""


@pytest.mark.promise("P27")
def test_no_form_that_changes_what_is_shared_is_left_out(app: Flask, case: Case) -> None:
    every_form.plan_with_all(app, case)
    found = {
        each.endpoint: each.data
        for seat in ("together", "keyworker", "admin")
        for each in every_form.forms(app, case, seat, fill=False)
    }
    shared = {to for to, data in found.items() if any(name.endswith("seen") for name in data)}
    assert shared | {"together.keep_reasons"} == set(WAYS) | BESIDE_A_GOAL
    shows_held = {to for to, data in found.items() if _shows_what_is_held(data)}
    assert shows_held - shared <= HAVE_THEIR_OWN | ADD, "a form that shows what is held says what it saw"
    print(f"P27: {len(WAYS)} forms that change what is shared, each in two tabs: the second is shown the first")


def _shows_what_is_held(data: dict[str, str]) -> bool:
    hidden = {
        "csrf_token",
        "about",
        "then",
        "of",
        "card",
        "title",
        "do",
        "order",
        "first_password",
        "text_hash",
        "shown",
        "login",
    }
    return any(
        value and name.rpartition("-")[2] not in hidden and "language" not in name for name, value in data.items()
    )


def test_every_shared_form_is_drawn_with_what_it_saw() -> None:
    assert SharedForm.__subclasses__()
