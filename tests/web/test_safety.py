"""The safety answers in sight: told by the client, in a strip until they are dealt with, and asked for at signing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from decisionaid.casework.seats import PIN_TRIES
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import SafetyResponse, SafetyTold, SeatRow, Signing
from tests.builders import CALM, NAMES, PIN, Case, a_case
from tests.clock import LONDON
from tests.police import Police, words
from tests.promises.every_form import on_page
from tests.web.doors import sat_once, sign_in
from tests.web.sorters import tablet_of
from tests.web.together_table import days, in_days, paper, printed, sit, write

HEAVY = {**CALM, "units": "over-30", "fit-or-dts": "yes"}
STRIP = "Safety answers to deal with"
ANSWERS = ("Over 30 units", "Have you ever had a fit")
REASON = "Rowan saw Dr Amin on the ward last week"
IN_SIGHT = ["side-by-side", "table", "card/1", "goals", "plan", "choice", "safe", "questions", "dates", "preview"]
BREAK = ["break", "desk"]


@pytest.fixture
def case(database: Database) -> Case:
    """Both have finished; the client drinks over 30 units and has had a fit."""
    case = a_case(database)
    case.replies = HEAVY
    return case.sorted_by_both().confirmed()


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    return sat_once(with_a_goal, app, case)


def with_a_goal(app: Flask, case: Case) -> Police:
    """The two sit over a plan with a goal; the client chose to drink less."""
    browser = sit(app, case)
    write(browser, "/together/goals", {"title": "Mornings"})
    return browser


def plan_advice(table: Police, on: int = 3, name: str = "Dr Amin, Hill Lane Surgery", *, status: int = 303) -> None:
    fields = {"planned-with_whom": name, **days("planned-day", in_days(on))}
    write(table, "/together/safe", fields, to="/together/safe/planned", status=status)


def freeze(table: Police, word: str = "", reason: str = REASON, pin: str = PIN, *, status: int = 303) -> str:
    """Press "Next: sign"; returns what is on the page then."""
    fields = {"word": word, "reason": reason, "pin": pin} if word else {}
    return words(write(table, "/together/preview", fields, to="/together/freeze", status=status))


def answer_and_tell(tablet: Police, place: int, answer: str) -> None:
    """The client answers this question of the safety check, and sends their answers at once."""
    tablet.send(f"/s/safe/{place}", answer=answer)
    tablet.send(f"/s/safe/{place}", f"/s/safe/{place}/tell")


def sign(table: Police, party: str, *, status: int = 303) -> str:
    said = {f"{party}-signs": "yes", f"{party}-name": NAMES[Party(party)]}
    said |= {"keyworker-pin": PIN} if party == "keyworker" else {}
    return words(write(table, "/together/sign", said, to=f"/together/sign/{party}", status=status))


# In sight


@pytest.mark.promise("P39")
@pytest.mark.parametrize("page", IN_SIGHT)
def test_answers_are_in_sight_on_each_page_of_the_talk_and_the_plan(table: Police, page: str) -> None:
    said = words(table.get(f"/together/{page}"))
    assert said.count(STRIP) == 1
    assert all(answer in said for answer in ANSWERS)


@pytest.mark.promise("P39")
@pytest.mark.parametrize("page", BREAK)
def test_control_a_page_that_shows_nothing_of_anybody_shows_no_answer(table: Police, page: str) -> None:
    assert not any(answer in words(table.get(f"/together/{page}")) for answer in (STRIP, *ANSWERS))


@pytest.mark.promise("P39")
def test_answers_stay_in_sight_at_signing_and_after(table: Police) -> None:
    plan_advice(table)
    assert "Medical advice is planned with Dr Amin" in words(table.get("/together/plan"))
    freeze(table)
    assert STRIP in words(table.get("/together/sign"))
    sign(table, "client")
    sign(table, "keyworker")
    assert STRIP in words(table.get("/together/done"))


@pytest.mark.promise("P39")
def test_desk_shows_them_as_a_task_until_they_are_dealt_with(app: Flask, case: Case) -> None:
    desk = sign_in(app)
    page = f"/desk/rounds/{case.round_id}/safety"
    assert "Deal with the safety answers" in words(desk.get("/desk/"))
    assert all(answer in words(desk.get(f"/desk/clients/{case.client_id}")) for answer in (STRIP, *ANSWERS))
    fields = {"given-with_whom": "Dr Amin", **days("given-day", in_days(0))}
    write(desk, page, fields, to=f"{page}/given")
    assert STRIP not in words(desk.get("/desk/"))
    assert STRIP not in words(desk.get(f"/desk/clients/{case.client_id}"))
    said = words(desk.get(page))
    assert "Medical advice was given by Dr Amin" in said
    assert "Maya Osei" in said
    assert "recorded that medical advice was given" in words(desk.get(f"/desk/clients/{case.client_id}"))


def test_reason_deals_with_the_answers_that_its_page_showed(app: Flask, database: Database) -> None:
    """The client sends one answer, and another while the keyworker writes."""
    case = a_case(database).with_round()
    tablet, desk = tablet_of(app, case), sign_in(app)
    page = f"/desk/rounds/{case.round_id}/safety"
    answer_and_tell(tablet, 3, "over-30")
    tab = next(each for each in on_page(app, "keyworker", page, desk.page(page)) if each.path == f"{page}/reason")
    answer_and_tell(tablet, 4, "yes")
    desk.press(tab.path, {**tab.data, "reason-words": REASON})
    said = words(desk.get(page))
    assert STRIP in said
    assert "Do you get shakes" in said
    assert "Over 30 units" not in said
    write(desk, page, {"reason-words": REASON}, to=f"{page}/reason")
    assert STRIP not in words(desk.get(page))


@pytest.mark.parametrize(("kind", "field"), [("declined", "declined-words"), ("reason", "reason-words")])
def test_desk_records_a_reason_of_some_length(app: Flask, case: Case, kind: str, field: str) -> None:
    desk = sign_in(app)
    page = f"/desk/rounds/{case.round_id}/safety"
    said = words(write(desk, page, {field: "no need"}, to=f"{page}/{kind}", status=422))
    assert "Write at least 20 characters" in said
    assert "no need" in said
    write(desk, page, {field: REASON}, to=f"{page}/{kind}")
    assert REASON in words(desk.get(page))


def test_another_keyworker_sees_nothing_of_them(app: Flask, case: Case, database: Database) -> None:
    a_case(database, login="idris", name="Ash Lee", reference="AL-1")
    desk = sign_in(app, "idris")
    assert STRIP not in words(desk.get("/desk/"))
    assert desk.get(f"/desk/rounds/{case.round_id}/safety").status_code == 404


@pytest.mark.parametrize("finished", ["nobody", "client", "keyworker"])
def test_nothing_is_in_sight_before_both_have_finished(app: Flask, database: Database, finished: str) -> None:
    case = a_case(database)
    case.replies = HEAVY
    case.with_open_sorts()
    if finished == "client":
        case.sorted_by_client()
    if finished == "keyworker":
        case.sorted_by_keyworker()
    desk = sign_in(app)
    assert STRIP not in words(desk.get("/desk/")) + words(desk.get(f"/desk/clients/{case.client_id}"))
    assert desk.get(f"/desk/rounds/{case.round_id}/safety").status_code == 404
    token = str(desk.page("/desk/").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    fields = {"csrf_token": token, "given-with_whom": "Dr Amin", **days("given-day", in_days(0))}
    assert desk.heard(f"/desk/rounds/{case.round_id}/safety/given", fields) == 404


# Told at once


def test_client_tells_the_keyworker_before_anyone_has_finished(app: Flask, database: Database) -> None:
    case = a_case(database).with_round()
    tablet = tablet_of(app, case)
    tablet.send("/s/safe/3", answer="over-30")
    assert "Tell Maya now" in words(tablet.get("/s/safe/3"))
    desk = sign_in(app)
    assert STRIP not in words(desk.get("/desk/"))
    tablet.send("/s/safe/3", "/s/safe/3/tell")
    assert "Sent. Maya can see your safety answers now" in words(tablet.get("/s/safe/3"))
    assert "Deal with the safety answers" in words(desk.get("/desk/"))
    said = words(desk.get(f"/desk/clients/{case.client_id}"))
    assert STRIP in said
    assert "Over 30 units" in said
    assert "The client sent their safety answers" in said
    tablet.send("/s/safe/4", answer="yes")
    assert "Do you get shakes" not in words(desk.get(f"/desk/rounds/{case.round_id}/safety"))
    tablet.send("/s/safe/4", "/s/safe/4/tell")
    assert "Do you get shakes" in words(desk.get(f"/desk/rounds/{case.round_id}/safety"))


def test_paper_seat_tells_nobody(app: Flask, database: Database) -> None:
    case = a_case(database).sorted_by_keyworker_alone()
    desk = sign_in(app)
    desk.send(f"/desk/rounds/{case.round_id}/paper")
    assert "Tell Maya now" not in words(desk.get("/s/safe/3"))
    token = str(desk.page("/s/safe/3").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    assert desk.heard("/s/safe/3/tell", {"csrf_token": token}) == 404
    with database.reading() as db:
        assert db.query(SafetyTold).count() == 0


def test_changed_answer_leaves_the_one_before_on_record(app: Flask, database: Database) -> None:
    case = a_case(database).with_round()
    tablet = tablet_of(app, case)
    for answer in ("over-30", "under-15"):
        tablet.send("/s/safe/3", answer=answer)
    with database.reading() as db:
        record = sorts.record_of(db, case.round(db), Party.CLIENT)
        assert record is not None
        assert sorts.safety_replies(db, record) == {"units": "under-15"}
    tablet.send("/s/safe/3", "/s/safe/3/tell")
    assert "Over 30 units" in words(sign_in(app).get(f"/desk/clients/{case.client_id}"))


# At signing


@pytest.mark.promise("P39")
def test_nothing_is_frozen_without_advice_or_a_word(table: Police) -> None:
    said = freeze(table, status=422)
    assert "Choose what you record, or plan medical advice first" in said
    assert "Enter your PIN" in said


@pytest.mark.promise("P39")
def test_planned_advice_is_enough_and_prints(table: Police) -> None:
    plan_advice(table)
    assert "Does anything in this plan mean" not in words(table.get("/together/preview"))
    freeze(table)
    for party in ("client", "keyworker"):
        sign(table, party)
    said = printed(paper(table))
    assert "Medical advice with Dr Amin, Hill Lane Surgery" in said
    assert "Until then: do not stop or cut down alone." in said


@pytest.mark.parametrize(("later", "is_past"), [(0, False), (3, False), (4, True)])
def test_planned_advice_is_past_once_its_day_is_over(app: Flask, case: Case, later: int, *, is_past: bool) -> None:
    plan_advice(with_a_goal(app, case), on=3)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=later)):
        said = words(sit(app, case).get("/together/preview"))
    to_come = ("Medical advice with Dr Amin", "Until then: do not stop or cut down alone.")
    past = ("Medical advice was planned with Dr Amin", "Until you have had it: do not stop or cut down alone.")
    assert [text in said for text in (*to_come, *past)] == [not is_past] * 2 + [is_past] * 2


@pytest.mark.promise("P39")
@pytest.mark.parametrize(("on", "name"), [(24, "Dr Amin"), (-1, "Dr Amin"), (3, "x"), (3, "")])
def test_advice_that_cannot_count_is_refused_at_its_field(table: Police, on: int, name: str) -> None:
    """A day that has passed, one after every first look back, and somebody without a name."""
    plan_advice(table, on, name, status=422)
    freeze(table, status=422)


@pytest.mark.promise("P39")
def test_advice_is_planned_before_the_change_begins(table: Police) -> None:
    fields = {"planned-with_whom": "Dr Amin", **days("planned-day", in_days(9))}
    begins = days("planned-change_begins", in_days(5))
    said = words(write(table, "/together/safe", {**fields, **begins}, to="/together/safe/planned", status=422))
    assert "by the day the change begins" in said
    freeze(table, status=422)


@pytest.mark.promise("P39")
def test_advice_that_is_no_longer_planned_does_not_count(table: Police) -> None:
    plan_advice(table)
    write(table, "/together/safe", to="/together/safe/cancelled")
    freeze(table, status=422)


@pytest.mark.promise("P39")
def test_advice_recorded_by_a_clock_ahead_neither_counts_nor_prints(app: Flask, case: Case) -> None:
    """A server's clock was three weeks ahead, and was set back."""
    page = f"/desk/rounds/{case.round_id}/safety"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=21)):
        fields = {"given-with_whom": "Dr Amin", **days("given-day", in_days(0))}
        write(sign_in(app), page, fields, to=f"{page}/given")
        ahead = with_a_goal(app, case)
        assert "Dr Amin gave medical advice" in words(ahead.get("/together/preview"))
    assert STRIP in words(sign_in(app).get("/desk/"))
    table = sit(app, case)
    assert STRIP in words(table.get("/together/plan"))
    freeze(table, status=422)
    freeze(table, "reason")
    with case.database.reading() as db:
        text = db.query(Signing).one().text
    assert REASON in text
    assert "Dr Amin gave" not in text
    assert "were dealt with" not in text


@pytest.mark.promise("P39")
@pytest.mark.parametrize(
    ("word", "reason", "pin", "error"),
    [
        ("reason", ".", PIN, "Write at least 20 characters"),
        ("reason", REASON, "", "Enter your PIN"),
        ("reason", REASON, "111111", "That PIN does not match. 4 tries left."),
        ("no", "x", PIN, "Write at least 20 characters"),
        ("maybe", REASON, PIN, "Choose"),
    ],
)
def test_word_needs_its_reason_and_the_pin(
    table: Police, database: Database, word: str, reason: str, pin: str, error: str
) -> None:
    assert error in freeze(table, word, reason, pin, status=422)
    with database.reading() as db:
        assert db.query(Signing).count() == 0


@pytest.mark.promise("P39")
def test_keyworkers_reason_prints_and_deals_with_the_answers(table: Police) -> None:
    freeze(table, "reason")
    for party in ("client", "keyworker"):
        sign(table, party)
    said = printed(paper(table))
    assert f"Maya is going ahead without medical advice, because: {REASON}" in said
    assert not any(answer in said for answer in ANSWERS)
    assert STRIP not in words(table.get("/together/plan"))


@pytest.mark.promise("P39")
def test_keyworkers_no_where_nothing_points(table: Police) -> None:
    freeze(table, "no")
    said = words(table.get("/together/sign"))
    assert (
        f"nothing in it means stopping or drinking less, or stopping benzodiazepines, GHB or GBL. The reason: {REASON}"
        in said
    )


@pytest.mark.promise("P39")
def test_no_cannot_be_said_where_something_points(table: Police) -> None:
    write(table, "/together/choice", {"option": "stop"})
    said = words(table.get("/together/preview"))
    assert "The plan says: Stop drinking" in said
    assert "No: nothing in this plan means that" not in said
    freeze_by_hand(table, "no", status=422)


@pytest.mark.promise("P39")
def test_word_holds_for_its_text_alone(table: Police) -> None:
    freeze(table, "no")
    write(table, "/together/sign", to="/together/withdraw")
    write(table, "/together/goals", {"title": "Stop tomorrow"})
    freeze(table, status=422)


@pytest.mark.promise("P39")
def test_word_on_a_text_that_was_changed_meanwhile_is_asked_again(app: Flask, table: Police) -> None:
    forms = on_page(app, "together", "/together/preview", table.page("/together/preview"))
    tab = next(each for each in forms if each.path == "/together/freeze" and "then" not in each.data)
    write(table, "/together/goals", {"title": "Stop tomorrow"})
    said = words(table.press(tab.path, {**tab.data, "word": "no", "reason": REASON, "pin": PIN}, status=409))
    assert "The plan has changed since you opened this page" in said
    assert "Stop tomorrow" in said
    assert table.get("/together/sign").location == "/together/preview"
    freeze(table, "no")
    assert "Stop tomorrow" in words(table.get("/together/sign"))


def test_one_box_takes_the_reason_for_either_word_and_is_called_so(table: Police) -> None:
    page = table.page("/together/preview")
    label = page.select_one("label[for=reason]")
    assert {box["value"] for box in page.select("[name=word]")} == {"reason", "no"}
    assert label is not None and label.get_text(strip=True) == "Keyworker’s reason"


@pytest.mark.promise("P39")
def test_five_wrong_pins_leave_the_full_sign_in(table: Police, database: Database) -> None:
    for _ in range(PIN_TRIES):
        freeze(table, "reason", pin="111111", status=422)
    assert "Sign in with your password first" in freeze(table, "reason", status=422)
    with database.reading() as db:
        assert db.query(Signing).count() == 0
        assert [row.pin_failures for row in db.query(SeatRow).filter_by(kind="together")] == [PIN_TRIES]


@pytest.mark.promise("P39")
def test_right_pin_forgets_the_wrong_ones(table: Police, database: Database) -> None:
    freeze(table, "reason", pin="111111", status=422)
    freeze(table, "reason")
    with database.reading() as db:
        assert [row.pin_failures for row in db.query(SeatRow).filter_by(kind="together")] == [0]


@pytest.mark.promise("P39")
def test_choice_stays_where_its_field_is_missing(table: Police, database: Database) -> None:
    write(table, "/together/choice", {"option": "stop"})
    form = table.page("/together/choice").find("form", id="choice")
    assert form is not None
    hidden = {str(box["name"]): str(box.get("value", "")) for box in form.find_all("input", type="hidden")}
    assert table.heard("/together/choice", hidden) == 303
    assert "The plan says: Stop drinking" in words(table.get("/together/preview"))
    write(table, "/together/choice", {"option": "left_out"})
    assert "The plan says: Stop drinking" not in words(table.get("/together/preview"))


@pytest.mark.promise("P39")
def test_second_signature_on_a_later_day_asks_again(app: Flask, case: Case, table: Police) -> None:
    plan_advice(table, on=0)
    freeze(table)
    sign(table, "client")
    with time_machine.travel(datetime.now(LONDON).replace(hour=12), tick=True) as clock:
        clock.shift(24 * 3600)
        later = sit(app, case)
        assert "cannot be signed today" in sign(later, "keyworker", status=422)
        fields = {"given-with_whom": "Dr Amin", **days("given-day", in_days(0))}
        write(later, "/together/safe", fields, to="/together/safe/given")
        sign(later, "keyworker")
        assert "Your plan is ready" in words(later.get("/together/done"))


def test_planned_advice_is_not_changed_under_a_text_that_waits(table: Police, database: Database) -> None:
    plan_advice(table)
    freeze(table)
    token = str(table.page("/together/safe").find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    assert table.heard("/together/safe/cancelled", {"csrf_token": token}) == 409
    with database.reading() as db:
        assert [response.kind for response in db.query(SafetyResponse)] == ["planned"]


def freeze_by_hand(table: Police, word: str, *, status: int) -> None:
    """Send what the page does not offer."""
    page = table.page("/together/preview")
    held = {str(box["name"]): str(box["value"]) for box in page.select("[name=csrf_token], [name=text_hash]")}
    assert table.heard("/together/freeze", {**held, "word": word, "reason": REASON, "pin": PIN}) == status
