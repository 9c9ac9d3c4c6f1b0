"""The forms that stand on a page, as the page itself says: where each goes, how its fields begin, and what it held.

The hidden field `drawn` says it, once for each form.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, request
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField

from decisionaid.casework import drafts
from decisionaid.web import csrf
from decisionaid.web.forms import DayField, NeverKept, PlainForm, may_be_kept, tidy
from decisionaid.web.request import ABOUT

DRAWN, THEN = "drawn", "then"
"""What a page sends of itself: its forms, and where a press leads that only leads on."""

OF_THE_PAGE = {csrf.FIELD, DRAWN, THEN, ABOUT, "card", "do", "of", "outcome", "right"}
"""Names that a button sends, or the page: they are nothing that was typed."""

BESIDE = {"seen", "seen_version", "shown", "text_hash", "written_in"}
"""Fields beside the text: that they changed is no reason to save."""

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Part:
    """One form of a page. `key` is its address and what it is about, `digest` of what it held when it was drawn."""

    key: str
    prefix: str
    digest: str
    was_draft: bool

    @property
    def path(self) -> str:
        """Where the form goes."""
        return self.key.partition("#")[0]

    @property
    def about(self) -> str:
        """The id of what the form is about, where it says so."""
        return self.key.partition("#")[2]

    @property
    def draft_key(self) -> str:
        """The name of its draft: it goes with the thing, wherever that stands by now."""
        return drafts.key(self.path, self.about) if self.about else self.path

    def __str__(self) -> str:
        return f"{self.digest} {int(self.was_draft)} {self.prefix or '-'} {self.key}"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["drawn"] = drawn


def drawn(form: PlainForm) -> str:
    """What a page says of a form that stands on it."""
    prefix = str(form._prefix)
    held = form.without_draft or form
    return str(Part(form.key or request.path, prefix, digest(_held(held)), form.withheld is not None))


def sent_parts() -> list[Part]:
    """The forms of the page that this request comes from."""
    read = (said.split(" ", 3) for said in request.form.getlist(DRAWN))
    whole = (said for said in read if len(said) == len(Part.__dataclass_fields__))
    return [Part(key, "" if prefix == "-" else prefix, held, flag == "1") for held, flag, prefix, key in whole]


def fields_of(part: Part) -> dict[str, list[str]]:
    """The fields of one form of the page as they were sent, without what is never kept."""
    others = tuple(other.prefix for other in sent_parts() if other.prefix)
    names = may_be_kept(request.form.keys()) - OF_THE_PAGE
    mine = {name for name in names if (name.startswith(part.prefix) if part.prefix else not name.startswith(others))}
    return {name: values for name, values in request.form.lists() if name in mine}


def is_changed(part: Part) -> bool:
    """Whether it was changed since the page was drawn."""
    return digest(fields_of(part)) != part.digest


def split() -> dict[str, dict[str, list[str]]]:
    """What was changed on the page, by form; nothing where the page says nothing of its forms."""
    return {part.draft_key: fields_of(part) for part in sent_parts() if is_changed(part)}


def digest(fields: Fields) -> str:
    """A hash of what was typed and chosen (SHA-256, 16 hex digits), the same however a browser ends its lines."""
    text = {name: [each for each in map(tidy, values) if each] for name, values in fields.items()}
    told = sorted((name, values) for name, values in text.items() if values and name.rpartition("-")[2] not in BESIDE)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _held(form: PlainForm) -> Fields:
    """What a browser sends of a form that nobody touched."""
    found: dict[str, list[str]] = {}
    for field in form:
        if isinstance(field, DayField):
            found |= {f"{field.name}-{part}": [value] for part, value in field.parts.items()}
        elif not isinstance(field, NeverKept) and field.name not in OF_THE_PAGE:
            found[field.name] = _values(field)
    return found


def _values(field: Field) -> list[str]:
    if isinstance(field, RadioField | SelectField | SelectMultipleField):
        return [str(option.data) for option in cast(Any, field) if option.checked]
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    return [] if field.data is None else [str(field.data)]
