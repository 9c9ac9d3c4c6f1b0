"""Our macros say what those of the NHS design system say, whose patterns were tried with people.

Both are given the same field in the same state (plain, with a hint, with an error, with both), and then compared is
what reaches somebody who listens: each control with its kind, name, value and label, what describes it and in which
order, the group it stands in, and all words in the order in which they are read. Looks and class names are ours.

Ours differ in this: a control with an error says so itself (aria-invalid), a link that looks like a button stays a
link, a day that is years away has a box to tick, how much room is left in a text is said when it changes and not at
each visit, and of an error summary the alert itself takes the focus. Left out, as theirs have no like: the big answers,
the ruler and the single box to tick.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from jinja2 import ChainableUndefined, Environment, PackageLoader
from wtforms import Field, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are older than it

from decisionaid.storage.database import Database
from decisionaid.web.forms import DayField, PlainForm, SecretField, TitleField, WordsField
from tests.builders import a_service

LABEL, HINT, ERROR = "What is it?", "A few words will do.", "Write what it is."
ITEMS = [
    {"id": "what", "value": "one", "text": "The first"},
    {"id": "what-1", "value": "two", "text": "The second"},
]
CHOICES = [SelectChoice(value=item["value"], label=item["text"]) for item in ITEMS]
DAY = date(2026, 8, 27)
DAY_ITEMS = [
    {"id": "what", "name": "what-day", "label": "Day", "value": "27"},
    {"id": "what-month", "name": "what-month", "label": "Month", "value": "8"},
    {"id": "what-year", "name": "what-year", "label": "Year", "value": "2026"},
]
GROUP = {"fieldset": {"legend": {"text": LABEL}}, "idPrefix": "what"}


@dataclass(frozen=True)
class Twin:
    """A field, our macro for it with what it is given, and their component with its parameters."""

    field: Callable[..., Any]
    data: Any
    macro: str
    component: str
    theirs: dict[str, Any]


def choosing(kind: Callable[..., Field]) -> Callable[..., Any]:
    return lambda **said: kind(**said, choices=CHOICES)


TWINS = {
    "text": Twin(TitleField, "Sleep", "text_input(field)", "input", {"label": LABEL, "value": "Sleep"}),
    "telephone": Twin(
        TitleField,
        "01632",
        "text_input(field, type='tel', autocomplete='tel', inputmode='tel')",
        "input",
        {"label": LABEL, "value": "01632", "type": "tel", "autocomplete": "tel", "inputmode": "tel"},
    ),
    "password": Twin(
        SecretField, None, "text_input(field, type='password')", "input", {"label": LABEL, "type": "password"}
    ),
    "words": Twin(WordsField, "Nights", "textarea(field)", "textarea", {"label": LABEL, "value": "Nights"}),
    "select": Twin(
        choosing(SelectField), "two", "select(field)", "select", {"label": LABEL, "items": ITEMS, "value": "two"}
    ),
    "radios": Twin(choosing(RadioField), "two", "radios(field)", "radios", {**GROUP, "items": ITEMS, "value": "two"}),
    "checkboxes": Twin(
        choosing(SelectMultipleField),
        ["two"],
        "checkboxes(field)",
        "checkboxes",
        {**GROUP, "items": ITEMS, "values": ["two"]},
    ),
    "date": Twin(DayField, DAY, "date_input(field)", "date-input", {**GROUP, "id": "what", "items": DAY_ITEMS}),
}
"""Each kind of field that both have."""
STATES = {"plain": ("", ""), "hint": (HINT, ""), "error": ("", ERROR), "both": (HINT, ERROR)}

THEIRS = Environment(loader=PackageLoader("nhsuk_frontend_jinja"), undefined=ChainableUndefined, autoescape=True)


@pytest.fixture(autouse=True)
def service(database: Database) -> None:
    """The days of a service decide whether one is years away."""
    a_service(database)


def ours(app: Flask, call: str, file: str = "forms", **given: Any) -> str:
    """What a macro of ours makes; `call` as a template would write it."""
    source = f'{{% from "components/{file}.html" import {call.partition("(")[0]} %}}{{{{ {call} }}}}'
    with app.test_request_context():
        return app.jinja_env.from_string(source).render(**given)


def theirs(component: str, params: dict[str, Any]) -> str:
    """What a macro of theirs makes."""
    name = re.sub(r"-(\w)", lambda letter: letter[1].upper(), component)
    source = f'{{% from "nhsuk/components/{component}/macro.jinja" import {name} %}}{{{{ {name}(params) }}}}'
    return THEIRS.from_string(source).render(params=params)


def pair(app: Flask, twin: Twin, hint: str, error: str) -> tuple[str, str]:
    """The same field, as ours and as theirs."""

    class Example(PlainForm):
        what = twin.field(label=LABEL, description=hint)

    with app.test_request_context():
        form = Example(formdata=None, data={"what": twin.data})
        form.what.errors = [error] if error else []
        mine = ours(app, twin.macro, field=form.what)
    said = {"hint": {"text": hint}} if hint else {}
    said |= {"errorMessage": {"text": error}} if error else {}
    return mine, theirs(twin.component, {"name": "what", "id": "what", **twin.theirs, **said})


def words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def heard(html: str) -> list[object]:
    """What reaches somebody who listens, and who moves through the fields one by one."""
    page = BeautifulSoup(html, "html.parser")
    return [words(page), *(_control(page, control) for control in page.select("input, textarea, select"))]


def _control(page: BeautifulSoup, control: Tag) -> dict[str, object]:
    group = control.find_parent("fieldset")
    kept = ("id", "name", "type", "value", "inputmode")
    return {
        "control": control.name,
        **{name: control.get(name) or "" for name in kept},
        # Ours says "off" where theirs says nothing: on a tablet that changes hands nothing typed is offered again.
        "autocomplete": str(control.get("autocomplete") or "").removeprefix("off"),
        "on": control.has_attr("checked"),
        "options": [
            (option["value"], words(option), option.has_attr("selected")) for option in control.select("option")
        ],
        "label": [words(label) for label in page.select("label") if label.get("for") == control["id"]],
        "described": _described(page, control),
        "group": (words(group.legend), _described(page, group), group.get("role")) if group else None,
    }


def _described(page: BeautifulSoup, tag: Tag) -> list[str]:
    return [words(page.find(id=id)) for id in str(tag.get("aria-describedby") or "").split()]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", TWINS)
def test_a_field_says_the_same(app: Flask, kind: str, state: str) -> None:
    mine, other = pair(app, TWINS[kind], *STATES[state])
    assert heard(mine) == heard(other)


def landmarks(html: str) -> list[tuple[str, ...]]:
    """Whatever is not a field: what each part is, where it leads or what it sends, and its words."""
    page = BeautifulSoup(html, "html.parser")
    kept = ("role", "href", "type", "name", "value", "scope")
    # Parts that are there for looks alone say nothing.
    parts = page.select("[role=alert], h2, li, a, button, details, summary, table, caption, th, td")
    return [(part.name, *(str(part.get(name) or "") for name in kept), words(part)) for part in parts]


def test_an_error_summary_says_the_same(app: Flask) -> None:
    class Example(PlainForm):
        what, when = TitleField(LABEL), DayField("When?")

    with app.test_request_context():
        form = Example(formdata=None)
        form.what.errors, form.when.errors = [ERROR], ["Write a day."]
        mine = ours(app, "error_summary(form)", form=form)
    links = [{"href": "#what", "text": ERROR}, {"href": "#when", "text": "Write a day."}]
    other = theirs("error-summary", {"heading": "There are 2 things to put right", "errorList": links})
    assert landmarks(mine) == landmarks(other)


@pytest.mark.parametrize(
    ("call", "component", "params"),
    [
        ("button('Continue')", "button", {"text": "Continue", "type": "submit"}),
        (
            "button('Continue', name='go', value='next', type='button')",
            "button",
            {"text": "Continue", "name": "go", "value": "next", "type": "button"},
        ),
        ("back_link('Back', '/s/')", "back-link", {"text": "Back", "href": "/s/"}),
    ],
)
def test_what_is_pressed_says_the_same(app: Flask, call: str, component: str, params: dict[str, Any]) -> None:
    assert landmarks(ours(app, call, "buttons")) == landmarks(theirs(component, params))


@pytest.mark.parametrize("is_open", [False, True])
def test_details_say_the_same(app: Flask, is_open: bool) -> None:
    source = '{% from "components/page.html" import details %}{% call details("More", open) %}It is here.{% endcall %}'
    with app.test_request_context():
        mine = app.jinja_env.from_string(source).render(open=is_open)
    other = theirs("details", {"summary": "More", "text": "It is here.", "open": is_open})
    assert landmarks(mine) == landmarks(other)
    assert [" open" in re.findall("<details[^>]*>", html)[0] for html in (mine, other)] == [is_open] * 2


BREAKS = {
    "no label for it": (' for="what"', ""),
    "nothing describes it": ("aria-describedby", "data-described"),
    "the error before the hint": ("what-hint what-error", "what-error what-hint"),
    "a message that says not that it is an error": ("Error:", ""),
    "another kind of box": ('type="text"', 'type="number"'),
    "another name": ('name="what"', 'name="that"'),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_control_a_field_that_says_less_is_noticed(app: Flask, broken: str) -> None:
    mine, other = pair(app, TWINS["text"], HINT, ERROR)
    assert BREAKS[broken][0] in mine
    assert heard(mine.replace(*BREAKS[broken])) != heard(other)


def test_control_a_summary_that_leads_nowhere_is_noticed() -> None:
    other = theirs("error-summary", {"heading": "One thing", "errorList": [{"href": "#what", "text": ERROR}]})
    for broken in (("href", "data-href"), ('role="alert"', ""), ("<h2", "<p")):
        assert landmarks(other.replace(*broken)) != landmarks(other)
