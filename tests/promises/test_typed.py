"""What is typed on a page of together or of the desk is found there again: every form of the program is tried."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from decisionaid.storage.database import Database
from decisionaid.web import page_parts
from tests.police import Police, parsed
from tests.promises import every_form
from tests.promises.every_form import endpoint_of, held
from tests.promises.onlookers import addresses, ids_of, sit

TYPED = {"X-Acknowledge": "1", "X-Typed": "1"}
MOMENTS = [
    ("no round", "keyworker"),
    ("no round", "admin"),
    ("round open", "keyworker"),
    ("met", "keyworker"),
    ("sorting", "keyworker"),
]
MOMENTS += [("met", "together"), ("frozen", "together"), ("both finished", "together")]
NOT_KEPT = {
    "keyworker.set_password",
    "keyworker.set_pin",
    "admin.set_password",
    "admin.set_pin",
    "keyworker.sort_keep_question",
    "keyworker.sort_keep_card_question",
}
"""Forms of secrets alone; and a question in the keyworker's own sort, which its button keeps, as for the client."""
OTHERWISE = {"password", "hidden", "radio", "checkbox", "submit", "search", "number"}
"""Types of boxes into which no words are typed."""


@dataclass(frozen=True)
class Typed:
    """A form with boxes for words: on which page it stands, where it goes, and the names of the boxes."""

    page: str
    endpoint: str
    action: str
    names: tuple[str, ...]
    data: dict[str, object]
    saves_itself: bool


def boxes(form: Tag) -> tuple[str, ...]:
    """The names of the boxes for words."""
    found = [str(area["name"]) for area in form.find_all("textarea")]
    for box in form.find_all("input"):
        name = str(box.get("name") or "")
        is_day = name.rpartition("-")[2] in ("day", "month", "year")
        if name and not is_day and str(box.get("type", "text")) not in OTHERWISE and not box.has_attr("data-secret"):
            found.append(name)
    return tuple(found)


def forms(app: Flask, asker: Police, seat: str, ids: dict[str, str]) -> Iterator[Typed]:
    """Every form of this seat that takes words."""
    for address in addresses(app, "GET", **ids):
        if not address.endpoint.startswith(f"{seat}.") or address.path.endswith((".pdf", ".js")):
            continue
        answer = asker.get(address.path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for form in parsed(answer).select("main form[method=post]"):
            if names := boxes(form):
                action = str(form["action"])
                drawn = [str(box["value"]) for box in form.select("[name=drawn]")]
                data: dict[str, object] = {**held(form), "drawn": drawn}
                endpoint = endpoint_of(app, action)
                yield Typed(address.path, endpoint, action, names, data, form.has_attr("data-typed"))


def values(page: BeautifulSoup) -> set[str]:
    """What stands in the boxes of a page."""
    areas = {area.get_text().removeprefix("\n") for area in page.find_all("textarea")}
    return areas | {str(box.get("value", "")) for box in page.find_all("input")}


def lost(app: Flask, database: Database, moment: str, seat: str) -> tuple[list[str], int]:
    """Words that were typed and are not found on their page again; and in how many boxes words were typed."""
    case = every_form.at(app, database, moment)
    asker = sit(app, case, seat)
    gone, count = [], 0
    for form in list(forms(app, asker, seat, ids_of(case))):
        if form.endpoint in NOT_KEPT:
            continue
        words = {name: f"Thistledown {number}" for number, name in enumerate(form.names)}
        answer = asker.post(form.action, data={**form.data, **words}, headers=TYPED)
        assert answer.status_code in (204, 422), (form.page, form.action, answer.status_code)
        there = values(parsed(asker.get(form.page, follow_redirects=True)))
        gone += [f"{form.page} {name}" for name, word in words.items() if word not in there]
        count += len(words)
    return gone, count


@pytest.mark.in_turn(2)
@pytest.mark.parametrize(("moment", "seat"), MOMENTS)
def test_every_form_with_boxes_for_words_saves_as_they_are_typed(
    app: Flask, database: Database, moment: str, seat: str
) -> None:
    case = every_form.at(app, database, moment)
    found = list(forms(app, sit(app, case, seat), seat, ids_of(case)))
    assert [form for form in found if not form.saves_itself and form.endpoint not in NOT_KEPT] == []


@pytest.mark.in_turn(2)
@pytest.mark.parametrize(("moment", "seat"), MOMENTS)
def test_what_is_typed_is_found_on_its_page_again(app: Flask, database: Database, moment: str, seat: str) -> None:
    gone, count = lost(app, database, moment, seat)
    assert gone == []
    print(f"{moment}, {seat}: words typed into {count} boxes, 0 lost")


@pytest.mark.parametrize(("moment", "seat"), [("no round", "admin"), ("met", "together")])
def test_control_without_what_a_page_says_of_its_forms_words_are_lost(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, moment: str, seat: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(page_parts, "sent_parts", list)
        gone, count = lost(app, database, moment, seat)
    assert len(gone) == count > 5
