"""The admin's seat: people, whose client somebody is, the service's own words. Nothing of any sort or plan."""

from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event

from decisionaid.casework import people
from decisionaid.storage import queries_people
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, CrisisLine, Role, Service, ServiceText, Staff
from decisionaid.storage.queries_people import A_PAGE
from tests.builders import DECK, DECKS, NOW, PASSWORD, PASSWORD_HASH, Case, a_case
from tests.police import Police, parsed, words
from tests.web.cases import counted
from tests.web.doors import NEW_PASSWORD, STEPS, browser, errors, lock, sat_once, sign_in, unlock

ZOE: dict[str, Any] = {"name": "Zoë Lark", "login": "zoe", "role": "keyworker", "language": "en"}


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


@pytest.fixture
def admin(app: Flask, case: Case) -> Police:
    """Robin's desk."""
    return sat_once(robins_desk, app, case)


def robins_desk(app: Flask, _case: Case) -> Police:
    return sign_in(app, "robin")


def staff(case: Case, login: str) -> Staff:
    with case.database.reading() as db:
        return db.query(Staff).filter_by(service_id=case.service_id, login=login).one()


def first_password(response: Any) -> str:
    """The password that a page gives out."""
    shown = parsed(response).select_one(".first-password")
    assert shown is not None
    return shown.get_text(strip=True)


def shown_as_chosen(page: BeautifulSoup, name: str) -> str:
    """What a browser shows in a list, and sends: the chosen option, or else the first."""
    found = page.select_one(f"[name={name}] option[selected]") or page.select_one(f"[name={name}] option")
    assert found is not None
    return str(found["value"])


def add_zoe(admin: Police, **changed: Any) -> str:
    """Add somebody; returns the first password that the page showed."""
    password = first_password(admin.get("/admin/people/new"))
    admin.send("/admin/people/new", **{**ZOE, "first_password": password, **changed})
    return password


# A list of choices


def test_a_time_zone_that_is_not_known_chooses_no_other(admin: Police, case: Case) -> None:
    held = {"name": "Hill Lane", "nation": "england"}
    page = parsed(admin.send("/admin/service", status=422, **held, time_zone="Mars/Olympus"))
    assert shown_as_chosen(page, "time_zone") == ""
    admin.send("/admin/service", status=422, **held, time_zone="")
    with case.database.reading() as db:
        assert db.query(Service).one().time_zone == "Europe/London"
    assert shown_as_chosen(parsed(admin.send("/admin/service", status=422, **held, time_zone="")), "time_zone") == ""


def test_a_keyworker_who_was_disabled_meanwhile_chooses_no_other(admin: Police, case: Case) -> None:
    add_zoe(admin)
    zoe, path = staff(case, "zoe"), f"/admin/clients/{case.client_id}"
    with case.database.writing() as db:
        people.disable(db, db.merge(zoe), actor=db.query(Staff).filter_by(login="robin").one(), now=NOW)
    page = parsed(admin.send(path, status=422, keyworker=zoe.id))
    assert shown_as_chosen(page, "keyworker") == ""
    admin.send(path, status=422, keyworker="")
    with case.database.reading() as db:
        assert db.get_one(Client, (case.service_id, case.client_id)).keyworker_id == staff(case, "maya").id


# People


def test_somebody_new_signs_in_with_the_password_that_was_shown_once(app: Flask, admin: Police, case: Case) -> None:
    password = add_zoe(admin)
    page = f"/admin/people/{staff(case, 'zoe').id}"
    assert password not in admin.get(page).get_data(as_text=True)
    assert first_password(admin.get("/admin/people/new")) != password
    newcomer = sign_in(app, "zoe", password)
    assert newcomer.get("/desk/").headers["Location"] == "/desk/first-steps"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"login": "maya"}, "login"),
        ({"login": "Maya"}, "login"),
        ({"login": "two words"}, "login"),
        ({"login": ""}, "login"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"role": "manager"}, "role"),
        ({"language": "xx"}, "language"),
        ({"first_password": "short"}, "first_password"),
    ],
)
def test_what_a_new_person_cannot_be(admin: Police, case: Case, change: dict[str, Any], field: str) -> None:
    response = admin.send("/admin/people/new", status=422, **{**ZOE, **change})
    page = parsed(response)
    assert [link["href"] for link in page.select("[data-error-summary] a")] == [f"#{field}"]
    with case.database.reading() as db:
        assert db.query(Staff).count() == 2


def test_shutting_somebody_out_and_letting_them_in(app: Flask, admin: Police, case: Case) -> None:
    desk, page = sign_in(app), f"/admin/people/{case.keyworker_id}"
    admin.send(page, f"{page}/disable")
    assert desk.get("/desk/").headers["Location"] == "/sign-in"
    browser(app).send("/sign-in", login="maya", password=PASSWORD, status=422)
    assert "Cannot sign in since" in words(admin.get(page))
    admin.send(page, f"{page}/enable")
    sign_in(app)


def test_the_last_admin_stays(admin: Police, case: Case) -> None:
    page = f"/admin/people/{staff(case, 'robin').id}"
    refused = admin.send(page, f"{page}/disable", status=422)
    assert "only admin" in words(refused)
    assert staff(case, "robin").disabled_at is None
    add_zoe(admin, role="admin")
    admin.send(page, f"{page}/disable")


def test_a_reset_ends_every_session_and_forgets_the_pin(app: Flask, admin: Police, case: Case) -> None:
    desk, path = sign_in(app), f"/admin/people/{case.keyworker_id}/reset"
    password = first_password(admin.get(path))
    admin.send(path, first_password=password)
    assert desk.get("/desk/").headers["Location"] == "/sign-in"
    browser(app).send("/sign-in", login="maya", password=PASSWORD, status=422)
    desk.send("/sign-in", login="maya", password=password)
    desk.send("/desk/first-steps", **STEPS)
    sign_in(app, password=NEW_PASSWORD)


def test_the_admins_own_desk_locks_too(admin: Police) -> None:
    lock(admin, "/admin")
    assert admin.get("/admin/clients").headers["Location"] == "/admin/locked"
    unlock(admin, area="/admin")
    assert admin.get("/admin/").status_code == 200


# Clients


def test_names_references_and_keyworkers_only(admin: Police, case: Case) -> None:
    case.sorted_by_both().confirmed()
    for path in ("/admin/clients", f"/admin/clients/{case.client_id}"):
        said = words(admin.get(path))
        for shown in ("Rowan Ellis", "RE-0522", "Maya Osei"):
            assert shown in said
        for hidden in ("round", "review", "Round", "talked", "compare", "definitely"):
            assert hidden not in said


def test_passing_a_client_on(app: Flask, admin: Police, case: Case) -> None:
    add_zoe(admin)
    zoe, path = staff(case, "zoe"), f"/admin/clients/{case.client_id}"
    admin.send(path, keyworker=zoe.id)
    assert "Zoë Lark" in words(admin.get(path))
    assert "Rowan" not in words(sign_in(app).get("/desk/"))
    assert sign_in(app).get(f"/desk/clients/{case.client_id}").status_code == 404


def test_whoever_passed_a_client_on_no_longer_sits_with_them(app: Flask, admin: Police, case: Case) -> None:
    add_zoe(admin)
    case.sorted_by_both()
    together = sign_in(app)
    together.send("/desk/", f"/desk/rounds/{case.round_id}/together")
    assert together.get("/together/").status_code == 200
    admin.send(f"/admin/clients/{case.client_id}", keyworker=staff(case, "zoe").id)
    assert together.get("/together/").headers["Location"] == "/away"


def test_a_client_goes_only_to_a_keyworker_of_ours_who_can_sign_in(admin: Police, case: Case) -> None:
    add_zoe(admin)
    zoe = staff(case, "zoe")
    with case.database.writing() as db:
        people.disable(db, db.get_one(Staff, (case.service_id, zoe.id)), actor=case.keyworker(db), now=NOW)
    path = f"/admin/clients/{case.client_id}"
    for chosen in (zoe.id, staff(case, "robin").id, "nobody", ""):
        refused = admin.send(path, keyworker=chosen, status=422)
        assert [field for field, _ in errors(refused)] == ["keyworker"]
    with case.database.reading() as db:
        assert db.get_one(Client, (case.service_id, case.client_id)).keyworker_id == case.keyworker_id


def many_clients(case: Case, number: int) -> None:
    with case.database.writing() as db:
        maya = case.keyworker(db)
        for n in range(number):
            details: dict[str, object] = {"name": f"Person {n:04}", "reference": f"P-{n:04}", "language": "en"}
            people.add_client(db, maya, details, now=NOW)


def test_pages_go_through_all_clients_once(admin: Police, case: Case) -> None:
    many_clients(case, 2 * A_PAGE + 7)
    seen: list[str] = []
    path = "/admin/clients"
    while path:
        page = admin.page(path)
        seen += [row.get_text(strip=True) for row in page.select("tbody th")]
        path = next((str(a["href"]) for a in page.select("main a") if "More clients" in a.get_text()), "")
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 2 * A_PAGE + 8


@pytest.mark.parametrize(("number", "more"), [(A_PAGE, False), (A_PAGE + 1, True)])
def test_where_a_page_holds_the_last_client_no_other_is_offered(
    admin: Police, case: Case, number: int, *, more: bool
) -> None:
    many_clients(case, number - 1)  # beside the one of the case
    page = admin.page("/admin/clients")
    assert len(page.select("tbody th")) == A_PAGE
    assert ("More clients" in page.get_text()) is more


def test_the_next_page_of_a_search_goes_on_with_the_search(admin: Police, case: Case) -> None:
    many_clients(case, A_PAGE + 7)
    page = parsed(admin.get("/admin/clients", query_string={"find": "person"}))
    (on,) = (str(link["href"]) for link in page.select("main a") if "More clients" in link.get_text())
    found = [row.get_text(strip=True) for row in admin.page(on).select("tbody th")]
    assert len(found) == 7
    assert [name for name in found if "Person" not in name] == []


@pytest.mark.parametrize(
    ("find", "number"),
    [
        ("person 00", 9),
        ("P-0003", 1),
        ("ROWAN", 1),
        ("%", 0),
        ("_", 0),
        ("/", 0),
        ("nobody", 0),
        ("", 10),
        ("0003 Person", 1),
        ("p0003", 1),
    ],
)
def test_search_over_all_clients(admin: Police, case: Case, find: str, number: int) -> None:
    many_clients(case, 9)
    page = parsed(admin.get("/admin/clients", query_string={"find": find}))
    assert len(page.select("tbody th")) == number


def test_the_number_of_queries_does_not_grow(admin: Police, case: Case) -> None:
    numbers = []
    for more in (0, 2 * A_PAGE):
        many_clients(case, more)
        with counted(case.database) as sent:
            admin.get("/admin/clients")
        numbers.append(len(sent))
    assert numbers[0] == numbers[1] <= 6, numbers


def test_the_search_walks_its_index(case: Case) -> None:
    asked: list[tuple[str, Any]] = []
    note = partial(_keep, asked)
    event.listen(case.database.engine, "before_cursor_execute", note)
    with case.database.reading() as db:
        queries_people.clients(db, case.service_id, "ad", case.client_id)
        statement, values = asked[-2]  # the one that finds the page
        plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        said = "\n".join(str(row) for row in plan)
    assert "COVERING INDEX ix_client_sought" in said
    assert "SCAN client" not in said


def _keep(asked: list[tuple[str, Any]], _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
    asked.append((statement, values))


# The service


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"nation": ""}, "nation"),
        ({"nation": "x"}, "nation"),
        ({"time_zone": ""}, "time_zone"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_what_is_wrong_about_the_service_is_said_at_its_field(
    admin: Police, change: dict[str, Any], field: str
) -> None:
    typed: dict[str, Any] = {"name": "Hill", "nation": "wales", "time_zone": "Europe/Warsaw", **change}
    assert [at for at, _ in errors(admin.send("/admin/service", status=422, **typed))] == [field]


def test_the_time_zone_is_chosen_and_shown(admin: Police, case: Case) -> None:
    def chosen() -> list[str]:
        return [str(option["value"]) for option in admin.page("/admin/service").select("#time_zone [selected]")]

    assert chosen() == ["Europe/London"]
    admin.send("/admin/service", name="Hill", nation="wales", time_zone="America/New_York")
    assert chosen() == ["America/New_York"]
    with case.database.reading() as db:
        assert db.query(Service).one().time_zone == "America/New_York"


def test_the_services_name_and_sentences(admin: Police, case: Case) -> None:
    admin.send("/admin/service", name="Hill Lane East", nation="wales", time_zone="Europe/London")
    admin.send("/admin/service/cy/texts", complaint="Gofynnwch.\r\nNeu ffoniwch.", advocate="")
    with case.database.reading() as db:
        assert db.query(Service).one().name == "Hill Lane East"
        assert [(t.field, t.language, t.text) for t in db.query(ServiceText)] == [
            ("complaint", "cy", "Gofynnwch.\nNeu ffoniwch.")
        ]
    refused = admin.send("/admin/service/cy/texts", complaint="x" * 2001, status=422)
    assert "x" * 2001 in refused.text
    with case.database.reading() as db:
        assert [text.text for text in db.query(ServiceText)] == ["Gofynnwch.\nNeu ffoniwch."]


def test_crisis_lines_in_their_order(admin: Police, case: Case) -> None:
    path = "/admin/service/en/lines"
    admin.send(path, name_1="Night line", number_1="01632 960117", name_3="Day line", number_3="+44 (0)1632 960118")
    with case.database.reading() as db:
        lines = db.query(CrisisLine).filter_by(language="en").order_by(CrisisLine.position)
        assert [(line.name, line.number) for line in lines] == [
            ("Night line", "01632 960117"),
            ("Day line", "+44 (0)1632 960118"),
        ]
    assert "01632 960117" in words(admin.get("/admin/service"))


def ticked(admin: Police) -> list[str]:
    """The spare cards that stand ticked."""
    page = parsed(admin.get("/admin/service/cards"))
    return [str(box["value"]) for box in page.select("fieldset input[type=checkbox][checked]")]


def test_spare_cards_are_added_and_taken_out_again(admin: Police, case: Case) -> None:
    path, titles = "/admin/service/cards", DECKS.card_words(DECK.id, "en").cards
    page = parsed(admin.get(path))
    offered = {str(box["value"]): str(box["id"]) for box in page.select("fieldset input[type=checkbox]")}
    assert list(offered) == [card.id for card in DECK.spares]
    for card, id_ in offered.items():
        label = page.select_one(f"label[for='{id_}']")
        assert label is not None
        assert label.get_text() == titles[card].title
    assert (ticked(admin), "No extra cards" in words(admin.get("/admin/service"))) == ([], True)
    admin.send(path, cards=["sleep", "family", "sleep"])
    assert ticked(admin) == ["family", "sleep"]
    assert titles["sleep"].title in words(admin.get("/admin/service"))
    with case.database.reading() as db:
        assert db.get_one(Service, case.service_id).spare_cards == ("family", "sleep")
    admin.send(path)
    assert ticked(admin) == []


@pytest.mark.parametrize("card", ["drinking", "nothing", "sleep family", "own-1"])
def test_a_card_that_is_no_spare_cannot_be_added(admin: Police, case: Case, card: str) -> None:
    admin.send("/admin/service/cards", cards=["sleep"])
    refused = admin.send("/admin/service/cards", cards=["family", card], status=422)
    assert [field for field, _ in errors(refused)] == ["cards"]
    with case.database.reading() as db:
        assert db.get_one(Service, case.service_id).spare_cards == ("sleep",)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name_1": "Night line", "number_1": ""}, "number_1"),
        ({"name_1": "", "number_1": "01632 960117"}, "name_1"),
        ({"name_2": "Night line", "number_2": "ask at the desk"}, "number_2"),
        ({"name_2": "x" * 81, "number_2": "999"}, "name_2"),
    ],
)
def test_half_a_crisis_line_is_said_at_its_field(admin: Police, typed: dict[str, Any], field: str) -> None:
    refused = admin.send("/admin/service/en/lines", status=422, **typed)
    assert [where for where, _ in errors(refused)] == [field]


# What is not theirs


def test_foreign_ids_are_like_unknown_ones(admin: Police, case: Case) -> None:
    with case.database.writing() as db:
        elsewhere = people.found_service(db, "Elsewhere", language="en", now=NOW)
        sam = people.add_staff(
            db,
            elsewhere,
            login="sam",
            name="Sam",
            role=Role.KEYWORKER,
            password_hash=PASSWORD_HASH,
            language="en",
            actor="test",
            now=NOW,
        )
        theirs = people.add_client(db, sam, {"name": "A", "reference": "A-1", "language": "en"}, now=NOW)
        ids = [sam.id, theirs.id, "nobody", "%00"]
    page = parsed(admin.get("/admin/")).find("input", attrs={"name": "csrf_token"})
    assert page is not None
    seen = set()
    for path in ("people/{}", "people/{}/reset", "clients/{}"):
        for id_ in ids:
            response = admin.get(f"/admin/{path.format(id_)}")
            assert response.status_code == 404
            seen.add(words(response))
    for path in ("people/{}/disable", "people/{}/enable", "people/{}/reset", "clients/{}"):
        for id_ in ids:
            data = {"csrf_token": page["value"], "keyworker": case.keyworker_id, "first_password": NEW_PASSWORD}
            response = admin.press(f"/admin/{path.format(id_)}", data, status=404)
            seen.add(words(response))
    assert len(seen) == 1
    assert admin.get("/admin/service/xx/texts").status_code == 404
    assert "Sam" not in words(admin.get("/admin/"))


def test_the_desk_does_not_exist_for_an_admin_nor_the_admins_pages_for_a_keyworker(
    app: Flask, admin: Police, case: Case
) -> None:
    for path in ("/desk/", "/desk/plans", f"/desk/clients/{case.client_id}", "/s/", "/together/"):
        assert admin.get(path).status_code == 404
    desk = sign_in(app)
    for path in ("/admin/", "/admin/clients", "/admin/service", f"/admin/people/{case.keyworker_id}"):
        assert desk.get(path).status_code == 404
