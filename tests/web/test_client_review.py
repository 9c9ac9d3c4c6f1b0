"""What a review adds to a sort: how the goals of the last plan go, and whether the client felt listened to."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from decisionaid.casework import planning, reviewing, signing
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client
from tests.builders import NAMES, ROUND_DECK, RULES, Case, a_case
from tests.police import Police, words
from tests.web.sorters import desk_of, held, one, root, tablet_of


def a_review(database: Database) -> Case:
    """A case whose first plan, with two goals, is signed, and whose second round is open."""
    case = a_case(database, own_clock=True).sorted_by_both().confirmed()
    with database.writing() as db:
        sign_a_plan(db, case)
    case.client_sort_id = case.keyworker_sort_id = ""
    with database.writing() as db:
        case.round_id = reviewing.open_round(
            db,
            db.get_one(Client, (case.service_id, case.client_id)),
            case.keyworker(db),
            deck=ROUND_DECK,
            now=case.later(),
        ).id
    return case


def sign_a_plan(db: Session, case: Case) -> None:
    now, today = case.later(), case.now.date()
    plan = planning.begin(db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=today, now=now)
    for title in ("See the nurse", "Tea on Sundays"):
        planning.add_goal(db, plan, title, card=None, language="en", reason_for_fourth="", now=now)
    staff = case.keyworker(db)
    frozen = signing.freeze(
        db, plan, "The plan.", rules=RULES, language="en", deck_digest="x", actor=staff, today=today, now=now
    )
    for party in Party:
        signing.sign(
            db,
            plan,
            frozen,
            party,
            signs=True,
            name=NAMES[party],
            reason="",
            agreement=None,
            share_agreement=False,
            seen_hash=frozen.text_hash,
            rules=RULES,
            today=today,
            now=case.later(),
        )


@pytest.fixture
def case(database: Database) -> Case:
    return a_review(database)


@pytest.fixture
def tablet(app: Flask, case: Case) -> Police:
    return tablet_of(app, case)


def test_each_old_goal_is_asked_about_then_whether_they_felt_listened_to(tablet: Police, case: Case) -> None:
    assert tablet.get("/s/last").location == "/s/last/1"
    assert one(tablet.page("/s/last/1"), "h1").text == "See the nurse"
    tablet.send("/s/last/1", progress="achieved", words="She was kind.")
    on = tablet.send("/s/last/2", progress="step_back", go="next")
    assert on.location == "/s/listened"
    tablet.send("/s/listened", listened="partly")
    done = tablet.send("/s/listened", listened_words="More than last time.", go="next")
    assert done.location == "/s/check"

    shown = words(tablet.get("/s/check"))
    for said in ("See the nurse Done. She was kind.", "Go back a step first", "Partly. More than last time."):
        assert said in shown
    tablet.send("/s/check")
    record = held(case).record
    assert (record.listened, record.listened_words) == ("partly", "More than last time.")
    with case.database.reading() as db:
        assert sorted(row.progress for row in sorts.progress(db, record).values()) == ["achieved", "step_back"]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/s/last/1", {"progress": "failed"}),
        ("/s/last/1", {"words": "before an answer is chosen"}),
        ("/s/last/1", {"progress": "drop", "words": "x" * 2001}),
        ("/s/listened", {"listened": "never"}),
        ("/s/listened", {"listened_words": "before an answer is chosen"}),
    ],
)
def test_what_nobody_offered_is_refused(tablet: Police, path: str, fields: dict[str, str]) -> None:
    refused = tablet.send(path, status=422, **fields)
    assert "data-error-summary" in refused.text


def test_going_on_without_an_answer_is_fine(tablet: Police, case: Case) -> None:
    assert tablet.send("/s/last/1", go="next").location == "/s/last/2"
    assert tablet.send("/s/listened", go="next").location == "/s/check"
    assert held(case).record.listened is None


def test_a_goal_out_of_range_does_not_exist(tablet: Police) -> None:
    for path in ("/s/last/0", "/s/last/3"):
        assert tablet.get(path).status_code == 404


def test_nothing_of_the_last_sort_is_shown(tablet: Police, case: Case) -> None:
    for place in (1, 12, 24):
        assert not tablet.page(f"/s/card/{place}").select("[aria-pressed=true]")
    assert "place 1" not in words(tablet.get("/s/cards"))


def test_the_keyworker_says_how_the_goals_go_apart(app: Flask, case: Case, tablet: Police) -> None:
    tablet.send("/s/last/1", progress="achieved")
    desk = desk_of(app, case)
    assert not desk.page(f"{root(case)}/last/1").select("[aria-pressed=true]")
    on = desk.send(f"{root(case)}/last/2", progress="carry_on", go="next")
    assert on.location == f"{root(case)}/check"
    assert desk.get(f"{root(case)}/listened").status_code == 404
