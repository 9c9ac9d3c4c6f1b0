"""P08: what stands outside a page (titles, addresses, names of files, the icon) tells nothing of what it is about."""

import io
import re
from collections.abc import Iterator
from itertools import product

import pikepdf
import pytest
from flask import Flask

from decisionaid.assets import BUILD
from decisionaid.i18n import LANGUAGES
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Staff
from decisionaid.web.pages import language_of_page
from tests.builders import Case, a_case
from tests.promises import telling
from tests.promises.onlookers import SEATS, addresses, ids_of, sit
from tests.turns import FULL
from tests.web.cases import frozen, signed
from tests.web.together_table import both_sign, paper, write
from tests.web.together_table import sit as sit_together

NAMED = ["rowan", "ellis", "re-0522", "maya", "osei"]
"""Whose case it is, and whose it is to look after."""

WORDS = [*telling.every_word(), *NAMED]
FOR_MACHINES = "public.health"
"""Asked by what watches over the program, and by no browser."""

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
NUMBERS = {"place", "number", "version"}
"""What an address of the client's seat may hold: which one, counted from 1."""


def speaks(case: Case, code: str) -> Case:
    """Both people of a case speak this language."""
    with case.database.writing() as db:
        db.get_one(Client, (case.service_id, case.client_id)).language = code
        for staff in db.query(Staff):
            staff.language = code
    return case


def outside(app: Flask, case: Case, seat: str) -> Iterator[tuple[str, str]]:
    """Each address of a seat, with what a bystander sees of it: its path, its title, the name of what it hands out."""
    asker = sit(app, case, seat)
    for address in addresses(app, "GET", **ids_of(case)):
        if address.endpoint != FOR_MACHINES:
            yield address.path, address.rule.rule
        response = asker.get(address.path)
        for title in TITLE.findall(response.text if response.mimetype == "text/html" else ""):
            yield address.path, title
        yield address.path, response.headers.get("Content-Disposition", "")


def found(app: Flask, case: Case, seat: str, among: list[str]) -> list[str]:
    return [f"{path}: {text}: {told}" for path, text in outside(app, case, seat) if (told := telling.told(text, among))]


CASES = {
    "open": lambda database: a_case(database).with_open_sorts(),
    "compared": lambda database: a_case(database).sorted_by_both().confirmed(),
    "signed": lambda database: signed(frozen(a_case(database, own_clock=True).sorted_by_both().confirmed())),
}


def moments() -> list[tuple[str, str]]:
    """Each state in each language; in ./test each state, and each language, once."""
    return list(product(CASES, LANGUAGES) if FULL else zip(CASES, LANGUAGES, strict=True))


@pytest.mark.in_turn(3)
@pytest.mark.promise("P08")
@pytest.mark.parametrize(("state", "code"), moments())
def test_no_title_address_or_name_of_a_file_tells(app: Flask, database: Database, state: str, code: str) -> None:
    case = speaks(CASES[state](database), code)
    for seat in ("anonymous", *SEATS):
        assert found(app, case, seat, WORDS) == []
    print(f"P08: {len(addresses(app, 'GET'))} addresses for {len(SEATS) + 1} seats, {len(WORDS)} telling words: 0 told")


@pytest.mark.promise("P08")
def test_a_telling_title_address_or_file_is_noticed(app: Flask, database: Database) -> None:
    case = CASES["signed"](database)
    assert any("/sign-in: Sign in" in each for each in found(app, case, "anonymous", ["sign in"]))
    assert any("/s/welcome: /s/welcome" in each for each in found(app, case, "client", ["welcome"]))
    assert any("/desk/: " in each for each in found(app, case, "keyworker", ["your clients"]))
    assert telling.told("Cyffuriau ac alcohol", telling.words("cy")) == ["alcohol", "cyffur"]


@pytest.mark.promise("P08")
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_error_pages_title_tells(app: Flask, code: str) -> None:
    names = [name for name in app.jinja_env.list_templates() if name.startswith("errors/")]
    assert len(names) > 10
    with app.test_request_context("/"):
        for name in names:
            values = {
                "typed": [],
                "action": "/",
                "reference": "x",
                "status": 404,
                **language_of_page(),
                "language": code,
            }
            title = TITLE.findall(app.jinja_env.get_template(name).render(**values))
            assert len(title) == 1
            assert telling.told(title[0], WORDS) == []


@pytest.mark.promise("P08")
def test_no_built_file_tells_by_its_name_and_the_icon_holds_no_word() -> None:
    names = [path.name for path in BUILD.iterdir()]
    assert [name for name in names if telling.told(re.sub(r"-[0-9A-Z]{8}\.", ".", name), WORDS)] == []
    icon = next(path for path in BUILD.glob("favicon-*.svg"))
    assert not re.search(r"<text|<title|<desc|>[^<\s]", icon.read_text()), icon.read_text()
    assert [name for name in names if telling.told(name, ["favicon"])], "control: no file's name was looked at"


@pytest.mark.promise("P08")
def test_an_address_of_the_clients_seat_holds_a_place_and_never_an_id(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("client.")]
    assert len(rules) > 20
    assert [rule.rule for rule in rules if rule.arguments - NUMBERS] == []
    assert [rule.rule for rule in rules if "<" in re.sub(r"<int:\w+>", "", rule.rule)] == []
    desk = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments - NUMBERS]
    assert desk, "control: no address at all holds an id"


def about(pdf: bytes) -> str:
    """What a file says of itself beside its pages."""
    file = pikepdf.open(io.BytesIO(pdf))
    return str(dict(file.docinfo.items())) + file.Root.Metadata.read_bytes().decode()


@pytest.mark.in_turn(3)
@pytest.mark.promise("P08")
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_plans_file_says_nothing_of_itself(app: Flask, database: Database, code: str) -> None:
    case = speaks(a_case(database).sorted_by_both().confirmed(), code)
    table = sit_together(app, case)
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    both_sign(table)
    said = about(paper(table))
    assert telling.told(said, WORDS) == []
    assert telling.told(said, ["plan-1-1"]), "control: what the file says of itself was not read"
