"""Every form of the program as a browser would send it: found on the pages of its seat, and filled in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException

from decisionaid.storage.database import Database
from tests.builders import PASSWORD, PIN, Case, a_case
from tests.police import Police, own_fields, parsed
from tests.promises.onlookers import addresses, ids_of, sit
from tests.web.together_table import both_sign, write

FILLED = {
    "login": "someone.new",
    "reference": "NEW-1",
    "name": "Someone",
    "number_1": "01632 960111",
    "telephone": "01632 960112",
    "pin": PIN,
    "pin_again": "864209",
    "current": PASSWORD,
    "password": "another long password",
    "password_again": "another long password",
    "reason": "Because that is what we agreed on today",
    "nation": "wales",
}
"""What is typed into a box by its name; any other gets some words."""


@dataclass(frozen=True)
class Drawn:
    """A form as it stands on a page: who sees it, where it goes, what it sends."""

    seat: str
    endpoint: str
    page: str
    path: str
    data: dict[str, Any]


MOMENTS: dict[str, tuple[Callable[[Case], Case], tuple[str, ...]]] = {
    "no round": (lambda case: case, ("keyworker", "admin")),
    "round open": (lambda case: case.with_round(), ("client", "keyworker")),
    "sorting": (lambda case: case.with_open_sorts(), ("client", "keyworker")),
    "keyworker finished": (lambda case: case.with_open_sorts().sorted_by_keyworker(), ("keyworker",)),
    "both finished": (lambda case: case.sorted_by_both(), ("client", "together")),
    "met": (lambda case: case.sorted_by_both().confirmed(), ("together", "keyworker")),
    "frozen": (lambda case: case.sorted_by_both().confirmed(), ("together",)),
    "signed": (lambda case: case.sorted_by_both().confirmed(), ("together", "keyworker")),
}
"""Moments of a round, and who sits down at each."""


def at(app: Flask, database: Database, moment: str, **who: Any) -> Case:
    """A case at this moment; where there is a plan, it is a full one."""
    case = MOMENTS[moment][0](a_case(database, **who))
    if moment in ("met", "frozen", "signed"):
        plan_with_all(app, case)
    if moment == "frozen":
        write(sit(app, case, "together"), "/together/preview", to="/together/freeze")
    if moment == "signed":
        both_sign(sit(app, case, "together"))
    return case


def plan_with_all(app: Flask, case: Case) -> None:
    """A plan with two goals, each with two steps, and two risks."""
    table = sit(app, case, "together")
    for title in ("Walk more", "Sleep better"):
        write(table, "/together/goals", {"title": title})
    on = datetime.now(UTC).date() + timedelta(days=9)
    date = {f"step-by_when-{part}": str(getattr(on, part)) for part in ("day", "month", "year")}
    for number, what in ((1, "Ring the gym"), (1, "Buy shoes"), (2, "No telephone in bed"), (2, "Read")):
        step = {"step-what": what, "step-who": "Rowan", **date}
        write(table, f"/together/goal/{number}", step, to=f"/together/goal/{number}/action")
    for risk in ("Rain", "Old friends"):
        write(table, "/together/safe", {"risk-risk": risk, "risk-reduces": "A coat"}, to="/together/safe/risk")


def forms(app: Flask, case: Case, seat: str, asker: Police | None = None, *, fill: bool = True) -> Iterator[Drawn]:
    """Every form on every page of this seat, as it is drawn now for this browser, or for a new one."""
    asker = asker or sit(app, case, seat)
    for address in addresses(app, "GET", **ids_of(case)):
        if not address.endpoint.startswith(f"{seat}.") or address.path.endswith((".pdf", ".js")):
            continue
        answer = asker.get(address.path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield from on_page(app, seat, address.path, parsed(answer), fill=fill)


def on_page(
    app: Flask, seat: str, path: str, page: BeautifulSoup, *, fill: bool = True, whole: bool = False
) -> Iterator[Drawn]:
    """The forms of a page, filled in or as they stand; one for each button.

    What the page says of its other forms is sent along only where it is asked for: then a press keeps all of the page.
    """
    for form in page.find_all("form", method="post"):
        for to, button in _ways(page, form):
            data: dict[str, Any] = {**(filled(form) if fill else held(form)), **button}
            parts = [str(box["value"]) for box in form.select("[name=drawn]")]
            data.pop("drawn", None)
            yield Drawn(seat, endpoint_of(app, to), path, to, data | ({"drawn": parts} if whole and parts else {}))


def endpoint_of(app: Flask, path: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(path, method="POST")[0])
    except HTTPException:
        return ""


def again(app: Flask, asker: Police, drawn: Drawn, *, whole: bool = False) -> Drawn | None:
    """The same form, drawn afresh for this browser."""
    page = parsed(asker.get(drawn.page, follow_redirects=True))
    same = (each for each in on_page(app, drawn.seat, drawn.page, page, whole=whole) if each.path == drawn.path)
    names = set(drawn.data) - {"drawn"}
    return next((each for each in same if set(each.data) - {"drawn"} == names), None)


def held(form: Tag) -> dict[str, str]:
    """What a browser sends of a form in which nobody changed anything."""
    data = {str(area["name"]): area.get_text().removeprefix("\n") for area in form.find_all("textarea")}
    for box in form.find_all("input"):
        if box.get("name") and (box.get("type") not in ("radio", "checkbox") or box.has_attr("checked")):
            data[str(box["name"])] = str(box.get("value", ""))
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True) or select.find("option")
        data[str(select["name"])] = str(chosen.get("value", "")) if chosen else ""
    return data


def filled(form: Tag) -> dict[str, str]:
    """What a browser sends of a form in which every box was filled in."""
    data: dict[str, str] = {}
    for box in form.find_all(["input", "textarea", "select"]):
        name = str(box.get("name") or "")
        if name and (box.name != "input" or box.get("type") not in ("submit", "checkbox")):
            _fill(data, name, box)
    return data


def _fill(data: dict[str, str], name: str, box: Tag) -> None:
    kind = "select" if box.name == "select" else "textarea" if box.name == "textarea" else str(box.get("type", "text"))
    held = box.get_text().removeprefix("\n") if kind == "textarea" else str(box.get("value", ""))
    if kind == "radio":
        data.setdefault(name, held)
    elif kind == "hidden":
        data[name] = held
    elif kind == "select":
        values = [str(option.get("value")) for option in box.find_all("option") if option.get("value")]
        data[name] = FILLED.get(name, values[-1] if values else "")
    else:
        data[name] = _typed(name) or held or "Some words of ours"


def _typed(name: str) -> str:
    stem, _, part = name.rpartition("-")
    on = datetime.now(UTC).date() + timedelta(days=90 if stem == "review" else 16)
    if part in ("day", "month", "year"):
        return str(getattr(on, part))
    return FILLED.get(part, "")


def _ways(page: BeautifulSoup, form: Tag) -> list[tuple[str, dict[str, str]]]:
    """Where each button of the form sends it, and what it adds; one that has no name adds nothing."""
    own = form.find_all("button") + (page.find_all("button", attrs={"form": form["id"]}) if form.get("id") else [])
    action = str(form["action"])
    ways = [(str(b.get("formaction", action)), own_fields(b)) for b in own if b.get("type") != "button"]
    found = [(to.split("?")[0], adds) for to, adds in ways or [(action, {})]]
    return [way for number, way in enumerate(found) if way not in found[:number]]
