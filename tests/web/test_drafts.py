"""What was typed and not taken waits for the person who typed it, and for nobody else."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, redirect
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

from decisionaid.casework import drafts, people, seats
from decisionaid.casework.seats import SeatKind
from decisionaid.storage.database import Database
from decisionaid.storage.models import AgreedGoal, Client, FormDraft, OwnCard, Withheld
from decisionaid.web import forms
from decisionaid.web.drafts import refused
from decisionaid.web.forms import NeverKept, PlainForm, SecretField, TitleField, may_be_kept
from decisionaid.web.request import db
from decisionaid.web.seat import sit as sit_down
from tests.builders import PASSWORD, PIN, Case, a_case
from tests.police import Police, words
from tests.promises.onlookers import addresses, browser, csrf_of, desk_token, ids_of, sit, token_of
from tests.web.doors import lock, sign_in, unlock
from tests.web.sorters import tablet_of, token
from tests.web.together_table import write

WORDS = "Thistledown"
NEW = "/desk/clients/new"
UNSAVED = "Not saved yet. Check it and press Save."


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


@pytest.fixture
def desk(app: Flask, case: Case) -> Police:
    return sign_in(app)


@pytest.fixture
def together(database: Database) -> tuple[Case, Case]:
    """Two clients of one keyworker."""
    first = a_case(database).sorted_by_both().confirmed()
    return first, a_case(database, name="Ash Lee", reference="AL-0540").sorted_by_both().confirmed()


def new_client(csrf_token: str, name: str = WORDS) -> dict[str, str]:
    """A new client's form, as the desk's page sends it."""
    return {"name": name, "reference": "TD-1", "language": "en", "csrf_token": csrf_token}


def kept(database: Database) -> list[FormDraft]:
    with database.reading() as session:
        return session.query(FormDraft).all()


def is_shown(page: TestResponse) -> bool:
    return f'value="{WORDS}"' in page.text


# A press that was refused


def test_refused_form_comes_back_until_it_is_saved(desk: Police, database: Database) -> None:
    refused = desk.send(NEW, name=WORDS, reference="", status=422)
    assert is_shown(refused)
    assert is_shown(desk.get(NEW))
    assert UNSAVED not in words(refused)
    desk.send(NEW, name=WORDS, reference="TD-1", language="en")
    assert not is_shown(desk.get(NEW))
    assert kept(database) == []


def test_newer_draft_replaces_the_older(desk: Police, database: Database) -> None:
    for name in ("Bellwether", WORDS):
        desk.send(NEW, name=name, reference="", status=422)
    assert len(kept(database)) == 1
    assert is_shown(desk.get(NEW))


class NoteForm(PlainForm):
    """A form for this test."""

    note = TitleField()


def add_press(app: Flask, *, withholds: bool) -> None:
    """A press that writes, and then is refused."""

    def press() -> Response:
        db().query(Client).update({"preferred_name": WORDS})
        db().flush()
        return refused(NoteForm(), to="/desk/") if withholds else redirect("/desk/", 303)

    app.add_url_rule("/desk/writes", "keyworker.writes", press, methods=["POST"])


@pytest.mark.parametrize(("withholds", "written"), [(True, "Rowan"), (False, WORDS)])
def test_refused_press_writes_nothing_else_and_control_a_taken_one_does(
    own_app: Flask, case: Case, withholds: bool, written: str
) -> None:
    add_press(own_app, withholds=withholds)
    desk = sign_in(own_app)
    assert desk.post("/desk/writes", data={"note": "x", "csrf_token": token(desk, NEW)}).status_code == 303
    with case.database.reading() as session:
        assert session.get_one(Client, (case.service_id, case.client_id)).preferred_name == written
    assert len(kept(case.database)) == withholds


def test_script_hears_the_status_and_leaves_no_page(desk: Police, app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case)
    data = {"what_matters": "x" * 2001, "csrf_token": token(tablet, "/s/words")}
    answer = tablet.post("/s/words", data=data, headers={"X-Acknowledge": "1"})
    assert (answer.status_code, answer.data) == (422, b"")


def test_newer_text_of_someone_else_stands_beside_the_draft(app: Flask, together: tuple[Case, Case]) -> None:
    tables = [sit(app, together[0], "together") for _ in range(2)]
    write(tables[0], "/together/goals", {"title": "Walk more"})
    path = "/together/plan/support"
    forms_ = [
        {box["name"]: box["value"] for box in table.page(path).select("form#part input[type=hidden]")}
        for table in tables
    ]
    assert tables[0].heard(path, {**forms_[0], "aftercare": "Saved first"}) == 303
    page = tables[1].press(path, {**forms_[1], "aftercare": WORDS}, status=409)
    assert "Saved first" in page.text and WORDS in page.text
    write(tables[1], path)
    assert not tables[1].page(path).select("[data-changed]")
    assert WORDS in tables[1].get(path).text


# Locked, idle, signed in again


def test_lock_keeps_the_words_for_the_same_person(desk: Police, database: Database) -> None:
    typed = new_client(token(desk, NEW))
    lock(desk)
    sent = desk.post(NEW, data=typed)
    assert sent.location == "/desk/locked"
    assert WORDS not in desk.get("/desk/locked").text
    opened = desk.send("/desk/locked", pin=PIN)
    assert opened.location == NEW
    page = desk.get(NEW)
    assert is_shown(page) and UNSAVED in words(page)
    with database.reading() as session:
        assert session.query(Client).count() == 1
    desk.send(NEW, name=WORDS, reference="TD-1", language="en")
    assert kept(database) == []


def test_form_from_before_the_lock_sent_after_the_pin_waits(desk: Police) -> None:
    typed = new_client(token(desk, NEW))
    lock(desk)
    unlock(desk)
    assert desk.post(NEW, data=typed).location == NEW
    page = desk.get(NEW)
    assert is_shown(page) and UNSAVED in words(page)


def test_pin_leads_on_once(desk: Police) -> None:
    typed = new_client(token(desk, NEW))
    lock(desk)
    desk.post(NEW, data=typed)
    assert desk.send("/desk/locked", pin=PIN).location == NEW
    lock(desk)
    assert desk.send("/desk/locked", pin=PIN).location == "/desk/"


@pytest.fixture
def later() -> datetime:
    """A time at which every desk of now has ended by itself."""
    return datetime.now(UTC) + timedelta(minutes=31)


def test_idle_desk_gives_the_words_back_after_sign_in(app: Flask, case: Case, later: datetime) -> None:
    desk = sign_in(app)
    typed = new_client(token(desk, NEW))
    with time_machine.travel(later):
        assert desk.post(NEW, data=typed).location == "/sign-in"
        page = desk.get("/sign-in")
        assert WORDS not in page.text
        assert desk.send("/sign-in", login="maya", password=PASSWORD).location == NEW
        assert is_shown(desk.get(NEW))
        assert UNSAVED in words(desk.get(NEW))


@pytest.mark.parametrize("login", ["idris", "robin"])
def test_another_person_signing_in_learns_nothing(app: Flask, case: Case, later: datetime, login: str) -> None:
    a_case(case.database, login="idris", name="Elin Frost", reference="EF-0533")
    desk = sign_in(app)
    typed = new_client(token(desk, NEW))
    with time_machine.travel(later):
        desk.post(NEW, data=typed)
        arrived = desk.send("/sign-in", login=login, password=PASSWORD)
        assert arrived.location == "/"
        area = {"idris": "keyworker", "robin": "admin"}[login]
        for address in addresses(app, "GET", **ids_of(case)):
            if address.endpoint.startswith((f"{area}.", "public.")):
                assert WORDS not in desk.get(address.path).text, address.path
        again = sign_in(app)
        assert is_shown(again.get(NEW)), "control: the words were nowhere"


def test_form_from_an_ended_desk_sent_after_another_signed_in_is_gone(app: Flask, case: Case) -> None:
    a_case(case.database, login="idris", name="Elin Frost", reference="EF-0533")
    desk = sign_in(app)
    typed = new_client(token(desk, NEW))
    desk.send("/desk/account", "/desk/sign-out")
    desk.send("/sign-in", login="idris", password=PASSWORD)
    assert "belonged to another meeting" in words(desk.press(NEW, typed, status=400))
    assert kept(case.database) == []


def test_both_together_find_the_words_again_after_idle(app: Flask, together: tuple[Case, Case]) -> None:
    case = together[0]
    table = sit(app, case, "together")
    typed = {"title": WORDS, "csrf_token": token(table, "/together/goals")}
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert table.post("/together/goals", data=typed).location == "/away"
        for other, found in ((together[1], "/together/"), (case, "/together/goals")):
            again = sign_in(app)
            to = f"/desk/rounds/{other.round_id}/together"
            assert again.send(f"/desk/clients/{other.client_id}", to).location == found
            assert is_shown(again.get("/together/goals")) == (other is case)


# Two tabs


def test_words_for_one_plan_are_not_written_into_the_next(app: Flask, together: tuple[Case, Case]) -> None:
    first, second = together
    table = sign_in(app)
    table.send(f"/desk/clients/{first.client_id}", f"/desk/rounds/{first.round_id}/together")
    typed = {"title": WORDS, "csrf_token": token(table, "/together/goals")}
    table.send("/together/desk", pin=PIN)
    table.send(f"/desk/clients/{second.client_id}", f"/desk/rounds/{second.round_id}/together")
    assert "belonged to another meeting" in words(table.press("/together/goals", typed, status=400))
    assert WORDS not in table.get("/together/goals").text
    with first.database.reading() as session:
        assert session.query(AgreedGoal).count() == 0
    assert kept(first.database) == []


def test_words_of_one_client_never_reach_the_next(app: Flask, case: Case) -> None:
    other = a_case(case.database, name="Ash Lee", reference="AL-0540").with_open_sorts()
    tablet = tablet_of(app, case)
    typed = {"title": WORDS, "csrf_token": token(tablet, "/s/own")}
    tablet.set_cookie("seat", token_of(other, "client"))
    assert "belonged to another meeting" in words(tablet.press("/s/own", typed, status=400))
    assert WORDS not in tablet.get("/s/own").text
    with case.database.reading() as session:
        assert session.query(OwnCard).count() == 0
    assert kept(case.database) == []


NAMED = ["goals", "plan", "dates", "side-by-side", "table", "choice", "safe", "questions", "desk", "goal/1", "card/1"]


@pytest.mark.parametrize("path", NAMED)
def test_every_page_of_together_names_the_client(app: Flask, together: tuple[Case, Case], path: str) -> None:
    table = sit(app, together[1], "together")
    write(table, "/together/goals", {"title": "Walk more"})
    header = table.page(f"/together/{path}").select_one("header")
    assert header is not None and "Ash" in header.get_text()


# How long it waits


def a_clients_draft(app: Flask, case: Case) -> Police:
    """A tablet whose client was refused a card of their own."""
    tablet = tablet_of(app, case)
    tablet.send("/s/own", title=WORDS * 20, status=422)
    assert len(kept(case.database)) == 1
    return tablet


def hands_back(tablet: Police, case: Case) -> None:
    tablet.send("/s/back", pin=PIN, go="desk")


def sits_together(tablet: Police, case: Case) -> None:
    tablet.send("/s/back", pin=PIN, go="together")


def leaves(tablet: Police, case: Case) -> None:
    tablet.send("/s/own", "/s/leave")


def is_handed_over_again(tablet: Police, case: Case) -> None:
    token_of(case, "client")


def keyworker_is_disabled(tablet: Police, case: Case) -> None:
    with case.database.writing() as session:
        people.disable(session, case.keyworker(session), actor=case.keyworker(session), now=case.later())


def client_moves_on(tablet: Police, case: Case) -> None:
    with case.database.writing() as session:
        client = session.get_one(Client, (case.service_id, case.client_id))
        seats.end_of_client(session, client, datetime.now(UTC))


@pytest.mark.parametrize(
    "end", [hands_back, sits_together, leaves, is_handed_over_again, keyworker_is_disabled, client_moves_on]
)
def test_clients_draft_goes_with_the_seat(app: Flask, case: Case, end: object) -> None:
    end(a_clients_draft(app, case), case)  # type: ignore[operator]
    assert kept(case.database) == []


def test_clients_draft_is_swept_when_the_seat_has_ended_by_itself(app: Flask, case: Case) -> None:
    a_clients_draft(app, case)
    now = datetime.now(UTC)
    for minutes, left in ((59, 1), (61, 0)):
        with case.database.writing() as session:
            drafts.sweep(session, now + timedelta(minutes=minutes))
        assert len(kept(case.database)) == left


def test_form_of_a_clients_ended_seat_is_not_kept(app: Flask, case: Case) -> None:
    tablet = tablet_of(app, case)
    typed = {"title": WORDS, "csrf_token": token(tablet, "/s/own")}
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert tablet.post("/s/own", data=typed).location == "/away"
    assert kept(case.database) == []


def test_handing_back_asks_about_what_is_not_saved(app: Flask, case: Case) -> None:
    tablet = a_clients_draft(app, case)
    page = tablet.get("/s/back")
    assert "Something you wrote" in words(page)
    assert WORDS not in page.text
    tablet.send("/s/own", title="Sleep")
    assert "Something you wrote" not in words(tablet.get("/s/back"))


def test_keyworkers_draft_ends_after_12_hours(app: Flask, case: Case) -> None:
    desk = sign_in(app)
    desk.send(NEW, name=WORDS, reference="", status=422)
    now = datetime.now(UTC)
    for hours, found in ((11, True), (13, False)):
        with time_machine.travel(now + timedelta(hours=hours)):
            assert is_shown(sign_in(app).get(NEW)) == found
    with case.database.writing() as session:
        drafts.sweep(session, now + timedelta(hours=13))
    assert kept(case.database) == []


def test_no_draft_lasts_longer_when_the_clock_is_set_back(app: Flask, case: Case) -> None:
    now, desk = datetime.now(UTC), sign_in(app)
    with time_machine.travel(now + timedelta(hours=1)):
        sign_in(app).send(NEW, name=WORDS, reference="", status=422)
    assert not is_shown(desk.get(NEW))
    with case.database.writing() as session:
        drafts.sweep(session, now)
    assert kept(case.database) == []


def test_clients_draft_goes_when_the_clock_is_set_back(app: Flask, case: Case) -> None:
    a_clients_draft(app, case)
    with case.database.writing() as session:
        session.query(FormDraft).update({"at": datetime.now(UTC) - timedelta(hours=1)})
        drafts.sweep(session, datetime.now(UTC))
    assert len(kept(case.database)) == 1
    with case.database.writing() as session:
        drafts.sweep(session, datetime.now(UTC) - timedelta(minutes=5))
    assert kept(case.database) == []


def test_any_seat_that_is_awake_sweeps(app: Flask, case: Case) -> None:
    desk, other = sign_in(app), sign_in(app)
    desk.send(NEW, name=WORDS, reference="", status=422)
    with case.database.writing() as session:
        session.query(FormDraft).update({"ends_at": datetime.now(UTC)})
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        other.get("/desk/")
    assert kept(case.database) == []


def test_draft_is_read_by_its_owner_alone(app: Flask, case: Case) -> None:
    other = a_case(case.database, login="idris", name="Elin Frost", reference="EF-0533")
    sign_in(app).send(NEW, name=WORDS, reference="", status=422)
    assert not is_shown(browser(app, desk_token(case, other.keyworker_id)).get(NEW))
    assert is_shown(browser(app, desk_token(case, case.keyworker_id)).get(NEW))


# Secrets

SECRET = "9087651234"


def secret_fields() -> set[tuple[str, str]]:
    """Every field of every form that takes a secret, by what it is and by what it is called."""
    called = re.compile(r"pass|pin$|pin_|secret|code|current", re.IGNORECASE)
    found = set()
    for form in set(forms.forms()):
        for name, field in vars(form).items():
            is_secret = isinstance(field, UnboundField) and issubclass(field.field_class, (PasswordField, NeverKept))
            if is_secret or (isinstance(field, UnboundField) and called.search(name)):
                found.add((form.__name__, name))
    return found


def test_every_secret_is_of_a_kind_that_is_never_kept(app: Flask) -> None:
    found = secret_fields()
    assert len(found) >= 12
    assert may_be_kept(name for _form, name in found) == set()
    assert may_be_kept(["keyworker-pin", "keyworker-name"]) == {"keyworker-name"}


def test_no_name_is_a_secret_in_one_form_and_words_in_another(app: Flask) -> None:
    for form in set(forms.forms()):
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and not issubclass(field.field_class, NeverKept):
                assert may_be_kept([name]), f"{form.__name__}.{name}"


def test_secret_of_a_form_that_a_test_makes_hides_no_field_of_the_program() -> None:
    class Example(PlainForm):
        what = SecretField("What?")

    assert Example in PlainForm.__subclasses__()
    assert may_be_kept(["what"]) == {"what"}


@pytest.mark.parametrize("seat", ["client", "keyworker", "together", "admin", "anonymous"])
def test_no_refused_press_keeps_a_secret(app: Flask, database: Database, seat: str) -> None:
    case = a_case(database).sorted_by_both().confirmed() if seat == "together" else a_case(database).with_open_sorts()
    asker = sit(app, case, seat)
    names = {name for _form, name in secret_fields()}
    secrets = {f"{prefix}{name}": SECRET for name in names for prefix in ("", "client-", "keyworker-", "step-")}
    too_long = dict.fromkeys(("name", "title", "words", "reason", "reference", "what"), "x" * 2500)
    csrf_token = csrf_of(asker, "/")
    for address in addresses(app, "POST", **ids_of(case)):
        ends = address.path.endswith(("leave", "sign-out", "lock", "hand-over", "back", "together"))
        if address.endpoint.startswith((f"{seat}.", "public.")) and not ends:
            sent = asker.post(address.path, data={**too_long, **secrets, "csrf_token": csrf_token})
            assert SECRET not in sent.text + str(sent.headers), address.path
    with database.reading() as session:
        held = session.query(FormDraft).all()
        assert SECRET not in json.dumps([[row.fields, row.messages] for row in held])
        assert held or seat == "anonymous", "control: nothing was kept at all"


def test_locked_desk_keeps_words_and_no_pin(desk: Police, database: Database) -> None:
    typed = {**new_client(token(desk, NEW)), "pin": SECRET, "password": SECRET}
    lock(desk)
    desk.post(NEW, data=typed)
    (row,) = kept(database)
    assert WORDS in row.fields and SECRET not in row.fields
    assert (row.why, row.kind) == (Withheld.UNSENT, SeatKind.KEYWORKER)


def test_message_about_a_pin_shows_once(desk: Police, database: Database) -> None:
    lock(desk)
    assert "tries left" in words(desk.send("/desk/locked", pin="000000", status=422))
    assert "tries left" not in words(desk.get("/desk/locked"))
    assert kept(database) == []


def test_message_about_a_pin_is_for_the_seat_that_typed_it(desk: Police, case: Case) -> None:
    lock(desk)
    sent = desk.post("/desk/locked", data={"pin": "000000", "csrf_token": token(desk, "/desk/locked")})
    assert sent.location == "/desk/locked"
    other = a_case(case.database, login="idris", name="Elin Frost", reference="EF-0533")
    held = desk.get_cookie("said")
    next_one = browser(desk.application, desk_token(case, other.keyworker_id))
    lock(next_one)
    assert held is not None
    next_one.set_cookie("said", held.value)
    assert "tries left" not in words(next_one.get("/desk/locked"))


def test_private_feeling_of_one_is_in_no_draft(app: Flask, together: tuple[Case, Case]) -> None:
    table = sit(app, together[0], "together")
    write(table, "/together/goals", {"title": "Walk more"})
    write(table, "/together/preview", to="/together/freeze")
    fields = {"client-signs": "yes", "client-agreement": "dont_agree"}
    write(table, "/together/sign", fields, to="/together/sign/client", status=422)
    (row,) = kept(together[0].database)
    assert "client-signs" in row.fields and "agreement" not in row.fields


# Not on the neighbour, and no seat from a press that was refused


def test_draft_of_a_goal_does_not_show_on_the_goal_that_took_its_place(app: Flask, together: tuple[Case, Case]) -> None:
    table = sit(app, together[0], "together")
    for title in ("Walk more", "Sleep well"):
        write(table, "/together/goals", {"title": title})
    refused = write(table, "/together/goal/1", {"why": WORDS, "title": ""}, status=422)
    assert WORDS in refused.text
    write(table, "/together/goals", {"do": "down"}, to="/together/goal/1/move")
    assert WORDS not in table.get("/together/goal/1").text


def test_draft_about_one_thing_goes_when_its_form_is_saved(app: Flask, together: tuple[Case, Case]) -> None:
    table = sit(app, together[0], "together")
    write(table, "/together/goals", {"title": "Walk more"})
    write(table, "/together/goal/1", {"title": ""}, status=422)
    write(table, "/together/goal/1", {"title": "Walk a lot"})
    assert kept(together[0].database) == []


def test_refused_press_gives_no_cookie(own_app: Flask, case: Case) -> None:
    def press() -> Response:
        sit_down("a-new-seat")
        return refused(NoteForm(), to="/desk/")

    own_app.add_url_rule("/desk/sits", "keyworker.sits", press, methods=["POST"])
    desk = sign_in(own_app)
    sent = desk.post("/desk/sits", data={"note": "x", "csrf_token": token(desk, NEW)})
    assert "seat=" not in str(sent.headers)
    assert desk.get("/desk/").status_code == 200
