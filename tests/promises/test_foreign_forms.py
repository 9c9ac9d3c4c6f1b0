"""P38: a form drawn for one seat, round or person, sent under any other, writes nothing and shows nothing of what was
typed."""

from collections.abc import Callable
from itertools import permutations

import pytest
from flask import Flask
from wtforms.fields.core import UnboundField

from decisionaid.casework import drafts
from decisionaid.casework.drafts import Owner
from decisionaid.casework.seats import Seated
from decisionaid.storage.database import Database
from decisionaid.web import csrf, forms
from tests.builders import Case, a_case
from tests.police import Police
from tests.promises.onlookers import HOMES, Address, addresses, browser, csrf_of, desk_token, ids_of, rows, sit
from tests.promises.test_mutated_posts import names_of

MARK = "Quillfeather"
SEATS: dict[str, Callable[[Flask, Case, Case], Police]] = {
    "nobody": lambda app, _a, _b: sit(app, _a, "anonymous"),
    "client A": lambda app, a, _b: sit(app, a, "client"),
    "client B": lambda app, _a, b: sit(app, b, "client"),
    "together A": lambda app, a, _b: sit(app, a, "together"),
    "together B": lambda app, _a, b: sit(app, b, "together"),
    "keyworker": lambda app, a, _b: browser(app, desk_token(a, a.keyworker_id)),
    "another keyworker": lambda app, a, _b: browser(app, desk_token(a, other(a).keyworker_id)),
    "admin": lambda app, a, _b: sit(app, a, "admin"),
}
"""Every kind of seat; two rounds, two people."""

WORDS = ("name", "title", "words", "reason", "heard", "what_matters", "what", "aftercare", "login", "no_goal_reason")


def other(case: Case) -> Case:
    """A client of another keyworker's."""
    return a_case(case.database, login="idris", name="Elin Frost", reference=f"EF-{case.later():%H%M}").with_round()


@pytest.fixture
def two(database: Database) -> tuple[Case, Case]:
    """Two clients of one keyworker, each ready to sit together."""
    a = a_case(database).sorted_by_both().confirmed()
    return a, a_case(database, name="Ash Lee", reference="AL-0540").sorted_by_both().confirmed()


def home_of(kind: str) -> str:
    for seat, home in HOMES.items():
        if seat in kind:
            return home
    return "/sign-in"


def shown(asker: Police, path: str, fields: dict[str, str], pages: dict[str, str]) -> str:
    """All that a browser sees of a press: its answer, and the page that it leads to."""
    sent = asker.post(path, data=fields)
    assert sent.status_code == 303, path
    to = sent.location or ""
    if to not in pages:
        pages[to] = asker.get(to, follow_redirects=True).text
    return sent.text + to + pages[to]


def presses(app: Flask, case: Case) -> list[Address]:
    """Every address that takes a form."""
    return addresses(app, "POST", **ids_of(case))


def leaks(app: Flask, two: tuple[Case, Case], drawn: str, under: str) -> list[str]:
    """Where a form drawn in one seat wrote or showed anything in the other."""
    token = csrf_of(SEATS[drawn](app, *two), home_of(drawn))
    asker = SEATS[under](app, *two)
    assert token
    before, pages = rows(two[0]), dict[str, str]()
    fields = {**dict.fromkeys(WORDS, MARK), "csrf_token": token}
    found = [a.path for a in presses(app, two[0]) if MARK in shown(asker, a.path, fields, pages)]
    return found + [name for name, held in rows(two[0]).items() if held != before[name]]


@pytest.mark.in_turn(4)
@pytest.mark.promise("P38")
@pytest.mark.parametrize("under", SEATS)
def test_form_of_another_seat_writes_and_shows_nothing(app: Flask, two: tuple[Case, Case], under: str) -> None:
    found = {drawn: leaks(app, two, drawn, under) for drawn in SEATS if drawn != under}
    assert not any(found.values()), found
    print(
        f"P38: {len(presses(app, two[0]))} presses of {len(found)} other seats, sent under {under}: 0 written, 0 shown"
    )


@pytest.mark.promise("P38")
def test_it_says_plainly_why(app: Flask, two: tuple[Case, Case]) -> None:
    for drawn, under in permutations(list(SEATS)[1:], 2):
        token = csrf_of(SEATS[drawn](app, *two), home_of(drawn))
        asker = SEATS[under](app, *two)
        page = asker.press("/together/goals", {"title": MARK, "csrf_token": token}, status=400)
        assert "belonged to another meeting" in page.text, (drawn, under)


@pytest.mark.promise("P38")
def test_control_without_the_seal_the_words_are_written(
    app: Flask, two: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csrf, "is_this_browsers", lambda _form: True)
    assert leaks(app, two, "together A", "together B")


@pytest.mark.promise("P38")
def test_control_label_without_the_round_shows_one_clients_words_to_the_next(
    app: Flask, two: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_any_round(seat: Seated) -> Owner:
        return Owner(seat.service_id, seat.staff_id, seat.kind)

    monkeypatch.setattr(drafts, "owner", of_any_round)
    assert leaks(app, two, "together A", "together B")
    assert leaks(app, two, "client A", "client B")


# Every press that is refused in its own seat

BARE = {
    "client": "leave begin remove_own",
    "together": "leave confirm withdraw print_plan",
    "keyworker": "lock sign_out give_tablet type_in sit_together show_code sort_begin print_plan",
    "admin": "lock sign_out disable enable",
}
"""Presses that send nothing but themselves. A new one that takes a form is tried without being named here."""


CHANGED_BY_WORDS = {"form_draft", "throttle", "seat"}
"""What a refused press may leave: its draft, and the count of what was guessed."""


def every_field() -> set[str]:
    """The fields of every form of the program."""
    of_all = (vars(form).items() for form in set(forms.forms()))
    return {name for fields in of_all for name, field in fields if isinstance(field, UnboundField)}


def refusable(app: Flask, seat: str, case: Case) -> list[Address]:
    bare = {f"{seat}.{name}" for name in BARE[seat].split()}
    return [
        a
        for a in addresses(app, "POST", **ids_of(case))
        if a.endpoint.startswith(f"{seat}.") and a.endpoint not in bare
    ]


@pytest.mark.in_turn(2)
@pytest.mark.promise("P38")
@pytest.mark.parametrize("seat", BARE)
def test_every_refused_press_leads_on_and_writes_only_its_draft(app: Flask, database: Database, seat: str) -> None:
    case = a_case(database).with_open_sorts()
    if seat == "together":
        case.sorted_by_both().confirmed()
    asker, tried = sit(app, case, seat), 0
    names = {*names_of(app, asker, seat, ids_of(case)), *every_field()}
    token, before = csrf_of(asker, HOMES[seat]), rows(case)
    for address in refusable(app, seat, case):
        too_long = dict.fromkeys(names, MARK * 500)
        sent = asker.post(address.path, data={**too_long, "csrf_token": token})
        assert sent.status_code == 303, address.path
        assert MARK not in sent.text + (sent.location or ""), address.path
        changed = {name for name, held in rows(case).items() if held != before[name]}
        assert changed <= CHANGED_BY_WORDS, (address.path, changed)
        tried += 1
    assert tried > 8
    print(f"P38: {tried} refused presses of the {seat}: each leads on, 0 written but drafts")


@pytest.mark.in_turn(2)
@pytest.mark.promise("P38")
@pytest.mark.parametrize("seat", BARE)
def test_every_press_without_its_token_leads_on_and_writes_nothing(app: Flask, database: Database, seat: str) -> None:
    case = a_case(database).with_open_sorts()
    asker = sit(app, case, seat)
    before = rows(case)
    for address in addresses(app, "POST", **ids_of(case)):
        page = asker.led(asker.post(address.path, data={"title": MARK, "name": MARK}))
        assert MARK not in page.text
        assert page.status_code >= 400 or page.status_code == 303, address.path
    assert rows(case) == before
